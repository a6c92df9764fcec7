//! Figures of a community from finished rows; a period that has none any more is reckoned when it is asked for.

use std::collections::BTreeMap;

use ruhu_core::coverage::{CellState, Coverage, Deduction, Rate, Tally};
use ruhu_core::ids::GridId;
use ruhu_core::time::Cadence;

use super::Viewer;
use super::choice::{Asked, Scope};
use crate::coverage::rows_of;
use crate::desk::trouble::Trouble;
use crate::desk::views::{
    CommunitiesPage, CommunityRow, Depth, GridOrder, OverviewInput, OverviewPage, PeriodSwitch, overview,
};
use crate::report::coverage::{Counted, GridRow, Requests, grids_in_order, sum};
use crate::report::reading::{policy_named, silent_phones};
use crate::storage::Tx;
use crate::storage::cells::state_name;

/// Every grid of a community in a period, in address order.
pub(super) struct Figures {
    pub(super) rows: Vec<GridRow>,
    pub(super) total: Counted,
    pub(super) coverage: BTreeMap<GridId, Coverage>,
    pub(super) trial: bool,
}

pub(super) fn figures(tx: &Tx<'_>, scope: &Scope) -> Result<Figures, Trouble> {
    let mut periods = vec![scope.period];
    if scope.period.cadence() == Cadence::Quarter {
        periods.extend(scope.period.months());
    }
    let workers = scope.file.workers();
    let (mut rows, mut coverage) = (Vec::new(), BTreeMap::new());
    for grid in grids_in_order(&scope.file) {
        let mut reckoned = rows_of(tx, grid.id, &scope.file, &periods, scope.today)?;
        let months: Vec<Coverage> = reckoned.split_off(1.min(reckoned.len()));
        let Some(own) = reckoned.pop() else { continue };
        let tally = |coverage: &Coverage| coverage.tallies().remove(&grid.id).unwrap_or_default();
        let key = if months.is_empty() {
            tally(&own)
        } else {
            months.iter().fold(Tally::default(), |mut sum, month| {
                sum.add(&tally(month));
                sum
            })
        };
        let responsible = scope.file.responsible(grid.id, scope.as_of()).and_then(|id| workers.get(&id));
        rows.push(GridRow {
            grid: grid.id,
            name: grid.name,
            responsible: responsible.map(|worker| worker.name.clone()).unwrap_or_default(),
            counted: Counted::of(tally(&own), key, Requests::default()),
        });
        coverage.insert(grid.id, own);
    }
    let trial = coverage.values().any(|one| one.trial);
    Ok(Figures { total: sum(&rows), rows, coverage, trial })
}

/// The overview of one community.
pub(in crate::desk) fn overview_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    asked: &Asked,
) -> Result<OverviewPage, Trouble> {
    let figures = figures(tx, scope)?;
    let not_met: BTreeMap<GridId, u32> =
        figures.rows.iter().map(|row| (row.grid, row.counted.tally.due - row.counted.tally.done)).collect();
    let silent = silent_phones(tx, scope.id, &scope.file, (scope.period, scope.today), |grid| {
        not_met.get(&grid).copied().unwrap_or(0)
    })?;
    let sees_households = viewer.account.role.sees_households();
    let input = OverviewInput {
        place: scope.place(),
        period: scope.period,
        as_of: scope.as_of(),
        today: scope.today,
        standing: scope.standing(),
        trial: figures.trial,
        policy: policy_named(&scope.file, scope.period).map(|policy| policy.title),
        grids: figures.rows,
        total: figures.total,
        silent,
        amended: scope.amended(),
        order: if asked.order.as_deref() == Some("open") {
            GridOrder::Outstanding
        } else {
            GridOrder::Address
        },
        depth: if sees_households { Depth::Households } else { Depth::Figures },
        tail: scope.tail.clone(),
    };
    let shell = viewer.shell(viewer.lang.t("overview.title").to_owned(), "overview", Some(scope));
    Ok(overview(shell, &input))
}

/// The communities an account sees, by place; each opens into its overview.
pub(in crate::desk) fn communities_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scopes: &[Scope],
) -> Result<CommunitiesPage, Trouble> {
    let lang = viewer.lang;
    let mut rows = Vec::with_capacity(scopes.len());
    for scope in scopes {
        let sums = match from_cells(tx, scope)? {
            Some(sums) => sums,
            None => Sums::of(&figures(tx, scope)?.total.tally),
        };
        rows.push(CommunityRow {
            place: scope.place(),
            href: format!("/?period={}{}", scope.period, scope.tail),
            due: sums.due,
            done: sums.done,
            deducted: sums.deducted,
            open: sums.due.saturating_sub(sums.done).saturating_sub(sums.deducted),
            strict: Rate::of(sums.done, sums.due).to_string(),
            adjusted: Rate::of(sums.done, sums.due.saturating_sub(sums.deducted)).to_string(),
        });
    }
    let first = scopes.first().ok_or(Trouble::NoCommunity)?;
    Ok(CommunitiesPage {
        shell: viewer.shell(lang.t("communities.title").to_owned(), "overview", None),
        periods: PeriodSwitch::new(first.period, "/", "", first.today, lang),
        rows,
    })
}

/// What a community's line says.
struct Sums {
    due: u32,
    done: u32,
    deducted: u32,
}

impl Sums {
    fn of(tally: &Tally) -> Self {
        Self { due: tally.due, done: tally.done, deducted: tally.deducted_total() }
    }
}

/// The sums of a community from its cells alone, so that a county's page opens no household; `None` for a period
/// whose cells are not kept any more.
fn from_cells(tx: &Tx<'_>, scope: &Scope) -> Result<Option<Sums>, Trouble> {
    let mut sums = Sums { due: 0, done: 0, deducted: 0 };
    for grid in scope.file.grids().into_keys() {
        for (state, count) in tx.cells(grid, scope.period)? {
            sums.due += count;
            if state == state_name(CellState::Visited) {
                sums.done += count;
            } else if Deduction::ALL.iter().any(|(kind, _)| state == state_name(CellState::Deducted(*kind))) {
                sums.deducted += count;
            }
        }
    }
    Ok((0 < sums.due).then_some(sums))
}
