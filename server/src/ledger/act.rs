//! What the desk does about a line of the ledger; every step is checked and written in one transaction.

use chrono::NaiveDate;
use ruhu_core::community::CommunityFile;
use ruhu_core::entry::{Amount, Ground, LineEvent, LineKind, LineProposal, LineStep, ToWorker};
use ruhu_core::ids::{AccountId, CommunityId, FindingId, LineId, WorkerId};
use ruhu_core::ledger::{Proposable, Standing};
use ruhu_core::policy::RuleId;
use ruhu_core::roster::By;
use ruhu_core::time::Period;

use super::completion::completion;
use super::course::{KeptLine, all, find, rests_on_solid_ground};
use super::offer::{offered_after, offered_for};
use crate::findings::act::{BadWords, REPLY_DAYS_MAX, REPLY_DAYS_MIN, days_on, given, took_part};
use crate::findings::course::find as find_finding;
use crate::findings::task::today;
use crate::ingest::office::{ActError, Desk};
use crate::office::OfficeError;
use crate::office::adopting::Present;
use crate::report::closing::ReportError;
use crate::storage::{Hub, StorageError};

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
    /// Something was left of what was due.
    #[error("还有未访户,不是按质按量完成 / something was left of what was due")]
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

/// What a person proposes: by which rule, until when the worker may answer, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposing {
    /// 条文号.
    pub rule: RuleId,
    /// The last day for the worker's answer.
    pub reply_by: NaiveDate,
    /// Why; the worker reads it.
    pub words: String,
}

impl Hub {
    /// 提出 – proposes what an adopted rule says follows from a finding that is final.
    ///
    /// # Errors
    /// [`LineError`]; nothing was changed.
    pub fn propose_line(
        &self,
        by: AccountId,
        community: CommunityId,
        finding: FindingId,
        proposing: Proposing,
    ) -> Result<LineId, LineError> {
        let (words, id) = (given(&proposing.words)?, self.make_id());
        self.office(move |desk| {
            let tx = desk.tx();
            let found = find_finding(tx, community, finding)?.ok_or(LineError::Unknown)?;
            let file = tx.community(community)?.unwrap_or_default();
            let today = today(desk, &file);
            if found.course.holds().is_none() || !found.course.is_ended(today) {
                return Err(LineError::NotFinal);
            }
            let offered = offered_after(tx, &file, &found, None)?;
            let one = chosen(offered, &proposing.rule)?;
            let ground = Ground::Finding(finding);
            let is_same = |line: &KeptLine| line.finding() == Some(finding);
            refuse_twice(desk, community, &proposing.rule, is_same)?;
            let to = (id, found.worker);
            propose(desk, (by, community), to, (one, ground), (&proposing, today, &words))?;
            Ok(id)
        })
    }

    /// 按质按量完成 – proposes a reward for a closed period in which nothing was left.
    ///
    /// # Errors
    /// [`LineError`]; nothing was changed.
    pub fn propose_reward(
        &self,
        by: AccountId,
        community: CommunityId,
        (worker, period): (WorkerId, Period),
        proposing: Proposing,
    ) -> Result<LineId, LineError> {
        let (words, id) = (given(&proposing.words)?, self.make_id());
        self.office(move |desk| {
            let tx = desk.tx();
            let file = tx.community(community)?.unwrap_or_default();
            let sheet = completion(tx, &file, community, worker, period)?.ok_or(LineError::Unknown)?;
            if !sheet.is_ground() {
                return Err(LineError::NotWhole);
            }
            let one = chosen(offered_for(&file, period)?, &proposing.rule)?;
            let is_same = |line: &KeptLine| {
                let ground = line.proposal().map(|proposal| proposal.ground);
                let same = matches!(ground, Some(Ground::Completion(before)) if before.period == period);
                same && line.worker == worker
            };
            refuse_twice(desk, community, &proposing.rule, is_same)?;
            let (ground, today) = (Ground::Completion(sheet.figures), today(desk, &file));
            propose(desk, (by, community), (id, worker), (one, ground), (&proposing, today, &words))?;
            Ok(id)
        })
    }

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
pub fn may_hear(tx: &crate::storage::Tx<'_>, one: &KeptLine, by: AccountId) -> Result<bool, StorageError> {
    if one.took_part().contains(&by) {
        return Ok(false);
    }
    let Some(finding) = one.finding() else { return Ok(one.proposal().is_some()) };
    // Of a finding that cannot be found nobody knows who had a part in it.
    let finding = find_finding(tx, one.community, finding)?;
    finding.map_or(Ok(false), |finding| Ok(!took_part(tx, &finding)?.contains(&by)))
}

/// What it rests on still stands, and the rules adopted now still say so: one that was dropped since is held against nobody.
fn still_offered(
    tx: &crate::storage::Tx<'_>,
    file: &CommunityFile,
    one: &KeptLine,
    today: NaiveDate,
) -> Result<(), LineError> {
    let proposal = one.proposal().ok_or(LineError::Unknown)?;
    let offered = match proposal.ground {
        Ground::Finding(id) => {
            if !rests_on_solid_ground(tx, one, today)? {
                return Err(LineError::NotFinal);
            }
            let found = find_finding(tx, one.community, id)?.ok_or(LineError::Unknown)?;
            offered_after(tx, file, &found, Some(one.id))?
        }
        Ground::Completion(before) => {
            let sheet = completion(tx, file, one.community, one.worker, before.period)?;
            if !sheet.is_some_and(|sheet| sheet.is_ground()) {
                return Err(LineError::NotWhole);
            }
            offered_for(file, before.period)?
        }
    };
    let now = chosen(offered, &proposal.rule)?;
    let covers = match (now.amount, proposal.amount) {
        (Amount::YearEndBonus { percent: now }, Amount::YearEndBonus { percent }) => percent <= now,
        (now, before) => now == before,
    };
    if covers { Ok(()) } else { Err(LineError::NotOffered) }
}

fn chosen(offered: Vec<Proposable>, rule: &RuleId) -> Result<Proposable, LineError> {
    let one = offered.into_iter().find(|one| one.rule.id == *rule && one.why_not.is_none());
    one.ok_or(LineError::NotOffered)
}

fn refuse_twice(
    desk: &Desk<'_>,
    community: CommunityId,
    rule: &RuleId,
    is_same: impl Fn(&KeptLine) -> bool,
) -> Result<(), LineError> {
    let by_rule = |one: &KeptLine| one.proposal().is_some_and(|proposal| proposal.rule == *rule);
    let before = all(desk.tx(), community)?.into_iter();
    // What somebody appealed against is proposed no second time, whatever came of it.
    let stands = |one: &KeptLine| !one.is_withdrawn() || one.line.was_appealed();
    match before.filter(stands).find(|one| by_rule(one) && is_same(one)) {
        Some(one) => Err(LineError::Already { line: one.id }),
        None => Ok(()),
    }
}

fn propose(
    desk: &Desk<'_>,
    (by, community): (AccountId, CommunityId),
    (line, worker): (LineId, WorkerId),
    (one, ground): (Proposable, Ground),
    (proposing, today, words): (&Proposing, NaiveDate, &str),
) -> Result<(), LineError> {
    let (least, most) = (days_on(today, REPLY_DAYS_MIN), days_on(today, REPLY_DAYS_MAX));
    if proposing.reply_by < least || most < proposing.reply_by {
        return Err(LineError::BadDay);
    }
    let proposal = LineProposal {
        kind: one.kind,
        quote: one.rule.quote(),
        rule: one.rule.id,
        amount: one.amount,
        ground,
        released: one.released,
        reply_by: proposing.reply_by,
    };
    let event = LineEvent { line, worker, step: LineStep::Proposed(Box::new(proposal)), by: By::Desk(by) };
    desk.tell(by, community, ToWorker::Line(event), words)?;
    Ok(())
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
