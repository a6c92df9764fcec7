//! From the register to the document. Pure: what the figures depend on is handed in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ruhu_core::closing::SilentPhones;
use ruhu_core::community::CommunityFile;
use ruhu_core::coverage::{
    Coverage, ExtraVisit, Obligation, ObligationState, Register, Served, Tally, changes, quarter_report,
    reckon,
};
use ruhu_core::ids::{DwellingId, GridId};
use ruhu_core::roster::{Community, Grid, Unit, natural_key};
use ruhu_core::time::{Cadence, Period};

use super::{
    Counted, CoverageReport, DeductionLine, ExtraLine, GridRow, LogPosition, OutstandingLine, PolicyNamed,
    Requests, Standing, change_list, evidence,
};

/// Everything a report is made from.
pub struct Material<'a> {
    /// Names of grids and workers.
    pub community: &'a CommunityFile,
    /// The lives of all units, with assignments, rules and calendar.
    pub register: &'a Register,
    /// Which period.
    pub period: Period,
    /// Today's local date, or the last day of the period if that is earlier.
    pub as_of: NaiveDate,
    /// Running, over or closed.
    pub standing: Standing,
    /// What was adopted.
    pub policy: Option<PolicyNamed>,
    /// How much of the log the register was made from.
    pub log: LogPosition,
    /// Requests by grid.
    pub requests: BTreeMap<GridId, Requests>,
    /// 未同步手机.
    pub silent: SilentPhones,
    /// The grids wanted; `None` for all.
    pub only_grids: Option<BTreeSet<GridId>>,
}

/// Makes the report.
#[must_use]
pub fn compose(material: &Material<'_>) -> CoverageReport {
    let &Material { community, register, period, as_of, .. } = material;
    let coverage = reckon(register, period, as_of);
    let key = key_tallies(register, period, as_of, &coverage);
    let tallies = coverage.tallies();
    let grids = wanted_grids(material);
    let rows: Vec<GridRow> = grids
        .iter()
        .map(|grid| {
            let tally = tallies.get(&grid.id).cloned().unwrap_or_default();
            let key = key.get(&grid.id).cloned().unwrap_or_default();
            let requests = material.requests.get(&grid.id).copied().unwrap_or_default();
            let counted = Counted::of(tally, key, requests);
            GridRow {
                grid: grid.id,
                name: grid.name.clone(),
                responsible: responsible(material, grid.id),
                counted,
            }
        })
        .collect();
    let shown: BTreeSet<GridId> = grids.iter().map(|grid| grid.id).collect();
    let place = Place { register, as_of };
    let obligations = in_walking_order(&coverage, &shown, &place);
    CoverageReport {
        form: CoverageReport::FORM,
        community: community.community().cloned().unwrap_or_else(unnamed),
        period,
        as_of,
        standing: material.standing,
        trial: coverage.trial,
        policy: material.policy.clone(),
        rules_version: coverage.rules_version,
        zone: community.zone(),
        log: material.log.clone(),
        only_grids: material.only_grids.as_ref().map(|only| only.iter().copied().collect()),
        total: sum(&rows),
        grids: rows,
        deductions: deductions(&obligations, &place, period),
        outstanding: outstanding(&obligations, &place, period),
        changes: material.only_grids.is_none().then(|| {
            let earlier = period.previous();
            change_list(&changes(register, earlier, period, as_of), earlier, |unit| place.of_unit(unit))
        }),
        extra: extra(&coverage, material, &shown, &place),
        silent: material.silent,
    }
}

/// Where units are.
struct Place<'a> {
    register: &'a Register,
    as_of: NaiveDate,
}

impl Place<'_> {
    fn of_dwelling(&self, dwelling: DwellingId) -> (String, String) {
        let address = self.register.door(dwelling).and_then(|door| door.address_on(self.as_of));
        address.map_or_else(Default::default, |address| (address.walking_key(), address.to_string()))
    }

    fn of_unit(&self, unit: Unit) -> String {
        let dwelling = match unit {
            Unit::Vacant(dwelling) => Some(dwelling),
            Unit::Household(id) => self
                .register
                .household(id)
                .and_then(|life| life.timeline(self.as_of).last_begun(self.as_of).map(|stay| stay.dwelling)),
        };
        dwelling.map(|dwelling| self.of_dwelling(dwelling).1).unwrap_or_default()
    }
}

/// An obligation with its address, in the order doors are walked.
struct Placed<'a> {
    obligation: &'a Obligation,
    address: String,
}

fn in_walking_order<'a>(
    coverage: &'a Coverage,
    shown: &BTreeSet<GridId>,
    place: &Place<'_>,
) -> Vec<Placed<'a>> {
    let of_shown = coverage.obligations.iter().filter(|one| shown.contains(&one.grid));
    let mut keyed: Vec<(String, Placed<'a>)> = of_shown
        .map(|obligation| {
            let (key, address) = place.of_dwelling(obligation.dwelling);
            (key, Placed { obligation, address })
        })
        .collect();
    keyed.sort_by(|(one, a), (other, b)| one.cmp(other).then(a.obligation.unit.cmp(&b.obligation.unit)));
    keyed.into_iter().map(|(_, placed)| placed).collect()
}

fn deductions(obligations: &[Placed<'_>], place: &Place<'_>, period: Period) -> Vec<DeductionLine> {
    let line = |placed: &Placed<'_>| match placed.obligation.state {
        ObligationState::Deducted(kind) => Some(DeductionLine {
            unit: placed.obligation.unit,
            grid: placed.obligation.grid,
            address: placed.address.clone(),
            kind,
            evidence: evidence::evidence(place.register, placed.obligation.unit, kind, period),
        }),
        _ => None,
    };
    obligations.iter().filter_map(line).collect()
}

fn outstanding(obligations: &[Placed<'_>], place: &Place<'_>, period: Period) -> Vec<OutstandingLine> {
    let line = |placed: &Placed<'_>| {
        let ObligationState::Outstanding(open) = placed.obligation.state else { return None };
        let unit = placed.obligation.unit;
        let attempts = evidence::attempts(place.register, unit, period);
        let key = match unit {
            Unit::Household(id) => place.register.household(id).is_some_and(|life| life.is_key(place.as_of)),
            Unit::Vacant(_) => false,
        };
        Some(OutstandingLine {
            unit,
            grid: placed.obligation.grid,
            address: placed.address.clone(),
            key,
            open,
            last_met_on: evidence::last_met_on(place.register, unit, place.as_of),
            suggested: evidence::suggested(&attempts),
            attempts,
            taken_over_late: placed.obligation.taken_over_late,
        })
    };
    obligations.iter().filter_map(line).collect()
}

fn extra(
    coverage: &Coverage,
    material: &Material<'_>,
    shown: &BTreeSet<GridId>,
    place: &Place<'_>,
) -> Vec<ExtraLine> {
    let wanted = |one: &&ExtraVisit| match one.grid {
        Some(grid) => shown.contains(&grid),
        None => material.only_grids.is_none(),
    };
    let line = |one: &ExtraVisit| {
        let (Served::Visit { visited_on, .. } | Served::Imported { visited_on }) = one.visit;
        ExtraLine { unit: one.unit, grid: one.grid, address: place.of_unit(one.unit), on: visited_on }
    };
    let mut lines: Vec<ExtraLine> = coverage.extra.iter().filter(wanted).map(line).collect();
    lines.sort_by(|one, other| {
        natural_key(&one.address).cmp(&natural_key(&other.address)).then(one.unit.cmp(&other.unit))
    });
    lines
}

/// 重点户 by grid: in a quarter the sum of its three months, in a month the month itself.
fn key_tallies(
    register: &Register,
    period: Period,
    as_of: NaiveDate,
    coverage: &Coverage,
) -> BTreeMap<GridId, Tally> {
    if period.cadence() == Cadence::Month {
        return coverage.tallies();
    }
    let mut sums: BTreeMap<GridId, Tally> = BTreeMap::new();
    for month in quarter_report(register, period, as_of).months {
        for (grid, tally) in month.tallies() {
            sums.entry(grid).or_default().add(&tally);
        }
    }
    sums
}

/// The grids in address order: by code where the organ gave one, else by name.
#[must_use]
pub fn grids_in_order(file: &CommunityFile) -> Vec<Grid> {
    let mut grids: Vec<Grid> = file.grids().into_values().cloned().collect();
    grids.sort_by_key(|grid| (natural_key(&grid.code), natural_key(&grid.name), grid.id));
    grids
}

/// The grids of the report. One without a single obligation stands with zeroes, so that none can go missing unseen.
fn wanted_grids(material: &Material<'_>) -> Vec<Grid> {
    let mut grids = grids_in_order(material.community);
    grids.retain(|grid| material.only_grids.as_ref().is_none_or(|only| only.contains(&grid.id)));
    grids
}

fn responsible(material: &Material<'_>, grid: GridId) -> String {
    let worker = material.register.responsible(grid, material.as_of).map(|held| held.worker);
    let workers = material.community.workers();
    worker.and_then(|worker| workers.get(&worker)).map(|worker| worker.name.clone()).unwrap_or_default()
}

/// 合计.
#[must_use]
pub fn sum(rows: &[GridRow]) -> Counted {
    let (mut tally, mut key, mut requests) = (Tally::default(), Tally::default(), Requests::default());
    for row in rows {
        tally.add(&row.counted.tally);
        key.add(&row.counted.key);
        requests.received += row.counted.requests;
        requests.closed += row.counted.requests_closed;
    }
    Counted::of(tally, key, requests)
}

/// Before set-up a community has no name yet; its report says so.
fn unnamed() -> Community {
    Community {
        id: ruhu_core::ids::CommunityId::from_bytes([0; 16]),
        name: "(未设置社区)".to_owned(),
        street: String::new(),
        county: String::new(),
        code: String::new(),
    }
}
