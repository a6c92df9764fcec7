//! 同步 – one round trip at a time; any transport carries the bytes.

#[cfg(feature = "native")]
use std::sync::{Mutex, PoisonError};

use super::{Fieldbook, FieldbookError};
#[cfg(feature = "native")]
use crate::sync::http::Carrier;
#[cfg(feature = "native")]
use crate::sync::session::BundleRequest;
use crate::sync::session::{BundleHead, Exchange, FirstLoad, Outcome, Progress, Request};

/// Most round trips of one call: a first load of a large grid takes a few dozen.
#[cfg(feature = "native")]
const ROUNDS_MAX: u32 = 500;

impl Fieldbook {
    /// The next request to post to the hub; `None` when not enrolled or a pause is running. A practice book never has one.
    ///
    /// # Errors
    /// [`FieldbookError::Sync`].
    pub fn sync_request(&mut self) -> Result<Option<Request>, FieldbookError> {
        if self.is_practice() {
            return Ok(None);
        }
        Ok(self.session.next_request(&self.store, self.clock.read())?)
    }

    /// Takes the hub's answer to the last request.
    ///
    /// # Errors
    /// [`FieldbookError::Sync`]; nothing was changed.
    pub fn take_sync_response(&mut self, status: u16, body: &[u8]) -> Result<Outcome, FieldbookError> {
        let read = self.clock.read();
        let rng = self.ids.rng();
        Ok(self.session.take_response(&mut self.store, status, body, read, rng)?)
    }

    /// No answer came.
    ///
    /// # Errors
    /// [`FieldbookError::Sync`].
    pub fn sync_failed(&mut self) -> Result<Outcome, FieldbookError> {
        let read = self.clock.read();
        let rng = self.ids.rng();
        Ok(self.session.failed(&self.store, read, rng)?)
    }

    /// 首次下载 – whether everything is still to be fetched at once, and what to ask for.
    ///
    /// # Errors
    /// [`FieldbookError::Sync`].
    pub fn first_load(&mut self) -> Result<FirstLoad, FieldbookError> {
        if self.is_practice() {
            return Ok(FirstLoad::Sync);
        }
        Ok(self.session.first_load(&self.store, self.clock.read())?)
    }

    /// Takes the head of the hub's answer: whether its body is to be handed in part by part.
    ///
    /// # Errors
    /// [`FieldbookError::Sync`].
    pub fn take_bundle_head(&mut self, head: &BundleHead) -> Result<bool, FieldbookError> {
        Ok(self.session.take_bundle_head(&mut self.store, head)?)
    }

    /// Keeps the next bytes of it; durable when this returns.
    ///
    /// # Errors
    /// [`FieldbookError::Sync`].
    pub fn take_bundle_bytes(&mut self, bytes: &[u8]) -> Result<Progress, FieldbookError> {
        Ok(self.session.take_bundle_bytes(&mut self.store, bytes)?)
    }

    /// The hub answered otherwise; see [`Session::take_bundle_refusal`](crate::sync::session::Session::take_bundle_refusal).
    ///
    /// # Errors
    /// [`FieldbookError::Sync`].
    pub fn take_bundle_refusal(&mut self, status: u16, body: &[u8]) -> Result<Outcome, FieldbookError> {
        let read = self.clock.read();
        Ok(self.session.take_bundle_refusal(&mut self.store, status, body, read)?)
    }

    /// The body broke off or never came; `gained` says whether any of it was kept.
    ///
    /// # Errors
    /// [`FieldbookError::Sync`].
    pub fn bundle_failed(&mut self, gained: bool) -> Result<Outcome, FieldbookError> {
        let read = self.clock.read();
        let rng = self.ids.rng();
        Ok(self.session.bundle_failed(&self.store, gained, read, rng)?)
    }

    /// Proves and applies the bundle once every byte of it is here.
    ///
    /// # Errors
    /// [`FieldbookError::Sync`] when it is not to be believed; nothing of it was applied.
    pub fn apply_bundle(&mut self) -> Result<Exchange, FieldbookError> {
        Ok(self.session.apply_bundle(&mut self.store)?)
    }

    /// The person asked for it: a pause after failures ends.
    pub const fn sync_now(&mut self) {
        self.session.try_now();
    }
}

/// 门 – where a book is kept while it is carried to the hub. Each call has the book alone and ends before anything is
/// waited for, so that the screens are answered between the round trips.
#[cfg(feature = "native")]
pub trait Door {
    /// What may go wrong, beside the book itself: its host may have closed it meanwhile.
    type Error: From<FieldbookError>;

    /// Does one piece of work on the book.
    ///
    /// # Errors
    /// The work's own, or the door's.
    fn with<T>(
        &self,
        work: impl FnOnce(&mut Fieldbook) -> Result<T, FieldbookError>,
    ) -> Result<T, Self::Error>;
}

#[cfg(feature = "native")]
impl Door for Mutex<Fieldbook> {
    type Error = FieldbookError;

    fn with<T>(
        &self,
        work: impl FnOnce(&mut Fieldbook) -> Result<T, FieldbookError>,
    ) -> Result<T, FieldbookError> {
        // A panic elsewhere leaves the file as its last transaction left it: the book is still good.
        work(&mut self.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Sends and receives until both sides hold the same, or something else is to be done first. The book is held only
/// between round trips; dropping the future at any point loses nothing. What it tells is the sum of all round trips.
///
/// # Errors
/// [`FieldbookError`]. No answer is not an error but an [`Outcome::RetryAt`].
#[cfg(feature = "native")]
pub async fn sync_once<D: Door>(book: &D, carrier: &Carrier) -> Result<Outcome, D::Error> {
    sync_telling(book, carrier, &mut |_| {}).await
}

/// As [`sync_once`], and says how much of a first load has come.
///
/// # Errors
/// As [`sync_once`].
#[cfg(feature = "native")]
pub async fn sync_telling<D: Door>(
    book: &D,
    carrier: &Carrier,
    tell: &mut impl FnMut(Progress),
) -> Result<Outcome, D::Error> {
    let mut total = Exchange::default();
    if let Some(waits) = load_first(book, carrier, &mut total, tell).await? {
        return Ok(waits);
    }
    let mut last = Outcome::Stale;
    for _ in 0..ROUNDS_MAX {
        let Some(request) = book.with(Fieldbook::sync_request)? else { return Ok(last) };
        last = match carrier.post(request.path, request.body).await {
            Ok(answer) => book.with(|book| book.take_sync_response(answer.status, &answer.body))?,
            Err(_) => book.with(Fieldbook::sync_failed)?,
        };
        if let Outcome::Done(exchange) | Outcome::Again(exchange) = &mut last {
            total.add(*exchange);
            *exchange = total;
        }
        if !matches!(last, Outcome::Again(_) | Outcome::SignAgain) {
            break;
        }
    }
    Ok(last)
}

/// Fetches and applies the first load where it is still to come. `Some` when the line is down and it is to be tried later.
#[cfg(feature = "native")]
async fn load_first<D: Door>(
    book: &D,
    carrier: &Carrier,
    total: &mut Exchange,
    tell: &mut impl FnMut(Progress),
) -> Result<Option<Outcome>, D::Error> {
    for _ in 0..ROUNDS_MAX {
        let request = match book.with(Fieldbook::first_load)? {
            FirstLoad::Sync => return Ok(None),
            FirstLoad::Apply => {
                total.add(book.with(Fieldbook::apply_bundle)?);
                return Ok(None);
            }
            FirstLoad::Ask(request) => request,
        };
        let outcome = fetch_part(book, carrier, &request, tell).await?;
        match outcome {
            Outcome::Again(_) | Outcome::SignAgain | Outcome::Stale => {}
            other => return Ok(Some(other)),
        }
    }
    Ok(None)
}

/// One request for the bundle, and as much of its answer as comes.
#[cfg(feature = "native")]
async fn fetch_part<D: Door>(
    book: &D,
    carrier: &Carrier,
    request: &BundleRequest,
    tell: &mut impl FnMut(Progress),
) -> Result<Outcome, D::Error> {
    let Ok(mut answer) = carrier.get_bundle(request).await else {
        return book.with(|book| book.bundle_failed(false));
    };
    if !book.with(|book| book.take_bundle_head(&answer.head))? {
        // One that cannot be read says as much as an empty one: the ordinary sync will tell what is the matter.
        let body = answer.refusal().await.unwrap_or_default();
        return book.with(|book| book.take_bundle_refusal(answer.head.status, &body));
    }
    let mut gained = false;
    loop {
        let (bytes, more) = answer.next_part().await;
        if !bytes.is_empty() {
            // The book is free again when it is told: whoever listens may ask it something.
            let progress = book.with(|book| book.take_bundle_bytes(&bytes))?;
            tell(progress);
            gained = true;
        }
        if !more {
            return book.with(|book| book.bundle_failed(gained));
        }
    }
}
