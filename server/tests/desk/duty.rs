//! What a community lead does about people: hands over, covers, notes leave and leaving, enrols phones.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::ids::{GridId, WorkerId};
use ruhu_core::sync::wire::EnrolRequest;
use ruhu_server::storage::accounts::LogKind;

use super::acting::{hidden, lead, said};
use super::browser::{Answer, Browser};
use super::world::{COMMUNITY, GRIDS, WORKERS, World};

/// A form of the page: what is done, in which grid, by whom, from when until when.
async fn send(
    browser: &mut Browser,
    act: &str,
    (grid, worker): (Option<GridId>, WorkerId),
    (from, until): (&str, &str),
    sure: &str,
) -> Answer {
    let (grid, worker) = (grid.map(|grid| grid.to_string()).unwrap_or_default(), worker.to_string());
    let fields = [
        ("act", act),
        ("grid", &grid),
        ("worker", &worker),
        ("from", from),
        ("until", until),
        ("sure", sure),
    ];
    browser.post("/staff", &fields).await
}

fn responsible(world: &World, grid: GridId, on: &str) -> Option<WorkerId> {
    let file = world.hub.storage().read(|tx| tx.community(COMMUNITY)).unwrap().unwrap();
    file.responsible(grid, on.parse().unwrap())
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
async fn spans_are_bounded_and_what_was_arranged_is_taken_back() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let (away, cover) = (WORKERS[0], WORKERS[1]);
    for (act, grid, worker) in [("leave", None, away), ("cover", Some(GRIDS[0]), cover)] {
        for (from, until, why) in [
            ("2026-07-06", "9999-12-31", "最长 400 天"),
            ("2020-01-01", "2020-01-31", "日期须在 2025-06-30 至"),
        ] {
            let refused = send(&mut browser, act, (grid, worker), (from, until), "").await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{act} {until}");
            assert!(said(&refused.html()).contains(why), "{act}: {}", said(&refused.html()));
        }
    }
    send(&mut browser, "leave", (None, away), ("2026-07-01", "2026-07-31"), "").await;
    send(&mut browser, "cover", (Some(GRIDS[0]), cover), ("2026-07-10", "2026-07-31"), "").await;
    let twice = send(&mut browser, "cover", (Some(GRIDS[0]), cover), ("2026-07-20", "2026-08-05"), "").await;
    assert!(said(&twice.html()).contains("已经安排此人代访"));
    let html = browser.get("/staff").await.html();
    assert!(html.contains("2026-07-01 至 2026-07-31 请假,无人代访"), "the first nine days are open");
    assert!(html.contains("销假") && html.contains(">取消<"), "{html}");
    let ended = send(&mut browser, "end-cover", (Some(GRIDS[0]), cover), ("2026-07-10", ""), "").await;
    let html = browser.get(ended.location()).await.html();
    assert!(said(&html).contains("代访已结束") && !html.contains("2026-07-10 至"), "not begun: taken back");
    world.clock.forward(Duration::days(5));
    browser.sign_in_again("lifang").await;
    let back = send(&mut browser, "end-leave", (None, away), ("2026-07-01", ""), "").await;
    let html = browser.get(back.location()).await.html();
    assert!(said(&html).contains("请假已结束") && !html.contains("无人代访"), "{html}");
    let again = send(&mut browser, "end-leave", (None, away), ("2026-07-01", ""), "").await;
    assert!(said(&again.html()).contains("没有这一段"));
    let file = world.hub.storage().read(|tx| tx.community(COMMUNITY)).unwrap().unwrap();
    let last: Vec<String> = file.leave().iter().map(|one| one.until.to_string()).collect();
    assert_eq!(last, ["2026-07-05"], "yesterday was the last day");
}

#[tokio::test]
async fn a_hand_over_rewrites_no_day_that_is_past_and_what_was_planned_gives_way() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let (grid, third) = (Some(GRIDS[0]), WORKERS[2]);
    for early in ["2025-12-15", "2026-01-01"] {
        let refused = send(&mut browser, "handover", (grid, third), (early, ""), "").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(said(&refused.html()).contains("最早可从 2026-01-02 起"), "{early}");
        let sure = send(&mut browser, "handover", (grid, third), (early, ""), "yes").await;
        assert_eq!(sure.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(responsible(&world, GRIDS[0], "2026-03-01"), Some(WORKERS[0]));
    let far = send(&mut browser, "handover", (grid, third), ("9999-01-01", ""), "").await;
    assert!(said(&far.html()).contains("日期须在"));
    send(&mut browser, "handover", (grid, WORKERS[1]), ("2026-09-10", ""), "yes").await;
    let look = send(&mut browser, "handover", (grid, third), ("2026-09-01", ""), "").await;
    assert!(look.html().contains("原定 工作者22 自 2026-09-10 起接手,不再生效"), "{}", look.html());
    send(&mut browser, "handover", (grid, third), ("2026-09-01", ""), "yes").await;
    assert_eq!(responsible(&world, GRIDS[0], "2026-09-10"), Some(third));
    // A slip of today is put right today.
    send(&mut browser, "handover", (grid, WORKERS[1]), ("2026-07-01", ""), "yes").await;
    let right = send(&mut browser, "handover", (grid, third), ("2026-07-01", ""), "yes").await;
    assert_eq!(right.status, StatusCode::SEE_OTHER);
    assert_eq!(responsible(&world, GRIDS[0], "2026-07-01"), Some(third));
    assert_eq!(responsible(&world, GRIDS[0], "2026-06-30"), Some(WORKERS[0]));
}

#[tokio::test]
async fn leaving_is_looked_at_first_and_leaves_its_grids_to_nobody() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let mut request = phone.request(&[]);
    request.unsent_after = 3;
    phone.send(&world.hub, &request).unwrap();
    let mut browser = lead(&world).await;
    let page = browser.get("/staff").await.html();
    let choice = page.split_once("id=\"j-who\"").unwrap().1;
    assert!(
        choice.split_once("<option ").unwrap().1.starts_with("value=\"\""),
        "nobody is chosen beforehand"
    );
    let empty = browser.post("/staff", &[("act", "leave-job"), ("worker", ""), ("from", "2026-07-03")]).await;
    assert!(said(&empty.html()).contains("在岗的工作者"));
    let look = send(&mut browser, "leave-job", (None, WORKERS[0]), ("2026-07-03", ""), "").await;
    assert_eq!(look.status, StatusCode::OK);
    let html = look.html();
    assert!(html.contains("从这一天起无人负责:第1网格") && html.contains("尚有 3 条未上传"), "{html}");
    assert_eq!(responsible(&world, GRIDS[0], "2026-07-03"), Some(WORKERS[0]), "looking changes nothing");
    let left = send(&mut browser, "leave-job", (None, WORKERS[0]), ("2026-07-03", ""), "yes").await;
    let html = browser.get(left.location()).await.html();
    assert!(said(&html).contains("还没有人接手:第1网格"), "{}", said(&html));
    assert!(html.contains("2026-07-03 起无人负责"));
    // Until that day he is here: he can be given cover, and another day to leave.
    let cover =
        send(&mut browser, "cover", (Some(GRIDS[1]), WORKERS[0]), ("2026-07-01", "2026-07-20"), "").await;
    assert_eq!(cover.status, StatusCode::SEE_OTHER);
    let late =
        send(&mut browser, "cover", (Some(GRIDS[1]), WORKERS[0]), ("2026-07-25", "2026-07-26"), "").await;
    assert!(said(&late.html()).contains("在岗的工作者"));
    send(&mut browser, "leave", (None, WORKERS[1]), ("2026-07-01", "2026-07-20"), "").await;
    let html = browser.get("/staff").await.html();
    assert!(html.contains("2026-07-01 至 2026-07-20 请假,无人代访"), "who left covers nothing: {html}");
    world.clock.forward(Duration::days(2));
    browser.sign_in_again("lifang").await;
    let html = browser.get("/staff").await.html();
    let row = html.split("<tr>").find(|row| row.contains("<th scope=\"row\">第1网格")).unwrap();
    assert!(row.contains("未指定") && !row.contains("工作者21"), "{row}");
    let gone = send(&mut browser, "leave-job", (None, WORKERS[0]), ("2026-07-04", ""), "yes").await;
    assert!(said(&gone.html()).contains("在岗的工作者"));
}
