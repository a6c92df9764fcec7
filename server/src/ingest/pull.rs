//! 下发 – what a phone lacks, per stream: only households the grid holds now; the cursor passes over the rest.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::entry::StreamId;
use ruhu_core::ids::GridId;
use ruhu_core::projection::{project, units_of};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{Cursor, Moved, Pull, Pulled, PulledEntry};

use crate::storage::log::{Kept, Pos};
use crate::storage::streams::{Placed, Row};
use crate::storage::units::UnitNr;
use crate::storage::{StorageError, Tx};

/// A reply stops pulling after about this much payload, in bytes.
pub(crate) const PAGE_BYTES: usize = 512 * 1024;
/// Rows looked at in one go.
const ROWS: u32 = 256;

/// What is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// The streams this phone may hold, in the order they are answered.
    pub(crate) streams: &'a [StreamId],
    /// How far it has read.
    pub(crate) cursors: &'a BTreeMap<StreamId, Cursor>,
    /// Entries this very request brought: the phone has them.
    pub(crate) passed_over: &'a BTreeSet<Pos>,
    /// About how much payload, in bytes.
    pub(crate) page_bytes: usize,
}

/// What is answered.
pub(crate) struct Answer {
    pub(crate) pulls: Vec<Pull>,
    pub(crate) more: bool,
}

pub(crate) fn pull(tx: &Tx<'_>, wanted: Wanted<'_>) -> Result<Answer, StorageError> {
    let mut page = Page { tx, wanted, bytes: 0, homes: BTreeMap::new() };
    let mut answer = Answer { pulls: Vec::new(), more: false };
    for stream in wanted.streams {
        let asked = wanted.cursors.get(stream).copied().unwrap_or_default();
        let (pull, more) = page.stream(*stream, asked)?;
        answer.more |= more;
        if pull.cursor != asked || !pull.entries.is_empty() {
            answer.pulls.push(pull);
        }
    }
    Ok(answer)
}

struct Page<'a> {
    tx: &'a Tx<'a>,
    wanted: Wanted<'a>,
    bytes: usize,
    homes: BTreeMap<Unit, Option<GridId>>,
}

impl Page<'_> {
    fn stream(&mut self, id: StreamId, asked: Cursor) -> Result<(Pull, bool), StorageError> {
        let mut pull = Pull { stream: id, entries: Vec::new(), cursor: asked };
        let Some(at) = self.tx.stream(id)? else {
            pull.cursor = Cursor::default();
            return Ok((pull, false));
        };
        if !self.tx.agrees(at, asked.seq, asked.head)? {
            // The phone read another history: it reads this one from the start.
            pull.cursor = Cursor::default();
        }
        loop {
            let rows = self.tx.rows_after(at.nr, pull.cursor.seq, ROWS)?;
            if rows.is_empty() {
                return Ok((pull, false));
            }
            for row in rows {
                if self.wanted.page_bytes <= self.bytes {
                    return Ok((pull, true));
                }
                self.row(id, row, &mut pull.entries)?;
                pull.cursor = Cursor { seq: row.seq, head: row.head };
            }
        }
    }

    fn row(&mut self, id: StreamId, placed: Placed, to: &mut Vec<PulledEntry>) -> Result<(), StorageError> {
        let (seq, at_ms) = (placed.seq, placed.at_ms);
        let here = match id {
            StreamId::Grid(grid) => Some(grid),
            _ => None,
        };
        match placed.row {
            Row::Payload(pos) => {
                if self.wanted.passed_over.contains(&pos) {
                    return Ok(());
                }
                let kept = self.tx.entry(pos)?.ok_or(StorageError::Damaged { what: "entry of a stream" })?;
                self.payload(here, seq, at_ms, kept, to)
            }
            Row::MoveOut(nr) => {
                let unit = self.tx.unit_by_nr(nr)?;
                if unit.grid != here {
                    let unit = Some(unit.unit);
                    to.push(PulledEntry { seq, unit, recorded_ms: at_ms, entry: Pulled::MoveOut });
                }
                Ok(())
            }
            Row::MoveIn(nr) => {
                let unit = self.tx.unit_by_nr(nr)?;
                if unit.grid == here {
                    let entry = Pulled::MoveIn(self.history(nr)?);
                    to.push(PulledEntry { seq, unit: Some(unit.unit), recorded_ms: at_ms, entry });
                }
                Ok(())
            }
        }
    }

    fn payload(
        &mut self,
        here: Option<GridId>,
        seq: u64,
        at_ms: i64,
        kept: Kept,
        to: &mut Vec<PulledEntry>,
    ) -> Result<(), StorageError> {
        let (named, recorded_ms) = (kept.entry.envelope.unit, kept.recorded_ms);
        let mut gone = Vec::new();
        if let Some(here) = here {
            let effects = project(&kept.entry.payload, recorded_ms)
                .map_err(|_| StorageError::Damaged { what: "payload of the log" })?;
            let mut units = units_of(&effects);
            units.extend(named.filter(|unit| !units.contains(unit)));
            let mut any_here = false;
            for unit in units {
                if self.home(unit)? == Some(here) { any_here = true } else { gone.push(unit) }
            }
            if !any_here {
                return Ok(());
            }
        }
        self.bytes += kept.entry.payload.size_bytes();
        let entry = Pulled::Payload(kept.entry.payload);
        to.push(PulledEntry { seq, unit: named, recorded_ms, entry });
        // A payload about several units is sent whole; those that live elsewhere by now are taken back at once.
        for unit in gone {
            to.push(PulledEntry { seq, unit: Some(unit), recorded_ms: at_ms, entry: Pulled::MoveOut });
        }
        Ok(())
    }

    /// Everything of a unit in the order it was accepted, so that a change of the document follows what it builds on.
    fn history(&mut self, nr: UnitNr) -> Result<Vec<Moved>, StorageError> {
        let mut kept = Vec::new();
        for pos in self.tx.entries_of(nr)? {
            kept.push(self.tx.entry(pos)?.ok_or(StorageError::Damaged { what: "entry of a unit" })?);
        }
        kept.sort_by_key(|one| (one.placed_ms.unwrap_or(one.received_ms), one.placed_ms.is_some(), one.pos));
        self.bytes += kept.iter().map(|one| one.entry.payload.size_bytes()).sum::<usize>();
        let moved =
            kept.into_iter().map(|one| Moved { recorded_ms: one.recorded_ms, payload: one.entry.payload });
        Ok(moved.collect())
    }

    fn home(&mut self, unit: Unit) -> Result<Option<GridId>, StorageError> {
        if let Some(known) = self.homes.get(&unit) {
            return Ok(*known);
        }
        let home = self.tx.unit(unit)?.and_then(|row| row.grid);
        self.homes.insert(unit, home);
        Ok(home)
    }
}
