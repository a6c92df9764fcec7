//! 表 – one neutral table model; the terminal, the sheet and the page each render it, so no two can differ.

use std::borrow::Cow;

use chrono::NaiveDate;
use ruhu_core::coverage::Rate;

/// 表册 – the tables of one report, with the lines every official form carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    /// 表名, e.g. `入户走访统计表`.
    pub title: String,
    /// 期间, as printed: `2026年第3季度`.
    pub period: String,
    /// 填报单位.
    pub made_by_unit: String,
    /// 填表人; empty where a program printed it for a person to sign.
    pub made_by: String,
    /// 日期 – the day the figures stand for; also the fixed creation time of files.
    pub on: NaiveDate,
    /// Lines above the tables: state, policy, log position, the identity.
    pub heading: Vec<Line>,
    /// The tables, the main one first.
    pub tables: Vec<Table>,
}

/// A labelled line of a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// 项.
    pub label: String,
    /// 内容.
    pub words: String,
}

/// One table. Rows stand in the order given; nothing re-orders them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Title, and the name of its sheet.
    pub title: String,
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Rows; each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
    /// 合计 – the last row, where sums mean something.
    pub total: Option<Vec<Cell>>,
    /// What stands when there is no row.
    pub when_empty: String,
    /// Notes below.
    pub notes: Vec<String>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading: the form's own, or as whoever receives it calls it.
    pub title: Cow<'static, str>,
    /// Its width on paper, in half-width characters.
    pub width: u16,
    /// Where its cells stand.
    pub align: Align,
}

/// Words stand left, numbers right, so that digits stand under digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// One cell, by what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing to say.
    Blank,
    /// Words.
    Text(String),
    /// A number of households, months, requests.
    Count(u32),
    /// A number somebody answered; it may be below zero.
    Number(i64),
    /// 入户率 – cut, never rounded up.
    Rate(Rate),
    /// A local day.
    Date(NaiveDate),
}

impl Column {
    /// A column of words.
    #[must_use]
    pub const fn words(title: &'static str, width: u16) -> Self {
        Self { title: Cow::Borrowed(title), width, align: Align::Left }
    }

    /// A column of numbers.
    #[must_use]
    pub const fn number(title: &'static str, width: u16) -> Self {
        Self { title: Cow::Borrowed(title), width, align: Align::Right }
    }
}

impl Cell {
    /// As printed.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(words) => words.clone(),
            Self::Count(count) => count.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Rate(rate) => rate.to_string(),
            Self::Date(day) => day.to_string(),
        }
    }
}

impl Line {
    /// A labelled line.
    #[must_use]
    pub fn new(label: &str, words: impl Into<String>) -> Self {
        Self { label: label.to_owned(), words: words.into() }
    }
}

impl Book {
    /// `单位_表名_期间`, as files are named; the ending is added by whoever writes it.
    #[must_use]
    pub fn file_stem(&self) -> String {
        let stem = format!("{}_{}_{}", self.made_by_unit, self.title, self.period);
        stem.chars().map(|sign| if "/\\:*?\"<>|".contains(sign) { '-' } else { sign }).collect()
    }
}
