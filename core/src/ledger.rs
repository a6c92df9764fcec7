//! 奖惩台账 – where a line of rewards and deductions stands: proposed, answered by the worker, confirmed by somebody else,
//! or withdrawn. Pure, and the same on phone and hub. Nothing here adds lines up or compares workers.

use chrono::NaiveDate;

use crate::entry::{LineEvent, LineProposal, LineStep};
use crate::roster::By;
use crate::steps::{Said, Step, Steps};

mod proposable;

pub use proposable::{NotOffered, Proposable, after_finding, for_completion};

/// 进展 – where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// 拟 – the worker was told and has not answered.
    Draft,
    /// 已答复.
    Answered,
    /// 已确认 – a person decided that it holds.
    Confirmed,
    /// 申诉待复核 – it has no effect until somebody has heard the appeal, however long that takes.
    Appealed,
    /// 维持 – somebody else heard the appeal and upheld it: the last word.
    Upheld,
    /// 已撤销.
    Withdrawn,
}

/// 一项 – all steps of one line, the earliest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    steps: Steps<LineEvent>,
}

impl Step for LineEvent {
    fn turn(&self) -> u8 {
        match self.step {
            LineStep::Proposed(_) => 0,
            LineStep::Replied => 1,
            LineStep::Confirmed { .. } => 2,
            LineStep::Appealed => 3,
            LineStep::Heard { .. } => 4,
            LineStep::Withdrawn => 5,
        }
    }
}

impl Line {
    /// Adds a step, wherever in time it belongs; the same step twice is one.
    pub fn take(&mut self, one: Said<LineEvent>) {
        self.steps.take(one);
    }

    /// The steps, the earliest first.
    #[must_use]
    pub fn said(&self) -> &[Said<LineEvent>] {
        self.steps.said()
    }

    /// The step it began with, and what was proposed; `None` where only what the worker says is known, as after a restore.
    #[must_use]
    pub fn proposed(&self) -> Option<(&Said<LineEvent>, &LineProposal)> {
        self.said().iter().find_map(|one| match &one.event.step {
            LineStep::Proposed(proposal) => Some((one, &**proposal)),
            _ => None,
        })
    }

    /// Where it stands. What comes too late for its turn is kept and changes nothing: an answer after the decision, an
    /// appeal against a reward.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.walked().0
    }

    /// Where it stands, and whether the last appeal was written down by somebody else for the worker.
    fn walked(&self) -> (Standing, bool) {
        let adverse = self.proposed().is_some_and(|(_, proposal)| proposal.kind.is_adverse());
        let (mut standing, mut noted) = (Standing::Draft, false);
        for one in self.said() {
            let own = matches!(one.event.by, By::Worker(_));
            standing = match (&one.event.step, standing) {
                (_, Standing::Withdrawn) | (LineStep::Withdrawn, _) => Standing::Withdrawn,
                // What somebody else wrote down for him ends no waiting: he can still say it himself.
                (LineStep::Replied, Standing::Draft) if own => Standing::Answered,
                (LineStep::Confirmed { .. }, Standing::Draft | Standing::Answered) => Standing::Confirmed,
                (LineStep::Appealed, Standing::Confirmed) if adverse => {
                    noted = !own;
                    Standing::Appealed
                }
                // Nor does it use up his own appeal.
                (LineStep::Appealed, Standing::Upheld) if noted && own => {
                    noted = false;
                    Standing::Appealed
                }
                (LineStep::Heard { reversed: true }, Standing::Appealed) => Standing::Withdrawn,
                (LineStep::Heard { reversed: false }, Standing::Appealed) => Standing::Upheld,
                _ => standing,
            };
        }
        (standing, noted)
    }

    /// The last day to appeal, once it was confirmed and where there is something to appeal against.
    #[must_use]
    pub fn appeal_by(&self) -> Option<NaiveDate> {
        self.said().iter().find_map(|one| match one.event.step {
            LineStep::Confirmed { appeal_by } => appeal_by,
            _ => None,
        })
    }

    /// Whether the worker can appeal: it was confirmed, or upheld on an appeal that somebody else wrote down for him, and the
    /// last day has not passed.
    #[must_use]
    pub fn may_appeal(&self, today: NaiveDate) -> bool {
        let open = matches!(self.walked(), (Standing::Confirmed, _) | (Standing::Upheld, true));
        open && self.appeal_by().is_some_and(|last| today <= last)
    }

    /// 生效 – whether whoever keeps the books may act on it: confirmed, and either nothing to appeal against, or the days
    /// for it passed, or his own appeal heard. Nothing acts on it by itself.
    #[must_use]
    pub fn is_in_force(&self, today: NaiveDate) -> bool {
        let passed = self.appeal_by().is_none_or(|last| last < today);
        match self.walked() {
            (Standing::Upheld, noted) => !noted || passed,
            (Standing::Confirmed, _) => passed,
            (Standing::Draft | Standing::Answered | Standing::Appealed | Standing::Withdrawn, _) => false,
        }
    }

    /// Whether anybody ever appealed against it: it is proposed by this rule no second time.
    #[must_use]
    pub fn was_appealed(&self) -> bool {
        self.said().iter().any(|one| one.event.step == LineStep::Appealed)
    }

    /// Nothing more is expected of anybody.
    #[must_use]
    pub fn is_ended(&self, today: NaiveDate) -> bool {
        self.standing() == Standing::Withdrawn || self.is_in_force(today)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::entry::{Amount, Ground, LineKind};
    use crate::ids::{AccountId, FindingId, Hash32, LineId, WorkerId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn said(at_ms: i64, step: LineStep) -> Said<LineEvent> {
        let worker = WorkerId::from_bytes([2; 16]);
        let desk = By::Desk(AccountId::from_bytes([3; 16]));
        let by = if step.is_the_workers() { By::Worker(worker) } else { desk };
        let event = LineEvent { line: LineId::from_bytes([1; 16]), worker, step, by };
        Said { at_ms, entry: Hash32([u8::try_from(at_ms).unwrap(); 32]), event, words: String::new() }
    }

    fn proposed(kind: LineKind) -> LineStep {
        LineStep::Proposed(Box::new(LineProposal {
            kind,
            rule: "D1b-25".parse().unwrap(),
            quote: "五·3 「扣發年終獎10%」".into(),
            amount: Amount::YearEndBonus { percent: 10 },
            ground: Ground::Finding(FindingId::from_bytes([4; 16])),
            released: vec!["L-7 示政发〔2026〕13号".into()],
            reply_by: day("2026-10-20"),
        }))
    }

    fn confirmed() -> LineStep {
        LineStep::Confirmed { appeal_by: Some(day("2026-11-10")) }
    }

    fn line(steps: Vec<LineStep>) -> Line {
        let mut line = Line::default();
        (1..).zip(steps).for_each(|(at, step)| line.take(said(at, step)));
        line
    }

    #[test]
    fn a_deduction_is_answered_confirmed_and_in_force_once_the_days_to_appeal_have_passed() {
        let mut steps = vec![proposed(LineKind::Deduction)];
        assert_eq!(line(steps.clone()).standing(), Standing::Draft);
        steps.push(LineStep::Replied);
        assert_eq!(line(steps.clone()).standing(), Standing::Answered);
        steps.push(confirmed());
        let confirmed = line(steps);
        assert_eq!(confirmed.standing(), Standing::Confirmed);
        assert!(!confirmed.is_in_force(day("2026-11-10")) && confirmed.is_in_force(day("2026-11-11")));
    }

    #[test]
    fn an_appeal_nobody_hears_keeps_it_without_effect_for_ever() {
        let appealed = line(vec![proposed(LineKind::Deduction), confirmed(), LineStep::Appealed]);
        assert_eq!(appealed.standing(), Standing::Appealed);
        assert!(!appealed.is_in_force(day("2036-01-01")) && !appealed.is_ended(day("2036-01-01")));
        for (reversed, standing) in [(true, Standing::Withdrawn), (false, Standing::Upheld)] {
            let mut heard = appealed.clone();
            heard.take(said(9, LineStep::Heard { reversed }));
            assert_eq!((heard.standing(), heard.is_in_force(day("2026-11-01"))), (standing, !reversed));
        }
    }

    #[test]
    fn what_somebody_wrote_down_for_him_neither_answers_nor_appeals_in_his_place() {
        let noted = |at_ms, step| {
            let mut one = said(at_ms, step);
            one.event.by = By::Desk(AccountId::from_bytes([4; 16]));
            one
        };
        let mut line = line(vec![proposed(LineKind::Deduction)]);
        line.take(noted(2, LineStep::Replied));
        assert_eq!(line.standing(), Standing::Draft, "he is waited for");
        line.take(said(3, confirmed()));
        line.take(noted(4, LineStep::Appealed));
        line.take(said(5, LineStep::Heard { reversed: false }));
        let (within, after) = (day("2026-11-10"), day("2026-11-11"));
        assert_eq!(
            (line.standing(), line.is_in_force(within), line.may_appeal(within)),
            (Standing::Upheld, false, true)
        );
        assert!(line.is_in_force(after) && !line.may_appeal(after));
        line.take(said(6, LineStep::Appealed));
        assert_eq!((line.standing(), line.is_in_force(after)), (Standing::Appealed, false));
        line.take(said(7, LineStep::Heard { reversed: false }));
        assert_eq!((line.is_in_force(within), line.may_appeal(within)), (true, false), "his own was heard");
    }

    #[test]
    fn a_reward_has_nothing_to_appeal_against_and_holds_at_once() {
        let granted = LineStep::Confirmed { appeal_by: None };
        let reward = line(vec![proposed(LineKind::Reward), granted, LineStep::Appealed]);
        assert_eq!(reward.standing(), Standing::Confirmed);
        assert!(reward.is_in_force(day("2026-10-01")));
    }

    #[test]
    fn what_was_withdrawn_never_comes_back() {
        let steps = [LineStep::Replied, confirmed(), LineStep::Appealed, LineStep::Heard { reversed: false }];
        for step in steps {
            let dropped = line(vec![proposed(LineKind::Deduction), LineStep::Withdrawn, step]);
            assert_eq!(dropped.standing(), Standing::Withdrawn);
        }
    }

    #[test]
    fn a_line_as_it_is_stored() {
        let event = said(1, proposed(LineKind::Deduction)).event;
        insta::assert_json_snapshot!(event);
    }

    proptest! {
        #[test]
        fn steps_come_in_any_order_and_twice(order in Just(vec![0usize, 1, 2, 3, 4, 2]).prop_shuffle()) {
            let steps = [
                proposed(LineKind::Deduction), LineStep::Replied, confirmed(), LineStep::Appealed,
                LineStep::Heard { reversed: false },
            ];
            let mut shuffled = Line::default();
            for nth in order {
                shuffled.take(said(i64::try_from(nth).unwrap() + 1, steps[nth].clone()));
            }
            prop_assert_eq!(shuffled, line(steps.to_vec()));
        }
    }
}
