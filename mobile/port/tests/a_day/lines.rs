//! 奖惩事项 – lines of the ledger as the screens see them, over a real phone and a real hub: the desk's words go out through
//! the hub, the worker's come back to it.

use ruhu_core::entry::{Amount, Completion, Ground, LineEvent, LineKind, LineProposal, LineStep, ToWorker};
use ruhu_core::ids::{FindingId, LineId};
use ruhu_core::roster::By;
use ruhu_port::ask::{LineAsk, Nothing, TodayAsk};
use ruhu_port::view::{self, CompletionView, LineStanding, LineView, ReceiptState};
use ruhu_port::{Port, Remedy};
use ruhu_sim::village::Village;
use serde_json::{Value, json};

use crate::on;

const ONE: LineId = LineId::from_bytes([6; 16]);
const FINDING: FindingId = FindingId::from_bytes([7; 16]);
const QUOTE: &str = "五·3 「扣發年終獎10%」";

/// What the desk says of a line about the worker of the first grid.
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
fn told(village: &Village, line: LineId, step: LineStep, words: &'static str) {
    let (lead, community) = (village.hub.lead(), village.hub.community());
    let event = LineEvent { line, worker: village.worker(1), step, by: By::Desk(lead) };
    village
        .hub
        .hub()
        .office(move |desk| desk.tell(lead, community, ToWorker::Line(event), words))
        .map(drop)
        .unwrap();
}

#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
fn proposal(kind: LineKind, amount: Amount, ground: Ground) -> LineStep {
    LineStep::Proposed(Box::new(LineProposal {
        kind,
        rule: "D1b-25".parse().unwrap(),
        quote: QUOTE.into(),
        amount,
        ground,
        released: vec!["L-7 示政发〔2026〕13号".into()],
        reply_by: "2026-07-15".parse().unwrap(),
    }))
}

fn deduction() -> LineStep {
    proposal(LineKind::Deduction, Amount::YearEndBonus { percent: 10 }, Ground::Finding(FINDING))
}

#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
fn only(port: &mut Port) -> LineView {
    let mut all = port.messages(Nothing {}).unwrap().lines;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
fn waiting(port: &mut Port) -> u32 {
    let today = port.today(TodayAsk::default()).unwrap().waiting;
    assert_eq!(today, port.messages(Nothing {}).unwrap().waiting);
    today
}

#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
fn receipt(port: &mut Port) -> (String, ReceiptState) {
    let latest = port.receipts(Nothing {}).unwrap().remove(0);
    (latest.kind, latest.state)
}

fn says(line: &LineView, words: &str) -> LineAsk {
    LineAsk { line: line.id.clone(), words: words.into() }
}

#[test]
fn a_deduction_is_read_answered_confirmed_appealed_against_and_dropped() {
    let village = Village::new(94, 3);
    let mut phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    told(&village, ONE, deduction(), "认定已经生效");
    village.sync(&mut phone);
    let (mut phone, ()) = on(phone, |port| {
        let one = only(port);
        assert_eq!((one.kind, one.standing), (view::LineKind::Deduction, LineStanding::Draft));
        assert_eq!((one.rule.as_str(), one.quote.as_str(), one.bonus_percent), ("D1b-25", QUOTE, Some(10)));
        assert_eq!((one.finding.clone(), one.completion.clone()), (Some(FINDING.to_string()), None));
        assert_eq!(one.released, ["L-7 示政发〔2026〕13号"]);
        assert_eq!((one.reason.as_str(), one.reply_by.as_str()), ("认定已经生效", "2026-07-15"));
        assert!(one.may_reply && !one.may_appeal && one.appeal_by.is_none() && !one.ended);
        assert_eq!(waiting(port), 1);
        let silent = port.reply_line(says(&one, " ")).unwrap_err();
        assert_eq!((silent.remedy, silent.problems[0].field.as_str()), (Remedy::FixForm, "words"));
        let early = port.appeal_line(says(&one, "不同意")).unwrap_err();
        assert_eq!((early.remedy, early.problems.len()), (Remedy::FixForm, 0), "nobody has decided");
        let said = port.reply_line(says(&one, " 已经补访 ")).unwrap().lines.remove(0);
        assert_eq!((said.standing, said.reply.as_str()), (LineStanding::Answered, "已经补访"));
        assert!(!said.may_reply);
        assert_eq!((waiting(port), receipt(port)), (0, ("line-reply".into(), ReceiptState::Unsent)));
        let again = port.reply_line(says(&one, "再说一次")).unwrap_err();
        assert_eq!((again.remedy, again.problems.len()), (Remedy::FixForm, 0));
    });
    assert_eq!(village.sync(&mut phone).accepted, 1);
    village.to("2026-07-06 10:00");
    let confirmed = LineStep::Confirmed { appeal_by: "2026-07-20".parse().ok() };
    told(&village, ONE, confirmed, "照规定办理");
    village.sync(&mut phone);
    let (mut phone, ()) = on(phone, |port| {
        assert_eq!(receipt(port), ("line-reply".into(), ReceiptState::Accepted));
        let one = only(port);
        assert_eq!((one.standing, one.decided_words.as_str()), (LineStanding::Confirmed, "照规定办理"));
        assert!(one.may_appeal && !one.ended && one.appeal_by.as_deref() == Some("2026-07-20"));
        assert_eq!(waiting(port), 0, "an appeal is his choice, and nobody waits for it");
        assert_eq!(port.appeal_line(says(&one, "")).unwrap_err().problems[0].field, "words");
        let said = port.appeal_line(says(&one, "年终奖不在本制度之内")).unwrap().lines.remove(0);
        assert_eq!((said.standing, said.may_appeal, said.ended), (LineStanding::Appealed, false, false));
        assert_eq!(receipt(port), ("line-appeal".into(), ReceiptState::Unsent));
    });
    assert_eq!(village.sync(&mut phone).accepted, 1);
    village.to("2026-07-08 10:00");
    told(&village, ONE, LineStep::Heard { reversed: true }, "规定没有写每次,撤销");
    village.sync(&mut phone);
    let (_, ()) = on(phone, |port| {
        let one = only(port);
        assert_eq!((one.standing, one.ended), (LineStanding::Withdrawn, true));
        assert_eq!((one.heard_words.as_str(), one.withdrawn_words.as_str()), ("规定没有写每次,撤销", ""));
        assert_eq!((one.appeal_words.as_str(), one.reply.as_str()), ("年终奖不在本制度之内", "已经补访"));
    });
    village.assert_verifies();
    assert_eq!(village.waiting(), [], "nothing was refused on the way");
}

#[test]
fn a_reward_shows_what_was_completed_and_no_amount_the_rule_does_not_state() {
    let village = Village::new(95, 3);
    let mut phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let period = "2026Q2".parse().unwrap();
    let done = Completion {
        period,
        due: 6,
        done: 5,
        deducted: 1,
        outstanding: 0,
        key_outstanding: 0,
        requests: 2,
        corrections: 1,
    };
    told(&village, ONE, proposal(LineKind::Reward, Amount::Unset, Ground::Completion(done)), "按质按量完成");
    told(&village, ONE, LineStep::Confirmed { appeal_by: None }, "同意");
    village.sync(&mut phone);
    let (_, ()) = on(phone, |port| {
        let one = only(port);
        assert_eq!((one.kind, one.bonus_percent, one.finding), (view::LineKind::Reward, None, None));
        let shown = CompletionView {
            period: "2026Q2".into(),
            due: 6,
            done: 5,
            deducted: 1,
            outstanding: 0,
            requests: 2,
            corrections: 1,
        };
        assert_eq!(one.completion, Some(shown));
        assert!(one.ended && !one.may_reply && !one.may_appeal && one.appeal_by.is_none());
    });
}

#[test]
fn a_line_dropped_after_it_was_confirmed_says_why_both_times() {
    let village = Village::new(96, 3);
    let mut phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    told(&village, ONE, deduction(), "认定已经生效");
    village.to("2026-07-03 10:00");
    told(&village, ONE, LineStep::Confirmed { appeal_by: "2026-07-20".parse().ok() }, "照规定办理");
    village.to("2026-07-04 10:00");
    told(&village, ONE, LineStep::Withdrawn, "认定经复核撤销");
    village.sync(&mut phone);
    let (_, ()) = on(phone, |port| {
        let one = only(port);
        assert_eq!((one.standing, one.ended, one.may_appeal), (LineStanding::Withdrawn, true, false));
        assert_eq!(
            (one.decided_words.as_str(), one.withdrawn_words.as_str()),
            ("照规定办理", "认定经复核撤销")
        );
    });
}

#[test]
fn what_is_said_of_no_line_is_refused_and_in_practice_there_are_none() {
    let village = Village::new(97, 3);
    let mut phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    told(&village, ONE, deduction(), "认定已经生效");
    village.sync(&mut phone);
    let (_, ()) = on(phone, |port| {
        let nobodys = |port: &mut Port, with: &Value| {
            let why = port.ask("reply_line", &with.to_string()).unwrap_err();
            (why.remedy, why.problems.iter().map(|one| one.field.clone()).collect::<Vec<_>>())
        };
        let unread = json!({ "line": "6/1", "words": "不同意" });
        assert_eq!(nobodys(port, &unread), (Remedy::FixForm, vec!["line".to_owned()]));
        let unknown = json!({ "line": LineId::from_bytes([8; 16]).to_string(), "words": "不同意" });
        assert_eq!(nobodys(port, &unknown), (Remedy::FixForm, vec![]));
        port.ask("practice", &json!({ "on": true }).to_string()).unwrap();
        let own = json!({ "line": ONE.to_string(), "words": "不同意" });
        assert_eq!(
            nobodys(port, &own),
            (Remedy::FixForm, vec![]),
            "nothing said in practice reaches the file"
        );
        port.ask("practice", &json!({ "on": false }).to_string()).unwrap();
        let one = only(port);
        assert_eq!((one.standing, waiting(port)), (LineStanding::Draft, 1));
    });
}
