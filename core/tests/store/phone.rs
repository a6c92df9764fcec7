//! A phone in a temporary folder, with a clock that is moved by hand.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use ruhu_core::entry::Payload;
use ruhu_core::fieldbook::Fieldbook;
use ruhu_core::profile::Scalar;
use ruhu_core::roster::Unit;
use ruhu_core::store::outbox;
use ruhu_core::sync::session::Outcome;
use ruhu_core::time::{Clock, PhoneTime};
use ruhu_core::visit::{MeetingPlace, VisitDraft, VisitOutcome};

use crate::hub::{Hub, door, household};
use crate::sealed;

pub(crate) struct HandClock(pub(crate) Mutex<DateTime<Utc>>);

impl Clock for HandClock {
    fn read(&self) -> PhoneTime {
        PhoneTime::wall_only(*self.0.lock().unwrap())
    }
}

pub(crate) struct Phone {
    pub(crate) book: Fieldbook,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) path: String,
    _folder: tempfile::TempDir,
}

pub(crate) const NOW: &str = "2026-07-05T10:00:00Z";

impl Phone {
    pub(crate) fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ruhu.db").to_str().unwrap().to_owned();
        let clock = Arc::new(HandClock(Mutex::new(NOW.parse().unwrap())));
        let book = open(&path, &clock, seed);
        Self { book, clock, path, _folder: folder }
    }

    pub(crate) fn enrolled(seed: u64, hub: &mut Hub, worker: u8) -> Self {
        let mut phone = Self::empty(seed, hub, worker);
        phone.sync(hub);
        phone
    }

    /// Enrolled, and nothing loaded yet.
    pub(crate) fn empty(seed: u64, hub: &mut Hub, worker: u8) -> Self {
        let mut phone = Self::new(seed);
        let request = phone.book.enrol_request("CODE", "trial").unwrap();
        let reply = hub.enrol(worker, &request);
        phone.book.take_enrol_reply("https://hub", 200, &reply).unwrap();
        phone
    }

    pub(crate) fn reopen(&mut self, seed: u64) {
        self.book = open(&self.path, &self.clock, seed);
    }

    /// The payload recorded last, as its file holds it.
    pub(crate) fn last_payload(&self) -> Payload {
        let store = sealed::store(&self.path).unwrap();
        outbox::all(store.read()).unwrap().remove(0).entry.payload
    }

    /// The path of its file, with everything in the one file.
    pub(crate) fn checkpointed(&self) -> &str {
        let db = sealed::raw(&self.path);
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        &self.path
    }

    /// Asks until nothing more is to be asked.
    pub(crate) fn sync(&mut self, hub: &mut Hub) -> Outcome {
        self.book.sync_now();
        for _ in 0..20 {
            let request = self.book.sync_request().unwrap().unwrap();
            let (status, body) = hub.answer(&request.body);
            let outcome = self.book.take_sync_response(status, &body).unwrap();
            if !matches!(outcome, Outcome::Again(_) | Outcome::SignAgain) {
                return outcome;
            }
        }
        panic!("twenty round trips did not suffice");
    }
}

pub(crate) fn open(path: &str, clock: &Arc<HandClock>, seed: u64) -> Fieldbook {
    sealed::book(path, Arc::<HandClock>::clone(clock), seed).unwrap()
}

pub(crate) fn met(nth: u8) -> VisitDraft {
    let mut draft = VisitDraft {
        unit: Some(Unit::Household(household(nth))),
        dwelling: Some(door(nth)),
        outcome: Some(VisitOutcome::Met { place: MeetingPlace::Door }),
        ..VisitDraft::default()
    };
    draft.body.nothing_changed = true;
    draft
}

pub(crate) fn not_home(nth: u8) -> VisitDraft {
    VisitDraft {
        unit: Some(Unit::Household(household(nth))),
        dwelling: Some(door(nth)),
        outcome: Some(VisitOutcome::NotHome { note_left: false }),
        ..VisitDraft::default()
    }
}

/// A household as a unit.
pub(crate) fn at_home(nth: u8) -> Unit {
    Unit::Household(household(nth))
}

/// An edit of a household's telephone.
pub(crate) fn phone_field(value: &str) -> Vec<(String, Scalar)> {
    vec![("p/phone".to_owned(), value.into())]
}
