//! 预读与缓写 – what a transaction has read already, and what it will write at once at the end of a job.
//!
//! An entry reads and writes a row or two in each of ten tables. Asked for one by one, a push of thirty visits is some
//! four hundred questions; on a server each is a round trip. So a push says first which units it is about, their rows
//! are read by one query a table, and what it writes is held back until the job ends, or until somebody asks: then it
//! is one statement a table.
//!
//! Two rules keep that exact, whoever writes a storage module: a statement that reads first has everything written
//! down, and one that writes makes everything read be forgotten too. Only the functions that go by this module's maps
//! are excepted (`_apart`, see [`super::ask`]).

use std::cell::{RefCell, RefMut};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chrono::NaiveDate;
use ruhu_core::community::CommunityFile;
use ruhu_core::entry::StreamId;
use ruhu_core::file::UnitFile;
use ruhu_core::ids::{CommunityId, GridId};
use ruhu_core::roster::Unit;

use super::log::{NewEntry, Pos};
use super::requests::RequestRow;
use super::streams::{NewRow, StreamAt};
use super::units::{UnitNr, UnitRow};
use super::vault::KeyBytes;
use super::vault::owner::Owner;
use super::waiting::Waiting;
use super::{StorageError, Tx};

/// Files known at most; then all are read anew.
const FILES_MAX: usize = 20_000;
/// Entries held back at most: bounds the memory of a large import.
const ENTRIES_MAX: usize = 2_000;

/// What one transaction has read and holds back. A view keeps nothing: it may read a whole database.
pub(crate) struct Ahead {
    held: RefCell<Held>,
    keeps: bool,
}

/// Everything here is true of the database as this transaction will leave it.
#[derive(Default)]
pub(super) struct Held {
    pub(super) read: Read,
    pub(super) back: Back,
    pub(super) touched: Touched,
    /// What was held back could not be written: the job is not to be kept, whatever it says itself.
    broken: Option<StorageError>,
}

/// 预读 – rows that were read.
#[derive(Default)]
pub(super) struct Read {
    pub(super) units: BTreeMap<Unit, Option<UnitRow>>,
    pub(super) files: BTreeMap<UnitNr, Option<Rc<UnitFile>>>,
    pub(super) homes: BTreeMap<UnitNr, BTreeSet<GridId>>,
    pub(super) parked: BTreeMap<Unit, Vec<Waiting>>,
    pub(super) streams: BTreeMap<StreamId, Option<StreamAt>>,
    pub(super) grids: BTreeMap<GridId, Option<CommunityId>>,
    pub(super) communities: BTreeMap<CommunityId, Option<Rc<CommunityFile>>>,
    pub(super) last_pos: Option<Pos>,
    pub(super) last_unit: Option<UnitNr>,
    pub(super) keys: BTreeMap<Owner, Option<KeyBytes>>,
    pub(super) generation: Option<Option<u32>>,
}

/// 缓写 – rows that are not written yet. Unit rows, files and streams are named here and stand in [`Read`].
#[derive(Default)]
pub(super) struct Back {
    pub(super) entries: Vec<NewEntry>,
    pub(super) units: BTreeSet<Unit>,
    pub(super) files: BTreeSet<UnitNr>,
    pub(super) homes: BTreeSet<(UnitNr, GridId)>,
    pub(super) ties: BTreeSet<(UnitNr, [u8; 16])>,
    pub(super) concerns: BTreeSet<(UnitNr, Pos)>,
    pub(super) requests: Vec<RequestRow>,
    pub(super) streams: BTreeSet<StreamId>,
    pub(super) rows: Vec<NewRow>,
    pub(super) keys: BTreeMap<Owner, (u32, Vec<u8>)>,
}

/// 变动 – what is to be reckoned again before the transaction commits; written down only if that fails.
#[derive(Default)]
pub(super) struct Touched {
    pub(super) units: BTreeMap<UnitNr, NaiveDate>,
    pub(super) grids: BTreeSet<GridId>,
    /// What the reckoning took in hand.
    pub(super) units_taken: BTreeMap<UnitNr, NaiveDate>,
    pub(super) grids_taken: BTreeSet<GridId>,
    /// What this job touched, to take it back: units with what was noted before.
    pub(super) by_job: Vec<(UnitNr, Option<NaiveDate>)>,
    pub(super) grids_by_job: Vec<GridId>,
}

impl Ahead {
    /// For a transaction that writes.
    pub(super) fn of_writer() -> Self {
        Self { held: RefCell::default(), keeps: true }
    }

    /// For a view.
    pub(super) fn of_reader() -> Self {
        Self { held: RefCell::default(), keeps: false }
    }

    pub(super) fn held(&self) -> RefMut<'_, Held> {
        self.held.borrow_mut()
    }

    /// As [`Ahead::held`], for rows just read; a view forgets what it read before.
    pub(super) fn to_hold(&self) -> RefMut<'_, Held> {
        if !self.keeps {
            self.forget();
        }
        self.held()
    }

    /// What was read is no longer known to be true.
    pub(super) fn forget(&self) {
        self.held().read = Read::default();
    }

    /// A job begins: what it touches can be taken back.
    pub(super) fn begin_job(&self) {
        let touched = &mut self.held().touched;
        touched.by_job.clear();
        touched.grids_by_job.clear();
    }

    /// A job's savepoint was rolled back: nothing of it is held any longer.
    pub(super) fn undo_job(&self) {
        let held = &mut *self.held();
        (held.read, held.back, held.broken) = (Read::default(), Back::default(), None);
        for (unit, before) in held.touched.by_job.drain(..).rev() {
            match before {
                Some(day) => held.touched.units.insert(unit, day),
                None => held.touched.units.remove(&unit),
            };
        }
        for grid in held.touched.grids_by_job.drain(..) {
            held.touched.grids.remove(&grid);
        }
    }
}

impl Back {
    fn is_empty(&self) -> bool {
        self.entries.is_empty()
            && self.units.is_empty()
            && self.files.is_empty()
            && self.homes.is_empty()
            && self.ties.is_empty()
            && self.concerns.is_empty()
            && self.requests.is_empty()
            && self.streams.is_empty()
            && self.rows.is_empty()
            && self.keys.is_empty()
    }
}

impl Tx<'_> {
    /// Keeps what is held within bounds.
    pub(super) fn bound(&self) -> Result<(), StorageError> {
        let (entries, files) = {
            let held = self.ahead.held();
            (held.back.entries.len(), held.read.files.len())
        };
        if ENTRIES_MAX <= entries || FILES_MAX <= files {
            self.write_down()?;
        }
        if FILES_MAX <= files {
            self.ahead.forget();
        }
        Ok(())
    }

    /// Writes everything that is held back; what was read stays known.
    pub(super) fn write_down(&self) -> Result<(), StorageError> {
        let back = {
            let held = &mut *self.ahead.held();
            if let Some(why) = &held.broken {
                return Err(why.clone());
            }
            if held.back.is_empty() {
                return Ok(());
            }
            std::mem::take(&mut held.back)
        };
        let written = self.write(&back);
        if let Err(why) = &written {
            self.ahead.held().broken = Some(why.clone());
        }
        written
    }

    fn write(&self, back: &Back) -> Result<(), StorageError> {
        // A row before those that name it.
        self.write_streams(&back.streams, &back.rows)?;
        self.write_keys(&back.keys)?;
        self.write_entries(&back.entries)?;
        self.write_units(&back.units)?;
        self.write_files(&back.files)?;
        self.write_homes(&back.homes)?;
        self.write_ties(&back.ties)?;
        self.write_concerns(&back.concerns)?;
        self.write_requests(&back.requests)
    }
}
