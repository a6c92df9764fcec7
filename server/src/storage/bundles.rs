//! 首次下载包 – bundles made ready for phones; in the database, so that every node can serve every part of one.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::entry::{StreamId, read_cbor, write_cbor};
use ruhu_core::ids::Hash32;
use ruhu_core::sync::wire::Cursor;

use super::db::values;
use super::enrolments::{Enrolment, EnrolmentNr};
use super::vault::owner::Owner;
use super::vault::{open, seal};
use super::{StorageError, Tx, to_sql};

/// One bundle, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleRow {
    /// SHA-256 of the bytes.
    pub etag: Hash32,
    /// When it was made, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// The hub's epoch then.
    pub hub_epoch: u32,
    /// The streams the phone might hold then.
    pub granted: BTreeSet<StreamId>,
    /// How far each of them was read.
    pub read_to: BTreeMap<StreamId, Cursor>,
    /// Of the outer key it is sealed under; an erasure makes another.
    pub generation: u32,
}

impl Tx<'_> {
    /// The bundle made for a phone, if one is kept.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn bundle(&self, enrolment: EnrolmentNr) -> Result<Option<BundleRow>, StorageError> {
        let what = "bundle";
        let sql = "SELECT etag, made_ms, hub_epoch, streams, generation FROM bundle WHERE enrolment = ?1";
        self.first(what, sql, values![enrolment.0], |row| {
            let (granted, read_to) = read_cbor(row.blob(3)?).map_err(|_| StorageError::Damaged { what })?;
            Ok(BundleRow {
                etag: Hash32(row.fixed(0)?),
                made_ms: row.get(1)?,
                hub_epoch: row.get(2)?,
                granted,
                read_to,
                generation: row.get(4)?,
            })
        })
    }

    /// Its bytes.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn bundle_bytes(&self, enrolment: &Enrolment) -> Result<Option<Vec<u8>>, StorageError> {
        let sql = "SELECT generation, etag, bytes FROM bundle WHERE enrolment = ?1";
        self.first("bundle", sql, values![enrolment.nr.0], |row| {
            let key = self.vault().outer(row.get(0)?)?.derive(Owner::of_first_load(enrolment.id).bytes())?;
            open(&key, row.blob(1)?, row.blob(2)?)
        })
    }

    /// Keeps a bundle in place of the phone's former one. It is sealed under a key made from the outer key and written
    /// nowhere: an erasure, which lets the outer key go, closes every copy of it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_bundle(
        &self,
        enrolment: &Enrolment,
        row: &BundleRow,
        bytes: &[u8],
    ) -> Result<(), StorageError> {
        let (what, nr) = ("bundle", enrolment.nr.0);
        let outer = self.outer()?;
        let key = outer.derive(Owner::of_first_load(enrolment.id).bytes())?;
        let sealed = seal(&key, &row.etag.0, bytes)?;
        self.execute(what, "DELETE FROM bundle WHERE enrolment = ?1", values![nr])?;
        let streams = write_cbor(&(&row.granted, &row.read_to));
        self.execute(
            what,
            "INSERT INTO bundle (enrolment, etag, made_ms, hub_epoch, streams, generation, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            values![nr, row.etag.0, row.made_ms, row.hub_epoch, streams, outer.generation, sealed],
        )
        .map(drop)
    }

    /// Drops the bundles made before a time, milliseconds since 1970 UTC; `i64::MAX` drops all, as an erasure must: they
    /// hold names. Returns how many.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drop_bundles(&self, before_ms: i64) -> Result<u64, StorageError> {
        self.execute("bundle", "DELETE FROM bundle WHERE made_ms < ?1", values![before_ms])
    }

    /// Whether a bundle made before a time is kept.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn has_bundles(&self, before_ms: i64) -> Result<bool, StorageError> {
        let sql = "SELECT 1 FROM bundle WHERE made_ms < ?1 LIMIT 1";
        Ok(self.first("bundle", sql, values![before_ms], |_| Ok(()))?.is_some())
    }

    /// Whether a unit left a stream after a place of it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn has_left_since(&self, stream: i64, seq: u64) -> Result<bool, StorageError> {
        let sql = "SELECT 1 FROM stream_row WHERE stream = ?1 AND ?2 < seq AND kind = 2 LIMIT 1";
        Ok(self.first("stream row", sql, values![stream, to_sql(seq)], |_| Ok(()))?.is_some())
    }
}
