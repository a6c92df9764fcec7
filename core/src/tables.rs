//! 表 – reading TOML into types, for policies, forms and adoptions.

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use toml::Value;
use toml::de::Error;

/// Reads a whole text. Natively an error names its place, for whoever writes such texts.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    toml::from_str(text)
}

/// The same by way of plain values: a browser reads texts that were read before it got them, and every type that is read
/// in two ways is downloaded twice (a tenth of the wasm). Errors name no place.
#[cfg(target_arch = "wasm32")]
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    of(&Value::Table(toml::from_str(text)?))
}

/// A value that was read already, as a type. `Value::try_into` does the same, in three times as much code for every type.
pub(crate) fn of<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    T::deserialize(Plain(value))
}

/// A value to be read; nothing of it is taken away.
#[derive(Clone, Copy)]
struct Plain<'a>(&'a Value);

impl<'de> IntoDeserializer<'de, Error> for Plain<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Plain<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::Boolean(yes) => visitor.visit_bool(*yes),
            // Our tables write days as text: a date of TOML is one, too.
            Value::Datetime(instant) => visitor.visit_string(instant.to_string()),
            Value::Array(values) => visitor.visit_seq(SeqDeserializer::new(values.iter().map(Plain))),
            Value::Table(table) => visitor.visit_map(entries(table)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            Value::Table(table) => visitor.visit_enum(MapAccessDeserializer::new(entries(table))),
            _ => Err(Error::custom("wanted string or table")),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// The entries of a table in its order.
fn entries<'de>(
    table: &'de toml::Table,
) -> MapDeserializer<'de, impl Iterator<Item = (&'de str, Plain<'de>)>, Error> {
    MapDeserializer::new(table.iter().map(|(name, value)| (name.as_str(), Plain(value))))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sheet {
        name: String,
        days: u8,
        share: Option<f64>,
        kind: Kind,
        other: Kind,
        list: Vec<Row>,
        #[serde(default)]
        named: BTreeMap<String, Row>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        Plain,
        Rich { on: bool },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Row {
        Word(String),
        Numbers(Vec<i64>),
    }

    const TEXT: &str = "name = '甲'\ndays = 7\nshare = 0.5\nkind = 'plain'\nother = { rich = { on = true } }\n\
                        list = ['a', [1, -2]]\n[named]\nb = 'c'\n";

    #[test]
    fn a_value_reads_as_its_text_does() {
        let value = Value::Table(toml::from_str(TEXT).unwrap());
        assert_eq!(of::<Sheet>(&value).unwrap(), toml::from_str::<Sheet>(TEXT).unwrap());
        assert_eq!(of::<Sheet>(&value).unwrap(), read::<Sheet>(TEXT).unwrap());
    }

    #[test]
    fn what_does_not_fit_is_refused_by_both() {
        for (from, to) in
            [("days = 7", "days = 700"), ("'plain'", "'round'"), ("share", "shore"), ("0.5", "'x'")]
        {
            let text = TEXT.replace(from, to);
            let value = Value::Table(toml::from_str(&text).unwrap());
            assert!(of::<Sheet>(&value).is_err() && read::<Sheet>(&text).is_err(), "{to}");
        }
    }
}
