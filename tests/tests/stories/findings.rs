//! From a made-up visit to a finding, an appeal and its reversal: real phones, one hub, nobody told who need not be.

use ruhu_core::entry::{Account, RevisitKey, Ruling, Told};
use ruhu_core::fieldbook::RevisitAnswer;
use ruhu_core::finding::Stage;
use ruhu_core::ids::{AccountId, Hash32, RecheckId};
use ruhu_server::findings::FindingError;
use ruhu_server::flags::gather::gather;
use ruhu_server::flags::{Model, card, review};
use ruhu_server::recheck::act::Entered;
use ruhu_server::recheck::agreement::Answer;
use ruhu_server::recheck::draw::Method;
use ruhu_sim::harness::SimPhone;
use ruhu_sim::village::Village;

use super::review::{HOMES, made_up};

/// Another account than the one that asks, and one with no part in it.
pub(super) const SECOND: AccountId = AccountId::from_bytes([62; 16]);
pub(super) const APART: AccountId = AccountId::from_bytes([63; 16]);

fn story(village: &Village) {
    let (mut phones, made_up) = made_up(village);
    let (hub, lead, community) = (village.hub.hub(), village.hub.lead(), village.hub.community());
    let (before, period) = (village.progress(1), "2026Q3".parse().unwrap());
    let id = hub.draw_recheck(lead, (community, hub.make_id()), period, (Method::Signals, 20)).unwrap();
    let record = hub.storage().read(|tx| tx.drawn(id)).unwrap()[0].visit.unwrap().0;
    assert!(made_up.contains(&record));
    assert_kept_as_it_is_made_again(village, id, record);

    let [first, second, third] = &mut phones[..] else { panic!("three phones") };
    ask_again(village, second, id, (1, 2));
    assert_eq!(village.progress(1), before, "a contradicted record counts");
    let reply_by = "2026-09-27".parse().unwrap();
    let finding = hub.ask_account(lead, community, (id, 0), reply_by, "请说明当时的情况").unwrap();

    // Only his own phone is told; he answers without a line, and the answer waits with everything else.
    for colleague in [&mut *second, &mut *third] {
        village.sync(colleague);
        assert_eq!((colleague.book.findings().unwrap(), colleague.book.waiting().unwrap()), (vec![], 0));
    }
    village.sync(first);
    assert_eq!(first.book.waiting().unwrap(), 1);
    let asked = first.book.findings().unwrap().remove(0);
    assert_eq!((asked.id, asked.record, asked.question.as_str()), (finding, record, "请说明当时的情况"));
    village.to("2026-09-21 09:00");
    first.book.account(finding, Account::MetAnother, "见的是女儿").unwrap();
    let decide = |by| hub.decide_finding(by, community, finding, Ruling::Falsified, "两人先后询问均否认");
    assert!(matches!(decide(SECOND), Err(FindingError::NotHeard { .. })), "nobody has heard it yet");
    village.sync(first);
    assert!(matches!(decide(SECOND), Err(FindingError::OneContact)));
    ask_again(village, third, id, (2, 3));
    assert!(matches!(decide(lead), Err(FindingError::SamePerson)));

    // Found by another account: the visit counts no longer, on the hub and on the phone alike.
    decide(SECOND).unwrap();
    assert_eq!(village.progress(1), (before.0 - 1, before.1));
    village.sync(first);
    village.assert_agrees(first, 1);
    let found = first.book.findings().unwrap().remove(0);
    assert_eq!(
        (found.stage, found.ruling, found.may_appeal),
        (Stage::Decided, Some(Ruling::Falsified), true)
    );
    assert_eq!(found.reason, "两人先后询问均否认");

    // He appeals; an account with no part in it reverses, and everything is as before.
    village.to("2026-09-22 09:00");
    first.book.appeal(finding, "请问问他女儿").unwrap();
    village.sync(first);
    let hear = |by| hub.hear_appeal(by, community, finding, true, "女儿证实当天见过");
    assert!(matches!(hear(lead), Err(FindingError::SamePerson)));
    assert!(matches!(hear(SECOND), Err(FindingError::SamePerson)));
    hear(APART).unwrap();
    assert_eq!(village.progress(1), before);
    village.sync(first);
    village.assert_agrees(first, 1);
    let heard = first.book.findings().unwrap().remove(0);
    assert_eq!((heard.stage, heard.reversed, heard.ended), (Stage::Heard, Some(true), true));
    village.assert_verifies();
    assert_eq!(village.waiting(), [], "nothing was refused on the way");
}

/// A worker apart gets the task, asks, and the lead enters what he brought.
pub(super) fn ask_again(village: &Village, phone: &mut SimPhone, draw: RecheckId, (round, grid): (u32, u32)) {
    let (hub, lead, community) = (village.hub.hub(), village.hub.lead(), village.hub.community());
    let key = RevisitKey { draw, nth: 0, round };
    let today = hub.today(community).unwrap();
    let worker = village.worker(grid);
    hub.give_revisit(lead, community, key, worker, today + chrono::Duration::days(7)).unwrap();
    village.sync(phone);
    let task = phone.book.revisits().unwrap().remove(0);
    assert!(task.key == key && !task.place.is_empty() && task.answer.is_none());
    let said =
        RevisitAnswer { on: today, by_phone: false, told: Told::NobodyCame, came_on: None, people: None };
    phone.book.answer_revisit(key, said, "").unwrap();
    village.sync(phone);
    let entered =
        Entered { nth: 0, round, answer: Answer::Denied, by_phone: false, on: today, checker: Some(worker) };
    hub.answer_recheck(lead, community, draw, entered).unwrap();
    village.sync(phone);
    assert_eq!(phone.book.revisits().unwrap(), [], "done");
}

/// The card kept with the draw is the card that the same rows and model give, to the letter.
fn assert_kept_as_it_is_made_again(village: &Village, draw: RecheckId, record: Hash32) {
    let (community, period) = (village.hub.community(), "2026Q3".parse().unwrap());
    let storage = village.hub.hub().storage();
    let kept = storage.read(|tx| tx.card(draw, 0)).unwrap().unwrap();
    let material = storage.read(|tx| gather(tx, community, period)).unwrap();
    let made = card(&material, &review(&material, &Model::default()), record).unwrap();
    assert_eq!(serde_json::to_string(&made).unwrap(), kept);
}

#[test]
fn a_made_up_visit_is_found_false_and_restored_when_an_appeal_is_heard() {
    story(&Village::new(64, HOMES));
}

mod on_postgres {
    use ruhu_server::storage::DatabaseAt;
    use ruhu_server::storage::postgres::Server;
    use ruhu_tests::cluster::Cluster;
    use ruhu_tests::folder;

    use super::{HOMES, Village, story};

    #[test]
    fn a_made_up_visit_is_found_false_and_restored_there_too() {
        let (cluster, folder) = (Cluster::shared(), folder::new().unwrap());
        let address = cluster.database();
        let at: DatabaseAt = address.parse::<Server>().unwrap().or_keys_in(folder.path()).into();
        story(&Village::on(at, folder, 64, HOMES));
    }
}
