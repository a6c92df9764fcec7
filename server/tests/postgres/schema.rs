//! The tables of both kinds of database, side by side; and a server that is not what it should be.

use std::collections::BTreeSet;

use postgres::{Client, NoTls};
use ruhu_server::storage::postgres::Server;
use ruhu_server::storage::schema::newest;
use ruhu_server::storage::{DatabaseAt, Storage, StorageError};

use super::database::Fresh;
use super::world::{StoryClock, open_hub};
use crate::cluster::run;

/// Table, column, whether it may be empty, and what it holds.
type Column = (String, String, bool, String);

fn columns_of_a_file() -> BTreeSet<Column> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ruhu.db");
    drop(Storage::open(&path).unwrap());
    let conn = rusqlite::Connection::open(path).unwrap();
    let mut read = conn
        .prepare(
            "SELECT t.name, c.name, c.\"notnull\" = 0 AND c.pk = 0, c.type FROM sqlite_schema t
             JOIN pragma_table_info(t.name) c WHERE t.type = 'table'",
        )
        .unwrap();
    let rows = read.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn columns_of_a_server() -> BTreeSet<Column> {
    let fresh = Fresh::new();
    drop(Storage::open(fresh.at()).unwrap());
    let mut client = Client::connect(fresh.url.split("&keys=").next().unwrap(), NoTls).unwrap();
    let sql = "SELECT table_name::text, column_name::text, is_nullable = 'YES', data_type::text, collation_name::text
               FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'ruhu_schema'";
    let rows = client.query(sql, &[]).unwrap();
    rows.iter()
        .map(|row| {
            let held = match row.get(3) {
                "bigint" => "INTEGER",
                "bytea" => "BLOB",
                "text" => {
                    assert_eq!(row.get::<_, Option<&str>>(4), Some("C"), "text sorts by its bytes");
                    "TEXT"
                }
                other => other,
            };
            (row.get(0), row.get(1), row.get(2), held.to_owned())
        })
        .collect()
}

#[test]
fn both_kinds_of_database_have_the_same_tables_and_columns() {
    assert_eq!(columns_of_a_server(), columns_of_a_file());
}

#[test]
fn a_database_of_a_newer_program_is_refused_untouched() {
    let fresh = Fresh::new();
    run(&fresh.url, "CREATE TABLE ruhu_schema (version BIGINT NOT NULL)").unwrap();
    run(&fresh.url, "INSERT INTO ruhu_schema (version) VALUES (999)").unwrap();
    let opened = Storage::open(fresh.at());
    assert!(matches!(opened, Err(StorageError::TooNew { found: 999, known }) if known == newest()));
    let mut client = Client::connect(fresh.url.split("&keys=").next().unwrap(), NoTls).unwrap();
    let sql = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'";
    assert_eq!(client.query_one(sql, &[]).unwrap().get::<_, i64>(0), 1);
}

#[test]
fn two_nodes_that_start_at_once_make_one_schema() {
    let fresh = Fresh::new();
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let at: DatabaseAt = fresh.at();
            std::thread::spawn(move || Storage::open(at).map(drop))
        })
        .collect();
    for start in starts {
        start.join().unwrap().unwrap();
    }
}

#[test]
fn an_address_is_checked_and_never_shown_with_its_password() {
    let server: Server = "postgres://ruhu:secret@db.county.example/ruhu?sslmode=disable".parse().unwrap();
    assert_eq!(server.to_string(), "postgres://ruhu@db.county.example/ruhu");
    assert!(!format!("{server:?}").contains("secret"));
    for wrong in
        ["postgres://ruhu:secret@/ruhu", "mysql://ruhu:secret@host/ruhu", "postgres://a:secret@h/x?y=z"]
    {
        let why = wrong.parse::<Server>().unwrap_err().to_string();
        assert!(why.contains("postgres://user@host/name") && !why.contains("secret"), "{why}");
    }
}

#[test]
fn two_hubs_in_two_schemas_of_one_database_are_two_hubs() {
    let fresh = Fresh::new();
    let hubs = ["eastern", "west"].map(|name| {
        run(&fresh.url, &format!("CREATE SCHEMA {name}")).unwrap();
        let server: Server = format!("{}&options=-csearch_path%3D{name}", fresh.url).parse().unwrap();
        open_hub(server, &StoryClock::at("2026-07-01T01:00:00Z"), u64::try_from(name.len()).unwrap())
    });
    let [east, west] = &hubs;
    // While one writes, the other does not wait: each has a lock of its own.
    let both: Result<(), StorageError> = std::thread::scope(|scope| {
        let (told, heard) = std::sync::mpsc::channel();
        let first = scope.spawn(move || {
            east.storage().write(move |tx| {
                tx.set_public_url("https://east")?;
                heard.recv().map_err(|_| StorageError::Closed)
            })
        });
        west.storage().write(|tx| tx.set_public_url("https://west"))?;
        told.send(()).unwrap();
        first.join().unwrap()
    });
    both.unwrap();
    let said = hubs.each_ref().map(|hub| hub.storage().read(|tx| tx.public_url()).unwrap());
    assert_eq!(said, ["https://east", "https://west"]);
}
