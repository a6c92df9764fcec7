//! 中心密钥 – the list of keys this hub signed with, and the recovery key that every next one needs.

use ed25519_dalek::{SigningKey, VerifyingKey};
use ruhu_core::entry::{KeyLink, KeyNews, RecoveryKey};
use ruhu_core::ids::EnrolmentId;

use super::db::values;
use super::{StorageError, Tx};

impl Tx<'_> {
    /// Number of the present key, from 1.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn hub_key_nr(&self) -> Result<u32, StorageError> {
        self.one("hub key", "SELECT max(nr) FROM hub_key", values![], |row| row.get(0))
    }

    /// Every key this hub signed with, the present one last: number, public half, since when (milliseconds since 1970 UTC).
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn hub_keys(&self) -> Result<Vec<(u32, VerifyingKey, i64)>, StorageError> {
        self.all("hub key", "SELECT nr, secret, from_ms FROM hub_key ORDER BY nr", values![], |row| {
            Ok((row.get(0)?, SigningKey::from_bytes(&row.fixed(1)?).verifying_key(), row.get(2)?))
        })
    }

    /// The public half of the recovery key; `None` before one was made.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn recovery_key(&self) -> Result<Option<RecoveryKey>, StorageError> {
        self.first("recovery key", "SELECT key, signature FROM recovery_key", values![], |row| {
            Ok(RecoveryKey { key: row.fixed(0)?, by_first: row.blob(1)?.to_vec() })
        })
    }

    /// Keeps the public half of the recovery key. Never another after it.
    ///
    /// # Errors
    /// [`StorageError`] also where there is one already.
    pub fn put_recovery_key(&self, recovery: &RecoveryKey, made_ms: i64) -> Result<(), StorageError> {
        let sql = "INSERT INTO recovery_key (only_row, key, made_ms, signature) VALUES (1, ?1, ?2, ?3)";
        self.execute("recovery key", sql, values![recovery.key, made_ms, recovery.by_first]).map(drop)
    }

    /// The links that lead to every key after number `known`, in order.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn key_links(&self, known: u32) -> Result<Vec<KeyLink>, StorageError> {
        self.all(
            "link of hub keys",
            "SELECT nr, key, from_ms, by_recovery, by_present FROM hub_key_link WHERE ?1 < nr ORDER BY nr",
            values![known],
            |row| {
                Ok(KeyLink {
                    nr: row.get(0)?,
                    key: row.fixed(1)?,
                    from_ms: row.get(2)?,
                    by_recovery: row.blob(3)?.to_vec(),
                    by_present: row.get::<Option<Vec<u8>>>(4)?,
                })
            },
        )
    }

    /// What a phone that knows the keys up to number `known` (0: no recovery key either) is to be told; `None` for nothing.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn key_news(&self, known: u32) -> Result<Option<KeyNews>, StorageError> {
        let Some(recovery) = self.recovery_key()? else { return Ok(None) };
        let links = self.key_links(known.max(1))?;
        let recovery = (known == 0).then_some(recovery);
        Ok((recovery.is_some() || !links.is_empty()).then_some(KeyNews { recovery, links }))
    }

    /// Signs with another key from now on. The hub's own acts go on in a chain of their own under a new enrolment, so that
    /// every entry still proves by the key of the enrolment it names.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_hub_key(&self, link: &KeyLink, seed: [u8; 32], own: EnrolmentId) -> Result<(), StorageError> {
        let what = "hub key";
        let sql = "INSERT INTO hub_key (nr, secret, from_ms) VALUES (?1, ?2, ?3)";
        self.execute(what, sql, values![link.nr, seed, link.from_ms])?;
        self.execute(
            what,
            "INSERT INTO hub_key_link (nr, key, from_ms, by_recovery, by_present) VALUES (?1, ?2, ?3, ?4, ?5)",
            values![link.nr, link.key, link.from_ms, link.by_recovery, link.by_present],
        )?;
        let own_nr: i64 = self.one(
            what,
            "INSERT INTO enrolment (nr, id, key, device, app, made_ms, contact_ms)
             VALUES ((SELECT coalesce(max(nr), 0) + 1 FROM enrolment), ?1, ?2, 'hub', ?3, ?4, ?4) RETURNING nr",
            values![own.as_bytes(), link.key, concat!("ruhu/", env!("CARGO_PKG_VERSION")), link.from_ms],
            |row| row.get(0),
        )?;
        self.execute(what, "UPDATE meta SET own_nr = ?1", values![own_nr]).map(drop)
    }
}
