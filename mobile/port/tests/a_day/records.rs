//! What was saved: taken back, corrected, settled, answered by the hub.

use ruhu_core::community::CommunityFact;
use ruhu_core::ids::QuestionId;
use ruhu_core::question::{AnswerKind, AskedOf, Question};
use ruhu_core::time::Cadence;
use ruhu_port::ask::{RecordAsk, SettleAsk, WithdrawAsk};
use ruhu_port::view::{AnswerForm, FoundHousehold, FoundMember, FoundUse, VisitForm};
use ruhu_sim::village::{Village, field};

use crate::{ask, household, on, outcome};

#[test]
fn a_visit_is_taken_back_or_corrected_and_a_household_found_at_the_door_can_be_visited_at_once() {
    let village = Village::new(76, 3);
    let home = village.homes(1)[0];
    let empty = village.empty_flat(1);
    let phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let (mut phone, ()) = on(phone, |port| {
        let form = port.draft(ask(&household(home))).unwrap();
        let first = port.save(VisitForm { outcome: outcome("met"), ..form }).unwrap();
        let form = port.correct(RecordAsk { record: first.record }).unwrap();
        let second = port.save(VisitForm { outcome: outcome("not-home"), ..form }).unwrap();
        assert_eq!(second.done, 0);
        port.withdraw(WithdrawAsk { record: second.record, reason: "点错了".into() }).unwrap();
        let found = FoundHousehold {
            dwelling: Some(empty.to_string()),
            moved_in_on: Some("2026-07-01".into()),
            members: vec![FoundMember {
                name: "百里新".into(),
                birth: "1990".into(),
                ..FoundMember::default()
            }],
            phone: "13800000001".into(),
            tenure: "rented".into(),
            ..FoundHousehold::default()
        };
        let found = port.new_household(found).unwrap();
        let form = port.draft(ask(&found.unit)).unwrap();
        port.save(VisitForm { outcome: outcome("met"), ..form }).unwrap();
        let without = FoundHousehold { members: Vec::new(), ..FoundHousehold::default() };
        assert_eq!(port.new_household(without).unwrap_err().problems[0].field, "place");
        let use_of =
            FoundUse { dwelling: home.dwelling.to_string(), used_as: "palace".into(), ..FoundUse::default() };
        assert_eq!(port.mark_use(use_of).unwrap_err().problems[0].field, "used_as");
    });
    village.sync(&mut phone);
    village.assert_agrees(&phone, 1);
    village.assert_verifies();
}

#[test]
fn a_visit_that_answered_a_question_can_be_corrected_with_its_answer() {
    let village = Village::new(80, 3);
    let home = village.homes(1)[0];
    village.to("2026-07-02 09:00");
    let question = Question {
        id: QuestionId::from_bytes([7; 16]),
        zh: "家里用燃气吗".into(),
        en: String::new(),
        department: "应急".into(),
        purpose: "入户安检".into(),
        basis: "通知".into(),
        asked_of: AskedOf::Everyone,
        from: "2026-07-01".parse().unwrap(),
        until: "2026-07-31".parse().unwrap(),
        kind: AnswerKind::YesNo,
        prefill: false,
        once_per: Cadence::Quarter,
    };
    let id = question.id.to_string();
    village.act(Vec::new(), vec![CommunityFact::QuestionOpened(question)]);
    let phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let unit = household(home);
    let (mut phone, ()) = on(phone, |port| {
        let answers = vec![AnswerForm { question: id.clone(), value: Some("true".into()) }];
        let form = port.draft(ask(&unit)).unwrap();
        let form = VisitForm { outcome: outcome("met"), answers: answers.clone(), ..form };
        let saved = port.save(form).unwrap();
        // Asked once a quarter: another visit cannot answer it, the corrected one can.
        let again = port.draft(ask(&unit)).unwrap();
        let again = VisitForm { outcome: outcome("met"), answers: answers.clone(), ..again };
        assert_eq!(port.save(again).unwrap_err().problems[0].field, "answers");
        let corrected = port.correct(RecordAsk { record: saved.record }).unwrap();
        assert_eq!(corrected.answers, answers);
        port.save(VisitForm { outcome: outcome("met-at-door"), ..corrected }).unwrap();
    });
    assert_eq!(village.sync(&mut phone).accepted, 2);
    village.assert_agrees(&phone, 1);
}

#[test]
fn two_values_of_one_field_stand_side_by_side_until_somebody_chooses() {
    let village = Village::new(77, 3);
    let home = village.homes(1)[0];
    let (mut first, mut second) = (village.phone(1, "first"), village.phone(1, "second"));
    village.to("2026-07-02 10:00");
    first.book.edit_fields(home.unit(), &field("p/phone", "13800000001")).unwrap();
    second.book.edit_fields(home.unit(), &field("p/phone", "13800000002")).unwrap();
    village.sync(&mut first);
    village.sync(&mut second);
    village.sync(&mut first);
    let unit = household(home);
    let (mut first, chosen) = on(first, |port| {
        port.open(ask(&unit)).unwrap();
        let conflicts = port.household(ask(&unit)).unwrap().conflicts;
        assert_eq!(
            (conflicts.len(), conflicts[0].values.len(), conflicts[0].zh.as_str()),
            (1, 2, "联系电话")
        );
        let settled =
            port.settle(SettleAsk { unit: unit.clone(), key: "p/phone".into(), chosen: 1 }).unwrap();
        assert_eq!(settled.conflicts, []);
        let again = SettleAsk { unit: unit.clone(), key: "p/phone".into(), chosen: 1 };
        assert_eq!(port.settle(again).unwrap_err().problems[0].field, "p/phone");
        conflicts[0].values[1].clone()
    });
    village.sync(&mut first);
    assert_eq!(village.values(home.unit(), "p/phone"), [chosen.as_str().into()]);
}
