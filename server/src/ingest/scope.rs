//! 权限范围 – in which grids a worker may record, late work of a former worker included.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use ruhu_core::community::CommunityFile;
use ruhu_core::entry::StreamId;
use ruhu_core::ids::{CommunityId, GridId, WorkerId};
use ruhu_core::roster::Assignment;

/// Late work is accepted this long after an assignment ended (`design.md` 7), in days.
pub const GRACE_DAYS: u64 = 14;

/// 分管与代管 – one worker's assignments; they end when he leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    spans: Vec<Assignment>,
}

impl Rights {
    /// A worker's rights in a community.
    #[must_use]
    pub fn of(community: &CommunityFile, worker: WorkerId) -> Self {
        let mut spans = community.assignments();
        spans.retain(|one| one.worker == worker);
        Self { spans }
    }

    /// Whether a record of `day` received on `received` is in scope: the unit is or was at home in one of `homes`.
    #[must_use]
    pub fn cover(&self, homes: &[GridId], day: NaiveDate, received: NaiveDate) -> bool {
        self.spans.iter().filter(|span| homes.contains(&span.grid)).any(|span| {
            let in_grace = |day: NaiveDate| {
                let last = span.until.map(|until| until.checked_add_days(Days::new(GRACE_DAYS)));
                last.flatten().is_none_or(|last| day <= last)
            };
            span.from <= day && in_grace(day) && in_grace(received)
        })
    }

    /// The grids whose streams the phone may hold today.
    #[must_use]
    pub fn grids_on(&self, today: NaiveDate) -> BTreeSet<GridId> {
        self.assignments_on(today).into_iter().map(|one| one.grid).collect()
    }

    /// The assignments that hold today.
    #[must_use]
    pub fn assignments_on(&self, today: NaiveDate) -> Vec<Assignment> {
        self.spans.iter().filter(|one| one.covers(today)).copied().collect()
    }
}

/// The streams a worker's phone may hold on a day.
pub(crate) fn streams_of(
    file: &CommunityFile,
    (worker, community): (WorkerId, CommunityId),
    today: NaiveDate,
) -> Vec<StreamId> {
    let grids = Rights::of(file, worker).grids_on(today);
    let own = [StreamId::Community(community), StreamId::Worker(worker)];
    own.into_iter().chain(grids.into_iter().map(StreamId::Grid)).collect()
}

/// The local day of an instant, in milliseconds since 1970 UTC.
pub(crate) fn local_date(zone: ruhu_core::time::Zone, ms: i64) -> NaiveDate {
    zone.date(chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruhu_core::community::CommunityFact;
    use ruhu_core::file::Stamp;
    use ruhu_core::ids::{AccountId, Hash32};
    use ruhu_core::roster::{AssignmentKind, By};

    const GRID: GridId = GridId::from_bytes([1; 16]);
    const WORKER: WorkerId = WorkerId::from_bytes([2; 16]);

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rights(facts: Vec<CommunityFact>) -> Rights {
        let mut file = CommunityFile::default();
        for (nth, fact) in (0u16..).zip(facts) {
            let stamp = Stamp { recorded_ms: i64::from(nth), entry: Hash32([1; 32]), nth };
            file.insert(stamp, By::Desk(AccountId::from_bytes([1; 16])), fact);
        }
        Rights::of(&file, WORKER)
    }

    fn assigned(from: &str, until: Option<&str>) -> CommunityFact {
        let until = until.map(day);
        let kind = AssignmentKind::Cover;
        CommunityFact::Assigned(Assignment { grid: GRID, worker: WORKER, kind, from: day(from), until })
    }

    #[test]
    fn late_work_is_taken_for_fourteen_days_and_not_a_day_longer() {
        let rights = rights(vec![assigned("2026-07-01", Some("2026-08-10"))]);
        assert!(rights.cover(&[GRID], day("2026-08-10"), day("2026-08-24")));
        assert!(!rights.cover(&[GRID], day("2026-08-10"), day("2026-08-25")));
        assert!(!rights.cover(&[GRID], day("2026-06-30"), day("2026-07-02")));
        assert!(!rights.cover(&[GridId::from_bytes([9; 16])], day("2026-07-02"), day("2026-07-02")));
    }

    #[test]
    fn a_grid_handed_over_from_before_the_first_day_is_the_former_workers_no_more() {
        let responsible = |worker, from| {
            let kind = AssignmentKind::Responsible;
            CommunityFact::Assigned(Assignment { grid: GRID, worker, kind, from: day(from), until: None })
        };
        let other = WorkerId::from_bytes([3; 16]);
        let rights = rights(vec![responsible(WORKER, "2026-01-01"), responsible(other, "2025-12-15")]);
        assert_eq!(rights.grids_on(day("2026-07-01")), BTreeSet::new());
    }

    #[test]
    fn a_worker_who_left_holds_nothing_from_that_day_on() {
        let left = CommunityFact::WorkerLeft { worker: WORKER, on: day("2026-08-01") };
        let rights = rights(vec![assigned("2026-07-01", None), left]);
        assert_eq!(rights.grids_on(day("2026-07-31")), BTreeSet::from([GRID]));
        assert_eq!(rights.grids_on(day("2026-08-01")), BTreeSet::new());
        assert!(rights.cover(&[GRID], day("2026-07-31"), day("2026-08-14")));
        assert!(!rights.cover(&[GRID], day("2026-07-31"), day("2026-08-15")));
    }
}
