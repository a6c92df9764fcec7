//! A file that cannot be used is told of and left exactly as it is.

use ruhu_core::store::{Store, StoreError};

use crate::sealed::{raw, store};

fn made(folder: &tempfile::TempDir, name: &str) -> String {
    let path = folder.path().join(name).to_str().unwrap().to_owned();
    drop(store(&path).unwrap());
    path
}

fn untouched(path: &str, open: impl FnOnce() -> Result<Store, StoreError>) -> StoreError {
    let before = std::fs::read(path).unwrap();
    let error = open().unwrap_err();
    assert_eq!(std::fs::read(path).unwrap(), before, "{error}");
    error
}

#[test]
fn a_file_of_a_newer_app_asks_for_an_update() {
    let folder = tempfile::tempdir().unwrap();
    let path = made(&folder, "newer.db");
    raw(&path).pragma_update(None, "user_version", 99).unwrap();
    let error = untouched(&path, || store(&path));
    assert!(matches!(error, StoreError::TooNew { found: 99, .. }), "{error}");
    assert!(error.to_string().contains("请更新"), "{error}");
}

#[test]
fn a_file_of_another_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db").to_str().unwrap().to_owned();
    raw(&path).execute_batch("CREATE TABLE theirs (a)").unwrap();
    assert!(matches!(untouched(&path, || store(&path)), StoreError::Foreign));
}

#[test]
fn a_file_that_is_no_database_or_was_cut_short_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("words.db").to_str().unwrap().to_owned();
    std::fs::write(&path, "这不是数据库".repeat(500)).unwrap();
    assert!(matches!(untouched(&path, || store(&path)), StoreError::Damaged(_)));

    let path = made(&folder, "cut.db");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(untouched(&path, || store(&path)), StoreError::Damaged(_)));
}

#[test]
fn a_folder_that_is_not_there_is_named_as_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nowhere").join("a.db").to_str().unwrap().to_owned();
    assert!(matches!(store(&path), Err(StoreError::Open(_))));
}

#[test]
fn a_file_another_program_is_writing_says_so_and_can_still_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = made(&folder, "busy.db");
    let other = raw(&path);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut held = store(&path).unwrap();
    let written = held.write("write", |_| Ok::<(), StoreError>(()));
    assert!(matches!(written, Err(StoreError::Locked)));
    assert!(ruhu_core::store::units::all(held.read()).unwrap().is_empty());
    other.execute_batch("COMMIT").unwrap();
    assert!(held.write("write", |_| Ok::<(), StoreError>(())).is_ok());
}

#[test]
fn the_schema_is_the_one_that_was_agreed() {
    let folder = tempfile::tempdir().unwrap();
    let held = store(&made(&folder, "fresh.db")).unwrap();
    let mut statement = held
        .read()
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .unwrap();
    let tables: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(
        tables.join(" "),
        "applying bundle bundle_part community cursor doc draft enrolment entry entry_unit exchange former_envelope former_hub_key gone_door hub_trust lease look meta own_entry secret set_aside token \
         unit waiting"
    );
    let strict: u32 = held
        .read()
        .query_row("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(strict, 0);
}
