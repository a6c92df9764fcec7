//! 专项的回答 – what was answered on visits in effect, once per household and period.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ruhu_core::entry::Contents;
use ruhu_core::file::Stamp;
use ruhu_core::ids::{Hash32, QuestionId};
use ruhu_core::life::Standing;
use ruhu_core::question::{AnswerKind, Question};
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;
use ruhu_core::visit::AnswerValue;

use super::OfficeError;
use super::roll::{Listed, Roll};
use crate::storage::Tx;

/// One answer of one household in one period: the last one given.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Who answered; of joined records the one that goes on.
    pub unit: Unit,
    /// 走访日期.
    pub visited_on: NaiveDate,
    /// What was answered; never "not asked".
    pub value: AnswerValue,
}

/// The answers to every question of a community, each in the order doors are walked.
///
/// # Errors
/// [`OfficeError::Storage`].
pub fn all(tx: &Tx<'_>, roll: &Roll) -> Result<BTreeMap<QuestionId, Vec<Answered>>, OfficeError> {
    let questions = roll.file().questions();
    let mut answers: BTreeMap<QuestionId, Vec<Answered>> =
        questions.keys().map(|id| (*id, Vec::new())).collect();
    let first = questions.values().map(|question| question.from).min();
    let Some(first) = first else { return Ok(answers) };
    // The last of a period stands: two workers may have asked before either heard of the other.
    type Key = (QuestionId, Unit, NaiveDate);
    let mut last: BTreeMap<Key, (NaiveDate, Stamp, AnswerValue)> = BTreeMap::new();
    for one in roll.units() {
        for (visited_on, stamp, given) in given(tx, one, first)? {
            let unit = match one.row.unit {
                Unit::Household(id) => Unit::Household(roll.survivor(id)),
                door @ Unit::Vacant(_) => door,
            };
            for (id, value) in given {
                let Some(question) = questions.get(&id) else { continue };
                let period = Period::of(question.once_per, visited_on);
                let place = last.entry((id, unit, period.first_day()));
                let new = (visited_on, stamp, value);
                place
                    .and_modify(|known| {
                        if (known.0, known.1) < (new.0, new.1) {
                            known.clone_from(&new);
                        }
                    })
                    .or_insert(new);
            }
        }
    }
    for one in roll.units() {
        for id in questions.keys() {
            let from = (*id, one.row.unit, NaiveDate::MIN);
            let until = (*id, one.row.unit, NaiveDate::MAX);
            let found = last.range(from..=until).map(|(_, (visited_on, _, value))| Answered {
                unit: one.row.unit,
                visited_on: *visited_on,
                value: value.clone(),
            });
            answers.entry(*id).or_default().extend(found);
        }
    }
    Ok(answers)
}

/// An answer in words, a choice by its own; never more than was answered.
#[must_use]
pub fn value_words(question: &Question, value: &AnswerValue) -> String {
    match (value, &question.kind) {
        (AnswerValue::NotAsked, _) => "未问".to_owned(),
        (AnswerValue::YesNo(yes), _) => if *yes { "是" } else { "否" }.to_owned(),
        (AnswerValue::Choice(nth), AnswerKind::Choice(choices)) => {
            choices.get(usize::from(*nth)).map_or_else(|| nth.to_string(), |choice| choice.zh.clone())
        }
        (AnswerValue::Choice(nth), _) => nth.to_string(),
        (AnswerValue::Number(number), _) => number.to_string(),
        (AnswerValue::Date(day), _) => day.to_string(),
        (AnswerValue::Text(text), _) => text.clone(),
    }
}

type Given = (NaiveDate, Stamp, Vec<(QuestionId, AnswerValue)>);

/// The answers of a unit's visits in effect from a day on.
fn given(tx: &Tx<'_>, one: &Listed, first: NaiveDate) -> Result<Vec<Given>, OfficeError> {
    let standing = Standing::of(&one.file);
    let visits: BTreeMap<Hash32, (Stamp, NaiveDate)> = standing
        .effective_visits(&one.file, &[one.row.unit])
        .into_iter()
        .filter(|visit| first <= visit.visited_on && !visit.found_false)
        .map(|visit| (visit.record.entry, (visit.record, visit.visited_on)))
        .collect();
    let mut found = Vec::new();
    if visits.is_empty() {
        return Ok(found);
    }
    for pos in tx.entries_of(one.row.nr)? {
        let Some(kept) = tx.entry(pos)? else { continue };
        let Some((stamp, visited_on)) = visits.get(&kept.entry.envelope.payload_hash) else { continue };
        // What cannot be read was erased or is newer: it answers nothing.
        let Ok(Contents::Visit { body: Some(body), .. }) = kept.entry.payload.read() else { continue };
        let answers = body.answers.into_iter().filter(|answer| answer.value != AnswerValue::NotAsked);
        found.push((*visited_on, *stamp, answers.map(|answer| (answer.question, answer.value)).collect()));
    }
    Ok(found)
}
