//! Hand-over, cover, leaving the job: who may do what from which day, and nothing is lost on the way.

use ruhu_core::coverage::{ObligationState, Served};
use ruhu_core::ids::Hash32;
use ruhu_core::roster::Unit;
use ruhu_core::store::EntryState;
use ruhu_core::sync::wire::Refusal;
use ruhu_server::storage::waiting::Waits;
use ruhu_sim::harness::{HarnessError, SimPhone};
use ruhu_tests::village::{Home, Village, field};

fn visit(phone: &mut SimPhone, home: Home) -> Hash32 {
    phone.book.save_visit(home.met(), &[]).unwrap().record.unwrap()
}

fn is_accepted(phone: &SimPhone, entry: Hash32) -> bool {
    let receipts = phone.book.receipts().unwrap();
    matches!(receipts.into_iter().find(|one| one.entry == entry).unwrap().state, EntryState::Accepted { .. })
}

fn holds(phone: &SimPhone, village: &Village, grid: u32) -> bool {
    phone.book.units().unwrap().iter().any(|line| line.grid == Some(village.grid(grid)))
}

fn made_by(village: &Village, home: Home) -> (Option<u32>, bool) {
    let Some(ObligationState::Visited(Served::Visit { made_by, cover, .. })) = village.state(home) else {
        return (None, false);
    };
    ((1..=3).find(|grid| village.worker(*grid) == made_by), cover)
}

#[test]
fn a_hand_over_while_the_old_phone_is_offline_loses_nothing() {
    let village = Village::new(6, 4);
    let homes = village.homes(1);
    let mut old = village.phone(1, "old");
    village.to("2026-07-08 10:00");
    let before = visit(&mut old, homes[0]);
    let edit = old.book.edit_fields(homes[0].unit(), &field("p/phone", "13800000001")).unwrap().unwrap();
    let (lead, community) = (village.hub.lead(), village.hub.community());
    let on = "2026-07-10".parse().unwrap();
    village.hub.hub().hand_over(lead, community, village.grid(1), village.worker(3), on).unwrap();
    // The former worker has not heard of it: 14 days after his last day are still his.
    village.to("2026-07-20 10:00");
    let in_grace = visit(&mut old, homes[1]);
    let mut new = village.phone(3, "new");
    assert!(holds(&new, &village, 1) && holds(&new, &village, 3));
    village.to("2026-07-23 10:00");
    // He finds a signal: everything arrives in one push, and only then the grid leaves his phone.
    let exchange = village.sync(&mut old);
    assert_eq!((exchange.accepted, exchange.quarantined), (3, 0));
    assert!(exchange.forgotten > 0 && !holds(&old, &village, 1), "the copy went once all was safe");
    assert!([before, in_grace, edit.edit.unwrap()].into_iter().all(|entry| is_accepted(&old, entry)));
    village.sync(&mut new);
    assert_eq!(made_by(&village, homes[0]), (Some(1), false), "it was his grid then");
    assert_eq!(made_by(&village, homes[1]), (Some(1), true), "and another's by that day");
    let history = new.book.household(homes[0].unit()).unwrap();
    assert!(history.history.iter().any(|line| line.stamp.entry == before));
    assert_eq!(history.fields["p/phone"], ["13800000001".into()], "the new worker has everything");
    village.assert_agrees(&new, 1);
    village.assert_verifies();
}

#[test]
fn what_comes_after_the_grace_waits_for_a_person_and_is_admitted() {
    let village = Village::new(7, 4);
    let home = village.homes(1)[0];
    let mut old = village.phone(1, "old");
    let (lead, community) = (village.hub.lead(), village.hub.community());
    let on = "2026-07-10".parse().unwrap();
    village.hub.hub().hand_over(lead, community, village.grid(1), village.worker(3), on).unwrap();
    let mut new = village.phone(3, "new");
    village.to("2026-07-30 10:00");
    let late = visit(&mut old, home);
    let exchange = village.sync(&mut old);
    assert_eq!((exchange.accepted, exchange.quarantined), (0, 1));
    let receipt = old.book.receipts().unwrap().into_iter().find(|one| one.entry == late).unwrap();
    assert_eq!(receipt.words.as_deref(), Some(Refusal::OutOfScope.words()));
    assert_eq!(receipt.draft.unwrap().unit, Some(home.unit()), "its values are offered again");
    assert!(!village.state(home).unwrap().is_done());
    let waiting = village.waiting();
    assert_eq!(
        (waiting.len(), waiting[0].waits, waiting[0].unit),
        (1, Waits::Quarantined, Some(home.unit()))
    );
    let pos = waiting[0].pos;
    village.hub.hub().office(move |desk| desk.admit(pos, lead, "交接期间本人走访")).unwrap();
    assert!(village.state(home).unwrap().is_done() && village.waiting().is_empty());
    assert_eq!(village.times_held(late), 1);
    village.sync(&mut new);
    let history = new.book.household(home.unit()).unwrap().history;
    assert!(history.iter().any(|line| line.stamp.entry == late));
    village.assert_agrees(&new, 1);
    village.assert_verifies();
}

#[test]
fn a_grid_leaves_a_phone_only_when_its_outbox_is_safe() {
    let village = Village::new(8, 3);
    let home = village.homes(1)[0];
    let mut old = village.phone(1, "old");
    let (lead, community) = (village.hub.lead(), village.hub.community());
    let on = "2026-07-02".parse().unwrap();
    village.hub.hub().hand_over(lead, community, village.grid(1), village.worker(3), on).unwrap();
    village.to("2026-07-03 10:00");
    let mut saved = Vec::new();
    // The line breaks with every answer, and the worker goes on: the grid is not taken under his hands.
    for hour in 11..15 {
        village.to(&format!("2026-07-03 {hour}:00"));
        saved.push(visit(&mut old, home));
        old.book.sync_now();
        old.sync_through(&mut |path, body| village.hub.answer(path, body).map(|_| None)).unwrap();
        assert!(holds(&old, &village, 1));
    }
    let exchange = village.sync(&mut old);
    assert!(exchange.forgotten > 0 && !holds(&old, &village, 1));
    for entry in saved {
        assert!(is_accepted(&old, entry), "own records stay as receipts");
        assert_eq!(village.times_held(entry), 1);
    }
    assert!(old.book.due(None, None).unwrap().rows.is_empty());
    village.assert_verifies();
}

#[test]
fn a_cover_gets_the_grid_its_visits_count_as_cover_and_the_grid_is_taken_back() {
    let village = Village::new(9, 3);
    let homes = village.homes(1);
    let mut own = village.phone(1, "own");
    let mut cover = village.phone(2, "cover");
    assert!(!holds(&cover, &village, 1));
    let (lead, community, grid) = (village.hub.lead(), village.hub.community(), village.grid(1));
    let span = ("2026-07-06".parse().unwrap(), "2026-07-10".parse().unwrap());
    village.hub.hub().cover(lead, community, grid, village.worker(2), span).unwrap();
    village.to("2026-07-06 08:00");
    village.sync(&mut cover);
    assert!(holds(&cover, &village, 1) && holds(&cover, &village, 2));
    village.assert_agrees(&cover, 1);
    let covered = visit(&mut cover, homes[0]);
    village.sync(&mut cover);
    village.to("2026-07-10 17:00");
    let last = visit(&mut cover, homes[1]);
    let responsible =
        village.rows(1).obligations.iter().all(|one| one.responsible == Some(village.worker(1)));
    assert!(responsible, "responsibility does not move");
    village.to("2026-07-13 09:00");
    let exchange = village.sync(&mut cover);
    assert_eq!((exchange.accepted, exchange.quarantined), (1, 0), "the last day's work arrives first");
    assert!(!holds(&cover, &village, 1) && holds(&cover, &village, 2));
    assert!(is_accepted(&cover, covered) && is_accepted(&cover, last));
    assert_eq!(
        (made_by(&village, homes[0]), made_by(&village, homes[1])),
        ((Some(2), true), (Some(2), true))
    );
    assert_eq!(village.rows(1).total().covered, 2, "代访");
    village.sync(&mut own);
    village.assert_agrees(&own, 1);
    village.assert_agrees(&cover, 2);
    village.assert_verifies();
}

#[test]
fn who_left_the_job_has_no_access_and_what_he_still_held_is_salvaged() {
    let village = Village::new(10, 3);
    let homes = village.homes(1);
    let mut phone = village.phone(1, "one");
    village.to("2026-07-06 10:00");
    let in_time = visit(&mut phone, homes[0]);
    let (lead, community, worker) = (village.hub.lead(), village.hub.community(), village.worker(1));
    let without =
        village.hub.hub().leave_job(lead, community, worker, "2026-07-07".parse().unwrap()).unwrap();
    assert_eq!(without, [village.grid(1)], "nobody is responsible for it now");
    village.to("2026-07-27 10:00");
    let late = visit(&mut phone, homes[1]);
    // His own work of before is late too: after the grace a person decides about all of it.
    phone.book.sync_now();
    let erased = phone.sync(&village.hub);
    assert!(matches!(erased, Err(HarnessError::Unfinished(why)) if why == "Erased"));
    assert_eq!(phone.book.units().unwrap(), [], "the copy is gone");
    assert!(phone.book.enrolled().unwrap().is_none());
    assert!(village.hub.hub().make_code(community, worker).is_err(), "and there is no way back in");
    let waiting: Vec<Option<Unit>> = village.waiting().into_iter().map(|one| one.unit).collect();
    assert_eq!(waiting, [Some(homes[0].unit()), Some(homes[1].unit())]);
    for entry in [in_time, late] {
        assert_eq!(village.times_held(entry), 1, "salvaged");
    }
    let first = village.waiting()[0].pos;
    village.hub.hub().office(move |desk| desk.admit(first, lead, "离岗前走访")).unwrap();
    assert!(village.state(homes[0]).unwrap().is_done());
    assert!(!village.state(homes[1]).unwrap().is_done());
    village.assert_verifies();
}
