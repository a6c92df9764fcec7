//! 链 – every entry of an enrolment names the one before it, so a missing or reordered one is seen.

use ed25519_dalek::{Signer, SigningKey};

use super::{Entry, Envelope, Payload, StreamId, Suite, TimeToken};
use crate::ids::{EnrolmentId, Hash32, HubId};
use crate::roster::Unit;
use crate::time::PhoneTime;

/// Where a chain stands: what the next entry must name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The hub the entries are meant for.
    pub hub: HubId,
    /// Who signs.
    pub enrolment: EnrolmentId,
    /// Counts up at every new start.
    pub epoch: u32,
    /// Sequence number of the next entry, from 1.
    pub next_seq: u64,
    /// Hash of the last envelope; zero at the start of an epoch.
    pub previous: Hash32,
}

/// The clocks at the moment of recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readings {
    /// Best knowledge of the time, milliseconds since 1970 UTC.
    pub recorded_ms: i64,
    /// What the phone's clocks read.
    pub read: PhoneTime,
    /// The last hub time held.
    pub token: Option<TimeToken>,
}

impl Chain {
    /// The start of an epoch.
    #[must_use]
    pub const fn start(hub: HubId, enrolment: EnrolmentId, epoch: u32) -> Self {
        Self { hub, enrolment, epoch, next_seq: 1, previous: Hash32::ZERO }
    }

    /// Where it stands after `entry`.
    #[must_use]
    pub fn after(mut self, entry: &Envelope) -> Self {
        // A pushed run names its first number itself: the largest must not end the hub.
        self.next_seq = entry.seq.saturating_add(1);
        self.previous = entry.hash();
        self
    }
}

/// Seals a payload: the next entry of the chain, signed.
#[must_use]
pub fn seal(
    chain: &Chain,
    key: &SigningKey,
    stream: StreamId,
    unit: Option<Unit>,
    readings: &Readings,
    payload: Payload,
) -> Entry {
    let envelope = Envelope {
        suite: Suite::Ed25519Sha256,
        kind: payload.kind,
        hub: chain.hub,
        stream,
        unit,
        enrolment: chain.enrolment,
        epoch: chain.epoch,
        seq: chain.next_seq,
        previous: chain.previous,
        payload_hash: payload.hash(),
        recorded_ms: readings.recorded_ms,
        read: readings.read,
        token: readings.token,
    };
    let signature = key.sign(&envelope.to_bytes()).to_bytes();
    Entry { envelope, signature, payload }
}
