//! 单元格 – turns what people type into what is meant, and says what it did.
//!
//! Each function takes a cell and a list it adds its [`Code`]s to. What cannot be read is left out and said; nothing
//! is guessed, and nothing here can fail otherwise.

use std::collections::BTreeSet;

use ruhu_core::category::{Category, CategoryWord, read_words};

use crate::import::finding::Code;
use crate::import::sheet::Cell;
use crate::import::terms::{self, RelationToHead, Sex, Status};

mod address;
mod date;
mod identity;
mod phone;

pub use address::{address, address_of_parts, label};
pub use date::{covers, date, day_of};
pub use identity::{Identity, identity};
pub use phone::phones;

/// 姓名 of more signs than this is no name; the document takes no more.
const NAME_MAX: usize = 50;

/// Tidies text: full-width forms to half-width, spaces of every kind to one, nothing invisible, no edges.
#[must_use]
pub fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for sign in text.chars() {
        let sign = match sign {
            '\u{ff01}'..='\u{ff5e}' => {
                u32::from(sign).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(sign)
            }
            '\u{200b}'..='\u{200f}'
            | '\u{2060}'
            | '\u{feff}'
            | '\u{ad}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                continue;
            }
            sign if sign.is_whitespace() || sign.is_control() => ' ',
            sign => sign,
        };
        if sign == ' ' && (tidied.is_empty() || tidied.ends_with(' ')) {
            continue;
        }
        tidied.push(sign);
    }
    if tidied.ends_with(' ') {
        tidied.pop();
    }
    tidied
}

/// The tidied words of a cell; `None` when it is blank or an error value (which is said).
pub fn words(cell: &Cell, said: &mut Vec<Code>) -> Option<String> {
    let text = match cell {
        Cell::Empty => return None,
        Cell::Text(text) => tidy(text),
        Cell::Number(number) => number_text(*number),
        Cell::Day(day) => day.to_string(),
        Cell::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        Cell::Broken => {
            said.push(Code::CellBroken);
            return None;
        }
    };
    if matches!(text.as_str(), "#N/A" | "#REF!" | "#VALUE!" | "#NAME?" | "#DIV/0!" | "#NULL!" | "#NUM!") {
        said.push(Code::CellBroken);
        return None;
    }
    (!text.is_empty()).then_some(text)
}

/// 姓名 – a name. Spaces that only pad it go; 𠮷 and · stay.
pub fn name(cell: &Cell, said: &mut Vec<Code>) -> Option<String> {
    let text = words(cell, said)?;
    let mut name = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let pads = |other: Option<char>| other.is_none_or(|other| !other.is_ascii());
        match sign {
            ' ' if pads(name.chars().last()) && pads(signs.peek().copied()) => {}
            '•' | '・' | '‧' | '∙' | '･' | '●' => name.push('·'),
            sign => name.push(sign),
        }
    }
    if matches!(name.as_str(), "无" | "-" | "/" | "--" | "—") {
        return None;
    }
    if name.chars().any(char::is_alphabetic) && name.chars().count() <= NAME_MAX {
        return Some(name);
    }
    if !name.is_empty() {
        said.push(Code::NameUnread);
    }
    None
}

/// 户主 of a dwelling's row, where `(空)` and 空置 mean that nobody lives there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadCell {
    /// Nobody lives there.
    Vacant,
    /// The head's name.
    Name(String),
}

/// Reads the head's cell.
pub fn head(cell: &Cell, said: &mut Vec<Code>) -> Option<HeadCell> {
    let mut unsaid = Vec::new();
    if let Some(text) = words(cell, &mut unsaid)
        && matches!(terms::status(&text), Some(Status::Vacant))
    {
        return Some(HeadCell::Vacant);
    }
    name(cell, said).map(HeadCell::Name)
}

/// 是 or 否.
pub fn yes_no(cell: &Cell, said: &mut Vec<Code>) -> Option<bool> {
    let text = words(cell, said)?.to_ascii_lowercase();
    let read = terms::yes_no(&text);
    if read.is_none() {
        said.push(Code::YesNoUnread);
    }
    read
}

/// 性别.
pub fn sex(cell: &Cell, said: &mut Vec<Code>) -> Option<Sex> {
    let text = words(cell, said)?.to_ascii_lowercase();
    let read = terms::sex(&text);
    if read.is_none() && !matches!(text.as_str(), "0" | "9" | "未知" | "不详" | "-") {
        said.push(Code::SexUnread);
    }
    read
}

/// 与户主关系.
pub fn relation(cell: &Cell, said: &mut Vec<Code>) -> Option<RelationToHead> {
    let text = words(cell, said)?.to_ascii_lowercase().replace(' ', "");
    let read = terms::relation(&text).or_else(|| terms::relation(text.split(['(', '/']).next()?));
    if read.is_none() {
        said.push(Code::RelationUnread);
    }
    read
}

/// 房屋状态.
pub fn status(cell: &Cell, said: &mut Vec<Code>) -> Option<Status> {
    let text = words(cell, said)?.to_ascii_lowercase().replace(' ', "");
    let read = terms::status(&text);
    if read.is_none() {
        said.push(Code::StatusUnread);
    }
    read
}

/// 人员类别 – any of `,、/;|+` and spaces between them. Unknown and refused ones are said, not kept.
pub fn categories(cell: &Cell, said: &mut Vec<Code>) -> BTreeSet<Category> {
    let mut read = BTreeSet::new();
    let Some(text) = words(cell, said) else { return read };
    if let Some(category) = Category::from_words(&text) {
        read.insert(category);
        return read;
    }
    for word in text.split([',', '、', '/', ';', '|', '+', ' ', '。']).filter(|word| !word.is_empty()) {
        if matches!(word, "无" | "否" | "-" | "一般" | "普通" | "常住" | "常住人口" | "户籍人口")
        {
            continue;
        }
        match read_words(word) {
            CategoryWord::Known(category) => {
                read.insert(category);
            }
            CategoryWord::Refused(_) => said.push(Code::CategoryRefused),
            CategoryWord::Unknown => said.push(Code::CategoryUnknown),
        }
    }
    read
}

/// The digits of a whole number, or its shortest decimal form.
pub(crate) fn number_text(number: f64) -> String {
    whole(number).map_or_else(|| number.to_string(), |whole| whole.to_string())
}

/// A number as a whole one; `None` with a fraction, or beyond what a spreadsheet keeps exactly.
pub(crate) fn whole(number: f64) -> Option<i64> {
    if number.is_finite() && number.abs() < 1e15 && number.fract() == 0.0 {
        format!("{number:.0}").parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
