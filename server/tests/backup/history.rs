//! A hub put back to an earlier state, by `ruhu restore` or by copying its file: what phones are told.

use std::sync::Arc;

use ruhu_core::entry::{Entry, StreamId};
use ruhu_core::ids::HouseholdId;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{ChainMark, Cursor, SyncReply, Verdict};
use ruhu_server::backup::key::RecoveryKey;
use ruhu_server::backup::restore::restore;

use crate::world::{GRIDS, HOUSEHOLDS, Phone, WORKERS, World, open_hub};

fn mark(entry: &Entry) -> ChainMark {
    let envelope = &entry.envelope;
    ChainMark { epoch: envelope.epoch, seq: envelope.seq, head: envelope.hash().head() }
}

/// A visit, pushed; as a phone's file keeps it.
fn visit(world: &World, phone: &mut Phone) -> Entry {
    let payload = phone.visit(0);
    let entry = phone.seal(Unit::Household(HOUSEHOLDS[0]), payload);
    assert!(matches!(phone.push(&world.hub, std::slice::from_ref(&entry))[..], [Verdict::Accepted { .. }]));
    entry
}

/// Asks with nothing to push, naming the last entry the hub said it keeps.
fn ask(world: &World, phone: &mut Phone, kept: &Entry) -> SyncReply {
    let mut request = phone.request(&[]);
    request.kept = Some(mark(kept));
    phone.send(&world.hub, &request).unwrap()
}

/// The hub's files as an administrator's own tools copy them.
fn copied(world: &World, name: &str) -> std::path::PathBuf {
    let to = world.database.folder.path().join(name);
    let db = rusqlite::Connection::open(world.hub.storage().path().unwrap()).unwrap();
    db.execute("VACUUM INTO ?1", [to.to_str().unwrap()]).unwrap();
    to
}

fn put_back(world: &mut World, copy: &std::path::Path, name: &str) {
    let to = world.database.folder.path().join(name);
    std::fs::copy(copy, &to).unwrap();
    world.hub = Arc::new(open_hub(&to, &world.clock, 99));
}

#[test]
fn a_verified_backup_covers_what_was_received_before_it_and_phones_are_told() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    visit(&world, &mut phone);
    let last = visit(&world, &mut phone);
    assert!(ask(&world, &mut phone, &last).covered.is_empty());
    let key = RecoveryKey::generate();
    world.hub.back_up(&world.database.folder.path().join("one"), &key).unwrap();
    let last = visit(&world, &mut phone);
    let reply = ask(&world, &mut phone, &last);
    assert_eq!(reply.covered.into_iter().collect::<Vec<_>>(), [(1, 2)], "the third came after it");
    world.hub.back_up(&world.database.folder.path().join("two"), &key).unwrap();
    assert_eq!(ask(&world, &mut phone, &last).covered[&1], 3);
    assert!(world.phone(WORKERS[1]).request(&[]).kept.is_none());
}

#[test]
fn after_ruhu_restore_everything_lost_is_taken_again_and_nothing_twice() {
    let mut world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let first = visit(&world, &mut phone);
    let key = RecoveryKey::generate();
    let path = world.database.folder.path().join("one");
    world.hub.back_up(&path, &key).unwrap();
    let second = visit(&world, &mut phone);
    let data = world.database.folder.path().join("again");
    restore(&path, &key, &data, [1; 8], 0).unwrap();
    world.hub = Arc::new(open_hub(&data.join("ruhu.db"), &world.clock, 99));
    let reply = ask(&world, &mut phone, &second);
    assert_eq!(reply.hub_epoch, 2, "the phone hears of it, and offers everything it keeps");
    let verdicts = phone.push(&world.hub, &[first, second.clone()]);
    assert!(verdicts.iter().all(|one| matches!(one, Verdict::Accepted { .. })));
    let held = world.hub.storage().read(|tx| {
        tx.find_about(
            Unit::Household(HOUSEHOLDS[0]),
            second.envelope.payload_hash,
            ruhu_server::storage::log::Pos(i64::MAX),
        )
    });
    assert!(held.unwrap().is_some());
    let reply = ask(&world, &mut phone, &second);
    assert_eq!((reply.hub_epoch, reply.offer_again), (2, false), "and then it is quiet");
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn a_file_copied_back_is_noticed_by_the_stream_a_phone_has_read() {
    let mut world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let request = phone.request(&[]);
    phone.send(&world.hub, &request).unwrap();
    let copy = copied(&world, "copy.db");
    visit(&world, &mut phone);
    put_back(&mut world, &copy, "back.db");
    let request = phone.request(&[]);
    let reply = phone.send(&world.hub, &request).unwrap();
    assert_eq!(reply.hub_epoch, 2);
}

#[test]
fn a_file_copied_back_is_noticed_even_where_only_quarantine_was_lost() {
    let mut world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let request = phone.request(&[]);
    phone.send(&world.hub, &request).unwrap();
    let copy = copied(&world, "copy.db");
    // About a household nobody knows: it goes to quarantine and stands in no stream.
    let mut draft = phone.draft(Unit::Household(HOUSEHOLDS[0]), crate::world::DOORS[0]);
    let nobody = Unit::Household(HouseholdId::from_bytes([99; 16]));
    draft.unit = Some(nobody);
    let payload = phone.visit_of(draft);
    let entry = phone.seal(nobody, payload);
    assert!(matches!(
        phone.push(&world.hub, std::slice::from_ref(&entry))[..],
        [Verdict::Quarantined { .. }]
    ));
    put_back(&mut world, &copy, "back.db");
    assert_eq!(ask(&world, &mut phone, &entry).hub_epoch, 2);
}

#[test]
fn a_second_copy_put_back_on_the_same_day_asks_the_phone_alone() {
    let mut world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    phone.cursors.insert(StreamId::Grid(GRIDS[0]), Cursor { seq: 2, head: [9; 8] });
    let request = phone.request(&[]);
    assert_eq!(phone.send(&world.hub, &request).unwrap().hub_epoch, 2);
    let copy = copied(&world, "copy.db");
    let lost = visit(&world, &mut phone);
    put_back(&mut world, &copy, "back.db");
    let reply = ask(&world, &mut phone, &lost);
    assert_eq!((reply.hub_epoch, reply.offer_again), (2, true), "no second epoch for everybody on one day");
    assert!(matches!(phone.push(&world.hub, std::slice::from_ref(&lost))[..], [Verdict::Accepted { .. }]));
    assert!(!ask(&world, &mut phone, &lost).offer_again);
}

#[test]
fn another_entry_at_the_place_of_a_kept_one_is_another_history() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let kept = visit(&world, &mut phone);
    let mut request = phone.request(&[]);
    request.kept = Some(ChainMark { head: [7; 8], ..mark(&kept) });
    assert_eq!(phone.send(&world.hub, &request).unwrap().hub_epoch, 2);
}
