//! `ruhu-sim` – the synthetic community: its roster, the demo, the benchmarks.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use ruhu_core::time::{Clock, SystemClock, Zone};
use ruhu_sim::bench::county::{Kept, Size};
use ruhu_sim::bench::{coverage, flags, ingest, phone, sync};
use ruhu_sim::city::{City, Plan, summarise};
use ruhu_sim::sheet;

#[path = "ruhu-sim/attack.rs"]
mod attack;
#[path = "ruhu-sim/judge.rs"]
mod judge;
#[path = "ruhu-sim/rush.rs"]
mod rush;
#[path = "ruhu-sim/show.rs"]
mod show;
#[path = "ruhu-sim/trial.rs"]
mod trial;

use show::Demo;

/// 模拟社区 – a synthetic community with its workers. No person, number or place in it is real.
#[derive(Parser)]
#[command(name = "ruhu-sim", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 演示:一个社区,六名工作者,本季度走访到今天 / The demo: a community whose quarter is worked up to today, served.
    Demo(Demo),
    /// 打印一座模拟社区的概况 / Print the figures of a seed's city as JSON.
    City(CityArgs),
    /// 写出模拟名册 / Write a seed's roster as an .xlsx file the importer reads.
    Roster {
        #[command(flatten)]
        city: CityArgs,
        /// Where to write it.
        #[arg(long, default_value = "roster.xlsx")]
        out: PathBuf,
    },
    /// 测量 / Measure; the figures are JSON on the last line.
    #[command(subcommand)]
    Bench(Bench),
    /// 故障 / Seeded weeks in which everything goes wrong that can; ends at the first that does not end well.
    Faults(trial::Faults),
    /// 强杀 / `ruhu serve` and `ruhu-phone` as processes, killed with `kill -9` at random moments under load.
    Kill(trial::Kill),
    /// 压力 / A running hub under thousands of phones over HTTP; the figures are JSON on the last line.
    Load(rush::Load),
    /// 评估 / How the hub's signals do against described falsifiers among honest workers; with --json on one line.
    Evaluate(judge::Evaluate),
    /// 恶意上传 / Hostile pushes against the gate and the hub; the figures are JSON on the last line.
    Hostile {
        /// How many entries.
        #[arg(long, default_value_t = 1_000_000)]
        entries: u64,
        /// Everything follows from it.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// 语料 / Changes with the gate's verdicts, as the JSON that `core/tests/corpus/changes.json` holds.
    Corpus {
        /// Everything follows from it.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Cases of each verdict.
        #[arg(long, default_value_t = 12)]
        each: usize,
    },
    /// The process that `bench phone` measures.
    #[command(hide = true)]
    PhoneProbe {
        /// What to measure, as JSON.
        probe: String,
    },
    /// The process whose memory `bench ingest` measures.
    #[command(hide = true)]
    HubProbe {
        /// The file that says what to push.
        list: PathBuf,
    },
    /// The process whose pages `bench coverage` measures.
    #[command(hide = true)]
    PageProbe {
        /// What to measure, as JSON.
        probe: String,
    },
}

#[derive(Subcommand)]
enum Bench {
    /// 同步:字节与往返 / Bytes and round trips of one grid, beside automerge's own protocol.
    Sync {
        /// Everything follows from it.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Households of the grid.
        #[arg(long, default_value_t = 400)]
        households: u32,
        /// Past visits of each household.
        #[arg(long, default_value_t = 20)]
        visits: u32,
    },
    /// 手机:打开、保存、内存、文件 / Opening, saving, memory and file of a phone with three years of visits.
    Phone {
        /// Everything follows from it.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Households on the phone.
        #[arg(long, default_value_t = 1000)]
        households: u32,
    },
    /// 接收:每秒走访数 / Visits received in a second, beside raw inserts into the same table.
    Ingest {
        /// Households in the database before.
        #[arg(long, default_value_t = 20_000)]
        households: u32,
        /// Entries in the log before: two of the roster for each household, the rest visits.
        #[arg(long, default_value_t = 200_000)]
        entries: u32,
        /// Pushes that are timed, at most.
        #[arg(long, default_value_t = 500)]
        pushes: u32,
        /// Threads that hand pushes to the hub, as the server's do.
        #[arg(long, default_value_t = 32)]
        threads: usize,
        /// A folder to build the database in and to keep; a temporary one when left out.
        #[arg(long)]
        data: Option<PathBuf>,
        /// An empty database on a server instead, as `ruhu --database` names it.
        #[arg(long)]
        database: Option<String>,
    },
    /// 复核:每秒记录数 / Records the signals read in a second, community after community.
    Flags {
        /// How many records at least.
        #[arg(long, default_value_t = 100_000)]
        records: usize,
        /// Everything follows from it.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// 入户率:页面与重算 / The desk's pages over a county, and reckoning all of it anew.
    Coverage {
        /// Households of the county.
        #[arg(long, default_value_t = 20_000)]
        households: u32,
        /// Entries in the log; five for each household when left out.
        #[arg(long)]
        entries: Option<u32>,
        /// A folder to build the database in and to keep; a temporary one when left out.
        #[arg(long)]
        data: Option<PathBuf>,
        /// An empty database on a server instead, as `ruhu --database` names it.
        #[arg(long)]
        database: Option<String>,
    },
}

#[derive(Args)]
struct CityArgs {
    /// Everything follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many households live there; vacant doors come on top.
    #[arg(long, default_value_t = 2400)]
    households: u32,
    /// How many grids, one worker each.
    #[arg(long, default_value_t = 6)]
    grids: u32,
    /// The day the roster was written; today when left out.
    #[arg(long)]
    on: Option<NaiveDate>,
}

impl CityArgs {
    fn build(&self) -> City {
        let on = self.on.unwrap_or_else(|| Zone::CHINA.date(SystemClock.read().wall));
        City::build(Plan { seed: self.seed, households: self.households, grids: self.grids, on })
    }
}

fn main() -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    match Cli::parse().command {
        Command::City(city) => {
            writeln!(out, "{}", serde_json::to_string_pretty(&summarise(&city.build()))?)?;
        }
        Command::Demo(args) => show::demo(&args, &mut out)?,
        Command::Bench(which) => bench(&mut out, &which)?,
        Command::Faults(args) => trial::faults(&args, &mut out)?,
        Command::Evaluate(args) => judge::run(&args, &mut out)?,
        Command::Kill(args) => trial::kill(&args, &mut out)?,
        Command::Load(args) => rush::load(&args, &mut out)?,
        Command::Corpus { seed, each } => {
            ruhu_sim::hostile::count_panics();
            let cases = ruhu_sim::hostile::corpus::corpus(seed, each);
            let lines: Result<Vec<_>, _> = cases.iter().map(serde_json::to_string).collect();
            writeln!(out, "[\n{}\n]", lines?.join(",\n"))?;
        }
        Command::Hostile { entries, seed } => attack::hostile(entries, seed, &mut out)?,
        Command::PhoneProbe { probe } => {
            let figures = phone::probe(&serde_json::from_str(&probe)?)?;
            writeln!(out, "{}", serde_json::to_string(&figures)?)?;
        }
        Command::HubProbe { list } => writeln!(out, "{}", serde_json::to_string(&ingest::probe(&list)?)?)?,
        Command::PageProbe { probe } => {
            writeln!(out, "{}", serde_json::to_string(&coverage::probe(&serde_json::from_str(&probe)?)?)?)?;
        }
        Command::Roster { city, out: path } => {
            let city = city.build();
            std::fs::write(&path, sheet::roster(&city)?)
                .with_context(|| format!("写出 / write {}", path.display()))?;
            writeln!(out, "{} 户室 / doors → {}", city.doors.len(), path.display())?;
        }
    }
    Ok(())
}

/// The day the benches stand at: figures of two days can be compared.
fn bench_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, 8).unwrap_or_default()
}

/// Where a county is kept; the folder is made if need be.
fn kept(folder: &Path, server: Option<&str>) -> anyhow::Result<Kept> {
    std::fs::create_dir_all(folder).with_context(|| format!("建立 / make {}", folder.display()))?;
    Ok(Kept { folder: folder.to_owned(), server: server.map(str::to_owned) })
}

fn bench(out: &mut impl Write, bench: &Bench) -> anyhow::Result<()> {
    // Progress, on the error stream: the figures alone go to the other.
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let folder = tempfile::tempdir().context("临时目录 / a temporary folder")?;
    let figures = match bench {
        Bench::Sync { seed, households, visits } => {
            serde_json::to_string(&sync::measure(folder.path(), *seed, *households, *visits, bench_day())?)?
        }
        Bench::Phone { seed, households } => {
            let program = std::env::current_exe().context("本程序路径 / this program's path")?;
            serde_json::to_string(&phone::measure(folder.path(), *seed, *households, bench_day(), &program)?)?
        }
        Bench::Flags { records, seed } => serde_json::to_string(&flags::measure(*seed, *records, &[]))?,
        Bench::Coverage { households, entries, data, database } => {
            let program = std::env::current_exe().context("本程序路径 / this program's path")?;
            let size = Size { households: *households, entries: entries.unwrap_or(households * 5) };
            let kept = kept(data.as_deref().unwrap_or(folder.path()), database.as_deref())?;
            serde_json::to_string(&coverage::measure(&kept, size, bench_day(), &program)?)?
        }
        Bench::Ingest { households, entries, pushes, threads, data, database } => {
            let program = std::env::current_exe().context("本程序路径 / this program's path")?;
            let size = Size { households: *households, entries: *entries };
            let wanted = ingest::Wanted { size, pushes: *pushes, threads: *threads, today: bench_day() };
            let kept = kept(data.as_deref().unwrap_or(folder.path()), database.as_deref())?;
            serde_json::to_string(&ingest::measure(&kept, wanted, &program)?)?
        }
    };
    writeln!(out, "{figures}")?;
    Ok(())
}
