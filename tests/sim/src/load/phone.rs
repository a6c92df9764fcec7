//! 一部手机 – its key, its chain, how far it has read; what it pushed is kept until the hub has it.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Instant;

use chrono::NaiveDate;
use ed25519_dalek::{SigningKey, VerifyingKey};
use ruhu_core::entry::{Chain, Entry, Readings, StreamId, TimeToken, seal};
use ruhu_core::ids::{EnrolmentId, Hash32, HubId};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{
    Cursor, ENROL_PATH, EnrolReply, EnrolRequest, PROTOCOL, Push, SYNC_PATH, SyncReply, SyncRequest, Trouble,
    Verdict, open_reply, pack_request,
};
use ruhu_core::time::PhoneTime;

use super::Shared;
use super::ground::Invited;
use crate::bench::county::Patch;
use crate::bench::pushes::visit;

/// A request that got no answer is sent so many times in all.
const TRIES: u32 = 3;
/// Pages of a first load at most.
const PAGES_MAX: u32 = 1_000;

/// One phone of a run.
pub(super) struct Phone {
    patch: Patch,
    key: SigningKey,
    hub: HubId,
    hub_key: VerifyingKey,
    enrolment: EnrolmentId,
    token: TimeToken,
    hub_epoch: u32,
    cursors: BTreeMap<StreamId, Cursor>,
    chain: Chain,
    /// Sealed, and not acknowledged yet.
    unsent: Vec<Entry>,
}

impl Phone {
    /// Shows the code; `None`, and counted, when the hub would not have it.
    pub(super) async fn enrol(invited: Invited, shared: &Shared) -> Option<Self> {
        let Invited { patch, code } = invited;
        let key = SigningKey::from_bytes(&Hash32::of(&[b"ruhu-sim/load", code.as_bytes()]).0);
        let request = EnrolRequest {
            code,
            key: key.verifying_key().to_bytes(),
            device: "ruhu-sim/load".into(),
            app: "ruhu-sim/load".into(),
        };
        let body = serde_json::to_vec(&request).ok()?;
        let (status, answer) = carry(shared, ENROL_PATH, body).await?;
        if status != 200 {
            refused(shared, status, &answer);
            return None;
        }
        let Ok(reply) = serde_json::from_slice::<EnrolReply>(&answer) else {
            shared.went_wrong("unreadable");
            return None;
        };
        let hub_key = VerifyingKey::from_bytes(&reply.hub_key).ok()?;
        Some(Self {
            chain: Chain::start(reply.hub, reply.enrolment, 1),
            patch,
            key,
            hub: reply.hub,
            hub_key,
            enrolment: reply.enrolment,
            token: reply.token,
            hub_epoch: 0,
            cursors: BTreeMap::new(),
            unsent: Vec::new(),
        })
    }

    /// Reads what it lacks, to the end.
    pub(super) async fn read(&mut self, shared: &Shared) {
        for _ in 0..PAGES_MAX {
            match self.exchange(shared).await {
                Some(reply) if reply.more => {}
                _ => return,
            }
        }
    }

    /// Records a day's visits and pushes them, with whatever is left of other days.
    pub(super) async fn work(&mut self, visits: u32, day: NaiveDate, shared: &Shared) {
        let now = shared.clock.read().wall;
        let enrolment = self.enrolment;
        for _ in 0..visits {
            let done = u32::try_from(self.chain.next_seq - 1).unwrap_or(u32::MAX);
            let nth = self.patch.first + done.checked_rem(self.patch.households).unwrap_or(0);
            let Ok(payload) = visit(&self.patch, nth, (done, enrolment.as_bytes()), day) else { continue };
            let (recorded_ms, token) = (now.timestamp_millis(), Some(self.token));
            let readings = Readings { recorded_ms, read: PhoneTime::wall_only(now), token };
            let unit = Some(Unit::Household(Patch::household(nth).0));
            let stream = StreamId::Grid(self.patch.grid);
            let entry = seal(&self.chain, &self.key, stream, unit, &readings, payload);
            self.chain = self.chain.after(&entry.envelope);
            self.unsent.push(entry);
        }
        self.exchange(shared).await;
    }

    /// One round trip; `None`, and counted, when it came to nothing.
    async fn exchange(&mut self, shared: &Shared) -> Option<SyncReply> {
        let pushes: Vec<Push> = Push::of(&self.unsent).into_iter().collect();
        let pushed = !pushes.is_empty();
        for _ in 0..TRIES {
            let request = SyncRequest {
                protocol: PROTOCOL,
                app: "ruhu-sim/load".into(),
                hub_epoch: self.hub_epoch,
                hub_key_nr: 0,
                kept: None,
                whole: false,
                cursors: self.cursors.clone(),
                pushes: pushes.clone(),
                unsent_after: 0,
            };
            let now_ms = shared.clock.read().wall.timestamp_millis();
            let body = pack_request(&request, self.hub, self.enrolment, &self.key, now_ms);
            let began = Instant::now();
            let Some((status, answer)) = carry(shared, SYNC_PATH, body.clone()).await else { continue };
            let took_ms = began.elapsed().as_secs_f64() * 1000.0;
            if status != 200 {
                refused(shared, status, &answer);
                continue;
            }
            let Ok(reply) = open_reply(&answer, &body, &self.hub_key) else {
                shared.went_wrong("unproven reply");
                continue;
            };
            let tally = &mut *shared.tally();
            if pushed {
                tally.push_ms.push(took_ms)
            } else {
                tally.pull_ms.push(took_ms)
            }
            self.take(&reply, shared, &mut tally.errors);
            return Some(reply);
        }
        None
    }

    fn take(&mut self, reply: &SyncReply, shared: &Shared, errors: &mut BTreeMap<String, u64>) {
        let mut kept = 0;
        for verdict in &reply.verdicts {
            let other = match verdict {
                Verdict::Accepted { .. } => {
                    shared.visits.fetch_add(1, Ordering::Relaxed);
                    kept += 1;
                    continue;
                }
                Verdict::Parked { .. } => "parked",
                Verdict::Quarantined { .. } => "quarantined",
                Verdict::NotTaken { .. } => "not taken",
                Verdict::RetryLater => "retry later",
            };
            if matches!(verdict, Verdict::Parked { .. } | Verdict::Quarantined { .. }) {
                kept += 1;
            }
            *errors.entry(other.to_owned()).or_default() += 1;
        }
        self.unsent.drain(..kept.min(self.unsent.len()));
        (self.hub_epoch, self.token) = (reply.hub_epoch, reply.token);
        self.cursors.extend(reply.pulls.iter().map(|pull| (pull.stream, pull.cursor)));
        self.cursors.retain(|stream, _| !reply.dropped.contains(stream));
    }
}

/// Carries a body there and the answer back; `None`, and counted, when there was none.
async fn carry(shared: &Shared, path: &str, body: Vec<u8>) -> Option<(u16, Vec<u8>)> {
    shared.turn().await;
    let up = u64::try_from(body.len()).unwrap_or(u64::MAX);
    let answer = shared.carrier.post(path, body).await;
    let tally = &mut *shared.tally();
    tally.requests += 1;
    tally.bytes_up += up;
    match answer {
        Ok(answer) => {
            tally.bytes_down += u64::try_from(answer.body.len()).unwrap_or(u64::MAX);
            Some((answer.status, answer.body))
        }
        Err(_) => {
            *tally.errors.entry("no answer".to_owned()).or_default() += 1;
            None
        }
    }
}

fn refused(shared: &Shared, status: u16, answer: &[u8]) {
    let kind = match serde_json::from_slice::<Trouble>(answer) {
        Ok(trouble) => serde_json::to_string(&trouble.code).unwrap_or_default().trim_matches('"').to_owned(),
        Err(_) => format!("HTTP {status}"),
    };
    shared.went_wrong(kind);
}
