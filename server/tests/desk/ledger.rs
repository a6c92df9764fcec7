//! From a final finding to a line of the ledger: proposed by a quoted rule, answered, confirmed by somebody else, appealed
//! against, heard; and what can never be proposed.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::entry::{LineEvent, LineStep, Payload, Private, ReasonBody, Record, Ruling};
use ruhu_core::ids::{AccountId, FindingId, LineId};
use ruhu_core::ledger::Standing;
use ruhu_core::roster::{By, Unit};
use ruhu_core::sync::wire::{Refusal, Verdict};
use ruhu_server::ledger::LineError;
use ruhu_server::ledger::course::{all, find};
use ruhu_server::ledger::propose::Proposing;
use ruhu_server::office::Order;
use ruhu_server::office::adopting::{Source, Wanted};
use ruhu_server::recheck::draw::Method;
use ruhu_server::storage::accounts::LogKind;

use super::acting::{lead, said};
use super::findings::{APART, SECOND, another, denied, drawn, push, received};
use super::world::{COMMUNITY, HOUSEHOLDS, LEAD, Phone, WORKERS, World};

const HEAD: &str = "schema = \"wangge-adopt/1\"\n[community]\nname = \"阳光社区\"\ntimezone = \"Asia/Shanghai\"\nworkdays = \"cn-official\"\n";
const RULES: &str = "[[adopt]]\npolicy = \"d1b-town-model\"\nby = \"示范镇\"\nfrom = \"2026-01-01\"\ntake = [\"visits\", \"bonus\", \"effects\"]\n";
const RELEASE: &str = "[[release]]\nhold = \"L-7\"\nby = \"示范镇\"\non = \"2026-02-01\"\ndocument_no = \"示政发〔2026〕13号\"\n[[decide]]\nid = \"X-06\"\nchoice = \"error\"\nby = \"示范镇\"\non = \"2026-02-01\"\n";

pub(super) fn adopt(world: &World, rest: &str) {
    let text = format!("{HEAD}{RULES}{rest}");
    let wanted = Wanted { source: Source::File { name: "a.toml".into(), text }, demonstration: false };
    let order = Order { by: LEAD, community: COMMUNITY, reason: "采用".into() };
    world.hub.adopt(order, wanted).unwrap();
}

/// The day after an adoption: what was adopted on a day does not reach a record of the same day.
fn next_day(world: &World) {
    world.clock.forward(Duration::days(1));
}

/// A record found false, its days to appeal over where `days` have passed since.
fn found(world: &World, ruling: Ruling, days: i64) -> (Phone, FindingId) {
    let (phone, _, draw) = drawn(world);
    denied(world, draw, 1, Some(WORKERS[1]));
    denied(world, draw, 2, Some(WORKERS[2]));
    let by = "2026-07-09".parse().unwrap();
    let id = world.hub.ask_account(LEAD, COMMUNITY, (draw, 0), by, "请说明").unwrap();
    world.clock.forward(Duration::days(9));
    world.hub.decide_finding(SECOND, COMMUNITY, id, ruling, "期限内未作说明").unwrap();
    world.clock.forward(Duration::days(days));
    (phone, id)
}

fn proposing(world: &World, rule: &str) -> Proposing {
    let reply_by = world.hub.today(COMMUNITY).unwrap() + Duration::days(7);
    Proposing { rule: rule.parse().unwrap(), reply_by, words: "认定已经生效".into() }
}

fn standing(world: &World, id: LineId) -> Standing {
    world.hub.storage().read(|tx| find(tx, COMMUNITY, id)).unwrap().unwrap().line.standing()
}

fn own(phone: &mut Phone, line: LineId, step: LineStep, words: &str) -> Payload {
    let (worker, by) = (phone.worker, By::Worker(phone.worker));
    let record = Record::Line(LineEvent { line, worker, step, by });
    Payload::of_record_with_reason(&record, &ReasonBody { words: words.into() }, phone.salt())
}

#[tokio::test]
async fn a_line_is_proposed_by_its_rule_answered_confirmed_by_another_appealed_and_dropped() {
    let world = World::new();
    adopt(&world, RELEASE);
    next_day(&world);
    let (mut phone, finding) = found(&world, Ruling::Falsified, 0);
    let mut li = lead(&world).await;
    let at = format!("/finding/{finding}");

    // While he may appeal against the finding, no line exists; the page says what would follow, in the rule's words.
    let page = li.get(&at).await.html();
    assert!(page.contains("扣發年終獎10%") && page.contains("按照獎懲制度給予處罰"), "{page}");
    assert!(page.contains("认定尚未生效") && !page.contains("value=\"propose\""), "{page}");
    let day = |days: i64| (world.hub.today(COMMUNITY).unwrap() + Duration::days(days)).to_string();
    let (soon, later) = (day(1), day(23));
    let form = |rule: &'static str, until: &str| {
        vec![
            ("act", "propose".to_owned()),
            ("rule", rule.into()),
            ("reply_by", until.into()),
            ("words", "认定已经生效".into()),
        ]
    };
    fn pairs<'f>(form: &'f [(&'static str, String)]) -> Vec<(&'static str, &'f str)> {
        form.iter().map(|(key, value)| (*key, value.as_str())).collect()
    }
    let early = form("D1b-25", &later);
    assert!(said(&li.post(&at, &pairs(&early)).await.html()).contains("认定尚未生效"));

    // Final: proposed by the rule, once, with time to answer; the worker is told the words.
    world.clock.forward(Duration::days(16));
    li.sign_in_again("lifang").await;
    for (rule, until, why) in
        [("D1b-25", &soon, "至少三天"), ("D1b-26", &later, "没有采用"), ("D9", &later, "请选择")]
    {
        let refused = form(rule, until);
        assert!(said(&li.post(&at, &pairs(&refused)).await.html()).contains(why), "{rule}");
    }
    let wanted = form("D1b-25", &later);
    let proposed = li.post(&at, &pairs(&wanted)).await;
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.html());
    let line_page = proposed.location().split('?').next().unwrap().to_owned();
    let line: LineId = line_page.rsplit('/').next().unwrap().parse().unwrap();
    assert!(said(&li.post(&at, &pairs(&wanted)).await.html()).contains("已经提出过"));
    let page = li.get(&line_page).await.html();
    for words in ["年终奖的 10%", "五·3 「扣發年終獎10%」", "L-7 示政发〔2026〕13号", "只是提出,没有任何效力"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let told = received(&world, &mut phone);
    assert!(told.iter().any(|(said, words)| words == "认定已经生效" && matches!(said, Private::Line(_))));

    // Not before he answered, and not by who proposed it.
    let mut wang = another(&world, "wang").await;
    let confirm = [("act", "confirm"), ("words", "照规定办理")];
    assert!(said(&wang.post(&line_page, &confirm).await.html()).contains("本人还没有答复"));
    let reply = own(&mut phone, line, LineStep::Replied, "已经补访了");
    assert!(matches!(push(&world, &mut phone, reply), Verdict::Accepted { .. }));
    assert!(said(&li.post(&line_page, &confirm).await.html()).contains("另一个账号"));
    assert!(
        !li.get(&line_page).await.html().contains("value=\"confirm\""),
        "what she cannot do is not offered"
    );
    assert_eq!(wang.post(&line_page, &confirm).await.status, StatusCode::SEE_OTHER);
    let page = wang.get(&line_page).await.html();
    assert!(page.contains("已经补访了") && page.contains("申诉期限之内不办理"), "{page}");

    // He appeals; until somebody without a part in it has heard him nothing takes effect, and it is said who decided.
    let appeal = own(&mut phone, line, LineStep::Appealed, "请再看看");
    world.clock.forward(Duration::days(1));
    assert!(matches!(push(&world, &mut phone, appeal), Verdict::Accepted { .. }));
    world.clock.forward(Duration::days(40));
    wang.sign_in_again("wang").await;
    let ledger = wang.get("/ledger").await.html();
    assert!(ledger.contains("申诉待复核") && ledger.contains(">40<") && ledger.contains("wang"), "{ledger}");
    let hear = [("act", "hear"), ("heard", "reversed"), ("words", "撤销")];
    assert!(said(&wang.post(&line_page, &hear).await.html()).contains("另一个账号"));
    let mut zhao = another(&world, "zhao").await;
    assert_eq!(zhao.post(&line_page, &hear).await.status, StatusCode::SEE_OTHER);
    assert_eq!(standing(&world, line), Standing::Withdrawn);
    assert!(zhao.get(&line_page).await.html().contains("没有任何效力"));
    assert!(said(&zhao.post(&line_page, &confirm).await.html()).contains("现在还不能办理"));
    let again = world.hub.propose_line(LEAD, COMMUNITY, finding, proposing(&world, "D1b-25"));
    assert!(matches!(again, Err(LineError::Already { .. })), "a won appeal is won");
    assert!(world.hub.verify().unwrap().faults.is_empty());
    let looks = world.hub.storage().read(|tx| tx.logged(LogKind::Access, None, 99)).unwrap();
    assert!(looks.iter().any(|(.., row)| row.what == "line" && row.target == line.to_string()));
}

#[tokio::test]
async fn a_line_falls_with_the_finding_it_rests_on_and_waits_while_that_is_heard() {
    let world = World::new();
    adopt(&world, RELEASE);
    next_day(&world);
    let (_, finding) = found(&world, Ruling::Missed, 16);
    let hub = &world.hub;
    let line = hub.propose_line(LEAD, COMMUNITY, finding, proposing(&world, "D1b-20")).unwrap();
    let other = hub.propose_line(LEAD, COMMUNITY, finding, proposing(&world, "D1b-25")).unwrap();
    world.clock.forward(Duration::days(8));
    hub.confirm_line(SECOND, COMMUNITY, line, "照规定办理").unwrap();
    world.clock.forward(Duration::days(20));
    let mut li = lead(&world).await;
    assert!(li.get(&format!("/line/{line}")).await.html().contains("已生效"));
    // A late appeal on paper against the finding: what rests on it stands still.
    hub.note_appeal(LEAD, COMMUNITY, finding, "书面申诉").unwrap();
    assert!(li.get(&format!("/line/{line}")).await.html().contains("所依据的认定正在复核"));
    assert!(matches!(hub.confirm_line(SECOND, COMMUNITY, other, "照规定办理"), Err(LineError::NotFinal)));
    hub.hear_appeal(APART, COMMUNITY, finding, true, "楼长证实当天来过").unwrap();
    for id in [line, other] {
        assert_eq!(standing(&world, id), Standing::Withdrawn);
    }
    let again = hub.propose_line(LEAD, COMMUNITY, finding, proposing(&world, "D1b-20"));
    assert!(matches!(again, Err(LineError::NotFinal)), "nothing holds any more");
    assert!(hub.verify().unwrap().faults.is_empty());
}

#[test]
fn whoever_writes_down_what_the_worker_says_neither_confirms_nor_speaks_in_his_place() {
    let world = World::new();
    adopt(&world, RELEASE);
    next_day(&world);
    let (mut phone, finding) = found(&world, Ruling::Falsified, 16);
    let hub = &world.hub;
    let line = hub.propose_line(LEAD, COMMUNITY, finding, proposing(&world, "D1b-20")).unwrap();
    hub.note_reply(SECOND, COMMUNITY, line, "同意").unwrap();
    let confirm = |by| hub.confirm_line(by, COMMUNITY, line, "照规定办理");
    assert!(matches!(confirm(APART), Err(LineError::NotAnswered { .. })), "he can still say it himself");
    world.clock.forward(Duration::days(8));
    assert!(matches!(confirm(SECOND), Err(LineError::SamePerson)));
    confirm(APART).unwrap();
    // An appeal written down for him and upheld at once leaves him his own.
    hub.note_line_appeal(SECOND, COMMUNITY, line, "不服").unwrap();
    let fourth = AccountId::from_bytes([64; 16]);
    let hear = |by, reversed| hub.hear_line_appeal(by, COMMUNITY, line, reversed, "复核");
    assert!(matches!(hear(SECOND, false), Err(LineError::SamePerson)));
    hear(fourth, false).unwrap();
    world.clock.forward(Duration::days(1));
    let own = own(&mut phone, line, LineStep::Appealed, "我自己说");
    assert!(matches!(push(&world, &mut phone, own), Verdict::Accepted { .. }));
    assert_eq!(standing(&world, line), Standing::Appealed);
    world.clock.forward(Duration::days(1));
    hub.withdraw_line(LEAD, COMMUNITY, line, "不再提出").unwrap();
    let again = hub.propose_line(LEAD, COMMUNITY, finding, proposing(&world, "D1b-20"));
    assert!(matches!(again, Err(LineError::Already { .. })), "what was appealed against is not begun anew");
    assert!(hub.verify().unwrap().faults.is_empty());
}

#[test]
fn a_rule_dropped_after_the_proposal_confirms_nothing() {
    let world = World::new();
    adopt(&world, RELEASE);
    next_day(&world);
    let (_, finding) = found(&world, Ruling::Falsified, 16);
    let line = world.hub.propose_line(LEAD, COMMUNITY, finding, proposing(&world, "D1b-25")).unwrap();
    world.clock.forward(Duration::days(8));
    adopt(&world, "");
    let confirmed = world.hub.confirm_line(SECOND, COMMUNITY, line, "照规定办理");
    assert!(matches!(confirmed, Err(LineError::NotOffered)), "the hold is on it again");
}

#[test]
fn what_is_held_undecided_cleared_or_adopted_later_is_never_proposed() {
    let refused = |world: &World, finding, rule: &str| {
        world.hub.propose_line(LEAD, COMMUNITY, finding, proposing(world, rule)).unwrap_err()
    };
    let world = World::new();
    adopt(&world, "");
    next_day(&world);
    let (_, finding) = found(&world, Ruling::Inaccurate, 16);
    assert!(matches!(refused(&world, finding, "D1b-25"), LineError::NotOffered), "held by L-7");
    assert!(matches!(refused(&world, finding, "D1b-27"), LineError::NotOffered), "it only routes");
    assert!(matches!(refused(&world, finding, "D1a-09"), LineError::NotOffered), "of another policy");
    // Released today: it does not reach back to the record.
    adopt(&world, RELEASE);
    assert!(matches!(refused(&world, finding, "D1b-25"), LineError::NotOffered), "lifted later");
    assert!(world.hub.propose_line(LEAD, COMMUNITY, finding, proposing(&world, "D1b-20")).is_ok());

    let world = World::new();
    let (_, finding) = found(&world, Ruling::Falsified, 16);
    assert!(matches!(refused(&world, finding, "D1b-20"), LineError::NotOffered), "nobody adopted anything");

    let world = World::new();
    adopt(&world, RELEASE);
    next_day(&world);
    let (_, finding) = found(&world, Ruling::Cleared, 16);
    assert!(matches!(refused(&world, finding, "D1b-20"), LineError::NotFinal), "cleared");
    assert_eq!(world.hub.storage().read(|tx| all(tx, COMMUNITY)).unwrap().len(), 0);
}

#[test]
fn a_phone_answers_for_its_own_worker_and_proposes_nothing() {
    let world = World::new();
    adopt(&world, RELEASE);
    next_day(&world);
    let (mut phone, finding) = found(&world, Ruling::Falsified, 16);
    let mut other = world.phone(WORKERS[1]);
    let line = world.hub.propose_line(LEAD, COMMUNITY, finding, proposing(&world, "D1b-20")).unwrap();
    let quarantined = |reason| Verdict::Quarantined { reason };
    let foreign = own(&mut other, line, LineStep::Replied, "不是我的");
    assert_eq!(push(&world, &mut other, foreign), quarantined(Refusal::OutOfScope));
    let confirmed = own(&mut phone, line, LineStep::Confirmed { appeal_by: None }, "我确认");
    assert_eq!(push(&world, &mut phone, confirmed), quarantined(Refusal::DeskOnly));
    let nothing = own(&mut phone, LineId::from_bytes([9; 16]), LineStep::Replied, "没有这一项");
    assert_eq!(push(&world, &mut phone, nothing), quarantined(Refusal::UnknownUnit));
    assert_eq!(standing(&world, line), Standing::Draft);
    assert!(world.hub.verify().unwrap().faults.is_empty());
}

/// The same worker's next record found false, and final.
fn found_again(world: &World, phone: &mut Phone, period: &str) -> FindingId {
    let visit = phone.visit(0);
    phone.say(&world.hub, Unit::Household(HOUSEHOLDS[0]), visit);
    let draw = world.hub.make_id();
    world.hub.draw_recheck(LEAD, (COMMUNITY, draw), period.parse().unwrap(), (Method::Lot, 1)).unwrap();
    denied(world, draw, 1, Some(WORKERS[1]));
    denied(world, draw, 2, Some(WORKERS[2]));
    let by = world.hub.today(COMMUNITY).unwrap() + Duration::days(8);
    let id = world.hub.ask_account(LEAD, COMMUNITY, (draw, 0), by, "请说明").unwrap();
    world.clock.forward(Duration::days(9));
    world.hub.decide_finding(SECOND, COMMUNITY, id, Ruling::Falsified, "期限内未作说明").unwrap();
    world.clock.forward(Duration::days(16));
    id
}

#[test]
fn a_years_cap_counts_by_the_day_of_the_record_and_january_lifts_nothing() {
    let world = World::new();
    adopt(&world, &RELEASE.replace("\"error\"", "\"year\""));
    next_day(&world);
    let (mut phone, first) = found(&world, Ruling::Falsified, 16);
    world.hub.propose_line(LEAD, COMMUNITY, first, proposing(&world, "D1b-25")).unwrap();
    let until = |day: &str| {
        let days = day.parse::<chrono::NaiveDate>().unwrap() - world.hub.today(COMMUNITY).unwrap();
        world.clock.forward(days);
    };
    until("2026-12-28");
    let second = found_again(&world, &mut phone, "2026Q4");
    assert_eq!(world.hub.today(COMMUNITY).unwrap().to_string(), "2027-01-22");
    let refused = world.hub.propose_line(LEAD, COMMUNITY, second, proposing(&world, "D1b-25"));
    assert!(
        matches!(refused, Err(LineError::NotOffered)),
        "its record is of a year that has its one deduction"
    );
    let third = found_again(&world, &mut phone, "2027Q1");
    assert!(world.hub.propose_line(LEAD, COMMUNITY, third, proposing(&world, "D1b-25")).is_ok());
}
