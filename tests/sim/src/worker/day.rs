//! 一天 – how an honest worker spends a day on his due list: hours, stairs, doors, second attempts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Duration, NaiveDate, NaiveDateTime, NaiveTime};
use ruhu_core::time::{DayBand, Period, WorkCalendar};
use ruhu_core::visit::{MeetingPlace, VisitOutcome};

use super::{Diary, Errand, Knock, Worker, knock, staff};
use crate::city::DoorNo;
use crate::dice::Dice;
use crate::world::{World, day_number};

/// Everything a day in one grid is planned from.
#[derive(Clone, Copy, Debug)]
pub struct Round<'all> {
    /// The city on that day.
    pub world: &'all World,
    /// Which days are worked.
    pub calendar: &'all WorkCalendar,
    /// Who goes; in his own grid or one he covers.
    pub worker: &'all Worker,
    /// The attempts made in this grid so far.
    pub diary: &'all Diary,
    /// What is still outstanding, as the phone lists it.
    pub errands: &'all [Errand],
    /// The quarter to be finished.
    pub quarter: Period,
    /// The day.
    pub day: NaiveDate,
}

/// Whether a worker knocks at doors on a day at all: every working day, some days off, and when a date was agreed.
#[must_use]
pub fn goes_out(seed: u64, worker: &Worker, diary: &Diary, calendar: &WorkCalendar, day: NaiveDate) -> bool {
    calendar.is_working_day(day)
        || diary.appointments.values().any(|agreed| agreed.on == day)
        || Dice::new(seed, "day off", &[u64::from(worker.grid.0), day_number(day)])
            .chance(worker.habits.day_off_permille)
}

/// The knocks of one worker on one day in one grid, in the order they were made.
#[must_use]
pub fn plan_day(round: &Round<'_>) -> Vec<Knock> {
    let seed = round.world.city().plan.seed;
    if !goes_out(seed, round.worker, round.diary, round.calendar, round.day) {
        return Vec::new();
    }
    let grid = round.errands.first().and_then(|one| round.world.door(one.door)).map_or(0, |door| door.grid.0);
    let mut dice =
        Dice::new(seed, "day", &[u64::from(round.worker.grid.0), u64::from(grid), day_number(round.day)]);
    let slots = slots(round, &mut dice);
    let mut left = quota(round, &slots);
    let mut open = round.ready();
    let mut knocks = Vec::new();
    let mut slots_left = u32::try_from(slots.len()).unwrap_or(u32::MAX);
    for (from, until) in slots {
        let share = left.div_ceil(slots_left.max(1));
        let walked = walk(round, &mut dice, &mut open, (from, until), share);
        left = left.saturating_sub(u32::try_from(walked.len()).unwrap_or(u32::MAX));
        slots_left = slots_left.saturating_sub(1);
        knocks.extend(walked);
    }
    if round.calendar.is_working_day(round.day) {
        knocks.extend(office(round, &mut dice, &open));
    }
    knocks.sort_by_key(|one| (one.at, one.errand.door));
    for knock in &mut knocks {
        write_down(round, &mut dice, knock);
    }
    knocks
}

impl Round<'_> {
    /// What it makes sense to knock at today.
    fn ready(&self) -> Vec<Errand> {
        let ready = self.errands.iter().filter(|errand| {
            let agreed = self.diary.appointments.get(&errand.unit);
            if let Some(agreed) = agreed {
                return agreed.on <= self.day;
            }
            let Some(last) = self.diary.of(errand.unit).last() else { return true };
            let wait_days = match last.outcome {
                // Only a second look a week later says more than the first (`coverage.md`).
                VisitOutcome::Vacant { .. } | VisitOutcome::MovedAway { .. } => 7,
                // The lead decides about these; going again would be a nuisance.
                VisitOutcome::NoSuchAddress | VisitOutcome::RegisteredOnly | VisitOutcome::Unsafe => 45,
                VisitOutcome::Declined { .. } => 30,
                _ if errand.monthly => 1,
                _ => 2,
            };
            wait_days <= (self.day - last.at.date()).num_days()
        });
        ready.copied().collect()
    }

    /// Lower goes first: agreed dates, key households, then whoever this hour suits best.
    fn rank(&self, errand: &Errand, at: NaiveDateTime) -> (bool, bool, bool, usize, DoorNo) {
        let tries = self.diary.of(errand.unit);
        let band = DayBand::of(at.time());
        let agreed = self.diary.appointments.contains_key(&errand.unit);
        let same_hour = tries.iter().any(|one| DayBand::of(one.at.time()) == band);
        // Evenings are for those whom the day has failed.
        let unsuited = same_hour || (band == DayBand::Evening && tries.is_empty() && !errand.monthly);
        (!agreed, !errand.monthly, unsuited, tries.len(), errand.door)
    }
}

/// The hours of the day spent at doors.
fn slots(round: &Round<'_>, dice: &mut Dice) -> Vec<(NaiveTime, NaiveTime)> {
    let habits = round.worker.habits;
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN);
    let agreed_evening = round.diary.appointments.iter().any(|(unit, agreed)| {
        let evening = agreed.at.is_none_or(|at| DayBand::of(at) == DayBand::Evening);
        agreed.on == round.day && evening && round.errands.iter().any(|errand| errand.unit == *unit)
    });
    let mut slots = Vec::new();
    if round.calendar.is_working_day(round.day) {
        if dice.chance(780) {
            slots.push((time(9, 0), time(11, 40)));
        }
        if dice.chance(780) {
            slots.push((time(14, 20), time(17, 20)));
        }
    } else {
        slots.push((time(9, 30), time(11, 40)));
    }
    if agreed_evening || round.calendar.is_working_day(round.day) && dice.chance(habits.evening_permille) {
        slots.push((time(18, 0), time(20, 30)));
    }
    slots
}

/// How many doors it takes today to be done in time: about two knocks for every household met.
fn quota(round: &Round<'_>, slots: &[(NaiveTime, NaiveTime)]) -> u32 {
    if slots.is_empty() {
        return 0;
    }
    let outstanding = u32::try_from(round.errands.len()).unwrap_or(u32::MAX);
    let days = staff::working_days_left(round.calendar, round.quarter, round.day);
    // The last days of a quarter are kept for those who are never at home.
    let days = days.saturating_sub(8).max(1);
    let monthly = u32::try_from(round.errands.iter().filter(|one| one.monthly).count()).unwrap_or(u32::MAX);
    let month_days = Period::month_of(round.day).days_left(round.day).max(4) / 2;
    let needed = outstanding.saturating_mul(22) / (days * 10) + monthly.saturating_mul(2) / month_days.max(1);
    needed.clamp(6, round.worker.habits.knocks_max)
}

/// Walks from stair to stair until the hour or the share is used up.
fn walk(
    round: &Round<'_>,
    dice: &mut Dice,
    open: &mut Vec<Errand>,
    (from, until): (NaiveTime, NaiveTime),
    share: u32,
) -> Vec<Knock> {
    let mut now = round.day.and_time(from) + minutes(dice.between(0, 15));
    let end = round.day.and_time(until);
    let mut knocks: Vec<Knock> = Vec::new();
    let enough = |knocks: &[Knock]| usize::try_from(share).is_ok_and(|share| share <= knocks.len());
    let mut stair: Vec<Errand> = Vec::new();
    while now < end && !enough(&knocks) {
        if stair.is_empty() {
            stair = next_stair(round, open, now);
            now += minutes(dice.between(3, 6));
        }
        let Some(errand) = (!stair.is_empty()).then(|| stair.remove(0)) else { break };
        let knock = knock::knock(round.world, round.calendar, round.diary, &errand, now);
        now += minutes(if knock.outcome.met_somebody() { dice.between(4, 13) } else { dice.between(1, 3) });
        open.retain(|one| one.unit != errand.unit);
        knocks.push(knock);
    }
    knocks
}

/// The doors of the stair where the most pressing visit is due, in walking order.
fn next_stair(round: &Round<'_>, open: &[Errand], now: NaiveDateTime) -> Vec<Errand> {
    let stair_of = |errand: &Errand| {
        round.world.door(errand.door).map(|door| {
            (door.address.estate.as_str(), door.address.building.as_str(), door.address.stair.as_str())
        })
    };
    let Some(first) = open.iter().min_by_key(|errand| round.rank(errand, now)) else { return Vec::new() };
    let most_pressing = round.rank(first, now);
    let here = open.iter().filter(|errand| stair_of(errand) == stair_of(first));
    // Doors in passing are taken along, unless this is an hour that has already failed there.
    let mut here: Vec<_> =
        here.filter(|errand| errand.unit == first.unit || !round.rank(errand, now).2).copied().collect();
    here.sort_by_key(|errand| errand.door);
    if !most_pressing.0 {
        // An agreed date is kept to the minute: that door before all others of the stair.
        here.sort_by_key(|errand| (errand.unit != first.unit, errand.door));
    }
    here.truncate(12);
    here
}

/// Telephone calls to those whom two attempts have missed, and residents who come by themselves.
fn office(round: &Round<'_>, dice: &mut Dice, open: &[Errand]) -> Vec<Knock> {
    let mut knocks = Vec::new();
    let mut called: BTreeSet<_> = BTreeSet::new();
    let mut at = round.day.and_time(NaiveTime::from_hms_opt(17, 0, 0).unwrap_or(NaiveTime::MIN));
    let by_tries: BTreeMap<_, _> = open
        .iter()
        .filter(|errand| wants_a_call(round.diary, errand))
        .map(|errand| ((!errand.monthly, round.diary.of(errand.unit).len(), errand.door), errand))
        .collect();
    for errand in by_tries.values().rev().take(3) {
        at += minutes(dice.between(2, 6));
        called.insert(errand.unit);
        knocks.extend(knock::call(round.world, errand, at));
    }
    let comes_at = NaiveTime::from_hms_opt(10 + dice.below(6), dice.below(60), 0).unwrap_or(NaiveTime::MIN);
    let noted = open.iter().filter(|errand| !called.contains(&errand.unit) && found_a_note(round, errand));
    knocks.extend(
        noted
            .filter_map(|errand| knock::comes_to_office(round.world, errand, round.day.and_time(comes_at)))
            .take(2),
    );
    knocks
}

fn wants_a_call(diary: &Diary, errand: &Errand) -> bool {
    let tries = diary.of(errand.unit);
    let missed = tries.iter().filter(|one| matches!(one.outcome, VisitOutcome::NotHome { .. })).count();
    let called = tries.iter().any(|one| matches!(one.outcome, VisitOutcome::Phone));
    errand.family.is_some() && 2 <= missed && !called
}

fn found_a_note(round: &Round<'_>, errand: &Errand) -> bool {
    round.diary.of(errand.unit).last().is_some_and(|last| {
        matches!(last.outcome, VisitOutcome::NotHome { note_left: true })
            && (1..=6).contains(&(round.day - last.at.date()).num_days())
    })
}

/// When it is typed into the phone: at the next landing, sometimes the next morning; rarely wrong at first.
fn write_down(round: &Round<'_>, dice: &mut Dice, knock: &mut Knock) {
    knock.written = knock.at + minutes(if knock.outcome.met_somebody() { 4 } else { 1 });
    if dice.chance(round.worker.habits.late_permille) {
        let morning = NaiveTime::from_hms_opt(8, 30 + dice.below(25), 0).unwrap_or(NaiveTime::MIN);
        knock.written = (round.day + Days::new(1)).and_time(morning);
    }
    if knock.errand.family.is_some() && dice.chance(6) {
        knock.slip = match knock.outcome {
            VisitOutcome::Met { .. } => Some(VisitOutcome::NotHome { note_left: false }),
            VisitOutcome::NotHome { .. } => Some(VisitOutcome::Met { place: MeetingPlace::Door }),
            _ => None,
        };
    }
}

fn minutes(count: u32) -> Duration {
    Duration::minutes(i64::from(count))
}
