//! 删除决定 – the list of erasures, and the bodies they took out of the log.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::entry::Payload;
use ruhu_core::ids::{AccountId, Hash32};
use ruhu_core::roster::Unit;

use super::db::{Row, values};
use super::log::Pos;
use super::units::{UnitNr, unit_bytes, unit_from_bytes};
use super::vault::owner::{Owner, body_bytes, place_of};
use super::{StorageError, Tx};

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureRow {
    /// From 1, without gaps.
    pub nr: u32,
    /// About whom.
    pub unit: Unit,
    /// The household, a person, or fields; JSON.
    pub what: String,
    /// Everything recorded up to here, milliseconds since 1970 UTC.
    pub until_ms: i64,
    /// Number of the decision, or the rule of retention.
    pub cause: String,
    /// Who did it.
    pub account: AccountId,
    /// Payload hash of the act; `None` while this database does not know the unit.
    pub entry: Option<Hash32>,
}

impl Tx<'_> {
    /// Every decision, in order.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn erasures(&self) -> Result<Vec<ErasureRow>, StorageError> {
        let sql = "SELECT nr, unit, what, until_ms, cause, account, entry FROM erasure ORDER BY nr";
        self.all("erasures", sql, values![], erasure)
    }

    /// Adds a decision.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_erasure(&self, row: &ErasureRow) -> Result<(), StorageError> {
        self.execute(
            "erasure",
            "INSERT INTO erasure (nr, unit, what, until_ms, cause, account, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (nr) DO UPDATE SET entry = excluded.entry",
            values![
                row.nr,
                unit_bytes(row.unit),
                row.what,
                row.until_ms,
                row.cause,
                row.account.as_bytes(),
                row.entry.map(|entry| entry.0)
            ],
        )
        .map(drop)
    }

    /// The number of the last decision; 0 before the first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn last_erasure(&self) -> Result<u32, StorageError> {
        self.one("erasures", "SELECT coalesce(max(nr), 0) FROM erasure", values![], |row| row.get(0))
    }

    /// Up to when everything about a unit was erased, milliseconds since 1970 UTC; `None` where nothing was.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn erased_until(&self, unit: Unit) -> Result<Option<i64>, StorageError> {
        let sql = "SELECT max(until_ms) FROM erasure WHERE unit = ?1";
        self.one("erasures", sql, values![unit_bytes(unit)], |row| row.get(0))
    }

    /// Every entry whose envelope names one of these units, whatever became of it. Reads the whole log: there is no
    /// index, for this is done once a night at most.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn entries_naming(&self, units: &BTreeSet<Unit>) -> Result<BTreeMap<Unit, Vec<Pos>>, StorageError> {
        let keys: BTreeMap<[u8; 17], Unit> = units.iter().map(|unit| (unit_bytes(*unit), *unit)).collect();
        let mut found: BTreeMap<Unit, Vec<Pos>> = BTreeMap::new();
        let sql = "SELECT pos, substr(envelope, 36, 17) FROM entry ORDER BY pos";
        self.all::<(), Vec<()>>("log", sql, values![], |row| {
            if let Some(unit) = keys.get(row.blob(1)?) {
                found.entry(*unit).or_default().push(Pos(row.get(0)?));
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Takes the body out of an entry; its hash stays.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn erase_body(&self, pos: Pos, payload: &Payload) -> Result<(), StorageError> {
        let sql = "UPDATE entry SET body = NULL, salt = NULL, body_hash = ?2 WHERE pos = ?1";
        self.execute("body", sql, values![pos.0, payload.body_hash().0]).map(drop)
    }

    /// Seals a body again, under the key its unit has now.
    pub(crate) fn reseal_body(&self, pos: Pos, unit: Unit, payload: &Payload) -> Result<(), StorageError> {
        let Some(body) = &payload.body else { return Ok(()) };
        let sealed = self.sealed(Owner::of(Some(unit)), place_of(&payload.hash()), &body_bytes(body))?;
        self.execute("body", "UPDATE entry SET body = ?2 WHERE pos = ?1", values![pos.0, sealed]).map(drop)
    }

    /// Takes a household's document away; what stays of it is written as new changes.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drop_unit_doc(&self, nr: UnitNr) -> Result<(), StorageError> {
        self.execute("document", "UPDATE unit_file SET doc = NULL WHERE nr = ?1", values![nr.0]).map(drop)
    }

    /// Remembers that a change of a document was erased: what builds on it can never be merged.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn note_erased_change(&self, change: Hash32) -> Result<(), StorageError> {
        let sql = "INSERT INTO erased_change (change) VALUES (?1) ON CONFLICT DO NOTHING";
        self.execute("erased change", sql, values![change.0]).map(drop)
    }

    /// Whether a change of a document was erased.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn is_erased_change(&self, change: Hash32) -> Result<bool, StorageError> {
        let sql = "SELECT 1 FROM erased_change WHERE change = ?1";
        Ok(self.first("erased change", sql, values![change.0], |_| Ok(()))?.is_some())
    }
}

fn erasure(row: Row<'_>) -> Result<ErasureRow, StorageError> {
    Ok(ErasureRow {
        nr: row.get(0)?,
        unit: unit_from_bytes(row.fixed(1)?)?,
        what: row.get(2)?,
        until_ms: row.get(3)?,
        cause: row.get(4)?,
        account: AccountId::from_bytes(row.fixed(5)?),
        entry: row.get::<Option<[u8; 32]>>(6)?.map(Hash32),
    })
}
