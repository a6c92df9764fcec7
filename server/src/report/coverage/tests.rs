use ruhu_core::closing::Figures;
use ruhu_core::coverage::Deduction;

use super::*;
use crate::report::sample::{MET, files, grid, quarter, report_of};
use crate::report::table::Cell;
use crate::report::{SignedReport, text};

fn signed() -> SignedReport {
    SignedReport::sign(report_of(&files()), &ed25519_dalek::SigningKey::from_bytes(&[7; 32]))
}

#[test]
fn example_15_in_grid_1_and_every_deduction_is_listed_with_its_days() {
    let report = report_of(&files());
    let row = &report.grids[0];
    assert_eq!(row.counted.identity(), "应访 10 = 已访 6 + 核减 3 + 未访 1");
    assert_eq!(row.counted.tally.strict().to_string(), "60.00 %");
    assert_eq!(row.counted.tally.adjusted().to_string(), "85.71 %");
    let lines: Vec<_> = report.deductions.iter().map(|line| (line.kind, line.evidence.len())).collect();
    assert_eq!(
        lines,
        [(Deduction::VacantConfirmed, 2), (Deduction::Declined, 1), (Deduction::MovedOut, 2)],
        "in the order the doors are walked"
    );
}

#[test]
fn grids_stand_in_address_order_and_one_without_households_is_not_left_out() {
    let names: Vec<String> = report_of(&files()).grids.into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["第1网格", "第2网格", "第10网格"]);
}

#[test]
fn the_total_is_the_sum_of_the_grids_and_the_lists_are_as_long_as_the_numbers() {
    let report = report_of(&files());
    let sum = |pick: fn(&Counted) -> u32| report.grids.iter().map(|row| pick(&row.counted)).sum::<u32>();
    assert_eq!(sum(|counted| counted.tally.due), report.total.tally.due);
    assert_eq!(sum(|counted| counted.tally.done), report.total.tally.done);
    assert!(report.total.tally.is_identity());
    assert_eq!(u32::try_from(report.deductions.len()).unwrap(), report.total.tally.deducted_total());
    assert_eq!(u32::try_from(report.outstanding.len()).unwrap(), report.total.tally.outstanding_total());
    let changes = report.changes.unwrap();
    let moved = changes.entered.len() as i64 - changes.left.len() as i64;
    assert_eq!(i64::from(changes.opening) + moved, i64::from(changes.closing));
    assert_eq!(changes.closing, report.total.tally.due);
}

#[test]
fn an_open_household_shows_when_it_was_tried_and_when_to_try_next() {
    let report = report_of(&files());
    let line = &report.outstanding[0];
    assert_eq!(line.attempts.len(), 1);
    assert_eq!(line.attempts[0].band, Some(DayBand::Evening));
    assert_eq!(line.suggested, Some(DayBand::Afternoon));
    assert_eq!(line.last_met_on, None);
}

#[test]
fn the_identity_is_printed_in_every_rendering() {
    let signed = signed();
    let identity = "应访 11 = 已访 6 + 核减 3 + 未访 2";
    assert_eq!(signed.report.total.identity(), identity);
    assert!(text::render(&book(&signed)).contains(identity));
    let main = &book(&signed).tables[0];
    let total = main.total.clone().unwrap();
    let number = |title: &str| {
        let at = main.columns.iter().position(|column| column.title == title).unwrap();
        match total[at] {
            Cell::Count(number) => number,
            ref other => panic!("{title} is {other:?}"),
        }
    };
    assert_eq!(number("应访户"), number("已访户") + number("核减合计") + number("未访户"));
}

#[test]
fn the_terminal_shows_the_whole_report() {
    let text = text::render(&book(&signed()));
    let head: Vec<&str> = text.lines().take(10).collect();
    insta::assert_snapshot!(head.join("\n"), @r"
    入户走访统计表 2026年第3季度
    填报单位:幸福社区  填表人:  日期:2026-09-30
    范围:示范区幸福街道幸福社区
    状态:已关账(2026-10-10)
    办法:未采用文件·试行
    口径:走访口径第 1 版
    恒等式:应访 11 = 已访 6 + 核减 3 + 未访 2
    入户率(严):54.54 %
    入户率(核减后):75.00 %
    未同步手机:2 部手机未同步,最多影响 41 户
    ");
    assert!(text.contains("阳光小区1栋1单元701室"));
    assert!(text.contains("1 次:07-07 傍晚"));
}

#[test]
fn a_late_visit_shows_as_closed_and_now() {
    let amendment = |number, done| Amendment {
        period: quarter(),
        number,
        previous: Hash32::ZERO,
        cause: Hash32::ZERO,
        units: Vec::new(),
        total: Figures { due: 11, done, deducted: 3, ..Figures::default() },
        grids: Vec::new(),
    };
    let report = report_of(&files());
    assert_eq!(report.rate_then_and_now(&[]), "54.54 %");
    let (one, two) = (amendment(1, 7), amendment(2, 8));
    assert_eq!(report.rate_then_and_now(&[&one]), "关账 54.54 % → 现 63.63 %(更正 1)");
    assert_eq!(report.rate_then_and_now(&[&one, &two]), "关账 54.54 % → 现 72.72 %(更正 1–2)");
}

#[test]
fn a_visit_too_many_is_listed_apart_and_never_counted() {
    let mut files = files();
    let before = report_of(&files);
    files.late_mover(12, 1, "2026-09-10");
    let report = report_of(&files);
    assert_eq!(report.total.tally.done, before.total.tally.done);
    assert_eq!(report.total.tally.due, before.total.tally.due + 1, "the door was a vacant unit on 1 July");
    assert_eq!(report.extra.len(), 1);
    assert_eq!(report.extra[0].grid, Some(grid(1)));
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let mut shuffled = files();
    shuffled.reverse();
    assert_eq!(report_of(&files()).canonical(), report_of(&shuffled).canonical());
    let mut other = files();
    let unit = report_of(&other).outstanding[1].unit;
    other.visit(unit, 11, "2026-09-01", MET);
    assert_ne!(report_of(&other).canonical(), report_of(&files()).canonical());
}
