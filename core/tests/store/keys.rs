//! A hub that changes its key: phones follow the list, and nothing else.

use ed25519_dalek::SigningKey;
use ruhu_core::entry::{KeyLink, Trust};
use ruhu_core::fieldbook::LeaseStanding;
use ruhu_core::sync::session::{Outcome, Wait};
use ruhu_core::sync::wire::TroubleCode;

use crate::hub::{HUB, Hub};
use crate::phone::{NOW, Phone, met};

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn with_recovery() -> Hub {
    let mut hub = Hub::new(NOW);
    hub.recovery = Some(key(99));
    hub
}

fn trust(phone: &Phone) -> Trust {
    phone.book.hub_trust().unwrap().unwrap()
}

/// Saves a visit and syncs once; that it was received.
fn visit_is_received(phone: &mut Phone, hub: &mut Hub) -> bool {
    let before = hub.received.len();
    phone.book.save_visit(met(1), &[]).unwrap();
    matches!(phone.sync(hub), Outcome::Done(_)) && hub.received.len() == before + 1
}

#[test]
fn a_phone_follows_its_hub_through_two_changes_in_one_answer_and_a_third_in_flight() {
    let mut hub = with_recovery();
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    assert_eq!((trust(&phone).nr, trust(&phone).recovery.is_some()), (1, true));
    hub.change_key(8, false);
    hub.change_key(9, false);
    assert!(visit_is_received(&mut phone, &mut hub));
    assert_eq!((trust(&phone).nr, trust(&phone).key), (3, key(9).verifying_key().to_bytes()));
    // Asked before the change, answered after it.
    phone.book.save_visit(met(2), &[]).unwrap();
    phone.book.sync_now();
    let request = phone.book.sync_request().unwrap().unwrap();
    hub.change_key(10, false);
    let (status, body) = hub.answer(&request.body);
    assert!(matches!(phone.book.take_sync_response(status, &body).unwrap(), Outcome::Done(_)));
    assert_eq!((trust(&phone).nr, trust(&phone).unconfirmed_since_ms), (4, None));
    // A phone enrolled now pins the present key and goes on from there.
    let mut later = Phone::enrolled(2, &mut hub, 2);
    assert_eq!(trust(&later).nr, 4);
    hub.change_key(11, false);
    assert!(visit_is_received(&mut later, &mut hub));
    assert_eq!(trust(&later).nr, 5);
}

#[test]
fn an_answer_under_a_key_left_behind_or_a_list_that_was_forged_changes_nothing() {
    let mut hub = with_recovery();
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    let known = trust(&phone);
    let former = (hub.key.clone(), hub.links.clone());
    // Whoever has the hub's place but not the recovery key, or not the present one.
    let stranger = key(66);
    let next = stranger.verifying_key();
    let public = hub.key.verifying_key().to_bytes();
    let by = |recovery: &SigningKey, present: Option<&SigningKey>| {
        KeyLink::make(HUB, (2, &public), (&next, 1), recovery, present)
    };
    let forged = [
        by(&stranger, Some(&former.0)),
        by(&key(99), Some(&stranger)),
        by(&stranger, None),
        KeyLink { by_present: None, ..by(&key(99), Some(&former.0)) },
        KeyLink { nr: 3, ..by(&key(99), Some(&former.0)) },
    ];
    for (nth, link) in forged.into_iter().enumerate() {
        (hub.key, hub.links) = (stranger.clone(), vec![link]);
        phone.book.sync_now();
        let outcome = phone.sync(&mut hub);
        assert!(matches!(outcome, Outcome::RetryAt { why: Wait::HubKey, .. }), "{nth}: {outcome:?}");
        assert_eq!(trust(&phone), known);
        assert_eq!(phone.book.outbox().unwrap().unsent, 1);
    }
    // The true change, and then the old key again: rolled back.
    (hub.key, hub.links) = former.clone();
    hub.received.clear();
    hub.restore_to_nothing();
    hub.change_key(8, false);
    phone.sync(&mut hub);
    assert_eq!(trust(&phone).nr, 2);
    (hub.key, hub.links) = former;
    let outcome = phone.sync(&mut hub);
    assert!(matches!(outcome, Outcome::RetryAt { why: Wait::HubKey, .. }), "{outcome:?}");
    assert_eq!(trust(&phone).nr, 2);
}

#[test]
fn a_lost_key_is_replaced_by_the_recovery_key_alone_and_the_phone_asks_to_compare() {
    let mut hub = with_recovery();
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    hub.change_key(8, true);
    assert!(visit_is_received(&mut phone, &mut hub));
    assert!(trust(&phone).unconfirmed_since_ms.is_some());
    phone.reopen(3);
    assert!(trust(&phone).unconfirmed_since_ms.is_some());
    hub.change_key(9, false);
    assert!(visit_is_received(&mut phone, &mut hub));
    assert_eq!(trust(&phone).unconfirmed_since_ms, None);
}

#[test]
fn a_phone_of_before_there_was_a_recovery_key_pins_it_when_it_hears_of_it() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    let mut silent = Phone::enrolled(2, &mut hub, 2);
    assert_eq!(trust(&phone).recovery, None);
    hub.recovery = Some(key(99));
    phone.sync(&mut hub);
    assert_eq!(trust(&phone).recovery, Some(key(99).verifying_key().to_bytes()));
    hub.change_key(8, false);
    assert!(visit_is_received(&mut phone, &mut hub));
    assert!(visit_is_received(&mut silent, &mut hub), "both at once, under the key it pinned");
    assert_eq!((trust(&silent).nr, trust(&silent).recovery.is_some()), (2, true));
}

#[test]
fn a_revoked_phone_believes_the_word_to_erase_under_a_key_its_own_leads_to_and_no_other() {
    let mut hub = with_recovery();
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    hub.change_key(8, false);
    let request = phone.book.sync_request().unwrap().unwrap();
    let erase = hub.signed_trouble(TroubleCode::Erase, &request.body);
    let taken = phone.book.take_sync_response(410, &erase).unwrap();
    assert!(matches!(taken, Outcome::RetryAt { why: Wait::NoAnswer, .. }), "{taken:?}");
    assert_eq!(phone.book.lease().unwrap().unwrap().standing, LeaseStanding::Open);
    phone.book.sync_now();
    let request = phone.book.sync_request().unwrap().unwrap();
    let erase = hub.signed_trouble_telling_keys(TroubleCode::Erase, &request.body);
    assert_eq!(phone.book.take_sync_response(410, &erase).unwrap(), Outcome::Erased);
    assert_eq!(phone.book.hub_trust().unwrap(), None);
}
