//! Rebuilding, proving and reading pushed entries: the part that needs no database and runs before the writer.

use ed25519_dalek::VerifyingKey;
use ruhu_core::entry::{BadPayload, Contents, ENVELOPE_LEN, Entry};
use ruhu_core::ids::{EnrolmentId, HubId};
use ruhu_core::sync::wire::Push;

/// A pushed entry with everything that can be known of it without the database.
#[derive(Clone, Debug)]
pub struct Proven {
    /// Envelope, signature, payload.
    pub entry: Entry,
    /// Whether the enrolment's key signed it.
    pub holds: bool,
    /// What it says.
    pub contents: Result<Contents, BadPayload>,
    /// Payload and envelope together, in bytes.
    pub size_bytes: usize,
}

/// Rebuilds the entries of a run and checks each.
#[must_use]
pub fn prove(push: Push, hub: HubId, enrolment: EnrolmentId, key: &VerifyingKey) -> Vec<Proven> {
    let entries = push.rebuild(hub, enrolment).into_iter();
    let proven = entries.map(|entry| Proven {
        holds: entry.prove(key).is_ok(),
        contents: entry.payload.read(),
        size_bytes: ENVELOPE_LEN + entry.payload.size_bytes(),
        entry,
    });
    proven.collect()
}
