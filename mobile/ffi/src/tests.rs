//! With a hub that is no hub: what the bindings' own suites (tests/python, tests/kotlin) cannot time as finely.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::Fieldbook;
use crate::host::{
    ClockReading, ClockReadings, HostFault, HostKind, HostState, KeyStore, Observer, Setup, Standing,
    SyncState, SyncStep,
};
use crate::trouble::PortError;

struct Plain;

impl KeyStore for Plain {
    fn wrap_key(&self, key: Vec<u8>) -> Result<Vec<u8>, HostFault> {
        Ok(key)
    }
    fn unwrap_key(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, HostFault> {
        Ok(wrapped)
    }
}

impl ClockReadings for Plain {
    fn read(&self) -> Result<ClockReading, HostFault> {
        Ok(ClockReading { wall_ms: 1_783_500_000_000, boot: None })
    }
}

impl Observer for Plain {
    fn changed(&self) -> Result<(), HostFault> {
        Ok(())
    }
    fn host_changed(&self, _: HostState) -> Result<(), HostFault> {
        Err(HostFault::Unforeseen)
    }
    fn sync_changed(&self, _: SyncState) -> Result<(), HostFault> {
        Ok(())
    }
}

#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
fn book(folder: &std::path::Path) -> Arc<Fieldbook> {
    let setup = Setup {
        folder: folder.to_str().unwrap().to_owned(),
        app: "0.1.0".to_owned(),
        device: "test".to_owned(),
        host: HostKind::Ios,
        roots_pem: None,
    };
    Fieldbook::new(setup, Arc::new(Plain), Arc::new(Plain), Arc::new(Plain)).unwrap()
}

#[test]
fn a_book_is_made_locked_opened_and_keeps_its_standing_through_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let first = book(folder.path());
    assert_eq!(first.host().unwrap().standing, Standing::New);
    assert_eq!(first.create("304304".to_owned()).unwrap().standing, Standing::Open);
    assert!(matches!(first.create("304304".to_owned()), Err(PortError::FixForm { .. })));
    assert_eq!(first.observer_faults(), 1, "what an observer throws undoes nothing");
    drop(first);
    let second = book(folder.path());
    assert_eq!(second.host().unwrap().standing, Standing::Locked);
    assert!(matches!(second.state(), Err(PortError::TryLater { .. })));
    assert!(matches!(second.unlock("304305".to_owned()), Err(PortError::FixForm { .. })));
    assert_eq!(second.unlock("304304".to_owned()).unwrap().standing, Standing::Open);
    assert_eq!(second.state().unwrap().who, None);
}

#[test]
fn what_was_put_aside_opens_with_its_own_passcode_and_is_in_use_again() {
    let folder = tempfile::tempdir().unwrap();
    let book = book(folder.path());
    book.create("304304".to_owned()).unwrap();
    assert_eq!(book.begin_anew().unwrap().standing, Standing::New);
    assert_eq!(book.unlock("304304".to_owned()).unwrap().standing, Standing::Open);
    assert_eq!(book.lock().unwrap().standing, Standing::Locked, "nothing was made in its place");
    book.begin_anew().unwrap();
    book.create("505505".to_owned()).unwrap();
    book.lock().unwrap();
    assert_eq!(book.unlock("304304".to_owned()).unwrap().standing, Standing::Open);
    book.lock().unwrap();
    assert_eq!(book.unlock("505505".to_owned()).unwrap().standing, Standing::Open);
}

#[test]
fn a_file_without_its_key_is_neither_opened_nor_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let book = book(folder.path());
    book.create("304304".to_owned()).unwrap();
    book.lock().unwrap();
    let key = folder.path().join("1/book.key");
    std::fs::write(&key, "damaged").unwrap();
    assert_eq!(book.host().unwrap().standing, Standing::Locked);
    assert!(matches!(book.unlock("304304".to_owned()), Err(PortError::CallSupport { .. })));
    assert!(matches!(book.create("304304".to_owned()), Err(PortError::FixForm { .. })));
    std::fs::remove_file(&key).unwrap();
    assert!(matches!(book.create("304304".to_owned()), Err(PortError::FixForm { .. })));
    assert_eq!(book.begin_anew().unwrap().standing, Standing::New);
    assert!(folder.path().join("1/book.ruhu").exists(), "put aside, not removed");
}

#[tokio::test]
async fn enrolling_may_be_dropped_while_the_hub_is_silent_and_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let book = book(folder.path());
    book.create("304304".to_owned()).unwrap();
    let hub = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", hub.local_addr().unwrap());
    {
        let mut enrolling = pin!(book.enrol("ABCD-EFGH".to_owned(), Some(url.clone())));
        let mut context = Context::from_waker(Waker::noop());
        assert!(matches!(enrolling.as_mut().poll(&mut context), Poll::Pending));
        // Dropped before it had a connection.
    }
    let dropped = book.enrol("ABCD-EFGH".to_owned(), Some(url.clone()));
    let listening = async {
        loop {
            let (mut line, _) = hub.accept().await.unwrap();
            let mut asked = vec![0; 4096];
            // The one that was dropped may have knocked, and said nothing.
            match line.read(&mut asked).await.unwrap_or(0) {
                0 => {}
                length => break String::from_utf8_lossy(&asked[..length]).into_owned(),
            }
        }
    };
    let asked = tokio::select! {
        _ = dropped => panic!("the hub never answers"),
        asked = listening => asked,
    };
    assert!(asked.starts_with("POST "), "{asked}");
    // The same book, and a hub that refuses: its words come back.
    let refusing = async {
        let (mut line, _) = hub.accept().await.unwrap();
        let mut asked = vec![0; 4096];
        let _ = line.read(&mut asked).await.unwrap();
        line.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .await
            .unwrap();
    };
    let (answer, ()) = tokio::join!(book.enrol("ABCD-EFGH".to_owned(), Some(url)), refusing);
    assert!(matches!(answer, Err(PortError::FixForm { .. })), "{answer:?}");
    assert_eq!(book.sync_once(true).await.unwrap().state, SyncStep::EnrolAgain);
    assert_eq!(book.state().unwrap().who, None);
}

#[tokio::test]
async fn a_call_that_is_no_call_is_a_trouble_in_json() {
    let folder = tempfile::tempdir().unwrap();
    let book = book(folder.path());
    for bad in ["", "{}", "{\"call\":\"fly\"}", "{\"call\":\"create\"}", "{\"call\":\"lock\",\"more\":1}"] {
        let said: serde_json::Value = serde_json::from_str(&book.call(bad.to_owned()).await).unwrap();
        assert_eq!(said["trouble"]["remedy"], "call-support", "{bad}");
    }
    let said = book.call("{\"call\":\"host\"}".to_owned()).await;
    let expected = concat!(
        "{\"answer\":{\"standing\":\"new\",\"host\":\"ios\",\"wait_until\":null,\"persisted\":null,",
        "\"used_bytes\":0,\"quota_bytes\":null,\"why\":null}}"
    );
    assert_eq!(said, expected, "the shape the screens were written for");
}

#[test]
fn a_sync_asked_for_in_vain_does_not_end_the_turn_of_the_one_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let book = book(folder.path());
    assert_eq!(crate::carry::two_turns(&book), [true, false, false]);
    assert_eq!(crate::carry::two_turns(&book), [true, false, false], "and it is given back");
}
