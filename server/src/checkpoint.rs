//! 检查点 – a signed statement of what the log was, to be kept where this machine cannot reach it: whoever rewrites the
//! log afterwards, with the hub's own key or by putting an older copy back, contradicts it.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use ruhu_core::ids::{Hash32, HubId};
use serde::{Deserialize, Serialize};

use crate::report::seal::{hex, unhex};
use crate::storage::checkpoints::{Checkpoint, after_enrolment, after_entry};
use crate::storage::enrolments::EnrolmentNr;
use crate::storage::log::Pos;
use crate::storage::{Hub, StorageError, Tx};

/// What leaves the machine: one line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Of which hub.
    pub hub: HubId,
    /// From 1, without gaps.
    pub nr: u64,
    /// The last entry covered.
    pub position: i64,
    /// The last enrolment covered.
    pub enrolment: i64,
    /// When, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// Running hash over the entries as they were received.
    pub log: Hash32,
    /// Running hash over the enrolments.
    pub phones: Hash32,
    /// Hash of the checkpoint before; zero for the first.
    pub previous: Hash32,
    /// The hub's public key, hexadecimal.
    pub key: String,
    /// Ed25519 over the checkpoint's hash, hexadecimal.
    pub signature: String,
}

/// Why a statement does not hold against this hub.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// No statement.
    #[error(
        "不是检查点文件:请选择 ruhu checkpoint --out 写出的文件 / not a checkpoint: choose a file written by `ruhu checkpoint --out`"
    )]
    NotAStatement,
    /// Of another hub.
    #[error("此检查点属于另一中心 {0} / this checkpoint is of another hub, {0}")]
    OtherHub(HubId),
    /// Not signed by this hub's key.
    #[error("检查点的签名不符 / the signature of the checkpoint does not hold")]
    BadSignature,
    /// The log is shorter than it was.
    #[error(
        "日志只到第 {last} 条,检查点时已到第 {stated} 条:数据库可能换成了旧的副本 / the log ends at {last}, it had {stated} at the checkpoint: an older copy may have been put back"
    )]
    Shorter {
        /// Where the log ends.
        last: i64,
        /// Where it had got to.
        stated: i64,
    },
    /// The log is not the one that was stated.
    #[error(
        "第 1–{stated} 条中有与检查点不同者,请运行 ruhu verify / entries 1 to {stated} are not those of the checkpoint; run `ruhu verify`"
    )]
    Different {
        /// Where it had got to.
        stated: i64,
    },
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Hub {
    /// Makes a checkpoint if anything was received since the last; returns the newest, `None` for an empty hub.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn checkpoint(&self) -> Result<Option<Statement>, StorageError> {
        self.refresh_key()?;
        let (key, hub, now_ms) = (self.signing_key(), self.id(), self.now_ms());
        let newest = self.storage().write(move |tx| next(tx, hub, &key, now_ms))?;
        let keys = self.all_keys()?;
        Ok(newest.map(|one| self.state(&one, &keys)))
    }

    /// A checkpoint as it leaves the machine; `keys` are all this hub ever signed with.
    pub(crate) fn state(&self, one: &Checkpoint, keys: &[VerifyingKey]) -> Statement {
        let signed_by = keys.iter().find(|key| is_signed(one, self.id(), key));
        Statement {
            hub: self.id(),
            nr: one.nr,
            position: one.pos.0,
            enrolment: one.enrolment.0,
            made_ms: one.made_ms,
            log: one.log,
            phones: one.phones,
            previous: one.previous,
            key: hex(&signed_by.copied().unwrap_or_else(|| self.verifying_key()).to_bytes()),
            signature: hex(&one.signature),
        }
    }

    /// Whether the log still holds what a statement says it held; returns the statement.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn check_statement(&self, file: &[u8]) -> Result<Statement, CheckpointError> {
        let stated: Statement = serde_json::from_slice(file).map_err(|_| CheckpointError::NotAStatement)?;
        if stated.hub != self.id() {
            return Err(CheckpointError::OtherHub(stated.hub));
        }
        let signature = unhex(&stated.signature).ok_or(CheckpointError::NotAStatement)?;
        let one = Checkpoint {
            nr: stated.nr,
            pos: Pos(stated.position),
            enrolment: EnrolmentNr(stated.enrolment),
            made_ms: stated.made_ms,
            log: stated.log,
            phones: stated.phones,
            previous: stated.previous,
            signature,
        };
        if !self.all_keys()?.iter().any(|key| is_signed(&one, stated.hub, key)) {
            return Err(CheckpointError::BadSignature);
        }
        self.storage().read(|tx| {
            let last = tx.last_pos()?.0;
            if last < stated.position {
                return Err(CheckpointError::Shorter { last, stated: stated.position });
            }
            let (log, phones) = (log_until(tx, one.pos)?, phones_until(tx, one.enrolment)?);
            if (log, phones) == (one.log, one.phones) {
                Ok(())
            } else {
                Err(CheckpointError::Different { stated: stated.position })
            }
        })?;
        Ok(stated)
    }
}

fn next(tx: &Tx<'_>, hub: HubId, key: &SigningKey, now_ms: i64) -> Result<Option<Checkpoint>, StorageError> {
    let last = tx.checkpoints()?.pop();
    let mut one = match &last {
        Some(last) => Checkpoint { nr: last.nr + 1, previous: last.hash(hub), ..last.clone() },
        None => Checkpoint {
            nr: 1,
            pos: Pos(0),
            enrolment: EnrolmentNr(0),
            made_ms: 0,
            log: Hash32::ZERO,
            phones: Hash32::ZERO,
            previous: Hash32::ZERO,
            signature: [0; 64],
        },
    };
    let before = (one.pos, one.enrolment);
    tx.each_entry_after(one.pos, |pos, kept| {
        (one.pos, one.log) = (pos, after_entry(one.log, &kept?));
        Ok::<(), StorageError>(())
    })?;
    for phone in tx.enrolments()?.iter().filter(|phone| before.1 < phone.nr) {
        (one.enrolment, one.phones) = (phone.nr, after_enrolment(one.phones, phone));
    }
    if (one.pos, one.enrolment) == before {
        return Ok(last);
    }
    one.made_ms = now_ms;
    one.signature = key.sign(&one.hash(hub).0).to_bytes();
    tx.add_checkpoint(&one)?;
    Ok(Some(one))
}

fn log_until(tx: &Tx<'_>, until: Pos) -> Result<Hash32, StorageError> {
    let mut log = Hash32::ZERO;
    tx.each_entry(|pos, kept| {
        if pos <= until {
            log = after_entry(log, &kept?);
        }
        Ok::<(), StorageError>(())
    })?;
    Ok(log)
}

fn phones_until(tx: &Tx<'_>, until: EnrolmentNr) -> Result<Hash32, StorageError> {
    let phones = tx.enrolments()?;
    Ok(phones.iter().filter(|one| one.nr <= until).fold(Hash32::ZERO, after_enrolment))
}

/// Whether the hub's key signed it.
pub(crate) fn is_signed(one: &Checkpoint, hub: HubId, key: &VerifyingKey) -> bool {
    key.verify_strict(&one.hash(hub).0, &Signature::from_bytes(&one.signature)).is_ok()
}
