//! `ruhu-sim bench phone` – a phone with a thousand households and three years of visits, on a real file.
//!
//! The file is written by the first load of a fresh phone; a process of its own then opens it, so that its memory
//! is the phone's and nobody else's.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use ruhu_core::fieldbook::{Fieldbook, FieldbookError};
use ruhu_core::ids::GridId;
use ruhu_core::roster::Unit;
use ruhu_core::time::{FixedClock, Zone};
use ruhu_core::visit::{MeetingPlace, VisitBody, VisitDraft, VisitOutcome};
use serde::{Deserialize, Serialize};

use super::BenchError;
use super::load::load;
use super::site::{GRID, Site};
use crate::dice::Dice;
use crate::harness::{HarnessError, SimPhone};

/// Three years, in days.
const PAST_DAYS: u32 = 3 * 365;
/// One visit a quarter.
const VISITS: u32 = 12;
/// How often the file is opened; the median counts.
const OPENINGS: u32 = 7;
/// How many visits are saved.
const SAVES: usize = 400;

/// What the bench prints; milliseconds of wall time, medians.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhoneFigures {
    /// Whether the file is encrypted.
    pub encrypted: bool,
    /// Households on the phone.
    pub households: u32,
    /// Visits on the phone before the saves.
    pub visits: usize,
    /// From opening the file to the due list.
    pub open_to_due_ms: f64,
    /// Of which opening the file.
    pub open_ms: f64,
    /// One visit saved durably, median.
    pub save_ms_p50: f64,
    /// One visit saved durably, 99th percentile.
    pub save_ms_p99: f64,
    /// Memory resident with the due list at hand.
    pub rss_mb: f64,
    /// The file with its journal.
    pub file_mb: f64,
}

/// What the measured process is told, and what it needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// The phone's file.
    pub file: String,
    /// Its grid.
    pub grid: GridId,
    /// The moment, in milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// Households on the phone.
    pub households: u32,
    /// Visits on the phone.
    pub visits: usize,
}

/// Builds the phone's file in a folder and lets `program` measure it (`program phone-probe <probe as JSON>`).
///
/// # Errors
/// [`BenchError`].
pub fn measure(
    folder: &Path,
    seed: u64,
    households: u32,
    today: NaiveDate,
    program: &Path,
) -> Result<PhoneFigures, BenchError> {
    let probe = prepare(folder, seed, households, today)?;
    let mut command = Command::new(program);
    command.arg("phone-probe").arg(serde_json::to_string(&probe)?);
    let out = command
        .output()
        .map_err(|source| BenchError::Io { what: "启动测量进程 start the probe", source })?;
    Ok(serde_json::from_slice(&out.stdout)?)
}

/// Writes the past through one phone, and loads it into a fresh one with a file.
///
/// # Errors
/// [`BenchError`].
pub fn prepare(folder: &Path, seed: u64, households: u32, today: NaiveDate) -> Result<Probe, BenchError> {
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let load = load(seed, households, VISITS, PAST_DAYS, yesterday);
    let (site, _) = Site::build(folder, &load)?;
    let now = Zone::CHINA.instant(today, NaiveTime::from_hms_opt(9, 0, 0).unwrap_or(NaiveTime::MIN));
    site.hub.clock().move_to(now);
    let file = folder.join("phone.db").to_string_lossy().into_owned();
    let mut phone = SimPhone::enrol(&site.hub, site.cover, &file, seed)?;
    phone.sync(&site.hub)?;
    drop(phone);
    #[cfg(feature = "sqlcipher")]
    ruhu_core::store::Store::encrypt(&file, &key())
        .map_err(FieldbookError::from)
        .map_err(HarnessError::from)?;
    let grid = site.hub.grid(GRID).ok_or(BenchError::Nothing)?;
    Ok(Probe { file, grid, now_ms: now.timestamp_millis(), households, visits: load.past.len() })
}

/// Measures in this process.
///
/// # Errors
/// [`BenchError`].
pub fn probe(probe: &Probe) -> Result<PhoneFigures, BenchError> {
    let now = DateTime::from_timestamp_millis(probe.now_ms).unwrap_or_default();
    let (mut openings, mut opened) = (Vec::new(), Vec::new());
    let mut last = None;
    for nth in 0..OPENINGS {
        drop(last.take());
        let started = Instant::now();
        let book = open(probe, now, nth).map_err(HarnessError::from)?;
        opened.push(started.elapsed().as_secs_f64() * 1000.0);
        let due = book.due(None, Some(probe.grid)).map_err(HarnessError::from)?;
        openings.push(started.elapsed().as_secs_f64() * 1000.0);
        last = Some((book, due));
    }
    let (mut book, due) = last.ok_or(BenchError::Nothing)?;
    let rss_mb = resident_mb()?;
    let mut saves = Vec::new();
    for row in due.rows.iter().filter(|row| matches!(row.due.unit, Unit::Household(_))).take(SAVES) {
        let draft = VisitDraft {
            unit: Some(row.due.unit),
            dwelling: Some(row.due.dwelling),
            outcome: Some(VisitOutcome::Met { place: MeetingPlace::Inside }),
            body: VisitBody { nothing_changed: true, ..VisitBody::default() },
            ..VisitDraft::default()
        };
        let started = Instant::now();
        book.save_visit(draft, &[]).map_err(HarnessError::from)?;
        saves.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(PhoneFigures {
        encrypted: cfg!(feature = "sqlcipher"),
        households: probe.households,
        visits: probe.visits,
        open_to_due_ms: percentile(&mut openings, 50).ok_or(BenchError::Nothing)?,
        open_ms: percentile(&mut opened, 50).ok_or(BenchError::Nothing)?,
        save_ms_p50: percentile(&mut saves, 50).ok_or(BenchError::Nothing)?,
        save_ms_p99: percentile(&mut saves, 99).ok_or(BenchError::Nothing)?,
        rss_mb,
        file_mb: file_mb(&probe.file)?,
    })
}

fn open(probe: &Probe, now: DateTime<Utc>, nth: u32) -> Result<Fieldbook, FieldbookError> {
    let rng = Dice::new(u64::from(nth), "probe", &[]).rng().clone();
    let clock = Arc::new(FixedClock(now));
    #[cfg(feature = "sqlcipher")]
    return Fieldbook::open_encrypted(&probe.file, &key(), "ruhu-sim/bench", clock, Box::new(rng));
    #[cfg(not(feature = "sqlcipher"))]
    Fieldbook::open(&probe.file, "ruhu-sim/bench", clock, Box::new(rng))
}

/// Any key will do: what is measured is what one costs.
#[cfg(feature = "sqlcipher")]
fn key() -> ruhu_core::store::StoreKey {
    ruhu_core::store::StoreKey::new([0x5A; 32])
}

/// The smallest value that at least so many of a hundred do not exceed; `None` of nothing.
pub(crate) fn percentile(values: &mut [f64], of_100: usize) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let place = (values.len() * of_100).div_ceil(100).saturating_sub(1);
    values.get(place).copied()
}

/// What the kernel says this process holds in memory.
pub(super) fn resident_mb() -> Result<f64, BenchError> {
    let status = std::fs::read_to_string("/proc/self/status")
        .map_err(|source| BenchError::Io { what: "读取内存占用 read the memory in use", source })?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kb = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kb.map(|kb| kb / 1024.0).ok_or(BenchError::Nothing)
}

/// Processor time this process has used, in all threads.
pub(super) fn processor_time() -> Result<Duration, BenchError> {
    let stat = std::fs::read_to_string("/proc/self/stat")
        .map_err(|source| BenchError::Io { what: "读取处理器时间 read the processor time", source })?;
    // After the name in brackets, user and system time are the 12th and 13th, in hundredths of a second.
    let (_, rest) = stat.rsplit_once(')').ok_or(BenchError::Nothing)?;
    let ticks: u64 = rest.split_whitespace().skip(11).take(2).filter_map(|one| one.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 10))
}

fn file_mb(file: &str) -> Result<f64, BenchError> {
    let size = |path: String| std::fs::metadata(path).map(|found| found.len());
    let main = size(file.to_owned())
        .map_err(|source| BenchError::Io { what: "读取文件大小 read the size of the file", source })?;
    // The journal is gone when the file was closed in good order.
    let journal = size(format!("{file}-wal")).unwrap_or(0);
    let kib = u32::try_from((main + journal) / 1024).unwrap_or(u32::MAX);
    Ok(f64::from(kib) / 1024.0)
}
