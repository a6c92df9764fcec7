//! 诉求, 隐患 – where a request stands after the steps taken: passed up or assigned, handled, the resident told, closed
//! (`domain.md` 2.5). Pure, and the same on phone and hub.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::entry::{RequestEvent, RequestOwner, RequestStep};
use crate::ids::Hash32;

/// 办理环节 – one step, ordered by when it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Step {
    /// When it was recorded, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The entry it stands in.
    pub entry: Hash32,
    /// What happened.
    pub step: RequestStep,
}

/// 办理情况 – where a request stands; the default is noticed and nothing more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestState {
    latest: Option<RequestStep>,
    closed: bool,
    result: bool,
    told: bool,
}

impl RequestState {
    /// Where a request stands after these steps, given in any order; the same step twice is one.
    ///
    /// To assign it, or to pass it up, begins anew: what was done before is no result any longer. Closed stays closed when
    /// the resident is told afterwards.
    #[must_use]
    pub fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        let mut steps: Vec<Step> = steps.into_iter().collect();
        steps.sort_unstable();
        let mut state = Self::default();
        for one in steps {
            match one.step {
                RequestStep::PassedUp | RequestStep::Assigned => state = Self::default(),
                RequestStep::Handled => state = Self { result: true, ..Self::default() },
                RequestStep::Replied => state.told = true,
                RequestStep::Closed => (state.result, state.closed) = (true, true),
            }
            state.latest = Some(if state.closed { RequestStep::Closed } else { one.step });
        }
        state
    }

    /// The latest step, or that it is closed; `None` while it was only noticed.
    #[must_use]
    pub const fn latest(&self) -> Option<RequestStep> {
        self.latest
    }

    /// 办结.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    /// 待告知 – something came of it and the resident does not know yet.
    #[must_use]
    pub const fn is_to_tell(&self) -> bool {
        self.result && !self.told
    }

    /// Somebody still has to do something: handle it, close it or tell the resident.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        !self.is_closed() || self.is_to_tell()
    }

    /// 待办 – nobody has said that it was handled.
    #[must_use]
    pub const fn is_unhandled(&self) -> bool {
        !self.result && !self.told
    }
}

/// 办理记录 – one step with everything said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// When and what.
    pub step: Step,
    /// Who, for whom, until when.
    pub event: RequestEvent,
    /// What was done or told; empty once erased.
    pub words: String,
}

/// 办理过程 – all steps of one request, the earliest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    taken: Vec<Taken>,
}

impl Course {
    /// Adds a step, wherever in time it belongs.
    pub fn take(&mut self, one: Taken) {
        let at = self.taken.partition_point(|other| other.step < one.step);
        if self.taken.get(at).is_none_or(|other| other.step != one.step) {
            self.taken.insert(at, one);
        }
    }

    /// The steps, the earliest first.
    #[must_use]
    pub fn taken(&self) -> &[Taken] {
        &self.taken
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> RequestState {
        RequestState::of(self.taken.iter().map(|one| one.step))
    }

    /// 承办 – who is to handle it, as last said.
    #[must_use]
    pub fn owner(&self) -> Option<&RequestOwner> {
        self.charge().and_then(|event| event.owner.as_ref())
    }

    /// 时限 – the last day to handle it, as last said.
    #[must_use]
    pub fn due(&self) -> Option<NaiveDate> {
        self.charge().and_then(|event| event.due)
    }

    /// 逾期 – not handled though its last day has passed.
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.state().is_unhandled() && self.due().is_some_and(|due| due < today)
    }

    /// 结果 – the words of the last step that named a result; empty where there is none.
    #[must_use]
    pub fn result(&self) -> &str {
        let named = |one: &&Taken| matches!(one.step.step, RequestStep::Handled | RequestStep::Closed);
        let said = self.taken.iter().rev().filter(named).map(|one| one.words.as_str());
        said.into_iter().find(|words| !words.is_empty()).unwrap_or_default()
    }

    fn charge(&self) -> Option<&RequestEvent> {
        let charged = |one: &&Taken| matches!(one.step.step, RequestStep::PassedUp | RequestStep::Assigned);
        self.taken.iter().rev().find(charged).map(|one| &one.event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AccountId, HouseholdId, RequestId, WorkerId};
    use crate::roster::{By, Unit};
    use proptest::prelude::*;

    fn step(at_ms: i64, step: RequestStep) -> Step {
        Step { at_ms, entry: Hash32([u8::try_from(at_ms).unwrap(); 32]), step }
    }

    fn taken(at_ms: i64, of: RequestStep, owner: Option<RequestOwner>, due: Option<&str>) -> Taken {
        let event = RequestEvent {
            unit: Unit::Household(HouseholdId::from_bytes([1; 16])),
            request: RequestId::from_bytes([2; 16]),
            step: of,
            by: By::Desk(AccountId::from_bytes([3; 16])),
            owner,
            due: due.map(|day| day.parse().unwrap()),
        };
        Taken { step: step(at_ms, of), event, words: format!("第 {at_ms} 步") }
    }

    #[test]
    fn a_request_waits_until_it_is_closed_and_the_resident_was_told() {
        use RequestStep::{Assigned, Closed, Handled, Replied};
        let after =
            |steps: &[RequestStep]| RequestState::of((1..).zip(steps).map(|(at, one)| step(at, *one)));
        assert!(after(&[]).is_waiting() && !after(&[]).is_to_tell());
        assert!(after(&[Assigned]).is_unhandled());
        assert!(after(&[Assigned, Handled]).is_to_tell());
        assert!(!after(&[Assigned, Handled, Replied]).is_to_tell());
        assert!(after(&[Assigned, Handled, Replied]).is_waiting(), "the desk still closes it");
        assert!(!after(&[Assigned, Handled, Replied, Closed]).is_waiting());
        assert!(after(&[Assigned, Handled, Closed]).is_waiting(), "closed, and nobody told the resident");
        assert!(
            !after(&[Assigned, Handled, Closed, Replied]).is_waiting(),
            "told afterwards: nothing is left to do"
        );
        assert!(after(&[Assigned, Handled, Replied, Closed, Assigned]).is_unhandled(), "taken up again");
    }

    #[test]
    fn what_was_said_last_is_who_handles_it_and_until_when() {
        let worker = RequestOwner::Worker(WorkerId::from_bytes([7; 16]));
        let office = RequestOwner::Office("城管中队".to_owned());
        let mut course = Course::default();
        course.take(taken(3, RequestStep::PassedUp, Some(office.clone()), Some("2026-07-20")));
        course.take(taken(1, RequestStep::Assigned, Some(worker), Some("2026-07-10")));
        course.take(taken(3, RequestStep::PassedUp, Some(office.clone()), Some("2026-07-20")));
        assert_eq!((course.taken().len(), course.owner()), (2, Some(&office)));
        assert!(!course.is_overdue("2026-07-20".parse().unwrap()));
        assert!(course.is_overdue("2026-07-21".parse().unwrap()));
        course.take(taken(4, RequestStep::Handled, None, None));
        assert!(!course.is_overdue("2026-07-21".parse().unwrap()));
        assert_eq!(course.result(), "第 4 步");
    }

    proptest! {
        #[test]
        fn steps_in_any_order_and_twice_are_the_same_state(
            kinds in proptest::collection::vec(0usize..5, 0..12),
            turned in any::<prop::sample::Index>(),
        ) {
            let all = [
                RequestStep::PassedUp,
                RequestStep::Assigned,
                RequestStep::Handled,
                RequestStep::Replied,
                RequestStep::Closed,
            ];
            let steps: Vec<Step> = (0..).zip(&kinds).map(|(at, kind)| step(at, all[*kind])).collect();
            let mut other = steps.clone();
            other.reverse();
            if !other.is_empty() {
                let at = turned.index(other.len());
                other.rotate_left(at);
                other.extend_from_slice(&steps[..at]);
            }
            prop_assert_eq!(RequestState::of(steps), RequestState::of(other));
        }
    }
}
