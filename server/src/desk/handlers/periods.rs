//! 关账 – looking at a period that is over, and closing it for good.

use axum::Form;
use axum::extract::{Query, State};
use ruhu_core::time::Period;
use serde::Deserialize;

use super::act::{deciding, done, refused_words, said, within};
use super::{Page, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{Asked, Viewer, closable, periods_page};
use crate::desk::trouble::Trouble;
use crate::desk::views::Said;
use crate::desk::{Desk, ask};
use crate::report::closing::{ReportError, Wanted};
use crate::storage::Hub;

const PATH: &str = "/periods";
/// Characters of a reason.
const REASON_MAX: usize = 200;

/// What closes a period.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct CloseForm {
    close: String,
    reason: String,
    sure: String,
}

pub(in crate::desk) async fn periods(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| show(hub, &viewer, &asked, "", None)).await
}

pub(in crate::desk) async fn close_period(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(mut asked): Query<Asked>,
    Form(form): Form<CloseForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let period: Period = form.close.parse().map_err(|_| Trouble::BadRequest)?;
        let lang = viewer.lang;
        asked.close = Some(form.close);
        let reason = form.reason.trim();
        let problem = if form.sure.is_empty() {
            Some(lang.t("closing.not-sure").to_owned())
        } else if REASON_MAX < reason.chars().count() {
            Some(lang.t("closing.reason-long").to_owned())
        } else {
            match hub.close_period(scope.id, period, viewer.account.id, reason.to_owned()) {
                Ok(_) => None,
                Err(why @ (ReportError::NotOver { .. } | ReportError::AlreadyClosed { .. })) => {
                    Some(lang.half(&why.to_string()).to_owned())
                }
                Err(why) => return Err(why.into()),
            }
        };
        match problem {
            None => Ok(done(PATH, &scope, "closed", &[])),
            Some(words) => refused_words(&words, |said| show(hub, &viewer, &asked, reason, Some(said))),
        }
    })
    .await
}

fn show(hub: &Hub, viewer: &Viewer, asked: &Asked, reason: &str, refusal: Option<Said>) -> Page {
    let scope = hub.storage().read(|tx| within(tx, hub, viewer, asked))?;
    let wanted: Option<Period> =
        asked.close.as_deref().map(str::parse).transpose().map_err(|_| Trouble::BadRequest)?;
    let open = wanted.filter(|one| {
        viewer.account.role.decides()
            && one.last_day() < scope.today
            && ruhu_core::closing::of(&scope.file, *one).is_none()
    });
    let preview = match open {
        Some(period) => {
            let signed = hub.report(scope.id, period, &Wanted::default())?;
            Some(closable(&scope, &signed, reason, viewer.lang))
        }
        None => None,
    };
    let said = refusal.unwrap_or_else(|| said(asked, PATH, &scope, viewer.lang));
    html(&periods_page(viewer, &scope, preview, said))
}
