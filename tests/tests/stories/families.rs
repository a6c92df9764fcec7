//! New families at the door: found once or twice, confirmed, returned, joined and parted.

use ruhu_core::coverage::{Deduction, ObligationState};
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::fieldbook::{Created, NewHousehold, NewMember, NewPlace};
use ruhu_core::roster::Unit;
use ruhu_core::store::EntryState;
use ruhu_core::visit::{MeetingPlace, VisitDraft, VisitOutcome};
use ruhu_sim::harness::SimPhone;
use ruhu_tests::village::Village;

/// Cover of grid 1 by the worker of grid 2 for the quarter, so that two phones hold one grid.
fn covered(village: &Village) -> [SimPhone; 2] {
    let (lead, community) = (village.hub.lead(), village.hub.community());
    let span = ("2026-07-01".parse().unwrap(), "2026-09-30".parse().unwrap());
    village.hub.hub().cover(lead, community, village.grid(1), village.worker(2), span).unwrap();
    [village.phone(1, "one"), village.phone(2, "two")]
}

/// Wang and his family, at the empty flat of grid 1 since a day.
fn newcomers(village: &Village, phone: &mut SimPhone, since: &str) -> Created {
    let found = NewHousehold {
        place: NewPlace::Known(village.empty_flat(1)),
        moved_in_on: since.parse().ok(),
        split_from: None,
        members: vec![NewMember { fields: vec![("name".into(), "王某".into())] }],
        fields: Vec::new(),
        reason: "上门发现".into(),
    };
    phone.book.new_household(&found).unwrap()
}

fn met(created: &Created) -> VisitDraft {
    VisitDraft {
        unit: Some(Unit::Household(created.household)),
        dwelling: Some(created.dwelling),
        outcome: Some(VisitOutcome::Met { place: MeetingPlace::Inside }),
        ..VisitDraft::default()
    }
}

fn unit(created: &Created) -> Unit {
    Unit::Household(created.household)
}

fn is_due(village: &Village, created: &Created) -> Option<ObligationState> {
    village.rows(1).obligations.iter().find(|one| one.unit == unit(created)).map(|one| one.state)
}

#[test]
fn a_new_family_is_visited_at_once_and_due_when_thirty_days_remain() {
    let village = Village::new(3, 2);
    let mut phone = village.phone(1, "one");
    village.to("2026-09-01 10:00");
    village.sync(&mut phone);
    let in_time = newcomers(&village, &mut phone, "2026-09-01");
    phone.book.save_visit(met(&in_time), &[]).unwrap();
    village.sync(&mut phone);
    assert!(is_due(&village, &in_time).unwrap().is_done(), "30 days remain, both ends counted");
    village.to("2026-09-02 10:00");
    let late = newcomers(&village, &mut phone, "2026-08-01");
    village.sync(&mut phone);
    assert_eq!(is_due(&village, &late), None, "known too late to be due this quarter, whatever day it came");
    village.assert_agrees(&phone, 1);
    let door = Unit::Vacant(village.empty_flat(1));
    let door = village.rows(1).obligations.iter().find(|one| one.unit == door).unwrap().state;
    assert_eq!(door, ObligationState::Deducted(Deduction::BecameOccupied));
    village.assert_verifies();
}

#[test]
fn a_new_family_stays_when_the_lead_confirms_it_and_goes_when_he_returns_it_and_the_phone_is_told() {
    let village = Village::new(4, 2);
    let mut phone = village.phone(1, "one");
    village.to("2026-07-03 10:00");
    let (stays, goes) =
        (newcomers(&village, &mut phone, "2026-07-02"), newcomers(&village, &mut phone, "2026-07-02"));
    let visit = phone.book.save_visit(met(&goes), &[]).unwrap().record.unwrap();
    village.sync(&mut phone);
    let (_, before) = village.progress(1);
    for (created, confirmed) in [(&stays, true), (&goes, false)] {
        let target = created.saved.record.unwrap();
        let fact = if confirmed { Fact::Confirmed { target } } else { Fact::Returned { target } };
        village.say(unit(created), fact);
    }
    village.sync(&mut phone);
    assert_eq!(village.progress(1).1, before - 1);
    assert!(is_due(&village, &stays).is_some());
    assert_eq!(is_due(&village, &goes), None);
    village.assert_agrees(&phone, 1);
    // The phone sees the lead's word; the visit stays in the log and is nobody's loss.
    let told = phone.book.household(unit(&goes)).unwrap().history;
    let returned = Fact::Returned { target: goes.saved.record.unwrap() };
    assert!(told.iter().any(|line| line.fact.fact == returned));
    assert_eq!(village.times_held(visit), 1);
    assert!(village.rows(1).extra.is_empty() || village.rows(1).extra[0].unit == unit(&goes));
    village.assert_verifies();
}

#[test]
fn a_family_two_phones_registered_becomes_one_household_by_a_persons_decision_and_two_again() {
    let village = Village::new(5, 2);
    let [mut one, mut two] = covered(&village);
    village.to("2026-07-03 10:00");
    let first = newcomers(&village, &mut one, "2026-07-02");
    let second = newcomers(&village, &mut two, "2026-07-02");
    one.book.save_visit(met(&first), &[]).unwrap();
    let sync = |one: &mut SimPhone, two: &mut SimPhone| {
        for _ in 0..2 {
            village.sync(one);
            village.sync(two);
        }
    };
    sync(&mut one, &mut two);
    for created in [&first, &second] {
        village.say(unit(created), Fact::Confirmed { target: created.saved.record.unwrap() });
    }
    let due = |phone: &SimPhone| {
        village.assert_agrees(phone, 1);
        [&first, &second].into_iter().filter(|created| is_due(&village, created).is_some()).count()
    };
    sync(&mut one, &mut two);
    assert_eq!((due(&one), due(&two)), (2, 2));
    assert!(!is_due(&village, &second).unwrap().is_done());

    let joined = vec![
        UnitFact { unit: unit(&second), fact: Fact::SameAs { into: first.household } },
        UnitFact { unit: unit(&first), fact: Fact::Absorbs { other: second.household } },
    ];
    village.act(joined, Vec::new());
    sync(&mut one, &mut two);
    assert_eq!((due(&one), due(&two)), (1, 1));
    assert_eq!(is_due(&village, &second), None, "its record goes on as the other");
    // What is recorded at the joined record by a phone that has not heard counts for the household.
    let late = two.book.save_visit(met(&second), &[]).unwrap().record.unwrap();
    sync(&mut one, &mut two);
    assert_eq!(village.times_held(late), 1);
    assert_eq!((due(&one), due(&two)), (1, 1));

    let parted = vec![
        UnitFact { unit: unit(&second), fact: Fact::Parted { other: first.household } },
        UnitFact { unit: unit(&first), fact: Fact::Parted { other: second.household } },
    ];
    village.act(parted, Vec::new());
    sync(&mut one, &mut two);
    assert_eq!((due(&one), due(&two)), (2, 2));
    for created in [&first, &second] {
        assert!(is_due(&village, created).unwrap().is_done(), "each has its own visit again");
        let history = |phone: &SimPhone| phone.book.household(unit(created)).unwrap().history;
        assert_eq!(history(&one), history(&two), "both histories were kept");
    }
    let receipts = [&one, &two].map(|phone| phone.book.receipts().unwrap());
    assert!(receipts.iter().flatten().all(|one| matches!(one.state, EntryState::Accepted { .. })));
    village.assert_verifies();
}
