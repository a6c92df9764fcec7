use chrono::NaiveDate;
use proptest::prelude::*;
use ruhu_core::category::PartDate;

use super::*;

fn text(words: &str) -> Cell {
    Cell::Text(words.to_owned())
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn read_date(cell: &Cell) -> (Option<String>, Vec<Code>) {
    let mut said = Vec::new();
    (date(cell, false, None, today(), &mut said).map(|date| date.to_string()), said)
}

fn read_identity(cell: &Cell) -> (Option<String>, Vec<Code>) {
    let mut said = Vec::new();
    (identity(cell, &mut said).map(|one| one.digits().to_owned()), said)
}

#[test]
fn dates_are_understood_as_people_write_them() {
    for (written, meant) in [
        ("2026-03-05", "2026-03-05"),
        ("1985.3.5", "1985-03-05"),
        ("2026/3/5", "2026-03-05"),
        ("19850305", "1985-03-05"),
        ("2026年3月5日", "2026-03-05"),
        ("１９８５年３月", "1985-03"),
        ("85年3月", "1985-03"),
        ("1985.03", "1985-03"),
        ("198503", "1985-03"),
        ("1985", "1985"),
        ("1985年", "1985"),
        ("30167", "1982-08-04"),
        ("2026-03-05 14:30", "2026-03-05"),
    ] {
        assert_eq!(read_date(&text(written)).0.as_deref(), Some(meant), "{written}");
    }
    assert_eq!(read_date(&Cell::Number(30167.0)).0.as_deref(), Some("1982-08-04"));
    assert_eq!(read_date(&Cell::Number(1.0)).0.as_deref(), Some("1900-01-01"));
    assert_eq!(read_date(&Cell::Number(1985.0)).0.as_deref(), Some("1985"));
    assert_eq!(read_date(&Cell::Number(19_850_305.0)).0.as_deref(), Some("1985-03-05"));
}

#[test]
fn a_date_in_iso_is_not_remarked_on_and_others_are() {
    assert_eq!(read_date(&text("1985-03-05")).1, []);
    assert_eq!(read_date(&text("1985.3.5")).1, [Code::DateConverted]);
    assert_eq!(read_date(&text("03年3月")).1, [Code::DateConverted, Code::CenturyAssumed]);
    assert_eq!(read_date(&text("2027-01-01")), (None, vec![Code::DateFuture]));
    for nonsense in ["1985-13-01", "明天", "1985-02-30", "12345678901", "99"] {
        assert_eq!(read_date(&text(nonsense)), (None, vec![Code::DateUnread]), "{nonsense}");
    }
}

#[test]
fn the_identity_number_settles_the_century() {
    let mut said = Vec::new();
    let hint = NaiveDate::from_ymd_opt(1921, 5, 1);
    let read = date(&text("21年5月"), false, hint, today(), &mut said);
    assert_eq!(read, Some(PartDate::Month(1921, 5)));
    assert_eq!(said, [Code::DateConverted]);
}

#[test]
fn sheets_counting_from_1904_are_four_years_later() {
    let mut said = Vec::new();
    let read = date(&Cell::Number(28_705.0), true, None, today(), &mut said);
    assert_eq!(read.map(|read| read.to_string()).as_deref(), Some("1982-08-04"));
}

#[test]
fn identity_numbers_of_the_standard_are_right() {
    // The two vectors of GB 11643-1999, and one of the unassigned area 99.
    for number in ["11010519491231002X", "440524188001010014", "990001199001010013"] {
        assert_eq!(read_identity(&text(number)), (Some(number.to_owned()), vec![]));
    }
}

#[test]
fn identity_numbers_are_tidied_and_said() {
    let right = Some("11010519491231002X".to_owned());
    assert_eq!(read_identity(&text("11010519491231002x")), (right.clone(), vec![Code::IdLowerX]));
    assert_eq!(
        read_identity(&text("１１０１０５１９４９１２３１００２Ｘ")),
        (right.clone(), vec![Code::IdFullWidth])
    );
    assert_eq!(read_identity(&text(" 110105 19491231 002X ")), (right, vec![]));
    assert_eq!(read_identity(&text("990001900101001")).1, [Code::IdFirstGeneration]);
}

#[test]
fn digits_a_spreadsheet_destroyed_are_never_guessed() {
    assert_eq!(read_identity(&Cell::Number(9.980_941_956_101_73e17)), (None, vec![Code::IdDigitsLost]));
    assert_eq!(read_identity(&text("9.98094E+17")), (None, vec![Code::IdDigitsLost]));
    assert_eq!(read_identity(&text("990001199001010000")), (None, vec![Code::IdDigitsLost]));
    assert_eq!(read_identity(&text("990001199001010014")), (None, vec![Code::IdCheckDigit]));
    assert_eq!(read_identity(&text("99000119900101")), (None, vec![Code::IdShape]));
}

#[test]
fn telephones_are_split_and_a_lost_zero_is_said_not_added() {
    let read = |cell: &Cell| {
        let mut said = Vec::new();
        (phones(cell, &mut said), said)
    };
    let two = vec!["10031537465".to_owned(), "10062930214".to_owned()];
    for written in
        ["10031537465/10062930214", "10031537465;10062930214", "10031537465、１００６２９３０２１４"]
    {
        assert_eq!(read(&text(written)), (two.clone(), vec![Code::PhoneSeveral]), "{written}");
    }
    assert_eq!(read(&Cell::Number(10_031_537_465.0)), (vec!["10031537465".to_owned()], vec![]));
    assert_eq!(read(&text("022-2345 6789")), (vec!["02223456789".to_owned()], vec![]));
    assert_eq!(read(&text("10031537465 10062930214")), (two, vec![Code::PhoneSeveral]));
    assert_eq!(read(&text("0315-2345678")), (vec!["03152345678".to_owned()], vec![]));
    assert_eq!(
        read(&Cell::Number(3_152_345_678.0)),
        (vec!["3152345678".to_owned()], vec![Code::PhoneZeroLost])
    );
    assert_eq!(read(&text("+86 10031537465")), (vec!["10031537465".to_owned()], vec![]));
    assert_eq!(read(&text("1.00315E+10")), (vec![], vec![Code::PhoneUnread]));
    assert_eq!(read(&text("无")), (vec![], vec![]));
}

#[test]
fn names_keep_rare_characters_and_the_middle_dot() {
    let read = |written: &str| name(&text(written), &mut Vec::new());
    assert_eq!(read("　𠮷田 ").as_deref(), Some("𠮷田"));
    assert_eq!(read("李 明").as_deref(), Some("李明"));
    assert_eq!(read("古丽•阿依").as_deref(), Some("古丽·阿依"));
    assert_eq!(read("Jose Mccormick").as_deref(), Some("Jose Mccormick"));
    assert_eq!(read("无"), None);
    let mut said = Vec::new();
    assert_eq!(name(&text("10031537465"), &mut said), None);
    assert_eq!(said, [Code::NameUnread]);
}

#[test]
fn categories_are_split_by_whatever_stands_between_them() {
    for written in [
        "流动人口,残疾人",
        "流动人口、残疾人",
        "流动人口/残疾人",
        "流动人口 残疾人",
        "流动人口，残疾人",
        "流动人口；残疾",
    ] {
        let mut said = Vec::new();
        assert_eq!(
            categories(&text(written), &mut said),
            BTreeSet::from([Category::Migrant, Category::Disabled]),
            "{written}"
        );
        assert_eq!(said, []);
    }
    let mut said = Vec::new();
    assert_eq!(categories(&text("育(孕)龄妇女"), &mut said), BTreeSet::from([Category::ChildbearingAge]));
    assert_eq!(categories(&text("社区矫正、滑冰"), &mut said), BTreeSet::new());
    assert_eq!(said, [Code::CategoryRefused, Code::CategoryUnknown]);
}

#[test]
fn the_addresses_of_the_public_manual_are_taken_apart() {
    let read = |written: &str| {
        let read = address(&text(written), &mut Vec::new()).unwrap();
        [read.estate, read.building, read.stair, read.door, read.remainder].join("|")
    };
    assert_eq!(read("阳光小区1幢1单元101室"), "阳光小区|1|1|101|");
    assert_eq!(read("佳和国小区24号楼2单元602"), "佳和国小区|24|2|602|");
    assert_eq!(read("芳园南里西区8号楼C段"), "芳园南里西区|8|||C段");
    assert_eq!(read("北京市宣武区新安中里5-1-101号"), "北京市宣武区新安中里|5|1|101|");
    assert_eq!(read("深圳龙岗区雅豪苑6栋3单元301号"), "深圳龙岗区雅豪苑|6|3|301|");
    assert_eq!(read("纺织三村１幢４单元２０１室"), "纺织三村|1|4|201|");
    assert_eq!(read("新安里12号"), "新安里|||12|");
    assert_eq!(read("建设里甲幢2单元3层301"), "建设里|甲幢|2|301|");
    assert_eq!(read("老街口"), "||||老街口");
}

#[test]
fn an_address_in_six_columns_equals_the_one_in_one_cell() {
    let mut said = Vec::new();
    let cells = ["阳光小区", "1幢", "2单元", "", "501室"].map(text);
    let [estate, building, stair, floor, door] = &cells;
    let parts = address_of_parts(estate, building, stair, floor, door, &mut said).unwrap();
    assert_eq!(Some(parts), address(&text("阳光小区1幢2单元501室"), &mut said));
    assert_eq!(said, []);
}

#[test]
fn an_empty_house_is_not_a_head_by_that_name() {
    for written in ["(空)", "（空）", "空置", " 空 "] {
        assert_eq!(head(&text(written), &mut Vec::new()), Some(HeadCell::Vacant), "{written}");
    }
    assert_eq!(head(&text("空明月"), &mut Vec::new()), Some(HeadCell::Name("空明月".into())));
}

proptest! {
    #[test]
    fn no_text_whatever_breaks_a_reader(written in "\\PC{0,40}", number in any::<f64>()) {
        for cell in [text(&written), Cell::Number(number)] {
            let mut said = Vec::new();
            let _ = (words(&cell, &mut said), name(&cell, &mut said), head(&cell, &mut said));
            let _ = (identity(&cell, &mut said), phones(&cell, &mut said), categories(&cell, &mut said));
            let _ = (date(&cell, false, None, today(), &mut said), date(&cell, true, Some(today()), today(), &mut said));
            let _ = (address(&cell, &mut said), yes_no(&cell, &mut said), status(&cell, &mut said));
            let _ = (sex(&cell, &mut said), relation(&cell, &mut said), label(&cell, &["幢"], &mut said));
            let _ = address_of_parts(&cell, &cell, &cell, &cell, &cell, &mut said);
        }
    }

    #[test]
    fn rubbish_made_of_the_right_signs_breaks_nothing_either(
        written in "[0-9０-９年月日幢号楼单元室\\-./XxEe+ 、;负层门A-C]{0,24}"
    ) {
        let cell = text(&written);
        let mut said = Vec::new();
        let _ = (identity(&cell, &mut said), phones(&cell, &mut said), address(&cell, &mut said));
        let _ = (date(&cell, false, None, today(), &mut said), label(&cell, &["幢", "号楼"], &mut said));
    }

    #[test]
    fn tidying_twice_is_tidying_once(written in "\\PC{0,40}") {
        prop_assert_eq!(tidy(&tidy(&written)), tidy(&written));
    }

    #[test]
    fn every_written_day_reads_as_that_day(days in 0u64..46_000) {
        let day = NaiveDate::from_ymd_opt(1900, 3, 1).unwrap() + chrono::Days::new(days);
        for form in ["%Y-%m-%d", "%Y.%-m.%-d", "%Y/%-m/%-d", "%Y年%-m月%-d日", "%Y%m%d"] {
            let read = read_date(&text(&day.format(form).to_string())).0;
            prop_assert_eq!(read, Some(day.to_string()));
        }
    }

    #[test]
    fn one_wrong_digit_never_passes(body in "99[0-9]{4}19[0-9]{2}0[1-9]1[0-9][0-9]{3}", at in 0usize..17, by in 1u8..10) {
        let number = (0..11u32)
            .map(|nth| format!("{body}{}", if nth == 10 { "X".to_owned() } else { nth.to_string() }))
            .find(|number| read_identity(&text(number)).0.is_some())
            .unwrap();
        let mut wrong: Vec<u8> = number.into_bytes();
        wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
        prop_assert_eq!(read_identity(&text(&String::from_utf8(wrong).unwrap())).0, None);
    }
}
