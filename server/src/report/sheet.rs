//! 表格 – a book as an .xlsx workbook: right types, frozen heading, 合计, A4, and the same bytes every time.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::table::{Align, Book, Cell, Column, Table};

/// The last sheet: the signed document, so that the workbook can be checked alone.
pub const CARRIER: &str = "签名";

/// Most characters of one cell of the carrier; Excel takes 32,767.
const CHUNK: usize = 30_000;
/// Rows above a table: title, who reports, headings.
const HEAD_ROWS: u32 = 3;
const A4: u8 = 9;
/// Whole numbers up to this size are exact in a cell (2⁵³; a spreadsheet holds binary64).
const EXACT: u64 = 1 << 53;

/// A workbook could not be made.
#[derive(Debug, thiserror::Error)]
#[error("生成表格 / make the workbook")]
pub struct SheetError(#[source] Box<XlsxError>);

impl From<XlsxError> for SheetError {
    fn from(why: XlsxError) -> Self {
        Self(Box::new(why))
    }
}

/// Renders a book; `carried` is the signed document for the last sheet.
///
/// # Errors
/// [`SheetError`] when a table is beyond what a workbook holds (1,048,576 rows).
pub fn render(book: &Book, carried: &str) -> Result<Vec<u8>, SheetError> {
    let mut workbook = of_tables(book)?;
    write_carrier(workbook.add_worksheet(), carried)?;
    Ok(workbook.save_to_buffer()?)
}

/// Renders a book that nobody signed: a list to work through.
///
/// # Errors
/// [`SheetError`] when a table is beyond what a workbook holds (1,048,576 rows).
pub fn unsigned(book: &Book) -> Result<Vec<u8>, SheetError> {
    Ok(of_tables(book)?.save_to_buffer()?)
}

fn of_tables(book: &Book) -> Result<Workbook, SheetError> {
    let styles = Styles::new();
    let mut workbook = Workbook::new();
    // A fixed time instead of the machine's: the same report is the same file.
    let made_on = excel_date(book.on)?;
    let properties = DocProperties::new().set_title(&book.title).set_creation_datetime(&made_on);
    workbook.set_properties(&properties);
    for (nth, table) in book.tables.iter().enumerate() {
        let heading: &[_] = if nth == 0 { &book.heading } else { &[] };
        let notes = heading.iter().map(|line| format!("{}:{}", line.label, line.words));
        let notes: Vec<String> = table.notes.iter().cloned().chain(notes).collect();
        write_table(workbook.add_worksheet(), book, table, &notes, &styles)?;
    }
    Ok(workbook)
}

struct Styles {
    title: Format,
    line: Format,
    head: Format,
    words: Format,
    count: Format,
    rate: Format,
    date: Format,
    total: Format,
    total_count: Format,
    total_rate: Format,
    note: Format,
}

impl Styles {
    fn new() -> Self {
        let cell = || Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
        // The prefix keeps a spreadsheet from reading "=…" as a formula even after the cell was edited.
        let words = cell().set_quote_prefix().set_text_wrap();
        let count = cell().set_num_format("#,##0");
        let rate = cell().set_num_format("0.00%").set_align(FormatAlign::Right);
        Self {
            title: Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center),
            line: Format::new().set_align(FormatAlign::Left),
            head: cell().set_bold().set_quote_prefix().set_text_wrap().set_align(FormatAlign::Center),
            date: cell().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            total: words.clone().set_bold().set_border_top(FormatBorder::Medium),
            total_count: count.clone().set_bold().set_border_top(FormatBorder::Medium),
            total_rate: rate.clone().set_bold().set_border_top(FormatBorder::Medium),
            note: Format::new().set_quote_prefix(),
            words,
            count,
            rate,
        }
    }
}

fn write_table(
    sheet: &mut Worksheet,
    book: &Book,
    table: &Table,
    notes: &[String],
    styles: &Styles,
) -> Result<(), XlsxError> {
    let last = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.set_name(&table.title)?;
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, HEAD_ROWS - 1)?.set_footer("&C第 &P 页,共 &N 页");
    sheet.set_freeze_panes(HEAD_ROWS, 0)?;
    let title = format!("{} {}", table.title, book.period);
    across(sheet, 0, last, &title, &styles.title)?;
    let line = format!("填报单位:{}    填表人:{}    日期:{}", book.made_by_unit, book.made_by, book.on);
    across(sheet, 1, last, &line, &styles.line)?;
    for (at, column) in (0u16..).zip(&table.columns) {
        let sheet = sheet.set_column_width(at, column.width)?;
        sheet.write_with_format(HEAD_ROWS - 1, at, column.title.as_ref(), &styles.head)?;
    }
    let mut row = HEAD_ROWS;
    for cells in &table.rows {
        write_row(
            sheet,
            row,
            &table.columns,
            cells,
            [&styles.words, &styles.count, &styles.rate, &styles.date],
        )?;
        row += 1;
    }
    if table.rows.is_empty() {
        sheet.write_with_format(row, 0, &table.when_empty, &styles.note)?;
        row += 1;
    }
    if let Some(total) = &table.total {
        let [words, count, rate] = [&styles.total, &styles.total_count, &styles.total_rate];
        write_row(sheet, row, &table.columns, total, [words, count, rate, words])?;
        row += 1;
    }
    for note in notes {
        sheet.write_with_format(row, 0, note, &styles.note)?;
        row += 1;
    }
    Ok(())
}

/// A line over all columns; one column has nothing to merge.
fn across(sheet: &mut Worksheet, row: u32, last: u16, words: &str, style: &Format) -> Result<(), XlsxError> {
    if last == 0 {
        sheet.write_with_format(row, 0, words, style)?;
    } else {
        sheet.merge_range(row, 0, row, last, words, style)?;
    }
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    columns: &[Column],
    cells: &[Cell],
    [words, count, rate, date]: [&Format; 4],
) -> Result<(), XlsxError> {
    for ((at, cell), column) in (0u16..).zip(cells).zip(columns) {
        match cell {
            Cell::Blank => sheet.write_blank(row, at, words)?,
            Cell::Text(text) => sheet.write_with_format(row, at, text, words)?,
            Cell::Count(number) => sheet.write_with_format(row, at, *number, count)?,
            // Beyond that a spreadsheet rounds: then the digits are more than the number.
            Cell::Number(number) if EXACT < number.unsigned_abs() => {
                sheet.write_with_format(row, at, number.to_string(), words)?
            }
            Cell::Number(number) => sheet.write_with_format(row, at, *number, count)?,
            Cell::Date(day) => sheet.write_with_format(row, at, &excel_date(*day)?, date)?,
            Cell::Rate(found) => match found.hundredths() {
                // Four places exactly: a sheet that shows two places of a percent then has nothing to round.
                Some(cut) => sheet.write_with_format(row, at, f64::from(cut) / 10_000.0, rate)?,
                None => sheet.write_with_format(row, at, found.to_string(), rate)?,
            },
        };
        debug_assert!(!matches!((cell, column.align), (Cell::Count(_), Align::Left)), "numbers stand right");
    }
    Ok(())
}

fn write_carrier(sheet: &mut Worksheet, carried: &str) -> Result<(), XlsxError> {
    sheet.set_name(CARRIER)?;
    let signs: Vec<char> = carried.chars().collect();
    for (row, chunk) in (0u32..).zip(signs.chunks(CHUNK)) {
        sheet.write_with_format(
            row,
            0,
            chunk.iter().collect::<String>(),
            &Format::new().set_quote_prefix(),
        )?;
    }
    Ok(())
}

fn excel_date(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or(1900);
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    ExcelDateTime::from_ymd(year, part(day.month()), part(day.day()))
}
