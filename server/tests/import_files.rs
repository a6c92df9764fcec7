//! Rosters made here, with the traps of real ones, so that the story does not depend on files from elsewhere.

#![expect(clippy::unwrap_used, reason = "a test that cannot make its file has failed")]

use chrono::NaiveDate;
use ruhu_core::ids::CommunityId;
use ruhu_server::import;
use ruhu_server::import::finding::{Code, Finding, Place, Severity};
use ruhu_server::import::plan::{SourceSnapshot, plan};
use ruhu_server::import::roster::{ReadRoster, ReadSettings};
use ruhu_server::import::sheet::Limits;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

fn settings() -> ReadSettings {
    ReadSettings::new(NaiveDate::from_ymd_opt(2026, 11, 21).unwrap())
}

fn read(book: &mut Workbook) -> ReadRoster {
    let bytes = book.save_to_buffer().unwrap();
    import::read("名册.xlsx", &bytes, &Limits::default(), &settings()).unwrap()
}

fn fill(sheet: &mut Worksheet, first: u32, rows: &[&[&str]]) {
    for (row, line) in (first..).zip(rows) {
        for (column, text) in (0..).zip(*line).filter(|(_, text)| !text.is_empty()) {
            sheet.write(row, column, *text).unwrap();
        }
    }
}

fn has(roster: &ReadRoster, place: (&str, Option<u32>, Option<u16>), code: &Code) -> bool {
    let (sheet, row, column) = place;
    let wanted = Finding { place: Place { sheet: sheet.into(), row, column }, code: code.clone() };
    roster.findings.contains(&wanted)
}

/// One sheet as people keep it.
fn messy() -> Workbook {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("底册").unwrap();
    sheet.merge_range(0, 0, 0, 7, "某社区入户走访底册", &Format::new()).unwrap();
    fill(
        sheet,
        1,
        &[
            &["填报单位：某社区"],
            &["网格", "详细地址", "房屋情况", "重点户", "人员信息", "", "", "", "户号"],
            &["网格", "详细地址", "房屋情况", "重点户", "姓名", "公民身份号码", "出生年月", "电话", "户号"],
            &[
                "第1网格",
                "阳光小区1幢1单元101室",
                "自住",
                "√",
                "𠮷红",
                "９９０００１１９９００１０１００１３",
                "90年1月",
                "10000000001/10000000002",
                "H1",
            ],
            &["", "", "", "", " 古丽·阿依", "", "1991.3.5", "", ""],
            &["第1网格", "阳光小区1幢1单元102室", "出租", "", "李明", "", "", "", "H2"],
            &["第1网格", "阳光小区1幢1单元201室", "空置", "", "", "", "", "", "H3"],
            &["合计", "", "3"],
        ],
    );
    sheet.write(5, 5, 9.980_941_956_101_73e17).unwrap();
    sheet.write(5, 6, 33_302).unwrap();
    sheet.set_row_hidden(5).unwrap();
    let struck = Format::new().set_font_strikethrough();
    for (column, text) in ["第1网格", "阳光小区1幢1单元102室", "出租", "", "李明"].iter().enumerate()
    {
        sheet.write_with_format(6, u16::try_from(column).unwrap(), *text, &struck).unwrap();
    }
    book.add_worksheet().set_name("Sheet2").unwrap();
    book
}

#[test]
fn a_workbook_as_people_keep_it_is_read_with_every_trap_said_at_its_place() {
    let roster = read(&mut messy());
    let counts = &roster.counts;
    assert_eq!((counts.dwellings, counts.households, counts.persons), (3, 2, 3));
    assert_eq!((counts.key_households, counts.vacant, counts.rented), (1, 1, 1));
    let names: Vec<&str> = roster.households[0].members.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["𠮷红", "古丽·阿依"]);
    assert!(roster.households[1].struck);
    for (row, column, code) in [
        (Some(5), Some(5), Code::IdFullWidth),
        (Some(5), Some(6), Code::DateConverted),
        (Some(5), Some(7), Code::PhoneSeveral),
        (Some(6), Some(5), Code::IdDigitsLost),
        (Some(6), Some(6), Code::DateConverted),
        (Some(6), None, Code::RowHidden),
        (Some(7), None, Code::RowStruck),
        (Some(9), None, Code::RowTotal),
        (None, Some(5), Code::IdNotKept { count: 1 }),
    ] {
        assert!(has(&roster, ("底册", row, column), &code), "{row:?} {column:?} {code:?}");
    }
    assert!(has(&roster, ("Sheet2", None, None), &Code::SheetEmpty));
}

#[test]
fn two_sheets_are_joined_whichever_comes_first() {
    let mut book = Workbook::new();
    let people = book.add_worksheet().set_name("人口").unwrap();
    fill(
        people,
        0,
        &[
            &["户编号", "姓名", "与户主关系"],
            &["H1", "王红", "户主"],
            &["H1", "雷涛", "配偶"],
            &["H9", "钱涛", "户主"],
            &["", "无户", "户主"],
        ],
    );
    let doors = book.add_worksheet().set_name("房屋").unwrap();
    fill(
        doors,
        0,
        &[
            &["户编号", "小区", "幢", "单元", "室", "房屋状态", "户主姓名"],
            &["H1", "阳光小区", "1幢", "1", "101", "自住", "王红"],
            &["H2", "阳光小区", "1幢", "1", "102", "自住", "李明"],
        ],
    );
    let roster = read(&mut book);
    // Households that stand in no list of dwellings are kept, without an address.
    assert_eq!((roster.counts.dwellings, roster.counts.households, roster.counts.persons), (4, 4, 5));
    assert!(has(&roster, ("人口", Some(5), None), &Code::HouseholdUnknown));
    assert!(has(&roster, ("人口", Some(4), None), &Code::HouseholdUnknown));
    let by_key: Vec<(&str, usize)> =
        roster.households.iter().map(|home| (home.key.as_str(), home.members.len())).collect();
    assert_eq!(by_key[..3], [("code:H1", 2), ("code:H2", 1), ("code:H9", 1)]);
}

#[test]
fn a_corrected_workbook_updates_the_same_ids() {
    let community = CommunityId::from_bytes([3; 16]);
    let first = plan(community, &SourceSnapshot::default(), &read(&mut messy()));
    let again = plan(community, &first.next, &read(&mut messy()));
    assert!(again.is_empty());
    let mut book = messy();
    book.worksheet_from_name("底册").unwrap().write(6, 2, "自住").unwrap();
    let corrected = plan(community, &first.next, &read(&mut book));
    let [home] = corrected.households.as_slice() else { panic!("one household changed") };
    assert!(first.households.iter().any(|known| known.id == home.id));
    assert_eq!(home.fields.iter().map(|change| change.field.as_str()).collect::<Vec<_>>(), ["p/tenure"]);
}

#[test]
fn every_finding_speaks_both_languages_and_shows_the_way_out() {
    for finding in read(&mut messy()).findings {
        let shown = finding.to_string();
        let (zh, en) = shown.split_once(" / ").unwrap();
        assert!(zh.contains(['；', ';']) && en.contains(';'), "{shown}");
        assert!(en.is_ascii() || en.contains('“'), "{shown}");
        assert!(finding.severity() <= Severity::Unread);
    }
}
