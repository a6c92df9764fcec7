//! 正在合并 – a change of a document is written down before it is tried: panics are caught, running out of memory is not.
//!
//! What was on its way when the hub ended is suspect: it is tried again with nothing else of its push. What ends the hub
//! a second time, alone, is never tried again and goes to quarantine; everything else of that phone goes on.

use ruhu_core::entry::Kind;
use ruhu_core::ids::Hash32;

use super::prove::Proven;
use crate::storage::applying::Suspicion;
use crate::storage::enrolments::EnrolmentNr;
use crate::storage::{Hub, StorageError};

/// What was written down for one push.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marked {
    /// The changes that are tried.
    pub(crate) changes: Vec<Hash32>,
    /// How many entries are looked at, in the order pushed; the others are to come again. `None` for all.
    pub(crate) look_at: Option<usize>,
}

/// Writes down the changes of a push before any is tried; a push without any costs nothing.
pub(crate) fn mark(
    hub: &Hub,
    enrolment: EnrolmentNr,
    runs: &[(u32, Vec<Proven>)],
) -> Result<Marked, StorageError> {
    let entries = runs.iter().flat_map(|(_, run)| run).enumerate();
    let changes = entries.filter(|(_, one)| one.holds && one.entry.payload.kind == Kind::Doc);
    let changes: Vec<(usize, Hash32)> =
        changes.map(|(nth, one)| (nth, one.entry.envelope.payload_hash)).collect();
    if changes.is_empty() {
        return Ok(Marked::default());
    }
    // What is kept already was tried when it came first.
    let (fresh, suspected) = hub.storage().read(|tx| {
        let (mut fresh, mut suspected) = (Vec::new(), false);
        for (nth, change) in changes {
            if tx.find_payload(enrolment, change)?.is_none() {
                suspected |= tx.suspicion(change)? == Some(Suspicion::Suspect);
                fresh.push((nth, change));
            }
        }
        Ok::<_, StorageError>((fresh, suspected))
    })?;
    // One suspect and no other change: up to the second.
    let look_at = fresh.get(1).filter(|_| suspected).map(|(nth, _)| *nth);
    let tried = if suspected { 1 } else { fresh.len() };
    let changes: Vec<Hash32> = fresh.into_iter().take(tried).map(|(_, change)| change).collect();
    if changes.is_empty() {
        return Ok(Marked::default());
    }
    let (written, node) = (changes.clone(), hub.means().node());
    hub.storage()
        .write(move |tx| written.iter().try_for_each(|change| tx.about_to_apply(*change, suspected, node)))?;
    Ok(Marked { changes, look_at })
}
