//! The households behind a number. The list is exactly as long as the number that leads to it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ruhu_core::coverage::{CellState, Obligation, ObligationState, Register, Served, Setting};
use ruhu_core::fact::Fact;
use ruhu_core::file::UnitFile;
use ruhu_core::ids::{DwellingId, GridId};
use ruhu_core::life::DoorLife;
use ruhu_core::roster::Unit;
use ruhu_core::time::DayBand;

use super::choice::{Asked, Scope};
use super::figures::{Figures, figures};
use super::people::People;
use super::{Viewer, unit_code};
use crate::desk::trouble::Trouble;
use crate::desk::views::{LateOrNot, ListPage, ListRow, PeriodSwitch, StateCode, Tab};
use crate::desk::words::Lang;
use crate::report::coverage::evidence;
use crate::report::coverage::grids_in_order;
use crate::storage::{StorageError, Tx};

/// Households of one page.
const PAGE: usize = 50;

/// A household of the list before its row is read.
#[derive(Clone, Debug)]
struct Entry {
    unit: Unit,
    dwelling: Option<DwellingId>,
    late: LateOrNot,
    state: Option<ObligationState>,
    key: String,
}

pub(in crate::desk) fn list_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    asked: &Asked,
) -> Result<ListPage, Trouble> {
    if !viewer.account.role.sees_households() {
        return Err(Trouble::Forbidden);
    }
    let lang = viewer.lang;
    let wanted = asked.state.as_deref().map_or(Some(StateCode::Due), StateCode::from_code);
    let wanted = wanted.ok_or(Trouble::BadRequest)?;
    let grid: Option<GridId> =
        asked.grid.as_deref().map(str::parse).transpose().map_err(|_| Trouble::NotFound)?;
    if grid.is_some_and(|grid| !scope.file.grids().contains_key(&grid)) {
        return Err(Trouble::NotFound);
    }
    let figures = figures(tx, scope)?;
    let entries = entries(tx, &figures, grid, wanted)?;
    let pages = entries.len().div_ceil(PAGE).max(1);
    let page = usize::try_from(asked.page.unwrap_or(1)).unwrap_or(1).clamp(1, pages);
    let links = Links { scope, grid, state: wanted };
    let shown = entries.iter().skip((page - 1) * PAGE).take(PAGE);
    let setting = scope.file.coverage_setting(scope.period)?;
    let rows = shown.map(|entry| row(tx, scope, &setting, entry, lang)).collect::<Result<_, _>>()?;
    let place = grid.map_or_else(|| scope.place(), |grid| scope.grid_name(grid));
    let rest = links.rest(grid, wanted);
    Ok(ListPage {
        shell: viewer.shell(lang.t("list.title").to_owned(), "households", Some(scope)),
        periods: PeriodSwitch::new(scope.period, "/households", &rest, scope.today, lang),
        heading: format!("{place} · {}", wanted.words(lang)),
        count: lang.fill("list.count", &[&entries.len().to_string()]),
        grids: grid_tabs(&links, lang),
        states: state_tabs(&links, &figures, lang),
        rows,
        page: (1 < pages).then(|| lang.fill("list.page", &[&page.to_string(), &pages.to_string()])),
        previous: (1 < page).then(|| links.page(page - 1)),
        next: (page < pages).then(|| links.page(page + 1)),
        all: links.list(None, StateCode::Due),
    })
}

/// Addresses of lists of the same period.
struct Links<'a> {
    scope: &'a Scope,
    grid: Option<GridId>,
    state: StateCode,
}

impl Links<'_> {
    fn rest(&self, grid: Option<GridId>, state: StateCode) -> String {
        let grid = grid.map(|grid| format!("&grid={grid}")).unwrap_or_default();
        format!("{grid}&state={}{}", state.code(), self.scope.tail)
    }

    fn list(&self, grid: Option<GridId>, state: StateCode) -> String {
        format!("/households?period={}{}", self.scope.period, self.rest(grid, state))
    }

    fn page(&self, page: usize) -> String {
        format!("{}&page={page}", self.list(self.grid, self.state))
    }
}

fn grid_tabs(links: &Links<'_>, lang: Lang) -> Vec<Tab> {
    let tab = |words: String, grid: Option<GridId>| Tab {
        words,
        href: links.list(grid, links.state),
        here: links.grid == grid,
        count: None,
    };
    let all = tab(lang.t("list.all-grids").to_owned(), None);
    let grids = grids_in_order(&links.scope.file);
    std::iter::once(all).chain(grids.into_iter().map(|grid| tab(grid.name, Some(grid.id)))).collect()
}

fn state_tabs(links: &Links<'_>, figures: &Figures, lang: Lang) -> Vec<Tab> {
    let row = figures.rows.iter().find(|row| Some(row.grid) == links.grid);
    let tally = row.map_or(&figures.total.tally, |row| &row.counted.tally);
    let count = |state: StateCode| match state {
        StateCode::Due => tally.due,
        StateCode::Done => tally.done,
        StateCode::Deducted => tally.deducted_total(),
        StateCode::Open => tally.outstanding_total(),
        StateCode::Late => tally.taken_over_late,
        StateCode::Extra => tally.extra,
        StateCode::Only(CellState::Deducted(kind)) => tally.deducted.get(&kind).copied().unwrap_or(0),
        StateCode::Only(state) => tally.outstanding.get(&state).copied().unwrap_or(0),
    };
    let always = [StateCode::Due, StateCode::Done, StateCode::Deducted, StateCode::Open];
    let occurring = StateCode::all().into_iter().map(|state| (state, count(state)));
    let shown =
        occurring.filter(|(state, count)| 0 < *count || always.contains(state) || *state == links.state);
    let tab = |(state, count): (StateCode, u32)| Tab {
        words: state.words(lang).to_owned(),
        href: links.list(links.grid, state),
        here: state == links.state,
        count: Some(count),
    };
    shown.map(tab).collect()
}

/// The households of the list in walking order.
fn entries(
    tx: &Tx<'_>,
    figures: &Figures,
    grid: Option<GridId>,
    wanted: StateCode,
) -> Result<Vec<Entry>, StorageError> {
    let mut entries = Vec::new();
    for (_, coverage) in figures.coverage.iter().filter(|(id, _)| grid.is_none_or(|grid| grid == **id)) {
        if wanted == StateCode::Extra {
            let extra = coverage.extra.iter();
            entries.extend(extra.map(|one| Entry {
                unit: one.unit,
                dwelling: None,
                late: LateOrNot::InTime,
                state: None,
                key: String::new(),
            }));
            continue;
        }
        let late = |one: &Obligation| if one.taken_over_late { LateOrNot::Late } else { LateOrNot::InTime };
        let wanted = coverage.obligations.iter().filter(|one| wanted.holds(&one.state, late(one)));
        entries.extend(wanted.map(|one| Entry {
            unit: one.unit,
            dwelling: Some(one.dwelling),
            late: late(one),
            state: Some(one.state),
            key: String::new(),
        }));
    }
    let keys = walking_keys(tx, figures, grid)?;
    for entry in &mut entries {
        if entry.dwelling.is_none() {
            entry.dwelling = tx.unit(entry.unit)?.and_then(|row| row.dwelling);
        }
        let Some(door) = entry.dwelling else { continue };
        entry.key = match keys.get(&door) {
            Some(key) => key.clone(),
            None => tx.unit(Unit::Vacant(door))?.map(|row| row.walking_key).unwrap_or_default(),
        };
    }
    entries.sort_by(|one, other| one.key.cmp(&other.key).then(one.unit.cmp(&other.unit)));
    Ok(entries)
}

/// How the doors of the grids are walked: one read a grid instead of one a household.
fn walking_keys(
    tx: &Tx<'_>,
    figures: &Figures,
    grid: Option<GridId>,
) -> Result<BTreeMap<DwellingId, String>, StorageError> {
    let mut keys = BTreeMap::new();
    for id in figures.coverage.keys().filter(|id| grid.is_none_or(|grid| grid == **id)) {
        let rows = tx.units_in(*id)?.into_iter();
        keys.extend(rows.filter_map(|row| row.dwelling.map(|door| (door, row.walking_key))));
    }
    Ok(keys)
}

fn row(tx: &Tx<'_>, scope: &Scope, setting: &Setting, entry: &Entry, lang: Lang) -> Result<ListRow, Trouble> {
    let register = Register::new(&files_of(tx, entry.unit)?, setting.clone());
    let (unit, period, as_of) = (entry.unit, scope.period, scope.as_of());
    let people = match tx.unit(unit)? {
        Some(row) => People::of(tx, row.nr)?,
        None => People::default(),
    };
    let attempts = evidence::attempts(&register, unit, period);
    let days = |days: Vec<NaiveDate>| days.iter().map(ToString::to_string).collect::<Vec<_>>().join("、");
    let suggested = match entry.state {
        Some(ObligationState::Outstanding(_)) => {
            evidence::suggested(&attempts).map(|band| band_words(band, lang).to_owned()).unwrap_or_default()
        }
        Some(ObligationState::Deducted(kind)) => days(evidence::evidence(&register, unit, kind, period)),
        Some(ObligationState::Visited(
            Served::Visit { visited_on, .. } | Served::Imported { visited_on },
        )) => visited_on.to_string(),
        None => String::new(),
    };
    let key =
        matches!(unit, Unit::Household(id) if register.household(id).is_some_and(|life| life.is_key(as_of)));
    let marks = [
        (key, "list.key"),
        (matches!(unit, Unit::Vacant(_)), "list.vacant"),
        (entry.late == LateOrNot::Late, "term.late"),
    ];
    let state = entry.state.map_or(StateCode::Extra, |state| StateCode::Only(CellState::of(&state)));
    Ok(ListRow {
        address: address(tx, entry.dwelling, as_of)?,
        href: format!("/household/{}?period={period}{}", unit_code(unit), scope.tail),
        head: people.head_masked(),
        state: state.mark(lang),
        last_met: evidence::last_met_on(&register, unit, as_of)
            .map_or_else(|| lang.t("list.none").to_owned(), |day| day.to_string()),
        attempts: if attempts.is_empty() {
            String::new()
        } else {
            lang.fill("list.times", &[&attempts.len().to_string()])
        },
        suggested,
        marks: marks.into_iter().filter(|(holds, _)| *holds).map(|(_, key)| lang.t(key).to_owned()).collect(),
    })
}

/// The files of a household and of records that were joined to it.
pub(super) fn files_of(tx: &Tx<'_>, unit: Unit) -> Result<Vec<UnitFile>, StorageError> {
    let Some(own) = tx.file_of(unit)? else { return Ok(Vec::new()) };
    let joined: Vec<Unit> = own
        .facts()
        .filter_map(|(_, stamped)| match stamped.fact {
            Fact::Absorbs { other } => Some(Unit::Household(other)),
            _ => None,
        })
        .collect();
    let mut files = vec![own];
    for other in joined {
        files.extend(tx.file_of(other)?);
    }
    Ok(files)
}

/// The address of a door as it was on a day.
pub(super) fn address(
    tx: &Tx<'_>,
    dwelling: Option<DwellingId>,
    on: NaiveDate,
) -> Result<String, StorageError> {
    let Some(dwelling) = dwelling else { return Ok(String::new()) };
    let Some(file) = tx.file_of(Unit::Vacant(dwelling))? else { return Ok(String::new()) };
    Ok(DoorLife::derive(dwelling, &file).address_on(on).map(ToString::to_string).unwrap_or_default())
}

pub(super) fn band_words(band: DayBand, lang: Lang) -> &'static str {
    match band {
        DayBand::Morning => lang.t("band.morning"),
        DayBand::Afternoon => lang.t("band.afternoon"),
        DayBand::Evening => lang.t("band.evening"),
    }
}
