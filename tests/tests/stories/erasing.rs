//! 删除: what was learnt about a person goes from the hub, from every phone, and from what a backup brings back; what was
//! done and when stays, to the bit.

use std::path::Path;

use ruhu_core::coverage::Coverage;
use ruhu_core::ids::{AccountId, Hash32};
use ruhu_core::store::EntryState;
use ruhu_core::sync::wire::Refusal;
use ruhu_server::access::command_line;
use ruhu_server::backup::key::RecoveryKey;
use ruhu_server::backup::restore::restore;
use ruhu_server::erase::{EraseError, Order, What, ledger};
use ruhu_server::verify::Fault;
use ruhu_sim::folder;
use ruhu_sim::harness::SimPhone;
use ruhu_sim::village::{Home, Village, field};

const HER: &str = "0193a000-0000-7000-8000-000000000001";
const HIM: &str = "0193a000-0000-7000-8000-000000000002";
const NAME: &str = "欧阳静好";
const NUMBER: &str = "13912345678";
const LATE: &str = "13987654321";

fn key(person: &str, field: &str) -> String {
    format!("m/{person}/{field}")
}

fn visited(phone: &mut SimPhone, home: Home, note: &str) -> Hash32 {
    let mut draft = home.met();
    draft.body.note = note.to_owned();
    phone.book.save_visit(draft, &[]).unwrap().record.unwrap()
}

fn edited(phone: &mut SimPhone, home: Home, key: &str, value: &str) -> Hash32 {
    phone.book.edit_fields(home.unit(), &field(key, value)).unwrap().unwrap().edit.unwrap()
}

/// A woman and a man live here; a visit speaks of her, another does not.
fn lived_in(village: &Village, phone: &mut SimPhone, home: Home) {
    village.to("2026-07-02 10:00");
    edited(phone, home, &key(HER, "name"), NAME);
    edited(phone, home, &key(HER, "phone"), NUMBER);
    edited(phone, home, &key(HIM, "name"), "司马大山");
    edited(phone, home, "p/tenure", "owned");
    visited(phone, home, &format!("{NAME}说楼道灯坏了"));
    village.to("2026-07-09 10:00");
    visited(phone, home, "一切照旧");
    village.sync(phone);
}

fn order(home: Home, what: What) -> Order {
    Order { unit: home.unit(), what, cause: "删除决定〔2026〕3号".into(), by: command_line() }
}

fn her() -> What {
    What::Person(HER.parse().unwrap())
}

fn coverage(village: &Village) -> Vec<Coverage> {
    (1..=3).map(|grid| village.rows(grid)).collect()
}

/// Whether any file below a folder holds these bytes in the open.
fn lies_open(folder: &Path, words: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|one| {
        let path = one.unwrap().path();
        if path.is_dir() {
            return lies_open(&path, words);
        }
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(words.len()).any(|part| part == words.as_bytes())
    })
}

/// Whether a hub can still tell these words to anybody.
fn can_tell(village: &Village, words: &str) -> bool {
    let mut found = false;
    let storage = village.hub.hub().storage();
    storage
        .read(|tx| {
            tx.each_entry(|_, kept| {
                let body = kept?.entry.payload.body;
                found |= body
                    .is_some_and(|body| body.bytes.windows(words.len()).any(|part| part == words.as_bytes()));
                Ok::<_, ruhu_server::storage::StorageError>(())
            })
        })
        .unwrap();
    found
}

fn fields(phone: &SimPhone, home: Home) -> Vec<String> {
    phone.book.household(home.unit()).unwrap().fields.into_keys().collect()
}

#[test]
fn a_person_is_erased_at_the_hub_and_on_every_phone_and_coverage_is_the_same_to_the_bit() {
    let village = Village::new(31, 3);
    let home = village.homes(1)[0];
    let (mut first, mut second) = (village.phone(1, "first"), village.phone(1, "second"));
    lived_in(&village, &mut first, home);
    village.sync(&mut second);
    assert!(fields(&second, home).contains(&key(HER, "phone")));
    // The second phone has no signal: it changes her number and visits, and is heard only afterwards.
    let edit = edited(&mut second, home, &key(HER, "phone"), LATE);
    let visit = visited(&mut second, home, &format!("{NAME}换了号码"));
    village.to("2026-07-20 10:00");
    let before = coverage(&village);
    let preview = village.hub.hub().preview_erasure(&order(home, her()), true).unwrap();
    assert_eq!(preview.fields, [key(HER, "name"), key(HER, "phone")]);
    assert_eq!(
        (preview.fields_stay, preview.changes, preview.bodies.len(), preview.bodies_stay),
        (2, 4, 1, 2)
    );

    let done = village.hub.hub().erase(vec![order(home, her())]).unwrap();
    assert_eq!((done[0].nr, done[0].bodies, done[0].fields), (1, 5, 2));
    assert_eq!(coverage(&village), before);
    assert!(!can_tell(&village, NAME) && !can_tell(&village, NUMBER));
    let report = village.hub.hub().verify().unwrap();
    assert_eq!((report.faults, report.erased), (vec![], 5));

    village.sync(&mut first);
    assert_eq!(fields(&first, home), [key(HIM, "name"), "p/tenure".to_owned()]);
    let exchange = village.sync(&mut second);
    assert_eq!((exchange.accepted, exchange.quarantined), (1, 1), "the visit counts, the edit is of nobody");
    let receipts = second.book.receipts().unwrap();
    let state = |entry| receipts.iter().find(|one| one.entry == entry).unwrap();
    assert!(matches!(state(visit).state, EntryState::Accepted { .. }));
    assert_eq!(state(edit).words.as_deref(), Some(Refusal::Erased.words()));
    village.sync(&mut second);
    assert_eq!(fields(&second, home), [key(HIM, "name"), "p/tenure".to_owned()]);
    assert!(!can_tell(&village, NAME) && !can_tell(&village, LATE));
    drop((first, second));
    for words in [NAME, NUMBER, LATE] {
        assert!(!lies_open(village.folder.path(), words), "{words} lies in a file");
    }
    village.assert_verifies();
}

#[test]
fn work_goes_on_in_the_document_that_was_made_anew() {
    let village = Village::new(32, 3);
    let home = village.homes(1)[0];
    let (mut first, mut second) = (village.phone(1, "first"), village.phone(1, "second"));
    lived_in(&village, &mut first, home);
    village.sync(&mut second);
    // Both wrote the same field apart: the conflict is a person's to settle, and outlives the erasure.
    edited(&mut first, home, "p/phone", "13800000001");
    edited(&mut second, home, "p/phone", "13800000002");
    village.sync(&mut first);
    village.sync(&mut second);
    village.hub.hub().erase(vec![order(home, her())]).unwrap();
    village.sync(&mut first);
    village.sync(&mut second);
    for phone in [&first, &second] {
        let values = phone.book.household(home.unit()).unwrap().fields["p/phone"].clone();
        assert_eq!(values.len(), 2, "{values:?}");
    }
    village.to("2026-07-21 10:00");
    edited(&mut second, home, "p/phone", "13800000003");
    visited(&mut second, home, "号码核对过了");
    assert_eq!(village.sync(&mut second).accepted, 2);
    village.sync(&mut first);
    let values = first.book.household(home.unit()).unwrap().fields["p/phone"].clone();
    assert_eq!(values, ["13800000003".into()]);
    village.assert_agrees(&first, 1);
    village.assert_agrees(&second, 1);
    village.assert_verifies();
}

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
fn what_cannot_be_erased_says_why_and_changes_nothing() {
    let village = Village::new(38, 3);
    let home = village.homes(1)[0];
    let mut phone = village.phone(1, "first");
    lived_in(&village, &mut phone, home);
    let hub = village.hub.hub();
    let before = hub.storage().read(|tx| tx.last_pos()).unwrap();
    let nobody = What::Person("0193a000-0000-7000-8000-00000000ffff".parse().unwrap());
    assert!(matches!(hub.erase(vec![order(home, nobody)]), Err(EraseError::UnknownPerson(_))));
    let says = |cause: &str| Order { cause: cause.into(), ..order(home, her()) };
    assert!(matches!(hub.erase(vec![says(" ")]), Err(EraseError::NoCause)));
    assert!(matches!(hub.erase(vec![says(&format!("应{NAME}要求"))]), Err(EraseError::CauseNames)));
    // The second of two cannot be done: neither is.
    let other = Order { by: AccountId::from_bytes([9; 16]), ..order(village.homes(2)[0], her()) };
    assert!(hub.erase(vec![order(home, her()), other]).is_err());
    assert_eq!(hub.storage().read(|tx| tx.last_pos()).unwrap(), before);
    assert!(can_tell(&village, NAME));
    village.assert_verifies();
}

#[test]
fn a_category_field_goes_when_its_time_has_passed_and_not_a_day_before() {
    let village = Village::new(39, 3);
    let home = village.homes(1)[0];
    let mut phone = village.phone(1, "first");
    lived_in(&village, &mut phone, home);
    edited(&mut phone, home, &key(HIM, "c/low-income/since"), "2025-01-01");
    edited(&mut phone, home, &key(HIM, "c/low-income/until"), "2026-07-10");
    village.sync(&mut phone);
    let category = |phone: &SimPhone| fields(phone, home).iter().filter(|key| key.contains("/c/")).count();
    let months = ruhu_core::category::CategoryForms::shipped()
        .unwrap()
        .form(&"low-income".parse().unwrap())
        .unwrap()
        .fields
        .iter()
        .map(|field| u32::from(field.retention.count()))
        .max()
        .unwrap();
    let kept: chrono::NaiveDate = "2026-07-10".parse().unwrap();
    let last = kept.checked_add_months(chrono::Months::new(months)).unwrap();
    village.to(&format!("{} 10:00", last.pred_opt().unwrap()));
    assert_eq!(village.hub.hub().erase_expired().unwrap(), []);
    village.to(&format!("{last} 10:00"));
    let before = coverage(&village);
    let erased = village.hub.hub().erase_expired().unwrap();
    assert_eq!((erased.len(), erased[0].fields), (1, 2));
    assert_eq!(coverage(&village), before);
    assert_eq!(village.hub.hub().erase_expired().unwrap(), [], "once");
    village.sync(&mut phone);
    assert_eq!(category(&phone), 0);
    assert!(fields(&phone, home).contains(&key(HER, "name")), "nobody's name has a time here");
    let cause = village.hub.hub().storage().read(|tx| tx.erasures()).unwrap()[0].cause.clone();
    assert!(cause.contains("low-income"), "{cause}");
    village.assert_verifies();
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
