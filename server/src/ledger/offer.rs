//! What the adopted rules let a person propose, for a finding or for work completed; the rest with why not.

use chrono::{Datelike, NaiveDate};
use ruhu_core::community::{AdoptedRules, CommunityFile};
use ruhu_core::entry::{Amount, LineProposal};
use ruhu_core::ids::LineId;
use ruhu_core::ledger::{NotOffered, Proposable, after_finding, for_completion};
use ruhu_core::policy::AdoptedPolicy;
use ruhu_core::time::Period;

use super::act::LineError;
use super::course::all;
use crate::findings::Finding;
use crate::findings::course::find;
use crate::office::adopting::Present;
use crate::storage::{StorageError, Tx};

/// 可拟事项 for a finding, whether or not it is final yet; `beside` is a line that is left out of what the year's cap holds.
///
/// # Errors
/// [`LineError`] where what was adopted cannot be read.
pub fn offered_after(
    tx: &Tx<'_>,
    file: &CommunityFile,
    finding: &Finding,
    beside: Option<LineId>,
) -> Result<Vec<Proposable>, LineError> {
    let Some(about) = finding.about() else { return Ok(Vec::new()) };
    let Some(class) = file.workers().get(&finding.worker).map(|worker| worker.class) else {
        return Ok(Vec::new());
    };
    let on = about.visited_on;
    let taken = taken_percent(tx, finding, on.year(), beside)?;
    // Adopted by the day before: nobody could know in the morning what was adopted in the evening.
    let known = on.pred_opt().unwrap_or(on);
    offered(file, known, |present, adopted| after_finding(&present.texts, adopted, on, class, taken))
}

/// 可拟事项 for a closed period, by its first day.
///
/// # Errors
/// As [`offered_after`].
pub fn offered_for(file: &CommunityFile, period: Period) -> Result<Vec<Proposable>, LineError> {
    let on = period.first_day();
    offered(file, on, |present, adopted| for_completion(&present.texts, adopted, on))
}

/// What is offered by the rules adopted now and by those adopted on the day it is about: a rule does not reach back, and
/// one that was dropped since is not held against anybody. Of two amounts the smaller counts.
fn offered(
    file: &CommunityFile,
    on: NaiveDate,
    of: impl Fn(&Present, &AdoptedPolicy) -> Vec<Proposable>,
) -> Result<Vec<Proposable>, LineError> {
    let read = |adopted: Option<&AdoptedRules>| -> Result<Vec<Proposable>, LineError> {
        let present = Present::read(adopted)?;
        Ok(present.policy.as_ref().map(|adopted| of(&present, adopted)).unwrap_or_default())
    };
    let (mut now, then) = (read(file.last_adopted())?, read(file.adopted_by(on))?);
    for one in now.iter_mut().filter(|one| one.why_not.is_none()) {
        match then.iter().find(|before| before.rule.id == one.rule.id && before.why_not.is_none()) {
            Some(before) => one.amount = smaller(one.amount, before.amount),
            None => one.why_not = Some(NotOffered::NotYet(file.last_adopted_on().unwrap_or(on))),
        }
    }
    Ok(now)
}

const fn smaller(one: Amount, other: Amount) -> Amount {
    match (one, other) {
        (Amount::YearEndBonus { percent: one }, Amount::YearEndBonus { percent: other }) => {
            Amount::YearEndBonus { percent: if one < other { one } else { other } }
        }
        _ => Amount::Unset,
    }
}

/// How much of the bonus of a year stands in lines of this worker that were not withdrawn, percent: by the year of the
/// record, so that waiting for January changes nothing. Asked only for the cap, shown nowhere.
fn taken_percent(
    tx: &Tx<'_>,
    finding: &Finding,
    year: i32,
    beside: Option<LineId>,
) -> Result<u8, StorageError> {
    let mut taken: u8 = 0;
    for one in all(tx, finding.community)? {
        let Some(LineProposal { amount: Amount::YearEndBonus { percent }, .. }) = one.proposal() else {
            continue;
        };
        if one.worker != finding.worker || one.is_withdrawn() || Some(one.id) == beside {
            continue;
        }
        let ground = one.finding().map(|id| find(tx, one.community, id)).transpose()?.flatten();
        if ground.and_then(|ground| ground.about()).is_some_and(|about| about.visited_on.year() == year) {
            taken = taken.saturating_add(*percent);
        }
    }
    Ok(taken)
}
