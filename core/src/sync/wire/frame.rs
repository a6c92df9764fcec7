//! The frame around a request or reply: who, when, signature, packed body.
//!
//! Request: enrolment (16), time (8), signature (64), zstd body. Reply: signature (64), zstd body. The request's
//! signature covers method, path, hub, enrolment, body hash and time; the reply's covers the request's hash as well,
//! so that a reply cannot be played back to another request.

use std::io::Read;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::{ENROL_PATH, REPLY_MAX_BYTES, REQUEST_MAX_BYTES, SYNC_PATH, SyncReply, SyncRequest};
use crate::entry::BadCbor;
use crate::ids::{EnrolmentId, Hash32, HubId};

/// How far a phone's clock may be from the hub's for a request to be taken, in milliseconds (± 5 min).
pub const CLOCK_SKEW_MS: i64 = 5 * 60 * 1000;

/// Level of zstd: small bodies gain nothing above it.
const LEVEL: i32 = 3;
const REQUEST_HEAD: usize = 16 + 8 + 64;

/// Bytes that are no request or reply of this protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFrame {
    /// Too short to hold its head.
    #[error("数据不完整 / cut short")]
    CutShort,
    /// The body does not unpack, or is larger than allowed.
    #[error("无法解压或超过上限 / does not unpack, or is over the limit")]
    Unpack,
    /// The signature does not hold.
    #[error("签名不符 / the signature does not hold")]
    Signature,
    /// The clock of the sender is too far off; sign again with the receiver's time.
    #[error("时钟相差超过五分钟 / clocks differ by more than five minutes")]
    ClockSkew,
    /// The body is not a message of this protocol.
    #[error("无法读取消息 / read the message")]
    Body(#[source] BadCbor),
}

/// Packs and signs a request at `now_ms` (milliseconds since 1970 UTC).
#[must_use]
pub fn pack_request(
    request: &SyncRequest,
    hub: HubId,
    enrolment: EnrolmentId,
    key: &SigningKey,
    now_ms: i64,
) -> Vec<u8> {
    let body = compress(&request.to_cbor());
    let signature = key.sign(&request_message(hub, enrolment, now_ms, &body));
    let mut bytes = Vec::with_capacity(REQUEST_HEAD + body.len());
    bytes.extend_from_slice(enrolment.as_bytes());
    bytes.extend_from_slice(&now_ms.to_be_bytes());
    bytes.extend_from_slice(&signature.to_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

/// Whose request this claims to be; nothing is proven yet.
#[must_use]
pub fn peek_enrolment(bytes: &[u8]) -> Option<EnrolmentId> {
    bytes.first_chunk::<16>().map(|id| EnrolmentId::from_bytes(*id))
}

/// Proves and unpacks a request received at `now_ms`.
///
/// # Errors
/// [`BadFrame`]; signature before clock before body, so that nothing of an unproven body is read.
pub fn open_request(
    bytes: &[u8],
    hub: HubId,
    key: &VerifyingKey,
    now_ms: i64,
) -> Result<SyncRequest, BadFrame> {
    let (enrolment, rest) = bytes.split_first_chunk::<16>().ok_or(BadFrame::CutShort)?;
    let (sent_ms, rest) = rest.split_first_chunk::<8>().ok_or(BadFrame::CutShort)?;
    let (signature, body) = rest.split_first_chunk::<64>().ok_or(BadFrame::CutShort)?;
    let sent_ms = i64::from_be_bytes(*sent_ms);
    let message = request_message(hub, EnrolmentId::from_bytes(*enrolment), sent_ms, body);
    key.verify_strict(&message, &Signature::from_bytes(signature)).map_err(|_| BadFrame::Signature)?;
    if sent_ms.abs_diff(now_ms) > CLOCK_SKEW_MS.unsigned_abs() {
        return Err(BadFrame::ClockSkew);
    }
    SyncRequest::from_cbor(&decompress(body, REQUEST_MAX_BYTES)?).map_err(BadFrame::Body)
}

/// Packs and signs the reply to `request` (its whole bytes).
#[must_use]
pub fn pack_reply(reply: &SyncReply, request: &[u8], key: &SigningKey) -> Vec<u8> {
    let body = compress(&reply.to_cbor());
    let signature = key.sign(&reply_message(request, &body));
    let mut bytes = Vec::with_capacity(64 + body.len());
    bytes.extend_from_slice(&signature.to_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

/// Proves and unpacks the reply to `request`.
///
/// # Errors
/// [`BadFrame`].
pub fn open_reply(bytes: &[u8], request: &[u8], hub_key: &VerifyingKey) -> Result<SyncReply, BadFrame> {
    let (signature, body) = bytes.split_first_chunk::<64>().ok_or(BadFrame::CutShort)?;
    hub_key
        .verify_strict(&reply_message(request, body), &Signature::from_bytes(signature))
        .map_err(|_| BadFrame::Signature)?;
    SyncReply::from_cbor(&decompress(body, REPLY_MAX_BYTES)?).map_err(BadFrame::Body)
}

fn request_message(hub: HubId, enrolment: EnrolmentId, sent_ms: i64, body: &[u8]) -> Vec<u8> {
    debug_assert_ne!(SYNC_PATH, ENROL_PATH, "two requests must never be signed alike");
    let mut message = format!("POST {SYNC_PATH}\n").into_bytes();
    message.extend_from_slice(hub.as_bytes());
    message.extend_from_slice(enrolment.as_bytes());
    message.extend_from_slice(&sent_ms.to_be_bytes());
    message.extend_from_slice(&Hash32::of(&[body]).0);
    message
}

fn reply_message(request: &[u8], body: &[u8]) -> Vec<u8> {
    let mut message = format!("200 {SYNC_PATH}\n").into_bytes();
    message.extend_from_slice(&Hash32::of(&[request]).0);
    message.extend_from_slice(&Hash32::of(&[body]).0);
    message
}

fn compress(bytes: &[u8]) -> Vec<u8> {
    compress_at(bytes, LEVEL)
}

pub(super) fn compress_at(bytes: &[u8], level: i32) -> Vec<u8> {
    // Writing to memory cannot fail; an empty body would be refused by the other side.
    zstd::bulk::compress(bytes, level).unwrap_or_default()
}

pub(super) fn decompress(bytes: &[u8], limit: usize) -> Result<Vec<u8>, BadFrame> {
    let decoder = zstd::stream::read::Decoder::new(bytes).map_err(|_| BadFrame::Unpack)?;
    let mut unpacked = Vec::new();
    // One byte more than allowed, so that "exactly the limit" and "over it" differ.
    let over = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    decoder.take(over).read_to_end(&mut unpacked).map_err(|_| BadFrame::Unpack)?;
    if limit < unpacked.len() { Err(BadFrame::Unpack) } else { Ok(unpacked) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const NOW: i64 = 1_783_245_780_000;

    fn request() -> SyncRequest {
        SyncRequest {
            protocol: super::super::PROTOCOL,
            app: "test/1".into(),
            hub_epoch: 1,
            cursors: BTreeMap::new(),
            pushes: Vec::new(),
            unsent_after: 0,
            kept: None,
            whole: false,
        }
    }

    fn packed(key: &SigningKey) -> Vec<u8> {
        pack_request(&request(), HubId::from_bytes([1; 16]), EnrolmentId::from_bytes([2; 16]), key, NOW)
    }

    #[test]
    fn a_request_opens_for_the_hub_it_was_meant_for_and_no_other() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let bytes = packed(&key);
        assert_eq!(
            open_request(&bytes, HubId::from_bytes([1; 16]), &key.verifying_key(), NOW),
            Ok(request())
        );
        let wrong = open_request(&bytes, HubId::from_bytes([9; 16]), &key.verifying_key(), NOW);
        assert_eq!(wrong, Err(BadFrame::Signature));
    }

    #[test]
    fn a_request_of_six_minutes_ago_is_asked_to_be_signed_again() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let late = open_request(
            &packed(&key),
            HubId::from_bytes([1; 16]),
            &key.verifying_key(),
            NOW + 6 * 60 * 1000,
        );
        assert_eq!(late, Err(BadFrame::ClockSkew));
    }

    #[test]
    fn a_flipped_byte_opens_nothing() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let bytes = packed(&key);
        for place in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1;
            assert!(open_request(&flipped, HubId::from_bytes([1; 16]), &key.verifying_key(), NOW).is_err());
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked_beyond_the_limit() {
        let bomb = zstd::bulk::compress(&vec![0u8; 4 * 1024 * 1024], 3).unwrap();
        assert_eq!(decompress(&bomb, REQUEST_MAX_BYTES), Err(BadFrame::Unpack));
    }
}
