//! 准入 – what a change must be before automerge sees it (`sync.md` 4.6): automerge panics on some hostile changes and
//! accepts others that make the document unreadable for ever. The same gate stands on the phone and at the hub.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, AutoCommit, Change, ChangeHash, ExpandedChange};
use serde::{Deserialize, Serialize};

use super::{Applied, Scalar, chunk};
use crate::ids::Hash32;

/// Says whether a field may hold a value: the schema, handed in.
pub type Allows<'a> = dyn Fn(&str, &Scalar) -> bool + 'a;

/// Largest change, in bytes: what an entry may be.
const CHANGE_MAX_BYTES: usize = 64 * 1024;
/// Most operations of one change.
const OPS_MAX: usize = 500;
/// Longest key, in bytes.
const KEY_MAX_BYTES: usize = 120;
/// Longest text value, in bytes.
const TEXT_MAX_BYTES: usize = 4_000;
/// The last second of the year 9999: no honest clock is beyond it.
const TIME_MAX_S: i64 = 253_402_300_799;

/// Why a change was not let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GateRefusal {
    /// It builds on a change that has not arrived: keep it and try again later.
    #[error("所依据的修改尚未收到 / builds on an edit that has not arrived")]
    Dependency,
    /// It can never be let through.
    #[error("此项修改未能通过检查({0:?}) / the edit did not pass the gate ({0:?})")]
    Not(WhyNot),
}

/// Which rule of the gate did not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// Larger than an entry may be.
    TooLarge,
    /// Not one uncompressed change of sane size.
    Chunk,
    /// Its hash is not the one that was signed.
    Hash,
    /// automerge could not read it.
    Unreadable,
    /// It would not be written back the same.
    NotCanonical,
    /// Actor, place in the actor's line, counters or time.
    Line,
    /// No operation, or too many.
    Count,
    /// Something other than writing a scalar to a field, or taking a value of it away.
    Operation,
    /// It overwrites something that is not there.
    Predecessor,
    /// The schema has no such field, or not with this value.
    Field,
    /// automerge refused it after all.
    Refused,
}

/// Keys and values that could be a field of any version: used where the schema of a newer version must pass.
#[must_use]
pub fn allows_plain(key: &str, value: &Scalar) -> bool {
    let signs =
        |key: &str| key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/' | b'.'));
    let short = !matches!(value, Scalar::Str(text) if TEXT_MAX_BYTES < text.len());
    short && key.len() <= KEY_MAX_BYTES && key.contains('/') && signs(key)
}

/// Runs what may panic on hostile bytes. In wasm a panic ends the program; there the bytes come from the hub only,
/// which has let them through the same gate.
pub(super) fn caught<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}

pub(super) fn admit(
    doc: &mut AutoCommit,
    claimed: Hash32,
    bytes: &[u8],
    allows: &Allows<'_>,
) -> Result<Applied, GateRefusal> {
    let no = |why| Err(GateRefusal::Not(why));
    if CHANGE_MAX_BYTES < bytes.len() {
        return no(WhyNot::TooLarge);
    }
    if !chunk::is_bounded(bytes) {
        return no(WhyNot::Chunk);
    }
    let Some((change, plain)) = caught(|| decode(bytes)).flatten() else {
        return no(WhyNot::Unreadable);
    };
    if change.hash().0 != claimed.0 {
        return no(WhyNot::Hash);
    }
    if caught(|| Change::from(plain.clone()).raw_bytes() == bytes) != Some(true) {
        return no(WhyNot::NotCanonical);
    }
    if doc.get_change_by_hash(&change.hash()).is_some() {
        return Ok(Applied::Known);
    }
    check_fields(&plain, allows)?;
    check_line(doc, &change, &plain)?;
    // The document is put back from a copy should automerge panic half-way.
    let before = doc.clone();
    if caught(|| doc.apply_changes([change]).is_ok() && survives(doc)) == Some(true) {
        return Ok(Applied::New);
    }
    *doc = before;
    no(WhyNot::Refused)
}

/// Whether the document can be written and read back: automerge has taken in changes after which it could not. The rules
/// before this one leave none that is known; the next one must not cost a household its fields.
fn survives(doc: &mut AutoCommit) -> bool {
    let heads = doc.get_heads();
    AutoCommit::load(&doc.save()).is_ok_and(|mut again| again.get_heads() == heads)
}

pub(super) fn values_of(bytes: &[u8]) -> Vec<(String, Scalar)> {
    if CHANGE_MAX_BYTES < bytes.len() || !chunk::is_bounded(bytes) {
        return Vec::new();
    }
    let Some((_, plain)) = caught(|| decode(bytes)).flatten() else { return Vec::new() };
    plain.operations.iter().filter_map(|op| Some((map_key(op)?.to_owned(), written_value(op)?))).collect()
}

pub(super) fn builds_on(bytes: &[u8]) -> Vec<Hash32> {
    if CHANGE_MAX_BYTES < bytes.len() || !chunk::is_bounded(bytes) {
        return Vec::new();
    }
    let change = caught(|| decode(bytes)).flatten();
    change.map(|(change, _)| change.deps().iter().map(|dep| Hash32(dep.0)).collect()).unwrap_or_default()
}

fn decode(bytes: &[u8]) -> Option<(Change, ExpandedChange)> {
    let change = Change::try_from(bytes).ok()?;
    let plain = change.decode();
    Some((change, plain))
}

fn check_fields(plain: &ExpandedChange, allows: &Allows<'_>) -> Result<(), GateRefusal> {
    let no = |why| Err(GateRefusal::Not(why));
    if plain.operations.is_empty() || OPS_MAX < plain.operations.len() {
        return no(WhyNot::Count);
    }
    let mut written = BTreeSet::new();
    for op in &plain.operations {
        let (Some(key), Some(value)) = (map_key(op), written_value(op)) else { return no(WhyNot::Operation) };
        if op.insert || op.obj != ObjectId::Root || !written.insert(key) {
            return no(WhyNot::Operation);
        }
        if !allows_plain(key, &value) || !allows(key, &value) {
            return no(WhyNot::Field);
        }
    }
    Ok(())
}

fn check_line(doc: &mut AutoCommit, change: &Change, plain: &ExpandedChange) -> Result<(), GateRefusal> {
    let no = |why| Err(GateRefusal::Not(why));
    let plain_form = plain.message.is_none() && plain.extra_bytes.is_empty() && plain.author.is_none();
    let time_holds = (0..=TIME_MAX_S).contains(&plain.time);
    if !plain_form || !time_holds || plain.actor_id.to_bytes().len() != 16 {
        return no(WhyNot::Line);
    }
    if change.deps().iter().any(|dep| doc.get_change_by_hash(dep).is_none()) {
        return Err(GateRefusal::Dependency);
    }
    let past = Past::of(doc, change.deps());
    let seq_holds = plain.seq == past.seqs.get(&plain.actor_id).map_or(1, |last| last.saturating_add(1))
        && !past.elsewhere.contains(&plain.actor_id);
    if !seq_holds || plain.start_op.get() != past.max_op.saturating_add(1) {
        return no(WhyNot::Line);
    }
    for op in &plain.operations {
        let key = map_key(op).unwrap_or_default();
        // Each once: automerge takes a value away as often as it is named, and cannot load what that leaves.
        let named: BTreeSet<&OpId> = op.pred.iter().collect();
        if named.len() != op.pred.len() || !op.pred.iter().all(|pred| past.holds(pred, key)) {
            return no(WhyNot::Predecessor);
        }
    }
    Ok(())
}

/// What the author of a change had seen.
struct Past {
    max_op: u64,
    seqs: BTreeMap<ActorId, u64>,
    /// Actors with changes the author had not seen: an actor has one line.
    elsewhere: BTreeSet<ActorId>,
    /// Values in force, by the operation that wrote each. One that was overwritten or taken away is nobody's to overwrite
    /// again, and taking away writes no value.
    live: BTreeMap<(u64, ActorId), String>,
}

impl Past {
    fn of(doc: &mut AutoCommit, deps: &[ChangeHash]) -> Self {
        let changes = doc.get_changes(&[]);
        let mut seen: BTreeSet<[u8; 32]> = deps.iter().map(|dep| dep.0).collect();
        let mut past =
            Self { max_op: 0, seqs: BTreeMap::new(), elsewhere: BTreeSet::new(), live: BTreeMap::new() };
        let mut gone = BTreeSet::new();
        // automerge lists changes after what they build on: backwards, each is met before its own dependencies.
        for change in changes.iter().rev() {
            if !seen.contains(&change.hash().0) {
                past.elsewhere.insert(change.actor_id().clone());
                continue;
            }
            seen.extend(change.deps().iter().map(|dep| dep.0));
            past.max_op = past.max_op.max(change.max_op());
            let last = past.seqs.entry(change.actor_id().clone()).or_default();
            *last = (*last).max(change.seq());
            for (op, counter) in change.decode().operations.iter().zip(change.start_op().get()..) {
                gone.extend(op.pred.iter().map(|pred| (pred.counter(), pred.actor().clone())));
                if !matches!(op.action, OpType::Delete) {
                    let key = map_key(op).unwrap_or_default().to_owned();
                    past.live.insert((counter, change.actor_id().clone()), key);
                }
            }
        }
        past.live.retain(|op, _| !gone.contains(op));
        past
    }

    fn holds(&self, op: &OpId, key: &str) -> bool {
        self.live.get(&(op.counter(), op.actor().clone())).is_some_and(|known| known == key)
    }
}

fn map_key(op: &Op) -> Option<&str> {
    match &op.key {
        Key::Map(key) => Some(key.as_str()),
        Key::Seq(_) => None,
    }
}

fn written_value(op: &Op) -> Option<Scalar> {
    match &op.action {
        OpType::Put(value) => super::from_automerge(value),
        // Settling a conflict for the value already shown: automerge takes the other values away.
        OpType::Delete if !op.pred.is_empty() => Some(Scalar::Str(String::new())),
        _ => None,
    }
}
