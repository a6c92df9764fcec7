//! The password again before something that matters, with the form kept; passwords that are too old or were used before;
//! names that do not exist.

use std::sync::{Arc, Barrier};

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::ids::Hash32;
use ruhu_server::access::session::SignInError;
use ruhu_server::access::totp::Second;
use ruhu_server::access::{Place, Role};
use ruhu_server::storage::accounts::LogKind;
use ruhu_server::storage::{Hub, StorageError};

use super::browser::{Browser, PASSWORD};
use super::world::{COMMUNITY, WORKERS, World};

async fn lead(world: &World) -> Browser {
    Browser::signed_in(&world.hub, "lifang", Role::Community, Place::Community { id: COMMUNITY }).await
}

fn worker() -> String {
    WORKERS[0].to_string()
}

#[tokio::test]
async fn what_matters_asks_for_the_password_after_fifteen_minutes_and_goes_on_with_the_form() {
    let world = World::new();
    let mut browser = lead(&world).await;
    world.hub.storage().write(|tx| tx.set_public_url("https://hub.example")).unwrap();
    let fields = [("worker", worker()), ("note", "a \"b\" & <c>".into())];
    let fields: Vec<_> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
    assert!(browser.post("/staff/code", &fields).await.html().contains("class=\"letters\""), "fresh");
    world.clock.forward(Duration::minutes(14));
    assert!(browser.post("/staff/code", &fields).await.html().contains("class=\"letters\""), "still");
    world.clock.forward(Duration::minutes(1));
    let asks = browser.post("/staff/code", &fields).await;
    assert_eq!(asks.status, StatusCode::UNAUTHORIZED);
    let html = asks.html();
    assert!(html.contains("action=\"/staff/code\"") && html.contains("name=\"prove-password\""));
    assert!(html.contains("name=\"note\" value=\"a &#34;b&#34; &#38; &#60;c&#62;\""), "{html}");
    assert!(!html.contains("prove-code") && !html.contains("class=\"letters\""));
    let with = |password: &'static str| {
        let mut all = fields.clone();
        all.push(("prove-password", password));
        all
    };
    let wrong = browser.post("/staff/code", &with("wrong")).await;
    assert!(wrong.html().contains("role=\"alert\"") && wrong.html().contains("name=\"note\""));
    assert!(!wrong.html().contains("wrong\""), "what was typed as a password is not sent back");
    let done = browser.post("/staff/code", &with(PASSWORD)).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.html().contains("class=\"letters\""), "one form, not two");
    assert!(browser.post("/staff/code", &fields).await.html().contains("class=\"letters\""), "fresh again");
}

#[tokio::test]
async fn closing_revoking_and_finding_ask_and_everyday_acts_do_not() {
    let world = World::new();
    let mut browser = lead(&world).await;
    world.clock.forward(Duration::minutes(20));
    let asks = [
        ("/periods", vec![("close", "2026Q2"), ("sure", "yes")]),
        ("/staff", vec![("act", "revoke"), ("enrolment", "x")]),
        ("/finding/01920000-0000-7000-8000-000000000001", vec![("act", "decide")]),
        ("/finding/01920000-0000-7000-8000-000000000001", vec![("act", "hear")]),
        ("/line/01920000-0000-7000-8000-000000000001", vec![("act", "confirm")]),
        ("/line/01920000-0000-7000-8000-000000000001", vec![("act", "hear")]),
        ("/line/01920000-0000-7000-8000-000000000001", vec![("act", "withdraw")]),
        ("/account/totp", vec![("act", "confirm"), ("code", "123456")]),
        ("/staff/code", vec![("worker", "x")]),
    ];
    for (path, fields) in asks {
        let answer = browser.post(path, &fields).await;
        assert!(answer.html().contains("name=\"prove-password\""), "{path}");
        assert!(answer.html().contains("name=\"act\"") || !path.starts_with("/finding"), "{path}");
    }
    let everyday = [
        ("/staff", vec![("act", "leave")]),
        ("/waiting", vec![("act", "confirm")]),
        ("/finding/01920000-0000-7000-8000-000000000001", vec![("act", "account")]),
        ("/account", vec![("act", "end-others")]),
    ];
    for (path, fields) in everyday {
        let answer = browser.post(path, &fields).await;
        assert!(!answer.html().contains("name=\"prove-password\""), "{path}");
    }
    let lang = browser.post("/staff/code?lang=en", &[("worker", "x")]).await.html();
    assert!(lang.contains("The password again"), "{lang}");
}

#[tokio::test]
async fn guessing_at_the_password_in_an_open_session_locks_like_guessing_at_the_door() {
    let world = World::new();
    let mut browser = lead(&world).await;
    world.clock.forward(Duration::minutes(16));
    for nth in 1..=5 {
        let fields = [("worker", worker()), ("prove-password", "wrong".into())];
        let fields: Vec<_> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let answer = browser.post("/staff/code", &fields).await;
        assert_eq!(answer.html().contains("账号已暂时锁定"), nth == 5, "{nth}");
    }
    let mut other = Browser::new(&world.hub);
    let answer = other.post("/login", &[("name", "lifang"), ("password", PASSWORD)]).await;
    assert!(answer.html().contains("账号已暂时锁定"));
}

#[tokio::test]
async fn signing_out_everywhere_else_leaves_this_one() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let mut other = Browser::new(&world.hub);
    other.sign_in_again("lifang").await;
    let html = browser.get("/account").await.html();
    assert!(html.contains("本机") && html.contains("其他") && html.contains("退出其他所有登录"));
    assert_eq!(browser.post("/account", &[("act", "end-others")]).await.location(), "/account?done=ended");
    assert!(other.get("/").await.location().contains("expired=1"));
    let html = browser.get("/account?done=ended").await.html();
    assert!(html.contains("其他登录都已退出") && !html.contains("退出其他所有登录"));
}

#[tokio::test]
async fn a_password_holds_ninety_days_and_the_last_five_are_not_taken_again() {
    let world = World::new();
    let mut browser = lead(&world).await;
    world.clock.forward(Duration::days(89));
    browser.sign_in_again("lifang").await;
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    world.clock.forward(Duration::days(1));
    browser.post("/login", &[("name", "lifang"), ("password", PASSWORD)]).await;
    assert_eq!(browser.get("/").await.location(), "/password");
    let mut present = PASSWORD.to_owned();
    let change = async |present: &mut String, new: &str| {
        let mut browser = Browser::new(&world.hub);
        let answer = browser.post("/login", &[("name", "lifang"), ("password", present.as_str())]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let answer =
            browser.post("/password", &[("old", present.as_str()), ("new", new), ("again", new)]).await;
        let taken = answer.status == StatusCode::SEE_OTHER;
        if taken {
            new.clone_into(present);
        } else {
            assert!(answer.html().contains("最近 5 次"), "{}", answer.html());
        }
        world.clock.forward(Duration::minutes(1));
        taken
    };
    assert!(!change(&mut present, PASSWORD).await, "the same");
    for new in ["Rainy-2027-tree", "Windy-2028-lamp", "Foggy-2029-soup", "Snowy-2030-coat"] {
        assert!(change(&mut present, new).await, "{new}");
    }
    assert!(!change(&mut present, PASSWORD).await, "the fifth last");
    assert!(change(&mut present, "Misty-2031-boat").await);
    assert!(change(&mut present, PASSWORD).await, "now it is the sixth last");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_answered_like_one_that_does() {
    let world = World::new();
    let mut browser = lead(&world).await;
    browser.post("/logout", &[]).await;
    let mut said = Vec::new();
    for name in ["lifang", "nobody"] {
        let mut heard = Vec::new();
        for _ in 0..7 {
            let answer = browser.post("/login", &[("name", name), ("password", "wrong")]).await;
            heard.push((answer.status, answer.html().replace(name, "")));
        }
        said.push(heard);
    }
    assert_eq!(said[0], said[1]);
    assert!(said[1][4].1.contains("账号已暂时锁定"));
}

/// Sixteen at once with wrong passwords; how many were told of the lock.
fn guess_at_once(hub: &Arc<Hub>, name: &'static str) -> usize {
    let start = Arc::new(Barrier::new(16));
    let guesses: Vec<_> = (0..16)
        .map(|_| {
            let (hub, start) = (Arc::clone(hub), Arc::clone(&start));
            std::thread::spawn(move || {
                start.wait();
                hub.sign_in_from(name, "wrong", "there").unwrap_err()
            })
        })
        .collect();
    let heard = guesses.into_iter().map(|guess| guess.join().unwrap());
    heard.filter(|why| matches!(why, SignInError::Locked { .. })).count()
}

#[tokio::test]
async fn guesses_at_the_same_moment_are_no_more_than_one_after_the_other() {
    let world = World::new();
    lead(&world).await;
    for name in ["lifang", "nobody"] {
        assert_eq!(guess_at_once(&world.hub, name), 12, "{name}: the fifth and all after it");
        let right = world.hub.sign_in_from(name, PASSWORD, "there");
        assert!(matches!(right, Err(SignInError::Locked { .. })), "{name}: the right one last");
        let (counted, _) = world
            .hub
            .storage()
            .read(|tx| tx.failures_with(Hash32::of(&[b"ruhu-sign-in-name-1", name.as_bytes()]), 0))
            .unwrap();
        assert_eq!(counted, 5, "{name}: what was tried while it was locked counts for nothing");
    }
    let rows = world.hub.storage().read(|tx| tx.logged(LogKind::Audit, None, 1000)).unwrap();
    assert_eq!(rows.iter().filter(|(_, _, row)| row.what == "account.locked").count(), 1);
}

#[tokio::test]
async fn the_right_password_on_its_way_does_not_pass_a_lock_that_came_first() {
    let world = World::new();
    lead(&world).await;
    let session = world.hub.sign_in("lifang", PASSWORD).unwrap().token;
    let session = world.hub.open_session(&session).unwrap().unwrap();
    let (now_ms, who) = (world.hub.now_ms(), Hash32::of(&[b"ruhu-sign-in-name-1", b"lifang"]));
    let on_their_way = world.hub.storage().write({
        let hub = Arc::clone(&world.hub);
        move |tx| {
            // Nobody else writes as long as this is open: they read, reckon, and wait.
            let (door, open, own) = (Arc::clone(&hub), Arc::clone(&hub), hub);
            let of = session.clone();
            let tries = [
                std::thread::spawn(move || door.sign_in("lifang", PASSWORD).map(drop).is_ok()),
                std::thread::spawn(move || {
                    open.authenticate_again(&session, PASSWORD, &Second::Missing, "").is_ok()
                }),
                std::thread::spawn(move || {
                    own.change_password(&of.account, PASSWORD, "Rainy-2027-tree").is_ok()
                }),
            ];
            // As long as they take, or longer.
            for _ in 0..4 {
                let _ = ruhu_server::access::password::hash("as long as theirs", &[7; 16]);
            }
            (0..5).try_for_each(|_| tx.sign_in_failed((who, "there"), now_ms, 0))?;
            Ok::<_, StorageError>(tries)
        }
    });
    for one in on_their_way.unwrap() {
        assert!(!one.join().unwrap(), "locked, however right");
    }
}

#[tokio::test]
async fn names_that_cannot_be_are_refused_like_others_and_counted() {
    let world = World::new();
    lead(&world).await;
    let long = "李".repeat(41);
    for name in ["lifang\0", "li\u{1}fang", "\t", long.as_str()] {
        for nth in 1..=5 {
            let refused = world.hub.sign_in(name, PASSWORD).unwrap_err();
            assert_eq!(matches!(refused, SignInError::Locked { .. }), nth == 5, "{nth}");
        }
    }
}

#[tokio::test]
async fn a_success_forgets_the_failures_and_what_is_over() {
    let world = World::new();
    lead(&world).await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert!(matches!(world.hub.sign_in("lifang", "wrong"), Err(SignInError::Wrong)));
        }
        assert!(world.hub.sign_in("lifang", PASSWORD).is_ok());
    }
    let account = world.hub.account_id("lifang").unwrap();
    let sessions = || world.hub.storage().read(|tx| tx.sessions_of(account)).unwrap().len();
    assert_eq!(sessions(), 4);
    world.clock.forward(Duration::hours(13));
    world.hub.sign_in("lifang", PASSWORD).unwrap();
    assert_eq!(sessions(), 1, "what began before the day is not kept");
}

#[tokio::test]
async fn a_source_of_many_wrong_names_has_to_wait() {
    let world = World::new();
    let hub = &world.hub;
    lead(&world).await;
    for nth in 0..100 {
        let tried = hub.sign_in_from(&format!("name{nth}"), "wrong", "there");
        assert!(matches!(tried, Err(SignInError::Wrong)), "{nth}");
    }
    let waits = hub.sign_in_from("lifang", PASSWORD, "there");
    assert!(matches!(waits, Err(SignInError::TooMany { .. })));
    assert!(hub.sign_in_from("lifang", PASSWORD, "here").is_ok(), "elsewhere nobody waits");
    world.clock.forward(Duration::minutes(15));
    assert!(hub.sign_in_from("lifang", PASSWORD, "there").is_ok());
}
