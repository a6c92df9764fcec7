//! A change that ends the program: what is marked when it starts again, and what becomes of it.

use ruhu_core::category::Scalar;
use ruhu_core::entry::{Kind, Payload};
use ruhu_core::store::{applying, log};

use crate::hub::Hub;
use crate::phone::{NOW, Phone, at_home, met, phone_field};
use crate::sealed::{raw, store};

/// Two phones of one grid; the second has received the first one's edit, whose payload is returned.
fn edited() -> (Hub, Phone, Payload) {
    let mut hub = Hub::new(NOW);
    let mut one = Phone::enrolled(1, &mut hub, 1);
    let mut two = Phone::enrolled(2, &mut hub, 2);
    one.book.edit_fields(at_home(1), &phone_field("13800000000")).unwrap();
    one.sync(&mut hub);
    two.sync(&mut hub);
    let change = one.last_payload();
    assert_eq!(change.kind, Kind::Doc);
    (hub, two, change)
}

fn phone_of(phone: &Phone) -> Vec<Scalar> {
    phone.book.household(at_home(1)).unwrap().fields.get("p/phone").cloned().unwrap_or_default()
}

/// The program ended while this was being applied: opened only to be ended again.
fn die(path: &str, change: &Payload, alone: bool) {
    let mut held = store(path).unwrap();
    held.about_to_apply(std::slice::from_ref(change)).unwrap();
    drop(held);
    if alone {
        let db = raw(path);
        db.execute("UPDATE applying SET state = 4", []).unwrap();
    }
}

fn marked(path: &str) -> u32 {
    let db = raw(path);
    db.query_row("SELECT count(*) FROM applying", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_program_killed_by_chance_while_merging_loses_nothing() {
    let (_hub, mut two, change) = edited();
    die(&two.path, &change, false);
    assert_eq!(marked(&two.path), 1);
    two.reopen(3);
    assert_eq!(phone_of(&two), ["13800000000".into()]);
    assert_eq!(marked(&two.path), 0);
    assert!(applying::set_aside(store(&two.path).unwrap().read()).unwrap().is_empty());
}

#[test]
fn a_change_that_ends_the_program_alone_is_set_aside_and_the_household_goes_on() {
    let (mut hub, mut two, change) = edited();
    die(&two.path, &change, true);
    two.reopen(3);
    assert_eq!(phone_of(&two), Vec::<Scalar>::new(), "rebuilt without it");
    let held = store(&two.path).unwrap();
    assert_eq!(applying::set_aside(held.read()).unwrap(), [(change.hash(), at_home(1))]);
    assert!(log::find(held.read(), change.hash()).unwrap().is_some(), "kept word for word");
    drop(held);
    two.book.edit_fields(at_home(1), &[("p/tenure".to_owned(), "owned".into())]).unwrap();
    two.book.save_visit(met(1), &[]).unwrap();
    two.sync(&mut hub);
    two.reopen(4);
    assert_eq!(phone_of(&two), Vec::<Scalar>::new(), "it stays aside");
    assert_eq!(two.book.household(at_home(1)).unwrap().fields["p/tenure"], ["owned".into()]);
    assert_eq!(two.book.outbox().unwrap().unsent, 0);
}

#[test]
fn a_newer_version_that_rebuilds_tries_again_what_was_set_aside() {
    let (_hub, mut two, change) = edited();
    die(&two.path, &change, true);
    two.reopen(3);
    raw(&two.path).execute("UPDATE meta SET value = 0 WHERE name = 'projection'", []).unwrap();
    two.reopen(4);
    assert_eq!(phone_of(&two), ["13800000000".into()]);
    assert_eq!(marked(&two.path), 0);
}

#[test]
fn of_very_many_marked_changes_each_is_tried_and_none_is_lost() {
    let mut hub = Hub::new(NOW);
    let mut one = Phone::enrolled(1, &mut hub, 1);
    let mut two = Phone::enrolled(2, &mut hub, 2);
    let mut changes = Vec::new();
    for nth in 0..40 {
        one.book.edit_fields(at_home(1), &phone_field(&format!("138{nth:08}"))).unwrap();
        changes.push(one.last_payload());
    }
    one.sync(&mut hub);
    two.sync(&mut hub);
    let mut held = store(&two.path).unwrap();
    held.about_to_apply(&changes).unwrap();
    drop(held);
    two.reopen(3);
    assert_eq!(phone_of(&two), ["13800000039".into()]);
    assert_eq!(marked(&two.path), 0);
}

#[test]
fn own_saves_and_answers_without_changes_of_others_write_no_mark() {
    let mut hub = Hub::new(NOW);
    let mut one = Phone::enrolled(1, &mut hub, 1);
    let highest = |path: &str| -> Option<i64> {
        let db = raw(path);
        db.query_row("SELECT max(seq) FROM sqlite_sequence WHERE name = 'applying'", [], |row| row.get(0))
            .unwrap()
    };
    one.book.save_visit(met(1), &phone_field("13800000000")).unwrap();
    one.sync(&mut hub);
    assert_eq!(highest(&one.path), None);
    let mut two = Phone::enrolled(2, &mut hub, 2);
    assert_eq!(highest(&two.path), Some(1), "one foreign change, one mark");
    two.sync(&mut hub);
    assert_eq!(highest(&two.path), Some(1), "the second sync brings nothing");
}
