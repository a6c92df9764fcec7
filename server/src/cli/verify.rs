//! `ruhu verify` – is everything as it was written? Exit code ≠ 0 when it is not.

use std::io::Write;

use clap::Args;

use super::CliError;
use crate::storage::Hub;

/// No options: everything is verified.
#[derive(Debug, Args)]
pub struct Verify {}

pub(super) fn run(_: &Verify, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let report = hub.verify()?;
    for fault in &report.faults {
        writeln!(out, "{fault}")?;
    }
    writeln!(
        out,
        "已核验:日志 {0} 条,流 {1} 个,户室 {2} 个 / verified: {0} entries, {1} streams, {2} units",
        report.entries, report.streams, report.units
    )?;
    if 0 < report.erased {
        writeln!(
            out,
            "其中 {0} 条的内容已按决定删除,签名和链完好 / {0} of them lost their content by decision; signatures and chains hold",
            report.erased
        )?;
    }
    if report.found == 0 {
        writeln!(out, "全部相符 / everything is as it was written")?;
        return Ok(());
    }
    Err(CliError::Faulty { found: report.found })
}
