//! What is wrong with a draft, as codes: screens choose the words, the core chooses the meaning.

use serde::{Deserialize, Serialize};

/// One thing wrong with a draft, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// Something that must be there is missing.
    #[error("{0}:未填 / {0}: missing")]
    Missing(Field),
    /// A day after the one on which it is recorded.
    #[error("{0}:日期晚于今天 / {0}: the date is in the future")]
    InFuture(Field),
    /// A day so long ago that it must be a slip: more than `days` days.
    #[error("{field}:日期早于 {days} 天前 / {field}: more than {days} days ago")]
    TooLongAgo {
        /// Where.
        field: Field,
        /// The limit, in days.
        days: u16,
    },
    /// A day after which something cannot lie: a do-not-ask span of more than 12 months.
    #[error("{0}:日期太远 / {0}: too far ahead")]
    TooFarAhead(Field),
    /// More characters or rows than fit.
    #[error("{field}:超过 {max} / {field}: more than {max}")]
    TooLong {
        /// Where.
        field: Field,
        /// How many fit.
        max: u16,
    },
    /// Two statements that cannot both be true.
    #[error("{0} 与 {1} 矛盾 / {0} contradicts {1}")]
    Contradicts(Field, Field),
    /// An answer that is not of the question's kind, or to a question not asked here.
    #[error("{0}:与问题不符 / {0}: does not fit the question")]
    DoesNotFit(Field),
    /// A child alone was met: that is 不在家, not a visit.
    #[error("只有儿童在家应记为不在家 / a child alone counts as not at home")]
    ChildAlone,
    /// Only its author or the community lead may correct or withdraw a record.
    #[error(
        "只有记录人或社区可以更正、撤回 / only the author or the community lead may correct or withdraw it"
    )]
    NotYours,
}

/// The field of the form a problem belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// 走访对象
    Unit,
    /// 走访日期
    VisitedOn,
    /// 走访时间
    VisitedAt,
    /// 走访结果
    Outcome,
    /// 请勿打扰至
    DoNotAskUntil,
    /// 搬离日期
    LeftOn,
    /// 见到的人
    Met,
    /// 无变化
    NothingChanged,
    /// 变化
    Changes,
    /// 诉求
    Requests,
    /// 隐患
    Hazards,
    /// 专项
    Answers,
    /// 改约
    Appointment,
    /// 备注
    Note,
    /// 下次留言
    NoteForNext,
    /// 补录
    LateEntry,
    /// 原因
    Reason,
    /// 来访日期 – the day somebody came, as a resident tells it.
    CameOn,
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unit => "走访对象 unit",
            Self::VisitedOn => "走访日期 visited-on",
            Self::VisitedAt => "走访时间 visited-at",
            Self::Outcome => "走访结果 outcome",
            Self::DoNotAskUntil => "请勿打扰至 do-not-ask-until",
            Self::LeftOn => "搬离日期 left-on",
            Self::Met => "见到的人 met",
            Self::NothingChanged => "无变化 nothing-changed",
            Self::Changes => "变化 changes",
            Self::Requests => "诉求 requests",
            Self::Hazards => "隐患 hazards",
            Self::Answers => "专项 answers",
            Self::Appointment => "改约 appointment",
            Self::Note => "备注 note",
            Self::NoteForNext => "下次留言 note-for-next",
            Self::LateEntry => "补录 late-entry",
            Self::Reason => "原因 reason",
            Self::CameOn => "来访日期 came-on",
        })
    }
}
