//! Workers, grids and phones as they stand today. Dates and backlogs of phones; no count of anybody's visits.

use chrono::{DateTime, NaiveDate};
use ruhu_core::community::CommunityFile;
use ruhu_core::coverage::HandoverSheet;
use ruhu_core::ids::{GridId, WorkerId};
use ruhu_core::roster::{AssignmentKind, LeaveSpan, WorkerClass};

use super::{Scope, Viewer};
use crate::desk::trouble::Trouble;
use crate::desk::views::{GridRow, HandoverView, PhoneView, Said, StaffForm, StaffPage, WorkerRow};
use crate::desk::words::Lang;
use crate::office::staff::uncovered;
use crate::report::coverage::grids_in_order;
use crate::storage::Tx;
use crate::storage::enrolments::Enrolment;

pub(in crate::desk) fn staff_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (said, form, handover): (Said, StaffForm, Option<HandoverView>),
) -> Result<StaffPage, Trouble> {
    let lang = viewer.lang;
    let query = format!("?period={}{}", scope.period, scope.tail);
    let grids = grids_in_order(&scope.file);
    let mut workers = Vec::new();
    for (id, worker) in scope.file.workers() {
        let phones = tx.enrolments_of(id)?;
        let left = scope.file.left_on(id);
        let live: Vec<&Enrolment> = phones.iter().filter(|one| one.revoked_ms.is_none()).collect();
        if left.is_some_and(|on| on <= scope.today) && live.is_empty() {
            continue;
        }
        workers.push(WorkerRow {
            id: id.to_string(),
            name: worker.name.clone(),
            class: match worker.class {
                WorkerClass::Cadre => lang.t("staff.cadre"),
                WorkerClass::Staff => lang.t("staff.staff"),
            },
            grids: held(&scope.file, id, scope.today).join(lang.t("site.comma")),
            leave: leave_of(&scope.file, id, scope.today)
                .map(|one| span(one.from, Some(one.until), lang))
                .collect(),
            left: left.map(|on| lang.fill("staff.left-on", &[&on.to_string()])),
            phones: live.iter().map(|one| phone(one, scope, lang)).collect(),
        });
    }
    workers.sort_by(|one, other| one.name.cmp(&other.name).then(one.id.cmp(&other.id)));
    let mut shell = viewer.shell(lang.t("staff.title").to_owned(), "staff", Some(scope));
    shell.said = said;
    Ok(StaffPage {
        shell,
        place: scope.place(),
        action: format!("/staff{query}"),
        code_action: format!("/staff/code{query}"),
        decides: viewer.account.role.decides(),
        today: scope.today.to_string(),
        grids: grids.iter().map(|grid| grid_row(scope, grid.id, &grid.name, lang)).collect(),
        workers,
        form,
        handover,
    })
}

fn held(file: &CommunityFile, worker: WorkerId, on: NaiveDate) -> Vec<String> {
    let grids = file.grids();
    let held = file.assignments().into_iter().filter(|one| one.worker == worker && one.covers(on));
    held.filter_map(|one| grids.get(&one.grid).map(|grid| grid.name.clone())).collect()
}

fn leave_of(file: &CommunityFile, worker: WorkerId, today: NaiveDate) -> impl Iterator<Item = LeaveSpan> {
    file.leave().filter(move |one| one.worker == worker && today <= one.until).copied()
}

fn grid_row(scope: &Scope, grid: GridId, name: &str, lang: Lang) -> GridRow {
    let (file, today) = (&scope.file, scope.today);
    let workers = file.workers();
    let named = |id: WorkerId| workers.get(&id).map(|worker| worker.name.clone()).unwrap_or_default();
    let responsible = file.responsible(grid, today);
    let covers = file.assignments().into_iter().filter(|one| {
        one.grid == grid && one.kind == AssignmentKind::Cover && one.until.is_none_or(|until| today <= until)
    });
    let away = responsible.into_iter().flat_map(|id| leave_of(file, id, today));
    let nobody = away.filter(|one| uncovered(file, one).contains(&grid));
    GridRow {
        id: grid.to_string(),
        name: name.to_owned(),
        responsible: responsible.map(named),
        covers: covers
            .map(|one| format!("{} {}", named(one.worker), span(one.from, one.until, lang)))
            .collect(),
        nobody: nobody.map(|one| span(one.from, Some(one.until), lang)).collect(),
    }
}

fn span(from: NaiveDate, until: Option<NaiveDate>, lang: Lang) -> String {
    match until {
        Some(until) => lang.fill("staff.span", &[&from.to_string(), &until.to_string()]),
        None => lang.fill("staff.from-on", &[&from.to_string()]),
    }
}

fn phone(one: &Enrolment, scope: &Scope, lang: Lang) -> PhoneView {
    let seen = DateTime::from_timestamp_millis(one.contact_ms).unwrap_or_default();
    PhoneView {
        enrolment: one.id.to_string(),
        device: format!("{} {}", one.device, one.app).trim().to_owned(),
        contact: lang.fill("staff.contact", &[&scope.file.zone().date(seen).to_string()]),
        unsent: if one.unsent_after == 0 {
            String::new()
        } else {
            lang.fill("staff.unsent", &[&one.unsent_after.to_string()])
        },
    }
}

/// What a hand-over of `grid` to `to` would freeze, and what the former worker's phones still hold.
pub(in crate::desk) fn handover_view(
    tx: &Tx<'_>,
    scope: &Scope,
    (sheet, to, on): (&HandoverSheet, WorkerId, NaiveDate),
    lang: Lang,
) -> Result<HandoverView, Trouble> {
    let workers = scope.file.workers();
    let named = |id: WorkerId| workers.get(&id).map(|worker| worker.name.clone()).unwrap_or_default();
    let eve = on.pred_opt().unwrap_or(on);
    let former = scope.file.responsible(sheet.grid, eve);
    let mut unsent = Vec::new();
    for one in former.map(|id| tx.enrolments_of(id)).transpose()?.unwrap_or_default() {
        if one.revoked_ms.is_none() && 0 < one.unsent_after {
            let phone = phone(&one, scope, lang);
            unsent.push(format!("{} · {} · {}", phone.device, phone.contact, phone.unsent));
        }
    }
    let from = former.map_or_else(|| lang.t("term.nobody").to_owned(), named);
    let (quarter, month) = (sheet.quarter.len().to_string(), sheet.month.len().to_string());
    Ok(HandoverView {
        heading: format!("{} · {from} → {}", scope.grid_name(sheet.grid), named(to)),
        sheet: lang.fill("staff.sheet", &[&sheet.on.to_string(), &quarter, &month]),
        unsent,
    })
}
