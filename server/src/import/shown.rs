//! 试读所见 – what a dry run shows, counted and masked already: nothing in it is a whole name or number.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::category::{mask_name, mask_phone};
use ruhu_core::ids::Hash32;
use serde::{Deserialize, Serialize};

use super::columns::{Meaning, mask};
use super::commit::{DefaultGrid, Preview};
use super::finding::{Finding, Place};
use super::plan::{ImportPlan, Kind, Missing};
use super::roster::{Counts, ReadHousehold, ReadRoster, ReadTable};
use super::sheet::{Sheet, Workbook};

/// Households and doors shown as they were understood.
const FIRST: usize = 10;
/// Columns of a sheet without headings that are offered.
const COLUMNS_MAX: usize = 60;
/// Values of a column that are shown.
const SAMPLES: usize = 3;

/// 试读所见 – what a person sees before anything is entered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// What the file says, counted.
    pub counts: Counts,
    /// Its tables with their columns.
    pub tables: Vec<ReadTable>,
    /// Sheets in which no headings were recognised.
    pub unread: Vec<Sketch>,
    /// The first doors as understood.
    pub first: Vec<FirstRow>,
    /// Every finding, by place.
    pub findings: Vec<Finding>,
    /// Grids that would be drawn.
    pub new_grids: Vec<String>,
    /// Against what the source said last.
    pub against: Against,
    /// Whether the same headings were imported before.
    pub known_source: bool,
    /// What stands in the way of a commit; empty where nothing does.
    pub blocks: Vec<Block>,
    /// Over everything a commit would write; empty where nothing could be read.
    pub digest: String,
}

/// 与上次相比 – new, changed, unchanged, named no longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Against {
    /// Doors.
    pub doors: Tally,
    /// Households.
    pub households: Tally,
    /// People of households that are named still.
    pub people_missing: u32,
    /// Values that are blank now; the earlier ones stay.
    pub values_missing: u32,
    /// Doors without a grid, those of earlier imports too.
    pub doors_without_grid: u32,
}

/// Counts of one kind of unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Never named before.
    pub new: u32,
    /// Said otherwise before.
    pub changed: u32,
    /// As before.
    pub unchanged: u32,
    /// Named before and not now; never deleted.
    pub missing: u32,
}

/// 阻断 – why nothing can be entered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// No sheet has headings of a roster: columns are to be given by hand.
    NoHeadings,
    /// Columns were given by hand, and no row above the households can be their headings.
    NoHeadingRow,
    /// Headings, and no door or household below them.
    NothingRead,
    /// Doors without a grid, and none was named for them.
    NoGrid,
    /// Nothing differs from what was entered before.
    NothingNew,
}

/// A sheet without headings, so that a person can say what its columns are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    /// The sheet's name.
    pub sheet: String,
    /// Columns from 0 with their first values, masked unless they are headings.
    pub columns: Vec<(u16, Vec<String>)>,
}

/// 首行 – a door as it was understood, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstRow {
    /// Where it stands.
    pub place: Place,
    /// The address.
    pub address: String,
    /// The grid, if the file gives one.
    pub grid: Option<String>,
    /// Who lives there; nobody for a vacant door.
    pub household: Option<FirstHousehold>,
}

/// Who lives behind a door, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstHousehold {
    /// The head, or whoever is named first.
    pub head: String,
    /// The first telephone.
    pub phone: String,
    /// How many people.
    pub people: usize,
    /// 重点户.
    pub is_key: bool,
}

impl Shown {
    /// What a file shows in which no sheet has headings of a roster, or none for the columns given by hand.
    #[must_use]
    pub fn without_headings(book: &Workbook, is_by_hand: bool) -> Self {
        let unread = book.sheets.iter().filter(|sheet| !sheet.rows.is_empty()).map(sketch).collect();
        let block = if is_by_hand { Block::NoHeadingRow } else { Block::NoHeadings };
        Self { unread, blocks: vec![block], ..Self::default() }
    }

    /// Whether this is what somebody saw, and nothing stands in the way.
    #[must_use]
    pub fn may_be_entered(&self, seen: &str) -> bool {
        !self.digest.is_empty() && self.digest == seen && self.blocks.is_empty()
    }

    /// What a preview shows, with the grid chosen for doors without one.
    ///
    /// # Errors
    /// When the plan cannot be written as JSON.
    pub fn of(
        book: &Workbook,
        preview: &Preview,
        default_grid: Option<&DefaultGrid>,
    ) -> Result<Self, serde_json::Error> {
        let read = &preview.read;
        let with_tables: BTreeSet<&str> =
            read.tables.iter().map(|table| table.place.sheet.as_str()).collect();
        let is_unread = |sheet: &&Sheet| !sheet.rows.is_empty() && !with_tables.contains(sheet.name.as_str());
        let against = Against::of(&preview.plan);
        let mut blocks = Vec::new();
        if read.dwellings.is_empty() && read.households.is_empty() {
            blocks.push(Block::NothingRead);
        } else if preview.plan.is_empty() {
            blocks.push(Block::NothingNew);
        } else if 0 < against.doors_without_grid && default_grid.is_none() {
            blocks.push(Block::NoGrid);
        }
        let mut new_grids = preview.new_grids.clone();
        if let Some(DefaultGrid::New(name)) = default_grid
            && 0 < against.doors_without_grid
            && !new_grids.contains(name)
        {
            new_grids.push(name.clone());
        }
        Ok(Self {
            counts: read.counts.clone(),
            tables: read.tables.iter().map(masked).collect(),
            unread: book.sheets.iter().filter(is_unread).map(sketch).collect(),
            first: first(read),
            findings: read.findings.clone(),
            new_grids,
            against,
            known_source: preview.known_source,
            blocks,
            digest: digest(preview, default_grid)?.to_string(),
        })
    }
}

impl Against {
    fn of(plan: &ImportPlan) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let tally = |kinds: &mut dyn Iterator<Item = Kind>, unchanged| {
            let mut tally = Tally { unchanged, ..Tally::default() };
            for kind in kinds {
                match kind {
                    Kind::New => tally.new += 1,
                    Kind::Changed => tally.changed += 1,
                }
            }
            tally
        };
        let without = plan.next.doors.values().filter(|door| !door.fields.contains_key("grid")).count();
        let mut against = Self {
            doors: tally(&mut plan.doors.iter().map(|door| door.kind), plan.doors_unchanged),
            households: tally(&mut plan.households.iter().map(|home| home.kind), plan.households_unchanged),
            doors_without_grid: count(without),
            ..Self::default()
        };
        for missing in &plan.missing {
            match missing {
                Missing::Door { .. } => against.doors.missing += 1,
                Missing::Household { .. } => against.households.missing += 1,
                Missing::Person { .. } => against.people_missing += 1,
                Missing::Value { .. } => against.values_missing += 1,
            }
        }
        against
    }
}

/// SHA-256 over everything a commit would write and what it is made against.
fn digest(preview: &Preview, default_grid: Option<&DefaultGrid>) -> Result<Hash32, serde_json::Error> {
    let plan = serde_json::to_vec(&preview.plan)?;
    let rest = serde_json::to_vec(&(&preview.new_grids, &preview.read.mappings, default_grid))?;
    Ok(Hash32::of(&[&preview.base.0, &plan, b"\n", &rest]))
}

/// A table whose headings are whole only where a meaning knows them: the first row may be a household after all.
fn masked(table: &ReadTable) -> ReadTable {
    let mut table = table.clone();
    for column in &mut table.columns {
        if Meaning::of_heading(&column.heading).is_none() {
            column.heading = mask(&column.heading);
        }
    }
    table
}

fn first(read: &ReadRoster) -> Vec<FirstRow> {
    let mut homes: BTreeMap<&str, &ReadHousehold> = BTreeMap::new();
    for home in &read.households {
        homes.entry(home.dwelling.as_str()).or_insert(home);
    }
    let rows = read.dwellings.iter().take(FIRST).map(|door| FirstRow {
        place: door.place.clone(),
        address: door.address.to_string(),
        grid: door.grid.clone(),
        household: homes.get(door.key.as_str()).map(|home| FirstHousehold {
            head: home.head().or(home.members.first()).map(|one| mask_name(&one.name)).unwrap_or_default(),
            phone: home.numbers().first().map(|number| mask_phone(number)).unwrap_or_default(),
            people: home.members.len(),
            is_key: home.is_key == Some(true),
        }),
    });
    rows.collect()
}

fn sketch(sheet: &Sheet) -> Sketch {
    let mut columns: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for row in sheet.rows.iter().take(20) {
        for (column, cell) in row.filled() {
            let samples = columns.entry(column).or_default();
            if SAMPLES <= samples.len() {
                continue;
            }
            let Some(text) = super::cells::words(cell, &mut Vec::new()) else { continue };
            // A heading helps to see which column it is; anything else may be a name.
            samples.push(if Meaning::of_heading(&text).is_some() { text } else { mask(&text) });
        }
    }
    Sketch { sheet: sheet.name.clone(), columns: columns.into_iter().take(COLUMNS_MAX).collect() }
}

#[cfg(test)]
mod tests;
