//! Looking: who is due, one household, receipts, the log.

use ruhu_core::fact::Fact;
use ruhu_core::fieldbook::{
    DayRow, DaySheet, Enrolled, Fieldbook, HistoryLine, Lease, OutboxCounts, Receipt, SentLine, UnitSheet,
};
use ruhu_core::roster::Unit;
use ruhu_core::store::EntryState;

use serde::Serialize;

use super::{DueArgs, PhoneError, Printer, mask, who};

pub(super) fn due(args: &DueArgs, book: &Fieldbook, to: &mut Printer<'_>) -> Result<(), PhoneError> {
    let grid = args.grid.as_deref().map(|name| who::grid(book, Some(name))).transpose()?;
    let sheet = book.due(args.day, grid)?;
    let sheet = if to.open { sheet } else { mask::day(sheet) };
    to.print(&sheet, day_words)
}

pub(super) fn household(words: &str, book: &Fieldbook, to: &mut Printer<'_>) -> Result<(), PhoneError> {
    let line = who::unit(book, words)?;
    let sheet = book.household(line.unit)?;
    let sheet = if to.open { sheet } else { mask::unit(sheet) };
    to.print(&sheet, sheet_words)
}

pub(super) fn receipts(book: &Fieldbook, to: &mut Printer<'_>) -> Result<(), PhoneError> {
    let counts = book.outbox()?;
    to.print(&book.receipts()?, |receipts| {
        std::iter::once(counts_words(counts))
            .chain(receipts.iter().map(receipt_words))
            .collect::<Vec<_>>()
            .join("\n")
    })
}

pub(super) fn log(book: &Fieldbook, to: &mut Printer<'_>) -> Result<(), PhoneError> {
    to.print(&book.send_log()?, |lines| lines.iter().map(sent_words).collect::<Vec<_>>().join("\n"))
}

/// How a phone stands.
#[derive(Serialize)]
struct Status {
    enrolled: Option<Enrolled>,
    lease: Option<Lease>,
    outbox: OutboxCounts,
    unreadable: u32,
    last_exchange: Option<SentLine>,
}

pub(super) fn status(book: &Fieldbook, to: &mut Printer<'_>) -> Result<(), PhoneError> {
    let status = Status {
        enrolled: book.enrolled()?,
        lease: book.lease()?,
        outbox: book.outbox()?,
        unreadable: book.unreadable()?,
        last_exchange: book.send_log()?.first().copied(),
    };
    to.print(&status, status_words)
}

fn status_words(status: &Status) -> String {
    let mut words = vec![match &status.enrolled {
        Some(enrolled) => format!("{} @ {}", enrolled.worker_name, enrolled.url),
        None => "本机尚未登记 / not enrolled".to_owned(),
    }];
    if let Some(lease) = &status.lease {
        words.push(format!(
            "租期 lease {} 天 days,至 until {}",
            lease.days,
            lease.ends_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
        ));
        words.extend(lease.warning().map(|warning| format!("! {warning}")));
    }
    words.push(counts_words(status.outbox));
    if 0 < status.unreadable {
        words.push(format!(
            "{} 条由新版本写成,请更新应用 / {} written by a newer version: update the app",
            status.unreadable, status.unreadable
        ));
    }
    words.extend(status.last_exchange.as_ref().map(sent_words));
    words.join("\n")
}

fn counts_words(counts: OutboxCounts) -> String {
    format!(
        "未收 unsent {} · 已收到 accepted {} · 待核 parked {} · 退回 refused {}",
        counts.unsent, counts.accepted, counts.parked, counts.quarantined
    )
}

fn day_words(sheet: &DaySheet) -> String {
    let head = format!(
        "{}  本季度 quarter {} · 本月 month {} · 剩 {} 个工作日,每日 {} 户 / {} working days left, {} a day",
        sheet.day,
        sheet.quarter,
        sheet.month,
        sheet.working_days_left,
        sheet.per_working_day,
        sheet.working_days_left,
        sheet.per_working_day
    );
    std::iter::once(head).chain(sheet.rows.iter().map(row_words)).collect::<Vec<_>>().join("\n")
}

fn row_words(row: &DayRow) -> String {
    let due = &row.due;
    let address = due.address.as_ref().map_or_else(|| "地址不详 no address".to_owned(), ToString::to_string);
    let mut words = vec![address, row.names.join(" "), who::id_of(due.unit)];
    if matches!(due.unit, Unit::Vacant(_)) {
        words.push("空户 vacant".to_owned());
    }
    if due.key {
        words.push("重点户 key".to_owned());
    }
    if due.month.is_some() {
        words.push("本月 this month".to_owned());
    }
    if due.overdue.quarter || due.overdue.month {
        words.push("上期未访 overdue".to_owned());
    }
    if let Some(appointment) = &due.appointment {
        words.push(format!("改约 appointment {}", appointment.on));
    }
    if !due.tried.is_empty() {
        words.push(format!("已上门 {} 次 tried", due.tried.len()));
    }
    if row.has_draft {
        words.push("草稿 draft".to_owned());
    }
    words.retain(|word| !word.is_empty());
    words.join("  ")
}

fn sheet_words(sheet: &UnitSheet) -> String {
    let mut words = vec![who::line(&sheet.line)];
    for (key, values) in &sheet.fields {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        let conflict = if values.len() < 2 {
            ""
        } else {
            "  ← 两人同时修改,请选定 / written apart: settle one"
        };
        words.push(format!("  {key} = {}{conflict}", values.join(" | ")));
    }
    for question in &sheet.questions {
        words.push(format!("  专项 question {}  {}", question.id, question.zh));
    }
    words.extend(sheet.history.iter().filter_map(history_words));
    words.extend(sheet.refused.iter().map(receipt_words));
    words.join("\n")
}

fn history_words(line: &HistoryLine) -> Option<String> {
    let mark = match (line.taken_back, line.superseded) {
        (true, _) => "  已撤回 taken back",
        (_, true) => "  已更正 corrected",
        _ => "",
    };
    match &line.fact.fact {
        Fact::Visited(visit) => {
            let code = visit.outcome.code();
            let late = if visit.late_entry { " 补录 late" } else { "" };
            Some(format!("  {} {} {code}{late}{mark}  {}", visit.visited_on, code.zh(), line.stamp.entry))
        }
        _ => None,
    }
}

fn receipt_words(receipt: &Receipt) -> String {
    let state = match &receipt.state {
        EntryState::Unsent => "已存本机,中心未收 saved here, not received".to_owned(),
        EntryState::Accepted { counts_in, .. } => {
            let counts = counts_in.map(|period| format!(" 计入 counts in {period}")).unwrap_or_default();
            format!("已收到 received{counts}")
        }
        EntryState::Parked { .. } => "待核 waits".to_owned(),
        EntryState::Quarantined { .. } => "退回 refused".to_owned(),
    };
    let words = receipt.words.as_deref().map(|words| format!(": {words}")).unwrap_or_default();
    let unit = receipt.unit.map(who::id_of).unwrap_or_default();
    format!("{}  {unit}  {state}{words}  {}", receipt.recorded_at.to_rfc3339(), receipt.entry)
}

fn sent_words(line: &SentLine) -> String {
    let exchange = &line.exchange;
    format!(
        "{}  发出 sent {} · 已收到 accepted {} · 待核 parked {} · 退回 refused {} · 收取 received {}",
        line.at.to_rfc3339(),
        exchange.sent,
        exchange.accepted,
        exchange.parked,
        exchange.quarantined,
        exchange.received
    )
}
