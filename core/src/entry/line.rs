//! 奖惩事项 – what a person proposes by the rules an organ adopted, after a finding or for work well done. Nothing is
//! deducted and nothing paid by a program: a line says what is proposed, what the worker answers, and who decides.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{FindingId, LineId, WorkerId};
use crate::policy::RuleId;
use crate::roster::By;
use crate::time::Period;

/// 一步 – a step in the life of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineEvent {
    /// Which.
    pub line: LineId,
    /// Whom it is about.
    pub worker: WorkerId,
    /// What happened.
    pub step: LineStep,
    /// Who says so.
    pub by: By,
}

/// 环节 – draft → answered → confirmed or withdrawn; a confirmed one can be appealed against. The entry's words say why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStep {
    /// 拟 – proposed, with everything it rests on.
    Proposed(Box<LineProposal>),
    /// 本人意见 – the worker answers.
    Replied,
    /// 确认 – another person than the one who proposed it decides that it holds.
    Confirmed {
        /// The last day to appeal; none where nothing is held against anybody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appeal_by: Option<NaiveDate>,
    },
    /// 撤销 – it is dropped, or what it rests on was reversed.
    Withdrawn,
    /// 申诉 – the worker wants somebody else to look at it.
    Appealed,
    /// 复核 – somebody else has.
    Heard {
        /// 撤销 – it is dropped.
        reversed: bool,
    },
}

/// 拟办 – what is proposed, and by which words of which rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineProposal {
    /// What kind of line.
    pub kind: LineKind,
    /// 条文号.
    pub rule: RuleId,
    /// 原文 – clause and exact words, as adopted on that day.
    pub quote: String,
    /// What the rule says it amounts to.
    pub amount: Amount,
    /// What it rests on.
    pub ground: Ground,
    /// 文号 – the decisions that lifted the legal holds on the rule, `L-7 示政发〔2026〕13号`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub released: Vec<String>,
    /// The last day for the worker's answer.
    pub reply_by: NaiveDate,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// 奖励.
    Reward,
    /// 扣减.
    Deduction,
    /// 研究处理 – somebody has to decide what follows: the rule states no amount, or sends it upward.
    Review,
}

/// 数额 – as the rule states it; a number it does not state is never made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    /// 未定.
    Unset,
    /// A share of the year-end bonus 年终奖, 1 to 100 percent.
    YearEndBonus {
        /// Percent.
        percent: u8,
    },
}

/// 依据 – what a line rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// A finding that holds.
    Finding(FindingId),
    /// 完成情况 – what was completed in a closed period, as it stood when the line was proposed.
    Completion(Completion),
}

/// 完成情况 – one worker's households, requests and corrections of one closed period. Nothing here is compared with
/// anybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// The closed period.
    pub period: Period,
    /// 应访.
    pub due: u32,
    /// 已访.
    pub done: u32,
    /// 核减 – everything deducted with a reason.
    pub deducted: u32,
    /// 未访.
    pub outstanding: u32,
    /// 重点户未访, in household-months.
    pub key_outstanding: u32,
    /// 诉求 handled by him.
    pub requests: u32,
    /// 更正 – records he corrected himself.
    pub corrections: u32,
}

impl LineStep {
    /// Whether a worker says it of a line of his own; all others are the desk's.
    #[must_use]
    pub const fn is_the_workers(&self) -> bool {
        matches!(self, Self::Replied | Self::Appealed)
    }
}

impl LineKind {
    /// Whether it holds something against somebody: only then there is something to appeal against.
    #[must_use]
    pub const fn is_adverse(self) -> bool {
        !matches!(self, Self::Reward)
    }
}

impl Completion {
    /// 按质按量 – nothing is left of what was due, in no month of the key households either.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        0 < self.due && self.outstanding == 0 && self.key_outstanding == 0
    }
}
