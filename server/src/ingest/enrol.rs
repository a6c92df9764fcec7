//! 登记手机 – a one-time code becomes an enrolment.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Days;
use ed25519_dalek::VerifyingKey;
use ruhu_core::ids::{CommunityId, EnrolmentId, Hash32, WorkerId};
use ruhu_core::roster::Assignment;
use ruhu_core::sync::wire::{EnrolReply, EnrolRequest, Trouble, TroubleCode};

use super::scope::Rights;
use super::sync::{chain_of, trouble};
use crate::storage::enrolments::CodeRow;
use crate::storage::{Hub, StorageError, Tx};

/// A one-time code holds this long, in hours.
pub const CODE_HOURS: i64 = 24;
/// Codes that do not exist are counted over this time, in milliseconds (15 minutes).
pub const GUESSES_OF_MS: i64 = 15 * 60 * 1000;
/// After so many of them from one source it has to wait.
pub const GUESSES_OF_ONE: u32 = 10;
/// After so many of them from everywhere everybody has to wait: a code has 100 bits, so this is for the load and the log.
pub const GUESSES_OF_ALL: u32 = 300;
/// Crockford's alphabet: no letter that is mistaken for another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_SIGNS: usize = 20;
const WORDS_MAX: usize = 80;

/// Why no code was made.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// No such worker in this community, or he left.
    #[error("本社区没有这名工作者,或已离岗 / no such worker in this community, or he left")]
    UnknownWorker,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What a code was turned into: the enrolment, for whom, the name, the grids, and the hub's key with the recovery key.
type Granted = (EnrolmentId, (WorkerId, CommunityId), String, Vec<Assignment>, (u32, Option<[u8; 32]>));

enum EnrolFailure {
    Unknown,
    Used,
    Expired,
    Storage(StorageError),
}

impl From<StorageError> for EnrolFailure {
    fn from(why: StorageError) -> Self {
        Self::Storage(why)
    }
}

impl Hub {
    /// Makes a one-time code for a worker: 20 signs in groups of five, good for [`CODE_HOURS`]. Only its hash is kept.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn make_code(&self, community: CommunityId, worker: WorkerId) -> Result<String, CodeError> {
        let (signs, now) = (self.random(), self.now());
        self.storage().write(move |tx| put_code(tx, (worker, community), &signs, now))
    }

    /// Turns a code into an enrolment. The same code with the same key, sent again because the reply was lost, is
    /// answered alike.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn enrol(&self, request: &EnrolRequest) -> Result<EnrolReply, Trouble> {
        self.enrol_from(request, "")
    }

    /// The same for a request from `source`: whoever shows many codes that do not exist has to wait, and so has everybody
    /// when very many come from everywhere.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn enrol_from(&self, request: &EnrolRequest, source: &str) -> Result<EnrolReply, Trouble> {
        let now_ms = self.now_ms();
        let busy = |why: &StorageError| {
            tracing::error!(error = %chain_of(why), "enrol");
            trouble(TroubleCode::Busy, now_ms)
        };
        self.refresh_key().map_err(|why| busy(&why))?;
        if let Some(wait_ms) = self.wait_for(source, now_ms).map_err(|why| busy(&why))? {
            return Err(later(wait_ms, now_ms));
        }
        let key = VerifyingKey::from_bytes(&request.key).ok().filter(|key| !key.is_weak());
        let key = key.ok_or_else(|| trouble(TroubleCode::BadRequest, now_ms))?;
        let fresh: EnrolmentId = self.make_id();
        let hash = code_hash(&request.code);
        let (device, app) = (cut(&request.device), cut(&request.app));
        let enrolled = self.storage().write(move |tx| {
            let code = tx.code(hash)?.ok_or(EnrolFailure::Unknown)?;
            let of = (code.worker, code.community);
            let file = tx.community(code.community)?.unwrap_or_default();
            let today = file.zone().date(chrono::DateTime::from_timestamp_millis(now_ms).unwrap_or_default());
            if file.left_on(code.worker).is_some_and(|left| left <= today) {
                return Err(EnrolFailure::Expired);
            }
            let id = match code.used_ms {
                Some(_) => again(tx, code.worker, &key)?,
                None if code.expires_ms <= now_ms => return Err(EnrolFailure::Expired),
                None => {
                    tx.use_code(hash, now_ms)?;
                    tx.add_enrolment(fresh, of, &key, &device, &app, now_ms)?;
                    fresh
                }
            };
            let assignments = Rights::of(&file, code.worker).assignments_on(today);
            let name = file.workers().get(&code.worker).map(|worker| worker.name.clone());
            let keys = (tx.hub_key_nr()?, tx.recovery_key()?.map(|recovery| recovery.key));
            Ok((id, of, name.unwrap_or_default(), assignments, keys))
        });
        enrolled.map(|enrolled| self.enrol_reply(enrolled, now_ms)).map_err(|why| match why {
            EnrolFailure::Unknown => match self.guessed(source, now_ms) {
                Ok(()) => trouble(TroubleCode::BadCode, now_ms),
                Err(why) => busy(&why),
            },
            EnrolFailure::Used => trouble(TroubleCode::UsedCode, now_ms),
            EnrolFailure::Expired => trouble(TroubleCode::ExpiredCode, now_ms),
            EnrolFailure::Storage(why) => busy(&why),
        })
    }

    /// How long a source has to wait, in milliseconds; `None` when it may try.
    fn wait_for(&self, source: &str, now_ms: i64) -> Result<Option<i64>, StorageError> {
        let since = now_ms - GUESSES_OF_MS;
        let (one, all) = self.storage().read(|tx| {
            let one = tx.nth_last_guess(Some(source), since, GUESSES_OF_ONE)?;
            Ok::<_, StorageError>((one, tx.nth_last_guess(None, since, GUESSES_OF_ALL)?))
        })?;
        let over = one.max(all).map(|oldest| oldest + GUESSES_OF_MS - now_ms);
        Ok(over.filter(|wait| 0 < *wait))
    }

    fn guessed(&self, source: &str, now_ms: i64) -> Result<(), StorageError> {
        let source = source.to_owned();
        self.storage().write(move |tx| tx.code_guessed(&source, now_ms, now_ms - GUESSES_OF_MS))
    }

    fn enrol_reply(
        &self,
        (enrolment, (worker, community), worker_name, assignments, (hub_key_nr, recovery_key)): Granted,
        now_ms: i64,
    ) -> EnrolReply {
        EnrolReply {
            hub: self.id(),
            hub_key: self.verifying_key().to_bytes(),
            hub_key_nr,
            recovery_key,
            worker,
            worker_name,
            enrolment,
            community,
            assignments,
            token: self.tokens().issue(enrolment, now_ms),
        }
    }
}

/// Too many tries, with the time to wait.
fn later(wait_ms: i64, now_ms: i64) -> Trouble {
    let minutes = (wait_ms + 59_999) / 60_000;
    let words = format!(
        "登记码错误次数过多,请 {minutes} 分钟后再试 / too many wrong codes: try again in {minutes} min"
    );
    let retry_after_s = u32::try_from((wait_ms + 999) / 1_000).unwrap_or(u32::MAX);
    Trouble { words, retry_after_s, ..trouble(TroubleCode::TooMany, now_ms) }
}

/// Makes a code of random `signs` in the transaction of whoever asks for it.
///
/// # Errors
/// [`CodeError`].
pub(crate) fn put_code(
    tx: &Tx<'_>,
    (worker, community): (WorkerId, CommunityId),
    signs: &[u8; CODE_SIGNS],
    now: chrono::DateTime<chrono::Utc>,
) -> Result<String, CodeError> {
    let file = tx.community(community)?.unwrap_or_default();
    let today = file.zone().date(now);
    let here = file.workers().contains_key(&worker) && file.left_on(worker).is_none_or(|left| today < left);
    if !here {
        return Err(CodeError::UnknownWorker);
    }
    let code: String = signs
        .iter()
        .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).map(|sign| char::from(*sign)))
        .collect();
    let expires_ms = now.timestamp_millis() + CODE_HOURS * 3_600_000;
    tx.put_code(code_hash(&code), CodeRow { worker, community, expires_ms, used_ms: None })?;
    Ok(grouped(&code))
}

fn again(tx: &Tx<'_>, worker: WorkerId, key: &VerifyingKey) -> Result<EnrolmentId, EnrolFailure> {
    let known = tx.enrolments_of(worker)?;
    let same = known.into_iter().find(|one| one.key == *key && one.revoked_ms.is_none());
    same.map(|one| one.id).ok_or(EnrolFailure::Used)
}

/// Hash of a code as typed: spaces, dashes and case do not matter, O is 0, I and L are 1.
fn code_hash(code: &str) -> Hash32 {
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|sign| match sign.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            sign => sign,
        })
        .collect();
    Hash32::of(&[b"ruhu-code-1", plain.as_bytes()])
}

fn grouped(code: &str) -> String {
    let signs: Vec<char> = code.chars().collect();
    signs.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn cut(words: &str) -> String {
    words.chars().filter(|sign| !sign.is_control()).take(WORDS_MAX).collect()
}

/// The first day after the grace for a worker who leaves on `left`: what comes later waits for a person.
#[must_use]
pub fn grace_ends(left: chrono::NaiveDate) -> Option<chrono::NaiveDate> {
    left.checked_add_days(Days::new(super::scope::GRACE_DAYS))
}

/// What the QR code holds: hub, code and the hub's key, all behind `#`, so that no server log ever holds the code.
#[must_use]
pub fn enrol_url(public_url: &str, code: &str, hub: &Hub) -> String {
    let key = URL_SAFE_NO_PAD.encode(hub.verifying_key().to_bytes());
    format!("{}/app/#enrol={code}&key={key}", public_url.trim_end_matches('/'))
}
