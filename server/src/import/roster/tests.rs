use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::import::finding::{Code, Severity};
use crate::import::sheet::{Limits, open};

fn settings() -> ReadSettings {
    ReadSettings::new(NaiveDate::from_ymd_opt(2026, 11, 21).unwrap())
}

fn read_csv(text: &str, settings: &ReadSettings) -> ReadRoster {
    let book = open("册.csv", text.as_bytes(), &Limits::default()).unwrap();
    read(&book.sheets, settings).unwrap()
}

fn codes(roster: &ReadRoster) -> Vec<(String, Code)> {
    roster.findings.iter().map(|finding| (finding.place.to_string(), finding.code.clone())).collect()
}

fn has(roster: &ReadRoster, place: &str, code: &Code) -> bool {
    codes(roster).contains(&(place.to_owned(), code.clone()))
}

const FILLED_DOWN: &str = "\
网格,地址,房屋状态,姓名,与户主关系,电话
第1网格,阳光小区1幢1单元101室,自住,王红,户主,10000000001
,,,雷涛,配偶,10000000002
第1网格,阳光小区1幢1单元102室,空置,,,
第1网格,阳光小区1幢1单元201室,出租,钱涛,户主,
";

#[test]
fn members_belong_to_the_household_above_them() {
    let roster = read_csv(FILLED_DOWN, &settings());
    assert_eq!((roster.counts.dwellings, roster.counts.households, roster.counts.persons), (3, 2, 3));
    assert_eq!((roster.counts.vacant, roster.counts.rented), (1, 1));
    let names: Vec<usize> = roster.households.iter().map(|home| home.members.len()).collect();
    assert_eq!(names, [2, 1]);
    assert_eq!(roster.households[0].numbers(), ["10000000001", "10000000002"]);
    assert_eq!(roster.findings, []);
}

#[test]
fn the_address_may_as_well_stand_on_every_row() {
    let repeated = FILLED_DOWN.replace(",,,雷涛", "第1网格,阳光小区1幢1单元101室,自住,雷涛");
    assert_eq!(read_csv(&repeated, &settings()).counts, read_csv(FILLED_DOWN, &settings()).counts);
}

#[test]
fn a_second_head_at_one_door_is_a_second_household() {
    let text = "地址,姓名,与户主关系\n阳光小区1幢1单元101室,王红,户主\n阳光小区1幢1单元101室,李明,户主\n";
    let roster = read_csv(text, &settings());
    assert_eq!((roster.counts.dwellings, roster.counts.households), (1, 2));
    assert_ne!(roster.households[0].key, roster.households[1].key);
}

#[test]
fn an_unreadable_cell_never_drops_a_household() {
    let text = "户编号,地址,姓名,身份证号,出生日期,电话,性别,重点户\n\
                H1,#REF!,#N/A,9.9E+17,昨天,abc1,中,也许\n\
                H2,阳光小区1幢1单元101室,王红,,,,,\n";
    let roster = read_csv(text, &settings());
    assert_eq!((roster.counts.dwellings, roster.counts.households, roster.counts.persons), (2, 2, 1));
    assert!(has(&roster, "册!2", &Code::PersonUnnamed));
    for (place, code) in [
        ("册!B2", Code::CellBroken),
        ("册!C2", Code::CellBroken),
        ("册!D2", Code::IdDigitsLost),
        ("册!E2", Code::DateUnread),
        ("册!F2", Code::PhoneUnread),
        ("册!G2", Code::SexUnread),
        ("册!H2", Code::YesNoUnread),
    ] {
        assert!(has(&roster, place, &code), "{place} {code:?}: {:?}", codes(&roster));
    }
}

#[test]
fn totals_footnotes_explanations_and_repeated_headings_are_left_out() {
    let text = "名册,,\n地址,户主,重点户\n必填,必填,1是0否\n阳光小区1幢1单元101室,王红,1\n地址,户主,重点户\n\
                阳光小区1幢1单元102室,李明,0\n合计,2,\n注:重点户打√,,\n";
    let roster = read_csv(text, &settings());
    assert_eq!((roster.counts.households, roster.counts.key_households), (2, 1));
    assert_eq!(
        codes(&roster),
        [
            ("册!1".to_owned(), Code::RowRemark),
            ("册!3".to_owned(), Code::RowExplanation),
            ("册!5".to_owned(), Code::RowHeadingAgain),
            ("册!7".to_owned(), Code::RowTotal),
            ("册!8".to_owned(), Code::RowRemark),
        ]
    );
}

#[test]
fn marks_of_a_category_nobody_confirmed_are_read_and_not_kept() {
    let text =
        "地址,姓名,人员类别\n阳光小区1幢1单元101室,王红,低保、残疾人\n阳光小区1幢1单元102室,李明,残疾人\n";
    let mut only_disabled = settings();
    only_disabled.confirmed.insert("disabled".into());
    let roster = read_csv(text, &only_disabled);
    let kept: Vec<usize> = roster.households.iter().map(|home| home.members[0].categories.len()).collect();
    assert_eq!(kept, [1, 1]);
    assert_eq!(roster.counts.categories.get("low-income"), Some(&1));
    assert!(has(&roster, "册!C", &Code::CategoryNotKept { category: "low-income".into(), count: 1 }));
    let shown = roster.findings[0].to_string();
    assert!(shown.contains("未保存") && shown.contains("read, not kept"), "{shown}");
}

#[test]
fn identity_numbers_are_kept_only_with_a_basis() {
    let text = "地址,姓名,身份证号,民族\n阳光小区1幢1单元101室,王红,990001199001010013,x\n";
    let roster = read_csv(text, &settings());
    assert_eq!(roster.households[0].members[0].id_number, None);
    assert!(has(&roster, "册!C", &Code::IdNotKept { count: 1 }));
    assert!(has(&roster, "册!D1", &Code::ColumnNotKept));
    let with_basis = ReadSettings { id_basis: Some("某规定第八条".into()), ..settings() };
    let roster = read_csv(text, &with_basis);
    assert_eq!(roster.households[0].members[0].id_number.as_deref(), Some("990001199001010013"));
}

#[test]
fn one_person_twice_is_entered_once_and_said() {
    let text = "地址,姓名,与户主关系,身份证号\n\
                阳光小区1幢1单元101室,王红,户主,990001199001010013\n,王红,其他,990001199001010013\n\
                阳光小区1幢1单元102室,李明,户主,\n,王红,子女,990001199001010013\n";
    let roster = read_csv(text, &settings());
    assert_eq!(roster.counts.persons, 2);
    assert_eq!(roster.households[0].members.len(), 1);
    // In another household the person stays, for somebody to find out.
    assert_eq!(roster.households[1].members.len(), 2);
    let first = Place { sheet: "册".into(), row: Some(2), column: None };
    assert!(has(&roster, "册!3", &Code::PersonTwice { first: first.clone() }));
    assert!(has(&roster, "册!5", &Code::PersonElsewhere { first }));
}

#[test]
fn the_last_visit_is_understood_and_a_month_alone_is_not_a_visit() {
    let text = "户编号,地址,户主,上次走访日期\nH1,阳光小区1幢1单元101室,王红,2026.9.3\n\
                H2,阳光小区1幢1单元102室,李明,2026年9月\nH3,阳光小区1幢1单元201室,钱涛,2027-01-01\n";
    let roster = read_csv(text, &settings());
    let visits: Vec<_> = roster.households.iter().map(|home| home.last_visit).collect();
    assert_eq!(visits, [NaiveDate::from_ymd_opt(2026, 9, 3), None, None]);
    assert!(has(&roster, "册!D3", &Code::DateNoDay));
    assert!(has(&roster, "册!D4", &Code::DateFuture));
}

#[test]
fn findings_never_carry_what_stands_in_a_cell() {
    let text = "地址,姓名,身份证号,人员类别,电话\n阳光小区1幢1单元101室,王红,123,社区矫正,x1\n,王红,,,\n";
    let roster = read_csv(text, &settings());
    assert!(roster.findings.len() > 3);
    for finding in &roster.findings {
        let shown = format!("{finding} {finding:?}");
        for private in ["王红", "阳光", "123", "矫正"] {
            assert!(!shown.contains(private), "{shown}");
        }
        assert!(finding.severity() >= Severity::Note);
    }
}

#[test]
fn a_file_without_headings_is_refused_with_the_way_out() {
    let book = open("x.csv", "a,b\n1,2\n".as_bytes(), &Limits::default()).unwrap();
    let refused = read(&book.sheets, &settings()).unwrap_err().to_string();
    assert!(refused.contains("--map") && refused.contains("no headings"), "{refused}");
}

#[test]
fn a_broken_address_begins_a_household_of_its_own() {
    let text = FILLED_DOWN.replace("第1网格,阳光小区1幢1单元201室,出租", "第1网格,#REF!,出租");
    let roster = read_csv(&text, &settings());
    assert_eq!((roster.counts.dwellings, roster.counts.households, roster.counts.persons), (3, 2, 3));
    assert!(has(&roster, "册!5", &Code::HouseholdUnknown));
    assert!(has(&roster, "册!B5", &Code::CellBroken));
}

proptest! {
    #[test]
    fn whatever_stands_in_the_cells_nothing_breaks_and_every_count_adds_up(
        rows in prop::collection::vec(prop::collection::vec("[H0-9户空置阳光幢单元室王红√是否出租,;年月.-]{0,8}", 9), 0..30)
    ) {
        let mut text = "户编号,地址,房屋状态,户主,姓名,与户主关系,出生日期,电话,重点户\n".to_owned();
        for row in &rows {
            let cells: Vec<String> = row.iter().map(|cell| format!("\"{cell}\"")).collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        let roster = read_csv(&text, &settings());
        let counts = &roster.counts;
        prop_assert_eq!(counts.dwellings, counts.per_grid.values().sum::<u32>());
        prop_assert_eq!(usize::try_from(counts.households).unwrap(), roster.households.len());
        let keys: BTreeSet<&str> = roster.households.iter().map(|home| home.key.as_str()).collect();
        prop_assert_eq!(keys.len(), roster.households.len());
        let doors: BTreeSet<&str> = roster.dwellings.iter().map(|door| door.key.as_str()).collect();
        prop_assert_eq!(doors.len(), roster.dwellings.len());
        prop_assert!(roster.households.iter().all(|home| doors.contains(home.dwelling.as_str())));
    }
}
