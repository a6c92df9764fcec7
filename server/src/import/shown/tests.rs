use chrono::NaiveDate;

use super::*;
use crate::import::columns::{HandMap, MatchedBy};
use crate::import::finding::Code;
use crate::import::roster::{ReadSettings, read};
use crate::import::sheet::{Limits, open};
use crate::import::upload::{Choices, Stopped};

const SHEET: &str = "网格,地址,姓名,与户主关系,电话,重点户\n第1网格,阳光小区8幢1单元101室,王建国,户主,10000000001,是\n\
                     第1网格,阳光小区8幢1单元102室,,,,\n";

fn opened(text: &str) -> Workbook {
    open("底册.csv", text.as_bytes(), &Limits::default()).unwrap()
}

#[test]
fn the_first_doors_are_shown_masked() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let roster = read(&opened(SHEET).sheets, &ReadSettings::new(today)).unwrap();
    let shown = first(&roster);
    insta::assert_snapshot!(serde_json::to_string(&shown).unwrap(), @r#"[{"place":{"sheet":"底册","row":2,"column":null},"address":"阳光小区8栋1单元101室","grid":"第1网格","household":{"head":"王*","phone":"100****0001","people":1,"is_key":true}},{"place":{"sheet":"底册","row":3,"column":null},"address":"阳光小区8栋1单元102室","grid":"第1网格","household":null}]"#);
}

#[test]
fn a_sheet_without_headings_is_sketched_with_headings_plain_and_the_rest_masked() {
    let book = opened("甲栏,电话\n王建国,10000000001\n赵大勇,10000000002\n");
    let shown = Shown::without_headings(&book, false);
    insta::assert_snapshot!(serde_json::to_string(&shown.unread).unwrap(), @r#"[{"sheet":"底册","columns":[[0,["甲*","王**","赵**"]],[1,["电话","1**********","1**********"]]]}]"#);
    assert_eq!(shown.blocks, [Block::NoHeadings]);
}

#[test]
fn what_is_kept_of_a_dry_run_reads_back_as_it_was() {
    let shown = Shown {
        findings: vec![Finding { place: Place::default(), code: Code::SheetFormulas { count: 2 } }],
        new_grids: vec!["第9网格".into()],
        against: Against { doors_without_grid: 3, ..Against::default() },
        known_source: true,
        blocks: vec![Block::NoGrid],
        digest: "ab".into(),
        ..Shown::default()
    };
    let text = serde_json::to_string(&shown).unwrap();
    assert_eq!(serde_json::from_str::<Shown>(&text).unwrap(), shown);
    insta::assert_snapshot!(text, @r#"{"counts":{"dwellings":0,"households":0,"persons":0,"key_households":0,"with_last_visit":0,"vacant":0,"rented":0,"per_grid":{},"categories":{}},"tables":[],"unread":[],"first":[],"findings":[{"place":{"sheet":"","row":null,"column":null},"code":{"code":"sheet_formulas","count":2}}],"new_grids":["第9网格"],"against":{"doors":{"new":0,"changed":0,"unchanged":0,"missing":0},"households":{"new":0,"changed":0,"unchanged":0,"missing":0},"people_missing":0,"values_missing":0,"doors_without_grid":3},"known_source":true,"blocks":["no_grid"],"digest":"ab"}"#);
}

#[test]
fn what_was_chosen_reads_back_as_it_was() {
    let mut hand = HandMap::parse(&["B=姓名"]).unwrap();
    let table = Place { sheet: "底册".into(), row: Some(2), column: None };
    hand.give(&table, 3, Meaning::Phone);
    hand.give(&table, 3, Meaning::Address);
    let choices = Choices {
        file_name: "a.xlsx".into(),
        hand,
        default_grid: Some(DefaultGrid::New("第9网格".into())),
        stopped: Some(Stopped::Changed),
    };
    let text = serde_json::to_string(&choices).unwrap();
    assert_eq!(serde_json::from_str::<Choices>(&text).unwrap(), choices);
    insta::assert_snapshot!(text, @r#"{"file_name":"a.xlsx","hand":{"entries":[{"sheet":null,"row":null,"column":1,"meaning":"name"},{"sheet":"底册","row":2,"column":3,"meaning":"address"}]},"default_grid":{"new":"第9网格"},"stopped":"changed"}"#);
}

#[test]
fn a_second_table_of_a_sheet_is_given_its_columns_by_the_row_of_its_headings() {
    let text = "网格,地址,户主,户编号,重点户,电话\n第1网格,8幢1单元101室,王建国,H1,是,\n小区,幢,单元,室,备注\n阳光小区,8,1,102,赵大勇\n";
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let mut settings = ReadSettings::new(today);
    let before = read(&opened(text).sheets, &settings).unwrap();
    let table = &before.tables[1];
    assert_eq!((table.place.row, table.columns[4].meaning), (Some(3), Some(Meaning::NotKept)));
    settings.hand.give(&table.place, 4, Meaning::Head);
    let after = read(&opened(text).sheets, &settings).unwrap();
    assert_eq!(
        (after.tables[1].columns[4].meaning, after.tables[1].columns[4].by),
        (Some(Meaning::Head), MatchedBy::Hand)
    );
    assert_eq!((before.counts.households, after.counts.households), (1, 2));
    assert_eq!(before.tables[0], after.tables[0]);
}
