//! 删除 – what was erased goes from the memory of imports too: the previous sheet, and what an undo would put back.

use std::collections::BTreeSet;

use ruhu_core::category::FieldKey;
use ruhu_core::ids::{CommunityId, HouseholdId, PersonId};
use ruhu_core::roster::Unit;

use super::What;
use crate::import::commit::Written;
use crate::import::plan::{Missing, SourceSnapshot, household_id, person_id};
use crate::storage::vault::Outer;
use crate::storage::vault::owner::Owner;
use crate::storage::{StorageError, Tx};

/// Forgets `what` of each unit in everything the imports of a community left behind, and seals what stays under a new key.
pub(super) fn forget_in_imports(
    tx: &Tx<'_>,
    community: CommunityId,
    erased: &[(Unit, What)],
    next: &Outer,
) -> Result<(), StorageError> {
    let damaged = |_| StorageError::Damaged { what: "what an import left behind" };
    let mut sources = tx.import_sources(community)?;
    let mut batches = tx.import_batches(community)?;
    tx.new_key(next, Owner::of_imports(community))?;
    for source in &mut sources {
        let mut snapshot: SourceSnapshot = serde_json::from_slice(&source.snapshot).map_err(damaged)?;
        for (unit, what) in erased {
            forget(&mut snapshot, community, *unit, what);
        }
        source.snapshot = serde_json::to_vec(&snapshot).map_err(damaged)?;
        tx.put_import_source(source)?;
    }
    for batch in &mut batches {
        let mut written: Written = serde_json::from_slice(&batch.written).map_err(damaged)?;
        for (unit, what) in erased {
            let Unit::Household(id) = *unit else { continue };
            // An undo must not bring back what was erased: it passes over the household.
            written.plan.households.retain(|household| household.id != id);
            written.plan.missing.retain(|missing| !is_of(missing, community, id));
            forget(&mut written.plan.next, community, *unit, what);
            forget(&mut written.previous, community, *unit, what);
        }
        batch.written = serde_json::to_vec(&written).map_err(damaged)?;
        tx.put_written(batch)?;
    }
    Ok(())
}

fn is_of(missing: &Missing, community: CommunityId, id: HouseholdId) -> bool {
    match missing {
        Missing::Door { .. } => false,
        Missing::Household { key } | Missing::Value { key, .. } => household_id(community, key) == id,
        Missing::Person { household, .. } => household_id(community, household) == id,
    }
}

fn forget(snapshot: &mut SourceSnapshot, community: CommunityId, unit: Unit, what: &What) {
    let Unit::Household(id) = unit else { return };
    let keys: Vec<String> =
        snapshot.households.keys().filter(|key| household_id(community, key) == id).cloned().collect();
    for key in keys {
        match what {
            What::Household => {
                snapshot.households.remove(&key);
            }
            What::Person(person) => {
                let Some(said) = snapshot.households.get_mut(&key) else { continue };
                let gone: BTreeSet<String> = said
                    .persons
                    .keys()
                    .filter(|one| person_id(community, &key, one) == *person)
                    .cloned()
                    .collect();
                said.persons.retain(|one, _| !gone.contains(one));
                said.fields.retain(|name, value| name != "head" || !gone.contains(value));
            }
            What::Fields(fields) => {
                let Some(said) = snapshot.households.get_mut(&key) else { continue };
                for field in fields {
                    said.fields.remove(field);
                    let Some((of, name)) = of_person(field) else { continue };
                    let persons = said.persons.iter_mut();
                    for (_, words) in persons.filter(|(one, _)| person_id(community, &key, one) == of) {
                        words.remove(&name);
                    }
                }
            }
        }
    }
}

/// The person a field is about, and its name in a sheet's memory.
fn of_person(field: &str) -> Option<(PersonId, String)> {
    match FieldKey::parse(field).ok()? {
        FieldKey::Member(person, member) => Some((person, member.name().to_owned())),
        FieldKey::Category(person, of) => Some((person, format!("c/{}/{}", of.category, of.field))),
        FieldKey::Profile(_) => None,
    }
}
