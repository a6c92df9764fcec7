//! Every kind of bad push, over a real socket: what is said, what is counted, and that nothing else changed.

use std::net::SocketAddr;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use ruhu_core::entry::{Payload, SealedBody};
use ruhu_core::ids::{EnrolmentId, HubId};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{
    ENROL_PATH, EnrolRequest, Refusal, SYNC_PATH, SyncRequest, Trouble, TroubleCode, Verdict, open_reply,
    pack_request,
};
use ruhu_server::ingest::enrol::{GUESSES_OF_MS, GUESSES_OF_ONE};
use ruhu_server::serve::router;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::world::{COMMUNITY, DOORS, GRIDS, HOUSEHOLDS, Phone, WORKERS, World, listed};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);

/// Serves the hub on a free port of this machine.
async fn serve(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = router(Arc::clone(&world.hub)).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn ask(at: SocketAddr, head: &str, body: &[u8]) -> (u16, String, Vec<u8>) {
    let mut socket = TcpStream::connect(at).await.unwrap();
    let head = format!(
        "{head} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    // A hub that has read enough hangs up on the rest.
    drop(socket.write_all(body).await);
    let mut answer = Vec::new();
    drop(socket.read_to_end(&mut answer).await);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head, answer[end + 4..].to_vec())
}

async fn push(at: SocketAddr, bytes: &[u8]) -> (u16, Vec<u8>) {
    let (status, _, body) = ask(at, &format!("POST {SYNC_PATH}"), bytes).await;
    (status, body)
}

async fn refused(at: SocketAddr, bytes: &[u8]) -> (u16, TroubleCode) {
    let (status, body) = push(at, bytes).await;
    let trouble: Trouble = serde_json::from_slice(&body).unwrap();
    assert!(trouble.words.contains(" / "), "{}", trouble.words);
    (status, trouble.code)
}

/// A counter of `/metrics`; 0 when it is not there yet.
async fn counted(at: SocketAddr, line: &str) -> u64 {
    let (_, _, body) = ask(at, "GET /metrics", &[]).await;
    let text = String::from_utf8(body).unwrap();
    let found = text.lines().find_map(|one| one.strip_prefix(line));
    found.map_or(0, |number| number.trim().parse().unwrap())
}

/// Everything that a bad push must leave alone: the log, the figures, the household.
fn state(world: &World) -> (i64, Vec<u8>, u64) {
    let read = world.hub.storage().read(|tx| {
        let row = tx.unit(HOME)?.unwrap();
        let file = ruhu_core::entry::write_cbor(&tx.unit_file(&row)?);
        let stream = tx.stream(ruhu_core::entry::StreamId::Grid(GRIDS[0]))?.map_or(0, |at| at.next_seq);
        Ok::<_, ruhu_server::storage::StorageError>((tx.last_pos()?.0, file, stream))
    });
    read.unwrap()
}

fn packed(world: &World, phone: &Phone, request: &SyncRequest) -> Vec<u8> {
    let now_ms = world.clock.now().timestamp_millis();
    pack_request(request, world.hub.id(), phone.enrolment, &phone.key, now_ms)
}

#[tokio::test]
async fn a_request_that_is_refused_whole_is_named_counted_and_changes_nothing() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let at = serve(&world).await;
    let before = state(&world);
    let visit = phone.visit(0);
    let entry = phone.seal(HOME, visit);
    let request = phone.request(&[entry]);
    let whole = packed(&world, &phone, &request);
    let now_ms = world.clock.now().timestamp_millis();

    let mut cut = whole.clone();
    cut.truncate(60);
    let mut corrupt = whole.clone();
    let last = corrupt.len() - 1;
    corrupt[last] ^= 0x40;
    let forged =
        pack_request(&request, world.hub.id(), phone.enrolment, &SigningKey::from_bytes(&[5; 32]), now_ms);
    let other_hub = pack_request(&request, HubId::from_bytes([9; 16]), phone.enrolment, &phone.key, now_ms);
    let stranger =
        pack_request(&request, world.hub.id(), EnrolmentId::from_bytes([99; 16]), &phone.key, now_ms);
    let late = pack_request(&request, world.hub.id(), phone.enrolment, &phone.key, now_ms - 6 * 60_000);
    let newer = packed(&world, &phone, &SyncRequest { protocol: 99, ..request.clone() });
    let bomb = SyncRequest { app: "A".repeat(2 * 1024 * 1024), ..request.clone() };
    let cases: [(&str, Vec<u8>, u16, TroubleCode); 9] = [
        ("corrupt", corrupt, 401, TroubleCode::BadSignature),
        ("cut short", cut, 400, TroubleCode::BadRequest),
        ("mis-signed", forged, 401, TroubleCode::BadSignature),
        ("for another hub", other_hub, 401, TroubleCode::BadSignature),
        ("of a stranger", stranger, 401, TroubleCode::UnknownEnrolment),
        ("wrong clock", late, 409, TroubleCode::ClockSkew),
        ("newer protocol", newer, 426, TroubleCode::Version),
        ("a bomb", packed(&world, &phone, &bomb), 400, TroubleCode::BadRequest),
        ("oversized", vec![0; 2 * 1024 * 1024], 413, TroubleCode::TooLarge),
    ];
    for (what, bytes, status, code) in cases {
        let name = serde_json::to_value(code).unwrap();
        let line = format!("ruhu_troubles_total{{code={name}}}");
        let counted_before = counted(at, &line).await;
        assert_eq!(refused(at, &bytes).await, (status, code), "{what}");
        assert_eq!(counted(at, &line).await, counted_before + 1, "{what}");
        assert_eq!(state(&world), before, "{what}");
    }
    let (status, reply) = push(at, &whole).await;
    let reply = open_reply(&reply, &whole, &world.hub.verifying_key()).unwrap();
    assert!(status == 200 && matches!(reply.verdicts[..], [Verdict::Accepted { .. }]));
}

#[tokio::test]
async fn a_bad_entry_gets_its_verdict_is_counted_and_moves_no_figure() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let at = serve(&world).await;
    let (_, file, stream) = state(&world);
    let visit = phone.visit(0);
    let office = ruhu_core::entry::OfficeAct::of(super::world::LEAD);
    let whose = Payload::of_office(&office, &ruhu_core::entry::ReasonBody::default(), [1; 16]);
    let body = Some(SealedBody { salt: [1; 16], bytes: vec![0; 70 * 1024] });
    let elsewhere = phone.visit(1);
    let many = phone.proposal((0..40).map(|_| listed(DOORS[0], GRIDS[0], "1")).collect());
    let cases = [
        (HOME, Payload { body, ..visit.clone() }, "too_large"),
        (HOME, Payload { skeleton: vec![0xff], ..visit.clone() }, "malformed"),
        (Unit::Vacant(DOORS[0]), many, "malformed"),
        (Unit::Household(HOUSEHOLDS[1]), elsewhere, "out_of_scope"),
        (HOME, whose, "desk_only"),
    ];
    for (unit, payload, reason) in cases {
        let line = format!("ruhu_verdicts_total{{verdict=\"quarantined\",reason=\"{reason}\"}}");
        let counted_before = counted(at, &line).await;
        let entry = phone.seal(unit, payload);
        let bytes = packed(&world, &phone, &phone.request(&[entry]));
        let (_, reply) = push(at, &bytes).await;
        let reply = open_reply(&reply, &bytes, &world.hub.verifying_key()).unwrap();
        let [Verdict::Quarantined { reason: said }] = reply.verdicts[..] else { panic!("{reply:?}") };
        assert_eq!(serde_json::to_value(said).unwrap(), reason);
        assert_eq!(counted(at, &line).await, counted_before + 1, "{reason}");
        let (_, file_now, stream_now) = state(&world);
        assert_eq!((file_now, stream_now), (file.clone(), stream), "{reason}");
    }
    // Signed by another key: it never enters the chain.
    let before = state(&world);
    let mut forged = phone.clone().seal(HOME, visit.clone());
    forged.signature = [7; 64];
    let bytes = packed(&world, &phone, &phone.request(&[forged]));
    let (_, reply) = push(at, &bytes).await;
    let reply = open_reply(&reply, &bytes, &world.hub.verifying_key()).unwrap();
    let expects_seq = phone.chain.next_seq;
    assert_eq!(reply.verdicts, [Verdict::NotTaken { reason: Refusal::BadSignature, expects_seq }]);
    let line = "ruhu_verdicts_total{verdict=\"not_taken\",reason=\"bad_signature\"}";
    assert_eq!(counted(at, line).await, 1);
    assert_eq!(state(&world), before);
}

#[tokio::test]
async fn a_push_played_back_is_told_the_same_again_counted_and_kept_once() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let at = serve(&world).await;
    let visit = phone.visit(0);
    let entry = phone.seal(HOME, visit);
    let bytes = packed(&world, &phone, &phone.request(&[entry]));
    assert_eq!(push(at, &bytes).await.0, 200);
    let before = state(&world);
    assert_eq!(push(at, &bytes).await.0, 200);
    assert_eq!(state(&world), before);
    assert_eq!(counted(at, "ruhu_repeated_total").await, 1);
    world.clock.forward(chrono::Duration::minutes(6));
    assert_eq!(refused(at, &bytes).await, (409, TroubleCode::ClockSkew));
}

fn show(code: &str, key: u8) -> Vec<u8> {
    let key = SigningKey::from_bytes(&[key; 32]).verifying_key().to_bytes();
    let request = EnrolRequest { code: code.into(), key, device: "Phone 8".into(), app: "test/1".into() };
    serde_json::to_vec(&request).unwrap()
}

async fn code_refused(at: SocketAddr, code: &str, key: u8) -> (u16, String, Trouble) {
    let (status, head, body) = ask(at, &format!("POST {ENROL_PATH}"), &show(code, key)).await;
    (status, head, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn an_expired_a_used_and_a_guessed_code_are_three_things_and_each_is_counted() {
    let world = World::new();
    let at = serve(&world).await;
    let used = world.hub.make_code(COMMUNITY, WORKERS[0]).unwrap();
    assert_eq!(ask(at, &format!("POST {ENROL_PATH}"), &show(&used, 1)).await.0, 200);
    let expired = world.hub.make_code(COMMUNITY, WORKERS[0]).unwrap();
    world.clock.forward(chrono::Duration::hours(24));
    let before = state(&world);
    let guessed = "00000-00000-00000-00000".to_owned();
    let cases = [
        (used, TroubleCode::UsedCode, "used_code"),
        (expired, TroubleCode::ExpiredCode, "expired_code"),
        (guessed, TroubleCode::BadCode, "bad_code"),
    ];
    for (code, expected, name) in cases {
        let (status, _, trouble) = code_refused(at, &code, 2).await;
        assert_eq!((status, trouble.code), (403, expected));
        assert_eq!(counted(at, &format!("ruhu_troubles_total{{code=\"{name}\"}}")).await, 1);
    }
    assert_eq!(state(&world), before);
    assert_eq!(world.hub.storage().read(|tx| tx.enrolments()).unwrap().len(), 2);
}

#[tokio::test]
async fn whoever_guesses_codes_has_to_wait_and_is_told_how_long_at_every_node() {
    let world = World::new();
    let code = world.hub.make_code(COMMUNITY, WORKERS[0]).unwrap();
    let (at, other_node) = (serve(&world).await, serve(&world).await);
    for nth in 0..GUESSES_OF_ONE {
        let (_, _, trouble) = code_refused(at, &format!("{nth:020}"), 1).await;
        assert_eq!(trouble.code, TroubleCode::BadCode);
    }
    world.clock.forward(chrono::Duration::minutes(5));
    // Even the right code waits, and another node knows.
    for node in [at, other_node] {
        let (status, head, trouble) = code_refused(node, &code, 1).await;
        assert_eq!((status, trouble.code, trouble.retry_after_s), (429, TroubleCode::TooMany, 600));
        assert!(trouble.words.contains("10 分钟"), "{}", trouble.words);
        assert!(head.to_lowercase().contains("retry-after: 600"), "{head}");
    }
    assert_eq!(counted(at, "ruhu_troubles_total{code=\"too_many\"}").await, 1);
    // Somebody else is not held up.
    let key = SigningKey::from_bytes(&[4; 32]).verifying_key().to_bytes();
    let second = world.hub.make_code(COMMUNITY, WORKERS[1]).unwrap();
    let request = EnrolRequest { code: second, key, device: "P".into(), app: "t".into() };
    assert!(world.hub.enrol_from(&request, "elsewhere").is_ok());
    world.clock.forward(chrono::Duration::milliseconds(GUESSES_OF_MS));
    assert_eq!(ask(at, &format!("POST {ENROL_PATH}"), &show(&code, 1)).await.0, 200);
}

#[test]
fn very_many_guesses_from_everywhere_hold_everybody_up_for_a_while() {
    let world = World::new();
    let code = world.hub.make_code(COMMUNITY, WORKERS[0]).unwrap();
    let key = SigningKey::from_bytes(&[4; 32]).verifying_key().to_bytes();
    let request = |code: &str| EnrolRequest { code: code.into(), key, device: "P".into(), app: "t".into() };
    for nth in 0..ruhu_server::ingest::enrol::GUESSES_OF_ALL {
        let guess = world.hub.enrol_from(&request(&format!("{nth:020}")), &nth.to_string()).unwrap_err();
        assert_eq!(guess.code, TroubleCode::BadCode);
    }
    assert_eq!(world.hub.enrol_from(&request(&code), "honest").unwrap_err().code, TroubleCode::TooMany);
    world.clock.forward(chrono::Duration::milliseconds(GUESSES_OF_MS + 1));
    assert!(world.hub.enrol_from(&request(&code), "honest").is_ok());
}
