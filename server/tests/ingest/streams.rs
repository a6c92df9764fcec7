//! Streams stay gap-free, cursors agree, and a phone reads exactly what it lacks.

use std::sync::Arc;

use ruhu_core::entry::StreamId;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{Cursor, Pulled, Verdict};
use ruhu_server::storage::StorageError;

use super::world::{COMMUNITY, GRIDS, HOUSEHOLDS, WORKERS, World};

#[test]
fn streams_are_gap_free_under_concurrent_pushes() {
    let world = World::new();
    let phones: Vec<_> = (0..4).map(|nth| (nth % 2, world.phone(WORKERS[nth % 2]))).collect();
    let threads: Vec<_> = phones
        .into_iter()
        .map(|(nth, mut phone)| {
            let hub = Arc::clone(&world.hub);
            std::thread::spawn(move || {
                for _ in 0..5 {
                    let entries: Vec<_> = (0..4)
                        .map(|_| {
                            let visit = phone.visit(nth);
                            phone.seal(Unit::Household(HOUSEHOLDS[nth]), visit)
                        })
                        .collect();
                    let verdicts = phone.push(&hub, &entries);
                    assert!(verdicts.iter().all(|one| matches!(one, Verdict::Accepted { .. })));
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    for grid in GRIDS {
        let rows = world
            .hub
            .storage()
            .read(|tx| {
                let at = tx.stream(StreamId::Grid(grid))?.unwrap();
                tx.rows_after(at.nr, 0, 1_000)
            })
            .unwrap();
        let seqs: Vec<u64> = rows.iter().map(|row| row.seq).collect();
        assert_eq!(seqs, (1..=42).collect::<Vec<u64>>());
    }
}

#[test]
fn a_phone_reads_its_community_and_its_grid_once_and_then_nothing() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let request = phone.request(&[]);
    let reply = phone.send(&world.hub, &request).unwrap();
    let streams: Vec<_> = reply.pulls.iter().map(|pull| (pull.stream, pull.entries.len())).collect();
    assert_eq!(streams, [(StreamId::Community(COMMUNITY), 1), (StreamId::Grid(GRIDS[0]), 2)]);
    let request = phone.request(&[]);
    let again = phone.send(&world.hub, &request).unwrap();
    assert_eq!((again.pulls.len(), again.more), (0, false));
}

#[test]
fn the_other_phone_reads_a_visit_and_its_own_phone_does_not() {
    let world = World::new();
    let (mut one, mut two) = (world.phone(WORKERS[0]), world.phone(WORKERS[0]));
    let request = one.request(&[]);
    one.send(&world.hub, &request).unwrap();
    let visit = one.visit(0);
    let entry = one.seal(Unit::Household(HOUSEHOLDS[0]), visit.clone());
    let request = one.request(&[entry]);
    let own = one.send(&world.hub, &request).unwrap();
    assert!(own.pulls.iter().all(|pull| pull.entries.is_empty()));
    let request = two.request(&[]);
    let other = two.send(&world.hub, &request).unwrap();
    let grid = other.pulls.iter().find(|pull| pull.stream == StreamId::Grid(GRIDS[0])).unwrap();
    assert_eq!(grid.entries.last().unwrap().entry, Pulled::Payload(visit));
    assert_eq!(one.cursors, two.cursors);
}

#[test]
fn a_stream_that_may_not_be_held_any_more_is_dropped() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    phone.cursors.insert(StreamId::Grid(GRIDS[1]), Cursor::default());
    let request = phone.request(&[]);
    let reply = phone.send(&world.hub, &request).unwrap();
    assert_eq!(reply.dropped, [StreamId::Grid(GRIDS[1])]);
    assert!(reply.pulls.iter().all(|pull| pull.stream != StreamId::Grid(GRIDS[1])));
}

#[test]
fn a_cursor_of_another_history_opens_one_new_epoch_and_reads_from_the_start() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let request = phone.request(&[]);
    phone.send(&world.hub, &request).unwrap();
    let stream = StreamId::Grid(GRIDS[0]);
    phone.cursors.insert(stream, Cursor { seq: 2, head: [9; 8] });
    let request = phone.request(&[]);
    let reply = phone.send(&world.hub, &request).unwrap();
    assert_eq!(reply.hub_epoch, 2);
    assert_eq!(reply.pulls.iter().find(|pull| pull.stream == stream).unwrap().entries.len(), 2);
    phone.cursors.insert(stream, Cursor { seq: 2, head: [9; 8] });
    let request = phone.request(&[]);
    assert_eq!(phone.send(&world.hub, &request).unwrap().hub_epoch, 2);
}

#[test]
fn a_job_that_passes_over_what_could_not_be_written_is_not_kept() {
    let world = World::new();
    let storage = world.hub.storage();
    let passed_over: Result<(), StorageError> = storage.write(|tx| {
        let home = tx.unit(Unit::Household(HOUSEHOLDS[0]))?.unwrap();
        // A unit is known once; rows are written when somebody asks, and that may be the end of the job.
        tx.add_unit(home.unit)?;
        tx.touch_unit(home.nr, chrono::NaiveDate::MIN)?;
        drop(tx.last_pos());
        Ok(())
    });
    assert!(matches!(passed_over, Err(StorageError::Write { .. })), "{passed_over:?}");
    let after: i64 =
        storage.write(|tx| tx.last_pos().map(|pos| pos.0)).map_err(|why: StorageError| why).unwrap();
    assert!(0 < after);
    assert_eq!(world.hub.verify().unwrap().faults, []);
}
