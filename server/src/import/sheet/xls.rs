//! xls, the old binary format: at most 65 536 rows and 256 columns by its own rules.

use std::io::Cursor;

use calamine::{Data, Reader, SheetType, SheetVisible, Xls, XlsError};

use super::budget::Budget;
use super::xlsx::{day, iso_day, within};
use super::{Cell, Limits, Merge, Row, Sheet, SheetError};

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, SheetError> {
    if holds_name(bytes, "EncryptedPackage") {
        return Err(SheetError::Password);
    }
    if holds_name(bytes, "WordDocument") {
        return Err(SheetError::NotARoster { zh: "Word 文档", en: "a Word document" });
    }
    if !limits.reads_xls {
        return Err(SheetError::OldFormat);
    }
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|cause| refusal(&cause, "Workbook"))?;
    let date_1904 = book.has_1904_epoch();
    let mut budget = Budget::new(limits);
    budget.sheets(book.sheets_metadata().len())?;
    let mut sheets = Vec::new();
    for meta in book.sheets_metadata().to_vec() {
        if meta.typ != SheetType::WorkSheet {
            continue;
        }
        let merged = book.merge_cells_by_sheet_name(&meta.name).unwrap_or_default();
        let range = book.worksheet_range(&meta.name).map_err(|cause| refusal(&cause, &meta.name))?;
        let (top, left) = range.start().unwrap_or_default();
        let mut rows = Vec::new();
        for (number, cells) in (top.saturating_add(1)..).zip(range.rows()) {
            let mut row = Row { number, ..Row::default() };
            for (column, cell) in (left..).zip(cells) {
                let value = value(cell);
                if !value.is_blank() {
                    let column = within(&meta.name, number, column, limits)?;
                    if let Cell::Text(text) = &value {
                        budget.text(text, (&meta.name, number, column))?;
                    }
                    budget.place(&mut row.cells, column, value)?;
                }
            }
            if !row.cells.is_empty() {
                budget.row()?;
                rows.push(row);
            }
        }
        let formulas = book.worksheet_formula(&meta.name).map_or(0, |range| range.used_cells().count());
        sheets.push(Sheet {
            formulas: u32::try_from(formulas).unwrap_or(u32::MAX),
            links: 0,
            hidden: meta.visible != SheetVisible::Visible,
            date_1904,
            merged: merged
                .iter()
                .filter_map(|area| {
                    Some(Merge {
                        first_row: area.start.0.checked_add(1)?,
                        last_row: area.end.0.checked_add(1)?,
                        first_column: u16::try_from(area.start.1).ok()?,
                        last_column: u16::try_from(area.end.1).ok()?,
                    })
                })
                .collect(),
            hidden_columns: Vec::new(),
            rows,
            name: meta.name,
        });
    }
    Ok(sheets)
}

/// Directory names of a compound file stand in it as UTF-16.
fn holds_name(bytes: &[u8], name: &str) -> bool {
    let wanted: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn value(cell: &Data) -> Cell {
    match cell {
        Data::Empty => Cell::Empty,
        Data::Int(whole) => whole.to_string().parse().map_or(Cell::Broken, Cell::Number),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) | Data::DurationIso(text) => Cell::Text(text.clone()),
        Data::Bool(yes) => Cell::Bool(*yes),
        Data::DateTime(date) => day(date),
        Data::DateTimeIso(text) => iso_day(text),
        Data::Error(_) => Cell::Broken,
    }
}

fn refusal(cause: &XlsError, place: &str) -> SheetError {
    match cause {
        XlsError::Password => SheetError::Password,
        _ => SheetError::Damaged { place: place.to_owned() },
    }
}
