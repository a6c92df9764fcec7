//! 走访 – the form of a visit: kept, checked, saved, corrected, taken back.

use ruhu_core::category::Scalar;
use ruhu_core::fieldbook::KeptDraft;
use ruhu_core::question::{AnswerKind, Question};
use ruhu_core::roster::Unit;
use ruhu_core::visit::{
    Answer, AnswerValue, Appointment, Change, ChangeKind, Hazard, MeetingPlace, OutcomeCode, Request,
    VisitBody, VisitDraft, VisitOutcome,
};

use crate::ask::{Nothing, RecordAsk, Saved, TodayAsk, UnitAsk, WithdrawAsk};
use crate::fields::{Joined, note_for_next};
use crate::filled::form_of;
use crate::read::{coded, maybe, parsed, unit};
use crate::trouble::FormProblem;
use crate::view::{
    AnswerForm, Appointment as AppointmentView, ChangeForm, DueDoor, NextDoor, OutcomeForm, SavedVisit,
    VisitForm,
};
use crate::{Port, Remedy, Trouble};

impl Port {
    /// The visit in progress, or an empty form.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn draft(&mut self, ask: UnitAsk) -> Result<VisitForm, Trouble> {
        let unit = unit(&ask.unit)?;
        let kept = self.book.drafts()?.into_iter().find(|(of, ..)| *of == unit);
        if let Some((.., kept)) = kept {
            return Ok(form_of(unit, &kept.visit, &kept.fields));
        }
        let dwelling = self.book.household(unit)?.line.dwelling;
        Ok(form_of(unit, &VisitDraft { dwelling, ..VisitDraft::default() }, &[]))
    }

    /// Keeps a visit in progress.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn keep_draft(&mut self, form: VisitForm) -> Result<Nothing, Trouble> {
        let unit = unit(&form.unit)?;
        // What cannot be read yet is half typed; everything else is kept.
        let Read { visit, fields, .. } = self.read(&form)?;
        self.book.keep_draft(unit, &KeptDraft { visit, fields })?;
        Ok(Nothing {})
    }

    /// Drops a visit in progress.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn drop_draft(&mut self, ask: UnitAsk) -> Result<Nothing, Trouble> {
        self.book.drop_draft(unit(&ask.unit)?)?;
        Ok(Nothing {})
    }

    /// Names every problem of a form at once; saves nothing.
    ///
    /// # Errors
    /// [`Trouble`] with every problem.
    pub fn check(&mut self, form: VisitForm) -> Result<Nothing, Trouble> {
        let (visit, fields) = self.readable(&form)?;
        self.book.check(&visit, &fields)?;
        Ok(Nothing {})
    }

    /// 保存走访, and the next due door of the same stair.
    ///
    /// # Errors
    /// [`Trouble`]; nothing was saved.
    pub fn save(&mut self, form: VisitForm) -> Result<SavedVisit, Trouble> {
        let here = unit(&form.unit)?;
        let (visit, fields) = self.readable(&form)?;
        let place = self.book.household(here)?.line.address;
        let saved = self.book.save_visit(visit, &fields)?;
        self.opened = None;
        // It is saved, whatever comes of looking for the next door.
        let today = self.today(TodayAsk::default()).unwrap_or_default();
        let next = place.and_then(|from| {
            let same = |door: &&DueDoor| {
                let stair = |place: &crate::view::Place| {
                    (place.estate.as_str(), place.building.as_str(), place.stair.as_str())
                        == (from.estate.as_str(), from.building.as_str(), from.stair.as_str())
                };
                door.unit != form.unit
                    && door.do_not_ask_until.is_none()
                    && door.place.as_ref().is_some_and(stair)
            };
            let after = |door: &&DueDoor| {
                door.place.as_ref().is_some_and(|place| from.walking_key() < walking_key(place))
            };
            let mut doors = today.doors.iter().filter(same);
            // Walking on; at the top of the stair, whoever was passed over.
            doors.clone().find(after).or_else(|| doors.next())
        });
        Ok(SavedVisit {
            record: saved.record.map(|hash| hash.to_string()).unwrap_or_default(),
            fields_changed: saved.edit.is_some(),
            next: next.map(|door| NextDoor { unit: door.unit.clone(), place: door.place.clone() }),
            done: today.quarter.done,
            due: today.quarter.due,
        })
    }

    /// 更正 – one's own visit as a form that corrects it when saved.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn correct(&mut self, ask: RecordAsk) -> Result<VisitForm, Trouble> {
        let draft = self.book.correct(parsed("record", &ask.record)?)?;
        let unit = draft.unit.ok_or_else(|| Trouble::at("unit", "记录没有对象 / the record names nobody"))?;
        Ok(form_of(unit, &draft, &[]))
    }

    /// 撤回.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn withdraw(&mut self, ask: WithdrawAsk) -> Result<Saved, Trouble> {
        let saved = self.book.withdraw(parsed("record", &ask.record)?, &ask.reason)?;
        let records = saved.iter().filter_map(|one| one.record).map(|hash| hash.to_string()).collect();
        Ok(Saved { records, unit: String::new() })
    }

    /// The form as the core's draft. Where something cannot be read, what else is wrong is named with it.
    fn readable(&mut self, form: &VisitForm) -> Result<(VisitDraft, Vec<(String, Scalar)>), Trouble> {
        let Read { visit, mut fields, mut wrong } = self.read(form)?;
        fields.extend(note_for_next(form, unit(&form.unit)?));
        if wrong.is_empty() {
            return Ok((visit, fields));
        }
        let more = self.book.check(&visit, &fields).err().map(|why| Trouble::from(why).problems);
        for one in more.unwrap_or_default() {
            // Beside an outcome that cannot be read, nothing can contradict it.
            let of_outcome = matches!(one.field.as_str(), "nothing-changed" | "met");
            let outcome_lacks = wrong.iter().any(|known| known.field == "outcome");
            if wrong.iter().all(|known| known.field != one.field) && !(of_outcome && outcome_lacks) {
                wrong.push(one);
            }
        }
        Err(together(wrong))
    }

    /// The questions that the visit of a form may answer, by its day and by the record it corrects.
    fn answerable(&self, unit: Unit, form: &VisitForm) -> Result<Vec<Question>, Trouble> {
        // What cannot be read is named at its own field; until then today stands for the day.
        let day = maybe("visited-on", form.visited_on.as_deref()).unwrap_or_default();
        let corrected = maybe("unit", form.supersedes.as_deref()).unwrap_or_default();
        let day = day.map_or_else(|| self.book.today(), Ok)?;
        Ok(self.book.questions_on(unit, day, corrected)?)
    }

    /// What of the form can be read, and everything that cannot.
    fn read(&mut self, form: &VisitForm) -> Result<Read, Trouble> {
        let unit = unit(&form.unit)?;
        let mut wrong = Vec::new();
        let questions = self.answerable(unit, form)?;
        let mut requests = Vec::new();
        for one in &form.requests {
            let id = match maybe("requests", Some(&one.id))? {
                Some(id) => id,
                None => self.book.new_request_id()?,
            };
            let (words, wanted) = (one.words.clone(), one.wanted.clone());
            requests.push(Request { id, words, wanted, solved_on_the_spot: one.solved_on_the_spot });
        }
        let mut hazards = Vec::new();
        for one in &form.hazards {
            let id = match maybe("hazards", Some(&one.id))? {
                Some(id) => id,
                None => self.book.new_request_id()?,
            };
            hazards.push(Hazard { id, words: one.words.clone(), place: one.place.clone() });
        }
        let answers = gather(&form.answers, &mut wrong, |one| answer(&questions, one));
        let met = gather(&form.met, &mut wrong, |id| parsed("met", id));
        let came_along = gather(&form.came_along, &mut wrong, |code| coded("came_along", code));
        let (fields, joined) = self.fields_of(form, &mut wrong)?;
        let changes = gather(&form.changes, &mut wrong, |one| change(one, &joined));
        let mut one =
            |read: Result<(), Trouble>| wrong.extend(read.err().map(|why| why.problems).unwrap_or_default());
        let mut draft = VisitDraft {
            unit: Some(unit),
            child_alone: form.child_alone,
            body: VisitBody {
                met,
                nothing_changed: form.nothing_changed,
                changes,
                requests,
                hazards,
                answers,
                came_along,
                note: form.note.clone(),
                note_for_next: form.note_for_next.clone(),
                appointment: None,
            },
            ..VisitDraft::default()
        };
        one(maybe("unit", form.dwelling.as_deref()).map(|id| draft.dwelling = id));
        one(maybe("visited-on", form.visited_on.as_deref()).map(|on| draft.visited_on = on));
        one(maybe("visited-at", form.visited_at.as_deref()).map(|at| draft.visited_at = at));
        one(maybe("unit", form.supersedes.as_deref()).map(|target| draft.supersedes = target));
        one(form.outcome.as_ref().map(outcome).transpose().map(|outcome| draft.outcome = outcome));
        one(form.appointment.as_ref().map(agreed).transpose().map(|agreed| draft.body.appointment = agreed));
        Ok(Read { visit: draft, fields, wrong })
    }
}

/// A form as far as it can be read.
struct Read {
    visit: VisitDraft,
    fields: Vec<(String, Scalar)>,
    wrong: Vec<FormProblem>,
}

fn gather<T, U>(from: &[T], wrong: &mut Vec<FormProblem>, read: impl Fn(&T) -> Result<U, Trouble>) -> Vec<U> {
    let mut list = Vec::with_capacity(from.len());
    for one in from {
        match read(one) {
            Ok(one) => list.push(one),
            Err(why) => wrong.extend(why.problems),
        }
    }
    list
}

fn together(problems: Vec<FormProblem>) -> Trouble {
    let words = problems.iter().map(|one| one.words.as_str()).collect::<Vec<_>>().join("; ");
    Trouble { remedy: Remedy::FixForm, words, problems }
}

/// A step of what changed; the person and the category it speaks of must be said.
fn change(one: &ChangeForm, joined: &Joined) -> Result<Change, Trouble> {
    let kind: ChangeKind = coded("changes", &one.kind)?;
    let joins = one.person.as_deref().is_some_and(|person| person.starts_with("new-"));
    let person = match joined.find(one.person.as_deref()) {
        Some(id) => Some(id),
        None if joins => {
            return Err(Trouble::at("changes", "请填写新成员的姓名 / give the name of who joins"));
        }
        None => maybe("changes", one.person.as_deref())?,
    };
    let category = one.category.clone().filter(|category| !category.is_empty());
    let of_category = matches!(kind, ChangeKind::CategoryIn | ChangeKind::CategoryOut);
    let of_somebody = of_category || matches!(kind, ChangeKind::MovedOut | ChangeKind::Death);
    if of_somebody && person.is_none() {
        return Err(Trouble::at("changes", "变化:请选择是谁 / changes: say whom it concerns"));
    }
    if of_category && category.is_none() {
        return Err(Trouble::at("changes", "变化:请选择类别 / changes: say which category"));
    }
    Ok(Change { kind, person, on: maybe("changes", one.on.as_deref())?, category })
}

fn agreed(one: &AppointmentView) -> Result<Appointment, Trouble> {
    if one.on.trim().is_empty() {
        return Err(Trouble::at("appointment", "请填写改约的日期 / say which day was agreed"));
    }
    Ok(Appointment { on: parsed("appointment", &one.on)?, at: maybe("appointment", one.at.as_deref())? })
}

fn answer(questions: &[Question], one: &AnswerForm) -> Result<Answer, Trouble> {
    let id = parsed("answers", &one.question)?;
    let Some(text) = &one.value else { return Ok(Answer { question: id, value: AnswerValue::NotAsked }) };
    let Some(question) = questions.iter().find(|question| question.id == id) else {
        return Err(Trouble::at(
            "answers",
            "此专项已不再询问,请删去 / this question is asked no longer, leave it out",
        ));
    };
    let value = match &question.kind {
        AnswerKind::YesNo => AnswerValue::YesNo(parsed("answers", text)?),
        AnswerKind::Choice(_) => AnswerValue::Choice(parsed("answers", text)?),
        AnswerKind::Number { .. } => AnswerValue::Number(parsed("answers", text)?),
        AnswerKind::Date => AnswerValue::Date(parsed("answers", text)?),
        AnswerKind::Text { .. } => AnswerValue::Text(text.clone()),
    };
    Ok(Answer { question: id, value })
}

/// The form's outcome with what belongs to it.
pub(crate) fn outcome(form: &OutcomeForm) -> Result<VisitOutcome, Trouble> {
    let said_by = form.informant.as_deref().filter(|code| !code.is_empty());
    let informant = || match said_by {
        Some(code) => coded("outcome", code),
        None => Err(Trouble::at("outcome", "请选择是谁说的 / say whose word it is")),
    };
    let until = maybe("do-not-ask-until", form.do_not_ask_until.as_deref())?;
    Ok(match parsed("outcome", &form.code)? {
        OutcomeCode::Met => VisitOutcome::Met { place: MeetingPlace::Inside },
        OutcomeCode::MetAtDoor => VisitOutcome::Met { place: MeetingPlace::Door },
        OutcomeCode::NotHome => VisitOutcome::NotHome { note_left: form.note_left },
        OutcomeCode::Declined => VisitOutcome::Declined { do_not_ask_until: until },
        OutcomeCode::Phone => VisitOutcome::Phone,
        OutcomeCode::CameToOffice => VisitOutcome::CameToOffice,
        OutcomeCode::Vacant => {
            VisitOutcome::Vacant { confirmed_by: said_by.map(|code| coded("outcome", code)).transpose()? }
        }
        OutcomeCode::LetUnverified => VisitOutcome::LetUnverified,
        OutcomeCode::MovedAway => VisitOutcome::MovedAway {
            told_by: informant()?,
            left_on: maybe("left-on", form.left_on.as_deref())?,
        },
        OutcomeCode::RegisteredOnly => VisitOutcome::RegisteredOnly,
        OutcomeCode::NoSuchAddress => VisitOutcome::NoSuchAddress,
        OutcomeCode::Rescheduled => VisitOutcome::Rescheduled,
        OutcomeCode::Unsafe => VisitOutcome::Unsafe,
        OutcomeCode::Told => VisitOutcome::Told { by: informant()? },
    })
}

fn walking_key(place: &crate::view::Place) -> String {
    crate::read::address(place).walking_key()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_says_whom_and_which_category_it_concerns() {
        let of = |kind: &str, person: Option<&str>| ChangeForm {
            kind: kind.to_owned(),
            person: person.map(str::to_owned),
            ..ChangeForm::default()
        };
        let joined = Joined::default();
        for one in [of("moved_out", None), of("category_in", None), of("moved_in", Some("new-1"))] {
            let why = change(&one, &joined).unwrap_err();
            assert_eq!(why.problems.first().map(|one| one.field.as_str()), Some("changes"), "{}", one.kind);
        }
        let somebody = "01890000-0000-7000-8000-000000000001";
        assert!(change(&of("category_in", Some(somebody)), &joined).is_err(), "no category was said");
        assert!(change(&of("moved_out", Some(somebody)), &joined).is_ok());
        assert!(change(&of("phone", None), &joined).is_ok(), "the household's own number");
    }
}
