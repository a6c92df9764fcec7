//! xlsx by streaming: no dense range is ever built, so one cell in the last corner costs nothing.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use chrono::NaiveDate;

use super::budget::{Budget, Spot};
use super::package::Package;
use super::{Cell, Limits, Merge, Row, Sheet, SheetError, column_letters, is_space};

pub(super) fn read(bytes: &[u8], limits: &Limits, package: &Package) -> Result<Vec<Sheet>, SheetError> {
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|cause| refusal(&cause, "xl/workbook.xml"))?;
    let date_1904 = book.has_1904_epoch();
    let mut budget = Budget::new(limits);
    budget.sheets(book.sheets_metadata().len())?;
    let mut sheets = Vec::new();
    for meta in book.sheets_metadata().to_vec() {
        if meta.typ != SheetType::WorkSheet {
            continue;
        }
        let merged = book
            .merge_cells_by_sheet_name(&meta.name)
            .map_err(|cause| refusal(&cause, &meta.name))?
            .iter()
            .filter_map(merge)
            .collect();
        let (formulas, links) = package.reckoned(&meta.name);
        sheets.push(Sheet {
            formulas,
            links,
            hidden: meta.visible != SheetVisible::Visible,
            date_1904,
            merged,
            hidden_columns: package.hidden_columns(&meta.name),
            rows: rows(&mut book, &meta.name, (limits, &mut budget), package)?,
            name: meta.name,
        });
    }
    Ok(sheets)
}

/// A date cell of either binary format.
pub(super) fn day(date: &ExcelDateTime) -> Cell {
    if date.is_duration() {
        return Cell::Number(date.as_f64());
    }
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)).map_or(Cell::Broken, Cell::Day)
}

/// A day written out in ISO 8601, with or without a time.
pub(super) fn iso_day(text: &str) -> Cell {
    text.get(..10)
        .and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok())
        .map_or_else(|| Cell::Text(text.to_owned()), Cell::Day)
}

/// Refuses what lies beyond the limits, by its place.
pub(super) fn within(sheet: &str, row: u32, column: u32, limits: &Limits) -> Result<u16, SheetError> {
    if row > limits.rows {
        return Err(SheetError::TooManyRows { sheet: sheet.to_owned(), row, limit: limits.rows });
    }
    let refused = |column: u16| SheetError::TooManyColumns {
        sheet: sheet.to_owned(),
        row,
        column: column_letters(column),
        limit: limits.columns,
    };
    let column = u16::try_from(column).map_err(|_| refused(u16::MAX))?;
    if column >= limits.columns { Err(refused(column)) } else { Ok(column) }
}

fn rows(
    book: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    (limits, budget): (&Limits, &mut Budget<'_>),
    package: &Package,
) -> Result<Vec<Row>, SheetError> {
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|cause| refusal(&cause, sheet))?;
    let struck: Vec<bool> = reader
        .styles()
        .iter()
        .map(|style| style.font.as_ref().is_some_and(calamine::Font::has_strikethrough))
        .collect();
    let mut rows: BTreeMap<u32, (Row, u32, u32)> = BTreeMap::new();
    while let Some((cell, style)) =
        reader.next_cell_with_style_id().map_err(|cause| refusal(&cause, sheet))?
    {
        if is_blank(cell.get_value()) {
            continue;
        }
        let (row, column) = cell.get_position();
        let number = row.saturating_add(1);
        let column = within(sheet, number, column, limits)?;
        let value = value(cell.get_value(), budget, (sheet, number, column))?;
        if !rows.contains_key(&number) {
            budget.row()?;
        }
        let (row, filled, lined) = rows.entry(number).or_default();
        budget.place(&mut row.cells, column, value)?;
        *filled += 1;
        *lined += u32::from(struck.get(style).copied().unwrap_or(false));
    }
    Ok(rows
        .into_iter()
        .map(|(number, (row, filled, lined))| Row {
            number,
            hidden: package.is_hidden(sheet, number),
            struck: lined > 0 && lined * 2 >= filled,
            cells: row.cells,
        })
        .collect())
}

/// Whether nothing stands in a cell but spaces; told without copying it.
fn is_blank(cell: &DataRef<'_>) -> bool {
    words(cell).map_or(matches!(cell, DataRef::Empty), is_space)
}

/// What stands in a cell as text.
fn words<'a>(cell: &'a DataRef<'_>) -> Option<&'a str> {
    match cell {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Some(text),
        DataRef::SharedString(text) => Some(text),
        _ => None,
    }
}

fn value(cell: &DataRef<'_>, budget: &mut Budget<'_>, spot: Spot<'_>) -> Result<Cell, SheetError> {
    if let Some(text) = words(cell) {
        budget.text(text, spot)?;
    }
    Ok(match cell {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(whole) => whole.to_string().parse().map_or(Cell::Broken, Cell::Number),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(yes) => Cell::Bool(*yes),
        DataRef::DateTime(date) => day(date),
        DataRef::DateTimeIso(text) => iso_day(text),
        DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::Error(_) => Cell::Broken,
    })
}

fn merge(area: &Dimensions) -> Option<Merge> {
    Some(Merge {
        first_row: area.start.0.checked_add(1)?,
        last_row: area.end.0.checked_add(1)?,
        first_column: u16::try_from(area.start.1).ok()?,
        last_column: u16::try_from(area.end.1).ok()?,
    })
}

fn refusal(cause: &XlsxError, place: &str) -> SheetError {
    match cause {
        XlsxError::Password => SheetError::Password,
        _ => SheetError::Damaged { place: place.to_owned() },
    }
}
