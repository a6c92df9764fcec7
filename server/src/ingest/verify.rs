//! 核验 – is everything as it was written? Signatures, chains, streams, and every projection rebuilt from the log and
//! compared. Says exactly where it differs.

use std::collections::BTreeMap;
use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use ruhu_core::community::CommunityFile;
use ruhu_core::entry::StreamId;
use ruhu_core::file::UnitFile;
use ruhu_core::ids::{CommunityId, EnrolmentId, GridId, Hash32};
use ruhu_core::profile::{Profile, Scalar, allows_plain};
use ruhu_core::projection::{Effects, project, units_of};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Verdict;
use ruhu_core::time::Period;

use super::place::located;
use crate::access::journal::first_broken;
use crate::coverage::{kept_periods, reckon_grid};
use crate::storage::accounts::LogKind;
use crate::storage::cells::state_name;
use crate::storage::enrolments::EnrolmentNr;
use crate::storage::log::{ChainAt, Kept, Pos};
use crate::storage::streams::{Row, next_head};
use crate::storage::units::{UnitRow, unit_bytes};
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
    /// What does not hold, in the order found; the first `LISTED_MAX`.
    pub faults: Vec<Fault>,
    /// How many were found in all.
    pub found: u64,
}

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A row that cannot be read at all.
    Unreadable(&'static str),
    /// An entry whose bytes cannot be read.
    Entry(Pos),
    /// An entry whose signature or payload does not hold.
    Unproven(Pos),
    /// An entry that does not follow the one before it in its chain.
    Link(Pos),
    /// A chain that stands elsewhere than its last entry says.
    Chain(EnrolmentId, u32),
    /// A stream whose row is missing, or whose running hash does not hold there.
    Stream(StreamId, u64),
    /// An accepted entry that does not stand where its verdict says.
    Misplaced(Pos),
    /// A unit whose file differs from the log.
    File(Unit),
    /// A household whose document differs from the log.
    Doc(Unit),
    /// A unit whose home or order differs from its file.
    Home(Unit),
    /// A community whose file differs from the log.
    Community(CommunityId),
    /// A grid whose obligations or cells of a period differ from its files.
    Coverage(GridId, Period),
    /// The first row of a chained log that does not hold.
    Journal(LogKind, u64),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(what) => write!(f, "无法读取 / cannot be read: {what}"),
            Self::Entry(pos) => write!(f, "日志第 {0} 条无法读取 / entry {0} cannot be read", pos.0),
            Self::Unproven(pos) => {
                write!(
                    f,
                    "日志第 {0} 条签名或内容不符 / entry {0}: signature or payload does not hold",
                    pos.0
                )
            }
            Self::Link(pos) => {
                write!(f, "日志第 {0} 条与前一条不相连 / entry {0} does not follow its chain", pos.0)
            }
            Self::Chain(id, epoch) => {
                write!(f, "登记 {id} 第 {epoch} 段链头不符 / chain {id} epoch {epoch} stands elsewhere")
            }
            Self::Stream(id, seq) => {
                write!(f, "流 {id:?} 第 {seq} 位不符 / stream {id:?} does not hold at {seq}")
            }
            Self::Misplaced(pos) => {
                write!(f, "日志第 {0} 条不在其位 / entry {0} does not stand where its verdict says", pos.0)
            }
            Self::File(unit) => write!(f, "户档与日志不符 / file differs from the log: {unit:?}"),
            Self::Doc(unit) => write!(f, "户情与日志不符 / document differs from the log: {unit:?}"),
            Self::Home(unit) => write!(f, "所在网格与户档不符 / home differs from the file: {unit:?}"),
            Self::Community(id) => write!(f, "社区档与日志不符 / community file differs from the log: {id}"),
            Self::Coverage(grid, period) => {
                write!(
                    f,
                    "网格 {grid} {period} 的入户率行与户档不符 / rows of grid {grid}, {period} differ from its files"
                )
            }
            Self::Journal(LogKind::Access, seq) => {
                write!(f, "查看记录第 {seq} 行不符 / access log breaks at {seq}")
            }
            Self::Journal(LogKind::Audit, seq) => {
                write!(f, "操作记录第 {seq} 行不符 / audit log breaks at {seq}")
            }
        }
    }
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
            Err(StorageError::Damaged { what }) => {
                self.fault(Fault::Unreadable(what));
                Ok(None)
            }
            Err(why) => Err(why),
        }
    }
}

impl Hub {
    /// Verifies the whole hub on one consistent view; nothing is changed.
    ///
    /// # Errors
    /// [`StorageError`] when the database cannot be read; damage found is in the report.
    pub fn verify(&self) -> Result<Report, StorageError> {
        self.storage().read(verify)
    }
}

/// Verifies everything one view shows: see [`Hub::verify`].
pub(crate) fn verify(tx: &Tx<'_>) -> Result<Report, StorageError> {
    let mut report = Report::default();
    let communities = verify_log(tx, &mut report)?;
    let streams = verify_streams(tx, &mut report);
    report.looked(streams)?;
    let units = verify_units(tx, &mut report);
    report.looked(units)?;
    verify_communities(tx, &communities, &mut report)?;
    let coverage = verify_coverage(tx, &mut report);
    report.looked(coverage)?;
    for log in [LogKind::Access, LogKind::Audit] {
        let broken = first_broken(tx, log);
        if let Some(Some(seq)) = report.looked(broken)? {
            report.fault(Fault::Journal(log, seq));
        }
    }
    Ok(report)
}

type Chains = BTreeMap<(EnrolmentNr, u32), ChainAt>;

fn verify_log(
    tx: &Tx<'_>,
    report: &mut Report,
) -> Result<BTreeMap<CommunityId, CommunityFile>, StorageError> {
    let enrolled = report.looked(tx.enrolments())?.unwrap_or_default();
    let keys: BTreeMap<EnrolmentNr, (EnrolmentId, VerifyingKey)> =
        enrolled.into_iter().map(|one| (one.nr, (one.id, one.key))).collect();
    let mut chains = Chains::new();
    let mut communities: BTreeMap<CommunityId, CommunityFile> = BTreeMap::new();
    tx.each_entry(|pos, kept| {
        report.entries += 1;
        let Ok(kept) = kept else {
            report.fault(Fault::Entry(pos));
            return Ok(());
        };
        match keys.get(&kept.enrolment) {
            Some((id, key)) if *id == kept.entry.envelope.enrolment && is_proven(&kept, key) => {}
            _ => report.fault(Fault::Unproven(pos)),
        }
        link(&mut chains, &kept, report);
        if let Some(effects) = in_force(&kept) {
            let placed = is_concerned(tx, &kept, &effects)?;
            if !placed {
                report.fault(Fault::Misplaced(pos));
            }
            if let Verdict::Accepted { stream: StreamId::Community(id), .. } = kept.verdict {
                let file = communities.entry(id).or_default();
                for one in effects.community {
                    file.insert(one.stamp, one.by, one.fact);
                }
            }
        }
        Ok::<_, StorageError>(())
    })?;
    let stored = report.looked(tx.chains())?.unwrap_or_default();
    let mut unseen = chains;
    for (nr, epoch, at) in stored {
        if unseen.remove(&(nr, epoch)) != Some(at)
            && let Some((id, _)) = keys.get(&nr)
        {
            report.fault(Fault::Chain(*id, epoch));
        }
    }
    for (nr, epoch) in unseen.into_keys() {
        if let Some((id, _)) = keys.get(&nr) {
            report.fault(Fault::Chain(*id, epoch));
        }
    }
    Ok(communities)
}

fn is_proven(kept: &Kept, key: &VerifyingKey) -> bool {
    match kept.erased_body {
        None => kept.entry.prove(key).is_ok(),
        Some(body) => {
            let envelope = &kept.entry.envelope;
            kept.entry.payload.hash_with(body) == envelope.payload_hash
                && key
                    .verify_strict(&envelope.to_bytes(), &Signature::from_bytes(&kept.entry.signature))
                    .is_ok()
        }
    }
}

fn link(chains: &mut Chains, kept: &Kept, report: &mut Report) {
    let envelope = &kept.entry.envelope;
    let start = ChainAt { next_seq: 1, previous: Hash32::ZERO };
    let at = chains.entry((kept.enrolment, envelope.epoch)).or_insert(start);
    if (at.next_seq, at.previous) != (envelope.seq, envelope.previous) {
        report.fault(Fault::Link(kept.pos));
    }
    *at = ChainAt { next_seq: envelope.seq + 1, previous: envelope.hash() };
}

/// What an entry adds, if it is in force and not the repeat of another.
fn in_force(kept: &Kept) -> Option<Effects> {
    let accepted = matches!(kept.verdict, Verdict::Accepted { .. }) && kept.repeats.is_none();
    if !accepted {
        return None;
    }
    project(&kept.entry.payload, kept.recorded_ms).ok()
}

fn is_concerned(tx: &Tx<'_>, kept: &Kept, effects: &Effects) -> Result<bool, StorageError> {
    for unit in units_of(effects) {
        let known = tx.unit(unit)?;
        let concerned = match known {
            Some(row) => tx.entries_of(row.nr)?.contains(&kept.pos),
            None => false,
        };
        if !concerned {
            return Ok(false);
        }
    }
    Ok(true)
}

fn verify_streams(tx: &Tx<'_>, report: &mut Report) -> Result<(), StorageError> {
    for (id, at) in tx.streams()? {
        report.streams += 1;
        let (mut head, mut expected) = (Hash32::ZERO, 1);
        loop {
            let rows = tx.rows_after(at.nr, expected - 1, 512)?;
            if rows.is_empty() {
                break;
            }
            for placed in rows {
                head = match placed.row {
                    Row::Payload(pos) => {
                        let kept = tx.entry(pos).ok().flatten();
                        let stands = kept.as_ref().is_some_and(|kept| {
                            matches!(kept.verdict, Verdict::Accepted { stream, seq, .. }
                                if (stream, seq) == (id, placed.seq))
                        });
                        if !stands {
                            report.fault(Fault::Misplaced(pos));
                        }
                        let hash = kept.map_or(Hash32::ZERO, |kept| kept.entry.envelope.payload_hash);
                        next_head(head, placed.row, &hash.0)
                    }
                    Row::MoveOut(nr) | Row::MoveIn(nr) => {
                        next_head(head, placed.row, &unit_bytes(tx.unit_by_nr(nr)?.unit))
                    }
                };
                if placed.seq != expected || placed.head != head.head() {
                    report.fault(Fault::Stream(id, expected));
                    return Ok(());
                }
                expected += 1;
            }
        }
        if (at.next_seq, at.head) != (expected, head) {
            report.fault(Fault::Stream(id, expected));
        }
    }
    Ok(())
}

fn verify_units(tx: &Tx<'_>, report: &mut Report) -> Result<(), StorageError> {
    tx.each_unit(|row| {
        report.units += 1;
        let (file, fields) = rebuilt(tx, &row)?;
        match tx.unit_file(&row) {
            Ok(stored) if stored == file => {}
            Ok(_) | Err(StorageError::Damaged { .. }) => report.fault(Fault::File(row.unit)),
            Err(why) => return Err(why),
        }
        let stored = tx.unit_doc(row.nr)?.map(|doc| Profile::load(&doc).map(|doc| doc.fields()));
        match stored {
            None if fields.is_empty() => {}
            Some(Ok(stored)) if stored == fields => {}
            _ => report.fault(Fault::Doc(row.unit)),
        }
        // A unit whose last home was returned keeps it, so only what the file says is compared.
        if located(tx, &row, &file)? != row {
            report.fault(Fault::Home(row.unit));
        }
        Ok::<_, StorageError>(())
    })
}

type Fields = BTreeMap<String, Vec<Scalar>>;

fn rebuilt(tx: &Tx<'_>, row: &UnitRow) -> Result<(UnitFile, Fields), StorageError> {
    let mut file = UnitFile::new(row.unit);
    let mut profile = Profile::new();
    let mut changes = Vec::new();
    for pos in tx.entries_of(row.nr)? {
        let Some(kept) = tx.entry(pos)? else { continue };
        let Some(effects) = in_force(&kept) else { continue };
        for one in effects.units.into_iter().filter(|one| one.unit == row.unit) {
            file.insert(one.stamp, one.fact);
        }
        changes.extend(effects.doc.filter(|doc| doc.unit == row.unit));
    }
    // Changes stand in the order of receipt; one that waited for another comes later than it stands here.
    let mut waiting = changes;
    loop {
        let before = waiting.len();
        waiting.retain(|change| match &change.bytes {
            Some(bytes) => profile.apply(change.change, bytes, &allows_plain).is_err(),
            None => false,
        });
        if waiting.len() == before || waiting.is_empty() {
            return Ok((file, profile.fields()));
        }
    }
}

fn verify_communities(
    tx: &Tx<'_>,
    rebuilt: &BTreeMap<CommunityId, CommunityFile>,
    report: &mut Report,
) -> Result<(), StorageError> {
    let stored = report.looked(tx.communities())?.unwrap_or_default();
    let stored: BTreeMap<_, _> = stored.into_iter().collect();
    for id in rebuilt.keys().chain(stored.keys().filter(|id| !rebuilt.contains_key(id))) {
        if rebuilt.get(id) != stored.get(id) {
            report.fault(Fault::Community(*id));
        }
    }
    Ok(())
}

/// Reckons every period that is kept again, for the day its rows stand for. Rows of older periods are not kept up.
fn verify_coverage(tx: &Tx<'_>, report: &mut Report) -> Result<(), StorageError> {
    for (grid, period, as_of) in tx.reckoned()? {
        let Some(file) = tx.community_of(grid)?.map(|id| tx.community(id)).transpose()?.flatten() else {
            report.fault(Fault::Coverage(grid, period));
            continue;
        };
        let newest = tx.reckoned_on(grid)?.unwrap_or(as_of);
        if !kept_periods(&file, newest).contains(&period) {
            continue;
        }
        let expected = reckon_grid(tx, grid, &file, &[period], as_of)?.pop();
        let stored = tx.grid_coverage(grid, period)?;
        let counted: Option<BTreeMap<String, u32>> = expected.as_ref().map(|coverage| {
            coverage.cells().into_iter().map(|(cell, n)| (state_name(cell.state).to_owned(), n)).collect()
        });
        if stored != expected || counted != Some(tx.cells(grid, period)?) {
            report.fault(Fault::Coverage(grid, period));
        }
    }
    Ok(())
}
