//! 值 – what a field of the household's document holds.

use std::fmt;

use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// A value in the household's document. A day is text (`2026-07-05`); an empty text is "no value".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Scalar {
    /// 是 / 否.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Words, a date, the id of a choice.
    Str(String),
}

impl Scalar {
    /// "No value": the way a field is emptied.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Str(text) if text.is_empty())
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(true) => f.write_str("是"),
            Self::Bool(false) => f.write_str("否"),
            Self::Int(number) => fmt::Display::fmt(number, f),
            Self::Str(text) => f.write_str(text),
        }
    }
}

// By hand: the derived reader of an untagged enum tries one kind after the other and words an error for each that
// does not fit, which was a quarter of the time to the due list.
impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("yes or no, a whole number, or a text")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Scalar, E> {
        i64::try_from(value)
            .map(Scalar::Int)
            .map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Str(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Scalar, E> {
        Ok(Scalar::Str(value))
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_the_kind_it_was_written_as_and_nothing_else_is_a_value() {
        for value in [
            Scalar::Bool(true),
            Scalar::Int(-7),
            Scalar::Int(i64::MAX),
            Scalar::from("二〇二"),
            Scalar::from(""),
        ] {
            let json = serde_json::to_string(&value).expect("a value is written");
            assert_eq!(serde_json::from_str::<Scalar>(&json).expect("and read again"), value);
            let mut cbor = Vec::new();
            ciborium::into_writer(&value, &mut cbor).expect("a value is written");
            assert_eq!(ciborium::from_reader::<Scalar, _>(cbor.as_slice()).expect("and read again"), value);
        }
        for wrong in ["null", "1.5", "18446744073709551615", "[1]", "{\"a\":1}"] {
            serde_json::from_str::<Scalar>(wrong).expect_err("this is no value of a field");
        }
    }
}
