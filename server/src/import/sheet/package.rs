//! The zip package of a workbook, before it is trusted: what it unpacks to, and what calamine does not tell.

use std::cell::Cell as Shared;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Limits, SheetError};

/// Hidden rows and columns, formulas and links by sheet name.
#[derive(Default)]
pub(super) struct Package {
    hidden: BTreeMap<String, Hidden>,
}

#[derive(Default, Clone)]
struct Hidden {
    rows: BTreeSet<u32>,
    columns: BTreeSet<u16>,
    formulas: u32,
    links: u32,
}

impl Package {
    pub(super) fn is_hidden(&self, sheet: &str, row: u32) -> bool {
        self.hidden.get(sheet).is_some_and(|hidden| hidden.rows.contains(&row))
    }

    /// How many formulas and how many links a sheet has.
    pub(super) fn reckoned(&self, sheet: &str) -> (u32, u32) {
        self.hidden.get(sheet).map_or((0, 0), |hidden| (hidden.formulas, hidden.links))
    }

    pub(super) fn hidden_columns(&self, sheet: &str) -> Vec<u16> {
        self.hidden.get(sheet).map(|hidden| hidden.columns.iter().copied().collect()).unwrap_or_default()
    }
}

/// Unpacks everything once without keeping it, and stops at the limit: the sizes a package states may lie.
pub(super) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Package, SheetError> {
    let damaged = |place: &str| SheetError::Damaged { place: place.to_owned() };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged("zip"))?;
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    refuse_other_packages(&names)?;
    let left = Shared::new(limits.unpacked_bytes);
    let mut by_part: BTreeMap<String, Hidden> = BTreeMap::new();
    let mut sheets: BTreeMap<String, String> = BTreeMap::new();
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    for nth in 0..archive.len() {
        let part = archive.by_index(nth).map_err(|_| damaged("zip"))?;
        let name = part.name().map_err(|_| damaged("zip"))?.into_owned();
        let mut part = Counted { inner: part, left: &left };
        let read = if name.starts_with("xl/worksheets/") && name.ends_with(".xml") {
            let mut hidden = Hidden::default();
            let read = each_tag(part, |tag| note_hidden(tag, &mut hidden));
            by_part.insert(name.clone(), hidden);
            read
        } else if name == "xl/workbook.xml" {
            each_tag(part, |tag| note_pair(tag, "sheet", "r:id", "name", &mut sheets))
        } else if name == "xl/_rels/workbook.xml.rels" {
            each_tag(part, |tag| note_pair(tag, "Relationship", "Id", "Target", &mut targets))
        } else {
            io::copy(&mut part, &mut io::sink()).map(|_| ()).map_err(|_| ())
        };
        if left.get() == 0 {
            return Err(SheetError::Unpacks { limit: limits.unpacked_bytes / 1_000_000 });
        }
        read.map_err(|()| damaged(&name))?;
    }
    let hidden = sheets
        .into_iter()
        .filter_map(|(id, sheet)| {
            let target = targets.get(&id)?;
            let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            Some((sheet, by_part.get(&part)?.clone()))
        })
        .collect();
    Ok(Package { hidden })
}

fn refuse_other_packages(names: &[String]) -> Result<(), SheetError> {
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    let refused = |zh, en| Err(SheetError::NotARoster { zh, en });
    if has("xl/workbook.bin") {
        return refused("二进制工作簿 (.xlsb)", "a binary workbook (.xlsb)");
    }
    if has("xl/") {
        return Ok(());
    }
    if has("word/") {
        return refused("Word 文档", "a Word document");
    }
    if has("ppt/") {
        return refused("演示文稿", "a presentation");
    }
    if has("content.xml") {
        return refused("OpenDocument 文件", "an OpenDocument file");
    }
    refused("压缩包", "an archive")
}

fn each_tag(part: impl Read, mut see: impl FnMut(&BytesStart<'_>)) -> Result<(), ()> {
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| ())? {
            Event::Start(tag) | Event::Empty(tag) => see(&tag),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok()??;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

fn note_hidden(tag: &BytesStart<'_>, hidden: &mut Hidden) {
    let is_hidden = || attribute(tag, "hidden").is_some_and(|value| value == "1" || value == "true");
    let local = tag.local_name();
    if local.as_ref() == "f" {
        hidden.formulas = hidden.formulas.saturating_add(1);
    } else if local.as_ref() == "hyperlink" {
        hidden.links = hidden.links.saturating_add(1);
    } else if local.as_ref() == "row" && is_hidden() {
        hidden.rows.extend(attribute(tag, "r").and_then(|row| row.parse::<u32>().ok()));
    } else if local.as_ref() == "col" && is_hidden() {
        let edge =
            |name| attribute(tag, name).and_then(|edge| edge.parse::<u16>().ok()).filter(|edge| *edge > 0);
        if let (Some(first), Some(last)) = (edge("min"), edge("max")) {
            hidden.columns.extend((first - 1)..last);
        }
    }
}

fn note_pair(
    tag: &BytesStart<'_>,
    wanted: &str,
    key: &str,
    value: &str,
    pairs: &mut BTreeMap<String, String>,
) {
    if tag.local_name().as_ref() == wanted
        && let (Some(key), Some(value)) = (attribute(tag, key), attribute(tag, value))
    {
        pairs.insert(key, value);
    }
}

/// A reader that ends in an error once the common allowance is used up; `left` is then 0.
struct Counted<'a, R> {
    inner: R,
    left: &'a Shared<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let left = self.left.get().saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        self.left.set(left);
        if left == 0 { Err(io::Error::other("unpacks to too much")) } else { Ok(count) }
    }
}
