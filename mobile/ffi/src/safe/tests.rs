use ruhu_core::time::SinceBoot;
use uuid::Uuid;

use super::*;
use crate::host::HostFault;

/// Turns every bit round: enough to see that what lies in the file went through it.
struct Turned;

impl KeyStore for Turned {
    fn wrap_key(&self, key: Vec<u8>) -> Result<Vec<u8>, HostFault> {
        Ok(key.into_iter().map(|byte| !byte).collect())
    }
    fn unwrap_key(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, HostFault> {
        self.wrap_key(wrapped)
    }
}

struct Away;

impl KeyStore for Away {
    fn wrap_key(&self, _: Vec<u8>) -> Result<Vec<u8>, HostFault> {
        Err(HostFault::NotNow)
    }
    fn unwrap_key(&self, _: Vec<u8>) -> Result<Vec<u8>, HostFault> {
        Err(HostFault::Gone)
    }
}

fn at(wall_s: i64, boot: u128, ms: u64) -> PhoneTime {
    PhoneTime {
        wall: DateTime::from_timestamp(wall_s, 0).unwrap(),
        since_boot: Some(SinceBoot { ms, boot: Uuid::from_u128(boot) }),
    }
}

fn counted() -> impl FnMut(&mut [u8]) {
    let mut next = 0_u8;
    move |bytes| {
        for byte in bytes {
            next = next.wrapping_add(37);
            *byte = next;
        }
    }
}

fn open(path: &Path, passcode: &str, now: PhoneTime) -> Tried {
    Safe::find(path).unwrap().unwrap().open(passcode, now, &Turned).unwrap()
}

#[test]
fn the_key_comes_back_with_the_passcode_and_with_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.key");
    let made = Safe::make(&path, "三〇四室0304", &Turned, &mut counted()).unwrap();
    assert!(matches!(open(&path, "三〇四室0305", at(0, 1, 0)), Tried::Wrong));
    let Tried::Right(key) = open(&path, "三〇四室0304", at(0, 1, 0)) else {
        panic!("the right passcode")
    };
    assert_eq!(*key, *made);
    let kept = String::from_utf8(fs::read(&path).unwrap()).unwrap();
    assert!(!kept.contains(&STANDARD.encode(made.as_slice())), "the key lies in no file as it is");

    let safe = Safe::find(&path).unwrap().unwrap();
    safe.reseal("another one", &key, &Turned, &mut counted()).unwrap();
    assert!(matches!(open(&path, "三〇四室0304", at(0, 1, 0)), Tried::Wrong));
    assert!(matches!(open(&path, "another one", at(0, 1, 0)), Tried::Right(same) if *same == *made));
}

#[test]
fn a_short_passcode_is_a_trouble_of_its_field_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.key");
    let made = Safe::make(&path, "12345", &Turned, &mut counted());
    assert!(matches!(made, Err(PortError::FixForm { problems, .. }) if problems[0].field == "passcode"));
    assert!(!path.exists());
}

#[test]
fn guessing_is_slowed_down_and_no_clock_that_can_be_set_speeds_it_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.key");
    Safe::make(&path, "304304", &Turned, &mut counted()).unwrap();
    let began = at(1_000, 1, 50_000);
    for _ in 0..FREE_TRIES {
        assert_eq!(Safe::find(&path).unwrap().unwrap().wait_until(began), None);
        assert!(matches!(open(&path, "000000", began), Tried::Wrong));
    }
    let wait = |now: PhoneTime| Safe::find(&path).unwrap().unwrap().wait_until(now);
    let left = |now: PhoneTime| wait(now).map(|until| (until - now.wall).num_seconds());
    assert_eq!(left(began), Some(30));
    assert_eq!(
        left(at(1_000_000, 1, 60_000)),
        Some(20),
        "the wall clock was set; the boot clock is believed"
    );
    assert_eq!(left(at(1_000_000, 2, 5_000)), Some(25), "started again five seconds ago");
    assert_eq!(left(at(1_000, 1, 80_000)), None);
    assert!(matches!(open(&path, "000000", at(1_030, 1, 80_000)), Tried::Wrong));
    assert_eq!(left(at(1_030, 1, 80_000)), Some(60), "twice as long after one more");
    let plain = PhoneTime::wall_only(DateTime::from_timestamp(900, 0).unwrap());
    assert_eq!(left(plain), Some(60), "a clock set back gains nothing");
    assert!(matches!(open(&path, "304304", at(2_000, 1, 990_000)), Tried::Right(_)));
    assert_eq!(left(began), None, "the right one clears the count");
}

#[test]
fn a_key_store_that_does_not_answer_costs_no_try() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.key");
    assert!(matches!(Safe::make(&path, "304304", &Away, &mut counted()), Err(PortError::TryLater { .. })));
    assert!(!path.exists());
    Safe::make(&path, "304304", &Turned, &mut counted()).unwrap();
    let mut safe = Safe::find(&path).unwrap().unwrap();
    assert!(matches!(safe.open("304304", at(0, 1, 0), &Away), Err(PortError::CallSupport { .. })));
    assert_eq!(Safe::find(&path).unwrap().unwrap().kept.failed, 0);
}

#[test]
fn a_damaged_or_newer_file_is_said_to_be_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.key");
    fs::write(&path, "not json").unwrap();
    assert!(matches!(Safe::find(&path), Err(PortError::CallSupport { .. })));
    Safe::make(&path, "304304", &Turned, &mut counted()).unwrap();
    let kept = fs::read_to_string(&path).unwrap();
    fs::write(&path, kept.replace("\"memory_kib\":32768", "\"memory_kib\":4000000000")).unwrap();
    let tried = Safe::find(&path).unwrap().unwrap().open("304304", at(0, 1, 0), &Turned);
    assert!(matches!(tried, Err(PortError::CallSupport { .. })), "no four terabytes are taken");
    fs::write(&path, kept.replace("\"version\":1", "\"version\":2")).unwrap();
    assert!(matches!(Safe::find(&path), Err(PortError::UpdateApp { .. })));
}
