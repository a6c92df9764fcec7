//! 同步 – one round trip at a time; any transport carries the bytes.

#[cfg(feature = "native")]
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Fieldbook, FieldbookError};
#[cfg(feature = "native")]
use crate::sync::http::Carrier;
#[cfg(feature = "native")]
use crate::sync::session::Exchange;
use crate::sync::session::{Outcome, Request};

/// Most round trips of one call: a first load of a large grid takes a few dozen.
#[cfg(feature = "native")]
const ROUNDS_MAX: u32 = 500;

impl Fieldbook {
    /// The next request to post to the hub; `None` when not enrolled or a pause is running.
    ///
    /// # Errors
    /// [`FieldbookError::Sync`].
    pub fn sync_request(&mut self) -> Result<Option<Request>, FieldbookError> {
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

    /// The person asked for it: a pause after failures ends.
    pub const fn sync_now(&mut self) {
        self.session.try_now();
    }
}

/// Sends and receives until both sides hold the same, or something else is to be done first. The book is locked only
/// between round trips; dropping the future at any point loses nothing. What it tells is the sum of all round trips.
///
/// # Errors
/// [`FieldbookError`]. No answer is not an error but an [`Outcome::RetryAt`].
#[cfg(feature = "native")]
pub async fn sync_once(book: &Mutex<Fieldbook>, carrier: &Carrier) -> Result<Outcome, FieldbookError> {
    let mut last = Outcome::Stale;
    let mut total = Exchange::default();
    for _ in 0..ROUNDS_MAX {
        let Some(request) = locked(book).sync_request()? else { return Ok(last) };
        last = match carrier.post(request.path, request.body).await {
            Ok(answer) => locked(book).take_sync_response(answer.status, &answer.body)?,
            Err(_) => locked(book).sync_failed()?,
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

/// A panic elsewhere leaves the file as its last transaction left it: the book is still good.
#[cfg(feature = "native")]
fn locked(book: &Mutex<Fieldbook>) -> MutexGuard<'_, Fieldbook> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}
