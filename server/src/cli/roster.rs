//! `ruhu group`, `ruhu steward`, `ruhu register`, `ruhu leave` – who to ask in a building, and who is away.

use std::collections::BTreeSet;
use std::io::Write;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use ruhu_core::category::mask_phone;
use ruhu_core::community::CommunityFact;
use ruhu_core::ids::CommunityId;
use ruhu_core::roster::{BuildingRef, BuildingSteward, LeaveSpan, ResidentGroup, Unit};

use super::household::{Shown, Unmask};
use super::{CliError, find};
use crate::access::command_line;
use crate::office::duty::community_act;
use crate::storage::Hub;

/// 居民小组.
#[derive(Debug, Subcommand)]
pub enum Group {
    /// 登记或更改小组及组长 / list a group, or change its leader.
    Set(GroupArgs),
}

/// A residents' group.
#[derive(Debug, Args)]
pub struct GroupArgs {
    /// 小组名称 / its name.
    pub name: String,
    /// 组长姓名;不写则暂缺 / its leader; without it there is none yet.
    #[arg(long)]
    pub leader: Option<String>,
    /// 组长电话 / the leader's telephone.
    #[arg(long, requires = "leader")]
    pub phone: Option<String>,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// 楼栋长.
#[derive(Debug, Subcommand)]
pub enum Steward {
    /// 登记或更改楼栋长 / list the steward of a building or stair.
    Set(StewardArgs),
}

/// A building steward.
#[derive(Debug, Args)]
pub struct StewardArgs {
    /// 姓名 / the name.
    pub name: String,
    /// 小区 / the estate or street.
    #[arg(long)]
    pub estate: String,
    /// 楼栋 / the building.
    #[arg(long)]
    pub building: String,
    /// 单元;不写为整栋 / the stair; without it the whole building.
    #[arg(long)]
    pub stair: Option<String>,
    /// 电话 / the telephone.
    #[arg(long)]
    pub phone: Option<String>,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// 登记造册.
#[derive(Debug, Args)]
pub struct Register {
    /// Showing names whole.
    #[command(flatten)]
    pub unmask: Unmask,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// 请假.
#[derive(Debug, Args)]
pub struct Leave {
    /// 工作者姓名或编号 / the worker.
    pub worker: String,
    /// 第一天 / the first day away.
    #[arg(long)]
    pub from: NaiveDate,
    /// 最后一天 / the last day away.
    #[arg(long, required_unless_present = "end")]
    pub until: Option<NaiveDate>,
    /// 销假:结束从 --from 起的请假 / end the leave that begins on --from.
    #[arg(long, conflicts_with = "until")]
    pub end: bool,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

pub(super) fn run_group(command: Group, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let Group::Set(args) = command;
    let (community, _) = find::community(hub, args.community.as_deref())?;
    let name = given("小组名称 / the name of the group", args.name)?;
    let leader = args.leader.filter(|leader| !leader.trim().is_empty());
    let missing = leader.is_none();
    let listed = ResidentGroup { name, leader, leader_phone: args.phone };
    hub.act(community_act(
        command_line(),
        community,
        vec![CommunityFact::GroupListed(listed)],
        "登记居民小组",
    ))?;
    writeln!(out, "居民小组已登记\nThe residents' group is listed")?;
    if missing {
        writeln!(out, "尚无组长,补上请用 --leader / it has no leader yet: add one with --leader")?;
    }
    Ok(())
}

pub(super) fn run_steward(command: Steward, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let Steward::Set(args) = command;
    let (community, _) = find::community(hub, args.community.as_deref())?;
    let place = BuildingRef { estate: args.estate, building: args.building, stair: args.stair };
    let known = buildings(hub, community)?.contains(&BuildingRef { stair: None, ..place.clone() });
    let name = given("姓名 / the name", args.name)?;
    let listed = BuildingSteward { place, name, phone: args.phone };
    hub.act(community_act(
        command_line(),
        community,
        vec![CommunityFact::StewardListed(listed)],
        "登记楼栋长",
    ))?;
    writeln!(out, "楼栋长已登记\nThe building steward is listed")?;
    if !known {
        writeln!(
            out,
            "注意:名册中还没有这栋楼,请核对 --estate、--building 与名册写法一致\n\
             Note: no door of the roster lies in this building: check --estate and --building against it"
        )?;
    }
    Ok(())
}

pub(super) fn run_register(args: &Register, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    let shown = args.unmask.note(hub, "register", &community.to_string())?;
    writeln!(out, "居民小组 / residents' groups (D1a-07, D1b-14)")?;
    let groups = file.groups();
    for group in groups.values() {
        let leader = match &group.leader {
            Some(leader) => format!("{} {}", shown.name(leader), phone(shown, group.leader_phone.as_deref())),
            None => "【缺组长 / no leader】".to_owned(),
        };
        writeln!(out, "  {} {leader}", group.name)?;
    }
    let without = groups.values().filter(|group| group.leader.is_none()).count();
    writeln!(out, "  共 {0} 个,缺组长 {without} 个 / {0} groups, {without} without a leader", groups.len())?;
    writeln!(out, "楼栋长 / building stewards")?;
    let stewards = file.stewards();
    for (place, one) in &stewards {
        let stair = place.stair.as_ref().map(|stair| format!(" {stair} 单元")).unwrap_or_default();
        let phone = phone(shown, one.phone.as_deref());
        writeln!(out, "  {} {} 栋{stair} {} {phone}", place.estate, place.building, shown.name(&one.name))?;
    }
    let looked_after: BTreeSet<BuildingRef> =
        stewards.keys().map(|place| BuildingRef { stair: None, ..(*place).clone() }).collect();
    let all = buildings(hub, community)?;
    for place in all.difference(&looked_after) {
        writeln!(out, "  {} {} 栋【缺楼栋长 / no steward】", place.estate, place.building)?;
    }
    Ok(())
}

pub(super) fn run_leave(args: &Leave, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    let worker = find::worker(&file, &args.worker)?;
    let Some(until) = args.until else {
        hub.end_leave(command_line(), community, worker, args.from)?;
        writeln!(out, "已销假。\nThe leave is ended.")?;
        return Ok(());
    };
    let span = LeaveSpan { worker, from: args.from, until };
    let nobody = hub.on_leave(command_line(), community, span)?;
    writeln!(
        out,
        "已登记请假:{from} 至 {until}。应访户数不因请假减少。\nLeave is noted: {from} to {until}. It does not reduce what is due.",
        from = args.from
    )?;
    for grid in nobody {
        let name = file.grids().get(&grid).map(|grid| grid.name.clone()).unwrap_or_default();
        writeln!(
            out,
            "网格 {name} 这几天无人代访:ruhu cover {name} --worker 姓名 --from {from} --to {until}\n\
             Nobody covers grid {name}: `ruhu cover {name} --worker NAME --from {from} --to {until}`",
            from = args.from
        )?;
    }
    Ok(())
}

fn buildings(hub: &Hub, community: CommunityId) -> Result<BTreeSet<BuildingRef>, CliError> {
    let roll = hub.roll(community)?;
    let doors = roll.units().filter_map(|one| match one.row.unit {
        Unit::Vacant(door) => roll.address_of(door),
        Unit::Household(_) => None,
    });
    Ok(doors.map(ruhu_core::roster::Address::building_ref).collect())
}

fn phone(shown: Shown, phone: Option<&str>) -> String {
    let phone = phone.unwrap_or_default();
    if shown == Shown::Whole { phone.to_owned() } else { mask_phone(phone) }
}

fn given(what: &str, words: String) -> Result<String, CliError> {
    if words.trim().is_empty() { Err(CliError::Usage(format!("请给出{what}"))) } else { Ok(words) }
}
