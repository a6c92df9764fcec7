//! 专项 – the list, one of them, closing it, and handing its answers on.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use chrono::NaiveDate;
use ruhu_core::ids::QuestionId;

use super::act::{deciding, done, order, reason_given, refused, refused_words, said, within};
use super::{Page, XLSX, file, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{
    Asked, Scope, Viewer, answers_export, export_page, question_here, question_page, questions_page,
};
use crate::desk::trouble::Trouble;
use crate::desk::views::{CloseView, ExportForm, Said, Wrong};
use crate::desk::{Desk, ask};
use crate::office::roll::Roll;
use crate::report::{csv, sheet};
use crate::storage::Hub;

const PATH: &str = "/questions";
const CSV: &str = "text/csv; charset=utf-8";
/// As the access log names it, from here and from the command line.
const LOOK: &str = "question.export";

pub(in crate::desk) async fn questions(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let now_ms = hub.now_ms();
        hub.storage().read(|tx| {
            let scope = within(tx, hub, &viewer, &asked)?;
            let said = said(&asked, PATH, &scope, viewer.lang);
            let roll = Roll::load(tx, scope.id, now_ms)?;
            html(&questions_page(tx, &viewer, &scope, (&roll, said))?)
        })
    })
    .await
}

pub(in crate::desk) async fn question(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let id = id.parse().map_err(|_| Trouble::NotFound)?;
        let scope = hub.storage().read(|tx| within(tx, hub, &viewer, &asked))?;
        let said = said(&asked, PATH, &scope, viewer.lang);
        show(hub, &viewer, &scope, id, (said, CloseView::default()))
    })
    .await
}

fn show(hub: &Hub, viewer: &Viewer, scope: &Scope, id: QuestionId, shown: (Said, CloseView)) -> Page {
    let now_ms = hub.now_ms();
    hub.storage().read(|tx| {
        let roll = Roll::load(tx, scope.id, now_ms)?;
        html(&question_page(tx, viewer, scope, (&roll, id), shown)?)
    })
}

/// 结束 – and, where that was asked for, on to a new one like it.
pub(in crate::desk) async fn close_question(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let id: QuestionId = id.parse().map_err(|_| Trouble::NotFound)?;
        let question = question_here(&scope, id)?;
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        let typed = || CloseView {
            on: field("on").to_owned(),
            reason: field("reason").to_owned(),
            ..CloseView::default()
        };
        let mut wrong = Wrong::default();
        let went_on = |what: &str| {
            if what == "anew" {
                let anew = format!("{PATH}/new?period={}{}&from={id}", scope.period, scope.tail);
                return Redirect::to(&anew).into_response();
            }
            done(&format!("/question/{id}"), &scope, "question-closed", &[])
        };
        // The same form sent twice: it was closed by the first.
        let wanted: Option<NaiveDate> = field("on").trim().parse().ok();
        if wanted.and_then(|on| on.pred_opt()) == Some(question.until) && !field("sure").is_empty() {
            return Ok(went_on(field("act")));
        }
        let on = wanted.filter(|on| scope.today <= *on && *on <= question.until);
        if on.is_none() {
            let days = [scope.today.to_string(), question.until.to_string()];
            wrong.at("on", viewer.lang.fill("questions.close-days", &days.each_ref().map(String::as_str)));
        }
        let reason = reason_given(field("reason"));
        if let Err(key) = reason {
            wrong.at("reason", viewer.lang.t(key));
        }
        if field("sure").is_empty() {
            wrong.at("sure", viewer.lang.t("questions.say-sure"));
        }
        let (Some(on), Ok(reason), true) = (on, reason, wrong.is_empty()) else {
            return refused_words(viewer.lang.t("questions.not-closed"), |said| {
                show(hub, &viewer, &scope, id, (said, CloseView { wrong, ..typed() }))
            });
        };
        match hub.close_question(order(viewer.account.id, &scope, reason), &id.to_string(), on) {
            Ok(_) => Ok(went_on(field("act"))),
            Err(why) => refused(why, viewer.lang, |said| show(hub, &viewer, &scope, id, (said, typed()))),
        }
    })
    .await
}

pub(in crate::desk) async fn question_export(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Query(fields): Query<Vec<(String, String)>>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let id = id.parse().map_err(|_| Trouble::NotFound)?;
        let typed = (ExportForm::of(fields), Wrong::default(), Said::Nothing);
        show_export(hub, &viewer, &scope, id, typed)
    })
    .await
}

fn show_export(
    hub: &Hub,
    viewer: &Viewer,
    scope: &Scope,
    id: QuestionId,
    typed: (ExportForm, Wrong, Said),
) -> Page {
    let now_ms = hub.now_ms();
    hub.storage().read(|tx| {
        let roll = Roll::load(tx, scope.id, now_ms)?;
        html(&export_page(tx, viewer, scope, (&roll, id), typed)?)
    })
}

/// The answers as a file; logged before it leaves the desk.
pub(in crate::desk) async fn hand_on(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let id: QuestionId = id.parse().map_err(|_| Trouble::NotFound)?;
        let (form, now_ms) = (ExportForm::of(fields), hub.now_ms());
        let made = hub.storage().read(|tx| {
            let roll = Roll::load(tx, scope.id, now_ms)?;
            answers_export(tx, &viewer, &scope, (&roll, id), &form)
        })?;
        let made = match made {
            Ok(made) => made,
            Err(wrong) => {
                return refused_words(viewer.lang.t("questions.not-exported"), |said| {
                    show_export(hub, &viewer, &scope, id, (form, wrong, said))
                });
            }
        };
        let stem = made.book.file_stem();
        let answer = if form.format == "csv" {
            let table = made.book.tables.first().ok_or(Trouble::NotFound)?;
            file(CSV, &format!("{stem}.csv"), csv::render(table)?)
        } else {
            file(XLSX, &format!("{stem}.xlsx"), sheet::unsigned(&made.book)?)
        };
        let handing = &made.handing;
        let target = format!(
            "{id} to={} purpose={} basis={} rows={}",
            handing.to, handing.purpose, handing.basis, made.rows
        );
        hub.looked(viewer.account.id, LOOK, &target)?;
        Ok(answer)
    })
    .await
}
