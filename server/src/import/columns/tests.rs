use super::*;
use crate::import::sheet::{Cell, Row};

fn sheet(lines: &[&[&str]]) -> Sheet {
    let row = |(number, line): (u32, &&[&str])| Row {
        number,
        cells: line
            .iter()
            .map(|text| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) })
            .collect(),
        ..Row::default()
    };
    Sheet { name: "表".into(), rows: (1..).zip(lines).map(row).collect(), ..Sheet::default() }
}

fn meanings(table: &Table) -> Vec<(String, Option<Meaning>)> {
    table.columns.iter().map(|column| (column.letters(), column.meaning)).collect()
}

#[test]
fn headings_are_matched_by_meaning() {
    for (heading, meaning) in [
        ("姓 名", Meaning::Name),
        ("*姓名(必填)", Meaning::Name),
        ("公民身份号码", Meaning::IdNumber),
        ("居民身份证号码", Meaning::IdNumber),
        ("联系电话1", Meaning::Phone),
        ("人员信息/出生年月", Meaning::Birth),
        ("与户主之关系", Meaning::Relation),
        ("户主", Meaning::Head),
        ("是否重点户", Meaning::KeyHousehold),
        ("最近走访日期（年月日）", Meaning::LastVisit),
        ("户籍地址", Meaning::NotKept),
        ("物业电话", Meaning::NotKept),
        ("是否残疾人", Meaning::Category(ruhu_core::category::Category::Disabled)),
        ("Household Code", Meaning::HouseholdCode),
        ("民族", Meaning::Ethnicity),
    ] {
        assert_eq!(Meaning::of_heading(heading), Some(meaning), "{heading}");
    }
    assert_eq!(Meaning::of_heading("心情"), None);
}

#[test]
fn every_word_shown_for_a_meaning_is_understood_by_hand() {
    for word in Meaning::known_words().split('、') {
        let meaning = Meaning::of_word(word).unwrap();
        assert_eq!(meaning.word(), word);
    }
}

#[test]
fn two_heading_rows_below_a_title_are_read_as_one() {
    let sheet = sheet(&[
        &["某社区底册"],
        &["单位：某社区"],
        &["序号", "详细地址", "房屋情况", "人员信息", "", "备注"],
        &["", "", "", "姓名", "电话", ""],
        &["1", "阳光小区1幢1单元101室", "自住", "王红", "10031537465", ""],
    ]);
    let tables = recognise(&sheet, &HandMap::default(), &[]);
    let [table] = tables.as_slice() else { panic!("one table") };
    assert_eq!((table.heading, table.first, table.end), (2, 4, 5));
    assert_eq!(
        meanings(table),
        [
            ("A".into(), Some(Meaning::Ignored)),
            ("B".into(), Some(Meaning::Address)),
            ("C".into(), Some(Meaning::Status)),
            ("D".into(), Some(Meaning::Name)),
            ("E".into(), Some(Meaning::Phone)),
            ("F".into(), Some(Meaning::NotKept)),
        ]
    );
}

#[test]
fn samples_are_masked() {
    let sheet = sheet(&[&["姓名", "电话", "地址"], &["王小红", "10031537465", "阳光小区1幢"]]);
    let tables = recognise(&sheet, &HandMap::default(), &[]);
    let samples: Vec<&str> = tables[0].columns.iter().map(|column| column.sample.as_str()).collect();
    assert_eq!(samples, ["王**", "1**********", "阳*****"]);
}

#[test]
fn a_second_table_further_down_has_its_own_columns() {
    let sheet = sheet(&[
        &["户主", "地址", "电话"],
        &["王红", "阳光小区1幢1单元101室", ""],
        &["第二部分"],
        &["地址", "户主", "重点户"],
        &["阳光小区1幢1单元102室", "李明", "是"],
    ]);
    let tables = recognise(&sheet, &HandMap::default(), &[]);
    assert_eq!(tables.iter().map(|table| (table.first, table.end)).collect::<Vec<_>>(), [(1, 3), (4, 5)]);
    assert_eq!(tables[1].column(Meaning::Head), Some(1));
}

#[test]
fn a_hand_mapping_is_parsed_or_refused_in_words() {
    let hand = HandMap::parse(&["B=姓名", "人口!c=出生年月", "D=忽略"]).unwrap();
    assert_eq!(hand.for_sheet("人口").get(&2), Some(&Meaning::Birth));
    assert_eq!(hand.for_sheet("其他").get(&2), None);
    for wrong in ["B", "姓名=B", "B=心情", "ZZZZ=姓名"] {
        let refused = HandMap::parse(&[wrong]).unwrap_err().to_string();
        assert!(refused.contains("例如 B=姓名") && refused.contains("for example B=name"), "{refused}");
    }
    assert!(matches!(hand.check(&[sheet(&[])]), Err(ColumnsError::NoSuchSheet { .. })));
}

#[test]
fn a_mapping_holds_for_the_same_headings_only() {
    let told = sheet(&[&["甲栏", "乙栏"], &["王红", "阳光小区1幢1单元101室"]]);
    assert!(recognise(&told, &HandMap::default(), &[]).is_empty());
    let hand = HandMap::parse(&["A=户主", "B=地址"]).unwrap();
    let mapping = recognise(&told, &hand, &[])[0].mapping().unwrap();
    let again = recognise(&told, &HandMap::default(), std::slice::from_ref(&mapping));
    assert!(again[0].columns.iter().all(|column| column.by == MatchedBy::Remembered));
    let other = sheet(&[&["甲栏", "丙栏"], &["王红", "阳光小区1幢1单元101室"]]);
    assert!(recognise(&other, &HandMap::default(), &[mapping]).is_empty());
}

#[test]
fn headings_nobody_knows_are_headings_also_when_they_are_numbered() {
    let mut hand = HandMap::default();
    let place = Place { sheet: "表".into(), row: None, column: None };
    hand.give(&place, 0, Meaning::Address);
    hand.give(&place, 1, Meaning::Head);
    let first = |lines: &[&[&str]]| recognise(&sheet(lines), &hand, &[]).first().map(|table| table.first);
    let doors: [&[&str]; 2] =
        [&["8幢1单元101室", "王红", "10031537465"], &["8幢1单元102室", "李兰", "10031537466"]];
    let under = |heading: &'static [&'static str]| first(&[heading, doors[0], doors[1]]);
    assert_eq!(under(&["位置", "甲", "乙"]), Some(1));
    assert_eq!(under(&["位置2", "甲1", "号码1"]), Some(1));
    // The first of the households below no heading is none.
    assert_eq!(first(&doors), None);
    assert_eq!(first(&[&["北街101", "王红"], &["北街102", "李兰"]]), None);
    assert_eq!(first(&[&["8幢101室", "王红"], &["8幢1单元102室", "李兰"]]), None);
}
