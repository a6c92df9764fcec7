//! What travels: a signed request, a signed reply, both CBOR packed with zstd.
//!
//! An envelope is 210 bytes, most of which the hub already knows: pushed entries carry only what cannot be derived
//! (see [`Push`]), and the hub rebuilds the envelope before it checks the signature. Pulled entries carry no foreign
//! signature: phones trust the hub's, and any entry is provable on request (`design.md` 7).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::entry::{
    BadCbor, Chain, Entry, Envelope, Kind, Payload, StreamId, Suite, TimeToken, read_cbor, write_cbor,
};
use crate::ids::{EnrolmentId, Hash32, HubId};
use crate::roster::Unit;
use crate::time::PhoneTime;

mod bundle;
mod enrol;
mod frame;
mod verdict;
pub use bundle::{
    BUNDLE_ASK, BUNDLE_MAX_BYTES, BUNDLE_PATH, BadBundle, Bundle, Manifest, ask_bundle, open_bundle,
    pack_bundle, peek_ask, prove_ask,
};
pub use enrol::{EnrolReply, EnrolRequest, Trouble, TroubleCode};
pub use frame::{
    BadFrame, CLOCK_SKEW_MS, open_reply, open_request, pack_reply, pack_request, peek_enrolment,
};
pub use verdict::{Refusal, Verdict};

/// Path of the one request.
pub const SYNC_PATH: &str = "/v1/sync";
/// Path where a one-time code is turned into an enrolment.
pub const ENROL_PATH: &str = "/v1/enrol";
/// Protocol version this program speaks.
pub const PROTOCOL: u16 = 1;
/// Largest entry, payload and envelope together, in bytes.
pub const ENTRY_MAX_BYTES: usize = 64 * 1024;
/// Largest unpacked request, in bytes; a phone with more sends it in parts.
pub const REQUEST_MAX_BYTES: usize = 1024 * 1024;
/// Largest unpacked reply, in bytes.
pub const REPLY_MAX_BYTES: usize = 8 * 1024 * 1024;

/// What a phone asks: here is what I have recorded, this is how far I have read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// [`PROTOCOL`].
    pub protocol: u16,
    /// The program and its version, for the list of devices.
    pub app: String,
    /// The hub epoch the phone last heard of; 0 at first.
    pub hub_epoch: u32,
    /// How far each stream was read.
    pub cursors: BTreeMap<StreamId, Cursor>,
    /// What is unsent, in chain order; one run per epoch.
    pub pushes: Vec<Push>,
    /// Entries the phone still holds unsent after these: 0 when this is all.
    pub unsent_after: u32,
    /// The last entry the hub said it keeps: where it is missing, the hub was put back to before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<ChainMark>,
    /// The streams are read from the start after the hub was restored: tell what these very entries say as well, for
    /// the phone may have forgotten the units they are about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
}

/// One place of a phone's chain, and a short hash that shows whether both mean the same entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainMark {
    /// Epoch of the chain.
    #[serde(rename = "e")]
    pub epoch: u32,
    /// Sequence number.
    #[serde(rename = "s")]
    pub seq: u64,
    /// First bytes of the envelope's hash.
    #[serde(rename = "h")]
    pub head: [u8; 8],
}

/// How far a stream was read, and a short hash that shows whether both read the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The last sequence number read; 0 for nothing.
    pub seq: u64,
    /// First bytes of the stream's running hash at `seq`.
    pub head: [u8; 8],
}

/// A run of consecutive entries of one epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Push {
    /// The epoch.
    pub epoch: u32,
    /// Sequence number of the first entry.
    pub first_seq: u64,
    /// Envelope hash before the first entry.
    pub previous: Hash32,
    /// The entries, without gaps.
    pub entries: Vec<PushedEntry>,
}

/// What cannot be derived of one pushed entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PushedEntry {
    /// Stream claimed.
    #[serde(rename = "s")]
    pub stream: StreamId,
    /// Household or door.
    #[serde(rename = "u")]
    pub unit: Option<Unit>,
    /// Best knowledge of the time, milliseconds since 1970 UTC.
    #[serde(rename = "t")]
    pub recorded_ms: i64,
    /// Wall clock, milliseconds since 1970 UTC.
    #[serde(rename = "w")]
    pub wall_ms: i64,
    /// Reading of the clock since boot.
    #[serde(rename = "b", skip_serializing_if = "Option::is_none", default)]
    pub since_boot: Option<crate::time::SinceBoot>,
    /// The hub time held when recording.
    #[serde(rename = "k", skip_serializing_if = "Option::is_none", default)]
    pub token: Option<TimeToken>,
    /// Ed25519 over the envelope.
    #[serde(rename = "g", with = "sig")]
    pub signature: [u8; 64],
    /// Skeleton and body.
    #[serde(rename = "p")]
    pub payload: Payload,
}

impl Push {
    /// A run of consecutive entries, as they travel. `None` when `entries` is empty or not one run.
    #[must_use]
    pub fn of(entries: &[Entry]) -> Option<Self> {
        let first = entries.first()?.envelope;
        let seqs = entries.iter().zip(first.seq..);
        let one_run = seqs
            .into_iter()
            .all(|(entry, seq)| (entry.envelope.epoch, entry.envelope.seq) == (first.epoch, seq));
        one_run.then(|| Self {
            epoch: first.epoch,
            first_seq: first.seq,
            previous: first.previous,
            entries: entries.iter().map(PushedEntry::of).collect(),
        })
    }

    /// The entries with their envelopes rebuilt. Whether they hold is for [`Entry::prove`] to say.
    #[must_use]
    pub fn rebuild(self, hub: HubId, enrolment: EnrolmentId) -> Vec<Entry> {
        let mut chain =
            Chain { hub, enrolment, epoch: self.epoch, next_seq: self.first_seq, previous: self.previous };
        let mut entries = Vec::with_capacity(self.entries.len());
        for pushed in self.entries {
            let entry = pushed.rebuild(&chain);
            chain = chain.after(&entry.envelope);
            entries.push(entry);
        }
        entries
    }
}

impl PushedEntry {
    fn of(entry: &Entry) -> Self {
        Self {
            stream: entry.envelope.stream,
            unit: entry.envelope.unit,
            recorded_ms: entry.envelope.recorded_ms,
            wall_ms: entry.envelope.read.wall.timestamp_millis(),
            since_boot: entry.envelope.read.since_boot,
            token: entry.envelope.token,
            signature: entry.signature,
            payload: entry.payload.clone(),
        }
    }

    fn rebuild(self, chain: &Chain) -> Entry {
        let wall = chrono::DateTime::from_timestamp_millis(self.wall_ms).unwrap_or_default();
        let envelope = Envelope {
            suite: Suite::Ed25519Sha256,
            kind: self.payload.kind,
            hub: chain.hub,
            stream: self.stream,
            unit: self.unit,
            enrolment: chain.enrolment,
            epoch: chain.epoch,
            seq: chain.next_seq,
            previous: chain.previous,
            payload_hash: self.payload.hash(),
            recorded_ms: self.recorded_ms,
            read: PhoneTime { wall, since_boot: self.since_boot },
            token: self.token,
        };
        Entry { envelope, signature: self.signature, payload: self.payload }
    }
}

/// What the hub answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SyncReply {
    /// [`PROTOCOL`].
    pub protocol: u16,
    /// Counts up when the hub was restored from a backup; phones then offer everything again.
    pub hub_epoch: u32,
    /// Hub time with its seal.
    pub token: TimeToken,
    /// One verdict per pushed entry, in the order pushed.
    pub verdicts: Vec<Verdict>,
    /// What this phone lacks, per stream in stream order.
    pub pulls: Vec<Pull>,
    /// Whether there is more to pull: ask again at once.
    pub more: bool,
    /// Streams this phone may no longer hold; it forgets them once its own entries are safe.
    pub dropped: Vec<StreamId>,
    /// Ask again no sooner than this many seconds from now; 0 for no wish.
    pub retry_after_s: u32,
    /// The hub lacks something this phone was told it keeps: offer everything again and read from the start. As a new
    /// hub epoch, for this phone alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub offer_again: bool,
    /// Up to which sequence number of each epoch of this phone's chain a verified backup covers its entries.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub covered: BTreeMap<u32, u64>,
}

/// A part of one stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pull {
    /// Which stream.
    pub stream: StreamId,
    /// In stream order; entries of households that left the stream are passed over.
    pub entries: Vec<PulledEntry>,
    /// How far the stream has been read once these are applied.
    pub cursor: Cursor,
}

/// One entry of another device, or of this one after a re-install.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PulledEntry {
    /// Its place in the stream.
    #[serde(rename = "n")]
    pub seq: u64,
    /// Household or door.
    #[serde(rename = "u")]
    pub unit: Option<Unit>,
    /// When it was recorded, as the hub vouches for, milliseconds since 1970 UTC.
    #[serde(rename = "t")]
    pub recorded_ms: i64,
    /// What it is.
    #[serde(rename = "e")]
    pub entry: Pulled,
}

/// What a pulled entry is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Pulled {
    /// A payload of the log.
    #[serde(rename = "p")]
    Payload(Payload),
    /// 迁出本网格 – the unit is no longer in this stream: forget it once the own entries about it are safe.
    #[serde(rename = "o")]
    MoveOut,
    /// 迁入本网格 – the unit came from another stream, with everything known of it, in the order of recording.
    #[serde(rename = "i")]
    MoveIn(Vec<Moved>),
}

/// One entry of a unit that moved in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// When it was recorded, milliseconds since 1970 UTC.
    #[serde(rename = "t")]
    pub recorded_ms: i64,
    /// Its payload.
    #[serde(rename = "p")]
    pub payload: Payload,
}

impl SyncRequest {
    /// Its bytes before packing.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        write_cbor(self)
    }

    /// From its bytes.
    ///
    /// # Errors
    /// [`BadCbor`].
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, BadCbor> {
        read_cbor(bytes)
    }
}

impl SyncReply {
    /// Its bytes before packing.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        write_cbor(self)
    }

    /// From its bytes.
    ///
    /// # Errors
    /// [`BadCbor`].
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, BadCbor> {
        read_cbor(bytes)
    }
}

impl Kind {
    /// Whether a phone may push it.
    #[must_use]
    pub const fn may_come_from_a_phone(self) -> bool {
        matches!(self, Self::Record | Self::Doc)
    }
}

/// 64 bytes as one CBOR byte string; serde has no arrays of that length.
mod sig {
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8; 64], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 64], D::Error> {
        struct Sig;
        impl serde::de::Visitor<'_> for Sig {
            type Value = [u8; 64];
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("64 bytes")
            }
            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<[u8; 64], E> {
                bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))
            }
        }
        from.deserialize_bytes(Sig)
    }
}
