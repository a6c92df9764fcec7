//! Several nodes on one database: no phone notices which of them it speaks to, and none that goes away takes
//! anything with it.

use std::sync::Arc;

use ruhu_core::entry::{Entry, StreamId};
use ruhu_core::ids::Hash32;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Verdict;
use ruhu_server::storage::enrolments::CodeRow;
use ruhu_server::storage::log::Pos;
use ruhu_server::storage::{DatabaseAt, Hub, StorageError};

use super::world::{COMMUNITY, GRIDS, HOUSEHOLDS, Phone, StoryClock, WORKERS, World, open_hub};
use crate::cluster::{Cluster, run};

const HOME: [Unit; 2] = [Unit::Household(HOUSEHOLDS[0]), Unit::Household(HOUSEHOLDS[1])];

fn visit(phone: &mut Phone, nth: usize) -> Entry {
    let visit = phone.visit(nth);
    phone.seal(HOME[nth], visit)
}

fn accepted(verdicts: &[Verdict]) -> bool {
    verdicts.iter().all(|verdict| matches!(verdict, Verdict::Accepted { .. }))
}

/// Positions of the log as they stand; the numbers of a stream have no gaps when `verify` finds nothing.
fn positions(hub: &Hub) -> Vec<i64> {
    let mut positions = Vec::new();
    let read = hub.storage().read(|tx| {
        tx.each_entry(|pos, kept| {
            positions.push(pos.0);
            kept.map(drop)
        })
    });
    read.unwrap();
    positions
}

fn stream_numbers(hub: &Hub, grid: usize) -> Vec<u64> {
    let rows = hub.storage().read(|tx| {
        let at = tx.stream(StreamId::Grid(GRIDS[grid]))?.unwrap();
        tx.rows_after(at.nr, 0, 10_000)
    });
    rows.map_err(|why: StorageError| why).unwrap().into_iter().map(|placed| placed.seq).collect()
}

#[test]
fn two_nodes_are_one_hub_and_take_turns() {
    let world = World::new();
    let other = open_hub(world.database.at(), &world.clock, 8);
    assert_eq!((world.hub.id(), world.hub.verifying_key()), (other.id(), other.verifying_key()));
    let (mut first, mut second) = (world.phone(WORKERS[0]), world.phone(WORKERS[1]));
    for turn in 0..6 {
        let (one, two) = if turn % 2 == 0 { (&*world.hub, &other) } else { (&other, &*world.hub) };
        let entry = visit(&mut first, 0);
        assert!(accepted(&first.push(one, &[entry])));
        let entry = visit(&mut second, 1);
        assert!(accepted(&second.push(two, &[entry])));
    }
    // A password guessed wrong at one node counts at the other, and a session of one opens the other.
    let account = ruhu_server::access::NewAccount {
        name: "lead".into(),
        shown: "李主任".into(),
        role: ruhu_server::access::Role::SystemAdmin,
        place: ruhu_server::access::Place::Hub,
    };
    let password = world.hub.add_account(&account).unwrap();
    let signed_in = other.sign_in("lead", &password).unwrap();
    assert!(world.hub.session(&signed_in.token).unwrap().is_some());
    for hub in [&*world.hub, &other] {
        assert_eq!(hub.verify().unwrap().faults, []);
    }
    let count = i64::try_from(positions(&other).len()).unwrap();
    assert_eq!(positions(&other), (1..=count).collect::<Vec<_>>());
}

#[test]
fn nodes_that_write_at_once_leave_no_gap_in_any_stream() {
    let world = World::new();
    let mut phones = vec![(world.phone(WORKERS[0]), 0), (world.phone(WORKERS[1]), 1)];
    phones.push((world.phone(WORKERS[0]), 0));
    phones.push((world.phone(WORKERS[1]), 1));
    let nodes: Vec<Arc<Hub>> =
        (0..3).map(|nth| Arc::new(open_hub(world.database.at(), &world.clock, 20 + nth))).collect();
    let before = world.hub.storage().read(|tx| tx.last_pos()).unwrap();
    let at_work: Vec<_> = phones
        .into_iter()
        .enumerate()
        .map(|(nth, (mut phone, home))| {
            let nodes = nodes.clone();
            std::thread::spawn(move || {
                for turn in 0..8 {
                    let entries = [visit(&mut phone, home), visit(&mut phone, home)];
                    assert!(accepted(&phone.push(&nodes[(nth + turn) % nodes.len()], &entries)));
                }
            })
        })
        .collect();
    for phone in at_work {
        phone.join().unwrap();
    }
    let all = positions(&world.hub);
    assert_eq!(all, (1..=before.0 + 4 * 8 * 2).collect::<Vec<_>>());
    for grid in 0..2 {
        let numbers = stream_numbers(&world.hub, grid);
        assert_eq!(numbers, (1..=u64::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
        assert!(32 < numbers.len());
    }
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn a_node_that_goes_away_in_the_middle_of_a_write_takes_nothing_acknowledged_with_it() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let entry = visit(&mut phone, 0);
    assert!(accepted(&phone.push(&world.hub, &[entry])));
    let before = world.hub.storage().read(|tx| tx.last_pos()).unwrap();
    // The server throws the node out while its job has written and not yet committed.
    let url = world.database.url.clone();
    let broken: Result<(), StorageError> = world.hub.storage().write(move |tx| {
        tx.set_public_url("https://half-done")?;
        // Of this database alone: other stories stand on the same server.
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        run(&url, sql).unwrap();
        tx.set_public_url("https://never")
    });
    let why = broken.unwrap_err();
    assert!(matches!(why, StorageError::Write { .. }), "{why}");
    assert_eq!(world.hub.storage().read(|tx| tx.public_url()).unwrap(), "");
    // The same node opens another connection; the other node never waited for it.
    let other = open_hub(world.database.at(), &world.clock, 8);
    for hub in [&other, &*world.hub] {
        let entry = visit(&mut phone, 0);
        assert!(accepted(&phone.push(hub, &[entry])));
    }
    assert_eq!(positions(&other).last(), Some(&(before.0 + 2)));
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn a_server_that_restarts_is_found_again_and_has_everything() {
    let cluster = Cluster::start();
    let at: DatabaseAt = cluster.database().parse::<ruhu_server::storage::postgres::Server>().unwrap().into();
    let clock = StoryClock::at("2026-07-01T01:00:00Z");
    let hub = open_hub(at, &clock, 7);
    hub.storage().write(|tx| tx.set_public_url("https://kept")).unwrap();
    assert_eq!(hub.storage().read(|tx| tx.public_url()).unwrap(), "https://kept");
    cluster.stop();
    let failed: Result<(), StorageError> = hub.storage().write(|tx| tx.set_public_url("https://lost"));
    assert!(matches!(failed, Err(StorageError::Open { .. })), "{failed:?}");
    assert!(hub.storage().read(|tx| tx.public_url()).is_err());
    cluster.run();
    assert_eq!(hub.storage().read(|tx| tx.public_url()).unwrap(), "https://kept");
    hub.storage().write(|tx| tx.set_public_url("https://again")).unwrap();
    assert_eq!(hub.storage().read(|tx| tx.public_url()).unwrap(), "https://again");
    assert_eq!(hub.verify().unwrap().faults, []);
}

#[test]
fn a_job_that_passes_over_a_statement_that_failed_is_not_kept_and_harms_no_other() {
    let world = World::new();
    let storage = world.hub.storage();
    let passed_over: Result<(), StorageError> = storage.write(|tx| {
        tx.set_public_url("https://half-done")?;
        // A code is kept once.
        let code = CodeRow { worker: WORKERS[0], community: COMMUNITY, expires_ms: 0, used_ms: None };
        tx.put_code(Hash32([7; 32]), code)?;
        drop(tx.put_code(Hash32([7; 32]), code));
        Ok(())
    });
    assert!(matches!(passed_over, Err(StorageError::BrokeOff)));
    assert_eq!(storage.read(|tx| tx.public_url()).unwrap(), "");
    storage.write(|tx| tx.set_public_url("https://whole")).unwrap();
    assert_eq!(storage.read(|tx| tx.public_url()).unwrap(), "https://whole");
    assert!(storage.read(|tx| tx.entry(Pos(1))).unwrap().is_some());
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn more_readers_than_connections_wait_for_each_other() {
    let world = World::new();
    let hub = Arc::clone(&world.hub);
    let readers: Vec<_> = (0..48)
        .map(|_| {
            let hub = Arc::clone(&hub);
            std::thread::spawn(move || hub.storage().read(|tx| tx.last_pos()).unwrap())
        })
        .collect();
    let seen: Vec<Pos> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
    assert!(seen.iter().all(|pos| *pos == seen[0]));
}
