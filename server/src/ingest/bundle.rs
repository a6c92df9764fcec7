//! 首次下载 – everything of a phone's streams in one immutable file, made once, kept some hours, sent in any parts.
//!
//! A bundle is served for as long as the phone may hold the same streams, nothing left them, and the hub was not put
//! back; otherwise another one is made, which has another `ETag`: the phone then starts anew.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::entry::StreamId;
use ruhu_core::ids::Hash32;
use ruhu_core::sync::wire::{
    BUNDLE_MAX_BYTES, BadFrame, Manifest, PROTOCOL, Pull, Trouble, TroubleCode, pack_bundle, peek_ask,
    prove_ask,
};

use super::pull::{Wanted, pull};
use super::scope::{local_date, streams_of};
use super::sync::{chain_of, trouble};
use crate::storage::bundles::BundleRow;
use crate::storage::enrolments::Enrolment;
use crate::storage::{Hub, StorageError, Tx};

/// A bundle is kept so long, in milliseconds (6 hours): long enough for a bad line, short for a copy of names.
pub const BUNDLE_KEPT_MS: i64 = 6 * 3600 * 1000;
/// Payload bytes after which no bundle is made; what is around them takes room too.
const PAYLOAD_MAX: usize = BUNDLE_MAX_BYTES / 2;

/// A bundle ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// SHA-256 of the bytes.
    pub etag: Hash32,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Hub {
    /// The bundle for the phone that asks, made now where none is kept. Blocks on the disk.
    ///
    /// # Errors
    /// [`Trouble`]; [`TroubleCode::TooLarge`] where the phone is to load by sync instead.
    pub fn bundle(&self, ask: &str) -> Result<Ready, Trouble> {
        self.bundle_asked(ask).map_err(|trouble| trouble.signed(ask.as_bytes(), &self.signing_key()))
    }

    /// Drops what was kept long enough; returns how many bundles that were.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drop_old_bundles(&self) -> Result<u64, StorageError> {
        let before_ms = self.now_ms() - BUNDLE_KEPT_MS;
        if !self.storage().read(|tx| tx.has_bundles(before_ms))? {
            return Ok(0);
        }
        self.storage().write(move |tx| tx.drop_bundles(before_ms))
    }

    fn bundle_asked(&self, ask: &str) -> Result<Ready, Trouble> {
        let now_ms = self.now_ms();
        let trouble = |code| trouble(code, now_ms);
        let storage = |why: StorageError| {
            tracing::error!(error = %chain_of(&why), "bundle");
            trouble(TroubleCode::Busy)
        };
        let id = peek_ask(ask).ok_or_else(|| trouble(TroubleCode::BadRequest))?;
        self.refresh_key().map_err(storage)?;
        let found = self.storage().read(|tx| tx.enrolment(id)).map_err(storage)?;
        let enrolment = found.filter(|one| one.of.is_some());
        let enrolment = enrolment.ok_or_else(|| trouble(TroubleCode::UnknownEnrolment))?;
        prove_ask(ask, self.id(), &enrolment.key, now_ms).map_err(|why| {
            trouble(match why {
                BadFrame::ClockSkew => TroubleCode::ClockSkew,
                BadFrame::Signature => TroubleCode::BadSignature,
                BadFrame::CutShort | BadFrame::Unpack | BadFrame::Body(_) => TroubleCode::BadRequest,
            })
        })?;
        // Before anything is erased its outbox is to come: that is the sync's part.
        let granted = self.granted(&enrolment, now_ms).map_err(storage)?;
        let granted = granted.ok_or_else(|| trouble(TroubleCode::Erase))?;
        if let Some(ready) = self.kept(&enrolment, &granted, now_ms).map_err(storage)? {
            return Ok(ready);
        }
        let made = self.make(&enrolment, granted, now_ms).map_err(storage)?;
        made.ok_or_else(|| trouble(TroubleCode::TooLarge))
    }

    /// The streams the phone may hold today; `None` when its enrolment has ended.
    fn granted(
        &self,
        enrolment: &Enrolment,
        now_ms: i64,
    ) -> Result<Option<BTreeSet<StreamId>>, StorageError> {
        let Some((worker, community)) = enrolment.of else { return Ok(None) };
        let file = self.storage().read(|tx| tx.community(community))?.unwrap_or_default();
        let today = local_date(file.zone(), now_ms);
        let ended = enrolment.revoked_ms.is_some() || file.left_on(worker).is_some_and(|left| left <= today);
        Ok((!ended).then(|| streams_of(&file, (worker, community), today).into_iter().collect()))
    }

    /// The bundle kept for the phone, if it may still be served.
    fn kept(
        &self,
        enrolment: &Enrolment,
        granted: &BTreeSet<StreamId>,
        now_ms: i64,
    ) -> Result<Option<Ready>, StorageError> {
        self.storage().read(|tx| {
            let Some(row) = tx.bundle(enrolment.nr)? else { return Ok(None) };
            if !still_holds(tx, &row, granted, now_ms)? {
                return Ok(None);
            }
            Ok(tx.bundle_bytes(enrolment)?.map(|bytes| Ready { etag: row.etag, bytes }))
        })
    }

    /// Makes a bundle; `None` when there is more than one may hold.
    fn make(
        &self,
        enrolment: &Enrolment,
        granted: BTreeSet<StreamId>,
        now_ms: i64,
    ) -> Result<Option<Ready>, StorageError> {
        let (cursors, passed_over) = (BTreeMap::new(), BTreeSet::new());
        let streams: Vec<StreamId> = granted.iter().copied().collect();
        let (pulled, hub_epoch, generation) = self.storage().read(|tx| {
            let wanted = Wanted {
                streams: &streams,
                cursors: &cursors,
                passed_over: &passed_over,
                page_bytes: PAYLOAD_MAX,
            };
            Ok::<_, StorageError>((pull(tx, wanted)?, tx.hub_epoch()?, tx.vault_generation()?))
        })?;
        if pulled.more {
            return Ok(None);
        }
        let manifest = Manifest {
            protocol: PROTOCOL,
            hub: self.id(),
            enrolment: enrolment.id,
            hub_epoch,
            made_ms: now_ms,
            content: Hash32::ZERO,
            streams: BTreeMap::new(),
        };
        let bytes = pack_bundle(&manifest, &pulled.pulls, &self.signing_key());
        let etag = Hash32::of(&[&bytes]);
        let read_to = pulled.pulls.iter().map(|pull: &Pull| (pull.stream, pull.cursor)).collect();
        let Some(generation) = generation else { return Ok(None) };
        let row = BundleRow { etag, made_ms: now_ms, hub_epoch, granted, read_to, generation };
        let (enrolment, ready) = (enrolment.clone(), Ready { etag, bytes });
        self.storage().write(move |tx| {
            tx.drop_bundles(now_ms - BUNDLE_KEPT_MS)?;
            // Another request of the same phone may have made one meanwhile: both shall go on with the same.
            if let Some(other) = tx.bundle(enrolment.nr)?
                && still_holds(tx, &other, &row.granted, now_ms)?
                && let Some(bytes) = tx.bundle_bytes(&enrolment)?
            {
                return Ok(Some(Ready { etag: other.etag, bytes }));
            }
            if tx.vault_generation()? != Some(row.generation) {
                // Something was erased while it was made: it may hold what was.
                return Ok(None);
            }
            tx.put_bundle(&enrolment, &row, &ready.bytes)?;
            Ok(Some(ready))
        })
    }
}

/// Whether the phone may still be given what it holds, and will go on from it by sync.
fn still_holds(
    tx: &Tx<'_>,
    row: &BundleRow,
    granted: &BTreeSet<StreamId>,
    now_ms: i64,
) -> Result<bool, StorageError> {
    // Whichever node made it: their clocks may be a little apart.
    let fresh = row.made_ms.abs_diff(now_ms) < BUNDLE_KEPT_MS.unsigned_abs();
    if !fresh || row.granted != *granted || row.hub_epoch != tx.hub_epoch()? {
        return Ok(false);
    }
    if tx.vault_generation()? != Some(row.generation) {
        return Ok(false);
    }
    for (stream, cursor) in &row.read_to {
        let Some(at) = tx.stream(*stream)? else { return Ok(false) };
        if !tx.agrees(at, cursor.seq, cursor.head)? || tx.has_left_since(at.nr, cursor.seq)? {
            return Ok(false);
        }
    }
    Ok(true)
}
