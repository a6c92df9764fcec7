//! What a file is by its first bytes; extensions lie too often.

use super::SheetError;

/// The three containers a roster comes in.
pub(super) enum Kind {
    /// A zip package: xlsx, or something else zipped.
    Zip,
    /// The old compound file: xls, et, or a locked xlsx.
    Ole,
    /// Separated text.
    Text,
}

/// First bytes of files people choose by mistake.
const STRANGERS: &[(&[u8], &str, &str)] = &[
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"BM", "图片", "a picture"),
    (b"%PDF", "PDF 文件", "a PDF"),
    (b"Rar!", "压缩包", "an archive"),
    (b"7z\xbc\xaf", "压缩包", "an archive"),
    (b"\x1f\x8b", "压缩包", "an archive"),
    (b"SQLite format 3", "数据库", "a database"),
    (b"{\\rtf", "文档", "a document"),
    (b"<?xml", "XML 文件", "an XML file"),
];

pub(super) fn of(bytes: &[u8]) -> Result<Kind, SheetError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(SheetError::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Zip);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(Kind::Ole);
    }
    let stranger = STRANGERS.iter().find(|(start, ..)| bytes.starts_with(start) && !is_heading(start, bytes));
    if let Some((_, zh, en)) = stranger {
        return Err(SheetError::NotARoster { zh, en });
    }
    // Many office systems "export to Excel" a web page under the name .xls.
    let start: Vec<u8> = bytes.iter().take(1024).map(u8::to_ascii_lowercase).collect();
    let is_page = |tag: &[u8]| start.windows(tag.len()).any(|window| window == tag);
    if is_page(b"<html") || is_page(b"<table") {
        return Err(SheetError::NotARoster { zh: "网页", en: "a web page" });
    }
    Ok(Kind::Text)
}

/// A heading may begin with the letters BM; a bitmap has a NUL within its first bytes.
fn is_heading(start: &[u8], bytes: &[u8]) -> bool {
    start == b"BM" && !bytes.iter().take(14).any(|byte| *byte == 0)
}
