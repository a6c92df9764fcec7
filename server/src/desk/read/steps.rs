//! 经过 – one step of a request, a finding or a line as its page shows it.

use chrono::DateTime;
use ruhu_core::roster::By;

use super::Scope;
use crate::desk::views::{Note, StepView};
use crate::storage::{StorageError, Tx};

/// A step at a moment of the community's days.
pub(super) fn step_view(scope: &Scope, at_ms: i64, (what, by): (String, String), words: Note) -> StepView {
    let (zone, at) = (scope.file.zone(), DateTime::from_timestamp_millis(at_ms).unwrap_or_default());
    StepView { on: zone.date(at).to_string(), at: zone.time(at).format("%H:%M").to_string(), what, by, words }
}

/// Who took a step of a finding or a line, by name: that they were different people is the point.
pub(super) fn who(tx: &Tx<'_>, scope: &Scope, by: By) -> Result<String, StorageError> {
    Ok(match by {
        By::Worker(id) => scope.file.workers().get(&id).map(|one| one.name.clone()).unwrap_or_default(),
        By::Desk(id) => tx.account(id)?.map(|row| row.shown).unwrap_or_default(),
    })
}

/// The words of a step that whoever sees it may read.
pub(super) fn open_words(words: &str) -> Note {
    if words.is_empty() { Note::None } else { Note::Shown(words.to_owned()) }
}
