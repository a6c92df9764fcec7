//! `ruhu erase` – what was learnt about a person or a household is erased by decision; `ruhu retention` – what has passed
//! its time.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use ruhu_core::ids::PersonId;
use ruhu_core::roster::Unit;

use super::{CliError, find};
use crate::access::{command_line, journal};
use crate::erase::act::Erased;
use crate::erase::plan::Preview;
use crate::erase::{EraseError, Order, What, ledger};
use crate::office::roll::Roll;
use crate::storage::Hub;

/// Whom, what and by which decision. A dry run unless --commit.
#[derive(Debug, Args)]
pub struct Erase {
    /// 户(编号、户号或地址)/ the household: its id, its number in the roster, or its address.
    #[arg(long)]
    pub household: String,
    /// 只删除其中一人(编号)/ only this person of it, by id.
    #[arg(long)]
    pub person: Option<PersonId>,
    /// 决定文号或依据,不写姓名 / number of the decision or its basis; no names.
    #[arg(long)]
    pub cause: String,
    /// 也在其他户的文字中查找姓名和号码 / also look for the names and numbers in the words of other households.
    #[arg(long)]
    pub everywhere: bool,
    /// 执行 / do it.
    #[arg(long)]
    pub commit: bool,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// 保存期限 / fields whose time has passed. A dry run unless --commit; a running server does it every night.
#[derive(Debug, Args)]
pub struct Retention {
    /// 执行 / do it.
    #[arg(long)]
    pub commit: bool,
}

pub(super) fn run(args: &Erase, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, _) = find::community(hub, args.community.as_deref())?;
    let now_ms = hub.now_ms();
    let roll = hub.storage().read(|tx| Roll::load(tx, community, now_ms))?;
    let unit = roll.find(&args.household)?;
    let what = args.person.map_or(What::Household, What::Person);
    let order = Order { unit, what, cause: args.cause.clone(), by: command_line() };
    let preview = hub.preview_erasure(&order, args.everywhere)?;
    // To say what is known of somebody is a look at them.
    let target = named(unit);
    hub.storage()
        .write(move |tx| journal::audit(tx, now_ms, Some(command_line()), "erase.preview", &target))?;
    tell(&preview, &order, out)?;
    if !args.commit {
        writeln!(
            out,
            "试运行,未作更改;加 --commit 执行。 / Dry run, nothing was changed; --commit does it."
        )?;
        return Ok(());
    }
    let erased = hub.erase(vec![order])?;
    done(&erased, hub, out)
}

/// Which list.
#[derive(Debug, Args)]
pub struct EraseAgain {
    /// 删除台账文件 / the list of erasures.
    pub list: PathBuf,
}

pub(super) fn run_again(args: &EraseAgain, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let erased = again(hub, &args.list)?;
    writeln!(out, "按台账再次删除 {erased} 项。 / {erased} erasures were done again by the list.")?;
    Ok(())
}

pub(super) fn run_retention(args: &Retention, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let orders = hub.expired()?;
    for order in &orders {
        let What::Fields(fields) = &order.what else { continue };
        writeln!(out, "{}  {} 个字段 / fields  {}", named(order.unit), fields.len(), order.cause)?;
    }
    writeln!(out, "到期 {} 户 / {} households with expired fields", orders.len(), orders.len())?;
    if !args.commit {
        return Ok(());
    }
    if orders.is_empty() { Ok(()) } else { done(&hub.erase(orders)?, hub, out) }
}

fn named(unit: Unit) -> String {
    match unit {
        Unit::Household(id) => id.to_string(),
        Unit::Vacant(id) => id.to_string(),
    }
}

fn tell(preview: &Preview, order: &Order, out: &mut dyn Write) -> Result<(), CliError> {
    let (zh, en) = order.what.words();
    let (fields, bodies) = (preview.fields.len(), preview.bodies.len());
    let mut lines = vec![
        format!("将删除{zh}的内容 / what would be erased of {en}:"),
        format!("  字段 {fields}(保留 {stay})/ fields {fields}, {stay} stay", stay = preview.fields_stay),
    ];
    lines.extend(preview.fields.iter().map(|field| format!("    {field}")));
    lines.push(format!(
        "  户情修改记录的内容 {0} 条 / {0} changes of fields lose their content",
        preview.changes
    ));
    lines.push(format!(
        "  走访等记录的内容 {bodies} 条(保留 {stay})/ {bodies} visits and other records lose their words, {stay} keep them",
        stay = preview.bodies_stay
    ));
    lines.extend(preview.bodies.iter().map(|pos| format!("    日志第 {0} 条 / entry {0}", pos.0)));
    if !preview.elsewhere.is_empty() {
        let found: Vec<String> = preview.elsewhere.iter().map(|pos| pos.0.to_string()).collect();
        lines.push(format!(
            "  其他户的记录中也有同样的姓名或号码,请逐条核对:第 {} 条 / the same name or number stands in entries of other households, look at each: {}",
            found.join("、"),
            found.join(", ")
        ));
    }
    lines.push(
        "  走访次数、日期、结果和入户率不变 / visits, dates, outcomes and coverage stay as they are"
            .to_owned(),
    );
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    Ok(())
}

fn done(erased: &[Erased], hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    for one in erased {
        writeln!(
            out,
            "删除决定第 {} 号已执行:{} 个字段,{} 条记录的内容。 / Erasure {} done: {} fields, the content of {} records.",
            one.nr, one.fields, one.bodies, one.nr, one.fields, one.bodies
        )?;
    }
    let ledger = hub.ledger_path().unwrap_or_default();
    writeln!(
        out,
        "删除台账在 {},恢复备份时要用,请另存一份。名册原表、此前的备份和已打印、导出的文件不在其中,请另行处理。\n\
         The list of erasures is {}: restoring a backup needs it, keep a copy elsewhere. The roster's own sheet, earlier backups, and what was printed or exported are not in it.",
        ledger.display(),
        ledger.display()
    )?;
    Ok(())
}

/// Does again what was erased since a backup was made.
pub(super) fn again(hub: &Hub, list: &Path) -> Result<usize, EraseError> {
    let lines = ledger::read(list, hub.id(), &hub.all_keys()?)?;
    Ok(hub.erase_again(lines)?.len())
}
