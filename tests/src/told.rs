//! 讲述 – a random history told to a real hub: by acts of the desk, and by entries that three phones signed, some of
//! them late, out of order, or out of scope until a person admits them. What went into force is then read back from
//! the log alone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::{
    Kind, Payload, Proposal, Readings, ReasonBody, Record, SealedBody, StreamId, UnitFact, Withdrawal,
    write_cbor,
};
use ruhu_core::fact::Fact;
use ruhu_core::file::{Stamp, StampedFact};
use ruhu_core::ids::{GridId, Hash32, WorkerId};
use ruhu_core::policy::VisitPolicy;
use ruhu_core::roster::{
    Assignment, AssignmentKind, By, CommitteeRole, ContractKind, Engagement, Grid, Unit, Worker, WorkerClass,
};
use ruhu_core::store::{Projector, Store, StoreError, outbox};
use ruhu_core::sync::wire::Verdict;
use ruhu_core::time::PhoneTime;
use ruhu_core::visit::VisitBody;
use ruhu_server::ingest::office::Act;
use ruhu_server::storage::waiting::Waits;
use ruhu_server::storage::{DatabaseAt, StorageError};
use ruhu_sim::harness::{SimClock, SimHub, SimPhone};
use ruhu_sim::worker::Staff;
use tempfile::TempDir;

use crate::folder;
use crate::oracle::{History, Written};

/// The grids of every random history.
pub const GRIDS: [GridId; 2] = [GridId::from_bytes([11; 16]), GridId::from_bytes([12; 16])];
/// The workers of every random history.
const WORKERS: [WorkerId; 3] =
    [WorkerId::from_bytes([51; 16]), WorkerId::from_bytes([52; 16]), WorkerId::from_bytes([53; 16])];
/// One who only reads: his phone holds both grids.
const READER: WorkerId = WorkerId::from_bytes([54; 16]);
/// Before anything that the generator writes.
const BEGIN: &str = "2025-08-01T01:00:00Z";

/// A hub in the middle of a history.
pub struct Telling {
    /// The hub.
    pub hub: SimHub,
    /// A phone that holds both grids.
    pub reader: SimPhone,
    folder: TempDir,
    history: History,
    /// What is still to be told, the next one last.
    ahead: Vec<Written>,
    teller: BTreeMap<WorkerId, Teller>,
    /// The name an entry of the generator has in the log.
    names: BTreeMap<Hash32, Hash32>,
    dice: ChaCha8Rng,
    salt: u64,
}

/// A phone whose entries are written with times that are handed in.
struct Teller {
    phone: SimPhone,
    store: Store,
    pocket: Vec<(Unit, i64, Payload)>,
}

impl Telling {
    /// The history of a seed, with nothing of it told.
    #[must_use]
    pub fn begin(seed: u64) -> Self {
        let folder = folder::new().unwrap();
        let at = DatabaseAt::File(folder.path().join("ruhu.db"));
        Self::begin_on(at, folder, seed)
    }

    /// The same on any database; the folder is for the phones.
    #[must_use]
    pub fn begin_on(at: DatabaseAt, folder: TempDir, seed: u64) -> Self {
        let clock = SimClock::at(BEGIN.parse().unwrap());
        let nobody = Staff { workers: Vec::new(), leave: Vec::new() };
        let hub = SimHub::open(at, clock, seed, &nobody).unwrap();
        let history = History::random(seed);
        hub.act(Vec::new(), set_up(&hub, &history), "建立").unwrap();
        let path = |name: usize| folder.path().join(format!("{name}.db")).to_str().unwrap().to_owned();
        let mut teller = BTreeMap::new();
        for (nth, worker) in WORKERS.into_iter().enumerate() {
            let phone = SimPhone::enrol(&hub, worker, &path(nth), seed).unwrap();
            let store = Store::open(&path(nth)).unwrap();
            teller.insert(worker, Teller { phone, store, pocket: Vec::new() });
        }
        let reader = SimPhone::enrol(&hub, READER, ":memory:", seed).unwrap();
        let mut ahead = history.facts.clone();
        ahead.sort_by_key(|one| std::cmp::Reverse(one.stamp));
        let dice = ChaCha8Rng::seed_from_u64(seed ^ 0x7e11);
        Self { hub, reader, folder, history, ahead, teller, names: BTreeMap::new(), dice, salt: seed << 32 }
    }

    /// Tells up to `count` more facts; false when there were none left. Phones sync now and then, and all of them
    /// before this returns.
    pub fn tell(&mut self, count: usize) -> bool {
        let begun = !self.ahead.is_empty();
        for _ in 0..count {
            let Some(next) = self.ahead.pop() else { break };
            let mut facts = vec![next];
            while let Some(other) = self.ahead.pop_if(|other| other.stamp.entry == facts[0].stamp.entry) {
                facts.push(other);
            }
            self.clock_to(facts[0].stamp.recorded_ms);
            match facts[0].said.by {
                By::Desk(_) => self.at_the_desk(&facts),
                By::Worker(worker) => facts.iter().for_each(|one| self.at_the_door(worker, one)),
            }
        }
        self.deliver();
        if self.dice.random_bool(0.5) {
            self.admit();
        }
        begun
    }

    /// Moves the clock on; an earlier moment changes nothing.
    pub fn clock_to(&self, ms: i64) {
        self.hub.clock().move_to(DateTime::<Utc>::from_timestamp_millis(ms).unwrap());
    }

    fn at_the_desk(&mut self, facts: &[Written]) {
        let By::Desk(by) = facts[0].said.by else { return };
        let units = facts.iter().map(|one| UnitFact { unit: one.unit, fact: self.renamed(&one.said.fact) });
        let (units, community) = (units.collect(), self.hub.community());
        let act = Act { by, community, units, facts: Vec::new(), request: None, reason: String::new() };
        // What the desk may not say yet, of a household nobody listed, it does not say.
        if let Ok(done) = self.hub.hub().act(act) {
            self.names.insert(facts[0].stamp.entry, done[0].entry);
        }
    }

    fn at_the_door(&mut self, worker: WorkerId, one: &Written) {
        self.salt += 1;
        let salt = Hash32::of(&[&self.salt.to_be_bytes()]).0[..16].try_into().unwrap();
        let fact = self.renamed(&one.said.fact);
        let (unit, record, body) = match fact {
            Fact::Visited(visit) => (visit.unit, Record::Visit(visit), write_cbor(&VisitBody::default())),
            Fact::Withdrawn { target } => {
                let withdrawal = Withdrawal { unit: one.unit, target, made_by: worker };
                (one.unit, Record::Withdrawal(withdrawal), write_cbor(&ReasonBody::default()))
            }
            fact => {
                let facts = vec![UnitFact { unit: one.unit, fact }];
                let proposal = Proposal { made_by: worker, facts };
                (one.unit, Record::Proposal(proposal), write_cbor(&ReasonBody::default()))
            }
        };
        let payload = Payload {
            kind: Kind::Record,
            version: Payload::VERSION,
            skeleton: write_cbor(&record),
            body: Some(SealedBody { salt, bytes: body }),
            erased: None,
        };
        self.names.insert(one.stamp.entry, payload.hash());
        let pocket = &mut self.teller.get_mut(&worker).unwrap().pocket;
        pocket.push((unit, one.stamp.recorded_ms, payload));
        if 8 < pocket.len() {
            self.deliver();
        }
    }

    /// The same fact with the names its targets have in the log.
    fn renamed(&self, fact: &Fact) -> Fact {
        let name = |entry: &Hash32| self.names.get(entry).copied().unwrap_or(*entry);
        let mut fact = fact.clone();
        match &mut fact {
            Fact::Withdrawn { target }
            | Fact::Confirmed { target }
            | Fact::Returned { target }
            | Fact::Found { target, .. } => *target = name(target),
            Fact::Visited(visit) => visit.supersedes = visit.supersedes.as_ref().map(name),
            _ => {}
        }
        fact
    }

    /// Every phone writes down what it has in its pocket and syncs.
    fn deliver(&mut self) {
        for teller in self.teller.values_mut() {
            let pocket = std::mem::take(&mut teller.pocket);
            if pocket.is_empty() {
                continue;
            }
            let written = teller.store.write("told", |tx| -> Result<(), StoreError> {
                let mut projector = Projector::new(tx);
                for (unit, recorded_ms, payload) in pocket {
                    let read = PhoneTime::wall_only(DateTime::UNIX_EPOCH);
                    // No hub time is held, so that the hub believes any time before receipt.
                    let readings = Readings { recorded_ms, read, token: None };
                    let stream = StreamId::Grid(GRIDS[0]);
                    outbox::append(tx, &mut projector, &readings, stream, Some(unit), payload)?;
                }
                projector.finish().map(drop)
            });
            written.unwrap();
            teller.phone.sync(&self.hub).unwrap();
        }
    }

    /// A person admits what may be admitted.
    fn admit(&self) {
        let (community, lead) = (self.hub.community(), self.hub.lead());
        let waiting = self.hub.hub().storage().read(|tx| tx.waiting_in(community)).unwrap();
        for one in waiting.into_iter().filter(|one| one.waits == Waits::Quarantined) {
            // What no person can admit stays where it is.
            drop(self.hub.hub().office(move |desk| desk.admit(one.pos, lead, "核实")));
        }
    }

    /// What is in force at the hub now: every accepted entry of the log, nothing else.
    #[must_use]
    pub fn in_force(&self) -> History {
        let community = self.hub.community();
        let mut facts = Vec::new();
        let assignments = self.hub.hub().storage().read(|tx| {
            tx.each_entry(|_, kept| {
                let kept = kept?;
                if let (Verdict::Accepted { .. }, None, Ok(contents)) =
                    (&kept.verdict, kept.repeats, kept.entry.payload.read())
                {
                    let entry = kept.entry.envelope.payload_hash;
                    for (nth, one) in (0..).zip(contents.unit_facts()) {
                        let stamp = Stamp { recorded_ms: kept.recorded_ms, entry, nth };
                        let said = StampedFact { by: contents.by(), fact: one.fact };
                        facts.push(Written { unit: one.unit, stamp, said });
                    }
                }
                Ok::<(), StorageError>(())
            })?;
            Ok::<_, StorageError>(tx.community(community)?.unwrap_or_default().assignments())
        });
        let rules = VisitPolicy::default_trial().coverage_rules(self.history.rules.go_live);
        let calendar = self.history.calendar.clone();
        History { facts, assignments: assignments.unwrap(), rules, calendar }
    }

    /// Where everything lies.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

fn set_up(hub: &SimHub, history: &History) -> Vec<CommunityFact> {
    let mut facts = Vec::new();
    for (nth, id) in GRIDS.into_iter().enumerate() {
        let (community, name) = (hub.community(), format!("第{}网格", nth + 1));
        facts.push(CommunityFact::GridDrawn(Grid { id, community, name, code: String::new() }));
    }
    facts.extend(WORKERS.into_iter().chain([READER]).map(|id| {
        CommunityFact::WorkerListed(Worker {
            id,
            name: format!("工作者{}", id.as_bytes()[0]),
            class: WorkerClass::Staff,
            role: CommitteeRole::GridWorker,
            engagement: Engagement::FullTime,
            contract: ContractKind::Unknown,
            office_phone: None,
        })
    }));
    facts.extend(history.assignments.iter().copied().map(CommunityFact::Assigned));
    facts.extend(GRIDS.map(|grid| {
        let from = "2025-01-01".parse().unwrap();
        let kind = AssignmentKind::Cover;
        CommunityFact::Assigned(Assignment { grid, worker: READER, kind, from, until: None })
    }));
    facts.extend(history.rules.go_live.map(|on| CommunityFact::WentLive { on }));
    facts
}
