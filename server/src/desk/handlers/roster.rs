//! 名册 – what is in it, a file taken in, the empty sheet, one import and its undo.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{Form, Multipart, Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use ruhu_core::ids::ImportId;
use serde::Deserialize;

use super::act::{Next, deciding, done, refused_words, said, within};
use super::import_words::{import_words, roster_said};
use super::{Page, XLSX, file, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{Asked, Scope, Viewer, imported_page, roster_page, roster_query, working_page};
use crate::desk::trouble::Trouble;
use crate::desk::views::Said;
use crate::desk::{Desk, ask};
use crate::import::blank;
use crate::import::commit::CommitError;
use crate::import::upload::UPLOAD_MAX_BYTES;
use crate::ingest::sync::chain_of;
use crate::storage::Hub;

const PATH: &str = "/roster";
/// What is read of a file that is too large, and thrown away: a browser shows no answer while it still sends.
const SENT_MAX: usize = 260_000_000;
/// A file that arrives more slowly gives its place to others.
const ARRIVES_WITHIN: Duration = Duration::from_secs(600);
/// A page about work that goes on comes again after so many seconds.
pub(super) const AGAIN_S: u32 = 3;

/// What came with a form.
enum Received {
    /// A file, by its name.
    File(String, Vec<u8>),
    /// Nothing, or nothing in it.
    Nothing,
    /// More than is taken.
    TooLarge,
}

/// What an import's address and form ask for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct UndoAsked {
    undo: Option<String>,
    act: String,
}

pub(in crate::desk) async fn roster(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = hub.storage().read(|tx| within(tx, hub, &viewer, &asked))?;
        let said = said(&asked, PATH, &scope, viewer.lang);
        show(hub, &viewer, &scope, said)
    })
    .await
}

pub(super) fn show(hub: &Hub, viewer: &Viewer, scope: &Scope, said: Said) -> Page {
    let uploads = hub.uploads(scope.id, viewer.account.id)?;
    let page = hub.storage().read(|tx| roster_page(tx, viewer, scope, (&uploads, said)))?;
    html(&page)
}

/// 上传 – a file is read, kept sealed, and shown; nothing is entered.
pub(in crate::desk) async fn upload(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    form: Result<Multipart, MultipartRejection>,
) -> Page {
    // Before anything is read: what is sent by whoever may not is not even taken in.
    let (who, asked_again) = (viewer.clone(), asked.clone());
    let scope = ask(&desk, move |hub| deciding(hub, &who, &asked_again)).await?;
    let lang = viewer.lang;
    let seat = desk.works.file();
    let received = match (&seat, form) {
        (None, _) => Err(lang.t("roster.busy").to_owned()),
        (Some(_), Err(_)) => Err(lang.t("roster.no-file").to_owned()),
        (Some(_), Ok(form)) => match tokio::time::timeout(ARRIVES_WITHIN, receive(form)).await {
            Err(_) => Err(lang.t("roster.too-slow").to_owned()),
            Ok(Err(why)) => return Err(why),
            Ok(Ok(Received::File(name, bytes))) => Ok((name, bytes)),
            Ok(Ok(Received::Nothing)) => Err(lang.t("roster.no-file").to_owned()),
            Ok(Ok(Received::TooLarge)) => {
                Err(lang.fill("roster.too-large", &[&(UPLOAD_MAX_BYTES / 1_000_000).to_string()]))
            }
        },
    };
    ask(&desk, move |hub| {
        let _seat = seat;
        let why = match received {
            Ok((name, bytes)) => match hub.upload_roster(viewer.account.id, scope.id, &name, bytes) {
                Ok(id) => {
                    let to = format!("{PATH}/upload/{id}{}", roster_query(&scope));
                    return Ok(Redirect::to(&to).into_response());
                }
                Err(why) => import_words(why, lang)?,
            },
            Err(words) => words,
        };
        refused_words(&why, |said| show(hub, &viewer, &scope, said))
    })
    .await
}

/// The first file of a form; the bytes of all its fields together are counted while they arrive.
async fn receive(mut form: Multipart) -> Result<Received, Trouble> {
    let (mut received, mut sent) = (Received::Nothing, 0_usize);
    while let Some(field) = form.next_field().await.map_err(|_| Trouble::BadRequest)? {
        let name = field.file_name().map(str::to_owned);
        let bytes = take(field, &mut sent).await?;
        if UPLOAD_MAX_BYTES < sent {
            received = Received::TooLarge;
            if SENT_MAX < sent {
                return Ok(received);
            }
        } else if let Some(name) = name
            && matches!(received, Received::Nothing)
            && !bytes.is_empty()
        {
            received = Received::File(name, bytes);
        }
    }
    Ok(received)
}

/// The bytes of a field; none once everything `sent` so far is more than a file may have.
async fn take(mut field: Field<'_>, sent: &mut usize) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| Trouble::BadRequest)? {
        *sent = sent.saturating_add(chunk.len());
        if *sent <= UPLOAD_MAX_BYTES {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
        if SENT_MAX < *sent {
            break;
        }
    }
    Ok(bytes)
}

/// An empty sheet to begin with.
pub(in crate::desk) async fn blank(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = hub.storage().read(|tx| within(tx, hub, &viewer, &asked))?;
        let name = format!("{}.xlsx", viewer.lang.t("roster.blank-name"));
        Ok(file(XLSX, &name, blank::workbook(scope.today)?))
    })
    .await
}

/// One import; with `undo=look` also what taking it back would do.
pub(in crate::desk) async fn imported(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Query(undo): Query<UndoAsked>,
) -> Page {
    let works = desk.works.clone();
    ask(&desk, move |hub| {
        let id: ImportId = id.parse().map_err(|_| Trouble::NotFound)?;
        let scope = hub.storage().read(|tx| within(tx, hub, &viewer, &asked))?;
        let lines = hub.storage().read(|tx| tx.import_lines(scope.id))?;
        let line = lines.iter().find(|line| line.id == id).ok_or(Trouble::NotFound)?;
        let here = format!("{PATH}/import/{id}");
        if let Some(done) = works.progress(id) {
            let again = format!("{here}{}&done=import-undone", roster_query(&scope));
            return working(&viewer, &scope, (again, viewer.lang.t("roster.undoing")), Some(done));
        }
        let looks = undo.undo.as_deref() == Some("look") && viewer.account.role.decides();
        let said =
            if looks { Said::Nothing } else { roster_said(&asked, line.undone_ms.is_some(), viewer.lang) };
        one(hub, &viewer, &scope, (id, looks, said))
    })
    .await
}

/// Takes an import back.
pub(in crate::desk) async fn undo_imported(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Form(form): Form<UndoAsked>,
) -> Page {
    let who = viewer.clone();
    let checked = ask(&desk, move |hub| {
        let scope = deciding(hub, &who, &asked)?;
        let id: ImportId = id.parse().map_err(|_| Trouble::NotFound)?;
        let lines = hub.storage().read(|tx| tx.import_lines(scope.id))?;
        let line = lines.iter().find(|line| line.id == id).ok_or(Trouble::NotFound)?;
        if form.act != "undo" {
            return Err(Trouble::BadRequest);
        }
        if line.undone_ms.is_none() && crate::desk::read::can_undo(&lines, line) {
            return Ok(Next::Work(Box::new((scope, id))));
        }
        let why = if line.undone_ms.is_some() { "roster.undone-already" } else { "roster.not-the-last" };
        let page = refused_words(who.lang.t(why), |said| one(hub, &who, &scope, (id, false, said)))?;
        Ok(Next::Page(page))
    });
    let (scope, id) = match checked.await? {
        Next::Work(work) => *work,
        Next::Page(page) => return Ok(page),
    };
    let (hub, by, community) = (Arc::clone(&desk.hub), viewer.account.id, scope.id);
    let work = move |progress: &crate::import::commit::Progress| match hub.undo_import_telling(
        by,
        community,
        Some(id),
        progress,
    ) {
        Ok(_) | Err(CommitError::NothingToUndo) => {}
        Err(why) => tracing::error!(error = %chain_of(&why), "undo an import"),
    };
    desk.works.run(id, work).await;
    Ok(done(&format!("{PATH}/import/{id}"), &scope, "import-undone", &[]))
}

fn one(hub: &Hub, viewer: &Viewer, scope: &Scope, (id, looks, said): (ImportId, bool, Said)) -> Page {
    let look = if looks {
        // It lists households: a look at them.
        hub.looked(viewer.account.id, "import.undo", &format!("{}/{id}", scope.id))?;
        match hub.look_at_undo(scope.id, Some(id)) {
            Ok(look) => Some(look),
            Err(CommitError::NothingToUndo | CommitError::NotTheLast) => None,
            Err(why) => return Err(why.into()),
        }
    } else {
        None
    };
    let page = hub.storage().read(|tx| imported_page(tx, viewer, scope, id, (look, said)))?;
    html(&page.ok_or(Trouble::NotFound)?)
}

/// A page about work that goes on; it comes again by itself, without a script.
pub(super) fn working(
    viewer: &Viewer,
    scope: &Scope,
    (again, title): (String, &'static str),
    done: Option<(usize, usize)>,
) -> Page {
    let refresh = format!("{AGAIN_S}; url={again}");
    let mut page: Response = html(&working_page(viewer, scope, (again, title), done))?;
    if let Ok(refresh) = refresh.parse() {
        page.headers_mut().insert(header::REFRESH, refresh);
    }
    Ok(page)
}
