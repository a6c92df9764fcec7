//! 删除之后 – what arrives of a household after it was erased: what was recorded before keeps its place and loses its body.

use ruhu_core::entry::{Contents, Entry};
use ruhu_core::profile::Profile;
use ruhu_core::projection::Effects;

use crate::storage::{StorageError, Tx};

/// An entry without the body it came with, when that was erased by decision before it arrived; `None` where nothing is to
/// be taken. A phone may also bring one without its body: it learnt of the decision, and the hub was restored since.
pub(super) fn without_erased(
    tx: &Tx<'_>,
    entry: &Entry,
    recorded_ms: i64,
) -> Result<Option<Entry>, StorageError> {
    let Some(unit) = entry.envelope.unit else { return Ok(None) };
    let Some(until) = tx.erased_until(unit)? else { return Ok(None) };
    if until < recorded_ms && entry.payload.body.is_some() {
        return Ok(None);
    }
    if let Ok(Contents::Doc { skeleton, .. }) = entry.payload.read() {
        tx.note_erased_change(skeleton.change)?;
    }
    if entry.payload.body.is_none() {
        return Ok(None);
    }
    Ok(Some(Entry { payload: entry.payload.without_body(), ..entry.clone() }))
}

/// Whether a change of a document builds on one that was erased.
pub(super) fn builds_on_erased(tx: &Tx<'_>, effects: &Effects) -> Result<bool, StorageError> {
    let bytes = effects.doc.as_ref().and_then(|doc| doc.bytes.as_deref()).unwrap_or_default();
    for change in Profile::builds_on(bytes) {
        if tx.is_erased_change(change)? {
            return Ok(true);
        }
    }
    Ok(false)
}
