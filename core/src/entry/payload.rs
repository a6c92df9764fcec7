//! 内容 – skeleton in the clear, body behind a salted hash.

use serde::{Deserialize, Serialize};

use super::cbor::{BadCbor, read_cbor, write_cbor};
use super::record::{Contents, DocSkeleton, OfficeAct, ReasonBody, Record};
use crate::ids::Hash32;
use crate::visit::{Visit, VisitBody};

/// The three kinds of payload (`design.md` 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An immutable record from a phone.
    Record,
    /// A change of a household's document.
    Doc,
    /// An act of the desk.
    Office,
}

impl Kind {
    /// Its byte in the envelope.
    #[must_use]
    pub const fn tag(self) -> u8 {
        match self {
            Self::Record => 1,
            Self::Doc => 2,
            Self::Office => 3,
        }
    }

    /// Back from the byte.
    #[must_use]
    pub const fn from_tag(tag: u8) -> Option<Self> {
        match tag {
            1 => Some(Self::Record),
            2 => Some(Self::Doc),
            3 => Some(Self::Office),
            _ => None,
        }
    }
}

/// What is recorded: bytes, so that a version this program does not know is kept word for word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// Record, document change or act.
    pub kind: Kind,
    /// Version of the shapes inside; this program writes [`Payload::VERSION`].
    pub version: u8,
    /// Deterministic CBOR; outlives erasure.
    #[serde(with = "bytes")]
    pub skeleton: Vec<u8>,
    /// The rest; may be erased.
    pub body: Option<SealedBody>,
    /// Hash of a body that was erased by decision: what the signature still covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Hash32>,
}

/// A body with the salt that keeps its hash from being guessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedBody {
    /// 16 random bytes.
    pub salt: [u8; 16],
    /// Deterministic CBOR, or the bytes of an automerge change.
    #[serde(with = "bytes")]
    pub bytes: Vec<u8>,
}

/// A payload that cannot be understood; it is kept, and says so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPayload {
    /// Written by a newer app.
    #[error(
        "内容由更新的版本写成(版本 {found},本机 {known}),请更新 / written by a newer version ({found}, this one knows {known}): update the app"
    )]
    TooNew {
        /// Its version.
        found: u8,
        /// The newest this program knows.
        known: u8,
    },
    /// The skeleton cannot be read.
    #[error("内容骨架 / payload skeleton")]
    Skeleton(#[source] BadCbor),
    /// The body cannot be read.
    #[error("内容正文 / payload body")]
    Body(#[source] BadCbor),
    /// A kind that must have a body has none, or one that has none has one.
    #[error("内容缺少正文或多出正文 / the payload lacks its body or has one too many")]
    BodyPresence,
}

impl Payload {
    /// The version this program writes.
    pub const VERSION: u8 = 1;

    /// A visit.
    #[must_use]
    pub fn of_visit(visit: &Visit, salt: [u8; 16]) -> Self {
        Self::of_record(&Record::Visit(visit.skeleton().clone()), Some((salt, write_cbor(visit.body()))))
    }

    /// Any other record, with the words that give its reason.
    #[must_use]
    pub fn of_record_with_reason(record: &Record, reason: &ReasonBody, salt: [u8; 16]) -> Self {
        Self::of_record(record, Some((salt, write_cbor(reason))))
    }

    /// A change of a household's document.
    #[must_use]
    pub fn of_doc(skeleton: &DocSkeleton, change: Vec<u8>, salt: [u8; 16]) -> Self {
        let body = Some(SealedBody { salt, bytes: change });
        Self::new(Kind::Doc, write_cbor(skeleton), body)
    }

    /// An act of the desk with its reason.
    #[must_use]
    pub fn of_office(act: &OfficeAct, reason: &ReasonBody, salt: [u8; 16]) -> Self {
        let body = Some(SealedBody { salt, bytes: write_cbor(reason) });
        Self::new(Kind::Office, write_cbor(act), body)
    }

    fn of_record(record: &Record, body: Option<([u8; 16], Vec<u8>)>) -> Self {
        let body = body.map(|(salt, bytes)| SealedBody { salt, bytes });
        Self::new(Kind::Record, write_cbor(record), body)
    }

    const fn new(kind: Kind, skeleton: Vec<u8>, body: Option<SealedBody>) -> Self {
        Self { kind, version: Self::VERSION, skeleton, body, erased: None }
    }

    /// What the envelope signs: `SHA-256(domain, kind, version, skeleton, salted hash of the body)`.
    #[must_use]
    pub fn hash(&self) -> Hash32 {
        let body = self.body_hash();
        let head = [self.kind.tag(), self.version];
        let length = (self.skeleton.len() as u64).to_be_bytes();
        Hash32::of(&[b"ruhu-payload-1", &head, &length, &self.skeleton, &body.0])
    }

    /// Salted hash of the body, also of one that was erased; zero where there never was one.
    #[must_use]
    pub fn body_hash(&self) -> Hash32 {
        self.body.as_ref().map(SealedBody::hash).or(self.erased).unwrap_or(Hash32::ZERO)
    }

    /// The same payload without its body: its hash stays, so that signature and chain still hold.
    #[must_use]
    pub fn without_body(&self) -> Self {
        let erased = self.body.as_ref().map(SealedBody::hash).or(self.erased);
        Self { body: None, erased, ..self.clone() }
    }

    /// Reads what it says.
    ///
    /// # Errors
    /// [`BadPayload`]; the bytes stay as they are.
    pub fn read(&self) -> Result<Contents, BadPayload> {
        if self.version != Self::VERSION {
            return Err(BadPayload::TooNew { found: self.version, known: Self::VERSION });
        }
        match self.kind {
            Kind::Record => self.read_record(),
            Kind::Doc => {
                let skeleton = read_cbor(&self.skeleton).map_err(BadPayload::Skeleton)?;
                let change = self.body.as_ref().map(|body| body.bytes.clone());
                Ok(Contents::Doc { skeleton, change })
            }
            Kind::Office => {
                let act = read_cbor(&self.skeleton).map_err(BadPayload::Skeleton)?;
                Ok(Contents::Office { act, reason: self.read_body()? })
            }
        }
    }

    fn read_record(&self) -> Result<Contents, BadPayload> {
        let record: Record = read_cbor(&self.skeleton).map_err(BadPayload::Skeleton)?;
        Ok(match record {
            Record::Visit(skeleton) => Contents::Visit { skeleton, body: self.read_body::<VisitBody>()? },
            record => Contents::Record { record, reason: self.read_body::<ReasonBody>()? },
        })
    }

    fn read_body<T: Serialize + serde::de::DeserializeOwned>(&self) -> Result<Option<T>, BadPayload> {
        self.body.as_ref().map(|body| read_cbor(&body.bytes).map_err(BadPayload::Body)).transpose()
    }

    /// Bytes it takes in the log.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.skeleton.len() + self.body.as_ref().map_or(0, |body| body.bytes.len() + body.salt.len())
    }
}

impl SealedBody {
    /// `SHA-256(salt, body)`.
    #[must_use]
    pub fn hash(&self) -> Hash32 {
        Hash32::of(&[&self.salt, &self.bytes])
    }
}

/// Byte strings as CBOR byte strings, not as lists of numbers.
mod bytes {
    use serde::{Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl<'de> de::Visitor<'de> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut from: A) -> Result<Vec<u8>, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = from.next_element()? {
                    bytes.push(byte);
                }
                Ok(bytes)
            }
        }
        from.deserialize_byte_buf(Bytes)
    }
}
