//! 入户率 at the hub – what hangs together with a changed unit is reckoned again before its transaction commits, a
//! touched grid whole, every grid when the day changes. The reckoning itself is the core's; here it is only decided
//! what to load and which periods to keep.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use ruhu_core::community::CommunityFile;
use ruhu_core::coverage::{Coverage, CoverageRules, HandoverSheet, Register, handover_sheet, reckon};
use ruhu_core::file::UnitFile;
use ruhu_core::ids::GridId;
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;

mod patch;
pub use patch::moves_from;

use crate::storage::ties::linked;
use crate::storage::{Hub, StorageError, Tx};

/// Quarters kept as finished rows besides the running one; older ones are reckoned when they are asked for.
const QUARTERS_KEPT: usize = 4;

/// Recomputes every grid touched in this transaction, and what hangs together with a touched unit in all others; the
/// writer calls it once, before it commits.
///
/// # Errors
/// [`StorageError`]; grids and units then stay touched for the next transaction.
pub fn refresh_touched(tx: &Tx<'_>, now_ms: i64) -> Result<(), StorageError> {
    let mut whole = BTreeSet::new();
    for grid in tx.take_touched_grids()? {
        refresh_grid(tx, grid, now_ms)?;
        whole.insert(grid);
    }
    patch::refresh_units(tx, now_ms, &mut whole)
}

/// Recomputes one grid for every period that is kept.
///
/// # Errors
/// [`StorageError`].
pub fn refresh_grid(tx: &Tx<'_>, grid: GridId, now_ms: i64) -> Result<(), StorageError> {
    let Some((file, today)) = community_of(tx, grid, now_ms)? else { return Ok(()) };
    for coverage in reckon_grid(tx, grid, &file, &kept_periods(&file, today), today)? {
        tx.put_grid_coverage(grid, &coverage)?;
    }
    Ok(())
}

/// Reckons periods of one grid from the files of all that was ever at home there, without writing anything.
///
/// # Errors
/// [`StorageError`].
pub fn reckon_grid(
    tx: &Tx<'_>,
    grid: GridId,
    file: &CommunityFile,
    periods: &[Period],
    today: NaiveDate,
) -> Result<Vec<Coverage>, StorageError> {
    // Nothing is due in a period that has not begun: no file is read for it.
    let begun = periods.iter().any(|period| period.first_day() <= today);
    let files = if begun { files_about(tx, grid)? } else { Vec::new() };
    let mut register: Option<(CoverageRules, Register)> = None;
    let mut found = Vec::with_capacity(periods.len());
    for period in periods {
        let setting =
            file.coverage_setting(*period).map_err(|_| StorageError::Damaged { what: "holiday notice" })?;
        if register.as_ref().is_none_or(|(rules, _)| *rules != setting.rules) {
            register = Some((setting.rules.clone(), Register::new(&files, setting)));
        }
        if let Some((_, register)) = &register {
            found.push(reckon(register, *period, today.min(period.last_day())).of_grid(grid));
        }
    }
    Ok(found)
}

/// The finished rows of a grid as of today, one per period in the order asked; those that are missing or of another day
/// are reckoned.
///
/// # Errors
/// [`StorageError`].
pub fn rows_of(
    tx: &Tx<'_>,
    grid: GridId,
    file: &CommunityFile,
    periods: &[Period],
    today: NaiveDate,
) -> Result<Vec<Coverage>, StorageError> {
    let mut found = Vec::with_capacity(periods.len());
    for period in periods {
        let day = today.min(period.last_day());
        match tx.grid_coverage(grid, *period)?.filter(|kept| kept.as_of == day) {
            Some(kept) => found.push(kept),
            None => found.extend(reckon_grid(tx, grid, file, &[*period], today)?),
        }
    }
    Ok(found)
}

/// 交接清单 – what was outstanding for a grid at the close of a day.
///
/// # Errors
/// [`StorageError`].
pub fn sheet_of(
    tx: &Tx<'_>,
    grid: GridId,
    file: &CommunityFile,
    on: NaiveDate,
) -> Result<HandoverSheet, StorageError> {
    let files = files_about(tx, grid)?;
    let setting = file.coverage_setting(Period::quarter_of(on));
    let setting = setting.map_err(|_| StorageError::Damaged { what: "holiday notice" })?;
    Ok(handover_sheet(&Register::new(&files, setting), grid, on))
}

impl Hub {
    /// Recomputes every grid whose rows stand for an earlier day than today: at local midnight, and when the hub
    /// starts. One transaction a grid, so that phones are not kept waiting. Returns how many grids there were.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn refresh_day(&self) -> Result<usize, StorageError> {
        let now_ms = self.now_ms();
        let stale = self.storage().read(|tx| {
            let mut stale = Vec::new();
            for (_, file) in tx.communities()? {
                let today = local_date(&file, now_ms);
                let running = Period::quarter_of(today);
                for grid in file.grids().into_keys() {
                    let rows = tx.grid_coverage(grid, running)?;
                    if rows.is_none_or(|rows| rows.as_of != today) {
                        stale.push(grid);
                    }
                }
            }
            Ok::<_, StorageError>(stale)
        })?;
        for grid in &stale {
            let grid = *grid;
            // The writer recomputes what is touched before it commits.
            self.storage().write(move |tx| tx.touch_grid(grid))?;
        }
        Ok(stale.len())
    }
}

/// The periods kept as finished rows: the running quarter and the four before it, with their months, none before the
/// quarter of going live and none that has not begun.
#[must_use]
pub fn kept_periods(file: &CommunityFile, today: NaiveDate) -> Vec<Period> {
    let first = Period::quarter_of(file.went_live_on().unwrap_or(today).min(today));
    let mut quarters = vec![Period::quarter_of(today)];
    while let Some(last) = quarters.last().copied()
        && first < last
        && quarters.len() <= QUARTERS_KEPT
    {
        quarters.push(last.previous());
    }
    let begun = |period: &Period| period.first_day() <= today;
    quarters
        .into_iter()
        .rev()
        .flat_map(|quarter| [vec![quarter], quarter.months()].concat())
        .filter(begun)
        .collect()
}

/// Touches every grid whose figures depend on a unit's file, those of joined records included.
///
/// # Errors
/// [`StorageError`].
pub fn touch_about(tx: &Tx<'_>, unit: Unit) -> Result<(), StorageError> {
    let mut units = BTreeSet::from([unit]);
    let mut ahead = vec![unit];
    while let Some(unit) = ahead.pop() {
        if let Some(row) = tx.unit(unit)? {
            for grid in tx.grids_near(row.nr)? {
                tx.touch_grid(grid)?;
            }
        }
        let Unit::Household(household) = unit else { continue };
        let joined = tx.files_joined(household)?;
        ahead.extend(joined.iter().flat_map(about).filter(|other| units.insert(*other)));
    }
    Ok(())
}

/// Everything that must be read to reckon a grid: what was ever at home there, what shares a door with it, and every
/// record joined to one of these, wherever it lived: its visits count here all the same.
fn files_about(tx: &Tx<'_>, grid: GridId) -> Result<Vec<UnitFile>, StorageError> {
    let mut files: BTreeMap<Unit, UnitFile> =
        tx.files_near(grid)?.into_iter().map(|file| (file.unit(), file)).collect();
    let is_joined = |file: &UnitFile| file.facts().any(|(_, one)| linked(&one.fact).is_some());
    let mut ahead: Vec<Unit> = files.values().filter(|file| is_joined(file)).flat_map(about).collect();
    let mut read = BTreeSet::new();
    while let Some(unit) = ahead.pop() {
        let Unit::Household(household) = unit else { continue };
        if read.insert(household) {
            for file in tx.files_joined(household)? {
                ahead.extend(about(&file));
                files.entry(file.unit()).or_insert(file);
            }
        }
    }
    Ok(files.into_values().collect())
}

/// The unit of a file and the records it was ever joined to.
fn about(file: &UnitFile) -> Vec<Unit> {
    let others = file.facts().filter_map(|(_, one)| linked(&one.fact)).map(Unit::Household);
    others.chain([file.unit()]).collect()
}

fn community_of(
    tx: &Tx<'_>,
    grid: GridId,
    now_ms: i64,
) -> Result<Option<(CommunityFile, NaiveDate)>, StorageError> {
    let Some(id) = tx.community_of(grid)? else { return Ok(None) };
    let file = tx.community(id)?.unwrap_or_default();
    let today = local_date(&file, now_ms);
    Ok(Some((file, today)))
}

fn local_date(file: &CommunityFile, now_ms: i64) -> NaiveDate {
    file.zone().date(DateTime::from_timestamp_millis(now_ms).unwrap_or_default())
}
