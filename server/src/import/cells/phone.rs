//! 电话 – kept as text: mobiles, landlines with area code, short numbers inside a village.

use super::{tidy, whole};
use crate::import::finding::Code;
use crate::import::sheet::Cell;

/// Reads every number of a cell; several are split by `;`, `/`, `、`, commas, spaces or line breaks.
pub fn phones(cell: &Cell, said: &mut Vec<Code>) -> Vec<String> {
    let (text, is_number) = match cell {
        Cell::Empty => return Vec::new(),
        Cell::Text(text) => (tidy(text), false),
        Cell::Number(number) => match whole(*number) {
            Some(whole) if whole > 0 => (whole.to_string(), true),
            _ => return refuse(said, Code::PhoneUnread),
        },
        Cell::Day(_) | Cell::Bool(_) => return refuse(said, Code::PhoneUnread),
        Cell::Broken => return refuse(said, Code::CellBroken),
    };
    let mut read: Vec<String> = Vec::new();
    let mut unread = false;
    for part in text.split([';', '/', '、', ',', '|', '。']).flat_map(by_spaces) {
        match one(part) {
            Part::Number(number) if !read.contains(&number) => read.push(number),
            Part::Number(_) | Part::Words => {}
            Part::Unread => unread = true,
        }
    }
    if unread {
        said.push(Code::PhoneUnread);
    }
    if read.iter().any(|number| has_lost_zero(number, is_number)) {
        said.push(Code::PhoneZeroLost);
    }
    if read.len() > 1 {
        said.push(Code::PhoneSeveral);
    }
    read
}

/// 022-2345 6789 is one number, two mobiles side by side are two.
fn by_spaces(part: &str) -> Vec<&str> {
    let digits = part.chars().filter(char::is_ascii_digit).count();
    if digits > 13 { part.split(' ').collect() } else { vec![part] }
}

enum Part {
    Number(String),
    /// 无, or a remark such as (儿子) beside the number.
    Words,
    Unread,
}

fn one(part: &str) -> Part {
    let plain: String =
        part.chars().filter(|sign| !matches!(sign, ' ' | '-' | '—' | '–' | '(' | ')' | '.' | '\'')).collect();
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return Part::Words;
    }
    let is_exponent = plain.contains(['E', 'e'])
        && plain.bytes().all(|byte| byte.is_ascii_digit() || b"Ee+".contains(&byte));
    if is_exponent || !(3..=16).contains(&digits.len()) {
        return Part::Unread;
    }
    let digits = match digits.strip_prefix("86") {
        Some(rest) if rest.len() == 11 && rest.starts_with('1') => rest.to_owned(),
        _ => digits,
    };
    Part::Number(digits)
}

/// An area code without its 0: 10 or 11 digits that are no mobile number. In a text cell only where nothing else
/// has that form.
fn has_lost_zero(digits: &str, is_number: bool) -> bool {
    match digits.len() {
        10 => !digits.starts_with('0') && !digits.starts_with("400") && !digits.starts_with("800"),
        9 => is_number && !digits.starts_with('0'),
        11 => !digits.starts_with('0') && !digits.starts_with('1'),
        _ => false,
    }
}

fn refuse(said: &mut Vec<Code>, code: Code) -> Vec<String> {
    said.push(code);
    Vec::new()
}
