//! What the adopted rules let a person propose, for a finding or for work completed; the rest with why not.

use chrono::{DateTime, Datelike, NaiveDate};
use ruhu_core::community::{AdoptedRules, CommunityFile};
use ruhu_core::entry::{Amount, LineProposal};
use ruhu_core::ids::{CommunityId, WorkerId};
use ruhu_core::ledger::{NotOffered, Proposable, after_finding, for_completion};
use ruhu_core::policy::AdoptedPolicy;
use ruhu_core::roster::WorkerClass;
use ruhu_core::time::Period;

use super::act::LineError;
use super::course::all;
use crate::findings::Finding;
use crate::office::adopting::Present;
use crate::storage::{StorageError, Tx};

/// 可拟事项 for a finding, whether or not it is final yet.
///
/// # Errors
/// [`LineError`] where what was adopted cannot be read.
pub fn offered_after(
    tx: &Tx<'_>,
    file: &CommunityFile,
    finding: &Finding,
    today: NaiveDate,
) -> Result<Vec<Proposable>, LineError> {
    let Some(about) = finding.about() else { return Ok(Vec::new()) };
    // Whoever left the list is taken for what takes least.
    let class = file.workers().get(&finding.worker).map_or(WorkerClass::Staff, |worker| worker.class);
    let taken = taken_percent(tx, file, finding.community, finding.worker, today)?;
    let on = about.visited_on;
    offered(file, on, |present, adopted| after_finding(&present.texts, adopted, on, class, taken))
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

/// How much of this year's bonus stands in lines of this worker that were not withdrawn, percent. Asked only for the cap,
/// shown nowhere.
fn taken_percent(
    tx: &Tx<'_>,
    file: &CommunityFile,
    community: CommunityId,
    worker: WorkerId,
    today: NaiveDate,
) -> Result<u8, StorageError> {
    let mut taken: u8 = 0;
    for one in all(tx, community)? {
        let Some((said, LineProposal { amount: Amount::YearEndBonus { percent }, .. })) = one.line.proposed()
        else {
            continue;
        };
        let on = file.zone().date(DateTime::from_timestamp_millis(said.at_ms).unwrap_or_default());
        if one.worker == worker && on.year() == today.year() && !one.is_withdrawn() {
            taken = taken.saturating_add(*percent);
        }
    }
    Ok(taken)
}
