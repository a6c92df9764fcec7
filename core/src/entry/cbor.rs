//! Deterministic CBOR: struct fields in order, no maps with free order; what is read must write back the same.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes that are not the CBOR wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCbor {
    /// Not CBOR, or not of this shape.
    #[error("无法读取 CBOR / read CBOR: {0}")]
    Unreadable(String),
    /// Readable, but not written the one way this version writes it.
    #[error("CBOR 不是规范写法 / CBOR is not in canonical form")]
    NotCanonical,
}

/// Writes a value. Writing to memory cannot fail for the shapes of this crate.
#[must_use]
pub fn write_cbor<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    if ciborium::into_writer(value, &mut bytes).is_err() {
        // Only a shape CBOR has no word for could get here, and no such shape is serialised in this crate.
        bytes.clear();
    }
    bytes
}

/// Reads a value and makes sure that it would be written the same.
///
/// # Errors
/// [`BadCbor`].
pub fn read_cbor<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, BadCbor> {
    let value: T = ciborium::from_reader(bytes).map_err(|why| BadCbor::Unreadable(why.to_string()))?;
    if write_cbor(&value) == bytes { Ok(value) } else { Err(BadCbor::NotCanonical) }
}
