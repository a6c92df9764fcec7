//! 信封 – the 210 bytes that are signed: fixed layout, no parser to trick.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::payload::Kind;
use super::token::TimeToken;
use crate::ids::{DwellingId, EnrolmentId, Hash32, HouseholdId, HubId, StreamId};
use crate::roster::Unit;
use crate::time::{PhoneTime, SinceBoot};

/// Length of an envelope, in bytes.
pub const ENVELOPE_LEN: usize = 210;

/// Which signature and hash an entry uses. Others (SM2/SM3) are reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// Ed25519 and SHA-256.
    Ed25519Sha256,
}

/// What is signed. Field order here is the order of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Signature and hash suite; one byte.
    pub suite: Suite,
    /// Record, document change or act of the desk; one byte.
    pub kind: Kind,
    /// The hub it is meant for: an entry of one hub means nothing to another.
    pub hub: HubId,
    /// The stream the phone believed right; the hub may place it elsewhere after a hand-over.
    pub stream: StreamId,
    /// The household or door it concerns, if one.
    pub unit: Option<Unit>,
    /// Who signs.
    pub enrolment: EnrolmentId,
    /// Counts up when the phone had to start a new chain.
    pub epoch: u32,
    /// Place in the chain of this epoch, from 1, without gaps.
    pub seq: u64,
    /// Hash of the envelope before this one; zero at the start of an epoch.
    pub previous: Hash32,
    /// Hash of the payload (skeleton, salted body).
    pub payload_hash: Hash32,
    /// The phone's best knowledge of when it was recorded, milliseconds since 1970 UTC.
    pub recorded_ms: i64,
    /// Raw readings of the phone's clocks.
    pub read: PhoneTime,
    /// The last hub time the phone held; the earliest the entry can have been recorded.
    pub token: Option<TimeToken>,
}

/// Bytes that are no envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEnvelope {
    /// Wrong length.
    #[error("信封应为 210 字节 / an envelope has 210 bytes")]
    Length,
    /// A suite, kind, stream or unit this version does not know: update the app.
    #[error("信封版本未知,请更新 / unknown kind of envelope: update the app")]
    Unknown,
}

impl Envelope {
    /// The bytes that are signed and hashed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(ENVELOPE_LEN);
        bytes.push(match self.suite {
            Suite::Ed25519Sha256 => 1,
        });
        bytes.push(self.kind.tag());
        bytes.extend_from_slice(self.hub.as_bytes());
        bytes.extend_from_slice(&self.stream.to_bytes());
        bytes.extend_from_slice(&unit_bytes(self.unit));
        bytes.extend_from_slice(self.enrolment.as_bytes());
        bytes.extend_from_slice(&self.epoch.to_be_bytes());
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(&self.previous.0);
        bytes.extend_from_slice(&self.payload_hash.0);
        bytes.extend_from_slice(&self.recorded_ms.to_be_bytes());
        bytes.extend_from_slice(&self.read.wall.timestamp_millis().to_be_bytes());
        let (has_boot, ms, boot) = match self.read.since_boot {
            Some(SinceBoot { ms, boot }) => (1, ms, boot),
            None => (0, 0, Uuid::nil()),
        };
        bytes.push(has_boot);
        bytes.extend_from_slice(&ms.to_be_bytes());
        bytes.extend_from_slice(boot.as_bytes());
        let (has_token, token) =
            self.token.map_or((0, TimeToken { hub_ms: 0, mac: [0; 16] }), |token| (1, token));
        bytes.push(has_token);
        bytes.extend_from_slice(&token.hub_ms.to_be_bytes());
        bytes.extend_from_slice(&token.mac);
        bytes
    }

    /// Back from [`Envelope::to_bytes`]. Only bytes that would be written the same are accepted.
    ///
    /// # Errors
    /// [`BadEnvelope`], without looking further.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadEnvelope> {
        if bytes.len() != ENVELOPE_LEN {
            return Err(BadEnvelope::Length);
        }
        let mut rest = Reader(bytes);
        let suite = match rest.u8()? {
            1 => Suite::Ed25519Sha256,
            _ => return Err(BadEnvelope::Unknown),
        };
        let envelope = Self {
            suite,
            kind: Kind::from_tag(rest.u8()?).ok_or(BadEnvelope::Unknown)?,
            hub: HubId::from_bytes(rest.take()?),
            stream: StreamId::from_bytes(&rest.take::<17>()?).ok_or(BadEnvelope::Unknown)?,
            unit: unit_from_bytes(&rest.take::<17>()?)?,
            enrolment: EnrolmentId::from_bytes(rest.take()?),
            epoch: u32::from_be_bytes(rest.take()?),
            seq: u64::from_be_bytes(rest.take()?),
            previous: Hash32(rest.take()?),
            payload_hash: Hash32(rest.take()?),
            recorded_ms: i64::from_be_bytes(rest.take()?),
            read: rest.phone_time()?,
            token: rest.token()?,
        };
        if envelope.to_bytes() == bytes { Ok(envelope) } else { Err(BadEnvelope::Unknown) }
    }

    /// SHA-256 of the bytes: the link of the chain.
    #[must_use]
    pub fn hash(&self) -> Hash32 {
        Hash32::of(&[&self.to_bytes()])
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], BadEnvelope> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(BadEnvelope::Length)?;
        self.0 = rest;
        Ok(*head)
    }

    fn u8(&mut self) -> Result<u8, BadEnvelope> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn phone_time(&mut self) -> Result<PhoneTime, BadEnvelope> {
        let wall_ms = i64::from_be_bytes(self.take()?);
        let wall = DateTime::<Utc>::from_timestamp_millis(wall_ms).ok_or(BadEnvelope::Unknown)?;
        let has_boot = self.u8()? == 1;
        let ms = u64::from_be_bytes(self.take()?);
        let boot = Uuid::from_bytes(self.take()?);
        Ok(PhoneTime { wall, since_boot: has_boot.then_some(SinceBoot { ms, boot }) })
    }

    fn token(&mut self) -> Result<Option<TimeToken>, BadEnvelope> {
        let has_token = self.u8()? == 1;
        let token = TimeToken { hub_ms: i64::from_be_bytes(self.take()?), mac: self.take()? };
        Ok(has_token.then_some(token))
    }
}

fn unit_bytes(unit: Option<Unit>) -> [u8; 17] {
    match &unit {
        None => [0; 17],
        Some(unit @ Unit::Household(_)) => tagged(1, unit.as_bytes()),
        Some(unit @ Unit::Vacant(_)) => tagged(2, unit.as_bytes()),
    }
}

fn unit_from_bytes(bytes: &[u8; 17]) -> Result<Option<Unit>, BadEnvelope> {
    let [tag, id @ ..] = *bytes;
    match tag {
        0 => Ok(None),
        1 => Ok(Some(Unit::Household(HouseholdId::from_bytes(id)))),
        2 => Ok(Some(Unit::Vacant(DwellingId::from_bytes(id)))),
        _ => Err(BadEnvelope::Unknown),
    }
}

fn tagged(tag: u8, id: &[u8; 16]) -> [u8; 17] {
    let mut bytes = [tag; 17];
    bytes.iter_mut().skip(1).zip(id).for_each(|(to, from)| *to = *from);
    bytes
}
