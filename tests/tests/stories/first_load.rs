//! The first load over a real socket and a line that breaks: every byte once, and what the hub says by then.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::http::Request;
use ruhu_core::fieldbook::{Fieldbook, sync_telling};
use ruhu_core::sync::http::{Carrier, CarrierOptions};
use ruhu_core::sync::session::{FirstLoad, Outcome, Progress};
use ruhu_core::sync::wire::{BUNDLE_ASK, BUNDLE_PATH, TroubleCode};
use ruhu_server::serve::router;
use ruhu_sim::harness::SimPhone;
use ruhu_tests::village::{Village, field};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

/// A line that carries so many bytes down, and then breaks.
#[derive(Default)]
struct Line {
    left: AtomicUsize,
    carried: AtomicUsize,
}

async fn carry(line: Arc<Line>, listener: TcpListener, hub: SocketAddr) {
    while let Ok((phone, _)) = listener.accept().await {
        let line = Arc::clone(&line);
        tokio::spawn(async move {
            let hub = TcpStream::connect(hub).await.unwrap();
            let (mut from_phone, mut to_phone) = phone.into_split();
            let (mut from_hub, mut to_hub) = hub.into_split();
            tokio::spawn(async move { tokio::io::copy(&mut from_phone, &mut to_hub).await });
            let mut buffer = [0u8; 512];
            while let Ok(read @ 1..) = from_hub.read(&mut buffer).await {
                let left = line.left.load(Ordering::SeqCst);
                let through = read.min(left);
                if to_phone.write_all(&buffer[..through]).await.is_err() {
                    break;
                }
                line.left.store(left - through, Ordering::SeqCst);
                line.carried.fetch_add(through, Ordering::SeqCst);
                if through < read {
                    break;
                }
            }
        });
    }
}

/// A village with something to load.
fn village(seed: u64) -> Village {
    let village = Village::new(seed, 6);
    let mut other = village.phone(1, "other");
    for home in village.homes(1) {
        for _ in 0..6 {
            let mut draft = home.met();
            draft.body.note = home.household.to_string().repeat(4);
            other.book.save_visit(draft, &field("p/phone", "13800000001")).unwrap();
        }
    }
    village.sync(&mut other);
    village
}

/// A phone of the first grid, enrolled and empty.
fn empty(village: &Village, name: &str) -> SimPhone {
    SimPhone::enrol(&village.hub, village.worker(1), &village.path(name), 99).unwrap()
}

fn ask(book: &mut Fieldbook) -> String {
    match book.first_load().unwrap() {
        FirstLoad::Ask(request) => request.ask.1,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_first_load_over_a_line_that_keeps_breaking_carries_every_byte_once() {
    let village = village(41);
    // The village has a runtime of its own, which must not end inside this one.
    let (phone, mut fresh) = (empty(&village, "one"), empty(&village, "two"));
    let asked = ask(&mut fresh.book);
    let due = tokio::runtime::Runtime::new().unwrap().block_on(over_a_bad_line(&village, phone, asked));
    assert_eq!(due, village.progress(1));
    village.assert_verifies();
}

async fn over_a_bad_line(village: &Village, phone: SimPhone, asked: String) -> (u32, u32) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hub = listener.local_addr().unwrap();
    let app = router(Arc::clone(village.hub.hub()));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let carrier =
        Carrier::new(&format!("http://{}", listener.local_addr().unwrap()), &CarrierOptions::default())
            .unwrap();
    let line = Arc::new(Line::default());
    tokio::spawn(carry(Arc::clone(&line), listener, hub));

    let book = Mutex::new(phone.book);
    let (mut told, mut tries) = (Vec::new(), 0);
    let outcome = loop {
        tries += 1;
        assert!(tries < 200, "it comes to an end");
        // So much, and then the line is dead until the person tries again.
        line.left.store(1_300, Ordering::SeqCst);
        book.lock().unwrap().sync_now();
        let outcome = sync_telling(&book, &carrier, &mut |progress| told.push(progress)).await.unwrap();
        if !matches!(outcome, Outcome::RetryAt { .. }) {
            break outcome;
        }
        assert!(book.lock().unwrap().units().unwrap().is_empty() || told_all(&told));
    };
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    let total = usize::try_from(told.last().unwrap().total).unwrap();
    assert!(3 < tries && told_all(&told), "{total} bytes in {tries} tries");
    assert!(told.windows(2).all(|two| two[0].have < two[1].have), "no byte came twice: {told:?}");
    let heads = line.carried.load(Ordering::SeqCst) - total;
    assert!(heads < 1_300 * 5 + 600 * tries, "nothing but the file and the heads of answers was carried");
    let due = book.lock().unwrap().due(None, Some(village.grid(1))).unwrap();

    // What any client sees: a range, the rest of another version, more than there is, and no name without a signature.
    let get = async |headers: &[(&'static str, String)]| {
        let mut get = Request::builder().uri(BUNDLE_PATH);
        for (name, value) in headers {
            get = get.header(*name, value);
        }
        let app = router(Arc::clone(village.hub.hub()));
        let answer = app.oneshot(get.body(Body::empty()).unwrap()).await.unwrap();
        let (head, body) = answer.into_parts();
        let header = |name: &str| head.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let kept = (header("etag"), header("content-range"), header("cache-control"));
        (head.status.as_u16(), kept, to_bytes(body, usize::MAX).await.unwrap())
    };
    let (status, (etag, _, cache), bytes) = get(&[(BUNDLE_ASK, asked.clone())]).await;
    assert_eq!((status, cache.as_deref()), (200, Some("private, no-store")));
    let (etag, total) = (etag.unwrap(), bytes.len());
    let part = |range: &str, etag: &str| {
        [(BUNDLE_ASK, asked.clone()), ("range", range.to_owned()), ("if-range", etag.to_owned())]
    };
    let (status, (_, range, _), some) = get(&part("bytes=7-19", &etag)).await;
    assert_eq!((status, some), (206, bytes.slice(7..20)));
    assert_eq!(range, Some(format!("bytes 7-19/{total}")));
    let (status, _, other) = get(&part("bytes=7-19", "\"another\"")).await;
    assert_eq!((status, other), (200, bytes));
    let (status, (_, range, _), _) = get(&part(&format!("bytes={total}-"), &etag)).await;
    assert_eq!((status, range), (416, Some(format!("bytes */{total}"))));
    for headers in [Vec::new(), vec![(BUNDLE_ASK, "AAAA".to_owned())]] {
        assert_eq!(get(&headers).await.0, 400);
    }
    (due.quarter.done, due.quarter.due)
}

fn told_all(told: &[Progress]) -> bool {
    told.last().is_some_and(|last| last.have == last.total)
}

#[test]
fn a_bundle_is_kept_while_it_holds_and_made_anew_when_rights_time_or_a_move_overtake_it() {
    let village = village(42);
    let mut phone = empty(&village, "one");
    let hub = village.hub.hub();
    let made = |phone: &mut SimPhone| hub.bundle(&ask(&mut phone.book)).unwrap();
    let first = made(&mut phone);
    assert_eq!(made(&mut phone), first, "the same file for every part of it");
    // What is added does not matter: the sync brings it. What left does.
    let homes = village.homes(1);
    village.say(
        homes[0].unit(),
        ruhu_core::fact::Fact::KeyMark { key: true, on: "2026-07-01".parse().unwrap() },
    );
    assert_eq!(made(&mut phone), first);
    village.act(vec![village.settled(homes[0], 2)], Vec::new());
    let second = made(&mut phone);
    assert_ne!(second.etag, first.etag, "a household that left is in no bundle");
    village.to("2026-07-01 14:00");
    assert_eq!(made(&mut phone), second);
    village.to("2026-07-01 16:00");
    let third = made(&mut phone);
    assert_ne!(third.etag, second.etag, "six hours are over");
    let lead = village.hub.lead();
    let (community, on) = (village.hub.community(), "2026-07-01".parse().unwrap());
    hub.hand_over(lead, community, village.grid(3), village.worker(1), on).unwrap();
    let fourth = made(&mut phone);
    assert_ne!(fourth.etag, third.etag, "a grid more");
    assert!(hub.storage().read(|tx| tx.has_bundles(i64::MAX)).unwrap());
    village.to("2026-07-02 09:00");
    assert_eq!((hub.drop_old_bundles().unwrap(), hub.drop_old_bundles().unwrap()), (1, 0));
    assert!(!hub.storage().read(|tx| tx.has_bundles(i64::MAX)).unwrap());

    // The phone that got half of the first one ends with what holds now.
    assert!(phone.load_bundle(&village.hub).unwrap());
    village.sync(&mut phone);
    village.assert_agrees(&phone, 3);
    assert!(phone.book.units().unwrap().iter().all(|line| line.unit != homes[0].unit()));
}

#[test]
fn a_revoked_phone_and_a_strangers_signature_get_no_bundle() {
    let village = village(43);
    let (mut phone, mut stranger) = (empty(&village, "one"), empty(&village, "two"));
    let hub = village.hub.hub();
    let (own, other) = (ask(&mut phone.book), ask(&mut stranger.book));
    // The name of one phone over the signature of another.
    let forged = format!("{}{}", own.split_at(32).0, other.split_at(32).1);
    assert_eq!(hub.bundle(&forged).unwrap_err().code, TroubleCode::BadSignature);
    let (id, now_ms) = (phone.book.enrolled().unwrap().unwrap().enrolment, hub.now_ms());
    assert!(hub.bundle(&own).is_ok());
    hub.storage().write(move |tx| tx.revoke(id, now_ms)).unwrap();
    assert_eq!(hub.bundle(&own).unwrap_err().code, TroubleCode::Erase, "kept or not");
    village.to("2026-07-01 09:06");
    assert_eq!(hub.bundle(&other).unwrap_err().code, TroubleCode::ClockSkew, "a request is good for minutes");
}
