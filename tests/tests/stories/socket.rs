//! Once through a real socket: the hub's own router, the phone's own HTTP.

use std::sync::Mutex;

use ruhu_core::fieldbook::{Fieldbook, Invitation, sync_once};
use ruhu_core::sync::http::{Carrier, CarrierOptions};
use ruhu_core::sync::session::{Outcome, Wait};
use ruhu_core::sync::wire::ENROL_PATH;
use ruhu_core::visit::VisitDraft;
use ruhu_server::serve::router;
use ruhu_tests::village::{Village, field};
use std::sync::Arc;
use uuid::Uuid;

use rand::SeedableRng;

#[test]
fn enrol_sync_visit_sync_and_the_hub_counts_it_over_real_http() {
    // The village has a runtime of its own, which must not end inside this one.
    let village = Village::new(12, 3);
    tokio::runtime::Runtime::new().unwrap().block_on(a_day_over_http(&village));
    village.assert_verifies();
}

async fn a_day_over_http(village: &Village) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let app = router(Arc::clone(village.hub.hub()));
    let server = tokio::spawn(async move {
        axum::serve(listener, app).with_graceful_shutdown(async { drop(stopped.await) }).await
    });

    let carrier = Carrier::new(&url, &CarrierOptions::default()).unwrap();
    let clock = Arc::new(village.hub.clock().of_phone(Uuid::from_u128(1)));
    let rng = Box::new(rand_chacha::ChaCha8Rng::seed_from_u64(12));
    let mut book = Fieldbook::open(&village.path("one"), "story/1", clock, rng).unwrap();
    let code = village.hub.hub().make_code(village.hub.community(), village.worker(1)).unwrap();
    let request = book.enrol_request(&code, "手机").unwrap();
    let answer = carrier.post(ENROL_PATH, request).await.unwrap();
    let hub_key = Some(village.hub.hub().verifying_key().to_bytes());
    let invitation = Invitation { url, code, hub_key };
    book.take_invited_reply(&invitation, answer.status, &answer.body).unwrap();

    let book = Mutex::new(book);
    assert!(matches!(sync_once(&book, &carrier).await.unwrap(), Outcome::Done(_)));
    let home = village.homes(1)[0];
    let due = book.lock().unwrap().due(None, None).unwrap();
    assert_eq!((due.quarter.done, due.quarter.due), village.progress(1));
    village.to("2026-07-02 10:00");
    let saved = book.lock().unwrap().save_visit(home.met(), &field("p/phone", "13800000001")).unwrap();
    let Outcome::Done(exchange) = sync_once(&book, &carrier).await.unwrap() else {
        panic!("it came to an end")
    };
    assert_eq!((exchange.sent, exchange.accepted), (2, 2));
    assert_eq!(village.times_held(saved.record.unwrap()), 1);
    assert!(village.state(home).unwrap().is_done());
    let due = book.lock().unwrap().due(None, None).unwrap();
    assert_eq!((due.quarter.done, due.quarter.due), village.progress(1));

    // More than one request carries: what is told at the end is the sum of all round trips.
    let words = "外".repeat(usize::from(VisitDraft::NOTE_MAX));
    for _ in 0..120 {
        let mut draft = home.met();
        (draft.body.note, draft.body.note_for_next) = (words.clone(), words.clone());
        book.lock().unwrap().save_visit(draft, &[]).unwrap();
    }
    let Outcome::Done(exchange) = sync_once(&book, &carrier).await.unwrap() else {
        panic!("it came to an end")
    };
    assert_eq!((exchange.sent, exchange.accepted), (120, 120));

    // The hub goes away: a visit is saved all the same, and nothing is called received.
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    let next = village.homes(1)[1];
    book.lock().unwrap().save_visit(next.met(), &[]).unwrap();
    let outcome = sync_once(&book, &carrier).await.unwrap();
    assert!(matches!(outcome, Outcome::RetryAt { why: Wait::NoAnswer, .. }));
    assert_eq!(book.lock().unwrap().outbox().unwrap().unsent, 1);
}
