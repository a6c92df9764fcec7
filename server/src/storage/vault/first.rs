//! The first outer key of a database; what an older version of this program wrote in the open is sealed then.

use ruhu_core::entry::{Envelope, SealedBody};
use zeroize::Zeroizing;

use super::owner::{Owner, body_bytes, place_of};
use crate::storage::db::values;
use crate::storage::units::UnitNr;
use crate::storage::{Storage, StorageError, Tx};

/// Rows sealed at once.
const PAGE: u32 = 256;

/// Makes sure that everything is sealed and can be opened. `random` makes the outer key of a folder that has none.
///
/// # Errors
/// [`StorageError::Vault`] when the database is sealed with a key that is not there; nothing was changed.
pub(crate) fn seal_from_now_on(
    storage: &Storage,
    random: impl FnOnce() -> [u8; 64],
) -> Result<(), StorageError> {
    if let Some(generation) = storage.read(|tx| tx.vault_generation())? {
        return storage.vault().outer(generation).map(drop);
    }
    if storage.vault().is_empty() {
        storage.vault().begin(Zeroizing::new(random()))?;
    }
    storage.write(|tx| {
        // Another program may have been first.
        if tx.vault_generation()?.is_some() {
            return Ok(());
        }
        tx.set_vault_generation(tx.newest_outer()?)?;
        tx.seal_bodies()?;
        tx.seal_documents()?;
        tx.seal_imports()
    })
}

impl Tx<'_> {
    fn newest_outer(&self) -> Result<u32, StorageError> {
        self.vault.newest()
    }

    fn seal_bodies(&self) -> Result<(), StorageError> {
        let sql = "SELECT pos, envelope, salt, body FROM entry WHERE salt IS NOT NULL AND body IS NOT NULL
                   ORDER BY pos LIMIT ?1";
        loop {
            let page: Vec<(i64, Envelope, SealedBody)> = self.all("body", sql, values![PAGE], |row| {
                let envelope = Envelope::from_bytes(row.blob(1)?)
                    .map_err(|_| StorageError::Damaged { what: "envelope" })?;
                Ok((row.get(0)?, envelope, SealedBody { salt: row.fixed(2)?, bytes: row.get(3)? }))
            })?;
            if page.is_empty() {
                return Ok(());
            }
            for (pos, envelope, body) in page {
                let place = place_of(&envelope.payload_hash);
                let sealed = self.sealed(Owner::of(envelope.unit), place, &body_bytes(&body))?;
                let sql = "UPDATE entry SET salt = NULL, body = ?2 WHERE pos = ?1";
                self.execute("body", sql, values![pos, sealed])?;
            }
        }
    }

    fn seal_documents(&self) -> Result<(), StorageError> {
        let sql = "SELECT nr, doc FROM unit_file WHERE ?1 < nr AND doc IS NOT NULL ORDER BY nr LIMIT ?2";
        let mut after = 0;
        loop {
            let page: Vec<(i64, Vec<u8>)> =
                self.all("document", sql, values![after, PAGE], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = *last;
            for (nr, doc) in &page {
                self.put_unit_doc(UnitNr(*nr), doc)?;
            }
        }
    }

    fn seal_imports(&self) -> Result<(), StorageError> {
        use ruhu_core::ids::CommunityId;
        type Sheet = (CommunityId, String, Vec<u8>);
        type Batch = (CommunityId, Vec<u8>, Vec<u8>);
        let sql = "SELECT community, fingerprint, snapshot FROM import_source";
        let sheets: Vec<Sheet> = self.all("import sources", sql, values![], |row| {
            Ok((CommunityId::from_bytes(row.fixed(0)?), row.get(1)?, row.get(2)?))
        })?;
        for (community, fingerprint, snapshot) in sheets {
            let sealed = self.sealed(Owner::of_imports(community), fingerprint.as_bytes(), &snapshot)?;
            let sql = "UPDATE import_source SET snapshot = ?3 WHERE community = ?1 AND fingerprint = ?2";
            self.execute("import source", sql, values![community.as_bytes(), fingerprint, sealed])?;
        }
        let sql = "SELECT community, id, written FROM import_batch";
        let batches: Vec<Batch> = self.all("imports", sql, values![], |row| {
            Ok((CommunityId::from_bytes(row.fixed(0)?), row.get(1)?, row.get(2)?))
        })?;
        for (community, id, written) in batches {
            let sealed = self.sealed(Owner::of_imports(community), &id, &written)?;
            self.execute(
                "import",
                "UPDATE import_batch SET written = ?2 WHERE id = ?1",
                values![id, sealed],
            )?;
        }
        Ok(())
    }
}
