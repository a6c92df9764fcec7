//! What residents ask about their own record: the list, one case, the form that notes one.

use chrono::{DateTime, Months, NaiveDate};
use ruhu_core::category::mask_phone;
use ruhu_core::ids::RightsId;
use ruhu_core::roster::Unit;
use ruhu_core::visit::VisitDraft;
use serde::Deserialize;

use super::household::{Look, reveal};
use super::list::address;
use super::rights_erase::{erasable, sheets};
use super::rights_words::{
    channel_words, choices_told, kind_words, ruling_words, shown_words, state_words, step_words,
};
use super::steps::step_view;
use super::{Asked, Scope, Viewer, unit_code};
use crate::desk::trouble::Trouble;
use crate::desk::views::{
    Choices, Note, RightsCasePage, RightsFormPage, RightsForms, RightsLine, RightsPage, StepView, Tab,
    TypedCase,
};
use crate::desk::words::Lang;
use crate::office::rights::case_number;
use crate::rights::{Channel, Kind, Ruling, Shown, State};
use crate::storage::rights::{CaseRow, CaseWords, StepRow};
use crate::storage::{StorageError, Tx};

/// Cases of one page.
const PAGE: usize = 50;

/// What the address asks for besides the place.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct RightsAsked {
    /// Only cases of this kind.
    kind: Option<String>,
    /// The household a new case is about, by its code.
    pub(in crate::desk) unit: Option<String>,
    /// Whose erasure is to be tried: `household`, or the id of a person.
    pub(in crate::desk) erase: Option<String>,
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Open,
    Overdue,
    Over,
}

impl Which {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Open, "open", "rights.open"),
        (Self::Overdue, "overdue", "rights.overdue"),
        (Self::Over, "over", "rights.over"),
    ];

    fn holds(self, (case, state): &(CaseRow, State), today: NaiveDate) -> bool {
        match self {
            Self::Open => !state.is_over(),
            Self::Overdue => is_overdue(case, *state, today),
            Self::Over => state.is_over(),
        }
    }
}

fn is_overdue(case: &CaseRow, state: State, today: NaiveDate) -> bool {
    !state.is_over() && case.due < today
}

/// The list.
pub(in crate::desk) fn rights_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (asked, rights): (&Asked, &RightsAsked),
) -> Result<RightsPage, Trouble> {
    let lang = viewer.lang;
    let wanted = asked.state.as_deref().unwrap_or("open");
    let (which, ..) = *Which::ALL.iter().find(|(_, code, _)| *code == wanted).ok_or(Trouble::BadRequest)?;
    let kind = rights.kind.as_deref().filter(|code| !code.is_empty());
    let kind = kind.map(|code| Kind::of(code).ok_or(Trouble::BadRequest)).transpose()?;
    let mut all = tx.cases_of(scope.id)?;
    all.retain(|(case, _)| kind.is_none_or(|kind| case.kind == kind));
    let count = |which: Which| all.iter().filter(|one| which.holds(one, scope.today)).count();
    let query = format!("?period={}{}", scope.period, scope.tail);
    let link = |state: &str, kind: Option<Kind>| {
        let kind = kind.map(|kind| format!("&kind={}", kind.code())).unwrap_or_default();
        format!("/rights{query}&state={state}{kind}")
    };
    let tabs = Which::ALL.map(|(one, code, words)| Tab {
        words: lang.t(words).to_owned(),
        href: link(code, kind),
        here: one == which,
        count: Some(u32::try_from(count(one)).unwrap_or(u32::MAX)),
    });
    let kinds = std::iter::once(None).chain(Kind::ALL.iter().map(|kind| Some(*kind))).map(|one| Tab {
        words: one.map_or(lang.t("rights.all-kinds"), |kind| kind_words(kind, lang)).to_owned(),
        href: link(wanted, one),
        here: one == kind,
        count: None,
    });
    all.retain(|one| which.holds(one, scope.today));
    if which == Which::Over {
        all.reverse();
    } else {
        // What is overdue has the earliest day: it stands first by itself.
        all.sort_by_key(|(case, _)| (case.due, case.nr));
    }
    let pages = all.len().div_ceil(PAGE).max(1);
    let page = usize::try_from(asked.page.unwrap_or(1)).unwrap_or(1).clamp(1, pages);
    let shown = all.iter().skip((page - 1) * PAGE).take(PAGE);
    let rows = shown.map(|(case, state)| line(tx, scope, (case, *state), &query, lang));
    let at = |page: usize| format!("{}&page={page}", link(wanted, kind));
    Ok(RightsPage {
        shell: viewer.shell(lang.t("rights.title").to_owned(), "rights", Some(scope)),
        heading: scope.place(),
        count: lang.fill("rights.count", &[&all.len().to_string()]),
        tabs: tabs.to_vec(),
        kinds: kinds.collect(),
        rows: rows.collect::<Result<_, _>>()?,
        new: viewer.account.role.decides().then(|| format!("/rights/new{query}")),
        page: (1 < pages).then(|| lang.fill("list.page", &[&page.to_string(), &pages.to_string()])),
        previous: (1 < page).then(|| at(page - 1)),
        next: (page < pages).then(|| at(page + 1)),
    })
}

fn line(
    tx: &Tx<'_>,
    scope: &Scope,
    (case, state): (&CaseRow, State),
    query: &str,
    lang: Lang,
) -> Result<RightsLine, StorageError> {
    let address = match case.unit {
        Some(unit) => address_of(tx, scope, unit)?,
        None => lang.t("rights.unknown").to_owned(),
    };
    Ok(RightsLine {
        href: format!("/rights/{}{query}", case.id),
        nr: case_number(&scope.file, case),
        kind: kind_words(case.kind, lang),
        channel: channel_words(case.channel, lang),
        address,
        on: day_of(scope, case.received_ms).to_string(),
        stands: state_words(state, lang),
        due: case.due.to_string(),
        overdue: is_overdue(case, state, scope.today),
    })
}

/// How many are open and how many of them overdue, in words, with the list; `None` where none is.
pub(super) fn rights_waiting(
    tx: &Tx<'_>,
    scope: &Scope,
    lang: Lang,
) -> Result<Option<(String, String)>, StorageError> {
    let open = tx.cases_of(scope.id)?.into_iter().filter(|(_, state)| !state.is_over());
    let overdue: Vec<bool> = open.map(|(case, state)| is_overdue(&case, state, scope.today)).collect();
    let late = overdue.iter().filter(|late| **late).count().to_string();
    let words = lang.fill("rights.waits", &[&overdue.len().to_string(), &late]);
    Ok((!overdue.is_empty()).then(|| (format!("/rights?period={}{}", scope.period, scope.tail), words)))
}

/// The form that notes a case.
pub(in crate::desk) fn rights_form_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (unit, typed): (Option<Unit>, TypedCase),
) -> Result<RightsFormPage, Trouble> {
    let lang = viewer.lang;
    let query = format!("?period={}{}", scope.period, scope.tail);
    let household = match unit {
        Some(unit @ Unit::Household(_)) => Some(address_of(tx, scope, unit)?),
        _ => None,
    };
    let of = unit.map(|unit| format!("&unit={}", unit_code(unit))).unwrap_or_default();
    Ok(RightsFormPage {
        shell: viewer.shell(lang.t("rights.new").to_owned(), "rights", Some(scope)),
        back: format!("/rights{query}"),
        place: scope.place(),
        action: format!("/rights/new{query}{of}"),
        kinds: kinds(lang),
        channels: Channel::ALL
            .iter()
            .filter(|channel| **channel != Channel::Page)
            .map(|channel| (channel.code(), channel_words(*channel, lang)))
            .collect(),
        household,
        typed,
    })
}

/// What can be asked for.
pub(in crate::desk) fn kinds(lang: Lang) -> Choices {
    Kind::ALL.iter().map(|kind| (kind.code(), kind_words(*kind, lang))).collect()
}

/// A case of this community.
pub(in crate::desk) fn case_here(tx: &Tx<'_>, scope: &Scope, id: RightsId) -> Result<CaseRow, Trouble> {
    let mut case = tx.case(id)?.filter(|case| case.community == scope.id).ok_or(Trouble::NotFound)?;
    // Of a household that went to another community nothing is shown here.
    let grid = case.unit.map(|unit| tx.unit(unit)).transpose()?.flatten().and_then(|row| row.grid);
    case.unit = case.unit.filter(|_| grid.is_some_and(|grid| scope.file.grids().contains_key(&grid)));
    Ok(case)
}

/// One case with everything done about it. The caller logs the look before it shows the page.
pub(in crate::desk) fn rights_case_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    case: &CaseRow,
    look: Look,
) -> Result<RightsCasePage, Trouble> {
    let lang = viewer.lang;
    let works = viewer.account.role.decides();
    let words = if works { tx.case_words(case.id)? } else { CaseWords::default() };
    let steps = tx.case_steps(case.id)?;
    let state = State::after(steps.iter().map(|one| one.step));
    let query = format!("?period={}{}", scope.period, scope.tail);
    let path = format!("/rights/{}", case.id);
    let household = match case.unit {
        Some(unit) => Some((address_of(tx, scope, unit)?, format!("/household/{}{query}", unit_code(unit)))),
        None => None,
    };
    let by = match case.account {
        Some(account) => tx.account(account)?.map(|row| row.shown).unwrap_or_default(),
        None => lang.t("rights.by-resident").to_owned(),
    };
    let on = day_of(scope, case.received_ms).to_string();
    let views = steps.iter().map(|step| step_line(tx, scope, step, (&words, works, look), lang));
    let steps_seen = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let hidden = words.contact.is_some() || words.words.is_some() || !words.steps.is_empty();
    let sheet = works && case.kind == Kind::See && case.unit.is_some() && state.is_granted();
    Ok(RightsCasePage {
        shell: viewer.shell(lang.t("rights.title").to_owned(), "rights", Some(scope)),
        back: format!("/rights{query}"),
        place: scope.place(),
        kind: kind_words(case.kind, lang),
        nr: case_number(&scope.file, case),
        due: lang.fill("rights.due-on", &[&case.due.to_string()]),
        stands: state_words(state, lang),
        overdue: is_overdue(case, state, scope.today),
        received: lang.fill("rights.received-at", &[&on, channel_words(case.channel, lang), &by]),
        household,
        reveal: (works && hidden).then(|| reveal(look, &format!("{path}{query}"), lang)),
        contact: words.contact.as_deref().map(|contact| match look {
            Look::Masked => mask_phone(contact),
            Look::For(_) => contact.to_owned(),
        }),
        words: note(words.words.as_deref(), look),
        steps: views.collect::<Result<_, _>>()?,
        sheets: if sheet { sheets(tx, case, (&path, &query), lang)? } else { Vec::new() },
        forms: match works && !state.is_over() {
            true => Some(forms(tx, scope, (case, state), steps_seen, &format!("{path}{query}"), lang)?),
            false => None,
        },
    })
}

fn step_line(
    tx: &Tx<'_>,
    scope: &Scope,
    step: &StepRow,
    (words, works, look): (&CaseWords, bool, Look),
    lang: Lang,
) -> Result<StepView, StorageError> {
    let own = words.steps.iter().find(|(nr, _)| *nr == step.nr).map(|(_, words)| words.as_str());
    let erasure = step.erasure.map(|nr| lang.fill("rights.by-erasure", &[&nr.to_string()]));
    let what = [Some(step_words(step.step, lang)), erasure].into_iter().flatten().collect::<Vec<_>>();
    let by = tx.account(step.account)?.map(|row| row.shown).unwrap_or_default();
    let own = if works { note(own, look) } else { Note::None };
    Ok(step_view(scope, step.at_ms, (what.join(" · "), by), own))
}

fn forms(
    tx: &Tx<'_>,
    scope: &Scope,
    (case, state): (&CaseRow, State),
    seen: u32,
    action: &str,
    lang: Lang,
) -> Result<RightsForms, StorageError> {
    let today = scope.today;
    let last = today.checked_add_months(Months::new(VisitDraft::DO_NOT_ASK_MONTHS)).unwrap_or(today);
    let mut forms = RightsForms {
        action: action.to_owned(),
        seen,
        days: (today.to_string(), last.to_string()),
        until: last.to_string(),
        ..RightsForms::default()
    };
    match state {
        State::Received => {
            forms.household = Some(case.unit.is_some());
            // Who asks can be checked once it is known for which household.
            let known = Shown::ALL.iter().filter(|_| case.unit.is_some());
            forms.shown = known.map(|one| (one.code(), shown_words(*one, lang))).collect();
        }
        State::Identified => {
            let ruled = Ruling::ALL.iter().map(|one| (one.code(), ruling_words(*one, lang)));
            forms.rulings = ruled.collect();
        }
        State::Granted => {
            forms.todo = case.kind.code();
            if let (Kind::Correct, Some(unit)) = (case.kind, case.unit) {
                let query = action.split_once('?').map_or("", |(_, query)| query);
                let (unit, seen) = (unit_code(unit), forms.seen);
                forms.record = format!("/household/{unit}/record?{query}&case={}&seen={seen}", case.id);
            }
            if case.kind == Kind::Delete {
                forms.erasable = erasable(tx, case, action, lang)?;
            }
        }
        State::NotShown | State::Refused | State::Done => forms.told = choices_told(lang),
        State::Answered | State::Withdrawn => {}
    }
    Ok(forms)
}

fn note(words: Option<&str>, look: Look) -> Note {
    match (words, look) {
        (None, _) => Note::None,
        (Some(_), Look::Masked) => Note::Hidden,
        (Some(words), Look::For(_)) => Note::Shown(words.to_owned()),
    }
}

pub(super) fn address_of(tx: &Tx<'_>, scope: &Scope, unit: Unit) -> Result<String, StorageError> {
    let row = tx.unit(unit)?;
    address(tx, row.and_then(|row| row.dwelling), scope.today)
}

/// The local day of a moment.
pub(super) fn day_of(scope: &Scope, at_ms: i64) -> NaiveDate {
    scope.file.zone().date(DateTime::from_timestamp_millis(at_ms).unwrap_or_default())
}
