//! A worker's day as the screens see it, over a real phone and a real hub.

use ruhu_core::entry::RequestStep;
use ruhu_port::ask::{BuildingAsk, Nothing, RecordAsk, SettleAsk, TodayAsk, UnitAsk, WithdrawAsk};
use ruhu_port::view::{
    AnswerForm, Appointment, ChangeForm, DoorState, FieldForm, FoundHousehold, FoundMember, FoundUse,
    HazardForm, OutcomeForm, ReceiptState, RequestForm, VisitForm,
};
use ruhu_port::{Port, Remedy};
use ruhu_sim::harness::SimPhone;
use ruhu_sim::village::{Home, Village, field};

const HER: &str = "0193a000-0000-7000-8000-000000000001";
const CHILD: &str = "0193a000-0000-7000-8000-000000000002";

fn household(home: Home) -> String {
    format!("household/{}", home.household)
}

fn ask(unit: &str) -> UnitAsk {
    UnitAsk { unit: unit.to_owned() }
}

fn outcome(code: &str) -> Option<OutcomeForm> {
    Some(OutcomeForm { code: code.to_owned(), ..OutcomeForm::default() })
}

/// The screens of a phone for as long as `work` lasts.
fn on<T>(phone: SimPhone, work: impl FnOnce(&mut Port) -> T) -> (SimPhone, T) {
    let mut port = Port::new(phone.book, "ruhu-test/1");
    let done = work(&mut port);
    (SimPhone { book: port.into_book(), traffic: phone.traffic }, done)
}

#[test]
fn an_unchanged_visit_is_a_door_an_outcome_and_a_save_and_the_next_door_of_the_stair_comes_up() {
    let village = Village::new(71, 3);
    let homes = village.homes(1);
    let phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let (mut phone, (first, saved)) = on(phone, |port| {
        let today = port.today(TodayAsk::default()).unwrap();
        assert_eq!((today.quarter.done, usize::try_from(today.quarter.due).unwrap()), (0, today.doors.len()));
        let first = today.doors[0].clone();
        let form = port.draft(ask(&first.unit)).unwrap();
        assert_eq!(form.dwelling.as_deref(), Some(first.dwelling.as_str()));
        let saved = port.save(VisitForm { outcome: outcome("met-at-door"), ..form }).unwrap();
        assert_eq!(saved.next.as_ref().map(|next| &next.unit), Some(&today.doors[1].unit));
        assert_eq!(saved.done, 1);
        let receipts = port.receipts(Nothing {}).unwrap();
        assert_eq!((receipts[0].state, receipts[0].to_send), (ReceiptState::Unsent, true));
        assert_eq!(receipts[0].outcome.as_deref(), Some("met-at-door"));
        assert_eq!(port.state(Nothing {}).unwrap().outbox.unsent, 1);
        (first, saved)
    });
    village.sync(&mut phone);
    village.assert_agrees(&phone, 1);
    let (_, ()) = on(phone, |port| {
        assert_eq!(port.receipts(Nothing {}).unwrap()[0].state, ReceiptState::Accepted);
        assert!(port.state(Nothing {}).unwrap().last_contact.is_some());
        let shown = port.household(ask(&first.unit)).unwrap();
        let visit = shown.history.iter().find(|line| line.record == saved.record).unwrap();
        assert!(visit.mine && !visit.taken_back && visit.what == "visit");
    });
    assert!(homes.iter().any(|home| household(*home) == first.unit) || first.unit.starts_with("vacant/"));
}

#[test]
fn names_and_numbers_are_masked_until_one_household_is_opened_and_masked_again_when_another_is() {
    let village = Village::new(72, 3);
    let homes = village.homes(1);
    let mut phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    for (key, value) in [
        (format!("m/{HER}/name"), "欧阳静好"),
        (format!("m/{HER}/phone"), "13912345678"),
        (format!("m/{HER}/c/low-income/since"), "2024-05"),
        (format!("m/{CHILD}/name"), "欧阳小小"),
        (format!("m/{CHILD}/birth"), "2020-03"),
    ] {
        phone.book.edit_fields(homes[0].unit(), &field(&key, value)).unwrap();
    }
    let unit = household(homes[0]);
    let (_, ()) = on(phone, |port| {
        let text = |shown: &ruhu_port::view::Household| format!("{shown:?}");
        let masked = port.household(ask(&unit)).unwrap();
        assert!(!text(&masked).contains("静好") && !text(&masked).contains("13912345678"), "{masked:?}");
        assert!(!text(&masked).contains("low-income") && masked.members.iter().any(|one| one.has_categories));
        let today = port.today(TodayAsk::default()).unwrap();
        assert!(!format!("{today:?}").contains("静好"));
        let open = port.open(ask(&unit)).unwrap();
        let her = open.members.iter().find(|one| one.person == HER).unwrap();
        assert_eq!((her.name.as_str(), her.categories[0].zh.as_str()), ("欧阳静好", "低保困难户"));
        let since = her.fields.iter().find(|one| one.key.ends_with("c/low-income/since")).unwrap();
        assert_eq!(since.value, "2024-05");
        assert!(since.why.len() > 1 && since.zh == "纳入日期");
        // A child under 14 has no name on a phone, opened or not.
        assert!(!text(&open).contains("小小"), "{open:?}");
        assert!(open.members.iter().any(|one| one.name == "儿童, 6 岁" && one.child));
        port.open(ask(&household(homes[1]))).unwrap();
        assert!(!port.household(ask(&unit)).unwrap().open);
        port.open(ask(&unit)).unwrap();
        port.open(ask(&unit)).unwrap();
        // Each look is noted, once a visit.
        let looks: Vec<String> =
            port.mine(Nothing {}).unwrap().looks.into_iter().map(|one| one.unit).collect();
        assert_eq!(looks, [unit.clone(), household(homes[1]), unit.clone()]);
        port.close(Nothing {}).unwrap();
        assert!(!text(&port.household(ask(&unit)).unwrap()).contains("静好"));
    });
}

#[test]
fn a_full_form_comes_back_as_it_was_kept_and_is_saved_with_everything_in_it() {
    let village = Village::new(73, 3);
    let home = village.homes(1)[0];
    let phone = village.phone(1, "first");
    village.to("2026-07-08 19:00");
    let unit = household(home);
    let (mut phone, ()) = on(phone, |port| {
        let mut form = port.draft(ask(&unit)).unwrap();
        form.visited_on = Some("2026-07-07".into());
        form.visited_at = Some("18:03".into());
        form.outcome = outcome("met");
        form.changes = vec![ChangeForm {
            kind: "moved_in".into(),
            on: Some("2026-07-01".into()),
            ..ChangeForm::default()
        }];
        form.requests =
            vec![RequestForm {
                words: "楼道灯坏了".into(), wanted: "修好".into(), ..RequestForm::default()
            }];
        form.hazards =
            vec![HazardForm {
                words: "电动车进楼".into(), place: "一楼".into(), ..HazardForm::default()
            }];
        form.appointment = Some(Appointment { on: "2026-07-20".into(), at: Some("19:30".into()) });
        form.came_along = vec!["building_steward".into()];
        form.note = "门铃坏".into();
        form.fields = vec![
            FieldForm { key: "m/new-1/name".into(), value: "司马大山".into() },
            FieldForm { key: "m/new-1/birth".into(), value: "1958".into() },
            FieldForm { key: "p/tenure".into(), value: "rented".into() },
        ];
        port.keep_draft(form.clone()).unwrap();
        assert!(port.household(ask(&unit)).unwrap().has_draft);
        let kept = port.draft(ask(&unit)).unwrap();
        assert_eq!(
            (&kept.changes, &kept.appointment, &kept.note),
            (&form.changes, &form.appointment, &form.note)
        );
        assert_eq!(
            (&kept.visited_on, &kept.visited_at, &kept.outcome),
            (&form.visited_on, &form.visited_at, &form.outcome)
        );
        assert!(!kept.requests[0].id.is_empty() && kept.requests[0].words == "楼道灯坏了");
        // Whoever joins keeps one id from the first keeping on.
        let joined = kept.fields[0].key.clone();
        assert_eq!(joined.replace("/name", "/birth"), kept.fields[1].key);
        port.keep_draft(kept.clone()).unwrap();
        assert_eq!(port.draft(ask(&unit)).unwrap(), kept);
        let saved = port.save(kept).unwrap();
        assert!(saved.fields_changed);
        let shown = port.open(ask(&unit)).unwrap();
        assert!(!shown.has_draft && shown.history[0].late);
        assert!(shown.members.iter().any(|one| one.name == "司马大山"));
        assert_eq!(shown.requests.len(), 2);
    });
    assert_eq!(village.sync(&mut phone).accepted, 2);
    village.assert_agrees(&phone, 1);
}

#[test]
fn everything_wrong_with_a_form_is_said_at_once_at_its_field_and_nothing_is_saved() {
    let village = Village::new(74, 3);
    let home = village.homes(1)[0];
    let phone = village.phone(1, "first");
    village.to("2026-07-08 19:00");
    let (_, ()) = on(phone, |port| {
        let mut form = port.draft(ask(&household(home))).unwrap();
        let fields =
            |why: &ruhu_port::Trouble| why.problems.iter().map(|one| one.field.clone()).collect::<Vec<_>>();
        form.outcome = outcome("rescheduled");
        form.nothing_changed = true;
        form.requests = vec![RequestForm::default()];
        let why = port.check(form.clone()).unwrap_err();
        assert_eq!(why.remedy, Remedy::FixForm);
        assert_eq!(fields(&why), ["appointment", "nothing-changed", "requests"]);
        form.visited_on = Some("someday".into());
        form.outcome = outcome("told");
        form.answers = vec![AnswerForm { question: "x".into(), value: None }];
        form.fields = vec![FieldForm { key: "p/religion".into(), value: "x".into() }];
        let why = port.save(form.clone()).unwrap_err();
        assert_eq!(fields(&why), ["answers", "p/religion", "visited-on", "outcome", "requests"]);
        form.answers.clear();
        form.visited_on = None;
        form.outcome = outcome("met");
        form.nothing_changed = false;
        form.requests.clear();
        form.fields = vec![FieldForm { key: "p/phone".into(), value: "not a number".into() }];
        assert_eq!(fields(&port.save(form).unwrap_err()), ["p/phone"]);
        assert_eq!(port.receipts(Nothing {}).unwrap(), []);
    });
}

#[test]
fn what_cannot_be_read_is_said_with_everything_else_and_the_rest_of_the_draft_is_kept() {
    let village = Village::new(77, 2);
    let unit = household(village.homes(1)[0]);
    let phone = village.phone(1, "half");
    village.to("2026-07-02 10:00");
    let (_, ()) = on(phone, |port| {
        let form = VisitForm {
            appointment: Some(Appointment::default()),
            requests: vec![RequestForm::default()],
            changes: vec![ChangeForm {
                kind: "moved_in".to_owned(),
                person: Some("new-1".to_owned()),
                ..ChangeForm::default()
            }],
            note: "门铃坏了".to_owned(),
            note_for_next: "周六在家".to_owned(),
            ..port.draft(ask(&unit)).unwrap()
        };
        let why = port.save(form.clone()).unwrap_err();
        let fields: Vec<&str> = why.problems.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["changes", "appointment", "outcome", "requests"]);
        port.keep_draft(form).unwrap();
        let kept = port.draft(ask(&unit)).unwrap();
        assert_eq!(
            (kept.note.as_str(), kept.requests.len(), kept.appointment.as_ref()),
            ("门铃坏了", 1, None)
        );
        assert!(kept.fields.is_empty(), "the note becomes the household's when it is saved, not before");
        let rescued = VisitForm { outcome: outcome("met"), requests: Vec::new(), ..kept };
        port.save(rescued).unwrap();
        assert_eq!(port.household(ask(&unit)).unwrap().note_for_next, "周六在家");
    });
}

#[test]
fn a_building_shows_each_door_as_it_stands() {
    let village = Village::new(75, 3);
    let homes = village.homes(1);
    let phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let (_, ()) = on(phone, |port| {
        let buildings = port.buildings(Nothing {}).unwrap();
        let open: u32 = buildings.iter().map(|one| one.open).sum();
        for (home, code) in [(homes[0], "met"), (homes[1], "not-home")] {
            let form = port.draft(ask(&household(home))).unwrap();
            port.save(VisitForm { outcome: outcome(code), ..form }).unwrap();
        }
        let after: u32 = port.buildings(Nothing {}).unwrap().iter().map(|one| one.open).sum();
        assert_eq!(after, open - 1);
        let mut states = Vec::new();
        for line in buildings {
            let shown = port.building(BuildingAsk { estate: line.estate, building: line.building }).unwrap();
            let floors = shown.stairs.into_iter().flat_map(|stair| stair.floors);
            let doors = floors.flat_map(|floor| floor.doors);
            states.extend(doors.flat_map(|door| door.homes).map(|home| (home.unit, home.state)));
        }
        let state = |home: Home| states.iter().find(|(unit, _)| *unit == household(home)).unwrap().1;
        assert_eq!(
            [state(homes[0]), state(homes[1]), state(homes[2])],
            [DoorState::Done, DoorState::Tried, DoorState::Due]
        );
        assert!(states.iter().any(|(unit, state)| unit.starts_with("vacant/") && *state == DoorState::Due));
    });
}

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

#[test]
fn what_was_closed_since_the_last_meeting_is_told_once() {
    let village = Village::new(78, 3);
    let home = village.homes(1)[0];
    let phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let unit = household(home);
    let (mut phone, id) = on(phone, |port| {
        let form = port.draft(ask(&unit)).unwrap();
        let requests = vec![RequestForm { words: "楼道灯坏了".into(), ..RequestForm::default() }];
        port.save(VisitForm { outcome: outcome("met"), requests, ..form }).unwrap();
        port.open(ask(&unit)).unwrap().requests[0].id.clone()
    });
    village.sync(&mut phone);
    village.to("2026-07-09 10:00");
    village.hub.step(home.unit(), id.parse().unwrap(), RequestStep::Closed).unwrap();
    village.sync(&mut phone);
    let (_, ()) = on(phone, |port| {
        let told = port.open(ask(&unit)).unwrap().requests;
        assert!(told[0].closed && told[0].words == "楼道灯坏了");
        village.to("2026-07-10 10:00");
        let form = port.draft(ask(&unit)).unwrap();
        port.save(VisitForm { outcome: outcome("met"), ..form }).unwrap();
        assert_eq!(port.household(ask(&unit)).unwrap().requests, []);
    });
}

#[test]
fn questions_in_json_are_answered_by_name_and_one_that_is_not_in_the_list_changes_nothing() {
    let village = Village::new(79, 3);
    let phone = village.phone(1, "first");
    let (_, ()) = on(phone, |port| {
        let state: serde_json::Value = serde_json::from_str(&port.ask("state", "{}").unwrap()).unwrap();
        assert_eq!(state["app"], "ruhu-test/1");
        assert!(port.ask("today", "{\"grid\":null}").unwrap().contains("\"quarter\""));
        assert_eq!(port.ask("wipe", "{}").unwrap_err().remedy, Remedy::CallSupport);
        assert_eq!(port.ask("today", "{\"grid\":5}").unwrap_err().remedy, Remedy::CallSupport);
        assert_eq!(port.ask("household", "{\"unit\":\"nobody\"}").unwrap_err().remedy, Remedy::FixForm);
    });
}
