//! Workers, grids and phones as they stand today. Dates and backlogs of phones; no count of anybody's visits.

use chrono::{DateTime, NaiveDate};
use ruhu_core::coverage::{HandoverSheet, responsible_on};
use ruhu_core::ids::{GridId, WorkerId};
use ruhu_core::roster::{Assignment, AssignmentKind, LeaveSpan, WorkerClass};

use super::{Scope, Viewer};
use crate::desk::trouble::Trouble;
use crate::desk::views::{GridRow, LookView, PhoneView, Said, SpanView, StaffForm, StaffPage, WorkerRow};
use crate::desk::words::Lang;
use crate::office::duty::{held_on, ownerless_from, uncovered};
use crate::report::coverage::grids_in_order;
use crate::storage::Tx;
use crate::storage::enrolments::Enrolment;

pub(in crate::desk) fn staff_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (said, form, look): (Said, StaffForm, Option<LookView>),
) -> Result<StaffPage, Trouble> {
    let lang = viewer.lang;
    let query = format!("?period={}{}", scope.period, scope.tail);
    let now = Now {
        scope,
        assignments: scope.file.assignments(),
        leave: scope.file.leave().into_iter().filter(|one| scope.today <= one.until).collect(),
        lang,
    };
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
            completion: format!("/completion/{id}{query}"),
            class: match worker.class {
                WorkerClass::Cadre => lang.t("staff.cadre"),
                WorkerClass::Staff => lang.t("staff.staff"),
            },
            grids: now.held(id).join(lang.t("site.comma")),
            leave: now.leave_of(id),
            left: left.map(|on| lang.fill("staff.left-on", &[&on.to_string()])),
            here: left.is_none_or(|on| scope.today < on),
            phones: live.iter().map(|one| phone(one, scope, lang)).collect(),
        });
    }
    workers.sort_by(|one, other| one.name.cmp(&other.name).then(one.id.cmp(&other.id)));
    let mut shell = viewer.shell(lang.t("staff.title").to_owned(), "staff", Some(scope));
    let grids: Vec<GridRow> =
        grids_in_order(&scope.file).into_iter().map(|grid| now.grid_row(grid.id, grid.name)).collect();
    shell.said = said;
    Ok(StaffPage {
        shell,
        place: scope.place(),
        action: format!("/staff{query}"),
        code_action: format!("/staff/code{query}"),
        decides: viewer.account.role.decides(),
        today: scope.today.to_string(),
        grids,
        workers,
        form,
        look,
    })
}

/// Who looks after what, read once.
struct Now<'a> {
    scope: &'a Scope,
    assignments: Vec<Assignment>,
    /// Leave that is not over.
    leave: Vec<LeaveSpan>,
    lang: Lang,
}

impl Now<'_> {
    fn held(&self, worker: WorkerId) -> Vec<String> {
        let held = self.assignments.iter().filter(|one| one.worker == worker && one.covers(self.scope.today));
        held.map(|one| self.scope.grid_name(one.grid)).collect()
    }

    fn leave_of(&self, worker: WorkerId) -> Vec<SpanView> {
        let own = self.leave.iter().filter(|one| one.worker == worker);
        own.map(|one| self.span(worker, (one.from, Some(one.until)), "")).collect()
    }

    fn span(&self, worker: WorkerId, (from, until): (NaiveDate, Option<NaiveDate>), named: &str) -> SpanView {
        SpanView {
            words: format!("{named} {}", span(from, until, self.lang)).trim().to_owned(),
            worker: worker.to_string(),
            from: from.to_string(),
            begun: from <= self.scope.today,
        }
    }

    fn grid_row(&self, grid: GridId, name: String) -> GridRow {
        let (today, lang) = (self.scope.today, self.lang);
        let workers = self.scope.file.workers();
        let named = |id: WorkerId| workers.get(&id).map(|worker| worker.name.clone()).unwrap_or_default();
        let responsible = responsible_on(&self.assignments, grid, today);
        let ends = ownerless_from(&self.assignments, grid, today).filter(|_| responsible.is_some());
        let covers = self.assignments.iter().filter(|one| {
            one.grid == grid
                && one.kind == AssignmentKind::Cover
                && one.until.is_none_or(|until| today <= until)
        });
        let nobody = self.leave.iter().filter(|one| uncovered(&self.assignments, one).contains(&grid));
        GridRow {
            id: grid.to_string(),
            name,
            responsible: responsible.map(named),
            ownerless: ends.map(|day| lang.fill("staff.ownerless", &[&day.to_string()])),
            covers: covers
                .map(|one| self.span(one.worker, (one.from, one.until), &named(one.worker)))
                .collect(),
            nobody: nobody.map(|one| span(one.from, Some(one.until), lang)).collect(),
        }
    }
}

/// The grids for which nobody is responsible, today or from a later day on: said after somebody was noted as leaving.
pub(in crate::desk) fn ownerless(scope: &Scope) -> Vec<String> {
    let assignments = scope.file.assignments();
    let grids = grids_in_order(&scope.file).into_iter();
    let open = grids.filter(|grid| ownerless_from(&assignments, grid.id, scope.today).is_some());
    open.map(|grid| grid.name).collect()
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
) -> Result<LookView, Trouble> {
    let workers = scope.file.workers();
    let named = |id: WorkerId| workers.get(&id).map(|worker| worker.name.clone()).unwrap_or_default();
    let eve = on.pred_opt().unwrap_or(on);
    let former = scope.file.responsible(sheet.grid, eve);
    let unsent = former.map(|id| unsent(tx, scope, id, lang)).transpose()?.unwrap_or_default();
    let from = former.map_or_else(|| lang.t("term.nobody").to_owned(), named);
    let (quarter, month) = (sheet.quarter.len().to_string(), sheet.month.len().to_string());
    let mut lines = vec![lang.fill("staff.sheet", &[&sheet.on.to_string(), &quarter, &month])];
    // Whoever was planned for a later day is planned no more.
    let planned =
        scope.file.assignments().into_iter().filter(|one| {
            one.kind == AssignmentKind::Responsible && one.grid == sheet.grid && on <= one.from
        });
    lines.extend(
        planned.map(|one| lang.fill("staff.not-planned", &[&named(one.worker), &one.from.to_string()])),
    );
    Ok(LookView {
        title: lang.t("staff.look"),
        heading: format!("{} · {from} → {}", scope.grid_name(sheet.grid), named(to)),
        lines,
        unsent,
        all_sent: lang.t("staff.all-sent"),
        submit: lang.t("staff.hand-over-now"),
    })
}

/// What leaving would leave behind: grids without anybody, records on phones.
pub(in crate::desk) fn leaving_view(
    tx: &Tx<'_>,
    scope: &Scope,
    (worker, on): (WorkerId, NaiveDate),
    lang: Lang,
) -> Result<LookView, Trouble> {
    let workers = scope.file.workers();
    let name = workers.get(&worker).map(|worker| worker.name.clone()).unwrap_or_default();
    let held = held_on(&scope.file, worker, on);
    let held: Vec<String> = held.into_iter().map(|grid| scope.grid_name(grid)).collect();
    let lines = if held.is_empty() {
        vec![lang.t("staff.leaves-no-grid").to_owned()]
    } else {
        vec![lang.fill("staff.leaves-grids", &[&held.join(lang.t("site.comma"))])]
    };
    Ok(LookView {
        title: lang.t("staff.look-leaving"),
        heading: format!("{name} · {}", lang.fill("staff.left-on", &[&on.to_string()])),
        lines,
        unsent: unsent(tx, scope, worker, lang)?,
        all_sent: lang.t("staff.own-sent"),
        submit: lang.t("staff.leave-job-now"),
    })
}

/// The phones of a worker that still hold something.
fn unsent(tx: &Tx<'_>, scope: &Scope, worker: WorkerId, lang: Lang) -> Result<Vec<String>, Trouble> {
    let phones = tx.enrolments_of(worker)?.into_iter();
    let holding = phones.filter(|one| one.revoked_ms.is_none() && 0 < one.unsent_after);
    let said = holding.map(|one| {
        let phone = phone(&one, scope, lang);
        format!("{} · {} · {}", phone.device, phone.contact, phone.unsent)
    });
    Ok(said.collect())
}
