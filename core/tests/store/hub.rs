//! A hub small enough to read: it believes what is signed, keeps streams, and says what it is told to say.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ed25519_dalek::{SigningKey, VerifyingKey};
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::{
    Contents, Entry, KeyLink, KeyNews, OfficeAct, Payload, ReasonBody, RecoveryKey, StreamId, TokenKey,
    UnitFact,
};
use ruhu_core::fact::Fact;
use ruhu_core::ids::{
    AccountId, CommunityId, DwellingId, EnrolmentId, GridId, Hash32, HouseholdId, HubId, WorkerId,
};
use ruhu_core::projection;
use ruhu_core::roster::{
    Address, Assignment, AssignmentKind, CommitteeRole, ContractKind, DwellingUse, Engagement, Grid, Unit,
    Worker, WorkerClass,
};
use ruhu_core::sync::wire::{
    Cursor, EnrolReply, EnrolRequest, Manifest, PROTOCOL, Pull, Pulled, PulledEntry, Refusal, SyncReply,
    Trouble, TroubleCode, Verdict, open_request, pack_bundle, pack_reply, peek_enrolment,
};

/// Decides about one entry; `None` accepts it.
pub(crate) type Judge = Box<dyn FnMut(&Entry) -> Option<Verdict> + Send>;

pub(crate) struct Hub {
    pub(crate) now: DateTime<Utc>,
    pub(crate) epoch: u32,
    pub(crate) judge: Judge,
    pub(crate) dropped: Vec<StreamId>,
    pub(crate) received: Vec<Entry>,
    pub(crate) covered: BTreeMap<u32, u64>,
    pub(crate) offer_again: bool,
    pub(crate) key: SigningKey,
    pub(crate) recovery: Option<SigningKey>,
    pub(crate) links: Vec<KeyLink>,
    enrolled: BTreeMap<EnrolmentId, (VerifyingKey, WorkerId)>,
    streams: BTreeMap<StreamId, Vec<PulledEntry>>,
    chains: BTreeMap<(EnrolmentId, u32), Vec<(Hash32, Verdict)>>,
    payloads: BTreeMap<Hash32, Verdict>,
    salt: u8,
}

pub(crate) const GRID: GridId = GridId::from_bytes([21; 16]);
pub(crate) const GRID_2: GridId = GridId::from_bytes([22; 16]);
pub(crate) const COMMUNITY: CommunityId = CommunityId::from_bytes([31; 16]);
pub(crate) const HUB: HubId = HubId::from_bytes([41; 16]);

pub(crate) fn worker(nth: u8) -> WorkerId {
    WorkerId::from_bytes([50 + nth; 16])
}

pub(crate) fn household(nth: u8) -> HouseholdId {
    HouseholdId::from_bytes([100 + nth; 16])
}

pub(crate) fn door(nth: u8) -> DwellingId {
    DwellingId::from_bytes([150 + nth; 16])
}

impl Hub {
    pub(crate) fn new(now: &str) -> Self {
        let mut hub = Self {
            now: now.parse().unwrap(),
            epoch: 1,
            judge: Box::new(|_| None),
            dropped: Vec::new(),
            received: Vec::new(),
            covered: BTreeMap::new(),
            offer_again: false,
            key: SigningKey::from_bytes(&[7; 32]),
            recovery: None,
            links: Vec::new(),
            enrolled: BTreeMap::new(),
            streams: BTreeMap::new(),
            chains: BTreeMap::new(),
            payloads: BTreeMap::new(),
            salt: 0,
        };
        let mut facts = vec![CommunityFact::WentLive { on: day("2026-06-01") }];
        for (grid, name) in [(GRID, "第1网格"), (GRID_2, "第2网格")] {
            let (name, code) = (name.to_owned(), String::new());
            facts.push(CommunityFact::GridDrawn(Grid { id: grid, community: COMMUNITY, name, code }));
        }
        for nth in [1, 2] {
            facts.push(CommunityFact::WorkerListed(Worker {
                id: worker(nth),
                name: format!("网格员{nth}"),
                class: WorkerClass::Staff,
                role: CommitteeRole::GridWorker,
                engagement: Engagement::FullTime,
                contract: ContractKind::LabourContract,
                office_phone: None,
            }));
        }
        hub.office(StreamId::Community(COMMUNITY), Vec::new(), facts);
        hub.assign(1, GRID, AssignmentKind::Responsible);
        hub.assign(2, GRID, AssignmentKind::Cover);
        for nth in 1..=3 {
            hub.list_household(nth, GRID);
        }
        hub
    }

    pub(crate) fn assign(&mut self, worker_nth: u8, grid: GridId, kind: AssignmentKind) {
        let from = day("2026-06-01");
        let one = Assignment { grid, worker: worker(worker_nth), kind, from, until: None };
        self.office(StreamId::Community(COMMUNITY), Vec::new(), vec![CommunityFact::Assigned(one)]);
    }

    pub(crate) fn list_household(&mut self, nth: u8, grid: GridId) {
        let (household, dwelling) = (household(nth), door(nth));
        let address = Address {
            estate: "阳光小区".into(),
            building: "3".into(),
            stair: "2".into(),
            floor: Some(i16::from(nth)),
            door: format!("{nth}01"),
            remainder: String::new(),
        };
        let listed =
            Fact::DwellingListed { address, used_as: DwellingUse::Home, grid, from: day("2020-01-01") };
        let settled = Fact::Settled { dwelling, grid, from: None };
        let facts = vec![
            UnitFact { unit: Unit::Vacant(dwelling), fact: listed },
            UnitFact { unit: Unit::Household(household), fact: settled },
        ];
        self.office(StreamId::Grid(grid), facts, Vec::new());
    }

    pub(crate) fn office(&mut self, stream: StreamId, units: Vec<UnitFact>, community: Vec<CommunityFact>) {
        self.salt += 1;
        let unit = units.first().map(|one| one.unit);
        let act = OfficeAct { units, community, ..OfficeAct::of(AccountId::from_bytes([61; 16])) };
        let payload = Payload::of_office(&act, &ReasonBody::default(), [self.salt; 16]);
        self.append(stream, unit, Pulled::Payload(payload));
    }

    /// Places something in a stream; its place.
    pub(crate) fn append(&mut self, stream: StreamId, unit: Option<Unit>, entry: Pulled) -> u64 {
        let log = self.streams.entry(stream).or_default();
        let seq = log.len() as u64 + 1;
        log.push(PulledEntry { seq, unit, recorded_ms: self.now.timestamp_millis(), entry });
        seq
    }

    pub(crate) fn enrol(&mut self, worker_nth: u8, body: &[u8]) -> Vec<u8> {
        let request: EnrolRequest = serde_json::from_slice(body).unwrap();
        let enrolment =
            EnrolmentId::from_bytes([70 + worker_nth + 2 * u8::try_from(self.enrolled.len()).unwrap(); 16]);
        self.enrolled
            .insert(enrolment, (VerifyingKey::from_bytes(&request.key).unwrap(), worker(worker_nth)));
        let reply = EnrolReply {
            hub: HUB,
            hub_key: self.key.verifying_key().to_bytes(),
            worker: worker(worker_nth),
            worker_name: format!("网格员{worker_nth}"),
            enrolment,
            community: COMMUNITY,
            assignments: Vec::new(),
            token: TokenKey::new([9; 32]).issue(enrolment, self.now.timestamp_millis()),
            hub_key_nr: u32::try_from(self.links.len()).unwrap() + 1,
            recovery_key: self.recovery.as_ref().map(|key| key.verifying_key().to_bytes()),
        };
        serde_json::to_vec(&reply).unwrap()
    }

    /// Forgets the last `n` entries of a chain and everything placed after `keep` in its stream: a restored backup.
    pub(crate) fn restore_to_nothing(&mut self) {
        self.epoch += 1;
        self.chains.clear();
        self.payloads.clear();
        self.received.clear();
        for log in self.streams.values_mut() {
            log.retain(|one| {
                matches!(&one.entry, Pulled::Payload(payload)
                if matches!(payload.read(), Ok(Contents::Office { .. })))
            });
            for (one, seq) in log.iter_mut().zip(1..) {
                one.seq = seq;
            }
        }
    }

    pub(crate) fn trouble(&self, code: TroubleCode) -> Vec<u8> {
        serde_json::to_vec(&self.trouble_of(code)).unwrap()
    }

    fn trouble_of(&self, code: TroubleCode) -> Trouble {
        let (hub_ms, words) = (self.now.timestamp_millis(), "说明 words".into());
        Trouble { code, hub_ms, words, retry_after_s: 0, signature: None, keys: None }
    }

    /// A refusal of this request, signed.
    pub(crate) fn signed_trouble(&self, code: TroubleCode, request: &[u8]) -> Vec<u8> {
        serde_json::to_vec(&self.trouble_of(code).signed(request, &self.key)).unwrap()
    }

    /// The same with the keys that lead to the one it is signed with.
    pub(crate) fn signed_trouble_telling_keys(&self, code: TroubleCode, request: &[u8]) -> Vec<u8> {
        let trouble = Trouble { keys: self.news(1), ..self.trouble_of(code) };
        serde_json::to_vec(&trouble.signed(request, &self.key)).unwrap()
    }

    pub(crate) fn answer(&mut self, body: &[u8]) -> (u16, Vec<u8>) {
        let enrolment = peek_enrolment(body).unwrap();
        let Some((key, _)) = self.enrolled.get(&enrolment).copied() else {
            return (401, self.trouble(TroubleCode::UnknownEnrolment));
        };
        let request = match open_request(body, HUB, &key, self.now.timestamp_millis()) {
            Ok(request) => request,
            Err(ruhu_core::sync::wire::BadFrame::ClockSkew) => {
                return (409, self.trouble(TroubleCode::ClockSkew));
            }
            Err(_) => return (401, self.trouble(TroubleCode::BadSignature)),
        };
        let mut verdicts = Vec::new();
        for push in request.pushes.clone() {
            let mut stopped = None;
            for entry in push.rebuild(HUB, enrolment) {
                // Nothing after an entry that was not taken is looked at.
                let verdict = stopped.clone().unwrap_or_else(|| self.take(&key, &entry));
                if let Verdict::NotTaken { expects_seq, .. } = verdict {
                    stopped = Some(Verdict::NotTaken { reason: Refusal::Gap, expects_seq });
                }
                verdicts.push(verdict);
            }
        }
        let pulls = request.cursors.iter().map(|(stream, cursor)| self.pull(*stream, cursor.seq)).collect();
        let reply = SyncReply {
            protocol: PROTOCOL,
            hub_epoch: self.epoch,
            offer_again: std::mem::take(&mut self.offer_again),
            covered: self.covered.clone(),
            token: TokenKey::new([9; 32]).issue(enrolment, self.now.timestamp_millis()),
            verdicts,
            pulls,
            more: false,
            dropped: self.dropped.clone(),
            retry_after_s: 0,
            keys: self.news(request.hub_key_nr),
        };
        (200, pack_reply(&reply, body, &self.key))
    }

    /// Signs with another key from now on; `lost` leaves the former key's signature out.
    pub(crate) fn change_key(&mut self, seed: u8, lost: bool) {
        let (next, nr) = (SigningKey::from_bytes(&[seed; 32]), u32::try_from(self.links.len()).unwrap() + 2);
        let (former, at) = (self.key.verifying_key().to_bytes(), self.now.timestamp_millis());
        let signer = (!lost).then_some(&self.key);
        let recovery = self.recovery.as_ref().unwrap();
        self.links.push(KeyLink::make(HUB, (nr, &former), (&next.verifying_key(), at), recovery, signer));
        self.key = next;
    }

    fn news(&self, known: u32) -> Option<KeyNews> {
        let first = SigningKey::from_bytes(&[7; 32]);
        let recovery = self.recovery.as_ref().filter(|_| known == 0);
        let recovery = recovery.map(|key| RecoveryKey::announce(HUB, &key.verifying_key(), &first));
        let links: Vec<KeyLink> = self.links.iter().filter(|link| known.max(1) < link.nr).cloned().collect();
        (recovery.is_some() || !links.is_empty()).then_some(KeyNews { recovery, links })
    }

    /// The first load of an enrolment in one file, as signed by this hub.
    pub(crate) fn bundle(&self, enrolment: EnrolmentId) -> Vec<u8> {
        self.bundle_signed(HUB, enrolment, &self.key)
    }

    /// The same as another might have made it.
    pub(crate) fn bundle_signed(&self, hub: HubId, enrolment: EnrolmentId, key: &SigningKey) -> Vec<u8> {
        let streams = [StreamId::Community(COMMUNITY), StreamId::Grid(GRID)];
        let pulls: Vec<Pull> = streams.into_iter().map(|stream| self.pull(stream, 0)).collect();
        let manifest = Manifest {
            protocol: PROTOCOL,
            hub,
            enrolment,
            hub_epoch: self.epoch,
            made_ms: self.now.timestamp_millis(),
            content: Hash32::ZERO,
            streams: BTreeMap::new(),
        };
        pack_bundle(&manifest, &pulls, key)
    }

    fn pull(&self, stream: StreamId, after: u64) -> Pull {
        let log = self.streams.get(&stream).map_or(&[][..], Vec::as_slice);
        let entries: Vec<_> = log.iter().filter(|one| after < one.seq).cloned().collect();
        Pull { stream, entries, cursor: Cursor { seq: log.len() as u64, head: [0; 8] } }
    }

    fn take(&mut self, key: &VerifyingKey, entry: &Entry) -> Verdict {
        let envelope = &entry.envelope;
        let chain = (envelope.enrolment, envelope.epoch);
        let known = self.chains.entry(chain).or_default();
        let expects_seq = known.len() as u64 + 1;
        if let Some((hash, verdict)) = known.get(usize::try_from(envelope.seq).unwrap() - 1) {
            let fork = Verdict::NotTaken { reason: Refusal::Fork, expects_seq };
            return if *hash == envelope.hash() { verdict.clone() } else { fork };
        }
        if expects_seq < envelope.seq {
            return Verdict::NotTaken { reason: Refusal::Gap, expects_seq };
        }
        if entry.prove(key).is_err() {
            return Verdict::NotTaken { reason: Refusal::BadSignature, expects_seq };
        }
        let verdict = match self.payloads.get(&envelope.payload_hash).cloned().or_else(|| (self.judge)(entry))
        {
            Some(said @ (Verdict::NotTaken { .. } | Verdict::RetryLater)) => return said,
            Some(said) => said,
            None => {
                self.received.push(entry.clone());
                let seq = self.append(envelope.stream, envelope.unit, Pulled::Payload(entry.payload.clone()));
                let counts_in = projection::counts_in(&entry.payload);
                Verdict::Accepted {
                    stream: envelope.stream,
                    seq,
                    recorded_ms: envelope.recorded_ms,
                    counts_in,
                }
            }
        };
        self.payloads.insert(envelope.payload_hash, verdict.clone());
        self.chains.entry(chain).or_default().push((envelope.hash(), verdict.clone()));
        verdict
    }
}

pub(crate) fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}
