//! What an attacker sees of a household's document: its changes, its fields, who wrote what.

use std::collections::{BTreeMap, BTreeSet};

use automerge::legacy::{Key, OpId, OpType};
use automerge::{ActorId, AutoCommit, ChangeHash};

/// A document laid open.
#[derive(Clone, Debug, Default)]
pub(super) struct Ground {
    /// The latest changes.
    pub(super) heads: Vec<ChangeHash>,
    /// Every change.
    pub(super) hashes: Vec<ChangeHash>,
    /// The highest operation.
    pub(super) max_op: u64,
    /// Every operation and the key it wrote.
    pub(super) ops: Vec<(OpId, String)>,
    /// The operations in force, by key.
    pub(super) live: BTreeMap<String, BTreeSet<OpId>>,
    /// Everybody who wrote, with the number of his last change.
    pub(super) actors: Vec<(ActorId, u64)>,
}

impl Ground {
    /// Of a stored document; nothing for one that does not load.
    #[must_use]
    pub(super) fn of(document: &[u8]) -> Self {
        let mut ground = Self::default();
        let Ok(mut doc) = AutoCommit::load(document) else { return ground };
        ground.heads = doc.get_heads();
        let mut actors: BTreeMap<ActorId, u64> = BTreeMap::new();
        for change in doc.get_changes(&[]) {
            ground.hashes.push(change.hash());
            ground.max_op = ground.max_op.max(change.max_op());
            let last = actors.entry(change.actor_id().clone()).or_default();
            *last = (*last).max(change.seq());
            for (op, counter) in change.decode().operations.iter().zip(change.start_op().get()..) {
                let Key::Map(key) = &op.key else { continue };
                let id = OpId(counter, change.actor_id().clone());
                let live = ground.live.entry(key.to_string()).or_default();
                for pred in op.pred.iter() {
                    live.remove(pred);
                }
                if !matches!(op.action, OpType::Delete) {
                    live.insert(id.clone());
                }
                ground.ops.push((id, key.to_string()));
            }
        }
        ground.actors = actors.into_iter().collect();
        ground
    }
}
