//! 诉求, 隐患 – which rows an entry adds to the list of requests.

use ruhu_core::projection::{Effects, FollowUp, effects, units_of};
use ruhu_core::request::Step;
use ruhu_core::sync::wire::Verdict;

use crate::storage::log::Pos;
use crate::storage::requests::RequestRow;
use crate::storage::units::UnitRow;
use crate::storage::{StorageError, Tx};

/// What an entry at `pos` says of the requests of a unit.
pub(crate) fn request_rows<'e>(
    unit: &'e UnitRow,
    pos: Pos,
    effects: &'e Effects,
) -> impl Iterator<Item = RequestRow> + 'e {
    let of_unit = effects.follow_ups.iter().filter(|(of, _)| *of == unit.unit);
    of_unit.filter_map(move |(_, one)| {
        let (request, entry, at_ms, step, due) = match one {
            FollowUp::Raised { entry, request } => (*request, *entry, 0, None, None),
            FollowUp::Step { request, step: Step { at_ms, entry, step }, due } => {
                (*request, *entry, *at_ms, Some(*step), *due)
            }
            FollowUp::Agreed { .. } => return None,
        };
        Some(RequestRow { unit: unit.nr, request, entry, pos, at_ms, step, due })
    })
}

/// Reads what the log held before there was a list of requests into it, once.
///
/// # Errors
/// [`StorageError`]; nothing was written, and the next start tries again.
pub(crate) fn read_requests(tx: &Tx<'_>) -> Result<(), StorageError> {
    tx.each_entry_as_found(|pos, kept| {
        // What cannot be read is told by `ruhu verify`, and keeps nobody from starting the hub.
        let Ok(kept) = kept else { return Ok(()) };
        let in_force = matches!(kept.verdict, Verdict::Accepted { .. }) && kept.repeats.is_none();
        let Some(contents) = kept.entry.payload.read().ok().filter(|_| in_force) else { return Ok(()) };
        let effects = effects(&contents, kept.entry.envelope.payload_hash, kept.recorded_ms);
        if effects.follow_ups.is_empty() {
            return Ok(());
        }
        for unit in units_of(&effects) {
            let Some(row) = tx.unit(unit)? else { continue };
            request_rows(&row, pos, &effects).for_each(|row| tx.note_request(row));
        }
        Ok::<(), StorageError>(())
    })?;
    tx.set_requests_read()
}
