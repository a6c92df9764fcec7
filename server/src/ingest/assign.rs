//! 交接、代访、离岗 – who looks after which grid from which day, as acts of the desk; for pages and command line alike.

use chrono::NaiveDate;
use ruhu_core::community::CommunityFact;
use ruhu_core::coverage::HandoverSheet;
use ruhu_core::ids::{AccountId, CommunityId, GridId, WorkerId};
use ruhu_core::roster::{Assignment, AssignmentKind};

use super::office::{Act, ActError, Done};
use crate::coverage::sheet_of;
use crate::storage::Hub;

/// Facts of the community alone, done for `by`.
#[must_use]
pub fn community_act(by: AccountId, community: CommunityId, facts: Vec<CommunityFact>, reason: &str) -> Act {
    Act { by, community, units: Vec::new(), facts, request: None, reason: reason.to_owned() }
}

impl Hub {
    /// 交接 – `to` is responsible for the grid from `on`; the former worker's responsibility ends the day before, and
    /// his late work is taken for 14 days more. Freezes the sheet of what was outstanding at the close of the day
    /// before, or of today if that lies ahead.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn hand_over(
        &self,
        by: AccountId,
        community: CommunityId,
        grid: GridId,
        to: WorkerId,
        on: NaiveDate,
    ) -> Result<HandoverSheet, ActError> {
        let kind = AssignmentKind::Responsible;
        let assigned = Assignment { grid, worker: to, kind, from: on, until: None };
        let now = self.now();
        self.office(move |desk| {
            let tx = desk.tx();
            let file = tx.community(community)?.unwrap_or_default();
            let eve = on.pred_opt().unwrap_or(on).min(file.zone().date(now));
            let sheet = sheet_of(tx, grid, &file, eve)?;
            let done =
                desk.act(&community_act(by, community, vec![CommunityFact::Assigned(assigned)], "交接"))?;
            for one in done {
                tx.put_handover(one.entry, &sheet)?;
            }
            Ok(sheet)
        })
    }

    /// 代访 – `worker` covers the grid from `from` to `until`, both counted; responsibility does not move.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn cover(
        &self,
        by: AccountId,
        community: CommunityId,
        grid: GridId,
        worker: WorkerId,
        (from, until): (NaiveDate, NaiveDate),
    ) -> Result<Vec<Done>, ActError> {
        let kind = AssignmentKind::Cover;
        let assigned = Assignment { grid, worker, kind, from, until: Some(until) };
        self.act(community_act(by, community, vec![CommunityFact::Assigned(assigned)], "代访"))
    }

    /// 离岗 – from `on` the worker's phones read nothing more; what they still hold is taken, late work by the
    /// assignment for 14 days, later work waits for a person. Returns the grids that are without a responsible worker
    /// from that day.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn leave_job(
        &self,
        by: AccountId,
        community: CommunityId,
        worker: WorkerId,
        on: NaiveDate,
    ) -> Result<Vec<GridId>, ActError> {
        self.act(community_act(by, community, vec![CommunityFact::WorkerLeft { worker, on }], "离岗"))?;
        let file = self.storage().read(|tx| tx.community(community))?.unwrap_or_default();
        let grids = file.grids().into_keys();
        Ok(grids.filter(|grid| file.responsible(*grid, on) == Some(worker)).collect())
    }
}
