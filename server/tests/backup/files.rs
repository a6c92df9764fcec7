//! The file itself: how it is written, and everything that is refused.

use std::path::Path;
use std::sync::Arc;

use clap::Parser;
use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{EnrolRequest, TroubleCode};
use ruhu_server::access::{NewAccount, Place, Role};
use ruhu_server::backup::key::{KeyError, RecoveryKey};
use ruhu_server::backup::restore::{RestoreError, restore};
use ruhu_server::backup::seal::{SealError, seal};
use ruhu_server::backup::{Backup, BackupError};
use ruhu_server::cli::{Cli, CliError, Console, run};

use crate::world::{COMMUNITY, HOUSEHOLDS, WORKERS, World, open_hub};

fn backed_up() -> (World, RecoveryKey, Backup) {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    for _ in 0..3 {
        let visit = phone.visit(0);
        phone.say(&world.hub, Unit::Household(HOUSEHOLDS[0]), visit);
    }
    let key = RecoveryKey::generate();
    let made = world.hub.back_up(&world.database.folder.path().join("one.ruhu-backup"), &key).unwrap();
    (world, key, made)
}

fn tried(world: &World, from: &Path, key: &RecoveryKey) -> Result<(), String> {
    let data = world.database.folder.path().join("again");
    let done = restore(from, key, &data, [1; 8], 0);
    if done.is_err() {
        assert!(!data.exists(), "nothing was changed");
        let left = std::fs::read_dir(world.database.folder.path()).unwrap();
        let left = left.filter(|one| one.as_ref().unwrap().file_name().to_str().unwrap().starts_with('.'));
        assert_eq!(left.count(), 0, "and nothing is left behind");
    }
    done.map(drop).map_err(|why| why.to_string())
}

#[test]
fn a_backup_is_private_encrypted_and_restores_into_a_whole_hub_in_a_new_epoch() {
    let (world, key, made) = backed_up();
    let bytes = std::fs::read(&made.path).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1"), "any age program opens it");
    assert!(!bytes.windows(15).any(|part| part == b"SQLite format 3"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&made.path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(made.size_bytes, u64::try_from(bytes.len()).unwrap());
    let data = world.database.folder.path().join("deep").join("again");
    let restored = restore(&made.path, &key, &data, [1; 8], 0).unwrap();
    assert_eq!((restored.entries, restored.hub_epoch), (made.entries, 2));
    let hub = open_hub(&data.join("ruhu.db"), &world.clock, 9);
    assert_eq!(hub.verify().unwrap().faults, []);
    assert_eq!(hub.id(), world.hub.id());
    // Into the empty folder somebody made for it as well.
    let empty = world.database.folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    restore(&made.path, &key, &empty, [2; 8], 0).unwrap();
}

#[test]
fn a_backup_never_writes_over_a_file_and_a_key_neither() {
    let (world, key, made) = backed_up();
    let before = std::fs::read(&made.path).unwrap();
    assert!(matches!(world.hub.back_up(&made.path, &key), Err(BackupError::Exists { .. })));
    assert_eq!(std::fs::read(&made.path).unwrap(), before);
    let path = world.database.folder.path().join("key");
    key.write(&path).unwrap();
    assert!(matches!(RecoveryKey::generate().write(&path), Err(KeyError::Exists { .. })));
    assert!(tried(&world, &made.path, &RecoveryKey::read(&path).unwrap()).is_ok());
}

#[test]
fn a_backup_into_a_folder_that_is_not_there_leaves_nothing_behind() {
    let (world, key, _) = backed_up();
    let nowhere = world.database.folder.path().join("nowhere").join("two.ruhu-backup");
    assert!(matches!(world.hub.back_up(&nowhere, &key), Err(BackupError::File { .. })));
    let left = std::fs::read_dir(world.database.folder.path()).unwrap();
    assert!(
        left.map(|one| one.unwrap().file_name()).all(|name| !name.to_str().unwrap().starts_with(".ruhu"))
    );
}

#[test]
fn a_folder_with_anything_in_it_is_never_restored_into() {
    let (world, key, made) = backed_up();
    let why = restore(&made.path, &key, world.database.folder.path(), [1; 8], 0).unwrap_err();
    assert!(matches!(why, RestoreError::NotEmpty { .. }));
    assert!(why.to_string().contains("--data"), "{why}");
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn a_wrong_key_is_told_from_a_broken_file() {
    let (world, _, made) = backed_up();
    let why = tried(&world, &made.path, &RecoveryKey::generate()).unwrap_err();
    assert!(why.contains("密钥不对") && why.contains("wrong key"), "{why}");
}

#[test]
fn a_file_cut_anywhere_or_altered_anywhere_is_refused_and_changes_nothing() {
    let (world, key, made) = backed_up();
    let whole = std::fs::read(&made.path).unwrap();
    let path = world.database.folder.path().join("broken");
    let step = whole.len() / 60;
    for at in (0..whole.len()).step_by(step).chain([whole.len() - 1]) {
        std::fs::write(&path, &whole[..at]).unwrap();
        assert!(tried(&world, &path, &key).is_err(), "cut at {at} of {}", whole.len());
        let mut altered = whole.clone();
        altered[at] ^= 0x20;
        std::fs::write(&path, &altered).unwrap();
        assert!(tried(&world, &path, &key).is_err(), "altered at {at} of {}", whole.len());
    }
    let mut longer = whole;
    longer.extend_from_slice(b"more");
    std::fs::write(&path, &longer).unwrap();
    assert!(tried(&world, &path, &key).is_err(), "something was added");
    assert!(tried(&world, &made.path, &key).is_ok());
}

#[test]
fn files_of_other_programs_are_refused_whether_encrypted_or_not() {
    let (world, key, _) = backed_up();
    let (plain, sealed) =
        (world.database.folder.path().join("plain"), world.database.folder.path().join("sealed"));
    std::fs::write(&plain, "姓名,住址\n").unwrap();
    assert!(tried(&world, &plain, &key).unwrap_err().contains("不是入户的备份"));
    seal(&plain, std::fs::File::create(&sealed).unwrap(), &key.recipient()).unwrap();
    assert!(tried(&world, &sealed, &key).unwrap_err().contains("不是入户的备份"));
    let other = world.database.folder.path().join("other.db");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE meta (hub TEXT)").unwrap();
    seal(&other, std::fs::File::create(&sealed).unwrap(), &key.recipient()).unwrap();
    assert!(tried(&world, &sealed, &key).unwrap_err().contains("不是入户的备份"));
    assert!(
        tried(&world, &world.database.folder.path().join("ruhu.db"), &key)
            .unwrap_err()
            .contains("不是入户的备份")
    );
}

#[test]
fn a_database_of_a_newer_program_asks_for_a_newer_program() {
    let (world, key, _) = backed_up();
    let copy = world.database.folder.path().join("copy.db");
    let db = rusqlite::Connection::open(world.database.folder.path().join("ruhu.db")).unwrap();
    db.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    rusqlite::Connection::open(&copy).unwrap().pragma_update(None, "user_version", 9_999).unwrap();
    let sealed = world.database.folder.path().join("sealed");
    seal(&copy, std::fs::File::create(&sealed).unwrap(), &key.recipient()).unwrap();
    assert!(tried(&world, &sealed, &key).unwrap_err().contains("ruhu"));
}

#[test]
fn a_backup_whose_log_does_not_hold_is_kept_but_covers_nothing_and_is_not_restored() {
    let (world, key, _) = backed_up();
    let db = rusqlite::Connection::open(world.database.folder.path().join("ruhu.db")).unwrap();
    db.execute("UPDATE entry SET skeleton = x'00' WHERE pos = (SELECT max(pos) FROM entry)", []).unwrap();
    let covered = world.hub.storage().read(|tx| tx.widest_backup()).unwrap();
    let path = world.database.folder.path().join("faulty.ruhu-backup");
    assert!(matches!(world.hub.back_up(&path, &key), Err(BackupError::Faulty { .. })));
    assert!(path.exists(), "a damaged copy may be the last there is");
    assert_eq!(world.hub.storage().read(|tx| tx.widest_backup()).unwrap(), covered);
    let why = restore(&path, &key, &world.database.folder.path().join("again"), [1; 8], 0).unwrap_err();
    assert!(matches!(why, RestoreError::Faulty { .. }));
}

#[test]
fn cut_short_tells_itself_from_a_foreign_file() {
    let (world, key, made) = backed_up();
    let whole = std::fs::read(&made.path).unwrap();
    let path = world.database.folder.path().join("half");
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let data = world.database.folder.path().join("again");
    let why = restore(&path, &key, &data, [1; 8], 0).unwrap_err();
    assert!(matches!(why, RestoreError::Seal(SealError::Altered(_))), "{why:?}");
}

fn typed(data: &Path, words: &[&str]) -> Result<String, CliError> {
    let mut line = vec!["ruhu", "--data", data.to_str().unwrap()];
    line.extend(words);
    let mut out = Vec::new();
    let clock = ruhu_core::time::FixedClock("2026-07-01T01:00:00Z".parse().unwrap());
    let randomness = Box::new(StdRng::seed_from_u64(u64::try_from(words.concat().len()).unwrap()));
    let console = Console { out: &mut out, clock: Arc::new(clock), randomness };
    run(Cli::try_parse_from(line).unwrap(), console)?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn key_backup_and_restore_are_three_commands() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (data, again) = (folder.path().join("data"), folder.path().join("again"));
    typed(&data, &["community", "set", "阳光社区", "--street", "东街", "--county", "某县"]).unwrap();
    let (key, backup) = (path("key"), path("one.ruhu-backup"));
    assert!(typed(&folder.path().join("unmade"), &["backup", "--make-key", &key]).unwrap().contains(&key));
    assert!(!folder.path().join("unmade").exists(), "a key needs no hub");
    assert!(typed(&data, &["backup", &backup, "--key", &key]).unwrap().contains("已读回核验"));
    assert!(
        typed(&data, &["restore", &backup, "--key", &key, "--without-erasures"])
            .unwrap_err()
            .to_string()
            .contains("--data")
    );
    let why = typed(&again, &["restore", &key, "--key", &key, "--without-erasures"]).unwrap_err().to_string();
    assert!(why.contains("不是入户的备份"), "{why}");
    let why =
        typed(&again, &["restore", &backup, "--key", &backup, "--without-erasures"]).unwrap_err().to_string();
    assert!(why.contains("AGE-SECRET-KEY"), "{why}");
    assert!(!again.exists());
    let unsaid = typed(&again, &["restore", &backup, "--key", &key]).unwrap_err().to_string();
    assert!(unsaid.contains("--erasures") && unsaid.contains("--without-erasures"), "{unsaid}");
    let said = typed(&again, &["restore", &backup, "--key", &key, "--without-erasures"]).unwrap();
    assert!(said.contains("已恢复") && said.contains("登记码 0 个作废"), "{said}");
    assert!(typed(&again, &["verify"]).unwrap().contains("全部相符"));
}

#[test]
fn who_was_signed_in_and_which_code_was_open_when_the_backup_was_made_is_no_key_to_the_restored_hub() {
    let (world, key, _) = backed_up();
    let account = NewAccount {
        name: "lifang".into(),
        shown: "李芳".into(),
        role: Role::Community,
        place: Place::Community { id: COMMUNITY },
    };
    let password = world.hub.add_account(&account).unwrap();
    let signed_in = world.hub.sign_in("lifang", &password).unwrap();
    let codes = [0, 1].map(|nth| world.hub.make_code(COMMUNITY, WORKERS[nth]).unwrap());
    let asked = |code: &str, nth: u8| EnrolRequest {
        code: code.to_owned(),
        key: ed25519_dalek::SigningKey::from_bytes(&[nth; 32]).verifying_key().to_bytes(),
        device: "手机".into(),
        app: "test/1".into(),
    };
    world.hub.enrol(&asked(&codes[0], 1)).unwrap();
    let path = world.database.folder.path().join("two.ruhu-backup");
    world.hub.back_up(&path, &key).unwrap();
    let data = world.database.folder.path().join("again");
    let restored = restore(&path, &key, &data, [1; 8], 0).unwrap();
    assert_eq!((restored.sessions, restored.codes), (1, 1));

    let hub = open_hub(&data.join("ruhu.db"), &world.clock, 9);
    assert_eq!(hub.session(&signed_in.token).unwrap(), None, "he signs in again");
    assert!(hub.sign_in("lifang", &password).is_ok());
    let refused = hub.enrol(&asked(&codes[1], 2)).unwrap_err();
    assert_eq!(refused.code, TroubleCode::BadCode, "the worker is given a new one");
    assert!(hub.enrol(&asked(&codes[0], 1)).is_ok(), "the phone that had its answer may ask for it again");
    assert!(world.hub.session(&signed_in.token).unwrap().is_some(), "the hub itself was not touched");
    assert_eq!(hub.verify().unwrap().faults, []);
}
