//! Finds where a table begins in a sheet: one or two heading rows anywhere in the first twenty, and again where a
//! second table begins further down.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::ids::Hash32;

use super::meaning::plain;
use super::{ColumnMatch, HandMap, Mapping, MatchedBy, Meaning, mask};
use crate::import::cells;
use crate::import::sheet::{Cell, Row, Sheet, column_letters};

/// How many rows may stand above the headings.
const SEARCHED: usize = 20;
/// Rows below a heading that only a person took for one, with which it is compared.
const COMPARED: usize = 5;

/// 表 – one table of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Index of its first heading row in [`Sheet::rows`].
    pub heading: usize,
    /// Index of the first row below its headings.
    pub first: usize,
    /// Index after its last row.
    pub end: usize,
    /// Its columns.
    pub columns: Vec<ColumnMatch>,
    /// SHA-256 over its headings; what a remembered mapping is kept under.
    pub fingerprint: String,
}

impl Table {
    /// The columns of a meaning, left to right.
    pub fn columns_of(&self, meaning: Meaning) -> impl Iterator<Item = u16> {
        self.columns.iter().filter(move |column| column.meaning == Some(meaning)).map(|column| column.column)
    }

    /// The first column of a meaning.
    #[must_use]
    pub fn column(&self, meaning: Meaning) -> Option<u16> {
        self.columns_of(meaning).next()
    }

    /// Whether a meaning is present.
    #[must_use]
    pub fn has(&self, meaning: Meaning) -> bool {
        self.column(meaning).is_some()
    }

    /// Whether it has a door in one cell or in several.
    #[must_use]
    pub fn has_place(&self) -> bool {
        [Meaning::Address, Meaning::Door, Meaning::Building].into_iter().any(|meaning| self.has(meaning))
    }

    /// The mapping to remember: what a person decided here, or what was remembered already.
    #[must_use]
    pub fn mapping(&self) -> Option<Mapping> {
        let columns: BTreeMap<String, Meaning> = self
            .columns
            .iter()
            .filter(|column| matches!(column.by, MatchedBy::Hand | MatchedBy::Remembered))
            .filter_map(|column| Some((column_letters(column.column), column.meaning?)))
            .collect();
        (!columns.is_empty()).then(|| Mapping { fingerprint: self.fingerprint.clone(), columns })
    }
}

/// The tables of a sheet, top to bottom; none when no headings of a roster are found. `hand` wins over `remembered`,
/// which wins over the headings.
#[must_use]
pub fn recognise(sheet: &Sheet, hand: &HandMap, remembered: &[Mapping]) -> Vec<Table> {
    let of_first = hand.for_sheet(&sheet.name);
    let Some(top) = find_first(sheet, &of_first, remembered) else { return Vec::new() };
    let mut starts = vec![top];
    let mut nth = starts.first().map_or(0, |top| top.first);
    while let Some(row) = sheet.rows.get(nth) {
        if let Some(next) = begins_another(sheet, row, nth, starts.last()) {
            nth = next.first;
            starts.push(next);
        } else {
            nth += 1;
        }
    }
    let ends: Vec<usize> = starts.iter().skip(1).map(|next| next.heading).chain([sheet.rows.len()]).collect();
    starts
        .into_iter()
        .zip(ends)
        .enumerate()
        .map(|(nth, (heading, end))| {
            let row = sheet.rows.get(heading.heading).map_or(0, |row| row.number);
            let mut own = if nth == 0 { of_first.clone() } else { BTreeMap::new() };
            own.extend(hand.for_table(&sheet.name, row));
            table(sheet, &heading, end, &own, remembered)
        })
        .collect()
}

/// Whether a row repeats headings: most of its cells are headings, and there are several.
#[must_use]
pub(crate) fn is_heading_row(row: &Row) -> bool {
    let matches =
        |limit| row.filled().take(limit).filter(|(_, cell)| heading_meaning(cell).is_some()).count();
    if matches(4) < 2 {
        return false;
    }
    let (filled, matched) = (row.filled().count(), matches(usize::MAX));
    filled >= 3 && matched >= 3 && matched * 3 >= filled * 2
}

struct Heading {
    heading: usize,
    first: usize,
    texts: BTreeMap<u16, String>,
}

impl Heading {
    fn fingerprint(&self) -> String {
        let parts: Vec<String> = self
            .texts
            .iter()
            .map(|(column, text)| format!("{}={}\n", column_letters(*column), plain(text)))
            .collect();
        Hash32::of(&parts.iter().map(String::as_bytes).collect::<Vec<_>>()).to_string()
    }

    fn meanings(&self) -> BTreeSet<Meaning> {
        self.texts.values().filter_map(|text| Meaning::of_heading(text)).collect()
    }

    /// A roster needs somebody or some door, and something to say of it.
    fn is_roster(&self) -> bool {
        let meanings = self.meanings();
        let says = [Meaning::Name, Meaning::Head, Meaning::Address, Meaning::Door, Meaning::HouseholdCode];
        meanings.len() >= 2 && says.iter().any(|meaning| meanings.contains(meaning))
    }
}

fn find_first(sheet: &Sheet, hand: &BTreeMap<u16, Meaning>, remembered: &[Mapping]) -> Option<Heading> {
    let candidates = || (0..sheet.rows.len().min(SEARCHED)).flat_map(|nth| headings_at(sheet, nth));
    let known = candidates().find(|heading| {
        let print = heading.fingerprint();
        remembered.iter().any(|mapping| mapping.fingerprint == print)
    });
    if known.is_some() {
        return known;
    }
    let mut best: Option<(usize, Heading)> = None;
    for heading in candidates().filter(Heading::is_roster) {
        let score = heading.meanings().len();
        if best.as_ref().is_none_or(|(so_far, _)| score > *so_far) {
            best = Some((score, heading));
        }
    }
    best.map(|(_, heading)| heading).or_else(|| {
        // A person says which columns to read: the first row with words in all of them is the heading, unless it looks
        // like what stands below it: the first household is not to be lost.
        (!hand.is_empty())
            .then(candidates)?
            .find(|heading| hand.keys().all(|column| heading.texts.contains_key(column)))
            .filter(|heading| stands_out(sheet, heading))
    })
}

/// The row alone as a heading, then together with the row below it.
fn headings_at(sheet: &Sheet, nth: usize) -> Vec<Heading> {
    let Some(row) = sheet.rows.get(nth) else { return Vec::new() };
    let own = texts(row);
    if own.len() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some(below) = sheet.rows.get(nth + 1).filter(|below| is_second_heading(row, below)) {
        let lower = texts(below);
        let columns: BTreeSet<u16> = own.keys().chain(lower.keys()).copied().collect();
        let mut group = "";
        let mut joined = BTreeMap::new();
        for column in columns {
            let upper = own.get(&column).map(String::as_str);
            group = upper.unwrap_or(group);
            let text = match (upper, lower.get(&column)) {
                (Some(upper), None) => upper.to_owned(),
                (Some(upper), Some(lower)) if plain(upper) == plain(lower) => upper.to_owned(),
                (_, Some(lower)) => format!("{group}/{lower}"),
                (None, None) => continue,
            };
            joined.insert(column, text);
        }
        found.push(Heading { heading: nth, first: nth + 2, texts: joined });
    }
    found.push(Heading { heading: nth, first: nth + 1, texts: own });
    found
}

/// Whether a row has only short words, numbered ones among them (`电话2`), and one of the rows right below has something
/// in its place that looks otherwise: digits, numbers or days.
fn stands_out(sheet: &Sheet, heading: &Heading) -> bool {
    let Some(row) = sheet.rows.get(heading.heading) else { return false };
    let below = || sheet.rows.iter().skip(heading.first).take(COMPARED);
    let differs = |column: u16, cell: &Cell| {
        below().any(|row| has_digits(row.cell(column)) && shape(row.cell(column)) != shape(cell))
    };
    let repeats = |column: u16, cell: &Cell| {
        has_digits(cell) && below().any(|row| shape(row.cell(column)) == shape(cell))
    };
    row.filled().all(|(column, cell)| is_numbered_word(cell) && !repeats(column, cell))
        && row.filled().any(|(column, cell)| differs(column, cell))
}

/// A short word, with up to three digits at its end at most: an address has more or has them elsewhere.
fn is_numbered_word(cell: &Cell) -> bool {
    let Cell::Text(text) = cell else { return false };
    let word = text.trim_end_matches(|sign: char| sign.is_ascii_digit());
    !word.is_empty() && text.len() - word.len() <= 3 && is_word(word)
}

fn has_digits(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) => text.chars().any(|sign| sign.is_ascii_digit()),
        Cell::Empty => false,
        _ => true,
    }
}

/// How a cell looks: its runs of digits and of other signs, whatever they are and however long; `None` for no text.
fn shape(cell: &Cell) -> Option<Vec<bool>> {
    let Cell::Text(text) = cell else { return None };
    let mut runs: Vec<bool> = text.chars().map(|sign| sign.is_ascii_digit()).collect();
    runs.dedup();
    Some(runs)
}

fn has_words_only(row: &Row) -> bool {
    row.filled().all(|(_, cell)| matches!(cell, Cell::Text(text) if is_word(text)))
}

fn is_word(text: &str) -> bool {
    text.chars().count() <= 20 && !text.chars().any(|sign| sign.is_ascii_digit())
}

/// A row of short words below, of which at least two are headings and none repeats what data would say.
fn is_second_heading(above: &Row, below: &Row) -> bool {
    let matched = below.filled().filter(|(_, cell)| heading_meaning(cell).is_some()).count();
    let filled = below.filled().count();
    has_words_only(below) && matched >= 2 && matched * 2 >= filled && above.filled().count() >= 2
}

fn begins_another(sheet: &Sheet, row: &Row, nth: usize, current: Option<&Heading>) -> Option<Heading> {
    if !is_heading_row(row) {
        return None;
    }
    let next = headings_at(sheet, nth)
        .into_iter()
        .filter(Heading::is_roster)
        .max_by_key(|one| one.meanings().len())?;
    // The same headings again are a page break, not another table.
    let again = |current: &Heading| {
        let mut lines = current.heading..current.first;
        current.texts == next.texts
            || lines.any(|nth| sheet.rows.get(nth).is_some_and(|old| old.cells == row.cells))
    };
    (!current.is_some_and(again)).then_some(next)
}

fn texts(row: &Row) -> BTreeMap<u16, String> {
    row.filled()
        .filter_map(|(column, cell)| {
            let mut unsaid = Vec::new();
            Some((column, cells::words(cell, &mut unsaid)?))
        })
        .collect()
}

fn heading_meaning(cell: &Cell) -> Option<Meaning> {
    match cell {
        Cell::Text(text) => Meaning::of_heading(text),
        _ => None,
    }
}

fn table(
    sheet: &Sheet,
    heading: &Heading,
    end: usize,
    hand: &BTreeMap<u16, Meaning>,
    remembered: &[Mapping],
) -> Table {
    let fingerprint = heading.fingerprint();
    let known = remembered.iter().rev().find(|mapping| mapping.fingerprint == fingerprint);
    let mut taken: BTreeSet<Meaning> = hand.values().copied().collect();
    let mut columns = Vec::new();
    let all: BTreeSet<u16> = heading.texts.keys().chain(hand.keys()).copied().collect();
    let recall = |column: u16| known.and_then(|known| known.columns.get(&column_letters(column)).copied());
    taken.extend(all.iter().filter_map(|column| recall(*column)));
    for column in all {
        let text = heading.texts.get(&column).cloned().unwrap_or_default();
        let (meaning, by) = if let Some(meaning) = hand.get(&column) {
            (Some(*meaning), MatchedBy::Hand)
        } else if let Some(meaning) = recall(column) {
            (Some(meaning), MatchedBy::Remembered)
        } else {
            // Several telephones and several columns that are not kept are usual; anything else twice is a question.
            match Meaning::of_heading(&text) {
                Some(meaning) if meaning.may_repeat() || taken.insert(meaning) => {
                    (Some(meaning), MatchedBy::Heading)
                }
                _ => (None, MatchedBy::Nothing),
            }
        };
        let sample = sheet
            .rows
            .get(heading.first..end)
            .into_iter()
            .flatten()
            .take(50)
            .find_map(|row| cells::words(row.cell(column), &mut Vec::new()))
            .map(|text| mask(&text))
            .unwrap_or_default();
        columns.push(ColumnMatch { column, heading: text, meaning, by, sample });
    }
    Table { heading: heading.heading, first: heading.first, end, columns, fingerprint }
}
