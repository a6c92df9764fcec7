//! 中心密钥 – the hub's keys are a list; the next one takes the present key and an offline recovery key, which is written to
//! a file once and never kept here.

use std::path::{Path, PathBuf};

use ed25519_dalek::{SigningKey, VerifyingKey};
use ruhu_core::entry::{KeyLink, RecoveryKey};
use ruhu_core::ids::{EnrolmentId, HubId};
use ruhu_core::sync::wire::{Trouble, TroubleCode};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::access::journal::audit;
use crate::files::create_private;
use crate::report::seal::{hex, unhex};
use crate::storage::{Hub, StorageError, Tx};

/// First word of the file of a recovery key.
const FORMAT: &str = "ruhu-hub-recovery-1";

/// Why the list of keys was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum HubKeyError {
    /// There is a recovery key already.
    #[error("恢复密钥已经生成过,不能再换 / the recovery key was made already and cannot be another")]
    Made,
    /// None was made yet.
    #[error(
        "尚无恢复密钥,请先运行 ruhu key init-recovery --out 文件 / there is no recovery key: run `ruhu key init-recovery --out FILE` first"
    )]
    NotMade,
    /// Not the file of a recovery key.
    #[error("不是恢复密钥文件:{path} / not the file of a recovery key: {path}", path = .0.display())]
    NotAKey(PathBuf),
    /// Of another hub.
    #[error("此恢复密钥属于另一中心 {0} / this recovery key is of another hub, {0}")]
    OtherHub(HubId),
    /// Another key than the one that was made.
    #[error("恢复密钥不对,密钥表未改动 / not the recovery key of this hub; the list of keys is as it was")]
    WrongKey,
    /// The file.
    #[error("读写文件 {path} / read or write the file {path}", path = .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// 密钥表 – what a third party follows from a key it knows to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyChain {
    /// The first key, hexadecimal.
    pub first: String,
    /// The recovery key, hexadecimal; absent before one was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<String>,
    /// Every key after the first.
    pub links: Vec<ShownLink>,
}

/// One link as it is shown; bytes are hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownLink {
    /// Number of the key, from 2.
    pub nr: u32,
    /// The key.
    pub key: String,
    /// Since when, milliseconds since 1970 UTC.
    pub from_ms: i64,
    /// Signature of the recovery key.
    pub by_recovery: String,
    /// Signature of the key before; absent where that was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_present: Option<String>,
}

impl KeyChain {
    /// The list of this database.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn of(tx: &Tx<'_>) -> Result<Self, StorageError> {
        let first = tx.hub_keys()?.first().map(|(_, key, _)| hex(&key.to_bytes())).unwrap_or_default();
        let recovery = tx.recovery_key()?.map(|one| hex(&one.key));
        let links = tx.key_links(1)?.into_iter().map(|link| ShownLink {
            nr: link.nr,
            key: hex(&link.key),
            from_ms: link.from_ms,
            by_recovery: hex(&link.by_recovery),
            by_present: link.by_present.as_deref().map(hex),
        });
        Ok(Self { first, recovery, links: links.collect() })
    }
}

impl Hub {
    /// Every key this hub signed with, the present one last.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn all_keys(&self) -> Result<Vec<VerifyingKey>, StorageError> {
        Ok(self.storage().read(|tx| tx.hub_keys())?.into_iter().map(|(_, key, _)| key).collect())
    }

    /// Makes the recovery key and writes it to a new file that only its owner may read; here only its public half stays.
    ///
    /// # Errors
    /// [`HubKeyError`]; nothing was changed.
    pub fn init_recovery(&self, out: &Path) -> Result<VerifyingKey, HubKeyError> {
        if self.storage().read(|tx| tx.recovery_key())?.is_some() {
            return Err(HubKeyError::Made);
        }
        let secret = Zeroizing::new(self.random::<32>());
        let public = SigningKey::from_bytes(&secret).verifying_key();
        let at = |source| HubKeyError::File { path: out.to_owned(), source };
        // On the disk before the hub names it: a key that is named and lost would be the end of all changes.
        let line = Zeroizing::new(format!("{FORMAT} {} {}\n", self.id(), hex(&*secret)));
        create_private(out, &line).map_err(at)?;
        self.refresh_key()?;
        let announced = RecoveryKey::announce(self.id(), &public, &self.signing_key());
        let now_ms = self.now_ms();
        self.storage().write(move |tx| {
            if tx.recovery_key()?.is_some() {
                return Err(HubKeyError::Made);
            }
            tx.put_recovery_key(&announced, now_ms)?;
            Ok(audit(tx, now_ms, None, "key.init-recovery", "")?)
        })?;
        Ok(public)
    }

    /// Signs with a new key from now on. `lost` says that the present key is gone, or not to be believed any more: then the
    /// recovery key signs alone, and phones tell their workers so.
    ///
    /// # Errors
    /// [`HubKeyError`]; nothing was changed.
    pub fn next_key(&self, recovery: &Path, lost: bool) -> Result<KeyLink, HubKeyError> {
        let recovery = read_recovery(recovery, self.id())?;
        let (seed, own): (_, EnrolmentId) = (Zeroizing::new(self.random::<32>()), self.make_id());
        let (hub, now_ms) = (self.id(), self.now_ms());
        let link = self.storage().write(move |tx| {
            let announced = tx.recovery_key()?.ok_or(HubKeyError::NotMade)?;
            if announced.key != recovery.verifying_key().to_bytes() {
                return Err(HubKeyError::WrongKey);
            }
            let present = tx.identity()?.ok_or(StorageError::Damaged { what: "hub identity" })?;
            let next = SigningKey::from_bytes(&seed).verifying_key();
            let signer = (!lost).then_some(&present.key);
            let nr = present.key_nr.saturating_add(1);
            let former = present.key.verifying_key().to_bytes();
            let link = KeyLink::make(hub, (nr, &former), (&next, now_ms), &recovery, signer);
            tx.put_hub_key(&link, *seed, own)?;
            let what = if lost { "key.next-present-lost" } else { "key.next" };
            audit(tx, now_ms, None, what, &nr.to_string())?;
            Ok(link)
        })?;
        self.refresh_key()?;
        // The list of erasures is signed line by line: a restore must not find it under a key that was left.
        drop(self.write_ledger());
        Ok(link)
    }

    /// What a phone told to erase has to know first: the key it is told with.
    pub(crate) fn tell_keys(&self, trouble: Trouble) -> Trouble {
        if trouble.code != TroubleCode::Erase {
            return trouble;
        }
        let keys = self.storage().read(|tx| tx.key_links(1)).ok().filter(|links| !links.is_empty());
        let keys = keys.map(|links| ruhu_core::entry::KeyNews { recovery: None, links });
        Trouble { keys, ..trouble }
    }
}

fn read_recovery(path: &Path, hub: HubId) -> Result<SigningKey, HubKeyError> {
    let text = std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|source| HubKeyError::File { path: path.to_owned(), source })?;
    let bad = || HubKeyError::NotAKey(path.to_owned());
    let mut words = text.split_whitespace();
    let (Some(FORMAT), Some(of), Some(secret), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(bad());
    };
    let of: HubId = of.parse().map_err(|_| bad())?;
    if of != hub {
        return Err(HubKeyError::OtherHub(of));
    }
    let secret: [u8; 32] = unhex(secret).ok_or_else(bad)?;
    Ok(SigningKey::from_bytes(&secret))
}
