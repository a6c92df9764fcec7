//! `ruhu household list` and `waiting` – masked unless a reason is given; every look is noted.

use std::collections::BTreeMap;
use std::io::Write;

use clap::Args;
use ruhu_core::category::{Scalar, mask_name};
use ruhu_core::ids::{Hash32, HouseholdId};
use ruhu_core::roster::Unit;
use ruhu_core::visit::OutcomeCode;

use super::super::{CliError, find};
use crate::access::command_line;
use crate::office::OfficeError;
use crate::office::roll::Roll;
use crate::office::waiting::{Pending, fields_of, pairs, pending, pending_of};
use crate::office::words::fact_words;
use crate::storage::Hub;

/// Showing names whole.
#[derive(Debug, Args)]
pub struct Unmask {
    /// 显示全名,须写理由,记入查看记录 / show whole names; needs a reason and is noted.
    #[arg(long, requires = "reason")]
    pub unmask: bool,
    /// 查看理由 / why.
    #[arg(long)]
    pub reason: Option<String>,
}

/// Which households.
#[derive(Debug, Args)]
pub struct List {
    /// 只列此网格 / only this grid.
    #[arg(long)]
    pub grid: Option<String>,
    /// 只列待确认的 / only those that wait for the lead.
    #[arg(long)]
    pub provisional: bool,
    /// Showing names whole.
    #[command(flatten)]
    pub unmask: Unmask,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// What waits.
#[derive(Debug, Args)]
pub struct Waiting {
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

impl Unmask {
    /// Notes the look before anything is shown, and says how names are shown.
    pub(in crate::cli) fn note(&self, hub: &Hub, what: &str, target: &str) -> Result<Shown, CliError> {
        match (&self.reason, self.unmask) {
            (Some(reason), true) if !reason.trim().is_empty() => {
                hub.looked(command_line(), &format!("{what}.unmasked"), &format!("{target} {reason}"))?;
                Ok(Shown::Whole)
            }
            (_, true) => Err(CliError::Usage("--unmask 须写 --reason / --unmask needs --reason".to_owned())),
            (_, false) => {
                hub.looked(command_line(), what, target)?;
                Ok(Shown::Masked)
            }
        }
    }
}

/// How names are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Shown {
    Masked,
    Whole,
}

impl Shown {
    pub(in crate::cli) fn name(self, name: &str) -> String {
        match self {
            Self::Masked => mask_name(name),
            Self::Whole => name.to_owned(),
        }
    }
}

pub(super) fn run_list(args: &List, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    let grid = args.grid.as_deref().map(|grid| find::grid(&file, grid)).transpose()?;
    let target = grid.map_or_else(|| community.to_string(), |grid| grid.to_string());
    let shown = args.unmask.note(hub, "household.list", &target)?;
    let roll = hub.roll(community)?;
    let (mut count, mut waiting) = (0_u32, 0_u32);
    for one in roll.units().filter(|one| grid.is_none() || one.row.grid == grid) {
        let Unit::Household(id) = one.row.unit else { continue };
        let open = pending_of(&roll, &one.file);
        if args.provisional && open.is_empty() {
            continue;
        }
        count += 1;
        waiting += u32::from(!open.is_empty());
        let fields = hub.storage().read(|tx| fields_of(tx, one.row.unit))?;
        writeln!(
            out,
            "{id} {} {} {}{}{}",
            roll.grid_name(one.row.grid),
            roll.address(one.row.unit),
            shown.name(&head(&fields)),
            marks(&roll, id),
            numbers(&open)
        )?;
    }
    writeln!(
        out,
        "共 {count} 户,其中 {waiting} 户有待确认事项 / {count} households, {waiting} with something to confirm"
    )?;
    Ok(())
}

pub(super) fn run_waiting(args: &Waiting, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, _) = find::community(hub, args.community.as_deref())?;
    hub.looked(command_line(), "household.waiting", &community.to_string())?;
    let now_ms = hub.now_ms();
    let (roll, pairs) = hub.storage().read(|tx| -> Result<_, OfficeError> {
        let roll = Roll::load(tx, community, now_ms)?;
        let pairs = pairs(tx, &roll)?;
        Ok((roll, pairs))
    })?;
    let open = pending(&roll);
    let workers = roll.file().workers();
    for one in &open {
        let worker = workers.get(&one.by).map(|worker| worker.name.as_str()).unwrap_or_default();
        writeln!(out, "{} {} {worker} {} {}", short(one.entry), one.on, roll.address(one.unit), said(one))?;
    }
    if !open.is_empty() {
        writeln!(
            out,
            "  确认:ruhu household confirm 编号;退回:ruhu household return 编号 --reason …\n\
             \x20 confirm: `ruhu household confirm NUMBER`; return: `ruhu household return NUMBER --reason …`"
        )?;
    }
    for pair in &pairs {
        let why: Vec<&str> = [(pair.same_name, "同名 same name"), (pair.same_phone, "同电话 same telephone")]
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, words)| words)
            .collect();
        writeln!(
            out,
            "建议合并 / suggested join ({}): {}\n  ruhu household join {} {}",
            why.join("、"),
            roll.address(Unit::Household(pair.first)),
            pair.later,
            pair.first
        )?;
    }
    writeln!(
        out,
        "待确认 {0} 项,建议合并 {1} 对 / {0} to confirm, {1} suggested joins",
        open.len(),
        pairs.len()
    )?;
    Ok(())
}

/// The first digits of a record's number: enough to name it.
pub(super) fn short(entry: Hash32) -> String {
    entry.to_string().chars().take(12).collect()
}

fn said(one: &Pending) -> String {
    let words = one.facts.iter().map(|fact| match fact {
        ruhu_core::fact::Fact::Visited(visit) => {
            let code: OutcomeCode = visit.outcome.code();
            format!("{} / {code}", code.zh())
        }
        fact => {
            let (zh, en) = fact_words(fact);
            format!("{zh} / {en}")
        }
    });
    words.collect::<Vec<_>>().join(";")
}

/// 户主's name, else the first member's.
fn head(fields: &BTreeMap<String, Vec<Scalar>>) -> String {
    let text = |key: &str| fields.get(key).and_then(|values| values.first()).map(ToString::to_string);
    let of_head = text("p/head").and_then(|head| text(&format!("m/{head}/name")));
    let first = || fields.keys().find(|key| key.ends_with("/name")).and_then(|key| text(key));
    of_head.or_else(first).unwrap_or_default()
}

fn marks(roll: &Roll, id: HouseholdId) -> String {
    let mut marks = String::new();
    let into = roll.survivor(id);
    if into != id {
        return format!(" [已并入 joined into {into}]");
    }
    if roll.life(id).is_some_and(|life| life.is_key(roll.today())) {
        marks.push_str(" [重点 key]");
    }
    if !roll.is_living(id) {
        marks.push_str(" [不在本社区 away]");
    }
    marks
}

fn numbers(open: &[Pending]) -> String {
    let numbers = open.iter().map(|one| format!(" [待确认 to confirm {}]", short(one.entry)));
    numbers.collect()
}
