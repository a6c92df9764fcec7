//! The lead answers what residents asked for: the list masked, each look logged, each step where it belongs.

use axum::http::StatusCode;
use ruhu_core::ids::RequestId;
use ruhu_core::roster::Unit;
use ruhu_core::visit::{Request, VisitBody, VisitDraft};
use ruhu_server::access::{Place, Role};
use ruhu_server::storage::accounts::LogKind;

use super::browser::Browser;
use super::world::{COMMUNITY, DOORS, HOUSEHOLDS, WORKERS, World};

const LAMP: RequestId = RequestId::from_bytes([61; 16]);

fn asked(world: &World) {
    asked_at(world, 0, LAMP);
}

fn asked_at(world: &World, nth: usize, id: RequestId) {
    let mut phone = world.phone(WORKERS[nth]);
    let lamp =
        Request { id, words: "路灯不亮".into(), wanted: "换灯".into(), solved_on_the_spot: false };
    let body = VisitBody { requests: vec![lamp], ..VisitBody::default() };
    let home = Unit::Household(HOUSEHOLDS[nth]);
    let draft = phone.draft(home, DOORS[nth]);
    let visit = phone.visit_of(VisitDraft { body, ..draft });
    phone.say(&world.hub, home, visit);
}

async fn signed_in(world: &World, name: &str, role: Role) -> Browser {
    let place = match role {
        Role::Auditor => Place::County { county: "某县".into() },
        _ => Place::Community { id: COMMUNITY },
    };
    Browser::signed_in(&world.hub, name, role, place).await
}

fn looks(world: &World) -> Vec<(String, String)> {
    let rows = world.hub.storage().read(|tx| tx.logged(LogKind::Access, None, 100)).unwrap();
    rows.into_iter().map(|(.., row)| (row.what, row.target)).collect()
}

fn said(html: &str) -> &str {
    html.split_once("class=\"said").map_or("", |(_, rest)| rest.split("</div>").next().unwrap())
}

fn page() -> String {
    format!("/request/h-{}/{LAMP}", HOUSEHOLDS[0])
}

#[tokio::test]
async fn a_request_is_assigned_handled_told_and_closed_on_its_page() {
    let world = World::new();
    asked(&world);
    let mut browser = signed_in(&world, "lifang", Role::Community).await;
    let list = browser.get("/requests").await.html();
    assert!(
        list.contains("1 件") && list.contains("阳光小区3栋2单元101室") && !list.contains("路灯"),
        "{list}"
    );
    let opened = browser.get(&page()).await.html();
    assert!(opened.contains("路灯不亮") && opened.contains("换灯") && opened.contains("还没有办理"));
    assert!(opened.contains("value=\"2026-07-08\""), "a week is offered");
    let worker = WORKERS[0].to_string();
    let assign = [("act", "assign"), ("worker", worker.as_str()), ("due", "2026-07-03"), ("words", "请换灯")];
    let done = browser.post(&page(), &assign).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let after = browser.get(done.location()).await.html();
    assert!(
        said(&after).contains("已交办") && after.contains("已交办 · 工作者21 · 时限 2026-07-03"),
        "{after}"
    );
    world.clock.forward(chrono::Duration::days(3));
    let mut browser = signed_in(&world, "lifang2", Role::Community).await;
    assert!(browser.get("/requests?state=overdue").await.html().contains("<span class=\"warn\">逾期</span>"));
    let done = browser.post(&page(), &[("act", "handle"), ("words", "物业已换灯")]).await;
    let after = browser.get(done.location()).await.html();
    assert!(after.contains("物业已换灯") && after.contains("待告知"));
    for (form, then) in [("tell", "已记为告知居民"), ("close", "已办结。")] {
        let done = browser.post(&page(), &[("act", form)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{form}");
        assert!(said(&browser.get(done.location()).await.html()).contains(then), "{form}");
    }
    assert!(browser.get("/requests").await.html().contains("这里没有诉求"));
    assert!(browser.get("/requests?state=closed").await.html().contains("阳光小区3栋2单元101室"));
    let household = browser.get(&format!("/household/h-{}", HOUSEHOLDS[0])).await.html();
    assert!(household.contains("已办结") && household.contains(&page()));
}

#[tokio::test]
async fn words_of_residents_are_shown_to_whoever_answers_and_every_look_is_logged() {
    let world = World::new();
    asked(&world);
    let home = format!("h-{}", HOUSEHOLDS[0]);
    let mut lead = signed_in(&world, "lifang", Role::Community).await;
    lead.get("/requests").await;
    assert!(looks(&world).is_empty(), "the list shows no words and is not logged");
    assert!(lead.post("/requests/reveal", &[]).await.html().contains("路灯不亮"));
    let revealed = ("household.reveal.request".to_owned(), home.clone());
    assert_eq!(looks(&world), vec![revealed.clone()]);
    assert!(lead.get(&page()).await.html().contains("路灯不亮"));
    assert_eq!(looks(&world), [revealed.clone(), revealed.clone()]);
    let mut auditor = signed_in(&world, "shenji", Role::Auditor).await;
    let html = auditor.get(&page()).await.html();
    assert!(!html.contains("路灯") && html.contains("已登记") && !html.contains("name=\"act\""), "{html}");
    assert_eq!(looks(&world)[0], ("household.view".to_owned(), home));
    assert_eq!(auditor.post("/requests/reveal", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(auditor.post(&page(), &[("act", "tell")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_words_and_what_was_typed_stays() {
    let world = World::new();
    asked(&world);
    let mut browser = signed_in(&world, "lifang", Role::Community).await;
    let refused = [
        (vec![("act", "assign"), ("office", ""), ("due", "2026-07-03")], "请选择在岗的承办人"),
        (vec![("act", "assign"), ("office", "物业"), ("due", "2026-06-30")], "时限须在今天到一年之内"),
        (vec![("act", "assign"), ("office", "物业"), ("due", "明天")], "时限须在今天到一年之内"),
        (vec![("act", "handle"), ("words", " ")], "请写明"),
        (vec![("act", "tell")], "还没有办理结果"),
        (vec![("act", "close")], "请写明"),
    ];
    for (form, why) in refused {
        let answer = browser.post(&page(), &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
        assert!(said(&answer.html()).contains(why), "{form:?}: {}", answer.html());
    }
    let form = [("act", "pass-up"), ("office", "街道城管办"), ("due", "2020-01-01"), ("words", "请处理")];
    let html = browser.post(&page(), &form).await.html();
    assert!(html.contains("value=\"街道城管办\"") && html.contains(">请处理</textarea>"), "{html}");
    assert_eq!(browser.post(&page(), &[("act", "burn")]).await.status, StatusCode::NOT_FOUND);
    let unknown = format!("/request/h-{}/{}", HOUSEHOLDS[0], RequestId::from_bytes([7; 16]));
    assert_eq!(browser.get(&unknown).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/request/h-x/y").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/requests?state=lost").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_nobody_has_in_hand_stands_above_what_somebody_has_and_below_what_is_overdue() {
    let world = World::new();
    asked(&world);
    asked_at(&world, 1, RequestId::from_bytes([64; 16]));
    let mut browser = signed_in(&world, "lifang", Role::Community).await;
    let (first, second) = ("阳光小区3栋2单元101室", "阳光小区3栋2单元201室");
    let above = |html: &str, one: &str, other: &str| html.find(one).unwrap() < html.find(other).unwrap();
    let html = browser.get("/requests").await.html();
    assert!(above(&html, first, second) && html.matches("待交办</span>").count() == 2, "{html}");
    browser.post(&page(), &[("act", "assign"), ("office", "物业"), ("due", "2026-07-02")]).await;
    let html = browser.get("/requests").await.html();
    assert!(above(&html, second, first) && html.matches("待交办</span>").count() == 1, "{html}");
    world.clock.forward(chrono::Duration::days(3));
    let mut browser = signed_in(&world, "lifang2", Role::Community).await;
    let html = browser.get("/requests").await.html();
    assert!(above(&html, first, second) && html.contains("逾期</span>"), "{html}");
}
