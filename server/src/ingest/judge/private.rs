//! What a worker says to the desk alone: whether he was asked.

use ruhu_core::entry::{Contents, Private};
use ruhu_core::projection::Effects;
use ruhu_core::sync::wire::Refusal;

use super::{Case, Judge, Ruling, Scope};
use crate::storage::privates::Subject;
use crate::storage::{StorageError, Tx};

impl Judge {
    /// What a worker says to the desk alone: of a re-visit he was asked for, or of a record of his own that is in doubt.
    pub(super) fn judge_private(
        &self,
        tx: &Tx<'_>,
        case: Case<'_>,
        private: &Private,
        effects: Effects,
    ) -> Result<Ruling, StorageError> {
        let subject = Subject::of(private);
        let hash = case.entry.envelope.payload_hash;
        if case.may_repeat
            && let Some(pos) = tx.find_private(subject, hash, case.pos)?
        {
            return Ok(Ruling::Repeat(pos));
        }
        let asked_by = match subject {
            Subject::Revisited(draw) => Subject::Task(draw),
            other => other,
        };
        let asked = tx.private_about(asked_by)?;
        if asked.is_empty() {
            return Ok(Ruling::Quarantine(Refusal::UnknownUnit));
        }
        let own = asked.iter().any(|row| row.worker == self.worker && row.community == self.community);
        let in_scope = match self.scope {
            Scope::Admitted => true,
            Scope::Asked => own,
            Scope::Salvage => false,
        };
        Ok(if in_scope { Ruling::Place(effects) } else { Ruling::Quarantine(Refusal::OutOfScope) })
    }

    /// Of a finding or a line of the ledger a worker says only what is a worker's to say, and only of his own.
    pub(super) fn not_his_to_say(&self, contents: &Contents) -> Option<Refusal> {
        let (worker, is_his) = match contents.private()? {
            Private::Finding(event) => (event.worker, event.step.is_the_workers()),
            Private::Line(event) => (event.worker, event.step.is_the_workers()),
            Private::Task(_) | Private::Revisited(_) => return None,
        };
        if worker != self.worker {
            return Some(Refusal::WrongWorker);
        }
        (!is_his).then_some(Refusal::DeskOnly)
    }
}
