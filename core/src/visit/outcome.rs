//! 走访结果 – what happened at the door (`domain.md` 2.5).

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::roster::Informant;

/// 走访结果 – what happened at the door. A child alone is 不在家.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitOutcome {
    /// 见面 – an adult of the household spoke with the worker, inside or at the door.
    Met {
        /// Residents need not let anyone in.
        place: MeetingPlace,
    },
    /// 不在家
    NotHome {
        /// 留言条 – a note with phone and purpose was left.
        note_left: bool,
    },
    /// 拒访 – an adult declined. No reason is asked.
    Declined {
        /// 请勿打扰 – do not ask again until this day; at most 12 months from the visit count.
        do_not_ask_until: Option<NaiveDate>,
    },
    /// 电话联系 – spoke with an adult by phone.
    Phone,
    /// 居民来访 – an adult came to the office.
    CameToOffice,
    /// 空户 – the flat looked empty.
    Vacant {
        /// Somebody who confirmed it.
        confirmed_by: Option<Informant>,
    },
    /// 出租待核 – let, tenant unknown.
    LetUnverified,
    /// 搬离 – the household moved away.
    MovedAway {
        /// Whose word it is.
        told_by: Informant,
        /// The day it left, if known; else the day of the visit.
        left_on: Option<NaiveDate>,
    },
    /// 人户分离, 空挂 – registered here, lives elsewhere.
    RegisteredOnly,
    /// 查无此户 – a fault of the roster, not of the worker.
    NoSuchAddress,
    /// 改约 – come again another day.
    Rescheduled,
    /// 不便/不安全 – unsafe or unsuitable.
    Unsafe,
    /// 他人代述 – told by somebody else; overwrites no fact.
    Told {
        /// By whom.
        by: Informant,
    },
}

/// 见面地点 – both count alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingPlace {
    /// 入户 – inside.
    Inside,
    /// 门口 – at the door.
    Door,
}

/// The outcome as policies, tables and command lines name it: `met-at-door`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeCode {
    /// 见面(入户)
    Met,
    /// 见面(门口)
    MetAtDoor,
    /// 不在家
    NotHome,
    /// 拒访
    Declined,
    /// 电话联系
    Phone,
    /// 居民来访
    CameToOffice,
    /// 空户
    Vacant,
    /// 出租待核
    LetUnverified,
    /// 搬离
    MovedAway,
    /// 人户分离
    RegisteredOnly,
    /// 查无此户
    NoSuchAddress,
    /// 改约
    Rescheduled,
    /// 不便/不安全
    Unsafe,
    /// 他人代述
    Told,
}

impl OutcomeCode {
    /// Every code with its English name and its Chinese one, in the order forms show them.
    pub const ALL: [(Self, &'static str, &'static str); 14] = [
        (Self::Met, "met", "见面(入户)"),
        (Self::MetAtDoor, "met-at-door", "见面(门口)"),
        (Self::NotHome, "not-home", "不在家"),
        (Self::Declined, "declined", "拒访"),
        (Self::Phone, "phone", "电话联系"),
        (Self::CameToOffice, "came-to-office", "居民来访"),
        (Self::Vacant, "vacant", "空户"),
        (Self::LetUnverified, "let-unverified", "出租待核"),
        (Self::MovedAway, "moved-away", "搬离"),
        (Self::RegisteredOnly, "registered-only", "人户分离"),
        (Self::NoSuchAddress, "no-such-address", "查无此户"),
        (Self::Rescheduled, "rescheduled", "改约"),
        (Self::Unsafe, "unsafe", "不便/不安全"),
        (Self::Told, "told", "他人代述"),
    ];

    /// Its Chinese name.
    #[must_use]
    pub fn zh(self) -> &'static str {
        Self::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }

    /// Whether the worker stood at the door: such records can be attempts, others cannot.
    #[must_use]
    pub const fn is_knock(self) -> bool {
        !matches!(self, Self::Phone | Self::CameToOffice)
    }
}

impl fmt::Display for OutcomeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::ALL.iter().find(|row| row.0 == *self).map_or("", |row| row.1))
    }
}

/// Text that names no outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有这种走访结果 / there is no visit outcome {0:?}")]
pub struct UnknownOutcome(pub String);

impl FromStr for OutcomeCode {
    type Err = UnknownOutcome;
    fn from_str(text: &str) -> Result<Self, UnknownOutcome> {
        Self::ALL
            .iter()
            .find(|row| row.1 == text || row.2 == text)
            .map(|row| row.0)
            .ok_or_else(|| UnknownOutcome(text.to_owned()))
    }
}

impl VisitOutcome {
    /// The code it is known by.
    #[must_use]
    pub const fn code(self) -> OutcomeCode {
        match self {
            Self::Met { place: MeetingPlace::Inside } => OutcomeCode::Met,
            Self::Met { place: MeetingPlace::Door } => OutcomeCode::MetAtDoor,
            Self::NotHome { .. } => OutcomeCode::NotHome,
            Self::Declined { .. } => OutcomeCode::Declined,
            Self::Phone => OutcomeCode::Phone,
            Self::CameToOffice => OutcomeCode::CameToOffice,
            Self::Vacant { .. } => OutcomeCode::Vacant,
            Self::LetUnverified => OutcomeCode::LetUnverified,
            Self::MovedAway { .. } => OutcomeCode::MovedAway,
            Self::RegisteredOnly => OutcomeCode::RegisteredOnly,
            Self::NoSuchAddress => OutcomeCode::NoSuchAddress,
            Self::Rescheduled => OutcomeCode::Rescheduled,
            Self::Unsafe => OutcomeCode::Unsafe,
            Self::Told { .. } => OutcomeCode::Told,
        }
    }

    /// Whether an adult of the household was spoken with: phone, office and door alike.
    #[must_use]
    pub const fn met_somebody(self) -> bool {
        matches!(self, Self::Met { .. } | Self::Phone | Self::CameToOffice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_is_found_by_its_english_and_its_chinese_name() {
        for (code, english, chinese) in OutcomeCode::ALL {
            assert_eq!(english.parse(), Ok(code));
            assert_eq!(chinese.parse(), Ok(code));
            assert_eq!(serde_json::to_value(code).unwrap(), english);
        }
    }
}
