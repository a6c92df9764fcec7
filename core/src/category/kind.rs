//! What a field of a form can hold, and the check that a value fits.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Scalar;
use super::date::PartDate;
use super::field::FieldProblem;

/// What a field can hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// A few words, at most `max` characters; never more than [`super::TEXT_MAX`].
    Text {
        /// In characters.
        max: u16,
    },
    /// A whole day.
    Date,
    /// A day, a month or a year.
    PartDate,
    /// One of a list.
    Choice(Vec<Choice>),
    /// 是 / 否.
    YesNo,
    /// A whole number within bounds, both counted.
    Number {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
}

/// One choice of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored.
    pub id: String,
    /// What is shown in Chinese.
    pub zh: String,
    /// What is shown in English.
    pub en: String,
}

/// A value that fits its field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldValue {
    /// Words.
    Text(String),
    /// A whole day.
    Date(NaiveDate),
    /// A day, a month or a year.
    PartDate(PartDate),
    /// The id of a choice.
    Choice(String),
    /// 是 / 否.
    YesNo(bool),
    /// A whole number.
    Number(i64),
}

impl FieldType {
    /// A stored scalar as a value of this type. An empty text is "not known" and fits every text-like type.
    ///
    /// # Errors
    /// What does not fit; never the value itself, which may be personal.
    pub fn check(&self, scalar: &Scalar) -> Result<FieldValue, FieldProblem> {
        match (self, scalar) {
            (Self::Text { max }, Scalar::Str(text)) => {
                check_text(text, *max)?;
                Ok(FieldValue::Text(text.clone()))
            }
            (Self::Date, Scalar::Str(text)) => {
                // The same shape as a partial date, so that years of five digits and other oddities stay out.
                match text.parse::<PartDate>() {
                    Ok(PartDate::Day(day)) => Ok(FieldValue::Date(day)),
                    _ => Err(FieldProblem::NotADate),
                }
            }
            (Self::PartDate, Scalar::Str(text)) => {
                text.parse().map(FieldValue::PartDate).map_err(|_| FieldProblem::NotAPartDate)
            }
            (Self::Choice(choices), Scalar::Str(text)) => {
                let known = choices.iter().find(|choice| choice.id == *text);
                known.map(|choice| FieldValue::Choice(choice.id.clone())).ok_or(FieldProblem::NotAChoice)
            }
            (Self::YesNo, Scalar::Bool(yes)) => Ok(FieldValue::YesNo(*yes)),
            (Self::Number { min, max }, Scalar::Int(number)) => {
                if (*min..=*max).contains(number) {
                    Ok(FieldValue::Number(*number))
                } else {
                    Err(FieldProblem::OutOfRange { min: *min, max: *max })
                }
            }
            _ => Err(FieldProblem::WrongKind),
        }
    }

    /// Text from a form or a sheet as a value of this type: `是`, `已办`, `2026-07-05`, `3`. Chinese names of choices
    /// are understood.
    ///
    /// # Errors
    /// What does not fit; never the text itself.
    pub fn read(&self, text: &str) -> Result<FieldValue, FieldProblem> {
        let text = text.trim();
        match self {
            Self::YesNo => match text {
                "是" | "有" | "yes" | "true" | "1" => Ok(FieldValue::YesNo(true)),
                "否" | "无" | "no" | "false" | "0" => Ok(FieldValue::YesNo(false)),
                _ => Err(FieldProblem::NotYesOrNo),
            },
            Self::Number { .. } => {
                let number = text.parse().map_err(|_| FieldProblem::NotANumber)?;
                self.check(&Scalar::Int(number))
            }
            Self::Choice(choices) => {
                let named = choices
                    .iter()
                    .find(|choice| [&choice.id, &choice.zh, &choice.en].contains(&&text.to_owned()));
                named.map(|choice| FieldValue::Choice(choice.id.clone())).ok_or(FieldProblem::NotAChoice)
            }
            _ => self.check(&Scalar::Str(text.to_owned())),
        }
    }
}

impl FieldValue {
    /// As it is stored in the household's document.
    #[must_use]
    pub fn scalar(&self) -> Scalar {
        match self {
            Self::Text(text) | Self::Choice(text) => Scalar::Str(text.clone()),
            Self::Date(day) => Scalar::Str(day.to_string()),
            Self::PartDate(date) => Scalar::Str(date.to_string()),
            Self::YesNo(yes) => Scalar::Bool(*yes),
            Self::Number(number) => Scalar::Int(*number),
        }
    }
}

/// At most so many characters, and no sign that could break a line, a sheet or a screen.
pub(super) fn check_text(text: &str, max: u16) -> Result<(), FieldProblem> {
    if usize::from(max) < text.chars().count() {
        return Err(FieldProblem::TooLong { max });
    }
    let hidden = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if text.chars().any(hidden) { Err(FieldProblem::HiddenSign) } else { Ok(()) }
}
