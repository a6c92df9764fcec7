//! 地址 – one cell or six: estate, building, stair, floor, door, and whatever else stood there.

use ruhu_core::roster::Address;

use super::{tidy, words};
use crate::import::finding::Code;
use crate::import::sheet::Cell;

const BUILDING: &[&str] = &["号楼", "幢", "栋", "座", "楼"];
const STAIR: &[&str] = &["单元", "门洞", "门"];
const FLOOR: &[&str] = &["层", "楼"];
const DOOR: &[&str] = &["室", "号", "户", "房"];

/// Reads an address that stands in one cell. Without a door in it, it is kept whole.
pub fn address(cell: &Cell, said: &mut Vec<Code>) -> Option<Address> {
    let text: String = words(cell, said)?.chars().filter(|sign| *sign != ' ').map(plain_dash).collect();
    let mut read =
        by_suffixes(&text).or_else(|| by_dashes(&text)).or_else(|| by_number(&text)).unwrap_or_default();
    if read.door.is_empty() {
        said.push(Code::AddressNoDoor);
        if read.building.is_empty() {
            read = Address { remainder: text, ..Address::default() };
        }
    }
    if read.floor.is_none() {
        read.floor = floor_of(&read);
    }
    Some(read)
}

/// Puts an address together from its columns; absent levels are blank or 无. `None` when all are.
pub fn address_of_parts(
    estate: &Cell,
    building: &Cell,
    stair: &Cell,
    floor: &Cell,
    door: &Cell,
    said: &mut Vec<Code>,
) -> Option<Address> {
    let mut read = Address {
        estate: words(estate, said).filter(|text| text != "无").unwrap_or_default(),
        building: label(building, BUILDING, said),
        stair: label(stair, STAIR, said),
        floor: None,
        door: label(door, DOOR, said),
        remainder: String::new(),
    };
    let storey = label(floor, FLOOR, said);
    if !storey.is_empty() {
        read.floor = signed(&storey);
        if read.floor.is_none() {
            said.push(Code::FloorUnread);
        }
    }
    if read == Address::default() {
        return None;
    }
    if read.floor.is_none() {
        read.floor = floor_of(&read);
    }
    Some(read)
}

/// A level's label without its suffix: 3幢 → `3`. A label that is not plain letters and digits keeps it: 甲幢.
pub fn label(cell: &Cell, suffixes: &[&str], said: &mut Vec<Code>) -> String {
    let Some(text) = words(cell, said).filter(|text| text != "无") else { return String::new() };
    bare(&text.replace(' ', ""), suffixes)
}

fn bare(text: &str, suffixes: &[&str]) -> String {
    let cut = suffixes.iter().find_map(|suffix| text.strip_suffix(suffix)).unwrap_or(text);
    let is_plain = !cut.is_empty() && cut.chars().all(|sign| sign.is_ascii_alphanumeric());
    if is_plain { cut.to_owned() } else { text.to_owned() }
}

fn plain_dash(sign: char) -> char {
    if matches!(sign, '—' | '–' | '‐' | '‑' | '−' | '－' | '~') { '-' } else { sign }
}

/// 阳光小区1幢1单元101室.
fn by_suffixes(text: &str) -> Option<Address> {
    let (estate, building, mut rest) = BUILDING
        .iter()
        .find_map(|suffix| labelled(text, suffix))
        .map(|(before, label, suffix, rest)| (before, bare(&format!("{label}{suffix}"), BUILDING), rest))?;
    let mut read = Address { estate: estate.to_owned(), building, ..Address::default() };
    if let Some((label, suffix, after)) = leading(rest, STAIR) {
        read.stair = bare(&format!("{label}{suffix}"), STAIR);
        rest = after;
    }
    if let Some((label, _, after)) = leading(rest, FLOOR) {
        read.floor = signed(label);
        rest = after;
    }
    rest = rest.trim_start_matches('-');
    let door = bare(rest, DOOR);
    let parts: Vec<&str> = door.split('-').collect();
    match parts.as_slice() {
        [stair, door] if read.stair.is_empty() && is_label(stair) && is_label(door) => {
            read.stair = (*stair).to_owned();
            read.door = (*door).to_owned();
        }
        [one] if is_label(one) || is_label(rest.trim_end_matches(['室', '号', '户', '房'])) => {
            read.door = door
        }
        _ => rest.clone_into(&mut read.remainder),
    }
    Some(read)
}

/// 新安中里5-1-101号: building, stair, door; with four parts the third is the floor.
fn by_dashes(text: &str) -> Option<Address> {
    let cut = DOOR.iter().find_map(|suffix| text.strip_suffix(suffix)).unwrap_or(text);
    let start = cut
        .char_indices()
        .rev()
        .take_while(|(_, sign)| sign.is_ascii_alphanumeric() || *sign == '-')
        .last()?
        .0;
    let (estate, run) = cut.split_at_checked(start)?;
    let parts: Vec<&str> = run.split('-').collect();
    if parts.iter().any(|part| part.is_empty()) {
        return None;
    }
    let (building, stair, floor, door) = match parts.as_slice() {
        [building, door] => (*building, "", None, *door),
        [building, stair, door] => (*building, *stair, None, *door),
        [building, stair, floor, door] => (*building, *stair, signed(floor), *door),
        _ => return None,
    };
    Some(Address {
        estate: estate.to_owned(),
        building: building.to_owned(),
        stair: stair.to_owned(),
        floor,
        door: door.to_owned(),
        remainder: String::new(),
    })
}

/// 新安里12号: a door without a building.
fn by_number(text: &str) -> Option<Address> {
    DOOR.iter().find_map(|suffix| {
        let (estate, label, _, rest) = labelled(text, suffix)?;
        (rest.is_empty() && !estate.is_empty()).then(|| Address {
            estate: estate.to_owned(),
            door: label.to_owned(),
            ..Address::default()
        })
    })
}

/// The first place where a label stands before the suffix: what is before, label, suffix, what is after.
fn labelled<'a>(text: &'a str, suffix: &'a str) -> Option<(&'a str, &'a str, &'a str, &'a str)> {
    text.match_indices(suffix).find_map(|(at, _)| {
        let (head, tail) = text.split_at_checked(at)?;
        let start = head.char_indices().rev().take_while(|(_, sign)| is_label_sign(*sign)).last()?.0;
        let (before, label) = head.split_at_checked(start)?;
        Some((before, label, suffix, tail.strip_prefix(suffix)?))
    })
}

/// A label with one of the suffixes at the very beginning: label, suffix, what is after.
fn leading<'a>(text: &'a str, suffixes: &[&'a str]) -> Option<(&'a str, &'a str, &'a str)> {
    suffixes.iter().find_map(|suffix| {
        let (before, label, suffix, after) = labelled(text, suffix)?;
        before.is_empty().then_some((label, suffix, after))
    })
}

fn is_label_sign(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || "一二三四五六七八九十百零甲乙丙丁戊己庚辛壬癸负".contains(sign)
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_label_sign)
}

fn signed(text: &str) -> Option<i16> {
    let text = tidy(text);
    let below =
        text.strip_prefix('负').or_else(|| text.strip_prefix('-')).or_else(|| text.strip_prefix(['B', 'b']));
    let floor: i16 = below.unwrap_or(&text).parse().ok().filter(|floor| (0..=200).contains(floor))?;
    Some(if below.is_some() { -floor } else { floor })
}

/// The storey shown by a door of three or four digits in a building (501 → 5): it orders the walk, nothing more.
fn floor_of(read: &Address) -> Option<i16> {
    let (digits, below) = match read.door.strip_prefix('负') {
        Some(digits) => (digits, true),
        None => (read.door.as_str(), false),
    };
    if read.building.is_empty()
        || !(3..=4).contains(&digits.len())
        || !digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let floor = digits.parse::<i16>().ok()? / 100;
    (1..=60).contains(&floor).then_some(if below { -floor } else { floor })
}
