//! What only a database in a file can show: a power cut as the files it leaves, every column of every table changed on
//! a copy, and a file of a newer program.

use chrono::Duration;
use ruhu_core::community::CommunityFact;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Verdict;
use ruhu_server::storage::StorageError;
use ruhu_server::verify::Fault;

use super::verify::lived_in;
use super::world::{COMMUNITY, GRIDS, HOUSEHOLDS, LEAD, WORKERS, World, open_hub};

/// The log, what is projected from it, and the checkpoints.
const TABLES: [&str; 17] = [
    "owner_key",
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
const EMPTY: [&str; 5] =
    ["entry.salt", "entry.body_hash", "entry.repeats", "enrolment.revoked_ms", "waiting.left_ms"];

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
            let copy = world.database.copy();
            let conn = rusqlite::Connection::open(copy.path()).unwrap();
            conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
            // The last row: columns that are empty everywhere have nothing to change.
            let sql = format!(
                "UPDATE {table} SET {column} = {changed} WHERE {column} = (SELECT max({column}) FROM {table})"
            );
            let moved = conn.execute(&sql, []).unwrap();
            drop(conn);
            let name = format!("{table}.{column}");
            assert_eq!(moved == 0, EMPTY.contains(&name.as_str()), "{name} changed {moved} rows");
            let faults = open_hub(copy.at(), &world.clock, 8).verify().map(|report| report.found);
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
    let conn = rusqlite::Connection::open(world.database.path()).unwrap();
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
    let conn = rusqlite::Connection::open(world.database.path()).unwrap();
    let mut statement = conn.prepare("SELECT name, type FROM pragma_table_info(?1)").unwrap();
    let found = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    found.map(Result::unwrap).collect()
}

#[test]
fn a_crash_loses_nothing_that_was_acknowledged() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let mut acknowledged = 0;
    for _ in 0..3 {
        let visit = phone.visit(0);
        let verdict = phone.say(&world.hub, Unit::Household(HOUSEHOLDS[0]), visit);
        acknowledged += u64::from(matches!(verdict, Verdict::Accepted { .. }));
        let after = world.database.copy();
        let hub = open_hub(after.at(), &world.clock, 8);
        let report = hub.verify().unwrap();
        assert_eq!(report.faults, []);
        assert_eq!(report.entries, 5 + acknowledged);
    }
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
