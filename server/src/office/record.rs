//! 户情 – a household's fields with who said so and when, and what the desk changes of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use ruhu_core::category::{ConfirmedCategories, FieldKey, MemberField, ProfileField, Scalar};
use ruhu_core::entry::{Contents, EditSource};
use ruhu_core::ids::{AccountId, CommunityId, Hash32, PersonId};
use ruhu_core::life::Standing;
use ruhu_core::profile::Profile;
use ruhu_core::roster::{By, Unit};

mod form;
pub use form::{Kept, Rules, Typed, Wrong, WrongField, changes};

use super::rights::{RightsError, Take, corrected};
use crate::ingest::office::{ActError, Done};
use crate::storage::units::UnitRow;
use crate::storage::{Hub, StorageError, Tx};

/// 户情 – every field of a household that was ever written, as far as nothing of it was erased.
#[derive(Clone, Debug, Default)]
pub struct Record {
    held: BTreeMap<FieldKey, Held>,
    /// 最近确认 – the day of the last visit in effect at which the resident said that nothing changed.
    pub nothing_changed_on: Option<NaiveDate>,
}

/// One field.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Its value; several where it was changed apart, the one shown meanwhile first. None once it was emptied.
    pub values: Vec<Scalar>,
    /// Everything that was written into it, in the order it reached the hub: clocks of phones run ahead and behind.
    pub said: Vec<Said>,
}

/// One writing of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What was written.
    pub value: Scalar,
    /// Who wrote it.
    pub by: By,
    /// On whose word the desk did.
    pub source: Option<EditSource>,
    /// When it was recorded, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// In which entry.
    pub entry: Hash32,
}

/// Why the desk did not change a record; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// No such household in the community.
    #[error("本社区没有这一户 / no such household here")]
    Unknown,
    /// Fields that do not fit.
    #[error("有 {} 项需要改正 / {} fields need mending", .0.len(), .0.len())]
    Wrong(Vec<Wrong>),
    /// Nothing was typed that differs.
    #[error("没有改动 / nothing was changed")]
    Nothing,
    /// What was to be taken back was changed again since, or is no edit.
    #[error("此后又有改动,不能撤销 / it was changed again since and cannot be taken back")]
    ChangedSince,
    /// The resident's request it was made for does not stand as the page showed it.
    #[error(transparent)]
    Case(#[from] RightsError),
    /// The act itself.
    #[error(transparent)]
    Act(#[from] ActError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Held {
    /// What is shown: the value, or the first of several.
    #[must_use]
    pub fn now(&self) -> Option<&Scalar> {
        self.values.first()
    }

    /// 两人同时修改 – several values stand until a person chooses.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        1 < self.values.len()
    }

    /// The last writing of a value.
    #[must_use]
    pub fn said_of(&self, value: &Scalar) -> Option<&Said> {
        self.said.iter().rev().find(|said| said.value == *value)
    }

    /// As a form shows it.
    #[must_use]
    pub fn text(&self) -> String {
        self.now().map(form_text).unwrap_or_default()
    }
}

/// A value as forms hold it: a choice by its id, yes as `true`.
#[must_use]
pub fn form_text(value: &Scalar) -> String {
    match value {
        Scalar::Bool(yes) => yes.to_string(),
        other => other.to_string(),
    }
}

impl Record {
    /// Reads a household's record.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn of(tx: &Tx<'_>, row: &UnitRow) -> Result<Self, StorageError> {
        let mut record = Self::default();
        if let Some(doc) = tx.unit_doc(row.nr)? {
            let damaged = |_| StorageError::Damaged { what: "household document" };
            for (key, values) in Profile::load(&doc).map_err(damaged)?.fields() {
                // A field that this version does not know stays in the document, untouched.
                let Ok(key) = FieldKey::parse(&key) else { continue };
                record.held.entry(key).or_default().values = values;
            }
        }
        let file = tx.unit_file(row)?;
        let standing = Standing::of(&file);
        let in_effect: BTreeSet<Hash32> = file
            .facts()
            .filter(|(stamp, stamped)| standing.holds(stamp, stamped))
            .map(|(stamp, _)| stamp.entry)
            .collect();
        for pos in tx.entries_of(row.nr)? {
            let Some(kept) = tx.entry(pos)? else { continue };
            let entry = kept.entry.envelope.payload_hash;
            match kept.entry.payload.read() {
                Ok(Contents::Doc { skeleton, change: Some(change) }) => {
                    for (key, value) in Profile::values_of(&change) {
                        let Ok(key) = FieldKey::parse(&key) else { continue };
                        let said = Said {
                            value,
                            by: skeleton.by,
                            source: skeleton.source,
                            at_ms: kept.recorded_ms,
                            entry,
                        };
                        record.held.entry(key).or_default().said.push(said);
                    }
                }
                Ok(Contents::Visit { skeleton, body: Some(body) })
                    if body.nothing_changed && in_effect.contains(&entry) =>
                {
                    let on = Some(skeleton.visited_on);
                    record.nothing_changed_on = record.nothing_changed_on.max(on);
                }
                _ => {}
            }
        }
        Ok(record)
    }

    /// A field, if anything was ever written into it.
    #[must_use]
    pub fn get(&self, key: &FieldKey) -> Option<&Held> {
        self.held.get(key)
    }

    /// A field by its name in the document.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Held> {
        self.get(&FieldKey::parse(key).ok()?)
    }

    /// Every field.
    pub fn fields(&self) -> impl Iterator<Item = (&FieldKey, &Held)> {
        self.held.iter()
    }

    /// The text of a field; empty where it has none.
    #[must_use]
    pub fn text(&self, key: &FieldKey) -> String {
        self.get(key).map(Held::text).unwrap_or_default()
    }

    /// Everybody who is or was a member, the head first, those who left last.
    #[must_use]
    pub fn members(&self) -> Vec<PersonId> {
        let people: BTreeSet<PersonId> = self.held.keys().filter_map(FieldKey::person).collect();
        let head: Option<PersonId> = self.text(&FieldKey::Profile(ProfileField::Head)).parse().ok();
        let mut people: Vec<PersonId> = people.into_iter().collect();
        people.sort_by_key(|person| (!self.lives_here(*person), Some(*person) != head, *person));
        people
    }

    /// Whether something stands of somebody, and no day on which he left the household.
    #[must_use]
    pub fn lives_here(&self, person: PersonId) -> bool {
        let stands = |(key, held): (&FieldKey, &Held)| key.person() == Some(person) && held.now().is_some();
        self.held.iter().any(stands) && self.text(&FieldKey::Member(person, MemberField::Left)).is_empty()
    }
}

/// 撤销 – what stood in each field before an edit.
///
/// # Errors
/// [`RecordError::ChangedSince`] where one of them was changed again, or the entry edited none.
pub fn undone(record: &Record, entry: Hash32) -> Result<Vec<(String, Scalar)>, RecordError> {
    let mut before = Vec::new();
    for (key, held) in record.fields() {
        let Some(at) = held.said.iter().position(|said| said.entry == entry) else { continue };
        if at + 1 < held.said.len() || held.is_conflict() {
            return Err(RecordError::ChangedSince);
        }
        let previous = at.checked_sub(1).and_then(|at| held.said.get(at));
        before.push((key.to_string(), previous.map_or_else(|| Scalar::from(""), |said| said.value.clone())));
    }
    if before.is_empty() { Err(RecordError::ChangedSince) } else { Ok(before) }
}

impl Hub {
    /// Changes a household's record for an account in its community; for a resident's request, which is done with it. `work` says which fields, from the record as it stands, in the same transaction.
    ///
    /// # Errors
    /// [`RecordError`]; nothing was changed.
    pub fn change_record(
        &self,
        (by, community): (AccountId, CommunityId),
        unit: Unit,
        (source, case): (Option<EditSource>, Option<Take>),
        work: impl FnOnce(
            &Record,
            (&ConfirmedCategories, NaiveDate),
        ) -> Result<Vec<(String, Scalar)>, RecordError>
        + Send
        + 'static,
    ) -> Result<Done, RecordError> {
        self.office(move |desk| {
            let tx = desk.tx();
            let file = tx.community(community)?.unwrap_or_default();
            let row = tx.unit(unit)?.ok_or(RecordError::Unknown)?;
            let is_here = row.grid.is_some_and(|grid| file.grids().contains_key(&grid));
            if !is_here || !matches!(unit, Unit::Household(_)) {
                return Err(RecordError::Unknown);
            }
            let now = DateTime::from_timestamp_millis(desk.now_ms()).unwrap_or_default();
            let today = file.zone().date(now);
            let fields = work(&Record::of(tx, &row)?, (&file.confirmed_categories(), today))?;
            let done = desk.edit_fields(unit, &fields, by, source)?.ok_or(RecordError::Nothing)?;
            if let Some(take) = case {
                corrected(tx, &take, unit, desk.now_ms(), done.entry)?;
            }
            Ok(done)
        })
    }
}

/// The local day of a writing.
#[must_use]
pub fn said_on(said: &Said, zone: ruhu_core::time::Zone) -> NaiveDate {
    zone.date(DateTime::from_timestamp_millis(said.at_ms).unwrap_or_default())
}
