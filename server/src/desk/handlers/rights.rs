//! 居民权利 – the list, noting a case, its steps, the sheet.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use ruhu_core::ids::{PersonId, RightsId};
use serde::Deserialize;

use super::act::{deciding, done, refused_words, said, within};
use super::refusal::office_words;
use super::{Page, XLSX, file, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{
    Asked, Look, RightsAsked, Scope, Viewer, case_here, erasure_view, rights_book, rights_case_page,
    rights_form_page, rights_page, rights_sheet, target_of, unit_of_code, what_of,
};
use crate::desk::trouble::Trouble;
use crate::desk::views::{RightsSheetPage, Said, TypedCase};
use crate::desk::words::Lang;
use crate::desk::{Desk, ask};
use crate::erase::{EraseError, Order as Erasing};
use crate::office::OfficeError;
use crate::office::rights::{NewCase, RightsError, Take, erasure_cause};
use crate::report::sheet::unsigned;
use crate::rights::{Channel, Kind, Step};
use crate::storage::Hub;
use crate::storage::accounts::{LogKind, Logged};

const PATH: &str = "/rights";

/// A case as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct CaseForm {
    id: String,
    unit: String,
    kind: String,
    channel: String,
    contact: String,
    words: String,
}

/// A step as the forms send it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct RightsStepForm {
    act: String,
    seen: String,
    outcome: String,
    article: String,
    words: String,
    unit: String,
    until: String,
    what: String,
    reason: String,
}

pub(in crate::desk) async fn rights(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Query(rights): Query<RightsAsked>,
) -> Page {
    ask(&desk, move |hub| {
        hub.storage().read(|tx| {
            let scope = within(tx, hub, &viewer, &asked)?;
            html(&rights_page(tx, &viewer, &scope, (&asked, &rights))?)
        })
    })
    .await
}

pub(in crate::desk) async fn new_rights(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Query(rights): Query<RightsAsked>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let id: RightsId = hub.make_id();
        let typed = TypedCase { id: id.to_string(), channel: "counter".into(), ..TypedCase::default() };
        show_form(hub, &viewer, (&scope, &rights), typed, Said::Nothing)
    })
    .await
}

/// 登记 – the same form twice makes one case.
pub(in crate::desk) async fn note_rights(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Query(rights): Query<RightsAsked>,
    Form(form): Form<CaseForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        match form.case(&scope).and_then(|new| hub.note_case(viewer.account.id, new)) {
            Ok(case) => Ok(done(&format!("{PATH}/{}", case.id), &scope, "rights-noted", &[])),
            Err(why) => refused_words(&words_of(why, viewer.lang)?, |said| {
                show_form(hub, &viewer, (&scope, &rights), form.typed(hub), said)
            }),
        }
    })
    .await
}

pub(in crate::desk) async fn one_rights(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(case): Path<String>,
    Query(asked): Query<Asked>,
    Query(rights): Query<RightsAsked>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = hub.storage().read(|tx| within(tx, hub, &viewer, &asked))?;
        let said = said(&asked, PATH, &scope, viewer.lang);
        let typed = RightsStepForm::default();
        show(hub, (&viewer, &scope, parsed(&case)?), Look::Masked, (said, &typed, rights.erase.as_deref()))
    })
    .await
}

/// One step of a case; or its words, for a reason.
pub(in crate::desk) async fn step_rights(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(case): Path<String>,
    Query(asked): Query<Asked>,
    Form(form): Form<RightsStepForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let id = parsed(&case)?;
        hub.storage().read(|tx| case_here(tx, &scope, id))?;
        let of = (&viewer, &scope, id);
        if form.act == "reveal" {
            let look = Look::for_reason(&form.reason).ok_or(Trouble::BadRequest)?;
            return show(hub, of, look, (Said::Nothing, &RightsStepForm::default(), None));
        }
        match take(hub, of, &form) {
            Ok(what) => Ok(done(&format!("{PATH}/{id}"), &scope, what, &[])),
            Err(why) => refused_words(&words_of(why, viewer.lang)?, |said| {
                show(
                    hub,
                    of,
                    Look::Masked,
                    (said, &form, Some(&form.what).filter(|_| form.act == "erase").map(String::as_str)),
                )
            }),
        }
    })
    .await
}

/// Whose sheet: one member's, or the whole household's.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct Whose {
    of: Option<String>,
}

/// The sheet for the resident.
pub(in crate::desk) async fn rights_paper(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(case): Path<String>,
    Query(asked): Query<Asked>,
    Query(whose): Query<Whose>,
) -> Page {
    ask(&desk, move |hub| {
        let (page, _) = sheet(hub, &viewer, (&case, &asked), &whose)?;
        html(&page)
    })
    .await
}

/// The same as a workbook.
pub(in crate::desk) async fn rights_xlsx(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(case): Path<String>,
    Query(asked): Query<Asked>,
    Query(whose): Query<Whose>,
) -> Page {
    ask(&desk, move |hub| {
        let (page, scope) = sheet(hub, &viewer, (&case, &asked), &whose)?;
        let book = rights_book(&viewer, &scope, &page);
        let answer: Response = file(XLSX, &format!("{}.xlsx", book.file_stem()), unsigned(&book)?);
        Ok(answer)
    })
    .await
}

/// The sheet of a case that was granted, made in the transaction that logs the look: what could not be logged is not shown.
fn sheet(
    hub: &Hub,
    viewer: &Viewer,
    (case, asked): (&str, &Asked),
    whose: &Whose,
) -> Result<(RightsSheetPage, Scope), Trouble> {
    let of = whose.of.as_deref().map(str::parse::<PersonId>).transpose().map_err(|_| Trouble::NotFound)?;
    let scope = deciding(hub, viewer, asked)?;
    let (id, viewer, at_ms) = (parsed(case)?, viewer.clone(), hub.now_ms());
    hub.storage().write(move |tx| {
        let case = case_here(tx, &scope, id)?;
        let seen = tx.case_steps(id)?;
        let state = crate::rights::State::after(seen.iter().map(|one| one.step));
        if case.kind != Kind::See || !state.is_granted() {
            return Err(Trouble::NotFound);
        }
        let what = "rights.sheet".to_owned();
        let target = match of {
            // Behind a space, as details stand: whose copy it was.
            Some(person) => format!("{} {person}", target_of(&case)),
            None => target_of(&case),
        };
        let row = Logged { at_ms, account: Some(viewer.account.id), what, target };
        tx.append_log(LogKind::Access, &row)?;
        Ok((rights_sheet(tx, &viewer, &scope, (&case, of, at_ms))?, scope))
    })
}

fn parsed(case: &str) -> Result<RightsId, Trouble> {
    case.parse().map_err(|_| Trouble::NotFound)
}

/// Takes the step a form asks for; says what is told once it was.
fn take(
    hub: &Hub,
    (viewer, scope, case): (&Viewer, &Scope, RightsId),
    form: &RightsStepForm,
) -> Result<&'static str, RightsError> {
    let seen = form.seen.parse().map_err(|_| RightsError::Stale)?;
    let take = Take { by: viewer.account.id, community: scope.id, case, seen, words: form.said() };
    match form.act.as_str() {
        "household" => {
            hub.set_case_household(take, &form.unit)?;
            Ok("rights-household")
        }
        "stop" => {
            hub.stop_visits(take, form.until.parse().map_err(|_| RightsError::BadUntil)?)?;
            Ok("rights-stopped")
        }
        "erase" => {
            hub.erase_for_case(take, what_of(&form.what).ok_or(RightsError::Unknown)?)?;
            Ok("rights-erased")
        }
        "decided" if form.outcome == "refused" && form.article.trim().is_empty() => {
            Err(RightsError::ArticleMissing)
        }
        act => {
            let none = if form.outcome.is_empty() { RightsError::NotChosen } else { RightsError::Unknown };
            hub.step_case(take, Step::of(act, &form.outcome).ok_or(none)?)?;
            Ok("rights-step")
        }
    }
}

/// Why it was not done, in words; what failed in the database is no answer to a form.
fn words_of(why: RightsError, lang: Lang) -> Result<String, Trouble> {
    let key = match why {
        RightsError::Unknown | RightsError::TooMany => return Err(Trouble::NotFound),
        RightsError::Stale => "rights.stale",
        RightsError::Otherwise => "rights.otherwise",
        RightsError::CannotFollow => "rights.cannot-follow",
        RightsError::WordsMissing => "rights.words-missing",
        RightsError::NotChosen => "rights.not-chosen",
        RightsError::ArticleMissing => "rights.article-missing",
        RightsError::TooLong => "rights.too-long",
        RightsError::BadPhone => "rights.bad-phone",
        RightsError::NoHousehold => "rights.no-household",
        RightsError::BadUntil => "rights.bad-until",
        RightsError::Erase(EraseError::CauseNames) => "rights.cause-names",
        RightsError::Erase(EraseError::UnknownUnit | EraseError::UnknownPerson(_)) => "refused.no-unit",
        RightsError::Erase(EraseError::Act(why)) => return Err(OfficeError::Act(why).into()),
        RightsError::Erase(why) => return Err(Trouble::Erase(why)),
        RightsError::Office(why) => {
            let words = office_words(&why, lang);
            return match Trouble::from(why) {
                Trouble::Office(_) => Ok(words),
                trouble => Err(trouble),
            };
        }
        RightsError::Storage(why) => return Err(why.into()),
    };
    Ok(lang.t(key).to_owned())
}

fn show_form(
    hub: &Hub,
    viewer: &Viewer,
    (scope, rights): (&Scope, &RightsAsked),
    typed: TypedCase,
    said: Said,
) -> Page {
    let unit = rights.unit.as_deref().and_then(unit_of_code);
    hub.storage().read(|tx| {
        // A household of another community is none here; its address is nobody's business.
        let unit = match unit.map(|unit| tx.unit(unit)).transpose()?.flatten() {
            Some(row) if row.grid.is_some_and(|grid| scope.file.grids().contains_key(&grid)) => {
                Some(row.unit)
            }
            _ => None,
        };
        let typed = TypedCase { unit: unit.map_or(typed.unit, super::household::number), ..typed };
        let mut page = rights_form_page(tx, viewer, scope, (unit, typed))?;
        page.shell.said = said;
        html(&page)
    })
}

/// Logs the look, then shows the page: what could not be logged is not shown.
fn show(
    hub: &Hub,
    (viewer, scope, id): (&Viewer, &Scope, RightsId),
    look: Look,
    (said, typed, erase): (Said, &RightsStepForm, Option<&str>),
) -> Page {
    let case = hub.storage().read(|tx| case_here(tx, scope, id))?;
    let (mut page, order) = hub.storage().read(|tx| {
        let page = rights_case_page(tx, viewer, scope, &case, look)?;
        let wanted = page.forms.as_ref().filter(|forms| forms.todo == Kind::Delete.code()).and(erase);
        let what = wanted.and_then(what_of);
        let cause = erasure_cause(&scope.file, &case);
        let order =
            case.unit.zip(what).map(|(unit, what)| Erasing { unit, what, cause, by: viewer.account.id });
        Ok::<_, Trouble>((page, order))
    })?;
    page.shell.said = said;
    let what = match look {
        Look::Masked => "rights.view".to_owned(),
        Look::For(reason) => format!("rights.reveal.{reason}"),
    };
    hub.looked(viewer.account.id, &what, &target_of(&case))?;
    if let Some(order) = order {
        let preview = match hub.preview_erasure(&order, false) {
            Ok(preview) => preview,
            Err(EraseError::UnknownUnit | EraseError::UnknownPerson(_)) => return Err(Trouble::NotFound),
            Err(why) => return Err(Trouble::Erase(why)),
        };
        hub.looked(viewer.account.id, "rights.erase-preview", &target_of(&case))?;
        let view = hub.storage().read(|tx| erasure_view(tx, &case, (&order.what, &preview), viewer.lang))?;
        if let Some(forms) = &mut page.forms {
            forms.preview = Some(view);
        }
    }
    if let Some(forms) = &mut page.forms {
        forms.act.clone_from(&typed.act);
        forms.outcome.clone_from(&typed.outcome);
        forms.article.clone_from(&typed.article);
        forms.words.clone_from(if typed.act == "household" { &typed.unit } else { &typed.words });
        if !typed.until.is_empty() {
            forms.until.clone_from(&typed.until);
        }
    }
    html(&page)
}

impl RightsStepForm {
    /// What is kept of what was said: the article a refusal rests on before the reason.
    fn said(&self) -> String {
        let parts = [self.article.trim(), self.words.trim()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

impl CaseForm {
    fn case(&self, scope: &Scope) -> Result<NewCase, RightsError> {
        let channel = Channel::of(&self.channel).filter(|channel| *channel != Channel::Page);
        Ok(NewCase {
            id: self.id.parse().map_err(|_| RightsError::Stale)?,
            community: scope.id,
            unit: self.unit.clone(),
            kind: Kind::of(&self.kind).ok_or(RightsError::WordsMissing)?,
            channel: channel.ok_or(RightsError::WordsMissing)?,
            contact: self.contact.clone(),
            words: self.words.clone(),
        })
    }

    fn typed(&self, hub: &Hub) -> TypedCase {
        // A form without a number of its own gets one: sent again it is then taken.
        let id: RightsId = self.id.parse().unwrap_or_else(|_| hub.make_id());
        TypedCase {
            id: id.to_string(),
            unit: self.unit.clone(),
            kind: self.kind.clone(),
            channel: self.channel.clone(),
            contact: self.contact.clone(),
            words: self.words.clone(),
        }
    }
}
