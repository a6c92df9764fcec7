//! 诉求, 隐患 – what residents asked for, where each request stands, and what the desk does about it (`domain.md` 2.5).

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate};
use ruhu_core::community::CommunityFile;
use ruhu_core::entry::{Contents, RequestEvent, RequestOwner, RequestStep};
use ruhu_core::ids::{Hash32, RequestId};
use ruhu_core::life::Standing;
use ruhu_core::request::{Course, RequestState, Step, Taken};
use ruhu_core::roster::{By, Unit};

use super::Order;
use super::duty::is_here;
use crate::ingest::office::{Act, ActError, Done};
use crate::storage::log::Pos;
use crate::storage::requests::RequestRow;
use crate::storage::units::{UnitNr, UnitRow};
use crate::storage::{Hub, StorageError, Tx};

/// Longest words of a step, in characters.
pub const WORDS_MAX: usize = 500;
/// Most days a request may be given.
pub const DAYS_MAX: u64 = 366;

/// 诉求 – one request as lists need it: no words, nothing read from the log.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Of whom.
    pub row: UnitRow,
    /// Which.
    pub id: RequestId,
    /// Where it stands.
    pub state: RequestState,
    /// The last day to handle it.
    pub due: Option<NaiveDate>,
    /// When it was closed, milliseconds since 1970 UTC.
    pub closed_ms: Option<i64>,
    /// The visit that raised it; of a correction, the last.
    raised: Pos,
    steps: Vec<Pos>,
}

/// 诉求 – one request with its words.
#[derive(Clone, Debug)]
pub struct Request {
    /// The day of the visit.
    pub raised_on: NaiveDate,
    /// Who noted it.
    pub raised_by: By,
    /// 隐患.
    pub hazard: bool,
    /// The resident's words, or what the danger is; `None` once erased.
    pub words: Option<String>,
    /// 期望, or the place of a danger.
    pub more: String,
    /// What was done, the earliest first.
    pub course: Course,
}

/// What the desk does about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewStep {
    /// 交办 – to a worker or a unit, until a day.
    Assign {
        /// Who is to handle it.
        owner: RequestOwner,
        /// The last day.
        due: NaiveDate,
    },
    /// 上报 – to somebody above, who sets a day or none.
    PassUp {
        /// To whom.
        office: String,
        /// The last day, if there is one.
        due: Option<NaiveDate>,
    },
    /// 办理 – it was handled; the order's words say what was done.
    Handle,
    /// 回复 – the resident was told.
    Tell,
    /// 办结. Without a result the resident was told, the order's words say why.
    Close,
}

/// Why a step was not taken; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// No such request, or its visit was taken back.
    #[error("没有这条诉求 / no such request")]
    Unknown,
    /// The step needs words.
    #[error("请写明 / words are missing")]
    WordsMissing,
    /// More words than fit.
    #[error("文字过长 / too many words")]
    TooLong,
    /// Nobody was named who could handle it.
    #[error("请选择承办人或写明承办单位 / name a worker or a unit")]
    NoOwner,
    /// The day has passed, or is more than a year away.
    #[error("时限须在今天到一年之内 / the last day has to lie between today and a year from now")]
    BadDay,
    /// There is nothing to tell yet, or it was told.
    #[error("还没有办理结果可以告知 / there is nothing to tell yet")]
    NothingToTell,
    /// It is closed.
    #[error("已经办结 / it is closed")]
    IsClosed,
    /// The act itself.
    #[error(transparent)]
    Act(#[from] ActError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Listed {
    /// 逾期 – not handled though its last day has passed.
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.state.is_unhandled() && self.due.is_some_and(|due| due < today)
    }

    /// Its words and steps from the log; `None` when its entry is no longer there.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn read(&self, tx: &Tx<'_>) -> Result<Option<Request>, StorageError> {
        let Some(raised) = tx.entry(self.raised)? else { return Ok(None) };
        let Ok(Contents::Visit { skeleton, body }) = raised.entry.payload.read() else { return Ok(None) };
        let mut request = Request {
            raised_on: skeleton.visited_on,
            raised_by: By::Worker(skeleton.made_by),
            hazard: false,
            words: None,
            more: String::new(),
            course: Course::default(),
        };
        let body = body.unwrap_or_default();
        if let Some(one) = body.requests.into_iter().find(|one| one.id == self.id) {
            (request.words, request.more) = (Some(one.words), one.wanted);
        } else if let Some(one) = body.hazards.into_iter().find(|one| one.id == self.id) {
            (request.words, request.more, request.hazard) = (Some(one.words), one.place, true);
        }
        for pos in &self.steps {
            let Some(kept) = tx.entry(*pos)? else { continue };
            let Ok(contents) = kept.entry.payload.read() else { continue };
            if let Some(event) = contents.request_event() {
                let entry = kept.entry.envelope.payload_hash;
                let step = Step { at_ms: kept.recorded_ms, entry, step: event.step };
                let words = contents.reason_words().to_owned();
                request.course.take(Taken { step, event: event.clone(), words });
            }
        }
        Ok(Some(request))
    }
}

/// The requests of a community that `wanted` holds for, as doors are walked. Those whose visit was taken back are not
/// among them.
///
/// # Errors
/// [`StorageError`].
pub fn listed(
    tx: &Tx<'_>,
    file: &CommunityFile,
    wanted: impl Fn(&Listed) -> bool,
) -> Result<Vec<Listed>, StorageError> {
    let mut all = Vec::new();
    for grid in file.grids().into_keys() {
        let mut units: Vec<(UnitRow, Vec<RequestRow>)> = Vec::new();
        for (unit, row) in tx.requests_in(grid)? {
            match units.last_mut() {
                Some((last, rows)) if last.nr == unit.nr => rows.push(row),
                _ => units.push((unit, vec![row])),
            }
        }
        for (unit, rows) in units {
            all.extend(of_unit(tx, &unit, rows, &wanted)?);
        }
    }
    Ok(all)
}

/// One request of a unit; `None` where there is none, or its visit was taken back.
///
/// # Errors
/// [`StorageError`].
pub fn find(tx: &Tx<'_>, unit: &UnitRow, id: RequestId) -> Result<Option<Listed>, StorageError> {
    let rows = tx.requests_of(unit.nr)?;
    Ok(of_unit(tx, unit, rows, &|one: &Listed| one.id == id)?.pop())
}

fn of_unit(
    tx: &Tx<'_>,
    unit: &UnitRow,
    rows: Vec<RequestRow>,
    wanted: &dyn Fn(&Listed) -> bool,
) -> Result<Vec<Listed>, StorageError> {
    let mut requests: BTreeMap<RequestId, Vec<RequestRow>> = BTreeMap::new();
    for row in rows {
        requests.entry(row.request).or_default().push(row);
    }
    let mut found = Vec::new();
    for (id, rows) in requests {
        let Some(one) = stands(unit, id, &rows).filter(|one| wanted(one)) else { continue };
        // Asked last: most requests of past years are not wanted, and need no file.
        let raised = in_force(tx, unit.nr, rows.iter().filter(|row| row.step.is_none()))?;
        found.extend(raised.map(|raised| Listed { raised, ..one }));
    }
    Ok(found)
}

/// Where a request stands, by its rows alone; `None` for steps of something that no visit raised.
fn stands(unit: &UnitRow, id: RequestId, rows: &[RequestRow]) -> Option<Listed> {
    let raised = rows.iter().filter(|row| row.step.is_none()).map(|row| row.pos).max()?;
    let step = |row: &RequestRow| Some(Step { at_ms: row.at_ms, entry: row.entry, step: row.step? });
    let state = RequestState::of(rows.iter().filter_map(step));
    let charged = |row: &&RequestRow| matches!(row.step, Some(RequestStep::Assigned | RequestStep::PassedUp));
    let charge = rows.iter().filter(charged).max_by_key(|row| (row.at_ms, row.entry));
    let closed = rows.iter().filter_map(step).filter(|one| one.step == RequestStep::Closed).max();
    Some(Listed {
        row: unit.clone(),
        id,
        state,
        due: charge.and_then(|row| row.due),
        closed_ms: closed.filter(|_| state.is_closed()).map(|last| last.at_ms),
        raised,
        steps: rows.iter().filter(|row| row.step.is_some()).map(|row| row.pos).collect(),
    })
}

/// The last of the visits that raised a request and is in effect.
fn in_force<'r>(
    tx: &Tx<'_>,
    unit: UnitNr,
    raised: impl Iterator<Item = &'r RequestRow>,
) -> Result<Option<Pos>, StorageError> {
    let Some(file) = tx.file_by_nr(unit)? else { return Ok(None) };
    let standing = Standing::of(&file);
    let holds = |entry: Hash32| {
        file.facts().any(|(stamp, stamped)| stamp.entry == entry && standing.holds(stamp, stamped))
    };
    Ok(raised.filter(|row| holds(row.entry)).map(|row| row.pos).max())
}

impl Hub {
    /// Takes a step about a request; what is shown of it and what is written are of one transaction.
    ///
    /// # Errors
    /// [`RequestError`]; nothing was changed.
    pub fn step_request(
        &self,
        order: Order,
        unit: Unit,
        request: RequestId,
        step: NewStep,
    ) -> Result<Vec<Done>, RequestError> {
        self.office(move |desk| {
            let tx = desk.tx();
            let file = tx.community(order.community)?.unwrap_or_default();
            let row = tx.unit(unit)?.ok_or(RequestError::Unknown)?;
            let known = row.grid.is_some_and(|grid| file.grids().contains_key(&grid));
            let found = if known { find(tx, &row, request)? } else { None };
            let found = found.ok_or(RequestError::Unknown)?;
            let today = file.zone().date(DateTime::from_timestamp_millis(desk.now_ms()).unwrap_or_default());
            let words = order.reason.trim();
            let (kind, owner, due) = checked(&file, &found.state, step, words, today)?;
            let event = RequestEvent { unit, request, step: kind, by: By::Desk(order.by), owner, due };
            let act = Act {
                by: order.by,
                community: order.community,
                units: Vec::new(),
                facts: Vec::new(),
                request: Some(event),
                reason: words.to_owned(),
            };
            Ok(desk.act(&act)?)
        })
    }
}

type Checked = (RequestStep, Option<RequestOwner>, Option<NaiveDate>);

fn checked(
    file: &CommunityFile,
    state: &RequestState,
    step: NewStep,
    words: &str,
    today: NaiveDate,
) -> Result<Checked, RequestError> {
    if WORDS_MAX < words.chars().count() {
        return Err(RequestError::TooLong);
    }
    let needs_words = match &step {
        NewStep::Handle => true,
        NewStep::Close => state.latest() != Some(RequestStep::Replied),
        _ => false,
    };
    if needs_words && words.is_empty() {
        return Err(RequestError::WordsMissing);
    }
    let is_day = |day: NaiveDate| today <= day && Some(day) <= today.checked_add_days(Days::new(DAYS_MAX));
    Ok(match step {
        NewStep::Assign { due, .. } | NewStep::PassUp { due: Some(due), .. } if !is_day(due) => {
            return Err(RequestError::BadDay);
        }
        NewStep::Assign { owner, due } => {
            (RequestStep::Assigned, Some(owner_of(file, owner, today)?), Some(due))
        }
        NewStep::PassUp { office, due } => {
            (RequestStep::PassedUp, Some(owner_of(file, RequestOwner::Office(office), today)?), due)
        }
        NewStep::Handle if state.is_closed() => return Err(RequestError::IsClosed),
        NewStep::Handle => (RequestStep::Handled, None, None),
        NewStep::Tell if !state.is_to_tell() => return Err(RequestError::NothingToTell),
        NewStep::Tell => (RequestStep::Replied, None, None),
        NewStep::Close if state.is_closed() => return Err(RequestError::IsClosed),
        NewStep::Close => (RequestStep::Closed, None, None),
    })
}

/// A worker who is there, or a unit with a name that fits.
fn owner_of(
    file: &CommunityFile,
    owner: RequestOwner,
    today: NaiveDate,
) -> Result<RequestOwner, RequestError> {
    let owner = match owner {
        RequestOwner::Office(name) => RequestOwner::Office(name.trim().to_owned()),
        worker @ RequestOwner::Worker(_) => worker,
    };
    let fits = match &owner {
        RequestOwner::Worker(id) => is_here(file, *id, today),
        RequestOwner::Office(name) => {
            let long = usize::from(RequestEvent::OFFICE_MAX);
            if long < name.chars().count() {
                return Err(RequestError::TooLong);
            }
            !name.is_empty()
        }
    };
    if fits { Ok(owner) } else { Err(RequestError::NoOwner) }
}
