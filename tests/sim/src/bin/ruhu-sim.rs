//! `ruhu-sim` – the synthetic community: its roster, the demo, the benchmarks.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use ruhu_core::time::{Clock, SystemClock, Zone};
use ruhu_sim::city::{City, Plan, summarise};
use ruhu_sim::sheet;

/// 模拟社区 – a synthetic community with its workers. No person, number or place in it is real.
#[derive(Parser)]
#[command(name = "ruhu-sim", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
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
    let mut out = std::io::stdout().lock();
    match Cli::parse().command {
        Command::City(city) => {
            writeln!(out, "{}", serde_json::to_string_pretty(&summarise(&city.build()))?)?;
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
