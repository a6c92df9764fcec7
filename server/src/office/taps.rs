//! 点按 – what answering a question adds to a visit, so that whoever asks knows what it costs those who walk.

use ruhu_core::question::{AnswerKind, Question};

/// Touches of a day: the field opens a calendar, the day is chosen, the calendar closed. A day of another month takes more.
const DAY_TAPS: u32 = 3;

/// 点按 – touches of the screen, and signs typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taps {
    /// 点按 – touches of a key or a field.
    pub taps: u32,
    /// 录入 – signs typed, at most.
    pub signs: u32,
}

impl Taps {
    /// What one answer takes where nothing is offered for confirmation.
    ///
    /// Read off the visit screen of the field app (`mobile/web/src/screens/visit/questions.tsx`), where the questions stand
    /// below the outcome and nothing is opened to come to them. 是/否 and a choice are keys: one touch. A day is chosen in
    /// the phone's calendar: three touches at least. A number and a text are fields: one touch to come into it, then
    /// signs – a number as many as its longer bound has, a text as many as it may have at most. A Chinese sign counts as one, though typing it takes
    /// several keys. Scrolling down to the questions and reading them out is not counted.
    #[must_use]
    pub fn of(kind: &AnswerKind) -> Self {
        let (taps, signs) = match kind {
            AnswerKind::YesNo | AnswerKind::Choice(_) => (1, 0),
            AnswerKind::Number { min, max } => (1, signs_of(*min).max(signs_of(*max))),
            AnswerKind::Date => (DAY_TAPS, 0),
            AnswerKind::Text { max } => (1, u32::from(*max)),
        };
        Self { taps, signs }
    }

    /// What it takes where the last answer is offered and still holds: one touch. `None` for a question that offers none.
    #[must_use]
    pub fn confirming(question: &Question) -> Option<Self> {
        question.prefill.then_some(Self { taps: 1, signs: 0 })
    }

    /// The same for so many households.
    #[must_use]
    pub fn times(self, households: u32) -> (u64, u64) {
        let all = |one: u32| u64::from(one) * u64::from(households);
        (all(self.taps), all(self.signs))
    }
}

/// Signs of a whole number as typed, the minus among them.
fn signs_of(number: i64) -> u32 {
    u32::try_from(number.to_string().len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruhu_core::question::ChoiceWords;

    fn taps(kind: &AnswerKind) -> (u32, u32) {
        let Taps { taps, signs } = Taps::of(kind);
        (taps, signs)
    }

    #[test]
    fn a_key_is_one_touch_a_field_one_and_its_signs_and_a_day_is_chosen() {
        let choice = ChoiceWords { zh: "有".into(), en: String::new() };
        assert_eq!(taps(&AnswerKind::YesNo), (1, 0));
        assert_eq!(taps(&AnswerKind::Choice(vec![choice.clone(), choice])), (1, 0));
        assert_eq!(taps(&AnswerKind::Number { min: 0, max: 9 }), (1, 1));
        assert_eq!(taps(&AnswerKind::Number { min: -100, max: 99 }), (1, 4));
        assert_eq!(taps(&AnswerKind::Number { min: i64::MIN, max: i64::MAX }), (1, 20));
        assert_eq!(taps(&AnswerKind::Date), (3, 0));
        assert_eq!(taps(&AnswerKind::Text { max: 60 }), (1, 60));
    }

    #[test]
    fn a_community_adds_up_what_each_visit_takes() {
        assert_eq!(Taps::of(&AnswerKind::YesNo).times(300), (300, 0));
        assert_eq!(Taps::of(&AnswerKind::Text { max: 200 }).times(u32::MAX).1, 200 * u64::from(u32::MAX));
        assert_eq!(Taps::of(&AnswerKind::Date).times(0), (0, 0));
    }
}
