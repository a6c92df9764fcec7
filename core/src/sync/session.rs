//! 会话 – what to ask the hub and what to make of its answer; bytes in, bytes out, no socket and no clock of its own.
//!
//! Every step may be lost or repeated: a request is made from the store alone, and an answer is taken in one
//! transaction whose every part changes nothing the second time.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use rand::Rng;
use serde::{Deserialize, Serialize};

use super::wire::{
    self, BadFrame, ChainMark, Cursor, PROTOCOL, Push, SYNC_PATH, SyncRequest, Trouble, TroubleCode,
    open_reply, pack_request,
};
use crate::entry::{Entry, Envelope};
use crate::ids::Hash32;
use crate::store::{Store, StoreError, enrolment, log, outbox};
use crate::time::PhoneTime;

mod bundle;
mod take;

pub use bundle::{BundleHead, BundleRequest, FirstLoad, Progress};

/// Payload bytes of one request; more goes in the next.
const PUSH_BYTES: usize = 256 * 1024;
/// First wait after a failure, in milliseconds; doubled each time.
const FIRST_WAIT_MS: i64 = 2_000;
/// Longest wait between two tries, in milliseconds.
const LONGEST_WAIT_MS: i64 = 15 * 60 * 1000;

/// One conversation with the hub; kept in memory only. What must outlive it is in the store.
#[derive(Debug, Default)]
pub struct Session {
    app: String,
    flight: Option<Flight>,
    failures: u32,
    retry_at: Option<DateTime<Utc>>,
    /// Hub time minus own time, learnt from a refusal for a wrong clock; used to sign only.
    skew_ms: i64,
    fetching: bundle::Fetching,
}

/// A request on its way.
#[derive(Debug)]
struct Flight {
    bytes: Vec<u8>,
    pushed: Vec<Pushed>,
    unsent_after: u32,
    signed_again: bool,
}

/// An entry on its way: its place and its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pushed {
    epoch: u32,
    seq: u64,
    payload: Hash32,
}

/// What a transport carries to the hub, as an HTTP POST.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Path below the hub's address.
    pub path: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

/// What came of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Both sides hold the same.
    Done(Exchange),
    /// There is more to send or to receive: ask again at once.
    Again(Exchange),
    /// Sign the same request with the hub's time: ask again at once.
    SignAgain,
    /// Not now.
    RetryAt {
        /// No sooner than this, by this phone's best knowledge of the time.
        at: DateTime<Utc>,
        /// Why.
        why: Wait,
    },
    /// 撤销 – the enrolment was revoked; the copy on this phone was erased after all was sent.
    Erased,
    /// The hub does not know this enrolment, or its key: enrol again. Nothing was lost.
    EnrolAgain,
    /// The hub speaks another protocol version.
    UpdateApp,
    /// An answer to nothing that was asked; ignored.
    Stale,
}

/// Why to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// No connection, or the answer was cut short or not the hub's.
    NoAnswer,
    /// The hub asked for a pause.
    HubAsked,
    /// The hub cannot answer now.
    HubBusy,
    /// The clocks differ and the hub refused twice.
    Clock,
    /// The hub could not read the request.
    Refused,
}

/// What one exchange brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Entries sent.
    pub sent: u32,
    /// 已收到.
    pub accepted: u32,
    /// 待核.
    pub parked: u32,
    /// 退回.
    pub quarantined: u32,
    /// Entries that must be sent again: a gap, a fork, or today's limit.
    pub to_send_again: u32,
    /// Payloads received.
    pub received: u32,
    /// Units that left this phone.
    pub forgotten: u32,
}

impl Exchange {
    /// Adds another round trip.
    pub const fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.accepted += other.accepted;
        self.parked += other.parked;
        self.quarantined += other.quarantined;
        self.to_send_again += other.to_send_again;
        self.received += other.received;
        self.forgotten += other.forgotten;
    }
}

/// Why a request cannot be made or an answer not be taken. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored hub key is not a key.
    #[error("登记已损坏:请重新登记 / the enrolment is damaged: enrol again")]
    BadHubKey,
    /// The first load's bundle is not to be believed.
    #[error("{0};再次同步将逐页下载 / sync again to load page by page instead")]
    Bundle(#[source] wire::BadBundle),
}

impl Session {
    /// A session of the program `app` (name and version, for the hub's list of devices).
    #[must_use]
    pub fn new(app: impl Into<String>) -> Self {
        Self { app: app.into(), ..Self::default() }
    }

    /// The program and its version.
    #[must_use]
    pub fn app(&self) -> &str {
        &self.app
    }

    /// Whether a try would be made at `now`, or since when one may be.
    #[must_use]
    pub const fn retry_at(&self) -> Option<DateTime<Utc>> {
        self.retry_at
    }

    /// The person asked for it: the pause after failures ends.
    pub const fn try_now(&mut self) {
        self.retry_at = None;
    }

    /// The next request; `None` when there is no enrolment or a pause is still running.
    ///
    /// # Errors
    /// [`SyncError`].
    pub fn next_request(&mut self, store: &Store, read: PhoneTime) -> Result<Option<Request>, SyncError> {
        let db = store.read();
        let Some(row) = enrolment::find(db)? else { return Ok(None) };
        let now = enrolment::now(enrolment::held(db)?.as_ref(), read);
        if self.retry_at.is_some_and(|at| now < at) {
            return Ok(None);
        }
        let key = enrolment::secret(db)?.ok_or(StoreError::NotEnrolled)?;
        let (entries, unsent_after) = outbox::to_send(db, PUSH_BYTES)?;
        let pushed = entries.iter().map(Pushed::of).collect();
        let cursors = log::cursors(db)?.into_iter();
        let request = SyncRequest {
            protocol: PROTOCOL,
            app: self.app.clone(),
            hub_epoch: log::meta(db, HUB_EPOCH)?,
            cursors: cursors
                .map(|(stream, to)| (stream, Cursor { seq: to.seq, head: to.head }))
                .collect::<BTreeMap<_, _>>(),
            pushes: runs(&entries),
            unsent_after,
            kept: outbox::last_kept(db)?.map(mark),
            whole: log::is_reading_again(db)?,
        };
        let sign_ms = now.timestamp_millis().saturating_add(self.skew_ms);
        let bytes = pack_request(&request, row.hub, row.enrolment, &key.0, sign_ms);
        let signed_again = self.flight.as_ref().is_some_and(|flight| flight.signed_again);
        self.flight = Some(Flight { bytes: bytes.clone(), pushed, unsent_after, signed_again });
        Ok(Some(Request { path: SYNC_PATH, body: bytes }))
    }

    /// Takes the answer to the last request: verdicts, what was lacking, cursors and hub time, all in one
    /// transaction. An answer that cannot be proven changes nothing.
    ///
    /// # Errors
    /// [`SyncError`]; nothing was changed.
    pub fn take_response(
        &mut self,
        store: &mut Store,
        status: u16,
        body: &[u8],
        read: PhoneTime,
        rng: &mut dyn Rng,
    ) -> Result<Outcome, SyncError> {
        let Some(flight) = self.flight.take() else { return Ok(Outcome::Stale) };
        let row = enrolment::need(store.read())?;
        let now = enrolment::now(enrolment::held(store.read())?.as_ref(), read);
        if status != 200 {
            return self.take_trouble(store, flight, body, now, rng);
        }
        let hub_key = row.hub_key().ok_or(SyncError::BadHubKey)?;
        let reply = match open_reply(body, &flight.bytes, &hub_key) {
            Ok(reply) if reply.protocol == PROTOCOL && reply.verdicts.len() == flight.pushed.len() => reply,
            Ok(reply) if reply.protocol != PROTOCOL => return Ok(Outcome::UpdateApp),
            Ok(_)
            | Err(
                BadFrame::CutShort
                | BadFrame::Unpack
                | BadFrame::Signature
                | BadFrame::ClockSkew
                | BadFrame::Body(_),
            ) => {
                return Ok(self.back_off(now, Wait::NoAnswer, rng));
            }
        };
        let (retry_after_s, hub_ms) = (reply.retry_after_s, reply.token.hub_ms);
        store.about_to_apply(&take::changes_of_others(store.read(), &reply.pulls)?)?;
        let taken = store.write("收取同步结果 take an answer", |tx| {
            take::take(tx, &row, &flight.pushed, &reply, read)
        })?;
        self.failures = 0;
        self.retry_at = None;
        // A wall clock that runs ahead stays wrong after the answer; one that lags is set right by the token itself.
        let now = enrolment::now(enrolment::held(store.read())?.as_ref(), read);
        self.skew_ms = hub_ms.saturating_sub(now.timestamp_millis());
        if 0 < retry_after_s {
            let at = now + Duration::seconds(i64::from(retry_after_s));
            self.retry_at = Some(at);
            return Ok(Outcome::RetryAt { at, why: Wait::HubAsked });
        }
        let more = taken.more || 0 < flight.unsent_after;
        Ok(if more { Outcome::Again(taken.exchange) } else { Outcome::Done(taken.exchange) })
    }

    /// No answer came; the next try waits, twice as long after each failure, with jitter so that phones which lost
    /// the hub together do not come back together.
    pub fn failed(
        &mut self,
        store: &Store,
        read: PhoneTime,
        rng: &mut dyn Rng,
    ) -> Result<Outcome, SyncError> {
        self.flight = None;
        let now = enrolment::now(enrolment::held(store.read())?.as_ref(), read);
        Ok(self.back_off(now, Wait::NoAnswer, rng))
    }

    fn take_trouble(
        &mut self,
        store: &mut Store,
        flight: Flight,
        body: &[u8],
        now: DateTime<Utc>,
        rng: &mut dyn Rng,
    ) -> Result<Outcome, SyncError> {
        let Ok(trouble) = serde_json::from_slice::<Trouble>(body) else {
            return Ok(self.back_off(now, Wait::NoAnswer, rng));
        };
        let hub_key = enrolment::need(store.read())?.hub_key().ok_or(SyncError::BadHubKey)?;
        let said_by_hub = trouble.holds(&flight.bytes, &hub_key);
        match trouble.code {
            TroubleCode::ClockSkew if !flight.signed_again => {
                // Not proven, so it moves no clock: it is only what this one request is signed with.
                self.skew_ms = trouble.hub_ms.saturating_sub(now.timestamp_millis());
                self.flight = Some(Flight { signed_again: true, pushed: Vec::new(), ..flight });
                Ok(Outcome::SignAgain)
            }
            TroubleCode::ClockSkew => Ok(self.back_off(now, Wait::Clock, rng)),
            // Whoever can answer in the hub's place could otherwise make a phone forget its copy.
            TroubleCode::Erase if !said_by_hub => Ok(self.back_off(now, Wait::NoAnswer, rng)),
            TroubleCode::Erase => {
                let payloads: Vec<Hash32> = flight.pushed.iter().map(|pushed| pushed.payload).collect();
                let left = store.write("清除本机副本 erase", |tx| take::erase(tx, &payloads))?;
                Ok(if left { Outcome::Again(Exchange::default()) } else { Outcome::Erased })
            }
            TroubleCode::UnknownEnrolment
            | TroubleCode::BadSignature
            | TroubleCode::BadCode
            | TroubleCode::UsedCode
            | TroubleCode::ExpiredCode => Ok(Outcome::EnrolAgain),
            TroubleCode::Version => Ok(Outcome::UpdateApp),
            TroubleCode::TooMany | TroubleCode::Busy => Ok(self.back_off(now, Wait::HubBusy, rng)),
            TroubleCode::BadRequest | TroubleCode::TooLarge => Ok(self.back_off(now, Wait::Refused, rng)),
        }
    }

    fn back_off(&mut self, now: DateTime<Utc>, why: Wait, rng: &mut dyn Rng) -> Outcome {
        let doubled = FIRST_WAIT_MS.checked_shl(self.failures.min(16)).unwrap_or(LONGEST_WAIT_MS);
        let wait = doubled.min(LONGEST_WAIT_MS);
        self.failures = self.failures.saturating_add(1);
        // Half of the wait for certain, the other half by chance.
        let jitter = i64::from(rng.next_u32() % 1_000) * (wait / 2) / 1_000;
        let at = now + Duration::milliseconds(wait / 2 + jitter);
        self.retry_at = Some(at);
        Outcome::RetryAt { at, why }
    }
}

/// Name of the hub epoch last heard of.
pub(super) const HUB_EPOCH: &str = "hub_epoch";

impl Pushed {
    fn of(entry: &Entry) -> Self {
        let envelope = &entry.envelope;
        Self { epoch: envelope.epoch, seq: envelope.seq, payload: envelope.payload_hash }
    }
}

fn mark(envelope: Envelope) -> ChainMark {
    ChainMark { epoch: envelope.epoch, seq: envelope.seq, head: envelope.hash().head() }
}

/// Consecutive entries of one epoch travel as one run.
fn runs(entries: &[Entry]) -> Vec<Push> {
    let follows = |one: &Entry, next: &Entry| {
        one.envelope.epoch == next.envelope.epoch && one.envelope.seq + 1 == next.envelope.seq
    };
    entries.chunk_by(follows).filter_map(Push::of).collect()
}

/// The code a refusal is stored under.
#[must_use]
pub fn refusal_code(refusal: wire::Refusal) -> String {
    serde_json::to_value(refusal).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Back from [`refusal_code`].
#[must_use]
pub fn refusal_of(code: &str) -> Option<wire::Refusal> {
    serde_json::from_value(serde_json::Value::String(code.to_owned())).ok()
}
