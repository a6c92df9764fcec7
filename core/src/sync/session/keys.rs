//! Which key of the hub an answer is signed with, and the keys it tells of.

use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, Transaction};

use super::SyncError;
use crate::entry::{BadKeys, Trust};
use crate::store::{EnrolmentRow, StoreError, enrolment, hub_keys};
use crate::sync::wire::{BadFrame, SyncReply, Trouble, open_reply, peek_keys};

/// An answer as far as keys go.
pub(super) struct Opened {
    /// The reply, if it proved.
    pub(super) reply: Result<SyncReply, BadFrame>,
    /// What is trusted from now on, where the reply proved and told of another key.
    pub(super) trust: Option<Trust>,
}

/// Opens a reply under the key that is trusted, or under one it leads to. The inner error is a list of keys that is not
/// to be believed, or a key that was left behind.
pub(super) fn open(
    db: &Connection,
    row: &EnrolmentRow,
    request: &[u8],
    reply: &[u8],
) -> Result<Result<Opened, BadKeys>, SyncError> {
    let known = hub_keys::trust(db, row)?;
    let mut trust = known.clone();
    let mut opened = open_reply(reply, request, &key_of(&known)?);
    match &opened {
        Ok(told) => {
            if let Some(news) = &told.keys {
                trust = match known.after(row.hub, news) {
                    Ok(trust) => trust,
                    Err(why) => return Ok(Err(why)),
                };
            }
        }
        Err(BadFrame::Signature) => {
            for former in hub_keys::former(db)? {
                if VerifyingKey::from_bytes(&former).is_ok_and(|key| open_reply(reply, request, &key).is_ok())
                {
                    return Ok(Err(BadKeys::NotNext));
                }
            }
            if let Some(news) = peek_keys(reply) {
                trust = match known.after(row.hub, &news) {
                    Ok(trust) => trust,
                    Err(why) => return Ok(Err(why)),
                };
                opened = open_reply(reply, request, &key_of(&trust)?);
            }
        }
        Err(_) => {}
    }
    let changed = opened.is_ok() && trust != known;
    Ok(Ok(Opened { reply: opened, trust: changed.then_some(trust) }))
}

/// Trusts what a proven reply led to.
pub(super) fn put(tx: &Transaction<'_>, trust: Option<&Trust>) -> Result<(), StoreError> {
    trust.map_or(Ok(()), |trust| hub_keys::put(tx, trust))
}

/// Whether the hub signed a refusal, with the key that is trusted or one that leads on from it.
pub(super) fn said_by_hub(db: &Connection, trouble: &Trouble, request: &[u8]) -> Result<bool, SyncError> {
    let row = enrolment::need(db)?;
    let trust = hub_keys::trust(db, &row)?;
    if trouble.holds(request, &key_of(&trust)?) {
        return Ok(true);
    }
    let Some(news) = &trouble.keys else { return Ok(false) };
    let Ok(led) = trust.after(row.hub, news) else { return Ok(false) };
    Ok(led != trust && trouble.holds(request, &key_of(&led)?))
}

fn key_of(trust: &Trust) -> Result<VerifyingKey, SyncError> {
    VerifyingKey::from_bytes(&trust.key).map_err(|_| SyncError::BadHubKey)
}
