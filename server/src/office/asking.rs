//! 专项的开设与结束 – what a question may be, checked before it is asked of anybody.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ruhu_core::category::{Category, CategoryId};
use ruhu_core::community::{CommunityFact, CommunityFile};
use ruhu_core::ids::GridId;
use ruhu_core::question::{AnswerKind, AskedOf, ChoiceWords, Question};

use super::duty::community_act;
use super::{OfficeError, Order};
use crate::storage::Hub;

/// Least signs of a question's id that are looked for.
const ID_SIGNS: usize = 4;

impl Hub {
    /// 开设专项 – asks a question from its own first day on. Asked again with the same id it is the same question, and
    /// nothing more is recorded: a form may be sent twice.
    ///
    /// # Errors
    /// [`OfficeError::Question`] with every problem at once, [`OfficeError::QuestionAsked`] where another one stands by
    /// this id; nothing is asked then.
    pub fn open_question(&self, order: Order, question: Question) -> Result<(), OfficeError> {
        self.office(move |desk| {
            let file = desk.tx().community(order.community)?.unwrap_or_default();
            if let Some(known) = file.questions().remove(&question.id) {
                // Closing it moves its last day, nothing else.
                let same = Question { until: question.until, ..known.clone() } == question;
                let same = same && known.until <= question.until;
                return if same { Ok(()) } else { Err(OfficeError::QuestionAsked) };
            }
            check(&file, &question)?;
            let fact = CommunityFact::QuestionOpened(question);
            desk.act(&community_act(order.by, order.community, vec![fact], &order.reason))?;
            Ok(())
        })
    }

    /// 结束专项 – a question is asked no longer from a day on. Returns it as it was.
    ///
    /// # Errors
    /// [`OfficeError`]: no such question, or ended before that day.
    pub fn close_question(&self, order: Order, wanted: &str, on: NaiveDate) -> Result<Question, OfficeError> {
        let wanted = wanted.to_owned();
        self.office(move |desk| {
            let file = desk.tx().community(order.community)?.unwrap_or_default();
            let question = find(&file, &wanted)?;
            if question.until < on {
                return Err(OfficeError::QuestionEnded { until: question.until });
            }
            let fact = CommunityFact::QuestionClosed { question: question.id, on };
            desk.act(&community_act(order.by, order.community, vec![fact], &order.reason))?;
            Ok(question)
        })
    }
}

/// Whether a question may be asked in a community as it is: alone, among those open, and of somebody.
///
/// # Errors
/// [`OfficeError`].
pub fn check(file: &CommunityFile, question: &Question) -> Result<(), OfficeError> {
    let others: Vec<Question> = file.questions().into_values().collect();
    question.check_among(&others).map_err(OfficeError::Question)?;
    unconfirmed(file, &question.asked_of)
        .map_or(Ok(()), |category| Err(OfficeError::CategoryNotConfirmed { category: category.to_string() }))
}

/// The category that is asked for and that the organ has not confirmed: nobody would be asked.
#[must_use]
pub fn unconfirmed<'a>(file: &CommunityFile, asked_of: &'a AskedOf) -> Option<&'a CategoryId> {
    match asked_of {
        AskedOf::WithCategory(category) if !file.confirmed_categories().holds(category) => Some(category),
        _ => None,
    }
}

/// A question by its id, the beginning of it, or its words.
///
/// # Errors
/// [`OfficeError::NoQuestion`], [`OfficeError::SeveralQuestions`].
pub fn find(file: &CommunityFile, wanted: &str) -> Result<Question, OfficeError> {
    let named = |question: &Question| {
        let id = question.id.to_string();
        question.zh == wanted || (ID_SIGNS <= wanted.len() && id.starts_with(&wanted.to_ascii_lowercase()))
    };
    let mut found = file.questions().into_values().filter(named);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(OfficeError::NoQuestion),
        _ => Err(OfficeError::SeveralQuestions),
    }
}

/// What can be answered, as typed: `yes-no`, `choice:甲,乙`, `number:0-9`, `date`, `text:60`.
///
/// # Errors
/// [`OfficeError::BadKind`]; whether it makes sense is the question's own check.
pub fn kind(typed: &str) -> Result<AnswerKind, OfficeError> {
    let bad = || OfficeError::BadKind { kind: typed.to_owned() };
    let (name, rest) =
        typed.split_once([':', '\u{ff1a}']).map_or((typed, ""), |(name, rest)| (name, rest.trim()));
    match (name.trim(), rest) {
        ("yes-no", "") => Ok(AnswerKind::YesNo),
        ("date", "") => Ok(AnswerKind::Date),
        ("text", max) => Ok(AnswerKind::Text { max: max.parse().map_err(|_| bad())? }),
        ("number", bounds) => {
            let (min, max) = bounds_of(bounds).ok_or_else(bad)?;
            Ok(AnswerKind::Number { min, max })
        }
        ("choice", choices) => Ok(AnswerKind::Choice(
            choices
                .split([',', '\u{ff0c}', '、'])
                .map(|zh| ChoiceWords { zh: zh.trim().to_owned(), en: String::new() })
                .collect(),
        )),
        _ => Err(bad()),
    }
}

/// Two whole numbers with a hyphen between; either may be negative.
fn bounds_of(bounds: &str) -> Option<(i64, i64)> {
    let hyphens = bounds.match_indices('-').map(|(at, _)| at).filter(|at| 0 < *at);
    hyphens.into_iter().find_map(|at| {
        let (min, max) = bounds.split_at_checked(at)?;
        Some((min.trim().parse().ok()?, max.strip_prefix('-')?.trim().parse().ok()?))
    })
}

/// Who is asked, as typed: `everyone`, `key`, `category:low-income`, or one or several `grid:名称`.
///
/// # Errors
/// [`OfficeError::BadWho`].
pub fn asked_of(typed: &[String], grid: impl Fn(&str) -> Option<GridId>) -> Result<AskedOf, OfficeError> {
    let bad = || OfficeError::BadWho { who: typed.join(",") };
    let mut grids = BTreeSet::new();
    for one in typed {
        match (one.split_once([':', '\u{ff1a}']).unwrap_or((one, "")), typed) {
            (("everyone", ""), [_]) => return Ok(AskedOf::Everyone),
            (("key", ""), [_]) => return Ok(AskedOf::KeyHouseholds),
            (("category", words), [_]) => {
                let shipped = Category::from_words(words).map(CategoryId::from);
                let category = shipped.map_or_else(|| words.parse(), Ok).map_err(|_| bad())?;
                return Ok(AskedOf::WithCategory(category));
            }
            (("grid", name), _) => {
                grids.insert(grid(name).ok_or_else(bad)?);
            }
            _ => return Err(bad()),
        }
    }
    if grids.is_empty() { Err(bad()) } else { Ok(AskedOf::Grids(grids)) }
}
