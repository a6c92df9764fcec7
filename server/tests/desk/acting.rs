//! What a community lead does on the pages: confirms, joins, closes; and what is refused, with the reason.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::ids::HouseholdId;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Verdict;
use ruhu_core::visit::VisitOutcome;
use ruhu_server::access::{Place, Role};

use super::browser::Browser;
use super::world::{COMMUNITY, DOORS, GRIDS, WORKERS, World, settled};

const FOUND: HouseholdId = HouseholdId::from_bytes([91; 16]);

pub(super) async fn lead(world: &World) -> Browser {
    Browser::signed_in(&world.hub, "lifang", Role::Community, Place::Community { id: COMMUNITY }).await
}

/// What a page's first form of this button sends besides it.
pub(super) fn hidden(html: &str, name: &str) -> String {
    let rest = html.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
    rest.split('"').next().unwrap().to_owned()
}

pub(super) fn found_at_the_door(world: &World) {
    let mut phone = world.phone(WORKERS[0]);
    let proposal = phone.proposal(vec![settled(FOUND, DOORS[0], GRIDS[0])]);
    let verdict = phone.say(&world.hub, Unit::Household(FOUND), proposal);
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
}

pub(super) fn said(html: &str) -> &str {
    html.split_once("class=\"said").map_or("", |(_, rest)| rest.split("</div>").next().unwrap())
}

#[tokio::test]
async fn a_household_found_at_the_door_waits_is_confirmed_and_the_confirmation_is_undone() {
    let world = World::new();
    found_at_the_door(&world);
    let mut browser = lead(&world).await;
    let page = browser.get("/waiting").await.html();
    assert!(
        page.contains("1 项") && page.contains("阳光小区3栋2单元101室") && page.contains("工作者21"),
        "{page}"
    );
    assert!(page.contains("确认后正式入册"));
    let entry = hidden(&page, "entry");
    let answer = browser.post("/waiting", &[("act", "confirm"), ("entry", &entry)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let back = answer.location().to_owned();
    let after = browser.get(&back).await.html();
    assert!(said(&after).contains("已确认") && after.contains("没有待确认的事项"), "{after}");
    // A form that arrives twice does nothing twice.
    let again = browser.post("/waiting", &[("act", "confirm"), ("entry", &entry)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&again.html()).contains("没有待确认的事项"));
    let confirmation = hidden(&after, "entry");
    let undone = browser.post("/waiting", &[("act", "undo"), ("entry", &confirmation)]).await;
    let page = browser.get(undone.location()).await.html();
    assert!(said(&page).contains("已撤销") && page.contains("1 项"));
    for mute in [" ".to_owned(), "长".repeat(201)] {
        let returned = [("act", "return"), ("entry", entry.as_str()), ("reason", mute.as_str())];
        let refused = browser.post("/waiting", &returned).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(said(&refused.html()).contains("请写明原因"));
    }
    let returned = [("act", "return"), ("entry", entry.as_str()), ("reason", "重复登记")];
    browser.post("/waiting", &returned).await;
    assert!(browser.get("/waiting").await.html().contains("没有待确认的事项"));
    let page = format!("/household/h-{FOUND}");
    let masked = browser.get(&page).await.html();
    assert!(masked.contains("退回") && !masked.contains("重复登记"), "masked as every word is");
    let shown = browser.post(&format!("{page}/reveal"), &[("reason", "check")]).await.html();
    assert!(shown.contains("重复登记"), "{shown}");
}

#[tokio::test]
async fn two_records_that_may_be_one_household_are_joined_taken_apart_again_or_said_to_be_two() {
    let world = World::new();
    let person = "01920000-0000-7000-8000-000000000001";
    found_at_the_door(&world);
    for unit in [Unit::Household(super::world::HOUSEHOLDS[0]), Unit::Household(FOUND)] {
        let name = (format!("m/{person}/name"), ruhu_core::category::Scalar::Str("王建国".to_owned()));
        world.hub.edit_fields(unit, vec![name], super::world::LEAD).unwrap();
    }
    let mut browser = lead(&world).await;
    let page = browser.get("/waiting").await.html();
    assert!(page.contains("可能是同一户") && !page.contains("王建国"), "{page}");
    let pairs = page.split_once("可能是同一户").unwrap().1.to_owned();
    let (later, first) = (hidden(&pairs, "entry"), hidden(&pairs, "other"));
    let joined = browser.post("/waiting", &[("act", "join"), ("entry", &later), ("other", &first)]).await;
    let page = browser.get(joined.location()).await.html();
    assert!(said(&page).contains("已合并") && !page.contains("可能是同一户"));
    let entries = hidden(&page, "entry");
    let undone = browser.post("/waiting", &[("act", "undo"), ("entry", &entries)]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/waiting").await.html().contains("可能是同一户"));
    let apart = [("act", "apart"), ("entry", later.as_str()), ("other", first.as_str())];
    let parted = browser.post("/waiting", &apart).await;
    let page = browser.get(parted.location()).await.html();
    assert!(!page.contains("可能是同一户"));
    browser.post("/waiting", &[("act", "undo"), ("entry", &hidden(&page, "entry"))]).await;
    assert!(browser.get("/waiting").await.html().contains("可能是同一户"), "not said any more");
    browser.post("/waiting", &apart).await;
    assert!(!browser.get("/waiting").await.html().contains("可能是同一户"));
}

#[tokio::test]
async fn a_period_that_is_over_is_looked_at_and_closed_once() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    phone.say(&world.hub, Unit::Household(super::world::HOUSEHOLDS[0]), visit);
    world.clock.forward(Duration::days(95));
    let mut browser = lead(&world).await;
    let list = browser.get("/periods").await.html();
    assert!(list.contains("2026年第3季度") && list.contains("期满,未关账"));
    let look = browser.get("/periods?close=2026Q3").await.html();
    assert!(
        look.contains("应访 2 = 已访 1 + 核减 0 + 未访 1") && look.contains("建议 2026-10-10 再关账"),
        "{look}"
    );
    let unsure = browser.post("/periods", &[("close", "2026Q3"), ("reason", "核对无误")]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = unsure.html();
    assert!(said(&html).contains("请先核对并勾选") && html.contains("value=\"核对无误\""));
    let close = [("close", "2026Q3"), ("reason", "核对无误"), ("sure", "yes")];
    let closed = browser.post("/periods", &close).await;
    let page = browser.get(closed.location()).await.html();
    assert!(said(&page).contains("已关账") && page.contains("已关账(2026-10-04)"), "{page}");
    let again = browser.post("/periods", &close).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&again.html()).contains("已于 2026-10-04 关账"));
    let early = browser.post("/periods", &[("close", "2026Q4"), ("sure", "yes")]).await;
    assert!(said(&early.html()).contains("才结束"));
}

#[tokio::test]
async fn a_deduction_is_not_accepted_with_a_reason_and_accepted_again_and_a_key_household_is_marked() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let home = Unit::Household(super::world::HOUSEHOLDS[0]);
    let mut draft = phone.draft(home, DOORS[0]);
    draft.outcome = Some(VisitOutcome::Declined { do_not_ask_until: None });
    let declined = phone.visit_of(draft);
    phone.say(&world.hub, home, declined);
    let mut browser = lead(&world).await;
    let page = format!("/household/h-{}", super::world::HOUSEHOLDS[0]);
    assert!(browser.get(&page).await.html().contains("不认可核减:拒访"));
    let decide = format!("{page}/decide");
    let mute = browser.post(&decide, &[("act", "reject"), ("reason", " ")]).await;
    assert_eq!(mute.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&mute.html()).contains("请写明原因"));
    let rejected = browser.post(&decide, &[("act", "reject"), ("reason", "电话里说愿意再约")]).await;
    let html = browser.get(rejected.location()).await.html();
    assert!(said(&html).contains("重新算作未访") && !html.contains("不认可核减"), "{html}");
    assert!(browser.get("/").await.html().contains("已访 0,核减 0,未访 2"));
    let again = [("act", "reject"), ("reason", "再退一次")];
    let zh = browser.post(&decide, &again).await.html();
    assert!(said(&zh).contains("没有核减可退回,现为:") && !said(&zh).contains(" / "), "{}", said(&zh));
    browser.get("/?lang=en").await;
    let en = browser.post(&decide, &again).await.html();
    assert!(said(&en).contains("no deduction to reject") && said(&en).is_ascii(), "{}", said(&en));
    browser.get("/?lang=zh").await;
    let undone = browser.post(&decide, &[("act", "undo"), ("entry", &hidden(&html, "entry"))]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/").await.html().contains("已访 0,核减 1,未访 1"));
    browser.post(&decide, &[("act", "key"), ("reason", "独居老人")]).await;
    let html = browser.get(&page).await.html();
    assert!(html.contains("class=\"tag\">重点户") && html.contains("不再是重点户"));
    assert!(!html.contains("独居老人") && !html.contains("电话里说愿意再约"));
    let shown = browser.post(&format!("{page}/reveal"), &[("reason", "check")]).await.html();
    assert!(shown.contains("独居老人") && shown.contains("电话里说愿意再约"), "{shown}");
}

#[tokio::test]
async fn a_visit_that_needs_the_lead_waits_until_its_quarter_is_closed() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let home = Unit::Household(super::world::HOUSEHOLDS[0]);
    let mut draft = phone.draft(home, DOORS[0]);
    draft.outcome = Some(VisitOutcome::NoSuchAddress);
    let visit = phone.visit_of(draft);
    phone.say(&world.hub, home, visit);
    world.clock.forward(Duration::days(92));
    let mut browser = lead(&world).await;
    let page = browser.get("/waiting").await.html();
    assert!(
        page.contains("1 项") && page.contains("2026-07-01"),
        "the first day of the next quarter: {page}"
    );
    let close = [("close", "2026Q3"), ("reason", "核对无误"), ("sure", "yes")];
    assert_eq!(browser.post("/periods", &close).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/waiting").await.html().contains("没有待确认的事项"));
}

#[tokio::test]
async fn the_language_is_switched_on_the_answer_of_every_form() {
    let world = World::new();
    world.hub.storage().write(|tx| tx.set_public_url("https://ruhu.example")).unwrap();
    found_at_the_door(&world);
    let mut browser = lead(&world).await;
    let home = format!("/household/h-{}", super::world::HOUSEHOLDS[0]);
    let draw = browser.post("/spot-checks", &[("size", "0")]).await;
    assert_eq!(draw.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (decide, reveal, worker) =
        (format!("{home}/decide"), format!("{home}/reveal"), WORKERS[0].to_string());
    let forms: [(&str, Vec<(&str, &str)>); 7] = [
        (&decide, vec![("act", "key")]),
        (&reveal, vec![("reason", "check")]),
        ("/waiting", vec![("act", "return")]),
        ("/staff", vec![("act", "cover")]),
        ("/staff/code", vec![("worker", &worker)]),
        ("/spot-checks", vec![("size", "0")]),
        ("/periods", vec![("close", "2026Q4"), ("sure", "yes")]),
    ];
    for (route, fields) in forms {
        let answer = browser.post(route, &fields).await;
        assert_ne!(answer.status, StatusCode::SEE_OTHER, "{route} answers with a page");
        let links = answer.links();
        let (switch, _) = links.iter().find(|(href, _)| href.contains("lang=en")).unwrap();
        assert_eq!(browser.get(switch).await.status, StatusCode::OK, "{route} → {switch}");
        browser.get("/?lang=zh").await;
    }
}
