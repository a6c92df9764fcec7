//! Who this hub is: its id, its keys, its epoch.

use ed25519_dalek::SigningKey;
use ruhu_core::entry::TokenKey;
use ruhu_core::ids::{EnrolmentId, HubId};
use rusqlite::{OptionalExtension, params};

use super::enrolments::EnrolmentNr;
use super::{StorageError, Tried, Tx, fixed};

/// 中心身份 – who this hub is, with its secrets.
#[derive(Clone)]
pub struct Identity {
    /// Its id; every entry names it.
    pub hub: HubId,
    /// The key replies, reports and its own entries are signed with.
    pub key: SigningKey,
    /// Seals time tokens.
    pub tokens: TokenKey,
    /// The hub is a device with a chain of its own.
    pub own: EnrolmentId,
    /// Its row.
    pub own_nr: EnrolmentNr,
}

/// The randomness a new hub starts with; handed in.
pub struct Beginning {
    /// The hub's id.
    pub hub: HubId,
    /// The hub's enrolment.
    pub own: EnrolmentId,
    /// Seed of its first key.
    pub key_seed: [u8; 32],
    /// Secret of its time tokens.
    pub token_secret: [u8; 32],
    /// When, milliseconds since 1970 UTC.
    pub now_ms: i64,
}

impl Tx<'_> {
    /// Who this hub is; `None` in a database just made.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn identity(&self) -> Result<Option<Identity>, StorageError> {
        let what = "hub identity";
        let row = self
            .conn()
            .query_row(
                "SELECT m.hub, m.token_secret, e.id, e.nr, k.secret
                 FROM meta m JOIN enrolment e ON e.nr = m.own_nr
                 JOIN hub_key k ON k.nr = (SELECT max(nr) FROM hub_key)",
                [],
                |row| {
                    let blobs: (Vec<u8>, Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
                    Ok((blobs, row.get::<_, i64>(3)?, row.get::<_, Vec<u8>>(4)?))
                },
            )
            .optional()
            .reading(what)?;
        let Some(((hub, token_secret, own), own_nr, secret)) = row else { return Ok(None) };
        Ok(Some(Identity {
            hub: HubId::from_bytes(fixed(&hub, what)?),
            key: SigningKey::from_bytes(&fixed(&secret, what)?),
            tokens: TokenKey::new(fixed(&token_secret, what)?),
            own: EnrolmentId::from_bytes(fixed(&own, what)?),
            own_nr: EnrolmentNr(own_nr),
        }))
    }

    /// Makes this database a hub, unless it is one already.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn begin(&self, start: &Beginning) -> Result<(), StorageError> {
        if self.identity()?.is_some() {
            return Ok(());
        }
        let key = SigningKey::from_bytes(&start.key_seed);
        let what = "hub identity";
        self.conn()
            .execute(
                "INSERT INTO enrolment (id, key, device, app, made_ms, contact_ms) VALUES (?1, ?2, 'hub', ?3, ?4, ?4)",
                params![
                    start.own.as_bytes(),
                    key.verifying_key().to_bytes(),
                    concat!("ruhu/", env!("CARGO_PKG_VERSION")),
                    start.now_ms
                ],
            )
            .writing(what)?;
        let own_nr = self.conn().last_insert_rowid();
        self.conn()
            .execute(
                "INSERT INTO hub_key (nr, secret, from_ms) VALUES (1, ?1, ?2)",
                params![start.key_seed, start.now_ms],
            )
            .writing(what)?;
        self.conn()
            .execute(
                "INSERT INTO meta (only_row, hub, token_secret, hub_epoch, own_nr, created_ms)
                 VALUES (1, ?1, ?2, 1, ?3, ?4)",
                params![start.hub.as_bytes(), start.token_secret, own_nr, start.now_ms],
            )
            .writing(what)?;
        Ok(())
    }

    /// Counts up when the hub was restored; phones then offer everything again.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn hub_epoch(&self) -> Result<u32, StorageError> {
        self.conn().query_row("SELECT hub_epoch FROM meta", [], |row| row.get(0)).reading("hub epoch")
    }

    /// Opens a new hub epoch.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn open_hub_epoch(&self) -> Result<(), StorageError> {
        self.conn().execute("UPDATE meta SET hub_epoch = hub_epoch + 1", []).writing("hub epoch").map(drop)
    }

    /// The time of the hub's next act: now, but always after its last, so that acts keep their order.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn next_act_ms(&self, now_ms: i64) -> Result<i64, StorageError> {
        self.conn()
            .prepare_cached("UPDATE meta SET last_act_ms = max(?1, last_act_ms + 1) RETURNING last_act_ms")
            .writing("time of an act")?
            .query_row([now_ms], |row| row.get(0))
            .writing("time of an act")
    }

    /// Where phones reach this hub, as last served; empty before.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn public_url(&self) -> Result<String, StorageError> {
        self.conn().query_row("SELECT public_url FROM meta", [], |row| row.get(0)).reading("public URL")
    }

    /// Lets the database grow to so many pages and no further, as on a full disk; `u32::MAX` lifts the limit, which
    /// holds for this connection until it closes. For trials.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn limit_pages(&self, pages: u32) -> Result<(), StorageError> {
        self.conn()
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
            .writing("size limit")
    }

    /// Remembers where phones reach this hub, for the codes `ruhu enrol` prints.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn set_public_url(&self, url: &str) -> Result<(), StorageError> {
        self.conn().execute("UPDATE meta SET public_url = ?1", [url]).writing("public URL").map(drop)
    }
}
