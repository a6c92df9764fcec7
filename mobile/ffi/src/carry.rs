//! 收发 – enrolling and syncing. Both may be dropped after any wait: nothing is lost, and the next call goes on.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

use ruhu_core::fieldbook::{Door, Invitation, sync_telling};
use ruhu_core::sync::http::{Carrier, CarrierOptions};
use ruhu_core::sync::session::{Exchange, Outcome, Progress};
use ruhu_core::sync::wire::ENROL_PATH;

use crate::book::Fieldbook;
use crate::host::{SyncState, SyncStep};
use crate::trouble::PortError;

#[uniffi::export(async_runtime = "tokio")]
impl Fieldbook {
    /// 登记 – by the text of the scanned code, or by a typed code and the hub's address. Enrolling again keeps
    /// everything.
    ///
    /// # Errors
    /// [`PortError::FixForm`] with the hub's words, [`PortError::TryLater`] when it does not answer.
    pub async fn enrol(&self, code: String, hub_url: Option<String>) -> Result<(), PortError> {
        let invitation = match (Invitation::parse(&code), hub_url) {
            (Some(invitation), _) => invitation,
            (None, Some(url)) => Invitation { url: url.trim().to_owned(), code, hub_key: None },
            (None, None) => {
                return Err(PortError::field(
                    "hub_url",
                    "请扫描完整登记码,或填写中心网址 / scan the whole code, or give the hub's address",
                ));
            }
        };
        let carrier = self.carrier(&invitation.url)?;
        let request = self.with(|book| book.enrol_request(&invitation.code, &self.setup.device))?;
        let answer = carrier.post(ENROL_PATH, request).await?;
        self.with(|book| book.take_invited_reply(&invitation, answer.status, &answer.body))?;
        self.tell(|observer| observer.changed());
        Ok(())
    }

    /// Sends and receives until both sides hold the same, or something else is to be done first. `by_hand`: a person
    /// asked for it, and a pause after failures ends. A second one meanwhile is told that one is under way.
    ///
    /// # Errors
    /// [`PortError`]. No answer is not an error but [`SyncStep::Waiting`].
    pub async fn sync_once(&self, by_hand: bool) -> Result<SyncState, PortError> {
        let Some(_turn) = Turn::take(self) else {
            return Ok(SyncState { state: SyncStep::Running, ..self.sync_state() });
        };
        let (enrolled, url) = self.with(|book| {
            let enrolled = book.enrolled()?;
            if by_hand {
                book.sync_now();
            }
            Ok((enrolled.is_some(), enrolled.map(|one| one.url).unwrap_or_default()))
        })?;
        if !enrolled {
            return Ok(self.now_stands(SyncState { state: SyncStep::EnrolAgain, ..SyncState::default() }));
        }
        let before = self.sync_state();
        let carrier = self.carrier(&url)?;
        self.now_stands(SyncState { state: SyncStep::Running, ..SyncState::default() });
        let mut tell = |progress: Progress| {
            self.now_stands(SyncState {
                state: SyncStep::Running,
                loaded_bytes: Some(progress.have),
                total_bytes: Some(progress.total),
                ..SyncState::default()
            });
        };
        let outcome = match sync_telling(self, &carrier, &mut tell).await {
            Ok(outcome) => outcome,
            Err(why) => {
                self.now_stands(SyncState::default());
                return Err(why);
            }
        };
        if outcome == Outcome::Erased {
            self.erased()?;
        }
        let state = self.now_stands(state_of(&outcome, &before));
        self.tell(|observer| observer.changed());
        Ok(state)
    }

    /// How the last or running sync stands.
    #[must_use]
    pub fn sync_state(&self) -> SyncState {
        self.synced.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Fieldbook {
    fn carrier(&self, url: &str) -> Result<Carrier, PortError> {
        let root_pem = self.setup.roots_pem.clone().map(String::into_bytes);
        Ok(Carrier::new(url, &CarrierOptions { root_pem, plain_http: false })?)
    }

    fn now_stands(&self, state: SyncState) -> SyncState {
        self.synced.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&state);
        self.tell(|observer| observer.sync_changed(state.clone()));
        state
    }
}

/// One sync at a time; given back however it ends, being dropped among the ways.
struct Turn<'a> {
    book: &'a Fieldbook,
    taken: &'a AtomicBool,
}

impl<'a> Turn<'a> {
    fn take(book: &'a Fieldbook) -> Option<Self> {
        let taken = &book.syncing;
        // Not `then_some`: one made in vain would give the turn of another back when it is dropped.
        (!taken.swap(true, Ordering::AcqRel)).then(|| Self { book, taken })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.book.synced.lock().unwrap_or_else(PoisonError::into_inner);
        if state.state == SyncStep::Running {
            // Dropped on the way. Nobody is told: the host dropped it itself.
            *state = SyncState::default();
        }
        drop(state);
        self.taken.store(false, Ordering::Release);
    }
}

fn state_of(outcome: &Outcome, before: &SyncState) -> SyncState {
    let plain = |state| SyncState { state, ..SyncState::default() };
    let counted = |state, of: Exchange| SyncState {
        accepted: of.accepted,
        put_aside: of.parked + of.quarantined,
        brought: of.received,
        ..plain(state)
    };
    match outcome {
        Outcome::Done(of) => counted(SyncStep::Done, *of),
        // More than one call fetches: the host asks again.
        Outcome::Again(of) => counted(SyncStep::Waiting, *of),
        Outcome::SignAgain => plain(SyncStep::Waiting),
        Outcome::RetryAt { at, .. } => {
            SyncState { retry_at: Some(at.to_rfc3339()), ..plain(SyncStep::Waiting) }
        }
        Outcome::Erased => plain(SyncStep::Erased),
        Outcome::EnrolAgain => plain(SyncStep::EnrolAgain),
        Outcome::UpdateApp => plain(SyncStep::UpdateApp),
        // A pause still runs: what was said before holds.
        Outcome::Stale if before.state == SyncStep::Waiting => before.clone(),
        Outcome::Stale => plain(SyncStep::Idle),
    }
}

#[cfg(all(test, feature = "sqlcipher"))]
pub(crate) fn two_turns(book: &Fieldbook) -> [bool; 3] {
    let first = Turn::take(book);
    let taken = [first.is_some(), Turn::take(book).is_some(), Turn::take(book).is_some()];
    drop(first);
    taken
}
