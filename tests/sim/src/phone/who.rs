//! Whom a word on the command line means.

use ruhu_core::category::{FieldKey, Scalar, check_scalar};
use ruhu_core::fieldbook::{Fieldbook, UnitLine};
use ruhu_core::ids::{DwellingId, GridId, HouseholdId};
use ruhu_core::roster::Unit;

use super::PhoneError;

/// The one unit that an id, an address, a name or a telephone means; a household before the door it lives behind.
pub(super) fn unit(book: &Fieldbook, words: &str) -> Result<UnitLine, PhoneError> {
    let all = book.units()?;
    let by_id = all.iter().find(|line| id_of(line.unit) == words);
    if let Some(line) = by_id {
        return Ok(line.clone());
    }
    let found = book.find(words)?;
    let households: Vec<&UnitLine> =
        found.iter().filter(|line| matches!(line.unit, Unit::Household(_))).collect();
    match (households.as_slice(), found.as_slice()) {
        ([one], _) => Ok((*one).clone()),
        ([], [door]) => Ok(door.clone()),
        ([], []) => Err(PhoneError::Who(format!(
            "本机没有找到“{words}”:请先同步,或写全地址 / nothing here is called {words:?}: sync first, or write the whole address"
        ))),
        _ => Err(PhoneError::Who(format!(
            "“{words}”不止一处,请用编号 / {words:?} means several, name one by its id:\n{}",
            found.iter().cloned().map(masked_line).collect::<Vec<_>>().join("\n")
        ))),
    }
}

/// A line for an error message: never a whole name.
fn masked_line(mut one: UnitLine) -> String {
    super::mask::line(&mut one);
    line(&one)
}

/// The grid of that name; the only one when there is no other.
pub(super) fn grid(book: &Fieldbook, name: Option<&str>) -> Result<GridId, PhoneError> {
    let community = book.community()?;
    let grids = community.grids();
    let mut named =
        grids.values().filter(|grid| name.is_none_or(|name| grid.name == name || grid.code == name));
    match (named.next(), named.next()) {
        (Some(one), None) => Ok(one.id),
        _ => {
            let names: Vec<&str> = grids.values().map(|grid| grid.name.as_str()).collect();
            Err(PhoneError::Who(format!(
                "请用 --grid 指明网格 / name a grid with --grid: {}",
                names.join(" ")
            )))
        }
    }
}

/// One unit on one line.
pub(super) fn line(line: &UnitLine) -> String {
    let address = line.address.as_ref().map_or_else(|| "地址不详 no address".to_owned(), ToString::to_string);
    let vacant = if matches!(line.unit, Unit::Vacant(_)) { " (户室 door)" } else { "" };
    let conflicts =
        if line.conflicts == 0 { String::new() } else { format!(" 冲突 conflicts {}", line.conflicts) };
    format!("{}  {address}  {}{vacant}{conflicts}", id_of(line.unit), line.names.join(" "))
}

/// The id of a unit, as commands take it.
pub(super) fn id_of(unit: Unit) -> String {
    match unit {
        Unit::Household(id) => id.to_string(),
        Unit::Vacant(id) => id.to_string(),
    }
}

pub(super) fn household(book: &Fieldbook, words: &str) -> Result<HouseholdId, PhoneError> {
    match unit(book, words)?.unit {
        Unit::Household(id) => Ok(id),
        Unit::Vacant(_) => Err(PhoneError::Who(format!("“{words}”不是住户 / {words:?} is no household"))),
    }
}

pub(super) fn door(book: &Fieldbook, words: &str) -> Result<DwellingId, PhoneError> {
    let line = unit(book, words)?;
    line.dwelling.ok_or_else(|| PhoneError::Who(format!("“{words}”没有户室 / no door is known of {words:?}")))
}

/// `p/phone=13800000000` as a key and a value of the kind the field takes.
pub(super) fn field(text: &str) -> Result<(String, Scalar), PhoneError> {
    let (key, value) = text.split_once('=').ok_or_else(|| {
        PhoneError::Usage(format!("字段应写成 键=值 / write a field as key=value, not {text:?}"))
    })?;
    Ok((key.to_owned(), scalar(key, value)))
}

/// The value in the kind the field takes; as text when none fits, so that the core says what is wrong with it.
pub(super) fn scalar(key: &str, value: &str) -> Scalar {
    let text = Scalar::Str(value.to_owned());
    let Ok(parsed) = FieldKey::parse(key) else { return text };
    let yes = match value {
        "是" | "yes" | "true" => Some(Scalar::Bool(true)),
        "否" | "no" | "false" => Some(Scalar::Bool(false)),
        _ => None,
    };
    let others = value.parse().ok().map(Scalar::Int).into_iter().chain(yes);
    std::iter::once(text.clone()).chain(others).find(|one| check_scalar(&parsed, one).is_ok()).unwrap_or(text)
}
