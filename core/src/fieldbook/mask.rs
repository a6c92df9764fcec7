//! 掩码 – what a shoulder-surfer must not read: names, numbers and category forms, until the worker opens them.

use super::LOCKED;
use crate::category::{FieldKey, Scalar, is_child_label, mask_name, mask_phone};

/// Shown in place of a value that has no masked form.
pub const HIDDEN: &str = "***";

/// A member as a list shows it: a child is already shown by age; everybody else by the first sign of the name.
#[must_use]
pub fn mask_shown(shown: &str) -> String {
    if is_child_label(shown) || shown == LOCKED { shown.to_owned() } else { mask_name(shown) }
}

/// The value of a field as it is shown before it is opened.
#[must_use]
pub fn mask_value(key: &str, value: &Scalar) -> Scalar {
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
    fn a_child_is_known_by_its_label_and_a_name_with_its_sign_is_masked() {
        assert_eq!(mask_shown("儿童, 6 岁"), "儿童, 6 岁");
        assert_eq!(mask_shown(LOCKED), LOCKED);
        for name in ["万岁岁", "李岁安", "儿童, 岁", "王小明"] {
            assert_eq!(mask_shown(name).chars().count(), 2, "{name}");
        }
    }

    #[test]
    fn names_numbers_and_forms_are_hidden_and_the_tenure_is_not() {
        let person = "00000000-0000-0000-0000-000000000001";
        let shown = |key: &str, value: &str| mask_value(key, &value.into()).to_string();
        assert_eq!(shown(&format!("m/{person}/name"), "王小明"), "王*");
        assert_eq!(shown("p/phone", "10012345678"), "100****5678");
        assert_eq!(shown(&format!("m/{person}/birth"), "1969-03-15"), HIDDEN);
        assert_eq!(shown(&format!("m/{person}/c/disabled/grade"), "2"), HIDDEN);
        assert_eq!(shown("p/tenure", "rented"), "rented");
    }
}
