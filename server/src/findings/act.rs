//! What the desk does about a record in doubt; every step is checked and written in one transaction.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use ruhu_core::entry::{Account, FindingEvent, FindingStep, RevisitKey, Ruling, ToWorker, UnitFact};
use ruhu_core::fact::Fact;
use ruhu_core::finding::Stage;
use ruhu_core::ids::{AccountId, CommunityId, FindingId, Hash32};
use ruhu_core::roster::{By, Unit};

use super::course::{About, Finding, about, find};
use super::task::{drawn, today};
use crate::ingest::office::{Act, ActError, Desk};
use crate::ledger::fall::fall;
use crate::office::OfficeError;
use crate::office::adopting::Present;
use crate::recheck::act::standing;
use crate::recheck::agreement::Answer;
use crate::recheck::signals::standing_visit;
use crate::storage::{Hub, StorageError, Tx};

/// Longest words of a step, in characters: what an entry's reason holds.
pub const WORDS_MAX: usize = 500;
/// Fewest days a worker is given for his account.
pub const REPLY_DAYS_MIN: u64 = 3;
/// Most days.
pub const REPLY_DAYS_MAX: u64 = 60;

/// Why a step was not taken; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum FindingError {
    /// No such finding, draw or task in this community.
    #[error("没有这项核查 / no such finding")]
    Unknown,
    /// No re-visit contradicts it, or it is no visit.
    #[error(
        "没有复访与这条记录不符,不能请人说明 / no re-visit contradicts this record: nobody is asked about it"
    )]
    NotContradicted,
    /// It was taken back or corrected.
    #[error("这条记录已撤回或更正 / the record was taken back or corrected")]
    TakenBack,
    /// There is or was a finding about it.
    #[error("这条记录已有核查 / there is a finding about this record already")]
    Already {
        /// Which.
        finding: FindingId,
    },
    /// Words are missing.
    #[error("请写明 / words are missing")]
    WordsMissing,
    /// More words than fit.
    #[error("文字过长 / too many words")]
    TooLong,
    /// A day outside what is allowed.
    #[error("日期不在允许的范围内 / the day is out of bounds")]
    BadDay,
    /// The worker was not heard and his time is not over.
    #[error("请等本人说明,或等到期限过后 / wait for the worker's account, or until its day has passed")]
    NotHeard {
        /// The last day for it.
        reply_by: Option<NaiveDate>,
    },
    /// Two people who asked apart do not both contradict the record.
    #[error(
        "须有两人先后复访都不符,才能作出不利认定 / two people who asked apart have to contradict the record"
    )]
    OneContact,
    /// Who asked for the account, or entered what contradicts it.
    #[error("须由另一人办理 / somebody else has to do this")]
    SamePerson,
    /// The record is of a quarter that began before the community went live (`coverage.md`, "First use").
    #[error(
        "启用后第一个完整季度之前为试行期,不作不利认定 / before the first whole quarter nothing is found against anybody"
    )]
    Trial,
    /// It is another step's turn.
    #[error("现在还不能办理这一步 / it is not this step's turn")]
    NotNow,
    /// Only every tenth, and what was contradicted, is asked twice.
    #[error("这一户只需复访一次 / this one is asked once")]
    NotTwice,
    /// Who made the record, or held the grid lately.
    #[error(
        "复访人不能是原走访人或近两个季度负责该网格的人 / who made the visit or held the grid lately cannot check it"
    )]
    NotApart,
    /// The second time somebody else must go.
    #[error("第二次复访须由另一个人去 / the second time somebody else must go")]
    SameChecker,
    /// The act itself.
    #[error(transparent)]
    Act(#[from] ActError),
    /// What was adopted cannot be read.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Words no step can be taken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadWords {
    /// None at all.
    Missing,
    /// More than [`WORDS_MAX`] characters.
    TooLong,
}

impl From<BadWords> for FindingError {
    fn from(why: BadWords) -> Self {
        match why {
            BadWords::Missing => Self::WordsMissing,
            BadWords::TooLong => Self::TooLong,
        }
    }
}

impl Hub {
    /// 请说明 – asks the worker whose record a re-visit contradicted for his account, until a day.
    ///
    /// # Errors
    /// [`FindingError`]; nothing was changed.
    pub fn ask_account(
        &self,
        by: AccountId,
        community: CommunityId,
        (draw, nth): (ruhu_core::ids::RecheckId, u32),
        reply_by: NaiveDate,
        words: &str,
    ) -> Result<FindingId, FindingError> {
        let (words, id) = (given(words)?, self.make_id());
        self.office(move |desk| {
            let tx = desk.tx();
            let key = RevisitKey { draw, nth, round: 1 };
            let (file, item) = drawn(tx, community, key)?;
            let today = today(desk, &file);
            let (record, worker) = item.visit.ok_or(FindingError::NotContradicted)?;
            let contradicted_by =
                contradictions(tx, key)?.first().copied().ok_or(FindingError::NotContradicted)?;
            if let Some(known) = about(tx, community, record)? {
                return Err(FindingError::Already { finding: known.id });
            }
            let visit = standing_visit(tx, item.unit, record)?.ok_or(FindingError::TakenBack)?;
            let (least, most) = (days_on(today, REPLY_DAYS_MIN), days_on(today, REPLY_DAYS_MAX));
            if reply_by < least || most < reply_by {
                return Err(FindingError::BadDay);
            }
            let (unit, visited_on) = (item.unit, visit.visited_on);
            let step = FindingStep::Asked { record, unit, visited_on, contradicted_by, reply_by };
            say(desk, by, community, FindingEvent { finding: id, worker, step, by: By::Desk(by) }, &words)?;
            Ok(id)
        })
    }

    /// 代录说明 – what the worker said where he cannot say it by his phone.
    ///
    /// # Errors
    /// [`FindingError`]; nothing was changed.
    pub fn note_account(
        &self,
        by: AccountId,
        community: CommunityId,
        id: FindingId,
        account: Account,
        words: &str,
    ) -> Result<(), FindingError> {
        let words = given(words)?;
        self.step(community, id, move |desk, finding| {
            in_turn(finding.course.stage() == Stage::Asked)?;
            say_of(desk, by, finding, FindingStep::Accounted { account }, &words)
        })
    }

    /// 认定 – a person finds, in writing. Against the record only with the worker heard or his time over, with two people
    /// who asked apart, and by another account than the one that asked him.
    ///
    /// # Errors
    /// [`FindingError`]; nothing was changed.
    pub fn decide_finding(
        &self,
        by: AccountId,
        community: CommunityId,
        id: FindingId,
        ruling: Ruling,
        words: &str,
    ) -> Result<(), FindingError> {
        let words = given(words)?;
        self.step(community, id, move |desk, finding| {
            let (stage, reply_by) = (finding.course.stage(), finding.course.reply_by());
            in_turn(matches!(stage, Stage::Asked | Stage::Accounted))?;
            let about = finding.about().ok_or(FindingError::Unknown)?;
            let file = desk.tx().community(community)?.unwrap_or_default();
            let today = today(desk, &file);
            if ruling.is_adverse() {
                if file.is_trial_on(about.visited_on) {
                    return Err(FindingError::Trial);
                }
                if stage == Stage::Asked && reply_by.is_none_or(|last| today <= last) {
                    return Err(FindingError::NotHeard { reply_by });
                }
                if contradictions(desk.tx(), about.key)?.len() < 2 {
                    return Err(FindingError::OneContact);
                }
                if asked_by(finding) == Some(by) || noted_by(finding).contains(&by) {
                    return Err(FindingError::SamePerson);
                }
                if standing_visit(desk.tx(), about.unit, about.record)?.is_none() {
                    return Err(FindingError::TakenBack);
                }
            }
            let days = Present::of(&file)?.appeal_days();
            let appeal_by = ruling.is_adverse().then(|| days_on(today, days));
            say_of(desk, by, finding, FindingStep::Decided { ruling, appeal_by }, &words)?;
            if ruling.stops_counting() { count(desk, by, finding, &about, true) } else { Ok(()) }
        })
    }

    /// 代录申诉 – an appeal that came on paper.
    ///
    /// # Errors
    /// [`FindingError`]; nothing was changed.
    pub fn note_appeal(
        &self,
        by: AccountId,
        community: CommunityId,
        id: FindingId,
        words: &str,
    ) -> Result<(), FindingError> {
        let words = given(words)?;
        self.step(community, id, move |desk, finding| {
            in_turn(finding.course.stage() == Stage::Decided && finding.course.holds().is_some())?;
            say_of(desk, by, finding, FindingStep::Appealed, &words)
        })
    }

    /// 复核 – somebody with no part in it hears the appeal; reversed, everything is as before the finding.
    ///
    /// # Errors
    /// [`FindingError`]; nothing was changed.
    pub fn hear_appeal(
        &self,
        by: AccountId,
        community: CommunityId,
        id: FindingId,
        reversed: bool,
        words: &str,
    ) -> Result<(), FindingError> {
        let words = given(words)?;
        self.step(community, id, move |desk, finding| {
            in_turn(finding.course.stage() == Stage::Appealed)?;
            let about = finding.about().ok_or(FindingError::Unknown)?;
            if took_part(desk.tx(), finding)?.contains(&by) {
                return Err(FindingError::SamePerson);
            }
            let counted = finding.course.ruling().is_some_and(Ruling::stops_counting);
            say_of(desk, by, finding, FindingStep::Heard { reversed }, &words)?;
            if !reversed {
                return Ok(());
            }
            // What was proposed by it falls with it, in the same transaction.
            fall(desk, by, (community, id), &words)?;
            if counted { count(desk, by, finding, &about, false) } else { Ok(()) }
        })
    }

    fn step(
        &self,
        community: CommunityId,
        id: FindingId,
        work: impl FnOnce(&Desk<'_>, &Finding) -> Result<(), FindingError> + Send + 'static,
    ) -> Result<(), FindingError> {
        self.office(move |desk| {
            let finding = find(desk.tx(), community, id)?.ok_or(FindingError::Unknown)?;
            work(desk, &finding)
        })
    }
}

/// The times of asking that contradict the record as they stand, the first one first.
///
/// # Errors
/// [`StorageError`].
pub fn contradictions(tx: &Tx<'_>, key: RevisitKey) -> Result<Vec<RevisitKey>, StorageError> {
    let answers = tx.recheck_answers(key.draw)?;
    let standing = standing(&answers);
    let rounds = [1, 2].into_iter().filter(|round| {
        standing.get(&(key.nth, *round)).is_some_and(|(answer, _)| Answer::contradicts(*answer))
    });
    Ok(rounds.map(|round| RevisitKey { round, ..key }).collect())
}

/// The accounts that had a part in it: who asked, entered an answer, noted something or found.
///
/// # Errors
/// [`StorageError`].
pub fn took_part(tx: &Tx<'_>, finding: &Finding) -> Result<BTreeSet<AccountId>, StorageError> {
    let mut accounts: BTreeSet<AccountId> = finding
        .course
        .said()
        .iter()
        .filter_map(|said| match said.event.by {
            By::Desk(account) => Some(account),
            By::Worker(_) => None,
        })
        .collect();
    if let Some(about) = finding.about() {
        let answers = tx.recheck_answers(about.key.draw)?.into_iter();
        accounts.extend(answers.filter(|one| one.nth == about.key.nth).map(|one| one.account));
    }
    Ok(accounts)
}

/// Who asked the worker for his account.
#[must_use]
pub fn asked_by(finding: &Finding) -> Option<AccountId> {
    match finding.course.asked()?.event.by {
        By::Desk(account) => Some(account),
        By::Worker(_) => None,
    }
}

/// Who wrote the worker's account down for him: whoever says what he said does not find against him.
#[must_use]
pub fn noted_by(finding: &Finding) -> BTreeSet<AccountId> {
    let noted = finding.course.said().iter().filter_map(|said| match (&said.event.step, said.event.by) {
        (FindingStep::Accounted { .. }, By::Desk(account)) => Some(account),
        _ => None,
    });
    noted.collect()
}

/// The visit counts no longer, or again, in open and closed periods alike. Every phone of the grid reads this fact, so it
/// carries none of the words.
fn count(
    desk: &Desk<'_>,
    by: AccountId,
    finding: &Finding,
    about: &About,
    falsified: bool,
) -> Result<(), FindingError> {
    let (unit, target): (Unit, Hash32) = (about.unit, about.record);
    desk.act(&Act {
        by,
        community: finding.community,
        units: vec![UnitFact { unit, fact: Fact::Found { target, falsified } }],
        facts: Vec::new(),
        request: None,
        reason: format!("核查 / finding {}", finding.id),
    })?;
    Ok(())
}

fn say_of(
    desk: &Desk<'_>,
    by: AccountId,
    finding: &Finding,
    step: FindingStep,
    words: &str,
) -> Result<(), FindingError> {
    let event = FindingEvent { finding: finding.id, worker: finding.worker, step, by: By::Desk(by) };
    say(desk, by, finding.community, event, words)
}

fn say(
    desk: &Desk<'_>,
    by: AccountId,
    community: CommunityId,
    event: FindingEvent,
    words: &str,
) -> Result<(), FindingError> {
    desk.tell(by, community, ToWorker::Finding(event), words)?;
    Ok(())
}

pub(crate) fn given(words: &str) -> Result<String, BadWords> {
    let words = words.trim();
    match words.chars().count() {
        0 => Err(BadWords::Missing),
        long if WORDS_MAX < long => Err(BadWords::TooLong),
        _ => Ok(words.to_owned()),
    }
}

const fn in_turn(is: bool) -> Result<(), FindingError> {
    if is { Ok(()) } else { Err(FindingError::NotNow) }
}

pub(crate) fn days_on(today: NaiveDate, days: u64) -> NaiveDate {
    today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}
