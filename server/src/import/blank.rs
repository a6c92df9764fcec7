//! 空白名册 – an empty sheet with the headings the import understands, so that a community without one can begin.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatBorder, Workbook, XlsxError};

use super::columns::Meaning;
use crate::report::sheet::SheetError;

/// Its columns from left to right, each with a width in half-width characters. What is read and not kept is not asked.
pub const COLUMNS: [(Meaning, u16); 18] = [
    (Meaning::Grid, 12),
    (Meaning::Estate, 16),
    (Meaning::Building, 8),
    (Meaning::Stair, 8),
    (Meaning::Floor, 8),
    (Meaning::Door, 8),
    (Meaning::Status, 10),
    (Meaning::HouseholdCode, 12),
    (Meaning::KeyHousehold, 8),
    (Meaning::Name, 12),
    (Meaning::Relation, 12),
    (Meaning::Sex, 6),
    (Meaning::Birth, 14),
    (Meaning::Phone, 16),
    (Meaning::Categories, 18),
    (Meaning::MovedIn, 14),
    (Meaning::Gone, 12),
    (Meaning::LastVisit, 14),
];

/// The sheet; the same bytes for the same day.
///
/// # Errors
/// [`SheetError`].
pub fn workbook(on: NaiveDate) -> Result<Vec<u8>, SheetError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&date(on)?));
    let head = Format::new().set_bold().set_border(FormatBorder::Thin);
    // As text: a spreadsheet would take the leading 0 off a telephone and cut long numbers.
    let words = Format::new().set_num_format("@");
    let sheet = workbook.add_worksheet().set_name("名册")?.set_freeze_panes(1, 0)?;
    for (column, (meaning, width)) in (0u16..).zip(COLUMNS) {
        sheet.set_column_format(column, &words)?.set_column_width(column, width)?;
        sheet.write_with_format(0, column, meaning.word(), &head)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn date(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(1900), part(day.month()), part(day.day()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::columns::MatchedBy;
    use crate::import::sheet::Limits;
    use crate::import::{read, roster::ReadSettings};

    #[test]
    fn the_empty_sheet_is_understood_column_by_column() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let bytes = workbook(day).unwrap();
        assert_eq!(bytes, workbook(day).unwrap());
        let roster = read("a.xlsx", &bytes, &Limits::default(), &ReadSettings::new(day)).unwrap();
        let read: Vec<_> = roster.tables[0].columns.iter().map(|one| (one.meaning, one.by)).collect();
        let wanted: Vec<_> =
            COLUMNS.iter().map(|(meaning, _)| (Some(*meaning), MatchedBy::Heading)).collect();
        assert_eq!(read, wanted);
        assert!(roster.dwellings.is_empty() && roster.findings.is_empty(), "{:?}", roster.findings);
    }
}
