//! What a worker does with the fieldbook, on a phone that syncs: found households, corrections, appointments.

use crate::hub::{GRID, Hub, household};
use crate::phone::{NOW, Phone, at_home, met, not_home, phone_field};
use ruhu_core::fieldbook::{FieldbookError, NewHousehold, NewMember, NewPlace};
use ruhu_core::roster::{Address, Unit};
use ruhu_core::visit::{Problem, VisitOutcome};

#[test]
fn a_household_found_at_the_door_is_visitable_at_once_and_reaches_the_other_phone() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    let address =
        Address {
            estate: "阳光小区".into(), building: "9".into(), door: "101".into(), ..Address::default()
        };
    let found = NewHousehold {
        place: NewPlace::New { address, grid: GRID },
        moved_in_on: Some(crate::hub::day("2026-07-01")),
        split_from: Some(household(1)),
        members: vec![
            NewMember {
                fields: vec![("name".into(), "王小".into()), ("birth".into(), "2020-07-01".into())]
            },
            NewMember { fields: vec![("name".into(), "王某".into()), ("birth".into(), "1990".into())] },
        ],
        fields: phone_field("13811111111"),
        reason: "新租户".into(),
    };
    let created = phone.book.new_household(&found).unwrap();
    let mut draft = met(1);
    (draft.unit, draft.dwelling) = (Some(Unit::Household(created.household)), Some(created.dwelling));
    let visit = phone.book.save_visit(draft, &[]).unwrap();
    phone.sync(&mut hub);
    let mut other = Phone::enrolled(2, &mut hub, 2);
    let line = other.book.find("王某").unwrap().remove(0);
    assert_eq!(line.unit, Unit::Household(created.household));
    assert_eq!(line.names, ["王某", "儿童, 6 岁"], "a child is shown without a name");
    assert_eq!(line.address.unwrap().building, "9");

    let refused = other.book.withdraw(visit.record.unwrap(), "");
    assert!(matches!(refused, Err(FieldbookError::NotYours)));
    let withdrawn = phone.book.withdraw(created.saved.record.unwrap(), "看错门牌").unwrap();
    assert_eq!(withdrawn.len(), 2, "for the household and for the door");
    phone.sync(&mut hub);
    other.sync(&mut hub);
    assert_eq!(other.book.household(Unit::Household(created.household)).unwrap().line.grid, None);
}

#[test]
fn a_correction_counts_in_place_of_what_it_corrects_and_only_its_author_may_make_it() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    let saved = phone.book.save_visit(met(1), &[]).unwrap();
    let mut draft = phone.book.correct(saved.record.unwrap()).unwrap();
    draft.outcome = Some(VisitOutcome::NotHome { note_left: true });
    draft.body.nothing_changed = false;
    phone.book.save_visit(draft, &[]).unwrap();
    assert_eq!(phone.book.due(None, None).unwrap().quarter.done, 0);
    let history = phone.book.household(at_home(1)).unwrap().history;
    assert_eq!(history.iter().filter(|line| line.superseded).count(), 1);
    phone.sync(&mut hub);

    let mut other = Phone::enrolled(2, &mut hub, 2);
    assert!(matches!(other.book.correct(saved.record.unwrap()), Err(FieldbookError::NotYours)));
    let mut forged = met(1);
    forged.supersedes = saved.record;
    let refused = other.book.save_visit(forged, &[]);
    assert!(matches!(refused, Err(FieldbookError::Problems(problems)) if problems == [Problem::NotYours]));
}

#[test]
fn an_appointment_is_listed_until_somebody_calls() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    let mut draft = not_home(1);
    draft.outcome = Some(VisitOutcome::Rescheduled);
    draft.body.appointment =
        Some(ruhu_core::visit::Appointment { on: crate::hub::day("2026-07-07"), at: None });
    phone.book.save_visit(draft, &[]).unwrap();
    let row = |phone: &Phone| phone.book.due(None, None).unwrap().rows.remove(0);
    assert_eq!(row(&phone).due.appointment.map(|one| one.on), Some(crate::hub::day("2026-07-07")));
    *phone.clock.0.lock().unwrap() = "2026-07-07T10:00:00Z".parse().unwrap();
    phone.book.save_visit(not_home(1), &[]).unwrap();
    assert_eq!(row(&phone).due.appointment, None);
    phone.sync(&mut hub);
}

#[test]
fn everything_a_phone_shows_can_be_handed_out_as_json() {
    let mut hub = Hub::new(NOW);
    let mut phone = Phone::enrolled(1, &mut hub, 1);
    phone.book.save_visit(met(1), &phone_field("13811111111")).unwrap();
    phone.sync(&mut hub);
    let kept = ruhu_core::fieldbook::KeptDraft { visit: not_home(2), fields: phone_field("1381") };
    phone.book.keep_draft(at_home(2), &kept).unwrap();
    assert_eq!(phone.book.drafts().unwrap()[0].2, kept);
    assert!(
        serde_json::to_string(&phone.book.due(None, None).unwrap()).unwrap().contains("\"has_draft\":true")
    );
    for json in [
        serde_json::to_value(phone.book.household(at_home(1)).unwrap()),
        serde_json::to_value(phone.book.receipts().unwrap()),
        serde_json::to_value(phone.book.send_log().unwrap()),
        serde_json::to_value(phone.book.enrolled().unwrap()),
    ] {
        assert!(!json.unwrap().is_null());
    }
}
