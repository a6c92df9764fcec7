//! 局部重算 – only what hangs together with a changed unit is reckoned, and put into the rows of its grids.
//!
//! What an obligation is depends on the unit's own file and on those it is tied to: the door's households, a household's
//! doors, joined records. Units that are tied to each other, however far, make a knot; no knot's figures depend on
//! another's. So a knot reckoned alone gives the very rows that reckoning its whole grid would give, and the rest of
//! the grid's rows stay. Where a row does not stand for today, or a knot is too large, the grid is reckoned whole.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chrono::{DateTime, NaiveDate};
use ruhu_core::community::CommunityFile;
use ruhu_core::coverage::{Coverage, CoverageRules, ExtraVisit, Obligation, Register, reckon};
use ruhu_core::fact::Fact;
use ruhu_core::file::UnitFile;
use ruhu_core::ids::{CommunityId, GridId};
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;
use ruhu_core::visit::VisitOutcome;

use super::{kept_periods, refresh_grid, touch_about};
use crate::storage::units::UnitNr;
use crate::storage::{StorageError, Tx};

/// Units of a knot at most; what is tied together further is reckoned by whole grids.
const KNOT_MAX: usize = 300;
/// A unit with more ties than this has those of its neighbours read one by one, until the knot is too large.
const TIED_FEW: usize = 16;
/// Units reckoned in one go, at least one knot: bounds what is held in memory.
const AT_ONCE: usize = 1_000;

/// The earliest day whose figures a fact can move. A visit speaks of its own day and of later ones, unless it tells of
/// an earlier departure or takes another record's place; everything else may reach back.
#[must_use]
pub fn moves_from(fact: &Fact) -> NaiveDate {
    match fact {
        Fact::Visited(visit)
            if visit.supersedes.is_none() && !matches!(visit.outcome, VisitOutcome::MovedAway { .. }) =>
        {
            visit.visited_on
        }
        _ => NaiveDate::MIN,
    }
}

/// 结 – units that are tied to each other.
#[derive(Debug)]
struct Knot {
    units: BTreeSet<UnitNr>,
    /// Every grid one of them was ever at home in.
    grids: BTreeSet<GridId>,
    /// The earliest day whose figures can have moved.
    from: NaiveDate,
}

/// Brings the rows up to date with the touched units, except in grids that were reckoned `whole` just now.
pub(super) fn refresh_units(
    tx: &Tx<'_>,
    now_ms: i64,
    whole: &mut BTreeSet<GridId>,
) -> Result<(), StorageError> {
    let mut by_community: BTreeMap<CommunityId, Vec<Knot>> = BTreeMap::new();
    for knot in knots(tx, tx.take_touched_units()?)? {
        let mut communities = BTreeSet::new();
        for grid in knot.grids.iter().filter(|grid| !whole.contains(grid)) {
            communities.extend(tx.community_of(*grid)?);
        }
        // Nothing ties units of two communities; should it come to that, whole grids are right whatever happened.
        match communities.pop_first() {
            Some(only) if communities.is_empty() => by_community.entry(only).or_default().push(knot),
            Some(_) => knot.grids.iter().try_for_each(|grid| tx.touch_grid(*grid))?,
            None => {}
        }
    }
    for (community, knots) in by_community {
        let file = tx.community_file(community)?.unwrap_or_default();
        let today = file.zone().date(DateTime::from_timestamp_millis(now_ms).unwrap_or_default());
        let mut together = Vec::new();
        for knot in knots {
            together.push(knot);
            if AT_ONCE <= together.iter().map(|knot| knot.units.len()).sum() {
                refresh_knots(tx, &file, today, &std::mem::take(&mut together), whole)?;
            }
        }
        refresh_knots(tx, &file, today, &together, whole)?;
    }
    // Those that turned out to need it, stale ones first of all.
    for grid in tx.take_touched_grids()? {
        if whole.insert(grid) {
            refresh_grid(tx, grid, now_ms)?;
        }
    }
    Ok(())
}

/// Sorts the touched units into knots. What is tied together too far is left to whole grids.
fn knots(tx: &Tx<'_>, touched: Vec<(UnitNr, NaiveDate)>) -> Result<Vec<Knot>, StorageError> {
    let mut knots: Vec<Knot> = Vec::new();
    let mut place: BTreeMap<UnitNr, usize> = BTreeMap::new();
    let mut ties = Ties::of(tx, &touched.iter().map(|(nr, _)| *nr).collect::<Vec<_>>())?;
    for (nr, from) in touched {
        if let Some(knot) = place.get(&nr).and_then(|at| knots.get_mut(*at)) {
            knot.from = knot.from.min(from);
            continue;
        }
        let mut knot = Knot { units: BTreeSet::from([nr]), grids: BTreeSet::new(), from };
        let mut ahead = vec![nr];
        while let Some(one) = ahead.pop() {
            if KNOT_MAX < knot.units.len() {
                break;
            }
            ahead.extend(ties.tied_to(one)?.iter().filter(|other| knot.units.insert(**other)));
        }
        if KNOT_MAX < knot.units.len() {
            touch_about(tx, tx.unit_by_nr(nr)?.unit)?;
            continue;
        }
        place.extend(knot.units.iter().map(|unit| (*unit, knots.len())));
        knots.push(knot);
    }
    let units: Vec<UnitNr> = knots.iter().flat_map(|knot| &knot.units).copied().collect();
    tx.look_ahead_homes(&units)?;
    for knot in &mut knots {
        for nr in &knot.units {
            knot.grids.extend(tx.homes(*nr)?);
        }
    }
    Ok(knots)
}

/// Which units are tied to which, read for many at once.
struct Ties<'t> {
    tx: &'t Tx<'t>,
    known: BTreeMap<UnitNr, BTreeSet<UnitNr>>,
}

impl<'t> Ties<'t> {
    /// Of the touched units, and of those they are tied to, where these are few.
    fn of(tx: &'t Tx<'t>, touched: &[UnitNr]) -> Result<Self, StorageError> {
        let mut own = Self { tx, known: BTreeMap::new() };
        own.read(touched)?;
        let few = own.known.values().filter(|tied| tied.len() <= TIED_FEW).flatten();
        let next: BTreeSet<UnitNr> = few.filter(|other| !own.known.contains_key(other)).copied().collect();
        own.read(&next.into_iter().collect::<Vec<_>>())?;
        Ok(own)
    }

    fn read(&mut self, units: &[UnitNr]) -> Result<(), StorageError> {
        for nr in units {
            self.known.entry(*nr).or_default();
        }
        for (nr, other) in self.tx.tied_to(units)? {
            self.known.entry(nr).or_default().insert(other);
        }
        Ok(())
    }

    fn tied_to(&mut self, nr: UnitNr) -> Result<&BTreeSet<UnitNr>, StorageError> {
        if !self.known.contains_key(&nr) {
            self.read(&[nr])?;
        }
        Ok(self.known.entry(nr).or_default())
    }
}

fn refresh_knots(
    tx: &Tx<'_>,
    file: &CommunityFile,
    today: NaiveDate,
    knots: &[Knot],
    whole: &BTreeSet<GridId>,
) -> Result<(), StorageError> {
    let Some(from) = knots.iter().map(|knot| knot.from).min() else { return Ok(()) };
    let members: Vec<UnitNr> = knots.iter().flat_map(|knot| &knot.units).copied().collect();
    tx.look_ahead_files(&members)?;
    let mut files: Vec<Rc<UnitFile>> = Vec::new();
    for nr in members {
        files.extend(tx.file_by_nr(nr)?);
    }
    let units: BTreeSet<Unit> = files.iter().map(|file| file.unit()).collect();
    let mut grids: BTreeSet<GridId> = knots.iter().flat_map(|knot| &knot.grids).copied().collect();
    grids.retain(|grid| !whole.contains(grid));
    let mut register: Option<(CoverageRules, Register)> = None;
    let (periods, policies, live_on) = (kept_periods(file, today), file.policies(), file.went_live_on());
    // The running quarter always, so that rows of another day are noticed.
    let running = Period::quarter_of(today).last_day();
    for period in periods.into_iter().filter(|period| from.min(running) <= period.last_day()) {
        let rules = policies.of(period).coverage_rules(live_on);
        if register.as_ref().is_none_or(|(known, _)| *known != rules) {
            let damaged = |_| StorageError::Damaged { what: "holiday notice" };
            let setting = file.coverage_setting(period).map_err(damaged)?;
            register = Some((rules, Register::new(files.iter().map(|file| &**file), setting)));
        }
        let Some((_, register)) = &register else { continue };
        let mut anew = Anew::of(reckon(register, period, today.min(period.last_day())));
        let mut known = tx.grid_coverages(&grids.iter().copied().collect::<Vec<_>>(), period)?;
        let mut changed = Vec::new();
        for grid in std::mem::take(&mut grids) {
            let next = known.remove(&grid).and_then(|known| anew.put_into(grid, known, &units));
            match next {
                Some((known, next)) => {
                    grids.insert(grid);
                    changed.push((grid, known, next));
                }
                None => tx.touch_grid(grid)?,
            }
        }
        tx.replace_coverages(&changed)?;
    }
    Ok(())
}

/// What knots were reckoned to in one period, by grid.
struct Anew {
    frame: Coverage,
    obligations: BTreeMap<GridId, Vec<Obligation>>,
    extra: BTreeMap<GridId, Vec<ExtraVisit>>,
}

impl Anew {
    fn of(mut coverage: Coverage) -> Self {
        let mut own = Self {
            obligations: BTreeMap::new(),
            extra: BTreeMap::new(),
            frame: Coverage { obligations: Vec::new(), extra: Vec::new(), ..coverage },
        };
        for one in coverage.obligations.drain(..) {
            own.obligations.entry(one.grid).or_default().push(one);
        }
        for one in coverage.extra.drain(..) {
            if let Some(grid) = one.grid {
                own.extra.entry(grid).or_default().push(one);
            }
        }
        own
    }

    /// Puts a grid's part into its row: as it was, and as it is. `None` when it does not stand for the same day.
    fn put_into(
        &mut self,
        grid: GridId,
        known: Coverage,
        units: &BTreeSet<Unit>,
    ) -> Option<(Coverage, Coverage)> {
        let frame = &self.frame;
        if (known.as_of, known.trial, known.rules_version) != (frame.as_of, frame.trial, frame.rules_version)
        {
            return None;
        }
        let mut next = known.clone();
        next.obligations.retain(|one| !units.contains(&one.unit));
        next.obligations.extend(self.obligations.remove(&grid).unwrap_or_default());
        next.obligations.sort_by_key(|one| one.unit);
        next.extra.retain(|one| !units.contains(&one.unit));
        next.extra.extend(self.extra.remove(&grid).unwrap_or_default());
        next.extra.sort_by_key(|one| one.unit);
        Some((known, next))
    }
}
