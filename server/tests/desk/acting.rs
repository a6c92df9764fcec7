//! What a community lead does on the pages: confirms, hands over, enrols, closes; and what is refused, with the reason.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::{DwellingId, HouseholdId};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{EnrolRequest, Verdict};
use ruhu_server::access::{Place, Role};
use ruhu_server::storage::accounts::LogKind;

use super::browser::Browser;
use super::world::{COMMUNITY, DOORS, GRIDS, WORKERS, World, settled};

const FOUND: HouseholdId = HouseholdId::from_bytes([91; 16]);

async fn lead(world: &World) -> Browser {
    Browser::signed_in(&world.hub, "lifang", Role::Community, Place::Community { id: COMMUNITY }).await
}

/// What a page's first form of this button sends besides it.
fn hidden(html: &str, name: &str) -> String {
    let rest = html.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
    rest.split('"').next().unwrap().to_owned()
}

fn found_at_the_door(world: &World) {
    let mut phone = world.phone(WORKERS[0]);
    let proposal = phone.proposal(vec![settled(FOUND, DOORS[0], GRIDS[0])]);
    let verdict = phone.say(&world.hub, Unit::Household(FOUND), proposal);
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
}

fn said(html: &str) -> &str {
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
    let returned = [("act", "return"), ("entry", entry.as_str()), ("reason", "重复登记")];
    browser.post("/waiting", &returned).await;
    assert!(browser.get("/waiting").await.html().contains("没有待确认的事项"));
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
    browser.post("/waiting", &[("act", "apart"), ("entry", &later), ("other", &first)]).await;
    assert!(!browser.get("/waiting").await.html().contains("可能是同一户"));
}

#[tokio::test]
async fn a_grid_is_handed_over_after_a_look_at_the_sheet_and_at_what_was_not_sent() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let mut request = phone.request(&[]);
    request.unsent_after = 3;
    phone.send(&world.hub, &request).unwrap();
    let mut browser = lead(&world).await;
    let (grid, to) = (GRIDS[0].to_string(), WORKERS[2].to_string());
    let form =
        [("act", "handover"), ("grid", grid.as_str()), ("worker", to.as_str()), ("from", "2026-07-01")];
    let look = browser.post("/staff", &form).await;
    assert_eq!(look.status, StatusCode::OK);
    let html = look.html();
    assert!(html.contains("第1网格 · 工作者21 → 工作者23") && html.contains("尚有 3 条未上传"), "{html}");
    let file = world.hub.storage().read(|tx| tx.community(COMMUNITY)).unwrap().unwrap();
    let today = "2026-07-01".parse().unwrap();
    assert_eq!(file.responsible(GRIDS[0], today), Some(WORKERS[0]), "looking changes nothing");
    let sure: Vec<(&str, &str)> = form.into_iter().chain([("sure", "yes")]).collect();
    let done = browser.post("/staff", &sure).await;
    assert!(said(&browser.get(done.location()).await.html()).contains("已交接"));
    let file = world.hub.storage().read(|tx| tx.community(COMMUNITY)).unwrap().unwrap();
    assert_eq!(file.responsible(GRIDS[0], today), Some(WORKERS[2]));
    let twice = browser.post("/staff", &sure).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&twice.html()).contains("已经由此人负责"));
}

#[tokio::test]
async fn leave_without_cover_is_marked_until_somebody_covers_and_what_was_typed_stays() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let (grid, away, cover) = (GRIDS[0].to_string(), WORKERS[0].to_string(), WORKERS[1].to_string());
    let leave = [("act", "leave"), ("worker", &away), ("from", "2026-07-06"), ("until", "2026-07-10")];
    browser.post("/staff", &leave).await;
    assert!(browser.get("/staff").await.html().contains("2026-07-06 至 2026-07-10 请假,无人代访"));
    let turned = [
        ("act", "cover"),
        ("grid", &grid),
        ("worker", &cover),
        ("from", "2026-07-10"),
        ("until", "2026-07-06"),
    ];
    let refused = browser.post("/staff", &turned).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = refused.html();
    assert!(said(&html).contains("最后一天早于第一天"));
    assert!(html.contains("name=\"until\" value=\"2026-07-06\"") && html.contains("<details open>"));
    let span = [
        ("act", "cover"),
        ("grid", &grid),
        ("worker", &cover),
        ("from", "2026-07-06"),
        ("until", "2026-07-10"),
    ];
    assert_eq!(browser.post("/staff", &span).await.status, StatusCode::SEE_OTHER);
    let html = browser.get("/staff").await.html();
    assert!(html.contains("工作者22 2026-07-06 至 2026-07-10") && !html.contains("无人代访"));
}

#[tokio::test]
async fn a_new_worker_gets_a_code_that_works_once_and_a_lost_phone_is_revoked() {
    let world = World::new();
    world.hub.storage().write(|tx| tx.set_public_url("https://ruhu.example")).unwrap();
    let mut browser = lead(&world).await;
    let listed = [("act", "list"), ("name", "赵敏"), ("class", "staff"), ("phone", "0316-1234567")];
    assert_eq!(browser.post("/staff", &listed).await.status, StatusCode::SEE_OTHER);
    assert!(said(&browser.post("/staff", &listed).await.html()).contains("已有同名的工作者"));
    let html = browser.get("/staff").await.html();
    let row = html.split("<tr>").find(|row| row.contains("<th scope=\"row\">赵敏")).unwrap().to_owned();
    let page = browser.post("/staff/code", &[("worker", &hidden(&row, "worker"))]).await;
    assert_eq!(page.status, StatusCode::OK);
    let html = page.html();
    assert!(
        html.contains("赵敏 的手机") && html.contains("<svg") && html.contains("2026-07-02 09:00 前有效")
    );
    let code = html.split_once("class=\"letters\">").unwrap().1.split('<').next().unwrap().to_owned();
    let key = ed25519_dalek::SigningKey::from_bytes(&[5; 32]).verifying_key().to_bytes();
    let request = EnrolRequest { code: code.clone(), key, device: "旧手机".into(), app: "t/1".into() };
    world.hub.enrol(&request).unwrap();
    let html = browser.get("/staff").await.html();
    assert!(html.contains("旧手机") && !html.contains(&code));
    let enrolment = hidden(&html, "enrolment");
    let revoke = [("act", "revoke"), ("enrolment", enrolment.as_str())];
    assert_eq!(browser.post("/staff", &revoke).await.status, StatusCode::SEE_OTHER);
    assert!(!browser.get("/staff").await.html().contains("旧手机"));
    assert!(said(&browser.post("/staff", &revoke).await.html()).contains("没有这部手机"));
    let rows = world.hub.storage().read(|tx| tx.logged(LogKind::Audit, None, 10)).unwrap();
    let whats: Vec<&str> = rows.iter().map(|(.., row)| row.what.as_str()).collect();
    assert_eq!(whats[..2], ["device.revoke", "device.code"]);
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

/// A home more in the second grid, so that there is something to draw beside the first.
fn visited(world: &World, homes: u8) {
    let mut units: Vec<UnitFact> = Vec::new();
    for nth in 0..homes {
        let (door, home) =
            (DwellingId::from_bytes([100 + nth; 16]), HouseholdId::from_bytes([100 + nth; 16]));
        units.push(super::world::listed(door, GRIDS[0], &format!("{}", 300 + u32::from(nth))));
        units.push(settled(home, door, GRIDS[0]));
    }
    world.act(units, Vec::new());
    let mut phone = world.phone(WORKERS[0]);
    for nth in 0..homes {
        let unit = Unit::Household(HouseholdId::from_bytes([100 + nth; 16]));
        let visit = phone.visit_of(phone.draft(unit, DwellingId::from_bytes([100 + nth; 16])));
        phone.say(&world.hub, unit, visit);
    }
}

fn entered<'f>(nth: &'f str, answer: &'f str, checker: &'f str) -> [(&'f str, &'f str); 6] {
    [
        ("nth", nth),
        ("round", "1"),
        ("answer", answer),
        ("how", "door"),
        ("on", "2026-07-01"),
        ("checker", checker),
    ]
}

#[tokio::test]
async fn a_spot_check_is_drawn_by_lot_asked_blind_by_somebody_else_and_summed_without_a_name() {
    let world = World::new();
    visited(&world, 12);
    let mut browser = lead(&world).await;
    assert!(browser.get("/spot-checks").await.html().contains("本期可抽:12 户"));
    let none = browser.post("/spot-checks", &[("size", "0")]).await;
    assert!(said(&none.html()).contains("抽取户数须为 1 至 200"));
    let drawn = browser.post("/spot-checks", &[("size", "11")]).await;
    assert_eq!(drawn.status, StatusCode::SEE_OTHER);
    let at = drawn.location().split('?').next().unwrap().to_owned();
    let page = browser.get(&at).await.html();
    assert!(page.contains("11 / 12 户") && page.contains("抽样框与抽取时一致"), "{page}");
    let offered = page.split_once("name=\"checker\"").unwrap().1.split("</select>").next().unwrap();
    assert!(
        offered.contains("工作者22") && !offered.contains("工作者21"),
        "who made the visits is not offered"
    );
    let sheet = browser.get(&format!("{at}/sheet")).await.html();
    assert!(
        !sheet.contains("2026-07-01\"") && !sheet.contains("工作者"),
        "blind: no worker, no earlier answer"
    );
    assert_eq!(sheet.matches("×2").count(), 3, "the first and the eleventh, and once in the words above");

    let (own, other) = (WORKERS[0].to_string(), WORKERS[1].to_string());
    let refused = [("0", "agrees", &own, "复访人不能是原走访人"), ("0", "", &other, "请选择结果")];
    for (nth, answer, checker, wanted) in refused {
        let page = browser.post(&at, &entered(nth, answer, checker)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(said(&page.html()).contains(wanted), "{wanted}");
    }
    let id = at.rsplit('/').next().unwrap().parse().unwrap();
    let second = world.hub.storage().read(|tx| tx.drawn(id)).unwrap()[1].unit;
    let Unit::Household(second) = second else { panic!("only households were visited") };
    let doubted = format!("/household/h-{second}");
    browser.post(&at, &entered("1", "denied", &other)).await;
    assert!(browser.get(&doubted).await.html().contains("待核"), "marked until a person finds");
    for (nth, answer) in [("0", "agrees"), ("2", "not-met"), ("3", "unsure"), ("1", "agrees")] {
        let kept = browser.post(&at, &entered(nth, answer, &other)).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{nth} {answer}");
    }
    assert!(!browser.get(&doubted).await.html().contains("待核"), "what was entered wrongly was corrected");
    let page = browser.get(&at).await.html();
    let sums = page.split_once("<tbody>").unwrap().1.split("</tbody>").next().unwrap();
    assert!(sums.contains("data-label=\"已问\">4<") && sums.contains("data-label=\"不符\">0<"), "{sums}");
    assert!(!sums.contains("工作者"), "no row for a worker");
    let overview = browser.get("/").await.html();
    assert!(overview.contains("已访 12,核减 0,未访 2"), "asking again counts in no rate");
    assert!(browser.get("/spot-checks").await.html().contains("问了 4 户,2 户说得清"));
}

#[tokio::test]
async fn what_was_drawn_stays_drawn_when_the_visit_is_taken_back() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let home = Unit::Household(super::world::HOUSEHOLDS[0]);
    let visit = phone.visit(0);
    let target = visit.hash();
    phone.say(&world.hub, home, visit);
    let mut browser = lead(&world).await;
    let drawn = browser.post("/spot-checks", &[("size", "5")]).await.location().to_owned();
    let at = drawn.split('?').next().unwrap().to_owned();
    let withdrawal = phone.withdrawal(home, target);
    phone.say(&world.hub, home, withdrawal);
    let page = browser.get(&at).await.html();
    assert!(page.contains("阳光小区3栋2单元101室") && page.contains("抽样框已有变化"), "{page}");
    assert!(browser.get("/spot-checks").await.html().contains("本期可抽:0 户"));
    let empty = browser.post("/spot-checks", &[("size", "5")]).await;
    assert!(said(&empty.html()).contains("还没有可抽的"));
    let marks = world.hub.storage().read(|tx| tx.file_of(home)).unwrap().unwrap();
    assert!(
        marks.facts().all(|(_, one)| !matches!(one.fact, Fact::Found { .. })),
        "a draw finds nobody guilty"
    );
}

#[tokio::test]
async fn a_deduction_is_not_accepted_with_a_reason_and_accepted_again_and_a_key_household_is_marked() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let home = Unit::Household(super::world::HOUSEHOLDS[0]);
    let mut draft = phone.draft(home, DOORS[0]);
    draft.outcome = Some(ruhu_core::visit::VisitOutcome::Declined { do_not_ask_until: None });
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
    let undone = browser.post(&decide, &[("act", "undo"), ("entry", &hidden(&html, "entry"))]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/").await.html().contains("已访 0,核减 1,未访 1"));
    browser.post(&decide, &[("act", "key"), ("reason", "独居老人")]).await;
    let html = browser.get(&page).await.html();
    assert!(html.contains("class=\"tag\">重点户") && html.contains("不再是重点户"));
}
