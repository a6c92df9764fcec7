//! What is wrong with a question.

use std::fmt;

use chrono::NaiveDate;

use crate::category::RefusedKind;

/// A part of a question that somebody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionPart {
    /// 文字 – its words in Chinese.
    Words,
    /// Its words in English.
    WordsEn,
    /// 部门 – who wants to know.
    Department,
    /// 目的 – what for.
    Purpose,
    /// 依据 – on what basis.
    Basis,
    /// 范围 – who is asked.
    AskedOf,
}

impl fmt::Display for QuestionPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Words => "文字 words",
            Self::WordsEn => "英文 English words",
            Self::Department => "部门 department",
            Self::Purpose => "目的 purpose",
            Self::Basis => "依据 basis",
            Self::AskedOf => "范围 asked-of",
        })
    }
}

/// What is wrong with a question. It is not asked while there is any.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionProblem {
    /// Something that must be there is missing.
    #[error("专项缺 {0} / the question lacks its {0}")]
    Missing(QuestionPart),
    /// Longer than fits.
    #[error("专项 {0} 太长 / the question's {0} is too long")]
    TooLong(QuestionPart),
    /// The last day lies before the first, or too far after it.
    #[error("专项的起止日期应在一年之内 / the question's days must be in order and within one year")]
    Days,
    /// Choices, bounds or length that make no sense.
    #[error("专项的选项、范围或长度有误 / the question's choices, bounds or length make no sense")]
    Kind,
    /// It asks what must not be collected.
    #[error("{0}")]
    Refused(RefusedKind),
    /// It asks for a number or a password with which things are done in a person's name.
    #[error(
        "专项不得询问证件号码、银行账号和密码 / a question must not ask for identity or bank numbers or passwords"
    )]
    Numbers,
    /// More than five questions could meet on one visit.
    #[error(
        "{day} 起同一户会有 {count} 个专项,至多 5 个 / from {day} one household would be asked {count} questions, at most 5"
    )]
    TooMany {
        /// The first such day.
        day: NaiveDate,
        /// How many would meet.
        count: usize,
    },
}
