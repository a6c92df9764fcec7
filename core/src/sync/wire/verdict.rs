//! What the hub says to each pushed entry, and why.

use serde::{Deserialize, Serialize};

use crate::entry::StreamId;
use crate::time::Period;

/// What became of one pushed entry. None of them blocks another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 已收到 – in the log for good.
    Accepted {
        /// The stream it was placed in.
        stream: StreamId,
        /// Its place there.
        seq: u64,
        /// When it was recorded, as the hub can vouch for, milliseconds since 1970 UTC.
        recorded_ms: i64,
        /// The period a visit counts in; `None` for everything else.
        counts_in: Option<Period>,
    },
    /// 待核 – kept, waiting for something it depends on or for a newer hub.
    Parked {
        /// Why.
        reason: Refusal,
    },
    /// 退回 – kept in quarantine with a reason; the phone offers the values as a draft.
    Quarantined {
        /// Why.
        reason: Refusal,
    },
    /// Not taken: it never entered the chain (bad signature, gap). Nothing after it in the run was looked at.
    NotTaken {
        /// Why.
        reason: Refusal,
        /// The sequence number the hub expects next in this epoch.
        expects_seq: u64,
    },
    /// 稍后再传 – over today's limit; try again later.
    RetryLater,
}

/// Why an entry was not simply accepted, as a code: screens choose the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The signature or the payload's hash does not hold.
    BadSignature,
    /// An entry before it is missing.
    Gap,
    /// The same place in the chain was already taken by another entry: the phone opens a new epoch.
    Fork,
    /// Written by a newer version of the program.
    TooNew,
    /// Its bytes or values break the schema.
    Malformed,
    /// Larger than an entry may be.
    TooLarge,
    /// The worker had no assignment to that grid on that day, grace included.
    OutOfScope,
    /// The hub does not know this household or door.
    UnknownUnit,
    /// It corrects or withdraws a record of somebody else, or of another unit.
    NotYours,
    /// A fact only the desk may state.
    DeskOnly,
    /// The record names another worker than the one enrolled.
    WrongWorker,
    /// Something it depends on has not arrived.
    Dependency,
    /// A change of the document that the admission gate does not let through.
    Gate,
    /// What it says, or builds on, was erased by decision before it arrived.
    Erased,
}

impl Refusal {
    /// The reason and the way out, Chinese first.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::BadSignature => {
                "签名不符,请联系管理员重新登记 / signature does not hold: enrol this phone again"
            }
            Self::Gap => "缺少前面的记录,将自动补传 / an earlier record is missing and will be sent again",
            Self::Fork => {
                "记录序号重复,将自动重新编号上传 / the place is taken: it will be renumbered and sent again"
            }
            Self::TooNew => {
                "由新版本写成,中心升级后自动处理 / written by a newer version: kept until the hub is updated"
            }
            Self::Malformed => {
                "内容不合格式,请按草稿重新填写 / not well formed: fill it in again from the draft"
            }
            Self::TooLarge => "内容过大,请删减后重新保存 / too large: shorten it and save again",
            Self::OutOfScope => {
                "当日不分管此网格,已转社区核对 / not your grid on that day: passed to the community"
            }
            Self::UnknownUnit => "名册中没有此户,已转社区核对 / not in the roster: passed to the community",
            Self::NotYours => {
                "只能更正或撤回自己的记录 / only your own records can be corrected or withdrawn"
            }
            Self::DeskOnly => "此项只能由社区办理 / only the community can do this",
            Self::WrongWorker => "记录人与登记人不符 / the record names another worker",
            Self::Dependency => {
                "所依据的修改尚未收到,收到后自动处理 / waits for an edit that has not arrived yet"
            }
            Self::Gate => {
                "此项修改未能通过检查,请按草稿重新填写 / the edit did not pass the checks: fill it in again"
            }
            Self::Erased => {
                "本户此前的内容已按决定删除,此项修改不再保存;如仍需要,请下次走访时重新核实填写 / what was known of this household was erased by decision: ask again on the next visit where it is still needed"
            }
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.words())
    }
}
