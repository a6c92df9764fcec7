//! 11 – more meetings in a stretch of time than doors, stairs and talk allow.
//!
//! Inputs: meetings of one worker on one day, not declared as late entries: by the time stated, and by the time they were
//! recorded unless that is well after the time stated (paper notes of the day cannot be declared). Test: scan over windows of 30
//! to 120 minutes against a negative binomial at the pace of the worker's own other days, drawn to the community's; and runs of
//! eight meetings less than three minutes apart, against how often single pairs are. Doors that stayed shut are quick and not
//! counted; a burst inside one stair is not told.
//! Needs five days of the community. Cap 10.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ruhu_core::time::Zone;
use ruhu_core::visit::OutcomeCode;

use super::{Group, Kind, Power, Signal, Trap};
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Hit};
use crate::flags::scene::{Row, Scene};
use crate::flags::stats::{Busiest, Counted, busiest, log_bound, quantile, shrunk_rate};

/// Windows looked through, in minutes.
const WINDOWS_MIN: [i64; 4] = [30, 60, 90, 120];
/// How bursty honest days are: households of one landing are met together.
const DISPERSION: f64 = 6.0;
/// Meetings an hour before anything is known of a community (judgement; `domain.md` 1.5).
const PRIOR_RATE: f64 = 5.0;
/// Days the prior counts for.
const PRIOR_DAYS: f64 = 5.0;
/// Hours at doors on a full day, in minutes.
const SPAN_MIN: i64 = 480;
/// Meetings in a row that make a run (4.2).
const RUN: usize = 8;
/// Minutes between two of them, at most (4.2).
const RUN_MIN: i64 = 2;
/// How often two meetings follow each other so fast (REACH: 1.2 % within three minutes; neighbours here are nearer).
const PAIR: f64 = 0.05;
/// Pairs that prior counts for.
const PAIR_STRENGTH: f64 = 200.0;
/// Days with meetings the community needs.
const ENOUGH_DAYS: usize = 5;
/// The chance below which a stretch is told.
const TELL_BELOW: f64 = 0.02;

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::Burst,
    number: 11,
    group: Group::Time,
    cap: 10.0,
    quarter_cap: 15.0,
    power: Some(Power { reach: 0.3, made_up: 0.3, honest: 0.01 }),
    names: ("短时间内记录密集", "many meetings in a short time"),
    traps: &[
        Trap {
            reading: (
                "白天记在纸上,当晚一起录入,走访时间没有改,留着录入的时刻",
                "written on paper by day and typed together that evening, with the time of typing left as the form offers it",
            ),
            shown_by: ("当天的纸质记录", "the day's paper notes"),
        },
        Trap {
            reading: ("院内集中,居民聚在一起", "residents were met together, in a courtyard or at a meeting"),
            shown_by: ("住户说当天有集中活动", "residents remember the gathering"),
        },
        Trap {
            reading: ("同层同单元相邻户", "neighbouring flats of one landing"),
            shown_by: ("门牌相邻", "the doors lie side by side"),
        },
    ],
    settled_by: (
        "请工作者说明这段时间在哪里、怎样走访,再抽几户核对",
        "ask the worker how these visits went, then check some of them",
    ),
    read,
};

/// Days of one worker, each with its meetings and their minutes.
type Days = BTreeMap<NaiveDate, Vec<(i64, usize)>>;
/// The minute at which a meeting is looked at; `None` for one that is not.
type Minute = fn(&Row<'_>, Zone) -> Option<i64>;

fn read(scene: &Scene<'_>, _: &Model) -> Found {
    let mut found = Found::default();
    // Late entries and what was typed later are as good as meetings in order: saying so never makes anything worse.
    let met = scene.rows.iter().enumerate().filter(|(_, row)| is_meeting(row));
    found.looked.extend(met.map(|(at, _)| at));
    // Once by what was stated, once by when it was recorded: whoever spreads the one often forgets the other.
    let minutes: [Minute; 2] = [|row, _| row.stated_min(), recorded_min];
    for (nth, minute) in minutes.into_iter().enumerate() {
        let days: Vec<Days> = (0..scene.workers.len()).map(|worker| days(scene, worker, minute)).collect();
        let mut rates: Vec<f64> =
            days.iter().flat_map(|own| own.values().filter_map(|day| rate(day.as_slice()))).collect();
        if rates.len() < ENOUGH_DAYS {
            if nth == 0 {
                return Found { not_enough: (0..scene.workers.len()).collect(), ..Found::default() };
            }
            break;
        }
        rates.sort_by(f64::total_cmp);
        let usual = quantile(&rates, 0.5).unwrap_or(PRIOR_RATE);
        let pairs: Vec<Counted> = days.iter().map(fast_pairs).collect();
        let all = pairs.iter().fold(Counted::default(), |sum, own| sum.plus(*own));
        for (own, mine) in days.iter().zip(pairs) {
            let pair = shrunk_rate(all.without(mine), PAIR, PAIR_STRENGTH).clamp(PAIR, 0.5);
            look_at(scene, own, (usual, pair), &mut found);
        }
    }
    found
}

fn look_at(scene: &Scene<'_>, own: &Days, (usual, pair): (f64, f64), found: &mut Found) {
    let paces: Vec<(NaiveDate, f64)> = own.iter().filter_map(|(on, day)| Some((*on, rate(day)?))).collect();
    for (on, day) in own {
        let mut others: Vec<f64> =
            paces.iter().filter(|(other, _)| other != on).map(|(_, pace)| *pace).collect();
        others.sort_by(f64::total_cmp);
        let mine = quantile(&others, 0.5).unwrap_or(usual);
        let weight = others.len() as f64;
        let pace = (mine * weight + usual.max(PRIOR_RATE) * PRIOR_DAYS) / (weight + PRIOR_DAYS);
        let minutes: Vec<i64> = day.iter().map(|(minute, _)| *minute).collect();
        let rush = busiest(&minutes, &WINDOWS_MIN, pace, DISPERSION, SPAN_MIN);
        let run = longest_run(&minutes, pair);
        for one in rush.into_iter().chain(run).filter(|one| one.p < TELL_BELOW) {
            tell(scene, day, &one, pace, found);
        }
    }
}

/// Tells every meeting of a stretch, unless it lies in one stair.
fn tell(scene: &Scene<'_>, day: &[(i64, usize)], rush: &Busiest, pace: f64, found: &mut Found) {
    let within = rush.from_min..=rush.from_min + rush.window_min;
    let records: Vec<usize> =
        day.iter().filter(|(minute, _)| within.contains(minute)).map(|(_, at)| *at).collect();
    let stairs: BTreeSet<_> = records
        .iter()
        .filter_map(|at| scene.rows.get(*at)?.place)
        .map(|place| (&place.estate, &place.building, &place.stair))
        .collect();
    if stairs.len() < 2 {
        return;
    }
    let log_lr = log_bound(rush.p).min(SIGNAL.cap.ln());
    for record in records {
        found.hits.push(Hit { record, log_lr, words: Some(compare(rush, stairs.len(), pace)) });
    }
}

/// The longest run of meetings that follow each other fast, with how likely one so long is anywhere in the day.
fn longest_run(minutes: &[i64], pair: f64) -> Option<Busiest> {
    let (mut from, mut best) = (0usize, (0usize, 0usize));
    for (at, pair) in minutes.windows(2).enumerate() {
        if let [one, other] = pair
            && RUN_MIN < other - one
        {
            from = at + 1;
        }
        if best.1 - best.0 < at + 1 - from {
            best = (from, at + 1);
        }
    }
    let length = best.1 - best.0 + 1;
    let first = *minutes.get(best.0)?;
    let window_min = *minutes.get(best.1)? - first;
    let events = u32::try_from(length).ok().filter(|_| RUN <= length)?;
    let p = (minutes.len() as f64 * pair.powi(i32::try_from(length - 1).unwrap_or(i32::MAX))).min(1.0);
    Some(Busiest { from_min: first, window_min, events, p })
}

/// How many consecutive meetings of a worker's days follow each other fast.
fn fast_pairs(days: &Days) -> Counted {
    let mut sum = Counted::default();
    for day in days.values() {
        for pair in day.windows(2) {
            let [(one, _), (other, _)] = pair else { continue };
            sum = sum.plus(Counted { hits: u32::from(other - one <= RUN_MIN), of: 1 });
        }
    }
    sum
}

/// Meetings by day, in the order of the minutes; a minute is told once.
fn days(scene: &Scene<'_>, worker: usize, minute: Minute) -> Days {
    let mut days = Days::new();
    for (at, row) in scene.of_worker(worker) {
        let counts = is_meeting(row) && !row.is.late_entry;
        if let Some(minute) = minute(row, scene.material.zone).filter(|_| counts) {
            days.entry(row.is.visited_on).or_default().push((minute, at));
        }
    }
    days.values_mut().for_each(|day| day.sort_unstable());
    days
}

fn is_meeting(row: &Row<'_>) -> bool {
    matches!(row.is.outcome, OutcomeCode::Met | OutcomeCode::MetAtDoor) && !row.is.corrects
}

/// Meetings an hour over a day with at least three of them.
fn rate(day: &[(i64, usize)]) -> Option<f64> {
    let (first, last) = (day.first()?.0, day.last()?.0);
    let between = u32::try_from(day.len()).ok()?.checked_sub(1).filter(|between| 2 <= *between)?;
    // Long breaks are no pace: a day counts for at most the hours between a meeting each forty minutes.
    let hours = (((last - first) as f64) / 60.0).clamp(0.25, f64::from(between) * 2.0 / 3.0 + 0.25);
    Some(f64::from(between) / hours)
}

/// When it was recorded, by the phone's own knowledge, in minutes since 1970; `None` where that was well after the visit.
fn recorded_min(row: &Row<'_>, zone: Zone) -> Option<i64> {
    (!row.was_typed_later(zone)).then(|| row.is.times.stated_ms.div_euclid(60_000))
}

fn compare(rush: &Busiest, stairs: usize, pace: f64) -> Comparison {
    let Busiest { window_min, events, p, .. } = rush;
    Comparison {
        zh: format!(
            "{window_min} 分钟内记录见面 {events} 户,分布在 {stairs} 个单元;这位工作者平日与本社区约每小时 {pace:.1} 户(可能性 {p:.4})。"
        ),
        en: format!(
            "{events} meetings in {window_min} minutes, in {stairs} stairs; the worker's other days and this community have about {pace:.1} \
             an hour (chance {p:.4})."
        ),
    }
}
