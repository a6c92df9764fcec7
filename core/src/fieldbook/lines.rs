//! 奖惩事项 – lines of the ledger about this worker, and what he says to them.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::stands::Stands;
use super::{Fieldbook, FieldbookError, LOCKED, Saved};
use crate::entry::{Amount, Ground, LineEvent, LineKind, LineStep, Record};
use crate::ids::{LineId, StreamId};
use crate::ledger::{Line, Standing};
use crate::roster::By;
use crate::steps::Said;

/// 奖惩事项 – one line about this worker, as his phone shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLine {
    /// Which.
    pub id: LineId,
    /// What kind of line.
    pub kind: LineKind,
    /// 条文号: `D1b-25`.
    pub rule: String,
    /// Clause and exact words of the rule.
    pub quote: String,
    /// What the rule says it amounts to.
    pub amount: Amount,
    /// What it rests on.
    pub ground: Ground,
    /// 文号 – the decisions that lifted the legal holds on the rule.
    pub released: Vec<String>,
    /// Where it stands.
    pub standing: Standing,
    /// Why it is proposed.
    pub reason: String,
    /// The last day for his answer; it is taken later, too, as long as nobody has decided.
    pub reply_by: NaiveDate,
    /// What he answered.
    pub reply: String,
    /// 代录 – somebody of the office wrote it down for him.
    pub reply_noted: bool,
    /// Why it was confirmed.
    pub decided_words: String,
    /// Why it was dropped, also after it had been confirmed; empty where whoever heard an appeal dropped it.
    pub withdrawn_words: String,
    /// The last day to appeal, once it was confirmed and where there is something to appeal against.
    pub appeal_by: Option<NaiveDate>,
    /// Why he appeals.
    pub appeal_words: String,
    /// 代录 – somebody of the office wrote it down for him.
    pub appeal_noted: bool,
    /// What whoever heard the appeal says.
    pub heard_words: String,
    /// Whether they dropped it; `None` before anybody has heard it.
    pub reversed: Option<bool>,
    /// His answer is asked for.
    pub may_reply: bool,
    /// He may appeal.
    pub may_appeal: bool,
    /// Nothing more can come of it.
    pub ended: bool,
}

impl Fieldbook {
    /// 奖惩事项 – lines about this worker, the latest first; those that have ended below. Words of the desk, which may name
    /// residents, are locked with the names.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn own_lines(&self) -> Result<Vec<OwnLine>, FieldbookError> {
        let (locked, today) = (self.is_locked()?, self.today()?);
        let mut shown = Vec::new();
        let all = self.standing()?;
        for (id, line) in &all.lines {
            let Some(mut one) = OwnLine::of(*id, line, today) else { continue };
            // What it rests on is being heard, or was reversed: the hub says the same.
            one.ended &= one.standing == Standing::Withdrawn || rests_on_solid_ground(&one, &all, today);
            if locked {
                one.lock();
            }
            shown.push((line.said().first().map(|said| said.at_ms), one));
        }
        shown.sort_by_key(|(at_ms, one)| (one.ended, Reverse(*at_ms), one.id));
        Ok(shown.into_iter().map(|(_, one)| one).collect())
    }

    /// 本人意见 – answers a line that is proposed.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownLine`], [`FieldbookError::LinePassed`], [`FieldbookError::ReasonMissing`], or words beyond
    /// their bounds; nothing was saved.
    pub fn reply_line(&mut self, line: LineId, words: &str) -> Result<Saved, FieldbookError> {
        self.say_of_line(line, LineStep::Replied, words, |one| one.may_reply)
    }

    /// 申诉 – asks that somebody else looks at a line that was confirmed.
    ///
    /// # Errors
    /// As [`Fieldbook::reply_line`].
    pub fn appeal_line(&mut self, line: LineId, words: &str) -> Result<Saved, FieldbookError> {
        self.say_of_line(line, LineStep::Appealed, words, |one| one.may_appeal)
    }

    fn say_of_line(
        &mut self,
        line: LineId,
        step: LineStep,
        words: &str,
        may: fn(&OwnLine) -> bool,
    ) -> Result<Saved, FieldbookError> {
        let all = self.own_lines()?;
        let one = all.iter().find(|one| one.id == line).ok_or(FieldbookError::UnknownLine(line))?;
        if !may(one) {
            return Err(FieldbookError::LinePassed(line));
        }
        if words.trim().is_empty() {
            return Err(FieldbookError::ReasonMissing);
        }
        self.save("答复奖惩事项 answer a line", |saving| {
            let (worker, by) = (saving.row.worker, saving.by());
            let said = Record::Line(LineEvent { line, worker, step, by });
            saving.answer(StreamId::Worker(worker), &said, words)
        })
    }
}

impl OwnLine {
    /// `None` where what was proposed is not known: there is nothing to show the worker.
    fn of(id: LineId, line: &Line, today: NaiveDate) -> Option<Self> {
        let (proposed, proposal) = line.proposed()?;
        let last = |wanted: fn(&LineStep) -> bool| line.said().iter().rfind(|one| wanted(&one.event.step));
        let words = |wanted| last(wanted).map(|one| one.words.clone()).unwrap_or_default();
        // His own before what somebody wrote down for him.
        let own_first = |wanted: fn(&LineStep) -> bool| {
            let own = line.said().iter().find(|one| wanted(&one.event.step) && !is_noted(one));
            own.or_else(|| last(wanted))
        };
        let replied = own_first(|step| matches!(step, LineStep::Replied));
        let appealed = own_first(|step| matches!(step, LineStep::Appealed));
        let standing = line.standing();
        // Of a hearing that came before the appeal it answers nothing is told yet.
        let heard =
            last(|step| matches!(step, LineStep::Heard { .. })).filter(|_| standing != Standing::Appealed);
        Some(Self {
            id,
            kind: proposal.kind,
            rule: proposal.rule.to_string(),
            quote: proposal.quote.clone(),
            amount: proposal.amount,
            ground: proposal.ground,
            released: proposal.released.clone(),
            standing,
            reason: proposed.words.clone(),
            reply_by: proposal.reply_by,
            reply: replied.map(|one| one.words.clone()).unwrap_or_default(),
            reply_noted: replied.is_some_and(is_noted),
            decided_words: words(|step| matches!(step, LineStep::Confirmed { .. })),
            withdrawn_words: words(|step| matches!(step, LineStep::Withdrawn)),
            appeal_by: line.appeal_by(),
            appeal_words: appealed.map(|one| one.words.clone()).unwrap_or_default(),
            appeal_noted: appealed.is_some_and(is_noted),
            reversed: heard.map(|one| one.event.step == LineStep::Heard { reversed: true }),
            heard_words: heard.map(|one| one.words.clone()).unwrap_or_default(),
            may_reply: standing == Standing::Draft,
            may_appeal: line.may_appeal(today),
            ended: line.is_ended(today),
        })
    }

    /// Hides the words of the desk, also those written down for him.
    fn lock(&mut self) {
        let (reply, appeal) = (self.reply_noted, self.appeal_noted);
        for (words, of_the_desk) in [
            (&mut self.reason, true),
            (&mut self.decided_words, true),
            (&mut self.withdrawn_words, true),
            (&mut self.heard_words, true),
            (&mut self.reply, reply),
            (&mut self.appeal_words, appeal),
        ] {
            if of_the_desk && !words.is_empty() {
                LOCKED.clone_into(words);
            }
        }
    }
}

/// Whether the finding it rests on holds and nobody is hearing an appeal against it, as far as this phone knows.
fn rests_on_solid_ground(one: &OwnLine, all: &Stands, today: NaiveDate) -> bool {
    let Ground::Finding(finding) = one.ground else { return true };
    let course = all.findings.get(&finding).filter(|course| course.asked().is_some());
    course.is_none_or(|course| course.holds().is_some() && course.is_ended(today))
}

const fn is_noted(said: &Said<LineEvent>) -> bool {
    matches!(said.event.by, By::Desk(_))
}
