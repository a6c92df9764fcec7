//! Streams: gap-free, each place what its running hash says.

use ruhu_core::entry::StreamId;
use ruhu_core::ids::Hash32;
use ruhu_core::sync::wire::Verdict;

use super::{Fault, Report};
use crate::storage::streams::{Row, StreamAt, next_head};
use crate::storage::units::unit_bytes;
use crate::storage::{StorageError, Tx};

/// Places read at a time.
const ROWS: u32 = 512;

/// Verifies every stream by itself.
pub(super) fn verify_streams(tx: &Tx<'_>, report: &mut Report) -> Result<(), StorageError> {
    let streams = tx.streams();
    for (id, at) in report.looked(streams)?.unwrap_or_default() {
        report.streams += 1;
        // Where it stopped is known however it stopped.
        let mut expected = 1;
        let holds = verify_stream(tx, (id, at), &mut expected, report);
        if report.looked_at(holds, || Fault::Stream(id, expected))? == Some(false) {
            report.fault(Fault::Stream(id, expected));
        }
    }
    Ok(())
}

/// Whether the stream holds to its end; `expected` is the place looked at.
fn verify_stream(
    tx: &Tx<'_>,
    (id, at): (StreamId, StreamAt),
    expected: &mut u64,
    report: &mut Report,
) -> Result<bool, StorageError> {
    let mut head = Hash32::ZERO;
    loop {
        let rows = tx.rows_after(at.nr, *expected - 1, ROWS)?;
        if rows.is_empty() {
            return Ok((at.next_seq, at.head) == (*expected, head));
        }
        for placed in rows {
            head = match placed.row {
                Row::Payload(pos) => {
                    // What cannot be read was told with the log.
                    let kept = tx.entry_as_found(pos).ok().flatten();
                    let stands = kept.as_ref().is_some_and(|kept| {
                        matches!(kept.verdict, Verdict::Accepted { stream, seq, .. }
                            if (stream, seq) == (id, placed.seq))
                    });
                    if !stands {
                        report.fault(Fault::Misplaced(pos));
                    }
                    let at_ms = kept.as_ref().map(|kept| kept.placed_ms.unwrap_or(kept.received_ms));
                    if at_ms.is_some_and(|at_ms| at_ms != placed.at_ms) {
                        return Ok(false);
                    }
                    let hash = kept.map_or(Hash32::ZERO, |kept| kept.entry.envelope.payload_hash);
                    next_head(head, placed.row, &hash.0)
                }
                Row::MoveOut(nr) | Row::MoveIn(nr) => {
                    next_head(head, placed.row, &unit_bytes(tx.unit_by_nr(nr)?.unit))
                }
            };
            if placed.seq != *expected || placed.head != head.head() {
                return Ok(false);
            }
            *expected += 1;
        }
    }
}
