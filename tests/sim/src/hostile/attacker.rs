//! A hostile phone: a real enrolment, a right chain, right signatures.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use rand::Rng;
use ruhu_core::entry::{Chain, Entry, Payload, Readings, StreamId, TimeToken, seal};
use ruhu_core::ids::{GridId, Hash32, WorkerId};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{
    EnrolRequest, PROTOCOL, Push, SYNC_PATH, SyncReply, SyncRequest, open_reply, pack_request,
};

use crate::dice::Dice;
use crate::harness::{HarnessError, SimHub};

/// One hostile phone.
pub(super) struct Attacker {
    pub(super) worker: WorkerId,
    pub(super) key: SigningKey,
    pub(super) chain: Chain,
    pub(super) token: TimeToken,
    pub(super) before: Hash32,
}

impl Attacker {
    pub(super) fn enrol(hub: &SimHub, worker: WorkerId, dice: &mut Dice) -> Result<Self, HarnessError> {
        let mut seed = [0; 32];
        dice.rng().fill_bytes(&mut seed);
        let key = SigningKey::from_bytes(&seed);
        let request = EnrolRequest {
            code: hub.hub().make_code(hub.community(), worker)?,
            key: key.verifying_key().to_bytes(),
            device: "敌".into(),
            app: "hostile/1".into(),
        };
        let reply = hub.hub().enrol(&request).map_err(|why| HarnessError::Unfinished(why.words))?;
        let chain = Chain::start(reply.hub, reply.enrolment, 1);
        Ok(Self { worker, key, chain, token: reply.token, before: Hash32::ZERO })
    }

    pub(super) fn seal(
        &mut self,
        grid: GridId,
        unit: Option<Unit>,
        readings: &Readings,
        payload: Payload,
    ) -> Entry {
        let entry = seal(&self.chain, &self.key, StreamId::Grid(grid), unit, readings, payload);
        self.chain = self.chain.after(&entry.envelope);
        entry
    }

    /// Where the chain stood before an entry.
    pub(super) fn chain_before(&self, entry: &Entry) -> Chain {
        Chain { next_seq: entry.envelope.seq, previous: entry.envelope.previous, ..self.chain }
    }

    /// The hub's answer; `None` for anything but verdicts, one for each entry.
    pub(super) fn push(&self, hub: &SimHub, entries: &[Entry]) -> Result<Option<SyncReply>, HarnessError> {
        let request = SyncRequest {
            protocol: PROTOCOL,
            app: "hostile/1".into(),
            hub_epoch: 1,
            kept: None,
            whole: false,
            hub_key_nr: 0,
            cursors: BTreeMap::new(),
            pushes: Push::of(entries).into_iter().collect(),
            unsent_after: 0,
        };
        let now_ms = hub.clock().now().timestamp_millis();
        let bytes = pack_request(&request, hub.hub().id(), self.chain.enrolment, &self.key, now_ms);
        let (status, body) = hub.answer(SYNC_PATH, &bytes)?;
        let reply = open_reply(&body, &bytes, &hub.hub().verifying_key()).ok();
        Ok(reply.filter(|reply| status == 200 && reply.verdicts.len() == entries.len()))
    }
}
