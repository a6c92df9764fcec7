//! Names and telephones out of a household's document: masked unless a reason was given.

use std::collections::BTreeMap;

use ruhu_core::category::{FieldKey, MemberField, ProfileField, mask_name, mask_phone};
use ruhu_core::ids::PersonId;
use ruhu_core::profile::Profile;

use crate::desk::views::MemberView;
use crate::storage::units::UnitNr;
use crate::storage::{StorageError, Tx};

/// A year as dates begin with it: `1958-05-01`.
const YEAR_SIGNS: usize = 4;

/// Whether personal words are shown as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Masking {
    Masked,
    Shown,
}

/// The members of a household, its head first.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    head: Option<PersonId>,
    members: BTreeMap<PersonId, BTreeMap<&'static str, String>>,
}

impl People {
    /// Who lives there, by the household's document; nobody where there is none.
    pub(super) fn of(tx: &Tx<'_>, nr: UnitNr) -> Result<Self, StorageError> {
        let mut people = Self::ever(tx, nr)?;
        let left = MemberField::Left.name();
        people.members.retain(|_, fields| !fields.is_empty() && !fields.contains_key(left));
        Ok(people)
    }

    /// Everybody of whom something stands in the document, also who left.
    pub(super) fn ever(tx: &Tx<'_>, nr: UnitNr) -> Result<Self, StorageError> {
        let Some(bytes) = tx.unit_doc(nr)? else { return Ok(Self::default()) };
        let damaged = |_| StorageError::Damaged { what: "household document" };
        let profile = Profile::load(&bytes).map_err(damaged)?;
        let mut people = Self::default();
        for (key, values) in profile.fields() {
            let Some(value) = values.first().map(ToString::to_string) else { continue };
            match FieldKey::parse(&key) {
                Ok(FieldKey::Profile(ProfileField::Head)) => people.head = value.parse().ok(),
                Ok(FieldKey::Member(person, field)) => {
                    let fields = people.members.entry(person).or_default();
                    if !value.is_empty() {
                        fields.insert(field.name(), value);
                    }
                }
                Ok(FieldKey::Category(person, _)) => {
                    people.members.entry(person).or_default();
                }
                _ => {}
            }
        }
        Ok(people)
    }

    /// The head's name, masked; the first member's where nobody is named head.
    pub(super) fn head_masked(&self) -> String {
        let head = self.head.and_then(|head| self.members.get(&head));
        let fields = head.or_else(|| self.members.values().next());
        fields
            .and_then(|fields| fields.get(MemberField::Name.name()))
            .map(|name| mask_name(name))
            .unwrap_or_default()
    }

    /// Each by masked name, relation, year of birth and the day of leaving, for members of one family have one surname; the head first.
    pub(super) fn masked(&self) -> Vec<(PersonId, String)> {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_by_key(|(person, _)| (Some(**person) != self.head, **person));
        let told = |fields: &BTreeMap<&'static str, String>| {
            let text = |field: MemberField| fields.get(field.name()).cloned().unwrap_or_default();
            let year: String = text(MemberField::Birth).chars().take(YEAR_SIGNS).collect();
            let left = text(MemberField::Left);
            let left = if left.is_empty() { left } else { format!("→ {left}") };
            let parts = [mask_name(&text(MemberField::Name)), text(MemberField::Relation), year, left];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        };
        let mut told: Vec<(PersonId, String)> =
            members.into_iter().map(|(id, fields)| (*id, told(fields))).collect();
        // Two who look alike behind the mask are told apart by their place.
        let alike = told.clone();
        for (nth, (_, words)) in told.iter_mut().enumerate() {
            if 1 < alike.iter().filter(|(_, other)| other == words).count() {
                words.push_str(&format!(" · #{}", nth + 1));
            }
        }
        told
    }

    /// The name of somebody; `None` of whom nothing stands there.
    pub(super) fn name(&self, person: PersonId) -> Option<String> {
        let fields = self.members.get(&person)?;
        Some(fields.get(MemberField::Name.name()).cloned().unwrap_or_default())
    }

    /// The members as the page shows them.
    pub(super) fn views(&self, masking: Masking) -> Vec<MemberView> {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_by_key(|(person, _)| (Some(**person) != self.head, **person));
        let text = |fields: &BTreeMap<&'static str, String>, field: MemberField| {
            fields.get(field.name()).cloned().unwrap_or_default()
        };
        let view = |fields: &BTreeMap<&'static str, String>| {
            let (name, phone) = (text(fields, MemberField::Name), text(fields, MemberField::Phone));
            let (name, phone) = match masking {
                Masking::Masked => (mask_name(&name), mask_phone(&phone)),
                Masking::Shown => (name, phone),
            };
            MemberView { name, relation: text(fields, MemberField::Relation), phone }
        };
        members.into_iter().map(|(_, fields)| view(fields)).collect()
    }
}
