//! 公民身份号码, GB 11643: 17 digits and a check digit by ISO 7064 MOD 11-2.

use chrono::NaiveDate;

use super::tidy;
use crate::import::finding::Code;
use crate::import::sheet::Cell;

/// An identity number as read.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    digits: String,
}

impl Identity {
    /// The number: 18 digits with a right check digit, or 15 of the first generation.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// The birth date in it.
    #[must_use]
    pub fn birth(&self) -> Option<NaiveDate> {
        if self.digits.len() == 18 {
            NaiveDate::parse_from_str(self.digits.get(6..14)?, "%Y%m%d").ok()
        } else {
            NaiveDate::parse_from_str(&format!("19{}", self.digits.get(6..12)?), "%Y%m%d").ok()
        }
    }
}

/// Identity numbers do not belong in logs or test output.
impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// Reads an identity number. Digits a spreadsheet destroyed are never guessed.
pub fn identity(cell: &Cell, said: &mut Vec<Code>) -> Option<Identity> {
    let raw = match cell {
        Cell::Empty => return None,
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => match super::whole(*number) {
            Some(whole) => whole.to_string(),
            None if *number >= 1e15 => return refuse(said, Code::IdDigitsLost),
            None => return refuse(said, Code::IdShape),
        },
        Cell::Day(_) | Cell::Bool(_) => return refuse(said, Code::IdShape),
        Cell::Broken => return refuse(said, Code::CellBroken),
    };
    let has_full_width = raw.chars().any(|sign| ('\u{ff01}'..='\u{ff5e}').contains(&sign));
    let mut digits: String =
        tidy(&raw).chars().filter(|sign| !matches!(sign, ' ' | '-' | '\'' | '`' | '"' | '_')).collect();
    if digits.is_empty() || matches!(digits.as_str(), "无" | "/" | "不详") {
        return None;
    }
    if is_exponent(&digits) {
        return refuse(said, Code::IdDigitsLost);
    }
    let is_lower_x = digits.ends_with('x');
    digits.make_ascii_uppercase();
    if digits.len() == 15 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        said.extend(has_full_width.then_some(Code::IdFullWidth));
        said.push(Code::IdFirstGeneration);
        return Some(Identity { digits });
    }
    let body = digits.get(..17).filter(|body| body.bytes().all(|byte| byte.is_ascii_digit()));
    let (Some(body), Some(check), 18) = (body, digits.chars().last(), digits.len()) else {
        return refuse(said, Code::IdShape);
    };
    said.extend(has_full_width.then_some(Code::IdFullWidth));
    said.extend(is_lower_x.then_some(Code::IdLowerX));
    if check_digit(body) == Some(check) {
        return Some(Identity { digits });
    }
    // A number that went through 15-digit precision and back to text ends in 000.
    let lost = digits.ends_with("000");
    refuse(said, if lost { Code::IdDigitsLost } else { Code::IdCheckDigit })
}

fn refuse(said: &mut Vec<Code>, code: Code) -> Option<Identity> {
    said.push(code);
    None
}

/// `9.98094E+17`: a number shown by its exponent and saved as text.
fn is_exponent(text: &str) -> bool {
    text.split_once(['E', 'e']).is_some_and(|(mantissa, power)| {
        let is_number =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        is_number(mantissa) && is_number(power.trim_start_matches('+'))
    })
}

/// Σ digit × weight mod 11 → `1 0 X 9 8 7 6 5 4 3 2` (GB 11643).
fn check_digit(body: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        body.chars().zip(WEIGHTS).map(|(sign, weight)| sign.to_digit(10).unwrap_or(0) * weight).sum();
    "10X98765432".chars().nth(usize::try_from(sum % 11).ok()?)
}
