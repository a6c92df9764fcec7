//! 待确认 – what phones recorded and the lead has not answered; suggested joins.

use axum::Form;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::act::{deciding, done, order, reason_given, refused, refused_words, said, within};
use super::{Page, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{Asked, Viewer, waiting_page};
use crate::desk::trouble::Trouble;
use crate::desk::views::Said;
use crate::desk::{Desk, ask};
use crate::office::roll::Roll;
use crate::office::{decide, records};
use crate::storage::Hub;

const PATH: &str = "/waiting";

/// What the lead answers.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct AnswerForm {
    act: String,
    entry: String,
    other: String,
    reason: String,
}

pub(in crate::desk) async fn waiting(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| show(hub, &viewer, &asked, None)).await
}

pub(in crate::desk) async fn answer(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Form(form): Form<AnswerForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let reason = match reason_given(&form.reason) {
            _ if form.act != "return" => "",
            Ok(reason) => reason,
            Err(key) => {
                return refused_words(viewer.lang.t(key), |said| show(hub, &viewer, &asked, Some(said)));
            }
        };
        let order = order(viewer.account.id, &scope, reason);
        let AnswerForm { act, entry, other, .. } = form;
        let (what, decided) = match act.as_str() {
            "confirm" => ("confirmed", hub.decide(order, move |roll| records::confirm(roll, &entry))),
            "return" => ("returned", hub.decide(order, move |roll| records::give_back(roll, &entry))),
            "join" => ("joined", hub.decide(order, move |roll| decide::join(roll, &entry, &other))),
            "apart" => ("apart", hub.decide(order, move |roll| decide::keep_apart(roll, &entry, &other))),
            "undo" => ("undone", hub.decide(order, move |roll| records::withdraw_all(roll, &entry))),
            _ => return Err(Trouble::BadRequest),
        };
        match decided {
            // What was taken back is recorded again rather than brought back.
            Ok(_) if what == "undone" => Ok(done(PATH, &scope, what, &[])),
            Ok(decided) => Ok(done(PATH, &scope, what, &decided.entries)),
            Err(why) => refused(why, viewer.lang, |said| show(hub, &viewer, &asked, Some(said))),
        }
    })
    .await
}

fn show(hub: &Hub, viewer: &Viewer, asked: &Asked, refusal: Option<Said>) -> Page {
    hub.storage().read(|tx| {
        let scope = within(tx, hub, viewer, asked)?;
        let roll = Roll::load(tx, scope.id, hub.now_ms())?;
        let said = refusal.unwrap_or_else(|| said(asked, PATH, &scope, viewer.lang));
        html(&waiting_page(tx, viewer, &scope, &roll, said)?)
    })
}
