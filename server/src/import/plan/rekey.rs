//! A corrected file may name a door, a household or a person by another key: the old one is kept where it is plain
//! that the same is meant, so that a correction updates and never duplicates.

use std::collections::BTreeMap;

use super::snapshot::{DoorSaid, Fields, HouseholdSaid, SourceSnapshot};
use crate::import::roster::address_key;

pub(super) fn rekey(previous: &SourceSnapshot, now: SourceSnapshot) -> SourceSnapshot {
    let doors = new_names(
        previous.doors.iter().map(|(key, door)| (key, door_mark(door))),
        now.doors.iter().map(|(key, door)| (key, door_mark(door))),
    );
    let renamed_door = |key: &String| doors.get(key).cloned().unwrap_or_else(|| key.clone());
    let mut households: BTreeMap<String, HouseholdSaid> = now.households;
    for household in households.values_mut() {
        if let Some(dwelling) = household.fields.get_mut("dwelling") {
            *dwelling = renamed_door(dwelling);
        }
    }
    let homes = new_names(
        previous
            .households
            .iter()
            .flat_map(|(key, home)| home_marks(home).into_iter().map(move |mark| (key, mark))),
        households.iter().flat_map(|(key, home)| home_marks(home).into_iter().map(move |mark| (key, mark))),
    );
    let households = households
        .into_iter()
        .map(|(key, mut home)| {
            let key = homes.get(&key).cloned().unwrap_or(key);
            if let Some(known) = previous.households.get(&key) {
                rekey_persons(&known.persons, &mut home);
            }
            (key, home)
        })
        .collect();
    SourceSnapshot {
        doors: now.doors.into_iter().map(|(key, door)| (renamed_door(&key), door)).collect(),
        households,
    }
}

/// A corrected name is the same person where relation, sex and birth agree and nobody else has them.
fn rekey_persons(before: &BTreeMap<String, Fields>, home: &mut HouseholdSaid) {
    let mark = |said: &Fields| {
        let part = |name: &str| said.get(name).map(String::as_str);
        // A birth date alone carries weight; relation and sex alone would join any two children.
        Some(format!("{}|{}|{}", part("birth")?, part("relation").unwrap_or(""), part("sex").unwrap_or("")))
    };
    let names = new_names(
        before.iter().map(|(key, said)| (key, mark(said))),
        home.persons.iter().map(|(key, said)| (key, mark(said))),
    );
    let now = std::mem::take(&mut home.persons);
    home.persons =
        now.into_iter().map(|(key, said)| (names.get(&key).cloned().unwrap_or(key), said)).collect();
    if let Some(head) = home.fields.get_mut("head")
        && let Some(known) = names.get(head)
    {
        known.clone_into(head);
    }
}

/// Keys of now → keys of before, for those that share a mark nobody else of either side has, and whose key the other
/// side does not know.
fn new_names<'a>(
    before: impl Iterator<Item = (&'a String, Option<String>)> + Clone,
    now: impl Iterator<Item = (&'a String, Option<String>)> + Clone,
) -> BTreeMap<String, String> {
    let known: std::collections::BTreeSet<&String> = before.clone().map(|(key, _)| key).collect();
    let named: std::collections::BTreeSet<&String> = now.clone().map(|(key, _)| key).collect();
    let old = unique(before.filter(|(key, _)| !named.contains(key)));
    let new = unique(now.filter(|(key, _)| !known.contains(key)));
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut taken = std::collections::BTreeSet::new();
    for (mark, key) in &new {
        if let Some(old) = old.get(mark)
            && !names.contains_key(*key)
            && taken.insert(*old)
        {
            names.insert((*key).clone(), (*old).clone());
        }
    }
    names
}

fn unique<'a>(marks: impl Iterator<Item = (&'a String, Option<String>)>) -> BTreeMap<String, &'a String> {
    let mut found: BTreeMap<String, Option<&'a String>> = BTreeMap::new();
    for (key, mark) in marks {
        if let Some(mark) = mark {
            found.entry(mark).and_modify(|one| *one = None).or_insert(Some(key));
        }
    }
    found.into_iter().filter_map(|(mark, key)| Some((mark, key?))).collect()
}

fn door_mark(door: &DoorSaid) -> Option<String> {
    let address = door.address();
    (!address.door.is_empty() || !address.remainder.is_empty()).then(|| address_key(&address))
}

/// A household is known again by any of its people at the same door.
fn home_marks(home: &HouseholdSaid) -> Vec<Option<String>> {
    let Some(dwelling) = home.fields.get("dwelling") else { return Vec::new() };
    home.persons
        .values()
        .filter_map(|said| said.get("name"))
        .map(|name| Some(format!("{dwelling}|{name}")))
        .collect()
}
