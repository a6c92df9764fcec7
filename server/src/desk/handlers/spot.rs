//! 抽查 – drawing, the blind sheet, entering what came of it.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use ruhu_core::entry::RevisitKey;
use ruhu_core::ids::{AccountId, CommunityId, FindingId, RecheckId};

use super::act::{deciding, done, refused_words, said, within};
use super::refusal::{finding_words, recheck_words};
use super::{Page, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{
    ASK, Asked, CardOrNot, GIVE, Scope, Viewer, card_page, spot_check_page, spot_checks_page, spot_sheet,
};
use crate::desk::trouble::Trouble;
use crate::desk::views::{Said, SpotForm};
use crate::desk::{Desk, ask};
use crate::findings::FindingError;
use crate::office::OfficeError;
use crate::recheck::RecheckError;
use crate::recheck::act::Entered;
use crate::recheck::draw::Method;
use crate::report::closing::ReportError;
use crate::storage::rechecks::DrawRow;
use crate::storage::{Hub, Tx};

const PATH: &str = "/spot-checks";

pub(in crate::desk) async fn spot_checks(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| show_all(hub, &viewer, &asked, None)).await
}

pub(in crate::desk) async fn draw(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Form(form): Form<SpotForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        // What is no number is no size either.
        let size = form.size.trim().parse().unwrap_or(0);
        let method = Method::from_code(&form.method);
        // The form carries the draw's id: sent twice, it is one draw.
        let id = form.id.parse().unwrap_or_else(|_| hub.make_id());
        match hub.draw_recheck(viewer.account.id, (scope.id, id), scope.period, (method, size)) {
            Ok(id) => Ok(done(&format!("{PATH}/{id}"), &scope, "drawn", &[])),
            Err(RecheckError::Storage(why)) => Err(why.into()),
            Err(RecheckError::Reading(why)) => Err(ReportError::from(why).into()),
            Err(RecheckError::Unknown) => Err(Trouble::NotFound),
            Err(why) => refused_words(&recheck_words(&why, viewer.lang), |said| {
                show_all(hub, &viewer, &asked, Some((said, form)))
            }),
        }
    })
    .await
}

pub(in crate::desk) async fn spot_check(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| show(hub, &viewer, &asked, &id, None)).await
}

/// 登记结果, 派复访, 撤回任务, 请说明.
pub(in crate::desk) async fn enter(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Form(form): Form<SpotForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let draw: RecheckId = id.parse().map_err(|_| Trouble::NotFound)?;
        let by = viewer.account.id;
        let path = format!("{PATH}/{id}");
        let kept = match form.act.as_str() {
            GIVE => give(hub, by, scope.id, draw, &form).map(|()| done(&path, &scope, "given", &[])),
            "take-back" => key(draw, &form)
                .and_then(|key| Ok(hub.take_revisit_back(by, scope.id, key)?))
                .map(|()| done(&path, &scope, "taken-back", &[])),
            ASK => ask_worker(hub, by, scope.id, draw, &form)
                .map(|finding| done(&format!("/finding/{finding}"), &scope, "asked", &[])),
            _ => read(&form)
                .and_then(|entered| Ok(hub.answer_recheck(by, scope.id, draw, entered)?))
                .map(|()| done(&path, &scope, "entered", &[])),
        };
        let why = match kept {
            Ok(done) => return Ok(done),
            Err(why) => why,
        };
        let words = match why {
            NotKept::Words(key) => viewer.lang.t(key).to_owned(),
            NotKept::Recheck(RecheckError::Unknown) | NotKept::Finding(FindingError::Unknown) => {
                return Err(Trouble::NotFound);
            }
            NotKept::Recheck(RecheckError::Storage(why)) | NotKept::Finding(FindingError::Storage(why)) => {
                return Err(why.into());
            }
            NotKept::Recheck(RecheckError::Act(why)) | NotKept::Finding(FindingError::Act(why)) => {
                return Err(OfficeError::Act(why).into());
            }
            NotKept::Recheck(why) => recheck_words(&why, viewer.lang),
            NotKept::Finding(why) => finding_words(&why, viewer.lang),
        };
        refused_words(&words, |said| show(hub, &viewer, &asked, &id, Some((said, form))))
    })
    .await
}

/// Why a form of the page was not kept.
enum NotKept {
    /// A field that cannot be read: the key of its words.
    Words(&'static str),
    Recheck(RecheckError),
    Finding(FindingError),
}

impl From<RecheckError> for NotKept {
    fn from(why: RecheckError) -> Self {
        Self::Recheck(why)
    }
}

impl From<FindingError> for NotKept {
    fn from(why: FindingError) -> Self {
        Self::Finding(why)
    }
}

fn give(
    hub: &Hub,
    by: AccountId,
    community: CommunityId,
    draw: RecheckId,
    form: &SpotForm,
) -> Result<(), NotKept> {
    let worker = form.checker.parse().map_err(|_| NotKept::Words("staff.no-worker"))?;
    let due = form.due.parse().map_err(|_| NotKept::Words("staff.no-day"))?;
    Ok(hub.give_revisit(by, community, key(draw, form)?, worker, due)?)
}

fn ask_worker(
    hub: &Hub,
    by: AccountId,
    community: CommunityId,
    draw: RecheckId,
    form: &SpotForm,
) -> Result<FindingId, NotKept> {
    let nth = form.nth.parse().map_err(|_| NotKept::Words("spot.no-item"))?;
    let reply_by = form.reply_by.parse().map_err(|_| NotKept::Words("staff.no-day"))?;
    Ok(hub.ask_account(by, community, (draw, nth), reply_by, &form.words)?)
}

fn key(draw: RecheckId, form: &SpotForm) -> Result<RevisitKey, NotKept> {
    let number = |text: &str| text.parse().map_err(|_| NotKept::Words("spot.no-item"));
    Ok(RevisitKey { draw, nth: number(&form.nth)?, round: number(&form.round)? })
}

/// The blind sheet. That addresses were listed for a re-visit is in the access log.
pub(in crate::desk) async fn sheet(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let page = hub.storage().read(|tx| {
            let (scope, draw) = drawn(tx, hub, &viewer, &asked, &id)?;
            spot_sheet(tx, &viewer, &scope, &draw)
        })?;
        hub.looked(viewer.account.id, "recheck.sheet", &id)?;
        html(&page)
    })
    .await
}

/// The evidence card of one record drawn by signals. For whoever decides, not for whoever asks again; logged.
pub(in crate::desk) async fn card(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path((id, nth)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let nth: u32 = nth.parse().map_err(|_| Trouble::NotFound)?;
        let found = hub.storage().read(|tx| {
            let (scope, draw) = drawn(tx, hub, &viewer, &asked, &id)?;
            card_page(tx, &viewer, &scope, &draw, nth)
        })?;
        match found {
            CardOrNot::Card(page) => {
                hub.looked(viewer.account.id, "recheck.card", &format!("{id}/{nth}"))?;
                html(&*page)
            }
            CardOrNot::None(page) => {
                let mut response = html(&page)?;
                *response.status_mut() = StatusCode::NOT_FOUND;
                Ok(response)
            }
            CardOrNot::NoMore(page) => html(&page),
        }
    })
    .await
}

fn read(form: &SpotForm) -> Result<Entered, NotKept> {
    let checker = form.checker.trim();
    let words = NotKept::Words;
    Ok(Entered {
        nth: form.nth.parse().map_err(|_| words("spot.no-item"))?,
        round: form.round.parse().map_err(|_| words("spot.no-item"))?,
        answer: form.answer.parse().map_err(|_| words("spot.no-answer"))?,
        by_phone: form.how == "phone",
        on: form.on.trim().parse().map_err(|_| words("staff.no-day"))?,
        checker: if checker.is_empty() {
            None
        } else {
            Some(checker.parse().map_err(|_| words("staff.no-worker"))?)
        },
    })
}

fn show_all(hub: &Hub, viewer: &Viewer, asked: &Asked, again: Option<(Said, SpotForm)>) -> Page {
    hub.storage().read(|tx| {
        let scope = within(tx, hub, viewer, asked)?;
        let (said, mut form) =
            again.unwrap_or_else(|| (said(asked, PATH, &scope, viewer.lang), SpotForm::default()));
        if form.id.is_empty() {
            form.id = hub.make_id::<RecheckId>().to_string();
        }
        html(&spot_checks_page(tx, viewer, &scope, (said, form))?)
    })
}

fn show(hub: &Hub, viewer: &Viewer, asked: &Asked, id: &str, again: Option<(Said, SpotForm)>) -> Page {
    hub.storage().read(|tx| {
        let (scope, draw) = drawn(tx, hub, viewer, asked, id)?;
        let with = again.unwrap_or_else(|| (said(asked, PATH, &scope, viewer.lang), SpotForm::default()));
        html(&spot_check_page(tx, viewer, &scope, &draw, with)?)
    })
}

/// The draw of an address, if it is one of the viewer's community.
fn drawn(
    tx: &Tx<'_>,
    hub: &Hub,
    viewer: &Viewer,
    asked: &Asked,
    id: &str,
) -> Result<(Scope, DrawRow), Trouble> {
    let scope = within(tx, hub, viewer, asked)?;
    let id: RecheckId = id.parse().map_err(|_| Trouble::NotFound)?;
    let draw = tx.draw(id)?.filter(|draw| draw.community == scope.id).ok_or(Trouble::NotFound)?;
    Ok((scope, draw))
}
