//! The second factor: set up before anything else where a role needs it, a code once and near its time, recovery codes.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::ids::{AccountId, Hash32};
use ruhu_server::access::acts::{By, Change};
use ruhu_server::access::totp::{code, step_at};
use ruhu_server::access::{AccountError, NewAccount, Place, Role};

use super::browser::{Answer, Browser, PASSWORD};
use super::world::{COMMUNITY, World};

async fn auditor(world: &World) -> Browser {
    Browser::signed_in(&world.hub, "shenji", Role::Auditor, Place::Hub).await
}

async fn lead(world: &World) -> Browser {
    Browser::signed_in(&world.hub, "lifang", Role::Community, Place::Community { id: COMMUNITY }).await
}

fn id(world: &World, name: &str) -> AccountId {
    world.hub.account_id(name).unwrap()
}

fn code_now(world: &World, secret: &[u8], away: i64) -> String {
    code(secret, step_at(world.hub.now_ms()) + away)
}

/// Gives the password alone: what is left is half a session.
async fn half_way(browser: &mut Browser, name: &str) {
    browser.cookies.remove("ruhu_session");
    let answer = browser.post("/login", &[("name", name), ("password", PASSWORD)]).await;
    assert_eq!(answer.location(), "/login/code?next=/");
}

/// The codes a page shows once.
fn shown_codes(page: &Answer) -> Vec<String> {
    let html = page.html();
    let list = html.split_once("class=\"codes\">").unwrap().1.split_once("</ol>").unwrap().0.to_owned();
    list.split("<li>").skip(1).filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect()
}

#[tokio::test]
async fn an_auditor_reaches_nothing_but_the_set_up_until_it_is_done() {
    let world = World::new();
    let new =
        NewAccount {
            name: "shenji".into(), shown: "审计员".into(), role: Role::Auditor, place: Place::Hub
        };
    let one_time = world.hub.add_account(&new).unwrap();
    let mut browser = Browser::new(&world.hub);
    browser.post("/login", &[("name", "shenji"), ("password", &one_time)]).await;
    assert_eq!(browser.get("/account/totp").await.location(), "/password", "the password first");
    let fields = [("old", one_time.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
    browser.post("/password", &fields).await;
    let answer = browser.post("/login", &[("name", "shenji"), ("password", PASSWORD)]).await;
    assert_eq!(answer.location(), "/");
    for path in ["/", "/households", "/accounts", "/account", "/help", "/report.json", "/password"] {
        assert_eq!(browser.get(path).await.location(), "/account/totp", "{path}");
    }
    for form in ["/accounts", "/periods", "/account", "/password"] {
        assert_eq!(browser.post(form, &[("act", "x")]).await.location(), "/account/totp", "{form}");
    }
    // What waits is shown to who asks for it, not to who looks.
    let page = browser.post("/account/totp", &[("act", "begin")]).await;
    let secret = world.hub.pending_totp(id(&world, "shenji")).unwrap().unwrap();
    assert!(page.html().contains("<svg") && page.html().contains("class=\"letters\""));
    assert!(!browser.get("/account/totp").await.html().contains("class=\"letters\""));
    let wrong = browser.post("/account/totp", &[("act", "confirm"), ("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html().contains("<svg"), "the picture stays while a digit was wrong");
    let fields = [("act", "confirm"), ("code", &code_now(&world, &secret, 0))];
    let done = browser.post("/account/totp", &fields).await;
    assert_eq!(shown_codes(&done).len(), 10);
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    let drop = browser.post("/account/totp", &[("act", "drop"), ("prove-password", PASSWORD)]).await;
    assert_eq!(drop.status, StatusCode::UNAUTHORIZED, "a password alone proves nothing any more");
    let code = code_now(&world, &secret, 1);
    let fields = [("act", "drop"), ("prove-password", PASSWORD), ("prove-code", &code)];
    assert_eq!(browser.post("/account/totp", &fields).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn between_password_and_code_nothing_opens_and_after_five_minutes_the_code_neither() {
    let world = World::new();
    let mut browser = auditor(&world).await;
    half_way(&mut browser, "shenji").await;
    assert!(browser.get("/login/code").await.html().contains("name=\"code\""));
    for path in ["/", "/households", "/accounts", "/account", "/account/totp", "/password", "/help"] {
        let answer = browser.get(path).await;
        assert!(answer.location().starts_with("/login?next="), "{path}");
    }
    for form in ["/accounts", "/account/totp", "/password", "/account", "/periods"] {
        let fields = [("act", "begin"), ("old", PASSWORD), ("new", "x"), ("again", "x")];
        assert_eq!(browser.post(form, &fields).await.status, StatusCode::UNAUTHORIZED, "{form}");
    }
    world.clock.forward(Duration::minutes(5));
    assert!(browser.get("/login/code").await.location().starts_with("/login?late=1"));
    let code = browser.next_code();
    let late = browser.post("/login/code", &[("code", &code)]).await;
    assert!(late.location().starts_with("/login?late=1"));
    // Without a password there is no second step, whatever the cookie says.
    for forged in ["", "abc", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        browser.cookies.insert("ruhu_session".into(), forged.into());
        let code = browser.next_code();
        let answer = browser.post("/login/code", &[("code", &code)]).await;
        assert!(answer.location().starts_with("/login?late=1"), "{forged}");
        world.clock.forward(Duration::minutes(1));
    }
}

#[tokio::test]
async fn a_code_is_good_once_near_its_time_and_every_session_begins_anew() {
    let world = World::new();
    let mut browser = auditor(&world).await;
    let (secret, _) = browser.secret.clone().unwrap();
    half_way(&mut browser, "shenji").await;
    let half = browser.cookies["ruhu_session"].clone();
    for away in [-2, -1, 0, 2] {
        // That of this step was used to come in, and the one before to set it up.
        let answer = browser.post("/login/code", &[("code", &code_now(&world, &secret, away))]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{away}");
    }
    let next = code_now(&world, &secret, 1);
    let answer = browser.post("/login/code", &[("code", &next), ("next", "/accounts")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/accounts"));
    assert_ne!(browser.cookies["ruhu_session"], half, "nobody who knew the half session has the whole one");
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    half_way(&mut browser, "shenji").await;
    world.clock.forward(Duration::seconds(30));
    let again = browser.post("/login/code", &[("code", &next)]).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "used, though its time has just come");
    world.clock.forward(Duration::seconds(30));
    let answer = browser.post("/login/code", &[("code", &code_now(&world, &secret, 0))]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn wrong_codes_count_with_wrong_passwords_and_the_right_password_forgives_none() {
    let world = World::new();
    let mut browser = auditor(&world).await;
    for _ in 0..2 {
        half_way(&mut browser, "shenji").await;
        for _ in 0..2 {
            let answer = browser.post("/login/code", &[("code", "000000")]).await;
            assert!(answer.html().contains("密码或验证码不对"));
        }
    }
    half_way(&mut browser, "shenji").await;
    let locked = browser.post("/login/code", &[("recovery", "AAAAA-AAAAA-AAAAA")]).await;
    assert!(locked.html().contains("锁定"), "{}", locked.html());
    let code = browser.next_code();
    let answer = browser.post("/login/code", &[("code", &code)]).await;
    assert!(answer.location().starts_with("/login?late=1"), "the half session has ended");
    let answer = browser.post("/login", &[("name", "shenji"), ("password", PASSWORD)]).await;
    assert!(answer.html().contains("账号已暂时锁定"));
    world.clock.forward(Duration::minutes(15));
    browser.sign_in_again("shenji").await;
}

#[tokio::test]
async fn a_recovery_code_signs_in_once_and_new_ones_void_the_former() {
    let world = World::new();
    let mut browser = auditor(&world).await;
    world.clock.forward(Duration::minutes(1));
    let code = browser.next_code();
    let fields = [("act", "codes"), ("prove-password", PASSWORD), ("prove-code", &code)];
    let codes = shown_codes(&browser.post("/account/totp", &fields).await);
    half_way(&mut browser, "shenji").await;
    let typed = codes[0].to_lowercase().replace('-', " ");
    let answer = browser.post("/login/code", &[("recovery", &typed)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/account").await.html().contains("还有 9 个备用码可用"));
    half_way(&mut browser, "shenji").await;
    let again = browser.post("/login/code", &[("recovery", &codes[0])]).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "each once");
    assert_eq!(browser.post("/login/code", &[("recovery", &codes[1])]).await.status, StatusCode::SEE_OTHER);
    world.clock.forward(Duration::minutes(1));
    let code = browser.next_code();
    let fields = [("act", "codes"), ("prove-password", PASSWORD), ("prove-code", &code)];
    let fresh = shown_codes(&browser.post("/account/totp", &fields).await);
    half_way(&mut browser, "shenji").await;
    let old = browser.post("/login/code", &[("recovery", &codes[2])]).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.post("/login/code", &[("recovery", &fresh[2])]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn others_may_have_it_too_replace_it_and_take_it_away_each_time_with_the_password() {
    let world = World::new();
    let mut browser = lead(&world).await;
    assert!(browser.get("/account").await.html().contains("没有设置"));
    let asks = browser.post("/account/totp", &[("act", "begin")]).await;
    assert_eq!(asks.status, StatusCode::UNAUTHORIZED, "however fresh the session is");
    let wrong = browser.post("/account/totp", &[("act", "begin"), ("prove-password", "wrong")]).await;
    assert!(wrong.html().contains("name=\"prove-password\"") && wrong.html().contains("role=\"alert\""));
    let begun = browser.post("/account/totp", &[("act", "begin"), ("prove-password", PASSWORD)]).await;
    assert!(begun.html().contains("<svg"));
    let account = id(&world, "lifang");
    let first = world.hub.pending_totp(account).unwrap().unwrap();
    // Another session of the account has proved nothing by it.
    let mut elsewhere = Browser::new(&world.hub);
    elsewhere.sign_in_again("lifang").await;
    let fields = [("act", "confirm"), ("code", &code_now(&world, &first, 0))];
    browser.post("/account/totp", &fields).await;
    assert!(elsewhere.get("/").await.location().starts_with("/login"), "it has ended");
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    // A new phone: the former one counts until the new one has shown a code.
    let code = code_now(&world, &first, 1);
    let fields = [("act", "begin"), ("prove-password", PASSWORD), ("prove-code", &code)];
    browser.post("/account/totp", &fields).await;
    let second = world.hub.pending_totp(account).unwrap().unwrap();
    assert_ne!(first, second);
    world.clock.forward(Duration::minutes(1));
    let refused = browser.post("/account/totp", &[("act", "confirm"), ("code", "123456")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    half_way(&mut browser, "lifang").await;
    let fields = [("code", code_now(&world, &first, 0))];
    let fields: Vec<_> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
    assert_eq!(browser.post("/login/code", &fields).await.status, StatusCode::SEE_OTHER);
    let fields = [("act", "confirm"), ("code", &code_now(&world, &second, 0))];
    assert_eq!(browser.post("/account/totp", &fields).await.status, StatusCode::OK);
    let code = code_now(&world, &second, 1);
    let fields = [("act", "drop"), ("prove-password", PASSWORD), ("prove-code", &code)];
    assert_eq!(browser.post("/account/totp", &fields).await.location(), "/account?done=dropped");
    browser.post("/logout", &[]).await;
    browser.secret = None;
    browser.sign_in_again("lifang").await;
}

#[tokio::test]
async fn a_secret_shown_and_not_confirmed_is_gone_after_ten_minutes_a_reset_or_a_removal() {
    let world = World::new();
    lead(&world).await;
    let account = id(&world, "lifang");
    let waits = || world.hub.storage().read(|tx| tx.next_totp_ms(account)).unwrap().is_some();
    let confirm = |secret: &[u8]| {
        let code = code_now(&world, secret, 0);
        world.hub.confirm_totp(account, Hash32::ZERO, &code)
    };
    let late = world.hub.begin_totp(account).unwrap();
    world.clock.forward(Duration::minutes(10));
    assert!(world.hub.pending_totp(account).unwrap().is_none() && waits());
    assert!(matches!(confirm(&late), Err(AccountError::NothingPending)));
    assert!(!waits(), "cleared by it");
    world.hub.begin_totp(account).unwrap();
    world.clock.forward(Duration::minutes(10));
    world.hub.sign_in("lifang", PASSWORD).unwrap();
    assert!(!waits(), "or by the next who signs in");
    for change in [Change::DropTotp, Change::ResetPassword] {
        let secret = world.hub.begin_totp(account).unwrap();
        world.hub.change_account(account, change, &By::command_line("")).unwrap();
        assert!(!waits() && matches!(confirm(&secret), Err(AccountError::NothingPending)));
    }
    let nothing = world.hub.change_account(account, Change::DropTotp, &By::command_line(""));
    assert!(matches!(nothing, Err(AccountError::AlreadySo)));
}

#[tokio::test]
async fn the_secret_stands_nowhere_in_the_open() {
    let world = World::new();
    let browser = auditor(&world).await;
    let (secret, _) = browser.secret.unwrap();
    world.hub.begin_totp(id(&world, "shenji")).unwrap();
    let next = world.hub.pending_totp(id(&world, "shenji")).unwrap().unwrap();
    for file in std::fs::read_dir(world.database.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for one in [secret.as_slice(), next.as_slice()] {
            assert!(!bytes.windows(one.len()).any(|part| part == one), "{}", path.display());
        }
    }
    // Sealed to its account and to its place: swapped, it opens for nobody.
    world.database.tamper("UPDATE totp SET secret = next").unwrap();
    assert!(world.hub.sign_in("shenji", PASSWORD).is_ok());
    let second = ruhu_server::access::totp::Second::Code("123456".into());
    let half = world.hub.sign_in("shenji", PASSWORD).unwrap().token;
    assert!(world.hub.give_code(&half, &second, "").is_err());
}
