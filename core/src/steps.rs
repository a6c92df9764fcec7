//! 经过 – steps of one matter between the desk and a worker, in the order of time whatever order they come in.

use crate::ids::Hash32;

/// 一步 – one step with everything said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<E> {
    /// When it was recorded, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The entry it stands in.
    pub entry: Hash32,
    /// What happened, and who says so.
    pub event: E,
    /// The words that came with it; empty once erased.
    pub words: String,
}

/// What can be a step of a matter.
pub trait Step {
    /// Its place among steps recorded in the same millisecond: what answers comes after what it answers.
    fn turn(&self) -> u8;
}

/// All steps of one matter, the earliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps<E> {
    said: Vec<Said<E>>,
}

impl<E> Default for Steps<E> {
    fn default() -> Self {
        Self { said: Vec::new() }
    }
}

impl<E: Step> Steps<E> {
    /// Adds a step, wherever in time it belongs; the same step twice is one.
    pub fn take(&mut self, one: Said<E>) {
        let key = |one: &Said<E>| (one.at_ms, one.event.turn(), one.entry);
        let own = key(&one);
        let at = self.said.partition_point(|other| key(other) < own);
        if self.said.get(at).is_none_or(|other| key(other) != own) {
            self.said.insert(at, one);
        }
    }

    /// The steps, the earliest first.
    #[must_use]
    pub fn said(&self) -> &[Said<E>] {
        &self.said
    }
}
