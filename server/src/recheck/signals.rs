//! 按线索 – which records signals put up for a second visit, and for how long anybody may look at why.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use ruhu_core::closing;
use ruhu_core::community::CommunityFile;
use ruhu_core::ids::{CommunityId, Hash32};
use ruhu_core::life::{EffectiveVisit, Standing};
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;

use super::RecheckError;
use super::draw::{Claim, Framed};
use crate::flags::gather::gather;
use crate::flags::{Material, Model, Review, card, choose, review};
use crate::storage::rechecks::ItemRow;
use crate::storage::{StorageError, Tx};

/// Signals of a period are gone so many months after it was closed (`design.md` 11).
pub const MONTHS_KEPT: u32 = 6;

/// 提示复访 – what signals put up of a period, and the review it came from.
#[derive(Debug)]
pub struct PutUp {
    /// The records, each with whom it is about.
    pub records: BTreeSet<(Unit, Hash32)>,
    material: Material,
    review: Review,
}

impl PutUp {
    /// The cards of what was drawn, as JSON: kept with the draw, so that whoever answers for a record months later is
    /// shown what spoke for asking again, and not what a newer model makes of it.
    pub fn cards(&self, items: &[ItemRow]) -> Vec<(u32, String)> {
        let card = |item: &ItemRow| {
            let card = card(&self.material, &self.review, item.visit?.0)?;
            Some((item.nth, serde_json::to_string(&card).ok()?))
        };
        items.iter().filter_map(card).collect()
    }
}

/// The records of a period that signals put up.
///
/// # Errors
/// [`RecheckError`].
pub fn put_up(tx: &Tx<'_>, community: CommunityId, period: Period) -> Result<PutUp, RecheckError> {
    let material = gather(tx, community, period)?;
    let model = Model::default();
    let review = review(&material, &model);
    let chosen: BTreeSet<Hash32> = choose(&material, &review, &model).records.into_iter().collect();
    let put_up = material.records.iter().filter(|one| chosen.contains(&one.record));
    let records = put_up.map(|one| (one.unit, one.record)).collect();
    Ok(PutUp { records, material, review })
}

/// The frame of a draw by signals: these records themselves, whether or not the period counts them, one a household. Only
/// somebody who was met can be asked; how many records met nobody is told beside it.
///
/// # Errors
/// [`StorageError`].
pub fn framed_by_signals(
    tx: &Tx<'_>,
    put_up: &BTreeSet<(Unit, Hash32)>,
) -> Result<(Vec<Framed>, usize), StorageError> {
    let (mut framed, mut met_nobody) = (Vec::new(), 0);
    for (unit, record) in put_up {
        // Taken back since the signals were read: nothing is left to ask about.
        let Some(visit) = standing_visit(tx, *unit, *record)? else { continue };
        let grid = tx.unit(*unit)?.and_then(|row| row.grid);
        match (unit, grid) {
            (Unit::Household(_), Some(grid)) if visit.outcome.met_somebody() => framed.push(Framed {
                unit: *unit,
                grid,
                dwelling: visit.dwelling,
                claim: Claim::Visited { record: *record, made_by: visit.made_by },
            }),
            _ => met_nobody += 1,
        }
    }
    framed.sort_unstable();
    framed.dedup_by_key(|one| one.unit);
    Ok((framed, met_nobody))
}

/// A visit as it stands; `None` once it was taken back or corrected.
///
/// # Errors
/// [`StorageError`].
pub fn standing_visit(
    tx: &Tx<'_>,
    unit: Unit,
    record: Hash32,
) -> Result<Option<EffectiveVisit>, StorageError> {
    let Some(file) = tx.file_of(unit)? else { return Ok(None) };
    let visits = Standing::of(&file).effective_visits(&file, &[unit]);
    Ok(visits.into_iter().find(|one| one.record.entry == record))
}

/// The day from which the signals of a period are gone; `None` while neither it nor its quarter is closed.
#[must_use]
pub fn gone_on(file: &CommunityFile, period: Period) -> Option<NaiveDate> {
    let quarter = Period::quarter_of(period.first_day());
    let closed = [period, quarter].into_iter().filter_map(|one| closing::of(file, one));
    let first = closed.map(|closing| closing.closed.fact.on).min()?;
    first.checked_add_months(Months::new(MONTHS_KEPT))
}
