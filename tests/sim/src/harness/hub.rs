//! 中心 – the real hub on a database of its own, with a community set up and its roster imported.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use chrono::NaiveDate;
use ruhu_core::category::ConfirmedCategories;
use ruhu_core::community::{AdoptedRules, CommunityFact};
use ruhu_core::entry::{RequestEvent, RequestStep, UnitFact};
use ruhu_core::ids::{AccountId, CommunityId, GridId, Hash32, RequestId, WorkerId, derived};
use ruhu_core::policy::VisitPolicy;
use ruhu_core::roster::{
    Assignment, AssignmentKind, By, CommitteeRole, Community, ContractKind, Engagement, Grid, Unit, Worker,
    WorkerClass,
};
use ruhu_core::sync::wire::ENROL_PATH;
use ruhu_core::time::Zone;
use ruhu_server::import::columns::HandMap;
use ruhu_server::ingest::office::Act;
use ruhu_server::storage::log::Pos;
use ruhu_server::storage::{DatabaseAt, Hub};
use tokio::runtime::Runtime;
use tower::ServiceExt;

use super::{HarnessError, SimClock};
use crate::city::GridNo;
use crate::dice::Dice;
use crate::sheet::grid_name;
use crate::worker::Staff;

/// 中心 – one hub with one community.
pub struct SimHub {
    hub: Arc<Hub>,
    clock: SimClock,
    community: CommunityId,
    lead: AccountId,
    grids: BTreeMap<GridNo, GridId>,
    workers: BTreeMap<GridNo, WorkerId>,
    router: Router,
    runtime: Runtime,
}

/// Larger than any answer of the hub.
const ANSWER_MAX_BYTES: usize = 64 * 1024 * 1024;

/// 示范市示范区幸福街道 – the community of the simulation; there is no such place.
#[must_use]
pub fn community(seed: u64) -> Community {
    Community {
        id: derived("ruhu-sim/community", &[&seed.to_be_bytes()]),
        name: "幸福社区".into(),
        street: "幸福街道".into(),
        county: "示范市示范区".into(),
        code: String::new(),
    }
}

/// What the community took of the rule texts: nothing about visits (未采用文件·试行), and what may follow from a finding.
const ADOPTED: &str = r#"schema = "wangge-adopt/1"

[community]
name = "幸福社区"
timezone = "Asia/Shanghai"
workdays = "cn-official"

[[adopt]]
policy = "d1b-town-model"
by = "示范镇人民政府"
from = "2020-01-01"
take = ["bonus", "effects"]
"#;

impl SimHub {
    /// A hub on a database of its own, with the community, its grids and its workers set up on the clock's day.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn open(
        at: impl Into<DatabaseAt>,
        clock: SimClock,
        seed: u64,
        staff: &Staff,
    ) -> Result<Self, HarnessError> {
        let dice = Dice::new(seed, "hub", &[]).rng().clone();
        let hub = Arc::new(Hub::open(at, Arc::new(clock.clone()), Box::new(dice))?);
        let lead = derived("ruhu-sim/lead", &[&seed.to_be_bytes()]);
        Self::set_up(hub, clock, &community(seed), lead, staff)
    }

    /// The same on a hub that is already open, acting for an account it has.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn set_up(
        hub: Arc<Hub>,
        clock: SimClock,
        community: &Community,
        lead: AccountId,
        staff: &Staff,
    ) -> Result<Self, HarnessError> {
        let named = |kind: &str, no: GridNo| derived_id(community.id, kind, no);
        let grids = staff.workers.iter().map(|one| (one.grid, GridId::from(named("grid", one.grid))));
        let workers = staff.workers.iter().map(|one| (one.grid, WorkerId::from(named("worker", one.grid))));
        let own = Self {
            router: ruhu_server::serve::router(Arc::clone(&hub)),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
            hub,
            clock,
            community: community.id,
            lead,
            grids: grids.collect(),
            workers: workers.collect(),
        };
        let today = Zone::CHINA.date(own.clock.now());
        let rules = AdoptedRules {
            visits: VisitPolicy::default_trial(),
            categories: ConfirmedCategories::demonstration(),
            adoption: ADOPTED.to_owned(),
        };
        let mut facts = vec![
            CommunityFact::Named(community.clone()),
            CommunityFact::ZoneSet(Zone::CHINA),
            CommunityFact::PolicyAdopted(Box::new(rules)),
        ];
        for one in &staff.workers {
            let (Some(grid), Some(worker)) = (own.grid(one.grid), own.worker(one.grid)) else { continue };
            facts.push(CommunityFact::GridDrawn(Grid {
                id: grid,
                community: community.id,
                name: grid_name(one.grid),
                code: String::new(),
            }));
            facts.push(CommunityFact::WorkerListed(Worker {
                id: worker,
                name: one.name.clone(),
                class: WorkerClass::Staff,
                role: CommitteeRole::GridWorker,
                engagement: Engagement::FullTime,
                contract: ContractKind::LabourContract,
                office_phone: Some(one.office_phone.clone()),
            }));
            facts.push(CommunityFact::Assigned(Assignment {
                grid,
                worker,
                kind: AssignmentKind::Responsible,
                from: today,
                until: None,
            }));
        }
        own.act(Vec::new(), facts, "建立社区、网格和人员")?;
        Ok(own)
    }

    /// The same community on another file: a copy of this hub's database, or the database again after a stop.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn resume(
        &self,
        at: impl Into<DatabaseAt>,
        clock: SimClock,
        seed: u64,
    ) -> Result<Self, HarnessError> {
        let dice = Dice::new(seed, "hub again", &[]).rng().clone();
        let hub = Arc::new(Hub::open(at, Arc::new(clock.clone()), Box::new(dice))?);
        Ok(Self {
            router: ruhu_server::serve::router(Arc::clone(&hub)),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
            hub,
            clock,
            community: self.community,
            lead: self.lead,
            grids: self.grids.clone(),
            workers: self.workers.clone(),
        })
    }

    /// Reads a roster as the product does and enters it; the community goes live today.
    ///
    /// # Errors
    /// [`HarnessError`]; nothing was entered.
    pub fn import(&self, file_name: &str, bytes: &[u8]) -> Result<usize, HarnessError> {
        let preview = self.hub.preview_import(self.community, file_name, bytes, HandMap::default())?;
        Ok(self.hub.commit_import(self.lead, preview, None)?.units)
    }

    /// One act of the community lead.
    ///
    /// # Errors
    /// [`HarnessError::Act`]; nothing was changed.
    pub fn act(
        &self,
        units: Vec<UnitFact>,
        facts: Vec<CommunityFact>,
        reason: &str,
    ) -> Result<(), HarnessError> {
        let act = Act {
            by: self.lead,
            community: self.community,
            units,
            facts,
            request: None,
            reason: reason.into(),
        };
        self.hub.act(act)?;
        Ok(())
    }

    /// 诉求办理 – a step of a request, by the community lead.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn step(&self, unit: Unit, request: RequestId, step: RequestStep) -> Result<(), HarnessError> {
        let event = RequestEvent { unit, request, step, by: By::Desk(self.lead), owner: None, due: None };
        let act = Act {
            by: self.lead,
            community: self.community,
            units: Vec::new(),
            facts: Vec::new(),
            request: Some(event),
            reason: "办结".into(),
        };
        self.hub.act(act)?;
        Ok(())
    }

    /// What the hub answers to a POST, through the router the product serves: the status and the body.
    ///
    /// # Errors
    /// [`HarnessError::Carry`] when the answer breaks off.
    pub fn answer(&self, path: &str, body: &[u8]) -> Result<(u16, Vec<u8>), HarnessError> {
        let request = Request::post(path)
            .header(
                CONTENT_TYPE,
                if path == ENROL_PATH { "application/json" } else { "application/octet-stream" },
            )
            .body(Body::from(body.to_vec()))?;
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
            let status = answer.status().as_u16();
            let body = to_bytes(answer.into_body(), ANSWER_MAX_BYTES).await?;
            Ok((status, body.to_vec()))
        })
    }

    /// Whether the hub knows a unit, and an entry about it if one is named.
    ///
    /// # Errors
    /// [`HarnessError::Storage`].
    pub fn holds(&self, unit: Unit, entry: Option<Hash32>) -> Result<bool, HarnessError> {
        Ok(self.hub.storage().read(|tx| {
            let known = tx.unit(unit)?.is_some();
            match entry {
                Some(entry) if known => {
                    tx.find_about(unit, entry, Pos(i64::MAX)).map(|found| found.is_some())
                }
                _ => Ok(known),
            }
        })?)
    }

    /// The hub itself.
    #[must_use]
    pub const fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// The clock everybody shares.
    #[must_use]
    pub const fn clock(&self) -> &SimClock {
        &self.clock
    }

    /// The community.
    #[must_use]
    pub const fn community(&self) -> CommunityId {
        self.community
    }

    /// The account of the community lead.
    #[must_use]
    pub const fn lead(&self) -> AccountId {
        self.lead
    }

    /// The id of a grid.
    #[must_use]
    pub fn grid(&self, no: GridNo) -> Option<GridId> {
        self.grids.get(&no).copied()
    }

    /// The id of the worker responsible for a grid.
    #[must_use]
    pub fn worker(&self, no: GridNo) -> Option<WorkerId> {
        self.workers.get(&no).copied()
    }

    /// Today in China.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        Zone::CHINA.date(self.clock.now())
    }
}

fn derived_id(community: CommunityId, kind: &str, no: GridNo) -> uuid::Uuid {
    derived("ruhu-sim", &[kind.as_bytes(), community.as_bytes(), &no.0.to_be_bytes()])
}
