//! 逗号分隔 – a table as text that every spreadsheet opens: a heading row, then the rows, nothing else.

use super::table::{Cell, Table};

/// With a mark in front, or spreadsheets read the Chinese as something else.
const MARK: &str = "\u{feff}";

/// Renders a table with its headings. Words that a spreadsheet would run as a formula stand behind an apostrophe.
///
/// # Errors
/// When a row has another number of cells than there are columns.
pub fn render(table: &Table) -> Result<Vec<u8>, csv::Error> {
    let mut bytes = MARK.as_bytes().to_vec();
    {
        let mut rows = csv::Writer::from_writer(&mut bytes);
        rows.write_record(table.columns.iter().map(|column| unarmed(&column.title)))?;
        for row in &table.rows {
            rows.write_record(row.iter().map(shown))?;
        }
        rows.flush().map_err(csv::Error::from)?;
    }
    Ok(bytes)
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(words) => unarmed(words),
        cell => cell.shown(),
    }
}

/// Words that a spreadsheet would run as a formula are shown as words.
fn unarmed(words: &str) -> String {
    let armed = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    if words.starts_with(armed) { format!("'{words}") } else { words.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::table::Column;

    #[test]
    fn words_are_disarmed_and_numbers_stay_numbers() {
        let table = Table {
            title: "答".into(),
            columns: vec![Column::words("=甲", 8), Column::number("乙", 8)],
            rows: vec![vec![Cell::Text("+1,2".into()), Cell::Number(-5)], vec![Cell::Blank, Cell::Blank]],
            total: None,
            when_empty: String::new(),
            notes: Vec::new(),
        };
        let text = String::from_utf8(render(&table).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}'=甲,乙\n\"'+1,2\",-5\n,\n");
    }
}
