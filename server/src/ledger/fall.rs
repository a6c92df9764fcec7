//! Lines fall with the finding they rest on: a reversal restores everything.

use ruhu_core::entry::{LineEvent, LineStep, ToWorker};
use ruhu_core::ids::{AccountId, CommunityId, FindingId};
use ruhu_core::roster::By;

use super::course::all;
use crate::ingest::office::{ActError, Desk};

/// Withdraws every line that rests on a finding, in the transaction that reverses it, with the words of the reversal.
pub(crate) fn fall(
    desk: &Desk<'_>,
    by: AccountId,
    (community, finding): (CommunityId, FindingId),
    words: &str,
) -> Result<(), ActError> {
    let resting = all(desk.tx(), community)?.into_iter();
    for one in resting.filter(|one| one.rests_on(finding) && !one.is_withdrawn()) {
        let (line, worker, step) = (one.id, one.worker, LineStep::Withdrawn);
        let event = LineEvent { line, worker, step, by: By::Desk(by) };
        desk.tell(by, community, ToWorker::Line(event), words)?;
    }
    Ok(())
}
