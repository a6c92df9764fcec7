//! 户情 – a household's record: looked at, opened for a reason, corrected.

use axum::Form;
use axum::extract::{Path, Query, State};
use ruhu_core::category::CategoryForms;
use ruhu_core::ids::{AccountId, CommunityId, PersonId};
use ruhu_core::roster::Unit;
use serde::Deserialize;

use super::act::{deciding, done, refused_words, said, within};
use super::{Page, html};
use crate::desk::door::{SignedIn, percent};
use crate::desk::read::{
    Asked, Look, RecordTyped, Scope, Viewer, record_page, source_of, unit_code, unit_of_code,
};
use crate::desk::trouble::Trouble;
use crate::desk::views::Said;
use crate::desk::{Desk, ask};
use crate::office::OfficeError;
use crate::office::record::{Kept, RecordError, Rules, Typed, changes, undone};
use crate::office::rights::{RightsError, Take};
use crate::storage::{Hub, StorageError};

#[derive(Deserialize)]
pub(in crate::desk) struct OpenForm {
    reason: String,
}

/// The resident's request that a correction is made for, as its page showed it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct ForCase {
    case: String,
    seen: u32,
}

impl ForCase {
    /// Whose step it would be; `None` where no request is named.
    fn take(&self, by: AccountId, community: CommunityId) -> Result<Option<Take>, Trouble> {
        if self.case.is_empty() {
            return Ok(None);
        }
        let case = self.case.parse().map_err(|_| Trouble::BadRequest)?;
        Ok(Some(Take { by, community, case, seen: self.seen, words: String::new() }))
    }

    /// As it stands in an address, behind something else.
    fn tail(&self) -> String {
        if self.case.is_empty() {
            String::new()
        } else {
            format!("&case={}&seen={}", percent(&self.case), self.seen)
        }
    }
}

type Fields = Vec<(String, String)>;

pub(in crate::desk) async fn record(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(unit): Path<String>,
    Query(asked): Query<Asked>,
    Query(case): Query<ForCase>,
) -> Page {
    ask(&desk, move |hub| {
        let (scope, unit) = about(hub, &viewer, &unit, &asked)?;
        let said = said(&asked, &format!("/household/{}/record", unit_code(unit)), &scope, viewer.lang);
        show(hub, &viewer, (&scope, unit, &case), Look::Masked, (said, None))
    })
    .await
}

pub(in crate::desk) async fn reveal_record(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(unit): Path<String>,
    Query(asked): Query<Asked>,
    Query(case): Query<ForCase>,
    Form(form): Form<OpenForm>,
) -> Page {
    ask(&desk, move |hub| {
        let look = Look::for_reason(&form.reason).ok_or(Trouble::BadRequest)?;
        let (scope, unit) = about(hub, &viewer, &unit, &asked)?;
        // A request of a resident is the resident's word.
        let source = if case.case.is_empty() { "" } else { "resident" };
        let typed = RecordTyped { reason: form.reason, source: source.to_owned(), ..RecordTyped::default() };
        show(hub, &viewer, (&scope, unit, &case), look, (Said::Nothing, Some(typed)))
    })
    .await
}

/// 更正 (with 保留此项 where values stand side by side), 新成员, 列入类别, and taking the last correction back.
pub(in crate::desk) async fn change_record(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(unit): Path<String>,
    Query(asked): Query<Asked>,
    Query(case): Query<ForCase>,
    Form(fields): Form<Fields>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let (_, unit) = about(hub, &viewer, &unit, &asked)?;
        let path = format!("/household/{}/record", unit_code(unit));
        let by = (viewer.account.id, scope.id);
        let act = field(&fields, "act");
        if act == "undo" {
            let entry = field(&fields, "entry").parse().map_err(|_| Trouble::BadRequest)?;
            let undo = hub.change_record(by, unit, (None, None), move |record, _| undone(record, entry));
            return match undo {
                Ok(_) => Ok(done(&path, &scope, "undone", &[])),
                Err(why) => refused_words(viewer.lang.t(words(why)?), |said| {
                    show(hub, &viewer, (&scope, unit, &case), Look::Masked, (said, None))
                }),
            };
        }
        let look = Look::for_reason(field(&fields, "reason")).ok_or(Trouble::BadRequest)?;
        let mut form = typed(&fields);
        let again = |said, form| show(hub, &viewer, (&scope, unit, &case), look, (said, Some(form)));
        match act {
            "new" => {
                form.ask_for(PersonId::from_bytes(hub.random()));
                again(Said::Nothing, form)
            }
            "add" => {
                add(&fields, &mut form)?;
                again(Said::Nothing, form)
            }
            "save" => {
                let Some(source) = source_of(&form.source) else {
                    return refused_words(viewer.lang.t("record.say-source"), |said| again(said, form));
                };
                let (typed, kept) = (form.typed.clone(), form.kept.clone());
                let take = case.take(by.0, by.1)?;
                let saved =
                    hub.change_record(by, unit, (Some(source), take), move |record, (confirmed, today)| {
                        let forms = CategoryForms::shipped();
                        let forms =
                            forms.map_err(|_| StorageError::Damaged { what: "register of fields" })?;
                        let rules = Rules { forms: &forms, confirmed, today };
                        changes(record, (&typed, &kept), rules).map_err(RecordError::Wrong)
                    });
                match saved {
                    // The request goes on at its own page: what is left is to answer.
                    Ok(_) if !case.case.is_empty() => {
                        Ok(done(&format!("/rights/{}", case.case), &scope, "rights-step", &[]))
                    }
                    // Which of several values stood first cannot be put back: what was chosen is not undone by a click.
                    Ok(_) if !form.kept.is_empty() => Ok(done(&path, &scope, "record-saved", &[])),
                    Ok(entry) => Ok(done(&path, &scope, "record-saved", &[entry])),
                    Err(RecordError::Wrong(wrong)) => {
                        let words = viewer.lang.fill("record.wrong", &[&wrong.len().to_string()]);
                        form.refuse(wrong);
                        refused_words(&words, |said| again(said, form))
                    }
                    Err(why) => refused_words(viewer.lang.t(words(why)?), |said| again(said, form)),
                }
            }
            _ => Err(Trouble::BadRequest),
        }
    })
    .await
}

/// The household an address names, if it is one of the viewer's community.
fn about(hub: &Hub, viewer: &Viewer, unit: &str, asked: &Asked) -> Result<(Scope, Unit), Trouble> {
    hub.storage().read(|tx| {
        let scope = within(tx, hub, viewer, asked)?;
        let unit = unit_of_code(unit).ok_or(Trouble::NotFound)?;
        let grid = tx.unit(unit)?.and_then(|row| row.grid);
        let is_here = grid.is_some_and(|grid| scope.file.grids().contains_key(&grid));
        let is_household = matches!(unit, Unit::Household(_));
        if is_here && is_household { Ok((scope, unit)) } else { Err(Trouble::NotFound) }
    })
}

fn field<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// What was typed: every `now/…` with the `was/…` that was sent along.
fn typed(fields: &Fields) -> RecordTyped {
    let typed = fields.iter().filter_map(|(name, now)| {
        let key = name.strip_prefix("now/")?;
        let was = field(fields, &format!("was/{key}")).to_owned();
        Some(Typed { key: key.to_owned(), was, now: now.clone() })
    });
    let kept = fields.iter().filter_map(|(name, chosen)| {
        let key = name.strip_prefix("keep/").filter(|_| !chosen.is_empty())?;
        // A value may be empty: what is sent stands behind a sign of its own.
        let value = |text: &str| text.strip_prefix('=').unwrap_or_default().to_owned();
        let side = format!("side/{key}");
        let shown = fields.iter().filter(|(name, _)| *name == side).map(|(_, text)| value(text));
        Some(Kept { key: key.to_owned(), chosen: value(chosen), shown: shown.collect() })
    });
    RecordTyped {
        kept: kept.collect(),
        reason: field(fields, "reason").to_owned(),
        source: field(fields, "source").to_owned(),
        typed: typed.collect(),
        wrong: Vec::new(),
    }
}

/// The forms that were asked for beside the members they are to be about.
fn add(fields: &Fields, form: &mut RecordTyped) -> Result<(), Trouble> {
    let forms = CategoryForms::shipped().map_err(|_| StorageError::Damaged { what: "register of fields" })?;
    for (name, category) in fields {
        let Some(person) = name.strip_prefix("add/").filter(|_| !category.is_empty()) else { continue };
        let person = person.parse().map_err(|_| Trouble::BadRequest)?;
        form.ask_category(&forms, person, &category.parse().map_err(|_| Trouble::BadRequest)?);
    }
    Ok(())
}

/// Why it was not done, as a key of the words; what failed in the database is no answer to a form.
fn words(why: RecordError) -> Result<&'static str, Trouble> {
    Ok(match why {
        RecordError::Unknown => return Err(Trouble::NotFound),
        RecordError::Nothing => "record.nothing",
        RecordError::ChangedSince => "record.since",
        // Said at its fields.
        RecordError::Wrong(_) => return Err(Trouble::BadRequest),
        RecordError::Case(RightsError::Storage(why)) => return Err(why.into()),
        RecordError::Case(RightsError::Unknown) => return Err(Trouble::NotFound),
        RecordError::Case(_) => "record.case-since",
        RecordError::Act(why) => return Err(OfficeError::Act(why).into()),
        RecordError::Storage(why) => return Err(why.into()),
    })
}

/// Logs the look, then shows the page: what could not be logged is not shown.
fn show(
    hub: &Hub,
    viewer: &Viewer,
    (scope, unit, case): (&Scope, Unit, &ForCase),
    look: Look,
    (said, form): (Said, Option<RecordTyped>),
) -> Page {
    let mut page =
        hub.storage().read(|tx| record_page(tx, viewer, scope, (unit, &case.tail()), look, form))?;
    page.shell.said = said;
    hub.looked(viewer.account.id, &look.code_of_record(), &unit_code(unit))?;
    html(&page)
}
