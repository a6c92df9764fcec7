//! One household: looked at, opened for a reason, decided about.

use axum::Form;
use axum::extract::{Path, Query, State};
use ruhu_core::roster::Unit;
use serde::Deserialize;

use super::act::{deciding, done, order, reason_given, refused, refused_words, said};
use super::{Page, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{Asked, Look, Viewer, choose, household_page, unit_code, unit_of_code};
use crate::desk::trouble::Trouble;
use crate::desk::views::Said;
use crate::desk::{Desk, ask};
use crate::office::{decide, records};
use crate::storage::Hub;

#[derive(Deserialize)]
pub(in crate::desk) struct RevealForm {
    reason: String,
}

/// What the lead decides about a household.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct DecideForm {
    act: String,
    reason: String,
    entry: String,
}

pub(in crate::desk) async fn household(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Path(unit): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| look(hub, &signed_in.viewer, (&unit, &asked), Look::Masked, None)).await
}

pub(in crate::desk) async fn reveal(
    State(desk): State<Desk>,
    signed_in: SignedIn,
    Path(unit): Path<String>,
    Query(asked): Query<Asked>,
    Form(form): Form<RevealForm>,
) -> Page {
    let wanted = Look::for_reason(&form.reason).ok_or(Trouble::BadRequest)?;
    ask(&desk, move |hub| look(hub, &signed_in.viewer, (&unit, &asked), wanted, None)).await
}

/// 核减不予认可, 列为或不再列为重点户, and taking that back.
pub(in crate::desk) async fn decide_household(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(unit): Path<String>,
    Query(asked): Query<Asked>,
    Form(form): Form<DecideForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let wanted = unit_of_code(&unit).ok_or(Trouble::NotFound)?;
        let again = |said| look(hub, &viewer, (&unit, &asked), Look::Masked, Some(said));
        let reason = match reason_given(&form.reason) {
            _ if form.act == "undo" => "",
            Ok(reason) => reason,
            Err(key) => return refused_words(viewer.lang.t(key), again),
        };
        let order = order(viewer.account.id, &scope, reason);
        let (id, period) = (number(wanted), scope.period);
        let (what, decided) = match form.act.as_str() {
            "reject" => {
                ("rejected", hub.decide(order, move |roll| decide::reject_deduction(roll, &id, period)))
            }
            "key" => ("key", hub.decide(order, move |roll| decide::mark_key(roll, &id, true, roll.today()))),
            "no-key" => {
                ("no-key", hub.decide(order, move |roll| decide::mark_key(roll, &id, false, roll.today())))
            }
            "undo" => ("undone", hub.decide(order, move |roll| records::withdraw_all(roll, &form.entry))),
            _ => return Err(Trouble::BadRequest),
        };
        let path = format!("/household/{}", unit_code(wanted));
        match decided {
            Ok(_) if what == "undone" => Ok(done(&path, &scope, what, &[])),
            Ok(decided) => Ok(done(&path, &scope, what, &decided.entries)),
            Err(why) => refused(why, viewer.lang, again),
        }
    })
    .await
}

pub(super) fn number(unit: Unit) -> String {
    match unit {
        Unit::Household(id) => id.to_string(),
        Unit::Vacant(id) => id.to_string(),
    }
}

/// Logs the look, then shows the page: what could not be logged is not shown.
fn look(
    hub: &Hub,
    viewer: &Viewer,
    (unit, asked): (&str, &Asked),
    look: Look,
    refusal: Option<Said>,
) -> Page {
    let unit = unit_of_code(unit).ok_or(Trouble::NotFound)?;
    let mut page = hub.storage().read(|tx| {
        if !viewer.account.role.sees_households() {
            return Err(Trouble::Forbidden);
        }
        let scope = choose(tx, &viewer.account, asked, hub.now())?.one()?;
        let mut page = household_page(tx, viewer, &scope, unit, look)?;
        page.shell.said = said(asked, &format!("/household/{}/decide", unit_code(unit)), &scope, viewer.lang);
        Ok(page)
    })?;
    if let Some(refusal) = refusal {
        page.shell.said = refusal;
    }
    hub.looked(viewer.account.id, &look.code(), &unit_code(unit))?;
    html(&page)
}
