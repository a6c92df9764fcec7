//! 中心 – [`Hub`]: storage, keys, clock and randomness together. What it does stands in `ingest` and `access`.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

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
use crate::ingest::requests::read_requests;

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
    identity: RwLock<Identity>,
    hub: HubId,
    tokens: TokenKey,
    node: i64,
}

impl Means {
    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.read().wall.timestamp_millis()
    }

    /// Who the hub is, with the key it signs with since it was last looked at.
    fn identity(&self) -> Identity {
        self.identity.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) const fn tokens(&self) -> &TokenKey {
        &self.tokens
    }

    /// This program among those on the database; another at every start.
    pub(crate) const fn node(&self) -> i64 {
        self.node
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
        let mut ids = IdSource::new(randomness);
        let mut node = [0; 8];
        ids.fill(&mut node);
        // Positive, and never 0: that is nobody.
        let node = (i64::from_be_bytes(node) & i64::MAX).max(1);
        let storage = Storage::open_with(at, Box::new(finish), Some(node))?;
        if storage.read(|tx| tx.was_applying())? {
            storage.write(|tx| tx.suspect_what_was_applying())?;
        }
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
        if !storage.read(|tx| tx.requests_read())? {
            storage.write(read_requests)?;
        }
        let (hub, tokens, ids) = (identity.hub, identity.tokens.clone(), Mutex::new(ids));
        Ok(Self {
            storage,
            means: Arc::new(Means { clock, ids, identity: RwLock::new(identity), hub, tokens, node }),
        })
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

    /// This program among those on the database: another number at every start.
    #[must_use]
    pub fn node(&self) -> i64 {
        self.means.node()
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
        self.means.hub
    }

    /// Signs with the key that is the present one in the database: a program beside this one may have changed it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn refresh_key(&self) -> Result<(), StorageError> {
        let known = self.means.identity().key_nr;
        if self.storage.read(|tx| tx.hub_key_nr())? != known
            && let Some(identity) = self.storage.read(|tx| tx.identity())?
        {
            *self.means.identity.write().unwrap_or_else(PoisonError::into_inner) = identity;
        }
        Ok(())
    }

    /// The key it signs replies, reports and its own entries with.
    #[must_use]
    pub fn signing_key(&self) -> SigningKey {
        self.means.identity().key
    }

    /// What phones check it by.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        self.means.identity().key.verifying_key()
    }

    /// Seals time tokens.
    #[must_use]
    pub fn tokens(&self) -> &TokenKey {
        self.means.tokens()
    }

    /// Its own enrolment: acts of the desk are entries of this chain.
    #[must_use]
    pub fn own(&self) -> (EnrolmentId, EnrolmentNr) {
        let identity = self.means.identity();
        (identity.own, identity.own_nr)
    }
}
