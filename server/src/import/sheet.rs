//! 表格 – opens a file by its content, never by its extension, into typed cells.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

mod budget;
mod error;
mod kind;
mod package;
mod text;
mod xls;
mod xlsx;

pub use error::SheetError;

/// One cell as the file keeps it. A formula is its last computed value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Words, or digits kept as words.
    Text(String),
    /// A number; spreadsheets keep 15 digits of it and no more.
    Number(f64),
    /// A number the sheet shows as a date.
    Day(NaiveDate),
    /// A tick box.
    Bool(bool),
    /// `#N/A`, `#REF!` and the like.
    Broken,
}

impl Cell {
    /// Whether nothing stands in it but spaces.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => is_space(text),
            _ => false,
        }
    }
}

/// One row that holds anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its number as the spreadsheet shows it, from 1.
    pub number: u32,
    /// 隐藏行 – hidden in the sheet.
    pub hidden: bool,
    /// 删除线 – at least half of its filled cells are struck through.
    pub struck: bool,
    /// Cells from column A on; trailing empty ones are left out.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell of a column, counted from 0.
    #[must_use]
    pub fn cell(&self, column: u16) -> &Cell {
        const NOTHING: &Cell = &Cell::Empty;
        self.cells.get(usize::from(column)).unwrap_or(NOTHING)
    }

    /// Columns and cells in which something stands.
    pub fn filled(&self) -> impl Iterator<Item = (u16, &Cell)> {
        (0u16..).zip(&self.cells).filter(|(_, cell)| !cell.is_blank())
    }
}

/// 合并单元格 – rows count from 1, columns from 0, both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub first_row: u32,
    /// Last row.
    pub last_row: u32,
    /// First column.
    pub first_column: u16,
    /// Last column.
    pub last_column: u16,
}

/// One sheet of a workbook; a CSV file is one sheet under the file's name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Hidden in the workbook.
    pub hidden: bool,
    /// Whether serial dates count from 1904 and not from 1900.
    pub date_1904: bool,
    /// Merged cells; only the first of them carries a value.
    pub merged: Vec<Merge>,
    /// Hidden columns, from 0.
    pub hidden_columns: Vec<u16>,
    /// How many cells are formulas.
    pub formulas: u32,
    /// How many cells or areas are links.
    pub links: u32,
    /// Rows that hold anything, top to bottom.
    pub rows: Vec<Row>,
}

/// What kind of file it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Excel 2007 and later, WPS.
    Xlsx,
    /// Excel 97–2003, WPS `.et`.
    Xls,
    /// Separated text in UTF-8.
    CsvUtf8,
    /// Separated text in UTF-16 ("Unicode text").
    CsvUtf16,
    /// Separated text in GB18030.
    CsvGb18030,
}

/// An opened file.
#[derive(Clone, Debug, PartialEq)]
pub struct Workbook {
    /// What it turned out to be.
    pub format: Format,
    /// Its sheets in order.
    pub sheets: Vec<Sheet>,
}

/// How much is read at most, so that a hostile or mistaken file costs little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file.
    pub file_bytes: u64,
    /// Size of everything in a workbook once unpacked.
    pub unpacked_bytes: u64,
    /// Last row number of a sheet.
    pub rows: u32,
    /// Columns of a sheet.
    pub columns: u16,
    /// Characters of one cell.
    pub cell_chars: usize,
    /// Cells of the whole workbook as they are kept: empty ones before a filled one count, and a row counts for four.
    pub cells: u64,
    /// Bytes of text of the whole workbook as they are kept: a text that stands in many cells counts in each.
    pub text_bytes: u64,
    /// Sheets of a workbook.
    pub sheets: usize,
    /// Whether xls is read. Its reader makes room for every cell between two corners before it can be stopped, so it
    /// is for whoever has a shell, not for what is sent over the web.
    pub reads_xls: bool,
}

impl Default for Limits {
    /// 40 MB, 400 MB unpacked, 200 000 rows, 256 columns, 32 767 characters a cell (Excel's own limit), 20 million
    /// cells, 400 MB of text, 200 sheets, xls too.
    fn default() -> Self {
        Self {
            file_bytes: 40_000_000,
            unpacked_bytes: 400_000_000,
            rows: 200_000,
            columns: 256,
            cell_chars: 32_767,
            cells: 20_000_000,
            text_bytes: 400_000_000,
            sheets: 200,
            reads_xls: true,
        }
    }
}

/// Opens a file. The name serves only to call the sheet of a CSV file something.
///
/// # Errors
/// [`SheetError`], which names the place and the way out.
pub fn open(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, SheetError> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > limits.file_bytes {
        return Err(SheetError::TooBig { megabytes: size / 1_000_000, limit: limits.file_bytes / 1_000_000 });
    }
    match kind::of(bytes)? {
        kind::Kind::Zip => guarded(|| {
            let package = package::inspect(bytes, limits)?;
            Ok(Workbook { format: Format::Xlsx, sheets: xlsx::read(bytes, limits, &package)? })
        }),
        kind::Kind::Ole => {
            guarded(|| Ok(Workbook { format: Format::Xls, sheets: xls::read(bytes, limits)? }))
        }
        kind::Kind::Text => text::read(file_name, bytes, limits),
    }
}

/// A, B, … Z, AA: the letters a spreadsheet shows for a column counted from 0.
#[must_use]
pub fn column_letters(column: u16) -> String {
    let mut left = u32::from(column) + 1;
    let mut letters = Vec::new();
    while left > 0 {
        left -= 1;
        letters.push(char::from_u32(u32::from(b'A') + left % 26).unwrap_or('?'));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// The column of letters, counted from 0; `None` beyond XFD.
#[must_use]
pub fn column_of(letters: &str) -> Option<u16> {
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut column = 0u32;
    for sign in letters.chars() {
        let digit = sign.to_ascii_uppercase();
        if !digit.is_ascii_uppercase() {
            return None;
        }
        column = column * 26 + (u32::from(digit) - u32::from('A') + 1);
    }
    u16::try_from(column - 1).ok().filter(|column| *column < 16_384)
}

/// Whether a text is nothing but spaces.
fn is_space(text: &str) -> bool {
    text.chars().all(|sign| sign.is_whitespace() || sign == '\u{feff}')
}

/// The readers of binary formats index into what they read; a hostile file must end as a refusal, not as a crash.
fn guarded<T>(read: impl FnOnce() -> Result<T, SheetError>) -> Result<T, SheetError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
        .unwrap_or(Err(SheetError::Damaged { place: "文件 / file".to_owned() }))
}

#[cfg(test)]
mod tests;
