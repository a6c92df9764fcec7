//! 练习 – six invented doors over the same core, beside a real book that knows nothing of them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::fieldbook::Fieldbook;
use ruhu_core::time::FixedClock;
use ruhu_port::Port;
use ruhu_port::initials::Initials;
use ruhu_sim::harness::SimPhone;
use ruhu_sim::village::Village;
use serde_json::{Value, json};

/// A phone of nobody, at a time of day.
fn phone(now: &str) -> Port {
    let clock = Arc::new(FixedClock(now.parse().unwrap()));
    let rng = Box::new(StdRng::from_seed([7; 32]));
    Port::new(Fieldbook::open(":memory:", "ruhu-test/1", clock, rng).unwrap(), "ruhu-test/1")
}

fn ask(port: &mut Port, name: &str, with: &Value) -> Value {
    let answer = port.ask(name, &with.to_string());
    serde_json::from_str(&answer.unwrap_or_else(|why| panic!("{name}: {why:?}"))).unwrap()
}

fn lessons(state: &Value) -> Vec<(String, String, bool)> {
    let all = state["practice"]["lessons"].as_array().unwrap();
    all.iter()
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap().to_owned();
            (text("code"), text("dwelling"), one["tried"].as_bool().unwrap())
        })
        .collect()
}

/// The unit behind each door of the list, by the door's number.
fn due(port: &mut Port) -> Vec<(String, String)> {
    let today = ask(port, "today", &json!({}));
    let doors = today["doors"].as_array().unwrap().iter();
    doors
        .map(|one| {
            (one["place"]["door"].as_str().unwrap().to_owned(), one["unit"].as_str().unwrap().to_owned())
        })
        .collect()
}

fn save(port: &mut Port, unit: &str, more: Value) -> Value {
    let mut form = ask(port, "draft", &json!({ "unit": unit }));
    let Value::Object(more) = more else { panic!("an object") };
    form.as_object_mut().unwrap().extend(more);
    ask(port, "save", &form)
}

#[test]
fn on_every_day_of_the_year_all_six_doors_are_due_and_none_is_overdue() {
    for day in ["01-01", "02-28", "03-31", "04-01", "05-15", "06-30", "08-31", "09-30", "11-22", "12-31"] {
        let mut port = phone(&format!("2026-{day}T02:00:00Z"));
        ask(&mut port, "practice", &json!({ "on": true }));
        let today = ask(&mut port, "today", &json!({}));
        let doors = today["doors"].as_array().unwrap();
        assert_eq!(doors.len(), 6, "{day}: {today}");
        assert_eq!(today["quarter"], json!({ "done": 0, "due": 6 }), "{day}");
        let reasons = doors.iter().flat_map(|door| door["reasons"].as_array().unwrap());
        assert!(reasons.into_iter().all(|one| !one["code"].as_str().unwrap().contains("overdue")), "{day}");
        let key: Vec<_> =
            doors.iter().filter(|door| door["key"] == true).map(|door| &door["place"]["door"]).collect();
        assert_eq!(key, ["201"], "{day}");
    }
}

#[test]
fn each_of_the_six_doors_can_be_done_as_it_is_meant_to_and_then_says_so() {
    let mut port = phone("2026-11-22T02:00:00Z");
    let state = ask(&mut port, "practice", &json!({ "on": true }));
    let codes: Vec<String> = lessons(&state).into_iter().map(|one| one.0).collect();
    assert_eq!(codes, ["unchanged", "not-home", "key", "moved-in", "vacant", "tenant"]);
    let doors = due(&mut port);
    let unit = |door: &str| doors.iter().find(|one| one.0 == door).unwrap().1.clone();
    let outcome = |code: &str| json!({ "code": code });

    save(&mut port, &unit("101"), json!({ "outcome": outcome("met"), "nothing_changed": true }));
    save(&mut port, &unit("102"), json!({ "outcome": { "code": "not-home", "note_left": true } }));
    let opened = ask(&mut port, "open", &json!({ "unit": unit("201") }));
    assert_eq!(opened["members"][0]["categories"][0]["id"], "low-income", "{opened}");
    assert!(opened.to_string().contains("2024-05"), "{opened}");
    save(&mut port, &unit("201"), json!({ "outcome": outcome("met") }));
    let fields =
        json!([{ "key": "m/new-1/name", "value": "钱练习" }, { "key": "m/new-1/birth", "value": "1990-05" }]);
    let changes = json!([{ "kind": "moved_in", "person": "new-1", "on": "2026-11-20" }]);
    save(&mut port, &unit("202"), json!({ "outcome": outcome("met"), "changes": changes, "fields": fields }));
    save(
        &mut port,
        &unit("301"),
        json!({ "outcome": { "code": "vacant", "informant": "property_manager" } }),
    );
    let dwelling = unit("302").replace("vacant/", "");
    let found = json!({ "dwelling": dwelling, "tenure": "rented", "phone": "10000000302", "members": [{ "name": "周练习" }] });
    let tenant = ask(&mut port, "new_household", &found);
    save(&mut port, tenant["unit"].as_str().unwrap(), json!({ "outcome": outcome("phone") }));

    let state = ask(&mut port, "state", &json!({}));
    assert!(lessons(&state).iter().all(|one| one.2), "{state}");
}

#[test]
fn what_is_practised_is_neither_kept_nor_sent_and_the_real_book_never_sees_it() {
    let mut port = phone("2026-11-22T02:00:00Z");
    let before = ask(&mut port, "state", &json!({}));
    assert!(before["practice"].is_null());
    ask(&mut port, "practice", &json!({ "on": true }));
    let unit = due(&mut port)[0].1.clone();
    save(&mut port, &unit, json!({ "outcome": { "code": "met" } }));
    assert_eq!(ask(&mut port, "state", &json!({}))["outbox"]["unsent"], 1, "as it looks on the real list");
    assert_eq!(port.book().outbox().unwrap().unsent, 0, "what is sent is the real book's");
    ask(&mut port, "practice", &json!({ "on": true }));
    assert_eq!(due(&mut port).len(), 6, "begun anew");
    let after = ask(&mut port, "practice", &json!({ "on": false }));
    assert_eq!(after, before);
    assert_eq!(ask(&mut port, "receipts", &json!({})), json!([]));
    assert!(port.ask("household", &json!({ "unit": unit }).to_string()).is_err());
}

#[test]
fn a_request_of_the_practice_is_answered_there_and_nothing_of_it_is_to_send() {
    let mut port = phone("2026-11-22T02:00:00Z");
    ask(&mut port, "practice", &json!({ "on": true }));
    let unit = due(&mut port)[0].1.clone();
    let lamp = json!([{ "words": "楼道灯坏了" }]);
    save(&mut port, &unit, json!({ "outcome": { "code": "met" }, "requests": lamp }));
    let sheet = ask(&mut port, "open", &json!({ "unit": unit }));
    let says = |answer: &str, words: &str| json!({ "unit": unit, "request": sheet["requests"][0]["id"], "answer": answer, "words": words });
    let handled = ask(&mut port, "answer_request", &says("handled", "换了灯泡"));
    assert_eq!(handled["requests"][0]["answers"], json!(["told"]), "{handled}");
    let told = ask(&mut port, "answer_request", &says("told", ""));
    assert_eq!(told["requests"][0]["step"], "replied", "{told}");
    assert_eq!(ask(&mut port, "state", &json!({}))["outbox"]["unsent"], 3);
    assert_eq!(port.book().outbox().unwrap().unsent, 0);
}

#[test]
fn while_somebody_practises_the_real_book_has_its_own_to_send_and_nothing_of_the_practice() {
    let village = Village::new(83, 3);
    let real = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let home = format!("household/{}", village.homes(1)[0].household);
    let mut port = Port::new(real.book, "ruhu-test/1");
    save(&mut port, &home, json!({ "outcome": { "code": "met" } }));
    ask(&mut port, "practice", &json!({ "on": true }));
    for (_, unit) in due(&mut port).into_iter().take(2) {
        save(&mut port, &unit, json!({ "outcome": { "code": "met" } }));
    }
    assert_eq!(port.book().outbox().unwrap().unsent, 1);
    assert!(port.book().sync_request().unwrap().is_some(), "the host sends while somebody practises");
    let mut phone = SimPhone { book: port.into_book(), traffic: real.traffic };
    assert_eq!(village.sync(&mut phone).accepted, 1);
    village.assert_agrees(&phone, 1);
}

#[test]
fn a_practice_that_cannot_be_begun_anew_goes_on_and_the_real_book_does_not_take_its_place() {
    let village = Village::new(84, 1);
    let path = village.path("real");
    let clock = Arc::new(FixedClock("2026-11-22T02:00:00Z".parse().unwrap()));
    let rng = Box::new(StdRng::from_seed([7; 32]));
    let book = Fieldbook::open(&path, "ruhu-test/1", clock, rng).unwrap();
    let mut port = Port::new(book, "ruhu-test/1");
    ask(&mut port, "practice", &json!({ "on": true }));
    for file in ["", "-wal", "-shm", "-journal"].map(|end| format!("{path}{end}")) {
        let Ok(there) = std::fs::metadata(&file) else { continue };
        std::fs::write(&file, vec![7; usize::try_from(there.len()).unwrap()]).unwrap();
    }
    assert!(port.ask("practice", &json!({ "on": true }).to_string()).is_err(), "the real book is broken");
    assert_eq!(due(&mut port).len(), 6, "the six doors still answer");
    assert!(!ask(&mut port, "state", &json!({}))["practice"].is_null());
}

/// As much of a table as the test needs.
struct Wang;

impl Initials for Wang {
    fn of(&self, sign: char) -> Option<char> {
        [('王', 'w'), ('练', 'l'), ('习', 'x')].iter().find(|one| one.0 == sign).map(|one| one.1)
    }
}

#[test]
fn who_finds_by_first_letters_finds_so_in_the_practice_and_a_host_without_a_table_says_so() {
    let found = |port: &mut Port, words: &str| {
        ask(port, "find", &json!({ "words": words })).as_array().unwrap().len()
    };
    let mut plain = phone("2026-11-22T02:00:00Z");
    ask(&mut plain, "practice", &json!({ "on": true }));
    assert_eq!(ask(&mut plain, "state", &json!({}))["initials"], false);
    assert_eq!((found(&mut plain, "wlx"), found(&mut plain, "王练习")), (0, 1));
    let mut reads = phone("2026-11-22T02:00:00Z").reading(Arc::new(Wang));
    ask(&mut reads, "practice", &json!({ "on": true }));
    assert_eq!(ask(&mut reads, "state", &json!({}))["initials"], true);
    assert_eq!(found(&mut reads, "wlx"), 1);
}

#[test]
fn a_door_somebody_lives_behind_is_found_as_that_household_and_an_empty_one_as_itself() {
    let mut port = phone("2026-11-22T02:00:00Z");
    ask(&mut port, "practice", &json!({ "on": true }));
    let found = ask(&mut port, "find", &json!({ "words": "练习小区" }));
    let units: Vec<&str> =
        found.as_array().unwrap().iter().map(|one| one["unit"].as_str().unwrap()).collect();
    let lived_in = units.iter().filter(|unit| unit.starts_with("household/")).count();
    assert_eq!((units.len(), lived_in), (6, 4), "{units:?}");
}
