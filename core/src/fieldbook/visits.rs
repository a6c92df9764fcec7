//! 走访 – check, save, correct, withdraw.

use super::saving::check_fields;
use super::today::open_questions;
use super::{Fieldbook, FieldbookError, Saved};
use crate::category::Scalar;
use crate::entry::{Contents, Payload, Record, Withdrawal};
use crate::ids::{Hash32, VisitId};
use crate::projection;
use crate::question::{Question, check_answers};
use crate::store::units::UnitRow;
use crate::store::{StoreError, drafts, enrolment, log, outbox, units};
use crate::visit::{DraftRules, Problem, Visit, VisitBody, VisitDraft, VisitSkeleton};

impl Fieldbook {
    /// Names every problem of a draft and its fields at once; changes nothing.
    ///
    /// # Errors
    /// [`FieldbookError::Problems`], [`FieldbookError::Fields`], [`FieldbookError::UnknownUnit`].
    pub fn check(&mut self, draft: &VisitDraft, fields: &[(String, Scalar)]) -> Result<(), FieldbookError> {
        let now = self.now()?;
        let zone = self.zone()?;
        let row = enrolment::need(self.store.read())?;
        let rules = DraftRules {
            today: zone.date(now),
            time: zone.time(now),
            visit: self.ids.make(now),
            made_by: row.worker,
        };
        let visit = draft.clone().check(&rules).map_err(FieldbookError::Problems)?;
        let unit = visit.skeleton().unit;
        let row = units::find(self.store.read(), unit)?.ok_or(FieldbookError::UnknownUnit(unit))?;
        check_questions(self.store.read(), &row, &visit)?;
        check_fields(fields)
    }

    /// Saves a visit, and the fields that differ beside it as an entry of its own. When this returns, both are in the
    /// file and in the outbox, and the unit's draft is gone.
    ///
    /// # Errors
    /// [`FieldbookError`]; nothing was saved.
    pub fn save_visit(
        &mut self,
        draft: VisitDraft,
        fields: &[(String, Scalar)],
    ) -> Result<Saved, FieldbookError> {
        self.save("保存走访 save a visit", |saving| {
            let now = saving.now();
            let rules = DraftRules {
                today: saving.zone.date(now),
                time: saving.zone.time(now),
                visit: saving.ids.make(now),
                made_by: saving.row.worker,
            };
            let supersedes = draft.supersedes;
            let visit: Visit = draft.check(&rules).map_err(FieldbookError::Problems)?;
            let unit = visit.skeleton().unit;
            let row = saving.unit(unit)?;
            let stream = saving.stream_of(&row);
            check_questions(saving.tx, &row, &visit)?;
            if let Some(target) = supersedes {
                let corrected = find(saving.tx, target)?.ok_or(FieldbookError::UnknownRecord(target))?;
                let same = matches!(corrected.read(), Ok(Contents::Visit { skeleton, .. })
                    if skeleton.made_by == saving.row.worker && skeleton.unit == unit);
                if !same {
                    return Err(FieldbookError::Problems(vec![Problem::NotYours]));
                }
            }
            let salt = saving.salt();
            let record = saving.append(stream, unit, Payload::of_visit(&visit, salt))?;
            let edit = saving.edit(stream, unit, fields)?;
            drafts::remove(saving.tx, unit)?;
            Ok(Saved { record: Some(record), visit: Some(visit.skeleton().visit), edit })
        })
    }

    /// 更正 – one's own visit as a draft that corrects it when saved.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownRecord`], [`FieldbookError::NotYours`].
    pub fn correct(&self, target: Hash32) -> Result<VisitDraft, FieldbookError> {
        let db = self.store.read();
        let row = enrolment::need(db)?;
        let payload = find(db, target)?.ok_or(FieldbookError::UnknownRecord(target))?;
        match payload.read() {
            Ok(Contents::Visit { skeleton, body }) if skeleton.made_by == row.worker => {
                Ok(draft_of(&skeleton, body.unwrap_or_default(), Some(target)))
            }
            Ok(_) => Err(FieldbookError::NotYours),
            Err(_) => Err(FieldbookError::UnknownRecord(target)),
        }
    }

    /// 撤回 – takes back one's own visit or find, for every unit it says something about.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownRecord`], [`FieldbookError::NotYours`].
    pub fn withdraw(&mut self, target: Hash32, reason: &str) -> Result<Vec<Saved>, FieldbookError> {
        self.save("撤回 withdraw", |saving| {
            let payload = find(saving.tx, target)?.ok_or(FieldbookError::UnknownRecord(target))?;
            let contents = payload.read().map_err(|_| FieldbookError::UnknownRecord(target))?;
            let withdrawable = matches!(
                &contents,
                Contents::Visit { .. } | Contents::Record { record: Record::Proposal(_), .. }
            );
            if !withdrawable || contents.by() != saving.by() {
                return Err(FieldbookError::NotYours);
            }
            let effects = projection::effects(&contents, target, saving.readings.recorded_ms);
            let made_by = saving.row.worker;
            let mut saved = Vec::new();
            for unit in projection::units_of(&effects) {
                let stream = saving.stream_of(&saving.unit(unit)?);
                let withdrawal = Record::Withdrawal(Withdrawal { unit, target, made_by });
                let record = saving.record(stream, unit, &withdrawal, reason)?;
                saved.push(Saved { record: Some(record), visit: None::<VisitId>, edit: None });
            }
            Ok(saved)
        })
    }
}

/// Answers must be to questions that were open for the unit on the day of the visit.
fn check_questions(db: &rusqlite::Connection, row: &UnitRow, visit: &Visit) -> Result<(), FieldbookError> {
    if visit.body().answers.is_empty() {
        return Ok(());
    }
    let open = open_questions(db, row, visit.skeleton().visited_on, visit.skeleton().supersedes)?;
    let open: Vec<&Question> = open.iter().collect();
    check_answers(&open, &visit.body().answers).map_err(|problem| FieldbookError::Problems(vec![problem]))
}

/// A payload by its hash: recorded here, or received.
pub(super) fn find(db: &rusqlite::Connection, target: Hash32) -> Result<Option<Payload>, StoreError> {
    if let Some(own) = outbox::find(db, target)? {
        return Ok(Some(own.entry.payload));
    }
    Ok(log::find(db, target)?.map(|kept| kept.payload))
}

/// A saved visit as a form again.
pub(super) fn draft_of(skeleton: &VisitSkeleton, body: VisitBody, supersedes: Option<Hash32>) -> VisitDraft {
    VisitDraft {
        unit: Some(skeleton.unit),
        dwelling: Some(skeleton.dwelling),
        visited_on: Some(skeleton.visited_on),
        visited_at: skeleton.visited_at,
        outcome: Some(skeleton.outcome),
        child_alone: false,
        supersedes,
        body,
    }
}
