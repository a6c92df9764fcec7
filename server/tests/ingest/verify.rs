//! Verification finds a flipped byte wherever it is, and a job that fails takes nothing with it.

use ruhu_core::entry::DocSkeleton;
use ruhu_core::profile::{Profile, Scalar};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Verdict;
use ruhu_server::storage::StorageError;
use ruhu_server::verify::Fault;

use super::database::Fresh;
use super::world::{COMMUNITY, DOORS, GRIDS, HOUSEHOLDS, LEAD, WORKERS, World, settled};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);

type IsFound = fn(&Fault) -> bool;

/// A hub with visits, an edited household, a withdrawn visit, a move, a quarantined and an admitted entry.
pub(crate) fn lived_in() -> World {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    let target = visit.hash();
    phone.say(&world.hub, HOME, visit);
    let withdrawal = phone.withdrawal(HOME, target);
    phone.say(&world.hub, HOME, withdrawal);
    world.hub.edit_fields(HOME, vec![("p/phone".into(), Scalar::Str("13800000000".into()))], LEAD).unwrap();
    for _ in 0..2 {
        let outside = phone.visit(1);
        phone.say(&world.hub, Unit::Household(HOUSEHOLDS[1]), outside);
    }
    let pos = world.hub.storage().read(|tx| tx.waiting_in(COMMUNITY)).unwrap()[0].pos;
    world.hub.office(move |desk| desk.admit(pos, LEAD, "核实")).unwrap();
    world.act(vec![settled(HOUSEHOLDS[0], DOORS[1], GRIDS[1])], vec![]);
    world
}

fn tampered(world: &World, sql: &str) -> Vec<Fault> {
    assert!(0 < world.database.tamper(sql).unwrap(), "{sql} changed nothing");
    world.hub.verify().unwrap().faults
}

#[test]
fn a_hub_that_nobody_touched_is_as_it_was_written() {
    let report = lived_in().hub.verify().unwrap();
    assert_eq!(report.faults, []);
    assert_eq!((report.streams, report.units), (3, 4));
    assert!(10 < report.entries);
}

#[test]
fn a_view_that_asks_twice_for_a_file_gets_it_twice() {
    let world = lived_in();
    let twice = |tx: &ruhu_server::storage::Tx<'_>| -> Result<_, StorageError> {
        let row = tx.unit(HOME)?.unwrap();
        Ok((tx.unit_file(&row)?, tx.unit_file(&row)?))
    };
    let (first, again) = world.hub.storage().read(twice).unwrap();
    assert!(first.facts().next().is_some());
    assert_eq!(again, first);
}

#[test]
fn a_flipped_byte_is_found_where_it_is() {
    // One change each, on a fresh hub: (what is touched, what is found).
    let flip = |column: &str, table: &str, which: &str| {
        format!("UPDATE {table} SET {column} = {} WHERE {which}", Fresh::flipped(column))
    };
    let cases: [(String, IsFound); 11] = [
        (flip("skeleton", "entry", "pos = 6"), |fault| matches!(fault, Fault::Unproven(pos) if pos.0 == 6)),
        (flip("signature", "entry", "pos = 2"), |fault| matches!(fault, Fault::Unproven(pos) if pos.0 == 2)),
        (flip("body", "entry", "pos = 6"), |fault| matches!(fault, Fault::Unproven(pos) if pos.0 == 6)),
        (
            "UPDATE unit_file SET file = (SELECT file FROM unit_file WHERE nr = 1) WHERE nr = 3".into(),
            |fault| matches!(fault, Fault::File(_)),
        ),
        (flip("doc", "unit_file", "doc IS NOT NULL"), |fault| *fault == Fault::Doc(HOME)),
        (flip("head", "stream", "nr = 2"), |fault| matches!(fault, Fault::Stream(..))),
        ("DELETE FROM stream_row WHERE stream = 2 AND seq = 2".into(), |fault| {
            matches!(fault, Fault::Stream(_, 2))
        }),
        (format!("UPDATE unit SET grid = {} WHERE nr = 1", Fresh::bytes(&"00".repeat(16))), |fault| {
            matches!(fault, Fault::Home(_))
        }),
        ("UPDATE cell SET count = count + 1".into(), |fault| matches!(fault, Fault::Coverage(..))),
        ("DELETE FROM cell".into(), |fault| matches!(fault, Fault::Coverage(..))),
        ("UPDATE chain SET next_seq = next_seq + 1 WHERE enrolment = 2".into(), |fault| {
            matches!(fault, Fault::Chain(_, 1))
        }),
    ];
    for (sql, is_found) in cases {
        let world = lived_in();
        let faults = tampered(&world, &sql);
        assert!(faults.iter().any(is_found), "{sql}: {faults:?}");
    }
}

#[test]
fn a_document_that_waited_for_another_is_rebuilt_alike() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let mut profile = Profile::new();
    let at = world.clock.now();
    let change = |profile: &mut Profile, value: &str, actor: u8| {
        profile.edit(&[("p/phone".to_owned(), Scalar::Str(value.into()))], [actor; 16], at).unwrap().unwrap()
    };
    let first = change(&mut profile, "13800000000", 1);
    let second = change(&mut profile, "13900000000", 2);
    for one in [second, first] {
        let by = ruhu_core::roster::By::Worker(WORKERS[0]);
        let skeleton = DocSkeleton { unit: HOME, by, change: one.hash, source: None };
        let salt = phone.salt();
        phone.say(&world.hub, HOME, ruhu_core::entry::Payload::of_doc(&skeleton, one.bytes, salt));
    }
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn a_job_that_fails_takes_nothing_with_it() {
    let world = World::new();
    let before = world.hub.storage().read(|tx| tx.last_pos()).unwrap();
    let failed: Result<(), StorageError> = world.hub.storage().write(|tx| {
        tx.set_public_url("https://half-done")?;
        Err(StorageError::Closed)
    });
    assert!(failed.is_err());
    let broken: Result<(), StorageError> = world.hub.storage().write(|tx| {
        tx.set_public_url("https://half-done")?;
        panic!("a job breaks off")
    });
    assert!(matches!(broken, Err(StorageError::BrokeOff)));
    assert_eq!(world.hub.storage().read(|tx| tx.public_url()).unwrap(), "");
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    assert!(matches!(phone.say(&world.hub, HOME, visit), Verdict::Accepted { .. }));
    assert!(before < world.hub.storage().read(|tx| tx.last_pos()).unwrap());
}
