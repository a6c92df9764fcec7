//! Sheets → tables → rows → one assembly. Lists of dwellings are read before lists of people, wherever they stand.

use std::collections::BTreeMap;

use super::settle::Assembly;
use super::{ReadRoster, ReadSettings, ReadTable, line, skip};
use crate::import::columns::{ColumnsError, Kept, MatchedBy, Meaning, Table, recognise};
use crate::import::finding::{Code, Finding, Place};
use crate::import::sheet::{Row, Sheet, column_letters};

pub(super) fn gather(sheets: &[Sheet], settings: &ReadSettings) -> Result<ReadRoster, ColumnsError> {
    settings.hand.check(sheets)?;
    let mut findings = Vec::new();
    let mut tables: Vec<(&Sheet, Table)> = Vec::new();
    for sheet in sheets {
        let at = |code| Finding { place: sheet_place(sheet), code };
        if sheet.rows.is_empty() {
            findings.push(at(Code::SheetEmpty));
            continue;
        }
        findings.extend(sheet.hidden.then(|| at(Code::SheetHidden)));
        findings.extend((0 < sheet.formulas).then(|| at(Code::SheetFormulas { count: sheet.formulas })));
        findings.extend((0 < sheet.links).then(|| at(Code::SheetLinks { count: sheet.links })));
        let found = recognise(sheet, &settings.hand, &settings.remembered);
        if found.is_empty() {
            findings.push(at(Code::SheetNoHeadings));
        }
        if let Some(first) = found.first() {
            let above = sheet.rows.iter().take(first.heading);
            findings.extend(above.map(|row| Finding { place: row_place(sheet, row), code: Code::RowRemark }));
        }
        for table in found {
            note_columns(sheet, &table, settings, &mut findings);
            tables.push((sheet, table));
        }
    }
    if tables.is_empty() {
        return Err(no_roster(sheets));
    }
    let mut assembly = Assembly::new(settings);
    let is_people = |table: &Table| table.has(Meaning::Name) && !table.has_place();
    for people in [false, true] {
        for (sheet, table) in tables.iter().filter(|(_, table)| is_people(table) == people) {
            read_table(sheet, table, settings, &mut assembly, &mut findings);
        }
    }
    let mut mappings: Vec<_> = tables.iter().filter_map(|(_, table)| table.mapping()).collect();
    mappings.dedup();
    let shown = tables.into_iter().map(|(sheet, table)| ReadTable {
        place: Place { row: sheet.rows.get(table.heading).map(|row| row.number), ..sheet_place(sheet) },
        columns: table.columns,
    });
    let mut roster = assembly.finish(findings);
    roster.tables = shown.collect();
    roster.mappings = mappings;
    let order: BTreeMap<&str, usize> =
        sheets.iter().enumerate().map(|(nth, sheet)| (sheet.name.as_str(), nth)).collect();
    roster.findings.sort_by_cached_key(|finding| {
        (order.get(finding.place.sheet.as_str()).copied(), finding.place.clone(), finding.code.clone())
    });
    roster.findings.dedup();
    Ok(roster)
}

fn read_table(
    sheet: &Sheet,
    table: &Table,
    settings: &ReadSettings,
    assembly: &mut Assembly<'_>,
    findings: &mut Vec<Finding>,
) {
    let mut current = None;
    for (nth, row) in sheet.rows.get(table.first..table.end).into_iter().flatten().enumerate() {
        let place = row_place(sheet, row);
        if let Some(code) = skip::reason(table, row, nth == 0) {
            // What follows a total or new headings belongs to no household above it.
            if matches!(code, Code::RowTotal | Code::RowHeadingAgain) {
                current = None;
            }
            findings.push(Finding { place, code });
            continue;
        }
        if row.hidden {
            findings.push(Finding { place: place.clone(), code: Code::RowHidden });
        }
        if row.struck {
            findings.push(Finding { place, code: Code::RowStruck });
        }
        assembly.add(line::read(sheet, table, row, settings), table, &mut current);
    }
}

fn note_columns(sheet: &Sheet, table: &Table, settings: &ReadSettings, findings: &mut Vec<Finding>) {
    let row = sheet.rows.get(table.heading).map(|row| row.number);
    for column in &table.columns {
        let mut note = |code| {
            let place = Place { row, column: Some(column.column), ..sheet_place(sheet) };
            findings.push(Finding { place, code });
        };
        match column.meaning {
            None if Meaning::of_heading(&column.heading).is_some() => note(Code::ColumnTwice),
            None => note(Code::ColumnUnknown),
            Some(Meaning::IdNumber) if settings.id_basis.is_some() => {}
            Some(meaning) if meaning.kept() == Kept::Skipped && column.by != MatchedBy::Hand => {
                note(Code::ColumnNotKept);
            }
            Some(_) => {}
        }
        if sheet.hidden_columns.contains(&column.column) {
            note(Code::ColumnHidden);
        }
    }
}

fn sheet_place(sheet: &Sheet) -> Place {
    Place { sheet: sheet.name.clone(), row: None, column: None }
}

fn row_place(sheet: &Sheet, row: &Row) -> Place {
    Place { row: Some(row.number), ..sheet_place(sheet) }
}

/// Shows the columns of the first row that has several short words: most likely the headings nobody recognised.
fn no_roster(sheets: &[Sheet]) -> ColumnsError {
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let letters =
        sheets.iter().flat_map(|sheet| &sheet.rows).find(|row| row.filled().count() >= 2).map(|row| {
            let shown = row.filled().map(|(column, cell)| {
                let text = crate::import::cells::words(cell, &mut Vec::new()).unwrap_or_default();
                // Only what looks like a heading is shown: a first row of data would carry names.
                let is_label = text.is_ascii() && text.contains('_') || Meaning::of_heading(&text).is_some();
                if is_label { format!("{}={text}", column_letters(column)) } else { column_letters(column) }
            });
            shown.collect::<Vec<_>>().join(" ")
        });
    ColumnsError::NoRoster { sheets: names.join("、"), headings: letters.unwrap_or_default() }
}
