//! `ruhu-sim faults` and `ruhu-sim kill` – everything that can go wrong, in one process and in many.

use std::io::Write;
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use ruhu_core::time::SystemClock;
use ruhu_sim::faults::kill;
use ruhu_sim::faults::{Prepared, Story, run, try_seed};

/// Seeds run between two lines of progress.
const STRIDE: u64 = 1_000;

/// Which seeds to live.
#[derive(Args)]
pub(crate) struct Faults {
    /// 种子 A..B / seeds from A to before B; or one, with its story.
    #[arg(long, default_value = "0..1000")]
    seeds: String,
    /// At once.
    #[arg(long, default_value_t = 2)]
    threads: u32,
}

/// How often to kill.
#[derive(Args)]
pub(crate) struct Kill {
    /// 次数 / kills in all, of the hub and of phones.
    #[arg(long, default_value_t = 20)]
    times: u32,
    /// Who is killed when follows from it, as far as the machine lets it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// The two programs are those beside this one.
pub(crate) fn kill(args: &Kill, out: &mut impl Write) -> anyhow::Result<()> {
    let own = std::env::current_exe().context("本程序路径 / this program's path")?;
    let (hub, phone) = (own.with_file_name("ruhu"), own.with_file_name("ruhu-phone"));
    let plan = kill::Plan { times: args.times, seed: args.seed, hub, phone };
    writeln!(out, "{}", serde_json::to_string(&kill::run(&plan, &SystemClock))?)?;
    Ok(())
}

pub(crate) fn faults(args: &Faults, out: &mut impl Write) -> anyhow::Result<()> {
    let prepared = Prepared::new();
    let Some((from, to)) = args.seeds.split_once("..") else {
        let story = Story::default();
        let lived = try_seed(&prepared, args.seeds.parse()?, &story);
        for line in story.lines() {
            writeln!(out, "{line}")?;
        }
        let met = lived.map_err(|failed| anyhow::anyhow!("{}", failed.why))?;
        writeln!(out, "{}", serde_json::to_string(&met)?)?;
        return Ok(());
    };
    let (mut next, to): (u64, u64) = (from.trim().parse()?, to.trim().parse()?);
    let began = Instant::now();
    let mut all = ruhu_sim::faults::Met::default();
    while next < to {
        let end = next.saturating_add(STRIDE).min(to);
        all.add(run(&prepared, next..end, args.threads).map_err(|failed| anyhow::anyhow!("{failed}"))?);
        writeln!(out, "{end}: {:.1} s", began.elapsed().as_secs_f64())?;
        next = end;
    }
    writeln!(out, "{}", serde_json::to_string(&all)?)?;
    Ok(())
}
