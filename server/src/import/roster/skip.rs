//! Rows of a sheet that are not of the roster: totals, footnotes, explanations, headings once more.

use std::collections::BTreeSet;

use crate::import::cells;
use crate::import::columns::{Table, is_heading_row};
use crate::import::finding::Code;
use crate::import::sheet::{Cell, Row};

/// Why a row is left out; `None` when it is to be read.
pub(super) fn reason(table: &Table, row: &Row, is_first: bool) -> Option<Code> {
    let texts: Vec<(u16, String)> = row
        .filled()
        .filter(|(_, cell)| matches!(cell, Cell::Text(_)))
        .filter_map(|(column, cell)| Some((column, cells::words(cell, &mut Vec::new())?)))
        .collect();
    if texts.iter().take(3).any(|(_, text)| is_total(text)) {
        return Some(Code::RowTotal);
    }
    if is_remark(row, &texts) {
        return Some(Code::RowRemark);
    }
    if is_first && is_explanation(&texts) {
        return Some(Code::RowExplanation);
    }
    if is_heading_row(row) {
        return Some(Code::RowHeadingAgain);
    }
    let known: BTreeSet<u16> =
        table.columns.iter().filter(|column| column.meaning.is_some()).map(|column| column.column).collect();
    row.filled().all(|(column, _)| !known.contains(&column)).then_some(Code::RowNotUnderstood)
}

fn is_total(text: &str) -> bool {
    let text = text.replace(' ', "");
    ["合计", "总计", "小计", "共计", "总数", "本页合计"].iter().any(|word| {
        text.strip_prefix(word)
            .is_some_and(|rest| rest.chars().all(|sign| !sign.is_alphabetic() || "户人数".contains(sign)))
    }) || matches!(text.to_ascii_lowercase().as_str(), "total" | "subtotal")
}

/// A line of one or two cells that says something about the sheet and not about a door.
fn is_remark(row: &Row, texts: &[(u16, String)]) -> bool {
    const STARTS: &[&str] = &[
        "注:",
        "注意",
        "备注:",
        "说明:",
        "填报",
        "填表",
        "制表",
        "审核",
        "负责人",
        "统计时间",
        "日期:",
        "单位:",
        "联系人:",
        "note:",
        "Note:",
    ];
    let says = |text: &str| {
        let text = text.replace(' ', "");
        STARTS.iter().any(|start| text.starts_with(start))
            || text.starts_with("注") && text.chars().nth(1).is_some_and(|sign| sign.is_ascii_digit())
    };
    row.filled().count() <= 4 && texts.iter().any(|(_, text)| says(text))
}

/// 必填, 格式 YYYYMMDD, 1是0否: instructions below the headings.
fn is_explanation(texts: &[(u16, String)]) -> bool {
    const WORDS: &[&str] = &[
        "必填", "选填", "填写", "格式", "例如", "示例", "如:", "如有", "YYYY", "yyyy", "1是", "1为", "1-是",
        "是/否", "下拉", "分隔", "隔开", "required", "optional", "e.g.",
    ];
    let explained = texts.iter().filter(|(_, text)| WORDS.iter().any(|word| text.contains(word))).count();
    explained >= 1 && explained * 3 >= texts.len()
}
