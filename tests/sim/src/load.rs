//! 压力 – a running hub under thousands of phones, over real HTTP.
//!
//! The ground is laid beside the running server, as the command line does: communities, households, one-time codes.
//! From then on there is nothing but HTTP: every phone enrols, loads its grid, and pushes a day's visits as often as
//! there are days. The phones keep no file: what is measured is the hub. They share its machine, and sign.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::Uri;
use chrono::Days;
use ruhu_core::sync::http::{Carrier, CarrierOptions, CarryError};
use ruhu_core::time::{Clock, Zone};
use ruhu_server::storage::{Hub, StorageError};
use serde::Serialize;
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval};

mod ground;
mod phone;

use crate::bench::phone::percentile;
use ground::Invited;
use phone::Phone;

/// Phones at most: more would try this program, not the hub.
pub const PHONES_MAX: u32 = 20_000;
/// Visits of one push at most; a phone sends more in parts.
pub const VISITS_MAX: u32 = 200;

/// What is driven, and how hard.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the hub listens.
    pub hub: String,
    /// Its own certificate authority as PEM, where it has one.
    pub root_pem: Option<Vec<u8>>,
    /// Phones; each has a grid of its own.
    pub phones: u32,
    /// Households of a grid.
    pub households: u32,
    /// Days worked: one push each.
    pub days: u32,
    /// Visits of a day and phone.
    pub visits: u32,
    /// Requests on their way at once.
    pub at_once: u32,
    /// Requests begun in a second at most; `None` for as many as there can be.
    pub per_s: Option<u32>,
    /// Nothing new is begun after this time.
    pub ends_after: Duration,
    /// Whether the hub may be on another machine.
    pub elsewhere: bool,
}

/// Why a run could not begin.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A hub that may be in use by people.
    #[error(
        "只对本机的中心加压;若确要对别处的试验中心加压,请加 --elsewhere / only a hub on this machine is loaded: add --elsewhere if another one is meant for trials"
    )]
    Elsewhere,
    /// Out of bounds.
    #[error(
        "手机数 1 至 {PHONES_MAX},每日走访 1 至 {VISITS_MAX},天数与并发至少 1 / 1 to {PHONES_MAX} phones, 1 to {VISITS_MAX} visits a day, at least one day and one at once"
    )]
    Bounds,
    /// The hub's database did not take the roster.
    #[error("写入名册 / write the roster")]
    Ground(#[source] Box<ruhu_server::ingest::office::ActError>),
    /// No code could be made.
    #[error("生成登记码 / make a one-time code")]
    Code(#[from] ruhu_server::ingest::enrol::CodeError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The way to the hub.
    #[error(transparent)]
    Carry(#[from] CarryError),
}

/// What came of it. Milliseconds are of one request, from its first byte to the whole answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Phones that enrolled.
    pub phones: u32,
    /// Days worked.
    pub days: u32,
    /// Visits the hub acknowledged.
    pub visits: u64,
    /// Of these in a second, while days were worked.
    pub visits_per_s: f64,
    /// A day's push, median.
    pub push_ms_p50: f64,
    /// A day's push, 99th percentile.
    pub push_ms_p99: f64,
    /// A round trip with nothing to push, median: first loads and last looks.
    pub pull_ms_p50: f64,
    /// The same, 99th percentile.
    pub pull_ms_p99: f64,
    /// Requests in all.
    pub requests: u64,
    /// Bytes of bodies sent.
    pub bytes_up: u64,
    /// Bytes of bodies received.
    pub bytes_down: u64,
    /// Seconds from the first request to the last answer.
    pub seconds: f64,
    /// Whether the time was up before the work was done.
    pub cut_short: bool,
    /// What went wrong, by kind; empty when nothing did.
    pub errors: BTreeMap<String, u64>,
}

/// 场地 – what is in the hub's database, and a code for every phone.
pub struct Ground(Vec<Invited>);

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// 0 enrolment, 1 first load, then the days, then the last look.
    pub round: u32,
    /// Rounds in all.
    pub rounds: u32,
    /// Phones that are done with it.
    pub phones: u32,
    /// Visits acknowledged so far.
    pub visits: u64,
    /// Requests that went wrong so far.
    pub errors: u64,
}

/// What all phones share.
pub(crate) struct Shared {
    pub(crate) carrier: Carrier,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tally: Mutex<Tally>,
    pub(crate) visits: AtomicU64,
    pace: Option<tokio::sync::Mutex<Interval>>,
}

/// What was counted.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) push_ms: Vec<f64>,
    pub(crate) pull_ms: Vec<f64>,
    pub(crate) requests: u64,
    pub(crate) bytes_up: u64,
    pub(crate) bytes_down: u64,
    pub(crate) errors: BTreeMap<String, u64>,
}

impl Shared {
    pub(crate) fn tally(&self) -> std::sync::MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn went_wrong(&self, kind: impl Into<String>) {
        *self.tally().errors.entry(kind.into()).or_default() += 1;
    }

    /// Waits for the next turn where there is a pace.
    pub(crate) async fn turn(&self) {
        if let Some(pace) = &self.pace {
            pace.lock().await.tick().await;
        }
    }
}

/// Lays the ground in the hub's database. Blocks: no async task may call it.
///
/// # Errors
/// [`LoadError`].
pub fn prepare(plan: &Plan, hub: &Hub, clock: &dyn Clock) -> Result<Ground, LoadError> {
    check(plan)?;
    Ok(Ground(ground::lay(hub, plan, Zone::CHINA.date(clock.read().wall))?))
}

/// Drives the hub that serves the ground; `told` hears of every phone.
///
/// # Errors
/// [`LoadError`]; what goes wrong with single requests is counted.
pub async fn run(
    plan: &Plan,
    ground: Ground,
    clock: Arc<dyn Clock>,
    told: impl Fn(Progress),
) -> Result<Figures, LoadError> {
    check(plan)?;
    let options = CarrierOptions { root_pem: plan.root_pem.clone(), plain_http: plan.elsewhere };
    let pace = plan.per_s.map(|per_s| {
        let mut pace = interval(Duration::from_secs(1) / per_s.max(1));
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tokio::sync::Mutex::new(pace)
    });
    let shared = Arc::new(Shared {
        carrier: Carrier::new(&plan.hub, &options)?,
        clock: Arc::clone(&clock),
        tally: Mutex::default(),
        visits: AtomicU64::new(0),
        pace,
    });
    let today = Zone::CHINA.date(clock.read().wall);
    let began = Instant::now();
    let late = || plan.ends_after <= began.elapsed();
    let rounds = plan.days + 3;
    let mut figures = Figures { days: plan.days, ..Figures::default() };
    let mut phones: Vec<Phone> = Vec::new();
    let mut spent = Duration::ZERO;
    let told = |round: u32, done: u32, shared: &Shared| {
        let errors = shared.tally().errors.values().sum();
        told(Progress { round, rounds, phones: done, visits: shared.visits.load(Ordering::Relaxed), errors });
    };

    let mut waiting = ground.0.into_iter();
    let mut busy = JoinSet::new();
    loop {
        while busy.len() < at_once(plan)
            && !late()
            && let Some(one) = waiting.next()
        {
            let shared = Arc::clone(&shared);
            busy.spawn(async move { Phone::enrol(one, &shared).await });
        }
        let Some(done) = busy.join_next().await else { break };
        phones.extend(done.ok().flatten());
        told(0, u32::try_from(phones.len()).unwrap_or(u32::MAX), &shared);
    }
    figures.phones = u32::try_from(phones.len()).unwrap_or(u32::MAX);
    for round in 1..rounds {
        let day = (2..2 + plan.days).contains(&round).then(|| {
            let back = u64::from(plan.days + 1 - round);
            today.checked_sub_days(Days::new(back)).unwrap_or(today)
        });
        let started = Instant::now();
        let mut waiting = std::mem::take(&mut phones).into_iter();
        let mut busy = JoinSet::new();
        loop {
            while busy.len() < at_once(plan)
                && !late()
                && let Some(mut phone) = waiting.next()
            {
                let (shared, visits) = (Arc::clone(&shared), plan.visits);
                busy.spawn(async move {
                    match day {
                        Some(day) => phone.work(visits, day, &shared).await,
                        None => phone.read(&shared).await,
                    }
                    phone
                });
            }
            let Some(done) = busy.join_next().await else { break };
            phones.extend(done.ok());
            told(round, u32::try_from(phones.len()).unwrap_or(u32::MAX), &shared);
        }
        if day.is_some() {
            spent += started.elapsed();
        }
        figures.cut_short |= late();
    }
    figures.seconds = began.elapsed().as_secs_f64();
    figures.visits = shared.visits.load(Ordering::Relaxed);
    // Below PHONES_MAX * VISITS_MAX a day: far within what 32 bits hold, except for a year of days.
    let visits = u32::try_from(figures.visits).unwrap_or(u32::MAX);
    figures.visits_per_s = f64::from(visits) / spent.as_secs_f64().max(0.001);
    let mut tally = std::mem::take(&mut *shared.tally());
    figures.push_ms_p50 = percentile(&mut tally.push_ms, 50).unwrap_or_default();
    figures.push_ms_p99 = percentile(&mut tally.push_ms, 99).unwrap_or_default();
    figures.pull_ms_p50 = percentile(&mut tally.pull_ms, 50).unwrap_or_default();
    figures.pull_ms_p99 = percentile(&mut tally.pull_ms, 99).unwrap_or_default();
    (figures.requests, figures.bytes_up, figures.bytes_down) =
        (tally.requests, tally.bytes_up, tally.bytes_down);
    figures.errors = tally.errors;
    Ok(figures)
}

fn at_once(plan: &Plan) -> usize {
    usize::try_from(plan.at_once).unwrap_or(usize::MAX)
}

fn check(plan: &Plan) -> Result<(), LoadError> {
    let bounded = (1..=PHONES_MAX).contains(&plan.phones)
        && (1..=VISITS_MAX).contains(&plan.visits)
        && 1 <= plan.days
        && 1 <= plan.at_once
        && 1 <= plan.households;
    if !bounded {
        return Err(LoadError::Bounds);
    }
    let uri: Option<Uri> = plan.hub.parse().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default().trim_matches(['[', ']']);
    let here =
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if here || plan.elsewhere { Ok(()) } else { Err(LoadError::Elsewhere) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(hub: &str) -> Plan {
        Plan {
            hub: hub.into(),
            root_pem: None,
            phones: 1,
            households: 1,
            days: 1,
            visits: 1,
            at_once: 1,
            per_s: None,
            ends_after: Duration::from_secs(1),
            elsewhere: false,
        }
    }

    #[test]
    fn only_a_hub_on_this_machine_is_loaded_unless_that_was_asked_for() {
        for here in ["http://127.0.0.1:8080", "https://localhost", "http://[::1]:1"] {
            assert!(check(&plan(here)).is_ok(), "{here}");
        }
        for there in ["https://ruhu.example.gov.cn", "http://10.0.0.7:8080", "http://127.0.0.1.example.com"] {
            assert!(matches!(check(&plan(there)), Err(LoadError::Elsewhere)), "{there}");
            assert!(check(&Plan { elsewhere: true, ..plan(there) }).is_ok());
        }
        let endless = Plan { phones: PHONES_MAX + 1, ..plan("http://127.0.0.1:8080") };
        assert!(matches!(check(&endless), Err(LoadError::Bounds)));
    }
}
