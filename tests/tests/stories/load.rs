//! `ruhu-sim load`: many phones over real HTTP, and everything they were told is there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ruhu_core::time::Clock;
use ruhu_server::serve::router;
use ruhu_sim::load::{LoadError, Plan, prepare, run};
use ruhu_tests::village::Village;

fn plan(hub: String) -> Plan {
    Plan {
        hub,
        root_pem: None,
        phones: 8,
        households: 12,
        days: 2,
        visits: 7,
        at_once: 4,
        per_s: None,
        ends_after: Duration::from_secs(120),
        elsewhere: false,
    }
}

#[test]
fn eight_phones_work_two_days_over_real_http_and_the_hub_has_every_visit() {
    let village = Village::new(12, 3);
    village.to("2026-07-09 10:00");
    tokio::runtime::Runtime::new().unwrap().block_on(two_days(&village));
    village.assert_verifies();
}

async fn two_days(village: &Village) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plan = plan(format!("http://{}", listener.local_addr().unwrap()));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let hub = Arc::clone(village.hub.hub());
    let app = router(Arc::clone(&hub));
    let server = tokio::spawn(async move {
        axum::serve(listener, app).with_graceful_shutdown(async { drop(stopped.await) }).await
    });
    let clock: Arc<dyn Clock> = Arc::new(village.hub.clock().clone());
    let before = hub.storage().read(|tx| tx.last_pos()).unwrap();
    let told = AtomicU32::new(0);
    let heard = |_| {
        told.fetch_add(1, Ordering::Relaxed);
    };
    let ground = prepare(&plan, &hub, &*clock).unwrap();
    let figures = run(&plan, ground, Arc::clone(&clock), heard).await.unwrap();
    assert_eq!((figures.phones, figures.visits, figures.cut_short), (8, 8 * 2 * 7, false));
    assert!(figures.errors.is_empty(), "{:?}", figures.errors);
    // Enrolment, first load, two days and a last look, of every phone.
    assert_eq!((figures.requests, told.into_inner()), (8 * 5, 8 * 5));
    assert!(0.0 < figures.push_ms_p50 && figures.push_ms_p50 <= figures.push_ms_p99);
    let after = hub.storage().read(|tx| tx.last_pos()).unwrap();
    // Per grid 12 doors and 12 households, and what set the two communities up.
    assert_eq!(after.0 - before.0, 8 * 2 * 7 + 8 * 24 + 2);

    // On the same ground once more, with codes of its own; then the hub is gone, and nothing hangs.
    let ground = prepare(&plan, &hub, &*clock).unwrap();
    let again = run(&plan, ground, Arc::clone(&clock), drop).await.unwrap();
    assert_eq!((again.visits, again.errors.len()), (8 * 2 * 7, 0));
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    let ground = prepare(&plan, &hub, &*clock).unwrap();
    let alone = run(&plan, ground, Arc::clone(&clock), drop).await.unwrap();
    assert_eq!((alone.phones, alone.errors.get("no answer").copied()), (0, Some(8)));

    let there = Plan { hub: "https://ruhu.example.gov.cn".into(), ..plan };
    assert!(matches!(prepare(&there, &hub, &*clock), Err(LoadError::Elsewhere)));
}
