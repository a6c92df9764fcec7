//! A request from the door to the desk and back.

use super::*;
use crate::entry::{OfficeAct, Payload, ReasonBody, RequestEvent, RequestOwner, RequestStep, StreamId};
use crate::fieldbook::{RaisedRequest, RequestAnswer};
use crate::ids::{AccountId, RequestId};
use crate::roster::By;
use crate::store::{Projector, log};
use crate::visit::{Request, VisitBody};

const DAY_MS: i64 = 86_400_000;

struct Told {
    book: Fieldbook,
    unit: Unit,
    request: RequestId,
    visit: Hash32,
    _folder: tempfile::TempDir,
}

impl Told {
    /// A visit on which the resident said that the lamp is broken.
    fn lamp() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut book = enrolled(folder.path().join("a.db").to_str().unwrap());
        let created = household(&mut book);
        let request = book.new_request_id().unwrap();
        let asked = Request {
            id: request,
            words: "路灯不亮".into(),
            wanted: "换灯".into(),
            solved_on_the_spot: false,
        };
        let body = VisitBody { requests: vec![asked], ..VisitBody::default() };
        let saved = book.save_visit(VisitDraft { body, ..draft(&created) }, &[]).unwrap();
        let (unit, visit) = (Unit::Household(created.household), saved.record.unwrap());
        Self { book, unit, request, visit, _folder: folder }
    }

    fn one(&self) -> RaisedRequest {
        let mut all = self.book.requests(self.unit).unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    /// What the desk did, as it comes with a sync; `late` days after the visit.
    fn desk(&mut self, step: RequestStep, owner: Option<RequestOwner>, words: &str, late: i64) {
        let account = AccountId::from_bytes([9; 16]);
        let event = RequestEvent {
            unit: self.unit,
            request: self.request,
            step,
            by: By::Desk(account),
            due: owner.is_some().then(|| NaiveDate::from_ymd_opt(2026, 7, 4).unwrap()),
            owner,
        };
        let act = OfficeAct { request: Some(event), ..OfficeAct::of(account) };
        let salt = [u8::try_from(late).unwrap(); 16];
        let payload = Payload::of_office(&act, &ReasonBody { words: words.into() }, salt);
        let recorded_ms = clock().wall.timestamp_millis() + late * DAY_MS;
        let stream = StreamId::Grid(GridId::from_bytes([6; 16]));
        let seq = u64::try_from(late).unwrap();
        let kept = self.book.store.write("receive", |tx| -> Result<(), StoreError> {
            let mut projector = Projector::new(tx);
            let kept = log::Kept { payload: payload.clone(), recorded_ms };
            log::keep(tx, stream, seq, &kept, true)?;
            projector.take(&payload, recorded_ms, Some(stream))?;
            projector.finish().map(drop)
        });
        kept.unwrap();
    }

    fn on_the_due_list(&self) -> u32 {
        let list = self.book.due(None, None).unwrap();
        list.rows.iter().filter(|row| row.due.unit == self.unit).map(|row| row.due.open_requests).sum()
    }
}

#[test]
fn a_request_goes_to_the_worker_and_ends_when_the_resident_was_told_and_the_desk_closed_it() {
    let mut told = Told::lamp();
    assert_eq!((told.one().step, told.one().mine, told.on_the_due_list()), (None, false, 1));
    let me = RequestOwner::Worker(WorkerId::from_bytes([2; 16]));
    told.desk(RequestStep::Assigned, Some(me), "请换灯", 1);
    assert!(told.one().mine && told.one().overdue, "the day passed yesterday");
    assert_eq!(told.one().due, NaiveDate::from_ymd_opt(2026, 7, 4));
    let (unit, request) = (told.unit, told.request);
    told.desk(RequestStep::Handled, None, "物业已换灯", 2);
    assert!(told.one().to_tell && !told.one().mine);
    assert_eq!(told.one().result, "物业已换灯");
    told.desk(RequestStep::Closed, None, "", 3);
    assert!(told.one().closed && told.one().to_tell);
    assert_eq!(told.on_the_due_list(), 1, "somebody still tells the resident");
    // The phone's own clock stands before the desk's: what it says counts where the hub puts it.
    told.book.answer_request(unit, request, RequestAnswer::Told, "").unwrap();
    assert!(told.one().to_tell);
    told.desk(RequestStep::Replied, None, "电话告知", 4);
    assert!(!told.one().is_waiting(), "it was closed before, and stays so");
    assert_eq!(told.on_the_due_list(), 0);
}

#[test]
fn what_the_worker_says_is_kept_at_once_and_goes_out_with_the_rest() {
    let mut told = Told::lamp();
    let (unit, request) = (told.unit, told.request);
    let before = told.book.outbox().unwrap().unsent;
    told.book.answer_request(unit, request, RequestAnswer::Handled, "换了灯泡").unwrap();
    assert_eq!((told.one().step, told.one().result.as_str()), (Some(RequestStep::Handled), "换了灯泡"));
    told.book.answer_request(unit, request, RequestAnswer::NotMine, "属于路灯管理处").unwrap();
    told.book.answer_request(unit, request, RequestAnswer::Told, "").unwrap();
    assert_eq!(told.book.outbox().unwrap().unsent, before + 3);
}

#[test]
fn an_answer_without_words_or_to_nobodys_request_changes_nothing() {
    let mut told = Told::lamp();
    let (unit, request) = (told.unit, told.request);
    let before = told.book.outbox().unwrap();
    for answer in [RequestAnswer::Handled, RequestAnswer::NotMine] {
        let said = told.book.answer_request(unit, request, answer, "  ");
        assert!(matches!(said, Err(FieldbookError::WordsMissing)), "{said:?}");
    }
    let other = RequestId::from_bytes([77; 16]);
    let said = told.book.answer_request(unit, other, RequestAnswer::Told, "");
    assert!(matches!(said, Err(FieldbookError::UnknownRequest(_))), "{said:?}");
    let long = "字".repeat(501);
    let said = told.book.answer_request(unit, request, RequestAnswer::Handled, &long);
    assert!(matches!(said, Err(FieldbookError::OutOfBounds(_))), "{said:?}");
    assert_eq!(told.book.outbox().unwrap(), before);
}

#[test]
fn a_visit_taken_back_takes_its_request_with_it() {
    let mut told = Told::lamp();
    told.book.withdraw(told.visit, "录错户").unwrap();
    assert!(told.book.requests(told.unit).unwrap().is_empty());
    assert_eq!(told.on_the_due_list(), 0);
}
