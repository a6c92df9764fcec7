//! One row as read: every cell by its meaning, with what was said of each.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ruhu_core::category::{Category, PartDate};
use ruhu_core::roster::Address;

use super::ReadSettings;
use crate::import::cells::{self, HeadCell, Identity};
use crate::import::columns::{Meaning, Table};
use crate::import::finding::{Code, Finding, Place};
use crate::import::sheet::{Cell, Row, Sheet};
use crate::import::terms::{self, RelationToHead, Sex, Status};

/// One row, read. Findings wait here until the row is known to count.
pub(super) struct Line {
    pub place: Place,
    pub struck: bool,
    pub code: Option<String>,
    pub dwelling_code: Option<String>,
    pub grid: Option<String>,
    pub address: Option<Address>,
    pub status: Option<Status>,
    pub is_key: Option<bool>,
    pub head: Option<HeadCell>,
    pub last_visit: Option<NaiveDate>,
    pub moved_in: Option<NaiveDate>,
    pub gone: bool,
    pub person: Personal,
    /// An address or number stands there and could not be read: a household begins here all the same.
    pub has_broken_place: bool,
    /// Something stands in a cell about a person: somebody lives there, even if no name could be read.
    pub has_traces: bool,
    /// The column category marks stand in, and that of identity numbers: for what is read and not kept.
    pub marks_at: Option<u16>,
    pub identity_at: Option<u16>,
    pub findings: Vec<Finding>,
}

/// What a row says of one person.
#[derive(Default)]
pub(super) struct Personal {
    pub name: Option<String>,
    pub relation: Option<RelationToHead>,
    pub sex: Option<Sex>,
    pub birth: Option<PartDate>,
    pub phones: Vec<String>,
    pub marks: BTreeSet<Category>,
    pub separated: Option<bool>,
    pub identity: Option<Identity>,
}

/// Reads cells of one row and notes findings with their column.
struct RowReader<'a> {
    sheet: &'a Sheet,
    table: &'a Table,
    row: &'a Row,
    findings: Vec<Finding>,
}

impl RowReader<'_> {
    fn note(&mut self, column: u16, said: Vec<Code>) {
        let place =
            Place { sheet: self.sheet.name.clone(), row: Some(self.row.number), column: Some(column) };
        self.findings.extend(said.into_iter().map(|code| Finding { place: place.clone(), code }));
    }

    /// Applies a cell reader to the first column of a meaning.
    fn take<T>(
        &mut self,
        meaning: Meaning,
        read: impl FnOnce(&Cell, &mut Vec<Code>) -> Option<T>,
    ) -> Option<T> {
        let column = self.table.column(meaning)?;
        let mut said = Vec::new();
        let taken = read(self.row.cell(column), &mut said);
        if !said.is_empty() {
            self.note(column, said);
        }
        taken
    }

    fn date(&mut self, meaning: Meaning, hint: Option<NaiveDate>, today: NaiveDate) -> Option<PartDate> {
        let date_1904 = self.sheet.date_1904;
        self.take(meaning, |cell, said| cells::date(cell, date_1904, hint, today, said))
    }

    /// A day; a month or a year alone is said and not used.
    fn day(&mut self, meaning: Meaning, today: NaiveDate) -> Option<NaiveDate> {
        let date = self.date(meaning, None, today)?;
        if cells::day_of(date).is_none() {
            let column = self.table.column(meaning)?;
            self.note(column, vec![Code::DateNoDay]);
        }
        cells::day_of(date)
    }

    fn address(&mut self) -> Option<Address> {
        let nothing = Cell::Empty;
        let column = |meaning| self.table.column(meaning);
        let cell = |meaning| column(meaning).map_or(&nothing, |column| self.row.cell(column));
        let at = [Meaning::Door, Meaning::Building, Meaning::Estate].into_iter().find_map(column);
        let mut said = Vec::new();
        let parts = cells::address_of_parts(
            cell(Meaning::Estate),
            cell(Meaning::Building),
            cell(Meaning::Stair),
            cell(Meaning::Floor),
            cell(Meaning::Door),
            &mut said,
        );
        if let Some(at) = column(Meaning::Floor).or(at).filter(|_| !said.is_empty()) {
            self.note(at, said);
        }
        let whole = self.take(Meaning::Address, cells::address);
        match (parts, whole) {
            // An estate column beside an address in one cell: the estate is part of the address.
            (Some(parts), Some(mut whole)) if parts.door.is_empty() => {
                if whole.estate.is_empty() {
                    whole.estate = parts.estate;
                }
                if whole.building.is_empty() {
                    whole.building = parts.building;
                }
                Some(whole)
            }
            (Some(parts), _) => Some(parts),
            (None, whole) => whole,
        }
    }

    fn phones(&mut self) -> Vec<String> {
        let columns: Vec<u16> = self.table.columns_of(Meaning::Phone).collect();
        let mut phones = Vec::new();
        for column in columns {
            let mut said = Vec::new();
            for phone in cells::phones(self.row.cell(column), &mut said) {
                if !phones.contains(&phone) {
                    phones.push(phone);
                }
            }
            self.note(column, said);
        }
        phones
    }

    fn marks(&mut self) -> BTreeSet<Category> {
        let mut marks = self
            .take(Meaning::Categories, |cell, said| Some(cells::categories(cell, said)))
            .unwrap_or_default();
        let columns: Vec<(u16, Category)> = self
            .table
            .columns
            .iter()
            .filter_map(|column| Some((column.column, column.meaning?.category()?)))
            .collect();
        for (column, id) in columns {
            let mut said = Vec::new();
            if cells::yes_no(self.row.cell(column), &mut said) == Some(true) {
                marks.insert(id);
            }
            self.note(column, said);
        }
        marks
    }

    /// 是否已迁出, 是否已死亡: any yes.
    fn gone(&mut self) -> bool {
        let columns: Vec<u16> = self.table.columns_of(Meaning::Gone).collect();
        let mut gone = false;
        for column in columns {
            let mut said = Vec::new();
            gone |= cells::yes_no(self.row.cell(column), &mut said) == Some(true);
            self.note(column, said);
        }
        gone
    }
}

/// Reads one row of a table.
pub(super) fn read(sheet: &Sheet, table: &Table, row: &Row, settings: &ReadSettings) -> Line {
    let today = settings.today;
    let mut reader = RowReader { sheet, table, row, findings: Vec::new() };
    let identity = reader.take(Meaning::IdNumber, cells::identity);
    let in_number = identity.as_ref().and_then(Identity::birth);
    let birth = reader.date(Meaning::Birth, in_number, today);
    if let (Some(birth), Some(in_number), Some(column)) = (birth, in_number, table.column(Meaning::Birth))
        && !cells::covers(birth, in_number)
    {
        reader.note(column, vec![Code::IdBirthDiffers]);
    }
    let person = Personal {
        name: reader.take(Meaning::Name, cells::name),
        relation: reader.take(Meaning::Relation, cells::relation),
        sex: reader.take(Meaning::Sex, cells::sex),
        birth,
        phones: reader.phones(),
        marks: reader.marks(),
        separated: reader.take(Meaning::Separated, cells::yes_no),
        identity,
    };
    Line {
        place: Place { sheet: sheet.name.clone(), row: Some(row.number), column: None },
        struck: row.struck,
        code: reader.take(Meaning::HouseholdCode, cells::words).map(|code| code.replace(' ', "")),
        dwelling_code: reader.take(Meaning::DwellingCode, cells::words).map(|code| code.replace(' ', "")),
        grid: reader.take(Meaning::Grid, cells::words),
        address: reader.address(),
        status: reader.take(Meaning::Status, cells::status),
        is_key: reader.take(Meaning::KeyHousehold, cells::yes_no),
        head: reader.take(Meaning::Head, cells::head),
        last_visit: reader.day(Meaning::LastVisit, today),
        moved_in: reader.day(Meaning::MovedIn, today),
        gone: reader.gone(),
        person,
        has_broken_place: [Meaning::Address, Meaning::Door, Meaning::HouseholdCode]
            .into_iter()
            .filter_map(|meaning| table.column(meaning))
            .any(|column| is_error_text(row.cell(column))),
        has_traces: has_traces(table, row),
        marks_at: table
            .columns
            .iter()
            .find(|column| matches!(column.meaning, Some(Meaning::Categories | Meaning::Category(_))))
            .map(|column| column.column),
        identity_at: table.column(Meaning::IdNumber),
        findings: reader.findings,
    }
}

fn is_error_text(cell: &Cell) -> bool {
    let mut said = Vec::new();
    cells::words(cell, &mut said).is_none() && said.contains(&Code::CellBroken)
}

/// Whether anything is said of a person; 无, a dash and 空 say nothing.
fn has_traces(table: &Table, row: &Row) -> bool {
    let of_persons =
        [Meaning::Name, Meaning::Head, Meaning::IdNumber, Meaning::Relation, Meaning::Sex, Meaning::Birth];
    of_persons.into_iter().filter_map(|meaning| table.column(meaning)).any(|column| {
        let cell = row.cell(column);
        match cells::words(cell, &mut Vec::new()) {
            Some(text) => {
                !matches!(text.as_str(), "无" | "-" | "/" | "--" | "—" | "0")
                    && !matches!(terms::status(&text), Some(Status::Vacant))
            }
            None => !cell.is_blank(),
        }
    })
}
