//! 居民权利 – what residents ask about their own record: noted, a person makes sure who asks, decided with a reason, done,
//! answered (`domain.md` 2.8; Personal Information Protection Law, art. 44–50).

use chrono::{DateTime, NaiveDate};
use ruhu_core::category::{FieldKey, ProfileField, Scalar, check_scalar};
use ruhu_core::community::CommunityFile;
use ruhu_core::ids::{AccountId, CommunityId, Hash32, RightsId};
use ruhu_core::roster::Unit;

use super::roll::Roll;
use super::{OfficeError, decide};
use crate::access::journal::audit;
use crate::erase::act::Erased;
use crate::erase::{EraseError, Order as Erasing, What};
use crate::ingest::office::{Act, Desk};
use crate::rights::{Kind, Ruling, State, Step};
use crate::storage::rights::{CaseRow, StepRow};
use crate::storage::{Hub, StorageError, Tx};

mod noting;
pub use noting::NewCase;

/// Longest words of a case or a step, in characters.
pub const WORDS_MAX: usize = 500;
/// A number to call back is kept this long after the case was over, in milliseconds (30 days): for a question about the
/// answer, and no longer.
pub const CONTACT_KEPT_MS: i64 = 30 * 24 * 3600 * 1000;

/// Who takes a step of which case, and what he saw of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Take {
    /// Who.
    pub by: AccountId,
    /// In which community.
    pub community: CommunityId,
    /// Of which case.
    pub case: RightsId,
    /// How many steps stood on the page.
    pub seen: u32,
    /// What is said about it; may be empty where no reason is asked.
    pub words: String,
}

/// Why a case was not noted, or a step not taken; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RightsError {
    /// No such case here.
    #[error("没有这件申请 / no such request")]
    Unknown,
    /// Somebody took a step since the page was shown.
    #[error("这件申请在此期间已有新的办理 / a step was taken in the meantime")]
    Stale,
    /// The step cannot follow where the case stands.
    #[error("现在不能办这一步 / this step cannot follow now")]
    CannotFollow,
    /// The step needs words.
    #[error("请写明 / words are missing")]
    WordsMissing,
    /// Nothing was chosen where something has to be.
    #[error("请选择 / nothing was chosen")]
    NotChosen,
    /// A refusal names the article of the law it rests on.
    #[error("不同意须写明依据的法律条文 / a refusal names the article of the law")]
    ArticleMissing,
    /// More words than fit.
    #[error("文字过长 / too many words")]
    TooLong,
    /// No telephone number, or none where one is needed.
    #[error("请写一个能回拨的电话号码 / a number to call back is wanted")]
    BadPhone,
    /// Nobody said whose record it is.
    #[error("请先写明是哪一户 / say first which household it is")]
    NoHousehold,
    /// The last day without visits lies in the past, or beyond a year.
    #[error("截止日须在今天之后、十二个月之内 / the last day must lie within twelve months")]
    BadUntil,
    /// Too many came from one place, or altogether, within an hour.
    #[error("请稍后再试 / try again later")]
    TooMany,
    /// The form was sent before, with something else in it.
    #[error("这张表先前已提交,内容不同 / this form was sent before, with something else in it")]
    Otherwise,
    /// What it led to was refused.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The erasure was refused.
    #[error(transparent)]
    Erase(#[from] EraseError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Hub {
    /// Says whose record a case is about; only before a person made sure who asks.
    ///
    /// # Errors
    /// [`RightsError`].
    pub fn set_case_household(&self, take: Take, wanted: &str) -> Result<(), RightsError> {
        let (now_ms, wanted) = (self.now_ms(), wanted.to_owned());
        self.storage().write(move |tx| {
            let (case, state, nr) = opened(tx, &take)?;
            if state.next(Step::Named).is_none() {
                return Err(RightsError::CannotFollow);
            }
            if wanted.trim().is_empty() {
                return Err(RightsError::NoHousehold);
            }
            let unit = household(tx, case.community, &wanted, now_ms)?;
            tx.set_case_unit(case.id, unit)?;
            let row = StepRow {
                nr,
                at_ms: now_ms,
                account: take.by,
                step: Step::Named,
                entry: None,
                erasure: None,
            };
            tx.add_case_step(case.id, &row, "")?;
            let target = format!("{} {}", case.id, number(unit));
            Ok(audit(tx, now_ms, Some(take.by), "rights.household", &target)?)
        })
    }

    /// Takes a step that changes no record.
    ///
    /// # Errors
    /// [`RightsError`].
    pub fn step_case(&self, take: Take, step: Step) -> Result<(), RightsError> {
        let now_ms = self.now_ms();
        self.storage().write(move |tx| {
            let (case, state, nr) = opened(tx, &take)?;
            if state.next(step).is_none() {
                return Err(RightsError::CannotFollow);
            }
            if matches!(step, Step::Identified(_)) && case.unit.is_none() {
                return Err(RightsError::NoHousehold);
            }
            if needs_words(step, case.kind) && take.words.trim().is_empty() {
                return Err(RightsError::WordsMissing);
            }
            append(tx, &take, Taken::plain(nr, step), now_ms)
        })
    }

    /// 停止走访 – what was granted: nobody asks at this household until a day.
    ///
    /// # Errors
    /// [`RightsError`].
    pub fn stop_visits(&self, take: Take, until: NaiveDate) -> Result<(), RightsError> {
        self.office(move |desk| {
            let (case, nr) = granted(desk.tx(), &take, Kind::Stop)?;
            let unit = case.unit.ok_or(RightsError::NoHousehold)?;
            let roll = Roll::load(desk.tx(), case.community, desk.now_ms())?;
            let units = decide::do_not_ask(&roll, &number(unit), until).map_err(|why| match why {
                OfficeError::BadUntil { .. } => RightsError::BadUntil,
                why => why.into(),
            })?;
            let reason = format!("居民权利申请 {}", case_number(roll.file(), &case));
            let (by, community) = (take.by, case.community);
            let act = Act { by, community, units, facts: Vec::new(), request: None, reason };
            let done = desk.act(&act).map_err(OfficeError::from)?;
            let entry = done.first().map(|done| done.entry);
            append(desk.tx(), &take, Taken { entry, ..Taken::plain(nr, Step::Done) }, desk.now_ms())
        })
    }

    /// 删除 – what was granted: the household, or one person of it, is erased as `ruhu erase` does, and the case remembers by
    /// which decision. Contact and words of the household's cases go with it.
    ///
    /// # Errors
    /// [`RightsError`].
    pub fn erase_for_case(&self, take: Take, what: What) -> Result<u32, RightsError> {
        let checked = take.clone();
        let (case, file, contact) = self.storage().read(|tx| {
            let (case, _) = granted(tx, &checked, Kind::Delete)?;
            let file = tx.community(case.community)?.unwrap_or_default();
            let contact = tx.case_words(case.id)?.contact;
            Ok::<_, RightsError>((case, file, contact))
        })?;
        let unit = case.unit.ok_or(RightsError::NoHousehold)?;
        let cause = erasure_cause(&file, &case);
        let order = Erasing { unit, what, cause, by: take.by };
        let id = take.case;
        let before = move |desk: &Desk<'_>| desk.tx().forget_case(id).map_err(EraseError::Storage);
        let also = move |desk: &Desk<'_>, erased: &[Erased]| {
            // Once more, under the writer's lock: whoever was first has erased.
            let (_, nr) = granted(desk.tx(), &take, Kind::Delete).map_err(|why| match why {
                RightsError::Storage(why) => EraseError::Storage(why),
                _ => EraseError::NotGranted,
            })?;
            let erasure = erased.first().map(|one| one.nr);
            let step = Taken { erasure, ..Taken::plain(nr, Step::Done) };
            // What was said of the erasure may name whoever was erased.
            let take = Take { words: String::new(), ..take };
            // Whoever asked still has to be told.
            contact.iter().try_for_each(|contact| desk.tx().set_case_contact(take.case, contact))?;
            append(desk.tx(), &take, step, desk.now_ms()).map_err(|_| EraseError::NotGranted)
        };
        let erased = self.erase_with(vec![order], before, also);
        match erased {
            Ok(erased) => Ok(erased.first().map_or(0, |one| one.nr)),
            Err(EraseError::NotGranted) => Err(RightsError::Stale),
            Err(EraseError::Storage(why)) => Err(why.into()),
            Err(why) => Err(why.into()),
        }
    }

    /// Takes away the numbers of cases that were over long enough ago, and the words of those that belong to no household.
    /// Returns how many cases.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drop_old_contacts(&self) -> Result<u64, StorageError> {
        let over_ms = self.now_ms() - CONTACT_KEPT_MS;
        if self.storage().read(|tx| tx.cases_to_forget(over_ms))?.is_empty() {
            return Ok(0);
        }
        self.storage().write(move |tx| {
            let cases = tx.cases_to_forget(over_ms)?;
            for (id, of_household) in &cases {
                // Words of a household's case go with the household; of nobody's, now.
                if *of_household { tx.drop_case_contact(*id)? } else { tx.forget_case(*id)? }
            }
            Ok(u64::try_from(cases.len()).unwrap_or(u64::MAX))
        })
    }
}

/// 已更正 – notes on a case that the record was corrected, by the entry that says so; inside the transaction of the correction.
///
/// # Errors
/// [`RightsError`]: no such case, of another kind or household, or not granted.
pub fn corrected(tx: &Tx<'_>, take: &Take, unit: Unit, at_ms: i64, entry: Hash32) -> Result<(), RightsError> {
    let (case, nr) = granted(tx, take, Kind::Correct)?;
    if case.unit != Some(unit) {
        return Err(RightsError::Unknown);
    }
    append(tx, take, Taken { entry: Some(entry), ..Taken::plain(nr, Step::Done) }, at_ms)
}

/// The number people name a case by: `2026-0007`.
#[must_use]
pub fn case_number(file: &CommunityFile, case: &CaseRow) -> String {
    let received = DateTime::from_timestamp_millis(case.received_ms).unwrap_or_default();
    format!("{}-{:04}", file.zone().date(received).format("%Y"), case.nr)
}

/// The basis of an erasure that a resident asked for, as the log keeps it; it names nobody.
#[must_use]
pub fn erasure_cause(file: &CommunityFile, case: &CaseRow) -> String {
    format!("居民权利申请 {}(个人信息保护法第四十七条)", case_number(file, case))
}

/// A case of this community that stands as the page showed it, where it stands, and the number of its next step.
fn opened(tx: &Tx<'_>, take: &Take) -> Result<(CaseRow, State, u32), RightsError> {
    let case = tx.case(take.case)?.filter(|case| case.community == take.community);
    let case = case.ok_or(RightsError::Unknown)?;
    let steps = tx.case_steps(case.id)?;
    let taken = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    if taken != take.seen {
        return Err(RightsError::Stale);
    }
    let state = State::after(steps.iter().map(|one| one.step));
    Ok((case, state, taken.saturating_add(1)))
}

/// The same of a kind that was granted and is to be done.
fn granted(tx: &Tx<'_>, take: &Take, kind: Kind) -> Result<(CaseRow, u32), RightsError> {
    let (case, state, nr) = opened(tx, take)?;
    // A household that went to another community since is no longer this one's to change.
    let file = tx.community(case.community)?.unwrap_or_default();
    let grid = case.unit.map(|unit| tx.unit(unit)).transpose()?.flatten().and_then(|row| row.grid);
    if !grid.is_some_and(|grid| file.grids().contains_key(&grid)) {
        return Err(RightsError::NoHousehold);
    }
    if case.kind == kind && state.is_granted() { Ok((case, nr)) } else { Err(RightsError::CannotFollow) }
}

/// A step to be added.
#[derive(Clone, Copy)]
struct Taken {
    nr: u32,
    step: Step,
    entry: Option<Hash32>,
    erasure: Option<u32>,
}

impl Taken {
    const fn plain(nr: u32, step: Step) -> Self {
        Self { nr, step, entry: None, erasure: None }
    }
}

fn append(tx: &Tx<'_>, take: &Take, taken: Taken, at_ms: i64) -> Result<(), RightsError> {
    let words = checked_words(&take.words)?;
    let Taken { nr, step, entry, erasure } = taken;
    let row = StepRow { nr, at_ms, account: take.by, step, entry, erasure };
    tx.add_case_step(take.case, &row, words)?;
    let (code, outcome) = step.codes();
    let target = format!("{} {outcome}", take.case);
    Ok(audit(tx, at_ms, Some(take.by), &format!("rights.{code}"), target.trim_end())?)
}

fn household(tx: &Tx<'_>, community: CommunityId, wanted: &str, now_ms: i64) -> Result<Unit, RightsError> {
    let roll = Roll::load(tx, community, now_ms)?;
    Ok(Unit::Household(roll.standing_household(wanted)?))
}

fn check_phone(contact: &str) -> Result<(), RightsError> {
    let contact = contact.trim();
    let fits =
        check_scalar(&FieldKey::Profile(ProfileField::Phone), &Scalar::Str(contact.to_owned())).is_ok();
    if fits && !contact.is_empty() { Ok(()) } else { Err(RightsError::BadPhone) }
}

fn checked_words(words: &str) -> Result<&str, RightsError> {
    let words = words.trim();
    if WORDS_MAX < words.chars().count() { Err(RightsError::TooLong) } else { Ok(words) }
}

/// A refusal says why; what was done outside the record's own forms says what.
const fn needs_words(step: Step, kind: Kind) -> bool {
    match step {
        Step::Decided(Ruling::InPart | Ruling::Refused) => true,
        Step::Done => !matches!(kind, Kind::See),
        _ => false,
    }
}

fn number(unit: Unit) -> String {
    match unit {
        Unit::Household(id) => id.to_string(),
        Unit::Vacant(id) => id.to_string(),
    }
}
