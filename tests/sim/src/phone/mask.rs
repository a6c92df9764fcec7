//! 掩码 – what a shoulder-surfer must not read: names, numbers and category forms, unless `--open` was said.

use ruhu_core::category::{FieldKey, Scalar, mask_name, mask_phone};
use ruhu_core::fieldbook::{DaySheet, LOCKED, UnitLine, UnitSheet};

/// Shown in place of a value that has no masked form.
const HIDDEN: &str = "***";

pub(super) fn day(mut sheet: DaySheet) -> DaySheet {
    sheet.rows.iter_mut().for_each(|row| names(&mut row.names));
    sheet
}

pub(super) fn unit(mut sheet: UnitSheet) -> UnitSheet {
    line(&mut sheet.line);
    for member in &mut sheet.members {
        member.shown = mask_shown(&member.shown);
    }
    for (key, values) in &mut sheet.fields {
        values.iter_mut().for_each(|value| *value = masked(key, value));
    }
    sheet
}

pub(super) fn line(line: &mut UnitLine) {
    names(&mut line.names);
}

fn names(names: &mut [String]) {
    names.iter_mut().for_each(|name| *name = mask_shown(name));
}

/// A child is already shown by age; everybody else by the first sign of the name.
fn mask_shown(shown: &str) -> String {
    if shown.contains('岁') || shown == LOCKED { shown.to_owned() } else { mask_name(shown) }
}

fn masked(key: &str, value: &Scalar) -> Scalar {
    let text = value.to_string();
    if text.is_empty() || text == LOCKED {
        return value.clone();
    }
    // What tells nothing about a person stays: tenure, head, relation, the ids within a key.
    let plain = ["p/tenure", "p/head", "p/best_time", "p/preferred_contact", "/relation", "/here"];
    match FieldKey::parse(key) {
        Ok(FieldKey::Category(..)) | Err(_) => HIDDEN.into(),
        Ok(_) if plain.iter().any(|end| key.ends_with(end)) => value.clone(),
        Ok(_) if key.ends_with("/name") => Scalar::Str(mask_name(&text)),
        Ok(_) if key.contains("phone") => Scalar::Str(mask_phone(&text)),
        Ok(_) => HIDDEN.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_and_forms_are_hidden_and_the_tenure_is_not() {
        let person = "00000000-0000-0000-0000-000000000001";
        let shown = |key: &str, value: &str| masked(key, &value.into()).to_string();
        assert_eq!(shown(&format!("m/{person}/name"), "王小明"), "王*");
        assert_eq!(shown("p/phone", "10012345678"), "100****5678");
        assert_eq!(shown(&format!("m/{person}/birth"), "1969-03-15"), HIDDEN);
        assert_eq!(shown(&format!("m/{person}/c/disabled/grade"), "2"), HIDDEN);
        assert_eq!(shown("p/tenure", "rented"), "rented");
    }
}
