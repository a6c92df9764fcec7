//! `ruhu-sim load` – a running hub under thousands of phones.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use rand::SeedableRng;
use ruhu_core::time::SystemClock;
use ruhu_server::cli::database;
use ruhu_server::storage::Hub;
use ruhu_sim::load::{Plan, Progress, prepare, run};

/// Seconds between two lines of progress.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// Which hub, and how hard.
#[derive(Args)]
pub(crate) struct Load {
    /// 中心网址 / where the hub listens, e.g. <http://127.0.0.1:8080>.
    #[arg(long)]
    hub: String,
    /// 中心的数据目录 / the hub's data folder: the roster and the codes are written there beside the running server.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// 中心的数据库 / its database, where that is on a server.
    #[arg(long)]
    database: Option<String>,
    /// 中心的私有证书 / the hub's own certificate authority, a PEM file.
    #[arg(long)]
    root_pem: Option<PathBuf>,
    /// 手机数 / phones; each has a grid of its own.
    #[arg(long, default_value_t = 1_000)]
    phones: u32,
    /// 每网格户数 / households of a grid.
    #[arg(long, default_value_t = 120)]
    households: u32,
    /// 天数 / days worked: one push each.
    #[arg(long, default_value_t = 3)]
    days: u32,
    /// 每日走访 / visits of a day and phone.
    #[arg(long, default_value_t = 30)]
    visits: u32,
    /// 并发 / requests on their way at once.
    #[arg(long, default_value_t = 64)]
    at_once: u32,
    /// 每秒请求上限 / requests begun in a second at most; as fast as possible when left out.
    #[arg(long)]
    per_s: Option<u32>,
    /// 最长分钟数 / nothing new is begun after so many minutes.
    #[arg(long, default_value_t = 30)]
    minutes: u64,
    /// 允许对别处的试验中心加压 / the hub may be on another machine. Never one that people use.
    #[arg(long)]
    elsewhere: bool,
}

/// Drives the hub; progress on the error stream, the figures as JSON on the last line of the other.
///
/// # Errors
/// When the run could not begin.
pub(crate) fn load(args: &Load, out: &mut impl Write) -> anyhow::Result<()> {
    let read = |path: &PathBuf| {
        std::fs::read(path).with_context(|| format!("读取证书 / read the certificate {}", path.display()))
    };
    let plan = Plan {
        hub: args.hub.clone(),
        root_pem: args.root_pem.as_ref().map(read).transpose()?,
        phones: args.phones,
        households: args.households,
        days: args.days,
        visits: args.visits,
        at_once: args.at_once,
        per_s: args.per_s,
        ends_after: Duration::from_secs(args.minutes * 60),
        elsewhere: args.elsewhere,
    };
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|why| anyhow::anyhow!("随机数 / randomness: {why}"))?;
    let randomness = Box::new(rand_chacha::ChaCha20Rng::from_seed(seed));
    let clock = Arc::new(SystemClock);
    let at = database(&args.data, args.database.as_deref())?;
    let hub = Hub::open(at, Arc::clone(&clock) as _, randomness)?;
    // Before there is a runtime: a database on a server is waited for.
    let ground = prepare(&plan, &hub, &*clock)?;
    drop(hub);
    let began = Instant::now();
    let last = std::cell::Cell::new(began);
    let told = |at: Progress| {
        if last.get().elapsed() < TOLD_EVERY {
            return;
        }
        last.set(Instant::now());
        let name = match at.round {
            0 => "登记 enrol".to_owned(),
            1 => "首次下载 first load".to_owned(),
            round if round + 1 == at.rounds => "最后一看 last look".to_owned(),
            round => format!("第{}天 day {}", round - 1, round - 1),
        };
        // Progress is for a person who waits; a closed pipe is no reason to stop.
        drop(writeln!(
            std::io::stderr(),
            "{:>5} s  {name}: {} / {} 部 phones, {} 次走访 visits, {} 错误 errors",
            began.elapsed().as_secs(),
            at.phones,
            args.phones,
            at.visits,
            at.errors
        ));
    };
    let runtime = tokio::runtime::Runtime::new().context("运行时 / runtime")?;
    let figures = runtime.block_on(run(&plan, ground, clock, told))?;
    writeln!(out, "{}", serde_json::to_string(&figures)?)?;
    Ok(())
}
