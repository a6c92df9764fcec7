//! The password again before something that matters, with the form kept; passwords that are too old or were used before;
//! names that do not exist.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_server::access::{Place, Role};

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

#[tokio::test]
async fn a_source_of_many_wrong_names_has_to_wait() {
    let world = World::new();
    let hub = &world.hub;
    lead(&world).await;
    for nth in 0..100 {
        let tried = hub.sign_in_from(&format!("name{nth}"), "wrong", "there");
        assert!(matches!(tried, Err(ruhu_server::access::session::SignInError::Wrong)), "{nth}");
    }
    let waits = hub.sign_in_from("lifang", PASSWORD, "there");
    assert!(matches!(waits, Err(ruhu_server::access::session::SignInError::TooMany { .. })));
    assert!(hub.sign_in_from("lifang", PASSWORD, "here").is_ok(), "elsewhere nobody waits");
    world.clock.forward(Duration::minutes(15));
    assert!(hub.sign_in_from("lifang", PASSWORD, "there").is_ok());
}
