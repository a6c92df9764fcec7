//! 首次下载 – fetching everything at once, in parts that are kept as they come: a cut or a kill costs no byte twice.
//!
//! Only a phone that has read nothing asks for a bundle. Whatever goes wrong with it, the ordinary sync loads the same
//! page by page.

use rand::Rng;
use serde::{Deserialize, Serialize};

use super::{Exchange, HUB_EPOCH, Outcome, Session, SyncError, Wait, take};
use crate::store::{EnrolmentRow, Projector, Store, StoreError, applying, bundle, enrolment, log};
use crate::sync::wire::{
    BUNDLE_ASK, BUNDLE_MAX_BYTES, BUNDLE_PATH, BadBundle, Bundle, Trouble, TroubleCode, ask_bundle,
    open_bundle,
};
use crate::time::PhoneTime;

/// Set once a bundle was not to be believed: the first load goes by sync from then on.
const REFUSED: &str = "bundle_refused";

/// What is known of a bundle's answer that is being read.
#[derive(Debug, Default)]
pub(super) struct Fetching {
    /// How many bytes are kept, while bytes are awaited.
    at: Option<u64>,
    /// The hub has none, or would not give it: not asked again in this conversation.
    given_up: bool,
    signed_again: bool,
}

/// What to do next about the first load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstLoad {
    /// Nothing: it is done, or goes by sync.
    Sync,
    /// Ask for the rest.
    Ask(BundleRequest),
    /// Every byte is here: [`Session::apply_bundle`].
    Apply,
}

/// What a transport asks the hub for, as an HTTP GET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleRequest {
    /// Path below the hub's address.
    pub path: &'static str,
    /// Name and value of the header that carries the signature.
    pub ask: (&'static str, String),
    /// The rest of which bundle: bytes to leave out (`Range: bytes=N-`), and its `ETag` (`If-Range`).
    pub rest: Option<(u64, String)>,
}

/// The head of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleHead {
    /// HTTP status.
    pub status: u16,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Content-Range`.
    pub range: Option<String>,
    /// `Content-Length`.
    pub length: Option<u64>,
}

/// 进度 – how much of the first load has come, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// So much.
    pub have: u64,
    /// Of so much.
    pub total: u64,
}

impl Session {
    /// Whether the first load is still to come, and what to ask for. [`FirstLoad::Sync`] as well while a pause runs.
    ///
    /// # Errors
    /// [`SyncError`].
    pub fn first_load(&mut self, store: &Store, read: PhoneTime) -> Result<FirstLoad, SyncError> {
        let db = store.read();
        let Some(row) = enrolment::find(db)? else { return Ok(FirstLoad::Sync) };
        let now = enrolment::now(enrolment::held(db)?.as_ref(), read);
        if self.retry_at.is_some_and(|at| now < at) || self.fetching.given_up || !is_wanted(store)? {
            return Ok(FirstLoad::Sync);
        }
        let partial = bundle::partial(db)?;
        if partial.as_ref().is_some_and(|one| one.total <= one.have) {
            return Ok(FirstLoad::Apply);
        }
        let key = enrolment::secret(db)?.ok_or(StoreError::NotEnrolled)?;
        let sign_ms = now.timestamp_millis().saturating_add(self.skew_ms);
        let ask = (BUNDLE_ASK, ask_bundle(row.hub, row.enrolment, &key.0, sign_ms));
        let rest = partial.filter(|one| 0 < one.have).map(|one| (one.have, one.etag));
        Ok(FirstLoad::Ask(BundleRequest { path: BUNDLE_PATH, ask, rest }))
    }

    /// Takes the head of an answer. Whether its body is to be handed in, part by part; otherwise the body is a refusal,
    /// for [`Session::take_bundle_refusal`].
    ///
    /// # Errors
    /// [`SyncError`].
    pub fn take_bundle_head(&mut self, store: &mut Store, head: &BundleHead) -> Result<bool, SyncError> {
        self.fetching.at = None;
        let known = bundle::partial(store.read())?;
        match (head.status, &head.etag) {
            (200, Some(etag)) => {
                let total = head.length.filter(|total| is_possible(*total));
                let Some(total) = total else { return Ok(false) };
                store
                    .write("开始首次下载 begin the first load", |tx| bundle::begin(tx, etag, total))?;
                self.fetching.at = Some(0);
            }
            (206, Some(etag)) => {
                let known = known.filter(|known| {
                    let range =
                        format!("bytes {}-{}/{}", known.have, known.total.saturating_sub(1), known.total);
                    known.etag == *etag && head.range.as_ref() == Some(&range)
                });
                // The rest of something else: what is here cannot be completed by it.
                let Some(known) = known else { return Ok(false) };
                self.fetching.at = Some(known.have);
            }
            _ => {}
        }
        Ok(self.fetching.at.is_some())
    }

    /// Keeps the next bytes of the body; durable when this returns.
    ///
    /// # Errors
    /// [`SyncError`]; nothing of these bytes was kept.
    pub fn take_bundle_bytes(&mut self, store: &mut Store, bytes: &[u8]) -> Result<Progress, SyncError> {
        let partial = bundle::partial(store.read())?;
        let (Some(at), Some(partial)) = (self.fetching.at, partial) else {
            return Ok(Progress { have: 0, total: 0 });
        };
        // More than was announced would be refused by its hash anyway; it is not kept to begin with.
        let room = usize::try_from(partial.total.saturating_sub(at)).unwrap_or(usize::MAX);
        let bytes = bytes.get(..room).unwrap_or(bytes);
        let have = at.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if at != partial.have {
            // Another program of the same file went on with it: this answer is not the next any more.
            self.fetching.at = None;
        } else if !bytes.is_empty() {
            store.write("保存首次下载 keep the first load", |tx| bundle::append(tx, at, bytes))?;
            self.fetching.at = Some(have);
        }
        Ok(Progress { have: have.max(partial.have), total: partial.total })
    }

    /// The hub answered with something other than a bundle. What to do is in the outcome: [`Outcome::Again`] asks anew,
    /// [`Outcome::Stale`] goes on by sync, which tells the reason properly.
    ///
    /// # Errors
    /// [`SyncError`].
    pub fn take_bundle_refusal(
        &mut self,
        store: &mut Store,
        status: u16,
        body: &[u8],
        read: PhoneTime,
    ) -> Result<Outcome, SyncError> {
        let trouble = serde_json::from_slice::<Trouble>(body).ok();
        let skewed = trouble.filter(|one| one.code == TroubleCode::ClockSkew && !self.fetching.signed_again);
        if let Some(trouble) = skewed {
            let now = enrolment::now(enrolment::held(store.read())?.as_ref(), read);
            self.skew_ms = trouble.hub_ms.saturating_sub(now.timestamp_millis());
            self.fetching.signed_again = true;
            return Ok(Outcome::SignAgain);
        }
        if matches!(status, 206 | 416) && bundle::partial(store.read())?.is_some() {
            store.write("重新下载 begin the first load anew", bundle::clear)?;
            return Ok(Outcome::Again(Exchange::default()));
        }
        self.fetching.given_up = true;
        Ok(Outcome::Stale)
    }

    /// The body broke off, or never came. Asks again at once where something was gained, else waits.
    ///
    /// # Errors
    /// [`SyncError`].
    pub fn bundle_failed(
        &mut self,
        store: &Store,
        gained: bool,
        read: PhoneTime,
        rng: &mut dyn Rng,
    ) -> Result<Outcome, SyncError> {
        self.fetching.at = None;
        if gained {
            return Ok(Outcome::Again(Exchange::default()));
        }
        let now = enrolment::now(enrolment::held(store.read())?.as_ref(), read);
        Ok(self.back_off(now, Wait::NoAnswer, rng))
    }

    /// Proves the whole bundle and applies it in one transaction; the ordinary sync goes on from its cursors.
    ///
    /// # Errors
    /// [`SyncError::Bundle`] when it is not to be believed: nothing was applied, what had come is dropped, and the first
    /// load goes by sync from then on.
    pub fn apply_bundle(&mut self, store: &mut Store) -> Result<Exchange, SyncError> {
        let row = enrolment::need(store.read())?;
        let bytes = bundle::whole(store.read())?;
        let opened = open(&row, &bytes);
        let opened = match opened {
            Ok(opened) => opened,
            Err(why) => {
                store.write("丢弃首次下载 drop the first load", |tx| {
                    bundle::clear(tx)?;
                    log::put_meta(tx, REFUSED, 1)
                })?;
                return Err(why);
            }
        };
        store.about_to_apply(&take::changes_of_others(store.read(), &opened.pulls)?)?;
        let exchange = store.write("采用首次下载 apply the first load", |tx| apply(tx, &opened))?;
        self.failures = 0;
        Ok(exchange)
    }
}

fn open(row: &EnrolmentRow, bytes: &[u8]) -> Result<Bundle, SyncError> {
    let hub_key = row.hub_key().ok_or(SyncError::BadHubKey)?;
    Ok(open_bundle(bytes, row.hub, row.enrolment, &[hub_key])?)
}

fn apply(tx: &rusqlite::Transaction<'_>, opened: &Bundle) -> Result<Exchange, StoreError> {
    let mut exchange = Exchange::default();
    let mut projector = Projector::new(tx);
    for pull in &opened.pulls {
        take::take_pull(tx, &mut projector, pull, &mut exchange)?;
    }
    projector.finish()?;
    applying::done(tx)?;
    // A later epoch is for the sync to notice, which then reads everything again.
    log::put_meta(tx, HUB_EPOCH, opened.manifest.hub_epoch)?;
    bundle::clear(tx)?;
    let line = serde_json::to_string(&exchange).unwrap_or_default();
    log::note_exchange(tx, opened.manifest.made_ms, &line)?;
    Ok(exchange)
}

/// Whether nothing was read yet, and no bundle proved false.
fn is_wanted(store: &Store) -> Result<bool, StoreError> {
    let db = store.read();
    let cursors = log::cursors(db)?;
    let unread = !cursors.is_empty() && cursors.values().all(|to| to.seq == 0);
    Ok(unread
        && !log::is_reading_again(db)?
        && log::meta(db, REFUSED)? == 0
        && log::meta(db, HUB_EPOCH)? == 0)
}

/// Packed, a bundle is never longer than what it unpacks to.
fn is_possible(total: u64) -> bool {
    0 < total && total <= u64::try_from(BUNDLE_MAX_BYTES).unwrap_or(u64::MAX)
}

impl From<BadBundle> for SyncError {
    fn from(why: BadBundle) -> Self {
        Self::Bundle(why)
    }
}
