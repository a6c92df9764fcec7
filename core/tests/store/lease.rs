//! A phone that has not synced for long: doors and recording stay, names lock, the outbox is never touched.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, Utc};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::StreamId;
use ruhu_core::fieldbook::{Fieldbook, FieldbookError, LOCKED, LeaseStanding};
use ruhu_core::profile::Scalar;
use ruhu_core::sync::session::Outcome;
use ruhu_core::sync::wire::TroubleCode;
use ruhu_core::time::{Clock, PhoneTime, SinceBoot};
use uuid::Uuid;

use crate::hub::{COMMUNITY, Hub};
use crate::phone::{NOW, Phone, at_home, met, phone_field};

/// A phone with a member whose name, number and category are known.
fn with_names(hub: &mut Hub) -> Phone {
    let mut phone = Phone::enrolled(1, hub, 1);
    let person = "m/01981d3c-0000-7000-8000-000000000001";
    let mut fields = phone_field("13811111111");
    fields.push((format!("{person}/name"), "王某某".into()));
    fields.push((format!("{person}/c/low-income/since"), "2020-01-01".into()));
    phone.book.edit_fields(at_home(1), &fields).unwrap();
    phone.sync(hub);
    phone
}

fn wait(phone: &Phone, days: i64) {
    *phone.clock.0.lock().unwrap() += Duration::days(days);
}

fn standing(book: &Fieldbook) -> LeaseStanding {
    book.lease().unwrap().unwrap().standing
}

/// Everything the book shows, as one text.
fn everything(book: &Fieldbook) -> String {
    let sheet = book.household(at_home(1)).unwrap();
    let shown = (sheet, book.due(None, None).unwrap(), book.units().unwrap(), book.receipts().unwrap());
    serde_json::to_string(&shown).unwrap()
}

#[test]
fn after_thirty_days_names_lock_doors_and_recording_stay_and_the_next_sync_unlocks() {
    let mut hub = Hub::new(NOW);
    let mut phone = with_names(&mut hub);
    assert_eq!(standing(&phone.book), LeaseStanding::Open);
    wait(&phone, 22);
    assert_eq!(standing(&phone.book), LeaseStanding::Open);
    wait(&phone, 1);
    assert_eq!(standing(&phone.book), LeaseStanding::EndsSoon { days_left: 7 });
    assert!(phone.book.lease().unwrap().unwrap().warning().unwrap().contains("7 天"));
    assert!(everything(&phone.book).contains("王某某"), "a warning locks nothing");
    wait(&phone, 7);
    assert_eq!(standing(&phone.book), LeaseStanding::Locked);

    let shown = everything(&phone.book);
    for secret in ["王某某", "13811111111", "low-income"] {
        assert!(!shown.contains(secret), "{secret} is still shown");
    }
    assert!(shown.contains(LOCKED));
    assert!(phone.book.find("王某").unwrap().is_empty(), "a name must not be found by guessing it");
    assert!(phone.book.find("1381").unwrap().is_empty());
    let by_door = phone.book.find("阳光小区").unwrap();
    assert!(by_door.iter().any(|line| line.unit == at_home(1) && line.names == [LOCKED]));

    let due = phone.book.due(None, None).unwrap();
    assert!(due.rows.iter().any(|row| row.due.unit == at_home(1) && row.due.address.is_some()));
    phone.book.save_visit(met(1), &[]).unwrap();
    let unsent = phone.book.outbox().unwrap().unsent;
    assert_eq!(unsent, 1);

    hub.now = *phone.clock.0.lock().unwrap();
    assert!(matches!(phone.sync(&mut hub), Outcome::Done(exchange) if exchange.accepted == 1));
    assert_eq!(standing(&phone.book), LeaseStanding::Open);
    assert!(everything(&phone.book).contains("王某某"));
    assert!(everything(&phone.book).contains("low-income"));
}

#[test]
fn a_clock_turned_back_does_not_lengthen_the_lease_and_reopening_forgets_nothing() {
    let mut hub = Hub::new(NOW);
    let mut phone = with_names(&mut hub);
    for week in 0..5 {
        wait(&phone, 7);
        let locked = standing(&phone.book) == LeaseStanding::Locked;
        assert_eq!(locked, 28 < 7 * (week + 1), "after {} weeks", week + 1);
        // Back to the day of the sync, closed and opened again.
        *phone.clock.0.lock().unwrap() = NOW.parse().unwrap();
        assert_eq!(standing(&phone.book) == LeaseStanding::Locked, locked);
        phone.reopen(9);
        assert_eq!(standing(&phone.book) == LeaseStanding::Locked, locked, "after it was opened again");
    }
}

#[test]
fn a_clock_set_far_ahead_locks_until_the_hub_says_what_time_it_is() {
    let mut hub = Hub::new(NOW);
    let mut phone = with_names(&mut hub);
    wait(&phone, 4_000);
    assert_eq!(standing(&phone.book), LeaseStanding::Locked);
    assert_eq!(phone.book.save_visit(met(2), &[]).unwrap().edit, None);
    // The hub's time is what it was; the phone's clock stays wrong, and the answer unlocks all the same.
    assert!(matches!(phone.sync(&mut hub), Outcome::Done(exchange) if exchange.accepted == 1));
    assert_eq!(standing(&phone.book), LeaseStanding::Open);
    wait(&phone, 1);
    assert_eq!(standing(&phone.book), LeaseStanding::Open, "a day is a day on a clock that is years ahead");
}

#[test]
fn only_an_answer_that_the_hub_signed_renews() {
    let mut hub = Hub::new(NOW);
    let mut phone = with_names(&mut hub);
    wait(&phone, 31);
    let request = phone.book.sync_request().unwrap().unwrap();
    hub.now = *phone.clock.0.lock().unwrap();
    let (status, mut body) = hub.answer(&request.body);
    *body.last_mut().unwrap() ^= 1;
    phone.book.take_sync_response(status, &body).unwrap();
    assert_eq!(standing(&phone.book), LeaseStanding::Locked);
    phone.book.sync_now();
    phone.book.sync_request().unwrap().unwrap();
    phone.book.take_sync_response(503, &hub.trouble(TroubleCode::Busy)).unwrap();
    assert_eq!(standing(&phone.book), LeaseStanding::Locked);
    phone.sync(&mut hub);
    assert_eq!(standing(&phone.book), LeaseStanding::Open);
}

#[test]
fn the_community_chooses_the_length_and_the_phone_learns_it_by_sync() {
    let mut hub = Hub::new(NOW);
    let mut phone = with_names(&mut hub);
    hub.office(StreamId::Community(COMMUNITY), Vec::new(), vec![CommunityFact::LeaseSet { days: 10 }]);
    assert_eq!(phone.book.lease().unwrap().unwrap().days, 30);
    phone.sync(&mut hub);
    assert_eq!(phone.book.lease().unwrap().unwrap().days, 10);
    wait(&phone, 4);
    assert_eq!(standing(&phone.book), LeaseStanding::Open, "a short lease is not a warning all the time");
    wait(&phone, 1);
    assert_eq!(standing(&phone.book), LeaseStanding::EndsSoon { days_left: 5 });
    wait(&phone, 5);
    assert_eq!(standing(&phone.book), LeaseStanding::Locked);
}

#[test]
fn what_stands_in_place_of_a_value_cannot_be_saved_as_one() {
    let mut hub = Hub::new(NOW);
    let mut phone = with_names(&mut hub);
    wait(&phone, 31);
    let sheet = phone.book.household(at_home(1)).unwrap();
    let fields: Vec<(String, Scalar)> =
        sheet.fields.into_iter().map(|(key, mut values)| (key, values.remove(0))).collect();
    assert!(fields.iter().all(|(_, value)| value.to_string() == LOCKED));
    let refused = phone.book.edit_fields(at_home(1), &fields);
    assert!(matches!(refused, Err(FieldbookError::Fields(problems)) if problems.len() == fields.len()));
    phone.book.edit_fields(at_home(1), &phone_field("13822222222")).unwrap();
    assert_eq!(phone.book.outbox().unwrap().unsent, 1, "what is heard at the door is recorded as ever");
}

#[test]
fn a_phone_of_before_there_was_a_lease_counts_from_its_last_sync() {
    let mut hub = Hub::new(NOW);
    let mut phone = with_names(&mut hub);
    let db = crate::sealed::raw(&phone.path);
    db.execute_batch(
        "DROP TABLE lease; DROP TABLE bundle; DROP TABLE bundle_part; DROP TABLE hub_trust;
                      DROP TABLE former_hub_key; DROP TABLE look; DROP INDEX entry_private;
                      PRAGMA user_version = 3",
    )
    .unwrap();
    drop(db);
    phone.reopen(4);
    wait(&phone, 29);
    assert_eq!(standing(&phone.book), LeaseStanding::EndsSoon { days_left: 1 });
    wait(&phone, 1);
    assert_eq!(standing(&phone.book), LeaseStanding::Locked);
}

/// A clock whose wall and whose time since boot are moved apart.
struct TwoClocks(Mutex<(DateTime<Utc>, u64, u8)>);

impl Clock for TwoClocks {
    fn read(&self) -> PhoneTime {
        let (wall, ms, boot) = *self.0.lock().unwrap();
        PhoneTime { wall, since_boot: Some(SinceBoot { ms, boot: Uuid::from_bytes([boot; 16]) }) }
    }
}

#[test]
fn a_wall_clock_that_never_moves_does_not_stop_the_time_a_phone_is_on() {
    const DAY_MS: u64 = 24 * 3600 * 1000;
    let mut hub = Hub::new(NOW);
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(TwoClocks(Mutex::new((NOW.parse().unwrap(), 0, 0))));
    let rng = Box::new(ChaCha20Rng::seed_from_u64(1));
    let path = folder.path().join("ruhu.db");
    let mut book =
        Fieldbook::open(path.to_str().unwrap(), "trial/1", Arc::<TwoClocks>::clone(&clock), rng).unwrap();
    let reply = hub.enrol(1, &book.enrol_request("CODE", "trial").unwrap());
    book.take_enrol_reply("https://hub", 200, &reply).unwrap();
    for boot in 0..31u8 {
        assert_ne!(standing(&book), LeaseStanding::Locked, "after {boot} days");
        // A day of use with the wall clock put back each evening, then off and on again.
        clock.0.lock().unwrap().1 += DAY_MS;
        if boot < 29 {
            assert_ne!(standing(&book), LeaseStanding::Locked);
            *clock.0.lock().unwrap() = (NOW.parse().unwrap(), 0, boot + 1);
        } else {
            break;
        }
    }
    assert_eq!(standing(&book), LeaseStanding::Locked);
}
