//! Encrypted files: what can be read in them, wrong keys, plain files that become encrypted, keys that change.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use ruhu_core::fieldbook::{Fieldbook, NewHousehold, NewMember, NewPlace};
use ruhu_core::roster::Address;
use ruhu_core::store::{Store, StoreError, StoreKey};

use crate::hub::{GRID, Hub};
use crate::phone::{HandClock, NOW, Phone, at_home, met, phone_field};
use crate::sealed::{KEY, book, raw, store};

const OTHER: [u8; 32] = [0x3C; 32];
const WORDS: [&str; 4] = ["第1网格", "13811111111", "王某某", "https://hub"];

fn key() -> StoreKey {
    StoreKey::new(KEY)
}

fn clock() -> Arc<HandClock> {
    Arc::new(HandClock(Mutex::new(NOW.parse().unwrap())))
}

fn plain(path: &str) -> Fieldbook {
    Fieldbook::open(path, "trial/1", clock(), Box::new(ChaCha20Rng::seed_from_u64(9))).unwrap()
}

/// A plain file with records that were received, records that were not, and a household found at the door.
fn worked_plainly(path: &str, hub: &mut Hub) {
    let mut book = plain(path);
    let request = book.enrol_request("CODE", "trial").unwrap();
    book.take_enrol_reply("https://hub", 200, &hub.enrol(1, &request)).unwrap();
    exchange(&mut book, hub);
    book.save_visit(met(1), &phone_field("13811111111")).unwrap();
    exchange(&mut book, hub);
    book.save_visit(met(2), &[]).unwrap();
    let address = Address { estate: "阳光小区".into(), door: "909".into(), ..Address::default() };
    let member = NewMember { fields: vec![("name".into(), "王某某".into())] };
    let found = NewHousehold {
        place: NewPlace::New { address, grid: GRID },
        moved_in_on: None,
        split_from: None,
        members: vec![member],
        fields: Vec::new(),
        reason: String::new(),
    };
    book.new_household(&found).unwrap();
}

fn exchange(book: &mut Fieldbook, hub: &mut Hub) {
    for _ in 0..3 {
        book.sync_now();
        let request = book.sync_request().unwrap().unwrap();
        let (status, body) = hub.answer(&request.body);
        book.take_sync_response(status, &body).unwrap();
    }
}

/// Every byte of the file and of what lies beside it.
fn bytes(path: &str) -> Vec<(String, Vec<u8>)> {
    ["", "-wal", "-journal", ".part", ".part-journal", ".part-wal"]
        .into_iter()
        .map(|end| format!("{path}{end}"))
        .filter(|name| Path::new(name).exists())
        .map(|name| (name.clone(), std::fs::read(name).unwrap()))
        .collect()
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

fn told(book: &Fieldbook) -> String {
    format!(
        "{:?} {:?} {:?} {:?}",
        book.receipts().unwrap(),
        book.due(None, None).unwrap(),
        book.household(at_home(1)).unwrap(),
        book.find("王某某").unwrap(),
    )
}

#[test]
fn names_numbers_and_addresses_are_in_no_byte_of_the_file_or_its_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plain.db").to_str().unwrap().to_owned();
    let mut hub = Hub::new(NOW);
    worked_plainly(&path, &mut hub);
    let read: Vec<u8> = bytes(&path).into_iter().flat_map(|(_, bytes)| bytes).collect();
    for word in WORDS {
        assert!(holds(&read, word), "the trial is none: a plain file holds {word}");
    }
    assert!(Store::encrypt(&path, &key()).unwrap());
    // And what is written from now on, while the journal is still there.
    let mut book = book(&path, clock(), 1).unwrap();
    book.save_visit(met(3), &phone_field("13811111111")).unwrap();
    let files = bytes(&path);
    assert_eq!(
        files.len(),
        2,
        "the file and its journal: {:?}",
        files.iter().map(|one| &one.0).collect::<Vec<_>>()
    );
    for (name, read) in files {
        assert!(!holds(&read, "SQLite format 3"), "{name}");
        assert!(!holds(&read, "CREATE TABLE"), "{name}");
        for word in WORDS {
            assert!(!holds(&read, word), "{name} holds {word}");
        }
    }
}

#[test]
fn a_wrong_key_is_told_of_and_changes_nothing() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    let before = bytes(&phone.path);
    let why = Store::open_encrypted(&phone.path, &StoreKey::new(OTHER)).unwrap_err();
    assert!(matches!(why, StoreError::WrongKey), "{why:?}");
    assert!(why.to_string().contains("保留原件"), "names the way out: {why}");
    // Also where nobody has the file open and a journal lies beside it, as after a kill.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("killed.db").to_str().unwrap().to_owned();
    for end in ["", "-wal"] {
        std::fs::copy(format!("{}{end}", phone.path), format!("{path}{end}")).unwrap();
    }
    let killed = bytes(&path);
    for tried in [
        Store::open_encrypted(&path, &StoreKey::new(OTHER)).map(|_| true),
        Store::encrypt(&path, &StoreKey::new(OTHER)),
        Store::rekey(&path, &StoreKey::new(OTHER), &StoreKey::new([1; 32])),
    ] {
        assert!(matches!(tried, Err(StoreError::WrongKey)), "{tried:?}");
        assert_eq!(bytes(&path), killed);
    }
    assert_eq!(bytes(&phone.path), before);
    let found = book(&path, clock(), 2).unwrap();
    assert_eq!(found.receipts().unwrap().len(), 1);
}

#[test]
fn a_plain_file_with_a_key_and_an_encrypted_one_without_are_told_apart_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db").to_str().unwrap().to_owned();
    drop(Store::open(&path).unwrap());
    let before = bytes(&path);
    assert!(matches!(store(&path), Err(StoreError::NotEncrypted)));
    let rekeyed = Store::rekey(&path, &key(), &StoreKey::new(OTHER));
    assert!(matches!(rekeyed, Err(StoreError::NotEncrypted)));
    assert_eq!(bytes(&path), before);

    let path = folder.path().join("b.db").to_str().unwrap().to_owned();
    drop(store(&path).unwrap());
    let before = bytes(&path);
    let why = Store::open(&path).unwrap_err();
    assert!(matches!(why, StoreError::Encrypted), "{why:?}");
    assert!(why.to_string().contains("密钥"), "{why}");
    assert_eq!(bytes(&path), before);
}

#[test]
fn a_plain_file_becomes_an_encrypted_one_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("phone.db").to_str().unwrap().to_owned();
    let mut hub = Hub::new(NOW);
    worked_plainly(&path, &mut hub);
    let before = told(&plain(&path));
    assert!(Store::encrypt(&path, &key()).unwrap());
    assert!(!Store::encrypt(&path, &key()).unwrap(), "a second time there is nothing to do");
    assert_eq!(bytes(&path).len(), 1, "no copy and no journal stays behind");
    let mut book = book(&path, clock(), 1).unwrap();
    assert_eq!(told(&book), before);
    let unsent = book.outbox().unwrap().unsent;
    assert!(unsent >= 2);
    exchange(&mut book, &mut hub);
    assert_eq!(book.outbox().unwrap().unsent, 0, "the chain goes on where it was");
    let mode: String = raw(&path).query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn a_file_that_is_not_there_is_not_made_by_encrypting_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.db").to_str().unwrap().to_owned();
    assert!(!Store::encrypt(&path, &key()).unwrap());
    assert!(!Store::rekey(&path, &key(), &StoreKey::new(OTHER)).unwrap());
    assert!(bytes(&path).is_empty());
}

#[test]
fn killed_at_any_point_of_encrypting_the_file_is_the_old_one_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("phone.db").to_str().unwrap().to_owned();
    let part = format!("{path}.part");
    let mut hub = Hub::new(NOW);
    worked_plainly(&path, &mut hub);
    let before = told(&plain(&path));
    let old = std::fs::read(&path).unwrap();
    assert!(Store::encrypt(&path, &key()).unwrap());
    let new = std::fs::read(&path).unwrap();
    // Before the rename: any part of the copy may lie there, with its journal.
    for kept in [0, 1, new.len() / 2, new.len()] {
        std::fs::write(&path, &old).unwrap();
        std::fs::write(&part, &new[..kept]).unwrap();
        std::fs::write(format!("{part}-journal"), &new[..kept / 3]).unwrap();
        assert_eq!(told(&plain(&path)), before, "the old file still opens");
        assert!(Store::encrypt(&path, &key()).unwrap());
        assert_eq!(bytes(&path).len(), 1);
        assert_eq!(told(&book(&path, clock(), 1).unwrap()), before);
    }
    // After it: the host asks again, and is told that nothing is to be done.
    assert!(!Store::encrypt(&path, &key()).unwrap());
}

#[test]
fn a_file_somebody_has_open_is_not_encrypted_under_him() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("phone.db").to_str().unwrap().to_owned();
    let mut hub = Hub::new(NOW);
    worked_plainly(&path, &mut hub);
    let mut open = plain(&path);
    let refused = Store::encrypt(&path, &key());
    assert!(matches!(refused, Err(StoreError::Locked)), "{refused:?}");
    open.save_visit(met(3), &[]).unwrap();
    drop(open);
    assert!(Store::encrypt(&path, &key()).unwrap());
    assert!(book(&path, clock(), 1).unwrap().receipts().unwrap().len() >= 4);
}

#[test]
fn a_new_key_opens_everything_and_the_old_one_nothing() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    let locked = Store::rekey(&phone.path, &key(), &StoreKey::new(OTHER));
    assert!(matches!(locked, Err(StoreError::Locked)), "{locked:?}");
    let path = phone.path.clone();
    phone.book = book(&format!("{path}-other"), clock(), 3).unwrap();
    assert!(Store::rekey(&path, &key(), &StoreKey::new(OTHER)).unwrap());
    assert!(!Store::rekey(&path, &key(), &StoreKey::new(OTHER)).unwrap(), "killed after the rename");
    assert!(matches!(store(&path), Err(StoreError::WrongKey)));
    assert!(Store::rekey(&path, &StoreKey::new(OTHER), &key()).unwrap());
    phone.reopen(4);
    assert_eq!(phone.book.receipts().unwrap().len(), 1);
    phone.sync(&mut hub);
    assert_eq!(hub.received.len(), 1);
}

#[test]
fn the_key_is_in_no_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db").to_str().unwrap().to_owned();
    drop(store(&path).unwrap());
    let nowhere = folder.path().join("nowhere").join("a.db").to_str().unwrap().to_owned();
    std::fs::create_dir(format!("{path}.part")).unwrap();
    let messages = [
        format!("{:?}", Store::open_encrypted(&path, &StoreKey::new(OTHER)).unwrap_err()),
        format!("{:?}", Store::open_encrypted(&nowhere, &StoreKey::new(OTHER)).unwrap_err()),
        format!("{:?}", Store::rekey(&path, &key(), &StoreKey::new(OTHER)).unwrap_err()),
        format!("{:?}", StoreKey::new(OTHER)),
    ];
    for said in messages {
        assert!(!said.to_lowercase().contains("3c3c") && !said.to_lowercase().contains("a7a7"), "{said}");
        assert!(!said.contains("60, 60") && !said.contains("PRAGMA key"), "{said}");
    }
    assert!(store(&path).is_ok(), "and the file is as it was");
}

#[test]
fn a_flipped_byte_in_an_encrypted_page_is_damage_and_not_taken_for_data() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db").to_str().unwrap().to_owned();
    drop(store(&path).unwrap());
    let whole = std::fs::read(&path).unwrap();
    for page in 1..whole.len() / 4096 {
        let mut flipped = whole.clone();
        flipped[page * 4096 + 700] ^= 1;
        std::fs::write(&path, &flipped).unwrap();
        let read = store(&path).and_then(|held| {
            let sql = "PRAGMA integrity_check";
            let found = held.read().query_row(sql, [], |row| row.get::<_, String>(0));
            found.map_err(StoreError::Damaged)
        });
        assert!(read.is_err() || read.as_deref().is_ok_and(|found| found != "ok"), "page {page}: {read:?}");
    }
}

/// Names the folder to the process that plays a program which has opened nothing yet.
const FIRST: &str = "RUHU_FIRST_FILES";

/// `SQLCipher` sets itself up at the first connection of a process, and `SQLite` takes further ones before that is done.
#[test]
fn the_first_files_of_a_program_may_be_opened_on_several_threads_at_once() {
    if let Ok(folder) = std::env::var(FIRST) {
        return open_at_once(Path::new(&folder));
    }
    for _ in 0..100 {
        let folder = tempfile::tempdir().unwrap();
        let name = "cipher::the_first_files_of_a_program_may_be_opened_on_several_threads_at_once";
        let mut program = Command::new(std::env::current_exe().unwrap());
        let done = program.args(["--exact", name]).env(FIRST, folder.path()).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    }
}

fn open_at_once(folder: &Path) {
    let ready = Barrier::new(8);
    thread::scope(|scope| {
        for nth in 0..8 {
            let (ready, path) = (&ready, folder.join(format!("{nth}.db")));
            scope.spawn(move || {
                ready.wait();
                store(path.to_str().unwrap()).unwrap();
            });
        }
    });
}
