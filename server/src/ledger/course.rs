//! Lines of the ledger as the log tells them.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ruhu_core::entry::{Ground, LineEvent, LineProposal, Private};
use ruhu_core::ids::{AccountId, CommunityId, FindingId, LineId, WorkerId};
use ruhu_core::ledger::{Line, Standing};
use ruhu_core::policy::RuleId;
use ruhu_core::roster::By;
use ruhu_core::steps::Said;
use ruhu_core::time::Period;

use crate::findings::course::find as finding_of;
use crate::storage::privates::{PrivateRow, Subject};
use crate::storage::{StorageError, Tx};

/// 奖惩事项 – one line with everything said of it.
#[derive(Clone, Debug)]
pub struct KeptLine {
    /// Which.
    pub id: LineId,
    /// In which community.
    pub community: CommunityId,
    /// Whom it is about.
    pub worker: WorkerId,
    /// What was said, the earliest first.
    pub line: Line,
}

impl KeptLine {
    /// What was proposed; `None` where the proposal itself was lost in a restore.
    #[must_use]
    pub fn proposal(&self) -> Option<&LineProposal> {
        self.line.proposed().map(|(_, proposal)| proposal)
    }

    /// The finding it rests on.
    #[must_use]
    pub fn finding(&self) -> Option<FindingId> {
        match self.proposal()?.ground {
            Ground::Finding(finding) => Some(finding),
            Ground::Completion(_) => None,
        }
    }

    /// Whether it is about what somebody found.
    #[must_use]
    pub fn rests_on(&self, finding: FindingId) -> bool {
        self.finding() == Some(finding)
    }

    /// Whether it is a reward of a worker for a closed period.
    #[must_use]
    pub fn rewards(&self, worker: WorkerId, period: Period) -> bool {
        let ground = self.proposal().map(|proposal| proposal.ground);
        self.worker == worker
            && matches!(ground, Some(Ground::Completion(completion)) if completion.period == period)
    }

    /// Whether another line on the same ground by this rule is refused: while it stands, and for good where somebody
    /// appealed against it, whatever came of that.
    #[must_use]
    pub fn blocks(&self, rule: &RuleId) -> bool {
        (!self.is_withdrawn() || self.line.was_appealed())
            && self.proposal().is_some_and(|proposal| proposal.rule == *rule)
    }

    /// Who proposed it.
    #[must_use]
    pub fn proposed_by(&self) -> Option<AccountId> {
        match self.line.proposed()?.0.event.by {
            By::Desk(account) => Some(account),
            By::Worker(_) => None,
        }
    }

    /// The accounts that had a part in it.
    #[must_use]
    pub fn took_part(&self) -> BTreeSet<AccountId> {
        let said = self.line.said().iter();
        said.filter_map(|one| if let By::Desk(account) = one.event.by { Some(account) } else { None })
            .collect()
    }

    /// Whether it was withdrawn, by a person or with what it rests on.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.line.standing() == Standing::Withdrawn
    }
}

/// One line of a community.
///
/// # Errors
/// [`StorageError`].
pub fn find(tx: &Tx<'_>, community: CommunityId, id: LineId) -> Result<Option<KeptLine>, StorageError> {
    let mut found = gathered(tx, tx.private_about(Subject::Line(id))?)?;
    Ok(found.pop().filter(|one| one.community == community))
}

/// Every line of a community, the latest proposed first.
///
/// # Errors
/// [`StorageError`].
pub fn all(tx: &Tx<'_>, community: CommunityId) -> Result<Vec<KeptLine>, StorageError> {
    let mut found = gathered(tx, tx.lines_of(community)?)?;
    let first = |one: &KeptLine| one.line.said().first().map(|said| (said.at_ms, said.entry));
    found.sort_by_key(|one| std::cmp::Reverse(first(one)));
    Ok(found)
}

/// Whether what a line rests on still stands: a finding holds and nobody is hearing an appeal against it, also one that
/// came late. A completion is a closed period's figures, which nothing takes back.
///
/// # Errors
/// [`StorageError`].
pub fn rests_on_solid_ground(tx: &Tx<'_>, one: &KeptLine, today: NaiveDate) -> Result<bool, StorageError> {
    let Some(finding) = one.finding() else { return Ok(one.proposal().is_some()) };
    let found = finding_of(tx, one.community, finding)?;
    Ok(found.is_some_and(|found| found.course.holds().is_some() && found.course.is_ended(today)))
}

/// Rows that stand together become one line.
fn gathered(tx: &Tx<'_>, rows: Vec<PrivateRow>) -> Result<Vec<KeptLine>, StorageError> {
    let mut found: Vec<KeptLine> = Vec::new();
    for row in rows {
        let Subject::Line(id) = row.subject else { continue };
        let Some(said) = said(tx, &row)? else { continue };
        match found.last_mut() {
            Some(last) if last.id == id => last.line.take(said),
            _ => {
                let mut line = Line::default();
                line.take(said);
                found.push(KeptLine { id, community: row.community, worker: row.worker, line });
            }
        }
    }
    Ok(found)
}

fn said(tx: &Tx<'_>, row: &PrivateRow) -> Result<Option<Said<LineEvent>>, StorageError> {
    Ok(tx.private_at(row.pos)?.and_then(|(at_ms, entry, private, words)| match private {
        Private::Line(event) => Some(Said { at_ms, entry, event, words }),
        _ => None,
    }))
}
