//! Everything recorded about one household.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};
use ruhu_core::closing;
use ruhu_core::coverage::{CellState, Register};
use ruhu_core::entry::Contents;
use ruhu_core::fact::Fact;
use ruhu_core::file::{Stamp, StampedFact, UnitFile};
use ruhu_core::ids::{GridId, Hash32, RequestId};
use ruhu_core::life::Standing;
use ruhu_core::request::{RequestState, Step};
use ruhu_core::roster::{AssignmentKind, By, Unit};
use ruhu_core::time::Period;
use ruhu_core::visit::{VisitDraft, VisitSkeleton};

pub(super) mod telling;
use telling::{day_of, grid_of, note_words, received, says_why, step_words, what};

use super::choice::Scope;
use super::list::{address, files_of};
use super::people::{Masking, People};
use super::{Viewer, unit_code};
use crate::coverage::rows_of;
use crate::desk::trouble::Trouble;
use crate::desk::views::{
    DecideView, EventView, HouseholdPage, Note, RequestView, Reveal, StateCode, Tab, TypedDecision,
    period_name,
};
use crate::desk::words::Lang;
use crate::recheck::act::contradicted;
use crate::storage::log::Kept;
use crate::storage::units::UnitRow;
use crate::storage::{StorageError, Tx};

/// How the household is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::desk) enum Look {
    /// Masked.
    Masked,
    /// As it is, for a reason: its code.
    For(&'static str),
}

/// The reasons for which personal words are shown, as the log names them.
const REASONS: [&str; 5] = ["check", "record", "request", "resident", "spot-check"];

impl Look {
    /// The look a form asks for; `None` for a reason there is not.
    pub(in crate::desk) fn for_reason(code: &str) -> Option<Self> {
        REASONS.into_iter().find(|reason| *reason == code).map(Self::For)
    }

    /// As the access log names it.
    pub(in crate::desk) fn code(self) -> String {
        match self {
            Self::Masked => "household.view".to_owned(),
            Self::For(reason) => format!("household.reveal.{reason}"),
        }
    }

    /// As the access log names it where the whole record is looked at, categories among it.
    pub(in crate::desk) fn code_of_record(self) -> String {
        match self {
            Self::Masked => "record.view".to_owned(),
            Self::For(reason) => format!("record.reveal.{reason}"),
        }
    }

    const fn masking(self) -> Masking {
        match self {
            Self::Masked => Masking::Masked,
            Self::For(_) => Masking::Shown,
        }
    }
}

/// Builds the page. The caller has logged the look before.
pub(in crate::desk) fn household_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    unit: Unit,
    (look, typed): (Look, TypedDecision),
) -> Result<HouseholdPage, Trouble> {
    let row =
        tx.unit(unit)?.filter(|row| row.grid.is_some_and(|grid| scope.file.grids().contains_key(&grid)));
    let (Some(row), true) = (row, viewer.account.role.sees_households()) else {
        return Err(Trouble::NotFound);
    };
    let lang = viewer.lang;
    let files = files_of(tx, unit)?;
    let register = Register::new(&files, scope.file.coverage_setting(scope.period)?);
    let state = state_of(tx, scope, &row)?;
    let key = matches!(unit, Unit::Household(id) if register.household(id).is_some_and(|life| life.is_key(scope.as_of())));
    let marks = [(key, "list.key"), (matches!(unit, Unit::Vacant(_)), "list.vacant")];
    let entries = entries_about(tx, &row, &files)?;
    let doubted = contradicted(tx, unit)?;
    let told = Told { scope, lang, look, entries: &entries, doubted: &doubted };
    let side = state.unwrap_or(StateCode::Due);
    let query = format!("?period={}{}", scope.period, scope.tail);
    Ok(HouseholdPage {
        shell: viewer.shell(lang.t("household.title").to_owned(), "households", Some(scope)),
        address: address(tx, row.dwelling, scope.as_of())?,
        place: told.place(&row),
        marks: marks.into_iter().filter(|(holds, _)| *holds).map(|(_, key)| lang.t(key).to_owned()).collect(),
        state: state.map(|state| state.mark(lang)),
        period: format!("{} · {}", lang.t("household.now"), period_name(scope.period, lang)),
        back: format!("/households{query}&state={}", side.code()),
        seen: format!("/access{query}&unit={}", unit_code(unit)),
        rights: format!("/rights/new{query}&unit={}", unit_code(unit)),
        reveal: reveal(look, &format!("/household/{}/reveal{query}", unit_code(unit)), lang),
        members: People::of(tx, row.nr)?.views(look.masking()),
        record: matches!(unit, Unit::Household(_))
            .then(|| format!("/household/{}/record{query}", unit_code(unit))),
        events: told.events(&files),
        requests: told.requests(&files, &query),
        decide: viewer.account.role.decides().then(|| DecideView {
            action: format!("/household/{}/decide{query}", unit_code(unit)),
            deducted: deducted(scope, state, lang),
            key: matches!(unit, Unit::Household(_)).then_some(key),
            today: scope.today.to_string(),
            quiet_until: scope
                .today
                .checked_add_months(Months::new(VisitDraft::DO_NOT_ASK_MONTHS))
                .unwrap_or(scope.today)
                .to_string(),
            typed,
        }),
    })
}

/// The deduction a lead can still reject: in words, while neither the period nor its quarter is closed.
fn deducted(scope: &Scope, state: Option<StateCode>, lang: Lang) -> Option<String> {
    let Some(StateCode::Only(CellState::Deducted(_))) = state else { return None };
    let quarter = Period::quarter_of(scope.period.first_day());
    let closed = [scope.period, quarter].iter().any(|one| closing::of(&scope.file, *one).is_some());
    state.filter(|_| !closed).map(|state| state.words(lang).to_owned())
}

/// Its state in the period: looked for at home first, then in the grids it may have counted in before it moved.
fn state_of(tx: &Tx<'_>, scope: &Scope, row: &UnitRow) -> Result<Option<StateCode>, Trouble> {
    let others = scope.file.grids().into_keys().filter(|grid| Some(*grid) != row.grid);
    for grid in row.grid.into_iter().chain(others) {
        let coverage = rows_of(tx, grid, &scope.file, &[scope.period], scope.today)?;
        let mut obligations = coverage.iter().flat_map(|one| &one.obligations);
        if let Some(own) = obligations.find(|one| one.unit == row.unit) {
            return Ok(Some(StateCode::Only(CellState::of(&own.state))));
        }
    }
    Ok(None)
}

pub(super) fn reveal(look: Look, action: &str, lang: Lang) -> Reveal {
    match look {
        Look::Masked => Reveal::Masked {
            action: action.to_owned(),
            reasons: REASONS
                .map(|code| Tab {
                    words: reason_words(code, lang).to_owned(),
                    href: code.to_owned(),
                    here: false,
                    count: None,
                })
                .to_vec(),
        },
        Look::For(code) => Reveal::Shown { reason: reason_words(code, lang).to_owned() },
    }
}

fn reason_words(code: &str, lang: Lang) -> &'static str {
    match code {
        "record" => lang.t("reason.record"),
        "request" => lang.t("reason.request"),
        "resident" => lang.t("reason.resident"),
        "spot-check" => lang.t("reason.spot-check"),
        _ => lang.t("reason.check"),
    }
}

/// An entry that concerns the household: when it was recorded and received, and what it says.
struct About {
    recorded_ms: i64,
    received_ms: i64,
    contents: Option<Contents>,
}

fn entries_about(
    tx: &Tx<'_>,
    row: &UnitRow,
    files: &[UnitFile],
) -> Result<BTreeMap<Hash32, About>, StorageError> {
    let mut units = vec![row.nr];
    for file in files.iter().filter(|file| file.unit() != row.unit) {
        units.extend(tx.unit(file.unit())?.map(|row| row.nr));
    }
    let mut entries = BTreeMap::new();
    for nr in units {
        for pos in tx.entries_of(nr)? {
            if let Some(Kept { entry, recorded_ms, received_ms, .. }) = tx.entry(pos)? {
                let contents = entry.payload.read().ok();
                entries.insert(entry.envelope.payload_hash, About { recorded_ms, received_ms, contents });
            }
        }
    }
    Ok(entries)
}

/// How things are told.
struct Told<'a> {
    scope: &'a Scope,
    lang: Lang,
    look: Look,
    entries: &'a BTreeMap<Hash32, About>,
    /// 待核 – records that somebody who asked again was told otherwise about.
    doubted: &'a BTreeSet<Hash32>,
}

impl Told<'_> {
    fn place(&self, row: &UnitRow) -> String {
        let Some(grid) = row.grid else { return String::new() };
        let workers = self.scope.file.workers();
        let responsible =
            self.scope.file.responsible(grid, self.scope.as_of()).and_then(|id| workers.get(&id));
        let responsible = responsible.map_or(self.lang.t("term.nobody"), |worker| worker.name.as_str());
        format!("{} · {responsible}", self.scope.grid_name(grid))
    }

    /// Every fact as an event, the newest day first.
    fn events(&self, files: &[UnitFile]) -> Vec<EventView> {
        let mut events: Vec<(NaiveDate, Stamp, EventView)> = Vec::new();
        for file in files {
            let standing = Standing::of(file);
            for (stamp, stamped) in file.facts() {
                let on = day_of(stamp, &stamped.fact, self.scope.file.zone());
                events.push((on, *stamp, self.event(file, &standing, (stamp, stamped), on)));
            }
        }
        events.sort_by_key(|(on, stamp, _)| std::cmp::Reverse((*on, *stamp)));
        events.into_iter().map(|(.., event)| event).collect()
    }

    fn event(
        &self,
        file: &UnitFile,
        standing: &Standing,
        (stamp, stamped): (&Stamp, &StampedFact),
        on: NaiveDate,
    ) -> EventView {
        let lang = self.lang;
        let about = self.entries.get(&stamp.entry);
        let zone = self.scope.file.zone();
        let mut event = EventView {
            on: on.to_string(),
            at: String::new(),
            what: what(&stamped.fact, self.scope, lang),
            class: "ev-desk",
            by: self.by(stamped.by),
            marks: Vec::new(),
            struck: !standing.holds(stamp, stamped),
            received: about.map(|about| received(about.received_ms, zone, lang)).unwrap_or_default(),
            counts_in: String::new(),
            note: if says_why(&stamped.fact) { self.note(about) } else { Note::None },
        };
        if let Fact::Visited(visit) = &stamped.fact {
            event.class = if visit.outcome.met_somebody() { "ev-met" } else { "ev-knock" };
            event.at = visit.visited_at.map_or_else(
                || lang.t("mark.phone-time-unknown").to_owned(),
                |at| at.format("%H:%M").to_string(),
            );
            event.marks = self.visit_marks(file, stamp, visit);
            if !event.struck {
                let quarter = Period::quarter_of(visit.visited_on);
                event.counts_in = lang.fill("household.counts-in", &[&quarter.to_string()]);
            }
        }
        event
    }

    fn visit_marks(&self, file: &UnitFile, stamp: &Stamp, visit: &VisitSkeleton) -> Vec<String> {
        let said = |wanted: &dyn Fn(&Fact) -> bool| file.facts().any(|(_, stamped)| wanted(&stamped.fact));
        let entry = stamp.entry;
        let found_false = file.facts().rev().find_map(|(_, stamped)| match &stamped.fact {
            Fact::Found { target, falsified } if *target == entry => Some(*falsified),
            _ => None,
        });
        let homes: Vec<GridId> = file.facts().filter_map(|(_, stamped)| grid_of(&stamped.fact)).collect();
        let assignments = self.scope.file.assignments();
        let responsible = assignments.iter().any(|one| {
            one.worker == visit.made_by
                && one.kind == AssignmentKind::Responsible
                && one.covers(visit.visited_on)
                && homes.contains(&one.grid)
        });
        let marks = [
            (visit.late_entry, "mark.late-entry"),
            (!responsible, "mark.cover"),
            (visit.supersedes.is_some(), "mark.correction"),
            (
                said(&|fact| matches!(fact, Fact::Visited(other) if other.supersedes == Some(entry))),
                "mark.corrected",
            ),
            (said(&|fact| matches!(fact, Fact::Withdrawn { target } if *target == entry)), "mark.withdrawn"),
            (found_false == Some(true), "mark.found-false"),
            (found_false.is_none() && self.doubted.contains(&entry), "mark.to-verify"),
        ];
        marks.into_iter().filter(|(holds, _)| *holds).map(|(_, key)| self.lang.t(key).to_owned()).collect()
    }

    fn by(&self, by: By) -> String {
        match by {
            By::Worker(id) => {
                self.scope.file.workers().get(&id).map(|worker| worker.name.clone()).unwrap_or_default()
            }
            By::Desk(_) => self.lang.t("household.by-desk").to_owned(),
        }
    }

    fn note(&self, about: Option<&About>) -> Note {
        match about.and_then(|about| about.contents.as_ref()) {
            Some(Contents::Visit { body: Some(body), .. }) => self.words(&note_words(body)),
            Some(Contents::Visit { body: None, .. }) => Note::Erased,
            Some(decided @ Contents::Office { .. }) => self.words(decided.reason_words()),
            _ => Note::None,
        }
    }

    fn words(&self, words: &str) -> Note {
        match (words.is_empty(), self.look) {
            (true, _) => Note::None,
            (false, Look::Masked) => Note::Hidden,
            (false, Look::For(_)) => Note::Shown(words.to_owned()),
        }
    }

    /// What the visits in effect raised, each with the step it stands at.
    fn requests(&self, files: &[UnitFile], query: &str) -> Vec<RequestView> {
        let in_effect: BTreeSet<Hash32> = files
            .iter()
            .flat_map(|file| {
                let standing = Standing::of(file);
                let facts = file.facts().filter(move |(stamp, stamped)| standing.holds(stamp, stamped));
                facts.map(|(stamp, _)| stamp.entry)
            })
            .collect();
        let mut raised: BTreeMap<RequestId, RequestView> = BTreeMap::new();
        let mut steps: BTreeMap<RequestId, Vec<Step>> = BTreeMap::new();
        for (entry, about) in self.entries {
            let Some(contents) = &about.contents else { continue };
            if let Some(event) = contents.request_event() {
                let step = Step { at_ms: about.recorded_ms, entry: *entry, step: event.step };
                steps.entry(event.request).or_default().push(step);
            }
            let Contents::Visit { skeleton, body: Some(body) } = contents else { continue };
            if !in_effect.contains(entry) {
                continue;
            }
            let mut raise = |id: RequestId, words: String, solved: bool| {
                let key = if solved { "step.closed" } else { "step.noticed" };
                let href = format!("/request/{}/{id}{query}", unit_code(skeleton.unit));
                let view = RequestView {
                    on: skeleton.visited_on.to_string(),
                    words: self.words(&words),
                    step: self.lang.t(key).to_owned(),
                    href: (!solved).then_some(href),
                };
                raised.insert(id, view);
            };
            for one in &body.requests {
                raise(one.id, one.words.clone(), one.solved_on_the_spot);
            }
            for one in &body.hazards {
                raise(one.id, format!("{} {}", one.words, one.place).trim().to_owned(), false);
            }
        }
        for (id, view) in &mut raised {
            let state = RequestState::of(steps.remove(id).unwrap_or_default());
            if let Some(step) = state.latest() {
                step_words(step, self.lang).clone_into(&mut view.step);
            }
        }
        let mut views: Vec<RequestView> = raised.into_values().collect();
        views.sort_by(|one, other| other.on.cmp(&one.on));
        views
    }
}
