//! The door phones come through: enrolment and sync over the router, in memory; codes; accounts.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use ruhu_core::entry::{read_cbor, write_cbor};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{
    ENROL_PATH, EnrolReply, EnrolRequest, SYNC_PATH, Trouble, TroubleCode, Verdict, open_reply, pack_request,
};
use ruhu_server::access::session::SignInError;
use ruhu_server::access::tries::FAILURES_MAX;
use ruhu_server::access::{NewAccount, Place, Role};
use ruhu_server::serve::router;
use tower::ServiceExt;

use super::world::{COMMUNITY, HOUSEHOLDS, WORKERS, World};

/// What the router answers. Only the router runs as a task: everything else of the hub blocks.
fn answer(app: axum::Router, request: Request<Body>) -> (StatusCode, Vec<u8>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let response = app.oneshot(request).await.unwrap();
        let status = response.status();
        (status, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
    })
}

fn post(world: &World, path: &str, kind: &str, body: Vec<u8>) -> (StatusCode, Vec<u8>) {
    let request = Request::post(path).header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
    answer(router(Arc::clone(&world.hub)), request)
}

fn request(code: &str, key: u8) -> EnrolRequest {
    let key = ed25519_dalek::SigningKey::from_bytes(&[key; 32]).verifying_key().to_bytes();
    EnrolRequest { code: code.into(), key, device: "Phone 8".into(), app: "test/1".into() }
}

#[test]
fn a_code_enrols_one_phone_as_json_or_cbor_and_answers_a_lost_reply_alike() {
    let world = World::new();
    let code = world.hub.make_code(COMMUNITY, WORKERS[0]).unwrap();
    let sloppy = code.to_lowercase().replace('-', " ");
    let body = serde_json::to_vec(&request(&sloppy, 1)).unwrap();
    let (status, reply) = post(&world, ENROL_PATH, "application/json", body);
    assert_eq!(status, StatusCode::OK);
    let reply: EnrolReply = serde_json::from_slice(&reply).unwrap();
    assert_eq!((reply.worker, reply.assignments.len()), (WORKERS[0], 1));
    let (_, again) = post(&world, ENROL_PATH, "application/cbor", write_cbor(&request(&code, 1)));
    assert_eq!(read_cbor::<EnrolReply>(&again).unwrap().enrolment, reply.enrolment);
    let (status, refused) = post(&world, ENROL_PATH, "application/cbor", write_cbor(&request(&code, 2)));
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(serde_json::from_slice::<Trouble>(&refused).unwrap().code, TroubleCode::UsedCode);
}

#[test]
fn a_wrong_and_an_expired_code_enrol_nobody() {
    let world = World::new();
    let code = world.hub.make_code(COMMUNITY, WORKERS[0]).unwrap();
    let wrong = world.hub.enrol(&request("00000-00000-00000-00000", 1)).unwrap_err();
    assert_eq!(wrong.code, TroubleCode::BadCode);
    world.clock.forward(chrono::Duration::hours(24));
    assert_eq!(world.hub.enrol(&request(&code, 1)).unwrap_err().code, TroubleCode::ExpiredCode);
    assert_eq!(world.hub.storage().read(|tx| tx.enrolments()).unwrap().len(), 1);
}

#[test]
fn a_visit_goes_through_the_router_and_is_counted_without_names() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    let entry = phone.seal(Unit::Household(HOUSEHOLDS[0]), visit);
    let now_ms = world.clock.now().timestamp_millis();
    let bytes = pack_request(&phone.request(&[entry]), world.hub.id(), phone.enrolment, &phone.key, now_ms);
    let app = router(Arc::clone(&world.hub));
    let post = Request::post(SYNC_PATH).body(Body::from(bytes.clone())).unwrap();
    let (status, reply) = answer(app.clone(), post);
    assert_eq!(status, StatusCode::OK);
    let reply = open_reply(&reply, &bytes, &world.hub.verifying_key()).unwrap();
    assert!(matches!(reply.verdicts[..], [Verdict::Accepted { .. }]));
    let (_, text) = answer(app, Request::get("/metrics").body(Body::empty()).unwrap());
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains(r#"ruhu_verdicts_total{verdict="accepted",reason=""} 1"#), "{text}");
    assert!(!text.contains(&phone.enrolment.to_string()));
}

#[test]
fn rubbish_and_too_much_of_it_are_refused_politely() {
    let world = World::new();
    let (status, body) = post(&world, SYNC_PATH, "application/octet-stream", vec![1, 2, 3]);
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(serde_json::from_slice::<Trouble>(&body).unwrap().code, TroubleCode::BadRequest);
    let (status, _) = post(&world, SYNC_PATH, "application/octet-stream", vec![0; 2 * 1024 * 1024]);
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, body) = post(&world, ENROL_PATH, "application/json", b"{}".to_vec());
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(serde_json::from_slice::<Trouble>(&body).unwrap().code, TroubleCode::BadRequest);
}

fn lead(world: &World) -> String {
    let place = Place::Community { id: COMMUNITY };
    let new = NewAccount { name: "lead".into(), shown: "社区".into(), role: Role::Community, place };
    world.hub.add_account(&new).unwrap()
}

#[test]
fn a_session_ends_when_idle_and_twelve_hours_after_it_began() {
    let world = World::new();
    let password = lead(&world);
    let signed_in = world.hub.sign_in("lead", &password).unwrap();
    assert!(signed_in.account.must_change);
    assert_eq!(world.hub.session(&signed_in.token).unwrap(), Some(signed_in.account.clone()));
    assert_eq!(world.hub.session("not-a-token").unwrap(), None);
    for _ in 0..35 {
        world.clock.forward(chrono::Duration::minutes(20));
        assert!(world.hub.session(&signed_in.token).unwrap().is_some());
    }
    world.clock.forward(chrono::Duration::minutes(20));
    assert_eq!(world.hub.session(&signed_in.token).unwrap(), None);
    let idle = world.hub.sign_in("lead", &password).unwrap();
    world.clock.forward(chrono::Duration::minutes(30));
    assert_eq!(world.hub.session(&idle.token).unwrap(), None);
}

#[test]
fn five_wrong_passwords_lock_the_account_for_fifteen_minutes() {
    let world = World::new();
    let password = lead(&world);
    for nth in 1..=FAILURES_MAX {
        let refused = world.hub.sign_in("lead", "wrong").unwrap_err();
        assert_eq!(matches!(refused, SignInError::Locked { .. }), nth == FAILURES_MAX);
    }
    assert!(matches!(world.hub.sign_in("lead", &password), Err(SignInError::Locked { .. })));
    world.clock.forward(chrono::Duration::minutes(15));
    assert!(world.hub.sign_in("lead", &password).is_ok());
    assert!(matches!(world.hub.sign_in("nobody", &password), Err(SignInError::Wrong)));
}

#[test]
fn a_changed_password_ends_every_session_and_the_logs_hold() {
    let world = World::new();
    let password = lead(&world);
    let signed_in = world.hub.sign_in("lead", &password).unwrap();
    assert!(world.hub.change_password(&signed_in.account, &password, "short").is_err());
    assert!(world.hub.change_password(&signed_in.account, "wrong", "Sunny-2026-door").is_err());
    world.hub.change_password(&signed_in.account, &password, "Sunny-2026-door").unwrap();
    assert_eq!(world.hub.session(&signed_in.token).unwrap(), None);
    let again = world.hub.sign_in("lead", "Sunny-2026-door").unwrap();
    assert!(!again.account.must_change);
    world.hub.looked(again.account.id, "household.open", "41").unwrap();
    assert_eq!(world.hub.verify().unwrap().faults, []);
    assert!(world.database.tamper("UPDATE chained_log SET what = 'x'").is_err());
    assert!(world.database.tamper("DELETE FROM chained_log").is_err());
}
