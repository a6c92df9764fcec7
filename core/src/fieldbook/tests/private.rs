//! Doors to ask at again and questions about one's own records: from the desk to one worker, and his word back.

use super::*;
use crate::entry::{
    Account, FindingEvent, FindingStep, OfficeAct, Payload, ReasonBody, RevisitKey, RevisitTask, Ruling,
    StreamId, ToWorker, Told,
};
use crate::fieldbook::{LOCKED, OwnFinding, Revisit, RevisitAnswer};
use crate::finding::Stage;
use crate::ids::{AccountId, FindingId, RecheckId};
use crate::roster::By;
use crate::store::{EntryState, Projector, log};
use crate::visit::{Field, Problem};

const DAY_MS: i64 = 86_400_000;
pub(super) const ME: WorkerId = WorkerId::from_bytes([2; 16]);
const DESK: AccountId = AccountId::from_bytes([9; 16]);
const ONE: FindingId = FindingId::from_bytes([7; 16]);

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn key(nth: u32) -> RevisitKey {
    RevisitKey { draw: RecheckId::from_bytes([5; 16]), nth, round: 1 }
}

fn came() -> RevisitAnswer {
    let (on, came_on) = (day("2026-07-05"), Some(day("2026-06-20")));
    RevisitAnswer { on, by_phone: false, told: Told::Came, came_on, people: Some(3) }
}

fn nobody_came() -> RevisitAnswer {
    RevisitAnswer { told: Told::NobodyCame, came_on: None, people: None, ..came() }
}

/// What the desk says to a worker, as it comes with a sync; `late` days after today.
pub(super) fn told(book: &mut Fieldbook, to: WorkerId, said: ToWorker, words: &str, late: i64) {
    let act = OfficeAct { to_worker: Some(said), ..OfficeAct::of(DESK) };
    let payload = Payload::of_office(&act, &ReasonBody { words: words.into() }, [1; 16]);
    let recorded_ms = clock().wall.timestamp_millis() + late * DAY_MS;
    let kept = book.store.write("receive", |tx| -> Result<(), StoreError> {
        let stream = StreamId::Worker(to);
        let kept = log::Kept { payload: payload.clone(), recorded_ms };
        log::keep(tx, stream, u64::try_from(late + 1000).unwrap(), &kept, true)?;
        let mut projector = Projector::new(tx);
        projector.take(&payload, recorded_ms, Some(stream))?;
        projector.finish().map(drop)
    });
    kept.unwrap();
}

fn task(book: &mut Fieldbook, key: RevisitKey, due: Option<&str>, late: i64) {
    let task = RevisitTask { key, worker: ME, due: due.map(day) };
    told(book, ME, ToWorker::Task(task), "阳光小区 1栋 101", late);
}

fn step(book: &mut Fieldbook, step: FindingStep, words: &str, late: i64) {
    let event = FindingEvent { finding: ONE, worker: ME, step, by: By::Desk(DESK) };
    told(book, ME, ToWorker::Finding(event), words, late);
}

fn asked(book: &mut Fieldbook, created: &Created, record: Hash32, late: i64) {
    let asked = FindingStep::Asked {
        record,
        unit: Unit::Household(created.household),
        visited_on: day("2026-07-05"),
        contradicted_by: key(9),
        reply_by: day("2026-07-15"),
    };
    step(book, asked, "复访时住户说本期没有人来过", late);
}

fn decided(book: &mut Fieldbook, ruling: Ruling, appeal_by: Option<&str>, late: i64) {
    step(book, FindingStep::Decided { ruling, appeal_by: appeal_by.map(day) }, "两次复访一致", late);
}

/// A book with one visit of which the desk asks.
fn in_doubt() -> Fieldbook {
    let mut book = enrolled(":memory:");
    let created = household(&mut book);
    let record = book.save_visit(draft(&created), &[]).unwrap().record.unwrap();
    asked(&mut book, &created, record, 1);
    book
}

fn only(book: &Fieldbook) -> OwnFinding {
    let mut all = book.findings().unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

pub(super) fn quarantine(book: &mut Fieldbook, record: Hash32) {
    let state = EntryState::Quarantined { reason: "unknown_subject".into() };
    book.store.write("refuse", |tx| outbox::note(tx, record, &state, false)).unwrap();
}

/// The hub has received it, and puts it where it belongs in time.
pub(super) fn accepted(book: &mut Fieldbook, record: Hash32, late: i64) {
    let recorded_ms = clock().wall.timestamp_millis() + late * DAY_MS;
    let state = EntryState::Accepted {
        stream: StreamId::Worker(ME),
        seq: u64::try_from(late).unwrap(),
        recorded_ms,
        counts_in: None,
        received_ms: recorded_ms,
    };
    book.store.write("receipt", |tx| outbox::note(tx, record, &state, false)).unwrap();
}

fn shape(all: &[Revisit]) -> Vec<(u32, bool, bool)> {
    all.iter().map(|one| (one.key.nth, one.overdue, one.answer.is_some())).collect()
}

#[test]
fn doors_to_ask_at_again_stand_by_their_day_until_the_desk_takes_them_back() {
    let mut book = enrolled(":memory:");
    assert_eq!((book.revisits().unwrap().len(), book.waiting().unwrap()), (0, 0));
    task(&mut book, key(0), Some("2026-07-20"), 0);
    task(&mut book, key(1), Some("2026-07-04"), 0);
    task(&mut book, key(2), Some("2026-07-10"), 0);
    let all = book.revisits().unwrap();
    assert_eq!(shape(&all), [(1, true, false), (2, false, false), (0, false, false)]);
    assert_eq!((all[0].place.as_str(), book.waiting().unwrap()), ("阳光小区 1栋 101", 3));
    task(&mut book, key(1), None, 1);
    task(&mut book, key(0), Some("2026-07-06"), 2);
    let all = book.revisits().unwrap();
    assert_eq!(shape(&all), [(0, false, false), (2, false, false)], "one is taken back, one has another day");
}

#[test]
fn another_workers_task_is_none_of_mine() {
    let mut book = enrolled(":memory:");
    let other = WorkerId::from_bytes([8; 16]);
    let task = RevisitTask { key: key(0), worker: other, due: Some(day("2026-07-20")) };
    told(&mut book, other, ToWorker::Task(task), "别处", 0);
    assert_eq!(book.revisits().unwrap(), []);
}

#[test]
fn an_answer_is_kept_at_once_outlives_the_program_and_goes_to_the_stream_no_phone_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let mut book = enrolled(path.to_str().unwrap());
    task(&mut book, key(0), Some("2026-07-04"), 1);
    let saved = book.answer_revisit(key(0), nobody_came(), " 住户是老人 ").unwrap();
    let (entries, _) = outbox::to_send(book.store.read(), usize::MAX).unwrap();
    let sent = &entries[0].envelope;
    assert_eq!((sent.unit, sent.stream), (None, StreamId::Answers(CommunityId::from_bytes([4; 16]))));
    assert_eq!(Some(sent.payload_hash), saved.record);
    drop(book);
    let mut book = self::book(path.to_str().unwrap());
    let one = book.revisits().unwrap().remove(0);
    assert_eq!((one.answer, one.remark.as_str(), one.overdue), (Some(nobody_came()), "住户是老人", false));
    assert_eq!(book.waiting().unwrap(), 0);
    book.answer_revisit(key(0), came(), "").unwrap();
    let one = book.revisits().unwrap().remove(0);
    assert_eq!((one.answer, one.remark.as_str()), (Some(came()), ""), "the latest counts");
    assert_eq!(book.outbox().unwrap().unsent, 2);
    task(&mut book, key(0), None, 3);
    assert_eq!(book.revisits().unwrap(), [], "the desk has it");
}

#[test]
fn an_answer_the_hub_refused_leaves_the_door_to_ask_at() {
    let mut book = enrolled(":memory:");
    task(&mut book, key(0), Some("2026-07-20"), 0);
    let record = book.answer_revisit(key(0), came(), "").unwrap().record.unwrap();
    quarantine(&mut book, record);
    assert_eq!((book.revisits().unwrap()[0].answer, book.waiting().unwrap()), (None, 1));
}

#[test]
fn an_answer_with_a_day_that_cannot_be_or_to_a_door_nobody_asked_for_changes_nothing() {
    let mut book = enrolled(":memory:");
    task(&mut book, key(0), Some("2026-07-20"), 0);
    task(&mut book, key(1), Some("2026-07-20"), 0);
    task(&mut book, key(1), None, 1);
    let mut said = |key, answer, remark: &str| book.answer_revisit(key, answer, remark).unwrap_err();
    for unknown in [key(1), key(2)] {
        assert!(matches!(said(unknown, came(), ""), FieldbookError::UnknownRevisit(_)));
    }
    let wrong = [
        (RevisitAnswer { on: day("2026-07-06"), ..came() }, Problem::InFuture(Field::VisitedOn)),
        (
            RevisitAnswer { on: day("2025-01-01"), came_on: None, ..came() },
            Problem::TooLongAgo { field: Field::VisitedOn, days: 400 },
        ),
        (RevisitAnswer { came_on: Some(day("2026-07-06")), ..came() }, Problem::InFuture(Field::CameOn)),
        (
            RevisitAnswer { on: day("2026-07-01"), came_on: Some(day("2026-07-02")), ..came() },
            Problem::Contradicts(Field::CameOn, Field::VisitedOn),
        ),
        (RevisitAnswer { told: Told::Unsure, ..came() }, Problem::Contradicts(Field::CameOn, Field::Outcome)),
    ];
    for (answer, problem) in wrong {
        match said(key(0), answer, "") {
            FieldbookError::Problems(problems) => assert_eq!(problems, [problem]),
            other => panic!("{other}"),
        }
    }
    assert!(matches!(said(key(0), came(), &"字".repeat(501)), FieldbookError::OutOfBounds(_)));
    assert_eq!(book.outbox().unwrap(), OutboxCounts::default());
}

#[test]
fn a_door_this_phone_holds_itself_is_shown_by_the_words_of_the_desk_alone() {
    let mut book = enrolled(":memory:");
    let created = household(&mut book);
    book.save_visit(draft(&created), &[]).unwrap();
    task(&mut book, key(0), Some("2026-07-20"), 0);
    let one = book.revisits().unwrap().remove(0);
    let place = "阳光小区 1栋 101".to_owned();
    let blind = Revisit {
        key: key(0),
        place,
        due: day("2026-07-20"),
        overdue: false,
        answer: None,
        remark: String::new(),
    };
    assert_eq!(one, blind);
}

#[test]
fn the_worker_is_asked_answers_is_found_against_appeals_and_is_heard() {
    let mut book = in_doubt();
    let one = only(&book);
    assert_eq!((one.stage, one.may_account, one.may_appeal, one.ended), (Stage::Asked, true, false, false));
    assert_eq!(one.question, "复访时住户说本期没有人来过");
    assert_eq!(one.address.map(|address| address.door), Some("101".into()));
    assert_eq!(one.outcome, Some(VisitOutcome::Met { place: MeetingPlace::Inside }));
    assert_eq!(book.waiting().unwrap(), 1);
    book.account(ONE, Account::MetAnother, "见的是儿媳").unwrap();
    let one = only(&book);
    assert_eq!((one.stage, one.may_account), (Stage::Accounted, false));
    assert_eq!((one.account, one.account_words.as_str()), (Some(Account::MetAnother), "见的是儿媳"));
    assert_eq!((one.ruling, book.waiting().unwrap()), (None, 0));
    decided(&mut book, Ruling::Missed, Some("2026-07-20"), 4);
    // Its time is the phone's own until the hub has it, and that clock stands before the desk's.
    let one = only(&book);
    assert_eq!((one.stage, one.ruling, one.may_appeal), (Stage::Decided, Some(Ruling::Missed), true));
    assert_eq!((one.reason.as_str(), book.waiting().unwrap()), ("两次复访一致", 0));
    book.appeal(ONE, "当天有邻居在场").unwrap();
    let one = only(&book);
    assert_eq!(
        (one.stage, one.may_appeal, one.appeal_words.as_str()),
        (Stage::Appealed, false, "当天有邻居在场")
    );
    let (entries, _) = outbox::to_send(book.store.read(), usize::MAX).unwrap();
    let last = &entries.last().unwrap().envelope;
    assert_eq!((last.unit, last.stream), (None, StreamId::Worker(ME)));
}

#[test]
fn once_heard_the_result_and_its_reason_are_told_and_it_goes_below() {
    let mut book = in_doubt();
    decided(&mut book, Ruling::Falsified, Some("2026-07-20"), 2);
    let appealed = book.appeal(ONE, "当天有邻居在场").unwrap().record.unwrap();
    accepted(&mut book, appealed, 3);
    step(&mut book, FindingStep::Heard { reversed: true }, "邻居证实", 4);
    let one = only(&book);
    assert_eq!((one.stage, one.reversed, one.ended), (Stage::Heard, Some(true), true));
    assert_eq!((one.heard_words.as_str(), one.ruling), ("邻居证实", Some(Ruling::Falsified)));
}

#[test]
fn nothing_is_said_out_of_turn_without_words_or_too_late() {
    let mut book = in_doubt();
    let before = book.outbox().unwrap();
    let other = FindingId::from_bytes([8; 16]);
    let unknown = book.account(other, Account::AsRecorded, "").unwrap_err();
    assert!(matches!(unknown, FieldbookError::UnknownFinding(_)));
    for account in [Account::Other, Account::MetAnother, Account::Mixed] {
        let silent = book.account(ONE, account, " ").unwrap_err();
        assert!(matches!(silent, FieldbookError::ReasonMissing), "{silent}");
    }
    assert!(
        matches!(book.appeal(ONE, "不服").unwrap_err(), FieldbookError::StepPassed(_)),
        "nothing is found"
    );
    decided(&mut book, Ruling::Inaccurate, Some("2026-07-04"), 2);
    let late = book.account(ONE, Account::AsRecorded, "").unwrap_err();
    assert!(matches!(late, FieldbookError::StepPassed(_)), "{late}");
    let late = book.appeal(ONE, "不服").unwrap_err();
    assert!(matches!(late, FieldbookError::StepPassed(_)), "the last day was yesterday");
    assert!(only(&book).ended);
    assert_eq!(book.outbox().unwrap(), before);
    let mut cleared = in_doubt();
    decided(&mut cleared, Ruling::Cleared, None, 2);
    assert!(matches!(cleared.appeal(ONE, "不服").unwrap_err(), FieldbookError::StepPassed(_)));
    assert!(only(&cleared).ended && !only(&cleared).may_appeal);
}

#[test]
fn an_account_is_taken_after_its_day_while_nobody_has_found() {
    let mut book = enrolled(":memory:");
    let created = household(&mut book);
    let asked = FindingStep::Asked {
        record: Hash32([3; 32]),
        unit: Unit::Household(created.household),
        visited_on: day("2026-06-01"),
        contradicted_by: key(9),
        reply_by: day("2026-07-01"),
    };
    step(&mut book, asked, "", -10);
    let one = only(&book);
    assert_eq!((one.may_account, one.outcome), (true, None), "the record is not on this phone");
    book.account(ONE, Account::AsRecorded, "").unwrap();
    assert_eq!(only(&book).stage, Stage::Accounted);
}

#[test]
fn an_account_the_hub_refused_is_asked_for_again() {
    let mut book = in_doubt();
    let record = book.account(ONE, Account::NoVisit, "").unwrap().record.unwrap();
    quarantine(&mut book, record);
    let one = only(&book);
    assert_eq!((one.stage, one.account, one.may_account), (Stage::Asked, None, true));
}

#[test]
fn of_a_household_this_phone_holds_no_more_no_address_is_shown() {
    let mut book = in_doubt();
    book.store
        .write("forget", |tx| tx.execute("DELETE FROM unit", []).map_err(StoreError::of("forget")))
        .unwrap();
    assert_eq!(only(&book).address, None);
}

#[test]
fn while_names_are_locked_the_desks_words_are_too_and_an_answer_is_taken_all_the_same() {
    let mut book = in_doubt();
    let long_ago = clock().wall.timestamp_millis() - 90 * DAY_MS;
    let then = PhoneTime::wall_only(clock().wall - chrono::TimeDelta::days(90));
    book.store.write("lease", |tx| lease::renew(tx, long_ago, then)).unwrap();
    assert_eq!(only(&book).question, LOCKED);
    book.account(ONE, Account::AsRecorded, "").unwrap();
    assert_eq!(only(&book).stage, Stage::Accounted);
}

#[test]
fn what_is_read_with_every_due_list_is_found_by_its_index() {
    let book = in_doubt();
    let sql =
        "EXPLAIN QUERY PLAN SELECT payload FROM entry WHERE stream = ?1 AND substr(stream, 1, 1) = x'03'";
    let plan: String = book.store.read().query_row(sql, [vec![3u8; 17]], |row| row.get(3)).unwrap();
    assert!(plan.contains("entry_private"), "{plan}");
}
