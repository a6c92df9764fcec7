//! What only a database in a file can show: a power cut as the files it leaves, and a file of a newer program.

use std::path::Path;

use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Verdict;
use ruhu_server::storage::{DatabaseAt, StorageError};

use super::world::{HOUSEHOLDS, WORKERS, World, open_hub};

#[test]
fn a_crash_loses_nothing_that_was_acknowledged() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let mut acknowledged = 0;
    for _ in 0..3 {
        let visit = phone.visit(0);
        let verdict = phone.say(&world.hub, Unit::Household(HOUSEHOLDS[0]), visit);
        acknowledged += u64::from(matches!(verdict, Verdict::Accepted { .. }));
        // What a power cut leaves: the files as they are, the log of the database not yet folded in.
        let after = tempfile::tempdir().unwrap();
        copy_database(world.database.folder.path(), after.path());
        let hub = open_hub(DatabaseAt::File(after.path().join("ruhu.db")), &world.clock, 8);
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

fn copy_database(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        if file.file_name() != "ruhu.db-shm" {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
}
