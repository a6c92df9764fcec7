//! `ruhu import` – a roster from a spreadsheet: a dry run unless `--commit` says otherwise, and a way back.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use ruhu_core::ids::ImportId;
use serde::Serialize;

use super::{CliError, find};
use crate::access::command_line;
use crate::import::columns::{ColumnsError, HandMap};
use crate::import::commit::{CommitError, Preview};
use crate::import::finding::{Code, Finding, Severity};
use crate::import::roster::Counts;
use crate::storage::Hub;

/// Findings printed unless all are asked for.
const SHOWN: usize = 40;

/// What to import, or to take back.
#[derive(Debug, Args)]
pub struct Import {
    /// 名册文件(xlsx、xls、csv)/ the roster: xlsx, xls, or csv in UTF-8 or GB18030.
    #[arg(required_unless_present_any = ["undo", "list"])]
    pub file: Option<PathBuf>,
    /// 写入;不写则只试读 / write it; without this it is a dry run.
    #[arg(long, requires = "file")]
    pub commit: bool,
    /// 手工对应列,例如 --map "B=姓名",下次自动沿用 / a column by hand, remembered for this sheet.
    #[arg(long = "map", value_name = "COLUMN=MEANING")]
    pub maps: Vec<String>,
    /// 名册未写网格的户归入此网格 / the grid of doors for which the roster names none.
    #[arg(long)]
    pub grid: Option<String>,
    /// 列出全部事项 / print every finding.
    #[arg(long)]
    pub all: bool,
    /// 输出 JSON / print JSON.
    #[arg(long)]
    pub json: bool,
    /// 撤销导入:最近一次,或给出编号 / take an import back: the last one, or the one named.
    #[arg(long, value_name = "ID", num_args = 0..=1, conflicts_with = "file")]
    pub undo: Option<Option<ImportId>>,
    /// 列出历次导入 / list the imports.
    #[arg(long, conflicts_with = "file")]
    pub list: bool,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// The dry run as JSON.
#[derive(Serialize)]
struct Shown<'a> {
    committed: bool,
    counts: &'a Counts,
    tables: &'a [crate::import::roster::ReadTable],
    findings: &'a [Finding],
    new_grids: &'a [String],
    doors: usize,
    doors_unchanged: u32,
    households: usize,
    households_unchanged: u32,
    missing: usize,
}

pub(super) fn run(args: &Import, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    if args.list {
        for batch in hub.storage().read(|tx| tx.import_lines(community))? {
            let at = chrono::DateTime::from_timestamp_millis(batch.made_ms).unwrap_or_default();
            let undone = if batch.undone_ms.is_some() { " 已撤销 undone" } else { "" };
            let file = batch.file.unwrap_or_default();
            writeln!(out, "{} {}{undone} {file} {}", batch.id, at.format("%Y-%m-%d %H:%M"), batch.report)?;
        }
        return Ok(());
    }
    if let Some(wanted) = args.undo {
        let undone = hub.undo_import(command_line(), community, wanted)?;
        writeln!(out, "已撤销:{} 户室退出名册,{} 个字段恢复原值", undone.units, undone.fields)?;
        writeln!(out, "Undone: {} units withdrawn, {} fields put back", undone.units, undone.fields)?;
        if !undone.kept.is_empty() {
            writeln!(
                out,
                "其后已有走访或修改的 {} 户保留 / {} households stay: somebody worked on them since",
                undone.kept.len(),
                undone.kept.len()
            )?;
        }
        return Ok(());
    }
    let Some(path) = &args.file else { return Ok(()) };
    let bytes = std::fs::read(path).map_err(|source| CliError::File { path: path.clone(), source })?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let hand = HandMap::parse(&args.maps).map_err(|why: ColumnsError| CommitError::Import(why.into()))?;
    let default_grid = args.grid.as_deref().map(|grid| find::grid(&file, grid)).transpose()?;
    let preview = hub.preview_import(community, &name, &bytes, hand)?;
    if args.json {
        show_json(args.commit, &preview, out)?;
    } else {
        show(args, &preview, out)?;
    }
    if !args.commit {
        if !args.json {
            writeln!(
                out,
                "\n以上为试读,未写入任何内容;核对后加 --commit 写入\nThis was a dry run, nothing was written; add --commit to write it"
            )?;
        }
        return Ok(());
    }
    let done = hub.commit_import(command_line(), preview, default_grid)?;
    if !args.json {
        writeln!(out, "\n已写入 {} 个户室,新建网格 {} 个,导入编号 {}", done.units, done.grids, done.import)?;
        writeln!(
            out,
            "Written: {} units, {} new grids; import {} (`ruhu import --undo` takes it back)",
            done.units, done.grids, done.import
        )?;
    }
    Ok(())
}

fn show_json(committed: bool, preview: &Preview, out: &mut dyn Write) -> Result<(), CliError> {
    let shown = Shown {
        committed,
        counts: &preview.read.counts,
        tables: &preview.read.tables,
        findings: &preview.read.findings,
        new_grids: &preview.new_grids,
        doors: preview.plan.doors.len(),
        doors_unchanged: preview.plan.doors_unchanged,
        households: preview.plan.households.len(),
        households_unchanged: preview.plan.households_unchanged,
        missing: preview.plan.missing.len(),
    };
    let text = serde_json::to_string_pretty(&shown).map_err(CommitError::Memory)?;
    Ok(writeln!(out, "{text}")?)
}

fn show(args: &Import, preview: &Preview, out: &mut dyn Write) -> Result<(), CliError> {
    for table in &preview.read.tables {
        writeln!(out, "表头 / headings: {}", table.place)?;
        for column in &table.columns {
            let meaning = column
                .meaning
                .map_or_else(|| "(未识别 / not understood)".to_owned(), |one| one.word().to_owned());
            writeln!(out, "  {:>3}  {} → {meaning}  例 {}", column.letters(), column.heading, column.sample)?;
        }
    }
    let counts = &preview.read.counts;
    writeln!(
        out,
        "\n户室 {} · 户 {} · 人 {} · 空户 {} · 重点户 {} · 出租 {} · 有上次走访日期 {}",
        counts.dwellings,
        counts.households,
        counts.persons,
        counts.vacant,
        counts.key_households,
        counts.rented,
        counts.with_last_visit
    )?;
    writeln!(
        out,
        "doors {} · households {} · people {} · vacant {} · key {} · rented {} · with last visit {}",
        counts.dwellings,
        counts.households,
        counts.persons,
        counts.vacant,
        counts.key_households,
        counts.rented,
        counts.with_last_visit
    )?;
    for (grid, doors) in &counts.per_grid {
        let name = if grid.is_empty() { "(无网格 / no grid)" } else { grid };
        let new = if preview.new_grids.contains(grid) { "(新 / new)" } else { "" };
        writeln!(out, "  {name}{new}: {doors}")?;
    }
    let plan = &preview.plan;
    writeln!(
        out,
        "\n与上次相比:户室 变 {} 同 {},户 变 {} 同 {},本次未提到 {} 项(不会删除)",
        plan.doors.len(),
        plan.doors_unchanged,
        plan.households.len(),
        plan.households_unchanged,
        plan.missing.len()
    )?;
    writeln!(
        out,
        "Against the last import: doors {} changed {} same, households {} changed {} same, {} named no longer (never deleted)",
        plan.doors.len(),
        plan.doors_unchanged,
        plan.households.len(),
        plan.households_unchanged,
        plan.missing.len()
    )?;
    show_findings(args, &preview.read.findings, out)
}

fn show_findings(args: &Import, findings: &[Finding], out: &mut dyn Write) -> Result<(), CliError> {
    let of = |severity: Severity| findings.iter().filter(move |finding| finding.severity() == severity);
    writeln!(
        out,
        "\n事项:未读 {},待核 {},说明 {} / findings: {} not taken, {} to check, {} notes",
        of(Severity::Unread).count(),
        of(Severity::Check).count(),
        of(Severity::Note).count(),
        of(Severity::Unread).count(),
        of(Severity::Check).count(),
        of(Severity::Note).count()
    )?;
    // What was not taken comes first: it is what somebody has to do something about.
    let in_order = of(Severity::Unread).chain(of(Severity::Check)).chain(of(Severity::Note));
    let shown = if args.all { findings.len() } else { SHOWN };
    for finding in in_order.take(shown) {
        writeln!(out, "  {finding}")?;
    }
    if findings
        .iter()
        .any(|one| matches!(one.code, Code::ColumnUnknown | Code::ColumnTwice | Code::SheetNoHeadings))
    {
        writeln!(out, "  指定列的含义 / give a column its meaning: --map \"B=姓名\" --map \"底册!C=地址\"")?;
    }
    if shown < findings.len() {
        let rest = findings.len() - shown;
        writeln!(out, "  ……还有 {rest} 条,--all 全部列出 / {rest} more: --all prints them")?;
    }
    Ok(())
}
