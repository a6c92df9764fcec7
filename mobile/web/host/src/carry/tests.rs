use std::sync::Arc;

use chrono::{DateTime, Utc};
use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::entry::TimeToken;
use ruhu_core::ids::{CommunityId, EnrolmentId, GridId, HubId, WorkerId};
use ruhu_core::roster::{Assignment, AssignmentKind};
use ruhu_core::sync::wire::{EnrolReply, SYNC_PATH};
use ruhu_core::time::{Clock, PhoneTime};

use super::*;

struct Noon;

impl Clock for Noon {
    fn read(&self) -> PhoneTime {
        PhoneTime::wall_only(DateTime::<Utc>::from_timestamp_millis(1_783_000_000_000).unwrap())
    }
}

fn book() -> Fieldbook {
    Fieldbook::open(":memory:", "trial", Arc::new(Noon), Box::new(StdRng::from_seed([3; 32]))).unwrap()
}

fn enrolled() -> Fieldbook {
    let mut book = book();
    book.enrol_request("AB12-CD34", "trial").unwrap();
    let worker = WorkerId::from_bytes([2; 16]);
    let reply = EnrolReply {
        hub: HubId::from_bytes([1; 16]),
        hub_key: [9; 32],
        worker,
        worker_name: "何".into(),
        enrolment: EnrolmentId::from_bytes([3; 16]),
        community: CommunityId::from_bytes([4; 16]),
        assignments: vec![Assignment {
            grid: GridId::from_bytes([5; 16]),
            worker,
            kind: AssignmentKind::Responsible,
            from: Noon.read().wall.date_naive(),
            until: None,
        }],
        token: TimeToken { hub_ms: Noon.read().wall.timestamp_millis(), mac: [0; 16] },
        hub_key_nr: 1,
        recovery_key: None,
    };
    let body = serde_json::to_vec(&reply).unwrap();
    book.take_enrol_reply("https://hub.example/", 200, &body).unwrap();
    book
}

fn ended(step: Step) -> Told {
    match step {
        Step::End(told) => told,
        other => panic!("not over: {other:?}"),
    }
}

#[test]
fn a_phone_that_is_not_enrolled_has_nothing_to_carry() {
    let told = ended(Carry::default().next(&mut book()).unwrap());
    assert_eq!((told.state, told.retry_at), (State::Idle, None));
}

#[test]
fn the_first_load_is_asked_for_at_the_address_of_the_hub_and_waits_when_no_answer_comes() {
    let mut book = enrolled();
    let mut carry = Carry::default();
    let Step::Get { url, headers } = carry.next(&mut book).unwrap() else { panic!("no first load") };
    assert_eq!(url, "https://hub.example/v1/bundle");
    assert_eq!(headers.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["ruhu-ask"]);
    carry.cut(&mut book, false).unwrap();
    let told = ended(carry.next(&mut book).unwrap());
    assert!(told.state == State::Waiting && told.retry_at.is_some());
}

#[test]
fn what_came_of_a_first_load_is_not_asked_for_twice() {
    let mut book = enrolled();
    let mut carry = Carry::default();
    carry.next(&mut book).unwrap();
    let head = BundleHead { status: 200, etag: Some("\"one\"".into()), range: None, length: Some(1_000) };
    assert!(carry.head(&mut book, &head).unwrap());
    let progress = carry.bytes(&mut book, &[7; 400]).unwrap();
    assert_eq!((progress.have, progress.total), (400, 1_000));
    carry.cut(&mut book, true).unwrap();
    let Step::Get { headers, .. } = carry.next(&mut book).unwrap() else { panic!("the rest is missing") };
    assert_eq!(headers.get(1..), Some(&[("range", "bytes=400-".into()), ("if-range", "\"one\"".into())][..]));
}

#[test]
fn a_hub_without_a_bundle_is_synced_with_page_by_page_and_a_lost_answer_pauses() {
    let mut book = enrolled();
    let mut carry = Carry::default();
    carry.next(&mut book).unwrap();
    assert!(!carry.head(&mut book, &BundleHead { status: 404, ..BundleHead::default() }).unwrap());
    carry.refused(&mut book, 404, b"").unwrap();
    let Step::Post { url, body } = carry.next(&mut book).unwrap() else { panic!("nothing to post") };
    assert!(url.ends_with(SYNC_PATH) && !body.is_empty());
    carry.failed(&mut book).unwrap();
    assert_eq!(ended(carry.next(&mut book).unwrap()).state, State::Waiting);
    // While the pause runs there is nothing to do; the person may end it.
    let mut again = Carry::default();
    assert_eq!(ended(again.next(&mut book).unwrap()).state, State::Idle);
    book.sync_now();
    assert!(matches!(Carry::default().next(&mut book).unwrap(), Step::Post { .. } | Step::Get { .. }));
}
