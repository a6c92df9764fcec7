//! Hand-over, cover, households that move between grids, revoked phones, quarantine.

use ruhu_core::community::CommunityFact;
use ruhu_core::entry::{Entry, StreamId};
use ruhu_core::roster::{Assignment, AssignmentKind, Unit};
use ruhu_core::sync::wire::{Pulled, Refusal, SyncReply, TroubleCode, Verdict};
use ruhu_server::ingest::office::ActError;

use super::database::Fresh;
use super::world::{COMMUNITY, DOORS, GRIDS, HOUSEHOLDS, LEAD, Phone, WORKERS, World, assignment, settled};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);

fn sync(world: &World, phone: &mut Phone) -> SyncReply {
    let request = phone.request(&[]);
    phone.send(&world.hub, &request).unwrap()
}

fn sealed_visit(phone: &mut Phone, nth: usize) -> Entry {
    let visit = phone.visit(nth);
    phone.seal(Unit::Household(HOUSEHOLDS[nth]), visit)
}

fn hand_over(world: &World, from: &str) {
    world.act(vec![], vec![CommunityFact::Assigned(assignment(GRIDS[0], WORKERS[2], from))]);
}

#[test]
fn work_in_flight_during_a_hand_over_is_taken_for_fourteen_days_then_goes_to_a_person() {
    let world = World::new();
    let mut former = world.phone(WORKERS[0]);
    let in_flight = sealed_visit(&mut former, 0);
    hand_over(&world, "2026-07-03");
    world.clock.forward(chrono::Duration::days(10));
    let request = former.request(&[in_flight]);
    let reply = former.send(&world.hub, &request).unwrap();
    assert!(matches!(reply.verdicts[0], Verdict::Accepted { .. }));
    let mut next = world.phone(WORKERS[2]);
    let pulled = sync(&world, &mut next);
    assert_eq!(
        pulled.pulls.iter().find(|pull| pull.stream == StreamId::Grid(GRIDS[0])).unwrap().entries.len(),
        3
    );
    world.clock.forward(chrono::Duration::days(10));
    let late = sealed_visit(&mut former, 0);
    assert_eq!(former.push(&world.hub, &[late]), [Verdict::Quarantined { reason: Refusal::OutOfScope }]);
}

#[test]
fn the_former_worker_loses_the_stream_and_a_cover_gains_it_for_its_days() {
    let world = World::new();
    let (mut former, mut cover) = (world.phone(WORKERS[0]), world.phone(WORKERS[1]));
    sync(&world, &mut former);
    hand_over(&world, "2026-07-02");
    let covering = Assignment {
        grid: GRIDS[0],
        worker: WORKERS[1],
        kind: AssignmentKind::Cover,
        from: "2026-07-02".parse().unwrap(),
        until: "2026-07-03".parse().ok(),
    };
    world.act(vec![], vec![CommunityFact::Assigned(covering)]);
    world.clock.forward(chrono::Duration::days(1));
    assert_eq!(sync(&world, &mut former).dropped, [StreamId::Grid(GRIDS[0])]);
    let held = sync(&world, &mut cover);
    assert!(held.pulls.iter().any(|pull| pull.stream == StreamId::Grid(GRIDS[0])));
    world.clock.forward(chrono::Duration::days(2));
    assert_eq!(sync(&world, &mut cover).dropped, [StreamId::Grid(GRIDS[0])]);
}

#[test]
fn a_household_that_moves_leaves_one_stream_and_brings_everything_into_the_other() {
    let world = World::new();
    let (mut old, mut new) = (world.phone(WORKERS[0]), world.phone(WORKERS[1]));
    let visit = sealed_visit(&mut old, 0);
    old.push(&world.hub, &[visit]);
    sync(&world, &mut new);
    world.act(vec![settled(HOUSEHOLDS[0], DOORS[1], GRIDS[1])], vec![]);
    let left = sync(&world, &mut old);
    let row = left.pulls.last().unwrap().entries.last().unwrap();
    assert_eq!((row.unit, &row.entry), (Some(HOME), &Pulled::MoveOut));
    let came = sync(&world, &mut new);
    let row = came.pulls.last().unwrap().entries.last().unwrap();
    let Pulled::MoveIn(history) = &row.entry else { panic!("{row:?}") };
    assert_eq!(history.len(), 3);
    // A phone that starts now finds the household in its new grid only.
    let mut fresh = world.phone(WORKERS[0]);
    let units: Vec<_> = sync(&world, &mut fresh)
        .pulls
        .last()
        .unwrap()
        .entries
        .iter()
        .map(|one| (one.unit, one.entry == Pulled::MoveOut))
        .collect();
    assert_eq!(units, [(Some(Unit::Vacant(DOORS[0])), false), (Some(HOME), true)]);
}

#[test]
fn a_revoked_phone_is_salvaged_and_told_to_erase_only_when_everything_is_safe() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let (first, second) = (sealed_visit(&mut phone, 0), sealed_visit(&mut phone, 0));
    let (id, now_ms) = (phone.enrolment, world.clock.now().timestamp_millis());
    assert!(world.hub.storage().write(move |tx| tx.revoke(id, now_ms)).unwrap());
    let mut request = phone.request(&[first]);
    request.unsent_after = 1;
    let reply = phone.send(&world.hub, &request).unwrap();
    assert_eq!(reply.verdicts, [Verdict::Quarantined { reason: Refusal::OutOfScope }]);
    assert!(reply.pulls.is_empty());
    let request = phone.request(&[second]);
    assert_eq!(phone.send(&world.hub, &request).unwrap_err().code, TroubleCode::Erase);
    assert_eq!(world.hub.storage().read(|tx| tx.waiting_in(COMMUNITY)).unwrap().len(), 2);
}

#[test]
fn a_worker_who_left_delivers_his_last_work_and_is_then_told_to_erase() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = sealed_visit(&mut phone, 0);
    let left = CommunityFact::WorkerLeft { worker: WORKERS[0], on: "2026-07-02".parse().unwrap() };
    world.act(vec![], vec![left]);
    world.clock.forward(chrono::Duration::days(3));
    let request = phone.request(&[visit]);
    assert_eq!(phone.send(&world.hub, &request).unwrap_err().code, TroubleCode::Erase);
    let held = world.hub.storage().read(|tx| tx.waiting_in(COMMUNITY)).unwrap();
    assert!(held.is_empty(), "his work of before was in scope and is in the log");
    assert!(world.hub.make_code(COMMUNITY, WORKERS[0]).is_err());
}

#[test]
fn a_person_admits_an_entry_and_its_phone_reads_it_back() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = sealed_visit(&mut phone, 1);
    let refused = Verdict::Quarantined { reason: Refusal::OutOfScope };
    assert_eq!(phone.push(&world.hub, std::slice::from_ref(&visit)), [refused]);
    let waiting = world.hub.storage().read(|tx| tx.waiting_in(COMMUNITY)).unwrap();
    let pos = waiting[0].pos;
    let admitted = world.hub.office(move |desk| desk.admit(pos, LEAD, "本人代访")).unwrap();
    assert!(matches!(admitted, Verdict::Accepted { stream: StreamId::Grid(grid), .. } if grid == GRIDS[1]));
    assert_eq!(phone.push(&world.hub, std::slice::from_ref(&visit)), [admitted]);
    let mut other = world.phone(WORKERS[1]);
    let reply = sync(&world, &mut other);
    let entries = &reply.pulls.last().unwrap().entries;
    assert!(entries.iter().any(|one| one.entry == Pulled::Payload(visit.payload.clone())));
    let again = world.hub.office(move |desk| desk.admit(pos, LEAD, ""));
    assert!(matches!(again, Err(ActError::NotWaiting { .. })));
}

#[test]
fn no_person_can_admit_what_breaks_the_rules() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let mut other = world.phone(WORKERS[1]);
    let visit = other.visit(0);
    phone.say(&world.hub, HOME, visit);
    let pos = world.hub.storage().read(|tx| tx.waiting_in(COMMUNITY)).unwrap()[0].pos;
    let refused = world.hub.office(move |desk| desk.admit(pos, LEAD, ""));
    assert!(matches!(refused, Err(ActError::NotAdmissible { reason: Refusal::WrongWorker })));
    assert_eq!(world.hub.storage().read(|tx| tx.waiting_in(COMMUNITY)).unwrap().len(), 1);
}

#[test]
fn a_hand_over_freezes_the_sheet_of_what_was_outstanding() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let on = "2026-07-02".parse().unwrap();
    let sheet = world.hub.hand_over(LEAD, COMMUNITY, GRIDS[0], WORKERS[2], on).unwrap();
    assert_eq!((sheet.on, sheet.quarter.len()), ("2026-07-01".parse().unwrap(), 1));
    let visit = sealed_visit(&mut phone, 0);
    phone.push(&world.hub, &[visit]);
    let frozen = world.hub.storage().read(|tx| tx.handovers(GRIDS[0])).unwrap();
    assert_eq!(frozen, [sheet]);
    let now = world.hub.storage().read(|tx| tx.grid_coverage(GRIDS[0], "2026Q3".parse().unwrap())).unwrap();
    assert_eq!(now.unwrap().total().done, 1);
}

#[test]
fn a_damaged_row_stops_the_figures_and_never_the_phones() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let door = "(SELECT nr FROM unit WHERE grid = (SELECT grid FROM unit WHERE nr = 1) AND nr = 1)";
    let damage = format!("UPDATE unit_file SET file = {} WHERE nr = {door}", Fresh::bytes("ff"));
    world.database.tamper(&damage).unwrap();
    let visit = sealed_visit(&mut phone, 0);
    assert!(matches!(phone.push(&world.hub, &[visit])[0], Verdict::Accepted { .. }));
    assert!(!world.hub.verify().unwrap().faults.is_empty());
}

#[test]
fn a_new_day_is_reckoned_for_every_grid() {
    let world = World::new();
    let day_of = |grid| {
        let rows = world.hub.storage().read(|tx| tx.grid_coverage(grid, "2026Q3".parse().unwrap())).unwrap();
        rows.unwrap().as_of
    };
    assert_eq!(day_of(GRIDS[1]), "2026-07-01".parse().unwrap());
    world.clock.forward(chrono::Duration::days(1));
    assert_eq!(world.hub.refresh_day().unwrap(), 2);
    assert_eq!(day_of(GRIDS[1]), "2026-07-02".parse().unwrap());
    assert_eq!(world.hub.refresh_day().unwrap(), 0);
    assert_eq!(world.hub.verify().unwrap().faults, []);
}
