use chrono::DateTime;
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::ids::{DwellingId, EnrolmentId, GridId, HouseholdId, HubId, VisitId, WorkerId};
use crate::roster::Unit;
use crate::time::{PhoneTime, SinceBoot};
use crate::visit::{DraftRules, MeetingPlace, Visit, VisitDraft, VisitOutcome};

fn visit() -> Visit {
    let mut draft = VisitDraft {
        unit: Some(Unit::Household(HouseholdId::from_bytes([3; 16]))),
        dwelling: Some(DwellingId::from_bytes([4; 16])),
        outcome: Some(VisitOutcome::Met { place: MeetingPlace::Door }),
        ..VisitDraft::default()
    };
    draft.body.nothing_changed = true;
    draft
        .check(&DraftRules {
            today: "2026-07-05".parse().unwrap(),
            time: "18:03:00".parse().unwrap(),
            visit: VisitId::from_bytes([1; 16]),
            made_by: WorkerId::from_bytes([2; 16]),
        })
        .unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn readings() -> Readings {
    let wall = DateTime::from_timestamp_millis(1_783_245_780_000).unwrap();
    let since_boot = Some(SinceBoot { ms: 5_000, boot: Uuid::from_bytes([8; 16]) });
    let token = TokenKey::new([9; 32]).issue(EnrolmentId::from_bytes([6; 16]), 1_783_000_000_000);
    Readings {
        recorded_ms: wall.timestamp_millis(),
        read: PhoneTime { wall, since_boot },
        token: Some(token),
    }
}

fn entry() -> Entry {
    let chain = Chain::start(HubId::from_bytes([5; 16]), EnrolmentId::from_bytes([6; 16]), 1);
    let stream = StreamId::Grid(GridId::from_bytes([10; 16]));
    let visit = visit();
    seal(
        &chain,
        &key(),
        stream,
        Some(visit.skeleton().unit),
        &readings(),
        Payload::of_visit(&visit, [11; 16]),
    )
}

#[test]
fn a_sealed_visit_is_proven_and_reads_back_as_it_was() {
    let entry = entry();
    assert_eq!(entry.prove(&key().verifying_key()), Ok(()));
    let expected =
        Contents::Visit { skeleton: visit().skeleton().clone(), body: Some(visit().body().clone()) };
    assert_eq!(entry.payload.read().unwrap(), expected);
}

#[test]
fn the_layout_of_the_envelope_never_moves() {
    let bytes = entry().envelope.to_bytes();
    assert_eq!(bytes.len(), ENVELOPE_LEN);
    assert_eq!(Envelope::from_bytes(&bytes), Ok(entry().envelope));
    insta::assert_snapshot!(Hash32::of(&[&bytes]).to_string());
}

#[test]
fn the_shape_of_a_stored_visit_never_moves() {
    let entry = entry();
    let skeleton: ciborium::Value = ciborium::from_reader(entry.payload.skeleton.as_slice()).unwrap();
    let keys: Vec<String> = skeleton.as_map().unwrap()[0]
        .1
        .as_map()
        .unwrap()
        .iter()
        .map(|pair| pair.0.as_text().unwrap().to_owned())
        .collect();
    assert_eq!(
        keys,
        [
            "visit",
            "unit",
            "dwelling",
            "made_by",
            "visited_on",
            "visited_at",
            "outcome",
            "late_entry",
            "supersedes"
        ]
    );
    insta::assert_snapshot!(entry.payload.hash().to_string());
}

#[test]
fn another_key_and_another_payload_prove_nothing() {
    let mut forged = entry();
    assert_eq!(forged.prove(&SigningKey::from_bytes(&[1; 32]).verifying_key()), Err(Unproven::BadSignature));
    forged.payload.skeleton.push(0);
    assert_eq!(forged.prove(&key().verifying_key()), Err(Unproven::PayloadChanged));
}

#[test]
fn an_erased_body_leaves_the_proof_whole() {
    let mut entry = entry();
    entry.payload = entry.payload.without_body();
    assert_eq!(entry.payload.body, None);
    assert_eq!(entry.prove(&key().verifying_key()), Ok(()));
    assert_eq!(entry.payload.without_body(), entry.payload);
    entry.payload.erased = None;
    assert_eq!(entry.prove(&key().verifying_key()), Err(Unproven::PayloadChanged));
}

#[test]
fn a_newer_version_is_kept_and_says_so() {
    let newer = Payload { version: 9, ..entry().payload };
    assert_eq!(newer.read(), Err(BadPayload::TooNew { found: 9, known: 1 }));
}

#[test]
fn a_token_of_another_phone_or_another_time_does_not_hold() {
    let key = TokenKey::new([9; 32]);
    let (mine, other) = (EnrolmentId::from_bytes([6; 16]), EnrolmentId::from_bytes([7; 16]));
    let token = key.issue(mine, 1_000);
    assert!(key.holds(mine, &token));
    assert!(!key.holds(other, &token));
    assert!(!key.holds(mine, &TimeToken { hub_ms: 2_000, ..token }));
}

#[test]
fn a_chain_names_the_entry_before_it() {
    let first = entry();
    let chain = Chain::start(first.envelope.hub, first.envelope.enrolment, 1).after(&first.envelope);
    assert_eq!((chain.next_seq, chain.previous), (2, first.envelope_hash()));
}

proptest! {
    #[test]
    fn no_flipped_byte_of_an_envelope_is_believed(place in 0..ENVELOPE_LEN, bit in 0u8..8) {
        let entry = entry();
        let mut bytes = entry.envelope.to_bytes();
        bytes[place] ^= 1 << bit;
        if let Ok(envelope) = Envelope::from_bytes(&bytes) {
            let forged = Entry { envelope, ..entry };
            prop_assert!(forged.prove(&key().verifying_key()).is_err());
        }
    }
}
