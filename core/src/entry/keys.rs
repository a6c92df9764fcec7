//! 中心密钥 – the hub's keys are a list: each next one is signed by the one before it and by an offline recovery key.
//!
//! A phone pins one key and the recovery key when it is enrolled, and goes from link to link from there. A link without
//! the former key's signature says so in what is signed (`present_lost`): the former key was lost.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::ids::{Hash32, HubId};

/// Most links of one answer; a hub changes its key every few years.
const LINKS_MAX: usize = 64;

/// 恢复公钥 – the public half of the recovery key, under the signature of the hub's first key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryKey {
    /// The key.
    pub key: [u8; 32],
    /// Ed25519 by the hub's first key.
    pub by_first: Vec<u8>,
}

/// One step from a key to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyLink {
    /// Number of the key it leads to, from 2.
    pub nr: u32,
    /// That key.
    pub key: [u8; 32],
    /// From when on the hub signs with it, milliseconds since 1970 UTC.
    pub from_ms: i64,
    /// Ed25519 by the recovery key.
    pub by_recovery: Vec<u8>,
    /// Ed25519 by the key before; none where that key was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_present: Option<Vec<u8>>,
}

/// What a phone is told about keys it does not know yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyNews {
    /// The recovery key, for a phone that has pinned none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<RecoveryKey>,
    /// The links after the key it knows, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<KeyLink>,
}

/// 信任 – what a phone holds of its hub's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// Number of the present key.
    pub nr: u32,
    /// The present key.
    pub key: [u8; 32],
    /// The recovery key, pinned once and for all.
    pub recovery: Option<[u8; 32]>,
    /// Since when the present key signs, where it came without the former one's signature: to be confirmed by asking.
    pub unconfirmed_since_ms: Option<i64>,
}

/// Why a list of keys is not believed. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    /// The list does not go on from the key that is known: cut, reordered, or an older one.
    #[error("密钥表与已知密钥不相接 / the list of hub keys does not go on from the key known here")]
    NotNext,
    /// No recovery key is known to check it by.
    #[error("没有恢复公钥可核对 / there is no recovery key to check the list by")]
    NoRecovery,
    /// The recovery key did not sign it.
    #[error("第 {nr} 把密钥没有恢复密钥的签名 / key {nr} is not signed by the recovery key")]
    Recovery {
        /// Which.
        nr: u32,
    },
    /// The key before did not sign it.
    #[error("第 {nr} 把密钥没有前一把的签名 / key {nr} is not signed by the key before it")]
    Present {
        /// Which.
        nr: u32,
    },
    /// The announced recovery key is not signed by the known hub key.
    #[error("恢复公钥不是本中心签发的 / the recovery key is not signed by this hub")]
    ForeignRecovery,
}

impl RecoveryKey {
    /// Names the recovery key of a hub.
    #[must_use]
    pub fn announce(hub: HubId, recovery: &VerifyingKey, first: &SigningKey) -> Self {
        let key = recovery.to_bytes();
        Self { key, by_first: first.sign(&recovery_message(hub, &key)).to_bytes().to_vec() }
    }

    /// Whether the hub's first key signed it.
    #[must_use]
    pub fn holds(&self, hub: HubId, first: &[u8; 32]) -> bool {
        is_signed(&recovery_message(hub, &self.key), &self.by_first, first)
    }
}

impl KeyLink {
    /// Leads from `present` to `next`. `signer` is the present key's secret half, none where it was lost.
    #[must_use]
    pub fn make(
        hub: HubId,
        (nr, present): (u32, &[u8; 32]),
        (next, from_ms): (&VerifyingKey, i64),
        recovery: &SigningKey,
        signer: Option<&SigningKey>,
    ) -> Self {
        let key = next.to_bytes();
        let message = link_message(hub, nr, present, &key, from_ms, signer.is_none());
        let sign = |signer: &SigningKey| signer.sign(&message).to_bytes().to_vec();
        Self { nr, key, from_ms, by_recovery: sign(recovery), by_present: signer.map(sign) }
    }

    /// Whether it leads on from `present`, number `self.nr - 1`.
    ///
    /// # Errors
    /// [`BadKeys`].
    pub fn check(&self, hub: HubId, present: &[u8; 32], recovery: &[u8; 32]) -> Result<(), BadKeys> {
        let lost = self.by_present.is_none();
        let message = link_message(hub, self.nr, present, &self.key, self.from_ms, lost);
        if !is_signed(&message, &self.by_recovery, recovery) {
            return Err(BadKeys::Recovery { nr: self.nr });
        }
        match &self.by_present {
            Some(signature) if !is_signed(&message, signature, present) => {
                Err(BadKeys::Present { nr: self.nr })
            }
            _ => Ok(()),
        }
    }
}

impl Trust {
    /// What the hub is told: the number of the present key, or 0 while no recovery key is pinned.
    #[must_use]
    pub const fn known_nr(&self) -> u32 {
        if self.recovery.is_some() { self.nr } else { 0 }
    }

    /// What holds after the news; the same where there is none.
    ///
    /// # Errors
    /// [`BadKeys`].
    pub fn after(&self, hub: HubId, news: &KeyNews) -> Result<Self, BadKeys> {
        let mut trust = self.clone();
        if let (None, Some(announced)) = (trust.recovery, &news.recovery) {
            if !announced.holds(hub, &trust.key) {
                return Err(BadKeys::ForeignRecovery);
            }
            trust.recovery = Some(announced.key);
        }
        if LINKS_MAX < news.links.len() {
            return Err(BadKeys::NotNext);
        }
        for link in &news.links {
            let recovery = trust.recovery.ok_or(BadKeys::NoRecovery)?;
            if link.nr != trust.nr.saturating_add(1) || link.from_ms < 0 {
                return Err(BadKeys::NotNext);
            }
            link.check(hub, &trust.key, &recovery)?;
            (trust.nr, trust.key) = (link.nr, link.key);
            trust.unconfirmed_since_ms = link.by_present.is_none().then_some(link.from_ms);
        }
        Ok(trust)
    }
}

/// What people compare to see that two keys are the same: 8 groups of four digits.
#[must_use]
pub fn fingerprint(key: &[u8; 32]) -> String {
    let hash = Hash32::of(&[b"ruhu-fingerprint-1", key]).to_string();
    let digits: Vec<char> = hash.chars().take(32).collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn is_signed(message: &[u8], signature: &[u8], key: &[u8; 32]) -> bool {
    let (key, signature) = (VerifyingKey::from_bytes(key), Signature::from_slice(signature));
    matches!((key, signature), (Ok(key), Ok(signature)) if key.verify_strict(message, &signature).is_ok())
}

fn recovery_message(hub: HubId, key: &[u8; 32]) -> Vec<u8> {
    [&b"ruhu-recovery-key-1"[..], hub.as_bytes(), key].concat()
}

fn link_message(
    hub: HubId,
    nr: u32,
    present: &[u8; 32],
    next: &[u8; 32],
    from_ms: i64,
    lost: bool,
) -> Vec<u8> {
    let head: [&[u8]; 5] = [b"ruhu-hub-key-1", hub.as_bytes(), &nr.to_be_bytes(), present, next];
    [&head.concat()[..], &from_ms.to_be_bytes(), &[u8::from(lost)]].concat()
}

#[cfg(test)]
mod tests;
