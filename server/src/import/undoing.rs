//! 撤销导入 – an import is taken back in one transaction: only fields that still hold its value, only households and
//! doors nobody worked on since and of which nothing is open: a request, a re-check, an entry that waits. What would go and what would stay is told before.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::{AccountId, CommunityId, DwellingId, Hash32, HouseholdId, ImportId};
use ruhu_core::profile::{Profile, Scalar};
use ruhu_core::roster::Unit;
use serde::Serialize;

use super::commit::{CommitError, Progress, Written};
use super::plan::{FieldUndo, ImportPlan, undo};
use crate::access::journal::audit;
use crate::ingest::office::{Act, Desk};
use crate::storage::imports::{ImportBatch, ImportSource};
use crate::storage::{Hub, StorageError, Tx};

/// 撤销结果 – what was taken back, and what stays because somebody worked on it since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Undone {
    /// Fields put back.
    pub fields: usize,
    /// Units whose imported facts were withdrawn.
    pub units: usize,
    /// Households that stay: somebody worked on them since.
    pub kept: Vec<HouseholdId>,
    /// Doors that stay: a household that stays lives there, or somebody worked on them since.
    pub kept_doors: usize,
}

/// 撤销预看 – what an undo would do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoLook {
    /// Of which import.
    pub import: ImportId,
    /// Fields that get their former value back.
    pub fields: usize,
    /// Households whose imported facts would be withdrawn.
    pub households: usize,
    /// Doors whose imported facts would be withdrawn.
    pub doors: usize,
    /// Households that would stay.
    pub kept: Vec<HouseholdId>,
    /// Doors that would stay.
    pub kept_doors: Vec<DwellingId>,
}

/// Everything an undo writes.
struct Taking {
    batch: ImportBatch,
    written: Written,
    revert: Vec<FieldUndo>,
    /// Households before doors.
    withdrawn: Vec<(Unit, Hash32)>,
    kept: Vec<HouseholdId>,
    kept_doors: Vec<DwellingId>,
}

impl Hub {
    /// Says what taking an import back would do now; changes nothing. Without an id it is the newest.
    ///
    /// # Errors
    /// [`CommitError`].
    pub fn look_at_undo(
        &self,
        community: CommunityId,
        wanted: Option<ImportId>,
    ) -> Result<UndoLook, CommitError> {
        let taking = self.storage().read(|tx| Taking::of(tx, community, wanted))?;
        let households =
            taking.withdrawn.iter().filter(|(unit, _)| matches!(unit, Unit::Household(_))).count();
        Ok(UndoLook {
            import: taking.batch.id,
            fields: taking.revert.len(),
            households,
            doors: taking.withdrawn.len() - households,
            kept: taking.kept,
            kept_doors: taking.kept_doors,
        })
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
        self.undo_import_telling(by, community, wanted, &Progress::default())
    }

    /// As [`Hub::undo_import`], telling how far it is.
    ///
    /// # Errors
    /// [`CommitError`]; nothing was changed.
    pub fn undo_import_telling(
        &self,
        by: AccountId,
        community: CommunityId,
        wanted: Option<ImportId>,
        progress: &Progress,
    ) -> Result<Undone, CommitError> {
        let progress = progress.clone();
        self.office(move |desk| take_back(desk, by, community, wanted, &progress))
    }
}

impl Taking {
    fn of(tx: &Tx<'_>, community: CommunityId, wanted: Option<ImportId>) -> Result<Self, CommitError> {
        let lines: Vec<_> =
            tx.import_lines(community)?.into_iter().filter(|line| line.undone_ms.is_none()).collect();
        let line = match wanted {
            None => lines.first(),
            Some(id) => lines.iter().find(|line| line.id == id),
        };
        let line = line.ok_or(CommitError::NothingToUndo)?;
        let newest_of_source = lines.iter().find(|one| one.fingerprint == line.fingerprint);
        if newest_of_source.is_some_and(|newest| newest.id != line.id) {
            return Err(CommitError::NotTheLast);
        }
        let batch = tx.import_batch(community, line.id)?.ok_or(CommitError::NothingToUndo)?;
        let written: Written = serde_json::from_slice(&batch.written).map_err(CommitError::Memory)?;
        let now = fields_now(tx, &written.plan)?;
        let taken = undo(&written.plan, |household, field| now.get(&(household, field.to_owned())).cloned());
        let mut taking = Self {
            batch,
            written,
            revert: taken.revert,
            withdrawn: Vec::new(),
            kept: Vec::new(),
            kept_doors: Vec::new(),
        };
        taking.units(tx, &taken.touched_new)?;
        Ok(taking)
    }

    /// What the import entered about units nobody worked on since goes; a door stays while somebody lives there.
    fn units(&mut self, tx: &Tx<'_>, touched: &[HouseholdId]) -> Result<(), StorageError> {
        let entries = &self.written.entries;
        let own: BTreeSet<Hash32> = entries.iter().map(|(_, entry)| *entry).collect();
        let mut withdrawn: BTreeSet<Unit> = BTreeSet::new();
        let open = left_open(tx, self.batch.community)?;
        // Households before doors, so that a door whose household goes can go as well.
        let households = entries.iter().filter(|(unit, _)| matches!(unit, Unit::Household(_)));
        let doors = entries.iter().filter(|(unit, _)| matches!(unit, Unit::Vacant(_)));
        for (unit, entry) in households.chain(doors) {
            let file = tx.file_of(*unit)?;
            let worked_on = open.contains(unit)
                || has_requests(tx, *unit)?
                || file.is_some_and(|file| {
                    file.facts()
                        .any(|(stamp, _)| !own.contains(&stamp.entry) && is_later(&file, stamp.entry, &own))
                });
            match unit {
                Unit::Household(id) if worked_on || touched.contains(id) => self.kept.push(*id),
                Unit::Vacant(door) if worked_on || is_lived_in(tx, *door, &withdrawn)? => {
                    self.kept_doors.push(*door);
                }
                _ => {
                    withdrawn.insert(*unit);
                    self.withdrawn.push((*unit, *entry));
                }
            }
        }
        Ok(())
    }
}

/// Units drawn for a re-check, or about which an entry waits: what was begun about them must find them.
fn left_open(tx: &Tx<'_>, community: CommunityId) -> Result<BTreeSet<Unit>, StorageError> {
    let mut open: BTreeSet<Unit> = tx.waiting_in(community)?.into_iter().filter_map(|one| one.unit).collect();
    for draw in tx.draws(community)? {
        open.extend(tx.drawn(draw.id)?.into_iter().map(|one| one.unit));
    }
    Ok(open)
}

/// Whether something was ever asked for a unit.
fn has_requests(tx: &Tx<'_>, unit: Unit) -> Result<bool, StorageError> {
    let Some(row) = tx.unit(unit)? else { return Ok(false) };
    Ok(!tx.requests_of(row.nr)?.is_empty())
}

/// Whether a household that does not go is at home behind a door.
fn is_lived_in(tx: &Tx<'_>, door: DwellingId, withdrawn: &BTreeSet<Unit>) -> Result<bool, StorageError> {
    let rows = tx.units_at(door)?;
    Ok(rows.iter().any(|row| row.unit != Unit::Vacant(door) && !withdrawn.contains(&row.unit)))
}

fn take_back(
    desk: &Desk<'_>,
    by: AccountId,
    community: CommunityId,
    wanted: Option<ImportId>,
    progress: &Progress,
) -> Result<Undone, CommitError> {
    let tx = desk.tx();
    let taking = Taking::of(tx, community, wanted)?;
    let undone = Undone {
        fields: taking.revert.len(),
        units: taking.withdrawn.len(),
        kept: taking.kept,
        kept_doors: taking.kept_doors.len(),
    };
    let mut by_household: BTreeMap<HouseholdId, Vec<(String, Scalar)>> = BTreeMap::new();
    for field in taking.revert {
        let value = Scalar::Str(field.to.unwrap_or_default());
        by_household.entry(field.household).or_default().push((field.field, value));
    }
    progress.begin(by_household.len() + taking.withdrawn.len());
    for (household, fields) in by_household {
        desk.edit_fields(Unit::Household(household), &fields, by, None)?;
        progress.step();
    }
    for (unit, target) in taking.withdrawn {
        let units = vec![UnitFact { unit, fact: Fact::Withdrawn { target } }];
        let reason = "撤销导入".to_owned();
        desk.act(&Act { by, community, units, facts: Vec::new(), request: None, reason })?;
        progress.step();
    }
    let batch = taking.batch;
    tx.import_undone(batch.id, desk.now_ms())?;
    if let Some(source) = tx.import_source(community, &batch.fingerprint)? {
        let snapshot = serde_json::to_vec(&taking.written.previous).map_err(CommitError::Memory)?;
        tx.put_import_source(&ImportSource { snapshot, updated_ms: desk.now_ms(), ..source })?;
    }
    audit(tx, desk.now_ms(), Some(by), "import.undo", &format!("{community}/{}", batch.id))?;
    Ok(undone)
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
