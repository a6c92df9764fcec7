//! Messages between phone and hub.

use std::sync::LazyLock;

use ed25519_dalek::{Signer, SigningKey};
use ruhu_core::entry::Entry;
use ruhu_core::fieldbook::Invitation;
use ruhu_core::ids::{EnrolmentId, Hash32, HubId};
use ruhu_core::projection;
use ruhu_core::sync::wire::{
    BadFrame, EnrolReply, EnrolRequest, Pulled, Push, REQUEST_MAX_BYTES, SYNC_PATH, SyncReply, SyncRequest,
    Trouble, open_reply, open_request, peek_enrolment,
};

const HUB: HubId = HubId::from_bytes([1; 16]);
const ENROLMENT: EnrolmentId = EnrolmentId::from_bytes([2; 16]);
const NOW_MS: i64 = 1_783_245_780_000;

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&[3; 32]));

/// What a phone asks.
pub(crate) fn request(bytes: &[u8]) {
    let Ok(request) = SyncRequest::from_cbor(bytes) else { return };
    assert_eq!(request.to_cbor(), bytes, "what was read is written the same");
    for push in request.pushes {
        let entries: Vec<Entry> = push.clone().rebuild(HUB, ENROLMENT);
        for entry in &entries {
            // Nobody's signature; what counts is that asking is harmless.
            assert!(entry.prove(&KEY.verifying_key()).is_err());
            let _ = entry.payload.read().map(|contents| contents.check_bounds());
        }
        if let Some(again) = Push::of(&entries) {
            assert_eq!(again.rebuild(HUB, ENROLMENT), entries, "the chain is rebuilt the same");
        }
    }
}

/// What the hub answers.
pub(crate) fn reply(bytes: &[u8]) {
    let Ok(reply) = SyncReply::from_cbor(bytes) else { return };
    assert_eq!(reply.to_cbor(), bytes, "what was read is written the same");
    for pulled in reply.pulls.iter().flat_map(|pull| &pull.entries) {
        match &pulled.entry {
            Pulled::Payload(payload) => drop(projection::project(payload, pulled.recorded_ms)),
            Pulled::MoveOut => {}
            Pulled::MoveIn(moved) => {
                for one in moved {
                    drop(projection::project(&one.payload, one.recorded_ms));
                }
            }
        }
    }
}

/// A body that does not unpack to a message, in a frame whose signature holds.
pub(crate) fn frame(body: &[u8]) {
    let _ = peek_enrolment(body);
    let mut message = format!("POST {SYNC_PATH}\n").into_bytes();
    for part in [HUB.as_bytes(), ENROLMENT.as_bytes(), &NOW_MS.to_be_bytes()[..], &Hash32::of(&[body]).0] {
        message.extend_from_slice(part);
    }
    let signature = KEY.sign(&message).to_bytes();
    let parts = [ENROLMENT.as_bytes(), &NOW_MS.to_be_bytes()[..], &signature, body];
    let opened = open_request(&parts.concat(), HUB, &KEY.verifying_key(), NOW_MS);
    assert!(!matches!(opened, Err(BadFrame::Signature | BadFrame::ClockSkew)), "signed as a phone signs");
    if let Ok(request) = opened {
        assert!(request.to_cbor().len() <= REQUEST_MAX_BYTES, "no more than a request may hold");
    }
    let mut message = format!("200 {SYNC_PATH}\n").into_bytes();
    message.extend_from_slice(&Hash32::of(&[b"request"]).0);
    message.extend_from_slice(&Hash32::of(&[body]).0);
    let signature = KEY.sign(&message).to_bytes();
    let opened = open_reply(&[&signature, body].concat(), b"request", &KEY.verifying_key());
    assert!(!matches!(opened, Err(BadFrame::Signature | BadFrame::ClockSkew)), "signed as the hub signs");
}

/// What is said when a phone is enrolled or refused.
pub(crate) fn enrol(bytes: &[u8]) {
    drop(serde_json::from_slice::<EnrolRequest>(bytes));
    drop(serde_json::from_slice::<EnrolReply>(bytes));
    drop(serde_json::from_slice::<Trouble>(bytes));
    if let Some(invitation) = std::str::from_utf8(bytes).ok().and_then(Invitation::parse) {
        assert!(!invitation.url.is_empty() && !invitation.code.is_empty(), "names hub and code");
    }
}
