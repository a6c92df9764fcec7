//! Handing answers on: the columns of whoever receives them, read from a form or an address, and the table itself.

use ruhu_core::ids::QuestionId;
use ruhu_core::question::Question;

use super::question_words::words;
use super::questions::{href, question_here};
use super::{Scope, Viewer};
use crate::desk::trouble::Trouble;
use crate::desk::views::{ExportForm, ExportPage, Said, Wrong};
use crate::desk::words::Lang;
use crate::office::answers::all;
use crate::office::roll::Roll;
use crate::report::answers::{AnswerColumn, Handing, Layout, book, table};
use crate::report::table::Book;
use crate::storage::Tx;

/// Signs of a heading, of whoever receives it, and of what for.
const HEADING_MAX: usize = 40;
const TO_MAX: usize = 60;
const WORDS_MAX: usize = 200;

/// What is handed on, and how many rows.
pub(in crate::desk) struct Export {
    pub(in crate::desk) book: Book,
    pub(in crate::desk) rows: usize,
    pub(in crate::desk) handing: Handing,
}

/// The form of an export. `typed` is what its address keeps, or what was not taken; empty for the first look.
pub(in crate::desk) fn export_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (roll, id): (&Roll, QuestionId),
    (typed, wrong, said): (ExportForm, Wrong, Said),
) -> Result<ExportPage, Trouble> {
    let lang = viewer.lang;
    let question = question_here(scope, id)?;
    let rows = all(tx, roll)?.remove(&id).map_or(0, |answers| answers.len());
    let form = offered(typed, &question);
    let mut wrong = wrong;
    let layout = layout(&form, &mut wrong, lang);
    let headings = layout.map(|layout| layout.headings().map(str::to_owned).collect()).unwrap_or_default();
    let mut shell = viewer.shell(lang.t("questions.export").to_owned(), "questions", Some(scope));
    shell.said = said;
    let mut carried = vec![("period", scope.period.to_string())];
    if !scope.tail.is_empty() {
        carried.push(("community", scope.id.to_string()));
    }
    Ok(ExportPage {
        shell,
        back: href(id, scope, ""),
        words: words(&question, lang).to_owned(),
        count: lang.fill("questions.count-answers", &[&rows.to_string()]),
        action: href(id, scope, "/export"),
        here: format!("/question/{id}/export"),
        carried,
        columns: AnswerColumn::ALL.map(|(column, code, _)| (code, lang.t(column_words(column)))).to_vec(),
        headings,
        form,
        wrong,
    })
}

/// The answers as the form wants them, or what is wrong with it.
pub(in crate::desk) fn answers_export(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (roll, id): (&Roll, QuestionId),
    form: &ExportForm,
) -> Result<Result<Export, Wrong>, Trouble> {
    let lang = viewer.lang;
    let question = question_here(scope, id)?;
    let mut wrong = Wrong::default();
    let mut words = |field: &'static str, typed: &str, max: usize| {
        let words = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            wrong.at(field, lang.t("questions.missing"));
        } else if max < words.chars().count() {
            wrong.at(field, lang.t("questions.too-long"));
        }
        words
    };
    let handing = Handing {
        to: words("to", &form.to, TO_MAX),
        purpose: words("purpose", &form.purpose, WORDS_MAX),
        basis: words("basis", &form.basis, WORDS_MAX),
    };
    let Some(layout) = layout(form, &mut wrong, lang).filter(|_| wrong.is_empty()) else {
        return Ok(Err(wrong));
    };
    let answers = all(tx, roll)?.remove(&id).unwrap_or_default();
    let table = table(&question, roll, &answers, &layout);
    let made_by = (viewer.account.shown.clone(), scope.today);
    let book = book((&question, roll), table, made_by, &handing);
    Ok(Ok(Export { book, rows: answers.len(), handing }))
}

/// What stands in the form: what was typed, and where nothing was, the question's own words and every column.
fn offered(typed: ExportForm, question: &Question) -> ExportForm {
    let mut form = typed;
    if form.columns.is_empty() {
        let headed = AnswerColumn::ALL.into_iter().zip(1..);
        form.columns = headed
            .map(|((column, code, own), place)| {
                let heading: String = match column {
                    AnswerColumn::Answer => question.zh.chars().take(HEADING_MAX).collect(),
                    _ => own.to_owned(),
                };
                (code.to_owned(), (place.to_string(), heading))
            })
            .collect();
        for (typed, own) in [(&mut form.purpose, &question.purpose), (&mut form.basis, &question.basis)] {
            if typed.is_empty() {
                typed.clone_from(own);
            }
        }
    }
    form
}

fn layout(form: &ExportForm, wrong: &mut Wrong, lang: Lang) -> Option<Layout> {
    let mut placed: Vec<(usize, AnswerColumn, String)> = Vec::new();
    for (column, code, _) in AnswerColumn::ALL {
        let Some((place, heading)) = form.columns.get(code).filter(|(place, _)| !place.trim().is_empty())
        else {
            continue;
        };
        let heading = heading.split_whitespace().collect::<Vec<_>>().join(" ");
        let Ok(place) = place.trim().parse::<usize>() else {
            wrong.at("columns", lang.t("questions.bad-place"));
            return None;
        };
        if heading.is_empty() || HEADING_MAX < heading.chars().count() {
            wrong.at("columns", lang.t("questions.bad-heading"));
            return None;
        }
        placed.push((place, column, heading));
    }
    // Stable: where one place was given twice, the columns stand as they stand in the form.
    placed.sort_by_key(|(place, ..)| *place);
    let layout = Layout::of(placed.into_iter().map(|(_, column, heading)| (column, heading)).collect());
    if layout.is_none() {
        wrong.at("columns", lang.t("questions.no-column"));
    }
    layout
}

const fn column_words(column: AnswerColumn) -> &'static str {
    match column {
        AnswerColumn::Unit => "questions.column-unit",
        AnswerColumn::Grid => "term.grid",
        AnswerColumn::Address => "term.address",
        AnswerColumn::VisitedOn => "questions.column-on",
        AnswerColumn::Answer => "questions.answer",
    }
}
