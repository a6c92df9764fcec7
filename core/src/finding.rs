//! 核查 – where a record in doubt stands: the worker is asked before anybody concludes, somebody else hears an appeal, and
//! a reversal restores everything (`detection.md` 4.6). Pure, and the same on phone and hub.

use chrono::NaiveDate;

use crate::entry::{FindingEvent, FindingStep, Ruling};
use crate::roster::By;
use crate::steps::{Step, Steps};

/// 一步 – one step of a finding with everything said of it.
pub type Said = crate::steps::Said<FindingEvent>;

/// 核查情况 – what is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// 待说明 – the worker was asked and has not answered.
    Asked,
    /// 待认定 – he has, and a person is to find.
    Accounted,
    /// 已认定 – a person has found; the worker may appeal where it is against the record.
    Decided,
    /// 待复核 – he has appealed.
    Appealed,
    /// 已复核 – somebody else has heard it: the last word.
    Heard,
}

/// 核查经过 – all steps of one finding, the earliest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    steps: Steps<FindingEvent>,
}

impl Step for FindingEvent {
    fn turn(&self) -> u8 {
        match self.step {
            FindingStep::Asked { .. } => 0,
            FindingStep::Accounted { .. } => 1,
            FindingStep::Decided { .. } => 2,
            FindingStep::Appealed => 3,
            FindingStep::Heard { .. } => 4,
        }
    }
}

impl Course {
    /// Adds a step, wherever in time it belongs; the same step twice is one.
    pub fn take(&mut self, one: Said) {
        self.steps.take(one);
    }

    /// The steps, the earliest first.
    #[must_use]
    pub fn said(&self) -> &[Said] {
        self.steps.said()
    }

    /// The question it began with; `None` where only what the worker says is known, as after a restore.
    #[must_use]
    pub fn asked(&self) -> Option<&Said> {
        self.said().iter().find(|one| matches!(one.event.step, FindingStep::Asked { .. }))
    }

    /// Where it stands. What comes too late for its turn is kept and changes nothing: an account after the finding, an
    /// appeal where nothing was found.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.walked().0
    }

    /// Where it stands, and whether the last appeal was written down by somebody else for the worker: it does not use up his
    /// own.
    fn walked(&self) -> (Stage, bool) {
        let (mut stage, mut noted) = (Stage::Asked, false);
        for one in self.said() {
            let own = matches!(one.event.by, By::Worker(_));
            stage = match (&one.event.step, stage) {
                (FindingStep::Accounted { .. }, Stage::Asked) => Stage::Accounted,
                (FindingStep::Decided { .. }, Stage::Asked | Stage::Accounted) => Stage::Decided,
                (FindingStep::Appealed, Stage::Decided) if self.ruling().is_some_and(Ruling::is_adverse) => {
                    noted = !own;
                    Stage::Appealed
                }
                (FindingStep::Appealed, Stage::Heard) if noted && own && !self.was_reversed() => {
                    noted = false;
                    Stage::Appealed
                }
                (FindingStep::Heard { .. }, Stage::Appealed) => Stage::Heard,
                _ => stage,
            };
        }
        (stage, noted)
    }

    fn was_reversed(&self) -> bool {
        self.said().iter().any(|one| matches!(one.event.step, FindingStep::Heard { reversed: true }))
    }

    /// Whether the worker can say himself what happened: nobody has found, and he has not said it yet, whatever somebody
    /// wrote down for him.
    #[must_use]
    pub fn may_account(&self) -> bool {
        let own = |one: &Said| {
            matches!((&one.event.step, one.event.by), (FindingStep::Accounted { .. }, By::Worker(_)))
        };
        matches!(self.stage(), Stage::Asked | Stage::Accounted) && !self.said().iter().any(own)
    }

    /// Whether the worker can appeal: something holds against the record, his own appeal was not heard yet, and the last day
    /// has not passed.
    #[must_use]
    pub fn may_appeal(&self, today: NaiveDate) -> bool {
        let open = match self.walked() {
            (Stage::Decided, _) => true,
            (Stage::Heard, noted) => noted && !self.was_reversed(),
            (Stage::Asked | Stage::Accounted | Stage::Appealed, _) => false,
        };
        open && self.appeal_by().is_some_and(|last| today <= last)
    }

    /// What was found first, whatever became of it.
    #[must_use]
    pub fn ruling(&self) -> Option<Ruling> {
        self.decided().map(|(ruling, _)| ruling)
    }

    /// What holds against the record now: nothing before a finding, nor once it was reversed.
    #[must_use]
    pub fn holds(&self) -> Option<Ruling> {
        self.ruling().filter(|ruling| ruling.is_adverse() && !self.is_reversed())
    }

    /// 撤销 – an appeal reversed what was found.
    #[must_use]
    pub fn is_reversed(&self) -> bool {
        self.stage() == Stage::Heard && self.was_reversed()
    }

    /// The last day for the worker's account.
    #[must_use]
    pub fn reply_by(&self) -> Option<NaiveDate> {
        match self.asked()?.event.step {
            FindingStep::Asked { reply_by, .. } => Some(reply_by),
            _ => None,
        }
    }

    /// The last day to appeal, where there is something to appeal against.
    #[must_use]
    pub fn appeal_by(&self) -> Option<NaiveDate> {
        self.decided().and_then(|(ruling, by)| by.filter(|_| ruling.is_adverse()))
    }

    /// Nothing more can come of it: cleared, heard, or the days to appeal have passed.
    #[must_use]
    pub fn is_ended(&self, today: NaiveDate) -> bool {
        let passed = self.appeal_by().is_none_or(|last| last < today);
        match self.walked() {
            (Stage::Heard, noted) => !noted || passed || self.was_reversed(),
            (Stage::Decided, _) => passed,
            (Stage::Asked | Stage::Accounted | Stage::Appealed, _) => false,
        }
    }

    fn decided(&self) -> Option<(Ruling, Option<NaiveDate>)> {
        self.said().iter().find_map(|one| match one.event.step {
            FindingStep::Decided { ruling, appeal_by } => Some((ruling, appeal_by)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::entry::{Account, RevisitKey};
    use crate::ids::{AccountId, FindingId, Hash32, HouseholdId, RecheckId, WorkerId};
    use crate::roster::Unit;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn said(at_ms: i64, step: FindingStep) -> Said {
        let event = FindingEvent {
            finding: FindingId::from_bytes([1; 16]),
            worker: WorkerId::from_bytes([2; 16]),
            by: if step.is_the_workers() {
                By::Worker(WorkerId::from_bytes([2; 16]))
            } else {
                By::Desk(AccountId::from_bytes([3; 16]))
            },
            step,
        };
        Said { at_ms, entry: Hash32([u8::try_from(at_ms).unwrap(); 32]), event, words: String::new() }
    }

    fn asked() -> FindingStep {
        FindingStep::Asked {
            record: Hash32([9; 32]),
            unit: Unit::Household(HouseholdId::from_bytes([4; 16])),
            visited_on: day("2026-08-10"),
            contradicted_by: RevisitKey { draw: RecheckId::from_bytes([5; 16]), nth: 0, round: 1 },
            reply_by: day("2026-09-20"),
        }
    }

    fn decided(ruling: Ruling) -> FindingStep {
        FindingStep::Decided { ruling, appeal_by: ruling.is_adverse().then(|| day("2026-10-10")) }
    }

    fn course(steps: Vec<FindingStep>) -> Course {
        let mut course = Course::default();
        (1..).zip(steps).for_each(|(at, step)| course.take(said(at, step)));
        course
    }

    const ACCOUNT: FindingStep = FindingStep::Accounted { account: Account::AsRecorded };

    #[test]
    fn a_finding_holds_until_an_appeal_reverses_it() {
        let mut steps = vec![asked(), ACCOUNT, decided(Ruling::Falsified)];
        assert_eq!(
            (course(steps.clone()).stage(), course(steps.clone()).holds()),
            (Stage::Decided, Some(Ruling::Falsified))
        );
        steps.push(FindingStep::Appealed);
        assert_eq!(
            (course(steps.clone()).stage(), course(steps.clone()).holds()),
            (Stage::Appealed, Some(Ruling::Falsified))
        );
        steps.push(FindingStep::Heard { reversed: true });
        let heard = course(steps);
        assert_eq!((heard.stage(), heard.holds(), heard.is_reversed()), (Stage::Heard, None, true));
        assert_eq!(heard.ruling(), Some(Ruling::Falsified), "what was found first is still told");
    }

    #[test]
    fn what_was_cleared_has_nothing_to_appeal_against_and_is_over() {
        let cleared = course(vec![asked(), decided(Ruling::Cleared), FindingStep::Appealed]);
        assert_eq!((cleared.stage(), cleared.holds()), (Stage::Decided, None));
        assert!(cleared.is_ended(day("2026-09-01")));
    }

    #[test]
    fn a_finding_is_over_once_the_days_to_appeal_have_passed() {
        let found = course(vec![asked(), ACCOUNT, decided(Ruling::Missed)]);
        assert!(!found.is_ended(day("2026-10-10")) && found.is_ended(day("2026-10-11")));
        let appealed = course(vec![asked(), decided(Ruling::Missed), FindingStep::Appealed]);
        assert!(!appealed.is_ended(day("2027-10-11")), "an appeal nobody hears stays open");
    }

    #[test]
    fn what_is_recorded_in_the_same_millisecond_stands_in_its_turn() {
        let steps =
            [FindingStep::Heard { reversed: true }, FindingStep::Appealed, decided(Ruling::Missed), asked()];
        let mut course = Course::default();
        for (step, entry) in steps.into_iter().zip(1..) {
            course.take(Said { entry: Hash32([entry; 32]), ..said(7, step) });
        }
        assert_eq!((course.stage(), course.is_reversed()), (Stage::Heard, true));
    }

    #[test]
    fn what_somebody_wrote_down_for_him_neither_accounts_nor_appeals_in_his_place() {
        let noted = |at_ms, step| {
            let mut one = said(at_ms, step);
            one.event.by = By::Desk(AccountId::from_bytes([4; 16]));
            one
        };
        let mut course = course(vec![asked()]);
        course.take(noted(2, ACCOUNT));
        assert!(course.stage() == Stage::Accounted && course.may_account());
        course.take(said(3, decided(Ruling::Missed)));
        course.take(noted(4, FindingStep::Appealed));
        course.take(said(5, FindingStep::Heard { reversed: false }));
        let (within, after) = (day("2026-10-10"), day("2026-10-11"));
        assert!(course.may_appeal(within) && !course.is_ended(within) && course.is_ended(after));
        course.take(said(6, FindingStep::Appealed));
        assert_eq!(course.stage(), Stage::Appealed);
        course.take(said(7, FindingStep::Heard { reversed: true }));
        assert_eq!((course.is_reversed(), course.holds(), course.is_ended(within)), (true, None, true));
    }

    #[test]
    fn nobody_reverses_what_nobody_appealed_against() {
        let found = course(vec![asked(), decided(Ruling::Falsified), FindingStep::Heard { reversed: true }]);
        assert_eq!((found.stage(), found.holds()), (Stage::Decided, Some(Ruling::Falsified)));
    }

    proptest! {
        #[test]
        fn steps_come_in_any_order_and_twice(order in Just(vec![0usize, 1, 2, 3, 4, 2]).prop_shuffle()) {
            let steps = [asked(), ACCOUNT, decided(Ruling::Falsified), FindingStep::Appealed, FindingStep::Heard { reversed: false }];
            let mut shuffled = Course::default();
            for nth in order {
                shuffled.take(said(i64::try_from(nth).unwrap() + 1, steps[nth].clone()));
            }
            prop_assert_eq!(shuffled, course(steps.to_vec()));
        }
    }
}
