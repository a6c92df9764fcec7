//! Applies payloads to the rows of the units they are about, in the caller's transaction; each unit is read and
//! written once however many payloads concern it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::units::{self, UnitRow, unit_key};
use super::{StoreError, applying, log};
use crate::community::CommunityFile;
use crate::entry::{Kind, Payload, StreamId};
use crate::fact::Fact;
use crate::ids::Hash32;
use crate::profile::{GateRefusal, Profile, allows_plain};
use crate::projection::{self, DocEffect};
use crate::roster::Unit;

/// Version of what the rows mean; a store with an older one is rebuilt from its payloads.
const PROJECTION: u32 = 2;
const PROJECTION_NAME: &str = "projection";

/// Payloads on their way into rows. Nothing is written before [`Projector::finish`].
pub struct Projector<'t> {
    tx: &'t Transaction<'t>,
    units: BTreeMap<Unit, Held>,
    community: Option<CommunityFile>,
    only: Option<Vec<Unit>>,
    /// Units that are made anew at the end: something of theirs was erased.
    stale: BTreeSet<Unit>,
}

/// A change that did not go into its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotApplied {
    /// Payload hash of the entry.
    pub entry: Hash32,
    /// Why.
    pub why: GateRefusal,
}

struct Held {
    row: UnitRow,
    changes: Vec<(Hash32, DocEffect)>,
    /// The document is made anew from all kept changes.
    anew: bool,
}

impl<'t> Projector<'t> {
    /// Nothing taken yet.
    #[must_use]
    pub const fn new(tx: &'t Transaction<'t>) -> Self {
        Self { tx, units: BTreeMap::new(), community: None, only: None, stale: BTreeSet::new() }
    }

    /// Takes a payload in; `stream` is the one it was received by, `None` for one recorded here. Returns whether it
    /// could be read: one of a newer version is kept elsewhere and adds nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take(
        &mut self,
        payload: &Payload,
        recorded_ms: i64,
        stream: Option<StreamId>,
    ) -> Result<bool, StoreError> {
        let Ok(effects) = projection::project(payload, recorded_ms) else { return Ok(false) };
        let entry = payload.hash();
        for unit in projection::units_of(&effects) {
            if self.only.as_ref().is_some_and(|only| !only.contains(&unit)) {
                continue;
            }
            log::concerns(self.tx, unit, entry)?;
            let held = self.hold(unit)?;
            if let Some(stream @ StreamId::Grid(_)) = stream {
                // What still comes by the stream it left does not bring a unit back; only moving in does.
                let left = held.row.leaving && held.row.stream == Some(stream);
                held.row.stream = Some(stream);
                held.row.leaving = left;
            }
            for one in effects.units.iter().filter(|one| one.unit == unit) {
                if !held.row.file.insert(one.stamp, one.fact.clone()) {
                    held.row.file.restamp(entry, recorded_ms);
                }
            }
            for (_, one) in effects.follow_ups.iter().filter(|(of, _)| *of == unit) {
                held.row.follow(one.clone());
            }
            held.changes
                .extend(effects.doc.iter().filter(|doc| doc.unit == unit).map(|doc| (entry, doc.clone())));
        }
        if !effects.community.is_empty() {
            let community = self.community()?;
            for one in effects.community {
                community.insert(one.stamp, one.by, one.fact);
            }
        }
        Ok(true)
    }

    /// Puts an entry's facts at the time the hub vouches for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn restamp(&mut self, payload: &Payload, recorded_ms: i64) -> Result<(), StoreError> {
        let Ok(effects) = projection::project(payload, recorded_ms) else { return Ok(()) };
        for unit in projection::units_of(&effects) {
            if self.is_known(unit)? {
                let row = &mut self.hold(unit)?.row;
                row.file.restamp(payload.hash(), recorded_ms);
                for (_, one) in effects.follow_ups.iter().filter(|(of, _)| *of == unit) {
                    row.follow(one.clone());
                }
            }
        }
        Ok(())
    }

    /// 迁入本网格 – a unit is of this stream from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn arrive(&mut self, unit: Unit, stream: StreamId) -> Result<(), StoreError> {
        let row = &mut self.hold(unit)?.row;
        row.stream = Some(stream);
        row.leaving = false;
        Ok(())
    }

    /// 迁出本网格 – marks a unit that left `stream`, unless it has come in by another one since.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn leave(&mut self, unit: Unit, stream: StreamId) -> Result<(), StoreError> {
        if self.is_known(unit)? {
            let row = &mut self.hold(unit)?.row;
            row.leaving |= row.stream == Some(stream);
        }
        Ok(())
    }

    /// Makes a unit's file and document anew from all payloads that still hold: after one of its own was refused.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn rebuild(&mut self, unit: Unit) -> Result<(), StoreError> {
        if !self.is_known(unit)? {
            return Ok(());
        }
        let kept = log::about(self.tx, unit)?;
        let held = self.hold(unit)?;
        let mut row = UnitRow::new(unit);
        (row.stream, row.leaving) = (held.row.stream, held.row.leaving);
        *held = Held { row, changes: Vec::new(), anew: true };
        for one in kept {
            let Ok(effects) = projection::project(&one.payload, one.recorded_ms) else { continue };
            let entry = one.payload.hash();
            for fact in effects.units.into_iter().filter(|fact| fact.unit == unit) {
                held.row.file.insert(fact.stamp, fact.fact);
            }
            for (_, one) in effects.follow_ups.into_iter().filter(|(of, _)| *of == unit) {
                held.row.follow(one);
            }
            held.changes.extend(effects.doc.filter(|doc| doc.unit == unit).map(|doc| (entry, doc)));
        }
        Ok(())
    }

    /// Up to when everything of a unit was erased by decision, milliseconds since 1970 UTC.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erased_until(&mut self, unit: Unit) -> Result<Option<i64>, StoreError> {
        if !self.is_known(unit)? {
            return Ok(None);
        }
        let until = self.hold(unit)?.row.file.facts().filter_map(|(_, stamped)| match stamped.fact {
            Fact::Erased { until_ms, .. } => Some(until_ms),
            _ => None,
        });
        Ok(until.max())
    }

    /// A payload about these units lost its body: they are made anew, once, at the end.
    pub fn make_anew(&mut self, units: impl IntoIterator<Item = Unit>) {
        self.stale.extend(units);
    }

    /// Writes every touched row. Returns the changes that could not go into their documents.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn finish(mut self) -> Result<Vec<NotApplied>, StoreError> {
        for unit in std::mem::take(&mut self.stale) {
            self.rebuild(unit)?;
        }
        let mut refused = Vec::new();
        for held in std::mem::take(&mut self.units).into_values() {
            refused.extend(self.write(held)?);
        }
        if let Some(community) = &self.community {
            units::put_community(self.tx, community)?;
        }
        Ok(refused)
    }

    fn write(&self, held: Held) -> Result<Vec<NotApplied>, StoreError> {
        let Held { mut row, changes, anew } = held;
        let mut refused = Vec::new();
        if anew || !changes.is_empty() {
            let mut profile = if anew { Profile::new() } else { self.profile(row.unit)? };
            let mut waiting = if anew { Vec::new() } else { self.waiting(row.unit)? };
            waiting.extend(changes);
            refused = apply_all(&mut profile, waiting, &applying::passed_over(self.tx)?);
            self.write_doc(row.unit, &mut profile, &refused)?;
            row.fields = profile.fields();
        }
        let home = projection::home(&row.file);
        row.grid = home.map(|home| home.grid);
        row.dwelling = home.map(|home| home.dwelling);
        units::put(self.tx, &row)?;
        Ok(refused)
    }

    fn write_doc(&self, unit: Unit, profile: &mut Profile, refused: &[NotApplied]) -> Result<(), StoreError> {
        let what = "保存户情 write a document";
        let key = unit_key(unit);
        self.tx
            .execute("INSERT OR REPLACE INTO doc (unit, body) VALUES (?1, ?2)", params![key, profile.save()])
            .map_err(StoreError::of(what))?;
        self.tx.execute("DELETE FROM waiting WHERE unit = ?1", params![key]).map_err(StoreError::of(what))?;
        for one in refused.iter().filter(|one| one.why == GateRefusal::Dependency) {
            self.tx
                .execute(
                    "INSERT INTO waiting (unit, payload_hash) VALUES (?1, ?2)",
                    params![key, one.entry.0],
                )
                .map_err(StoreError::of(what))?;
        }
        Ok(())
    }

    fn profile(&self, unit: Unit) -> Result<Profile, StoreError> {
        profile(self.tx, unit)
    }

    fn waiting(&self, unit: Unit) -> Result<Vec<(Hash32, DocEffect)>, StoreError> {
        let what = "读取待合并修改 read waiting changes";
        let mut statement = self
            .tx
            .prepare_cached("SELECT payload_hash FROM waiting WHERE unit = ?1")
            .map_err(StoreError::of(what))?;
        let rows = statement
            .query_map(params![unit_key(unit)], |row| row.get::<_, [u8; 32]>(0))
            .map_err(StoreError::of(what))?;
        let hashes: Result<Vec<_>, _> = rows.collect();
        let hashes = hashes.map_err(StoreError::of(what))?;
        let kept = log::about(self.tx, unit)?;
        let waiting =
            kept.into_iter().filter(|one| hashes.contains(&one.payload.hash().0)).filter_map(|one| {
                let effects = projection::project(&one.payload, one.recorded_ms).ok()?;
                Some((one.payload.hash(), effects.doc?))
            });
        Ok(waiting.collect())
    }

    fn is_known(&self, unit: Unit) -> Result<bool, StoreError> {
        Ok(self.units.contains_key(&unit) || units::find(self.tx, unit)?.is_some())
    }

    fn hold(&mut self, unit: Unit) -> Result<&mut Held, StoreError> {
        if !self.units.contains_key(&unit) {
            let row = units::find(self.tx, unit)?.unwrap_or_else(|| UnitRow::new(unit));
            self.units.insert(unit, Held { row, changes: Vec::new(), anew: false });
        }
        self.units.get_mut(&unit).ok_or(StoreError::Row("unit"))
    }

    fn community(&mut self) -> Result<&mut CommunityFile, StoreError> {
        let file = match self.community.take() {
            Some(file) => file,
            None => units::community(self.tx)?,
        };
        Ok(self.community.insert(file))
    }
}

/// The document of a household; empty when there is none, rebuilt when it is damaged.
///
/// # Errors
/// [`StoreError`].
pub fn profile(db: &Connection, unit: Unit) -> Result<Profile, StoreError> {
    let body: Option<Vec<u8>> = db
        .query_row("SELECT body FROM doc WHERE unit = ?1", params![unit_key(unit)], |row| row.get(0))
        .optional()
        .map_err(StoreError::of("读取户情 read a document"))?;
    let Some(body) = body else { return Ok(Profile::new()) };
    if let Ok(profile) = Profile::load(&body) {
        return Ok(profile);
    }
    let mut profile = Profile::new();
    let kept = log::about(db, unit)?.into_iter().filter(|one| one.payload.kind == Kind::Doc);
    let changes = kept.filter_map(|one| {
        let effects = projection::project(&one.payload, one.recorded_ms).ok()?;
        Some((one.payload.hash(), effects.doc?))
    });
    apply_all(&mut profile, changes.collect(), &applying::passed_over(db)?);
    Ok(profile)
}

/// The changes of documents that came from the hub and no document has been spared.
pub(super) fn changes_of_others(db: &Connection) -> Result<Vec<Payload>, StoreError> {
    let passed_over = applying::passed_over(db)?;
    let received = log::received_changes(db)?;
    Ok(received.into_iter().filter(|payload| !passed_over.contains(&payload.hash())).collect())
}

/// Whether the rows were made by a version that gave them another meaning.
pub(super) fn is_older(db: &Connection) -> Result<bool, StoreError> {
    Ok(log::meta(db, PROJECTION_NAME)? != PROJECTION)
}

/// Makes all rows anew from the payloads.
pub(super) fn rebuild(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let known = units::all(tx)?;
    let mut projector = Projector::new(tx);
    projector.only = Some(known.iter().map(|row| row.unit).collect());
    projector.community = Some(CommunityFile::default());
    for old in known {
        let mut row = UnitRow::new(old.unit);
        (row.stream, row.leaving) = (old.stream, old.leaving);
        projector.units.insert(old.unit, Held { row, changes: Vec::new(), anew: true });
    }
    for one in log::everything(tx)? {
        projector.take(&one.payload, one.recorded_ms, None)?;
    }
    projector.finish()?;
    applying::done(tx)?;
    log::put_meta(tx, PROJECTION_NAME, PROJECTION)
}

/// Applies changes in any order: those that wait for another are tried again until nothing moves.
fn apply_all(
    profile: &mut Profile,
    mut changes: Vec<(Hash32, DocEffect)>,
    passed_over: &BTreeSet<Hash32>,
) -> Vec<NotApplied> {
    let mut refused = Vec::new();
    changes.retain(|(entry, _)| !passed_over.contains(entry));
    loop {
        let before = changes.len();
        let mut waiting = Vec::new();
        for (entry, doc) in changes {
            // An erased change adds nothing.
            let Some(bytes) = &doc.bytes else { continue };
            // The hub has judged the fields by the schema in force; a newer one's fields must not be lost here.
            match profile.apply(doc.change, bytes, &allows_plain) {
                Ok(_) => {}
                Err(GateRefusal::Dependency) => waiting.push((entry, doc)),
                Err(why) => refused.push(NotApplied { entry, why }),
            }
        }
        if waiting.is_empty() || waiting.len() == before {
            let waiting = waiting.into_iter();
            refused.extend(waiting.map(|(entry, _)| NotApplied { entry, why: GateRefusal::Dependency }));
            return refused;
        }
        changes = waiting;
    }
}
