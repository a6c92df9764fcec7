//! 登记 – how a resident's request becomes a case: at the desk, or from the public page.

use chrono::DateTime;
use ruhu_core::ids::{AccountId, CommunityId, RightsId};
use ruhu_core::roster::Unit;

use super::super::OfficeError;
use super::{RightsError, check_phone, checked_words, household};
use crate::access::journal::audit;
use crate::access::tries;
use crate::rights::{Channel, Kind, due};
use crate::storage::rights::CaseRow;
use crate::storage::{Hub, StorageError, Tx};

/// 登记 – a case as it is noted.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCase {
    /// Made with the form: a form that arrives twice makes one case.
    pub id: RightsId,
    /// To whom it is put.
    pub community: CommunityId,
    /// Whose record: an id, a household number or an address; empty while nobody knows.
    pub unit: String,
    /// What is asked for.
    pub kind: Kind,
    /// How it came.
    pub channel: Channel,
    /// The number to call back; may be empty, but not from the public page.
    pub contact: String,
    /// What was asked; may be empty.
    pub words: String,
}

impl Hub {
    /// Notes a case at the desk. Sent twice it is the same case.
    ///
    /// # Errors
    /// [`RightsError`].
    pub fn note_case(&self, by: AccountId, new: NewCase) -> Result<CaseRow, RightsError> {
        let now_ms = self.now_ms();
        self.storage().write(move |tx| {
            if let Some(known) = noted(tx, &new)? {
                return Ok(known);
            }
            if !new.contact.trim().is_empty() {
                check_phone(&new.contact)?;
            }
            let unit = match new.unit.trim() {
                "" => None,
                wanted => Some(household(tx, new.community, wanted, now_ms)?),
            };
            add(tx, &new, (Some(by), unit), now_ms)
        })
    }

    /// Notes what somebody left on the public page: a kind and a number to call back, nothing of a record.
    ///
    /// # Errors
    /// [`RightsError`]: no number, no such community, or too many from this source (a hash) or altogether.
    pub fn note_case_from_page(&self, new: NewCase, source: &str) -> Result<CaseRow, RightsError> {
        let (now_ms, source) = (self.now_ms(), source.to_owned());
        let new = NewCase { unit: String::new(), words: String::new(), channel: Channel::Page, ..new };
        // Nobody from outside keeps the writer busy with what comes to nothing.
        check_phone(&new.contact)?;
        if let Some(known) = self.storage().read(|tx| noted(tx, &new))? {
            return Ok(known);
        }
        self.storage().write(move |tx| {
            if let Some(known) = noted(tx, &new)? {
                return Ok(known);
            }
            if !tries::may_leave(tx, &source, now_ms)? {
                return Err(RightsError::TooMany);
            }
            let row = add(tx, &new, (None, None), now_ms)?;
            tries::left_one(tx, &source, now_ms)?;
            Ok(row)
        })
    }
}

/// The case a form made before, if it arrives again.
fn noted(tx: &Tx<'_>, new: &NewCase) -> Result<Option<CaseRow>, RightsError> {
    match tx.case(new.id)? {
        // An id of somebody else's case, whatever a form says.
        Some(known) if (known.community, known.channel) != (new.community, new.channel) => {
            Err(RightsError::Unknown)
        }
        // Sent once more with something else in it: what was noted first stands, and whoever sent it is to know.
        Some(known) if known.kind != new.kind || !says_the_same(tx, new)? => Err(RightsError::Otherwise),
        known => Ok(known),
    }
}

fn add(
    tx: &Tx<'_>,
    new: &NewCase,
    (account, unit): (Option<AccountId>, Option<Unit>),
    now_ms: i64,
) -> Result<CaseRow, RightsError> {
    let file = tx.community(new.community)?.filter(|file| file.community().is_some());
    let file = file.ok_or(RightsError::Unknown)?;
    let words = checked_words(&new.words)?;
    let received_on = file.zone().date(DateTime::from_timestamp_millis(now_ms).unwrap_or_default());
    let calendar = file.calendar().map_err(OfficeError::from)?;
    let row = CaseRow {
        id: new.id,
        community: new.community,
        nr: 0,
        unit,
        kind: new.kind,
        channel: new.channel,
        received_ms: now_ms,
        due: due(&calendar, received_on),
        account,
    };
    let some = |text: &'_ str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    tx.add_case(&row, some(&new.contact).as_deref(), some(words).as_deref())?;
    let target = format!("{} {} {}", new.id, new.kind.code(), new.channel.code());
    audit(tx, now_ms, account, "rights.received", &target)?;
    tx.case(new.id)?.ok_or(RightsError::Unknown)
}

fn says_the_same(tx: &Tx<'_>, new: &NewCase) -> Result<bool, StorageError> {
    let said = tx.case_words(new.id)?;
    let same = |said: Option<String>, new: &str| said.unwrap_or_default() == new.trim();
    Ok(same(said.contact, &new.contact) && same(said.words, &new.words))
}
