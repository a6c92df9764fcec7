//! 传送 – what a carrier of bytes is to do next, until phone and hub hold the same. The carrier is the page's `fetch`;
//! nothing here waits, so a question of the screens is answered between any two steps.

use ruhu_core::fieldbook::{Fieldbook, FieldbookError};
use ruhu_core::sync::session::{BundleHead, Exchange, FirstLoad, Outcome, Progress};
use serde::Serialize;

/// Most requests of one sync: a first load of a large grid takes a few dozen.
const REQUESTS_MAX: u32 = 500;

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Post a body; its answer goes to [`Carry::answered`], or [`Carry::failed`].
    Post {
        /// Whole address.
        url: String,
        /// The body.
        body: Vec<u8>,
    },
    /// Get the first load, or the rest of it; the head of the answer goes to [`Carry::head`].
    Get {
        /// Whole address.
        url: String,
        /// Headers of the request.
        headers: Vec<(&'static str, String)>,
    },
    /// Nothing more: this came of it.
    End(Told),
}

/// How a sync ended, in the words of the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// There was nothing to do: no enrolment yet, or a pause is running.
    Idle,
    /// Both sides hold the same.
    Done,
    /// Not now; see [`Told::retry_at`].
    Waiting,
    /// 请重新登记.
    EnrolAgain,
    /// 请更新.
    UpdateApp,
    /// 撤销.
    Erased,
}

/// What became of a sync (`SyncState` of the screens).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// How it ended.
    pub state: State,
    /// When it is tried again, RFC 3339.
    pub retry_at: Option<String>,
    /// 已收到.
    pub accepted: u32,
    /// 待核 or 退回.
    pub put_aside: u32,
    /// Received from the hub.
    pub brought: u32,
}

/// One sync on its way.
#[derive(Debug)]
pub struct Carry {
    total: Exchange,
    requests: u32,
    /// Whether the first load was not asked about yet.
    loading: bool,
    last: Outcome,
    over: bool,
}

impl Default for Carry {
    fn default() -> Self {
        Self { total: Exchange::default(), requests: 0, loading: true, last: Outcome::Stale, over: false }
    }
}

impl Carry {
    /// What to do next.
    ///
    /// # Errors
    /// [`FieldbookError`]; the sync is over, and what it brought before stays.
    pub fn next(&mut self, book: &mut Fieldbook) -> Result<Step, FieldbookError> {
        let Some(enrolled) = book.enrolled()? else { return Ok(Step::End(self.told())) };
        let address = |path: &str| format!("{}{path}", enrolled.url.trim_end_matches('/'));
        if self.over || REQUESTS_MAX <= self.requests {
            return Ok(Step::End(self.told()));
        }
        self.requests += 1;
        if self.loading {
            match book.first_load()? {
                FirstLoad::Sync => {}
                FirstLoad::Apply => self.total.add(book.apply_bundle()?),
                FirstLoad::Ask(request) => {
                    let mut headers = vec![request.ask];
                    if let Some((from, etag)) = request.rest {
                        headers.push(("range", format!("bytes={from}-")));
                        headers.push(("if-range", etag));
                    }
                    return Ok(Step::Get { url: address(request.path), headers });
                }
            }
            self.loading = false;
        }
        Ok(match book.sync_request()? {
            Some(request) => Step::Post { url: address(request.path), body: request.body },
            None => Step::End(self.told()),
        })
    }

    /// Takes the answer to a post.
    ///
    /// # Errors
    /// [`FieldbookError`]; nothing was changed.
    pub fn answered(&mut self, book: &mut Fieldbook, status: u16, body: &[u8]) -> Result<(), FieldbookError> {
        let outcome = book.take_sync_response(status, body)?;
        self.posted(outcome);
        Ok(())
    }

    /// No answer came to a post.
    ///
    /// # Errors
    /// [`FieldbookError`].
    pub fn failed(&mut self, book: &mut Fieldbook) -> Result<(), FieldbookError> {
        let outcome = book.sync_failed()?;
        self.posted(outcome);
        Ok(())
    }

    /// Takes the head of an answer to a get: whether its body goes to [`Carry::bytes`] part by part, and its end to
    /// [`Carry::cut`]. Else the body is a refusal.
    ///
    /// # Errors
    /// [`FieldbookError`].
    pub fn head(&mut self, book: &mut Fieldbook, head: &BundleHead) -> Result<bool, FieldbookError> {
        book.take_bundle_head(head)
    }

    /// Keeps the next bytes of a first load.
    ///
    /// # Errors
    /// [`FieldbookError`]; nothing of them was kept.
    pub fn bytes(&mut self, book: &mut Fieldbook, bytes: &[u8]) -> Result<Progress, FieldbookError> {
        book.take_bundle_bytes(bytes)
    }

    /// The hub answered a get otherwise.
    ///
    /// # Errors
    /// [`FieldbookError`].
    pub fn refused(&mut self, book: &mut Fieldbook, status: u16, body: &[u8]) -> Result<(), FieldbookError> {
        let outcome = book.take_bundle_refusal(status, body)?;
        self.got(outcome);
        Ok(())
    }

    /// The body of a get ended, broke off or never came; `gained` says whether any of it was kept.
    ///
    /// # Errors
    /// [`FieldbookError`].
    pub fn cut(&mut self, book: &mut Fieldbook, gained: bool) -> Result<(), FieldbookError> {
        let outcome = book.bundle_failed(gained)?;
        self.got(outcome);
        Ok(())
    }

    fn posted(&mut self, outcome: Outcome) {
        if let Outcome::Done(exchange) | Outcome::Again(exchange) = &outcome {
            self.total.add(*exchange);
        }
        self.over = !matches!(outcome, Outcome::Again(_) | Outcome::SignAgain);
        self.last = outcome;
    }

    fn got(&mut self, outcome: Outcome) {
        self.over = !matches!(outcome, Outcome::Again(_) | Outcome::SignAgain | Outcome::Stale);
        self.last = outcome;
    }

    fn told(&self) -> Told {
        let (state, retry_at) = match &self.last {
            Outcome::Done(_) => (State::Done, None),
            Outcome::RetryAt { at, .. } => (State::Waiting, Some(at.to_rfc3339())),
            Outcome::Erased => (State::Erased, None),
            Outcome::EnrolAgain => (State::EnrolAgain, None),
            Outcome::UpdateApp => (State::UpdateApp, None),
            Outcome::Again(_) | Outcome::SignAgain | Outcome::Stale => (State::Idle, None),
        };
        Told {
            state,
            retry_at,
            accepted: self.total.accepted,
            put_aside: self.total.parked + self.total.quarantined,
            brought: self.total.received,
        }
    }
}

#[cfg(test)]
mod tests;
