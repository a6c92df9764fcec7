//! Roster files.

use std::io::{Cursor, Write};

use chrono::NaiveDate;
use ruhu_core::ids::CommunityId;
use ruhu_server::import::plan::{SourceSnapshot, plan};
use ruhu_server::import::roster::ReadSettings;
use ruhu_server::import::sheet::Limits;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Parts of a workbook in the corpus stand one after the other, with this between them.
pub(crate) const BETWEEN: &[u8] = b"\n%%\n";

/// Smaller than the hub's, so that a large file is told from a slow reader.
const LIMITS: Limits = Limits {
    file_bytes: 1_000_000,
    unpacked_bytes: 4_000_000,
    rows: 2_000,
    columns: 256,
    cell_chars: 32_767,
    cells: 1_000_000,
    text_bytes: 10_000_000,
    sheets: 20,
    // Its reader makes room before anything can stop it: a known hole, for whoever has a shell.
    reads_xls: false,
};

/// Any file.
pub(crate) fn sheet(bytes: &[u8]) {
    let settings = ReadSettings::new(NaiveDate::from_ymd_opt(2026, 7, 5).unwrap_or_default());
    if let Ok(read) = ruhu_server::import::read("名册.csv", bytes, &LIMITS, &settings) {
        let community = CommunityId::from_bytes([4; 16]);
        let planned = plan(community, &SourceSnapshot::default(), &read);
        let _ = planned.grid_names();
    }
}

/// The parts of an .xlsx: first sheet, words, styles, workbook; what is missing is as a plain file has it.
pub(crate) fn workbook(bytes: &[u8]) {
    if let Some(file) = zipped(bytes) {
        sheet(&file);
    }
}

/// Zips the parts of a workbook.
fn zipped(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut parts = split(bytes).into_iter();
    let plain: [(&str, &[u8]); 4] = [
        ("xl/worksheets/sheet1.xml", b"<worksheet/>"),
        ("xl/sharedStrings.xml", b"<sst/>"),
        ("xl/styles.xml", b"<styleSheet/>"),
        (
            "xl/workbook.xml",
            br#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut put = |name: &str, part: &[u8]| {
        zip.start_file(name, stored).ok()?;
        zip.write_all(part).ok()
    };
    for (name, otherwise) in plain {
        put(name, parts.next().unwrap_or(otherwise))?;
    }
    put(
        "xl/_rels/workbook.xml.rels",
        br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    )?;
    Some(zip.finish().ok()?.into_inner())
}

fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(BETWEEN.len()).position(|window| window == BETWEEN) {
        let (part, behind) = rest.split_at(at);
        parts.push(part);
        rest = behind.get(BETWEEN.len()..).unwrap_or_default();
    }
    parts.push(rest);
    parts
}
