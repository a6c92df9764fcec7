//! 核验 – is everything as it was written? Signatures, chains, streams, and every projection rebuilt from the log and
//! compared. Says exactly where it differs.
//!
//! | module | what it looks at |
//! |---|---|
//! | [`fault`] | what can be found, each with its place |
//! | `log` | signatures and chains |
//! | `checkpoints` | what the log was at each signed moment |
//! | `erasures` | bodies that are missing: by decision, or not |
//! | `streams` | the gap-free streams and their running hashes |
//! | `projections` | files, documents, communities, coverage |
//! | `closings` | closed reports, and what counted last |
//!
//! Damage in one place stops nothing elsewhere: each row is looked at by itself.

mod checkpoints;
mod closings;
mod erasures;
pub mod fault;
mod log;
mod projections;
mod streams;

pub use fault::Fault;

use ed25519_dalek::VerifyingKey;
use ruhu_core::ids::HubId;
use ruhu_core::projection::{Effects, effects};
use ruhu_core::sync::wire::Verdict;

use self::checkpoints::Trail;
use crate::access::journal::first_broken;
use crate::storage::accounts::LogKind;
use crate::storage::log::Kept;
use crate::storage::{Hub, StorageError, Tx};

/// Findings beyond this many are counted, not listed.
const LISTED_MAX: usize = 200;

/// What was looked at, and what does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries of the log.
    pub entries: u64,
    /// Streams.
    pub streams: u64,
    /// Households and doors.
    pub units: u64,
    /// Entries whose bodies were erased by decision.
    pub erased: u64,
    /// What does not hold, in the order found; the first `LISTED_MAX`.
    pub faults: Vec<Fault>,
    /// How many were found in all.
    pub found: u64,
}

impl Report {
    fn fault(&mut self, fault: Fault) {
        self.found += 1;
        if self.faults.len() < LISTED_MAX {
            self.faults.push(fault);
        }
    }

    /// Damage is a finding, anything else stops the verification.
    fn looked<T>(&mut self, looked: Result<T, StorageError>) -> Result<Option<T>, StorageError> {
        match looked {
            Ok(seen) => Ok(Some(seen)),
            Err(StorageError::Damaged { what } | StorageError::Read { what, .. }) => {
                self.fault(Fault::Unreadable(what));
                Ok(None)
            }
            Err(why) => Err(why),
        }
    }

    /// As `looked`, where the place is known better than the row's kind.
    fn looked_at<T>(
        &mut self,
        looked: Result<T, StorageError>,
        place: impl FnOnce() -> Fault,
    ) -> Result<Option<T>, StorageError> {
        match looked {
            Ok(seen) => Ok(Some(seen)),
            Err(why) if is_damage(&why) => {
                self.fault(place());
                Ok(None)
            }
            Err(why) => Err(why),
        }
    }
}

/// A row or page that is not what was written, as against a database that cannot be reached.
const fn is_damage(why: &StorageError) -> bool {
    matches!(why, StorageError::Damaged { .. } | StorageError::Read { .. })
}

impl Hub {
    /// Verifies the whole hub on one consistent view; nothing is changed.
    ///
    /// # Errors
    /// [`StorageError`] when the database cannot be read; damage found is in the report.
    pub fn verify(&self) -> Result<Report, StorageError> {
        self.storage().read(|tx| verify(tx, self.id(), self.verifying_key()))
    }
}

/// Verifies everything one view shows, of the hub with this id and key: see [`Hub::verify`].
///
/// # Errors
/// [`StorageError`] when the database cannot be read; damage found is in the report.
pub fn verify(tx: &Tx<'_>, hub: HubId, key: VerifyingKey) -> Result<Report, StorageError> {
    let mut report = Report::default();
    let said = tx.integrity();
    for words in report.looked(said)?.unwrap_or_default() {
        report.fault(Fault::Database(words));
    }
    let stated = tx.checkpoints();
    let stated = report.looked(stated)?.unwrap_or_default();
    let mut trail = Trail::new(stated, hub, key);
    let communities = log::verify_log(tx, &mut trail, &mut report)?;
    streams::verify_streams(tx, &mut report)?;
    projections::verify_units(tx, &mut report)?;
    projections::verify_communities(tx, &communities, &mut report)?;
    projections::verify_coverage(tx, &mut report)?;
    closings::verify_closings(tx, &communities, &key, &mut report)?;
    for log in [LogKind::Access, LogKind::Audit] {
        let broken = first_broken(tx, log);
        if let Some(Some(seq)) = report.looked(broken)? {
            report.fault(Fault::Journal(log, seq));
        }
    }
    Ok(report)
}

/// What an entry adds, if it is in force and not the repeat of another.
fn in_force(kept: &Kept) -> Option<Effects> {
    let accepted = matches!(kept.verdict, Verdict::Accepted { .. }) && kept.repeats.is_none();
    if !accepted {
        return None;
    }
    // Named by what was signed: a body that cannot be opened is told by itself, not by everything that follows.
    let contents = kept.entry.payload.read().ok()?;
    Some(effects(&contents, kept.entry.envelope.payload_hash, kept.recorded_ms))
}
