//! 报表 – a book as a page, and on paper.

use askama::Template;

use super::PeriodSwitch;
use super::shell::Shell;
use crate::report::Book;
use crate::report::table::{Align, Cell, Column};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "report.html")]
pub struct ReportPage {
    /// The frame.
    pub shell: Shell,
    /// The switch.
    pub periods: PeriodSwitch,
    /// The report; its words are Chinese whatever the page speaks, as on the official form.
    pub book: Book,
    /// Where the workbook is.
    pub xlsx: String,
    /// Where the signed document is.
    pub json: String,
}

impl ReportPage {
    /// Class of a column: numbers stand right.
    #[must_use]
    pub fn class(column: &Column) -> &'static str {
        match column.align {
            Align::Left => "words",
            Align::Right => "num",
        }
    }

    /// Cells with their columns.
    #[must_use]
    pub fn cells<'a>(columns: &'a [Column], row: &'a [Cell]) -> Vec<(&'a Column, String)> {
        columns.iter().zip(row.iter().map(Cell::shown)).collect()
    }
}
