//! A hub without accounts: the token of the machine makes the first security administrator, and nothing else opens.

use axum::http::StatusCode;
use ruhu_server::access::{Place, Role};

use super::browser::{Browser, PASSWORD};
use super::world::{COMMUNITY, World};

fn form<'a>(token: &'a str, password: &'a str) -> [(&'a str, &'a str); 5] {
    [("token", token), ("name", "anquan"), ("shown", "安全员"), ("password", password), ("again", password)]
}

#[tokio::test]
async fn the_first_security_administrator_is_made_in_the_browser_with_the_printed_token() {
    let world = World::new();
    let (token, file) = world.hub.setup_token().unwrap().unwrap();
    let file = file.unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim(), token);
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o077, 0, "its owner alone");
    }
    assert_eq!(world.hub.setup_token().unwrap().unwrap().0, token, "the next start prints the same one");

    let mut browser = Browser::new(&world.hub);
    assert!(browser.get("/").await.html().contains("首次设置"));
    assert_eq!(browser.get("/login").await.location(), "/");
    for path in ["/households", "/accounts", "/account", "/machine", "/help"] {
        assert_ne!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
    let wrong = browser.post("/first", &form("AAAAA-AAAAA-AAAAA", PASSWORD)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = wrong.html();
    assert!(html.contains("设置码不对") && html.contains("value=\"anquan\"") && !html.contains(PASSWORD));
    let weak = browser.post("/first", &form(&token, "P@ssw0rd-2026")).await;
    assert!(weak.html().contains("密码太常见"), "{}", weak.html());
    assert!(!world.hub.has_accounts().unwrap());

    let made = browser.post("/first", &form(&token.to_lowercase().replace('-', ""), PASSWORD)).await;
    assert_eq!((made.status, made.location()), (StatusCode::SEE_OTHER, "/account/totp"));
    assert_eq!(browser.get("/accounts").await.location(), "/account/totp", "the second factor first");
    assert!(browser.post("/account/totp", &[("act", "begin")]).await.html().contains("<svg"));
    assert!(!file.exists());
    assert!(world.hub.setup_token().unwrap().is_none(), "nothing is printed any more");

    let mut other = Browser::new(&world.hub);
    assert!(other.get("/").await.location().starts_with("/login"));
    assert_eq!(other.post("/first", &form(&token, PASSWORD)).await.location(), "/login");
    assert_eq!(world.hub.accounts().unwrap().len(), 1);
    assert_eq!(world.hub.accounts().unwrap()[0].role, Role::SecurityAdmin);
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[tokio::test]
async fn an_account_of_the_shell_closes_the_first_set_up_too() {
    let world = World::new();
    let (token, _) = world.hub.setup_token().unwrap().unwrap();
    let mut browser =
        Browser::signed_in(&world.hub, "lifang", Role::Community, Place::Community { id: COMMUNITY }).await;
    assert_eq!(browser.post("/first", &form(&token, PASSWORD)).await.location(), "/login");
    assert!(world.hub.setup_token().unwrap().is_none());
    // Nobody is left enabled: still a hub with accounts, and no way in by an old token.
    world.database.tamper("UPDATE account SET closed_ms = 1").unwrap();
    assert!(world.hub.setup_token().unwrap().is_none());
    assert_eq!(browser.post("/first", &form(&token, PASSWORD)).await.location(), "/login");
}

#[tokio::test]
async fn each_role_finds_only_what_it_may_open_and_lands_on_a_page_of_its_own() {
    let world = World::new();
    let own = Place::Community { id: COMMUNITY };
    let rows = [
        (Role::Community, own, "/"),
        (Role::Auditor, Place::Hub, "/"),
        (Role::SystemAdmin, Place::Hub, "/machine"),
        (Role::SecurityAdmin, Place::Hub, "/accounts"),
    ];
    for (nth, (role, place, first)) in rows.into_iter().enumerate() {
        let mut browser = Browser::signed_in(&world.hub, &format!("who{nth}"), role, place).await;
        if first != "/" {
            assert_eq!(browser.get("/").await.location(), first);
        }
        let page = browser.get(first).await;
        assert_eq!(page.status, StatusCode::OK);
        let html = page.html();
        let nav = html.split_once("<header").unwrap().1.split_once("</header>").unwrap().0.to_owned();
        let hrefs: Vec<String> = nav
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|href| !href.contains("lang="))
            .map(|href| href.replace("&#38;", "&"))
            .collect();
        assert!(3 < hrefs.len(), "{hrefs:?}");
        for href in hrefs {
            let status = browser.get(&href).await.status;
            assert!([StatusCode::OK, StatusCode::SEE_OTHER].contains(&status), "{role} {href}: {status}");
        }
    }
}

#[tokio::test]
async fn the_machine_page_says_that_no_backup_was_ever_verified() {
    let world = World::new();
    let mut browser = Browser::signed_in(&world.hub, "admin", Role::SystemAdmin, Place::Hub).await;
    let html = browser.get("/machine").await.html();
    assert!(html.contains("<dt>最近核验过的备份</dt><dd><span class=\"warn\">还没有</span>"), "{html}");
    assert!(!html.contains("阳光"), "nothing of a community");
}
