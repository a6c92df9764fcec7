//! Erased bodies: each by a decision that the log knows, or it is damage.

use std::collections::BTreeMap;

use ruhu_core::entry::Kind;
use ruhu_core::fact::Fact;
use ruhu_core::ids::Hash32;
use ruhu_core::projection::Effects;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{Refusal, Verdict};

use super::{Fault, Report};
use crate::storage::erasures::ErasureRow;
use crate::storage::log::Kept;
use crate::storage::{StorageError, Tx};

/// The list of decisions, held against the acts in the log and the bodies that are missing.
pub(super) struct Decisions {
    rows: Vec<ErasureRow>,
    /// Up to when, by unit.
    until: BTreeMap<Unit, i64>,
    acts: BTreeMap<u32, (Unit, i64, Hash32)>,
}

impl Decisions {
    pub(super) fn new(rows: Vec<ErasureRow>) -> Self {
        let mut until: BTreeMap<Unit, i64> = BTreeMap::new();
        for row in &rows {
            let last = until.entry(row.unit).or_insert(row.until_ms);
            *last = row.until_ms.max(*last);
        }
        Self { rows, until, acts: BTreeMap::new() }
    }

    /// Takes the next entry of the log.
    pub(super) fn entry(
        &mut self,
        tx: &Tx<'_>,
        kept: &Kept,
        report: &mut Report,
    ) -> Result<(), StorageError> {
        let payload = &kept.entry.payload;
        if payload.erased.is_none() {
            return Ok(());
        }
        report.erased += 1;
        let unit = kept.entry.envelope.unit;
        let decided =
            unit.and_then(|unit| self.until.get(&unit)).is_some_and(|until| kept.recorded_ms <= *until);
        // What was made on a document that was erased went with it, whenever it was made; and a phone may bring what it
        // likes: what never came into force was refused as it came.
        let refused =
            matches!(kept.verdict, Verdict::Quarantined { reason: Refusal::Erased | Refusal::Malformed });
        let noted = match payload.read() {
            Ok(ruhu_core::entry::Contents::Doc { skeleton, .. }) => tx.is_erased_change(skeleton.change)?,
            _ => payload.kind != Kind::Doc,
        };
        if payload.body.is_some() || !(refused || (decided && noted)) {
            report.fault(Fault::Erased(kept.pos));
        }
        Ok(())
    }

    /// Takes what an entry in force says.
    pub(super) fn said(&mut self, kept: &Kept, effects: &Effects) {
        for one in &effects.units {
            if let Fact::Erased { decision, until_ms } = one.fact.fact {
                self.acts.insert(decision, (one.unit, until_ms, kept.entry.envelope.payload_hash));
            }
        }
    }

    /// The log ended.
    pub(super) fn end(mut self, report: &mut Report) {
        for (expected, row) in (1u32..).zip(&self.rows) {
            let act = self.acts.remove(&row.nr);
            // A decision that was done again after a restore has no act while its unit has not come back.
            let told = act == row.entry.map(|entry| (row.unit, row.until_ms, entry));
            if row.nr != expected || !told || serde_json::from_str::<crate::erase::What>(&row.what).is_err() {
                report.fault(Fault::Erasure(row.nr));
            }
        }
        for nr in self.acts.into_keys() {
            report.fault(Fault::Erasure(nr));
        }
    }
}
