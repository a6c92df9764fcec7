//! Numbers are as long as the lists they open, and nobody is seen unmasked without a row in the access log.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::category::Scalar;
use ruhu_core::community::CommunityFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::{CommunityId, DwellingId, GridId, HouseholdId};
use ruhu_core::roster::{Community, Grid, Unit};
use ruhu_core::visit::{VisitDraft, VisitOutcome};
use ruhu_server::access::{Place, Role};
use ruhu_server::ingest::office::Act;
use ruhu_server::report::SignedReport;
use ruhu_server::storage::accounts::LogKind;

use super::browser::Browser;
use super::world::{COMMUNITY, DOORS, GRIDS, HOUSEHOLDS, LEAD, WORKERS, World, listed, settled};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);

/// Sixty more households in grid 1, some visited, declined, tried, empty.
fn busy_world() -> World {
    let world = World::new();
    let mut units = Vec::new();
    for nth in 100..160u8 {
        let (door, home) = (DwellingId::from_bytes([nth; 16]), HouseholdId::from_bytes([nth; 16]));
        units.push(listed(door, GRIDS[0], &format!("{nth}")));
        units.push(settled(home, door, GRIDS[0]));
    }
    units.push(listed(DwellingId::from_bytes([200; 16]), GRIDS[1], "200"));
    world.act(units, Vec::new());
    let mut phone = world.phone(WORKERS[0]);
    world.clock.forward(Duration::days(3));
    for nth in 100..120u8 {
        let unit = Unit::Household(HouseholdId::from_bytes([nth; 16]));
        let outcome = match nth {
            100..110 => VisitOutcome::Met { place: ruhu_core::visit::MeetingPlace::Inside },
            110..114 => VisitOutcome::Declined { do_not_ask_until: None },
            _ => VisitOutcome::NotHome { note_left: true },
        };
        let draft =
            VisitDraft { outcome: Some(outcome), ..phone.draft(unit, DwellingId::from_bytes([nth; 16])) };
        let visit = phone.visit_of(draft);
        phone.say(&world.hub, unit, visit);
    }
    world
}

async fn lead(world: &World) -> Browser {
    Browser::signed_in(&world.hub, "lifang", Role::Community, Place::Community { id: COMMUNITY }).await
}

fn rows(html: &str) -> usize {
    html.split_once("<tbody>")
        .map_or(0, |(_, body)| body.split("</tbody>").next().unwrap().matches("<tr>").count())
}

#[tokio::test]
async fn every_number_of_the_overview_is_as_long_as_the_list_it_opens() {
    let world = busy_world();
    let mut browser = lead(&world).await;
    let overview = browser.get("/").await;
    let html = overview.html();
    assert!(html.contains("示范") || html.contains("某县东街阳光社区"));
    let mut opened = 0;
    for (href, words) in overview.links() {
        let Some(count) = words.split_whitespace().last().and_then(|last| last.parse::<usize>().ok()) else {
            continue;
        };
        if !href.starts_with("/households") {
            continue;
        }
        let mut found = 0;
        let mut next = Some(href.clone());
        while let Some(path) = next {
            let page = browser.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(
                page.html().contains(&format!("共 {count} 户")),
                "{path} says another number than {words}"
            );
            found += rows(&page.html());
            next = page.links().into_iter().find(|(_, words)| words == "下一页").map(|(href, _)| href);
        }
        assert_eq!(found, count, "{href}");
        opened += 1;
    }
    assert!(10 < opened, "{opened} numbers were opened");
}

#[tokio::test]
async fn the_identity_holds_on_the_page_and_in_the_workbook() {
    let world = busy_world();
    let mut browser = lead(&world).await;
    let html = browser.get("/").await.html();
    assert!(html.contains("已访 10,核减 4,未访 49"), "the bar says the identity in words");
    let workbook = browser.get("/report.xlsx").await;
    let disposition = workbook.headers.get("content-disposition").unwrap().to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename*=UTF-8''%E9%98%B3"));
    let keys = vec![ruhu_server::report::seal::hex(&world.hub.verifying_key().to_bytes())];
    let signed = SignedReport::verify(&workbook.bytes, &keys).unwrap();
    assert_eq!(signed.report.total.identity(), "应访 63 = 已访 10 + 核减 4 + 未访 49");
    let page = browser.get("/report").await.html();
    assert!(page.contains("应访 63 = 已访 10 + 核减 4 + 未访 49"));
    assert_eq!(browser.get("/report.xlsx").await.bytes, workbook.bytes, "made again, the same bytes");
}

fn name_the_household(world: &World) {
    let person = "01920000-0000-7000-8000-000000000001";
    let fields = [
        (format!("m/{person}/name"), "王建国"),
        (format!("m/{person}/phone"), "10012345678"),
        ("p/head".to_owned(), person),
    ];
    let fields = fields.into_iter().map(|(key, value)| (key, Scalar::Str(value.to_owned()))).collect();
    world.hub.edit_fields(HOME, fields, LEAD).unwrap();
    let mut phone = world.phone(WORKERS[0]);
    let mut draft = phone.draft(HOME, DOORS[0]);
    draft.body.note = "老人耳背,请大声敲门".into();
    let visit = phone.visit_of(draft);
    phone.say(&world.hub, HOME, visit);
}

fn looks(world: &World) -> Vec<String> {
    let rows = world.hub.storage().read(|tx| tx.logged(LogKind::Access, None, 100)).unwrap();
    rows.into_iter().map(|(.., row)| row.what).collect()
}

#[tokio::test]
async fn nobody_is_seen_unmasked_without_a_reason_and_a_row_in_the_access_log() {
    let world = World::new();
    name_the_household(&world);
    let mut browser = lead(&world).await;
    let secrets = ["王建国", "10012345678", "老人耳背"];
    let page = format!("/household/h-{}", HOUSEHOLDS[0]);
    for path in ["/", "/households", "/report", page.as_str()] {
        let html = browser.get(path).await.html();
        assert!(secrets.iter().all(|secret| !html.contains(secret)), "{path}");
    }
    assert!(browser.get("/households").await.html().contains("王*"));
    assert_eq!(
        looks(&world),
        ["household.view", "report.view"],
        "newest first; lists are masked and not logged"
    );
    let reveal = format!("{page}/reveal");
    let unreasoned = browser.post(&reveal, &[("reason", "curious")]).await;
    assert_eq!(unreasoned.status, StatusCode::BAD_REQUEST);
    assert_eq!(looks(&world).len(), 2);
    let shown = browser.post(&reveal, &[("reason", "request")]).await.html();
    assert!(secrets.iter().all(|secret| shown.contains(secret)));
    assert!(shown.contains("已按事由“办理诉求”记入查看日志"));
    assert_eq!(looks(&world)[0], "household.reveal.request");
}

#[tokio::test]
async fn a_household_tells_what_happened_and_strikes_what_no_longer_holds() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let mut phone = world.phone(WORKERS[0]);
    let first = phone.visit(0);
    let target = first.hash();
    phone.say(&world.hub, HOME, first);
    let withdrawal = phone.withdrawal(HOME, target);
    phone.say(&world.hub, HOME, withdrawal);
    let late = VisitDraft { visited_on: "2026-06-20".parse().ok(), ..phone.draft(HOME, DOORS[0]) };
    let late = phone.visit_of(late);
    phone.say(&world.hub, HOME, late);
    let html = browser.get(&format!("/household/h-{}", HOUSEHOLDS[0])).await.html();
    assert!(html.contains("阳光小区3栋2单元101室"));
    assert!(html.contains("class=\"struck\"") && html.contains("已撤回"));
    assert!(html.contains("补录") && html.contains("计入 2026Q2") && html.contains("时间未填"));
    assert!(html.contains("2026-07-01 09:00 收到"));
    assert!(html.contains("工作者21") && html.contains("办公端"));
    let state = html.split_once("class=\"now\"").unwrap().1.split_once("</p>").unwrap().0;
    assert!(state.contains("未去过"), "the withdrawn visit serves nothing: {state}");
}

#[tokio::test]
async fn a_household_of_another_community_is_not_there() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let nobody = format!("/household/h-{}", HouseholdId::from_bytes([77; 16]));
    for path in [nobody.as_str(), "/household/x", "/households?grid=nowhere"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(browser.get("/?period=2026-Q3").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/households?state=rate").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn above_the_community_figures_only_and_no_worker_by_name() {
    let world = busy_world();
    let place = Place::Street { county: "某县".into(), street: "东街".into() };
    let mut browser = Browser::signed_in(&world.hub, "street", Role::Street, place).await;
    let overview = browser.get("/").await;
    assert!(!overview.html().contains("工作者21"));
    assert!(overview.links().iter().all(|(href, _)| !href.starts_with("/households")));
    let report = browser.get("/report").await.html();
    assert!(!report.contains("工作者21") && report.contains("核减清单"));
    let keys = vec![ruhu_server::report::seal::hex(&world.hub.verifying_key().to_bytes())];
    let workbook = browser.get("/report.xlsx").await;
    assert!(
        SignedReport::verify(&workbook.bytes, &keys)
            .unwrap()
            .report
            .grids
            .iter()
            .all(|row| row.responsible.is_empty())
    );
}

#[tokio::test]
async fn a_closed_and_amended_period_shows_both_rates() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    world.clock.forward(Duration::days(89));
    let visit = phone.visit(0);
    let late = phone.seal(HOME, visit);
    world.clock.forward(Duration::days(12));
    world.hub.close_period(COMMUNITY, "2026Q3".parse().unwrap(), LEAD, String::new()).unwrap();
    let mut browser = lead(&world).await;
    let before = browser.get("/?period=2026Q3").await.html();
    assert!(before.contains("已关账(2026-10-10)") && before.contains("1 部手机未同步,最多影响 1 户"));
    phone.push(&world.hub, &[late]);
    let after = browser.get("/?period=2026Q3").await.html();
    assert!(after.contains("关账 0.00 % → 现 50.00 %(更正 1)"));
    world.act(
        vec![ruhu_core::entry::UnitFact {
            unit: HOME,
            fact: Fact::KeyMark { key: true, on: "2026-10-01".parse().unwrap() },
        }],
        Vec::new(),
    );
    assert_eq!(
        browser.get("/?period=2026Q3").await.html(),
        after,
        "a mark of October changes nothing in a closed quarter"
    );
}

#[tokio::test]
async fn an_account_of_several_communities_chooses_one_and_sees_the_same_sums() {
    let world = busy_world();
    let other = CommunityId::from_bytes([2; 16]);
    let grid = GridId::from_bytes([13; 16]);
    let facts = vec![
        CommunityFact::Named(Community {
            id: other,
            name: "月光社区".into(),
            street: "东街".into(),
            county: "某县".into(),
            code: String::new(),
        }),
        CommunityFact::GridDrawn(Grid {
            id: grid, community: other, name: "甲".into(), code: String::new()
        }),
    ];
    let units = vec![listed(DwellingId::from_bytes([201; 16]), grid, "1")];
    let act = Act { by: LEAD, community: other, units, facts, request: None, reason: String::new() };
    world.hub.act(act).unwrap();
    let county = Place::County { county: "某县".into() };
    let mut browser = Browser::signed_in(&world.hub, "county", Role::County, county).await;
    let page = browser.get("/").await;
    let places: Vec<String> =
        page.links().into_iter().map(|(_, words)| words).filter(|words| words.contains("社区")).collect();
    assert_eq!(places, ["某县东街月光社区", "某县东街阳光社区"]);
    let (href, _) = page.links().into_iter().find(|(_, words)| words.contains("阳光")).unwrap();
    assert!(page.html().contains(">63<") && page.html().contains(">10<"));
    let overview = browser.get(&href).await.html();
    assert!(overview.contains("已访 10,核减 4,未访 49"));
    assert_eq!(
        browser.get("/report").await.status,
        StatusCode::NOT_FOUND,
        "it was not said of which community"
    );
    let elsewhere = format!("/?community={}", CommunityId::from_bytes([9; 16]));
    assert_eq!(browser.get(&elsewhere).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_saw_a_household_and_why_is_told_to_who_answers_for_it_and_to_the_auditor_who_checks_the_chain() {
    let world = World::new();
    let home = format!("h-{}", HOUSEHOLDS[0]);
    let mut li = super::acting::lead(&world).await;
    li.get(&format!("/household/{home}")).await;
    li.post(&format!("/household/{home}/reveal"), &[("reason", "resident")]).await;
    li.get(&format!("/household/h-{}", HOUSEHOLDS[1])).await;
    let page = li.get(&format!("/household/{home}")).await;
    let seen = page.links().into_iter().find(|(_, words)| words == "谁看过").unwrap().0;
    let html = li.get(&seen).await.html();
    let rows = html.split_once("<tbody>").unwrap().1.split("</tbody>").next().unwrap().to_owned();
    assert_eq!(rows.matches("<tr>").count(), 3, "{rows}");
    assert!(rows.contains("看了原文 · 居民本人申请") && rows.contains("账号lifang"), "{rows}");
    assert!(!html.contains("核验记录链"), "a lead does not audit");
    assert!(li.get("/access").await.html().contains("阳光小区3栋2单元201室"));

    // Another community's lead finds nothing of it, whatever the address says.
    let id = CommunityId::from_bytes([2; 16]);
    let named = Community {
        id,
        name: "月光社区".into(),
        street: "西街".into(),
        county: "邻县".into(),
        code: String::new(),
    };
    let (community, facts, reason) = (id, vec![CommunityFact::Named(named)], String::new());
    world.hub.act(Act { by: LEAD, community, units: Vec::new(), facts, request: None, reason }).unwrap();
    let elsewhere = Place::Community { id };
    let mut far = Browser::signed_in(&world.hub, "far", Role::Community, elsewhere).await;
    assert_eq!(far.get(&seen).await.status, StatusCode::NOT_FOUND);
    assert!(far.get("/access").await.html().contains("还没有人看过"));
    let mut auditor = Browser::signed_in(&world.hub, "shenji", Role::Auditor, Place::Hub).await;
    assert!(
        auditor
            .get(&format!("/access?community={COMMUNITY}&check=1"))
            .await
            .html()
            .contains("记录链前后相扣,到第")
    );

    // More looks than a page: the earlier ones follow, each once.
    for _ in 0..100 {
        world.hub.looked(LEAD, "household.view", &home).unwrap();
    }
    let first = auditor.get(&format!("{seen}&community={COMMUNITY}")).await;
    let older = first.links().into_iter().find(|(_, words)| words == "更早的").unwrap().0;
    let second = auditor.get(&older).await.html();
    assert_eq!((first.html().matches("<tr>").count(), second.matches("<tr>").count()), (1 + 100, 1 + 3));
}
