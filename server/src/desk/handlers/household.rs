//! One household: looked at, opened for a reason, decided about.

use axum::Form;
use axum::extract::{Path, Query, State};
use chrono::NaiveDate;
use ruhu_core::entry::UnitFact;
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;
use serde::Deserialize;

use super::act::{deciding, done, order, reason_given, refused, refused_words, said};
use super::{Page, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{Asked, Look, Viewer, choose, household_page, unit_code, unit_of_code};
use crate::desk::trouble::Trouble;
use crate::desk::views::{Said, TypedDecision};
use crate::desk::{Desk, ask};
use crate::office::roll::Roll;
use crate::office::{OfficeError, decide, records};
use crate::storage::Hub;

#[derive(Deserialize)]
pub(in crate::desk) struct RevealForm {
    reason: String,
}

/// What the lead decides about a household.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct DecideForm {
    act: String,
    reason: String,
    entry: String,
    on: String,
    other: String,
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

/// 核减不予认可, 重点户, 迁出, 销户, 并户, 迁居, 请勿打扰, and taking the last of them back.
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
        let again = |said| look(hub, &viewer, (&unit, &asked), Look::Masked, Some((said, form.typed())));
        let reason = match reason_given(&form.reason) {
            _ if form.act == "undo" => "",
            Ok(reason) => reason,
            Err(key) => return refused_words(viewer.lang.t(key), again),
        };
        let order = order(viewer.account.id, &scope, reason);
        let id = number(wanted);
        let (what, work) = match decision(&form, id, scope.period) {
            Ok(Some(decision)) => decision,
            Ok(None) => return Err(Trouble::BadRequest),
            Err(key) => return refused_words(viewer.lang.t(key), again),
        };
        let decided = hub.decide(order, work);
        let path = format!("/household/{}", unit_code(wanted));
        match decided {
            Ok(_) if what == "undone" => Ok(done(&path, &scope, what, &[])),
            Ok(decided) => Ok(done(&path, &scope, what, &decided.entries)),
            Err(why) => refused(why, viewer.lang, again),
        }
    })
    .await
}

type Decision = Box<dyn FnOnce(&Roll) -> Result<Vec<UnitFact>, OfficeError> + Send>;

/// What the form asks for, with the word for what was done; the key of the words where its day cannot be read.
fn decision(
    form: &DecideForm,
    id: String,
    period: Period,
) -> Result<Option<(&'static str, Decision)>, &'static str> {
    let day = || form.on.parse::<NaiveDate>().map_err(|_| "household.say-day");
    let other = form.other.trim().to_owned();
    Ok(Some(match form.act.as_str() {
        "reject" => ("rejected", Box::new(move |roll| decide::reject_deduction(roll, &id, period))),
        "key" => ("key", Box::new(move |roll| decide::mark_key(roll, &id, true, roll.today()))),
        "no-key" => ("no-key", Box::new(move |roll| decide::mark_key(roll, &id, false, roll.today()))),
        "gone" => {
            let on = day()?;
            ("gone", Box::new(move |roll| decide::left(roll, &id, on, None)))
        }
        "ceased" => {
            let on = day()?;
            let into = (!other.is_empty()).then_some(other);
            ("ceased", Box::new(move |roll| decide::dissolve(roll, &id, on, into.as_deref())))
        }
        "move" => {
            let on = day()?;
            ("moved", Box::new(move |roll| decide::move_to(roll, &id, &other, on)))
        }
        "quiet" => {
            let until = day()?;
            ("quiet", Box::new(move |roll| decide::do_not_ask(roll, &id, until)))
        }
        "undo" => {
            let entries = form.entry.clone();
            ("undone", Box::new(move |roll| records::withdraw_all(roll, &entries)))
        }
        _ => return Ok(None),
    }))
}

impl DecideForm {
    fn typed(&self) -> TypedDecision {
        let Self { act, on, other, reason, .. } = self.clone();
        TypedDecision { act, on, other, reason }
    }
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
    refusal: Option<(Said, TypedDecision)>,
) -> Page {
    let (refusal, typed) = refusal.unzip();
    let unit = unit_of_code(unit).ok_or(Trouble::NotFound)?;
    let mut page = hub.storage().read(|tx| {
        if !viewer.account.role.sees_households() {
            return Err(Trouble::Forbidden);
        }
        let scope = choose(tx, &viewer.account, asked, hub.now())?.one()?;
        let mut page = household_page(tx, viewer, &scope, unit, (look, typed.unwrap_or_default()))?;
        page.shell.said = said(asked, &format!("/household/{}/decide", unit_code(unit)), &scope, viewer.lang);
        Ok(page)
    })?;
    if let Some(refusal) = refusal {
        page.shell.said = refusal;
    }
    hub.looked(viewer.account.id, &look.code(), &unit_code(unit))?;
    html(&page)
}
