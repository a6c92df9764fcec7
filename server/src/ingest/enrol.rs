//! 登记手机 – a one-time code becomes an enrolment.

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

/// A code was refused: wrong, used or expired.
struct Refused;

impl From<StorageError> for EnrolFailure {
    fn from(why: StorageError) -> Self {
        Self::Storage(why)
    }
}

enum EnrolFailure {
    Refused,
    Storage(StorageError),
}

impl From<Refused> for EnrolFailure {
    fn from(_: Refused) -> Self {
        Self::Refused
    }
}

impl Hub {
    /// Makes a one-time code for a worker: 20 signs in groups of five, good for [`CODE_HOURS`]. Only its hash is kept.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn make_code(&self, community: CommunityId, worker: WorkerId) -> Result<String, CodeError> {
        let now = self.now();
        let file = self.storage().read(|tx| tx.community(community))?.unwrap_or_default();
        let today = file.zone().date(now);
        let here =
            file.workers().contains_key(&worker) && file.left_on(worker).is_none_or(|left| today < left);
        if !here {
            return Err(CodeError::UnknownWorker);
        }
        let signs = self.random::<CODE_SIGNS>();
        let code: String = signs
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).map(|sign| char::from(*sign)))
            .collect();
        let expires_ms = now.timestamp_millis() + CODE_HOURS * 3_600_000;
        let hash = code_hash(&code);
        self.storage()
            .write(move |tx| tx.put_code(hash, CodeRow { worker, community, expires_ms, used_ms: None }))?;
        Ok(grouped(&code))
    }

    /// Turns a code into an enrolment. The same code with the same key, sent again because the reply was lost, is
    /// answered alike.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn enrol(&self, request: &EnrolRequest) -> Result<EnrolReply, Trouble> {
        let now_ms = self.now_ms();
        let key = VerifyingKey::from_bytes(&request.key).ok().filter(|key| !key.is_weak());
        let key = key.ok_or_else(|| trouble(TroubleCode::BadRequest, now_ms))?;
        let fresh: EnrolmentId = self.make_id();
        let hash = code_hash(&request.code);
        let (device, app) = (cut(&request.device), cut(&request.app));
        let enrolled = self.storage().write(move |tx| {
            let code = tx.code(hash)?.ok_or(Refused)?;
            let of = (code.worker, code.community);
            let file = tx.community(code.community)?.unwrap_or_default();
            let today = file.zone().date(chrono::DateTime::from_timestamp_millis(now_ms).unwrap_or_default());
            if file.left_on(code.worker).is_some_and(|left| left <= today) {
                return Err(EnrolFailure::Refused);
            }
            let id = match code.used_ms {
                Some(_) => again(tx, code.worker, &key)?,
                None if code.expires_ms <= now_ms => return Err(EnrolFailure::Refused),
                None => {
                    tx.use_code(hash, now_ms)?;
                    tx.add_enrolment(fresh, of, &key, &device, &app, now_ms)?;
                    fresh
                }
            };
            let assignments = Rights::of(&file, code.worker).assignments_on(today);
            let name = file.workers().get(&code.worker).map(|worker| worker.name.clone());
            Ok((id, of, name.unwrap_or_default(), assignments))
        });
        enrolled.map(|enrolled| self.enrol_reply(enrolled, now_ms)).map_err(|why| match why {
            EnrolFailure::Refused => trouble(TroubleCode::BadCode, now_ms),
            EnrolFailure::Storage(why) => {
                tracing::error!(error = %chain_of(&why), "enrol");
                trouble(TroubleCode::Busy, now_ms)
            }
        })
    }

    fn enrol_reply(
        &self,
        (enrolment, (worker, community), worker_name, assignments): (
            EnrolmentId,
            (WorkerId, CommunityId),
            String,
            Vec<Assignment>,
        ),
        now_ms: i64,
    ) -> EnrolReply {
        EnrolReply {
            hub: self.id(),
            hub_key: self.verifying_key().to_bytes(),
            worker,
            worker_name,
            enrolment,
            community,
            assignments,
            token: self.tokens().issue(enrolment, now_ms),
        }
    }
}

fn again(tx: &Tx<'_>, worker: WorkerId, key: &VerifyingKey) -> Result<EnrolmentId, EnrolFailure> {
    let known = tx.enrolments_of(worker)?;
    let same = known.into_iter().find(|one| one.key == *key && one.revoked_ms.is_none());
    same.map(|one| one.id).ok_or(EnrolFailure::Refused)
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
