//! 居民权利 – what a resident may ask about the own record (Personal Information Protection Law, art. 44–50), and where such
//! a case stands after the steps taken. Pure: rows stand in `storage::rights`, acts in `office::rights`.

use chrono::{Days, NaiveDate};
use ruhu_core::time::WorkCalendar;

/// 办理时限 – working days to answer, counted from the day after it was received. The number is that of the authorities' own
/// yardstick for correcting and deleting (App违法违规收集使用个人信息行为认定方法, 2019, 六 3); the law says "in time".
pub const DUE_WORKING_DAYS: u32 = 15;
/// Days looked through for working days at most: no calendar is that empty.
const LOOKED_THROUGH: u64 = 366;

/// One enum of codes as rows and forms write them; a macro because lists and matches would drift apart.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $one:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$each])* $one,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$one,)*];

            /// As rows and forms write it.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$one => $text,)*
                }
            }

            /// Back from [`Self::code`].
            #[must_use]
            pub fn of(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

codes! {
    /// 事项 – what is asked for.
    Kind {
        /// 查阅、复制 (art. 45).
        See = "see",
        /// 更正、补充 (art. 46).
        Correct = "correct",
        /// 删除 (art. 47).
        Delete = "delete",
        /// 停止走访 (art. 44).
        Stop = "stop",
    }
}

codes! {
    /// 渠道 – how it reached the community.
    Channel {
        /// 走访时.
        Visit = "visit",
        /// 纸条、信件.
        Slip = "slip",
        /// 服务台.
        Counter = "counter",
        /// 公开网页.
        Page = "page",
    }
}

codes! {
    /// 身份核对 – how a person made sure who asks. No copy of a document is kept.
    Shown {
        /// 当面核对证件.
        Document = "document",
        /// 当面,工作人员认识.
        Known = "known",
        /// 回拨登记在册的号码.
        CallBack = "call-back",
    }
}

codes! {
    /// 决定.
    Ruling {
        /// 同意.
        Granted = "granted",
        /// 部分同意.
        InPart = "in-part",
        /// 不同意.
        Refused = "refused",
    }
}

codes! {
    /// 答复方式.
    Told {
        /// 当面.
        InPerson = "in-person",
        /// 电话.
        Phone = "phone",
        /// 书面.
        Letter = "letter",
        /// 多次联系未果.
        NotReached = "not-reached",
    }
}

/// 环节 – one step of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// 已写明是哪一户: whose record it is; a step of its own, so that who read the page before is told.
    Named,
    /// 已核身份.
    Identified(Shown),
    /// 未能核实身份 – not reached, or not the one: nothing of a record is shown or changed.
    NotShown,
    /// 已决定.
    Decided(Ruling),
    /// 已办理.
    Done,
    /// 已答复: it is over.
    Answered(Told),
    /// 本人撤回: it is over.
    Withdrawn,
}

/// 办理情况 – where a case stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// 已登记.
    #[default]
    Received,
    /// 已核身份.
    Identified,
    /// 身份不符, to be answered.
    NotShown,
    /// 已同意, whole or in part: to be done.
    Granted,
    /// 不同意, to be answered.
    Refused,
    /// 已办理, to be answered.
    Done,
    /// 已答复.
    Answered,
    /// 已撤回.
    Withdrawn,
}

impl Step {
    /// As rows write it: what was done, and how it came out.
    #[must_use]
    pub const fn codes(self) -> (&'static str, &'static str) {
        match self {
            Self::Named => ("household", ""),
            Self::Identified(shown) => ("identified", shown.code()),
            Self::NotShown => ("not-shown", ""),
            Self::Decided(ruling) => ("decided", ruling.code()),
            Self::Done => ("done", ""),
            Self::Answered(told) => ("answered", told.code()),
            Self::Withdrawn => ("withdrawn", ""),
        }
    }

    /// Back from [`Step::codes`].
    #[must_use]
    pub fn of(step: &str, outcome: &str) -> Option<Self> {
        match (step, outcome) {
            ("household", "") => Some(Self::Named),
            ("identified", shown) => Shown::of(shown).map(Self::Identified),
            ("not-shown", "") => Some(Self::NotShown),
            ("decided", ruling) => Ruling::of(ruling).map(Self::Decided),
            ("done", "") => Some(Self::Done),
            ("answered", told) => Told::of(told).map(Self::Answered),
            ("withdrawn", "") => Some(Self::Withdrawn),
            _ => None,
        }
    }
}

impl State {
    /// Where a case stands after its steps, in their order. A step that could not follow changes nothing.
    #[must_use]
    pub fn after(steps: impl IntoIterator<Item = Step>) -> Self {
        steps.into_iter().fold(Self::Received, |state, step| state.next(step).unwrap_or(state))
    }

    /// Where a step leads from here; `None` where it cannot follow.
    #[must_use]
    pub const fn next(self, step: Step) -> Option<Self> {
        Some(match (self, step) {
            (Self::Received, Step::Named) => Self::Received,
            (Self::Received, Step::Identified(_)) => Self::Identified,
            (Self::Received, Step::NotShown) => Self::NotShown,
            (Self::Identified, Step::Decided(Ruling::Granted | Ruling::InPart)) => Self::Granted,
            (Self::Identified, Step::Decided(Ruling::Refused)) => Self::Refused,
            (Self::Granted, Step::Done) => Self::Done,
            (Self::NotShown | Self::Refused | Self::Done, Step::Answered(_)) => Self::Answered,
            // What was done or refused has to be told, whatever is said afterwards.
            (Self::Received | Self::Identified | Self::NotShown | Self::Granted, Step::Withdrawn) => {
                Self::Withdrawn
            }
            _ => return None,
        })
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Answered | Self::Withdrawn)
    }

    /// Whether a person made sure who asks, and the community agreed: only then is a record shown or changed.
    #[must_use]
    pub const fn is_granted(self) -> bool {
        matches!(self, Self::Granted)
    }
}

/// The last day to answer a case received on a day.
#[must_use]
pub fn due(calendar: &WorkCalendar, received_on: NaiveDate) -> NaiveDate {
    let days = (1..=LOOKED_THROUGH).filter_map(|nth| received_on.checked_add_days(Days::new(nth)));
    let wanted = usize::try_from(DUE_WORKING_DAYS.saturating_sub(1)).unwrap_or(0);
    days.filter(|day| calendar.is_working_day(*day)).nth(wanted).unwrap_or(received_on)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn every_step() -> Vec<Step> {
        let shown = Shown::ALL.iter().map(|one| Step::Identified(*one));
        let ruled = Ruling::ALL.iter().map(|one| Step::Decided(*one));
        let told = Told::ALL.iter().map(|one| Step::Answered(*one));
        shown
            .chain(ruled)
            .chain(told)
            .chain([Step::Named, Step::NotShown, Step::Done, Step::Withdrawn])
            .collect()
    }

    proptest! {
        #[test]
        fn whatever_is_tried_in_whatever_order_nothing_is_done_without_an_identity_and_a_decision(
            tried in prop::collection::vec(prop::sample::select(every_step()), 0..12),
        ) {
            let mut state = State::Received;
            let mut taken = Vec::new();
            for step in tried {
                let Some(next) = state.next(step) else { continue };
                prop_assert!(!state.is_over(), "nothing follows the end");
                if step == Step::Done {
                    let identified = taken.iter().any(|one| matches!(one, Step::Identified(_)));
                    let granted = taken.iter().any(|one| {
                        matches!(one, Step::Decided(Ruling::Granted | Ruling::InPart))
                    });
                    prop_assert!(identified && granted, "{taken:?}");
                }
                state = next;
                taken.push(step);
            }
            prop_assert_eq!(State::after(taken), state);
        }
    }

    #[test]
    fn an_identity_that_was_not_shown_can_only_be_answered_or_withdrawn() {
        for step in every_step() {
            let ends = matches!(step, Step::Answered(_) | Step::Withdrawn);
            assert_eq!(State::NotShown.next(step).is_some(), ends, "{step:?}");
        }
    }

    #[test]
    fn every_step_is_read_back_as_it_was_written() {
        for step in every_step() {
            let (what, outcome) = step.codes();
            assert_eq!(Step::of(what, outcome), Some(step));
        }
        assert_eq!(Step::of("done", "granted"), None);
    }

    #[test]
    fn fifteen_working_days_pass_over_weekends_and_the_national_holiday() {
        let calendar = WorkCalendar::shipped().unwrap();
        let day = |text: &str| text.parse().unwrap();
        // Three plain weeks; then eight days of October off and two weekends worked for it.
        assert_eq!(due(&calendar, day("2026-07-01")), day("2026-07-22"));
        let worked = calendar.working_days(day("2026-09-26"), due(&calendar, day("2026-09-25")));
        assert_eq!(worked, DUE_WORKING_DAYS);
        assert!(calendar.is_working_day(due(&calendar, day("2026-09-25"))));
        assert_eq!(due(&WorkCalendar::weekends(), day("2027-03-05")), day("2027-03-26"));
    }
}
