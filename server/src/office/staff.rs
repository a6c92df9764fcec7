//! 人员与手机 – workers, their leave and their phones, for pages and command line alike.

use std::collections::BTreeSet;

use ruhu_core::community::{CommunityFact, CommunityFile};
use ruhu_core::ids::{AccountId, CommunityId, EnrolmentId, GridId, WorkerId};
use ruhu_core::roster::{
    AssignmentKind, CommitteeRole, ContractKind, Engagement, LeaveSpan, Worker, WorkerClass,
};

use crate::access::journal;
use crate::ingest::assign::community_act;
use crate::ingest::enrol::CodeError;
use crate::ingest::office::ActError;
use crate::storage::{Hub, StorageError};

/// What is known of a worker when he is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWorker {
    /// The name on the card.
    pub name: String,
    /// 干部 or 工作人员 (`D1b-27`).
    pub class: WorkerClass,
    /// Full time or part time.
    pub engagement: Engagement,
    /// Shown to residents.
    pub office_phone: Option<String>,
}

impl Hub {
    /// 登记工作者 – lists a worker of a community. He holds no grid and no phone yet.
    ///
    /// # Errors
    /// [`ActError`]; nothing was changed.
    pub fn list_worker(
        &self,
        by: AccountId,
        community: CommunityId,
        new: NewWorker,
    ) -> Result<WorkerId, ActError> {
        let id = self.make_id();
        let worker = Worker {
            id,
            name: new.name,
            class: new.class,
            role: CommitteeRole::GridWorker,
            engagement: new.engagement,
            contract: ContractKind::Unknown,
            office_phone: new.office_phone,
        };
        self.act(community_act(by, community, vec![CommunityFact::WorkerListed(worker)], "登记工作者"))?;
        Ok(id)
    }

    /// 请假 – notes that a worker is away. What is due does not shrink by it; returns the grids that nobody covers.
    ///
    /// # Errors
    /// [`ActError`]; nothing was changed.
    pub fn on_leave(
        &self,
        by: AccountId,
        community: CommunityId,
        span: LeaveSpan,
    ) -> Result<BTreeSet<GridId>, ActError> {
        self.act(community_act(by, community, vec![CommunityFact::OnLeave(span)], "请假"))?;
        let file = self.storage().read(|tx| tx.community(community))?.unwrap_or_default();
        Ok(uncovered(&file, &span))
    }

    /// 登记码 – a one-time code for a worker's phone; that it was made is in the audit log, the code is nowhere.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn code_for(
        &self,
        by: AccountId,
        community: CommunityId,
        worker: WorkerId,
    ) -> Result<String, CodeError> {
        let code = self.make_code(community, worker)?;
        let now_ms = self.now_ms();
        self.storage()
            .write(move |tx| journal::audit(tx, now_ms, Some(by), "device.code", &worker.to_string()))?;
        Ok(code)
    }

    /// 注销手机 – what it still brings goes to quarantine for a person, then it erases its copy. Only a phone of
    /// `community` where one is named; `false` when there is no such phone or it was revoked before.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn revoke_phone(
        &self,
        by: AccountId,
        community: Option<CommunityId>,
        enrolment: EnrolmentId,
    ) -> Result<bool, StorageError> {
        let now_ms = self.now_ms();
        self.storage().write(move |tx| {
            let of = tx.enrolment(enrolment)?.and_then(|phone| phone.of);
            if of.is_none_or(|(_, own)| community.is_some_and(|wanted| wanted != own)) {
                return Ok(false);
            }
            let revoked = tx.revoke(enrolment, now_ms)?;
            if revoked {
                journal::audit(tx, now_ms, Some(by), "device.revoke", &enrolment.to_string())?;
            }
            Ok(revoked)
        })
    }
}

/// The grids a worker is responsible for on some day of the leave that another does not cover on all of them.
#[must_use]
pub fn uncovered(file: &CommunityFile, span: &LeaveSpan) -> BTreeSet<GridId> {
    let assignments = file.assignments();
    let held = |grid: GridId, day| file.responsible(grid, day) == Some(span.worker);
    let covered = |grid: GridId, day| {
        assignments.iter().any(|one| {
            one.grid == grid
                && one.kind == AssignmentKind::Cover
                && one.worker != span.worker
                && one.covers(day)
        })
    };
    let days = || span.from.iter_days().take_while(|day| *day <= span.until);
    let grids = file.grids().into_keys();
    grids.filter(|grid| days().any(|day| held(*grid, day) && !covered(*grid, day))).collect()
}
