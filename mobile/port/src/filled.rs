//! 已填的表 – what the core keeps of a visit, as a form again.

use ruhu_core::category::Scalar;
use ruhu_core::roster::Unit;
use ruhu_core::visit::{AnswerValue, VisitDraft, VisitOutcome};

use crate::labels::text;
use crate::read::{code, unit_text};
use crate::view::{
    AnswerForm, Appointment as AppointmentView, ChangeForm, FieldForm, HazardForm, OutcomeForm, RequestForm,
    VisitForm,
};

/// The core's draft as a form.
pub(crate) fn form_of(unit: Unit, draft: &VisitDraft, fields: &[(String, Scalar)]) -> VisitForm {
    let body = &draft.body;
    VisitForm {
        unit: unit_text(unit),
        dwelling: draft.dwelling.map(|id| id.to_string()),
        visited_on: draft.visited_on.map(|day| day.to_string()),
        visited_at: draft.visited_at.map(|at| at.format("%H:%M").to_string()),
        outcome: draft.outcome.map(outcome_form),
        child_alone: draft.child_alone,
        supersedes: draft.supersedes.map(|hash| hash.to_string()),
        met: body.met.iter().map(ToString::to_string).collect(),
        nothing_changed: body.nothing_changed,
        changes: body
            .changes
            .iter()
            .map(|one| ChangeForm {
                kind: code(&one.kind),
                person: one.person.map(|id| id.to_string()),
                on: one.on.map(|day| day.to_string()),
                category: one.category.clone(),
            })
            .collect(),
        requests: body
            .requests
            .iter()
            .map(|one| RequestForm {
                id: one.id.to_string(),
                words: one.words.clone(),
                wanted: one.wanted.clone(),
                solved_on_the_spot: one.solved_on_the_spot,
            })
            .collect(),
        hazards: body
            .hazards
            .iter()
            .map(|one| HazardForm {
                id: one.id.to_string(),
                words: one.words.clone(),
                place: one.place.clone(),
            })
            .collect(),
        answers: body
            .answers
            .iter()
            .map(|one| AnswerForm { question: one.question.to_string(), value: answer_text(&one.value) })
            .collect(),
        appointment: body.appointment.as_ref().map(|one| AppointmentView {
            on: one.on.to_string(),
            at: one.at.map(|at| at.format("%H:%M").to_string()),
        }),
        came_along: body.came_along.iter().map(code).collect(),
        note: body.note.clone(),
        note_for_next: body.note_for_next.clone(),
        fields: fields
            .iter()
            .map(|(key, value)| FieldForm { key: key.clone(), value: text(value) })
            .collect(),
    }
}

fn answer_text(value: &AnswerValue) -> Option<String> {
    match value {
        AnswerValue::NotAsked => None,
        AnswerValue::YesNo(yes) => Some(yes.to_string()),
        AnswerValue::Choice(nth) => Some(nth.to_string()),
        AnswerValue::Number(number) => Some(number.to_string()),
        AnswerValue::Date(day) => Some(day.to_string()),
        AnswerValue::Text(text) => Some(text.clone()),
    }
}

fn outcome_form(outcome: VisitOutcome) -> OutcomeForm {
    let mut form = OutcomeForm { code: outcome.code().to_string(), ..OutcomeForm::default() };
    match outcome {
        VisitOutcome::NotHome { note_left } => form.note_left = note_left,
        VisitOutcome::Declined { do_not_ask_until } => {
            form.do_not_ask_until = do_not_ask_until.map(|day| day.to_string());
        }
        VisitOutcome::Vacant { confirmed_by } => form.informant = confirmed_by.as_ref().map(code),
        VisitOutcome::MovedAway { told_by, left_on } => {
            form.informant = Some(code(&told_by));
            form.left_on = left_on.map(|day| day.to_string());
        }
        VisitOutcome::Told { by } => form.informant = Some(code(&by)),
        _ => {}
    }
    form
}
