//! `ruhu household` – what the community lead decides about households and doors, and what waits for a decision.

use std::io::Write;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use ruhu_core::entry::UnitFact;
use ruhu_core::roster::{Informant, Unit};
use ruhu_core::time::Period;
use ruhu_core::visit::OutcomeCode;

use super::{CliError, find};
use crate::access::command_line;
use crate::office::records::{self, Correction};
use crate::office::roll::Roll;
use crate::office::words::{fact_words, state_words};
use crate::office::{OfficeError, Order, decide};
use crate::storage::Hub;

mod list;
pub(super) use list::Shown;
pub use list::Unmask;

/// 户. A unit is named by its id, its household number in the roster, or its address.
#[derive(Debug, Subcommand)]
pub enum Household {
    /// 列出各户 / list the households.
    List(list::List),
    /// 待定事项 / what waits for a decision.
    Waiting(list::Waiting),
    /// 合并:第一户并入第二户 / two records of one household: the first becomes part of the second.
    Join(Two),
    /// 拆开合并 / take a joining back.
    Part(Two),
    /// 确认(记录编号或户)/ confirm what a phone recorded, by its number or its unit.
    Confirm(One),
    /// 退回,须写理由 / return it, with a reason.
    Return(OneWithReason),
    /// 撤回记录,须写理由 / take a record back, with a reason.
    Withdraw(OneWithReason),
    /// 更正走访,须写理由 / correct a visit, with a reason.
    Supersede(Supersede),
    /// 列为或取消重点户 / mark as key household, or unmark.
    Key(Key),
    /// 迁出社区 / left the community.
    Left(Left),
    /// 销户或并户 / ceased, or became part of another household.
    Dissolve(Dissolve),
    /// 社区内迁居 / moved to another door of the community.
    Move(Move),
    /// 核减不予认可,须写理由 / reject a deduction, with a reason.
    RejectDeduction(RejectDeduction),
    /// 把户室划入另一网格 / draw doors into another grid, with who lives there.
    Regrid(Regrid),
    /// 请勿打扰 / do not ask until a day.
    DoNotAsk(DoNotAsk),
}

/// Where and why.
#[derive(Debug, Args)]
pub struct Common {
    /// 理由 / why.
    #[arg(long, default_value = "")]
    pub reason: String,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// Two records.
#[derive(Debug, Args)]
pub struct Two {
    /// 第一户 / the first.
    pub one: String,
    /// 第二户,合并后沿用 / the second; it goes on.
    pub other: String,
    /// Where and why.
    #[command(flatten)]
    pub common: Common,
}

/// A record or a unit.
#[derive(Debug, Args)]
pub struct One {
    /// 记录编号(前 8 位起)或户 / the record's number (its first 8 digits or more), or the unit.
    pub wanted: String,
    /// Where and why.
    #[command(flatten)]
    pub common: Common,
}

/// A record with a reason.
#[derive(Debug, Args)]
pub struct OneWithReason {
    /// 记录编号(前 8 位起)或户 / the record's number (its first 8 digits or more), or the unit.
    pub wanted: String,
    /// 理由 / why.
    #[arg(long)]
    pub reason: String,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// A correction of a visit.
#[derive(Debug, Args)]
pub struct Supersede {
    /// 走访记录编号 / the visit's number.
    pub entry: String,
    /// 结果,如 not-home / what happened.
    #[arg(long)]
    pub outcome: Option<OutcomeCode>,
    /// 走访日期 / on which day.
    #[arg(long)]
    pub visited_on: Option<NaiveDate>,
    /// 何人所述 / whose word it is.
    #[arg(long, value_enum)]
    pub told_by: Option<Told>,
    /// 理由 / why.
    #[arg(long)]
    pub reason: String,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// 列为 / marked.
    On,
    /// 取消 / unmarked.
    Off,
}

/// Whose word it is.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Told {
    /// 本人.
    Resident,
    /// 房东.
    Landlord,
    /// 物业.
    PropertyManager,
    /// 楼栋长.
    BuildingSteward,
    /// 邻居.
    Neighbour,
    /// 其他.
    Other,
}

/// A key mark.
#[derive(Debug, Args)]
pub struct Key {
    /// 户 / the household.
    pub unit: String,
    /// 列为或取消 / on or off.
    #[arg(value_enum)]
    pub switch: Switch,
    /// 决定日期 / the day of the decision.
    #[arg(long)]
    pub on: NaiveDate,
    /// Where and why.
    #[command(flatten)]
    pub common: Common,
}

/// A departure.
#[derive(Debug, Args)]
pub struct Left {
    /// 户 / the household.
    pub unit: String,
    /// 不再居住的第一天 / the first day it no longer lives here.
    #[arg(long)]
    pub on: NaiveDate,
    /// 何人所述;不写为名册责任人自行登记 / whose word it is; without it the roster owner's own edit.
    #[arg(long, value_enum)]
    pub told_by: Option<Told>,
    /// Where and why.
    #[command(flatten)]
    pub common: Common,
}

/// The end of a household.
#[derive(Debug, Args)]
pub struct Dissolve {
    /// 户 / the household.
    pub unit: String,
    /// 不再存在的第一天 / the first day it no longer exists.
    #[arg(long)]
    pub on: NaiveDate,
    /// 并入哪一户 / the household it became part of.
    #[arg(long)]
    pub into: Option<String>,
    /// Where and why.
    #[command(flatten)]
    pub common: Common,
}

/// A move inside the community.
#[derive(Debug, Args)]
pub struct Move {
    /// 户 / the household.
    pub unit: String,
    /// 迁入的户室 / the door it moves to.
    #[arg(long)]
    pub to: String,
    /// 入住日 / the day it moved in.
    #[arg(long)]
    pub on: NaiveDate,
    /// Where and why.
    #[command(flatten)]
    pub common: Common,
}

/// A deduction.
#[derive(Debug, Args)]
pub struct RejectDeduction {
    /// 户或空户 / the household or vacant door.
    pub unit: String,
    /// 期间,如 2026Q3 或 2026-09 / the quarter or month.
    #[arg(long)]
    pub period: Period,
    /// 理由 / why.
    #[arg(long)]
    pub reason: String,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// Doors for another grid.
#[derive(Debug, Args)]
pub struct Regrid {
    /// 户室(可多个)/ the doors.
    #[arg(required = true)]
    pub doors: Vec<String>,
    /// 划入的网格 / their new grid.
    #[arg(long)]
    pub grid: String,
    /// 第一天 / the first day.
    #[arg(long)]
    pub from: NaiveDate,
    /// Where and why.
    #[command(flatten)]
    pub common: Common,
}

/// Do not ask.
#[derive(Debug, Args)]
pub struct DoNotAsk {
    /// 户 / the household.
    pub unit: String,
    /// 截止日,至多十二个月 / the last day, at most twelve months from today.
    #[arg(long)]
    pub until: NaiveDate,
    /// Where and why.
    #[command(flatten)]
    pub common: Common,
}

pub(super) fn run(command: Household, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        Household::List(args) => list::run_list(&args, hub, out),
        Household::Waiting(args) => list::run_waiting(&args, hub, out),
        Household::Join(two) => {
            let (one, other) = (two.one, two.other);
            act(hub, out, two.common, move |roll| decide::join(roll, &one, &other))
        }
        Household::Part(two) => {
            let (one, other) = (two.one, two.other);
            act(hub, out, two.common, move |roll| decide::part(roll, &one, &other))
        }
        Household::Confirm(one) => {
            let wanted = one.wanted;
            act(hub, out, one.common, move |roll| records::confirm(roll, &wanted))
        }
        Household::Return(one) => {
            let (wanted, common) = one.parts();
            act(hub, out, common, move |roll| records::give_back(roll, &wanted))
        }
        Household::Withdraw(one) => {
            let (wanted, common) = one.parts();
            act(hub, out, common, move |roll| records::withdraw(roll, &wanted))
        }
        Household::Supersede(args) => {
            let told_by = args.told_by.map(Told::informant);
            let correction = Correction { outcome: args.outcome, visited_on: args.visited_on, told_by };
            let (entry, visit) = (args.entry, hub.make_id());
            let common = Common { reason: args.reason, community: args.community };
            act(hub, out, common, move |roll| records::supersede(roll, &entry, &correction, visit))
        }
        Household::Key(args) => {
            let (unit, key) = (args.unit, args.switch == Switch::On);
            act(hub, out, args.common, move |roll| decide::mark_key(roll, &unit, key, args.on))
        }
        Household::Left(args) => {
            let (unit, told_by) = (args.unit, args.told_by.map(Told::informant));
            act(hub, out, args.common, move |roll| decide::left(roll, &unit, args.on, told_by))
        }
        Household::Dissolve(args) => {
            let (unit, into) = (args.unit, args.into);
            act(hub, out, args.common, move |roll| decide::dissolve(roll, &unit, args.on, into.as_deref()))
        }
        Household::Move(args) => {
            let (unit, to) = (args.unit, args.to);
            act(hub, out, args.common, move |roll| decide::move_to(roll, &unit, &to, args.on))
        }
        Household::RejectDeduction(args) => reject(args, hub, out),
        Household::Regrid(args) => {
            let (_, file) = find::community(hub, args.common.community.as_deref())?;
            let grid = find::grid(&file, &args.grid)?;
            let (doors, from) = (args.doors, args.from);
            act(hub, out, args.common, move |roll| decide::regrid(roll, &doors, grid, from))
        }
        Household::DoNotAsk(args) => {
            let unit = args.unit;
            act(hub, out, args.common, move |roll| decide::do_not_ask(roll, &unit, args.until))
        }
    }
}

fn reject(args: RejectDeduction, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (unit, period) = (args.unit, args.period);
    let common = Common { reason: args.reason, community: args.community };
    let community = find::community(hub, common.community.as_deref())?.0;
    let named = hub.roll(community)?.find(&unit)?;
    act(hub, out, common, move |roll| decide::reject_deduction(roll, &unit, period))?;
    let roll = hub.roll(community)?;
    let unit = match named {
        Unit::Household(id) => Unit::Household(roll.survivor(id)),
        door @ Unit::Vacant(_) => door,
    };
    let state = decide::state_of(&roll, unit, period)?;
    writeln!(out, "{period}:{}", state_words(state.as_ref()))?;
    Ok(())
}

/// Decides, records, and says what was recorded.
fn act(
    hub: &Hub,
    out: &mut dyn Write,
    common: Common,
    work: impl FnOnce(&Roll) -> Result<Vec<UnitFact>, OfficeError> + Send + 'static,
) -> Result<(), CliError> {
    let (community, _) = find::community(hub, common.community.as_deref())?;
    let order = Order { by: command_line(), community, reason: common.reason };
    let decided = hub.decide(order, work)?;
    writeln!(out, "已登记 / recorded:")?;
    for one in &decided.facts {
        let (zh, en) = fact_words(&one.fact);
        writeln!(out, "  {} {zh} / {en}", unit_words(one.unit))?;
    }
    for done in &decided.entries {
        writeln!(
            out,
            "  记录编号 {0}(撤回用 ruhu household withdraw {0} --reason …)/ its number takes it back",
            list::short(done.entry)
        )?;
    }
    Ok(())
}

fn unit_words(unit: Unit) -> String {
    match unit {
        Unit::Household(id) => format!("户 {id}"),
        Unit::Vacant(id) => format!("户室 {id}"),
    }
}

impl OneWithReason {
    fn parts(self) -> (String, Common) {
        (self.wanted, Common { reason: self.reason, community: self.community })
    }
}

impl Told {
    const fn informant(self) -> Informant {
        match self {
            Self::Resident => Informant::Resident,
            Self::Landlord => Informant::Landlord,
            Self::PropertyManager => Informant::PropertyManager,
            Self::BuildingSteward => Informant::BuildingSteward,
            Self::Neighbour => Informant::Neighbour,
            Self::Other => Informant::Other,
        }
    }
}
