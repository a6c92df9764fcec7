//! 回答分布 – how often each answer was given; for whoever may see answers.

use ruhu_core::question::{AnswerKind, Question};
use ruhu_core::visit::AnswerValue;

/// Most bars of a number's spread; more values than that are put together.
const BARS: i128 = 10;

/// Which answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// 是.
    Yes,
    /// 否.
    No,
    /// A choice, by its number.
    Choice(usize),
    /// Whole numbers from the first to the last, both counted.
    Numbers(i64, i64),
}

/// How often each answer was given, in the order of the question; empty for days and texts, which are read one by one.
#[must_use]
pub fn spread<'a>(
    question: &Question,
    answers: impl IntoIterator<Item = &'a AnswerValue>,
) -> Vec<(Bar, u32)> {
    let mut bars: Vec<(Bar, u32)> = bars(&question.kind).into_iter().map(|bar| (bar, 0)).collect();
    for value in answers {
        let found = bars.iter_mut().find(|(bar, _)| bar.holds(value));
        if let Some((_, count)) = found {
            *count += 1;
        }
    }
    bars
}

impl Bar {
    fn holds(self, value: &AnswerValue) -> bool {
        match (self, value) {
            (Self::Yes, AnswerValue::YesNo(yes)) => *yes,
            (Self::No, AnswerValue::YesNo(yes)) => !*yes,
            (Self::Choice(nth), AnswerValue::Choice(chosen)) => nth == usize::from(*chosen),
            (Self::Numbers(first, last), AnswerValue::Number(number)) => (first..=last).contains(number),
            _ => false,
        }
    }
}

fn bars(kind: &AnswerKind) -> Vec<Bar> {
    match kind {
        AnswerKind::YesNo => vec![Bar::Yes, Bar::No],
        AnswerKind::Choice(choices) => (0..choices.len()).map(Bar::Choice).collect(),
        AnswerKind::Number { min, max } => {
            let (min, max) = (i128::from(*min), i128::from(*max));
            let values = max - min + 1;
            let wide = if values <= BARS + 2 { 1 } else { (values + BARS - 1) / BARS };
            let whole = |number: i128| i64::try_from(number.min(max)).unwrap_or(i64::MAX);
            let mut bars = Vec::new();
            let mut first = min;
            while first <= max {
                bars.push(Bar::Numbers(whole(first), whole(first + wide - 1)));
                first += wide;
            }
            bars
        }
        AnswerKind::Date | AnswerKind::Text { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_each_for_itself_while_they_are_few_and_are_put_together_when_they_are_many() {
        let of = |min, max| bars(&AnswerKind::Number { min, max });
        assert_eq!(of(0, 2), [Bar::Numbers(0, 0), Bar::Numbers(1, 1), Bar::Numbers(2, 2)]);
        assert_eq!(of(0, 99).len(), 10);
        assert_eq!(of(0, 99)[9], Bar::Numbers(90, 99));
        assert_eq!(of(0, 100)[9], Bar::Numbers(99, 100));
        let whole = of(i64::MIN, i64::MAX);
        assert_eq!(whole.len(), 10);
        assert!(
            matches!(whole[0], Bar::Numbers(i64::MIN, _)) && matches!(whole[9], Bar::Numbers(_, i64::MAX))
        );
    }
}
