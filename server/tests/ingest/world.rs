//! A hub on a database of its own, one community with two grids, and phones that seal entries by hand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, Utc};
use ed25519_dalek::SigningKey;
use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::{
    Chain, Entry, Payload, Proposal, Readings, ReasonBody, Record, StreamId, UnitFact, Withdrawal, seal,
};
use ruhu_core::fact::Fact;
use ruhu_core::ids::{
    AccountId, CommunityId, DwellingId, EnrolmentId, GridId, Hash32, HouseholdId, VisitId, WorkerId,
};
use ruhu_core::roster::{
    Address, Assignment, AssignmentKind, CommitteeRole, Community, ContractKind, DwellingUse, Engagement,
    Grid, Unit, Worker, WorkerClass,
};
use ruhu_core::sync::wire::{
    Cursor, EnrolRequest, PROTOCOL, Push, SyncReply, SyncRequest, Trouble, Verdict, open_reply, pack_request,
};
use ruhu_core::time::{Clock, PhoneTime};
use ruhu_core::visit::{DraftRules, MeetingPlace, VisitDraft, VisitOutcome};
use ruhu_server::ingest::office::Act;
use ruhu_server::storage::{DatabaseAt, Hub};

use super::database::Fresh;

pub(crate) const COMMUNITY: CommunityId = CommunityId::from_bytes([1; 16]);
pub(crate) const GRIDS: [GridId; 2] = [GridId::from_bytes([11; 16]), GridId::from_bytes([12; 16])];
pub(crate) const WORKERS: [WorkerId; 3] =
    [WorkerId::from_bytes([21; 16]), WorkerId::from_bytes([22; 16]), WorkerId::from_bytes([23; 16])];
pub(crate) const DOORS: [DwellingId; 2] =
    [DwellingId::from_bytes([31; 16]), DwellingId::from_bytes([32; 16])];
pub(crate) const HOUSEHOLDS: [HouseholdId; 2] =
    [HouseholdId::from_bytes([41; 16]), HouseholdId::from_bytes([42; 16])];
pub(crate) const LEAD: AccountId = AccountId::from_bytes([51; 16]);

/// A clock the story moves.
#[derive(Clone)]
pub(crate) struct StoryClock(Arc<Mutex<DateTime<Utc>>>);

impl StoryClock {
    pub(crate) fn at(text: &str) -> Self {
        Self(Arc::new(Mutex::new(text.parse().unwrap())))
    }

    pub(crate) fn forward(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

impl Clock for StoryClock {
    fn read(&self) -> PhoneTime {
        PhoneTime::wall_only(self.now())
    }
}

pub(crate) struct World {
    pub(crate) hub: Arc<Hub>,
    pub(crate) clock: StoryClock,
    pub(crate) database: Fresh,
    /// For what a story writes or reads beside the hub.
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) fn open_hub(at: impl Into<DatabaseAt>, clock: &StoryClock, seed: u64) -> Hub {
    Hub::open(at, Arc::new(clock.clone()), Box::new(StdRng::seed_from_u64(seed))).unwrap()
}

impl World {
    /// 1 July 2026, 09:00 in China: worker 0 holds grid 0, worker 1 grid 1, worker 2 none.
    pub(crate) fn new() -> Self {
        let database = Fresh::new();
        let clock = StoryClock::at("2026-07-01T01:00:00Z");
        let hub = Arc::new(open_hub(database.at(), &clock, 7));
        let world = Self { hub, clock, database, folder: tempfile::tempdir().unwrap() };
        let mut facts = vec![CommunityFact::Named(Community {
            id: COMMUNITY,
            name: "阳光社区".into(),
            street: "东街".into(),
            county: "某县".into(),
            code: String::new(),
        })];
        for (nth, grid) in GRIDS.into_iter().enumerate() {
            let name = format!("第{}网格", nth + 1);
            facts.push(CommunityFact::GridDrawn(Grid {
                id: grid,
                community: COMMUNITY,
                name,
                code: String::new(),
            }));
        }
        facts.extend(WORKERS.map(|id| CommunityFact::WorkerListed(worker(id))));
        for (grid, worker) in GRIDS.into_iter().zip(WORKERS) {
            facts.push(CommunityFact::Assigned(assignment(grid, worker, "2026-01-01")));
        }
        let mut units = Vec::new();
        for nth in 0..2 {
            units.push(listed(DOORS[nth], GRIDS[nth], &format!("{}01", nth + 1)));
            units.push(settled(HOUSEHOLDS[nth], DOORS[nth], GRIDS[nth]));
        }
        world.act(units, facts);
        world
    }

    pub(crate) fn act(&self, units: Vec<UnitFact>, facts: Vec<CommunityFact>) {
        let act =
            Act { by: LEAD, community: COMMUNITY, units, facts, request: None, reason: "测试".into() };
        self.hub.act(act).unwrap();
    }

    pub(crate) fn phone(&self, worker: WorkerId) -> Phone {
        let code = self.hub.make_code(COMMUNITY, worker).unwrap();
        let key = SigningKey::from_bytes(&self.hub.random());
        let request = EnrolRequest {
            code,
            key: key.verifying_key().to_bytes(),
            device: "test phone".into(),
            app: "test/1".into(),
        };
        let reply = self.hub.enrol(&request).unwrap();
        let chain = Chain::start(reply.hub, reply.enrolment, 1);
        Phone {
            worker,
            enrolment: reply.enrolment,
            key,
            chain,
            token: Some(reply.token),
            cursors: BTreeMap::new(),
            hub_epoch: 1,
            clock: self.clock.clone(),
            salt: 0,
        }
    }
}

/// A phone reduced to what the contract sees of it.
#[derive(Clone)]
pub(crate) struct Phone {
    pub(crate) worker: WorkerId,
    pub(crate) enrolment: EnrolmentId,
    pub(crate) key: SigningKey,
    pub(crate) chain: Chain,
    pub(crate) token: Option<ruhu_core::entry::TimeToken>,
    pub(crate) cursors: BTreeMap<StreamId, Cursor>,
    pub(crate) hub_epoch: u32,
    pub(crate) clock: StoryClock,
    salt: u8,
}

impl Phone {
    pub(crate) fn salt(&mut self) -> [u8; 16] {
        self.salt = self.salt.wrapping_add(1);
        let mut salt = *self.enrolment.as_bytes();
        salt[0] ^= self.salt;
        salt
    }

    pub(crate) fn draft(&self, unit: Unit, door: DwellingId) -> VisitDraft {
        let outcome = Some(VisitOutcome::Met { place: MeetingPlace::Door });
        VisitDraft { unit: Some(unit), dwelling: Some(door), outcome, ..VisitDraft::default() }
    }

    pub(crate) fn visit(&mut self, nth: usize) -> Payload {
        let draft = self.draft(Unit::Household(HOUSEHOLDS[nth]), DOORS[nth]);
        self.visit_of(draft)
    }

    pub(crate) fn visit_of(&mut self, draft: VisitDraft) -> Payload {
        let salt = self.salt();
        let rules = DraftRules {
            today: ruhu_core::time::Zone::CHINA.date(self.clock.now()),
            time: "09:30:00".parse().unwrap(),
            visit: VisitId::from_bytes(salt),
            made_by: self.worker,
        };
        Payload::of_visit(&draft.check(&rules).unwrap(), salt)
    }

    pub(crate) fn proposal(&mut self, facts: Vec<UnitFact>) -> Payload {
        let record = Record::Proposal(Proposal { made_by: self.worker, facts });
        Payload::of_record_with_reason(&record, &ReasonBody::default(), self.salt())
    }

    pub(crate) fn withdrawal(&mut self, unit: Unit, target: Hash32) -> Payload {
        let record = Record::Withdrawal(Withdrawal { unit, target, made_by: self.worker });
        Payload::of_record_with_reason(&record, &ReasonBody::default(), self.salt())
    }

    /// Seals and advances the chain.
    pub(crate) fn seal(&mut self, unit: Unit, payload: Payload) -> Entry {
        self.seal_about(Some(unit), payload)
    }

    pub(crate) fn seal_about(&mut self, unit: Option<Unit>, payload: Payload) -> Entry {
        let now = self.clock.now();
        let readings = Readings {
            recorded_ms: now.timestamp_millis(),
            read: PhoneTime::wall_only(now),
            token: self.token,
        };
        let stream = StreamId::Grid(GRIDS[0]);
        let entry = seal(&self.chain, &self.key, stream, unit, &readings, payload);
        self.chain = self.chain.after(&entry.envelope);
        entry
    }

    pub(crate) fn request(&self, entries: &[Entry]) -> SyncRequest {
        SyncRequest {
            protocol: PROTOCOL,
            app: "test/1".into(),
            hub_epoch: self.hub_epoch,
            kept: None,
            whole: false,
            hub_key_nr: 0,
            cursors: self.cursors.clone(),
            pushes: Push::of(entries).into_iter().collect(),
            unsent_after: 0,
        }
    }

    pub(crate) fn send(&mut self, hub: &Hub, request: &SyncRequest) -> Result<SyncReply, Trouble> {
        let now_ms = self.clock.now().timestamp_millis();
        let bytes = pack_request(request, hub.id(), self.enrolment, &self.key, now_ms);
        let synced = hub.sync(&bytes)?;
        let reply = open_reply(&synced.reply, &bytes, &hub.verifying_key()).unwrap();
        for pull in &reply.pulls {
            self.cursors.insert(pull.stream, pull.cursor);
        }
        self.hub_epoch = reply.hub_epoch;
        self.token = Some(reply.token);
        Ok(reply)
    }

    pub(crate) fn push(&mut self, hub: &Hub, entries: &[Entry]) -> Vec<Verdict> {
        let request = self.request(entries);
        self.send(hub, &request).unwrap().verdicts
    }

    /// Pushes one payload and returns what was said to it.
    pub(crate) fn say(&mut self, hub: &Hub, unit: Unit, payload: Payload) -> Verdict {
        let entry = self.seal(unit, payload);
        self.push(hub, &[entry]).remove(0)
    }
}

pub(crate) fn worker(id: WorkerId) -> Worker {
    Worker {
        id,
        name: format!("工作者{}", id.as_bytes()[0]),
        class: WorkerClass::Staff,
        role: CommitteeRole::GridWorker,
        engagement: Engagement::FullTime,
        contract: ContractKind::Unknown,
        office_phone: None,
    }
}

pub(crate) fn assignment(grid: GridId, worker: WorkerId, from: &str) -> Assignment {
    Assignment { grid, worker, kind: AssignmentKind::Responsible, from: from.parse().unwrap(), until: None }
}

pub(crate) fn listed(door: DwellingId, grid: GridId, number: &str) -> UnitFact {
    let address = Address {
        estate: "阳光小区".into(),
        building: "3".into(),
        stair: "2".into(),
        floor: Some(1),
        door: number.into(),
        remainder: String::new(),
    };
    let from = "2026-01-01".parse().unwrap();
    UnitFact {
        unit: Unit::Vacant(door),
        fact: Fact::DwellingListed { address, used_as: DwellingUse::Home, grid, from },
    }
}

pub(crate) fn settled(household: HouseholdId, dwelling: DwellingId, grid: GridId) -> UnitFact {
    UnitFact { unit: Unit::Household(household), fact: Fact::Settled { dwelling, grid, from: None } }
}
