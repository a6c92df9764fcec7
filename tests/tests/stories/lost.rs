//! A phone that is lost, or long without a network: what it shows, what it keeps, and what becomes of its outbox.

use std::sync::Arc;

use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::community::CommunityFact;
use ruhu_core::fieldbook::{LOCKED, LeaseStanding};
use ruhu_core::ids::EnrolmentId;
use ruhu_core::time::FixedClock;
use ruhu_server::storage::waiting::Waits;
use ruhu_sim::harness::{HarnessError, SimPhone};
use ruhu_sim::phone::{Cli, Command, DueArgs, run};
use ruhu_tests::village::{Village, field};

fn standing(phone: &SimPhone) -> LeaseStanding {
    phone.book.lease().unwrap().unwrap().standing
}

fn revoke(village: &Village, enrolment: EnrolmentId) {
    let now_ms = village.hub.hub().now_ms();
    assert!(village.hub.hub().storage().write(move |tx| tx.revoke(enrolment, now_ms)).unwrap());
}

/// What `ruhu-phone` prints on that phone's file at a time.
fn printed(file: &str, at: &str, open: bool, json: bool, command: Command) -> String {
    let cli = Cli { store: file.into(), key_file: None, json, open, clock: None, command };
    let mut out = Vec::new();
    let clock = Arc::new(FixedClock(at.parse().unwrap()));
    run(cli, clock, Box::new(StdRng::from_seed([1; 32])), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_phone_that_was_revoked_and_long_silent_hands_in_its_outbox_before_it_erases_its_file() {
    let village = Village::new(31, 3);
    let homes = village.homes(1);
    let mut phone = village.phone(1, "lost");
    let enrolment = phone.book.enrolled().unwrap().unwrap().enrolment;
    village.to("2026-07-10 10:00");
    let before = phone.book.save_visit(homes[0].met(), &field("p/phone", "13800000001")).unwrap();
    revoke(&village, enrolment);
    village.to("2026-08-20 10:00");
    assert_eq!(standing(&phone), LeaseStanding::Locked, "nobody reads names on a lost phone");
    let after = phone.book.save_visit(homes[1].met(), &[]).unwrap();
    assert_eq!(phone.book.outbox().unwrap().unsent, 3);

    // The line breaks before the hub hears anything: the phone keeps all of it.
    phone.book.sync_now();
    phone.sync_through(&mut |_, _| Ok(None)).unwrap();
    assert_eq!(phone.book.outbox().unwrap().unsent, 3);
    // The answer is lost: the hub has everything, and the phone still does.
    phone.book.sync_now();
    phone
        .sync_through(&mut |path, body| {
            village.hub.answer(path, body)?;
            Ok(None)
        })
        .unwrap();
    assert_eq!(phone.book.outbox().unwrap().unsent, 3);
    assert_eq!(village.waiting().len(), 3);

    phone.book.sync_now();
    let erased = phone.sync(&village.hub);
    assert!(matches!(erased, Err(HarnessError::Unfinished(why)) if why == "Erased"));
    assert_eq!(phone.book.units().unwrap(), []);
    assert_eq!(phone.book.receipts().unwrap(), []);
    assert!(phone.book.enrolled().unwrap().is_none() && phone.book.lease().unwrap().is_none());
    let waiting = village.waiting();
    assert!(waiting.iter().all(|one| one.waits == Waits::Quarantined));
    assert_eq!(waiting.len(), 3, "salvaged once, however often it was sent");
    for entry in [before.record.unwrap(), before.edit.unwrap(), after.record.unwrap()] {
        assert_eq!(village.times_held(entry), 1);
    }
    let lead = village.hub.lead();
    for one in waiting {
        village.hub.hub().office(move |desk| desk.admit(one.pos, lead, "手机遗失前走访")).unwrap();
    }
    assert!(village.state(homes[0]).unwrap().is_done() && village.state(homes[1]).unwrap().is_done());
    assert_eq!(village.values(homes[0].unit(), "p/phone"), ["13800000001".into()]);
    village.assert_verifies();
}

#[test]
fn a_locked_phone_prints_no_name_even_when_asked_to_and_says_what_to_do() {
    let village = Village::new(32, 2);
    let home = village.homes(1)[0];
    let mut phone = village.phone(1, "one");
    let person = "m/01981d3c-0000-7000-8000-000000000001/name";
    phone.book.edit_fields(home.unit(), &field(person, "王某某")).unwrap();
    village.act(Vec::new(), vec![CommunityFact::LeaseSet { days: 14 }]);
    village.sync(&mut phone);
    drop(phone);
    let file = village.path("one");
    let household = || Command::Household { who: home.household.to_string() };
    let due = || Command::Due(DueArgs { day: None, grid: None });
    let open = printed(&file, "2026-07-02T01:00:00Z", true, false, household());
    assert!(open.contains("王某某") && !open.contains('!'), "{open}");
    let warned = printed(&file, "2026-07-12T01:00:00Z", true, false, due());
    assert!(warned.starts_with("! 请在") && warned.contains("王某某"), "{warned}");
    let late = "2026-07-20T01:00:00Z";
    for (open, command) in [(true, household()), (true, due()), (false, household())] {
        let locked = printed(&file, late, open, false, command);
        assert!(!locked.contains('王') && locked.contains(LOCKED) && locked.starts_with("! "), "{locked}");
        assert!(locked.contains("小村"), "the door is still shown: {locked}");
    }
    let status = printed(&file, late, true, false, Command::Status);
    assert!(status.contains("14 天") && status.contains("! 超过"), "{status}");
    let status: serde_json::Value =
        serde_json::from_str(&printed(&file, late, true, true, Command::Status)).unwrap();
    assert_eq!(status["lease"]["standing"], "locked");
    assert_eq!(status["outbox"]["unsent"], 0);
}
