//! `ruhu-sim bench ingest` – visits through the hub's real path, beside raw inserts of the same bytes into the same
//! table.
//!
//! Requests are sealed, signed and packed before the clock starts: in life that is the phones' work. A round is one
//! push from every phone; threads hand the requests to [`Hub::sync`] as the server does, and only that is timed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use ruhu_core::sync::wire::Verdict;
use ruhu_server::storage::Hub;
use serde::{Deserialize, Serialize};

use super::BenchError;
use super::county::{County, Kept, Size, database, noon};
use super::phone::{percentile, processor_time, resident_mb};
use super::pushes::push;
use super::raw;
use crate::dice::Dice;
use crate::harness::{HarnessError, SimClock};

/// Visits of one push.
pub const PUSH_SIZE: u32 = 30;
/// Rounds that are pushed and not counted: caches and the write-ahead log come into their usual state.
const WARM_UP: u32 = 1;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The county before.
    pub size: Size,
    /// Pushes that are timed, at most: no phone visits a household twice in the quarter.
    pub pushes: u32,
    /// Threads that hand requests to the hub.
    pub threads: usize,
    /// The day.
    pub today: NaiveDate,
}

/// What the bench prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IngestFigures {
    /// Visits received durably in a second.
    pub visits_per_s: f64,
    /// Raw inserts of the same bytes in a second.
    pub raw_rows_per_s: f64,
    /// One by the other.
    pub ratio: f64,
    /// Processor time of the hub for a visit, in microseconds, all threads: what two idle cores could take at most
    /// follows from it when the machine is busy with other things.
    pub cpu_us_per_visit: f64,
    /// Processor time of a raw insert, in microseconds; `null` where another process does it.
    pub raw_cpu_us_per_row: Option<f64>,
    /// Visits of one push.
    pub push_size: u32,
    /// Households before.
    pub households: u32,
    /// Entries in the log before.
    pub entries: i64,
    /// One push from the request to its durable reply, 99th percentile, all threads pushing.
    pub p99_ms: f64,
    /// Memory resident in a process that holds the hub alone, after a round of pushes.
    pub rss_mb: f64,
    /// Pushes timed.
    pub pushes: usize,
    /// Threads that pushed.
    pub threads: usize,
    /// Visits of one transaction, on average; the raw inserts commit as many at a time.
    pub commit_size: u32,
}

/// What the measured process is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Probe {
    /// Where the county is.
    pub kept: Kept,
    /// One file a request.
    pub requests: Vec<PathBuf>,
    /// Threads that push.
    pub threads: usize,
    /// The day.
    pub today: NaiveDate,
}

/// What the measured process says.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ProbeFigures {
    /// Memory resident.
    pub rss_mb: f64,
}

/// Builds or opens the county, pushes, and lets `program` measure the memory
/// (`program hub-probe <probe as JSON>`).
///
/// # Errors
/// [`BenchError`].
pub fn measure(kept: &Kept, wanted: Wanted, program: &Path) -> Result<IngestFigures, BenchError> {
    let county = County::at(kept, wanted.size, wanted.today)?;
    let entries = county.hub.storage().read(|tx| tx.last_pos()).map_err(HarnessError::from)?.0;
    tracing::info!(entries, "the county stands");
    let (mut spent, mut worked) = (Duration::ZERO, Duration::ZERO);
    let (mut taken, mut waits) = (0_u32, Vec::new());
    let mut commits = 0;
    let mut round = 0;
    let first = entries + 1;
    while taken < wanted.pushes {
        let ask = wanted.pushes - taken;
        let requests = round_of(&county, ask, wanted.today)?;
        if requests.is_empty() {
            break;
        }
        let before = county.hub.storage().commits();
        let (started, worked_before) = (Instant::now(), processor_time()?);
        let mut waited = send(&county.hub, wanted.threads, requests.len(), |nth| requests.get(nth).cloned())?;
        let (took, work) = (started.elapsed(), processor_time()?.saturating_sub(worked_before));
        tracing::info!(pushes = requests.len(), ms = u64::try_from(took.as_millis()).unwrap_or(0), "round");
        round += 1;
        if round <= WARM_UP {
            continue;
        }
        commits += county.hub.storage().commits() - before;
        spent += took;
        worked += work;
        taken += u32::try_from(requests.len()).unwrap_or(u32::MAX);
        waits.append(&mut waited);
    }
    let visits = taken * PUSH_SIZE;
    let commit_size = u32::try_from(u64::from(visits).div_ceil(commits.max(1))).unwrap_or(u32::MAX);
    let rss_mb = resident(&county, kept, wanted, program)?;
    let raw = match &kept.server {
        None => raw::measure(&database(&kept.folder), first, commit_size)?,
        Some(address) => raw::measure_server(address, first, commit_size)?,
    };
    let visits_per_s = f64::from(visits) / spent.as_secs_f64();
    Ok(IngestFigures {
        visits_per_s,
        raw_rows_per_s: raw.rows_per_s,
        ratio: visits_per_s / raw.rows_per_s,
        cpu_us_per_visit: worked.as_secs_f64() * 1e6 / f64::from(visits),
        raw_cpu_us_per_row: raw.cpu_us_per_row,
        push_size: PUSH_SIZE,
        households: wanted.size.households,
        entries,
        p99_ms: percentile(&mut waits, 99).ok_or(BenchError::Nothing)?,
        rss_mb,
        pushes: waits.len(),
        threads: wanted.threads,
        commit_size,
    })
}

/// One push from every phone that still has households it has not visited this quarter, `ask` at most.
fn round_of(county: &County, ask: u32, day: NaiveDate) -> Result<Vec<Vec<u8>>, BenchError> {
    let mut requests = Vec::new();
    for patch in county.patches.iter().take(usize::try_from(ask).unwrap_or(usize::MAX)) {
        let standing = county.standing(patch).map_err(HarnessError::from)?;
        let done = standing.chain.next_seq - 1;
        let past = u64::from(county.size.visits_of(patch));
        if u64::from(patch.households) < done.saturating_sub(past) + u64::from(PUSH_SIZE) {
            continue;
        }
        requests.push(push(county, patch, PUSH_SIZE, day)?);
    }
    Ok(requests)
}

/// Hands `count` requests to the hub from several threads; how long each waited, in milliseconds.
fn send(
    hub: &Arc<Hub>,
    threads: usize,
    count: usize,
    request: impl Fn(usize) -> Option<Vec<u8>> + Sync,
) -> Result<Vec<f64>, BenchError> {
    let next = AtomicUsize::new(0);
    let waits = Mutex::new(Vec::with_capacity(count));
    let work = || -> Result<(), BenchError> {
        let mut own = Vec::new();
        loop {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            let Some(request) = (nth < count).then(|| request(nth)).flatten() else { break };
            let started = Instant::now();
            let synced = hub.sync(&request).map_err(|_| BenchError::Refused)?;
            own.push(started.elapsed().as_secs_f64() * 1000.0);
            if !synced.verdicts.iter().all(|verdict| matches!(verdict, Verdict::Accepted { .. })) {
                return Err(BenchError::Refused);
            }
        }
        waits.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
        Ok(())
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        all.into_iter().try_for_each(|thread| thread.join().unwrap_or(Err(BenchError::Refused)))
    })?;
    Ok(waits.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Lets a process of its own take one more round, and asks what it holds in memory afterwards.
fn resident(county: &County, kept: &Kept, wanted: Wanted, program: &Path) -> Result<f64, BenchError> {
    let io = |what| move |source| BenchError::Io { what, source };
    let place = kept.folder.join("requests");
    std::fs::create_dir_all(&place).map_err(io("写出请求 write the requests"))?;
    let mut requests = Vec::new();
    for (nth, request) in round_of(county, u32::MAX, wanted.today)?.into_iter().enumerate() {
        let file = place.join(nth.to_string());
        std::fs::write(&file, request).map_err(io("写出请求 write the requests"))?;
        requests.push(file);
    }
    let told = Probe { kept: kept.clone(), requests, threads: wanted.threads, today: wanted.today };
    let list = kept.folder.join("probe.json");
    std::fs::write(&list, serde_json::to_string(&told)?).map_err(io("写出请求 write the requests"))?;
    let mut command = Command::new(program);
    let out = command.arg("hub-probe").arg(&list).output().map_err(io("启动测量进程 start the probe"))?;
    Ok(serde_json::from_slice::<ProbeFigures>(&out.stdout)?.rss_mb)
}

/// Measures in this process what [`measure`] asks its child for; `list` is the file with the [`Probe`].
///
/// # Errors
/// [`BenchError`].
pub fn probe(list: &Path) -> Result<ProbeFigures, BenchError> {
    let io = |source| BenchError::Io { what: "读取请求 read the requests", source };
    let probe: Probe = serde_json::from_str(&std::fs::read_to_string(list).map_err(io)?)?;
    let rng = Dice::new(2, "probe", &[]).rng().clone();
    let clock = Arc::new(SimClock::at(noon(probe.today)));
    let hub = Arc::new(Hub::open(probe.kept.database()?, clock, Box::new(rng)).map_err(HarnessError::from)?);
    send(&hub, probe.threads, probe.requests.len(), |nth| std::fs::read(probe.requests.get(nth)?).ok())?;
    Ok(ProbeFigures { rss_mb: resident_mb()? })
}
