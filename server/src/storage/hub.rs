//! 中心 – [`Hub`]: storage, keys, clock and randomness together. What it does stands in `ingest` and `access`.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use ed25519_dalek::{SigningKey, VerifyingKey};
use rand::Rng;
use ruhu_core::entry::TokenKey;
use ruhu_core::ids::{CommunityId, EnrolmentId, HubId, IdSource};
use ruhu_core::time::Clock;
use uuid::Uuid;

use super::enrolments::EnrolmentNr;
use super::meta::{Beginning, Identity};
use super::vault::first::seal_from_now_on;
use super::{DatabaseAt, Storage, StorageError, Tx};
use crate::coverage::refresh_touched;

/// Randomness handed in: the system's in the product, a seeded one in tests.
pub type Randomness = Box<dyn Rng + Send>;

/// 中心 – one hub: its database, its keys, its clock and its randomness.
pub struct Hub {
    storage: Storage,
    means: Arc<Means>,
}

/// Keys, clock and randomness: what the writer needs of the hub besides the database.
pub(crate) struct Means {
    clock: Arc<dyn Clock>,
    ids: Mutex<IdSource<Randomness>>,
    identity: Identity,
}

impl Means {
    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.read().wall.timestamp_millis()
    }

    pub(crate) const fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).fill(&mut bytes);
        bytes
    }
}

impl Hub {
    /// Opens the hub whose database this is; a new one gets its id and keys now.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn open(
        at: impl Into<DatabaseAt>,
        clock: Arc<dyn Clock>,
        randomness: Randomness,
    ) -> Result<Self, StorageError> {
        let today = Arc::clone(&clock);
        let finish = move |tx: &Tx<'_>| refresh_touched(tx, today.read().wall.timestamp_millis());
        let storage = Storage::open_with(at, Box::new(finish))?;
        if storage.read(|tx| tx.was_applying())? {
            storage.write(|tx| tx.suspect_what_was_applying())?;
        }
        let mut ids = IdSource::new(randomness);
        let now = clock.read().wall;
        seal_from_now_on(&storage, || {
            let mut key = [0; 64];
            ids.fill(&mut key);
            key
        })?;
        let identity = match storage.read(|tx| tx.identity())? {
            Some(identity) => identity,
            None => Self::begin(&storage, &mut ids, now)?,
        };
        Ok(Self { storage, means: Arc::new(Means { clock, ids: Mutex::new(ids), identity }) })
    }

    fn begin(
        storage: &Storage,
        ids: &mut IdSource<Randomness>,
        now: DateTime<Utc>,
    ) -> Result<Identity, StorageError> {
        let (mut key_seed, mut token_secret) = ([0; 32], [0; 32]);
        ids.fill(&mut key_seed);
        ids.fill(&mut token_secret);
        let now_ms = now.timestamp_millis();
        let start = Beginning { hub: ids.make(now), own: ids.make(now), key_seed, token_secret, now_ms };
        storage.write(move |tx| tx.begin(&start))?;
        storage.read(|tx| tx.identity())?.ok_or(StorageError::Damaged { what: "hub identity" })
    }

    /// Its database.
    #[must_use]
    pub const fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Its clock; handed on to whoever serves.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.means.clock)
    }

    /// The hub's time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.means.clock.read().wall
    }

    /// The hub's time, milliseconds since 1970 UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now().timestamp_millis()
    }

    /// The local date in a community's zone (China before it is set up).
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn today(&self, community: CommunityId) -> Result<NaiveDate, StorageError> {
        let file = self.storage.read(|tx| tx.community(community))?;
        Ok(file.unwrap_or_default().zone().date(self.now()))
    }

    /// A new time-ordered id.
    pub fn make_id<T: From<Uuid>>(&self) -> T {
        let now = self.now();
        self.means.ids.lock().unwrap_or_else(PoisonError::into_inner).make(now)
    }

    /// Fresh random bytes: salts, codes, tokens.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        self.means.random()
    }

    pub(crate) fn means(&self) -> Arc<Means> {
        Arc::clone(&self.means)
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> HubId {
        self.means.identity.hub
    }

    /// The key it signs replies, reports and its own entries with.
    #[must_use]
    pub fn signing_key(&self) -> &SigningKey {
        &self.means.identity.key
    }

    /// What phones check it by.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        self.means.identity.key.verifying_key()
    }

    /// Seals time tokens.
    #[must_use]
    pub fn tokens(&self) -> &TokenKey {
        &self.means.identity.tokens
    }

    /// Its own enrolment: acts of the desk are entries of this chain.
    #[must_use]
    pub fn own(&self) -> (EnrolmentId, EnrolmentNr) {
        (self.means.identity.own, self.means.identity.own_nr)
    }
}
