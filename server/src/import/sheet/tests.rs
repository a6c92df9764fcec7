use std::io::{Cursor, Write};

use super::*;

fn open_it(bytes: &[u8]) -> Result<Workbook, SheetError> {
    open("名册.xlsx", bytes, &Limits::default())
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

#[test]
fn column_letters_count_as_spreadsheets_do() {
    for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
        assert_eq!(column_letters(column), letters);
        assert_eq!(column_of(letters), Some(column));
    }
    for nothing in ["", "XFE", "1", "甲", "AAAA"] {
        assert_eq!(column_of(nothing), None);
    }
}

#[test]
fn hidden_struck_and_merged_rows_are_told() {
    let bytes = workbook(|sheet| {
        let line = rust_xlsxwriter::Format::new().set_font_strikethrough();
        sheet.merge_range(0, 0, 0, 2, "名册", &rust_xlsxwriter::Format::new()).unwrap();
        sheet.write(1, 0, "甲").unwrap();
        sheet.write(2, 0, "乙").unwrap();
        sheet.set_row_hidden(2).unwrap();
        sheet.write_with_format(3, 0, "丙", &line).unwrap();
        sheet.write_with_format(3, 1, "丁", &line).unwrap();
        sheet.set_column_hidden(1).unwrap();
    });
    let book = open_it(&bytes).unwrap();
    let sheet = book.sheets.first().unwrap();
    assert_eq!(sheet.merged, [Merge { first_row: 1, last_row: 1, first_column: 0, last_column: 2 }]);
    assert_eq!(sheet.hidden_columns, [1]);
    let told: Vec<(u32, bool, bool)> =
        sheet.rows.iter().map(|row| (row.number, row.hidden, row.struck)).collect();
    assert_eq!(told, [(1, false, false), (2, false, false), (3, true, false), (4, false, true)]);
}

#[test]
fn dates_and_formulas_arrive_as_their_values() {
    let bytes = workbook(|sheet| {
        let as_date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(1982, 8, 4).unwrap();
        sheet.write_datetime_with_format(0, 0, &day, &as_date).unwrap();
        sheet.write_formula(0, 1, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
    });
    let book = open_it(&bytes).unwrap();
    let row = book.sheets.first().and_then(|sheet| sheet.rows.first()).unwrap();
    assert_eq!(row.cell(0), &Cell::Day(NaiveDate::from_ymd_opt(1982, 8, 4).unwrap()));
    assert!(matches!(row.cell(1), Cell::Number(_)));
}

#[test]
fn csv_is_recognised_by_its_bytes() {
    let words = "姓名,地址\r\n\r\n\"王\n红\",阳光小区1幢1单元101室\r\n李明,x\r\n";
    let (gb18030, ..) = encoding_rs::GB18030.encode(words);
    let marked = [b"\xef\xbb\xbf".as_slice(), words.as_bytes()].concat();
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(words.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let forms = [
        (words.as_bytes(), Format::CsvUtf8),
        (&marked, Format::CsvUtf8),
        (&gb18030, Format::CsvGb18030),
        (&utf16, Format::CsvUtf16),
    ];
    for (bytes, format) in forms {
        let book = open("户/名册.csv", bytes, &Limits::default()).unwrap();
        assert_eq!(book.format, format);
        let sheet = book.sheets.first().unwrap();
        assert_eq!(sheet.name, "名册");
        // The empty line is row 2 and the line break within quotation marks is none.
        assert_eq!(sheet.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4]);
        assert_eq!(sheet.rows.first().unwrap().cell(1), &Cell::Text("地址".into()));
    }
}

#[test]
fn what_is_no_roster_is_refused_by_what_it_is() {
    let refused = |bytes: &[u8]| open_it(bytes).unwrap_err();
    assert_eq!(refused(b""), SheetError::Empty);
    assert_eq!(refused(b" \r\n\r\n"), SheetError::Empty);
    assert_eq!(refused(b"\x89PNG\r\n\x1a\n...."), SheetError::NotARoster { zh: "图片", en: "a picture" });
    assert!(matches!(refused(b"%PDF-1.7"), SheetError::NotARoster { .. }));
    assert!(matches!(refused(b"<html><table><tr>"), SheetError::NotARoster { en: "a web page", .. }));
    assert_eq!(refused(b"a,b\nc,\0\n"), SheetError::NotText { line: 2 });
    assert_eq!(refused(b"a,b\nc,d\ne,\xff\xff\n"), SheetError::Encoding { line: 3 });
    assert!(matches!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more"), SheetError::Damaged { .. }));
    for text in [refused(b"\x89PNG"), refused(b""), refused(b"a\0")].map(|refusal| refusal.to_string()) {
        let (zh, en) = text.split_once(" / ").unwrap();
        assert!(zh.contains("请") && en.is_ascii(), "{text}");
    }
}

#[test]
fn a_workbook_cut_off_anywhere_is_refused() {
    let bytes = workbook(|sheet| {
        for row in 0..200 {
            sheet.write(row, 0, "阳光小区").unwrap();
        }
    });
    for part in 1..20 {
        let cut = bytes.len() * part / 20;
        assert!(open_it(&bytes[..cut]).is_err(), "cut at {cut} of {}", bytes.len());
    }
    let mut broken = bytes.clone();
    for at in (30..bytes.len()).step_by(97) {
        broken[at] ^= 0x5a;
    }
    assert!(open_it(&broken).is_err());
}

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_zip_bomb_is_stopped_at_the_limit() {
    let zeroes = vec![b' '; 30_000_000];
    let bomb = packed(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &zeroes)]);
    assert!(bomb.len() < 100_000);
    let limits = Limits { unpacked_bytes: 5_000_000, ..Limits::default() };
    assert_eq!(open("a.xlsx", &bomb, &limits), Err(SheetError::Unpacks { limit: 5 }));
    let other = packed(&[("word/document.xml", b"<w/>")]);
    assert_eq!(open_it(&other), Err(SheetError::NotARoster { zh: "Word 文档", en: "a Word document" }));
}

#[test]
fn one_cell_in_the_last_corner_costs_nothing_and_is_refused_by_its_place() {
    let bytes = workbook(|sheet| {
        sheet.write(0, 0, "姓名").unwrap();
        sheet.write(1_048_575, 16_383, "x").unwrap();
    });
    let refused = open_it(&bytes).unwrap_err();
    assert_eq!(
        refused,
        SheetError::TooManyRows { sheet: "Sheet1".into(), row: 1_048_576, limit: Limits::default().rows }
    );
    let wide = workbook(|sheet| {
        sheet.write(4, 700, "x").unwrap();
    });
    assert_eq!(
        open_it(&wide),
        Err(SheetError::TooManyColumns { sheet: "Sheet1".into(), row: 5, column: "ZY".into(), limit: 256 })
    );
}

#[test]
fn one_long_text_named_many_times_counts_in_every_cell() {
    let long = "长".repeat(10_000);
    let bytes = workbook(|sheet| {
        for row in 0..200 {
            sheet.write(row, 0, &long).unwrap();
        }
    });
    assert!(bytes.len() < 100_000);
    let limits = Limits { text_bytes: 1_000_000, ..Limits::default() };
    assert_eq!(open("a.xlsx", &bytes, &limits), Err(SheetError::TooMuchText { limit: 1 }));
    assert!(open_it(&bytes).is_ok());
    let short = Limits { cell_chars: 9_999, ..Limits::default() };
    let refused = SheetError::CellTooLong { sheet: "Sheet1".into(), row: 1, column: "A".into() };
    assert_eq!(open("a.xlsx", &bytes, &short), Err(refused));
}

#[test]
fn a_cell_in_the_last_column_counts_with_the_empty_ones_before_it() {
    let bytes = workbook(|sheet| {
        for row in 0..100 {
            sheet.write(row, 255, 1).unwrap();
        }
    });
    let limits = Limits { cells: 20_000, ..Limits::default() };
    assert_eq!(open("a.xlsx", &bytes, &limits), Err(SheetError::TooManyCells { limit: 20_000 }));
    assert!(open("a.xlsx", &bytes, &Limits { cells: 26_000, ..Limits::default() }).is_ok());
    let text = format!("{}x\n", ",".repeat(255)).repeat(100);
    assert_eq!(open("a.csv", text.as_bytes(), &limits), Err(SheetError::TooManyCells { limit: 20_000 }));
    let none = Limits { sheets: 0, ..Limits::default() };
    assert_eq!(open("a.xlsx", &bytes, &none), Err(SheetError::TooManySheets { limit: 0 }));
}

#[test]
fn xls_is_refused_where_it_is_not_read() {
    let bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more";
    let web = Limits { reads_xls: false, ..Limits::default() };
    assert_eq!(open("a.xls", bytes, &web), Err(SheetError::OldFormat));
    assert!(matches!(open("a.xls", bytes, &Limits::default()), Err(SheetError::Damaged { .. })));
}

#[test]
fn a_quotation_mark_never_closed_is_found_by_its_place() {
    let text = format!("姓名,地址\n王红,\"{}", "很长,".repeat(20_000));
    let refused = open("a.csv", text.as_bytes(), &Limits::default()).unwrap_err();
    assert_eq!(refused, SheetError::CellTooLong { sheet: "a".into(), row: 2, column: "B".into() });
}
