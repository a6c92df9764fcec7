//! The terminal: columns that line up although Chinese signs are twice as wide.

use std::fmt::Write as _;

use super::table::{Align, Book, Cell, Column, Table};

/// Renders a book as text, each table under its title.
#[must_use]
pub fn render(book: &Book) -> String {
    let mut text = format!("{} {}\n", book.title, book.period);
    write_line(
        &mut text,
        &format!("填报单位:{}  填表人:{}  日期:{}", book.made_by_unit, book.made_by, book.on),
    );
    for line in &book.heading {
        write_line(&mut text, &format!("{}:{}", line.label, line.words));
    }
    for table in &book.tables {
        text.push('\n');
        render_table(&mut text, table);
    }
    text
}

/// Columns a text takes on a terminal: Chinese signs take two.
#[must_use]
pub fn width(text: &str) -> usize {
    text.chars().map(|sign| if is_wide(sign) { 2 } else { 1 }).sum()
}

fn render_table(text: &mut String, table: &Table) {
    write_line(text, &format!("【{}】", table.title));
    if table.rows.is_empty() {
        write_line(text, &table.when_empty);
    } else {
        let rows: Vec<Vec<String>> = table.rows.iter().chain(&table.total).map(|row| shown(row)).collect();
        let widths: Vec<usize> = table
            .columns
            .iter()
            .enumerate()
            .map(|(nth, column)| {
                let cells = rows.iter().filter_map(|row| row.get(nth)).map(|cell| width(cell));
                cells.max().unwrap_or(0).max(width(&column.title))
            })
            .collect();
        let titles: Vec<String> = table.columns.iter().map(|column| column.title.to_string()).collect();
        write_row(text, &table.columns, &widths, &titles);
        let ruler: usize = widths.iter().sum::<usize>() + widths.len().saturating_sub(1) * 2;
        write_line(text, &"-".repeat(ruler));
        for row in &rows {
            write_row(text, &table.columns, &widths, row);
        }
    }
    for note in &table.notes {
        write_line(text, &format!("注:{note}"));
    }
}

fn shown(row: &[Cell]) -> Vec<String> {
    row.iter().map(|cell| cell.shown().replace(['\n', '\r', '\t'], " ")).collect()
}

fn write_row(text: &mut String, columns: &[Column], widths: &[usize], row: &[String]) {
    let cells = columns.iter().zip(widths).zip(row).map(|((column, room), cell)| {
        let pad = " ".repeat(room.saturating_sub(width(cell)));
        match column.align {
            Align::Left => format!("{cell}{pad}"),
            Align::Right => format!("{pad}{cell}"),
        }
    });
    write_line(text, &cells.collect::<Vec<_>>().join("  "));
}

fn write_line(text: &mut String, line: &str) {
    // Writing to a string cannot fail; control signs of a roster must not steer the terminal.
    let clean: String = line.chars().filter(|sign| !sign.is_control()).collect();
    let _ = writeln!(text, "{}", clean.trim_end());
}

/// East Asian Wide and Fullwidth, the ranges that occur in rosters (Unicode Annex 11).
const fn is_wide(sign: char) -> bool {
    matches!(sign,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_under_numbers_although_chinese_is_wider() {
        let table = Table {
            title: "表".into(),
            columns: vec![Column::words("网格", 10), Column::number("应访户", 8)],
            rows: vec![
                vec![Cell::Text("第1网格".into()), Cell::Count(9)],
                vec![Cell::Text("二".into()), Cell::Count(410)],
            ],
            total: Some(vec![Cell::Text("合计".into()), Cell::Count(419)]),
            when_empty: "无".into(),
            notes: Vec::new(),
        };
        let mut text = String::new();
        render_table(&mut text, &table);
        let ends: Vec<usize> = text.lines().skip(1).map(width).collect();
        assert!(ends.iter().all(|end| *end == ends[0]), "{text}");
    }

    #[test]
    fn a_roster_cannot_steer_the_terminal() {
        let mut text = String::new();
        write_line(&mut text, "a\u{1b}[2Jb\u{7}");
        assert_eq!(text, "a[2Jb\n");
    }
}
