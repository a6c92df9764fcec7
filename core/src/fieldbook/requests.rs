//! 诉求, 隐患 – what residents asked for, what came of it, and what the worker says of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::today::effective;
use super::{Fieldbook, FieldbookError, Saved};
use crate::community::CommunityFile;
use crate::entry::{Contents, Record, RequestEvent, RequestOwner, RequestStep};
use crate::ids::{RequestId, WorkerId};
use crate::request::{Course, Step, Taken};
use crate::roster::Unit;
use crate::store::{log, units};

/// 诉求, 隐患 – something a visit raised, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RaisedRequest {
    /// Its id.
    pub id: RequestId,
    /// The resident's words, or what the danger is.
    pub words: String,
    /// 期望, or the place of a danger.
    pub more: String,
    /// 隐患.
    pub hazard: bool,
    /// The day of the visit.
    pub raised_on: NaiveDate,
    /// The latest step; `None` while it was only noticed.
    pub step: Option<RequestStep>,
    /// 办结 – solved on the spot, or closed since.
    pub closed: bool,
    /// 待告知 – something came of it and the resident does not know yet.
    pub to_tell: bool,
    /// What came of it, in the words of whoever handled it; may be empty.
    pub result: String,
    /// 承办 – who is to handle it, by name; empty where nobody was said.
    pub owner: String,
    /// Whether that is this worker, and it is not handled yet.
    pub mine: bool,
    /// 时限 – the last day to handle it.
    pub due: Option<NaiveDate>,
    /// 逾期 – not handled though that day has passed.
    pub overdue: bool,
}

/// What a worker can say of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestAnswer {
    /// 已办理 – it was handled; the words say what was done.
    Handled,
    /// 已告知 – the resident was told.
    Told,
    /// 不属我办 – it is for somebody else; the words say for whom.
    NotMine,
}

impl RequestAnswer {
    const fn step(self) -> RequestStep {
        match self {
            Self::Handled => RequestStep::Handled,
            Self::Told => RequestStep::Replied,
            Self::NotMine => RequestStep::PassedUp,
        }
    }

    /// Whether it means nothing without words.
    #[must_use]
    pub const fn needs_words(self) -> bool {
        !matches!(self, Self::Told)
    }
}

impl Fieldbook {
    /// 诉求, 隐患 – what visits to a unit raised, the latest first; those closed as well. Empty while names are locked.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownUnit`].
    pub fn requests(&self, unit: Unit) -> Result<Vec<RaisedRequest>, FieldbookError> {
        let db = self.store.read();
        let row = units::find(db, unit)?.ok_or(FieldbookError::UnknownUnit(unit))?;
        if self.is_locked()? {
            return Ok(Vec::new());
        }
        let standing = effective(&row.file);
        let mut raised: BTreeMap<RequestId, RaisedRequest> = BTreeMap::new();
        let mut courses: BTreeMap<RequestId, Course> = BTreeMap::new();
        for kept in log::about(db, unit)? {
            let entry = kept.payload.hash();
            let Ok(contents) = kept.payload.read() else { continue };
            if let Some(event) = contents.request_event() {
                let step = Step { at_ms: kept.recorded_ms, entry, step: event.step };
                let (event, words) = (event.clone(), contents.reason_words().to_owned());
                courses.entry(event.request).or_default().take(Taken { step, event, words });
                continue;
            }
            let Contents::Visit { skeleton, body: Some(body) } = contents else { continue };
            if !standing.contains(&entry) {
                continue;
            }
            let on = skeleton.visited_on;
            let asked = body.requests.into_iter();
            let asked = asked.map(|one| noticed(one.id, one.words, one.wanted, on, one.solved_on_the_spot));
            let seen = body.hazards.into_iter();
            let seen = seen.map(|one| RaisedRequest {
                hazard: true,
                ..noticed(one.id, one.words, one.place, on, false)
            });
            for one in asked.chain(seen) {
                raised.insert(one.id, one);
            }
        }
        let (community, today) = (units::community(db)?, self.today()?);
        let own = self.enrolled()?.map(|row| row.worker);
        let mut raised: Vec<RaisedRequest> = raised.into_values().collect();
        for one in &mut raised {
            if let Some(course) = courses.get(&one.id) {
                one.stands(course, &community, own, today);
            }
        }
        raised.sort_by_key(|one| std::cmp::Reverse((one.raised_on, one.id)));
        Ok(raised)
    }

    /// Says what was done about a request that a visit to the unit raised: kept here at once, sent with the next sync.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownRequest`], [`FieldbookError::WordsMissing`], or a record beyond its bounds; nothing was
    /// saved.
    pub fn answer_request(
        &mut self,
        unit: Unit,
        request: RequestId,
        answer: RequestAnswer,
        words: &str,
    ) -> Result<Saved, FieldbookError> {
        if !self.requests(unit)?.iter().any(|one| one.id == request) {
            return Err(FieldbookError::UnknownRequest(request));
        }
        if answer.needs_words() && words.trim().is_empty() {
            return Err(FieldbookError::WordsMissing);
        }
        self.save("答复诉求 answer a request", |saving| {
            let stream = saving.stream_of(&saving.unit(unit)?);
            let (step, by) = (answer.step(), saving.by());
            let event = RequestEvent { unit, request, step, by, owner: None, due: None };
            let record = saving.record(stream, unit, &Record::RequestEvent(event), words)?;
            Ok(Saved { record: Some(record), visit: None, edit: None })
        })
    }

    /// An id for a request or hazard that a visit raises.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn new_request_id(&mut self) -> Result<RequestId, FieldbookError> {
        let now = self.now()?;
        Ok(self.ids.make(now))
    }
}

/// As the visit left it.
const fn noticed(id: RequestId, words: String, more: String, on: NaiveDate, solved: bool) -> RaisedRequest {
    RaisedRequest {
        id,
        words,
        more,
        hazard: false,
        raised_on: on,
        step: None,
        closed: solved,
        to_tell: false,
        result: String::new(),
        owner: String::new(),
        mine: false,
        due: None,
        overdue: false,
    }
}

impl RaisedRequest {
    /// Somebody still has to do something.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        !self.closed || self.to_tell
    }

    fn stands(
        &mut self,
        course: &Course,
        community: &CommunityFile,
        own: Option<WorkerId>,
        today: NaiveDate,
    ) {
        let state = course.state();
        (self.step, self.closed, self.to_tell) = (state.latest(), state.is_closed(), state.is_to_tell());
        course.result().clone_into(&mut self.result);
        self.owner = course.owner().map(|owner| owner_name(owner, community)).unwrap_or_default();
        let charged = own.map(RequestOwner::Worker);
        self.mine = state.is_unhandled() && charged.is_some() && course.owner() == charged.as_ref();
        (self.due, self.overdue) = (course.due(), course.is_overdue(today));
    }
}

fn owner_name(owner: &RequestOwner, community: &CommunityFile) -> String {
    match owner {
        RequestOwner::Worker(id) => {
            community.workers().get(id).map(|worker| worker.name.clone()).unwrap_or_default()
        }
        RequestOwner::Office(name) => name.clone(),
    }
}
