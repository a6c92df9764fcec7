//! CSV as offices write it: UTF-8 with or without a mark, UTF-16, or GB18030 without any mark at all.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::budget::Budget;
use super::xlsx::within;
use super::{Cell, Format, Limits, Row, Sheet, SheetError, Workbook};

pub(super) fn read(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, SheetError> {
    let (text, format) = decode(bytes)?;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let name = sheet_name(file_name);
    let mut budget = Budget::new(limits);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut row_number = 0u32;
    loop {
        // Empty lines are rows to a spreadsheet and nothing to the csv reader.
        let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let empty = text
            .as_bytes()
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| **byte == b'\n')
            .count();
        row_number = row_number.saturating_add(1).saturating_add(u32::try_from(empty).unwrap_or(0));
        let more = reader
            .read_record(&mut record)
            .map_err(|_| SheetError::Damaged { place: format!("第 {row_number} 行 / row {row_number}") })?;
        if !more {
            break;
        }
        let mut cells = Vec::new();
        for (column, field) in (0u32..).zip(&record) {
            if field.trim().is_empty() {
                continue;
            }
            let column = within(&name, row_number, column, limits)?;
            budget.text(field, (&name, row_number, column))?;
            budget.place(&mut cells, column, Cell::Text(field.to_owned()))?;
        }
        if !cells.is_empty() {
            budget.row()?;
            rows.push(Row { number: row_number, cells, ..Row::default() });
        }
    }
    Ok(Workbook { format, sheets: vec![Sheet { name, rows, ..Sheet::default() }] })
}

fn decode(bytes: &[u8]) -> Result<(String, Format), SheetError> {
    for (mark, encoding) in [(b"\xff\xfe", UTF_16LE), (b"\xfe\xff", UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            return encoding
                .decode_without_bom_handling_and_without_replacement(rest)
                .map(|text| (text.into_owned(), Format::CsvUtf16))
                .ok_or(SheetError::Encoding { line: 1 });
        }
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_binary = |byte: &u8| *byte < 0x20 && !matches!(*byte, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1a);
    if let Some(at) = bytes.iter().position(is_binary) {
        return Err(SheetError::NotText { line: line_of(bytes, at) });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), Format::CsvUtf8));
    }
    if let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok((text.into_owned(), Format::CsvGb18030));
    }
    // The trail bytes of GB18030 are never a line feed, so lines can be tried one by one.
    let wrong = bytes.split(|byte| *byte == b'\n').position(|line| {
        std::str::from_utf8(line).is_err()
            && GB18030.decode_without_bom_handling_and_without_replacement(line).is_none()
    });
    Err(SheetError::Encoding { line: wrong.and_then(|nth| u64::try_from(nth + 1).ok()).unwrap_or(1) })
}

fn line_of(bytes: &[u8], at: usize) -> u64 {
    let before = bytes.iter().take(at).filter(|byte| **byte == b'\n').count();
    u64::try_from(before).unwrap_or(0) + 1
}

/// Comma, unless the first lines hold more tabs or semicolons.
fn delimiter(text: &str) -> u8 {
    let count = |sign: char| text.lines().take(5).map(|line| line.matches(sign).count()).sum::<usize>();
    let commas = count(',');
    if count('\t') > commas {
        b'\t'
    } else if count(';') > commas {
        b';'
    } else {
        b','
    }
}

fn sheet_name(file_name: &str) -> String {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_owned()
}
