//! 脱敏 – what is shown before anybody gives a reason to see more (`domain.md` 2.8).

use chrono::NaiveDate;

use super::date::PartDate;
use crate::policy::Lang;

/// 王小明 → 王*. One sign stays, however long the name is; an empty name stays empty.
#[must_use]
pub fn mask_name(name: &str) -> String {
    name.trim().chars().next().map_or_else(String::new, |first| format!("{first}*"))
}

/// 13800000001 → 138****0001; shorter numbers keep their last two digits, anything up to four digits none.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let (head, tail) = match digits.len() {
        0 => return String::new(),
        1..=4 => (0, 0),
        5..=10 => (0, 2),
        _ => (3, 4),
    };
    ends(&digits, head, tail)
}

/// 身份证号 – the first and the last sign stay: 1****X.
#[must_use]
pub fn mask_id_number(number: &str) -> String {
    let signs: Vec<char> = number.trim().chars().collect();
    match signs.len() {
        0 => String::new(),
        1..=4 => ends(&signs, 0, 0),
        _ => ends(&signs, 1, 1),
    }
}

/// A line of free words about a place: its first four signs stay.
#[must_use]
pub fn mask_address(words: &str) -> String {
    let signs: Vec<char> = words.trim().chars().collect();
    if signs.is_empty() { String::new() } else { ends(&signs, 4.min(signs.len() / 2), 0) }
}

/// 儿童, 6 岁 – how a child under 14 appears on phones, without a name; `None` from the 14th birthday on. Where the
/// birth is known only to the year, the person is a child as long as that is possible.
#[must_use]
pub fn child_label(birth: PartDate, today: NaiveDate, lang: Lang) -> Option<String> {
    let years = birth.full_years(today);
    (years < 14).then(|| match lang {
        Lang::Zh => format!("儿童, {years} 岁"),
        Lang::En => format!("child, {years}"),
    })
}

/// Whether this is what [`child_label`] made of a child, not somebody's name.
#[must_use]
pub fn is_child_label(shown: &str) -> bool {
    let zh = shown.strip_prefix("儿童, ").and_then(|rest| rest.strip_suffix(" 岁"));
    zh.or_else(|| shown.strip_prefix("child, ")).is_some_and(|years| years.parse::<u8>().is_ok())
}

fn ends(signs: &[char], head: usize, tail: usize) -> String {
    let start: String = signs.iter().take(head).collect();
    let end: String = signs.iter().skip(signs.len().saturating_sub(tail)).collect();
    format!("{start}****{end}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_and_numbers_are_shown_masked() {
        assert_eq!(mask_name("王小明"), "王*");
        assert_eq!(mask_name("  "), "");
        assert_eq!(mask_phone("13800000001"), "138****0001");
        assert_eq!(mask_phone("138-0000-0001"), "138****0001");
        assert_eq!(mask_phone("8812345"), "****45");
        assert_eq!(mask_phone("110"), "****");
        assert_eq!(mask_id_number("11010119900101001X"), "1****X");
        assert_eq!(mask_address("阳光小区3栋2单元501室"), "阳光小区****");
    }

    #[test]
    fn a_child_under_14_has_no_name_on_a_phone() {
        let today = "2026-07-05".parse().unwrap();
        let label = |birth: &str| child_label(birth.parse().unwrap(), today, Lang::Zh);
        assert_eq!(label("2020-03").as_deref(), Some("儿童, 6 岁"));
        assert_eq!(label("2012-07-06").as_deref(), Some("儿童, 13 岁"));
        assert_eq!(label("2012-07-05"), None);
        assert_eq!(label("2012").as_deref(), Some("儿童, 13 岁"));
        assert_eq!(child_label("2025".parse().unwrap(), today, Lang::En).as_deref(), Some("child, 0"));
    }

    proptest! {
        #[test]
        fn no_mask_shows_more_than_half(text in "\\PC{0,24}") {
            let shown = mask_phone(&text).replace('*', "");
            prop_assert!(shown.chars().count() <= 7);
            prop_assert!(mask_name(&text).chars().count() <= 2);
            prop_assert!(mask_id_number(&text).chars().count() <= 6);
        }
    }
}
