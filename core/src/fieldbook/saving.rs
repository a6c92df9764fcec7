//! Everything one save needs, inside one transaction.

use rusqlite::Transaction;

use super::lease::is_locked_value;
use super::{Fieldbook, FieldbookError, Saved};
use crate::category::{FieldKey, FieldProblem, Scalar, check_scalar};
use crate::entry::{DocSkeleton, Payload, Readings, ReasonBody, Record, StreamId};
use crate::ids::{Hash32, IdSource};
use crate::roster::{By, Unit};
use crate::store::units::UnitRow;
use crate::store::{EnrolmentRow, Projector, enrolment, lease, outbox, profile, units};
use crate::time::Zone;

/// One save in progress.
pub(super) struct Saving<'t> {
    pub(super) tx: &'t Transaction<'t>,
    pub(super) row: EnrolmentRow,
    pub(super) readings: Readings,
    pub(super) zone: Zone,
    pub(super) ids: &'t mut IdSource<Box<dyn rand::Rng + Send>>,
    projector: Projector<'t>,
    appended: Vec<Hash32>,
}

impl Fieldbook {
    /// Runs a save: all of it is in the file when this returns, or none of it.
    pub(super) fn save<T>(
        &mut self,
        what: &'static str,
        work: impl FnOnce(&mut Saving<'_>) -> Result<T, FieldbookError>,
    ) -> Result<T, FieldbookError> {
        let read = self.clock.read();
        let ids = &mut self.ids;
        self.store.write(what, |tx| {
            let row = enrolment::need(tx)?;
            let readings = enrolment::readings(tx, read)?;
            lease::observe(tx, read)?;
            let zone = units::community(tx)?.zone();
            let (projector, appended) = (Projector::new(tx), Vec::new());
            let mut saving = Saving { tx, row, readings, zone, ids, projector, appended };
            let done = work(&mut saving)?;
            let Saving { projector, appended, .. } = saving;
            // An own edit that the gate would not let through must never be called saved. An earlier edit that still
            // waits for what it builds on is no reason to refuse this one.
            match projector.finish()?.into_iter().find(|refused| appended.contains(&refused.entry)) {
                Some(refused) => Err(FieldbookError::Gate(refused.why)),
                None => Ok(done),
            }
        })
    }
}

impl Saving<'_> {
    pub(super) const fn by(&self) -> By {
        By::Worker(self.row.worker)
    }

    pub(super) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        chrono::DateTime::from_timestamp_millis(self.readings.recorded_ms).unwrap_or_default()
    }

    pub(super) fn salt(&mut self) -> [u8; 16] {
        let mut salt = [0u8; 16];
        self.ids.fill(&mut salt);
        salt
    }

    /// The unit, if this phone holds it.
    pub(super) fn unit(&self, unit: Unit) -> Result<UnitRow, FieldbookError> {
        units::find(self.tx, unit)?.ok_or(FieldbookError::UnknownUnit(unit))
    }

    /// Seals and keeps one payload about a unit.
    pub(super) fn append(
        &mut self,
        stream: StreamId,
        unit: Unit,
        payload: Payload,
    ) -> Result<Hash32, FieldbookError> {
        self.keep(stream, Some(unit), payload)
    }

    fn keep(
        &mut self,
        stream: StreamId,
        unit: Option<Unit>,
        payload: Payload,
    ) -> Result<Hash32, FieldbookError> {
        if let Ok(contents) = payload.read() {
            contents.check_bounds()?;
        }
        let entry = outbox::append(self.tx, &mut self.projector, &self.readings, stream, unit, payload)?;
        self.appended.push(entry);
        Ok(entry)
    }

    /// Seals and keeps one record with its reason.
    pub(super) fn record(
        &mut self,
        stream: StreamId,
        unit: Unit,
        record: &Record,
        reason: &str,
    ) -> Result<Hash32, FieldbookError> {
        let payload = self.payload(record, reason);
        self.append(stream, unit, payload)
    }

    /// Seals and keeps one record with its words that is about no unit: what a worker answers the desk.
    pub(super) fn answer(
        &mut self,
        stream: StreamId,
        record: &Record,
        words: &str,
    ) -> Result<Saved, FieldbookError> {
        let payload = self.payload(record, words);
        let record = self.keep(stream, None, payload)?;
        Ok(Saved { record: Some(record), visit: None, edit: None })
    }

    fn payload(&mut self, record: &Record, words: &str) -> Payload {
        let salt = self.salt();
        Payload::of_record_with_reason(record, &ReasonBody { words: words.trim().to_owned() }, salt)
    }

    /// Seals and keeps the fields that differ, as one entry apart from any record: a refused edit holds no visit back.
    pub(super) fn edit(
        &mut self,
        stream: StreamId,
        unit: Unit,
        fields: &[(String, Scalar)],
    ) -> Result<Option<Hash32>, FieldbookError> {
        check_fields(fields)?;
        if fields.is_empty() {
            return Ok(None);
        }
        let actor = self.salt();
        let change = profile(self.tx, unit)?.edit(fields, actor, self.now())?;
        let Some(change) = change else { return Ok(None) };
        let skeleton = DocSkeleton { unit, by: self.by(), change: change.hash, source: None };
        let salt = self.salt();
        self.append(stream, unit, Payload::of_doc(&skeleton, change.bytes, salt)).map(Some)
    }

    /// The stream an entry about the unit is meant for; the hub may place it elsewhere after a hand-over.
    pub(super) fn stream_of(&self, row: &UnitRow) -> StreamId {
        let home = row.grid.map(StreamId::Grid);
        home.or(row.stream).unwrap_or(StreamId::Community(self.row.community))
    }
}

/// Every key and value by the schema of the household's document.
pub(super) fn check_fields(fields: &[(String, Scalar)]) -> Result<(), FieldbookError> {
    let problems = fields.iter().filter_map(|(key, value)| {
        let checked = if is_locked_value(value) {
            Err(FieldProblem::WrongKind)
        } else {
            FieldKey::parse(key).and_then(|parsed| check_scalar(&parsed, value))
        };
        checked.err().map(|why| (key.clone(), why))
    });
    let problems: Vec<_> = problems.collect();
    if problems.is_empty() { Ok(()) } else { Err(FieldbookError::Fields(problems)) }
}
