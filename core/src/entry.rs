//! 条目 – one signed entry of the one log: an [`Envelope`] of fixed layout, a signature, a [`Payload`].
//!
//! The envelope names hub, stream, unit, enrolment, its place in that enrolment's chain, and the hash of the
//! payload; the payload's body is hashed with a salt, so that it can be erased and the rest still verified.
//! Visits are plain records beside the household's document, so a refused field edit never holds one back.

mod bounds;
mod cbor;
mod chain;
mod envelope;
mod keys;
mod line;
mod payload;
mod private;
mod record;
mod token;

pub use crate::ids::StreamId;
pub use bounds::{Bound, OutOfBounds};
pub use cbor::{BadCbor, read_cbor, write_cbor};
pub use chain::{Chain, Readings, seal};
pub use envelope::{BadEnvelope, ENVELOPE_LEN, Envelope, Suite};
pub use keys::{BadKeys, KeyLink, KeyNews, RecoveryKey, Trust, fingerprint};
pub use line::{Amount, Completion, Ground, LineEvent, LineKind, LineProposal, LineStep};
pub use payload::{BadPayload, Kind, Payload, SealedBody};
pub use private::{
    Account, FindingEvent, FindingStep, Private, RevisitKey, RevisitTask, Revisited, Ruling, ToWorker, Told,
};
pub use record::{
    Contents, DocSkeleton, EditSource, OfficeAct, Proposal, ReasonBody, Record, RequestEvent, RequestOwner,
    RequestStep, UnitFact, Withdrawal,
};
pub use token::{TimeToken, TokenKey};

use ed25519_dalek::{Signature, VerifyingKey};

use crate::ids::Hash32;

/// 条目 – envelope, signature and payload together, as kept and as verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What is signed.
    pub envelope: Envelope,
    /// Ed25519 over the envelope's bytes.
    pub signature: [u8; 64],
    /// What is recorded.
    pub payload: Payload,
}

/// Why an entry cannot be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// The payload is not the one that was signed.
    #[error("内容与签名时不同 / the payload is not the one that was signed")]
    PayloadChanged,
    /// The signature does not belong to this key.
    #[error("签名不符 / the signature does not belong to this enrolment")]
    BadSignature,
}

impl Entry {
    /// Proves that this key signed this envelope and this payload.
    ///
    /// # Errors
    /// [`Unproven`] says which of the two does not hold.
    pub fn prove(&self, key: &VerifyingKey) -> Result<(), Unproven> {
        if self.payload.hash() != self.envelope.payload_hash {
            return Err(Unproven::PayloadChanged);
        }
        key.verify_strict(&self.envelope.to_bytes(), &Signature::from_bytes(&self.signature))
            .map_err(|_| Unproven::BadSignature)
    }

    /// Hash of the envelope: what the next envelope of the chain names.
    #[must_use]
    pub fn envelope_hash(&self) -> Hash32 {
        self.envelope.hash()
    }
}

#[cfg(test)]
mod tests;
