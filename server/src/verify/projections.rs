//! Files, documents, communities and coverage: rebuilt from the log and compared.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ruhu_core::community::CommunityFile;
use ruhu_core::file::UnitFile;
use ruhu_core::ids::{CommunityId, GridId};
use ruhu_core::profile::{Profile, Scalar, allows_plain};
use ruhu_core::time::Period;

use super::{Fault, Report, in_force, is_damage};
use crate::coverage::{kept_periods, reckon_grid};
use crate::ingest::place::located;
use crate::ingest::requests::request_rows;
use crate::storage::cells::state_name;
use crate::storage::requests::RequestRow;
use crate::storage::units::UnitRow;
use crate::storage::{StorageError, Tx};

/// Rebuilds every unit from its entries.
pub(super) fn verify_units(tx: &Tx<'_>, report: &mut Report) -> Result<(), StorageError> {
    let read = tx.each_unit(|row| {
        report.units += 1;
        let verified = verify_unit(tx, &row, report);
        report.looked_at(verified, || Fault::File(row.unit)).map(drop)
    });
    report.looked(read).map(drop)
}

fn verify_unit(tx: &Tx<'_>, row: &UnitRow, report: &mut Report) -> Result<(), StorageError> {
    let (file, fields, requests) = rebuilt(tx, row)?;
    let stored = report.looked_at(tx.requests_of(row.nr), || Fault::Requests(row.unit))?;
    if stored.is_some_and(|stored| stored.into_iter().collect::<BTreeSet<_>>() != requests) {
        report.fault(Fault::Requests(row.unit));
    }
    let stored = tx.unit_file(row);
    if report.looked_at(stored, || Fault::File(row.unit))?.is_some_and(|stored| stored != file) {
        report.fault(Fault::File(row.unit));
    }
    let stored = report.looked_at(tx.unit_doc(row.nr), || Fault::Doc(row.unit))?;
    let stored = stored.map(|doc| doc.map(|doc| Profile::load(&doc).map(|doc| doc.fields())));
    match stored {
        // Told just now.
        None => {}
        Some(None) if fields.is_empty() => {}
        Some(Some(Ok(stored))) if stored == fields => {}
        _ => report.fault(Fault::Doc(row.unit)),
    }
    // A unit whose last home was returned keeps it, so only what the file says is compared.
    let remembered = row.grid.is_none_or(|grid| tx.homes(row.nr).is_ok_and(|homes| homes.contains(&grid)));
    if !remembered || located(tx, row, &file)? != *row {
        report.fault(Fault::Home(row.unit));
    }
    Ok(())
}

type Fields = BTreeMap<String, Vec<Scalar>>;

fn rebuilt(tx: &Tx<'_>, row: &UnitRow) -> Result<(UnitFile, Fields, BTreeSet<RequestRow>), StorageError> {
    let mut requests = BTreeSet::new();
    let mut file = UnitFile::new(row.unit);
    let mut profile = Profile::new();
    let mut changes = Vec::new();
    for pos in tx.entries_of(row.nr)? {
        let kept = match tx.entry_as_found(pos) {
            Ok(Some(kept)) => kept,
            Ok(None) => continue,
            // Told with the log; here the file then differs.
            Err(why) if is_damage(&why) => continue,
            Err(why) => return Err(why),
        };
        let Some(effects) = in_force(&kept) else { continue };
        requests.extend(request_rows(row, pos, &effects));
        for one in effects.units.into_iter().filter(|one| one.unit == row.unit) {
            file.insert(one.stamp, one.fact);
        }
        changes.extend(effects.doc.filter(|doc| doc.unit == row.unit));
    }
    // Changes stand in the order of receipt; one that waited for another comes later than it stands here.
    let mut waiting = changes;
    loop {
        let before = waiting.len();
        waiting.retain(|change| match &change.bytes {
            Some(bytes) => profile.apply(change.change, bytes, &allows_plain).is_err(),
            None => false,
        });
        if waiting.len() == before || waiting.is_empty() {
            return Ok((file, profile.fields(), requests));
        }
    }
}

/// Compares community files with what the log tells.
pub(super) fn verify_communities(
    tx: &Tx<'_>,
    rebuilt: &BTreeMap<CommunityId, CommunityFile>,
    report: &mut Report,
) -> Result<(), StorageError> {
    let stored = tx.communities();
    let Some(stored) = report.looked(stored)? else { return Ok(()) };
    let stored: BTreeMap<_, _> = stored.into_iter().collect();
    for id in rebuilt.keys().chain(stored.keys().filter(|id| !rebuilt.contains_key(id))) {
        if rebuilt.get(id) != stored.get(id) {
            report.fault(Fault::Community(*id));
        }
    }
    Ok(())
}

/// Reckons every period that is kept again, for the day its rows stand for. Rows of older periods are not kept up.
pub(super) fn verify_coverage(tx: &Tx<'_>, report: &mut Report) -> Result<(), StorageError> {
    let reckoned = tx.reckoned();
    for (grid, period, as_of) in report.looked(reckoned)?.unwrap_or_default() {
        let holds = holds(tx, grid, period, as_of);
        if report.looked_at(holds, || Fault::Coverage(grid, period))? == Some(false) {
            report.fault(Fault::Coverage(grid, period));
        }
    }
    Ok(())
}

fn holds(tx: &Tx<'_>, grid: GridId, period: Period, as_of: NaiveDate) -> Result<bool, StorageError> {
    let Some(file) = tx.community_of(grid)?.map(|id| tx.community(id)).transpose()?.flatten() else {
        return Ok(false);
    };
    let newest = tx.reckoned_on(grid)?.unwrap_or(as_of);
    if !kept_periods(&file, newest).contains(&period) {
        return Ok(true);
    }
    let expected = reckon_grid(tx, grid, &file, &[period], as_of)?.pop();
    let stored = tx.grid_coverage(grid, period)?;
    let counted: Option<BTreeMap<String, u32>> = expected.as_ref().map(|coverage| {
        coverage.cells().into_iter().map(|(cell, n)| (state_name(cell.state).to_owned(), n)).collect()
    });
    Ok(stored == expected && counted == Some(tx.cells(grid, period)?))
}
