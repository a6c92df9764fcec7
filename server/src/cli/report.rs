//! `ruhu report` – the coverage report as text, JSON or workbook, and the check of a file that came back.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use ruhu_core::time::Period;

use super::{CliError, find};
use crate::report::closing::Wanted;
use crate::report::coverage::{book, period_words};
use crate::report::{SignedReport, seal, text};
use crate::storage::Hub;
use crate::storage::log::Pos;

/// 报表.
#[derive(Debug, Subcommand)]
pub enum Report {
    /// 入户走访统计表 / the coverage report of a quarter or month.
    Coverage(Coverage),
    /// 核验报表文件 / is this .json or .xlsx what the hub signed?
    Verify {
        /// 文件 / the file.
        file: PathBuf,
    },
}

/// Which report, and how.
#[derive(Debug, Args)]
pub struct Coverage {
    /// 期间 / the period: 2026Q3 or 2026-09.
    #[arg(long)]
    pub period: Period,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
    /// 网格(可多次)/ only these grids; may be given several times.
    #[arg(long)]
    pub grid: Vec<String>,
    /// 日志位置 / as it was when the log ended there.
    #[arg(long, value_name = "POSITION")]
    pub as_of: Option<i64>,
    /// 存为 Excel / write a workbook; a folder gets the usual file name.
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
    /// 输出 JSON / print the signed document instead of text.
    #[arg(long)]
    pub json: bool,
}

pub(super) fn run(command: &Report, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        Report::Coverage(args) => coverage(args, hub, out),
        Report::Verify { file } => verify(file, hub, out),
    }
}

fn coverage(args: &Coverage, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    let grids = args.grid.iter().map(|name| find::grid(&file, name)).collect::<Result<_, _>>()?;
    let wanted = Wanted { grids, position: args.as_of.map(Pos) };
    let signed = hub.report(community, args.period, &wanted)?;
    let book = book(&signed);
    if let Some(path) = &args.xlsx {
        let path = if path.is_dir() { path.join(format!("{}.xlsx", book.file_stem())) } else { path.clone() };
        let bytes = signed.to_xlsx()?;
        std::fs::write(&path, bytes).map_err(|source| CliError::File { path: path.clone(), source })?;
        writeln!(out, "已写入 / written: {}", path.display())?;
    }
    if args.json {
        out.write_all(&signed.to_json())?;
    } else if args.xlsx.is_none() {
        out.write_all(text::render(&book).as_bytes())?;
    }
    Ok(())
}

fn verify(path: &Path, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let bytes = std::fs::read(path).map_err(|source| CliError::File { path: path.to_owned(), source })?;
    let keys: Vec<String> = hub.all_keys()?.iter().map(|key| seal::hex(&key.to_bytes())).collect();
    let signed = SignedReport::verify(&bytes, &keys)?;
    let report = &signed.report;
    writeln!(out, "与签名一致 / as it was signed: {}", path.display())?;
    writeln!(out, "{} {}", report.community.name, period_words(report.period))?;
    writeln!(out, "{};{}", report.total.identity(), report.log.shown())?;
    if !signed.amendments.is_empty() {
        writeln!(
            out,
            "更正 {} 条,首尾相连 / {} amendments, linked",
            signed.amendments.len(),
            signed.amendments.len()
        )?;
    }
    Ok(())
}
