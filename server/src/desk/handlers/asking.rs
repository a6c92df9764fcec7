//! 开设专项 – written, previewed, asked. What is asked is what was previewed: the preview carries the form on, and it is
//! read and checked again.

use axum::Form;
use axum::extract::{Query, State};
use ruhu_core::ids::QuestionId;
use serde::Deserialize;

use super::act::{deciding, done, order, refused, refused_words};
use super::{Page, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{
    Asked, Scope, Viewer, preview_page, question_form_page, question_here, read_form, written_from,
};
use crate::desk::trouble::Trouble;
use crate::desk::views::{QuestionForm, Said, Wrong};
use crate::desk::{Desk, ask};
use crate::office::OfficeError;
use crate::office::roll::Roll;

/// Why, as the log keeps it; the question says the rest itself.
const REASON: &str = "开设专项";

/// Which question a new one is written from.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct From {
    from: Option<String>,
}

pub(in crate::desk) async fn new_question(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Query(From { from }): Query<From>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let from = from.map(|id| id.parse().map_err(|_| Trouble::NotFound)).transpose()?;
        let from = from.map(|id| question_here(&scope, id)).transpose()?;
        let form = written_from(from.as_ref(), hub.make_id(), &scope);
        show(&viewer, &scope, (form, Wrong::default()), Said::Nothing)
    })
    .await
}

fn show(viewer: &Viewer, scope: &Scope, typed: (QuestionForm, Wrong), said: Said) -> Page {
    html(&question_form_page(viewer, scope, typed, said))
}

/// 预览, 修改, 开设.
pub(in crate::desk) async fn ask_question(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let act = fields.iter().find(|(name, _)| name == "act").map(|(_, act)| act.clone());
        let mut form = QuestionForm::of(fields);
        // The form carries the question's id: sent twice, it is one question.
        let id: QuestionId = form.id.parse().unwrap_or_else(|_| hub.make_id());
        form.id = id.to_string();
        if act.as_deref() == Some("edit") {
            return show(&viewer, &scope, (form, Wrong::default()), Said::Nothing);
        }
        let page = format!("/question/{id}");
        let question = match read_form(&form, &scope, id, viewer.lang) {
            Ok(question) => question,
            Err(wrong) => {
                let words = viewer.lang.fill("questions.wrong", &[&wrong.0.len().to_string()]);
                return refused_words(&words, |said| show(&viewer, &scope, (form, wrong), said));
            }
        };
        if act.as_deref() == Some("ask") {
            return match hub.open_question(order(viewer.account.id, &scope, REASON), question) {
                Ok(()) => Ok(done(&page, &scope, "question-asked", &[])),
                // What stood in the way came between the reading and the asking.
                Err(OfficeError::Question(_)) => refused_words(viewer.lang.t("questions.changed"), |said| {
                    show(&viewer, &scope, (form, Wrong::default()), said)
                }),
                Err(why) => {
                    refused(why, viewer.lang, |said| show(&viewer, &scope, (form, Wrong::default()), said))
                }
            };
        }
        let now_ms = hub.now_ms();
        let page = hub.storage().read(|tx| {
            let roll = Roll::load(tx, scope.id, now_ms)?;
            preview_page(tx, &viewer, &scope, (&roll, &form, &question))
        })?;
        html(&page)
    })
    .await
}
