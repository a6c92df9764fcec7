//! A visit, from the door to the save, and everything that can be wrong with its form.

use ruhu_port::Remedy;
use ruhu_port::ask::{Nothing, TodayAsk};
use ruhu_port::view::{
    AnswerForm, Appointment, ChangeForm, FieldForm, HazardForm, OutcomeForm, ReceiptState, RequestForm,
    VisitForm,
};
use ruhu_sim::village::Village;

use crate::{ask, household, on, outcome};

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
fn a_word_that_is_no_informant_is_told_and_an_empty_flat_needs_none() {
    let village = Village::new(81, 3);
    let empty = village.empty_flat(1);
    let phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let (_, ()) = on(phone, |port| {
        let form = port.draft(ask(&format!("vacant/{empty}"))).unwrap();
        let seen = |informant: Option<&str>| {
            let informant = informant.map(str::to_owned);
            Some(OutcomeForm { code: "vacant".into(), informant, ..OutcomeForm::default() })
        };
        let wrong = VisitForm { outcome: seen(Some("postman")), ..form.clone() };
        assert_eq!(port.save(wrong).unwrap_err().problems[0].field, "outcome");
        port.save(VisitForm { outcome: seen(None), ..form }).unwrap();
    });
}
