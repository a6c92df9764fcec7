//! 造假 – replaces some of a worker's own records by made-up ones, on his own days and phone (`detection.md` 5.4, rule 2).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use ruhu_core::time::Period;
use ruhu_core::visit::OutcomeCode;

use super::draw::{chance, unit};
use super::strategy::{Answers, Choice, Clock, Content, Remarks, Stated, Strategy, Typed};
use super::town::{Home, Person, QUESTIONS, Town, VALUES};
use super::work::{Draft, guessed, varied};
use crate::dice::Dice;

/// Records of one sitting.
const SITTING: usize = 15;

/// Makes up the visits to some households.
pub(super) fn falsify(
    town: &mut Town,
    person: &Person,
    strategy: &Strategy,
    dice: &mut Dice,
    period: Period,
    (drafts, before): (&mut Vec<Draft>, &[Home]),
) {
    let chosen = choose(town, person, strategy, dice, drafts);
    let mut honest: BTreeMap<usize, Vec<Draft>> = BTreeMap::new();
    drafts.retain(|draft| {
        let goes = chosen.contains(&draft.home);
        if goes {
            honest.entry(draft.home).or_default().push(draft.clone());
        }
        !goes
    });
    // Nobody was there: what happened since is still to be found.
    for home in &chosen {
        if let (Some(home), Some(before)) = (town.homes.get_mut(*home), before.get(*home)) {
            (home.found_on, home.pending) = (before.found_on, before.pending);
        }
    }
    let times = times(strategy, dice, period, &chosen, &honest);
    let template = "上门走访一切正常住户无诉求无隐患".to_owned();
    for (home, when) in chosen.iter().zip(times) {
        let mut made = made_up(town, person, strategy, dice, *home);
        made.remark = match strategy.remarks {
            Remarks::None => String::new(),
            Remarks::Canned if chance(dice, 0.3) => template.clone(),
            Remarks::Varied if chance(dice, 0.15) => varied(dice),
            _ => String::new(),
        };
        if strategy.phones_instead
            && let Some(real) = honest.get(home).and_then(|all| all.iter().find(|one| one.answers.is_some()))
        {
            (made.changed, made.edits) = (real.changed, real.edits);
            (made.answers, made.request) = (real.answers, real.request);
        }
        if chance(dice, strategy.not_home) {
            let earlier = when.earlier(period);
            drafts.push(earlier.stamp(Draft {
                outcome: OutcomeCode::NotHome,
                answers: None,
                changed: false,
                edits: 0,
                request: false,
                remark: String::new(),
                ..made.clone()
            }));
        }
        drafts.push(when.stamp(made));
    }
}

fn choose(
    town: &Town,
    person: &Person,
    strategy: &Strategy,
    dice: &mut Dice,
    drafts: &[Draft],
) -> Vec<usize> {
    let mut last: BTreeMap<usize, NaiveDate> = BTreeMap::new();
    let mut tries: BTreeMap<usize, u32> = BTreeMap::new();
    for draft in drafts {
        last.insert(draft.home, draft.on);
        *tries.entry(draft.home).or_default() += 1;
    }
    let mut ranked: Vec<(f64, usize)> = person
        .homes
        .iter()
        .map(|home| {
            let late = last.get(home).map_or(0.0, |on| {
                f64::from(u32::try_from((*on - NaiveDate::default()).num_days()).unwrap_or(0))
            });
            let own = match strategy.choice {
                Choice::Random => 0.0,
                Choice::HardBuildings => town.homes.get(*home).map_or(0.0, |home| f64::from(home.climb)),
                Choice::LastWeeks | Choice::AfterHalf => late,
                Choice::HardToReach => tries.get(home).copied().map_or(9.0, f64::from),
                Choice::Growing => late / 10.0,
            };
            (own + unit(dice), *home)
        })
        .collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
    let share = strategy.records * ranked.len() as f64;
    ranked
        .into_iter()
        .zip(0u32..)
        .take_while(|(_, nth)| f64::from(*nth) < share)
        .map(|((_, home), _)| home)
        .collect()
}

/// When a made-up record is typed, and what is put on the form.
#[derive(Clone, Copy, Debug)]
struct When {
    typed_on: NaiveDate,
    typed_s: u32,
    on: NaiveDate,
    says_on: Option<NaiveDate>,
    says_minute: Option<u32>,
    back_ms: i64,
}

impl When {
    fn stamp(self, draft: Draft) -> Draft {
        let Self { typed_on, typed_s, on, says_on, says_minute, back_ms } = self;
        Draft { typed_on, typed_s, on, says_on, says_minute, back_ms, ..draft }
    }

    /// Some days before, at the same hour.
    fn earlier(self, period: Period) -> Self {
        let back = |day: NaiveDate| day.checked_sub_days(Days::new(3)).unwrap_or(day).max(period.first_day());
        Self { typed_on: back(self.typed_on), on: back(self.on), says_on: self.says_on.map(back), ..self }
    }
}

fn times(
    strategy: &Strategy,
    dice: &mut Dice,
    period: Period,
    chosen: &[usize],
    honest: &BTreeMap<usize, Vec<Draft>>,
) -> Vec<When> {
    let span = u32::try_from((period.last_day() - period.first_day()).num_days()).unwrap_or(90);
    let mut times = Vec::with_capacity(chosen.len());
    let mut sitting = (period.first_day(), 0u32);
    for (nth, home) in chosen.iter().enumerate() {
        if nth % SITTING == 0 {
            let back = match (strategy.typed, strategy.choice) {
                (Typed::QuarterEnd, _) => dice.below(5),
                (_, Choice::LastWeeks) => dice.below(14),
                (_, Choice::AfterHalf) => dice.below(span / 2),
                _ => dice.below(span.saturating_sub(8)),
            };
            let day = period.last_day().checked_sub_days(Days::new(u64::from(back)));
            sitting = (day.unwrap_or(period.last_day()), 19 * 3600 + 1800 + dice.below(5400));
        }
        let real = honest.get(home).and_then(|all| all.last());
        let (typed_on, typed_s) = match (strategy.typed, real) {
            (Typed::InPlace, Some(real)) => (real.typed_on, real.typed_s),
            (Typed::InPlace, None) => (sitting.0, 9 * 3600 + dice.below(9 * 3600)),
            _ => sitting,
        };
        sitting.1 = (sitting.1 + strategy.pace_s * (60 + dice.below(80)) / 100).min(86_000);
        times.push(stated(strategy, dice, period, (typed_on, typed_s)));
    }
    times
}

fn stated(
    strategy: &Strategy,
    dice: &mut Dice,
    period: Period,
    (typed_on, typed_s): (NaiveDate, u32),
) -> When {
    let mut when = When { typed_on, typed_s, on: typed_on, says_on: None, says_minute: None, back_ms: 0 };
    if strategy.stated == Stated::AsTyped {
        return when;
    }
    when.says_minute = Some(9 * 60 + dice.below(9 * 60));
    let back = match strategy.clock {
        Clock::MovedBack => 1 + dice.below(5),
        // The only way to have a record marked late is to state another day.
        Clock::True => u32::from(strategy.declares_late),
    };
    when.on =
        typed_on.checked_sub_days(Days::new(u64::from(back))).unwrap_or(typed_on).max(period.first_day());
    // Where the phone believes the clock, this is the day it offers; else it marks the record as late.
    when.says_on = Some(when.on);
    if strategy.clock == Clock::MovedBack {
        when.back_ms = (typed_on - when.on).num_milliseconds();
    }
    when
}

fn made_up(town: &Town, person: &Person, strategy: &Strategy, dice: &mut Dice, at: usize) -> Draft {
    let other = dice.pick(&person.homes).copied().unwrap_or(at);
    let answers = town.homes.get(at).map(|home| match strategy.answers {
        Answers::Own => home.answers,
        Answers::Copied => {
            town.homes.get(other).map_or(home.answers, |other| edited(other.answers, strategy, dice))
        }
        Answers::Naive => [0; QUESTIONS],
        Answers::HonestLooking => guessed(town, home, dice),
    });
    let outcome = unit(dice);
    let bounds = [
        (OutcomeCode::Vacant, strategy.vacant),
        (OutcomeCode::MovedAway, strategy.moved),
        (OutcomeCode::Declined, strategy.declined),
        (OutcomeCode::NotHome, strategy.three_attempts),
    ];
    let mut sum = 0.0;
    let other_outcome = bounds.into_iter().find(|(_, share)| {
        sum += share;
        outcome < sum
    });
    let outcome = other_outcome.map_or(OutcomeCode::MetAtDoor, |(code, _)| code);
    let met = outcome == OutcomeCode::MetAtDoor;
    let change_rate = if strategy.content == Content::LastQuarter { 0.0 } else { strategy.change_rate };
    let changed = met && chance(dice, change_rate);
    Draft {
        home: at,
        on: NaiveDate::default(),
        says_on: None,
        says_minute: None,
        typed_on: NaiveDate::default(),
        typed_s: 0,
        outcome,
        changed,
        edits: u32::from(changed),
        request: met && chance(dice, change_rate / 2.0),
        answers: answers.filter(|_| met),
        remark: String::new(),
        made_up: true,
        back_ms: 0,
    }
}

fn edited(answers: [u16; QUESTIONS], strategy: &Strategy, dice: &mut Dice) -> [u16; QUESTIONS] {
    let mut answers = answers;
    for (answer, values) in answers.iter_mut().zip(VALUES) {
        if dice.below(100) < strategy.edits_percent {
            *answer = u16::try_from(dice.below(u32::from(values))).unwrap_or(0);
        }
    }
    answers
}
