//! The first load in one file: cut and killed at any byte, forged in every way, overtaken by the hub's own changes.

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use ruhu_core::fieldbook::{Fieldbook, FieldbookError};
use ruhu_core::ids::{EnrolmentId, Hash32, HubId};
use ruhu_core::store::log;
use ruhu_core::sync::session::{BundleHead, BundleRequest, FirstLoad, Outcome, SyncError};
use ruhu_core::sync::wire::{BadBundle, TroubleCode};

use crate::hub::{GRID, HUB, Hub};
use crate::phone::{NOW, Phone, at_home, met, phone_field};

/// A hub that serves one file as RFC 9110 says, and a line that lets so many bytes through.
struct Served {
    bytes: Vec<u8>,
    asked: u32,
    carried: usize,
}

impl Served {
    fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, asked: 0, carried: 0 }
    }

    fn etag(&self) -> String {
        format!("\"{}\"", Hash32::of(&[&self.bytes]))
    }

    fn answer(&mut self, request: &BundleRequest) -> (BundleHead, Vec<u8>) {
        self.asked += 1;
        let (total, etag) = (self.bytes.len(), self.etag());
        let rest = request.rest.as_ref().filter(|(_, known)| *known == etag);
        let from = rest.map_or(0, |(from, _)| usize::try_from(*from).unwrap());
        let body = self.bytes[from..].to_vec();
        let length = Some(body.len() as u64);
        let (status, range) = match rest {
            Some(_) => (206, Some(format!("bytes {from}-{}/{total}", total - 1))),
            None => (200, None),
        };
        (BundleHead { status, etag: Some(etag), range, length }, body)
    }
}

/// One request and `cut` bytes of its answer in parts of `part`; true while there is more to ask.
fn fetch(book: &mut Fieldbook, served: &mut Served, cut: usize, part: usize) -> bool {
    book.sync_now();
    let FirstLoad::Ask(request) = book.first_load().unwrap() else { return false };
    let (head, body) = served.answer(&request);
    if !book.take_bundle_head(&head).unwrap() {
        book.take_bundle_refusal(head.status, &[]).unwrap();
        return true;
    }
    let body = &body[..cut.min(body.len())];
    for part in body.chunks(part) {
        book.take_bundle_bytes(part).unwrap();
        served.carried += part.len();
    }
    book.bundle_failed(!body.is_empty()).unwrap();
    true
}

fn loaded(phone: &mut Phone, served: &mut Served) -> Result<(), FieldbookError> {
    while fetch(&mut phone.book, served, usize::MAX, 1 << 16) {}
    assert_eq!(phone.book.first_load().unwrap(), FirstLoad::Apply);
    phone.book.apply_bundle().map(drop)
}

fn enrolment(phone: &Phone) -> EnrolmentId {
    phone.book.enrolled().unwrap().unwrap().enrolment
}

/// Everything a phone holds of the hub: payloads, cursors, rows.
fn held(phone: &Phone) -> String {
    let store = crate::sealed::store(&phone.path).unwrap();
    let units = (phone.book.units().unwrap(), phone.book.due(None, None).unwrap());
    format!("{:?} {}", log::cursors(store.read()).unwrap(), serde_json::to_string(&units).unwrap())
}

/// A hub with visits, edits and a find by another worker.
fn busy_hub() -> Hub {
    let mut hub = Hub::new(NOW);
    let mut other = Phone::enrolled(77, &mut hub, 2);
    for nth in 1..=3 {
        other.book.save_visit(met(nth), &phone_field(&format!("1380000000{nth}"))).unwrap();
    }
    other.sync(&mut hub);
    hub
}

#[test]
fn a_bundle_brings_what_paged_sync_brings_and_sync_goes_on_from_it() {
    let mut hub = busy_hub();
    let mut by_sync = Phone::enrolled(1, &mut hub, 1);
    let mut by_bundle = Phone::empty(2, &mut hub, 1);
    let mut served = Served::new(hub.bundle(enrolment(&by_bundle)));
    loaded(&mut by_bundle, &mut served).unwrap();
    assert_eq!(held(&by_bundle), held(&by_sync));
    assert_eq!(by_bundle.book.first_load().unwrap(), FirstLoad::Sync, "once and never again");
    let Outcome::Done(exchange) = by_bundle.sync(&mut hub) else { panic!("it came to an end") };
    assert_eq!(exchange.received, 0, "nothing comes twice");
    by_sync.book.save_visit(met(2), &[]).unwrap();
    by_sync.sync(&mut hub);
    let Outcome::Done(exchange) = by_bundle.sync(&mut hub) else { panic!("it came to an end") };
    assert_eq!(exchange.received, 1);
    assert_eq!(held(&by_bundle), held(&by_sync));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn cut_at_any_bytes_and_killed_in_between_every_byte_comes_once(
        cuts in prop::collection::vec((0usize..900, 1usize..300, any::<bool>()), 1..12),
    ) {
        let mut hub = busy_hub();
        let mut phone = Phone::empty(5, &mut hub, 1);
        let mut served = Served::new(hub.bundle(enrolment(&phone)));
        for (cut, part, kill) in cuts {
            fetch(&mut phone.book, &mut served, cut, part);
            if kill {
                phone.reopen(6);
            }
            prop_assert!(phone.book.units().unwrap().is_empty(), "nothing is shown before all is proven");
        }
        while fetch(&mut phone.book, &mut served, usize::MAX, 100) {}
        prop_assert_eq!(served.carried, served.bytes.len(), "no byte was carried twice");
        phone.reopen(7);
        prop_assert_eq!(phone.book.first_load().unwrap(), FirstLoad::Apply);
        phone.book.apply_bundle().unwrap();
        let by_sync = Phone::enrolled(8, &mut hub, 1);
        prop_assert_eq!(held(&phone), held(&by_sync));
    }
}

#[test]
fn a_bundle_that_expired_or_changed_meanwhile_starts_anew() {
    let mut hub = busy_hub();
    let mut phone = Phone::empty(1, &mut hub, 1);
    let mut served = Served::new(hub.bundle(enrolment(&phone)));
    fetch(&mut phone.book, &mut served, 500, 100);
    // Rights changed, or six hours passed: the hub has another one now.
    hub.list_household(4, GRID);
    let mut other = Served::new(hub.bundle(enrolment(&phone)));
    loaded(&mut phone, &mut other).unwrap();
    assert_eq!(other.carried, other.bytes.len(), "from its first byte");
    assert!(phone.book.units().unwrap().iter().any(|line| line.unit == at_home(4)));
}

#[test]
fn a_hub_that_sends_the_rest_of_something_else_is_asked_for_all_of_it() {
    let mut hub = busy_hub();
    let mut phone = Phone::empty(1, &mut hub, 1);
    let mut served = Served::new(hub.bundle(enrolment(&phone)));
    fetch(&mut phone.book, &mut served, 500, 100);
    for (etag, range) in [("\"x\"".to_owned(), "bytes 500-899/900"), (served.etag(), "bytes 400-899/900")] {
        let FirstLoad::Ask(request) = phone.book.first_load().unwrap() else { panic!("more is to come") };
        if request.rest.is_none() {
            continue;
        }
        let head = BundleHead { status: 206, etag: Some(etag), range: Some(range.into()), length: Some(400) };
        assert!(!phone.book.take_bundle_head(&head).unwrap());
        assert!(matches!(phone.book.take_bundle_refusal(206, &[]).unwrap(), Outcome::Again(_)));
    }
    loaded(&mut phone, &mut served).unwrap();
    assert!(!phone.book.units().unwrap().is_empty());
}

#[test]
fn a_forged_or_foreign_bundle_says_so_changes_nothing_and_sync_loads_instead() {
    let mut hub = busy_hub();
    let (foreign, stranger) = (HubId::from_bytes([8; 16]), SigningKey::from_bytes(&[66; 32]));
    for case in 0..5u64 {
        let mut phone = Phone::empty(case, &mut hub, 1);
        let own = enrolment(&phone);
        let (bytes, why) = match case {
            0 => (hub.bundle_signed(HUB, own, &stranger), BadBundle::Signature),
            1 => (hub.bundle_signed(foreign, own, &stranger), BadBundle::OtherHub),
            2 => (hub.bundle(EnrolmentId::from_bytes([9; 16])), BadBundle::OtherEnrolment),
            3 => {
                let mut changed = hub.bundle(own);
                *changed.last_mut().unwrap() ^= 1;
                (changed, BadBundle::Changed)
            }
            _ => {
                let mut cut = hub.bundle(own);
                cut.truncate(cut.len() - 40);
                (cut, BadBundle::Changed)
            }
        };
        let before = held(&phone);
        let taken = loaded(&mut phone, &mut Served::new(bytes));
        let Err(FieldbookError::Sync(SyncError::Bundle(found))) = &taken else { panic!("{taken:?}") };
        assert_eq!(*found, why);
        assert!(taken.unwrap_err().to_string().contains("page by page"));
        assert_eq!(held(&phone), before);
        phone.reopen(case + 10);
        assert_eq!(phone.book.first_load().unwrap(), FirstLoad::Sync, "not tried a second time");
        phone.sync(&mut hub);
        assert!(!phone.book.units().unwrap().is_empty());
    }
}

#[test]
fn a_hub_without_bundles_and_one_that_refuses_are_answered_by_sync() {
    let mut hub = busy_hub();
    for (status, body) in [
        (404, Vec::new()),
        (413, hub.trouble(TroubleCode::TooLarge)),
        (410, hub.trouble(TroubleCode::Erase)),
        (200, Vec::new()),
    ] {
        let mut phone = Phone::empty(3, &mut hub, 1);
        assert!(matches!(phone.book.first_load().unwrap(), FirstLoad::Ask(_)));
        let head = BundleHead { status, ..BundleHead::default() };
        assert!(!phone.book.take_bundle_head(&head).unwrap());
        assert_eq!(phone.book.take_bundle_refusal(status, &body).unwrap(), Outcome::Stale);
        assert_eq!(phone.book.first_load().unwrap(), FirstLoad::Sync);
        phone.sync(&mut hub);
        assert!(!phone.book.units().unwrap().is_empty(), "status {status}");
    }
}

#[test]
fn a_wrong_clock_is_asked_to_sign_again_once() {
    let mut hub = busy_hub();
    let mut phone = Phone::empty(3, &mut hub, 1);
    let skew = hub.trouble(TroubleCode::ClockSkew);
    for outcome in [Outcome::SignAgain, Outcome::Stale] {
        assert!(matches!(phone.book.first_load().unwrap(), FirstLoad::Ask(_)));
        let head = BundleHead { status: 409, ..BundleHead::default() };
        assert!(!phone.book.take_bundle_head(&head).unwrap());
        assert_eq!(phone.book.take_bundle_refusal(409, &skew).unwrap(), outcome);
    }
}

#[test]
fn a_phone_that_has_read_anything_asks_for_no_bundle() {
    let mut hub = busy_hub();
    let mut phone = Phone::enrolled(3, &mut hub, 1);
    assert_eq!(phone.book.first_load().unwrap(), FirstLoad::Sync);
    let mut fresh = Phone::new(4);
    assert_eq!(fresh.book.first_load().unwrap(), FirstLoad::Sync, "nor does one that is not enrolled");
}

#[test]
fn what_was_recorded_before_the_first_load_stays_and_is_sent_after_it() {
    let mut hub = busy_hub();
    let mut phone = Phone::empty(3, &mut hub, 1);
    let mut served = Served::new(hub.bundle(enrolment(&phone)));
    fetch(&mut phone.book, &mut served, 700, 50);
    let refused = phone.book.save_visit(met(1), &[]);
    assert!(matches!(refused, Err(FieldbookError::UnknownUnit(_))), "its households are not here yet");
    loaded(&mut phone, &mut served).unwrap();
    phone.book.save_visit(met(1), &[]).unwrap();
    assert!(matches!(phone.sync(&mut hub), Outcome::Done(exchange) if exchange.accepted == 1));
}
