//! 完成情况: what one worker's closed period came to, when it is a ground for a reward, and when it is not.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::{LineId, WorkerId};
use ruhu_core::roster::Unit;
use ruhu_server::ledger::LineError;
use ruhu_server::ledger::completion::{Sheet, completion};
use ruhu_server::ledger::propose::Proposing;

use super::acting::{lead, said};
use super::findings::SECOND;
use super::ledger::adopt;
use super::world::{COMMUNITY, GRIDS, HOUSEHOLDS, LEAD, Phone, WORKERS, World};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);

fn visited(world: &World, phone: &mut Phone, nth: usize) {
    let visit = phone.visit(nth);
    phone.say(&world.hub, Unit::Household(HOUSEHOLDS[nth]), visit);
}

/// The third quarter of the story's year, closed after its end.
fn closed(world: &World) {
    let over = "2026-10-09".parse::<chrono::NaiveDate>().unwrap() - world.hub.today(COMMUNITY).unwrap();
    world.clock.forward(over);
    world.hub.close_period(COMMUNITY, "2026Q3".parse().unwrap(), LEAD, "核对无误".into()).unwrap();
}

fn sheet(world: &World, worker: WorkerId) -> Sheet {
    let read = world.hub.storage().read(|tx| -> Result<_, ruhu_server::report::closing::ReportError> {
        let file = tx.community(COMMUNITY)?.unwrap();
        completion(tx, &file, COMMUNITY, worker, "2026Q3".parse().unwrap())
    });
    read.unwrap().unwrap()
}

fn reward(world: &World, worker: WorkerId) -> Result<LineId, LineError> {
    let reply_by = world.hub.today(COMMUNITY).unwrap() + Duration::days(7);
    let proposing = Proposing { rule: "D1b-21".parse().unwrap(), reply_by, words: "全部完成".into() };
    world.hub.propose_reward(LEAD, COMMUNITY, (worker, "2026Q3".parse().unwrap()), proposing)
}

#[test]
fn a_key_households_month_that_was_left_is_no_ground_though_its_quarter_is_done() {
    let world = World::new();
    adopt(&world, "");
    let on = "2026-07-01".parse().unwrap();
    world.act(vec![UnitFact { unit: HOME, fact: Fact::KeyMark { key: true, on } }], Vec::new());
    let mut phone = world.phone(WORKERS[0]);
    for _ in 0..2 {
        visited(&world, &mut phone, 0);
        world.clock.forward(Duration::days(31));
    }
    closed(&world);
    let sheet = sheet(&world, WORKERS[0]);
    assert_eq!((sheet.figures.outstanding, sheet.figures.key_outstanding), (0, 1), "September was left");
    assert!(!sheet.is_ground());
    assert!(matches!(reward(&world, WORKERS[0]), Err(LineError::NotWhole)));
}

#[tokio::test]
async fn a_grid_handed_over_within_the_period_is_no_ground_for_either() {
    let world = World::new();
    adopt(&world, "");
    let mut phone = world.phone(WORKERS[0]);
    visited(&world, &mut phone, 0);
    world.hub.hand_over(LEAD, COMMUNITY, GRIDS[0], WORKERS[2], "2026-09-01".parse().unwrap()).unwrap();
    closed(&world);
    let sheet = sheet(&world, WORKERS[2]);
    assert!(sheet.figures.is_whole() && sheet.handed_over && !sheet.is_ground());
    assert!(matches!(reward(&world, WORKERS[2]), Err(LineError::NotWhole)), "most of it was not his work");
    assert!(matches!(reward(&world, WORKERS[0]), Err(LineError::Unknown)), "he holds nothing at its end");
    let mut li = lead(&world).await;
    let page = li.get(&format!("/completion/{}?period=2026Q3", WORKERS[2])).await.html();
    assert!(page.contains("交接") && !page.contains("value=\"propose\""), "{page}");
}

#[tokio::test]
async fn a_reward_is_proposed_for_a_closed_period_with_nothing_left_and_its_figures_are_kept() {
    let world = World::new();
    adopt(&world, "");
    let mut phone = world.phone(WORKERS[0]);
    for nth in 0..2 {
        visited(&world, &mut phone, nth);
    }
    let mut li = lead(&world).await;
    let at = format!("/completion/{}?period=2026Q3", WORKERS[0]);
    assert!(li.get(&at).await.html().contains("没有已关账的期间"));
    world.clock.forward(Duration::days(100));
    li.sign_in_again("lifang").await;
    let close = [("close", "2026Q3"), ("reason", "核对无误"), ("sure", "yes")];
    assert_eq!(li.post("/periods", &close).await.status, StatusCode::SEE_OTHER);
    let page = li.get(&at).await.html();
    assert!(page.contains("按質按量完成各項任務"), "{page}");
    assert!(li.get("/staff").await.html().contains("完成情况"));
    let until = (world.hub.today(COMMUNITY).unwrap() + Duration::days(7)).to_string();
    let form = [("act", "propose"), ("rule", "D1b-21"), ("reply_by", until.as_str()), ("words", "全部完成")];
    let proposed = li.post(&at, &form).await;
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.html());
    assert!(said(&li.post(&at, &form).await.html()).contains("已经提出过"));
    let page = li.get(proposed.location()).await.html();
    assert!(page.contains("奖励") && page.contains("2026年第3季度 完成情况表"), "{page}");
    let line: LineId =
        proposed.location().split('?').next().unwrap().rsplit('/').next().unwrap().parse().unwrap();
    world.clock.forward(Duration::days(8));
    world.hub.confirm_line(SECOND, COMMUNITY, line, "同意").unwrap();
    li.sign_in_again("lifang").await;
    let page = li.get(&format!("/line/{line}")).await.html();
    assert!(page.contains("已生效") && !page.contains("value=\"appeal\""), "{page}");
    assert!(matches!(world.hub.withdraw_line(SECOND, COMMUNITY, line, "收回"), Err(LineError::SamePerson)));
    // Somebody who was responsible for nothing has no sheet, and no worker of another community.
    let empty = li.get(&format!("/completion/{}?period=2026Q3", WORKERS[2])).await.html();
    assert!(empty.contains("没有负责的网格"), "{empty}");
    let nobody = WorkerId::from_bytes([99; 16]);
    assert_eq!(li.get(&format!("/completion/{nobody}")).await.status, StatusCode::NOT_FOUND);
    let book = li.get("/ledger.xlsx").await;
    assert_eq!(book.status, StatusCode::OK);
}
