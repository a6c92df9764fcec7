//! 首次下载包 – everything of a phone's streams up to one place of the log, in one immutable file it can fetch in parts.
//!
//! The file: signature (64), length of the manifest (4), manifest (CBOR), content (the pulls as CBOR, packed with zstd).
//! The hub signs the manifest; the manifest names the content's hash, the hub, the enrolment it was made for, and where
//! every stream was read to, so that an ordinary sync goes on from there.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::frame::{compress_at, decompress};
use super::{BadFrame, CLOCK_SKEW_MS, Cursor, PROTOCOL, Pull};
use crate::entry::{BadCbor, StreamId, read_cbor, write_cbor};
use crate::ids::{EnrolmentId, Hash32, HubId};

/// Path of the first-load bundle.
pub const BUNDLE_PATH: &str = "/v1/bundle";
/// The header that carries the signed request: it has no body.
pub const BUNDLE_ASK: &str = "ruhu-ask";
/// Largest unpacked bundle, in bytes: some 8,000 households with three years of visits. Larger first loads go by sync.
pub const BUNDLE_MAX_BYTES: usize = 64 * 1024 * 1024;

/// Made once and sent many times: worth more work than a reply.
const LEVEL: i32 = 12;
const ASK_BYTES: usize = 16 + 8 + 64;

/// What the hub signs about a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`PROTOCOL`].
    pub protocol: u16,
    /// Which hub made it.
    pub hub: HubId,
    /// For which enrolment.
    pub enrolment: EnrolmentId,
    /// The hub's epoch when it was made.
    pub hub_epoch: u32,
    /// When, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// Hash of the packed content.
    pub content: Hash32,
    /// How far each stream is read once it is applied.
    pub streams: BTreeMap<StreamId, Cursor>,
}

/// A bundle that was proven, unpacked.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// What the hub signed.
    pub manifest: Manifest,
    /// The streams, each from its start.
    pub pulls: Vec<Pull>,
}

/// Why a bundle is not taken. Nothing of it was applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadBundle {
    /// Too short to be one.
    #[error("首次下载包不完整 / the first-load bundle is cut short")]
    CutShort,
    /// Of another protocol version, or no bundle at all.
    #[error(
        "首次下载包的格式未知:请更新应用 / the first-load bundle is of an unknown format: update the app"
    )]
    Unknown,
    /// Made by another hub.
    #[error("首次下载包出自另一中心,未采用 / the first-load bundle is of another hub and was not taken")]
    OtherHub,
    /// Made for another phone.
    #[error(
        "首次下载包不是给本机的,未采用 / the first-load bundle was made for another phone and was not taken"
    )]
    OtherEnrolment,
    /// The hub did not sign it.
    #[error("首次下载包不是中心签发的,未采用 / the hub did not sign the first-load bundle; it was not taken")]
    Signature,
    /// Its content is not what the hub signed.
    #[error(
        "首次下载包内容已损坏或被改动,未采用 / the content of the first-load bundle is not what the hub signed; it was not taken"
    )]
    Changed,
    /// Its content cannot be unpacked or read.
    #[error("首次下载包无法读取,未采用 / the first-load bundle cannot be read; it was not taken")]
    Unreadable,
}

/// Signs the request for a bundle at `now_ms` (milliseconds since 1970 UTC): the value of [`BUNDLE_ASK`].
#[must_use]
pub fn ask_bundle(hub: HubId, enrolment: EnrolmentId, key: &SigningKey, now_ms: i64) -> String {
    let mut ask = Vec::with_capacity(ASK_BYTES);
    ask.extend_from_slice(enrolment.as_bytes());
    ask.extend_from_slice(&now_ms.to_be_bytes());
    ask.extend_from_slice(&key.sign(&ask_message(hub, enrolment, now_ms)).to_bytes());
    URL_SAFE_NO_PAD.encode(ask)
}

/// Whose request this claims to be; nothing is proven yet.
#[must_use]
pub fn peek_ask(ask: &str) -> Option<EnrolmentId> {
    read_ask(ask).map(|(enrolment, ..)| enrolment)
}

/// Proves a request received at `now_ms`.
///
/// # Errors
/// [`BadFrame`].
pub fn prove_ask(ask: &str, hub: HubId, key: &VerifyingKey, now_ms: i64) -> Result<(), BadFrame> {
    let (enrolment, sent_ms, signature) = read_ask(ask).ok_or(BadFrame::CutShort)?;
    key.verify_strict(&ask_message(hub, enrolment, sent_ms), &signature).map_err(|_| BadFrame::Signature)?;
    if sent_ms.abs_diff(now_ms) > CLOCK_SKEW_MS.unsigned_abs() {
        return Err(BadFrame::ClockSkew);
    }
    Ok(())
}

/// Makes a bundle; what the manifest says of content and streams is filled in from the pulls.
#[must_use]
pub fn pack_bundle(manifest: &Manifest, pulls: &[Pull], key: &SigningKey) -> Vec<u8> {
    let content = compress_at(&write_cbor(&pulls), LEVEL);
    let streams = pulls.iter().map(|pull| (pull.stream, pull.cursor)).collect();
    let manifest = write_cbor(&Manifest { content: Hash32::of(&[&content]), streams, ..manifest.clone() });
    let signature = key.sign(&manifest_message(&manifest)).to_bytes();
    let length = u32::try_from(manifest.len()).unwrap_or(u32::MAX);
    [&signature[..], &length.to_be_bytes(), &manifest, &content].concat()
}

/// Proves and unpacks a bundle for this hub and enrolment; `hub_keys` are the keys the hub may have signed it with.
///
/// # Errors
/// [`BadBundle`]; the signature before the content, so that nothing of an unproven content is unpacked.
pub fn open_bundle(
    bytes: &[u8],
    hub: HubId,
    enrolment: EnrolmentId,
    hub_keys: &[VerifyingKey],
) -> Result<Bundle, BadBundle> {
    let (signature, rest) = bytes.split_first_chunk::<64>().ok_or(BadBundle::CutShort)?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(BadBundle::CutShort)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    let (signed, content) = rest.split_at_checked(length).ok_or(BadBundle::CutShort)?;
    let manifest: Manifest = read_cbor(signed).map_err(|_: BadCbor| BadBundle::Unknown)?;
    // Said before the signature is looked at, because it is the clearer word; believed only after it.
    if manifest.hub != hub {
        return Err(BadBundle::OtherHub);
    }
    let (message, signature) = (manifest_message(signed), Signature::from_bytes(signature));
    if !hub_keys.iter().any(|key| key.verify_strict(&message, &signature).is_ok()) {
        return Err(BadBundle::Signature);
    }
    if manifest.protocol != PROTOCOL {
        return Err(BadBundle::Unknown);
    }
    if manifest.enrolment != enrolment {
        return Err(BadBundle::OtherEnrolment);
    }
    if Hash32::of(&[content]) != manifest.content {
        return Err(BadBundle::Changed);
    }
    let content = decompress(content, BUNDLE_MAX_BYTES).map_err(|_| BadBundle::Unreadable)?;
    let pulls: Vec<Pull> = read_cbor(&content).map_err(|_| BadBundle::Unreadable)?;
    let streams: BTreeMap<StreamId, Cursor> = pulls.iter().map(|pull| (pull.stream, pull.cursor)).collect();
    if streams != manifest.streams { Err(BadBundle::Changed) } else { Ok(Bundle { manifest, pulls }) }
}

fn read_ask(ask: &str) -> Option<(EnrolmentId, i64, Signature)> {
    let bytes: [u8; ASK_BYTES] = URL_SAFE_NO_PAD.decode(ask).ok()?.try_into().ok()?;
    let (enrolment, rest) = bytes.split_first_chunk::<16>()?;
    let (sent_ms, signature) = rest.split_first_chunk::<8>()?;
    let signature = Signature::from_bytes(signature.first_chunk::<64>()?);
    Some((EnrolmentId::from_bytes(*enrolment), i64::from_be_bytes(*sent_ms), signature))
}

fn ask_message(hub: HubId, enrolment: EnrolmentId, sent_ms: i64) -> Vec<u8> {
    let mut message = format!("GET {BUNDLE_PATH}\n").into_bytes();
    message.extend_from_slice(hub.as_bytes());
    message.extend_from_slice(enrolment.as_bytes());
    message.extend_from_slice(&sent_ms.to_be_bytes());
    message
}

fn manifest_message(manifest: &[u8]) -> Vec<u8> {
    let mut message = b"ruhu-bundle-1\n".to_vec();
    message.extend_from_slice(&Hash32::of(&[manifest]).0);
    message
}

#[cfg(test)]
mod tests;
