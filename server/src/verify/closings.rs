//! Closed periods: the report the closing states, its signature, and what counted last.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ed25519_dalek::{Signature, VerifyingKey};
use ruhu_core::closing::{self, closed_periods};
use ruhu_core::community::CommunityFile;
use ruhu_core::ids::{CommunityId, Hash32};
use ruhu_core::time::Period;

use super::{Fault, Report, is_damage};
use crate::report::closing::amend;
use crate::report::reading::{Reading, ReadingError};
use crate::storage::{StorageError, Tx};

/// Verifies the closings of every community. The closing in the log is the authority; the rows beside it keep the
/// bytes that were signed.
pub(super) fn verify_closings(
    tx: &Tx<'_>,
    communities: &BTreeMap<CommunityId, CommunityFile>,
    keys: &[VerifyingKey],
    report: &mut Report,
) -> Result<(), StorageError> {
    for (id, file) in communities {
        for period in closed_periods(file) {
            let kept = is_kept(tx, (*id, period), file, keys);
            if report.looked_at(kept, || Fault::Closing(*id, period))? == Some(false) {
                report.fault(Fault::Closing(*id, period));
            }
            let counted = counted_so(tx, (*id, period), file);
            if report.looked_at(counted, || Fault::ClosedState(*id, period))? == Some(false) {
                report.fault(Fault::ClosedState(*id, period));
            }
        }
    }
    Ok(())
}

fn is_kept(
    tx: &Tx<'_>,
    (id, period): (CommunityId, Period),
    file: &CommunityFile,
    keys: &[VerifyingKey],
) -> Result<bool, StorageError> {
    let stated = closing::of(file, period).map(|closing| closing.closed.fact.report);
    let rows = tx.closings(id, period)?;
    let [row] = rows.as_slice() else { return Ok(false) };
    let signature = Signature::from_bytes(&row.signature);
    let signed = keys.iter().any(|key| key.verify_strict(&row.hash().0, &signature).is_ok());
    Ok(row.nr == 0 && signed && Some(Hash32::of(&[&row.content])) == stated)
}

fn counted_so(
    tx: &Tx<'_>,
    (id, period): (CommunityId, Period),
    file: &CommunityFile,
) -> Result<bool, StorageError> {
    let Some(closing) = closing::of(file, period) else { return Ok(false) };
    // A closed period is reckoned for its last day, whatever the clock says.
    let reading = match Reading::now(tx, id, DateTime::<Utc>::UNIX_EPOCH) {
        Ok(reading) => reading,
        Err(ReadingError::Storage(why)) if !is_damage(&why) => return Err(why),
        Err(_) => return Ok(false),
    };
    let Ok(register) = reading.register_as_closed(period, closing.closed.entry) else { return Ok(false) };
    Ok(tx.closed_states(id, period)?.as_deref() == Some(amend::states(&register, period).as_slice()))
}
