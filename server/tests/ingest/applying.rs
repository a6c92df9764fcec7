//! A change that ends the hub: what is written down first, and what a restart makes of it.

use std::sync::Arc;

use ruhu_core::entry::{DocSkeleton, Entry, Payload};
use ruhu_core::ids::Hash32;
use ruhu_core::profile::{Profile, ProfileChange, Scalar};
use ruhu_core::roster::{By, Unit};
use ruhu_core::sync::wire::{Refusal, Verdict};
use ruhu_server::storage::applying::Suspicion;
use ruhu_server::storage::{Hub, StorageError};

use super::world::{HOUSEHOLDS, Phone, WORKERS, World, open_hub};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);

fn doc(change: &ProfileChange) -> Payload {
    let skeleton = DocSkeleton { unit: HOME, by: By::Worker(WORKERS[0]), change: change.hash, source: None };
    Payload::of_doc(&skeleton, change.bytes.clone(), [9; 16])
}

/// A visit, an edit, a visit, a second edit, a visit.
fn day(world: &World, phone: &mut Phone) -> Vec<Entry> {
    let mut profile = Profile::new();
    let mut edit = |value: &str, actor| {
        let fields = [("p/phone".to_owned(), Scalar::Str(value.to_owned()))];
        doc(&profile.edit(&fields, [actor; 16], world.clock.now()).unwrap().unwrap())
    };
    let (first, second) = (edit("13800000000", 1), edit("13900000000", 2));
    let payloads = [phone.visit(0), first, phone.visit(0), second, phone.visit(0)];
    payloads.into_iter().map(|payload| phone.seal(HOME, payload)).collect()
}

/// A node that no longer lives.
const GONE: i64 = 4_711;

/// The hub ended while these were on their way, and starts again.
fn die(world: &mut World, on_their_way: &[Hash32], alone: bool) {
    let changes = on_their_way.to_vec();
    let written = world
        .hub
        .storage()
        .write(move |tx| changes.iter().try_for_each(|change| tx.about_to_apply(*change, alone, GONE)));
    written.unwrap();
    world.hub = Arc::new(open_hub(world.database.at(), &world.clock, 8));
}

fn accepted(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Accepted { .. })
}

#[test]
fn after_a_crash_the_changes_that_were_on_their_way_are_tried_one_at_a_time_and_lose_nothing() {
    let mut world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let entries = day(&world, &mut phone);
    let docs = [1, 3].map(|nth| entries[nth].envelope.payload_hash);
    die(&mut world, &docs, false);
    let request = phone.request(&entries);
    let reply = phone.send(&world.hub, &request).unwrap();
    assert!(reply.verdicts[..3].iter().all(accepted), "{:?}", reply.verdicts);
    assert_eq!(reply.verdicts[3..], [Verdict::RetryLater, Verdict::RetryLater]);
    assert_eq!(reply.retry_after_s, 1);
    assert!(phone.push(&world.hub, &entries).iter().all(accepted));
    assert!(!world.hub.storage().read(|tx| tx.was_applying()).unwrap());
}

#[test]
fn a_change_that_ends_the_hub_alone_goes_to_quarantine_and_the_rest_of_that_phone_is_taken() {
    let mut world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let entries = day(&world, &mut phone);
    let lethal = entries[3].envelope.payload_hash;
    die(&mut world, &[lethal], true);
    let verdicts = phone.push(&world.hub, &entries);
    assert_eq!(verdicts[3], Verdict::Quarantined { reason: Refusal::Gate });
    assert!([0, 1, 2, 4].iter().all(|nth| accepted(&verdicts[*nth])), "{verdicts:?}");
    // Another start does not forget it.
    die(&mut world, &[], false);
    assert_eq!(phone.push(&world.hub, &entries), verdicts);
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn a_day_without_a_crash_leaves_no_mark() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let entries = day(&world, &mut phone);
    assert!(phone.push(&world.hub, &entries).iter().all(accepted));
    assert!(!world.hub.storage().read(|tx| tx.was_applying()).unwrap());
    let suspicion = world.hub.storage().read(|tx| tx.suspicion(entries[1].envelope.payload_hash));
    assert_eq!(suspicion.unwrap(), None);
}

#[test]
fn a_node_that_starts_takes_the_marks_of_one_that_is_gone_and_not_those_of_one_that_lives() {
    let world = World::new();
    let other = open_hub(world.database.at(), &world.clock, 8);
    let (living, gone) = (world.hub.node(), other.node());
    let marked = world.hub.storage().write(move |tx| {
        tx.about_to_apply(Hash32([1; 32]), true, living)?;
        tx.about_to_apply(Hash32([2; 32]), true, gone)
    });
    marked.map_err(|why: StorageError| why).unwrap();
    let suspicions = |hub: &Hub| {
        let found = hub.storage().read(|tx| Ok([1, 2].map(|nr| tx.suspicion(Hash32([nr; 32])))));
        found.map_err(|why: StorageError| why).unwrap().map(Result::unwrap)
    };
    assert_eq!(suspicions(&open_hub(world.database.at(), &world.clock, 9)), [None, None]);
    drop(other);
    let third = open_hub(world.database.at(), &world.clock, 10);
    assert_eq!(suspicions(&third), [None, Some(Suspicion::Lethal)]);
}

/// An edit that builds on another, and the phone that has only the second of them yet.
fn waiting(world: &World) -> (Phone, Entry, Entry) {
    let (mut one, mut two) = (world.phone(WORKERS[0]), world.phone(WORKERS[0]));
    let mut profile = Profile::new();
    let mut edit = |value: &str, actor| {
        let fields = [("p/phone".to_owned(), Scalar::Str(value.to_owned()))];
        doc(&profile.edit(&fields, [actor; 16], world.clock.now()).unwrap().unwrap())
    };
    let (first, second) = (edit("13800000000", 1), edit("13900000000", 2));
    let second = two.seal(HOME, second);
    let parked = two.push(&world.hub, std::slice::from_ref(&second));
    assert_eq!(parked, [Verdict::Parked { reason: Refusal::Dependency }]);
    let first = one.seal(HOME, first);
    (one, first, second)
}

/// What became of an entry of the log.
fn verdict_of(world: &World, entry: &Entry) -> Verdict {
    let hash = entry.envelope.payload_hash;
    let found = world.hub.storage().read(|tx| {
        let mut found = None;
        tx.each_entry(|_, kept| {
            let kept = kept?;
            if kept.entry.envelope.payload_hash == hash {
                found = Some(kept.verdict);
            }
            Ok::<_, StorageError>(())
        })?;
        Ok::<_, StorageError>(found)
    });
    found.unwrap().unwrap()
}

#[test]
fn a_parked_change_is_taken_in_when_what_it_builds_on_arrives_and_leaves_no_mark() {
    let world = World::new();
    let (mut one, first, second) = waiting(&world);
    assert!(one.push(&world.hub, &[first]).iter().all(accepted));
    assert!(accepted(&verdict_of(&world, &second)));
    assert!(!world.hub.storage().read(|tx| tx.was_applying()).unwrap());
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn a_parked_change_that_was_on_its_way_when_the_hub_ended_is_tried_alone_when_it_starts_again() {
    let mut world = World::new();
    let (mut one, first, second) = waiting(&world);
    // The push had been taken and the parked change marked; then the hub ended.
    die(&mut world, &[second.envelope.payload_hash], false);
    assert!(one.push(&world.hub, &[first]).iter().all(accepted), "nobody else is held up by it");
    assert!(accepted(&verdict_of(&world, &second)));
    let suspicion = world.hub.storage().read(|tx| tx.suspicion(second.envelope.payload_hash));
    assert_eq!(suspicion.unwrap(), None);
}

#[test]
fn a_parked_change_that_ends_the_hub_alone_is_set_aside_and_the_change_it_waited_for_is_taken() {
    let mut world = World::new();
    let (mut one, first, second) = waiting(&world);
    die(&mut world, &[second.envelope.payload_hash], true);
    assert!(one.push(&world.hub, &[first]).iter().all(accepted));
    assert_eq!(verdict_of(&world, &second), Verdict::Quarantined { reason: Refusal::Gate });
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn a_mark_left_by_a_hub_that_ended_is_worked_off_at_its_next_start() {
    let mut world = World::new();
    let (mut one, first, second) = waiting(&world);
    assert!(one.push(&world.hub, &[first]).iter().all(accepted));
    // As if it had ended between the push and the trial.
    let parked = second.envelope.payload_hash;
    die(&mut world, &[parked], false);
    world.hub.try_marked().unwrap();
    assert!(accepted(&verdict_of(&world, &second)));
}
