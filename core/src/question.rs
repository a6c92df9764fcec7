//! 专项 – questions a community adds to its visits, so that one visit serves several departments.
//!
//! A question says who asks, what for and on what basis, or it is not asked. At most five stand on one visit, each is
//! asked once a period, and "not asked" is always an answer.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::category::{CategoryId, FieldKey, refused};
use crate::ids::{GridId, QuestionId};
use crate::time::{Cadence, Period};
use crate::visit::{Answer, AnswerValue, Field, Problem};

mod problem;

pub use problem::{QuestionPart, QuestionProblem};

/// What nobody is asked for at the door: with a number, a card or a password things are done in a person's name.
const NUMBERS: [&str; 12] = [
    "身份证号",
    "身份证件号",
    "证件号",
    "护照号",
    "银行卡号",
    "银行账号",
    "银行帐号",
    "密码",
    "验证码",
    "id number",
    "card number",
    "password",
];

/// 专项 – one question. Once asked it is never changed: a changed question is a new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// Its words in Chinese, at most [`Question::WORDS_MAX`] characters.
    pub zh: String,
    /// Its words in English; may be empty.
    #[serde(default)]
    pub en: String,
    /// 提问部门 – who wants to know.
    pub department: String,
    /// 目的 – what for.
    pub purpose: String,
    /// 依据 – on what basis.
    pub basis: String,
    /// 范围 – who is asked.
    pub asked_of: AskedOf,
    /// First day.
    pub from: NaiveDate,
    /// Last day; at most [`Question::DAYS_MAX`] days after the first.
    pub until: NaiveDate,
    /// What can be answered.
    pub kind: AnswerKind,
    /// 预填 – the last answer is offered for confirmation.
    pub prefill: bool,
    /// Asked once per calendar month or quarter.
    pub once_per: Cadence,
}

/// 范围 – who is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedOf {
    /// 全部 – every household.
    Everyone,
    /// 重点户 – key households.
    KeyHouseholds,
    /// Households with a member of a category.
    WithCategory(CategoryId),
    /// The households of some grids.
    Grids(BTreeSet<GridId>),
}

/// What can be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// 是 / 否.
    YesNo,
    /// One of 2 to 12 choices, counted from 0.
    Choice(Vec<ChoiceWords>),
    /// A whole number within bounds, both counted.
    Number {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A day.
    Date,
    /// A few words, at most `max` characters, 1 to 200.
    Text {
        /// In characters.
        max: u16,
    },
}

/// The words of one choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceWords {
    /// In Chinese.
    pub zh: String,
    /// In English; may be empty.
    #[serde(default)]
    pub en: String,
}

/// What must be known of a unit to say which questions it is asked; handed in, so that asking is pure.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The grid it lies in.
    pub grid: GridId,
    /// Whether it is a key household 重点户 today.
    pub is_key: bool,
    /// The confirmed categories of its members.
    pub categories: &'a BTreeSet<CategoryId>,
}

/// An answer with the day of its visit.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// 走访日期.
    pub visited_on: NaiveDate,
    /// What was answered.
    pub answer: &'a Answer,
}

impl Question {
    /// Most questions on one visit; the same as [`crate::visit::VisitDraft::ANSWERS_MAX`].
    pub const PER_VISIT: usize = 5;
    /// Longest wording, in characters.
    pub const WORDS_MAX: usize = 80;
    /// Longest time a question is asked, in days.
    pub const DAYS_MAX: i64 = 366;

    /// Checks the question alone.
    ///
    /// # Errors
    /// All problems at once, in the order of the form.
    pub fn check(&self) -> Result<(), Vec<QuestionProblem>> {
        let mut problems = Vec::new();
        let stated = [
            (QuestionPart::Words, &self.zh, Self::WORDS_MAX),
            (QuestionPart::Department, &self.department, 40),
            (QuestionPart::Purpose, &self.purpose, 200),
            (QuestionPart::Basis, &self.basis, 200),
        ];
        for (part, words, max) in stated {
            if words.trim().is_empty() {
                problems.push(QuestionProblem::Missing(part));
            } else if max < words.chars().count() {
                problems.push(QuestionProblem::TooLong(part));
            }
        }
        if Self::WORDS_MAX * 2 < self.en.chars().count() {
            problems.push(QuestionProblem::TooLong(QuestionPart::WordsEn));
        }
        if matches!(&self.asked_of, AskedOf::Grids(grids) if grids.is_empty()) {
            problems.push(QuestionProblem::Missing(QuestionPart::AskedOf));
        }
        if !(0..Self::DAYS_MAX).contains(&(self.until - self.from).num_days()) {
            problems.push(QuestionProblem::Days);
        }
        if !self.kind.makes_sense() {
            problems.push(QuestionProblem::Kind);
        }
        let choices = self.kind.choices().iter().flat_map(|choice| [&choice.zh, &choice.en]);
        let said: Vec<&String> = [&self.zh, &self.en].into_iter().chain(choices).collect();
        problems.extend(said.iter().find_map(|words| refused(words)).map(QuestionProblem::Refused));
        problems.extend(said.iter().any(|words| asks_numbers(words)).then_some(QuestionProblem::Numbers));
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Checks the question among those already open: on no day may more than five meet on one visit, or some would
    /// never be asked.
    ///
    /// # Errors
    /// All problems of the question alone, and the first day on which too many would meet.
    pub fn check_among(&self, others: &[Self]) -> Result<(), Vec<QuestionProblem>> {
        let mut problems = self.check().err().unwrap_or_default();
        let rivals: Vec<&Self> = others
            .iter()
            .filter(|other| other.id != self.id && self.asked_of.may_meet(&other.asked_of))
            .collect();
        let mut days: Vec<NaiveDate> = rivals.iter().map(|other| other.from).collect();
        days.push(self.from);
        days.retain(|day| self.is_open(*day));
        days.sort_unstable();
        let crowd = |day: NaiveDate| rivals.iter().filter(|other| other.is_open(day)).count() + 1;
        let first = days.into_iter().map(|day| (day, crowd(day))).find(|(_, count)| Self::PER_VISIT < *count);
        problems.extend(first.map(|(day, count)| QuestionProblem::TooMany { day, count }));
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Whether it is asked on the day at all.
    #[must_use]
    pub fn is_open(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.until
    }

    /// Whether it is asked of the unit.
    #[must_use]
    pub fn concerns(&self, unit: &Asked<'_>) -> bool {
        match &self.asked_of {
            AskedOf::Everyone => true,
            AskedOf::KeyHouseholds => unit.is_key,
            AskedOf::WithCategory(category) => unit.categories.contains(category),
            AskedOf::Grids(grids) => grids.contains(&unit.grid),
        }
    }

    /// Whether the answer is of the question's kind. 未问 "not asked" always is.
    #[must_use]
    pub fn fits(&self, value: &AnswerValue) -> bool {
        match (&self.kind, value) {
            (_, AnswerValue::NotAsked)
            | (AnswerKind::YesNo, AnswerValue::YesNo(_))
            | (AnswerKind::Date, AnswerValue::Date(_)) => true,
            (AnswerKind::Choice(choices), AnswerValue::Choice(nth)) => usize::from(*nth) < choices.len(),
            (AnswerKind::Number { min, max }, AnswerValue::Number(number)) => (*min..=*max).contains(number),
            (AnswerKind::Text { max }, AnswerValue::Text(text)) => {
                !text.trim().is_empty() && text.chars().count() <= usize::from(*max)
            }
            _ => false,
        }
    }

    /// 预填 – the last answer given before the day, where the question wants it offered and it still fits.
    #[must_use]
    pub fn prefilled<'a>(&self, answered: &[Answered<'a>], day: NaiveDate) -> Option<&'a AnswerValue> {
        let mine = answered.iter().filter(|one| self.prefill && self.is_answer(one) && one.visited_on < day);
        let last = mine.max_by_key(|one| one.visited_on)?;
        self.fits(&last.answer.value).then_some(&last.answer.value)
    }

    fn is_answer(&self, one: &Answered<'_>) -> bool {
        one.answer.question == self.id && one.answer.value != AnswerValue::NotAsked
    }
}

impl AskedOf {
    /// Whether one household can be asked both: only two lists of grids can be told apart for certain.
    fn may_meet(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Grids(one), Self::Grids(other)) => !one.is_disjoint(other),
            _ => true,
        }
    }
}

impl AnswerKind {
    /// The choices, for a choice.
    #[must_use]
    pub fn choices(&self) -> &[ChoiceWords] {
        match self {
            Self::Choice(choices) => choices,
            _ => &[],
        }
    }

    fn makes_sense(&self) -> bool {
        match self {
            Self::YesNo | Self::Date => true,
            Self::Choice(choices) => {
                let words: BTreeSet<&str> = choices.iter().map(|choice| choice.zh.trim()).collect();
                let short = words.iter().all(|words| (1..=40).contains(&words.chars().count()));
                (2..=12).contains(&choices.len()) && words.len() == choices.len() && short
            }
            Self::Number { min, max } => min <= max,
            Self::Text { max } => (1..=200).contains(max),
        }
    }
}

/// The categories whose fields a household's document holds, by the names of its fields; the same on phone and hub, so that
/// both know whom a question of a category concerns.
pub fn categories_named<'a>(fields: impl Iterator<Item = &'a String>) -> BTreeSet<CategoryId> {
    let named = fields.filter_map(|key| match FieldKey::parse(key) {
        Ok(FieldKey::Category(_, field)) => Some(field.category),
        _ => None,
    });
    named.collect()
}

/// The questions of one visit: open on the day, meant for the unit, not yet answered in the running period; those
/// that end first come first, at most five.
#[must_use]
pub fn open_for<'a>(
    questions: &'a [Question],
    unit: &Asked<'_>,
    answered: &[Answered<'_>],
    day: NaiveDate,
) -> Vec<&'a Question> {
    let is_answered = |question: &Question| {
        let period = Period::of(question.once_per, day);
        answered.iter().any(|one| question.is_answer(one) && period.contains(one.visited_on))
    };
    let mut open: Vec<&Question> = questions
        .iter()
        .filter(|question| question.is_open(day) && question.concerns(unit) && !is_answered(question))
        .collect();
    open.sort_by_key(|question| (question.until, question.from, question.id));
    open.dedup_by_key(|question| question.id);
    open.truncate(Question::PER_VISIT);
    open
}

/// Whether each answer belongs to a question of the visit, fits it, and none is answered twice.
///
/// # Errors
/// [`Problem::DoesNotFit`] for the answers as a whole; the form shows each beside its question.
pub fn check_answers(open: &[&Question], answers: &[Answer]) -> Result<(), Problem> {
    let by_id: BTreeMap<QuestionId, &Question> =
        open.iter().map(|question| (question.id, *question)).collect();
    let mut seen = BTreeSet::new();
    let fit = answers.iter().all(|answer| {
        seen.insert(answer.question)
            && by_id.get(&answer.question).is_some_and(|question| question.fits(&answer.value))
    });
    if fit { Ok(()) } else { Err(Problem::DoesNotFit(Field::Answers)) }
}

/// Whether words ask for a number or a password that nobody gives away at a door.
#[must_use]
pub fn asks_numbers(words: &str) -> bool {
    let bare: String = words.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    NUMBERS.iter().any(|number| bare.contains(number))
}

#[cfg(test)]
mod tests;
