//! Signing in: one-time passwords, lock-out, time-outs, and who may open what.

use axum::http::{StatusCode, header};
use chrono::Duration;
use ruhu_server::access::{NewAccount, Place, Role};

use super::browser::{Browser, PASSWORD};
use super::world::{COMMUNITY, HOUSEHOLDS, World};

fn lead() -> (Role, Place) {
    (Role::Community, Place::Community { id: COMMUNITY })
}

/// A hub nobody has an account at shows its first set-up and nothing else.
fn somebody(world: &World) {
    let (role, place) = lead();
    world.hub.add_account(&NewAccount { name: "lifang".into(), shown: "李芳".into(), role, place }).unwrap();
}

#[tokio::test]
async fn a_one_time_password_must_be_changed_before_anything_is_seen() {
    let world = World::new();
    let (role, place) = lead();
    let account = NewAccount { name: "lifang".into(), shown: "李芳".into(), role, place };
    let one_time = world.hub.add_account(&account).unwrap();
    let mut browser = Browser::new(&world.hub);
    assert_eq!(
        browser.get("/households?state=open").await.location(),
        "/login?next=/households%3Fstate%3Dopen"
    );
    let answer =
        browser.post("/login", &[("name", "lifang"), ("password", &one_time), ("next", "/help")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/help"));
    assert_eq!(browser.get("/help").await.location(), "/password");
    assert_eq!(browser.get("/").await.location(), "/password");
    let differs = [("old", one_time.as_str()), ("new", PASSWORD), ("again", "Sunny-2026-d00r")];
    assert!(browser.post("/password", &differs).await.html().contains("两次输入的新密码不一样"));
    let weak = [("old", one_time.as_str()), ("new", "weakweakweak"), ("again", "weakweakweak")];
    assert!(browser.post("/password", &weak).await.html().contains("三种"));
    let right = [("old", one_time.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
    assert_eq!(browser.post("/password", &right).await.location(), "/login?changed=1");
    assert_eq!(browser.get("/").await.location(), "/login?next=/&expired=1", "every session has ended");
    browser.post("/login", &[("name", "lifang"), ("password", PASSWORD)]).await;
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_account_and_the_page_says_until_when() {
    let world = World::new();
    let (role, place) = lead();
    let mut browser = Browser::signed_in(&world.hub, "lifang", role, place).await;
    browser.post("/logout", &[]).await;
    for _ in 0..4 {
        let answer = browser.post("/login", &[("name", "lifang"), ("password", "wrong")]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.html().contains("账号或密码不对"));
    }
    let locked = browser.post("/login", &[("name", "lifang"), ("password", "wrong")]).await.html();
    assert!(locked.contains("账号已暂时锁定,请在 09:15 后再试"), "{locked}");
    let even_right = browser.post("/login", &[("name", "lifang"), ("password", PASSWORD)]).await;
    assert_eq!(even_right.status, StatusCode::UNAUTHORIZED);
    world.clock.forward(Duration::minutes(16));
    let later = browser.post("/login", &[("name", "lifang"), ("password", PASSWORD)]).await;
    assert_eq!(later.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_when_somebody_signs_out() {
    let world = World::new();
    let (role, place) = lead();
    let mut browser = Browser::signed_in(&world.hub, "lifang", role, place).await;
    world.clock.forward(Duration::minutes(31));
    assert!(browser.get("/").await.location().contains("expired=1"));
    browser.post("/login", &[("name", "lifang"), ("password", PASSWORD)]).await;
    let kept = browser.cookies.clone();
    browser.post("/logout", &[]).await;
    assert!(!browser.cookies.contains_key("ruhu_session"));
    browser.cookies = kept;
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER, "the token is dead at the hub too");
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let world = World::new();
    let (role, place) = lead();
    let mut browser = Browser::signed_in(&world.hub, "lifang", role, place).await;
    let answer = browser.post_from("cross-site", "/logout", &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.html().contains("没有权限"));
    assert_eq!(browser.get("/").await.status, StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn every_page_with_every_role() {
    let world = World::new();
    let household = format!("/household/h-{}", HOUSEHOLDS[0]);
    let county = Place::County { county: "某县".into() };
    let street = Place::Street { county: "某县".into(), street: "东街".into() };
    let elsewhere = Place::Street { county: "某县".into(), street: "西街".into() };
    let own = Place::Community { id: COMMUNITY };
    // Overview, list, household, report, workbook, help.
    let rows = [
        ("lead", Role::Community, own.clone(), [200, 200, 200, 200, 200, 200]),
        ("auditor", Role::Auditor, county.clone(), [200, 200, 200, 200, 200, 200]),
        ("street", Role::Street, street, [200, 403, 403, 200, 200, 200]),
        ("county", Role::County, county, [200, 403, 403, 200, 200, 200]),
        ("elsewhere", Role::Auditor, elsewhere, [200, 200, 200, 200, 200, 200]),
        ("system", Role::SystemAdmin, Place::Hub, [303, 403, 403, 403, 403, 200]),
        ("security", Role::SecurityAdmin, Place::Hub, [303, 403, 403, 403, 403, 200]),
    ];
    for (name, role, place, expected) in rows {
        let mut browser = Browser::signed_in(&world.hub, name, role, place).await;
        let paths = ["/", "/households", &household, "/report", "/report.xlsx", "/help"];
        for (path, expected) in paths.into_iter().zip(expected) {
            let answer = browser.get(path).await;
            assert_eq!(answer.status.as_u16(), expected, "{name} at {path}");
            if name == "elsewhere" && path != "/help" {
                assert!(answer.html().contains("还没有可看的社区"), "{path} shows nothing of other streets");
            }
        }
    }
}

#[tokio::test]
async fn without_a_session_no_page_opens() {
    let world = World::new();
    somebody(&world);
    let mut browser = Browser::new(&world.hub);
    let household = format!("/household/h-{}", HOUSEHOLDS[0]);
    for path in
        ["/", "/households", &household, "/report", "/report.xlsx", "/report.json", "/help", "/password"]
    {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.location().starts_with("/login?next="));
    }
    let form = browser.post(&format!("{household}/reveal"), &[("reason", "check")]).await;
    assert_eq!(form.status, StatusCode::UNAUTHORIZED);
    assert!(form.html().contains("请登录后再打开此页"));
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_it_here() {
    let world = World::new();
    somebody(&world);
    let mut browser = Browser::new(&world.hub);
    for path in ["/login", "/nowhere", "/static/desk.css"] {
        let answer = browser.get(path).await;
        let policy = answer.headers.get(header::CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(answer.headers.get(header::X_CONTENT_TYPE_OPTIONS).unwrap(), "nosniff");
    }
    assert_eq!(browser.get("/login").await.headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
}

#[tokio::test]
async fn english_is_a_switch_that_is_remembered() {
    let world = World::new();
    somebody(&world);
    let mut browser = Browser::new(&world.hub);
    assert!(browser.get("/login").await.html().contains("请用本单位分配的账号登录"));
    assert!(browser.get("/login?lang=en").await.html().contains("Sign in with the account"));
    let missing = browser.get("/nowhere").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.html().contains("No such page") && missing.html().contains("Back to the overview"));
}
