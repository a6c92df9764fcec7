//! From a re-visit that contradicts to a finding by a person, and back when an appeal reverses it; and who may do what.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::{
    Account, FindingEvent, FindingStep, Payload, Private, ReasonBody, Record, RevisitKey, Revisited, Ruling,
    StreamId, Told,
};
use ruhu_core::ids::{AccountId, FindingId, Hash32, RecheckId, WorkerId};
use ruhu_core::roster::{By, Unit};
use ruhu_core::sync::wire::{Pulled, Refusal, Verdict};
use ruhu_server::access::{Place, Role};
use ruhu_server::erase::{Order, What};
use ruhu_server::findings::FindingError;
use ruhu_server::findings::course::all;
use ruhu_server::recheck::act::Entered;
use ruhu_server::recheck::agreement::Answer;
use ruhu_server::recheck::draw::Method;
use ruhu_server::storage::accounts::LogKind;
use ruhu_server::verify::Fault;

use super::acting::{lead, said};
use super::browser::Browser;
use super::database::Fresh;
use super::world::{COMMUNITY, HOUSEHOLDS, LEAD, Phone, WORKERS, World};

/// Another account than the one that asks, and one with no part in it.
pub(super) const SECOND: AccountId = AccountId::from_bytes([62; 16]);
pub(super) const APART: AccountId = AccountId::from_bytes([63; 16]);

/// A visit by the first worker, drawn by lot.
pub(super) fn drawn(world: &World) -> (Phone, Hash32, RecheckId) {
    world.act(Vec::new(), vec![CommunityFact::WentLive { on: "2026-07-01".parse().unwrap() }]);
    drawn_in_trial(world)
}

/// The same before anybody said when the community went live: every quarter is a trial.
fn drawn_in_trial(world: &World) -> (Phone, Hash32, RecheckId) {
    let (mut phone, home) = (world.phone(WORKERS[0]), Unit::Household(HOUSEHOLDS[0]));
    let visit = phone.visit(0);
    let record = visit.hash();
    phone.say(&world.hub, home, visit);
    let id = world.hub.make_id();
    world.hub.draw_recheck(LEAD, (COMMUNITY, id), "2026Q3".parse().unwrap(), (Method::Lot, 1)).unwrap();
    (phone, record, id)
}

pub(super) async fn another(world: &World, name: &str) -> Browser {
    Browser::signed_in(&world.hub, name, Role::Community, Place::Community { id: COMMUNITY }).await
}

pub(super) fn told(phone: &mut Phone, record: &Record, words: &str) -> Payload {
    Payload::of_record_with_reason(record, &ReasonBody { words: words.into() }, phone.salt())
}

/// What a phone is told of private matters: everything with its words, and nothing of anybody else.
pub(super) fn received(world: &World, phone: &mut Phone) -> Vec<(Private, String)> {
    let reply = phone.send(&world.hub, &phone.request(&[])).unwrap();
    let own = StreamId::Worker(phone.worker);
    let entries =
        reply.pulls.into_iter().flat_map(|pull| pull.entries.into_iter().map(move |one| (pull.stream, one)));
    let mut private = Vec::new();
    for (stream, one) in entries {
        let Pulled::Payload(payload) = one.entry else { continue };
        let contents = payload.read().unwrap();
        if let Some(said) = contents.private() {
            assert_eq!(stream, own, "nobody else's phone is told");
            private.push((said, contents.reason_words().to_owned()));
        }
    }
    private
}

pub(super) fn push(world: &World, phone: &mut Phone, payload: Payload) -> Verdict {
    let entry = phone.seal_about(None, payload);
    phone.push(&world.hub, &[entry]).remove(0)
}

fn revisited(draw: RecheckId, round: u32, by: WorkerId) -> Record {
    Record::Revisited(Revisited {
        key: RevisitKey { draw, nth: 0, round },
        made_by: by,
        on: "2026-07-02".parse().unwrap(),
        by_phone: false,
        told: Told::NobodyCame,
        came_on: None,
        people: Some(3),
    })
}

fn own(finding: FindingId, step: FindingStep) -> Record {
    Record::Finding(FindingEvent { finding, worker: WORKERS[0], step, by: By::Worker(WORKERS[0]) })
}

fn done(world: &World) -> u32 {
    let grid = super::world::GRIDS[0];
    let cells = world.hub.storage().read(|tx| tx.cells(grid, "2026Q3".parse().unwrap())).unwrap();
    cells.get("visited").copied().unwrap_or(0)
}

#[tokio::test]
async fn a_contradicted_record_is_asked_about_checked_again_found_false_appealed_and_restored() {
    let world = World::new();
    let (mut own_phone, record, draw) = drawn(&world);
    let (mut second, mut third) = (world.phone(WORKERS[1]), world.phone(WORKERS[2]));
    let mut li = lead(&world).await;
    let at = format!("/spot-checks/{draw}");
    fn task<'f>(round: &'f str, worker: &'f str) -> [(&'f str, &'f str); 5] {
        [("act", "give"), ("nth", "0"), ("round", round), ("due", "2026-07-10"), ("checker", worker)]
    }
    let [first, other, apart] = WORKERS.map(|worker| worker.to_string());

    // A worker apart is sent to ask; his phone is told where, and nothing of the record.
    let refused = li.post(&at, &task("1", &first)).await;
    assert!(said(&refused.html()).contains("复访人不能是原走访人"));
    assert_eq!(li.post(&at, &task("1", &other)).await.status, StatusCode::SEE_OTHER);
    let page = li.get(&at).await.html();
    assert!(page.contains("已派 工作者22,2026-07-10 前"), "{page}");
    let tasks = received(&world, &mut second);
    assert!(
        matches!(&tasks[..], [(Private::Task(task), place)] if task.due.is_some() && place == "阳光小区3栋2单元101室")
    );
    assert_eq!(received(&world, &mut own_phone), []);

    // What the phone brings stands on the page to be held against the record; a person enters it.
    world.clock.forward(Duration::days(1));
    let payload = told(&mut second, &revisited(draw, 1, WORKERS[1]), "门卫也说没见过");
    assert!(matches!(
        push(&world, &mut second, payload),
        Verdict::Accepted { stream: StreamId::Answers(_), .. }
    ));
    li.sign_in_again("lifang").await;
    let page = li.get(&at).await.html();
    assert!(page.contains("工作者22 于 2026-07-02 复访:没人来过 · 常住 3 人 · 门卫也说没见过"), "{page}");
    assert!(page.contains("value=\"denied\" selected"));
    let entered =
        [("nth", "0"), ("round", "1"), ("answer", "denied"), ("on", "2026-07-02"), ("checker", &other)];
    assert_eq!(li.post(&at, &entered).await.status, StatusCode::SEE_OTHER);
    assert!(matches!(&received(&world, &mut second)[..], [(Private::Task(task), _)] if task.due.is_none()));

    // The worker is asked; nothing is concluded, and the visit counts.
    let ask = |by: &'static str| {
        [
            ("act", "ask"),
            ("nth", "0"),
            ("reply_by", by),
            ("words", "您登记 7月1日 走访,住户说没人来过,请说明。"),
        ]
    };
    assert!(said(&li.post(&at, &ask("2026-07-03")).await.html()).contains("至少三天"));
    let asked = li.post(&at, &ask("2026-07-09")).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let finding_page = asked.location().split('?').next().unwrap().to_owned();
    let finding: FindingId = finding_page.rsplit('/').next().unwrap().parse().unwrap();
    assert!(said(&li.post(&at, &ask("2026-07-09")).await.html()).contains("已有核查"));
    assert_eq!(done(&world), 1);
    let question = received(&world, &mut own_phone);
    assert!(matches!(&question[..], [(Private::Finding(event), words)]
        if matches!(event.step, FindingStep::Asked { record: of, .. } if of == record) && words.contains("请说明")));

    // Not before he was heard, not on one word, not by the one who asked.
    let mut wang = another(&world, "wang").await;
    let decide = [("act", "decide"), ("ruling", "falsified"), ("words", "两次复访均否认,本人未能说明。")];
    assert!(said(&wang.post(&finding_page, &decide).await.html()).contains("请等到 2026-07-09"));
    let account = own(finding, FindingStep::Accounted { account: Account::MetAnother });
    let payload = told(&mut own_phone, &account, "见的是老人的女儿");
    assert!(matches!(
        push(&world, &mut own_phone, payload),
        Verdict::Accepted { stream: StreamId::Worker(_), .. }
    ));
    assert!(said(&wang.post(&finding_page, &decide).await.html()).contains("两人先后复访"));
    let page = wang.get(&finding_page).await.html();
    assert!(
        page.contains("当时见的是另一位家人")
            && page.contains("见的是老人的女儿")
            && page.contains("还没有任何结论")
            && page.contains("有明确答复的 1 次,其中 1 次与记录矛盾。次数太少,说明不了什么。"),
        "{page}"
    );
    assert!(!page.contains("value=\"falsified\""), "what cannot be found is not offered");
    let same = li.post(&at, &task("2", &other)).await;
    assert!(said(&same.html()).contains("第二次复访须由另一个人去"));
    assert_eq!(li.post(&at, &task("2", &apart)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(received(&world, &mut third).len(), 1);
    let entered =
        [("nth", "0"), ("round", "2"), ("answer", "denied"), ("on", "2026-07-02"), ("checker", &apart)];
    assert_eq!(wang.post(&at, &entered).await.status, StatusCode::SEE_OTHER);
    assert!(said(&li.post(&finding_page, &decide).await.html()).contains("另一个账号"));

    // Another account finds: the visit counts no longer, and he is told why and until when he may appeal.
    let found = wang.post(&finding_page, &decide).await;
    let page = wang.get(found.location()).await.html();
    assert!(said(&page).contains("已认定") && page.contains("弄虚作假"), "{page}");
    assert_eq!(done(&world), 0);
    assert!(li.get(&format!("/household/h-{}", HOUSEHOLDS[0])).await.html().contains("查实不实"));
    let told_him = received(&world, &mut own_phone);
    assert!(told_him.iter().any(|(said, words)| words.contains("两次复访均否认")
        && matches!(said, Private::Finding(event) if matches!(event.step, FindingStep::Decided { appeal_by: Some(_), .. }))));
    assert_eq!(received(&world, &mut second), [], "no colleague learns of it");

    // He appeals; who had a part in it cannot hear him; somebody else reverses, and everything is as before.
    world.clock.forward(Duration::minutes(5));
    let payload = told(&mut own_phone, &own(finding, FindingStep::Appealed), "请问问他女儿");
    assert!(matches!(push(&world, &mut own_phone, payload), Verdict::Accepted { .. }));
    let hear = [("act", "hear"), ("heard", "reversed"), ("words", "女儿证实当天见过。")];
    for browser in [&mut li, &mut wang] {
        assert!(said(&browser.post(&finding_page, &hear).await.html()).contains("另一个账号"));
    }
    let mut zhao = another(&world, "zhao").await;
    assert!(zhao.get(&finding_page).await.html().contains("您没有参与前面的环节"));
    assert_eq!(zhao.post(&finding_page, &hear).await.status, StatusCode::SEE_OTHER);
    assert_eq!(done(&world), 1);
    let list = zhao.get("/findings").await.html();
    assert!(
        list.contains("共 1 项,认定不利 1 项,其中经复核撤销 1 项") && !list.contains("工作者21"),
        "{list}"
    );
    assert!(said(&zhao.post(&finding_page, &hear).await.html()).contains("现在还不能办理"));
    assert_eq!(received(&world, &mut own_phone).len(), 1);
    let report = world.hub.verify().unwrap();
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    let looks = world.hub.storage().read(|tx| tx.logged(LogKind::Access, None, 99)).unwrap();
    assert!(looks.iter().any(|(.., row)| row.what == "finding" && row.target == finding.to_string()));
}

#[tokio::test]
async fn what_is_found_after_closing_amends_the_period_and_its_reversal_amends_it_back() {
    let world = World::new();
    let (_, _, draw) = drawn(&world);
    let hub = &world.hub;
    let mut li = lead(&world).await;
    denied(&world, draw, 1, Some(WORKERS[1]));
    denied(&world, draw, 2, Some(WORKERS[2]));
    world.clock.forward(Duration::days(100));
    li.sign_in_again("lifang").await;
    let close = [("close", "2026Q3"), ("reason", "核对无误"), ("sure", "yes")];
    assert_eq!(li.post("/periods", &close).await.status, StatusCode::SEE_OTHER);
    let closed = |world: &World| {
        world
            .hub
            .storage()
            .read(|tx| tx.closed_states(COMMUNITY, "2026Q3".parse().unwrap()))
            .unwrap()
            .unwrap()
    };
    let before = closed(&world);
    let today = world.hub.today(COMMUNITY).unwrap();
    let id = hub.ask_account(LEAD, COMMUNITY, (draw, 0), today + Duration::days(3), "请说明").unwrap();
    world.clock.forward(Duration::days(4));
    let find = |ruling| world.hub.decide_finding(SECOND, COMMUNITY, id, ruling, "期限内未作说明");
    find(Ruling::Missed).unwrap();
    assert_ne!(closed(&world), before, "amended");
    assert!(find(Ruling::Cleared).is_err(), "found once");
    hub.note_appeal(LEAD, COMMUNITY, id, "书面申诉").unwrap();
    hub.hear_appeal(APART, COMMUNITY, id, true, "楼长证实当天来过").unwrap();
    assert_eq!(closed(&world), before, "and back");
    assert!(hub.verify().unwrap().faults.is_empty());
}

#[tokio::test]
async fn in_the_trial_period_a_record_is_cleared_and_never_found_against() {
    let world = World::new();
    let (_, _, draw) = drawn_in_trial(&world);
    denied(&world, draw, 1, Some(WORKERS[1]));
    denied(&world, draw, 2, Some(WORKERS[2]));
    let hub = &world.hub;
    let id = hub.ask_account(LEAD, COMMUNITY, (draw, 0), "2026-07-09".parse().unwrap(), "请说明").unwrap();
    world.clock.forward(Duration::days(9));
    let find = |ruling| hub.decide_finding(SECOND, COMMUNITY, id, ruling, "期限内未作说明");
    for ruling in [Ruling::Missed, Ruling::Inaccurate, Ruling::Falsified] {
        assert!(matches!(find(ruling), Err(FindingError::Trial)), "{ruling:?}");
    }
    let mut wang = another(&world, "wang").await;
    let page = wang.get(&format!("/finding/{id}")).await.html();
    assert!(page.contains("试行期") && !page.contains("value=\"falsified\""), "{page}");
    find(Ruling::Cleared).unwrap();
}

#[tokio::test]
async fn a_phone_says_nothing_of_anybody_elses_finding_and_decides_nothing() {
    let world = World::new();
    let (mut own_phone, record, draw) = drawn(&world);
    let mut other = world.phone(WORKERS[1]);
    denied(&world, draw, 1, None);
    let id =
        world.hub.ask_account(LEAD, COMMUNITY, (draw, 0), "2026-07-09".parse().unwrap(), "请说明").unwrap();
    let said = |phone: &mut Phone, record: Record| {
        let payload = told(phone, &record, "说明");
        push(&world, phone, payload)
    };
    let quarantined = |reason| Verdict::Quarantined { reason };
    let account = || FindingStep::Accounted { account: Account::Other };
    // As a colleague, in his name, of nothing anybody asked, as the desk, and of a re-visit nobody gave him.
    let foreign = Record::Finding(FindingEvent {
        finding: id,
        worker: WORKERS[1],
        step: account(),
        by: By::Worker(WORKERS[1]),
    });
    assert_eq!(said(&mut other, foreign), quarantined(Refusal::OutOfScope));
    assert_eq!(said(&mut other, own(id, account())), quarantined(Refusal::WrongWorker));
    let nothing = FindingId::from_bytes([9; 16]);
    assert_eq!(said(&mut own_phone, own(nothing, account())), quarantined(Refusal::UnknownUnit));
    let ruling = Ruling::Cleared;
    let decided = own(id, FindingStep::Decided { ruling, appeal_by: None });
    assert_eq!(said(&mut own_phone, decided), quarantined(Refusal::DeskOnly));
    assert_eq!(said(&mut other, revisited(draw, 1, WORKERS[1])), quarantined(Refusal::UnknownUnit));
    let payload = told(&mut own_phone, &own(id, account()), "说明");
    let about_a_home = own_phone.seal(Unit::Household(HOUSEHOLDS[0]), payload);
    assert_eq!(own_phone.push(&world.hub, &[about_a_home]), [quarantined(Refusal::Malformed)]);
    let known = world.hub.storage().read(|tx| all(tx, COMMUNITY)).unwrap();
    assert_eq!((known.len(), known[0].course.said().len()), (1, 1));
    assert_eq!(known[0].about().unwrap().record, record);
    assert!(world.hub.verify().unwrap().faults.is_empty());
}

#[tokio::test]
async fn a_card_goes_six_months_after_closing_unless_somebody_still_has_to_answer_and_with_its_household() {
    let world = World::new();
    let (_, _, draw) = drawn(&world);
    let hub = &world.hub;
    let mut li = lead(&world).await;
    let kept = || hub.storage().read(|tx| tx.card(draw, 0)).unwrap().is_some();
    let keep = || hub.storage().write(move |tx| tx.put_card(draw, 0, "{}")).unwrap();
    keep();
    denied(&world, draw, 1, None);
    world.clock.forward(Duration::days(100));
    li.sign_in_again("lifang").await;
    let close = [("close", "2026Q3"), ("reason", "核对无误"), ("sure", "yes")];
    assert_eq!(li.post("/periods", &close).await.status, StatusCode::SEE_OTHER);
    assert_eq!(hub.drop_old_cards().unwrap(), 0, "its time is not over");
    world.clock.forward(Duration::days(190));
    let reply_by = hub.today(COMMUNITY).unwrap() + Duration::days(5);
    let id = hub.ask_account(LEAD, COMMUNITY, (draw, 0), reply_by, "请说明").unwrap();
    assert_eq!((hub.drop_old_cards().unwrap(), kept()), (0, true), "he has not answered yet");
    hub.decide_finding(LEAD, COMMUNITY, id, Ruling::Cleared, "属实").unwrap();
    assert_eq!((hub.drop_old_cards().unwrap(), kept()), (1, false));
    keep();
    let (unit, what) = (Unit::Household(HOUSEHOLDS[0]), What::Household);
    let order = Order { unit, what, cause: "删除决定〔2026〕9号".into(), by: LEAD };
    hub.erase(vec![order]).unwrap();
    assert!(!kept());
}

#[test]
fn a_matter_between_desk_and_worker_that_is_listed_otherwise_is_found_by_verification() {
    let statements = [
        format!("UPDATE private_entry SET worker = {}", Fresh::bytes(&"00".repeat(16))),
        "UPDATE private_entry SET kind = 'task'".to_owned(),
        "DELETE FROM private_entry".to_owned(),
        "INSERT INTO private_entry SELECT 1, community, worker, kind, subject FROM private_entry".to_owned(),
    ];
    for sql in statements {
        let world = World::new();
        let (_, _, draw) = drawn(&world);
        denied(&world, draw, 1, None);
        world.hub.ask_account(LEAD, COMMUNITY, (draw, 0), "2026-07-09".parse().unwrap(), "请说明").unwrap();
        assert_eq!(world.hub.verify().unwrap().faults, []);
        assert!(0 < world.database.tamper(&sql).unwrap(), "{sql}");
        let faults = world.hub.verify().unwrap().faults;
        assert!(faults.iter().any(|fault| matches!(fault, Fault::Private(_))), "{sql}: {faults:?}");
    }
}

/// A resident who would know says that nobody came.
pub(super) fn denied(world: &World, draw: RecheckId, round: u32, checker: Option<WorkerId>) {
    let on = world.hub.today(COMMUNITY).unwrap();
    let entered = Entered { nth: 0, round, answer: Answer::Denied, by_phone: checker.is_none(), on, checker };
    world.hub.answer_recheck(LEAD, COMMUNITY, draw, entered).unwrap();
}
