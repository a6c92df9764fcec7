//! 消息 – doors to ask at again and questions about one's own records, as the screens see them. What the desk says is laid
//! into the phone's file as a sync lays it there.

use ruhu_core::entry::{
    FindingEvent, FindingStep, OfficeAct, Payload, ReasonBody, RevisitKey, RevisitTask, Ruling, StreamId,
    ToWorker,
};
use ruhu_core::ids::{AccountId, FindingId, RecheckId, WorkerId};
use ruhu_core::roster::By;
use ruhu_core::store::log::{Kept, keep};
use ruhu_core::store::{Store, StoreError};
use ruhu_port::ask::{AccountAsk, AppealAsk, Nothing, TodayAsk};
use ruhu_port::view::{
    AccountSaid, FindingRuling, FindingStage, FindingView, ReceiptState, RevisitForm, RevisitTold, VisitForm,
};
use ruhu_port::{Port, Remedy};
use ruhu_sim::village::{Home, Village};
use serde_json::{Value, json};

use crate::{ask, household, on, outcome};

const DESK: AccountId = AccountId::from_bytes([9; 16]);
const FINDING: FindingId = FindingId::from_bytes([7; 16]);
const KEY: RevisitKey = RevisitKey { draw: RecheckId::from_bytes([5; 16]), nth: 3, round: 1 };

#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
fn laid(village: &Village, worker: WorkerId, seq: u64, said: ToWorker, words: &str) {
    let act = OfficeAct { to_worker: Some(said), ..OfficeAct::of(DESK) };
    let payload = Payload::of_office(&act, &ReasonBody { words: words.into() }, [1; 16]);
    let kept = Kept { payload, recorded_ms: village.hub.clock().now().timestamp_millis() };
    let mut store = Store::open(&village.path("first")).unwrap();
    let done = store.write("receive", |tx| -> Result<_, StoreError> {
        keep(tx, StreamId::Worker(worker), seq, &kept, true)
    });
    assert!(done.unwrap());
}

fn step(village: &Village, worker: WorkerId, seq: u64, step: FindingStep, words: &str) {
    let event = FindingEvent { finding: FINDING, worker, step, by: By::Desk(DESK) };
    laid(village, worker, seq, ToWorker::Finding(event), words);
}

#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
fn asked(village: &Village, worker: WorkerId, home: Home, record: &str) {
    let asked = FindingStep::Asked {
        record: record.parse().unwrap(),
        unit: home.unit(),
        visited_on: "2026-07-02".parse().unwrap(),
        contradicted_by: KEY,
        reply_by: "2026-07-20".parse().unwrap(),
    };
    step(village, worker, 1, asked, "复访时住户说本期没有人来过");
}

#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
fn only(port: &mut Port) -> FindingView {
    let mut all = port.messages(Nothing {}).unwrap().findings;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
fn waiting(port: &mut Port) -> u32 {
    let today = port.today(TodayAsk::default()).unwrap().waiting;
    assert_eq!(today, port.messages(Nothing {}).unwrap().waiting);
    today
}

#[test]
fn a_door_to_ask_at_again_is_shown_without_its_record_answered_and_has_its_receipt() {
    let village = Village::new(91, 3);
    let worker = village.worker(1);
    let phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let task = RevisitTask { key: KEY, worker, due: "2026-07-10".parse().ok() };
    let (_, ()) = on(phone, |port| {
        assert_eq!(waiting(port), 0);
        laid(&village, worker, 1, ToWorker::Task(task), "阳光小区 1栋 101");
        assert_eq!(waiting(port), 1);
        let one = port.messages(Nothing {}).unwrap().revisits.remove(0);
        let shown: Value = serde_json::to_value(&one).unwrap();
        let key = one.key;
        let blind = json!({ "key": key, "place": "阳光小区 1栋 101", "due": "2026-07-10", "overdue": false, "answer": null });
        assert_eq!(shown, blind);
        let empty = RevisitForm { key, ..RevisitForm::default() };
        let field = |port: &mut Port, form: RevisitForm| {
            let why = port.answer_revisit(form).unwrap_err();
            assert_eq!((why.remedy, why.problems.len()), (Remedy::FixForm, 1), "{why:?}");
            why.problems[0].field.clone()
        };
        assert_eq!(field(port, empty.clone()), "told");
        let came = RevisitForm {
            told: Some(RevisitTold::Came),
            came_on: Some("2026-06-20".into()),
            people: "3".into(),
            ..empty
        };
        assert_eq!(field(port, RevisitForm { people: "三".into(), ..came.clone() }), "people");
        assert_eq!(field(port, RevisitForm { on: "2026-07-03".into(), ..came.clone() }), "visited-on");
        let tomorrow = RevisitForm { came_on: Some("2026-07-03".into()), ..came.clone() };
        assert_eq!(field(port, tomorrow), "came-on");
        let other = RevisitForm { key: "4/5".into(), ..came.clone() };
        assert_eq!(field(port, other), "key");
        let answered = port.answer_revisit(came.clone()).unwrap();
        assert_eq!(answered.waiting, 0);
        let kept = answered.revisits[0].answer.clone().unwrap();
        assert_eq!(kept, RevisitForm { on: "2026-07-02".into(), ..came }, "of today where no day was said");
        let receipt = port.receipts(Nothing {}).unwrap().remove(0);
        assert_eq!((receipt.kind.as_str(), receipt.state), ("revisit", ReceiptState::Unsent));
        assert_eq!((receipt.unit, receipt.can_withdraw), (None, false));
    });
}

#[test]
fn a_question_about_ones_own_record_is_answered_decided_and_appealed_against() {
    let village = Village::new(92, 3);
    let (worker, home) = (village.worker(1), village.homes(1)[0]);
    let phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let (_, ()) = on(phone, |port| {
        let form = port.draft(ask(&household(home))).unwrap();
        let record = port.save(VisitForm { outcome: outcome("met"), ..form }).unwrap().record;
        village.to("2026-07-06 10:00");
        asked(&village, worker, home, &record);
        let one = only(port);
        assert_eq!((one.stage, one.outcome.as_deref()), (FindingStage::Asked, Some("met")));
        assert_eq!((one.visited_on.as_str(), one.reply_by.as_str()), ("2026-07-02", "2026-07-20"));
        assert!(one.place.is_some() && one.accounts.len() == 7, "{one:?}");
        let needs: Vec<AccountSaid> =
            one.accounts.iter().filter(|choice| choice.needs_words).map(|choice| choice.account).collect();
        assert_eq!(needs, [AccountSaid::MetAnother, AccountSaid::Mixed, AccountSaid::Other]);
        assert_eq!(waiting(port), 1);
        let says =
            |account, words: &str| AccountAsk { finding: one.id.clone(), account, words: words.into() };
        let silent = port.account(says(None, "")).unwrap_err();
        assert_eq!(silent.problems[0].field, "account");
        let silent = port.account(says(Some(AccountSaid::MetAnother), " ")).unwrap_err();
        assert_eq!(silent.problems[0].field, "words");
        let said = port.account(says(Some(AccountSaid::MetAnother), "见的是儿媳")).unwrap();
        let said = &said.findings[0];
        assert_eq!((said.stage, said.account), (FindingStage::Accounted, Some(AccountSaid::MetAnother)));
        assert_eq!((said.account_words.as_str(), said.accounts.len(), said.ruling), ("见的是儿媳", 0, None));
        let receipt = port.receipts(Nothing {}).unwrap().remove(0);
        assert_eq!(receipt.kind, "account");
        village.to("2026-07-08 10:00");
        let decided = FindingStep::Decided { ruling: Ruling::Missed, appeal_by: "2026-07-30".parse().ok() };
        step(&village, worker, 2, decided, "两次复访一致");
        let found = only(port);
        assert_eq!((found.ruling, found.reason.as_str()), (Some(FindingRuling::Missed), "两次复访一致"));
        assert!(found.may_appeal && found.appeal_by.as_deref() == Some("2026-07-30"));
        assert_eq!(waiting(port), 0, "an appeal is his choice, and nobody waits for it");
        let appeal = |words: &str| AppealAsk { finding: found.id.clone(), words: words.into() };
        assert_eq!(port.appeal(appeal("")).unwrap_err().problems[0].field, "words");
        let appealed = port.appeal(appeal("邻居在场")).unwrap().findings.remove(0);
        assert_eq!((appealed.stage, appealed.may_appeal), (FindingStage::Appealed, false));
        assert_eq!(port.receipts(Nothing {}).unwrap()[0].kind, "appeal");
        let again = port.appeal(appeal("再说一次")).unwrap_err();
        assert_eq!((again.remedy, again.problems.len()), (Remedy::FixForm, 0));
    });
}

#[test]
fn in_practice_there_are_no_messages() {
    let village = Village::new(93, 3);
    let worker = village.worker(1);
    let phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let task = RevisitTask { key: KEY, worker, due: "2026-07-10".parse().ok() };
    laid(&village, worker, 1, ToWorker::Task(task), "阳光小区 1栋 101");
    let (_, ()) = on(phone, |port| {
        port.ask("practice", &json!({ "on": true }).to_string()).unwrap();
        let empty: Value = serde_json::from_str(&port.ask("messages", "{}").unwrap()).unwrap();
        assert_eq!(empty, json!({ "revisits": [], "findings": [], "lines": [], "waiting": 0 }));
        port.ask("practice", &json!({ "on": false }).to_string()).unwrap();
        assert_eq!(waiting(port), 1);
    });
}
