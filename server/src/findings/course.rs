//! Findings as the log tells them.

use ruhu_core::entry::{FindingStep, Private, RevisitKey};
use ruhu_core::finding::{Course, Said};
use ruhu_core::ids::{CommunityId, FindingId, Hash32, WorkerId};
use ruhu_core::roster::Unit;

use crate::storage::privates::{PrivateRow, Subject};
use crate::storage::{StorageError, Tx};

/// 核查 – one record in doubt with everything said of it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which.
    pub id: FindingId,
    /// In which community.
    pub community: CommunityId,
    /// Whose record it is.
    pub worker: WorkerId,
    /// What was said, the earliest first.
    pub course: Course,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Payload hash of the record.
    pub record: Hash32,
    /// Whom the record is about.
    pub unit: Unit,
    /// The day it states.
    pub visited_on: chrono::NaiveDate,
    /// The re-visit that contradicted it.
    pub key: RevisitKey,
}

impl Finding {
    /// What it is about; `None` where the question itself was lost in a restore.
    #[must_use]
    pub fn about(&self) -> Option<About> {
        match self.course.asked()?.event.step {
            FindingStep::Asked { record, unit, visited_on, contradicted_by: key, .. } => {
                Some(About { record, unit, visited_on, key })
            }
            _ => None,
        }
    }
}

/// One finding of a community.
///
/// # Errors
/// [`StorageError`].
pub fn find(tx: &Tx<'_>, community: CommunityId, id: FindingId) -> Result<Option<Finding>, StorageError> {
    let rows = tx.private_about(Subject::Finding(id))?;
    let mut found = gathered(tx, rows)?;
    Ok(found.pop().filter(|one| one.community == community))
}

/// Every finding of a community, the latest asked first.
///
/// # Errors
/// [`StorageError`].
pub fn all(tx: &Tx<'_>, community: CommunityId) -> Result<Vec<Finding>, StorageError> {
    let mut found = gathered(tx, tx.findings_of(community)?)?;
    let asked = |one: &Finding| one.course.said().first().map(|said| (said.at_ms, said.entry));
    found.sort_by_key(|one| std::cmp::Reverse(asked(one)));
    Ok(found)
}

/// The finding about a record, if there ever was one.
///
/// # Errors
/// [`StorageError`].
pub fn about(tx: &Tx<'_>, community: CommunityId, record: Hash32) -> Result<Option<Finding>, StorageError> {
    Ok(all(tx, community)?.into_iter().find(|one| one.about().is_some_and(|about| about.record == record)))
}

/// Whether somebody is still to answer for a record, or may yet appeal.
///
/// # Errors
/// [`StorageError`].
pub fn is_open(
    tx: &Tx<'_>,
    community: CommunityId,
    record: Hash32,
    today: chrono::NaiveDate,
) -> Result<bool, StorageError> {
    Ok(about(tx, community, record)?.is_some_and(|finding| !finding.course.is_ended(today)))
}

/// Rows that stand together become one finding.
fn gathered(tx: &Tx<'_>, rows: Vec<PrivateRow>) -> Result<Vec<Finding>, StorageError> {
    let mut found: Vec<Finding> = Vec::new();
    for row in rows {
        let Subject::Finding(id) = row.subject else { continue };
        let Some(said) = said(tx, &row)? else { continue };
        match found.last_mut() {
            Some(last) if last.id == id => last.course.take(said),
            _ => {
                let mut course = Course::default();
                course.take(said);
                found.push(Finding { id, community: row.community, worker: row.worker, course });
            }
        }
    }
    Ok(found)
}

fn said(tx: &Tx<'_>, row: &PrivateRow) -> Result<Option<Said>, StorageError> {
    Ok(tx.private_at(row.pos)?.and_then(|(at_ms, entry, private, words)| match private {
        Private::Finding(event) => Some(Said { at_ms, entry, event, words }),
        _ => None,
    }))
}
