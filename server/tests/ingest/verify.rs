//! Verification finds a flipped byte wherever it is, and nothing acknowledged is ever lost.

use std::path::Path;

use chrono::Duration;
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::DocSkeleton;
use ruhu_core::profile::{Profile, Scalar};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Verdict;
use ruhu_server::storage::StorageError;
use ruhu_server::verify::Fault;

use super::world::{COMMUNITY, DOORS, GRIDS, HOUSEHOLDS, LEAD, WORKERS, World, open_hub, settled};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);

type IsFound = fn(&Fault) -> bool;

/// A hub with visits, an edited household, a withdrawn visit, a move, a quarantined and an admitted entry.
fn lived_in() -> World {
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
    let conn = rusqlite::Connection::open(world.folder.path().join("ruhu.db")).unwrap();
    assert!(0 < conn.execute(sql, []).unwrap(), "{sql} changed nothing");
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
fn a_flipped_byte_is_found_where_it_is() {
    // One change each, on a fresh hub: (what is touched, what is found).
    let flip = |column: &str, table: &str, which: &str| {
        format!(
            "UPDATE {table} SET {column} = CAST(substr({column}, 1, length({column}) - 1) || x'5a' AS BLOB) WHERE {which}"
        )
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
        ("UPDATE unit SET grid = zeroblob(16) WHERE nr = 1".into(), |fault| matches!(fault, Fault::Home(_))),
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

/// The log, what is projected from it, and the checkpoints.
const TABLES: [&str; 16] = [
    "checkpoint",
    "entry",
    "stream",
    "stream_row",
    "chain",
    "enrolment",
    "waiting",
    "unit",
    "unit_file",
    "unit_grid",
    "unit_entry",
    "community",
    "grid",
    "grid_period",
    "cell",
    "closed_state",
];

/// What a phone says of itself and nobody can prove, and a counter that nothing reads.
const NOT_PROVEN: [&str; 6] = [
    "enrolment.device",
    "enrolment.app",
    "enrolment.contact_ms",
    "enrolment.unsent_after",
    "enrolment.asked_epoch_ms",
    "community.version",
];
/// Columns that are empty in this story.
const EMPTY: [&str; 4] = ["entry.body_hash", "entry.repeats", "enrolment.revoked_ms", "waiting.left_ms"];

#[test]
fn a_change_in_any_column_is_found() {
    let world = lived_in();
    let mut late = world.phone(WORKERS[0]);
    let outside = late.visit(1);
    late.say(&world.hub, Unit::Household(HOUSEHOLDS[1]), outside);
    close_the_quarter(&world);
    world.hub.checkpoint().unwrap();
    assert_eq!(world.hub.verify().unwrap().faults, []);
    let mut unseen = Vec::new();
    for table in TABLES {
        for (column, kind) in columns(&world, table) {
            // Booleans and small numbers move by one, texts grow by a sign, bytes lose a bit.
            let changed = match kind.as_str() {
                "INTEGER" => format!("{column} + 1"),
                "TEXT" => format!("{column} || 'x'"),
                _ => format!("CAST(substr({column}, 1, length({column}) - 1) || x'5a' AS BLOB)"),
            };
            let copy = tempfile::tempdir().unwrap();
            copy_database(world.folder.path(), copy.path());
            let path = copy.path().join("ruhu.db");
            let conn = rusqlite::Connection::open(&path).unwrap();
            conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
            // The last row: columns that are empty everywhere have nothing to change.
            let sql = format!(
                "UPDATE {table} SET {column} = {changed} WHERE {column} = (SELECT max({column}) FROM {table})"
            );
            let moved = conn.execute(&sql, []).unwrap();
            drop(conn);
            let name = format!("{table}.{column}");
            assert_eq!(moved == 0, EMPTY.contains(&name.as_str()), "{name} changed {moved} rows");
            let faults = open_hub(&path, &world.clock, 8).verify().map(|report| report.found);
            if moved != 0 && matches!(faults, Ok(0)) {
                unseen.push(name);
            }
        }
    }
    unseen.sort();
    let mut known = NOT_PROVEN.map(str::to_owned);
    known.sort();
    assert_eq!(unseen, known);
}

/// The quarter ends and is closed.
fn close_the_quarter(world: &World) {
    world.act(vec![], vec![CommunityFact::WentLive { on: "2026-06-20".parse().unwrap() }]);
    world.clock.forward(Duration::days(95));
    world.hub.refresh_day().unwrap();
    world.hub.close_period(COMMUNITY, "2026Q3".parse().unwrap(), LEAD, "季末".into()).unwrap();
}

#[test]
fn a_closed_report_that_was_changed_and_damage_beside_it_are_both_named() {
    let world = lived_in();
    close_the_quarter(&world);
    let conn = rusqlite::Connection::open(world.folder.path().join("ruhu.db")).unwrap();
    // Whoever tampers with the file drops the guard first.
    conn.execute_batch(
        "DROP TRIGGER period_close_is_final;
         UPDATE period_close SET content = CAST(replace(content, '阳光', '月光') AS BLOB);
         UPDATE stream_row SET kind = 9 WHERE stream = 2 AND seq = 2;
         UPDATE grid_period SET coverage = x'ff';",
    )
    .unwrap();
    let report = world.hub.verify().unwrap();
    let closed = "2026Q3".parse().unwrap();
    assert!(report.faults.contains(&Fault::Closing(COMMUNITY, closed)), "{:?}", report.faults);
    for grid in GRIDS {
        assert!(report.faults.contains(&Fault::Coverage(grid, closed)), "{:?}", report.faults);
    }
    assert!(report.faults.iter().any(|fault| matches!(fault, Fault::Stream(..))), "{:?}", report.faults);
    assert_eq!((report.streams, report.units), (3, 4), "the rest was looked at all the same");
}

fn columns(world: &World, table: &str) -> Vec<(String, String)> {
    let conn = rusqlite::Connection::open(world.folder.path().join("ruhu.db")).unwrap();
    let mut statement = conn.prepare("SELECT name, type FROM pragma_table_info(?1)").unwrap();
    let found = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    found.map(Result::unwrap).collect()
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
        let skeleton = DocSkeleton { unit: HOME, by, change: one.hash };
        let salt = phone.salt();
        phone.say(&world.hub, HOME, ruhu_core::entry::Payload::of_doc(&skeleton, one.bytes, salt));
    }
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn a_crash_loses_nothing_that_was_acknowledged() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let mut acknowledged = 0;
    for _ in 0..3 {
        let visit = phone.visit(0);
        let verdict = phone.say(&world.hub, HOME, visit);
        acknowledged += u64::from(matches!(verdict, Verdict::Accepted { .. }));
        // What a power cut leaves: the files as they are, the log of the database not yet folded in.
        let after = tempfile::tempdir().unwrap();
        copy_database(world.folder.path(), after.path());
        let hub = open_hub(&after.path().join("ruhu.db"), &world.clock, 8);
        let report = hub.verify().unwrap();
        assert_eq!(report.faults, []);
        assert_eq!(report.entries, 5 + acknowledged);
    }
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

#[test]
fn a_database_of_a_newer_program_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ruhu.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.pragma_update(None, "user_version", 999).unwrap();
    let opened = ruhu_server::storage::Storage::open(&path);
    assert!(matches!(opened, Err(StorageError::TooNew { found: 999, .. })));
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 0);
}

pub(crate) fn copy_database(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        if file.file_name() != "ruhu.db-shm" {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
}
