//! Phones and a small hub: what is lost, repeated, refused, restored, moved away or edited twice.

use crate::hub::{GRID, GRID_2, Hub, door};
use crate::phone::{NOW, Phone, at_home, met, not_home, phone_field};
use ruhu_core::entry::{Kind, StreamId, UnitFact};
use ruhu_core::fact::Fact;
use ruhu_core::fieldbook::FieldbookError;
use ruhu_core::roster::AssignmentKind;
use ruhu_core::store::EntryState;
use ruhu_core::sync::session::{Outcome, Wait};
use ruhu_core::sync::wire::{Moved, Pulled, Refusal, TroubleCode, Verdict};

#[test]
fn a_new_phone_receives_its_grid_and_lists_who_is_due() {
    let mut hub = Hub::new(NOW);
    let phone = Phone::enrolled(1, &mut hub, 1);
    let sheet = phone.book.due(None, None).unwrap();
    assert_eq!((sheet.quarter.done, sheet.quarter.due), (0, 3));
    let doors: Vec<_> = sheet.rows.iter().map(|row| row.due.address.clone().unwrap().door).collect();
    assert_eq!(doors, ["101", "201", "301"]);
}

#[test]
fn a_saved_visit_is_received_once_and_the_receipt_says_where_it_counts() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    let saved = phone.book.save_visit(met(1), &[]).unwrap();
    assert_eq!(phone.book.outbox().unwrap().unsent, 1);
    assert_eq!(phone.book.due(None, None).unwrap().quarter.done, 1, "counted before any hub has heard of it");
    assert!(matches!(phone.sync(&mut hub), Outcome::Done(exchange) if exchange.accepted == 1));
    let receipt = phone.book.receipts().unwrap().remove(0);
    assert_eq!(Some(receipt.entry), saved.record);
    let EntryState::Accepted { counts_in, .. } = receipt.state else { panic!("{receipt:?}") };
    assert_eq!(counts_in, "2026Q3".parse().ok());
    assert_eq!(hub.received.len(), 1);
}

#[test]
fn a_lost_reply_changes_nothing_and_the_next_one_says_the_same() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    let request = phone.book.sync_request().unwrap().unwrap();
    hub.answer(&request.body);
    assert!(matches!(phone.book.sync_failed().unwrap(), Outcome::RetryAt { why: Wait::NoAnswer, .. }));
    assert_eq!(phone.book.sync_request().unwrap(), None, "a pause is running");
    assert_eq!(phone.book.outbox().unwrap().unsent, 1);
    phone.sync(&mut hub);
    assert_eq!(phone.book.outbox().unwrap().accepted, 1);
    assert_eq!(hub.received.len(), 1, "the hub holds it once");
}

#[test]
fn a_reply_taken_twice_or_cut_short_or_of_another_request_is_harmless() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    let request = phone.book.sync_request().unwrap().unwrap();
    let (status, body) = hub.answer(&request.body);
    assert!(matches!(
        phone.book.take_sync_response(status, &body[..body.len() - 3]).unwrap(),
        Outcome::RetryAt { why: Wait::NoAnswer, .. }
    ));
    assert_eq!(phone.book.outbox().unwrap().unsent, 1);
    phone.book.sync_now();
    let again = phone.book.sync_request().unwrap().unwrap();
    assert!(matches!(
        phone.book.take_sync_response(status, &body).unwrap(),
        Outcome::RetryAt { why: Wait::NoAnswer, .. } | Outcome::Done(_)
    ));
    phone.book.sync_now();
    let (status, body) = hub.answer(&again.body);
    let _ = phone.book.take_sync_response(status, &body).unwrap();
    assert_eq!(phone.book.take_sync_response(status, &body).unwrap(), Outcome::Stale);
    phone.sync(&mut hub);
    assert_eq!(phone.book.outbox().unwrap().accepted, 1);
    assert_eq!(phone.book.household(at_home(1)).unwrap().history.len(), 2);
}

#[test]
fn two_phones_edit_one_household_and_the_conflict_stays_visible_until_it_is_settled() {
    let mut hub = Hub::new(NOW);
    let mut one = Phone::enrolled(1, &mut hub, 1);
    let mut other = Phone::enrolled(2, &mut hub, 2);
    one.book.edit_fields(at_home(1), &phone_field("13811111111")).unwrap().unwrap();
    other.book.edit_fields(at_home(1), &phone_field("13822222222")).unwrap().unwrap();
    other.book.edit_fields(at_home(1), &[("p/tenure".to_owned(), "rented".into())]).unwrap();
    one.sync(&mut hub);
    other.sync(&mut hub);
    one.sync(&mut hub);
    let fields = one.book.household(at_home(1)).unwrap().fields;
    assert_eq!(fields, other.book.household(at_home(1)).unwrap().fields);
    assert_eq!((fields["p/phone"].len(), fields["p/tenure"].len()), (2, 1));
    assert_eq!(one.book.due(None, None).unwrap().rows[0].conflicts, 1);

    one.book.settle_conflict(at_home(1), "p/phone", fields["p/phone"][0].clone()).unwrap().unwrap();
    one.sync(&mut hub);
    other.sync(&mut hub);
    let settled = other.book.household(at_home(1)).unwrap();
    assert_eq!(settled.fields["p/phone"], [fields["p/phone"][0].clone()]);
    assert_eq!(settled.line.conflicts, 0);
}

#[test]
fn an_edit_that_changes_nothing_is_no_entry() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.edit_fields(at_home(1), &phone_field("13811111111")).unwrap().unwrap();
    assert_eq!(phone.book.edit_fields(at_home(1), &phone_field("13811111111")).unwrap(), None);
    let saved = phone.book.save_visit(met(1), &phone_field("13811111111")).unwrap();
    assert_eq!(saved.edit, None);
}

#[test]
fn a_refused_edit_holds_no_visit_back_and_is_offered_again() {
    let mut hub = Hub::new(NOW);
    hub.judge = Box::new(|entry| {
        let is_doc = entry.payload.kind == Kind::Doc;
        is_doc.then_some(Verdict::Quarantined { reason: Refusal::Gate })
    });
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    let saved = phone.book.save_visit(met(1), &phone_field("13811111111")).unwrap();
    assert!(saved.edit.is_some());
    phone.sync(&mut hub);
    let counts = phone.book.outbox().unwrap();
    assert_eq!((counts.accepted, counts.quarantined, counts.unsent), (1, 1, 0));
    let sheet = phone.book.household(at_home(1)).unwrap();
    assert!(sheet.fields.is_empty(), "what was refused is not shown as if it held");
    assert_eq!(sheet.refused[0].fields, phone_field("13811111111"));
    assert!(sheet.refused[0].words.as_deref().unwrap().contains("草稿"));

    hub.judge = Box::new(|_| None);
    phone.book.edit_fields(at_home(1), &phone_field("13822222222")).unwrap().unwrap();
    phone.sync(&mut hub);
    assert_eq!(phone.book.outbox().unwrap().accepted, 2, "the next edit does not build on the refused one");
}

#[test]
fn a_refused_visit_comes_back_as_a_draft_and_counts_nowhere() {
    let mut hub = Hub::new(NOW);
    hub.judge = Box::new(|_| Some(Verdict::Quarantined { reason: Refusal::OutOfScope }));
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    phone.sync(&mut hub);
    let receipt = phone.book.receipts().unwrap().remove(0);
    let draft = receipt.draft.unwrap();
    assert_eq!((draft.unit, draft.outcome), (met(1).unit, met(1).outcome));
    assert_eq!(phone.book.due(None, None).unwrap().quarter.done, 0);
}

#[test]
fn a_parked_record_that_comes_back_from_the_log_was_taken_in_after_all() {
    let mut hub = Hub::new(NOW);
    hub.judge = Box::new(|_| Some(Verdict::Parked { reason: Refusal::Dependency }));
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    phone.sync(&mut hub);
    assert_eq!(phone.book.outbox().unwrap().parked, 1);
    let payload = phone.last_payload();
    hub.append(StreamId::Grid(GRID), Some(at_home(1)), Pulled::Payload(payload));
    phone.sync(&mut hub);
    assert_eq!(phone.book.outbox().unwrap().accepted, 1);
}

#[test]
fn after_a_restore_of_the_hub_everything_kept_is_offered_and_taken_again() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    for nth in 1..=3 {
        phone.book.save_visit(met(nth), &phone_field("13811111111")).unwrap();
    }
    phone.sync(&mut hub);
    assert_eq!(hub.received.len(), 6);
    hub.restore_to_nothing();
    phone.sync(&mut hub);
    assert_eq!(hub.received.len(), 6);
    assert_eq!(phone.book.outbox().unwrap().accepted, 6);
}

#[test]
fn a_phone_restored_from_its_own_backup_forks_and_opens_a_new_epoch() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    let backup = std::fs::read(phone.checkpointed()).unwrap();
    phone.book.save_visit(met(1), &[]).unwrap();
    phone.sync(&mut hub);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("restored.db").to_str().unwrap().to_owned();
    std::fs::write(&path, backup).unwrap();
    phone.path = path;
    phone.reopen(77);
    phone.book.save_visit(not_home(2), &[]).unwrap();
    phone.book.save_visit(met(3), &[]).unwrap();
    phone.sync(&mut hub);
    assert_eq!(phone.book.outbox().unwrap().accepted, 2);
    assert_eq!(hub.received.len(), 3, "both lines are kept, nothing twice");
    let epochs: Vec<u32> = hub.received.iter().map(|entry| entry.envelope.epoch).collect();
    assert_eq!(epochs, [1, 2, 2]);
}

#[test]
fn an_entry_whose_signature_is_never_believed_ends_as_a_draft_and_the_rest_goes_on() {
    let mut hub = Hub::new(NOW);
    hub.judge = Box::new(|entry| {
        let bad = entry.envelope.unit == Some(at_home(1));
        bad.then_some(Verdict::NotTaken { reason: Refusal::BadSignature, expects_seq: entry.envelope.seq })
    });
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    phone.book.save_visit(met(2), &[]).unwrap();
    phone.sync(&mut hub);
    let counts = phone.book.outbox().unwrap();
    assert_eq!((counts.accepted, counts.quarantined, counts.unsent), (1, 1, 0));
}

#[test]
fn a_wrong_clock_is_asked_to_sign_again_and_still_moves_no_record() {
    let mut hub = Hub::new("2026-07-05T18:00:00Z");
    let mut phone = Phone::new(1);
    let request = phone.book.enrol_request("CODE", "trial").unwrap();
    let reply = hub.enrol(1, &request);
    phone.book.take_enrol_reply("https://hub", 200, &reply).unwrap();
    hub.now = "2026-07-06T18:00:00Z".parse().unwrap();
    let request = phone.book.sync_request().unwrap().unwrap();
    let (status, body) = hub.answer(&request.body);
    assert_eq!(phone.book.take_sync_response(status, &body).unwrap(), Outcome::SignAgain);
    assert!(matches!(phone.sync(&mut hub), Outcome::Done(_)));
    assert_eq!(
        phone.book.now().unwrap(),
        hub.now,
        "only the proven token moves the phone's idea of the time"
    );
}

#[test]
fn a_clock_that_runs_ahead_is_corrected_once_and_not_at_every_exchange() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    *phone.clock.0.lock().unwrap() = "2026-07-06T10:00:00Z".parse().unwrap();
    phone.sync(&mut hub);
    phone.book.save_visit(met(1), &[]).unwrap();
    let request = phone.book.sync_request().unwrap().unwrap();
    let (status, body) = hub.answer(&request.body);
    let outcome = phone.book.take_sync_response(status, &body).unwrap();
    assert!(matches!(outcome, Outcome::Done(exchange) if exchange.accepted == 1), "{outcome:?}");
}

#[test]
fn a_household_that_moves_to_another_grid_leaves_once_its_own_records_are_safe() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    hub.append(StreamId::Grid(GRID), Some(at_home(2)), Pulled::MoveOut);
    let mut later = true;
    hub.judge = Box::new(move |_| std::mem::take(&mut later).then_some(Verdict::RetryLater));
    phone.book.save_visit(met(2), &[]).unwrap();
    let request = phone.book.sync_request().unwrap().unwrap();
    let (status, body) = hub.answer(&request.body);
    phone.book.take_sync_response(status, &body).unwrap();
    assert!(phone.book.household(at_home(2)).is_ok(), "a record about it is still unsent");
    let rows = phone.book.due(None, None).unwrap().rows;
    assert!(rows.iter().all(|row| row.due.unit != at_home(2)), "but it is no longer on the list");
    phone.sync(&mut hub);
    assert!(matches!(phone.book.household(at_home(2)), Err(FieldbookError::UnknownUnit(_))));
    assert_eq!(phone.book.receipts().unwrap().len(), 1, "the receipt stays");
    let sheet = phone.book.due(None, None).unwrap();
    assert_eq!((sheet.quarter.due, sheet.rows.len()), (2, 2), "its door is no vacant unit this quarter");
    let next = phone.book.due(Some(crate::hub::day("2026-10-05")), None).unwrap();
    assert_eq!((next.quarter.due, next.rows.len()), (3, 3), "in the next one it is");
}

#[test]
fn a_household_that_moves_between_two_grids_of_one_phone_stays_whatever_comes_first() {
    let mut hub = Hub::new(NOW);
    hub.assign(1, GRID_2, AssignmentKind::Cover);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    let moved = Fact::Settled { dwelling: door(9), grid: GRID_2, from: None };
    hub.office(StreamId::Grid(GRID_2), vec![UnitFact { unit: at_home(2), fact: moved }], Vec::new());
    hub.append(StreamId::Grid(GRID), Some(at_home(2)), Pulled::MoveOut);
    hub.append(StreamId::Grid(GRID_2), Some(at_home(2)), Pulled::MoveIn(Vec::<Moved>::new()));
    phone.sync(&mut hub);
    let sheet = phone.book.household(at_home(2)).unwrap();
    assert_eq!(sheet.line.grid, Some(GRID_2));
}

#[test]
fn a_grid_taken_away_is_forgotten_and_its_receipts_stay() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    hub.dropped = vec![StreamId::Grid(GRID)];
    phone.sync(&mut hub);
    assert!(phone.book.units().unwrap().is_empty());
    assert_eq!(phone.book.receipts().unwrap().len(), 1);
}

#[test]
fn a_revoked_phone_sends_everything_first_and_then_holds_nothing() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &phone_field("13811111111")).unwrap();
    phone.book.sync_request().unwrap().unwrap();
    let anybody = hub.trouble(TroubleCode::Erase);
    let taken = phone.book.take_sync_response(410, &anybody).unwrap();
    assert!(matches!(taken, Outcome::RetryAt { why: Wait::NoAnswer, .. }), "not the hub's word: {taken:?}");
    assert!(!phone.book.units().unwrap().is_empty());
    phone.book.sync_now();
    let request = phone.book.sync_request().unwrap().unwrap();
    let erase = hub.signed_trouble(TroubleCode::Erase, &request.body);
    assert_eq!(phone.book.take_sync_response(410, &erase).unwrap(), Outcome::Erased);
    assert!(phone.book.units().unwrap().is_empty());
    assert_eq!(phone.book.enrolled().unwrap(), None);
}

#[test]
fn a_phone_enrolled_again_sends_what_the_former_enrolment_could_not() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &[]).unwrap();
    let request = phone.book.enrol_request("CODE-2", "trial").unwrap();
    let reply = hub.enrol(1, &request);
    let again = phone.book.take_enrol_reply("https://hub", 200, &reply).unwrap();
    phone.sync(&mut hub);
    assert_eq!(hub.received[0].envelope.enrolment, again.enrolment);
    let other = hub.enrol(2, &request);
    let refused = phone.book.take_enrol_reply("https://hub", 200, &other);
    assert!(matches!(refused, Err(FieldbookError::OtherWorker)));
}
