//! Files that are no roster, and what is hidden in those that are: each is refused or defused, and told.

use std::io::{Cursor, Write};

use axum::http::StatusCode;
use rust_xlsxwriter::{Formula, Workbook};

use super::acting::{lead, said};
use super::roster::{book, read};
use super::world::{COMMUNITY, World};

/// A workbook's package with a part that unpacks to more than is read.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/media/picture.bin", zip::write::SimpleFileOptions::default()).unwrap();
    let zeroes = vec![0; 1_000_000];
    for _ in 0..205 {
        zip.write_all(&zeroes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// What a spreadsheet with a password is: a compound file around something encrypted.
fn locked() -> Vec<u8> {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.extend([0; 600]);
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

#[tokio::test]
async fn what_is_no_roster_is_refused_on_the_page_by_what_it_is_and_not_kept() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let wide = {
        let mut book = Workbook::new();
        book.add_worksheet().write(4, 700, "x").unwrap();
        book.save_to_buffer().unwrap()
    };
    let whole = book(&["网格", "地址", "户主"], &[&["第1网格", "8幢1单元101室", "王建国"]]);
    let files: [(&str, Vec<u8>, &str); 12] = [
        ("a.xlsx", Vec::new(), "没有收到文件"),
        ("a.csv", b" \r\n".to_vec(), "文件是空的"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n....".to_vec(), "这是图片,不是名册"),
        ("a.xls", b"<html><table><tr>".to_vec(), "这是网页,不是名册"),
        ("a.xlsx", locked(), "文件设有打开密码"),
        ("a.xlsx", bomb(), "文件解开后超过 200 MB"),
        ("a.xlsx", vec![b'a'; 20_000_001], "文件超过 20 MB"),
        ("a.xlsx", whole[..whole.len() / 2].to_vec(), "文件已损坏或不完整"),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more".to_vec(),
            "旧格式 .xls。请在 Excel 或 WPS 中打开,另存为 .xlsx 或 .csv",
        ),
        ("a.xlsx", wide, "在 ZY 列还有内容,超过 256 列"),
        ("a.csv", b"a,b\nc,\0\n".to_vec(), "第 2 行不是文字"),
        ("a.csv", b"a,b\nc,d\ne,\xff\xff\n".to_vec(), "第 3 行的文字无法识别"),
    ];
    for (name, bytes, why) in files {
        let answer = browser.upload("/roster", name, &bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        let html = answer.html();
        assert!(said(&html).contains(why), "{why}: {}", said(&html));
        assert!(html.contains("type=\"file\""), "the page stays, with its form");
    }
    // Not a form with a file at all.
    let answer = browser.post("/roster", &[("file", "a.xlsx")]).await;
    assert!(said(&answer.html()).contains("没有收到文件"));
    let account = world.hub.accounts().unwrap()[0].id;
    assert_eq!(world.hub.uploads(COMMUNITY, account).unwrap(), []);
}

#[tokio::test]
async fn a_refusal_speaks_the_language_of_the_page() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let answer = browser.upload("/roster?lang=en", "a.xlsx", b"%PDF-1.7 ...").await;
    assert!(said(&answer.html()).contains("This is a PDF, not a roster."), "{}", said(&answer.html()));
}

#[tokio::test]
async fn formulas_and_links_are_read_as_what_they_show_and_told() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let bytes = {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("=cmd").unwrap();
        for (column, heading) in (0u16..).zip(["网格", "地址", "户主", "联系电话"]) {
            sheet.write(0, column, heading).unwrap();
        }
        sheet.write(1, 0, "第1网格").unwrap();
        sheet.write(1, 1, "阳光小区8幢1单元101室").unwrap();
        let shows = Formula::new("=HYPERLINK(\"http://evil.example\")").set_result("王建国");
        sheet.write_formula(1, 2, shows).unwrap();
        sheet.write_url(1, 3, "http://evil.example").unwrap();
        book.save_to_buffer().unwrap()
    };
    let (at, shown) = read(&mut browser, "=1+1.xlsx", &bytes).await;
    let html = shown.html();
    assert!(html.contains("1 个单元格是公式,只读取其上次算出的值"), "{html}");
    assert!(html.contains("1 个单元格带有链接") && html.contains("户室 1 · 户 1 · 人 1"), "{html}");
    assert!(html.contains("王*") && !html.contains("evil.example"), "{html}");

    // The findings as a workbook: a sheet's name that looks like a formula is words there.
    let export = browser.get(&format!("{at}/findings.xlsx")).await;
    assert_eq!(export.status, StatusCode::OK);
    use ruhu_server::import::sheet::{Cell, Limits, open};
    let book = open("a.xlsx", &export.bytes, &Limits::default()).unwrap();
    assert_eq!(book.sheets[0].formulas, 0);
    let names: Vec<&Cell> = book.sheets[0].rows.iter().map(|row| row.cell(1)).collect();
    assert!(names.contains(&&Cell::Text("=cmd".into())), "{names:?}");
}

#[tokio::test]
async fn findings_are_listed_by_kind_and_by_page() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let doors: Vec<String> = (1..=120).map(|nth| format!("阳光小区8幢1单元{nth}室")).collect();
    let rows: Vec<[&str; 4]> = doors.iter().map(|door| ["第1网格", door, "王建国", "12"]).collect();
    let rows: Vec<&[&str]> = rows.iter().map(<[&str; 4]>::as_slice).collect();
    let (at, shown) = read(&mut browser, "a.xlsx", &book(&["网格", "地址", "户主", "电话"], &rows)).await;
    let html = shown.html();
    assert!(html.contains("kind=phone_unread\">120</a>"), "{html}");
    let list = browser.get(&format!("{at}/findings?kind=phone_unread")).await.html();
    assert!(
        list.contains("共 120 条") && list.contains("第 1 页,共 2 页") && list.contains("底册!D2"),
        "{list}"
    );
    let next = browser.get(&format!("{at}/findings?kind=phone_unread&page=2")).await.html();
    assert_eq!(next.matches("底册!D").count(), 20, "{next}");
    let none = browser.get(&format!("{at}/findings?severity=note&kind=%22%3E")).await.html();
    assert!(none.contains("没有事项") && !none.contains("\">&"), "{none}");
}
