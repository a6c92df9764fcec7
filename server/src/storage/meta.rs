//! Who this hub is: its id, its keys, its epoch.

use super::db::values;
use super::enrolments::EnrolmentNr;
use super::{StorageError, Tx};
use ed25519_dalek::SigningKey;
use ruhu_core::entry::TokenKey;
use ruhu_core::ids::{EnrolmentId, HubId};

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
    /// Number of the key, from 1.
    pub key_nr: u32,
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
        self.first(
            "hub identity",
            "SELECT m.hub, m.token_secret, e.id, e.nr, k.secret, k.nr
             FROM meta m JOIN enrolment e ON e.nr = m.own_nr
             JOIN hub_key k ON k.nr = (SELECT max(nr) FROM hub_key)",
            values![],
            |row| {
                Ok(Identity {
                    hub: HubId::from_bytes(row.fixed(0)?),
                    tokens: TokenKey::new(row.fixed(1)?),
                    own: EnrolmentId::from_bytes(row.fixed(2)?),
                    own_nr: EnrolmentNr(row.get(3)?),
                    key: SigningKey::from_bytes(&row.fixed(4)?),
                    key_nr: row.get(5)?,
                })
            },
        )
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
        let own_nr: i64 = self.one(
            what,
            "INSERT INTO enrolment (nr, id, key, device, app, made_ms, contact_ms)
             VALUES ((SELECT coalesce(max(nr), 0) + 1 FROM enrolment), ?1, ?2, 'hub', ?3, ?4, ?4) RETURNING nr",
            values![
                start.own.as_bytes(),
                key.verifying_key().to_bytes(),
                concat!("ruhu/", env!("CARGO_PKG_VERSION")),
                start.now_ms
            ],
            |row| row.get(0),
        )?;
        self.execute(
            what,
            "INSERT INTO hub_key (nr, secret, from_ms) VALUES (1, ?1, ?2)",
            values![start.key_seed, start.now_ms],
        )?;
        self.execute(
            what,
            "INSERT INTO meta (only_row, hub, token_secret, hub_epoch, own_nr, created_ms)
             VALUES (1, ?1, ?2, 1, ?3, ?4)",
            values![start.hub.as_bytes(), start.token_secret, own_nr, start.now_ms],
        )?;
        Ok(())
    }

    /// Counts up when the hub was restored; phones then offer everything again.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn hub_epoch(&self) -> Result<u32, StorageError> {
        self.one("hub epoch", "SELECT hub_epoch FROM meta", values![], |row| row.get(0))
    }

    /// Opens a new hub epoch.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn open_hub_epoch(&self) -> Result<(), StorageError> {
        self.execute("hub epoch", "UPDATE meta SET hub_epoch = hub_epoch + 1", values![]).map(drop)
    }

    /// The time of the hub's next act: now, but always after its last, so that acts keep their order.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn next_act_ms(&self, now_ms: i64) -> Result<i64, StorageError> {
        self.one(
            "time of an act",
            "UPDATE meta SET last_act_ms = CASE WHEN last_act_ms < ?1 THEN ?1 ELSE last_act_ms + 1 END
             RETURNING last_act_ms",
            values![now_ms],
            |row| row.get(0),
        )
    }

    /// Where phones reach this hub, as last served; empty before.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn public_url(&self) -> Result<String, StorageError> {
        self.one("public URL", "SELECT public_url FROM meta", values![], |row| row.get(0))
    }

    /// Lets the database grow to so many pages and no further, as on a full disk; `u32::MAX` lifts the limit, which
    /// holds for this connection until it closes. For trials, on a file only.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn limit_pages(&self, pages: u32) -> Result<(), StorageError> {
        let sql = format!("PRAGMA max_page_count = {pages}");
        self.first("size limit", &sql, values![], |_| Ok(())).map(drop)
    }

    /// Remembers where phones reach this hub, for the codes `ruhu enrol` prints.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn set_public_url(&self, url: &str) -> Result<(), StorageError> {
        self.execute("public URL", "UPDATE meta SET public_url = ?1", values![url]).map(drop)
    }
}
