//! Ids are types: a household can never be passed where a dwelling is wanted.
//!
//! All are 16 bytes. Ids made on a phone are `UUIDv7`, so they need no hub and sort by time; the clock and
//! the randomness they are made from are handed in by an [`IdSource`].

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use rand::Rng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

mod stream;
pub use stream::StreamId;

/// One newtype over [`Uuid`] per kind of thing; a macro because fourteen hand-written copies would drift.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// From 16 bytes, as stored and sent.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes, as stored and sent.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Uuid::parse_str(text).map(Self).map_err(|_| BadId { kind: stringify!($name) })
            }
        }
    )*};
}

ids! {
    /// 中心 – one hub; every entry names the hub it is meant for.
    HubId;
    /// 社区 – one community, the closing unit of coverage.
    CommunityId;
    /// 网格 – one grid, a worker's patch 分管的片 and a stream of the log.
    GridId;
    /// 户室 – one door.
    DwellingId;
    /// 家庭户 – people living as one.
    HouseholdId;
    /// 居民 – one member of a household.
    PersonId;
    /// 社区工作者 – one worker.
    WorkerId;
    /// 登记 – one worker on one installation with one key.
    EnrolmentId;
    /// 账号 – one account of the desk.
    AccountId;
    /// 走访 – one attempt at one door. Made on the phone, so it needs no hub.
    VisitId;
    /// 诉求 or 隐患 – one request or hazard, from being noticed to being closed.
    RequestId;
    /// 专项 – one question a community adds to its visits.
    QuestionId;
    /// One import of a roster, so that it can be undone as a whole.
    ImportId;
    /// 抽查 – one draw of records to be asked again.
    RecheckId;
    /// 核查 – one record that is in doubt, from the question to its worker to the last word.
    FindingId;
    /// 奖惩事项 – one line of the ledger of rewards and deductions.
    LineId;
    /// 居民权利申请 – one request of a resident about the own record.
    RightsId;
}

/// Text that is not an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a {kind}: write it as 8-4-4-4-12 hexadecimal digits")]
pub struct BadId {
    /// Name of the type that was wanted.
    pub kind: &'static str,
}

/// Makes ids from a clock reading and randomness that are handed in, so that a run can be repeated.
pub struct IdSource<R> {
    rng: R,
}

impl<R: Rng> IdSource<R> {
    /// Ids drawn from `rng`: the system's in the product, a seeded one in tests.
    pub const fn new(rng: R) -> Self {
        Self { rng }
    }

    /// A new time-ordered id (`UUIDv7`) for something made at `now`.
    pub fn make<T: From<Uuid>>(&mut self, now: DateTime<Utc>) -> T {
        let mut random = [0u8; 10];
        self.rng.fill_bytes(&mut random);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        T::from(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// The randomness itself, for waits with jitter.
    pub const fn rng(&mut self) -> &mut R {
        &mut self.rng
    }

    /// Fills `bytes` with randomness, for salts, actors and keys.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.rng.fill_bytes(bytes);
    }
}

/// An id that the same inputs always give: used where two imports must name the same thing alike.
#[must_use]
pub fn derived<T: From<Uuid>>(domain: &str, parts: &[&[u8]]) -> T {
    let mut hasher = Sha256::new();
    hasher.update(domain.as_bytes());
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let digest = hasher.finalize();
    let mut bytes = [0u8; 16];
    bytes.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    T::from(Builder::from_custom_bytes(bytes).into_uuid())
}

/// SHA-256 of something signed or sealed: an envelope, a payload, a body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash32(pub [u8; 32]);

impl Hash32 {
    /// All zeroes: "nothing before this", the start of every chain.
    pub const ZERO: Self = Self([0; 32]);

    /// SHA-256 over the parts in order, as one message.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// From stored bytes; `None` unless there are exactly 32.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The first eight bytes: enough to notice that two logs differ, not to prove anything.
    #[must_use]
    pub fn head(&self) -> [u8; 8] {
        let mut head = [0u8; 8];
        head.iter_mut().zip(self.0).for_each(|(to, from)| *to = from);
        head
    }
}

impl fmt::Display for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash32({self})")
    }
}

impl FromStr for Hash32 {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = BadId { kind: "hash of 64 hexadecimal digits" };
        let mut bytes = [0u8; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(bad);
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| bad)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| bad)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Hash32 {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(self) } else { to.serialize_bytes(&self.0) }
    }
}

impl<'de> Deserialize<'de> for Hash32 {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl serde::de::Visitor<'_> for Reader {
            type Value = Hash32;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("32 bytes, or 64 hexadecimal digits")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Hash32, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Hash32, E> {
                Hash32::from_slice(bytes).ok_or_else(|| E::invalid_length(bytes.len(), &self))
            }
        }
        if from.is_human_readable() { from.deserialize_str(Reader) } else { from.deserialize_bytes(Reader) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn ids_of_one_phone_sort_by_the_time_they_were_made() {
        let mut source = IdSource::new(rand_chacha::ChaCha8Rng::seed_from_u64(1));
        let early: VisitId = source.make(DateTime::from_timestamp_millis(1_000).unwrap());
        let late: VisitId = source.make(DateTime::from_timestamp_millis(2_000).unwrap());
        assert!(early < late);
    }

    #[test]
    fn a_derived_id_tells_its_parts_apart() {
        let one: DwellingId = derived("door", &[b"ab", b"c"]);
        let two: DwellingId = derived("door", &[b"a", b"bc"]);
        assert_ne!(one, two);
        assert_eq!(one, derived("door", &[b"ab", b"c"]));
    }

    #[test]
    fn a_hash_reads_back_from_its_own_text_and_from_cbor() {
        let hash = Hash32::of(&[b"visit"]);
        assert_eq!(hash.to_string().parse(), Ok(hash));
        let mut bytes = Vec::new();
        ciborium::into_writer(&hash, &mut bytes).unwrap();
        assert_eq!(bytes.len(), 34);
        assert_eq!(ciborium::from_reader::<Hash32, _>(bytes.as_slice()).unwrap(), hash);
    }
}
