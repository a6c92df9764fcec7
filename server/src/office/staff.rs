//! 人员与手机 – workers and their phones, for pages and command line alike.

use ruhu_core::community::CommunityFact;
use ruhu_core::ids::{AccountId, CommunityId, EnrolmentId, WorkerId};
use ruhu_core::roster::{CommitteeRole, ContractKind, Engagement, Worker, WorkerClass};

use super::duty::community_act;
use crate::access::journal;
use crate::ingest::enrol::{CodeError, put_code};
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
    /// Whether there can be another of the name.
    pub namesake: Namesake,
}

/// What is done about a name that is listed already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namesake {
    /// It is asked first: a form sent twice must not make two.
    Refused,
    /// It is somebody else of the same name.
    Meant,
}

/// Why a worker was not listed; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// Somebody of this name is listed.
    #[error("已有同名的工作者 / a worker of this name is listed already")]
    SameName,
    /// An act of the desk.
    #[error(transparent)]
    Act(#[from] ActError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Hub {
    /// 登记工作者 – lists a worker of a community. He holds no grid and no phone yet.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn list_worker(
        &self,
        by: AccountId,
        community: CommunityId,
        new: NewWorker,
    ) -> Result<WorkerId, ListError> {
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
        self.office(move |desk| {
            let file = desk.tx().community(community)?.unwrap_or_default();
            let known = file.workers().into_values().any(|one| one.name == worker.name);
            if known && new.namesake == Namesake::Refused {
                return Err(ListError::SameName);
            }
            let listed = vec![CommunityFact::WorkerListed(worker)];
            desk.act(&community_act(by, community, listed, "登记工作者"))?;
            Ok(id)
        })
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
        let (signs, now) = (self.random(), self.now());
        self.storage().write(move |tx| {
            let code = put_code(tx, (worker, community), &signs, now)?;
            journal::audit(tx, now.timestamp_millis(), Some(by), "device.code", &worker.to_string())?;
            Ok(code)
        })
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
