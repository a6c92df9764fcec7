//! `ruhu handover`, `ruhu cover`, `ruhu leave-job` – who looks after which grid.

use std::collections::BTreeSet;
use std::io::Write;

use chrono::NaiveDate;
use clap::Args;
use ruhu_core::coverage::HandoverSheet;
use ruhu_core::fact::Fact;
use ruhu_core::file::UnitFile;
use ruhu_core::projection::standing;
use ruhu_core::roster::{Address, Unit};

use super::{CliError, find};
use crate::access::command_line;
use crate::ingest::enrol::grace_ends;
use crate::ingest::scope::GRACE_DAYS;
use crate::storage::Hub;

/// 交接.
#[derive(Debug, Args)]
pub struct Handover {
    /// 网格名称、编码或编号 / the grid.
    pub grid: String,
    /// 接手的工作者 / who takes over.
    #[arg(long)]
    pub to: String,
    /// 接手第一天 / the first day, as 2026-09-10.
    #[arg(long)]
    pub on: NaiveDate,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// 代访.
#[derive(Debug, Args)]
pub struct Cover {
    /// 网格名称、编码或编号 / the grid.
    pub grid: String,
    /// 代访的工作者 / who covers.
    #[arg(long)]
    pub worker: String,
    /// 第一天 / the first day, as 2026-09-10.
    #[arg(long)]
    pub from: NaiveDate,
    /// 最后一天 / the last day.
    #[arg(long, required_unless_present = "end")]
    pub to: Option<NaiveDate>,
    /// 结束从 --from 起的代访 / end the cover that begins on --from.
    #[arg(long, conflicts_with = "to")]
    pub end: bool,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// 离岗.
#[derive(Debug, Args)]
pub struct LeaveJob {
    /// 工作者姓名或编号 / the worker.
    pub worker: String,
    /// 不再有权限的第一天 / the first day without access, as 2026-09-10.
    #[arg(long)]
    pub on: NaiveDate,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

pub(super) fn run_handover(args: &Handover, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    let (grid, to) = (find::grid(&file, &args.grid)?, find::worker(&file, &args.to)?);
    let sheet = hub.hand_over(command_line(), community, grid, to, args.on)?;
    writeln!(
        out,
        "已交接:自 {on} 起由 {to} 负责。原责任人之前的走访 {GRACE_DAYS} 天内补传仍直接入册。\n\
         Handed over: {to} is responsible from {on} on. Late work of the former worker is taken for {GRACE_DAYS} days.",
        on = args.on,
        to = args.to
    )?;
    print_sheet(&sheet, hub, out)
}

/// 交接清单, in the order of the doors. Doors only: no name leaves the database on a terminal.
fn print_sheet(sheet: &HandoverSheet, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    writeln!(
        out,
        "{} 日终未访:季度 {} 户,重点户当月 {} 户\nOutstanding at the close of {}: {} this quarter, {} key households this month",
        sheet.on,
        sheet.quarter.len(),
        sheet.month.len(),
        sheet.on,
        sheet.quarter.len(),
        sheet.month.len()
    )?;
    let key: BTreeSet<Unit> = sheet.month.iter().map(|one| one.unit).collect();
    let mut rows = Vec::new();
    for one in sheet.quarter.iter().chain(sheet.month.iter().filter(|one| !in_quarter(sheet, one.unit))) {
        let door = hub.storage().read(|tx| tx.file_of(Unit::Vacant(one.dwelling)))?;
        let address = door.as_ref().and_then(address_of);
        let walking = address.as_ref().map(Address::walking_key).unwrap_or_default();
        let shown = address.map_or_else(|| one.dwelling.to_string(), |address| address.to_string());
        rows.push((walking, shown, key.contains(&one.unit)));
    }
    rows.sort();
    for (_, shown, is_key) in rows {
        writeln!(out, "  {shown}{}", if is_key { " 重点户 key" } else { "" })?;
    }
    Ok(())
}

fn in_quarter(sheet: &HandoverSheet, unit: Unit) -> bool {
    sheet.quarter.iter().any(|one| one.unit == unit)
}

fn address_of(door: &UnitFile) -> Option<Address> {
    standing(door).rev().find_map(|(_, fact)| match &fact.fact {
        Fact::DwellingListed { address, .. } => Some(address.clone()),
        _ => None,
    })
}

pub(super) fn run_cover(args: &Cover, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    let (grid, worker) = (find::grid(&file, &args.grid)?, find::worker(&file, &args.worker)?);
    let Some(to) = args.to else {
        hub.end_cover(command_line(), community, (grid, worker), args.from)?;
        writeln!(out, "代访已结束。\nThe cover is ended.")?;
        return Ok(());
    };
    hub.cover(command_line(), community, grid, worker, (args.from, to))?;
    writeln!(
        out,
        "已安排代访:{worker},{from} 至 {to}。责任人不变。\nCover arranged: {worker}, {from} to {to}. Responsibility does not move.",
        worker = args.worker,
        from = args.from
    )?;
    Ok(())
}

pub(super) fn run_leave_job(args: &LeaveJob, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    let worker = find::worker(&file, &args.worker)?;
    let grids = hub.leave_job(command_line(), community, worker, args.on)?;
    let phones = hub.storage().read(|tx| tx.enrolments_of(worker))?;
    writeln!(
        out,
        "已登记离岗:自 {on} 起不再下发数据。\nLeaving is noted: from {on} on nothing more is sent to the phones.",
        on = args.on
    )?;
    for phone in phones.iter().filter(|phone| phone.revoked_ms.is_none()) {
        writeln!(
            out,
            "请在离岗前打开手机同步一次:{}(尚有 {} 条未上传)\nSync this phone once before leaving: {} ({} records not yet sent)",
            phone.device, phone.unsent_after, phone.device, phone.unsent_after
        )?;
    }
    if let Some(until) = grace_ends(args.on) {
        writeln!(
            out,
            "{until} 前补传的走访直接入册,之后的转社区核对。\nWork sent before {until} is taken; what comes later waits for a person."
        )?;
    }
    for grid in grids {
        let name = file.grids().get(&grid).map(|grid| grid.name.clone()).unwrap_or_default();
        writeln!(
            out,
            "网格 {name} 将无责任人,请运行 ruhu handover {name} --to 姓名 --on {on}\nGrid {name} will have nobody: run `ruhu handover {name} --to NAME --on {on}`",
            on = args.on
        )?;
    }
    Ok(())
}
