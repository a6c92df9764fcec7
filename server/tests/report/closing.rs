//! Closing a period over the real store: example 18 of `coverage.md`, and everything a closed report promises.

use std::collections::BTreeSet;

use chrono::Duration;
use ruhu_core::closing::{self, SilentPhones};
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::Hash32;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Verdict;
use ruhu_core::time::Period;
use ruhu_core::visit::VisitDraft;
use ruhu_server::report::closing::{ReportError, Wanted};
use ruhu_server::report::coverage::{Standing, book};
use ruhu_server::report::{SignedReport, seal, text};
use ruhu_server::storage::log::Pos;

use super::world::{COMMUNITY, DOORS, GRIDS, HOUSEHOLDS, LEAD, Phone, WORKERS, World};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);
const NEXT: Unit = Unit::Household(HOUSEHOLDS[1]);

fn quarter() -> Period {
    "2026Q3".parse().unwrap()
}

fn day_of(world: &World) -> String {
    ruhu_core::time::Zone::CHINA.date(world.clock.now()).to_string()
}

fn report(world: &World) -> SignedReport {
    world.hub.report(COMMUNITY, quarter(), &Wanted::default()).unwrap()
}

fn report_at(world: &World, position: u64) -> SignedReport {
    let position = Some(Pos(i64::try_from(position).unwrap()));
    world.hub.report(COMMUNITY, quarter(), &Wanted { grids: BTreeSet::new(), position }).unwrap()
}

fn close(world: &World) -> Result<SignedReport, ReportError> {
    world.hub.close_period(COMMUNITY, quarter(), LEAD, "按期关账".into())
}

/// 5 July: household 1 is met. 29 September: household 2 is met, but that phone finds no signal until 12 October.
/// 10 October: the lead closes the quarter.
struct Story {
    world: World,
    phone: Phone,
    late: ruhu_core::entry::Entry,
}

fn closed_with_a_late_visit_still_out() -> (Story, SignedReport) {
    let world = World::new();
    world.act(Vec::new(), vec![CommunityFact::WentLive { on: "2026-07-01".parse().unwrap() }]);
    let mut first = world.phone(WORKERS[0]);
    let mut phone = world.phone(WORKERS[1]);
    world.clock.forward(Duration::days(4));
    let visit = first.visit(0);
    assert!(matches!(first.say(&world.hub, HOME, visit), Verdict::Accepted { .. }));
    world.clock.forward(Duration::days(86));
    assert_eq!(day_of(&world), "2026-09-29");
    let met = phone.visit(1);
    let late = phone.seal(NEXT, met);
    world.clock.forward(Duration::days(11));
    assert_eq!(day_of(&world), "2026-10-10");
    first.push(&world.hub, &[]);
    let closed = close(&world).unwrap();
    (Story { world, phone, late }, closed)
}

#[test]
fn example_18_a_visit_that_arrives_after_closing_amends_and_the_closed_report_stays() {
    let (mut story, closed) = closed_with_a_late_visit_still_out();
    let world = &story.world;
    assert_eq!(closed.report.total.identity(), "应访 2 = 已访 1 + 核减 0 + 未访 1");
    assert_eq!(closed.report.standing, Standing::Closed { on: "2026-10-10".parse().unwrap() });
    assert_eq!(closed.report.silent, SilentPhones { phones: 1, households: 1 }, "the phone without a signal");

    world.clock.forward(Duration::days(2));
    let verdicts = story.phone.push(&world.hub, &[story.late]);
    assert!(matches!(verdicts[0], Verdict::Accepted { counts_in, .. } if counts_in == Some(quarter())));

    let now = report(world);
    assert_eq!(
        now.report.canonical(),
        closed.report.canonical(),
        "not one byte of the closed report changed"
    );
    assert_eq!((now.hash, &now.signature), (closed.hash, &closed.signature));
    assert_eq!(now.amendments.len(), 1);
    let amendment = &now.amendments[0];
    assert_eq!((amendment.amendment.number, amendment.amendment.total.done), (1, 2));
    assert_eq!(amendment.amendment.units, [NEXT]);
    assert_eq!(amendment.on.to_string(), "2026-10-12");
    let changed: Vec<_> = amendment.amendment.grids.iter().map(|one| (one.grid, one.figures.done)).collect();
    assert_eq!(changed, [(GRIDS[1], 1)]);
    let shown = text::render(&book(&now));
    assert!(shown.contains("关账 50.00 % → 现 100.00 %(更正 1)"), "{shown}");
    assert!(shown.contains("1 部手机未同步,最多影响 1 户"));
}

#[test]
fn amendments_are_numbered_and_each_names_the_one_before() {
    let (mut story, _) = closed_with_a_late_visit_still_out();
    let world = &story.world;
    let record = story.late.envelope.payload_hash;
    story.phone.push(&world.hub, &[story.late]);
    let found = |falsified| {
        let fact = Fact::Found { target: record, falsified };
        world.act(vec![UnitFact { unit: NEXT, fact }], Vec::new());
    };
    found(true);
    found(false);
    let signed = report(world);
    let done: Vec<u32> = signed.amendments.iter().map(|one| one.amendment.total.done).collect();
    assert_eq!(done, [2, 1, 2], "a finding and its reversal amend like a late visit");
    signed.check().unwrap();
    let file = world.hub.storage().read(|tx| tx.community(COMMUNITY)).unwrap().unwrap();
    let closing = closing::of(&file, quarter()).unwrap();
    assert_eq!(closing.amendments.len(), 3);
    assert_eq!(closing.amendments[0].fact.previous, closing.closed.entry);
    assert_eq!(closing.amendments[2].fact.previous, closing.amendments[1].entry);
    assert_eq!(closing.amendments[0].fact.cause, record);
    assert_eq!(closing.now(), signed.amendments[2].amendment.total);
    let keys = vec![seal::hex(&world.hub.verifying_key().to_bytes())];
    assert!(SignedReport::verify(&signed.to_json(), &keys).is_ok());
    assert!(SignedReport::verify(&signed.to_xlsx().unwrap(), &keys).is_ok());
}

#[test]
fn a_visit_dated_anew_out_of_the_closed_quarter_amends_it() {
    let (mut story, _) = closed_with_a_late_visit_still_out();
    let world = &story.world;
    let record = story.late.envelope.payload_hash;
    story.phone.push(&world.hub, &[story.late]);
    world.clock.forward(Duration::days(2));
    let phone = &mut story.phone;
    let dated_anew = VisitDraft {
        visited_on: "2026-10-02".parse().ok(),
        supersedes: Some(record),
        ..phone.draft(NEXT, DOORS[1])
    };
    let dated_anew = phone.visit_of(dated_anew);
    assert!(matches!(phone.say(&world.hub, NEXT, dated_anew), Verdict::Accepted { .. }));
    let done: Vec<u32> = report(world).amendments.iter().map(|one| one.amendment.total.done).collect();
    assert_eq!(done, [2, 1], "what it corrects no longer counts in the closed quarter");
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn what_moves_no_figure_makes_no_amendment() {
    let (story, _) = closed_with_a_late_visit_still_out();
    let world = &story.world;
    let mut phone = world.phone(WORKERS[0]);
    let again = VisitDraft { visited_on: "2026-09-20".parse().ok(), ..phone.draft(HOME, DOORS[0]) };
    let again = phone.visit_of(again);
    assert!(matches!(phone.say(&world.hub, HOME, again), Verdict::Accepted { .. }));
    let today = phone.visit(0);
    phone.say(&world.hub, HOME, today);
    assert!(report(world).amendments.is_empty());
}

#[test]
fn a_period_closes_once_by_a_person_and_only_when_it_is_over() {
    let world = World::new();
    assert!(matches!(close(&world), Err(ReportError::NotOver { .. })));
    world.clock.forward(Duration::days(101));
    close(&world).unwrap();
    let refused = close(&world).unwrap_err();
    assert!(matches!(refused, ReportError::AlreadyClosed { on, .. } if on.to_string() == "2026-10-10"));
}

#[test]
fn the_closed_report_can_be_made_again_from_its_log_position() {
    let (mut story, closed) = closed_with_a_late_visit_still_out();
    let world = &story.world;
    story.phone.push(&world.hub, &[story.late]);
    let again = report_at(world, closed.report.log.position);
    assert_eq!(again.report.total, closed.report.total);
    assert_eq!(again.report.outstanding, closed.report.outstanding);
    assert_eq!(again.report.log, closed.report.log, "the same streams, as far, with the same running hashes");
    let file = world.hub.storage().read(|tx| tx.community(COMMUNITY)).unwrap().unwrap();
    let closing = closing::of(&file, quarter()).unwrap();
    assert_eq!(closing.closed.fact.cut, again.report.log.streams);
    assert_eq!(closing.closed.fact.report, closed.hash);
}

#[test]
fn the_same_log_gives_the_same_bytes_by_rows_and_by_replay() {
    let (story, _) = closed_with_a_late_visit_still_out();
    let world = &story.world;
    let month: Period = "2026-09".parse().unwrap();
    let wanted = |position| Wanted { grids: BTreeSet::new(), position };
    let by_rows = world.hub.report(COMMUNITY, month, &wanted(None)).unwrap();
    let last = world.hub.storage().read(|tx| tx.last_pos()).unwrap();
    let by_replay = world.hub.report(COMMUNITY, month, &wanted(Some(last))).unwrap();
    assert_eq!(by_rows.to_json(), by_replay.to_json());
    assert_eq!(by_rows.to_xlsx().unwrap(), by_replay.to_xlsx().unwrap());
    assert_ne!(by_rows.hash, Hash32::ZERO);
}

#[test]
fn some_grids_of_a_closed_report_are_reckoned_at_its_position() {
    let (mut story, _) = closed_with_a_late_visit_still_out();
    let world = &story.world;
    story.phone.push(&world.hub, &[story.late]);
    let wanted = Wanted { grids: BTreeSet::from([GRIDS[1]]), position: None };
    let part = world.hub.report(COMMUNITY, quarter(), &wanted).unwrap();
    assert_eq!(part.report.total.identity(), "应访 1 = 已访 0 + 核减 0 + 未访 1");
    assert_eq!(part.report.only_grids.as_deref(), Some(&[GRIDS[1]][..]));
    assert_eq!(part.report.changes, None);
    let unknown =
        Wanted { grids: BTreeSet::from([ruhu_core::ids::GridId::from_bytes([99; 16])]), position: None };
    assert!(matches!(world.hub.report(COMMUNITY, quarter(), &unknown), Err(ReportError::UnknownGrid)));
}
