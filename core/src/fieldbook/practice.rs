//! 练习本 – a book in memory, filled with invented facts. It belongs to no hub, asks for nothing to be sent, shares no row
//! with the real book, and is gone when it is dropped. Everything else in it is the product itself.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::{Fieldbook, FieldbookError};
use crate::category::Scalar;
use crate::community::CommunityFact;
use crate::entry::{DocSkeleton, OfficeAct, Payload, ReasonBody, StreamId, TimeToken, UnitFact};
use crate::ids::{AccountId, CommunityId, EnrolmentId, GridId, Hash32, HubId, WorkerId};
use crate::roster::{By, Unit};
use crate::store::log::Kept;
use crate::store::{EnrolmentRow, Projector, Secret, Store, StoreError, enrolment, lease, log, profile};

/// In memory; nothing of it reaches a disk.
const NOWHERE: &str = ":memory:";

/// 编造的内容 – what a practice book begins with; never anybody's data.
#[derive(Clone, Debug)]
pub struct Invented {
    /// The community it plays in.
    pub community: CommunityId,
    /// Its one grid.
    pub grid: GridId,
    /// Who practises, as the practice shows it.
    pub worker: WorkerId,
    /// The name shown for that worker.
    pub worker_name: String,
    /// When all of it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// About the community.
    pub facts: Vec<CommunityFact>,
    /// About doors and households.
    pub units: Vec<UnitFact>,
    /// Fields of each household, with their full keys.
    pub fields: Vec<(Unit, Vec<(String, Scalar)>)>,
}

impl Fieldbook {
    /// 练习 – another book beside this one, in memory, at the same time of day. Nothing of this book goes into it but the
    /// clock and fresh randomness, and nothing of it comes back.
    ///
    /// # Errors
    /// [`FieldbookError::Store`]; this book is as it was.
    pub fn practice(&mut self, invented: &Invented) -> Result<Self, FieldbookError> {
        let now_ms = self.now()?.timestamp_millis();
        let mut seed = [0u8; 32];
        self.ids.fill(&mut seed);
        let mut secret = [0u8; 32];
        self.ids.fill(&mut secret);
        let rng = Box::new(StdRng::from_seed(seed));
        let store = Store::open(NOWHERE)?;
        let mut book = Self::over(store, self.session.app(), Arc::clone(&self.clock), rng);
        book.practising = true;
        let read = book.clock.read();
        let Self { store, ids, .. } = &mut book;
        store.write("准备练习 prepare the practice", |tx| -> Result<(), FieldbookError> {
            enrolment::put_secret(tx, &Secret(SigningKey::from_bytes(&secret)))?;
            enrolment::put(tx, &enrolled_nowhere(invented))?;
            enrolment::hold(tx, TimeToken { hub_ms: now_ms, mac: [0; 16] }, read)?;
            lease::renew(tx, now_ms, read)?;
            let mut salt = || {
                let mut salt = [0u8; 16];
                ids.fill(&mut salt);
                salt
            };
            let desk = AccountId::from_bytes([0; 16]);
            let act = OfficeAct {
                units: invented.units.clone(),
                community: invented.facts.clone(),
                ..OfficeAct::of(desk)
            };
            let mut payloads = vec![Payload::of_office(&act, &ReasonBody::default(), salt())];
            for (unit, fields) in &invented.fields {
                let edited = profile(tx, *unit)?.edit(fields, salt(), invented.recorded_at)?;
                if let Some(change) = edited {
                    let skeleton =
                        DocSkeleton { unit: *unit, by: By::Desk(desk), change: change.hash, source: None };
                    payloads.push(Payload::of_doc(&skeleton, change.bytes, salt()));
                }
            }
            Ok(take_in(tx, invented, payloads)?)
        })?;
        Ok(book)
    }

    /// Whether this is a practice book: then there is nobody to send anything to.
    #[must_use]
    pub const fn is_practice(&self) -> bool {
        self.practising
    }
}

/// As if a hub had told it, so that nothing of it is the worker's own and waits to be sent.
fn take_in(
    tx: &rusqlite::Transaction<'_>,
    invented: &Invented,
    payloads: Vec<Payload>,
) -> Result<(), StoreError> {
    let stream = StreamId::Grid(invented.grid);
    let recorded_ms = invented.recorded_at.timestamp_millis();
    let mut projector = Projector::new(tx);
    for (seq, payload) in (1u64..).zip(payloads) {
        let readable = projector.take(&payload, recorded_ms, Some(stream))?;
        log::keep(tx, stream, seq, &Kept { payload, recorded_ms }, readable)?;
    }
    projector.finish().map(drop)
}

/// An enrolment that names no hub and no address.
fn enrolled_nowhere(invented: &Invented) -> EnrolmentRow {
    EnrolmentRow {
        url: String::new(),
        hub: HubId::from_bytes([0; 16]),
        hub_key: [0; 32],
        worker: invented.worker,
        worker_name: invented.worker_name.clone(),
        enrolment: EnrolmentId::from_bytes([0; 16]),
        community: invented.community,
        epoch: 1,
        next_seq: 1,
        previous: Hash32::ZERO,
    }
}
