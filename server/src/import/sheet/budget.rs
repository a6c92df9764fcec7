//! 用量 – what a whole workbook may place in memory, whatever its file says: cells, text and sheets.
//!
//! A short file may name one long text many times, or fill a row up to its last column: counted is what is kept.

use super::{Cell, Limits, SheetError, column_letters};

/// A row costs as much as so many cells.
const ROW_CELLS: u64 = 4;

/// What is left of the limits of one workbook.
pub(super) struct Budget<'a> {
    limits: &'a Limits,
    cells: u64,
    text_bytes: u64,
}

/// A place in a sheet: its name, the row from 1, the column from 0.
pub(super) type Spot<'a> = (&'a str, u32, u16);

impl<'a> Budget<'a> {
    pub(super) const fn new(limits: &'a Limits) -> Self {
        Self { limits, cells: limits.cells, text_bytes: limits.text_bytes }
    }

    /// Refuses a workbook of too many sheets.
    pub(super) const fn sheets(&self, count: usize) -> Result<(), SheetError> {
        if self.limits.sheets < count {
            return Err(SheetError::TooManySheets { limit: self.limits.sheets });
        }
        Ok(())
    }

    /// Counts a text before it is copied.
    pub(super) fn text(&mut self, text: &str, (sheet, row, column): Spot<'_>) -> Result<(), SheetError> {
        if self.limits.cell_chars < text.len() && self.limits.cell_chars < text.chars().count() {
            let column = column_letters(column);
            return Err(SheetError::CellTooLong { sheet: sheet.to_owned(), row, column });
        }
        let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let megabytes = self.limits.text_bytes / 1_000_000;
        self.text_bytes =
            self.text_bytes.checked_sub(bytes).ok_or(SheetError::TooMuchText { limit: megabytes })?;
        Ok(())
    }

    /// Counts a new row.
    pub(super) fn row(&mut self) -> Result<(), SheetError> {
        self.take(ROW_CELLS)
    }

    /// Puts a cell into its row, filling the gap before it; the gap counts.
    pub(super) fn place(&mut self, cells: &mut Vec<Cell>, column: u16, cell: Cell) -> Result<(), SheetError> {
        let column = usize::from(column);
        if cells.len() <= column {
            self.take(u64::try_from(column + 1 - cells.len()).unwrap_or(u64::MAX))?;
            cells.resize(column + 1, Cell::Empty);
        }
        if let Some(slot) = cells.get_mut(column) {
            *slot = cell;
        }
        Ok(())
    }

    fn take(&mut self, cells: u64) -> Result<(), SheetError> {
        let refused = SheetError::TooManyCells { limit: self.limits.cells };
        self.cells = self.cells.checked_sub(cells).ok_or(refused)?;
        Ok(())
    }
}
