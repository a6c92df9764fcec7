//! 复访, 核查 – what stands between the desk and this worker alone: doors he is asked to ask at again, questions about
//! records of his own, and what he says to them.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::visits::find;
use super::{Fieldbook, FieldbookError, LOCKED, Saved};
use crate::entry::{
    Account, Contents, FindingEvent, FindingStep, Record, RevisitKey, RevisitTask, Revisited, Ruling, Told,
};
use crate::finding::{Course, Said, Stage};
use crate::ids::{FindingId, Hash32, StreamId};
use crate::ledger::{Line, Standing as LineStanding};
use crate::roster::{Address, By, Unit};
use crate::store::units;
use crate::visit::{Field, Problem, VisitDraft, VisitOutcome};

/// 复访 – a door at which this worker is asked to ask again. Nothing of what was recorded there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revisit {
    /// Which.
    pub key: RevisitKey,
    /// Where to go, in the words of the desk.
    pub place: String,
    /// The last day for it.
    pub due: NaiveDate,
    /// 逾期 – not answered though that day has passed.
    pub overdue: bool,
    /// What this phone has answered, the latest.
    pub answer: Option<RevisitAnswer>,
    /// The remark that went with it.
    pub remark: String,
}

/// What came of asking again, as the resident told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RevisitAnswer {
    /// On which day it was asked.
    pub on: NaiveDate,
    /// By telephone.
    pub by_phone: bool,
    /// Whether somebody had come.
    pub told: Told,
    /// About when, where somebody had.
    pub came_on: Option<NaiveDate>,
    /// 常住人数.
    pub people: Option<u8>,
}

/// 核查 – a question about a record of this worker, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFinding {
    /// Which.
    pub id: FindingId,
    /// Payload hash of the record.
    pub record: Hash32,
    /// The day the record states.
    pub visited_on: NaiveDate,
    /// Where it was, while this phone holds that unit.
    pub address: Option<Address>,
    /// What the record says came of it, while this phone holds the record.
    pub outcome: Option<VisitOutcome>,
    /// Where it stands.
    pub stage: Stage,
    /// What is asked, with the facts it rests on.
    pub question: String,
    /// The last day for the worker's account; it is taken later, too, as long as nobody has found.
    pub reply_by: NaiveDate,
    /// What the worker said happened.
    pub account: Option<Account>,
    /// His words with it.
    pub account_words: String,
    /// 代录 – somebody of the office wrote them down for him.
    pub account_noted: bool,
    /// What was found.
    pub ruling: Option<Ruling>,
    /// Why, in writing.
    pub reason: String,
    /// The last day to appeal, where there is something to appeal against.
    pub appeal_by: Option<NaiveDate>,
    /// Why the worker appeals.
    pub appeal_words: String,
    /// 代录 – somebody of the office wrote it down for him.
    pub appeal_noted: bool,
    /// Whether somebody else who heard it reversed what was found; `None` before that.
    pub reversed: Option<bool>,
    /// Why, in writing.
    pub heard_words: String,
    /// His account is asked for.
    pub may_account: bool,
    /// He may appeal.
    pub may_appeal: bool,
    /// Nothing more can come of it.
    pub ended: bool,
}

impl Account {
    /// Whether it means nothing without words: what happened instead, whom he met, which door or day it was.
    #[must_use]
    pub const fn needs_words(self) -> bool {
        matches!(self, Self::Other | Self::MetAnother | Self::Mixed)
    }
}

impl Fieldbook {
    /// 复访 – where this worker is asked to ask again, the earliest day first; answered ones until the desk takes them
    /// back.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn revisits(&self) -> Result<Vec<Revisit>, FieldbookError> {
        Ok(self.standing()?.revisits)
    }

    /// 核查 – questions about this worker's own records, the latest first; those that have ended below. Words of the desk,
    /// which may name residents, are locked with the names.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn findings(&self) -> Result<Vec<OwnFinding>, FieldbookError> {
        let (locked, today) = (self.is_locked()?, self.today()?);
        let mut shown = Vec::new();
        for (id, course) in self.standing()?.findings {
            let Some(mut one) = self.own_finding(id, &course, today)? else { continue };
            if locked {
                let (account, appeal) = (one.account_noted, one.appeal_noted);
                for (words, of_the_desk) in [
                    (&mut one.question, true),
                    (&mut one.reason, true),
                    (&mut one.heard_words, true),
                    (&mut one.account_words, account),
                    (&mut one.appeal_words, appeal),
                ] {
                    if of_the_desk && !words.is_empty() {
                        LOCKED.clone_into(words);
                    }
                }
            }
            shown.push((course.asked().map(|said| said.at_ms), one));
        }
        shown.sort_by_key(|(asked_ms, one)| (one.ended, Reverse(*asked_ms), one.id));
        Ok(shown.into_iter().map(|(_, one)| one).collect())
    }

    /// How many things wait for an answer of this worker: doors to ask at again, accounts, lines of the ledger.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn waiting(&self) -> Result<u32, FieldbookError> {
        let all = self.standing()?;
        let open = all.revisits.iter().filter(|one| one.answer.is_none()).count();
        let is_asked = |one: &&Course| one.asked().is_some() && one.stage() == Stage::Asked;
        let asked = all.findings.values().filter(is_asked).count();
        let is_told = |one: &&Line| one.proposed().is_some() && one.standing() == LineStanding::Draft;
        let told = all.lines.values().filter(is_told).count();
        Ok(u32::try_from(open + asked + told).unwrap_or(u32::MAX))
    }

    /// 复访结果 – says what came of asking again; an earlier answer is replaced. Kept here at once, sent with the next sync.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownRevisit`], [`FieldbookError::Problems`], or a remark beyond its bounds; nothing was
    /// saved.
    pub fn answer_revisit(
        &mut self,
        key: RevisitKey,
        answer: RevisitAnswer,
        remark: &str,
    ) -> Result<Saved, FieldbookError> {
        if !self.revisits()?.iter().any(|one| one.key == key) {
            return Err(FieldbookError::UnknownRevisit(key));
        }
        let problems = answer.problems(self.today()?);
        if !problems.is_empty() {
            return Err(FieldbookError::Problems(problems));
        }
        self.save("保存复访 save a re-visit", |saving| {
            let RevisitAnswer { on, by_phone, told, came_on, people } = answer;
            let made_by = saving.row.worker;
            let said = Record::Revisited(Revisited { key, made_by, on, by_phone, told, came_on, people });
            saving.answer(StreamId::Answers(saving.row.community), &said, remark)
        })
    }

    /// 说明 – says what happened, of a record in doubt.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownFinding`], [`FieldbookError::StepPassed`], [`FieldbookError::ReasonMissing`], or words
    /// beyond their bounds; nothing was saved.
    pub fn account(
        &mut self,
        finding: FindingId,
        account: Account,
        words: &str,
    ) -> Result<Saved, FieldbookError> {
        let has_words = !account.needs_words() || !words.trim().is_empty();
        self.say(finding, FindingStep::Accounted { account }, words, has_words, |one| one.may_account)
    }

    /// 申诉 – asks that somebody else looks at what was found.
    ///
    /// # Errors
    /// As [`Fieldbook::account`].
    pub fn appeal(&mut self, finding: FindingId, words: &str) -> Result<Saved, FieldbookError> {
        self.say(finding, FindingStep::Appealed, words, !words.trim().is_empty(), |one| one.may_appeal)
    }

    fn say(
        &mut self,
        finding: FindingId,
        step: FindingStep,
        words: &str,
        has_words: bool,
        may: fn(&OwnFinding) -> bool,
    ) -> Result<Saved, FieldbookError> {
        let all = self.findings()?;
        let one = all.iter().find(|one| one.id == finding).ok_or(FieldbookError::UnknownFinding(finding))?;
        if !may(one) {
            return Err(FieldbookError::StepPassed(finding));
        }
        if !has_words {
            return Err(FieldbookError::ReasonMissing);
        }
        self.save("答复核查 answer a finding", |saving| {
            let (worker, by) = (saving.row.worker, saving.by());
            let said = Record::Finding(FindingEvent { finding, worker, step, by });
            saving.answer(StreamId::Worker(worker), &said, words)
        })
    }

    /// `None` where the question is not known: there is nothing to show the worker.
    fn own_finding(
        &self,
        id: FindingId,
        course: &Course,
        today: NaiveDate,
    ) -> Result<Option<OwnFinding>, FieldbookError> {
        let Some(asked) = course.asked() else { return Ok(None) };
        let FindingStep::Asked { record, unit, visited_on, reply_by, .. } = asked.event.step else {
            return Ok(None);
        };
        let said =
            |wanted: fn(&FindingStep) -> bool| course.said().iter().find(|one| wanted(&one.event.step));
        let words = |said: Option<&Said>| said.map(|said| said.words.clone()).unwrap_or_default();
        // His own before what somebody wrote down for him.
        let own_first = |wanted: fn(&FindingStep) -> bool| {
            let own = course.said().iter().find(|one| wanted(&one.event.step) && !is_noted(Some(*one)));
            own.or_else(|| said(wanted))
        };
        let accounted = own_first(|step| matches!(step, FindingStep::Accounted { .. }));
        let appealed = own_first(|step| matches!(step, FindingStep::Appealed));
        let heard =
            said(|step| matches!(step, FindingStep::Heard { .. })).filter(|_| course.stage() == Stage::Heard);
        let stage = course.stage();
        Ok(Some(OwnFinding {
            id,
            record,
            visited_on,
            address: self.address_of(unit)?,
            outcome: self.outcome_of(record)?,
            stage,
            question: asked.words.clone(),
            reply_by,
            account: accounted.and_then(|said| match said.event.step {
                FindingStep::Accounted { account } => Some(account),
                _ => None,
            }),
            account_words: words(accounted),
            account_noted: is_noted(accounted),
            ruling: course.ruling(),
            reason: words(said(|step| matches!(step, FindingStep::Decided { .. }))),
            appeal_by: course.appeal_by(),
            appeal_words: words(appealed),
            appeal_noted: is_noted(appealed),
            reversed: heard.map(|_| course.is_reversed()),
            heard_words: words(heard),
            may_account: course.may_account(),
            may_appeal: course.may_appeal(today),
            ended: course.is_ended(today),
        }))
    }

    fn address_of(&self, unit: Unit) -> Result<Option<Address>, FieldbookError> {
        let db = self.store.read();
        let door = match unit {
            Unit::Household(_) => units::find(db, unit)?.and_then(|row| row.dwelling).map(Unit::Vacant),
            Unit::Vacant(_) => Some(unit),
        };
        let row = door.map_or(Ok(None), |door| units::find(db, door))?;
        Ok(row.and_then(|row| row.address().cloned()))
    }

    fn outcome_of(&self, record: Hash32) -> Result<Option<VisitOutcome>, FieldbookError> {
        let kept = find(self.store.read(), record)?;
        Ok(match kept.and_then(|payload| payload.read().ok()) {
            Some(Contents::Visit { skeleton, .. }) => Some(skeleton.outcome),
            _ => None,
        })
    }
}

impl Revisit {
    /// `None` where he need not go any more.
    pub(super) fn of(
        task: &RevisitTask,
        place: String,
        answer: Option<(Revisited, String)>,
        today: NaiveDate,
    ) -> Option<Self> {
        let due = task.due?;
        let (answer, remark) = answer.unzip();
        let answer = answer.map(|one| RevisitAnswer {
            on: one.on,
            by_phone: one.by_phone,
            told: one.told,
            came_on: one.came_on,
            people: one.people,
        });
        let overdue = answer.is_none() && due < today;
        Some(Self { key: task.key, place, due, overdue, answer, remark: remark.unwrap_or_default() })
    }
}

impl RevisitAnswer {
    fn problems(&self, today: NaiveDate) -> Vec<Problem> {
        let mut problems: Vec<Problem> = VisitDraft::check_day(self.on, today).err().into_iter().collect();
        match self.came_on {
            Some(_) if self.told != Told::Came => {
                problems.push(Problem::Contradicts(Field::CameOn, Field::Outcome));
            }
            Some(came_on) if today < came_on => problems.push(Problem::InFuture(Field::CameOn)),
            Some(came_on) if self.on < came_on => {
                problems.push(Problem::Contradicts(Field::CameOn, Field::VisitedOn));
            }
            _ => {}
        }
        problems
    }
}

fn is_noted(said: Option<&Said>) -> bool {
    said.is_some_and(|said| matches!(said.event.by, By::Desk(_)))
}
