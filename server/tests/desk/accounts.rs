//! Accounts at the desk: made, changed, disabled by the security administrator, with a reason, and looked at by the auditor.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::ids::AccountId;
use ruhu_server::access::acts::{By, Change};
use ruhu_server::access::password::BadPassword;
use ruhu_server::access::session::SignInError;
use ruhu_server::access::{AccountError, NewAccount, Place, Role};
use ruhu_server::storage::accounts::LogKind;

use super::browser::{Answer, Browser, PASSWORD};
use super::world::{COMMUNITY, World};

async fn security(world: &World) -> Browser {
    Browser::signed_in(&world.hub, "anquan", Role::SecurityAdmin, Place::Hub).await
}

async fn lead(world: &World) -> Browser {
    Browser::signed_in(&world.hub, "lifang", Role::Community, Place::Community { id: COMMUNITY }).await
}

fn id(world: &World, name: &str) -> AccountId {
    world.hub.account_id(name).unwrap()
}

fn saw(world: &World, account: AccountId) -> String {
    world.hub.storage().read(|tx| tx.account(account)).unwrap().unwrap().version.to_string()
}

/// Does something to an account as it is now.
async fn act(world: &World, browser: &mut Browser, name: &str, what: &str) -> Answer {
    let account = id(world, name);
    let saw = saw(world, account);
    browser
        .post(&format!("/accounts/{account}"), &[("act", what), ("saw", &saw), ("reason", "测试事由")])
        .await
}

fn letters(page: &Answer) -> String {
    let html = page.html();
    let rest = html.split_once("class=\"letters\">").unwrap().1;
    rest.split('<').next().unwrap().to_owned()
}

/// The audit log, oldest first: code and what it was about.
fn audit(world: &World) -> Vec<(String, String)> {
    let rows = world.hub.storage().read(|tx| tx.logged(LogKind::Audit, None, 1000)).unwrap();
    rows.into_iter().rev().map(|(_, _, row)| (row.what, row.target)).collect()
}

#[tokio::test]
async fn an_account_is_made_with_a_reason_and_its_password_is_shown_once() {
    let world = World::new();
    let mut browser = security(&world).await;
    let place = format!("community:{COMMUNITY}");
    let fields = |name: &'static str, role: &'static str, place: &str, reason: &'static str| {
        let fields =
            [("name", name), ("shown", "王主任"), ("role", role), ("place", place), ("reason", reason)];
        fields.map(|(key, value)| (key, value.to_owned()))
    };
    let mut post = async |fields: [(&'static str, String); 5]| {
        let fields: Vec<_> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
        browser.post("/accounts", &fields).await
    };
    let refusals = [
        (fields("wang", "community", &place, "  "), "请写明事由"),
        (fields("wang", "community", "hub", "换届"), "与它相符的范围"),
        (fields("wang", "street", &place, "换届"), "与它相符的范围"),
        (fields("wang", "community", "community:00000000-0000-0000-0000-000000000009", "换届"), "相符的范围"),
        (fields("wang", "emperor", &place, "换届"), "相符的范围"),
        (fields("wang li", "community", &place, "换届"), "不含空格"),
        (fields("anquan", "community", &place, "换届"), "账号名已被使用"),
    ];
    for (fields, words) in refusals {
        let typed = fields[0].1.clone();
        let refused = post(fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(refused.html().contains(words) && refused.html().contains(&format!("value=\"{typed}\"")));
    }
    let made = post(fields("wang", "community", &place, "换届")).await;
    let password = letters(&made);
    let twice = post(fields("wang", "community", &place, "换届")).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "the second click makes nothing");
    assert_eq!(world.hub.accounts().unwrap().len(), 2);
    let account = id(&world, "wang");
    let page = browser.get(&format!("/accounts/{account}")).await.html();
    assert!(!page.contains(&password) && page.contains("换届") && page.contains("启用(待改一次性密码)"));
    let logged = audit(&world);
    let wanted = format!("{account} community@{COMMUNITY} 换届");
    assert!(logged.contains(&("account.add".into(), wanted)), "{logged:?}");
    let mut new = Browser::new(&world.hub);
    new.post("/login", &[("name", "wang"), ("password", &password)]).await;
    assert_eq!(new.get("/").await.location(), "/password");
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_answered_like_a_wrong_password() {
    let world = World::new();
    let (mut browser, mut out) = (security(&world).await, lead(&world).await);
    assert_eq!(out.get("/").await.status, StatusCode::OK);
    let account = id(&world, "lifang");
    let done = act(&world, &mut browser, "lifang", "disable").await;
    assert_eq!(done.location(), format!("/accounts/{account}?done=disable"));
    assert!(out.get("/").await.location().starts_with("/login"));
    let answer = out.post("/login", &[("name", "lifang"), ("password", PASSWORD)]).await;
    assert!(answer.html().contains("账号或密码不对"));
    assert!(browser.get("/accounts").await.html().contains("停用"));
    let again = act(&world, &mut browser, "lifang", "disable").await;
    assert!(again.html().contains("已经是这样"));
    assert_eq!(act(&world, &mut browser, "lifang", "enable").await.status, StatusCode::SEE_OTHER);
    out.sign_in_again("lifang").await;
    assert_eq!(out.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_changes_himself_and_the_last_security_administrator_stays() {
    let world = World::new();
    let mut browser = security(&world).await;
    let own = id(&world, "anquan");
    let html = browser.get(&format!("/accounts/{own}")).await.html();
    assert!(!html.contains("name=\"act\"") && html.contains("这是您自己的账号"));
    for what in ["disable", "unlock", "reset", "drop-totp", "enable"] {
        let refused = act(&world, &mut browser, "anquan", what).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert!(refused.html().contains("这是您自己的账号"));
    }
    let place = format!("community:{COMMUNITY}");
    let fields = [
        ("act", "move"),
        ("saw", "0"),
        ("shown", "我"),
        ("role", "community"),
        ("place", &place),
        ("reason", "x"),
    ];
    let refused = browser.post(&format!("/accounts/{own}"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.get("/accounts").await.status, StatusCode::OK, "still what he was");
    let by = By::command_line("");
    let moved =
        Change::Move {
            shown: "我".into(), role: Role::Community, place: Place::Community { id: COMMUNITY }
        };
    for change in [Change::Disable, moved] {
        let refused = world.hub.change_account(own, change, &by).unwrap_err();
        assert!(matches!(refused, AccountError::LastSecurityAdmin));
    }
    // Two: the one may disable the other, and then is the last himself.
    let mut second = Browser::signed_in(&world.hub, "second", Role::SecurityAdmin, Place::Hub).await;
    assert_eq!(act(&world, &mut second, "anquan", "disable").await.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/accounts").await.location().starts_with("/login"));
    let refused = world.hub.change_account(id(&world, "second"), Change::Disable, &by).unwrap_err();
    assert!(matches!(refused, AccountError::LastSecurityAdmin));
}

#[tokio::test]
async fn a_stale_form_shows_what_is_now_beside_what_was_filled_in() {
    let world = World::new();
    lead(&world).await;
    let mut browser = security(&world).await;
    let account = id(&world, "lifang");
    let (path, before) = (format!("/accounts/{account}"), saw(&world, account));
    let street = [
        ("act", "move"),
        ("saw", before.as_str()),
        ("shown", "李芳(街道)"),
        ("role", "street"),
        ("place", "street:某县/东街"),
        ("reason", "借调"),
    ];
    assert_eq!(browser.post(&path, &street).await.status, StatusCode::SEE_OTHER);
    let mut county = street;
    (county[2].1, county[3].1, county[4].1) = ("李芳(区县)", "county", "county:某县");
    let stale = browser.post(&path, &county).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = stale.html();
    assert!(html.contains("此账号已被改动") && html.contains("<dd>某县东街</dd>"), "{html}");
    assert!(html.contains("value=\"李芳(区县)\"") && html.contains("value=\"county\" selected"));
    let now = saw(&world, account);
    assert!(html.contains(&format!("name=\"saw\" value=\"{now}\"")), "sent again it is taken");
    county[1].1 = &now;
    assert_eq!(browser.post(&path, &county).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.post(&path, &county).await.status, StatusCode::UNPROCESSABLE_ENTITY, "clicked twice");
    let logged = audit(&world).into_iter().filter(|(what, _)| what == "account.move").count();
    assert_eq!(logged, 2);
    let none = browser.post(&path, &[("act", "disable"), ("reason", "x")]).await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST, "a form that saw nothing");
}

#[tokio::test]
async fn a_locked_account_is_unlocked_and_a_lost_phone_is_no_end() {
    let world = World::new();
    let mut browser = security(&world).await;
    let mut auditor = Browser::signed_in(&world.hub, "shenji", Role::Auditor, Place::Hub).await;
    for _ in 0..5 {
        auditor.post("/login", &[("name", "shenji"), ("password", "wrong")]).await;
    }
    let account = id(&world, "shenji");
    let html = browser.get(&format!("/accounts/{account}")).await.html();
    assert!(html.contains("锁定至 2026-07-01 09:15") && html.contains("value=\"unlock\""));
    assert_eq!(act(&world, &mut browser, "shenji", "unlock").await.status, StatusCode::SEE_OTHER);
    auditor.sign_in_again("shenji").await;
    act(&world, &mut browser, "shenji", "drop-totp").await;
    assert!(auditor.get("/").await.location().starts_with("/login"), "his sessions ended with it");
    auditor.post("/login", &[("name", "shenji"), ("password", PASSWORD)]).await;
    assert_eq!(auditor.get("/").await.location(), "/account/totp", "he sets it up before anything else");
    let again = act(&world, &mut browser, "shenji", "drop-totp").await;
    assert!(again.html().contains("已经是这样"));
    let reset = act(&world, &mut browser, "shenji", "reset").await;
    let password = letters(&reset);
    assert!(auditor.get("/account/totp").await.location().starts_with("/login"));
    auditor.post("/login", &[("name", "shenji"), ("password", &password)]).await;
    assert_eq!(auditor.get("/").await.location(), "/password");
}

#[tokio::test]
async fn a_one_time_password_holds_three_days_and_ones_own_is_not_taken_again_after_it() {
    let world = World::new();
    lead(&world).await;
    let account = id(&world, "lifang");
    let by = By::command_line("");
    let late = world.hub.change_account(account, Change::ResetPassword, &by).unwrap().unwrap();
    world.clock.forward(Duration::hours(72));
    assert!(matches!(world.hub.sign_in("lifang", &late), Err(SignInError::Wrong)));
    let mut browser = security(&world).await;
    let page = act(&world, &mut browser, "lifang", "reset").await;
    assert!(page.html().contains("72 小时内有效"));
    let present = letters(&page);
    world.clock.forward(Duration::hours(71));
    let session = world.hub.sign_in("lifang", &present).unwrap();
    let reused = world.hub.change_password(&session.account, &present, PASSWORD).unwrap_err();
    assert!(matches!(reused, AccountError::Password(BadPassword::Reused)));
    world.hub.change_password(&session.account, &present, "Rainy-2027-tree").unwrap();
}

#[tokio::test]
async fn who_was_disabled_or_moved_in_the_meantime_does_nothing_more() {
    let world = World::new();
    lead(&world).await;
    let (first, mut second) = (
        security(&world).await,
        Browser::signed_in(&world.hub, "second", Role::SecurityAdmin, Place::Hub).await,
    );
    drop(first);
    let acts = || {
        let by = By { account: Some(id(&world, "anquan")), reason: "x".into(), saw: None };
        let new =
            NewAccount { name: "wang".into(), shown: "王".into(), role: Role::Auditor, place: Place::Hub };
        let made = world.hub.make_account(&new, &by).map(drop);
        [made, world.hub.change_account(id(&world, "lifang"), Change::Disable, &by).map(drop)]
    };
    act(&world, &mut second, "anquan", "disable").await;
    assert!(acts().iter().all(|done| matches!(done, Err(AccountError::NotKeeper))));
    act(&world, &mut second, "anquan", "enable").await;
    let moved = Change::Move { shown: "某人".into(), role: Role::Auditor, place: Place::Hub };
    world.hub.change_account(id(&world, "anquan"), moved, &By::command_line("")).unwrap();
    assert!(acts().iter().all(|done| matches!(done, Err(AccountError::NotKeeper))));
}

#[tokio::test]
async fn an_auditor_sees_accounts_and_what_was_done_and_finds_no_form() {
    let world = World::new();
    let (mut browser, _) = (security(&world).await, lead(&world).await);
    act(&world, &mut browser, "lifang", "reset").await;
    let mut auditor = Browser::signed_in(&world.hub, "shenji", Role::Auditor, Place::Hub).await;
    let list = auditor.get("/accounts").await.html();
    let main = |html: &str| html.split_once("<main").unwrap().1.to_owned();
    assert!(list.contains("lifang") && !main(&list).contains("<form"));
    let account = id(&world, "lifang");
    let one = auditor.get(&format!("/accounts/{account}")).await.html();
    assert!(one.contains("重设密码 · 测试事由") && one.contains("账号anquan"), "{one}");
    assert!(!main(&one).contains("<form"));
    let refused = act(&world, &mut auditor, "lifang", "disable").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let unknown = auditor.get("/accounts/00000000-0000-0000-0000-000000000009").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn rights_given_by_a_detour_within_one_session_stand_in_the_log_with_their_reasons() {
    let world = World::new();
    let mut browser = security(&world).await;
    let place = format!("community:{COMMUNITY}");
    let fields =
        [("name", "detour"), ("shown", "别名"), ("role", "community"), ("place", &place), ("reason", "试")];
    let password = letters(&browser.post("/accounts", &fields).await);
    let mut lead = Browser::new(&world.hub);
    lead.post("/login", &[("name", "detour"), ("password", &password)]).await;
    let (by, to) = (id(&world, "anquan"), id(&world, "detour"));
    let rows = world.hub.storage().read(|tx| tx.logged(LogKind::Audit, None, 10)).unwrap();
    let row = rows.iter().find(|(_, _, row)| row.what == "account.add" && row.account == Some(by));
    assert_eq!(row.unwrap().2.target, format!("{to} community@{COMMUNITY} 试"));
    assert!(rows.iter().any(|(_, _, row)| row.what == "session.begin" && row.account == Some(to)));
    assert_eq!(world.hub.verify().unwrap().faults, [], "and nobody takes it out again");
    // Whoever left the desk fifteen minutes ago gives nobody rights.
    world.clock.forward(Duration::minutes(15));
    let asks = act(&world, &mut browser, "detour", "disable").await;
    assert_eq!(asks.status, StatusCode::UNAUTHORIZED);
    assert!(asks.html().contains("name=\"prove-code\"") && asks.html().contains("测试事由"));
    let (code, saw) = (browser.next_code(), saw(&world, to));
    let fields = [
        ("act", "disable"),
        ("saw", &saw),
        ("reason", "测试事由"),
        ("prove-password", PASSWORD),
        ("prove-code", &code),
    ];
    assert_eq!(browser.post(&format!("/accounts/{to}"), &fields).await.status, StatusCode::SEE_OTHER);
}
