//! 关账之后 – records that touch a closed period make its next amendment, in their own transaction.

use ruhu_core::entry::UnitFact;
use ruhu_core::ids::CommunityId;

use super::office::Desk;
use super::sync::chain_of;
use crate::ingest::office::ActError;
use crate::report::closing::{ReportError, amend_if_changed};
use crate::report::reading::ReadingError;
use crate::storage::StorageError;

/// Appends what the recorded facts changed in closed periods. A failing database fails the whole; anything else is
/// logged and left to the next record that touches the period: no record is ever refused for an amendment.
pub(crate) fn amend_closed(
    desk: &Desk<'_>,
    community: CommunityId,
    recorded: &[UnitFact],
) -> Result<(), StorageError> {
    if recorded.is_empty() {
        return Ok(());
    }
    match amend_if_changed(desk, community, recorded) {
        Ok(_) => Ok(()),
        Err(
            ReportError::Storage(why)
            | ReportError::Reading(ReadingError::Storage(why))
            | ReportError::Act(ActError::Storage(why)),
        ) => Err(why),
        Err(why) => {
            tracing::error!(error = %chain_of(&why), "a closed period could not be amended");
            Ok(())
        }
    }
}
