//! A hub put back by `ruhu restore`, and a phone it does not know: enrolled after the backup was made.

use ruhu_core::sync::session::Outcome;
use ruhu_core::sync::wire::{ENROL_PATH, SYNC_PATH};
use ruhu_server::backup::key::RecoveryKey;
use ruhu_server::backup::restore::restore;
use ruhu_sim::harness::SimPhone;
use ruhu_tests::village::{Village, field};

/// The village on the backup, restored.
fn restored(village: &Village, backup: &str, key: &RecoveryKey) -> Village {
    let data = village.folder.path().join("restored");
    restore(backup.as_ref(), key, &data, [1; 8], village.hub.clock().now().timestamp_millis()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(data).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    village.copied(folder, village.hub.clock().clone(), 77)
}

/// Asks once; what comes of it.
fn ask(village: &Village, phone: &mut SimPhone) -> (u16, Vec<u8>, Outcome) {
    phone.book.sync_now();
    let request = phone.book.sync_request().unwrap().unwrap();
    let (status, reply) = village.hub.answer(SYNC_PATH, &request.body).unwrap();
    let outcome = phone.book.take_sync_response(status, &reply).unwrap();
    (status, reply, outcome)
}

#[test]
fn a_phone_enrolled_after_the_backup_is_told_to_enrol_again_and_loses_no_record() {
    let village = Village::new(31, 3);
    let key = RecoveryKey::generate();
    let backup = village.path("backup");
    village.hub.hub().back_up(backup.as_ref(), &key).unwrap();
    let mut phone = village.phone(1, "late");
    let homes = village.homes(1);
    village.to("2026-07-02 10:00");
    let received = phone.book.save_visit(homes[0].met(), &field("p/phone", "13800000001")).unwrap();
    village.sync(&mut phone);
    assert_eq!(village.times_held(received.record.unwrap()), 1);
    let unsent = phone.book.save_visit(homes[1].met(), &[]).unwrap();

    let village = restored(&village, &backup, &key);
    assert_eq!(village.times_held(received.record.unwrap()), 0, "the hub has forgotten it");
    let (status, reply, outcome) = ask(&village, &mut phone);
    assert_eq!((status, &outcome), (401, &Outcome::EnrolAgain));
    assert!(String::from_utf8(reply).unwrap().contains("重新登记"), "the words say what to do");
    assert_eq!(phone.book.outbox().unwrap().unsent, 1, "and nothing was touched");
    // He goes on working meanwhile: without the hub a phone is a phone.
    let meanwhile = phone.book.save_visit(homes[2].met(), &field("p/phone", "13800000003")).unwrap();

    let code = village.hub.hub().make_code(village.hub.community(), village.worker(1)).unwrap();
    let request = phone.book.enrol_request(&code, "手机").unwrap();
    let (status, reply) = village.hub.answer(ENROL_PATH, &request).unwrap();
    phone.book.take_enrol_reply("http://127.0.0.1:8080", status, &reply).unwrap();
    village.sync(&mut phone);
    for saved in [&received, &unsent, &meanwhile] {
        assert_eq!(village.times_held(saved.record.unwrap()), 1);
    }
    assert_eq!(phone.book.outbox().unwrap().unsent, 0);
    for (home, number) in [(homes[0], "13800000001"), (homes[2], "13800000003")] {
        assert_eq!(village.values(home.unit(), "p/phone"), [number.into()], "its edits came with it");
    }
    village.assert_agrees(&phone, 1);
    village.assert_verifies();
}

#[test]
fn a_phone_the_hub_does_not_know_and_its_worker_has_left_keeps_everything_until_somebody_decides() {
    let village = Village::new(32, 2);
    let key = RecoveryKey::generate();
    let backup = village.path("backup");
    village.hub.hub().back_up(backup.as_ref(), &key).unwrap();
    let mut phone = village.phone(1, "late");
    let saved = phone.book.save_visit(village.homes(1)[0].met(), &[]).unwrap();
    let village = restored(&village, &backup, &key);
    for _ in 0..3 {
        assert_eq!(ask(&village, &mut phone).2, Outcome::EnrolAgain);
    }
    // A code of another worker does not make this man's records another's.
    let code = village.hub.hub().make_code(village.hub.community(), village.worker(2)).unwrap();
    let request = phone.book.enrol_request(&code, "手机").unwrap();
    let (status, reply) = village.hub.answer(ENROL_PATH, &request).unwrap();
    assert!(phone.book.take_enrol_reply("http://127.0.0.1:8080", status, &reply).is_err());
    assert_eq!(phone.book.receipts().unwrap().len(), 1);
    assert_eq!(phone.book.outbox().unwrap().unsent, 1);
    assert_eq!(village.times_held(saved.record.unwrap()), 0);
}
