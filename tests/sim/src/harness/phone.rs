//! 手机 – the real fieldbook on a file of its own, carried to the hub by a function call.

use std::sync::Arc;

use ruhu_core::fieldbook::Fieldbook;
use ruhu_core::ids::WorkerId;
use ruhu_core::sync::session::{BundleHead, Exchange, FirstLoad, Outcome};
use ruhu_core::sync::wire::ENROL_PATH;
use uuid::Uuid;

use super::{HarnessError, SimHub};
use crate::dice::Dice;

/// The program a simulated phone says it runs.
const APP: &str = concat!("ruhu-sim/", env!("CARGO_PKG_VERSION"));
/// More round trips than any sync of the simulation needs.
const ROUNDS_MAX: u32 = 200;

/// Carries a request body to a path of the hub and brings the status and body of the answer; `None` for a lost one.
pub type Carry<'a> = dyn FnMut(&str, &[u8]) -> Result<Option<(u16, Vec<u8>)>, HarnessError> + 'a;

/// 手机 – one worker's phone.
pub struct SimPhone {
    /// Its fieldbook.
    pub book: Fieldbook,
    /// Everything it sent and received so far.
    pub traffic: Traffic,
}

/// What went over the air; bytes of bodies, without HTTP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes sent.
    pub up: usize,
    /// Bytes received.
    pub down: usize,
    /// Requests.
    pub round_trips: u32,
}

impl SimPhone {
    /// A phone enrolled for a worker, with its file at `path` (`:memory:` keeps none). Nothing is loaded yet.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn enrol(hub: &SimHub, worker: WorkerId, path: &str, seed: u64) -> Result<Self, HarnessError> {
        let mut dice = Dice::new(seed, "phone", &[u64::from_be_bytes(first_eight(worker))]);
        let boot = Uuid::from_u64_pair(u64::from(dice.below(u32::MAX)), u64::from(dice.below(u32::MAX)));
        let clock = Arc::new(hub.clock().of_phone(boot));
        let mut book = Fieldbook::open(path, APP, clock, Box::new(dice.rng().clone()))?;
        let code = hub.hub().make_code(hub.community(), worker)?;
        let request = book.enrol_request(&code, "模拟手机")?;
        let (status, body) = hub.answer(ENROL_PATH, &request)?;
        book.take_enrol_reply("http://127.0.0.1:8080", status, &body)?;
        Ok(Self { book, traffic: Traffic::default() })
    }

    /// The first load in one file, as over a good line; whether there was one to fetch.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn load_bundle(&mut self, hub: &SimHub) -> Result<bool, HarnessError> {
        let FirstLoad::Ask(request) = self.book.first_load()? else { return Ok(false) };
        let (name, ask) = &request.ask;
        let ready = hub.hub().bundle(ask).map_err(|refused| HarnessError::Unfinished(refused.words))?;
        self.traffic.round_trips += 1;
        self.traffic.up += name.len() + ask.len();
        self.traffic.down += ready.bytes.len();
        let length = u64::try_from(ready.bytes.len()).ok();
        let head = BundleHead { status: 200, etag: Some(format!("\"{}\"", ready.etag)), range: None, length };
        self.book.take_bundle_head(&head)?;
        self.book.take_bundle_bytes(&ready.bytes)?;
        self.book.apply_bundle()?;
        Ok(true)
    }

    /// Syncs until both sides hold the same.
    ///
    /// # Errors
    /// [`HarnessError::Unfinished`] when that does not come about.
    pub fn sync(&mut self, hub: &SimHub) -> Result<Exchange, HarnessError> {
        self.sync_through(&mut |path, body| hub.answer(path, body).map(Some))
    }

    /// Syncs through a carrier that may lose what it carries (`None`). Ends when the phone has nothing left to ask
    /// for, or wants to wait.
    ///
    /// # Errors
    /// [`HarnessError::Unfinished`] when the phone asks for something other than time.
    pub fn sync_through(&mut self, carry: &mut Carry<'_>) -> Result<Exchange, HarnessError> {
        let mut all = Exchange::default();
        for _ in 0..ROUNDS_MAX {
            let Some(request) = self.book.sync_request()? else { return Ok(all) };
            self.traffic.round_trips += 1;
            self.traffic.up += request.body.len();
            let outcome = match carry(request.path, &request.body)? {
                Some((status, body)) => {
                    self.traffic.down += body.len();
                    self.book.take_sync_response(status, &body)?
                }
                None => self.book.sync_failed()?,
            };
            match outcome {
                Outcome::Done(exchange) => {
                    all.add(exchange);
                    return Ok(all);
                }
                Outcome::Again(exchange) => all.add(exchange),
                Outcome::SignAgain => {}
                Outcome::RetryAt { .. } => return Ok(all),
                other => return Err(HarnessError::Unfinished(format!("{other:?}"))),
            }
        }
        Err(HarnessError::Unfinished(format!("{ROUNDS_MAX} 次往返 / round trips")))
    }
}

fn first_eight(worker: WorkerId) -> [u8; 8] {
    // The random half of the id: its other half is the time, the same for all workers of one set-up.
    worker.as_bytes().last_chunk::<8>().copied().unwrap_or_default()
}
