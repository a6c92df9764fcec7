//! 操作记录 and 查看记录: found by person, kind and day, checked, handed out – and that is logged, too.

use std::io::Cursor;

use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use chrono::Duration;
use ruhu_core::ids::AccountId;
use ruhu_server::access::{Place, Role};
use ruhu_server::storage::accounts::LogKind;
use ruhu_server::storage::log_search::LogQuery;

use super::acting::lead;
use super::browser::{Answer, Browser};
use super::world::{HOUSEHOLDS, World};

async fn auditor(world: &World) -> Browser {
    Browser::signed_in(&world.hub, "shenji", Role::Auditor, Place::Hub).await
}

fn text(html: &str) -> String {
    let main = html.split_once("<tbody>").map_or("", |(_, rest)| rest.split("</tbody>").next().unwrap());
    main.split('<')
        .filter_map(|part| part.split_once('>'))
        .map(|(_, text)| text.trim())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The rows of a workbook, its title and heading among them, as text.
fn sheet(answer: &Answer) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes.clone())).unwrap();
    let first = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&first).unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

/// The code and the target of a log's last row.
fn lasts(world: &World, log: LogKind) -> (String, String) {
    let last = world.hub.storage().read(|tx| tx.logged(log, None, 1)).unwrap().remove(0).2;
    (last.what, last.target)
}

#[tokio::test]
async fn acts_are_found_by_person_kind_and_day_and_an_export_is_an_act() {
    let world = World::new();
    let mut li = lead(&world).await;
    let worker = super::world::WORKERS[2].to_string();
    world.hub.storage().write(|tx| tx.set_public_url("https://ruhu.example")).unwrap();
    assert_eq!(li.post("/staff/code", &[("worker", &worker)]).await.status, StatusCode::OK);
    world.clock.forward(Duration::days(2));
    let mut shenji = auditor(&world).await;
    let all = text(&shenji.get("/audit").await.html());
    assert!(all.contains("发登记码") && all.contains("已开通") && all.contains("账号lifang"), "{all}");
    let codes = text(&shenji.get("/audit?kind=device").await.html());
    assert!(codes.contains("发登记码") && !codes.contains("登录"), "{codes}");
    let lead_id = world.hub.account_id("lifang").unwrap();
    let hers = text(&shenji.get(&format!("/audit?who={lead_id}&kind=session")).await.html());
    assert!(hers.contains("登录") && !hers.contains("账号shenji"), "{hers}");
    let today = text(&shenji.get("/audit?from=2026-07-03&kind=device").await.html());
    assert!(today.is_empty(), "the code was given two days before: {today}");
    let then = text(&shenji.get("/audit?until=2026-07-01&kind=device").await.html());
    assert!(then.contains("2026-07-01 09:00"), "the last day is counted: {then}");
    for wrong in ["/audit?from=yesterday", "/audit?from=%2B262142-12-31", "/audit?who=me"] {
        assert_eq!(shenji.get(wrong).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    assert!(shenji.get("/audit?check=1").await.html().contains("记录链前后相扣"));
    let book = shenji.get("/audit.xlsx?kind=device").await;
    let rows = sheet(&book);
    let found: Vec<_> = rows.iter().filter(|row| row.iter().any(|cell| cell == "device.code")).collect();
    assert_eq!(found.len(), 1, "{rows:?}");
    assert!(
        rows.iter().flatten().any(|cell| cell.contains("账号shenji")),
        "who took it stands in it: {rows:?}"
    );
    assert_eq!(
        lasts(&world, LogKind::Audit),
        ("audit.export".into(), "1&kind=device".into()),
        "what was taken"
    );
    let mut anquan = Browser::signed_in(&world.hub, "anquan", Role::SecurityAdmin, Place::Hub).await;
    assert_eq!(anquan.get("/audit").await.status, StatusCode::OK);
    li.sign_in_again("lifang").await;
    assert_eq!(li.get("/audit").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_looked_at_a_household_is_found_by_person_reason_and_day_and_handed_out() {
    let world = World::new();
    let mut li = lead(&world).await;
    let mut shenji = auditor(&world).await;
    let (home, other) =
        (format!("/household/h-{}", HOUSEHOLDS[0]), format!("/household/h-{}", HOUSEHOLDS[1]));
    li.get(&home).await;
    li.post(&format!("{home}/reveal"), &[("reason", "resident")]).await;
    shenji.get(&other).await;
    let all = text(&shenji.get("/access").await.html());
    assert!(all.contains("账号lifang") && all.contains("账号shenji"), "{all}");
    let lead_id = world.hub.account_id("lifang").unwrap();
    let hers = text(&shenji.get(&format!("/access?who={lead_id}")).await.html());
    assert!(hers.contains("账号lifang") && !hers.contains("账号shenji"), "{hers}");
    let opened = text(&shenji.get("/access?kind=household.reveal").await.html());
    assert!(opened.contains("看了原文") && !opened.contains("掩码"), "{opened}");
    let form = shenji.get(&format!("/access?unit=h-{}&kind=household.view", HOUSEHOLDS[1])).await.html();
    assert!(
        form.contains(&format!("name=\"unit\" value=\"h-{}\"", HOUSEHOLDS[1])),
        "the search stays with the household"
    );
    assert!(text(&form).contains("账号shenji") && !text(&form).contains("账号lifang"));
    assert!(text(&shenji.get("/access?until=2026-06-30").await.html()).is_empty());
    let rows = sheet(&shenji.get(&format!("/access.xlsx?who={lead_id}&unit=h-{}", HOUSEHOLDS[0])).await);
    let looks: Vec<_> =
        rows.iter().filter(|row| row.iter().any(|cell| cell.contains("账号lifang"))).collect();
    assert_eq!(looks.len(), 2, "{rows:?}");
    let (what, taken) = lasts(&world, LogKind::Access);
    assert_eq!(what, "access.export");
    assert!(taken.ends_with(&format!(" 2&unit=h-{}&who={lead_id}", HOUSEHOLDS[0])), "{taken}");
    let own = text(&li.get("/access").await.html());
    assert!(
        own.contains("导出查看记录") && own.contains("账号shenji"),
        "the community sees that it was taken: {own}"
    );
    assert_eq!(li.get("/access.xlsx?unit=h-0").await.status, StatusCode::NOT_FOUND);
}

#[test]
fn a_log_answers_each_part_of_a_question_and_nothing_beside_it() {
    let world = World::new();
    let (one, two) = (AccountId::from_bytes([1; 16]), AccountId::from_bytes([2; 16]));
    let rows = [
        (10, one, "erase", "7"),
        (20, two, "erase.preview", "7 a reason"),
        (30, two, "erased", "77"),
        (40, one, "key.next", "7"),
    ];
    for (at_ms, account, what, target) in rows {
        world
            .hub
            .storage()
            .write::<_, ruhu_server::storage::StorageError, _>(move |tx| {
                ruhu_server::access::journal::audit(tx, at_ms, Some(account), what, target)
            })
            .unwrap();
    }
    let found = |asked: LogQuery| -> Vec<i64> {
        let rows = world.hub.storage().read(|tx| tx.search_log(LogKind::Audit, &asked, None, 100)).unwrap();
        rows.rows.into_iter().map(|(.., row)| row.at_ms).filter(|at| *at < 100).collect()
    };
    assert_eq!(found(LogQuery::default()), [40, 30, 20, 10], "the latest first");
    assert_eq!(found(LogQuery { account: Some(two), ..LogQuery::default() }), [30, 20]);
    assert_eq!(found(LogQuery { from_ms: Some(20), until_ms: Some(40), ..LogQuery::default() }), [30, 20]);
    assert_eq!(found(LogQuery { what: "erase".into(), ..LogQuery::default() }), [20, 10], "not `erased`");
    assert_eq!(found(LogQuery { target: "7".into(), ..LogQuery::default() }), [40, 20, 10], "not 77");
    let both =
        LogQuery { account: Some(one), what: "erase".into(), target: "7".into(), ..LogQuery::default() };
    assert_eq!(found(both), [10]);
}

#[test]
fn a_search_that_finds_nothing_in_a_long_log_says_where_to_go_on_and_gets_to_the_beginning() {
    let world = World::new();
    let first = AccountId::from_bytes([1; 16]);
    let rows = 100_i64;
    world
        .hub
        .storage()
        .write::<_, ruhu_server::storage::StorageError, _>(move |tx| {
            use ruhu_server::access::journal::audit;
            audit(tx, 1, Some(first), "erase", "1")?;
            (2..=rows).try_for_each(|at| audit(tx, at, None, "session.begin", "x"))
        })
        .unwrap();
    let asked = LogQuery { account: Some(first), stretch: 10, ..LogQuery::default() };
    let search =
        |before| world.hub.storage().read(|tx| tx.search_log(LogKind::Audit, &asked, before, 10)).unwrap();
    let found = search(None);
    assert!(found.rows.is_empty() && found.next.is_some(), "{found:?}");
    let found = search(found.next);
    assert_eq!((found.rows.len(), found.next), (1, None));
}
