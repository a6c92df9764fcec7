//! 过手机 – drafts become evidence: chains, tokens, clocks that fail, syncs that come late.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use ruhu_core::entry::TimeToken;
use ruhu_core::ids::{Hash32, VisitId};
use ruhu_core::store::{Held, enrolment};
use ruhu_core::time::{PhoneTime, SinceBoot, Zone};
use ruhu_core::visit::{DraftRules, OutcomeCode, VisitDraft, VisitOutcome, VisitSkeleton};
use ruhu_server::flags::evidence::{Boot, Chain, Evidence, Said, Times, Told, Words};

use super::draw::chance;
use super::town::{Decoy, Home, Person, Town};
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
    let faults = Faults::of(person, dice, nuisance, period.first_day());
    let mut met: BTreeMap<usize, NaiveDate> = BTreeMap::new();
    let repaired = person.decoys.contains(&Decoy::Repaired);
    let half = period.first_day().checked_add_days(Days::new(45)).unwrap_or(period.first_day());
    for (draft, seq) in drafts.into_iter().zip(1u64..) {
        let Some(home) = town.homes.get(draft.home) else { continue };
        let true_ms = instant(draft.typed_on, draft.typed_s);
        let (token_ms, received_ms) = syncs(person, draft.typed_on, true_ms);
        let read = reading(person, true_ms, faults.off(draft.typed_on) + draft.back_ms);
        let held = held(person, token_ms);
        let now = enrolment::now(Some(&held), read);
        let (stated_ms, wall_ms) = (now.timestamp_millis(), read.wall.timestamp_millis());
        let Some(form) = filled_in(&draft, home, person, now) else { continue };
        if !period.contains(form.visited_on) {
            continue;
        }
        let epoch = if repaired && half <= draft.typed_on { 2 } else { 1 };
        let record = hash_of(person, period, seq);
        let last = met.get(&draft.home).copied().or(home.recorded_on);
        let spoke = matches!(draft.outcome, OutcomeCode::Met | OutcomeCode::MetAtDoor | OutcomeCode::Phone);
        into.material.records.push(Evidence {
            record,
            worker: person.id,
            unit: home.unit,
            dwelling: home.dwelling,
            visited_on: form.visited_on,
            visited_at: form.visited_at,
            outcome: draft.outcome,
            late_entry: form.late_entry,
            corrects: false,
            days_since_met: last.and_then(|last| u32::try_from((form.visited_on - last).num_days()).ok()),
            times: Times {
                token_ms: Some(token_ms),
                stated_ms,
                recorded_ms: stated_ms.clamp(token_ms, received_ms),
                received_ms,
                wall_ms,
                boot: read.since_boot.map(|since| Boot { id: since.boot, ms: since.ms }),
            },
            chain: Chain { enrolment: person.enrolment, epoch, seq },
            told: Some(told(town, &draft)),
        });
        if spoke {
            met.insert(draft.home, form.visited_on);
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
        edits: draft.edits,
        requests: u32::from(draft.request),
        answers: answers.map(|(question, value)| (*question, Said::Choice(*value))).collect(),
        remark: Words::new(&draft.remark),
    }
}

/// What the phone's clocks read at a moment, the wall clock so far behind (ahead, if negative). A boot lasts a week, and no fault
/// of the wall clock begins one.
fn reading(person: &Person, true_ms: i64, off_ms: i64) -> PhoneTime {
    let wall = DateTime::from_timestamp_millis(true_ms - off_ms).unwrap_or_default();
    let since_boot = person.boot.map(|phone| {
        let week = true_ms.div_euclid(7 * DAY_MS);
        let key = [phone.as_bytes().as_slice(), &week.to_be_bytes()];
        let ms = u64::try_from(true_ms.rem_euclid(7 * DAY_MS)).unwrap_or(0);
        SinceBoot { boot: ruhu_core::ids::derived("falsify/boot", &key), ms }
    });
    PhoneTime { wall, since_boot }
}

/// The hub time a phone holds since it last spoke with the hub.
fn held(person: &Person, token_ms: i64) -> Held {
    let then = reading(person, token_ms, 0).since_boot;
    Held {
        token: TimeToken { hub_ms: token_ms, mac: [0; 16] },
        boot: then.map(|since| (since.boot, since.ms)),
    }
}

/// The form as the core checks it: which day and time it states, and whether it is late. A day that the phone takes for the future
/// is refused; then the one it offers stays.
fn filled_in(draft: &Draft, home: &Home, person: &Person, now: DateTime<Utc>) -> Option<VisitSkeleton> {
    let rules = DraftRules {
        today: Zone::CHINA.date(now),
        time: Zone::CHINA.time(now),
        visit: VisitId::from_bytes([0; 16]),
        made_by: person.id,
    };
    let minute = draft.says_minute.map(|minute| minute.min(1439) * 60);
    let form = VisitDraft {
        unit: Some(home.unit),
        dwelling: Some(home.dwelling),
        visited_on: draft.says_on.map(|on| on.min(rules.today)),
        visited_at: minute.and_then(|s| NaiveTime::from_num_seconds_from_midnight_opt(s, 0)),
        // Days and times are checked alike for every outcome.
        outcome: Some(VisitOutcome::NotHome { note_left: false }),
        ..VisitDraft::default()
    };
    form.check(&rules).ok().map(|visit| visit.skeleton().clone())
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

/// Days on which the phone's clock is wrong.
struct Faults {
    wrong: BTreeMap<NaiveDate, i64>,
}

impl Faults {
    /// One device-month in a hundred has a jump; a bad clock has one every week. Half of them are ahead.
    fn of(person: &Person, dice: &mut Dice, nuisance: f64, first: NaiveDate) -> Self {
        let daily = if person.decoys.contains(&Decoy::BadClock) { 0.14 } else { 0.01 * nuisance / 30.0 };
        let mut wrong = BTreeMap::new();
        for nth in 0..92 {
            if chance(dice, daily) {
                let minutes = if chance(dice, 0.7) { dice.between(4, 60) } else { dice.between(60, 900) };
                let off = i64::from(minutes) * 60_000;
                wrong.insert(first + Days::new(nth), if chance(dice, 0.5) { off } else { -off });
            }
        }
        Self { wrong }
    }

    /// By how much the wall clock is behind on a day; negative when it is ahead.
    fn off(&self, on: NaiveDate) -> i64 {
        self.wrong.get(&on).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Strategy, community};
    use super::*;

    #[test]
    fn nothing_reaches_the_hub_that_a_real_phone_could_not_record() {
        let strategy = Strategy::read(include_str!("../../strategies/d.toml")).unwrap();
        let first: ruhu_core::time::Period = "2026Q1".parse().unwrap();
        let made = community((1, 1), &[first, first.next()], 0.5, &[strategy], 4.0);
        let (mut late, mut typed_later, mut fast) = (0, 0, 0);
        for one in made.iter().flat_map(|quarter| &quarter.material.records) {
            let (times, today) = (one.times, Zone::CHINA.date(at(one.times.stated_ms)));
            assert_eq!(one.late_entry, one.visited_on != today, "the phone alone marks what is late");
            assert!(one.visited_on <= today && times.token_ms <= Some(times.stated_ms));
            late += usize::from(one.late_entry);
            let said =
                one.visited_at.map(|time| Zone::CHINA.instant(one.visited_on, time).timestamp_millis());
            typed_later +=
                usize::from(!one.late_entry && said.is_some_and(|said| said + 3_600_000 < times.stated_ms));
            fast += usize::from(times.boot.is_some() && times.stated_ms + 180_000 < times.wall_ms);
        }
        assert!(0 < late && 0 < typed_later && 0 < fast, "{late} {typed_later} {fast}");
    }

    fn at(ms: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(ms).unwrap()
    }
}
