//! 奖惩台账 as a workbook: the lines in the order of time, for whoever keeps the books. No sums: an amount of two rules is no
//! amount, and nothing is added up for a worker.

use ruhu_core::entry::{Ground, LineStep};

use super::ledger::{amount_words, day_of, kind_words, name_of, standing_words};
use super::{Scope, Viewer};
use crate::desk::words::Lang;
use crate::ledger::KeptLine;
use crate::ledger::course::{all, rests_on_solid_ground};
use crate::report::coverage::period_words;
use crate::report::table::{Book, Cell, Column, Line, Table};
use crate::storage::{StorageError, Tx};

/// Forms of the office are Chinese, whatever the page speaks.
const ZH: Lang = Lang::Zh;

pub(in crate::desk) fn ledger_book(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
) -> Result<Book, StorageError> {
    let mut rows = Vec::new();
    let mut lines = all(tx, scope.id)?;
    lines.reverse();
    for one in &lines {
        rows.extend(row(tx, scope, one)?);
    }
    let community = scope.file.community();
    let columns = vec![
        Column::words("提出日期", 12),
        Column::words("姓名", 10),
        Column::words("类别", 10),
        Column::words("条文", 8),
        Column::words("原文", 44),
        Column::words("数额", 16),
        Column::words("依据", 22),
        Column::words("本人答复", 10),
        Column::words("进展", 12),
        Column::words("申诉期限", 12),
        Column::words("是否生效", 10),
    ];
    let table = Table {
        title: "奖惩台账".to_owned(),
        columns,
        rows,
        total: None,
        when_empty: "没有奖惩事项".to_owned(),
        notes: vec!["程序只提出,不执行;未生效的不得办理。".to_owned()],
    };
    Ok(Book {
        title: "奖惩台账".to_owned(),
        period: scope.today.to_string(),
        made_by_unit: community.map(|one| one.name.clone()).unwrap_or_default(),
        made_by: viewer.account.shown.clone(),
        on: scope.today,
        heading: vec![Line::new("范围", scope.place())],
        tables: vec![table],
    })
}

fn row(tx: &Tx<'_>, scope: &Scope, one: &KeptLine) -> Result<Option<Vec<Cell>>, StorageError> {
    let Some((said, proposal)) = one.line.proposed() else { return Ok(None) };
    let in_force = one.line.is_in_force(scope.today) && rests_on_solid_ground(tx, one, scope.today)?;
    let answered = one.line.said().iter().any(|said| said.event.step == LineStep::Replied);
    let ground = match proposal.ground {
        Ground::Finding(id) => format!("核查 {}", id.to_string().chars().take(8).collect::<String>()),
        Ground::Completion(sheet) => format!("{} 完成情况", period_words(sheet.period)),
    };
    let words = |words: &str| Cell::Text(words.to_owned());
    Ok(Some(vec![
        Cell::Date(day_of(scope, said.at_ms)),
        Cell::Text(name_of(scope, one.worker)),
        words(ZH.t(kind_words(proposal.kind))),
        Cell::Text(proposal.rule.to_string()),
        Cell::Text(proposal.quote.clone()),
        Cell::Text(amount_words(proposal.amount, ZH)),
        Cell::Text(ground),
        words(if answered { "已答复" } else { "未答复" }),
        words(ZH.t(standing_words(one, scope.today))),
        one.line.appeal_by().map_or(Cell::Blank, Cell::Date),
        words(if in_force { "生效" } else { "未生效" }),
    ]))
}
