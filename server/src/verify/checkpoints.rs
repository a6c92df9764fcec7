//! Checkpoints: what the log was at each, folded again while the log is read.

use std::collections::VecDeque;

use ed25519_dalek::VerifyingKey;
use ruhu_core::ids::{Hash32, HubId};

use super::{Fault, Report};
use crate::checkpoint::is_signed;
use crate::storage::checkpoints::{Checkpoint, after_enrolment, after_entry};
use crate::storage::enrolments::{Enrolment, EnrolmentNr};
use crate::storage::log::{Kept, Pos};

/// The checkpoints still ahead, and the log folded so far.
pub(super) struct Trail {
    ahead: VecDeque<Checkpoint>,
    phones: Vec<(EnrolmentNr, Hash32)>,
    hub: HubId,
    keys: Vec<VerifyingKey>,
    log: Hash32,
    /// Where the last checkpoint stood, its number and its hash.
    passed: (Pos, u64, Hash32),
}

impl Trail {
    pub(super) fn new(checkpoints: Vec<Checkpoint>, hub: HubId, keys: Vec<VerifyingKey>) -> Self {
        let passed = (Pos(0), 0, Hash32::ZERO);
        Self { ahead: checkpoints.into(), phones: Vec::new(), hub, keys, log: Hash32::ZERO, passed }
    }

    /// Takes the list of phones, in order.
    pub(super) fn phones(&mut self, enrolled: &[Enrolment]) {
        let mut hash = Hash32::ZERO;
        for one in enrolled {
            hash = after_enrolment(hash, one);
            self.phones.push((one.nr, hash));
        }
    }

    /// Takes the next entry.
    pub(super) fn entry(&mut self, kept: &Kept, report: &mut Report) {
        while self.ahead.front().is_some_and(|next| next.pos < kept.pos) {
            self.pass(report);
        }
        self.log = after_entry(self.log, kept);
    }

    /// The log ended.
    pub(super) fn end(&mut self, report: &mut Report) {
        while !self.ahead.is_empty() {
            self.pass(report);
        }
    }

    fn pass(&mut self, report: &mut Report) {
        let Some(one) = self.ahead.pop_front() else { return };
        let (after, nr, previous) = self.passed;
        let phones = self.phones.iter().rfind(|(nr, _)| *nr <= one.enrolment).map(|(_, hash)| *hash);
        let follows = (one.nr, one.previous) == (nr + 1, previous);
        let holds = (one.log, Some(one.phones)) == (self.log, phones.or(Some(Hash32::ZERO)));
        if !follows || !holds || !self.keys.iter().any(|key| is_signed(&one, self.hub, key)) {
            report.fault(Fault::Checkpoint { nr: one.nr, after, until: one.pos });
        }
        // The next span is judged by itself.
        self.log = one.log;
        self.passed = (one.pos, one.nr, one.hash(self.hub));
    }
}
