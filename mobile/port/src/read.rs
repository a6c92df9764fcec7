//! Text from the screens as ids, days and codes, and back.

use std::str::FromStr;

use ruhu_core::roster::{Address, Unit};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Trouble;
use crate::view::Place;

/// `household/<id>` or `vacant/<id>`.
pub(crate) fn unit_text(unit: Unit) -> String {
    match unit {
        Unit::Household(id) => format!("household/{id}"),
        Unit::Vacant(id) => format!("vacant/{id}"),
    }
}

/// Back from [`unit_text`].
pub(crate) fn unit(text: &str) -> Result<Unit, Trouble> {
    match text.split_once('/') {
        Some(("household", id)) => Ok(Unit::Household(parsed("unit", id)?)),
        Some(("vacant", id)) => Ok(Unit::Vacant(parsed("unit", id)?)),
        _ => Err(unreadable("unit")),
    }
}

/// An id, a day, a time of day.
pub(crate) fn parsed<T: FromStr>(field: &str, text: &str) -> Result<T, Trouble> {
    text.trim().parse().map_err(|_| unreadable(field))
}

/// The same, where an empty text is none.
pub(crate) fn maybe<T: FromStr>(field: &str, text: Option<&str>) -> Result<Option<T>, Trouble> {
    text.filter(|text| !text.trim().is_empty()).map(|text| parsed(field, text)).transpose()
}

/// A value of an enum by the code it is stored under.
pub(crate) fn coded<T: DeserializeOwned>(field: &str, code: &str) -> Result<T, Trouble> {
    serde_json::from_value(serde_json::Value::from(code)).map_err(|_| unreadable(field))
}

/// The code an enum's value is stored under; for a value with contents the code alone.
pub(crate) fn code<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        Ok(serde_json::Value::Object(object)) => {
            object.into_iter().next().map_or_else(String::new, |one| one.0)
        }
        _ => String::new(),
    }
}

pub(crate) fn place(address: &Address) -> Place {
    Place {
        label: address.to_string(),
        estate: address.estate.clone(),
        building: address.building.clone(),
        stair: address.stair.clone(),
        floor: address.floor,
        door: address.door.clone(),
    }
}

fn unreadable(field: &str) -> Trouble {
    Trouble::at(field, "读不懂,请重新填写 / cannot be read, fill it in again")
}

/// Back from [`place`].
pub(crate) fn address(place: &Place) -> Address {
    Address {
        estate: place.estate.trim().to_owned(),
        building: place.building.trim().to_owned(),
        stair: place.stair.trim().to_owned(),
        floor: place.floor,
        door: place.door.trim().to_owned(),
        remainder: String::new(),
    }
}
