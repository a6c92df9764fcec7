//! What a record may hold, and numbers from the edge.

use ruhu_core::entry::{Kind, Payload, Record, SealedBody, write_cbor};
use ruhu_core::ids::{Hash32, VisitId};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{Refusal, Verdict};
use ruhu_core::visit::{MeetingPlace, VisitBody, VisitOutcome, VisitSkeleton};

use super::world::{DOORS, GRIDS, HOUSEHOLDS, Phone, WORKERS, World, listed};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);

/// A visit no form would let through.
fn visit(phone: &mut Phone, outcome: VisitOutcome, body: &VisitBody) -> Payload {
    let salt = phone.salt();
    let skeleton = VisitSkeleton {
        visit: VisitId::from_bytes(salt),
        unit: HOME,
        dwelling: DOORS[0],
        made_by: phone.worker,
        visited_on: "2026-07-01".parse().unwrap(),
        visited_at: None,
        outcome,
        late_entry: false,
        supersedes: None,
    };
    let body = Some(SealedBody { salt, bytes: write_cbor(body) });
    let skeleton = write_cbor(&Record::Visit(skeleton));
    Payload { kind: Kind::Record, version: Payload::VERSION, skeleton, body, erased: None }
}

#[test]
fn a_record_longer_than_any_form_and_a_day_beyond_any_calendar_are_malformed() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let met = VisitOutcome::Met { place: MeetingPlace::Door };
    let long = VisitBody { note: "话".repeat(501), ..VisitBody::default() };
    let far = VisitOutcome::Declined { do_not_ask_until: Some(chrono::NaiveDate::MAX) };
    let payloads = [
        visit(&mut phone, met, &long),
        visit(&mut phone, far, &VisitBody::default()),
        phone.proposal((0..33).map(|_| listed(DOORS[0], GRIDS[0], "101")).collect()),
    ];
    for payload in payloads {
        let unit = if payload.body.is_some() && payload.skeleton.len() < 1_000 {
            HOME
        } else {
            Unit::Vacant(DOORS[0])
        };
        let said = phone.say(&world.hub, unit, payload);
        assert_eq!(said, Verdict::Quarantined { reason: Refusal::Malformed });
    }
    let whole = visit(&mut phone, met, &VisitBody { note: "话".repeat(500), ..VisitBody::default() });
    assert!(matches!(phone.say(&world.hub, HOME, whole), Verdict::Accepted { .. }));
}

#[test]
fn the_largest_sequence_number_is_a_gap_and_ends_nothing() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let entries = [phone.visit(0), phone.visit(0)].map(|payload| phone.seal(HOME, payload));
    let mut request = phone.request(&entries);
    request.pushes[0].first_seq = u64::MAX;
    let said = phone.send(&world.hub, &request).unwrap().verdicts;
    assert_eq!(said, vec![Verdict::NotTaken { reason: Refusal::Gap, expects_seq: 1 }; 2]);
}

#[test]
fn a_record_of_a_newer_version_is_kept_word_for_word() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let newer = Payload { version: 2, skeleton: vec![1, 2, 3, 255], ..phone.visit(0) };
    let (bytes, hash): (Payload, Hash32) = (newer.clone(), newer.hash());
    assert_eq!(phone.say(&world.hub, HOME, newer), Verdict::Parked { reason: Refusal::TooNew });
    let kept = world.hub.storage().read(|tx| {
        let enrolment = tx.enrolment(phone.enrolment)?.unwrap();
        tx.entry(tx.find_payload(enrolment.nr, hash)?.unwrap())
    });
    assert_eq!(kept.unwrap().unwrap().entry.payload, bytes);
}
