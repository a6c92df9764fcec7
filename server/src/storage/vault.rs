//! 保管库 – what people told is sealed in the database, under a key of the household; those keys are wrapped by one that
//! lies in a file outside the database. A key that is gone takes everything under it along, wherever a page of the
//! database was copied to.
//!
//! | module | what it does |
//! |---|---|
//! | [`mod@file`] | the file of the outer key, replaced in one step |
//! | `first` | the first key of a database |
//! | [`owner`] | whose a key is, its row, sealing and opening |
//!
//! Everything here is AES-SIV (RFC 5297): it needs no nonce, so the same log gives the same bytes, and it is made for
//! wrapping keys too. An erasure makes a new outer key, wraps every key that stays anew, and lets the old one go: a
//! wrapped key left over in a free page, a write-ahead log or a replica then opens nothing.

pub mod file;
pub(crate) mod first;
pub mod owner;

use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use aes_siv::aead::KeyInit;
use aes_siv::siv::Aes256Siv;
use hmac::{Hmac, Mac};
use sha2::Sha512;
use zeroize::Zeroizing;

use super::StorageError;
pub use file::VaultError;
use file::{Lines, read, write};

/// A key as long as AES-SIV with 256 bits wants it: one half seals, the other proves.
pub(crate) type KeyBytes = Zeroizing<[u8; 64]>;

/// Says what the bytes under a derived key are for.
const OF_AN_OWNER: &[u8] = b"ruhu owner key 1";

/// One outer key, with its number.
#[derive(Clone)]
pub(crate) struct Outer {
    /// Counts up with every erasure.
    pub(crate) generation: u32,
    pub(crate) key: KeyBytes,
}

/// 保管库 – the outer keys as last read from their file.
pub struct Vault {
    path: Option<PathBuf>,
    held: RwLock<Lines>,
}

impl Vault {
    /// Opens the file; a file that is not there yet is an empty vault, until something is to be sealed.
    ///
    /// # Errors
    /// [`StorageError::Vault`].
    pub(crate) fn open(path: Option<PathBuf>) -> Result<Self, StorageError> {
        let held = match &path {
            Some(path) => read(path)?,
            None => Lines::default(),
        };
        Ok(Self { path, held: RwLock::new(held) })
    }

    /// Where the outer key lies.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The number of the newest key in the file.
    pub(crate) fn newest(&self) -> Result<u32, StorageError> {
        self.held().last().map(|one| one.generation).ok_or_else(|| self.missing())
    }

    /// Whether there is a key to seal with.
    pub(crate) fn is_empty(&self) -> bool {
        self.held().is_empty()
    }

    /// Makes the first outer key of a hub just made.
    ///
    /// # Errors
    /// [`StorageError::Vault`].
    pub(crate) fn begin(&self, key: KeyBytes) -> Result<(), StorageError> {
        self.put(vec![Outer { generation: 1, key }])
    }

    /// The outer key that came with a backup.
    ///
    /// # Errors
    /// [`StorageError::Vault`].
    pub(crate) fn put_back(&self, generation: u32, key: KeyBytes) -> Result<(), StorageError> {
        self.put(vec![Outer { generation, key }])
    }

    /// The next outer key joins the present one in the file: whichever the database names after a crash is there.
    ///
    /// # Errors
    /// [`StorageError::Vault`].
    pub(crate) fn prepare(&self, present: u32, key: KeyBytes) -> Result<Outer, StorageError> {
        let mut keys: Lines = self.held().iter().filter(|one| one.generation == present).cloned().collect();
        let next = Outer { generation: present.saturating_add(1), key };
        keys.push(next.clone());
        self.put(keys)?;
        Ok(next)
    }

    /// Lets every other outer key go, for good.
    ///
    /// # Errors
    /// [`StorageError::Vault`].
    pub(crate) fn keep_only(&self, generation: u32) -> Result<(), StorageError> {
        let kept: Lines = self.held().iter().filter(|one| one.generation == generation).cloned().collect();
        if kept.is_empty() {
            return Err(self.missing());
        }
        if kept.len() == self.held().len() { Ok(()) } else { self.put(kept) }
    }

    /// The outer key of a generation; the file is read again when another program has changed it since.
    ///
    /// # Errors
    /// [`StorageError::Vault`] when it is not there.
    pub(crate) fn outer(&self, generation: u32) -> Result<Outer, StorageError> {
        let find = |held: &Lines| held.iter().find(|one| one.generation == generation).cloned();
        if let Some(found) = find(&self.held()) {
            return Ok(found);
        }
        if let Some(path) = &self.path {
            *self.held.write().unwrap_or_else(PoisonError::into_inner) = read(path)?;
        }
        find(&self.held()).ok_or_else(|| self.missing())
    }

    fn put(&self, keys: Lines) -> Result<(), StorageError> {
        let path = self.path.as_ref().ok_or_else(|| self.missing())?;
        write(path, &keys)?;
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    fn missing(&self) -> StorageError {
        let path = self.path.clone().unwrap_or_else(|| PathBuf::from(file::NAME));
        StorageError::Vault { path, why: VaultError::Missing }
    }

    fn held(&self) -> std::sync::RwLockReadGuard<'_, Lines> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outer {
    /// The first key of an owner under this outer key; once the outer key is gone nobody can make it again.
    pub(crate) fn derive(&self, owner: &[u8]) -> Result<KeyBytes, StorageError> {
        let mac = <Hmac<Sha512> as KeyInit>::new_from_slice(&*self.key);
        let mut mac = mac.map_err(|_| StorageError::Damaged { what: "outer key" })?;
        mac.update(OF_AN_OWNER);
        mac.update(owner);
        Ok(Zeroizing::new(mac.finalize().into_bytes().into()))
    }

    /// Wraps an owner's key for its row.
    pub(crate) fn wrap(&self, owner: &[u8], key: &KeyBytes) -> Result<Vec<u8>, StorageError> {
        seal(&self.key, owner, &**key)
    }

    /// Back from [`Outer::wrap`].
    pub(crate) fn unwrap(&self, owner: &[u8], wrapped: &[u8]) -> Result<KeyBytes, StorageError> {
        let bytes = Zeroizing::new(open(&self.key, owner, wrapped)?);
        let key: [u8; 64] =
            bytes.as_slice().try_into().map_err(|_| StorageError::Damaged { what: "key of a household" })?;
        Ok(Zeroizing::new(key))
    }
}

/// Seals bytes that belong to `place`: moved elsewhere they do not open.
pub(crate) fn seal(key: &KeyBytes, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, StorageError> {
    let damaged = |_| StorageError::Damaged { what: "content to seal" };
    Aes256Siv::new((&**key).into()).encrypt([place], plain).map_err(damaged)
}

/// Back from [`seal`].
pub(crate) fn open(key: &KeyBytes, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StorageError> {
    let damaged = |_| StorageError::Damaged { what: "sealed content" };
    Aes256Siv::new((&**key).into()).decrypt([place], sealed).map_err(damaged)
}
