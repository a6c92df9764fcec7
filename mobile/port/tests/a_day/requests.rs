//! 诉求 – raised on a visit, answered, told to the resident, closed.

use ruhu_core::entry::RequestStep;
use ruhu_port::ask::{AnswerAsk, Nothing};
use ruhu_port::view::{ReceiptState, RequestForm, RequestSaid, VisitForm};
use ruhu_port::{Port, Remedy};
use ruhu_sim::village::Village;
use serde_json::{Value, json};

use crate::{ask, household, on, outcome};

#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]
fn raise(port: &mut Port, unit: &str) -> String {
    let form = port.draft(ask(unit)).unwrap();
    let lamp =
        RequestForm { words: "楼道灯坏了".into(), wanted: "换灯".into(), ..RequestForm::default() };
    port.save(VisitForm { outcome: outcome("met"), requests: vec![lamp], ..form }).unwrap();
    port.household(ask(unit)).unwrap().requests[0].id.clone()
}

fn says(unit: &str, request: &str, answer: RequestSaid, words: &str) -> AnswerAsk {
    AnswerAsk { unit: unit.into(), request: request.into(), answer, words: words.into() }
}

#[test]
fn a_request_is_handled_told_and_closed_and_every_step_has_its_receipt() {
    let village = Village::new(78, 3);
    let unit = household(village.homes(1)[0]);
    let phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let (mut phone, id) = on(phone, |port| {
        let id = raise(port, &unit);
        let masked = port.household(ask(&unit)).unwrap().requests.remove(0);
        assert_eq!((masked.words.as_str(), masked.more.as_str(), masked.answers.len()), ("", "", 0));
        let open = port.open(ask(&unit)).unwrap().requests.remove(0);
        assert_eq!(
            (open.words.as_str(), open.more.as_str(), open.step.as_deref()),
            ("楼道灯坏了", "换灯", None)
        );
        assert_eq!(
            open.answers,
            [RequestSaid::Handled],
            "nobody is charged with it: whoever did it may say so"
        );
        let silent = port.answer_request(says(&unit, &id, RequestSaid::Handled, " ")).unwrap_err();
        assert_eq!((silent.remedy, silent.problems[0].field.as_str()), (Remedy::FixForm, "words"));
        let done = port.answer_request(says(&unit, &id, RequestSaid::Handled, "换了灯泡")).unwrap();
        let done = &done.requests[0];
        assert_eq!(
            (done.step.as_deref(), done.result.as_str(), done.to_tell),
            (Some("handled"), "换了灯泡", true)
        );
        assert_eq!(done.answers, [RequestSaid::Told]);
        port.close(Nothing {}).unwrap();
        assert_eq!(port.household(ask(&unit)).unwrap().requests[0].result, "");
        let receipt = port.receipts(Nothing {}).unwrap().remove(0);
        assert_eq!((receipt.kind.as_str(), receipt.state), ("request", ReceiptState::Unsent));
        id
    });
    assert_eq!(village.sync(&mut phone).accepted, 2);
    village.to("2026-07-09 10:00");
    village.hub.step(village.homes(1)[0].unit(), id.parse().unwrap(), RequestStep::Closed).unwrap();
    village.sync(&mut phone);
    let (mut phone, ()) = on(phone, |port| {
        let closed = port.open(ask(&unit)).unwrap().requests.remove(0);
        assert!(closed.closed && closed.to_tell && closed.answers == [RequestSaid::Told], "{closed:?}");
        village.to("2026-07-10 10:00");
        let told = json!({ "unit": unit, "request": id, "answer": "told", "words": "" });
        let sheet: Value =
            serde_json::from_str(&port.ask("answer_request", &told.to_string()).unwrap()).unwrap();
        assert_eq!(sheet["requests"], json!([]), "closed before, told now: nothing is left to do");
    });
    assert_eq!(village.sync(&mut phone).accepted, 1);
    let (_, ()) = on(phone, |port| assert_eq!(port.household(ask(&unit)).unwrap().requests, []));
}

#[test]
fn while_names_are_locked_no_request_is_shown_and_none_is_answered() {
    let village = Village::new(82, 3);
    let unit = household(village.homes(1)[0]);
    let phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let (_, ()) = on(phone, |port| {
        let id = raise(port, &unit);
        port.open(ask(&unit)).unwrap();
        village.to("2026-09-20 10:00");
        let sheet = port.household(ask(&unit)).unwrap();
        assert!(sheet.locked && sheet.requests.is_empty(), "{sheet:?}");
        let before = port.receipts(Nothing {}).unwrap().len();
        let why = port.answer_request(says(&unit, &id, RequestSaid::Handled, "换了灯泡")).unwrap_err();
        assert!(why.words.contains("请先同步"), "{why:?}");
        assert_eq!(port.receipts(Nothing {}).unwrap().len(), before);
    });
}
