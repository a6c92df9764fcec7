use calamine::Range;
use ruhu_core::closing::Figures;

use super::*;
use crate::report::sample::{files, quarter, report_of};

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn keys() -> Vec<String> {
    vec![hex(key().verifying_key().as_bytes())]
}

fn signed() -> SignedReport {
    SignedReport::sign(report_of(&files()), &key())
}

fn amendment(number: u32, previous: Hash32) -> Amendment {
    Amendment {
        period: quarter(),
        number,
        previous,
        cause: Hash32([5; 32]),
        units: Vec::new(),
        total: Figures { due: 11, done: 7, deducted: 3, ..Figures::default() },
        grids: Vec::new(),
    }
}

fn sheet_of(file: &[u8], name: &str) -> Range<Data> {
    open(file).unwrap().worksheet_range(name).unwrap()
}

#[test]
fn made_again_the_files_are_the_same_byte_for_byte() {
    assert_eq!(signed().to_json(), signed().to_json());
    assert_eq!(signed().to_xlsx().unwrap(), signed().to_xlsx().unwrap());
}

#[test]
fn both_files_verify_with_the_hubs_key() {
    let keys = keys();
    assert_eq!(SignedReport::verify(&signed().to_json(), &keys).unwrap(), signed());
    assert_eq!(SignedReport::verify(&signed().to_xlsx().unwrap(), &keys).unwrap(), signed());
    assert!(matches!(SignedReport::verify(&signed().to_json(), &[]), Err(SealError::ForeignKey)));
    assert!(matches!(SignedReport::verify(b"hello", &keys), Err(SealError::NotAReport)));
    assert!(matches!(SignedReport::verify(b"PK\x03\x04", &keys), Err(SealError::NotAReport)));
}

#[test]
fn a_changed_number_is_found() {
    let text = String::from_utf8(signed().to_json()).unwrap();
    let changed = text.replacen("\"done\":6", "\"done\":9", 1);
    assert_ne!(text, changed);
    assert!(matches!(SignedReport::verify(changed.as_bytes(), &keys()), Err(SealError::Changed)));
    let padded = format!("{{\"more\":1,{}", text.trim_start_matches('{'));
    assert!(matches!(SignedReport::verify(padded.as_bytes(), &keys()), Err(SealError::Changed)));
}

#[test]
fn a_sheet_whose_cells_say_something_else_than_was_signed_is_found() {
    let mut better = signed();
    better.report.grids[0].counted.tally.done = 9;
    // The forger shows better cells and carries the genuine document.
    let carried = String::from_utf8(signed().to_json()).unwrap();
    let forged = sheet::render(&book(&better), &carried).unwrap();
    match SignedReport::verify(&forged, &keys()) {
        Err(SealError::CellChanged { sheet, row }) => {
            assert_eq!((sheet.as_str(), row), ("入户走访统计表", 4))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn amendments_are_added_without_touching_the_closed_report() {
    let closed = signed();
    let day = "2026-10-12".parse().unwrap();
    let (first, second) = (Hash32([1; 32]), Hash32([2; 32]));
    let amended = signed().amended(
        vec![(amendment(1, Hash32([9; 32])), first, day), (amendment(2, first), second, day)],
        &key(),
    );
    assert_eq!(amended.report.canonical(), closed.report.canonical());
    assert_eq!((amended.hash, &amended.signature), (closed.hash, &closed.signature));
    assert!(SignedReport::verify(&amended.to_xlsx().unwrap(), &keys()).is_ok());
    let shown = sheet_of(&amended.to_xlsx().unwrap(), "更正");
    assert_eq!(shown.get_value((3, 0)), Some(&Data::Float(1.0)));
    let mut cut_out = amended.clone();
    cut_out.amendments.remove(0);
    assert!(matches!(cut_out.check(), Err(SealError::Unlinked { number: 2 })));
    let mut edited = amended;
    edited.amendments[1].amendment.total.done = 8;
    assert!(matches!(edited.check(), Err(SealError::BadSignature)));
}

#[test]
fn the_sheet_reads_back_as_the_report_says() {
    let file = signed().to_xlsx().unwrap();
    let main = sheet_of(&file, "入户走访统计表");
    let heads: Vec<String> = main.rows().nth(2).unwrap().iter().map(ToString::to_string).collect();
    let at = |title: &str| u32::try_from(heads.iter().position(|head| head == title).unwrap()).unwrap();
    let cell = |row: u32, title: &str| main.get_value((row, at(title))).cloned();
    assert_eq!(cell(3, "应访户"), Some(Data::Float(10.0)));
    assert_eq!(cell(3, "入户率(核减后)"), Some(Data::Float(0.8571)), "cut, not rounded");
    assert_eq!(cell(5, "入户率(严)"), Some(Data::String("—".into())), "nothing was due");
    assert_eq!(cell(6, "社区"), Some(Data::String("合计".into())));
    assert_eq!(cell(6, "应访户"), Some(Data::Float(11.0)));
    let list = sheet_of(&file, "未访户清单");
    assert_eq!(
        list.rows().skip(3).filter(|row| row[1] != Data::Empty).count(),
        signed().report.outstanding.len()
    );
    let extra = sheet_of(&file, "核减清单");
    assert_eq!(
        extra.rows().skip(3).filter(|row| row[1] != Data::Empty).count(),
        signed().report.deductions.len()
    );
}

#[test]
fn a_name_that_looks_like_a_formula_stays_words() {
    let file = signed().to_xlsx().unwrap();
    let mut book = open(&file).unwrap();
    let main = book.worksheet_range("入户走访统计表").unwrap();
    assert_eq!(main.get_value((4, 2)), Some(&Data::String("=HYPERLINK(\"x\")".into())));
    let formulas = book.worksheet_formula("入户走访统计表").unwrap();
    assert!(formulas.used_cells().all(|(.., formula)| formula.is_empty()));
}
