//! 试读 – what a file would enter: shown, corrected, entered or discarded.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use ruhu_core::ids::{GridId, ImportId};

use super::act::{Next, deciding, done, refused_words};
use super::import_words::{import_words, stopped_words};
use super::roster::{show as show_roster, working};
use super::{Page, XLSX, file, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{
    Asked, FindingsAsked, Scope, Viewer, dry_run_page, field_name, findings_book, import_findings_page,
    roster_query,
};
use crate::desk::trouble::Trouble;
use crate::desk::views::Said;
use crate::desk::{Desk, ask};
use crate::import::columns::{MatchedBy, Meaning};
use crate::import::commit::{CommitError, DefaultGrid, Progress};
use crate::import::finding::Place;
use crate::import::upload::{Choices, Upload};
use crate::ingest::sync::chain_of;
use crate::report::sheet::unsigned;
use crate::storage::Hub;
use crate::storage::uploads::UploadKey;

/// As the access log names it.
const LOOK: &str = "import.preview";
/// Signs of a grid's name.
const GRID_NAME_MAX: usize = 30;

pub(in crate::desk) async fn dry_run(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let works = desk.works.clone();
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let key = key(&id, &viewer, &scope)?;
        let Some(upload) = hub.upload(&key)? else { return gone(hub, &viewer, &scope, key.id) };
        let done = works.progress(key.id);
        if done.is_some() || upload.is_being_entered(hub.now_ms()) {
            let again = format!("/roster/upload/{}{}", key.id, roster_query(&scope));
            return working(&viewer, &scope, (again, viewer.lang.t("roster.entering")), done);
        }
        let said = upload
            .choices
            .stopped
            .map_or(Said::Nothing, |why| Said::Refused(viewer.lang.t(stopped_words(why)).to_owned()));
        show(hub, &viewer, &scope, (&upload, said))
    })
    .await
}

/// Logs the look, then shows the page: addresses and masked names are on it.
fn show(hub: &Hub, viewer: &Viewer, scope: &Scope, (upload, said): (&Upload, Said)) -> Page {
    hub.looked(viewer.account.id, LOOK, &format!("{}/{}", scope.id, upload.key.id))?;
    html(&dry_run_page(viewer, scope, upload, said))
}

/// An upload that is there no longer leads to what it became; else the roster says that it is gone.
fn gone(hub: &Hub, viewer: &Viewer, scope: &Scope, id: ImportId) -> Page {
    let lines = hub.storage().read(|tx| tx.import_lines(scope.id))?;
    if lines.iter().any(|line| line.id == id && line.account == viewer.account.id) {
        return Ok(done(&format!("/roster/import/{id}"), scope, "imported", &[]));
    }
    let said = Said::Refused(viewer.lang.t("done.upload-gone").to_owned());
    let mut page = show_roster(hub, viewer, scope, said)?;
    *page.status_mut() = StatusCode::NOT_FOUND;
    Ok(page)
}

fn key(id: &str, viewer: &Viewer, scope: &Scope) -> Result<UploadKey, Trouble> {
    let id = id.parse().map_err(|_| Trouble::NotFound)?;
    Ok(UploadKey { id, community: scope.id, account: viewer.account.id })
}

/// Columns corrected, a grid chosen, entered, or discarded.
pub(in crate::desk) async fn step_upload(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    // Whoever has a file read again takes a seat as whoever sends one.
    let seat = desk.works.file();
    let step = ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let key = key(&id, &viewer, &scope)?;
        let form: BTreeMap<String, String> = fields.into_iter().collect();
        let next = step(hub, &viewer, scope, key, (&form, seat.is_some()))?;
        Ok((next, seat))
    });
    let (next, seat) = step.await?;
    let (scope, (key, seen)) = match next {
        Next::Page(page) => return Ok(page),
        Next::Work(work) => *work,
    };
    let hub = Arc::clone(&desk.hub);
    let work = move |progress: &Progress| {
        let _seat = seat;
        match hub.enter_upload(&key, &seen, progress) {
            Ok(_) | Err(CommitError::Gone | CommitError::Changed) => {}
            Err(why) => tracing::error!(error = %chain_of(&why), "enter an upload"),
        }
    };
    desk.works.run(key.id, work).await;
    Ok(Redirect::to(&format!("/roster/upload/{}{}", key.id, roster_query(&scope))).into_response())
}

fn step(
    hub: &Hub,
    viewer: &Viewer,
    scope: Scope,
    key: UploadKey,
    (form, has_seat): (&BTreeMap<String, String>, bool),
) -> Result<Next<(UploadKey, String)>, Trouble> {
    let lang = viewer.lang;
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let Some(upload) = hub.upload(&key)? else { return gone(hub, viewer, &scope, key.id).map(Next::Page) };
    let here = format!("/roster/upload/{}{}", key.id, roster_query(&scope));
    let again = || Ok(Next::Page(Redirect::to(&here).into_response()));
    let refuse = |words: &str, upload: &Upload| {
        refused_words(words, |said| show(hub, viewer, &scope, (upload, said))).map(Next::Page)
    };
    let chosen = match field("act") {
        "columns" | "grid" | "commit" if !has_seat => return refuse(lang.t("roster.busy-reading"), &upload),
        "columns" => columns(&upload, form).map_err(|key| lang.t(key)),
        "grid" => grid(&scope, &upload, (field("grid"), field("new"))).map_err(|key| lang.t(key)),
        "discard" => {
            return match hub.discard_upload(&key) {
                Ok(true) => Ok(Next::Page(done("/roster", &scope, "upload-discarded", &[]))),
                // The page then tells how far it is.
                Ok(false) => again(),
                Err(CommitError::Gone) => gone(hub, viewer, &scope, key.id).map(Next::Page),
                Err(why) => Err(why.into()),
            };
        }
        "commit" => {
            return match hub.begin_upload(&key, field("seen")) {
                Ok(true) => Ok(Next::Work(Box::new((scope, (key, field("seen").to_owned()))))),
                Ok(false) => again(),
                Err(CommitError::Gone) => gone(hub, viewer, &scope, key.id).map(Next::Page),
                Err(CommitError::Changed) => {
                    let now = hub.upload(&key)?.unwrap_or(upload);
                    refuse(lang.t("roster.stopped-changed"), &now)
                }
                Err(why) => Err(why.into()),
            };
        }
        _ => return Err(Trouble::BadRequest),
    };
    match chosen {
        Err(words) => refuse(words, &upload),
        Ok(choices) => match hub.choose_in_upload(&key, choices) {
            Ok(()) | Err(CommitError::Gone) => again(),
            Err(why) => refuse(&import_words(why, lang)?, &upload),
        },
    }
}

/// The choices with the columns of a form: only those that differ from what was shown are by hand.
fn columns(upload: &Upload, form: &BTreeMap<String, String>) -> Result<Choices, &'static str> {
    let mut choices = Choices { stopped: None, ..upload.choices.clone() };
    let shown = &upload.shown;
    for (nth, table) in shown.tables.iter().enumerate() {
        let mut by_hand: Vec<Meaning> = Vec::new();
        for column in &table.columns {
            let Some(wanted) = wanted(form, nth, column.column)? else { continue };
            let is_new = wanted != column.meaning;
            if is_new || column.by == MatchedBy::Hand {
                // Who takes a meaning away says that the column is not to be read.
                let meaning = wanted.unwrap_or(Meaning::Ignored);
                if by_hand.contains(&meaning) && !meaning.may_repeat() {
                    return Err("roster.column-twice");
                }
                by_hand.push(meaning);
                choices.hand.give(&table.place, column.column, meaning);
            }
        }
    }
    for (nth, sketch) in shown.unread.iter().enumerate() {
        let place = Place { sheet: sketch.sheet.clone(), row: None, column: None };
        for (column, _) in &sketch.columns {
            if let Some(Some(meaning)) = wanted(form, shown.tables.len() + nth, *column)? {
                choices.hand.give(&place, *column, meaning);
            }
        }
    }
    Ok(choices)
}

/// What a form says of a column; nothing where it has no such field, no meaning where it is left open.
fn wanted(
    form: &BTreeMap<String, String>,
    table: usize,
    column: u16,
) -> Result<Option<Option<Meaning>>, &'static str> {
    let Some(word) = form.get(&field_name(table, column)) else { return Ok(None) };
    if word.is_empty() {
        return Ok(Some(None));
    }
    let meaning = Meaning::all().find(|one| one.word() == word);
    meaning.map(|one| Some(Some(one))).ok_or("roster.no-such-meaning")
}

fn grid(scope: &Scope, upload: &Upload, (known, new): (&str, &str)) -> Result<Choices, &'static str> {
    let new = new.trim();
    let default_grid = if new.is_empty() {
        let known: Option<GridId> = known.parse().ok();
        let known = known.filter(|id| scope.file.grids().contains_key(id)).ok_or("roster.choose-grid")?;
        DefaultGrid::Known(known)
    } else {
        if GRID_NAME_MAX < new.chars().count() || new.chars().any(char::is_control) {
            return Err("roster.bad-grid-name");
        }
        let drawn = scope.file.grids().into_iter().find(|(_, grid)| grid.name == new).map(|(id, _)| id);
        drawn.map_or_else(|| DefaultGrid::New(new.to_owned()), DefaultGrid::Known)
    };
    Ok(Choices { default_grid: Some(default_grid), stopped: None, ..upload.choices.clone() })
}

pub(in crate::desk) async fn import_findings(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Query(which): Query<FindingsAsked>,
) -> Page {
    let page = asked.page;
    read_upload(&desk, (viewer, id, asked), move |viewer, scope, upload| {
        html(&import_findings_page(viewer, scope, upload, &which, page))
    })
    .await
}

pub(in crate::desk) async fn import_findings_xlsx(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Query(which): Query<FindingsAsked>,
) -> Page {
    read_upload(&desk, (viewer, id, asked), move |viewer, scope, upload| {
        let book = findings_book(viewer, scope, upload, &which);
        Ok(file(XLSX, &format!("{}.xlsx", book.file_stem()), unsigned(&book)?))
    })
    .await
}

/// Logs the look at one's own upload, then shows something of it; one that is gone leads on.
async fn read_upload(
    desk: &Desk,
    (viewer, id, asked): (Viewer, String, Asked),
    shown: impl FnOnce(&Viewer, &Scope, &Upload) -> Page + Send + 'static,
) -> Page {
    ask(desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let key = key(&id, &viewer, &scope)?;
        let Some(upload) = hub.upload(&key)? else { return gone(hub, &viewer, &scope, key.id) };
        hub.looked(viewer.account.id, LOOK, &format!("{}/{}", scope.id, key.id))?;
        shown(&viewer, &scope, &upload)
    })
    .await
}
