//! `ruhu community`, `ruhu worker` – setting up a community, its grids and its workers by hand. The importer does the
//! same from a sheet.

use std::io::Write;

use clap::{Args, Subcommand, ValueEnum};
use ruhu_core::community::{CommunityFact, LEASE_DAYS};
use ruhu_core::roster::{self, Engagement, WorkerClass};

use super::{CliError, find};
use crate::access::command_line;
use crate::office::duty::community_act;
use crate::office::place::NamedPlace;
use crate::office::staff::{Namesake, NewWorker};
use crate::storage::Hub;

/// 社区.
#[derive(Debug, Subcommand)]
pub enum Community {
    /// 设置社区名称和所属 / name a community and say where it belongs.
    Set(Set),
    /// 划定网格 / draw a grid.
    Grid(GridArgs),
    /// 手机租期:多少天未同步即锁定姓名、电话和类别 / how many days a phone shows names without a sync.
    Lease(LeaseArgs),
    /// 列出社区与网格 / list communities and grids.
    List,
}

/// The name and place of a community.
#[derive(Debug, Args)]
pub struct Set {
    /// 社区名称 / its name.
    pub name: String,
    /// 街道或镇 / the street or town above it.
    #[arg(long)]
    pub street: String,
    /// 区县 / the county above that.
    #[arg(long)]
    pub county: String,
    /// 行政区划代码 / its code, as given by the organ.
    #[arg(long, default_value = "")]
    pub code: String,
    /// 已有社区(改名时)/ an existing community, when it is renamed.
    #[arg(long)]
    pub rename: Option<String>,
}

/// A grid.
#[derive(Debug, Args)]
pub struct GridArgs {
    /// 网格名称 / its name.
    pub name: String,
    /// 网格编码 / its code.
    #[arg(long, default_value = "")]
    pub code: String,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// The lease of a community's phones.
#[derive(Debug, Args)]
pub struct LeaseArgs {
    /// 天数,7 至 90;未设置时为 30 / days, 7 to 90; 30 where nothing was set.
    #[arg(value_parser = clap::value_parser!(u8).range(shortest()..=longest()))]
    pub days: u8,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

fn shortest() -> i64 {
    i64::from(*LEASE_DAYS.start())
}

fn longest() -> i64 {
    i64::from(*LEASE_DAYS.end())
}

/// 社区工作者.
#[derive(Debug, Subcommand)]
pub enum WorkerCommand {
    /// 登记工作者 / list a worker.
    Add(WorkerArgs),
    /// 列出工作者 / list the workers with their grids and phones.
    List {
        /// 社区 / the community, when there are several.
        #[arg(long)]
        community: Option<String>,
    },
}

/// 干部 or 工作人员.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Class {
    /// 干部.
    Cadre,
    /// 工作人员.
    Staff,
}

/// A worker.
#[derive(Debug, Args)]
pub struct WorkerArgs {
    /// 姓名 / the name on the card.
    pub name: String,
    /// 干部或工作人员 / cadre or staff.
    #[arg(long, value_enum, default_value = "staff")]
    pub class: Class,
    /// 兼职 / works part time.
    #[arg(long)]
    pub part_time: bool,
    /// 办公电话 / office telephone shown to residents.
    #[arg(long)]
    pub office_phone: Option<String>,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

pub(super) fn run(command: Community, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        Community::Set(set) => {
            let Set { name, street, county, code, rename } = set;
            let place = NamedPlace { county, street, name, code };
            let id = match &rename {
                Some(name) => {
                    let id = find::community(hub, Some(name))?.0;
                    hub.rename_community(command_line(), id, &place)?;
                    id
                }
                None => hub.set_up_community(command_line(), &place)?,
            };
            writeln!(out, "社区已设置,编号 {id}\nThe community is set up; its id is {id}")?;
        }
        Community::Grid(grid) => {
            let (community, _) = find::community(hub, grid.community.as_deref())?;
            let id = hub.make_id();
            let drawn = roster::Grid { id, community, name: grid.name, code: grid.code };
            let facts = vec![CommunityFact::GridDrawn(drawn)];
            hub.act(community_act(command_line(), community, facts, "划定网格"))?;
            writeln!(out, "网格已划定,编号 {id}\nThe grid is drawn; its id is {id}")?;
        }
        Community::Lease(LeaseArgs { days, community }) => {
            let (community, _) = find::community(hub, community.as_deref())?;
            let facts = vec![CommunityFact::LeaseSet { days }];
            hub.act(community_act(command_line(), community, facts, "设置手机租期"))?;
            writeln!(
                out,
                "手机租期已设为 {days} 天,各手机下次同步后生效\n\
                 The lease is {days} days; each phone learns it at its next sync"
            )?;
        }
        Community::List => {
            for (id, file) in hub.storage().read(|tx| tx.communities())? {
                if let Some(one) = file.community() {
                    writeln!(out, "{} {} {} {} {id}", one.county, one.street, one.name, one.code)?;
                }
                writeln!(out, "  手机租期 lease {} 天 days", file.lease_days())?;
                for (id, grid) in file.grids() {
                    writeln!(out, "  {} {} {id}", grid.name, grid.code)?;
                }
            }
        }
    }
    Ok(())
}

pub(super) fn run_worker(command: WorkerCommand, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        WorkerCommand::Add(args) => {
            let (community, _) = find::community(hub, args.community.as_deref())?;
            let new = NewWorker {
                name: args.name,
                class: match args.class {
                    Class::Cadre => WorkerClass::Cadre,
                    Class::Staff => WorkerClass::Staff,
                },
                engagement: if args.part_time { Engagement::PartTime } else { Engagement::FullTime },
                office_phone: args.office_phone,
                namesake: Namesake::Meant,
            };
            let id = hub.list_worker(command_line(), community, new)?;
            writeln!(out, "工作者已登记,编号 {id}\nThe worker is listed; the id is {id}")?;
            writeln!(
                out,
                "下一步:ruhu handover 网格 --to 姓名 --on 日期,然后 ruhu enrol 姓名\n\
                 Next: `ruhu handover GRID --to NAME --on DATE`, then `ruhu enrol NAME`"
            )?;
        }
        WorkerCommand::List { community } => {
            let (id, file) = find::community(hub, community.as_deref())?;
            let today = hub.today(id)?;
            let grids = file.grids();
            let assignments = file.assignments();
            for (id, worker) in file.workers() {
                let held = assignments.iter().filter(|one| one.worker == id && one.covers(today));
                let held: Vec<&str> =
                    held.filter_map(|one| grids.get(&one.grid).map(|grid| grid.name.as_str())).collect();
                let phones = hub.storage().read(|tx| tx.enrolments_of(id))?;
                let phones = phones.iter().filter(|one| one.revoked_ms.is_none()).count();
                let left = file.left_on(id).map(|on| format!(" 离岗 {on}")).unwrap_or_default();
                writeln!(out, "{} [{}] 手机 {phones}{left} {id}", worker.name, held.join("、"))?;
            }
        }
    }
    Ok(())
}
