//! The hub was put back to an earlier state: what a phone keeps, offers, and drops.

use chrono::Days;
use ruhu_core::entry::StreamId;
use ruhu_core::sync::wire::{Pulled, Verdict};

use crate::hub::{GRID, Hub};
use crate::phone::{NOW, Phone, at_home, met};

#[test]
fn what_the_restored_hub_does_not_tell_any_more_goes_and_comes_back_with_its_author() {
    let mut hub = Hub::new(NOW);
    let (mut one, mut two) = (Phone::enrolled(1, &mut hub, 1), Phone::enrolled(2, &mut hub, 1));
    let before = one.book.household(at_home(1)).unwrap().history.len();
    two.book.save_visit(met(1), &[]).unwrap();
    two.sync(&mut hub);
    one.sync(&mut hub);
    let seen = |phone: &Phone| phone.book.household(at_home(1)).unwrap().history.len();
    assert_eq!(seen(&one), before + 1);
    hub.restore_to_nothing();
    one.sync(&mut hub);
    assert_eq!(seen(&one), before, "the hub says it no longer, and it is not this phone's record");
    assert_eq!(one.book.due(None, None).unwrap().quarter.done, 0);
    two.sync(&mut hub);
    assert_eq!(seen(&two), before + 1, "its own record every phone keeps");
    one.sync(&mut hub);
    assert_eq!(seen(&one), before + 1);
}

#[test]
fn a_hub_that_asks_this_phone_alone_gets_everything_again() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    phone.sync(&mut hub);
    let epoch = hub.epoch;
    hub.restore_to_nothing();
    (hub.epoch, hub.offer_again) = (epoch, true);
    phone.sync(&mut hub);
    assert_eq!(hub.received.len(), 1);
    assert_eq!(phone.book.outbox().unwrap().accepted, 1);
}

#[test]
fn own_records_of_a_household_that_left_stay_until_a_backup_covers_them_and_thirty_days_have_passed() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    phone.book.save_visit(met(2), &[]).unwrap();
    phone.sync(&mut hub);
    hub.append(StreamId::Grid(GRID), Some(at_home(1)), Pulled::MoveOut);
    hub.covered.insert(1, 2);
    phone.sync(&mut hub);
    assert!(phone.book.household(at_home(1)).is_err(), "the household has left");
    assert_eq!(phone.book.receipts().unwrap().len(), 2, "covered, and not yet thirty days");

    let later = |days| NOW.parse::<chrono::DateTime<chrono::Utc>>().unwrap() + Days::new(days);
    let mut to = |hub: &mut Hub, days| {
        hub.now = later(days);
        *phone.clock.0.lock().unwrap() = later(days);
        phone.sync(hub);
        phone.book.receipts().unwrap().len()
    };
    assert_eq!(to(&mut hub, 29), 2);
    assert_eq!(to(&mut hub, 31), 1, "the record of the household that is still here stays");
    hub.restore_to_nothing();
    assert_eq!(to(&mut hub, 32), 1);
    assert_eq!(hub.received.len(), 1, "and is offered to a restored hub");
}

#[test]
fn without_a_verified_backup_nothing_of_ones_own_is_ever_dropped() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    phone.sync(&mut hub);
    hub.append(StreamId::Grid(GRID), Some(at_home(1)), Pulled::MoveOut);
    phone.sync(&mut hub);
    hub.now = hub.now + Days::new(400);
    *phone.clock.0.lock().unwrap() = hub.now;
    phone.sync(&mut hub);
    assert_eq!(phone.book.receipts().unwrap().len(), 1);
}

#[test]
fn a_household_whose_grid_went_and_came_back_before_its_record_was_sent_stays() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    hub.judge = Box::new(|_| Some(Verdict::RetryLater));
    hub.dropped = vec![StreamId::Grid(GRID)];
    phone.sync(&mut hub);
    assert!(phone.book.household(at_home(1)).is_ok(), "its record is still here");
    assert!(phone.book.household(at_home(2)).is_err());
    hub.judge = Box::new(|_| None);
    hub.dropped.clear();
    phone.sync(&mut hub);
    phone.sync(&mut hub);
    assert_eq!(phone.book.outbox().unwrap().accepted, 1);
    assert!(phone.book.household(at_home(1)).is_ok() && phone.book.household(at_home(2)).is_ok());
}
