//! Lines of the ledger: what the worker is told, answers and appeals against.

use super::private::{ME, accepted, day, quarantine, told};
use super::*;
use crate::entry::{Amount, Ground, LineEvent, LineKind, LineProposal, LineStep, StreamId, ToWorker};
use crate::fieldbook::{LOCKED, OwnLine};
use crate::ids::{AccountId, FindingId, LineId};
use crate::ledger::Standing;
use crate::roster::By;

const ONE: LineId = LineId::from_bytes([6; 16]);

fn step(book: &mut Fieldbook, worker: WorkerId, step: LineStep, words: &str, late: i64) {
    let by = By::Desk(AccountId::from_bytes([9; 16]));
    told(book, worker, ToWorker::Line(LineEvent { line: ONE, worker, step, by }), words, late);
}

fn proposal(kind: LineKind) -> LineStep {
    LineStep::Proposed(Box::new(LineProposal {
        kind,
        rule: "D1b-25".parse().unwrap(),
        quote: "五·3 「扣發年終獎10%」".into(),
        amount: Amount::YearEndBonus { percent: 10 },
        ground: Ground::Finding(FindingId::from_bytes([7; 16])),
        released: vec!["L-7 示政发〔2026〕13号".into()],
        reply_by: day("2026-07-15"),
    }))
}

fn proposed(kind: LineKind) -> Fieldbook {
    let mut book = enrolled(":memory:");
    step(&mut book, ME, proposal(kind), "认定已经生效", 0);
    book
}

fn only(book: &Fieldbook) -> OwnLine {
    let mut all = book.own_lines().unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn the_worker_reads_the_rule_answers_appeals_and_reads_the_last_word() {
    let mut book = proposed(LineKind::Deduction);
    let one = only(&book);
    assert_eq!(
        (one.standing, one.may_reply, one.may_appeal, one.ended),
        (Standing::Draft, true, false, false)
    );
    assert_eq!(
        (one.quote.as_str(), one.amount),
        ("五·3 「扣發年終獎10%」", Amount::YearEndBonus { percent: 10 })
    );
    assert_eq!((one.reason.as_str(), book.waiting().unwrap()), ("认定已经生效", 1));
    book.reply_line(ONE, " 已经补访 ").unwrap();
    let one = only(&book);
    assert_eq!((one.standing, one.reply.as_str(), one.may_reply), (Standing::Answered, "已经补访", false));
    assert_eq!(book.waiting().unwrap(), 0);
    step(&mut book, ME, LineStep::Confirmed { appeal_by: Some(day("2026-07-20")) }, "照规定办理", 3);
    let one = only(&book);
    assert_eq!(
        (one.standing, one.may_appeal, one.decided_words.as_str()),
        (Standing::Confirmed, true, "照规定办理")
    );
    let appealed = book.appeal_line(ONE, "年终奖不在本制度之内").unwrap().record.unwrap();
    let one = only(&book);
    assert_eq!((one.standing, one.may_appeal, one.ended), (Standing::Appealed, false, false));
    let (entries, _) = outbox::to_send(book.store.read(), usize::MAX).unwrap();
    let last = &entries.last().unwrap().envelope;
    assert_eq!((last.unit, last.stream), (None, StreamId::Worker(ME)));
    accepted(&mut book, appealed, 5);
    step(&mut book, ME, LineStep::Heard { reversed: true }, "撤销", 9);
    let one = only(&book);
    assert_eq!((one.standing, one.heard_words.as_str(), one.ended), (Standing::Withdrawn, "撤销", true));
}

#[test]
fn nothing_is_said_out_of_turn_without_words_or_of_a_line_about_somebody_else() {
    let mut book = proposed(LineKind::Deduction);
    let before = book.outbox().unwrap();
    assert!(matches!(book.reply_line(ONE, "  ").unwrap_err(), FieldbookError::ReasonMissing));
    assert!(
        matches!(book.appeal_line(ONE, "不服").unwrap_err(), FieldbookError::LinePassed(_)),
        "nothing is decided"
    );
    let unknown = book.reply_line(LineId::from_bytes([8; 16]), "不服").unwrap_err();
    assert!(matches!(unknown, FieldbookError::UnknownLine(_)));
    step(&mut book, ME, LineStep::Confirmed { appeal_by: Some(day("2026-07-04")) }, "照规定办理", 1);
    for late in [book.reply_line(ONE, "不服").unwrap_err(), book.appeal_line(ONE, "不服").unwrap_err()] {
        assert!(
            matches!(late, FieldbookError::LinePassed(_)),
            "decided, and the last day was yesterday: {late}"
        );
    }
    assert_eq!(book.outbox().unwrap(), before);
    let mut other = enrolled(":memory:");
    step(&mut other, WorkerId::from_bytes([8; 16]), proposal(LineKind::Deduction), "别人的", 0);
    assert_eq!(other.own_lines().unwrap(), []);
}

#[test]
fn against_a_reward_there_is_nothing_to_appeal() {
    let mut book = proposed(LineKind::Reward);
    step(&mut book, ME, LineStep::Confirmed { appeal_by: None }, "同意", 1);
    let one = only(&book);
    assert_eq!((one.standing, one.may_appeal, one.ended), (Standing::Confirmed, false, true));
}

#[test]
fn a_confirmed_line_whose_ground_fell_says_why_it_was_confirmed_and_why_it_was_dropped() {
    let mut book = proposed(LineKind::Deduction);
    assert_eq!(only(&book).released, ["L-7 示政发〔2026〕13号"]);
    step(&mut book, ME, LineStep::Confirmed { appeal_by: Some(day("2026-07-20")) }, "照规定办理", 1);
    assert_eq!(only(&book).withdrawn_words, "");
    step(&mut book, ME, LineStep::Withdrawn, "认定已经撤销", 2);
    let one = only(&book);
    assert_eq!((one.standing, one.may_appeal, one.ended), (Standing::Withdrawn, false, true));
    assert_eq!((one.decided_words.as_str(), one.withdrawn_words.as_str()), ("照规定办理", "认定已经撤销"));
}

#[test]
fn an_answer_the_hub_refused_is_asked_for_again() {
    let mut book = proposed(LineKind::Review);
    let record = book.reply_line(ONE, "说明").unwrap().record.unwrap();
    quarantine(&mut book, record);
    assert_eq!((only(&book).standing, only(&book).may_reply), (Standing::Draft, true));
}

#[test]
fn while_names_are_locked_the_desks_words_are_too_and_the_rule_is_not() {
    let mut book = proposed(LineKind::Review);
    let long_ago = clock().wall.timestamp_millis() - 90 * 86_400_000;
    let then = PhoneTime::wall_only(clock().wall - chrono::TimeDelta::days(90));
    book.store.write("lease", |tx| lease::renew(tx, long_ago, then)).unwrap();
    let one = only(&book);
    assert_eq!((one.reason.as_str(), one.quote.as_str()), (LOCKED, "五·3 「扣發年終獎10%」"));
    book.reply_line(ONE, "已经补访").unwrap();
}
