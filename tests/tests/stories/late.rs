//! A visit that arrives after the quarter was closed.

use ruhu_core::time::Period;
use ruhu_server::report::closing::Wanted;
use ruhu_tests::village::Village;

#[test]
fn a_late_visit_after_closing_amends_and_leaves_the_closed_report_as_it_was() {
    let village = Village::new(11, 2);
    let homes = village.homes(1);
    let quarter: Period = "2026Q3".parse().unwrap();
    let (community, lead) = (village.hub.community(), village.hub.lead());
    let mut phone = village.phone(1, "one");
    village.to("2026-07-05 10:00");
    phone.book.save_visit(homes[0].met(), &[]).unwrap();
    village.sync(&mut phone);
    // The second is met in the last days, and the phone finds no signal until the quarter is closed.
    village.to("2026-09-29 16:00");
    let late = phone.book.save_visit(homes[1].met(), &[]).unwrap().record.unwrap();
    village.to("2026-10-10 09:00");
    let hub = village.hub.hub();
    let closed = hub.close_period(community, quarter, lead, "按期关账".into()).unwrap();
    let done = closed.report.total.tally.done;
    village.to("2026-10-12 18:00");
    assert_eq!(village.sync(&mut phone).accepted, 1);
    let now = hub.report(community, quarter, &Wanted::default()).unwrap();
    assert_eq!(now.report.canonical(), closed.report.canonical(), "not one byte of it changed");
    assert_eq!((now.hash, &now.signature), (closed.hash, &closed.signature));
    assert_eq!(now.amendments.len(), 1);
    let amendment = &now.amendments[0].amendment;
    assert_eq!((amendment.number, amendment.total.done), (1, done + 1));
    assert_eq!(amendment.units, [homes[1].unit()]);
    // The same push again amends nothing twice.
    village.sync(&mut phone);
    assert_eq!(hub.report(community, quarter, &Wanted::default()).unwrap().amendments.len(), 1);
    assert_eq!(village.times_held(late), 1);
    village.assert_verifies();
}
