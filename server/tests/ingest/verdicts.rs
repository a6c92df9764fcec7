//! The contract's table of verdicts, row by row, with entries sealed by hand.

use ruhu_core::entry::{DocSkeleton, OfficeAct, Payload, ReasonBody, SealedBody, StreamId, UnitFact};
use ruhu_core::fact::Fact;
use ruhu_core::ids::{DwellingId, Hash32, HouseholdId};
use ruhu_core::profile::{Profile, Scalar};
use ruhu_core::roster::{By, Unit};
use ruhu_core::sync::wire::{Refusal, TroubleCode, Verdict};
use ruhu_core::time::Period;

use super::world::{DOORS, GRIDS, HOUSEHOLDS, LEAD, WORKERS, World, listed, settled};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);
const ELSEWHERE: Unit = Unit::Household(HOUSEHOLDS[1]);

fn quarantined(reason: Refusal) -> Verdict {
    Verdict::Quarantined { reason }
}

fn parked(reason: Refusal) -> Verdict {
    Verdict::Parked { reason }
}

fn is_accepted(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Accepted { .. })
}

#[test]
fn a_visit_is_accepted_into_its_grid_and_counts_in_the_quarter_of_its_day() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    let now_ms = world.clock.now().timestamp_millis();
    let verdict = phone.say(&world.hub, HOME, visit);
    // Two entries of the desk, a door and a household, stand before it.
    let expected = Verdict::Accepted {
        stream: StreamId::Grid(GRIDS[0]),
        seq: 3,
        recorded_ms: now_ms,
        counts_in: "2026Q3".parse::<Period>().ok(),
    };
    assert_eq!(verdict, expected);
}

#[test]
fn a_push_sent_again_gets_the_same_verdicts_and_is_kept_once() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let payloads = [(HOME, phone.visit(0)), (ELSEWHERE, phone.visit(1)), (HOME, phone.visit(0))];
    let entries: Vec<_> = payloads.into_iter().map(|(unit, payload)| phone.seal(unit, payload)).collect();
    let first = phone.push(&world.hub, &entries);
    assert_eq!(first[1], quarantined(Refusal::OutOfScope));
    let last = world.hub.storage().read(|tx| tx.last_pos()).unwrap();
    assert_eq!(phone.push(&world.hub, &entries), first);
    assert_eq!(world.hub.storage().read(|tx| tx.last_pos()).unwrap(), last);
}

#[test]
fn the_same_place_with_another_entry_is_a_fork_and_nothing_after_it_is_looked_at() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let before = phone.chain;
    let visit = phone.visit(0);
    assert!(is_accepted(&phone.say(&world.hub, HOME, visit)));
    phone.chain = before;
    let other = [phone.visit(0), phone.visit(0)].map(|payload| phone.seal(HOME, payload));
    let fork = Verdict::NotTaken { reason: Refusal::Fork, expects_seq: 2 };
    assert_eq!(phone.push(&world.hub, &other), [fork.clone(), fork]);
}

#[test]
fn a_gap_names_the_number_that_is_expected() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let entries = [phone.visit(0), phone.visit(0)].map(|payload| phone.seal(HOME, payload));
    let gap = Verdict::NotTaken { reason: Refusal::Gap, expects_seq: 1 };
    assert_eq!(phone.push(&world.hub, &entries[1..]), [gap]);
    assert!(phone.push(&world.hub, &entries).iter().all(is_accepted));
}

#[test]
fn an_entry_of_another_key_never_enters_the_chain() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    let mut entry = phone.seal(HOME, visit);
    entry.signature[3] ^= 1;
    let refused = Verdict::NotTaken { reason: Refusal::BadSignature, expects_seq: 1 };
    assert_eq!(phone.push(&world.hub, std::slice::from_ref(&entry)), [refused]);
    entry.signature[3] ^= 1;
    assert!(is_accepted(&phone.push(&world.hub, &[entry])[0]));
}

#[test]
fn what_is_refused_still_advances_the_chain_and_blocks_nothing() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    let large =
        Payload { body: Some(SealedBody { salt: [1; 16], bytes: vec![0; 70 * 1024] }), ..visit.clone() };
    let newer = Payload { version: 9, ..visit.clone() };
    let unreadable = Payload { skeleton: vec![0xff, 0x00], ..visit.clone() };
    let entries: Vec<_> =
        [large, newer, unreadable, visit].into_iter().map(|payload| phone.seal(HOME, payload)).collect();
    let verdicts = phone.push(&world.hub, &entries);
    assert_eq!(
        verdicts[..3],
        [quarantined(Refusal::TooLarge), parked(Refusal::TooNew), quarantined(Refusal::Malformed)]
    );
    assert!(is_accepted(&verdicts[3]));
}

#[test]
fn a_phone_may_not_act_for_the_desk_or_for_another_worker() {
    let world = World::new();
    let (mut phone, mut other) = (world.phone(WORKERS[0]), world.phone(WORKERS[1]));
    let act = OfficeAct { units: vec![settled(HOUSEHOLDS[0], DOORS[0], GRIDS[0])], ..OfficeAct::of(LEAD) };
    let office = Payload::of_office(&act, &ReasonBody::default(), [1; 16]);
    assert_eq!(phone.say(&world.hub, HOME, office), quarantined(Refusal::DeskOnly));
    let confirmed = UnitFact { unit: HOME, fact: Fact::Confirmed { target: Hash32([1; 32]) } };
    let proposal = phone.proposal(vec![confirmed]);
    assert_eq!(phone.say(&world.hub, HOME, proposal), quarantined(Refusal::DeskOnly));
    let visit = other.visit(0);
    assert_eq!(phone.say(&world.hub, HOME, visit), quarantined(Refusal::WrongWorker));
}

#[test]
fn an_envelope_that_names_another_unit_than_its_contents_is_malformed() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    assert_eq!(phone.say(&world.hub, ELSEWHERE, visit.clone()), quarantined(Refusal::Malformed));
    let entry = phone.seal_about(None, visit);
    assert_eq!(phone.push(&world.hub, &[entry]), [quarantined(Refusal::Malformed)]);
    let hidden = phone.visit(0).read().unwrap().unit_facts();
    let proposal = phone.proposal(hidden);
    assert_eq!(phone.say(&world.hub, HOME, proposal), quarantined(Refusal::Malformed));
}

#[test]
fn an_unknown_household_waits_for_a_person_and_a_new_one_is_found_at_the_door() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let (household, door) = (HouseholdId::from_bytes([61; 16]), DwellingId::from_bytes([62; 16]));
    let unit = Unit::Household(household);
    let draft = phone.draft(unit, door);
    let visit = phone.visit_of(draft);
    assert_eq!(phone.say(&world.hub, unit, visit), quarantined(Refusal::UnknownUnit));
    let without_door = phone.proposal(vec![settled(household, door, GRIDS[0])]);
    assert_eq!(phone.say(&world.hub, unit, without_door), quarantined(Refusal::UnknownUnit));
    let found = phone.proposal(vec![listed(door, GRIDS[0], "501"), settled(household, door, GRIDS[0])]);
    assert!(is_accepted(&phone.say(&world.hub, unit, found)));
    let draft = phone.draft(unit, door);
    let visit = phone.visit_of(draft);
    assert!(is_accepted(&phone.say(&world.hub, unit, visit)));
}

#[test]
fn only_a_record_of_ones_own_and_of_this_unit_can_be_withdrawn() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    let target = visit.hash();
    assert!(is_accepted(&phone.say(&world.hub, HOME, visit)));
    world.act(
        vec![],
        vec![ruhu_core::community::CommunityFact::Assigned(super::world::assignment(
            GRIDS[0],
            WORKERS[1],
            "2026-07-01",
        ))],
    );
    let mut other = world.phone(WORKERS[1]);
    let theirs = other.withdrawal(HOME, target);
    assert_eq!(other.say(&world.hub, HOME, theirs), quarantined(Refusal::NotYours));
    let wrong_unit = other.visit(1);
    let elsewhere = wrong_unit.hash();
    assert!(is_accepted(&other.say(&world.hub, ELSEWHERE, wrong_unit)));
    let mismatched = other.withdrawal(HOME, elsewhere);
    assert_eq!(other.say(&world.hub, HOME, mismatched), quarantined(Refusal::NotYours));
    let own = phone.withdrawal(HOME, target);
    assert!(is_accepted(&phone.say(&world.hub, HOME, own)));
}

#[test]
fn a_withdrawal_waits_for_its_record_and_moves_when_it_arrives() {
    let world = World::new();
    let (mut one, mut two) = (world.phone(WORKERS[0]), world.phone(WORKERS[0]));
    let visit = one.visit(0);
    let withdrawal = two.withdrawal(HOME, visit.hash());
    let parked_entry = two.seal(HOME, withdrawal);
    assert_eq!(two.push(&world.hub, std::slice::from_ref(&parked_entry)), [parked(Refusal::Dependency)]);
    assert!(is_accepted(&one.say(&world.hub, HOME, visit)));
    assert!(is_accepted(&two.push(&world.hub, &[parked_entry])[0]));
    let file = world.hub.storage().read(|tx| tx.unit_file(&tx.unit(HOME)?.unwrap())).unwrap();
    assert!(file.facts().any(|(_, fact)| matches!(fact.fact, Fact::Withdrawn { .. })));
}

#[test]
fn another_grid_is_out_of_scope() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(1);
    assert_eq!(phone.say(&world.hub, ELSEWHERE, visit), quarantined(Refusal::OutOfScope));
}

#[test]
fn a_change_of_the_document_passes_the_gate_or_waits_for_what_it_builds_on() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let mut profile = Profile::new();
    let now = world.clock.now();
    let field = |value: &str| [("p/phone".to_owned(), Scalar::Str(value.to_owned()))];
    let first = profile.edit(&field("13800000000"), [1; 16], now).unwrap().unwrap();
    let second = profile.edit(&field("13900000000"), [2; 16], now).unwrap().unwrap();
    let doc = |change: &ruhu_core::profile::ProfileChange, hash| {
        let skeleton = DocSkeleton { unit: HOME, by: By::Worker(WORKERS[0]), change: hash, source: None };
        Payload::of_doc(&skeleton, change.bytes.clone(), [9; 16])
    };
    let early = phone.seal(HOME, doc(&second, second.hash));
    assert_eq!(phone.push(&world.hub, std::slice::from_ref(&early)), [parked(Refusal::Dependency)]);
    let forged = doc(&first, Hash32([5; 32]));
    assert_eq!(phone.say(&world.hub, HOME, forged), quarantined(Refusal::Gate));
    assert!(is_accepted(&phone.say(&world.hub, HOME, doc(&first, first.hash))));
    assert!(is_accepted(&phone.push(&world.hub, &[early])[0]));
    let stored = world.hub.storage().read(|tx| tx.unit_doc(tx.unit(HOME)?.unwrap().nr)).unwrap().unwrap();
    let fields = Profile::load(&stored).unwrap().fields();
    assert_eq!(fields.get("p/phone"), Some(&vec![Scalar::Str("13900000000".into())]));
}

#[test]
fn over_two_thousand_entries_a_day_are_asked_to_come_later() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let entries: Vec<_> = (0..2_010)
        .map(|_| {
            let payload = Payload { version: 9, ..phone.visit(0) };
            phone.seal(HOME, payload)
        })
        .collect();
    let mut verdicts = Vec::new();
    for part in entries.chunks(670) {
        verdicts.extend(phone.push(&world.hub, part));
    }
    assert_eq!(verdicts.iter().filter(|one| **one == Verdict::RetryLater).count(), 10);
    world.clock.forward(chrono::Duration::days(1));
    assert_eq!(phone.push(&world.hub, &entries[2_000..]), vec![parked(Refusal::TooNew); 10]);
}

#[test]
fn over_twenty_megabytes_a_day_are_asked_to_come_later_and_other_phones_are_not() {
    let world = World::new();
    let (mut phone, mut other) = (world.phone(WORKERS[0]), world.phone(WORKERS[0]));
    let large = SealedBody { salt: [1; 16], bytes: vec![0; 60 * 1024] };
    let entries: Vec<_> = (0..345)
        .map(|_| {
            let payload = Payload { version: 9, body: Some(large.clone()), ..phone.visit(0) };
            phone.seal(HOME, payload)
        })
        .collect();
    let verdicts: Vec<_> = entries.chunks(15).flat_map(|part| phone.push(&world.hub, part)).collect();
    let taken = verdicts.iter().take_while(|one| **one == parked(Refusal::TooNew)).count();
    let size = entries[0].payload.size_bytes() + 210;
    assert_eq!(taken, 20 * 1024 * 1024 / size, "to the last whole entry of {size} bytes");
    assert!(verdicts[taken..].iter().all(|one| *one == Verdict::RetryLater));
    let visit = other.visit(0);
    assert!(is_accepted(&other.say(&world.hub, HOME, visit)), "the limit is one enrolment's");
    world.clock.forward(chrono::Duration::days(1));
    assert_eq!(phone.push(&world.hub, &entries[taken..=taken]), [parked(Refusal::TooNew)]);
}

#[test]
fn a_new_epoch_offers_the_same_payloads_again_and_nothing_is_kept_twice() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let (visit, outside) = (phone.visit(0), phone.visit(1));
    let placed = phone.say(&world.hub, HOME, visit.clone());
    let waiting = phone.say(&world.hub, ELSEWHERE, outside.clone());
    phone.chain = ruhu_core::entry::Chain::start(phone.chain.hub, phone.chain.enrolment, 2);
    assert_eq!(phone.say(&world.hub, HOME, visit), placed);
    assert_eq!(phone.say(&world.hub, ELSEWHERE, outside), waiting);
    let held = world.hub.storage().read(|tx| tx.waiting_in(super::world::COMMUNITY)).unwrap();
    assert_eq!(held.len(), 1);
}

#[test]
fn a_recording_time_is_bounded_by_the_last_hub_time_and_by_receipt() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let token_ms = phone.token.unwrap().hub_ms;
    let recorded = |verdict| match verdict {
        Verdict::Accepted { recorded_ms, .. } => recorded_ms,
        other => panic!("{other:?}"),
    };
    let visit = phone.visit(0);
    let real = phone.clock.clone();
    phone.clock = super::world::StoryClock::at("2020-01-01T00:00:00Z");
    let slow = phone.seal(HOME, visit);
    phone.clock = super::world::StoryClock::at("2031-01-01T00:00:00Z");
    let mut fast = phone.clone();
    phone.clock = real;
    let payload = phone.visit(0);
    let fast = fast.seal(HOME, payload);
    world.clock.forward(chrono::Duration::hours(3));
    let now_ms = world.clock.now().timestamp_millis();
    let verdicts = phone.push(&world.hub, &[slow, fast]);
    let times: Vec<_> = verdicts.into_iter().map(recorded).collect();
    assert_eq!(times, [token_ms, now_ms]);
}

#[test]
fn a_request_of_a_stranger_or_with_a_wrong_clock_is_refused_whole() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let request = phone.request(&[]);
    let code = |phone: &mut super::world::Phone| phone.send(&world.hub, &request).unwrap_err().code;
    let mut stranger = phone.clone();
    stranger.enrolment = ruhu_core::ids::EnrolmentId::from_bytes([99; 16]);
    assert_eq!(code(&mut stranger), TroubleCode::UnknownEnrolment);
    let mut forged = phone.clone();
    forged.key = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
    assert_eq!(code(&mut forged), TroubleCode::BadSignature);
    phone.clock = super::world::StoryClock::at("2026-07-01T02:00:00Z");
    assert_eq!(code(&mut phone), TroubleCode::ClockSkew);
}
