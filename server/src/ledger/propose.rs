//! 提出 – a person proposes what an adopted rule lets him; and whether it may still be when another person confirms it.

use chrono::NaiveDate;
use ruhu_core::community::CommunityFile;
use ruhu_core::entry::{Amount, Ground, LineEvent, LineProposal, LineStep, ToWorker};
use ruhu_core::ids::{AccountId, CommunityId, FindingId, LineId, WorkerId};
use ruhu_core::ledger::Proposable;
use ruhu_core::policy::RuleId;
use ruhu_core::roster::By;
use ruhu_core::time::Period;

use super::act::LineError;
use super::completion::completion;
use super::course::{KeptLine, all, rests_on_solid_ground};
use super::offer::{offered_after, offered_for};
use crate::findings::act::{REPLY_DAYS_MAX, REPLY_DAYS_MIN, days_on, given};
use crate::findings::course::find as find_finding;
use crate::findings::task::today;
use crate::ingest::office::Desk;
use crate::storage::{Hub, Tx};

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
            refuse_twice(desk, community, &proposing.rule, |line| line.rests_on(finding))?;
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
            refuse_twice(desk, community, &proposing.rule, |line| line.rewards(worker, period))?;
            let (ground, today) = (Ground::Completion(sheet.figures), today(desk, &file));
            propose(desk, (by, community), (id, worker), (one, ground), (&proposing, today, &words))?;
            Ok(id)
        })
    }
}

/// What it rests on still stands, and the rules adopted now still say so: one that was dropped since is held against nobody.
pub(super) fn still_offered(
    tx: &Tx<'_>,
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
    match all(desk.tx(), community)?.into_iter().find(|one| one.blocks(rule) && is_same(one)) {
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
