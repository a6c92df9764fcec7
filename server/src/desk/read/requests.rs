//! What residents asked for: the list, and one of them.

use std::cmp::Reverse;

use chrono::{DateTime, Days, NaiveDate};
use ruhu_core::entry::{RequestOwner, RequestStep};
use ruhu_core::ids::RequestId;
use ruhu_core::request::{Course, RequestState, Taken};
use ruhu_core::roster::{By, Unit};

use super::choice::{Asked, Scope};
use super::household::telling::step_words;
use super::list::address;
use super::steps::step_view;
use super::{Look, Viewer, unit_code};
use crate::desk::trouble::Trouble;
use crate::desk::views::{
    Note, RequestForms, RequestLine, RequestPage, RequestsPage, StepView, Tab, TypedStep,
};
use crate::desk::words::Lang;
use crate::office::duty::is_here;
use crate::office::requests::{DAYS_MAX, Listed, Request, find, listed};
use crate::storage::{StorageError, Tx};

/// Requests of one page.
const PAGE: usize = 50;
/// Days a form offers for a request; a proposal on the form and no rule.
const DAYS_OFFERED: u64 = 7;

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Waiting,
    Overdue,
    ToTell,
    Closed,
}

impl Which {
    /// Each with its code in addresses and its words.
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Waiting, "waiting", "requests.waiting"),
        (Self::Overdue, "overdue", "requests.overdue"),
        (Self::ToTell, "to-tell", "requests.to-tell"),
        (Self::Closed, "closed", "requests.closed"),
    ];

    fn holds(self, one: &Listed, scope: &Scope) -> bool {
        match self {
            Self::Waiting => one.state.is_waiting(),
            Self::Overdue => one.is_overdue(scope.today),
            Self::ToTell => one.state.is_to_tell(),
            Self::Closed => closed_on(one, scope).is_some_and(|on| scope.period.contains(on)),
        }
    }
}

fn closed_on(one: &Listed, scope: &Scope) -> Option<NaiveDate> {
    let at = DateTime::from_timestamp_millis(one.closed_ms?)?;
    Some(scope.file.zone().date(at))
}

/// The list, and the units whose words stand on it: the caller logs a look at each before it shows them.
pub(in crate::desk) fn requests_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    asked: &Asked,
    look: Look,
) -> Result<(RequestsPage, Vec<String>), Trouble> {
    let lang = viewer.lang;
    let wanted = asked.state.as_deref().unwrap_or("waiting");
    let (which, ..) = *Which::ALL.iter().find(|(_, code, _)| *code == wanted).ok_or(Trouble::BadRequest)?;
    let any = |one: &Listed| Which::ALL.iter().any(|(which, ..)| which.holds(one, scope));
    let mut all = listed(tx, &scope.file, any)?;
    let count = |which: Which| all.iter().filter(|one| which.holds(one, scope)).count();
    let query = format!("?period={}{}", scope.period, scope.tail);
    let link = |code: &str| format!("/requests{query}&state={code}");
    let tabs = Which::ALL.map(|(one, code, words)| Tab {
        words: lang.t(words).to_owned(),
        href: link(code),
        here: one == which,
        count: Some(u32::try_from(count(one)).unwrap_or(u32::MAX)),
    });
    all.retain(|one| which.holds(one, scope));
    if which == Which::Closed {
        all.sort_by_key(|one| Reverse(one.closed_ms));
    } else {
        // Stable: within one day as doors are walked. What nobody was given a day for, new or handed back, comes before
        // what somebody has in hand.
        all.sort_by_key(|one| {
            (!one.is_overdue(scope.today), !(one.state.is_unhandled() && one.due.is_none()), one.due)
        });
    }
    let pages = all.len().div_ceil(PAGE).max(1);
    let page = usize::try_from(asked.page.unwrap_or(1)).unwrap_or(1).clamp(1, pages);
    let (mut rows, mut units) = (Vec::new(), Vec::new());
    for one in all.iter().skip((page - 1) * PAGE).take(PAGE) {
        let Some(request) = one.read(tx)? else { continue };
        rows.push(line(tx, scope, one, &request, (&query, look), lang)?);
        units.push(unit_code(one.row.unit));
    }
    units.sort_unstable();
    units.dedup();
    let at = |page: usize| format!("{}&page={page}", link(wanted));
    let may_see = viewer.account.role.decides() && look == Look::Masked;
    let page_here = if page == 1 { String::new() } else { format!("&page={page}") };
    let shown = RequestsPage {
        shell: viewer.shell(lang.t("requests.title").to_owned(), "requests", Some(scope)),
        heading: scope.place(),
        count: lang.fill("requests.count", &[&all.len().to_string()]),
        tabs: tabs.to_vec(),
        rows,
        reveal: may_see.then(|| format!("/requests/reveal{query}&state={wanted}{page_here}")),
        page: (1 < pages).then(|| lang.fill("list.page", &[&page.to_string(), &pages.to_string()])),
        previous: (1 < page).then(|| at(page - 1)),
        next: (page < pages).then(|| at(page + 1)),
    };
    Ok((shown, units))
}

fn line(
    tx: &Tx<'_>,
    scope: &Scope,
    one: &Listed,
    request: &Request,
    (query, look): (&str, Look),
    lang: Lang,
) -> Result<RequestLine, StorageError> {
    Ok(RequestLine {
        href: format!("/request/{}/{}{query}", unit_code(one.row.unit), one.id),
        address: address(tx, one.row.dwelling, scope.today)?,
        kind: kind(request, lang),
        on: request.raised_on.to_string(),
        words: note(request.words.as_deref(), look),
        stands: stands(&one.state, &request.course, scope, lang),
        due: one.due.map(|due| due.to_string()).unwrap_or_default(),
        mark: mark(one, &request.course, scope, lang),
    })
}

/// One request with everything done about it. The caller logs the look before it shows the page.
pub(in crate::desk) fn request_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (unit, id): (Unit, RequestId),
    (look, typed): (Look, TypedStep),
) -> Result<RequestPage, Trouble> {
    let lang = viewer.lang;
    let row =
        tx.unit(unit)?.filter(|row| row.grid.is_some_and(|grid| scope.file.grids().contains_key(&grid)));
    let one = find(tx, &row.ok_or(Trouble::NotFound)?, id)?.ok_or(Trouble::NotFound)?;
    let request = one.read(tx)?.ok_or(Trouble::NotFound)?;
    let address = address(tx, one.row.dwelling, scope.today)?;
    let query = format!("?period={}{}", scope.period, scope.tail);
    let unit = unit_code(unit);
    let by = name(request.raised_by, scope, lang);
    let due = one.due.map(|due| lang.fill("requests.due-on", &[&due.to_string()]));
    let action = format!("/request/{unit}/{}{query}", one.id);
    Ok(RequestPage {
        shell: viewer.shell(lang.t("requests.title").to_owned(), "requests", Some(scope)),
        back: format!("/requests{query}"),
        place: one.row.grid.map(|grid| scope.grid_name(grid)).unwrap_or_default(),
        address,
        household: format!("/household/{unit}{query}"),
        kind: kind(&request, lang),
        noted: lang.fill("requests.noted", &[&request.raised_on.to_string(), &by]),
        words: note(request.words.as_deref(), look),
        more: note(Some(&request.more), look),
        hazard: request.hazard,
        stands: stands(&one.state, &request.course, scope, lang),
        due: due.unwrap_or_default(),
        mark: mark(&one, &request.course, scope, lang),
        steps: steps(&request.course, scope, look, lang),
        forms: viewer.account.role.decides().then(|| forms(&one, scope, action, typed)),
    })
}

fn forms(one: &Listed, scope: &Scope, action: String, typed: TypedStep) -> RequestForms {
    let (state, today) = (&one.state, scope.today);
    let told = state.latest() == Some(RequestStep::Replied);
    let next = match state.latest() {
        None => "assign",
        _ if state.is_to_tell() => "tell",
        _ if told => "close",
        _ if state.is_closed() => "",
        _ => "handle",
    };
    let responsible = one.row.grid.and_then(|grid| scope.file.responsible(grid, today));
    let offered = TypedStep {
        worker: responsible.map(|id| id.to_string()).unwrap_or_default(),
        due: in_days(today, DAYS_OFFERED).to_string(),
        ..TypedStep::default()
    };
    let workers = scope.file.workers().into_iter().filter(|(id, _)| is_here(&scope.file, *id, today));
    RequestForms {
        action,
        workers: workers.map(|(id, worker)| (id.to_string(), worker.name.clone())).collect(),
        days: (today.to_string(), in_days(today, DAYS_MAX).to_string()),
        next,
        handle: !state.is_closed(),
        tell: state.is_to_tell(),
        close: !state.is_closed(),
        close_says_why: !told,
        typed: if typed.act.is_empty() { offered } else { typed },
    }
}

fn in_days(today: NaiveDate, days: u64) -> NaiveDate {
    today.checked_add_days(Days::new(days)).unwrap_or(today)
}

fn steps(course: &Course, scope: &Scope, look: Look, lang: Lang) -> Vec<StepView> {
    let one = |taken: &Taken| {
        let with = taken.event.owner.as_ref().map(|owner| owner_name(owner, scope));
        let due = taken.event.due.map(|due| lang.fill("requests.due-on", &[&due.to_string()]));
        let parts: Vec<String> =
            [Some(step_words(taken.step.step, lang).to_owned()), with, due].into_iter().flatten().collect();
        let what = (parts.join(" · "), name(taken.event.by, scope, lang));
        step_view(scope, taken.step.at_ms, what, note(Some(&taken.words), look))
    };
    course.taken().iter().map(one).collect()
}

fn stands(state: &RequestState, course: &Course, scope: &Scope, lang: Lang) -> String {
    let Some(latest) = state.latest() else { return lang.t("step.noticed").to_owned() };
    let words = step_words(latest, lang);
    match course.owner() {
        Some(owner) if matches!(latest, RequestStep::Assigned | RequestStep::PassedUp) => {
            lang.fill("requests.with", &[words, &owner_name(owner, scope)])
        }
        _ => words.to_owned(),
    }
}

fn mark(one: &Listed, course: &Course, scope: &Scope, lang: Lang) -> Option<&'static str> {
    if one.is_overdue(scope.today) {
        Some(lang.t("requests.overdue"))
    } else if one.state.is_unhandled() && course.owner().is_none() {
        Some(lang.t("requests.to-assign"))
    } else {
        one.state.is_to_tell().then(|| lang.t("requests.to-tell"))
    }
}

fn kind(request: &Request, lang: Lang) -> &'static str {
    lang.t(if request.hazard { "requests.hazard" } else { "requests.request" })
}

/// Words of a resident, as the look allows; `None` were erased.
fn note(words: Option<&str>, look: Look) -> Note {
    match (words, look) {
        (None, _) => Note::Erased,
        (Some(""), _) => Note::None,
        (Some(_), Look::Masked) => Note::Hidden,
        (Some(words), Look::For(_)) => Note::Shown(words.to_owned()),
    }
}

fn name(by: By, scope: &Scope, lang: Lang) -> String {
    match by {
        By::Worker(id) => scope.file.workers().get(&id).map(|one| one.name.clone()).unwrap_or_default(),
        By::Desk(_) => lang.t("household.by-desk").to_owned(),
    }
}

fn owner_name(owner: &RequestOwner, scope: &Scope) -> String {
    match owner {
        RequestOwner::Worker(id) => {
            scope.file.workers().get(id).map(|one| one.name.clone()).unwrap_or_default()
        }
        RequestOwner::Office(name) => name.clone(),
    }
}
