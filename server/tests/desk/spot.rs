//! Spot-checks on the pages: drawn, asked blind, summed without a name; cards of what signals put up.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::coverage::Coverage;
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::{DwellingId, Hash32, HouseholdId, RecheckId};
use ruhu_core::roster::Unit;
use ruhu_core::visit::VisitOutcome;
use ruhu_server::coverage::reckon_grid;
use ruhu_server::recheck::draw::{Claim, frame, frame_hash};
use ruhu_server::recheck::signals::framed_by_signals;
use ruhu_server::storage::accounts::LogKind;
use ruhu_server::storage::rechecks::{DrawRow, ItemRow};

use super::acting::{hidden, lead, said};
use super::world::{COMMUNITY, DOORS, GRIDS, HOUSEHOLDS, LEAD, WORKERS, World, settled};

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
    let sheet = browser.get(&format!("{at}/sheet")).await.html();
    assert!(sheet.contains("2026-07-01") && page.contains("与登记相符"), "drawn and answered that day");
    let rows = sheet.split_once("<tbody>").unwrap().1.split("</tbody>").next().unwrap();
    for told in ["与登记相符", "没遇到", "说不清", "知情的住户", "已访", "核减", "工作者", "2026-"]
    {
        assert!(!rows.contains(told), "blind: {told}");
    }
    for told in ["与登记相符", "知情的住户明确", "工作者", "线索"] {
        assert!(!sheet.contains(told), "blind: {told}");
    }
    assert_eq!(sheet.matches("×2").count(), 3, "the first and the eleventh, and once in the words above");
    let looks = world.hub.storage().read(|tx| tx.logged(LogKind::Access, None, 1)).unwrap();
    assert_eq!(looks[0].2.what, "recheck.sheet");
    let overview = browser.get("/").await.html();
    assert!(overview.contains("已访 12,核减 0,未访 2"), "asking again counts in no rate");
    assert!(browser.get("/spot-checks").await.html().contains("问了 4 户,2 户说得清"));
}

#[tokio::test]
async fn what_was_drawn_stays_drawn_when_the_visit_is_taken_back() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let home = Unit::Household(HOUSEHOLDS[0]);
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
async fn a_form_sent_twice_is_one_draw() {
    let world = World::new();
    visited(&world, 3);
    let mut browser = lead(&world).await;
    let id = hidden(&browser.get("/spot-checks").await.html(), "id");
    let first = browser.post("/spot-checks", &[("id", &id), ("size", "2")]).await;
    let second = browser.post("/spot-checks", &[("id", &id), ("size", "2")]).await;
    assert_eq!(first.location(), second.location());
    assert!(first.location().contains(&id));
    assert_eq!(world.hub.storage().read(|tx| tx.draws(COMMUNITY)).unwrap().len(), 1);
    // Drawn from finished rows, it is the frame that reckoning from the records gives.
    let draw = world.hub.storage().read(|tx| tx.draw(id.parse().unwrap())).unwrap().unwrap();
    let reckoned = world.hub.storage().read(|tx| {
        let file = tx.community(COMMUNITY)?.unwrap();
        let grids = GRIDS.into_iter();
        grids
            .map(|grid| reckon_grid(tx, grid, &file, &[draw.period], "2026-07-01".parse().unwrap()))
            .collect::<Result<Vec<_>, _>>()
    });
    let reckoned: Vec<Coverage> = reckoned.unwrap().concat();
    assert_eq!(frame_hash(&frame(&reckoned)), draw.frame);
    let audited = world.hub.storage().read(|tx| tx.logged(LogKind::Audit, None, 20)).unwrap();
    assert_eq!(audited.iter().filter(|(.., row)| row.what == "recheck.draw").count(), 1);
}

/// A draw by signals of one record, as it would be kept.
fn drawn_by_signals(world: &World, record: Hash32, method: &str) -> RecheckId {
    let draw = DrawRow {
        id: world.hub.make_id(),
        community: COMMUNITY,
        period: "2026Q3".parse().unwrap(),
        method: method.to_owned(),
        seed: [7; 32],
        framed: 1,
        frame: Hash32::ZERO,
        account: LEAD,
        made_ms: world.hub.now_ms(),
    };
    let id = draw.id;
    let item = ItemRow {
        nth: 0,
        unit: Unit::Household(HOUSEHOLDS[0]),
        grid: GRIDS[0],
        dwelling: DOORS[0],
        claim: "visited".to_owned(),
        visit: Some((record, WORKERS[0])),
    };
    world.hub.storage().write(move |tx| tx.put_draw(&draw, &[item])).unwrap();
    id
}

#[tokio::test]
async fn a_card_is_for_what_signals_put_up_while_the_record_stands_and_its_time_lasts() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let home = Unit::Household(HOUSEHOLDS[0]);
    let visit = phone.visit(0);
    let record = visit.hash();
    phone.say(&world.hub, home, visit);
    let (by_lot, by_signals) =
        (drawn_by_signals(&world, record, "lot"), drawn_by_signals(&world, record, "signals"));
    let mut browser = lead(&world).await;
    let page = browser.get(&format!("/spot-checks/{by_lot}/card/0")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let html = page.html();
    assert!(html.contains("只有按线索抽中") && html.contains(&format!("/spot-checks/{by_lot}?")), "{html}");
    let card = format!("/spot-checks/{by_signals}/card/0");
    let page = browser.get(&card).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.html().contains("一、记录了什么") && !page.html().contains("工作者21"));
    let looks = world.hub.storage().read(|tx| tx.logged(LogKind::Access, None, 1)).unwrap();
    assert_eq!((looks[0].2.what.as_str(), &looks[0].2.target), ("recheck.card", &format!("{by_signals}/0")));

    world.clock.forward(Duration::days(100));
    browser.sign_in_again("lifang").await;
    let close = [("close", "2026Q3"), ("reason", "核对无误"), ("sure", "yes")];
    assert_eq!(browser.post("/periods", &close).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get(&card).await.html().contains("一、记录了什么"), "kept for six months");
    world.clock.forward(Duration::days(190));
    browser.sign_in_again("lifang").await;
    let page = browser.get(&card).await.html();
    assert!(page.contains("线索不再保留") && !page.contains("一、记录了什么"), "{page}");
    let draw = browser.get(&format!("/spot-checks/{by_signals}")).await.html();
    assert!(!draw.contains("/card/0"), "no link to what is gone");
    let again = browser.post("/spot-checks?period=2026Q3", &[("method", "signals"), ("size", "1")]).await;
    assert!(said(&again.html()).contains("线索不再保留"));
}

#[tokio::test]
async fn a_card_of_a_visit_that_was_taken_back_says_so_and_leads_back() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let home = Unit::Household(HOUSEHOLDS[0]);
    let visit = phone.visit(0);
    let record = visit.hash();
    phone.say(&world.hub, home, visit);
    let id = drawn_by_signals(&world, record, "signals");
    let withdrawal = phone.withdrawal(home, record);
    phone.say(&world.hub, home, withdrawal);
    let mut browser = lead(&world).await;
    let page = browser.get(&format!("/spot-checks/{id}/card/0")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.html().contains("已撤回、更正或查实不实"));
    assert!(page.links().iter().any(|(href, _)| href.starts_with(&format!("/spot-checks/{id}?"))));
    for nowhere in ["1", "x"] {
        let page = browser.get(&format!("/spot-checks/{id}/card/{nowhere}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
}

#[test]
fn signals_put_up_records_themselves_whether_or_not_the_period_counts_them() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let home = Unit::Household(HOUSEHOLDS[0]);
    let counted = phone.visit(0);
    phone.say(&world.hub, home, counted);
    world.clock.forward(Duration::days(1));
    let further = phone.visit(0);
    let record = further.hash();
    phone.say(&world.hub, home, further);
    let mut draft = phone.draft(home, DOORS[0]);
    draft.outcome = Some(VisitOutcome::NotHome { note_left: false });
    let knock = phone.visit_of(draft);
    let knocked = knock.hash();
    phone.say(&world.hub, home, knock);
    let put_up = [(home, record), (home, knocked), (home, Hash32([9; 32]))].into();
    let (framed, met_nobody) = world.hub.storage().read(|tx| framed_by_signals(tx, &put_up)).unwrap();
    let claims: Vec<Claim> = framed.iter().map(|one| one.claim).collect();
    assert_eq!(claims, [Claim::Visited { record, made_by: WORKERS[0] }], "the second visit of the quarter");
    assert_eq!(met_nobody, 1, "nobody can be asked about a door nobody opened");
}
