//! What the desk does about a line of the ledger that stands; every step is checked and written in one transaction.

use chrono::NaiveDate;
use ruhu_core::entry::{LineEvent, LineKind, LineStep, ToWorker};
use ruhu_core::ids::{AccountId, CommunityId, LineId};
use ruhu_core::ledger::Standing;
use ruhu_core::roster::By;

use super::course::{KeptLine, find};
use super::propose::still_offered;
use crate::findings::act::{BadWords, days_on, given, took_part};
use crate::findings::course::find as find_finding;
use crate::findings::task::today;
use crate::ingest::office::{ActError, Desk};
use crate::office::OfficeError;
use crate::office::adopting::Present;
use crate::report::closing::ReportError;
use crate::storage::{Hub, StorageError, Tx};

/// Why a step was not taken; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// No such line, finding or closed period in this community.
    #[error("没有这项奖惩事项 / no such line of the ledger")]
    Unknown,
    /// The finding does not hold, or may still be appealed against.
    #[error("认定尚未生效,不能据以提出 / the finding is not final: nothing can be proposed by it")]
    NotFinal,
    /// No adopted rule lets it be proposed.
    #[error("没有采用可以据以提出的条文 / no adopted rule lets this be proposed")]
    NotOffered,
    /// Something was left of what was due, or one of the grids was handed over within the period.
    #[error(
        "还有未访户,或期内有网格交接 / something was left of what was due, or a grid was handed over within the period"
    )]
    NotWhole,
    /// It was proposed before.
    #[error("同一依据、同一条文已经提出过 / it was proposed by this rule before")]
    Already {
        /// Which.
        line: LineId,
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
    /// The worker has not answered and his time is not over.
    #[error("请等本人答复,或等到期限过后 / wait for the worker's answer, or until its day has passed")]
    NotAnswered {
        /// The last day for it.
        reply_by: NaiveDate,
    },
    /// Who proposed it, or had a part in it or in the finding.
    #[error("须由另一人办理 / somebody else has to do this")]
    SamePerson,
    /// It is another step's turn.
    #[error("现在还不能办理这一步 / it is not this step's turn")]
    NotNow,
    /// The act itself.
    #[error(transparent)]
    Act(#[from] ActError),
    /// What was adopted cannot be read.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The closed report cannot be read.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<BadWords> for LineError {
    fn from(why: BadWords) -> Self {
        match why {
            BadWords::Missing => Self::WordsMissing,
            BadWords::TooLong => Self::TooLong,
        }
    }
}

impl Hub {
    /// 代录意见 – what the worker answers where he cannot say it by his phone.
    ///
    /// # Errors
    /// [`LineError`]; nothing was changed.
    pub fn note_reply(
        &self,
        by: AccountId,
        community: CommunityId,
        id: LineId,
        words: &str,
    ) -> Result<(), LineError> {
        let words = given(words)?;
        self.line_step(community, id, move |desk, one, _| {
            in_turn(one.line.standing() == Standing::Draft)?;
            say_of(desk, by, one, LineStep::Replied, &words)
        })
    }

    /// 确认 – another person than the one who proposed it decides that it holds, once the worker answered or his time is over.
    ///
    /// # Errors
    /// [`LineError`]; nothing was changed.
    pub fn confirm_line(
        &self,
        by: AccountId,
        community: CommunityId,
        id: LineId,
        words: &str,
    ) -> Result<(), LineError> {
        let words = given(words)?;
        self.line_step(community, id, move |desk, one, today| {
            let proposal = one.proposal().ok_or(LineError::Unknown)?;
            match one.line.standing() {
                Standing::Answered => {}
                Standing::Draft if proposal.reply_by < today => {}
                Standing::Draft => return Err(LineError::NotAnswered { reply_by: proposal.reply_by }),
                _ => return Err(LineError::NotNow),
            }
            // Nor by whoever wrote the worker's answer down.
            if one.took_part().contains(&by) {
                return Err(LineError::SamePerson);
            }
            let file = desk.tx().community(community)?.unwrap_or_default();
            still_offered(desk.tx(), &file, one, today)?;
            let days = Present::of(&file)?.appeal_days();
            let appeal_by = proposal.kind.is_adverse().then(|| days_on(today, days));
            say_of(desk, by, one, LineStep::Confirmed { appeal_by }, &words)
        })
    }

    /// 撤销 – drops it, whatever it had come to.
    ///
    /// # Errors
    /// [`LineError`]; nothing was changed.
    pub fn withdraw_line(
        &self,
        by: AccountId,
        community: CommunityId,
        id: LineId,
        words: &str,
    ) -> Result<(), LineError> {
        let words = given(words)?;
        self.line_step(community, id, move |desk, one, _| {
            in_turn(!one.is_withdrawn())?;
            // A reward that was granted is not one person's to take.
            let granted = one.proposal().is_some_and(|proposal| proposal.kind == LineKind::Reward)
                && one.line.standing() == Standing::Confirmed;
            if granted && one.took_part().contains(&by) {
                return Err(LineError::SamePerson);
            }
            say_of(desk, by, one, LineStep::Withdrawn, &words)
        })
    }

    /// 代录申诉 – an appeal that came on paper, also one that came late.
    ///
    /// # Errors
    /// [`LineError`]; nothing was changed.
    pub fn note_line_appeal(
        &self,
        by: AccountId,
        community: CommunityId,
        id: LineId,
        words: &str,
    ) -> Result<(), LineError> {
        let words = given(words)?;
        self.line_step(community, id, move |desk, one, _| {
            let adverse = one.proposal().is_some_and(|proposal| proposal.kind.is_adverse());
            in_turn(adverse && one.line.standing() == Standing::Confirmed)?;
            say_of(desk, by, one, LineStep::Appealed, &words)
        })
    }

    /// 复核 – somebody with no part in it, nor in the finding, hears the appeal.
    ///
    /// # Errors
    /// [`LineError`]; nothing was changed.
    pub fn hear_line_appeal(
        &self,
        by: AccountId,
        community: CommunityId,
        id: LineId,
        reversed: bool,
        words: &str,
    ) -> Result<(), LineError> {
        let words = given(words)?;
        self.line_step(community, id, move |desk, one, _| {
            in_turn(one.line.standing() == Standing::Appealed)?;
            if !may_hear(desk.tx(), one, by)? {
                return Err(LineError::SamePerson);
            }
            say_of(desk, by, one, LineStep::Heard { reversed }, &words)
        })
    }

    fn line_step(
        &self,
        community: CommunityId,
        id: LineId,
        work: impl FnOnce(&Desk<'_>, &KeptLine, NaiveDate) -> Result<(), LineError> + Send + 'static,
    ) -> Result<(), LineError> {
        self.office(move |desk| {
            let one = find(desk.tx(), community, id)?.ok_or(LineError::Unknown)?;
            let file = desk.tx().community(community)?.unwrap_or_default();
            work(desk, &one, today(desk, &file))
        })
    }
}

/// Whether an account had no part in a line nor in the finding it rests on.
///
/// # Errors
/// [`StorageError`].
pub fn may_hear(tx: &Tx<'_>, one: &KeptLine, by: AccountId) -> Result<bool, StorageError> {
    if one.took_part().contains(&by) {
        return Ok(false);
    }
    let Some(finding) = one.finding() else { return Ok(one.proposal().is_some()) };
    // Of a finding that cannot be found nobody knows who had a part in it.
    let finding = find_finding(tx, one.community, finding)?;
    finding.map_or(Ok(false), |finding| Ok(!took_part(tx, &finding)?.contains(&by)))
}

fn say_of(
    desk: &Desk<'_>,
    by: AccountId,
    one: &KeptLine,
    step: LineStep,
    words: &str,
) -> Result<(), LineError> {
    let event = LineEvent { line: one.id, worker: one.worker, step, by: By::Desk(by) };
    desk.tell(by, one.community, ToWorker::Line(event), words)?;
    Ok(())
}

const fn in_turn(is: bool) -> Result<(), LineError> {
    if is { Ok(()) } else { Err(LineError::NotNow) }
}
