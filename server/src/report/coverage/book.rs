//! The report as neutral tables.

use ruhu_core::closing::{Amendment, SilentPhones};
use ruhu_core::coverage::{CellState, Deduction, Rate};
use ruhu_core::ids::GridId;
use ruhu_core::roster::Unit;

use super::words::{attempts_words, entered_words, gone_words};
use super::{
    Counted, CoverageReport, LogPosition, Standing, band_words, grid_names, open_words, period_words,
};
use crate::report::SignedReport;
use crate::report::table::{Book, Cell, Column, Line, Table};

/// The kinds that have a column of their own in the main table (`domain.md` 2.11); the others are summed there and
/// stand apart in the second table.
const NAMED: [Deduction; 4] =
    [Deduction::VacantConfirmed, Deduction::MovedOut, Deduction::Declined, Deduction::ThreeAttempts];

/// Turns a signed report into tables.
#[must_use]
pub fn book(signed: &SignedReport) -> Book {
    let report = &signed.report;
    let amendments: Vec<&Amendment> = signed.amendments.iter().map(|one| &one.amendment).collect();
    Book {
        title: "入户走访统计表".to_owned(),
        period: period_words(report.period),
        made_by_unit: report.community.name.clone(),
        made_by: String::new(),
        on: report.as_of,
        heading: heading(signed, &amendments),
        tables: vec![
            main(report),
            by_kind(report),
            deductions(report),
            outstanding(report),
            changes(report),
            extra(report),
            amended(&amendments),
        ],
    }
}

fn heading(signed: &SignedReport, amendments: &[&Amendment]) -> Vec<Line> {
    let report = &signed.report;
    let place = [&report.community.county, &report.community.street, &report.community.name];
    let place: String = place.into_iter().map(String::as_str).collect();
    vec![
        Line::new("范围", if report.only_grids.is_some() { format!("{place}(部分网格)") } else { place }),
        Line::new("状态", standing(report)),
        Line::new("办法", policy(report)),
        Line::new("口径", format!("走访口径第 {} 版", report.rules_version)),
        Line::new("恒等式", report.total.identity()),
        Line::new("入户率(严)", report.rate_then_and_now(amendments)),
        Line::new("入户率(核减后)", report.total.tally.adjusted().to_string()),
        Line::new("未同步手机", silent_words(report.silent)),
        Line::new("日志位置", LogPosition::shown(&report.log)),
        Line::new("报表摘要", signed.hash.to_string()),
        Line::new("签名", signed.signature.clone()),
        Line::new("公钥", signed.key.clone()),
    ]
}

fn standing(report: &CoverageReport) -> String {
    let words = match report.standing {
        Standing::Running => format!("进行中,截至 {}", report.as_of),
        Standing::Ended => "期满,未关账".to_owned(),
        Standing::Closed { on } => format!("已关账({on})"),
    };
    if report.trial { format!("{words};试行期") } else { words }
}

fn policy(report: &CoverageReport) -> String {
    report.policy.as_ref().map_or_else(
        || "未采用文件·试行".to_owned(),
        |policy| {
            let short: String = policy.hash.to_string().chars().take(16).collect();
            format!("{}(摘要 {short})", policy.title)
        },
    )
}

/// 2 部手机未同步,最多影响 41 户.
pub(crate) fn silent_words(silent: SilentPhones) -> String {
    match silent.phones {
        0 => "全部手机已同步".to_owned(),
        phones => format!("{phones} 部手机未同步,最多影响 {} 户", silent.households),
    }
}

fn main(report: &CoverageReport) -> Table {
    let mut columns = vec![
        Column::words("社区", 12),
        Column::words("网格", 12),
        Column::words("网格员", 10),
        Column::number("应访户", 8),
        Column::number("已访户", 8),
        Column::number("入户率(严)", 12),
    ];
    columns.extend(NAMED.map(|kind| Column::number(kind.zh(), 10)));
    columns.extend([
        Column::number("其他核减", 10),
        Column::number("核减合计", 10),
        Column::number("未访户", 8),
        Column::number("入户率(核减后)", 16),
        Column::number("重点户应访", 12),
        Column::number("重点户已访", 12),
        Column::number("收到诉求", 10),
        Column::number("办结", 6),
        Column::words("备注", 24),
    ]);
    let community = &report.community.name;
    let row = |first: [&str; 3], counted: &Counted| -> Vec<Cell> {
        let tally = &counted.tally;
        let mut cells: Vec<Cell> = first.into_iter().map(|words| Cell::Text(words.to_owned())).collect();
        cells.extend([Cell::Count(tally.due), Cell::Count(tally.done), Cell::Rate(tally.strict())]);
        let named = NAMED.map(|kind| tally.deducted.get(&kind).copied().unwrap_or(0));
        let others = tally.deducted_total().saturating_sub(named.iter().sum());
        cells.extend(named.map(Cell::Count));
        cells.extend([
            Cell::Count(others),
            Cell::Count(tally.deducted_total()),
            Cell::Count(tally.outstanding_total()),
            Cell::Rate(tally.adjusted()),
            Cell::Count(counted.key.due),
            Cell::Count(counted.key.done),
            Cell::Count(counted.requests),
            Cell::Count(counted.requests_closed),
            Cell::Text(remarks(counted)),
        ]);
        cells
    };
    Table {
        title: "入户走访统计表".to_owned(),
        columns,
        rows: report
            .grids
            .iter()
            .map(|grid| row([community, &grid.name, &grid.responsible], &grid.counted))
            .collect(),
        total: Some(row(["合计", "", ""], &report.total)),
        when_empty: "没有网格".to_owned(),
        notes: vec![
            "单位:户;重点户在季报中按户月计。入户率截至两位小数,只舍不入。".to_owned(),
            "未访为尚未见面且未核减;网格按地址顺序排列,不按入户率排序。".to_owned(),
        ],
    }
}

/// 交接期 3 户;代访 2 户;多访 1 户.
fn remarks(counted: &Counted) -> String {
    let tally = &counted.tally;
    let parts = [("交接期", tally.taken_over_late), ("代访", tally.covered), ("多访", tally.extra)];
    let parts =
        parts.iter().filter(|(_, count)| 0 < *count).map(|(words, count)| format!("{words} {count} 户"));
    parts.collect::<Vec<_>>().join(";")
}

fn by_kind(report: &CoverageReport) -> Table {
    let mut columns = vec![Column::words("网格", 12)];
    columns.extend(Deduction::ALL.map(|(_, zh)| Column::number(zh, 12)));
    columns.push(Column::number("核减合计", 10));
    columns.extend(OPEN.map(|(_, zh)| Column::number(zh, 10)));
    columns.push(Column::number("未访合计", 10));
    let row = |name: &str, counted: &Counted| -> Vec<Cell> {
        let tally = &counted.tally;
        let mut cells = vec![Cell::Text(name.to_owned())];
        cells.extend(Deduction::ALL.map(|(kind, _)| count(tally.deducted.get(&kind))));
        cells.push(Cell::Count(tally.deducted_total()));
        cells.extend(OPEN.map(|(state, _)| count(tally.outstanding.get(&state))));
        cells.push(Cell::Count(tally.outstanding_total()));
        cells
    };
    Table {
        title: "核减与未访分类".to_owned(),
        columns,
        rows: report.grids.iter().map(|grid| row(&grid.name, &grid.counted)).collect(),
        total: Some(row("合计", &report.total)),
        when_empty: "没有网格".to_owned(),
        notes: Vec::new(),
    }
}

/// Why obligations are open, as cells count them.
const OPEN: [(CellState, &str); 5] = [
    (CellState::NeverTried, "未去过"),
    (CellState::Tried, "去过未遇"),
    (CellState::SeenVacantOnce, "见空一次"),
    (CellState::Appointment, "已改约"),
    (CellState::FoundFalse, "查实不实"),
];

fn count(found: Option<&u32>) -> Cell {
    Cell::Count(found.copied().unwrap_or(0))
}

fn deductions(report: &CoverageReport) -> Table {
    let names = grid_names(report);
    let rows = report.deductions.iter().map(|line| {
        let days: Vec<String> = line.evidence.iter().map(ToString::to_string).collect();
        let evidence = if days.is_empty() { "登记册".to_owned() } else { days.join("、") };
        vec![
            grid_cell(&names, Some(line.grid)),
            Cell::Text(line.address.clone()),
            Cell::Text(line.kind.zh().to_owned()),
            Cell::Text(evidence),
        ]
    });
    Table {
        title: "核减清单".to_owned(),
        columns: vec![
            Column::words("网格", 12),
            Column::words("地址", 32),
            Column::words("核减类别", 14),
            Column::words("依据日期", 36),
        ],
        rows: rows.collect(),
        total: None,
        when_empty: "没有核减".to_owned(),
        notes: Vec::new(),
    }
}

fn outstanding(report: &CoverageReport) -> Table {
    let names = grid_names(report);
    let rows = report.outstanding.iter().map(|line| {
        let marks = [
            (line.key, "重点户"),
            (matches!(line.unit, Unit::Vacant(_)), "空户"),
            (line.taken_over_late, "交接期"),
        ];
        let marks: Vec<&str> =
            marks.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words).collect();
        vec![
            grid_cell(&names, Some(line.grid)),
            Cell::Text(line.address.clone()),
            Cell::Text(open_words(line.open)),
            line.last_met_on.map_or(Cell::Text("无".to_owned()), Cell::Date),
            Cell::Text(attempts_words(&line.attempts)),
            line.suggested.map_or(Cell::Blank, |band| Cell::Text(band_words(band).to_owned())),
            Cell::Text(marks.join("、")),
        ]
    });
    Table {
        title: "未访户清单".to_owned(),
        columns: vec![
            Column::words("网格", 12),
            Column::words("地址", 32),
            Column::words("情形", 16),
            Column::words("上次走访", 12),
            Column::words("已尝试次数及时段", 40),
            Column::words("建议时段", 10),
            Column::words("备注", 16),
        ],
        rows: rows.collect(),
        total: None,
        when_empty: "没有未访户".to_owned(),
        notes: Vec::new(),
    }
}

fn changes(report: &CoverageReport) -> Table {
    let mut rows = Vec::new();
    let mut notes = Vec::new();
    if let Some(list) = &report.changes {
        let row = |side: &str, address: &str, reason: &str| {
            [side, address, reason].map(|words| Cell::Text(words.to_owned())).to_vec()
        };
        rows.extend(list.entered.iter().map(|one| row("增", &one.address, entered_words(one.reason))));
        rows.extend(list.left.iter().map(|one| row("减", &one.address, gone_words(one.reason))));
        notes.push(format!("{}(与{}比较)", list.identity(), period_words(list.since)));
    } else {
        notes.push("部分网格的报表不列增减户:户会在网格之间迁移。".to_owned());
    }
    Table {
        title: "增减户清单".to_owned(),
        columns: vec![Column::words("增减", 6), Column::words("地址", 32), Column::words("原因", 14)],
        rows,
        total: None,
        when_empty: "没有增减".to_owned(),
        notes,
    }
}

fn extra(report: &CoverageReport) -> Table {
    let names = grid_names(report);
    let rows = report.extra.iter().map(|line| {
        vec![grid_cell(&names, line.grid), Cell::Text(line.address.clone()), Cell::Date(line.on)]
    });
    Table {
        title: "多访清单".to_owned(),
        columns: vec![Column::words("网格", 12), Column::words("地址", 32), Column::words("走访日期", 12)],
        rows: rows.collect(),
        total: None,
        when_empty: "没有多访".to_owned(),
        notes: vec!["本期不应访而走访的户,不计入入户率。".to_owned()],
    }
}

fn amended(amendments: &[&Amendment]) -> Table {
    let rows = amendments.iter().map(|one| {
        let total = one.total;
        vec![
            Cell::Count(one.number),
            Cell::Count(u32::try_from(one.units.len()).unwrap_or(u32::MAX)),
            Cell::Count(total.due),
            Cell::Count(total.done),
            Cell::Count(total.deducted),
            Cell::Count(total.outstanding()),
            Cell::Rate(Rate::of(total.done, total.due)),
            Cell::Text(one.previous.to_string()),
        ]
    });
    Table {
        title: "更正".to_owned(),
        columns: vec![
            Column::number("更正", 6),
            Column::number("涉及户", 8),
            Column::number("应访户", 8),
            Column::number("已访户", 8),
            Column::number("核减", 8),
            Column::number("未访户", 8),
            Column::number("入户率(严)", 12),
            Column::words("前一条摘要", 66),
        ],
        rows: rows.collect(),
        total: None,
        when_empty: "没有更正".to_owned(),
        notes: Vec::new(),
    }
}

fn grid_cell(names: &std::collections::BTreeMap<GridId, &str>, grid: Option<GridId>) -> Cell {
    let name = grid.and_then(|grid| names.get(&grid));
    name.map_or(Cell::Blank, |name| Cell::Text((*name).to_owned()))
}
