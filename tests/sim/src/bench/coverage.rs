//! `ruhu-sim bench coverage` – the desk's pages over a county, and reckoning all of it anew.
//!
//! Pages are asked for through the router the product serves, signed in, one after the other; the time is the
//! server's, from the request to the whole answer. They and the memory are measured in a process of its own.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use ruhu_core::coverage::{Register, reckon};
use ruhu_core::ids::CommunityId;
use ruhu_core::time::Period;
use ruhu_server::storage::StorageError;
use serde::{Deserialize, Serialize};

use super::BenchError;
use super::county::{COMMUNITY_GRIDS, County, Kept, Patch, Size};
use super::pages::{self, Pages};
use crate::harness::HarnessError;

/// Threads that reckon.
const THREADS: usize = 2;

/// What the bench prints; milliseconds are medians.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoverageFigures {
    /// Households of the county.
    pub households: u32,
    /// Entries in the log.
    pub entries: u32,
    /// Communities of the county.
    pub communities: usize,
    /// The page of a county: every community.
    pub page_ms_county: f64,
    /// The page of a community: every grid.
    pub page_ms_community: f64,
    /// The page of a grid: its outstanding households.
    pub page_ms_grid: f64,
    /// What waits for the lead, milliseconds.
    pub page_ms_waiting: f64,
    /// Grids, workers and phones, milliseconds.
    pub page_ms_staff: f64,
    /// Draws, with what could be drawn counted, milliseconds.
    pub page_ms_spot_checks: f64,
    /// Households reckoned in a second, from their lives: both cores together.
    pub recompute_households_per_s: f64,
    /// The same with their lives derived from their files first.
    pub derive_households_per_s: f64,
    /// The same with their files read from the database first.
    pub reread_households_per_s: f64,
    /// Threads that reckoned.
    pub threads: usize,
    /// Memory resident in a process that holds the hub alone, after the pages.
    pub rss_mb: f64,
}

/// What the measured process is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Probe {
    /// Where the county is.
    pub kept: Kept,
    /// How large it is.
    pub size: Size,
    /// The day.
    pub today: NaiveDate,
}

/// Builds or opens the county, lets `program` measure the pages (`program page-probe <probe as JSON>`),
/// and reckons.
///
/// # Errors
/// [`BenchError`].
pub fn measure(
    kept: &Kept,
    size: Size,
    today: NaiveDate,
    program: &Path,
) -> Result<CoverageFigures, BenchError> {
    // Nobody else holds the database while the pages are measured.
    drop(County::at(kept, size, today)?);
    let told = serde_json::to_string(&Probe { kept: kept.clone(), size, today })?;
    let out = Command::new(program)
        .arg("page-probe")
        .arg(told)
        .output()
        .map_err(|source| BenchError::Io { what: "启动测量进程 start the probe", source })?;
    let pages: Pages = serde_json::from_slice(&out.stdout)?;
    tracing::info!("pages are measured");
    let county = County::at(kept, size, today)?;
    let rates = reckon_all(&county, today)?;
    Ok(CoverageFigures {
        households: size.households,
        entries: size.entries,
        communities: county.patches.chunks(grids_of_one()).count(),
        page_ms_county: pages.county_ms,
        page_ms_community: pages.community_ms,
        page_ms_grid: pages.grid_ms,
        page_ms_waiting: pages.waiting_ms,
        page_ms_staff: pages.staff_ms,
        page_ms_spot_checks: pages.spot_checks_ms,
        recompute_households_per_s: rates.reckoned,
        derive_households_per_s: rates.derived,
        reread_households_per_s: rates.reread,
        threads: THREADS,
        rss_mb: pages.rss_mb,
    })
}

/// Measures the pages in this process.
///
/// # Errors
/// [`BenchError`].
pub fn probe(probe: &Probe) -> Result<Pages, BenchError> {
    pages::measure(&County::at(&probe.kept, probe.size, probe.today)?, probe.today)
}

/// Households in a second.
#[derive(Clone, Copy, Debug, Default)]
struct Rates {
    reckoned: f64,
    derived: f64,
    reread: f64,
}

/// What one thread did.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    households: u32,
    reading: Duration,
    deriving: Duration,
    reckoning: Duration,
}

/// Reckons the running quarter of every community, each from its own register: nothing crosses their borders.
fn reckon_all(county: &County, today: NaiveDate) -> Result<Rates, BenchError> {
    let communities: Vec<&[Patch]> = county.patches.chunks(grids_of_one()).collect();
    let next = AtomicUsize::new(0);
    let work = || -> Result<Share, BenchError> {
        let mut share = Share::default();
        while let Some(patches) = communities.get(next.fetch_add(1, Ordering::Relaxed)) {
            one_community(county, patches, today, &mut share)?;
        }
        Ok(share)
    };
    let shares: Vec<Share> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        let done = threads.into_iter().map(|thread| thread.join().unwrap_or(Err(BenchError::Refused)));
        done.collect::<Result<_, _>>()
    })?;
    let mut rates = Rates::default();
    for share in shares.iter().filter(|share| 0 < share.households) {
        let rate = |spent: Duration| f64::from(share.households) / spent.as_secs_f64();
        rates.reckoned += rate(share.reckoning);
        rates.derived += rate(share.reckoning + share.deriving);
        rates.reread += rate(share.reckoning + share.deriving + share.reading);
    }
    Ok(rates)
}

fn one_community(
    county: &County,
    patches: &[Patch],
    today: NaiveDate,
    share: &mut Share,
) -> Result<(), BenchError> {
    let Some(community) = patches.first().map(|patch| patch.community) else { return Ok(()) };
    let started = Instant::now();
    let (file, files) = county
        .hub
        .storage()
        .read(|tx| {
            let mut files = Vec::new();
            for patch in patches {
                files.extend(tx.files_in(patch.grid)?.into_iter().map(|(_, file)| file));
            }
            Ok::<_, StorageError>((tx.community(community)?.unwrap_or_default(), files))
        })
        .map_err(HarnessError::from)?;
    share.reading += started.elapsed();
    let period = Period::quarter_of(today);
    let setting = file.coverage_setting(period).map_err(HarnessError::from)?;
    let started = Instant::now();
    let register = Register::new(&files, setting);
    share.deriving += started.elapsed();
    let started = Instant::now();
    let coverage = reckon(&register, period, today);
    share.reckoning += started.elapsed();
    // Every household of the county is due: a reckoning that left some out would be no reckoning.
    let households: u32 = patches.iter().map(|patch| patch.households).sum();
    if u32::try_from(coverage.obligations.len()).ok() != Some(households) {
        return Err(BenchError::Nothing);
    }
    share.households += households;
    Ok(())
}

fn grids_of_one() -> usize {
    usize::try_from(COMMUNITY_GRIDS).unwrap_or(usize::MAX)
}

/// The community in the middle of the county.
pub(super) fn middle(county: &County) -> Option<(CommunityId, &Patch)> {
    county.patches.get(county.patches.len() / 2).map(|patch| (patch.community, patch))
}
