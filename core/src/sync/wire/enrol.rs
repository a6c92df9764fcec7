//! Turning a one-time code into an enrolment, and refusals of whole requests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::SYNC_PATH;
use crate::entry::{KeyNews, TimeToken, write_cbor};
use crate::ids::{CommunityId, EnrolmentId, Hash32, HubId, WorkerId};
use crate::roster::Assignment;

/// What a phone shows to be enrolled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The one-time code, as typed or scanned.
    pub code: String,
    /// The public key made on the phone.
    pub key: [u8; 32],
    /// What kind of phone, for the list of devices; no serial number.
    pub device: String,
    /// The program and its version.
    pub app: String,
}

/// What it gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolReply {
    /// The hub.
    pub hub: HubId,
    /// The hub's public key; every reply is signed with it.
    pub hub_key: [u8; 32],
    /// Who is enrolled.
    pub worker: WorkerId,
    /// Name on the worker's card.
    pub worker_name: String,
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// The community, whose stream holds grids, workers and settings.
    pub community: CommunityId,
    /// Grids assigned or covered today.
    pub assignments: Vec<Assignment>,
    /// Hub time with its seal.
    pub token: TimeToken,
    /// Number of `hub_key` in the hub's list of keys; 1 for the first.
    #[serde(default = "first_key")]
    pub hub_key_nr: u32,
    /// 恢复公钥 – pinned with `hub_key`: the next key has to be signed by both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_key: Option<[u8; 32]>,
}

const fn first_key() -> u32 {
    1
}

/// A refusal of a whole request, sent with a 4xx or 5xx status as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What it is.
    pub code: TroubleCode,
    /// Hub time, so that a phone whose clock is wrong can sign again; milliseconds since 1970 UTC.
    pub hub_ms: i64,
    /// Words for the person, Chinese first.
    pub words: String,
    /// Not before so many seconds; 0 for no wish.
    #[serde(default)]
    pub retry_after_s: u32,
    /// The hub's signature over the request and all of this, base64; a phone erases nothing without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// Keys of the hub that the phone may not know yet, as in a reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<KeyNews>,
}

impl Trouble {
    /// Signs the refusal of a request (its whole bytes).
    #[must_use]
    pub fn signed(mut self, request: &[u8], key: &SigningKey) -> Self {
        // The keys prove themselves.
        let signature = key.sign(&self.message(request));
        self.signature = Some(STANDARD_NO_PAD.encode(signature.to_bytes()));
        self
    }

    /// Whether the hub with this key said it to this request.
    #[must_use]
    pub fn holds(&self, request: &[u8], hub_key: &VerifyingKey) -> bool {
        let bytes = self.signature.as_ref().and_then(|text| STANDARD_NO_PAD.decode(text).ok());
        let signature = bytes.and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|one| hub_key.verify_strict(&self.message(request), &one).is_ok())
    }

    fn message(&self, request: &[u8]) -> Vec<u8> {
        let mut message = format!("refused {SYNC_PATH}\n").into_bytes();
        message.extend_from_slice(&Hash32::of(&[request]).0);
        message.extend_from_slice(&write_cbor(&(self.code, self.hub_ms, &self.words, self.retry_after_s)));
        message
    }
}

/// Why a whole request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleCode {
    /// Not a request of this protocol, or too large.
    BadRequest,
    /// Protocol version not spoken here: update the app (or the hub).
    Version,
    /// No such enrolment at this hub.
    UnknownEnrolment,
    /// The signature does not hold.
    BadSignature,
    /// The phone's clock is more than five minutes off; sign again with `hub_ms`.
    ClockSkew,
    /// The enrolment was revoked: what was pushed was put aside safely; the phone erases its copy.
    Erase,
    /// There is no such one-time code: mistyped, or guessed.
    BadCode,
    /// The one-time code was used already, by another key.
    UsedCode,
    /// The one-time code is too old, or its worker left.
    ExpiredCode,
    /// Larger than a request may be.
    TooLarge,
    /// Too many tries or too much for today.
    TooMany,
    /// The hub cannot answer now.
    Busy,
}
