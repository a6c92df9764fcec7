//! What was erased, and other copies: older databases, backups, the list of decisions, an older version's file, damage.

use ruhu_server::backup::key::RecoveryKey;
use ruhu_server::backup::restore::restore;
use ruhu_server::erase::{What, ledger};
use ruhu_server::verify::Fault;
use ruhu_sim::folder;
use ruhu_sim::village::Village;

use super::{HER, NAME, NUMBER, can_tell, coverage, fields, her, key, lies_open, lived_in, order};

#[test]
fn an_older_copy_of_the_database_opens_with_no_key_that_is_left() {
    let village = Village::new(33, 3);
    let home = village.homes(1)[0];
    let mut phone = village.phone(1, "first");
    lived_in(&village, &mut phone, home);
    let old = folder::new().unwrap();
    let copy = old.path().join("ruhu.db");
    let database = village.hub.hub().storage().path().unwrap().to_owned();
    rusqlite::Connection::open(&database)
        .unwrap()
        .execute("VACUUM INTO ?1", [copy.to_str().unwrap()])
        .unwrap();
    village.hub.hub().erase(vec![order(home, What::Household)]).unwrap();
    std::fs::copy(database.with_file_name("seal.key"), old.path().join("seal.key")).unwrap();
    let clock = village.hub.clock().clone();
    let opened = village.hub.resume(&copy, clock, 5);
    assert!(opened.is_err(), "the outer key of that time is gone, and with it every key it wrapped");
    // What is new opens as before.
    assert!(fields(&phone, home).contains(&key(HER, "name")));
    village.sync(&mut phone);
    assert_eq!(fields(&phone, home), Vec::<String>::new());
    village.assert_verifies();
}

#[test]
fn a_backup_from_before_loses_it_on_restore_and_what_phones_offer_again_does_not_bring_it_back() {
    let village = Village::new(34, 3);
    let homes = village.homes(1);
    let mut phone = village.phone(1, "first");
    let mut far = village.phone(1, "far");
    lived_in(&village, &mut phone, homes[0]);
    let recovery = RecoveryKey::generate();
    let backup = village.folder.path().join("one.ruhu-backup");
    village.hub.hub().back_up(&backup, &recovery).unwrap();
    // After the backup: another household is learnt of, and both are erased.
    lived_in(&village, &mut phone, homes[1]);
    village.to("2026-07-20 10:00");
    let before = coverage(&village);
    village.hub.hub().erase(vec![order(homes[0], What::Household), order(homes[1], her())]).unwrap();
    let later = village.folder.path().join("two.ruhu-backup");
    village.hub.hub().back_up(&later, &recovery).unwrap();
    let list = village.hub.hub().ledger_path().unwrap();

    let again = folder::new().unwrap();
    restore(&backup, &recovery, again.path(), [1; 8], 0).unwrap();
    let clock = village.hub.clock().clone();
    let first_life = village;
    let village = first_life.copied(again, clock, 6);
    let hub = village.hub.hub();
    let lines = ledger::read(&list, hub.id(), &[hub.verifying_key()]).unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!(hub.erase_again(lines.clone()).unwrap().len(), 2);
    assert_eq!(hub.erase_again(lines).unwrap(), [], "once is enough");
    assert!(!can_tell(&village, NAME));
    village.assert_verifies();
    for phone in [&mut phone, &mut far] {
        village.sync(phone);
        village.sync(phone);
        village.assert_agrees(phone, 1);
    }
    assert!(!can_tell(&village, NAME) && !can_tell(&village, NUMBER));
    assert_eq!(coverage(&village), before);
    village.assert_verifies();
    let report = village.hub.hub().verify().unwrap();
    assert!(report.erased >= 6, "{}", report.erased);
    // A backup from afterwards holds it no more, and restores without the list.
    let third = folder::new().unwrap();
    restore(&later, &recovery, third.path(), [2; 8], 0).unwrap();
    let clock = village.hub.clock().clone();
    assert!(!can_tell(&first_life.copied(third, clock, 7), NAME));
}

#[test]
fn a_list_that_was_altered_cut_or_is_of_another_hub_is_refused_with_its_line() {
    let village = Village::new(35, 3);
    let homes = village.homes(1);
    let mut phone = village.phone(1, "first");
    lived_in(&village, &mut phone, homes[0]);
    let hub = village.hub.hub();
    hub.erase(vec![order(homes[0], her())]).unwrap();
    hub.erase(vec![order(homes[0], What::Household)]).unwrap();
    let path = hub.ledger_path().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains(NAME));
    let lines: Vec<&str> = text.lines().collect();
    let tried = |text: &str| {
        let file = village.folder.path().join("tried.log");
        std::fs::write(&file, text).unwrap();
        let read = ledger::read(&file, hub.id(), &[hub.verifying_key()]);
        read.map_err(|why| why.to_string())
            .and_then(|lines| hub.erase_again(lines).map_err(|why| why.to_string()))
    };
    assert!(tried(&lines[1].replace("3号", "4号")).unwrap_err().contains("第 1 行"));
    assert!(
        tried(&format!("{}\n{}", lines[0], lines[1].replace("3号", "4号"))).unwrap_err().contains("第 2 行")
    );
    assert!(tried(lines[0]).unwrap_err().contains("第 1 号"), "a list that knows less");
    assert!(tried("rubbish").unwrap_err().contains("第 1 行"));
    let other = Village::new(36, 3);
    let strange = ledger::read(&path, other.hub.hub().id(), &[other.hub.hub().verifying_key()]);
    assert!(strange.unwrap_err().to_string().contains("第 1 行"));
    village.assert_verifies();
}

#[test]
fn verify_tells_what_was_erased_from_what_is_damaged() {
    let village = Village::new(37, 3);
    let homes = village.homes(1);
    let mut phone = village.phone(1, "first");
    lived_in(&village, &mut phone, homes[0]);
    lived_in(&village, &mut phone, homes[1]);
    village.hub.hub().erase(vec![order(homes[0], her())]).unwrap();
    assert_eq!(village.hub.hub().verify().unwrap().faults, []);
    let of_second = |tx: &ruhu_server::storage::Tx<'_>| {
        let named = tx.entries_naming(&std::iter::once(homes[1].unit()).collect())?;
        Ok::<_, ruhu_server::storage::StorageError>(named[&homes[1].unit()].clone())
    };
    let pos = *village.hub.hub().storage().read(of_second).unwrap().last().unwrap();
    let database = village.hub.hub().storage().path().unwrap().to_owned();
    let conn = rusqlite::Connection::open(&database).unwrap();
    let spoil = |sql: &str| {
        let (body, hash): (Option<Vec<u8>>, Option<Vec<u8>>) = conn
            .query_row("SELECT body, body_hash FROM entry WHERE pos = ?1", [pos.0], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        conn.execute(sql, [pos.0]).unwrap();
        let faults = village.hub.hub().verify().unwrap().faults;
        let put = "UPDATE entry SET body = ?2, body_hash = ?3 WHERE pos = ?1";
        conn.execute(put, rusqlite::params![pos.0, body, hash]).unwrap();
        faults
    };
    let gone = spoil("UPDATE entry SET body = NULL WHERE pos = ?1");
    assert_eq!(gone, [Fault::Unproven(pos)], "a body that is simply not there is damage");
    let real =
        village.hub.hub().storage().read(|tx| tx.entry(pos)).unwrap().unwrap().entry.payload.body_hash();
    let hidden = spoil(&format!("UPDATE entry SET body = NULL, body_hash = x'{real}' WHERE pos = ?1"));
    assert_eq!(hidden, [Fault::Erased(pos)], "taken out with its right hash, but nobody decided it");
    let flipped = spoil(
        "UPDATE entry SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB) WHERE pos = ?1",
    );
    assert_eq!(flipped, [Fault::Unproven(pos)]);
    conn.execute("UPDATE erasure SET until_ms = until_ms - 1", []).unwrap();
    assert!(village.hub.hub().verify().unwrap().faults.contains(&Fault::Erasure(1)));
    conn.execute("DELETE FROM erasure", []).unwrap();
    let faults = village.hub.hub().verify().unwrap().faults;
    assert!(
        faults.iter().any(|fault| matches!(fault, Fault::Erased(_))) && faults.contains(&Fault::Erasure(1))
    );
}

#[test]
fn what_an_older_version_wrote_in_the_open_is_sealed_when_the_hub_is_opened() {
    let village = Village::new(40, 3);
    let home = village.homes(1)[0];
    let mut phone = village.phone(1, "first");
    lived_in(&village, &mut phone, home);
    // The database as it was before anything was sealed.
    let storage = village.hub.hub().storage();
    let read = |tx: &ruhu_server::storage::Tx<'_>| {
        let mut bodies = Vec::new();
        tx.each_entry(|pos, kept| {
            bodies.push((pos.0, kept?.entry.payload.body));
            Ok::<_, ruhu_server::storage::StorageError>(())
        })?;
        let row = tx.unit(home.unit())?.unwrap();
        Ok::<_, ruhu_server::storage::StorageError>((bodies, row.nr.0, tx.unit_doc(row.nr)?))
    };
    let (bodies, nr, doc) = storage.read(read).unwrap();
    let open = folder::new().unwrap();
    let path = open.path().join("ruhu.db");
    let conn = rusqlite::Connection::open(storage.path().unwrap()).unwrap();
    conn.execute("VACUUM INTO ?1", [path.to_str().unwrap()]).unwrap();
    let conn = rusqlite::Connection::open(&path).unwrap();
    for (pos, body) in bodies {
        let Some(body) = body else { continue };
        let values = rusqlite::params![pos, body.salt, body.bytes];
        conn.execute("UPDATE entry SET salt = ?2, body = ?3 WHERE pos = ?1", values).unwrap();
    }
    conn.execute("UPDATE unit_file SET doc = NULL", []).unwrap();
    conn.execute("UPDATE unit_file SET doc = ?2 WHERE nr = ?1", rusqlite::params![nr, doc]).unwrap();
    conn.execute_batch("DELETE FROM vault; DELETE FROM owner_key").unwrap();
    drop(conn);
    assert!(lies_open(open.path(), NAME));
    let clock = village.hub.clock().clone();
    let opened = village.copied(open, clock, 8);
    assert!(can_tell(&opened, NAME));
    opened.assert_verifies();
    let conn = rusqlite::Connection::open(opened.hub.hub().storage().path().unwrap()).unwrap();
    conn.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(conn);
    assert!(!lies_open(opened.folder.path(), NAME), "and lies open nowhere");
}
