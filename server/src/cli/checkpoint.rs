//! `ruhu checkpoint` – a signed statement of what the log is. Printed or written to a file that is kept elsewhere; with
//! `--check`, an earlier one is held against the log as it is now.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::CliError;
use crate::storage::Hub;

/// What to do with the statement.
#[derive(Debug, Args)]
pub struct CheckpointArgs {
    /// 写入文件 / write it here, for safe-keeping elsewhere; printed when left out.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// 核对以前的检查点 / hold an earlier statement against the log.
    #[arg(long, conflicts_with = "out")]
    pub check: Option<PathBuf>,
}

pub(super) fn run(args: &CheckpointArgs, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    if let Some(path) = &args.check {
        let file = std::fs::read(path).map_err(|source| CliError::File { path: path.clone(), source })?;
        let stated = hub.check_statement(&file)?;
        writeln!(
            out,
            "相符:日志第 1–{0} 条与检查点 {1} 一致 / holds: entries 1 to {0} are those of checkpoint {1}",
            stated.position, stated.nr
        )?;
        return Ok(());
    }
    let Some(stated) = hub.checkpoint()? else {
        writeln!(out, "尚无记录,不需检查点 / nothing is recorded yet: no checkpoint is needed")?;
        return Ok(());
    };
    let line = serde_json::to_string(&stated).map_err(std::io::Error::from)?;
    match &args.out {
        Some(path) => {
            std::fs::write(path, format!("{line}\n"))
                .map_err(|source| CliError::File { path: path.clone(), source })?;
            writeln!(
                out,
                "检查点 {} 已写入 {},请存于本机之外 / checkpoint {} is in {}: keep it away from this machine",
                stated.nr,
                path.display(),
                stated.nr,
                path.display()
            )?;
        }
        None => writeln!(out, "{line}")?,
    }
    Ok(())
}
