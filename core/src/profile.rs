//! 户情 – a household's fields: an automerge document with flat keys in ROOT and scalars only.
//!
//! Edits of two workers merge field by field; where both wrote the same field apart, both values stay visible until
//! a person chooses. Nothing from outside reaches automerge before the admission gate.

use std::collections::BTreeMap;
use std::fmt;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ROOT, ReadDoc, ScalarValue};
use chrono::{DateTime, Utc};

pub use crate::category::Scalar;
use crate::ids::Hash32;

mod chunk;
mod gate;
#[cfg(test)]
mod tests;

pub use gate::{Allows, GateRefusal, WhyNot, allows_plain};

/// 户情 – the document of one household. Each field may hold several values: more than one is a conflict 两人同时修改
/// that a person settles; the first is the one shown meanwhile.
pub struct Profile {
    doc: AutoCommit,
}

/// One saved edit, ready to travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileChange {
    /// The raw, uncompressed change.
    pub bytes: Vec<u8>,
    /// Its hash, as named by the skeleton of the entry.
    pub hash: Hash32,
}

/// Why a document cannot be read or edited.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The stored document is damaged: rebuild it from the kept changes.
    #[error(
        "户情文档已损坏,将由原始记录重建 / the household's document is damaged: rebuild it from the kept changes"
    )]
    Damaged,
    /// automerge would not make the edit; nothing was changed.
    #[error("修改户情失败,内容未变 / edit the household's fields; nothing was changed")]
    Edit(#[source] automerge::AutomergeError),
}

/// Whether a change was new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It is now part of the document.
    New,
    /// It already was.
    Known,
}

impl Default for Profile {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the fields: they are personal.
        f.write_str("Profile")
    }
}

impl Profile {
    /// A document without fields.
    #[must_use]
    pub fn new() -> Self {
        Self { doc: AutoCommit::new() }
    }

    /// From [`Profile::save`]: bytes this program wrote itself, never bytes from outside.
    ///
    /// # Errors
    /// [`ProfileError::Damaged`]; the document is then rebuilt from its changes.
    pub fn load(bytes: &[u8]) -> Result<Self, ProfileError> {
        let doc = gate::caught(|| AutoCommit::load(bytes)).and_then(Result::ok);
        doc.map(|doc| Self { doc }).ok_or(ProfileError::Damaged)
    }

    /// The whole document, to be kept.
    #[must_use]
    pub fn save(&mut self) -> Vec<u8> {
        self.doc.save()
    }

    /// Every field with its values: one, or several where workers wrote apart. The first is shown meanwhile; it is
    /// the same on every phone and at the hub. Fields whose only value is empty text are left out.
    #[must_use]
    pub fn fields(&self) -> BTreeMap<String, Vec<Scalar>> {
        let keys = self.doc.keys(ROOT);
        let fields = keys.map(|key| {
            let values = self.values(&key);
            (key, values)
        });
        fields.filter(|(_, values)| values.iter().any(|value| !value.is_empty())).collect()
    }

    /// Writes the fields that differ from what is there, as one change of a fresh actor. A field in conflict is
    /// always written: that settles it. `None` when nothing differs.
    ///
    /// # Errors
    /// [`ProfileError::Edit`]; nothing was changed.
    pub fn edit(
        &mut self,
        fields: &[(String, Scalar)],
        actor: [u8; 16],
        at: DateTime<Utc>,
    ) -> Result<Option<ProfileChange>, ProfileError> {
        // The last of several values for one key counts; two writes of one key in one change pass no gate.
        let wanted: BTreeMap<&String, &Scalar> = fields.iter().map(|(key, value)| (key, value)).collect();
        let differing: Vec<_> = wanted.into_iter().filter(|(key, value)| self.differs(key, value)).collect();
        if differing.is_empty() {
            return Ok(None);
        }
        self.doc.set_actor(ActorId::from(actor));
        for (key, value) in differing {
            if let Err(why) = self.doc.put(ROOT, key.as_str(), to_automerge(value)) {
                self.doc.rollback();
                return Err(ProfileError::Edit(why));
            }
        }
        let options = CommitOptions::default().with_time(at.timestamp().max(0));
        self.doc.commit_with(options);
        let change = self.doc.get_last_local_change();
        Ok(change.map(|change| ProfileChange {
            bytes: change.raw_bytes().to_vec(),
            hash: Hash32(change.hash().0),
        }))
    }

    /// Takes in a change from outside, if the gate lets it through. A refused change leaves the document as it was.
    ///
    /// # Errors
    /// [`GateRefusal`].
    pub fn apply(
        &mut self,
        claimed: Hash32,
        bytes: &[u8],
        allows: &Allows<'_>,
    ) -> Result<Applied, GateRefusal> {
        gate::admit(&mut self.doc, claimed, bytes, allows)
    }

    /// The values a change writes, in the order of their keys; for offering a refused edit again.
    #[must_use]
    pub fn values_of(bytes: &[u8]) -> Vec<(String, Scalar)> {
        gate::values_of(bytes)
    }

    /// The hashes of the changes a change builds on; none for bytes that are no change.
    #[must_use]
    pub fn builds_on(bytes: &[u8]) -> Vec<Hash32> {
        gate::builds_on(bytes)
    }

    fn values(&self, key: &str) -> Vec<Scalar> {
        let all = self.doc.get_all(ROOT, key).unwrap_or_default();
        // automerge lists the winner last.
        all.iter().rev().filter_map(|(value, _)| value.as_scalar().and_then(from_automerge)).collect()
    }

    fn differs(&self, key: &str, wanted: &Scalar) -> bool {
        match self.values(key).as_slice() {
            [] => !wanted.is_empty(),
            [one] => one != wanted,
            _ => true,
        }
    }
}

fn to_automerge(value: &Scalar) -> ScalarValue {
    match value {
        Scalar::Bool(yes) => ScalarValue::Boolean(*yes),
        Scalar::Int(number) => ScalarValue::Int(*number),
        Scalar::Str(text) => ScalarValue::Str(text.as_str().into()),
    }
}

fn from_automerge(value: &ScalarValue) -> Option<Scalar> {
    match value {
        ScalarValue::Boolean(yes) => Some(Scalar::Bool(*yes)),
        ScalarValue::Int(number) => Some(Scalar::Int(*number)),
        ScalarValue::Str(text) => Some(Scalar::Str(text.to_string())),
        _ => None,
    }
}
