//! 入库 – a roster that was read is compared with what the hub remembers, entered in one transaction, and can be
//! taken back in one.
//!
//! A source is a set of headings: the same sheet, corrected and imported again, is compared with its own last word.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::{AccountId, CommunityId, GridId, Hash32, HouseholdId, ImportId};
use ruhu_core::profile::{Profile, Scalar};
use ruhu_core::roster::{Grid, Unit};
use ruhu_core::time::Period;
use serde::{Deserialize, Serialize};

use super::ImportError;
use super::columns::{HandMap, Mapping};
use super::facts::{FactSettings, FactsError, UnitWrites, writes};
use super::plan::{ImportPlan, SourceSnapshot, plan, undo};
use super::roster::{ReadRoster, ReadSettings};
use super::sheet::Limits;
use crate::ingest::office::{Act, ActError, Desk};
use crate::office::duty::community_act;
use crate::storage::imports::{ImportBatch, ImportSource};
use crate::storage::{Hub, StorageError, Tx};

/// 试读结果 – what a commit would do. Nothing was written.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Whose roster.
    pub community: CommunityId,
    /// What the file says, with every finding.
    pub read: ReadRoster,
    /// What differs from the source's last word.
    pub plan: ImportPlan,
    /// Grids the roster names that are not drawn yet; a commit draws them.
    pub new_grids: Vec<String>,
    /// Whether the same source was imported before.
    pub known_source: bool,
    previous: SourceSnapshot,
    fingerprint: String,
}

/// 入库结果 – what was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Committed {
    /// Names it for an undo.
    pub import: ImportId,
    /// Units written.
    pub units: usize,
    /// Grids drawn.
    pub grids: usize,
    /// Whether the community went live with it.
    pub went_live: bool,
}

/// 撤销结果 – what was taken back, and what stays because somebody worked on it since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Undone {
    /// Fields put back.
    pub fields: usize,
    /// Units whose imported facts were withdrawn.
    pub units: usize,
    /// Households that stay: somebody worked on them since.
    pub kept: Vec<HouseholdId>,
    /// Doors that stay: a household that stays lives there.
    pub kept_doors: usize,
}

/// Why an import was not committed or undone; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The file could not be read.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// Grids or doors are missing.
    #[error(transparent)]
    Facts(#[from] FactsError),
    /// The entries could not be made.
    #[error(transparent)]
    Act(#[from] ActError),
    /// The hub's own memory of an import cannot be read.
    #[error("读取以前的导入记录 / read what an earlier import left behind")]
    Memory(#[source] serde_json::Error),
    /// There is no import to undo.
    #[error("没有可撤销的导入 / there is no import to undo")]
    NothingToUndo,
    /// A later import of the same source stands on this one.
    #[error(
        "此后又导入过同一名册,请先撤销较新的一次 / the same roster was imported again since: undo the newer one first"
    )]
    NotTheLast,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What a batch remembers for its undo.
#[derive(Serialize, Deserialize)]
pub(crate) struct Written {
    pub(crate) plan: ImportPlan,
    pub(crate) previous: SourceSnapshot,
    entries: Vec<(Unit, Hash32)>,
}

impl Hub {
    /// Reads a file and compares it with what this source said last; changes nothing.
    ///
    /// # Errors
    /// [`CommitError`].
    pub fn preview_import(
        &self,
        community: CommunityId,
        file_name: &str,
        bytes: &[u8],
        hand: HandMap,
    ) -> Result<Preview, CommitError> {
        let today = self.today(community)?;
        let (file, sources) = self.storage().read(|tx| -> Result<_, StorageError> {
            Ok((tx.community(community)?.unwrap_or_default(), tx.import_sources(community)?))
        })?;
        let mut settings = ReadSettings::new(today);
        settings.confirmed = file.confirmed_categories().iter().map(|(id, _)| id.to_string()).collect();
        settings.hand = hand;
        for source in &sources {
            let known: Vec<Mapping> = serde_json::from_str(&source.mapping).map_err(CommitError::Memory)?;
            settings.remembered.extend(known);
        }
        let read = super::read(file_name, bytes, &Limits::default(), &settings)?;
        let fingerprint = fingerprint(&read);
        let source = sources.into_iter().find(|source| source.fingerprint == fingerprint);
        let known_source = source.is_some();
        let previous: SourceSnapshot = match source {
            Some(source) => serde_json::from_slice(&source.snapshot).map_err(CommitError::Memory)?,
            None => SourceSnapshot::default(),
        };
        let plan = plan(community, &previous, &read);
        let drawn: BTreeSet<String> = file.grids().values().map(|grid| grid.name.clone()).collect();
        let new_grids = plan.grid_names().into_iter().filter(|name| !drawn.contains(name)).collect();
        Ok(Preview { community, read, plan, new_grids, known_source, previous, fingerprint })
    }

    /// Enters a previewed roster in one transaction: grids, doors, households, fields, the day of going live, and
    /// what is needed to take it back. `default_grid` is for doors whose grid the file does not name.
    ///
    /// # Errors
    /// [`CommitError`]; nothing was entered.
    pub fn commit_import(
        &self,
        by: AccountId,
        preview: Preview,
        default_grid: Option<GridId>,
    ) -> Result<Committed, CommitError> {
        let community = preview.community;
        let today = self.today(community)?;
        let import: ImportId = self.make_id();
        let new_grids: Vec<Grid> = preview
            .new_grids
            .iter()
            .map(|name| Grid { id: self.make_id(), community, name: name.clone(), code: String::new() })
            .collect();
        self.office(move |desk| commit(desk, by, import, preview, &new_grids, default_grid, today))
    }

    /// Takes the newest import back that was not undone yet, or the one named: only fields that still hold the
    /// import's value, only households and doors nobody worked on since.
    ///
    /// # Errors
    /// [`CommitError`]; nothing was changed.
    pub fn undo_import(
        &self,
        by: AccountId,
        community: CommunityId,
        wanted: Option<ImportId>,
    ) -> Result<Undone, CommitError> {
        self.office(move |desk| take_back(desk, by, community, wanted))
    }
}

fn commit(
    desk: &Desk<'_>,
    by: AccountId,
    import: ImportId,
    preview: Preview,
    new_grids: &[Grid],
    default_grid: Option<GridId>,
    today: NaiveDate,
) -> Result<Committed, CommitError> {
    let community = preview.community;
    let file = desk.tx().community(community)?.unwrap_or_default();
    let went_live = file.went_live_on().is_none();
    let mut facts: Vec<CommunityFact> = new_grids.iter().cloned().map(CommunityFact::GridDrawn).collect();
    if went_live {
        facts.push(CommunityFact::WentLive { on: today });
    }
    if !facts.is_empty() {
        desk.act(&community_act(by, community, facts, "导入名册"))?;
    }
    let drawn = file.grids().into_values().chain(new_grids).map(|grid| (grid.name.clone(), grid.id));
    let from = Period::quarter_of(today).first_day();
    let settings = FactSettings { grids: drawn.collect(), default_grid, from };
    let writes = writes(&preview.plan, &settings)?;
    let mut entries = Vec::with_capacity(writes.len());
    for one in &writes {
        entries.extend(enter(desk, by, community, one)?);
    }
    remember(desk.tx(), by, import, preview, entries, desk.now_ms())?;
    Ok(Committed { import, units: writes.len(), grids: new_grids.len(), went_live })
}

fn enter(
    desk: &Desk<'_>,
    by: AccountId,
    community: CommunityId,
    one: &UnitWrites,
) -> Result<Vec<(Unit, Hash32)>, ActError> {
    let mut entries = Vec::new();
    if !one.facts.is_empty() {
        let units = one.facts.iter().map(|fact| UnitFact { unit: one.unit, fact: fact.clone() }).collect();
        let act =
            Act { by, community, units, facts: Vec::new(), request: None, reason: "导入名册".to_owned() };
        entries.extend(desk.act(&act)?.into_iter().map(|done| (one.unit, done.entry)));
    }
    if !one.fields.is_empty() {
        desk.edit_fields(one.unit, &one.fields, by)?;
    }
    Ok(entries)
}

fn remember(
    tx: &Tx<'_>,
    by: AccountId,
    import: ImportId,
    preview: Preview,
    entries: Vec<(Unit, Hash32)>,
    now_ms: i64,
) -> Result<(), CommitError> {
    let Preview { community, read, plan, previous, fingerprint, .. } = preview;
    let json = |error| CommitError::Memory(error);
    tx.put_import_source(&ImportSource {
        community,
        fingerprint: fingerprint.clone(),
        mapping: serde_json::to_string(&read.mappings).map_err(json)?,
        snapshot: serde_json::to_vec(&plan.next).map_err(json)?,
        updated_ms: now_ms,
    })?;
    let report = serde_json::to_string(&read.counts).map_err(json)?;
    let written = serde_json::to_vec(&Written { plan, previous, entries }).map_err(json)?;
    let batch = ImportBatch {
        id: import,
        community,
        fingerprint,
        account: by,
        made_ms: now_ms,
        undone_ms: None,
        written,
        report,
    };
    Ok(tx.add_import_batch(&batch)?)
}

fn take_back(
    desk: &Desk<'_>,
    by: AccountId,
    community: CommunityId,
    wanted: Option<ImportId>,
) -> Result<Undone, CommitError> {
    let tx = desk.tx();
    let standing: Vec<ImportBatch> =
        tx.import_batches(community)?.into_iter().filter(|batch| batch.undone_ms.is_none()).collect();
    let batch = match wanted {
        None => standing.first(),
        Some(id) => standing.iter().find(|batch| batch.id == id),
    };
    let batch = batch.ok_or(CommitError::NothingToUndo)?;
    let newest_of_source = standing.iter().find(|one| one.fingerprint == batch.fingerprint);
    if newest_of_source.is_some_and(|newest| newest.id != batch.id) {
        return Err(CommitError::NotTheLast);
    }
    let written: Written = serde_json::from_slice(&batch.written).map_err(CommitError::Memory)?;
    let now = fields_now(tx, &written.plan)?;
    let taken = undo(&written.plan, |household, field| now.get(&(household, field.to_owned())).cloned());
    let mut undone = Undone { fields: taken.revert.len(), ..Undone::default() };
    let mut by_household: BTreeMap<HouseholdId, Vec<(String, Scalar)>> = BTreeMap::new();
    for field in taken.revert {
        let value = Scalar::Str(field.to.unwrap_or_default());
        by_household.entry(field.household).or_default().push((field.field, value));
    }
    for (household, fields) in by_household {
        desk.edit_fields(Unit::Household(household), &fields, by)?;
    }
    withdraw(desk, by, community, &written, &taken.touched_new, &mut undone)?;
    tx.import_undone(batch.id, desk.now_ms())?;
    let known = tx.import_source(community, &batch.fingerprint)?;
    if let Some(source) = known {
        let snapshot = serde_json::to_vec(&written.previous).map_err(CommitError::Memory)?;
        tx.put_import_source(&ImportSource { snapshot, updated_ms: desk.now_ms(), ..source })?;
    }
    Ok(undone)
}

/// Withdraws what the import entered about units nobody worked on since; a door stays while somebody lives there.
fn withdraw(
    desk: &Desk<'_>,
    by: AccountId,
    community: CommunityId,
    written: &Written,
    touched: &[HouseholdId],
    undone: &mut Undone,
) -> Result<(), CommitError> {
    let own: BTreeSet<Hash32> = written.entries.iter().map(|(_, entry)| *entry).collect();
    let mut withdrawn: BTreeSet<Unit> = BTreeSet::new();
    // Households before doors, so that a door whose household goes can go as well.
    let households = written.entries.iter().filter(|(unit, _)| matches!(unit, Unit::Household(_)));
    let doors = written.entries.iter().filter(|(unit, _)| matches!(unit, Unit::Vacant(_)));
    for (unit, entry) in households.chain(doors) {
        let file = desk.tx().file_of(*unit)?;
        let worked_on = file.is_some_and(|file| {
            file.facts().any(|(stamp, _)| !own.contains(&stamp.entry) && is_later(&file, stamp.entry, &own))
        });
        let stays = match unit {
            Unit::Household(id) => worked_on || touched.contains(id),
            Unit::Vacant(door) => {
                worked_on
                    || desk
                        .tx()
                        .units_at(*door)?
                        .iter()
                        .any(|row| row.unit != *unit && !withdrawn.contains(&row.unit))
            }
        };
        if stays {
            match unit {
                Unit::Household(id) => undone.kept.push(*id),
                Unit::Vacant(_) => undone.kept_doors += 1,
            }
            continue;
        }
        let units = vec![UnitFact { unit: *unit, fact: Fact::Withdrawn { target: *entry } }];
        desk.act(&Act {
            by,
            community,
            units,
            facts: Vec::new(),
            request: None,
            reason: "撤销导入".to_owned(),
        })?;
        withdrawn.insert(*unit);
        undone.units += 1;
    }
    Ok(())
}

/// Whether an entry was recorded after the import's own facts of this unit.
fn is_later(file: &ruhu_core::file::UnitFile, entry: Hash32, own: &BTreeSet<Hash32>) -> bool {
    let place = |wanted: &dyn Fn(Hash32) -> bool| file.facts().position(|(stamp, _)| wanted(stamp.entry));
    place(&|one| own.contains(&one)) < place(&|one| one == entry)
}

fn fields_now(
    tx: &Tx<'_>,
    plan: &ImportPlan,
) -> Result<BTreeMap<(HouseholdId, String), String>, StorageError> {
    let damaged = || StorageError::Damaged { what: "household document" };
    let mut now = BTreeMap::new();
    for household in &plan.households {
        let Some(row) = tx.unit(Unit::Household(household.id))? else { continue };
        let Some(doc) = tx.unit_doc(row.nr)? else { continue };
        for (key, values) in Profile::load(&doc).map_err(|_| damaged())?.fields() {
            // A field in conflict holds nobody's value alone: the import's does not stand any more.
            if let [only] = values.as_slice() {
                now.insert((household.id, key), only.to_string());
            }
        }
    }
    Ok(now)
}

/// SHA-256 over the headings of every table: what makes two files one source.
fn fingerprint(read: &ReadRoster) -> String {
    let mut parts: Vec<&[u8]> = Vec::new();
    for table in &read.tables {
        parts.push(b"\n");
        for column in &table.columns {
            parts.push(column.heading.as_bytes());
            parts.push(b"\t");
        }
    }
    Hash32::of(&parts).to_string()
}
