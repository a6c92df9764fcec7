//! 导入计划 – what a file changes against what the same source said last time, and how that is taken back.
//!
//! Only fields that differ from the source's previous word are written: what workers corrected since stays. A blank
//! never clears a value, and nothing that a file no longer names is deleted; both are listed for a person.

use std::collections::BTreeMap;

use ruhu_core::ids::{CommunityId, DwellingId, HouseholdId, PersonId, derived};
use serde::{Deserialize, Serialize};

use crate::import::roster::ReadRoster;

mod rekey;
mod snapshot;
mod undo;

pub use snapshot::{DoorSaid, Fields, HouseholdSaid, SourceSnapshot};
pub use undo::{FieldUndo, Undo, undo};

/// New, or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The source never named it before.
    New,
    /// The source said something else before.
    Changed,
}

/// One field that differs from the source's previous word.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Its name within door, household or person.
    pub field: String,
    /// What the source said before.
    pub before: Option<String>,
    /// What it says now.
    pub after: String,
}

/// Values are personal; the field's name is enough for a log.
impl std::fmt::Debug for FieldChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FieldChange({})", self.field)
    }
}

/// A door to be listed or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorChange {
    /// The source's key.
    pub key: String,
    /// Its id, the same at every import.
    pub id: DwellingId,
    /// New or changed.
    pub kind: Kind,
    /// What differs.
    pub fields: Vec<FieldChange>,
}

/// A person to be entered or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChange {
    /// The source's key within the household.
    pub key: String,
    /// The id, the same at every import.
    pub id: PersonId,
    /// New or changed.
    pub kind: Kind,
    /// What differs.
    pub fields: Vec<FieldChange>,
}

/// A household to be entered or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdChange {
    /// The source's key.
    pub key: String,
    /// Its id, the same at every import.
    pub id: HouseholdId,
    /// Key of its dwelling.
    pub dwelling: String,
    /// New or changed.
    pub kind: Kind,
    /// What differs of the household.
    pub fields: Vec<FieldChange>,
    /// What differs of its people.
    pub persons: Vec<PersonChange>,
}

/// What an earlier file named and this one does not; nothing is deleted, a person decides.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Missing {
    /// A door.
    Door {
        /// The source's key.
        key: String,
    },
    /// A household.
    Household {
        /// The source's key.
        key: String,
    },
    /// A person of a household that is still named.
    Person {
        /// The household's key.
        household: String,
        /// The person.
        id: PersonId,
    },
    /// A value that is now blank: the earlier one stays.
    Value {
        /// The door's or household's key.
        key: String,
        /// The person, for a field of a person.
        person: Option<PersonId>,
        /// The field.
        field: String,
    },
}

/// Keys may hold an address: they are shown at the desk, not in logs.
impl std::fmt::Debug for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Door { .. } => "Missing::Door",
            Self::Household { .. } => "Missing::Household",
            Self::Person { .. } => "Missing::Person",
            Self::Value { .. } => "Missing::Value",
        })
    }
}

/// 导入计划 – everything an import would write. Keep it: [`undo`] needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPlan {
    /// Of which community.
    pub community: CommunityId,
    /// Doors by key.
    pub doors: Vec<DoorChange>,
    /// Households by key.
    pub households: Vec<HouseholdChange>,
    /// What is named no longer, sorted.
    pub missing: Vec<Missing>,
    /// Doors of which nothing differs.
    pub doors_unchanged: u32,
    /// Households of which nothing differs, people included.
    pub households_unchanged: u32,
    /// What the source has said once this is committed.
    pub next: SourceSnapshot,
}

impl HouseholdChange {
    /// The profile fields it writes, as the household's document names them, with the values before and after.
    pub(crate) fn profile(
        &self,
        community: CommunityId,
    ) -> impl Iterator<Item = (String, Option<String>, String)> + '_ {
        let person = move |key: &str| person_id(community, &self.key, key).to_string();
        let own = self.fields.iter().filter_map(move |change| match change.field.as_str() {
            "head" => {
                let before = change.before.as_deref().map(person);
                Some(("p/head".to_owned(), before, person(&change.after)))
            }
            field => field
                .starts_with("p/")
                .then(|| (field.to_owned(), change.before.clone(), change.after.clone())),
        });
        let of_persons = self.persons.iter().flat_map(|person| {
            person.fields.iter().map(move |change| {
                let field = format!("m/{}/{}", person.id, change.field);
                (field, change.before.clone(), change.after.clone())
            })
        });
        own.chain(of_persons)
    }
}

impl ImportPlan {
    /// Whether a commit would write nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.doors.is_empty() && self.households.is_empty()
    }

    /// Names of the grids the source speaks of, sorted; each must be known before a commit.
    #[must_use]
    pub fn grid_names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.next.doors.values().filter_map(|door| door.fields.get("grid").cloned()).collect();
        names.sort();
        names.dedup();
        names
    }
}

/// The id of a door a source names; two sources that use the same key mean the same door.
#[must_use]
pub fn dwelling_id(community: CommunityId, key: &str) -> DwellingId {
    derived("ruhu/import/dwelling", &[community.as_bytes(), key.as_bytes()])
}

/// The id of a household a source names.
#[must_use]
pub fn household_id(community: CommunityId, key: &str) -> HouseholdId {
    derived("ruhu/import/household", &[community.as_bytes(), key.as_bytes()])
}

/// The id of a person of a household a source names.
#[must_use]
pub fn person_id(community: CommunityId, household: &str, key: &str) -> PersonId {
    derived("ruhu/import/person", &[community.as_bytes(), household.as_bytes(), key.as_bytes()])
}

/// Compares what a file says with what its source said before.
#[must_use]
pub fn plan(community: CommunityId, previous: &SourceSnapshot, read: &ReadRoster) -> ImportPlan {
    let now = rekey::rekey(previous, SourceSnapshot::of(read));
    let mut made = ImportPlan {
        community,
        doors: Vec::new(),
        households: Vec::new(),
        missing: Vec::new(),
        doors_unchanged: 0,
        households_unchanged: 0,
        next: previous.clone(),
    };
    for (key, door) in &now.doors {
        let known = previous.doors.get(key);
        let fields = differences(known.map(|known| &known.fields), &door.fields);
        note_blanks(&mut made, key, None, known.map(|known| &known.fields), &door.fields);
        match (known, fields.is_empty()) {
            (Some(_), true) => made.doors_unchanged += 1,
            (known, _) => made.doors.push(DoorChange {
                key: key.clone(),
                id: dwelling_id(community, key),
                kind: kind(known.is_some()),
                fields,
            }),
        }
        made.next.doors.entry(key.clone()).or_default().fields.extend(door.fields.clone());
    }
    for (key, household) in &now.households {
        plan_household(&mut made, previous.households.get(key), key, household);
    }
    let gone_doors = previous.doors.keys().filter(|key| !now.doors.contains_key(*key));
    made.missing.extend(gone_doors.map(|key| Missing::Door { key: key.clone() }));
    let gone_homes = previous.households.keys().filter(|key| !now.households.contains_key(*key));
    made.missing.extend(gone_homes.map(|key| Missing::Household { key: key.clone() }));
    made.missing.sort();
    made
}

fn plan_household(made: &mut ImportPlan, known: Option<&HouseholdSaid>, key: &str, now: &HouseholdSaid) {
    let community = made.community;
    let fields = differences(known.map(|known| &known.fields), &now.fields);
    note_blanks(made, key, None, known.map(|known| &known.fields), &now.fields);
    let nobody = BTreeMap::new();
    let known_persons = known.map_or(&nobody, |known| &known.persons);
    let mut persons = Vec::new();
    for (name, said) in &now.persons {
        let before = known_persons.get(name);
        let id = person_id(community, key, name);
        note_blanks(made, key, Some(id), before, said);
        let fields = differences(before, said);
        if before.is_none() || !fields.is_empty() {
            persons.push(PersonChange { key: name.clone(), id, kind: kind(before.is_some()), fields });
        }
    }
    let gone = known_persons.keys().filter(|name| !now.persons.contains_key(*name));
    made.missing.extend(
        gone.map(|name| Missing::Person { household: key.to_owned(), id: person_id(community, key, name) }),
    );
    let next = made.next.households.entry(key.to_owned()).or_default();
    next.fields.extend(now.fields.clone());
    for (name, said) in &now.persons {
        let next = next.persons.entry(name.clone()).or_default();
        for (field, value) in said {
            if !is_mark(field) || !next.contains_key(field) {
                next.insert(field.clone(), value.clone());
            }
        }
    }
    if known.is_some() && fields.is_empty() && persons.is_empty() {
        made.households_unchanged += 1;
        return;
    }
    made.households.push(HouseholdChange {
        key: key.to_owned(),
        id: household_id(community, key),
        dwelling: now.fields.get("dwelling").cloned().unwrap_or_default(),
        kind: kind(known.is_some()),
        fields,
        persons,
    });
}

const fn kind(is_known: bool) -> Kind {
    if is_known { Kind::Changed } else { Kind::New }
}

fn differences(before: Option<&Fields>, now: &Fields) -> Vec<FieldChange> {
    let old = |field: &String| before.and_then(|before| before.get(field));
    now.iter()
        .filter(|(field, value)| old(field) != Some(*value) && !(is_mark(field) && old(field).is_some()))
        .map(|(field, value)| FieldChange {
            field: field.clone(),
            before: old(field).cloned(),
            after: value.clone(),
        })
        .collect()
}

/// A mark is there or not; the day it was first read stays.
fn is_mark(field: &str) -> bool {
    field.starts_with("c/")
}

fn note_blanks(
    made: &mut ImportPlan,
    key: &str,
    person: Option<PersonId>,
    before: Option<&Fields>,
    now: &Fields,
) {
    let blank = before.into_iter().flat_map(BTreeMap::keys).filter(|field| !now.contains_key(*field));
    made.missing.extend(blank.map(|field| Missing::Value {
        key: key.to_owned(),
        person,
        field: field.clone(),
    }));
}

#[cfg(test)]
mod tests;
