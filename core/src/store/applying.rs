//! 正在合并 – which changes of others are on their way into their documents, written down before they are tried.
//!
//! Neither running out of memory nor a panic in the browser can be caught. What is found here at start was being applied
//! when the program ended: the changes are tried again, few and then one at a time, each under its own mark; one that ends
//! the program alone is set aside and its household rebuilt without it. Own saves need no mark: this phone made the change.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Transaction, params};

use super::units::{unit_from_key, unit_key};
use super::{Projector, Store, StoreError, projector};
use crate::entry::{Kind, Payload, read_cbor, write_cbor};
use crate::ids::Hash32;
use crate::profile::{Profile, allows_plain};
use crate::projection;
use crate::roster::Unit;

const TOGETHER: u8 = 1;
const MAYBE: u8 = 2;
const FEW: u8 = 3;
const ALONE: u8 = 4;
const HARMLESS: u8 = 5;

/// So many are tried at once while one of very many is looked for; below that, one at a time.
const AT_ONCE: usize = 32;

struct Suspect {
    nth: i64,
    payload: Payload,
}

impl Store {
    /// Writes down which changes are about to be applied; durable when this returns. Nothing is written for none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn about_to_apply(&mut self, changes: &[Payload]) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        self.write("标记合并 mark changes", |tx| {
            let sql = "INSERT OR REPLACE INTO applying (payload_hash, payload, state) VALUES (?1, ?2, ?3)";
            let mut statement = tx.prepare_cached(sql).map_err(StoreError::of(WHAT))?;
            for change in changes {
                statement
                    .execute(params![change.hash().0, write_cbor(change), TOGETHER])
                    .map_err(StoreError::of(WHAT))?;
            }
            Ok(())
        })
    }

    /// Looks for what ended the program, if anything did. Returns whether something is set aside because of it.
    pub(super) fn recover(&mut self) -> Result<bool, StoreError> {
        if !any(self.read())? {
            return Ok(false);
        }
        let found = self.write(WHAT, |tx| {
            let alone = rows(tx, ALONE)?;
            for one in &alone {
                set_one_aside(tx, one)?;
            }
            let few = rows(tx, TOGETHER)?.len() <= AT_ONCE;
            move_all(tx, TOGETHER, if few { FEW } else { MAYBE })?;
            Ok::<_, StoreError>(!alone.is_empty())
        })?;
        self.try_again()?;
        self.write("重建户情 rebuild the households", |tx| {
            done(tx)?;
            let mut projector = Projector::new(tx);
            for (_, unit) in set_aside(tx)? {
                projector.rebuild(unit)?;
            }
            projector.finish().map(drop)
        })?;
        Ok(found)
    }

    /// Applies every suspect to a copy of its document, under a mark that says which.
    fn try_again(&mut self) -> Result<(), StoreError> {
        let mut copies = BTreeMap::new();
        for one in rows(self.read(), HARMLESS)? {
            apply(self.read(), &mut copies, &one.payload)?;
        }
        loop {
            let few = rows(self.read(), FEW)?;
            let (state, mut next) =
                if few.is_empty() { (TOGETHER, rows(self.read(), MAYBE)?) } else { (ALONE, few) };
            next.truncate(if state == ALONE { 1 } else { AT_ONCE });
            if next.is_empty() {
                return Ok(());
            }
            self.write(WHAT, |tx| next.iter().try_for_each(|one| put(tx, one, state)))?;
            for one in &next {
                apply(self.read(), &mut copies, &one.payload)?;
            }
            self.write(WHAT, |tx| next.iter().try_for_each(|one| put(tx, one, HARMLESS)))?;
        }
    }
}

const WHAT: &str = "查找中断原因 look for what ended the program";

/// Everything marked has gone into its document; to be called in the transaction that holds the documents.
///
/// # Errors
/// [`StoreError`].
pub fn done(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM applying", []).map(drop).map_err(StoreError::of(WHAT))
}

/// The changes set aside on this phone, by their payloads, and whose documents lack them.
///
/// # Errors
/// [`StoreError`].
pub fn set_aside(db: &Connection) -> Result<Vec<(Hash32, Unit)>, StoreError> {
    let mut statement = db
        .prepare_cached("SELECT payload_hash, unit FROM set_aside ORDER BY payload_hash")
        .map_err(StoreError::of(WHAT))?;
    let read = statement
        .query_map([], |row| Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, Vec<u8>>(1)?)))
        .map_err(StoreError::of(WHAT))?;
    let mut found = Vec::new();
    for row in read {
        let (hash, key) = row.map_err(StoreError::of(WHAT))?;
        found.push((Hash32(hash), unit_from_key(&key).ok_or(StoreError::Row("set_aside.unit"))?));
    }
    Ok(found)
}

/// The payloads among them that no document takes in.
pub(super) fn passed_over(db: &Connection) -> Result<BTreeSet<Hash32>, StoreError> {
    Ok(set_aside(db)?.into_iter().map(|(hash, _)| hash).collect())
}

/// A newer version tries everything again.
pub(super) fn forgive(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM set_aside", []).map(drop).map_err(StoreError::of(WHAT))
}

fn set_one_aside(tx: &Transaction<'_>, one: &Suspect) -> Result<(), StoreError> {
    if let Some(unit) = unit_of(&one.payload) {
        tx.execute(
            "INSERT OR IGNORE INTO set_aside (payload_hash, unit) VALUES (?1, ?2)",
            params![one.payload.hash().0, unit_key(unit)],
        )
        .map_err(StoreError::of(WHAT))?;
    }
    tx.execute("DELETE FROM applying WHERE nth = ?1", [one.nth]).map(drop).map_err(StoreError::of(WHAT))
}

fn apply(db: &Connection, copies: &mut BTreeMap<Unit, Profile>, payload: &Payload) -> Result<(), StoreError> {
    let Ok(effects) = projection::project(payload, 0) else { return Ok(()) };
    let Some((unit, change, bytes)) = effects.doc.and_then(|doc| Some((doc.unit, doc.change, doc.bytes?)))
    else {
        return Ok(());
    };
    let copy = match copies.entry(unit) {
        std::collections::btree_map::Entry::Occupied(held) => held.into_mut(),
        std::collections::btree_map::Entry::Vacant(place) => place.insert(projector::profile(db, unit)?),
    };
    // Only whether the program lives through it is of interest: saving is part of that.
    if copy.apply(change, &bytes, &allows_plain).is_ok() {
        drop(copy.save());
    }
    Ok(())
}

fn unit_of(payload: &Payload) -> Option<Unit> {
    let effects = projection::project(payload, 0).ok()?;
    effects.doc.filter(|_| payload.kind == Kind::Doc).map(|doc| doc.unit)
}

fn any(db: &Connection) -> Result<bool, StoreError> {
    db.query_row("SELECT EXISTS (SELECT 1 FROM applying)", [], |row| row.get(0)).map_err(StoreError::of(WHAT))
}

fn rows(db: &Connection, state: u8) -> Result<Vec<Suspect>, StoreError> {
    let mut statement = db
        .prepare_cached("SELECT nth, payload FROM applying WHERE state = ?1 ORDER BY nth")
        .map_err(StoreError::of(WHAT))?;
    let read = statement
        .query_map([state], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))
        .map_err(StoreError::of(WHAT))?;
    let mut found = Vec::new();
    for row in read {
        let (nth, bytes) = row.map_err(StoreError::of(WHAT))?;
        let payload = read_cbor(&bytes).map_err(|_| StoreError::Row("applying.payload"))?;
        found.push(Suspect { nth, payload });
    }
    Ok(found)
}

fn put(tx: &Transaction<'_>, one: &Suspect, state: u8) -> Result<(), StoreError> {
    tx.execute("UPDATE applying SET state = ?1 WHERE nth = ?2", params![state, one.nth])
        .map(drop)
        .map_err(StoreError::of(WHAT))
}

fn move_all(tx: &Transaction<'_>, from: u8, to: u8) -> Result<(), StoreError> {
    tx.execute("UPDATE applying SET state = ?2 WHERE state = ?1", params![from, to])
        .map(drop)
        .map_err(StoreError::of(WHAT))
}
