//! 过手机 – drafts become evidence: chains, tokens, clocks that fail, syncs that come late.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use ruhu_core::ids::Hash32;
use ruhu_core::time::Zone;
use ruhu_core::visit::OutcomeCode;
use ruhu_server::flags::evidence::{Boot, Chain, Evidence, Said, Times, Told, Words};
use uuid::Uuid;

use super::draw::chance;
use super::town::{Decoy, Person, Town};
use super::work::{Draft, Marks, Quarter};
use crate::dice::Dice;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;
/// The minute of the day at which phones sync.
const SYNC_S: u32 = 21 * 3600 + 2700;

/// Puts one worker's drafts through his phone into the material.
pub(super) fn through(
    town: &mut Town,
    person: &Person,
    dice: &mut Dice,
    (mut drafts, nuisance): (Vec<Draft>, f64),
    into: &mut Quarter,
) {
    drafts.sort_by_key(|draft| (draft.typed_on, draft.typed_s, draft.home));
    let period = into.material.period;
    let mut faults = Faults::of(person, dice, nuisance, period.first_day());
    let mut met: BTreeMap<usize, NaiveDate> = BTreeMap::new();
    let repaired = person.decoys.contains(&Decoy::Repaired);
    let half = period.first_day().checked_add_days(Days::new(45)).unwrap_or(period.first_day());
    for (draft, seq) in drafts.into_iter().zip(1u64..) {
        let Some(home) = town.homes.get(draft.home) else { continue };
        let true_ms = instant(draft.typed_on, draft.typed_s);
        let (token_ms, received_ms) = syncs(person, draft.typed_on, true_ms);
        let off_ms = faults.off(draft.typed_on) + draft.back_ms;
        let wall_ms = true_ms - off_ms;
        let boot = person.boot.map(|boot| faults.boot(boot, draft.typed_on, true_ms));
        let stated_ms = if boot.is_some() { true_ms } else { wall_ms.max(token_ms) };
        let epoch = if repaired && half <= draft.typed_on { 2 } else { 1 };
        let record = hash_of(person, period, seq);
        let last = met.get(&draft.home).copied().or(home.recorded_on);
        let spoke = matches!(draft.outcome, OutcomeCode::Met | OutcomeCode::MetAtDoor | OutcomeCode::Phone);
        into.material.records.push(Evidence {
            record,
            worker: person.id,
            unit: home.unit,
            dwelling: home.dwelling,
            visited_on: draft.on,
            visited_at: draft
                .minute
                .and_then(|minute| NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0)),
            outcome: draft.outcome,
            late_entry: draft.late,
            corrects: false,
            days_since_met: last.and_then(|last| u32::try_from((draft.on - last).num_days()).ok()),
            times: Times {
                token_ms: Some(token_ms),
                stated_ms,
                recorded_ms: stated_ms.clamp(token_ms, received_ms),
                received_ms,
                wall_ms,
                boot,
            },
            chain: Chain { enrolment: person.enrolment, epoch, seq },
            told: Some(told(town, &draft)),
        });
        if spoke {
            met.insert(draft.home, draft.on);
        }
        if let Some(strategy) = person.falsifier.as_ref().filter(|_| draft.made_up) {
            into.made_up.insert(record, strategy.name.clone());
        }
    }
    for (home, on) in met {
        if let Some(home) = town.homes.get_mut(home) {
            home.recorded_on = Some(on);
        }
    }
    let decoys = Decoy::ALL.iter().filter(|row| person.decoys.contains(&row.0)).map(|row| row.1).collect();
    let share = person.falsifier.as_ref().map_or(0.0, |strategy| strategy.records);
    let marks = Marks { decoys, browser: person.boot.is_none(), late_habit: person.late_habit, share };
    into.marks.insert(person.id, marks);
}

fn told(town: &Town, draft: &Draft) -> Told {
    let answers = draft.answers.iter().flat_map(|answers| town.questions.iter().zip(answers));
    Told {
        changes: draft.changed.then(|| "Phone".to_owned()).into_iter().collect(),
        edits: 0,
        requests: u32::from(draft.request),
        answers: answers.map(|(question, value)| (*question, Said::Choice(*value))).collect(),
        remark: Words::new(&draft.remark),
    }
}

fn hash_of(person: &Person, period: ruhu_core::time::Period, seq: u64) -> Hash32 {
    Hash32::of(&[person.id.as_bytes(), period.to_string().as_bytes(), &seq.to_be_bytes()])
}

fn instant(on: NaiveDate, second: u32) -> i64 {
    Zone::CHINA.instant(on, NaiveTime::MIN).timestamp_millis() + i64::from(second) * 1000
}

/// The last sync before a moment and the first after it: every so many evenings.
fn syncs(person: &Person, on: NaiveDate, true_ms: i64) -> (i64, i64) {
    // Whoever dates back keeps his phone away from the hub meanwhile.
    let holds_back =
        person.falsifier.as_ref().is_some_and(|strategy| strategy.clock == super::strategy::Clock::MovedBack);
    let every = i64::from(if holds_back { 7 } else { person.sync_days.max(1) });
    let day = (on - NaiveDate::default()).num_days();
    let last = day - day.rem_euclid(every);
    let at = |day: i64| {
        let on = NaiveDate::default().checked_add_days(Days::new(u64::try_from(day).unwrap_or(0)));
        instant(on.unwrap_or_default(), SYNC_S)
    };
    let mut token = at(last);
    while true_ms <= token {
        token -= every * DAY_MS;
    }
    (token, token + every * DAY_MS)
}

/// Days on which the phone's clock is wrong, and when it was started anew.
struct Faults {
    wrong: BTreeMap<NaiveDate, i64>,
}

impl Faults {
    /// One device-month in a hundred has a jump; a bad clock has one every week.
    fn of(person: &Person, dice: &mut Dice, nuisance: f64, first: NaiveDate) -> Self {
        let daily = if person.decoys.contains(&Decoy::BadClock) { 0.14 } else { 0.01 * nuisance / 30.0 };
        let mut wrong = BTreeMap::new();
        for nth in 0..92 {
            if chance(dice, daily) {
                let minutes = if chance(dice, 0.7) { dice.between(4, 60) } else { dice.between(60, 900) };
                wrong.insert(first + Days::new(nth), i64::from(minutes) * 60_000);
            }
        }
        Self { wrong }
    }

    /// By how much the wall clock is behind on a day.
    fn off(&mut self, on: NaiveDate) -> i64 {
        self.wrong.get(&on).copied().unwrap_or(0)
    }

    /// A boot lasts a week; a day with a wrong clock begins one.
    fn boot(&self, phone: Uuid, on: NaiveDate, true_ms: i64) -> Boot {
        let week = (on - NaiveDate::default()).num_days() / 7;
        let since =
            self.wrong.range(..=on).next_back().map(|(day, _)| (*day - NaiveDate::default()).num_days());
        let began = since.unwrap_or(0).max(week * 7);
        let key = [phone.as_bytes().as_slice(), &began.to_be_bytes()];
        let began_on = NaiveDate::default().checked_add_days(Days::new(u64::try_from(began).unwrap_or(0)));
        let ms = true_ms - instant(began_on.unwrap_or_default(), 0);
        Boot { id: ruhu_core::ids::derived("falsify/boot", &key), ms: u64::try_from(ms).unwrap_or(0) }
    }
}
