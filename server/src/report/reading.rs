//! 取数 – everything a report of one community reads, from the hub's rows as they are now or from the log up to a
//! position. Both ways give the same register, because files are nothing but projected entries.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use ruhu_core::closing::{SilentPhones, StreamCut};
use ruhu_core::community::{CommunityFact, CommunityFile};
use ruhu_core::coverage::{Coverage, Register};
use ruhu_core::entry::{Contents, Record, RequestStep};
use ruhu_core::file::UnitFile;
use ruhu_core::ids::{CommunityId, GridId, Hash32, RequestId, StreamId, WorkerId};
use ruhu_core::policy::Standing as PolicyStanding;
use ruhu_core::projection::effects;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Verdict;
use ruhu_core::time::{BadCalendar, Period};

use super::coverage::{LogPosition, PolicyNamed, Requests, Standing};
use crate::storage::log::{Kept, Pos};
use crate::storage::streams::{Row, next_head};
use crate::storage::units::unit_bytes;
use crate::storage::{StorageError, Tx};

/// Rows of a stream read at a time.
const PAGE: u32 = 1_000;

/// A community as a report reads it.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Which.
    pub community: CommunityId,
    /// Its grids, workers, policies, closings.
    pub file: CommunityFile,
    /// The files of all its units.
    pub files: Vec<UnitFile>,
    /// How much of the log was read.
    pub log: LogPosition,
    /// The hub's time of the reading; of an earlier position, when that entry was received.
    pub at: DateTime<Utc>,
}

/// Why a community could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadingError {
    /// No such community.
    #[error("本中心没有这个社区,请先导入名册 / this hub has no such community: import a roster first")]
    UnknownCommunity,
    /// The log is not that long.
    #[error("日志只到第 {last} 条 / the log ends at {last}")]
    BeyondTheLog {
        /// Its last position.
        last: i64,
    },
    /// A holiday notice is damaged.
    #[error(transparent)]
    Calendar(#[from] BadCalendar),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Reading {
    /// The community as it is now.
    ///
    /// # Errors
    /// [`ReadingError`].
    pub fn now(tx: &Tx<'_>, community: CommunityId, at: DateTime<Utc>) -> Result<Self, ReadingError> {
        let file = tx.community(community)?.ok_or(ReadingError::UnknownCommunity)?;
        let mut files = Vec::new();
        for grid in file.grids().into_keys() {
            files.extend(tx.files_in(grid)?.into_iter().map(|(_, file)| file));
        }
        let position = u64::try_from(tx.last_pos()?.0).unwrap_or(0);
        let log = LogPosition { position, streams: cuts(tx, community, &file)? };
        Ok(Self { community, file, files, log, at })
    }

    /// The community as it was when the log ended at `position`: every entry placed until then, projected again.
    ///
    /// # Errors
    /// [`ReadingError`].
    pub fn as_of(tx: &Tx<'_>, community: CommunityId, position: Pos) -> Result<Self, ReadingError> {
        let last = tx.last_pos()?;
        let at_ms = match tx.entry(position)? {
            Some(kept) => kept.received_ms,
            None => return Err(ReadingError::BeyondTheLog { last: last.0 }),
        };
        let mut replay = Replay::default();
        tx.each_entry(|_, kept| -> Result<(), StorageError> {
            let kept = kept?;
            if counts_by(&kept, position, at_ms) {
                replay.take(tx, community, &kept)?;
            }
            Ok(())
        })?;
        let known = tx.community(community)?.ok_or(ReadingError::UnknownCommunity)?;
        let mut streams = Vec::new();
        for cut in cuts(tx, community, &known)? {
            streams.extend(cut_at(tx, cut.stream, position, at_ms)?);
        }
        let log = LogPosition { position: u64::try_from(position.0).unwrap_or(0), streams };
        let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
        Ok(Self { community, file: replay.file, files: replay.files.into_values().collect(), log, at })
    }

    /// The lives of all units under the policy of the period.
    ///
    /// # Errors
    /// [`BadCalendar`].
    pub fn register(&self, period: Period) -> Result<Register, BadCalendar> {
        Ok(Register::new(&self.files, self.file.coverage_setting(period)?))
    }

    /// The same under the policies known when the period was closed: one adopted later, even from an earlier day on,
    /// changes nothing in a closed period.
    ///
    /// # Errors
    /// [`BadCalendar`].
    pub fn register_as_closed(&self, period: Period, closing: Hash32) -> Result<Register, BadCalendar> {
        let closed_at =
            self.file.facts().find(|(stamp, ..)| stamp.entry == closing).map(|(stamp, ..)| *stamp);
        let mut file = CommunityFile::default();
        for (stamp, by, fact) in self.file.facts() {
            let later = closed_at.is_some_and(|closed_at| closed_at < *stamp);
            if !(later && matches!(fact, CommunityFact::PolicyAdopted(_))) {
                file.insert(*stamp, *by, fact.clone());
            }
        }
        Ok(Register::new(&self.files, file.coverage_setting(period)?))
    }

    /// Today's local date.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.file.zone().date(self.at)
    }

    /// The day figures of a period stand for: its last day, or today while it runs.
    #[must_use]
    pub fn day_of(&self, period: Period) -> NaiveDate {
        self.today().min(period.last_day())
    }

    /// Running or over; a closed period is told by its closing.
    #[must_use]
    pub fn standing(&self, period: Period) -> Standing {
        if self.today() <= period.last_day() { Standing::Running } else { Standing::Ended }
    }

    /// 收到诉求, 办结 – by the grid a household counts in: noticed on a visit of the period, and of those closed.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn requests(
        &self,
        tx: &Tx<'_>,
        period: Period,
        coverage: &Coverage,
    ) -> Result<BTreeMap<GridId, Requests>, StorageError> {
        let mut by_grid: BTreeMap<GridId, Requests> = BTreeMap::new();
        for obligation in &coverage.obligations {
            let Some(row) = tx.unit(obligation.unit)? else { continue };
            let mut noticed: BTreeMap<RequestId, bool> = BTreeMap::new();
            for pos in tx.entries_of(row.nr)? {
                if self.log.position < u64::try_from(pos.0).unwrap_or(0) {
                    break;
                }
                if let Some(Ok(contents)) = tx.entry(pos)?.map(|kept| kept.entry.payload.read()) {
                    note_requests(&contents, period, &mut noticed);
                }
            }
            if !noticed.is_empty() {
                let sum = by_grid.entry(obligation.grid).or_default();
                let closed = noticed.values().filter(|closed| **closed).count();
                sum.received += u32::try_from(noticed.len()).unwrap_or(u32::MAX);
                sum.closed += u32::try_from(closed).unwrap_or(u32::MAX);
            }
        }
        Ok(by_grid)
    }
}

/// What was adopted for the period; `None` for 未采用文件·试行.
#[must_use]
pub fn policy_named(file: &CommunityFile, period: Period) -> Option<PolicyNamed> {
    let policies = file.policies();
    let policy = policies.of(period);
    match &policy.standing {
        PolicyStanding::Trial => None,
        PolicyStanding::Adopted { by, document_no, .. } => {
            let title = [by.as_str(), document_no].join(" ").trim().to_owned();
            Some(PolicyNamed { title, hash: policy.policy_hash() })
        }
    }
}

/// 未同步手机 – phones not heard of since the period's end (of a running period: since today began), and the
/// households a visit from them could still change: those `not_met` in the grids they may record in.
///
/// # Errors
/// [`StorageError`].
pub fn silent_phones(
    tx: &Tx<'_>,
    community: CommunityId,
    file: &CommunityFile,
    (period, today): (Period, NaiveDate),
    not_met: impl Fn(GridId) -> u32,
) -> Result<SilentPhones, StorageError> {
    let over = period.last_day() < today;
    let since = if over { period.next().first_day() } else { today };
    let since_ms = file.zone().instant(since, NaiveTime::MIN).timestamp_millis();
    let assignments = file.assignments();
    let (mut phones, mut grids) = (0, BTreeSet::new());
    let workers: BTreeSet<WorkerId> = assignments.iter().map(|held| held.worker).collect();
    let mut enrolments = Vec::new();
    for worker in workers {
        enrolments.extend(tx.enrolments_of(worker)?);
    }
    for one in enrolments {
        let Some((worker, of)) = one.of else { continue };
        if of != community || one.revoked_ms.is_some() || since_ms <= one.contact_ms {
            continue;
        }
        let own: Vec<GridId> = assignments
            .iter()
            .filter(|held| held.worker == worker && held.from <= period.last_day())
            .filter(|held| held.until.is_none_or(|until| period.first_day() <= until))
            .map(|held| held.grid)
            .collect();
        if !own.is_empty() {
            phones += 1;
            grids.extend(own);
        }
    }
    Ok(SilentPhones { phones, households: grids.into_iter().map(not_met).sum() })
}

/// Requests of a payload: `true` once closed.
fn note_requests(contents: &Contents, period: Period, noticed: &mut BTreeMap<RequestId, bool>) {
    let event = match contents {
        Contents::Visit { skeleton, body: Some(body) } => {
            if period.contains(skeleton.visited_on) {
                noticed.extend(body.requests.iter().map(|one| (one.id, one.solved_on_the_spot)));
            }
            None
        }
        Contents::Record { record: Record::RequestEvent(event), .. } => Some(event),
        Contents::Office { act, .. } => act.request.as_ref(),
        _ => None,
    };
    if let Some(event) = event
        && event.step == RequestStep::Closed
        && let Some(closed) = noticed.get_mut(&event.request)
    {
        *closed = true;
    }
}

/// Entries projected again, for one community.
#[derive(Default)]
struct Replay {
    file: CommunityFile,
    files: BTreeMap<Unit, UnitFile>,
}

impl Replay {
    fn take(&mut self, tx: &Tx<'_>, community: CommunityId, kept: &Kept) -> Result<(), StorageError> {
        let Verdict::Accepted { stream, .. } = kept.verdict else { return Ok(()) };
        let of = match stream {
            StreamId::Grid(grid) => tx.community_of(grid)?,
            StreamId::Community(of) | StreamId::Answers(of) => Some(of),
            StreamId::Worker(_) => None,
        };
        let Ok(contents) = kept.entry.payload.read() else { return Ok(()) };
        if of != Some(community) {
            return Ok(());
        }
        let effects = effects(&contents, kept.entry.envelope.payload_hash, kept.recorded_ms);
        for one in effects.units {
            self.files.entry(one.unit).or_insert_with(|| UnitFile::new(one.unit)).insert(one.stamp, one.fact);
        }
        for one in effects.community {
            self.file.insert(one.stamp, one.by, one.fact);
        }
        Ok(())
    }
}

/// How far the streams of a community reach now, in the order of the streams.
fn cuts(tx: &Tx<'_>, community: CommunityId, file: &CommunityFile) -> Result<Vec<StreamCut>, StorageError> {
    let grids = file.grids();
    let workers = file.workers();
    let own = |stream: StreamId| match stream {
        StreamId::Grid(grid) => grids.contains_key(&grid),
        StreamId::Community(of) | StreamId::Answers(of) => of == community,
        StreamId::Worker(worker) => workers.contains_key(&worker),
    };
    let streams = tx.streams()?.into_iter().filter(|(stream, _)| own(*stream));
    let mut cuts: Vec<StreamCut> = streams
        .map(|(stream, at)| StreamCut { stream, seq: at.next_seq.saturating_sub(1), head: at.head })
        .collect();
    cuts.sort();
    Ok(cuts)
}

/// Whether an entry had been placed when the log ended at `position`, received at `at_ms`.
fn counts_by(kept: &Kept, position: Pos, at_ms: i64) -> bool {
    kept.pos <= position && kept.repeats.is_none() && kept.placed_ms.is_none_or(|placed| placed <= at_ms)
}

/// How far a stream reached then; `None` before its first entry.
fn cut_at(
    tx: &Tx<'_>,
    stream: StreamId,
    position: Pos,
    at_ms: i64,
) -> Result<Option<StreamCut>, StorageError> {
    let Some(at) = tx.stream(stream)? else { return Ok(None) };
    let mut cut = StreamCut { stream, seq: 0, head: Hash32::ZERO };
    'pages: loop {
        let page = tx.rows_after(at.nr, cut.seq, PAGE)?;
        let pages_on = !page.is_empty();
        for placed in page {
            let hashed = match placed.row {
                _ if at_ms < placed.at_ms => break 'pages,
                Row::Payload(pos) => match tx.entry(pos)? {
                    Some(kept) if counts_by(&kept, position, at_ms) => {
                        kept.entry.envelope.payload_hash.0.to_vec()
                    }
                    _ => break 'pages,
                },
                Row::MoveOut(unit) | Row::MoveIn(unit) => unit_bytes(tx.unit_by_nr(unit)?.unit).to_vec(),
            };
            cut.head = next_head(cut.head, placed.row, &hashed);
            cut.seq = placed.seq;
        }
        if !pages_on {
            break;
        }
    }
    Ok((0 < cut.seq).then_some(cut))
}
