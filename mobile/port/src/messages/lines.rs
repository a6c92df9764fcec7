//! 奖惩事项 – lines of the ledger about the worker, his answer and his appeal.

use ruhu_core::entry::{Amount, Completion, Ground, LineKind as CoreKind};
use ruhu_core::fieldbook::OwnLine;
use ruhu_core::ledger::Standing;

use crate::ask::{LineAsk, Nothing};
use crate::read::parsed;
use crate::view::{CompletionView, LineKind, LineStanding, LineView, Messages};
use crate::{Port, Trouble};

impl Port {
    /// 本人意见 – what the worker says of a line that is proposed.
    ///
    /// # Errors
    /// [`Trouble`]; nothing was saved.
    pub fn reply_line(&mut self, ask: LineAsk) -> Result<Messages, Trouble> {
        self.book.reply_line(parsed("line", &ask.line)?, ask.words.trim())?;
        self.messages(Nothing {})
    }

    /// 申诉 – somebody else is to look at a line that was confirmed.
    ///
    /// # Errors
    /// [`Trouble`]; nothing was saved.
    pub fn appeal_line(&mut self, ask: LineAsk) -> Result<Messages, Trouble> {
        self.book.appeal_line(parsed("line", &ask.line)?, ask.words.trim())?;
        self.messages(Nothing {})
    }
}

pub(super) fn line(of: OwnLine) -> LineView {
    let (finding, completion) = match of.ground {
        Ground::Finding(id) => (Some(id.to_string()), None),
        Ground::Completion(figures) => (None, Some(completed(&figures))),
    };
    LineView {
        id: of.id.to_string(),
        kind: match of.kind {
            CoreKind::Reward => LineKind::Reward,
            CoreKind::Deduction => LineKind::Deduction,
            CoreKind::Review => LineKind::Review,
        },
        rule: of.rule,
        quote: of.quote,
        bonus_percent: match of.amount {
            Amount::Unset => None,
            Amount::YearEndBonus { percent } => Some(u32::from(percent)),
        },
        finding,
        completion,
        released: of.released,
        standing: match of.standing {
            Standing::Draft => LineStanding::Draft,
            Standing::Answered => LineStanding::Answered,
            Standing::Confirmed => LineStanding::Confirmed,
            Standing::Appealed => LineStanding::Appealed,
            Standing::Upheld => LineStanding::Upheld,
            Standing::Withdrawn => LineStanding::Withdrawn,
        },
        reason: of.reason,
        reply_by: of.reply_by.to_string(),
        reply: of.reply,
        reply_noted: of.reply_noted,
        decided_words: of.decided_words,
        withdrawn_words: of.withdrawn_words,
        appeal_by: of.appeal_by.map(|day| day.to_string()),
        appeal_words: of.appeal_words,
        appeal_noted: of.appeal_noted,
        reversed: of.reversed,
        heard_words: of.heard_words,
        may_reply: of.may_reply,
        may_appeal: of.may_appeal,
        ended: of.ended,
    }
}

fn completed(of: &Completion) -> CompletionView {
    CompletionView {
        period: of.period.to_string(),
        due: of.due,
        done: of.done,
        deducted: of.deducted,
        outstanding: of.outstanding,
        requests: of.requests,
        corrections: of.corrections,
    }
}
