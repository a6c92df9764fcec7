//! Placing an entry for good: project it onto the files, give it its place in a stream, move units between streams.

use chrono::NaiveDate;
use ruhu_core::category::{FieldKey, Scalar, check_scalar};
use ruhu_core::entry::{Private, StreamId};
use ruhu_core::fact::Fact;
use ruhu_core::file::UnitFile;
use ruhu_core::ids::{CommunityId, DwellingId, GridId, Hash32};
use ruhu_core::profile::{GateRefusal, Profile};
use ruhu_core::projection::{DocEffect, Effects, home, standing, units_of};
use ruhu_core::roster::Unit;

use super::requests::request_rows;
use crate::coverage::moves_from;
use crate::storage::log::Pos;
use crate::storage::privates::{PrivateRow, Subject};
use crate::storage::streams::Row;
use crate::storage::units::{UnitRow, unit_bytes};
use crate::storage::{StorageError, Tx};

/// An entry that is to be placed.
#[derive(Clone, Copy, Debug)]
pub struct ToPlace<'a> {
    /// Where it is kept.
    pub pos: Pos,
    /// Its payload's hash.
    pub payload: Hash32,
    /// The unit its envelope names.
    pub unit: Option<Unit>,
    /// What it adds.
    pub effects: &'a Effects,
    /// The community it belongs to.
    pub community: CommunityId,
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// Where an entry came to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// In which stream.
    pub stream: StreamId,
    /// At which number.
    pub seq: u64,
    /// The units it concerns.
    pub units: Vec<Unit>,
}

/// Why an entry could not be placed; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Unplaced {
    /// The document's gate does not let the change through.
    #[error(transparent)]
    Gate(#[from] GateRefusal),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Projects an entry and gives it its place. The gate is asked first, so a refused change writes nothing.
///
/// # Errors
/// [`Unplaced`].
pub fn place(tx: &Tx<'_>, to: ToPlace<'_>) -> Result<Place, Unplaced> {
    if let Some(private) = &to.effects.private {
        return Ok(place_private(tx, &to, private)?);
    }
    let doc = to.effects.doc.as_ref().map(|change| changed_doc(tx, change)).transpose()?;
    let mut units = units_of(to.effects);
    if let Some(unit) = to.unit
        && !units.contains(&unit)
    {
        units.push(unit);
    }
    let mut moved = Vec::with_capacity(units.len());
    for unit in &units {
        moved.push(project_unit(tx, *unit, to.effects)?);
    }
    if let Some((nr, bytes)) = doc {
        tx.put_unit_doc(nr, &bytes)?;
    }
    project_community(tx, to.community, to.effects)?;

    let named = to.unit.and_then(|unit| moved.iter().find(|one| one.row.unit == unit));
    let stream = named
        .and_then(|one| one.row.grid)
        .or_else(|| moved.iter().find_map(|one| one.row.grid))
        .map_or(StreamId::Community(to.community), StreamId::Grid);
    let seq = tx.append_row(stream, Row::Payload(to.pos), &to.payload.0, to.at_ms)?;
    for one in &moved {
        tx.concern(one.row.nr, to.pos)?;
        for row in request_rows(&one.row, to.pos, to.effects) {
            tx.note_request(row);
        }
        one.tell_streams(tx, stream, to.at_ms)?;
    }
    if !to.effects.community.is_empty() {
        // Assignments, policies and calendars move the figures of every grid.
        for grid in tx.community_file(to.community)?.unwrap_or_default().grids().into_keys() {
            tx.touch_grid(grid)?;
        }
    }
    Ok(Place { stream, seq, units })
}

/// What stands between the desk and one worker concerns no unit's file, and no other phone.
fn place_private(tx: &Tx<'_>, to: &ToPlace<'_>, private: &Private) -> Result<Place, StorageError> {
    let stream = private.stream(to.community);
    let seq = tx.append_row(stream, Row::Payload(to.pos), &to.payload.0, to.at_ms)?;
    let (community, worker, subject) = (to.community, private.worker(), Subject::of(private));
    tx.note_private(&PrivateRow { pos: to.pos, community, worker, subject })?;
    Ok(Place { stream, seq, units: Vec::new() })
}

/// A unit after its facts were added, and where it was at home before.
struct Moved {
    row: UnitRow,
    before: Option<GridId>,
}

impl Moved {
    /// Tells the stream a unit left, and the one it came to, if that is not the one the entry itself stands in.
    fn tell_streams(&self, tx: &Tx<'_>, entry_stream: StreamId, at_ms: i64) -> Result<(), StorageError> {
        let bytes = unit_bytes(self.row.unit);
        let left = self.before.filter(|before| Some(*before) != self.row.grid);
        if let Some(before) = left {
            tx.append_row(StreamId::Grid(before), Row::MoveOut(self.row.nr), &bytes, at_ms)?;
        }
        if let Some(now) = self.row.grid.map(StreamId::Grid)
            && (left.is_some() || now != entry_stream)
        {
            tx.append_row(now, Row::MoveIn(self.row.nr), &bytes, at_ms)?;
        }
        Ok(())
    }
}

fn project_unit(tx: &Tx<'_>, unit: Unit, effects: &Effects) -> Result<Moved, StorageError> {
    let known = tx.unit(unit)?;
    let is_new = known.is_none();
    let row = match known {
        Some(row) => row,
        None => tx.add_unit(unit)?,
    };
    let mut file = tx.unit_file(&row)?;
    let mut changed = is_new;
    let mut only_visits = !is_new;
    let mut moves = if is_new { NaiveDate::MIN } else { NaiveDate::MAX };
    for one in effects.units.iter().filter(|one| one.unit == unit) {
        changed |= file.insert(one.stamp, one.fact.clone());
        moves = moves.min(moves_from(&one.fact.fact));
        // A visit ties a known unit to nothing new.
        if is_new || !matches!(one.fact.fact, Fact::Visited(_)) {
            only_visits = false;
            tx.tie(row.nr, unit, &one.fact.fact)?;
        }
    }
    let before = row.grid;
    if !changed {
        return Ok(Moved { row, before });
    }
    tx.touch_unit(row.nr, moves)?;
    if only_visits {
        tx.put_unit_file(row.nr, file)?;
        // Where a unit is at home is said by other facts, and no visit takes one of them back.
        return Ok(Moved { row, before });
    }
    let now = located(tx, &row, &file)?;
    tx.put_unit_file(row.nr, file)?;
    if now != row {
        tx.set_unit(&now)?;
        if let Unit::Vacant(door) = unit
            && now.walking_key != row.walking_key
        {
            rekey_households(tx, door, &now.walking_key)?;
        }
    }
    Ok(Moved { row: now, before })
}

/// A unit's row as its file says. Where nothing holds any more, the last known home stays: a returned proposal
/// must still reach the phones that hold it.
pub(crate) fn located(tx: &Tx<'_>, row: &UnitRow, file: &UnitFile) -> Result<UnitRow, StorageError> {
    let home = home(file);
    let dwelling = home.map(|home| home.dwelling).or(row.dwelling);
    let walking_key = match row.unit {
        Unit::Vacant(_) => listed_key(file),
        Unit::Household(_) => match dwelling {
            Some(door) => tx.unit(Unit::Vacant(door))?.map(|door| door.walking_key),
            None => None,
        },
    };
    Ok(UnitRow {
        nr: row.nr,
        unit: row.unit,
        grid: home.map(|home| home.grid).or(row.grid),
        dwelling,
        walking_key: walking_key.unwrap_or_default(),
    })
}

fn listed_key(file: &UnitFile) -> Option<String> {
    standing(file).rev().find_map(|(_, fact)| match &fact.fact {
        Fact::DwellingListed { address, .. } => Some(address.walking_key()),
        _ => None,
    })
}

fn rekey_households(tx: &Tx<'_>, door: DwellingId, walking_key: &str) -> Result<(), StorageError> {
    for row in tx.units_at(door)?.into_iter().filter(|row| row.unit != Unit::Vacant(door)) {
        tx.set_unit(&UnitRow { walking_key: walking_key.to_owned(), ..row })?;
    }
    Ok(())
}

fn project_community(tx: &Tx<'_>, id: CommunityId, effects: &Effects) -> Result<(), StorageError> {
    if effects.community.is_empty() {
        return Ok(());
    }
    let mut file = tx.community(id)?.unwrap_or_default();
    for one in &effects.community {
        file.insert(one.stamp, one.by, one.fact.clone());
    }
    tx.put_community(id, &file)
}

fn changed_doc(
    tx: &Tx<'_>,
    change: &DocEffect,
) -> Result<(crate::storage::units::UnitNr, Vec<u8>), Unplaced> {
    let row = tx.unit(change.unit)?.ok_or(StorageError::Damaged { what: "unit of a document" })?;
    let mut profile = match tx.unit_doc(row.nr)? {
        Some(bytes) => {
            Profile::load(&bytes).map_err(|_| StorageError::Damaged { what: "household document" })?
        }
        None => Profile::new(),
    };
    if let Some(bytes) = &change.bytes {
        profile.apply(change.change, bytes, &allowed)?;
    }
    Ok((row.nr, profile.save()))
}

/// The closed schema: no field that nobody answers for gets into a household's document.
fn allowed(key: &str, value: &Scalar) -> bool {
    FieldKey::parse(key).is_ok_and(|key| check_scalar(&key, value).is_ok())
}
