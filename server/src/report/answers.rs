//! 专项回答 – the answers to one question, in the columns of whoever receives them. Least data: neither names nor telephone
//! numbers.

use std::borrow::Cow;

use chrono::NaiveDate;
use ruhu_core::question::{AnswerKind, Question};
use ruhu_core::roster::Unit;
use ruhu_core::visit::AnswerValue;

use super::table::{Align, Book, Cell, Column, Line, Table};
use crate::office::answers::{Answered, value_words};
use crate::office::roll::Roll;

/// One of the columns there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnswerColumn {
    /// 户编号 – the unit's id, so that a later export can be joined to this one.
    Unit,
    /// 网格.
    Grid,
    /// 地址.
    Address,
    /// 走访日期.
    VisitedOn,
    /// The answer.
    Answer,
}

/// 栏目 – the columns of an export from left to right, each under its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout(Vec<(AnswerColumn, String)>);

/// 接收 – to whom, what for, on what basis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handing {
    /// 接收单位.
    pub to: String,
    /// 用途.
    pub purpose: String,
    /// 依据; empty where the command line was not told one.
    pub basis: String,
}

impl AnswerColumn {
    /// Every column, each with its code in addresses and its heading; the answer's is the question itself.
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Unit, "unit", "户编号"),
        (Self::Grid, "grid", "网格"),
        (Self::Address, "address", "地址"),
        (Self::VisitedOn, "on", "走访日期"),
        (Self::Answer, "answer", ""),
    ];

    const fn width(self) -> u16 {
        match self {
            Self::Unit => 38,
            Self::Grid | Self::VisitedOn => 12,
            Self::Address | Self::Answer => 34,
        }
    }
}

impl Layout {
    /// All columns under their own headings.
    #[must_use]
    pub fn whole(question: &Question) -> Self {
        let heading = |column: AnswerColumn, own: &str| match column {
            AnswerColumn::Answer => question.zh.clone(),
            _ => own.to_owned(),
        };
        Self(AnswerColumn::ALL.map(|(column, _, own)| (column, heading(column, own))).to_vec())
    }

    /// These columns in this order; `None` where there is none, or one stands twice.
    #[must_use]
    pub fn of(columns: Vec<(AnswerColumn, String)>) -> Option<Self> {
        let mut which: Vec<AnswerColumn> = columns.iter().map(|(column, _)| *column).collect();
        which.sort_unstable();
        which.dedup();
        (!columns.is_empty() && which.len() == columns.len()).then_some(Self(columns))
    }

    /// The headings from left to right.
    pub fn headings(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, heading)| heading.as_str())
    }
}

/// The answers as a table.
#[must_use]
pub fn table(question: &Question, roll: &Roll, answers: &[Answered], layout: &Layout) -> Table {
    let align = |column: AnswerColumn| match (column, &question.kind) {
        (AnswerColumn::Answer, AnswerKind::Number { .. }) => Align::Right,
        _ => Align::Left,
    };
    let columns = layout.0.iter().map(|(column, heading)| Column {
        title: Cow::Owned(heading.clone()),
        width: column.width(),
        align: align(*column),
    });
    let row =
        |one: &Answered| layout.0.iter().map(|(column, _)| cell(*column, question, roll, one)).collect();
    Table {
        title: "专项回答".to_owned(),
        columns: columns.collect(),
        rows: answers.iter().map(row).collect(),
        total: None,
        when_empty: "没有回答".to_owned(),
        notes: Vec::new(),
    }
}

/// The answers as a workbook, by whom and for whom.
#[must_use]
pub fn book(
    (question, roll): (&Question, &Roll),
    table: Table,
    (made_by, on): (String, NaiveDate),
    handing: &Handing,
) -> Book {
    let community = roll.file().community().map(|one| one.name.clone());
    Book {
        title: format!("专项回答_{}", question.zh),
        period: on.to_string(),
        made_by_unit: community.unwrap_or_default(),
        made_by,
        on,
        heading: vec![
            Line::new("专项", question.zh.clone()),
            Line::new("提问部门", question.department.clone()),
            Line::new("接收单位", handing.to.clone()),
            Line::new("用途", handing.purpose.clone()),
            Line::new("依据", handing.basis.clone()),
        ],
        tables: vec![table],
    }
}

fn cell(column: AnswerColumn, question: &Question, roll: &Roll, one: &Answered) -> Cell {
    match column {
        AnswerColumn::Unit => Cell::Text(match one.unit {
            Unit::Household(id) => id.to_string(),
            Unit::Vacant(id) => id.to_string(),
        }),
        AnswerColumn::Grid => Cell::Text(roll.grid_name(roll.unit(one.unit).and_then(|unit| unit.row.grid))),
        AnswerColumn::Address => Cell::Text(roll.address(one.unit)),
        AnswerColumn::VisitedOn => Cell::Date(one.visited_on),
        AnswerColumn::Answer => match &one.value {
            AnswerValue::Number(number) => Cell::Number(*number),
            AnswerValue::Date(day) => Cell::Date(*day),
            value => Cell::Text(value_words(question, value)),
        },
    }
}
