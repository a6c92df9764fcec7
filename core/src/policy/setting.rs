//! 设定值 – a value, or one of the three words that say why there is none; and exact decimals.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value of a rule, or the word that keeps the rule inactive. A missing number is never invented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting<T> {
    /// The value.
    Value(T),
    /// Why there is none.
    Open(OpenWord),
}

/// Why a rule has no value: it is shown as a question and computes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OpenWord {
    /// 未定 – the organ has to set it.
    Unset,
    /// 待裁定 – the text can be read in more than one way.
    Undecided,
    /// 不详 – the text does not say, or is cut off.
    Unknown,
}

impl OpenWord {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Unset, Self::Undecided, Self::Unknown];

    /// As written in a file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unset => "unset",
            Self::Undecided => "undecided",
            Self::Unknown => "unknown",
        }
    }

    /// The word a text is, if it is one.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == text)
    }

    /// In Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Unset => "未定",
            Self::Undecided => "待裁定",
            Self::Unknown => "不详",
        }
    }
}

impl<T> Setting<T> {
    /// The value, if there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Open(_) => None,
        }
    }
}

impl<T: Serialize> Serialize for Setting<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(to),
            Self::Open(word) => word.serialize(to),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Setting<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a value of the right kind, or \"unset\", \"undecided\", \"unknown\"")]
        enum Either<T> {
            Open(OpenWord),
            Value(T),
        }
        Ok(match Either::deserialize(from)? {
            Either::Open(word) => Self::Open(word),
            Either::Value(value) => Self::Value(value),
        })
    }
}

/// 比例 – an exact share in ten-thousandths, 0 to 10 000; written `0.25` in a file. No float is ever added up.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Share {
    per_10k: u16,
}

impl Share {
    /// 100 %.
    pub const WHOLE: Self = Self { per_10k: 10_000 };

    /// A share of so many ten-thousandths; `None` above 10 000.
    #[must_use]
    pub const fn from_per_10k(per_10k: u16) -> Option<Self> {
        if per_10k <= 10_000 { Some(Self { per_10k }) } else { None }
    }

    /// In ten-thousandths, 0 to 10 000.
    #[must_use]
    pub const fn per_10k(self) -> u16 {
        self.per_10k
    }

    fn from_decimal(number: f64) -> Option<Self> {
        // Through text, because text is what the file says: 0.3 is 3 tenths and nothing near it.
        let text = format!("{number:.6}");
        let (whole, fraction) = text.split_once('.')?;
        let (kept, cut) = fraction.split_at_checked(4)?;
        if cut != "00" {
            return None;
        }
        let whole: u16 = whole.parse().ok().filter(|whole| *whole <= 1)?;
        Self::from_per_10k(whole * 10_000 + kept.parse::<u16>().ok()?)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02} %", self.per_10k / 100, self.per_10k % 100)
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share({self})")
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.per_10k.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let per_10k = u16::deserialize(from)?;
        Self::from_per_10k(per_10k)
            .ok_or_else(|| D::Error::custom("a share is at most 10000 ten-thousandths"))
    }
}

/// A share as files write it: a decimal from 0 to 1 with at most four places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal(pub(super) Share);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(f64::from(self.0.per_10k) / 10_000.0)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Share::from_decimal(f64::deserialize(from)?)
            .map(Self)
            .ok_or_else(|| D::Error::custom("a share is a decimal from 0 to 1 with at most four places"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Serialize, Deserialize)]
    struct Table {
        days: Setting<u32>,
    }

    #[test]
    fn three_words_mean_no_value_and_anything_else_must_be_one() {
        let read = |text: &str| toml::from_str::<Table>(text).map(|table| table.days);
        assert_eq!(read("days = 15").unwrap(), Setting::Value(15));
        assert_eq!(read("days = \"undecided\"").unwrap(), Setting::Open(OpenWord::Undecided));
        assert!(read("days = \"soon\"").unwrap_err().message().contains("undecided"));
        assert_eq!(
            toml::to_string(&Table { days: Setting::Open(OpenWord::Unset) }).unwrap(),
            "days = \"unset\"\n"
        );
        assert_eq!(OpenWord::of("unknown"), Some(OpenWord::Unknown));
    }

    #[test]
    fn a_share_is_read_exactly_or_not_at_all() {
        let read = |number: f64| Share::from_decimal(number).map(Share::per_10k);
        assert_eq!([0.3, 1.0, 0.0, 0.25].map(read), [Some(3_000), Some(10_000), Some(0), Some(2_500)]);
        assert_eq!([1.1, -0.1, 0.333_333, f64::NAN, f64::INFINITY, 1e300].map(read), [None; 6]);
        assert_eq!(Share::WHOLE.to_string(), "100.00 %");
    }

    proptest! {
        #[test]
        fn every_share_survives_its_decimal(per_10k in 0u16..=10_000) {
            let share = Share::from_per_10k(per_10k).unwrap();
            let json = serde_json::to_string(&Decimal(share)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Decimal>(&json).unwrap(), Decimal(share));
        }
    }
}
