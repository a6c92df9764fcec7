//! 户情 – what the city knows of a household, as fields of its document on the phone.

use std::collections::BTreeMap;

use ruhu_core::ids::PersonId;
use ruhu_core::profile::Scalar;

use crate::city::{Family, Tenure};
use crate::people::{Member, Sex};
use crate::world::{Event, What};

/// Fields of a household's document with their values.
pub type Fields = Vec<(String, Scalar)>;

/// Everything a worker writes down of a household found at the door. Members without an id are left out.
#[must_use]
pub fn of_household(family: &Family, people: &BTreeMap<String, PersonId>) -> Fields {
    let mut fields = of_home(family);
    for member in &family.members {
        let Some(person) = people.get(&member.name) else { continue };
        fields.extend(of_member(member, *person));
    }
    let head = family.members.first().and_then(|head| people.get(&head.name));
    fields.extend(head.map(|head| ("p/head".to_owned(), text(&head.to_string()))));
    fields
}

/// Fields of the household as a whole.
#[must_use]
pub fn of_home(family: &Family) -> Fields {
    let tenure = if family.tenure == Tenure::Let { "rented" } else { "owned" };
    let phone = family.members.iter().find_map(|member| member.phone.as_deref());
    let phone = phone.map(|phone| ("p/phone".to_owned(), text(phone)));
    [("p/tenure".to_owned(), text(tenure))].into_iter().chain(phone).collect()
}

/// Fields of one member by their last part, for a member who has no id yet.
#[must_use]
pub fn of_newcomer(member: &Member) -> Fields {
    let sex = if member.sex == Sex::Female { "female" } else { "male" };
    let mut fields = vec![
        ("name".to_owned(), text(&member.name)),
        ("sex".to_owned(), text(sex)),
        ("birth".to_owned(), text(&member.born.to_string())),
        ("relation".to_owned(), text(member.relation.zh())),
    ];
    fields.extend(member.phone.as_deref().map(|phone| ("phone".to_owned(), text(phone))));
    let categories = member.categories.iter();
    fields.extend(categories.map(|(one, since)| (format!("c/{}/since", one.id()), text(&since.to_string()))));
    fields
}

/// What one event changes in the household's document; nothing for moves, which are facts of the log.
#[must_use]
pub fn of_event(event: &Event, family: &Family, people: &BTreeMap<String, PersonId>) -> Fields {
    let field = |name: &String, field: &str, value: Scalar| {
        people.get(name).map(|person| (format!("m/{person}/{field}"), value))
    };
    let on = || text(&event.on.to_string());
    let fields = match &event.what {
        What::Birth { name } => {
            let child = family.members.iter().find(|member| member.name == *name);
            return child
                .and_then(|child| people.get(name).map(|person| of_member(child, *person)))
                .unwrap_or_default();
        }
        What::Death { name } | What::SplitOff { name, .. } => field(name, "left", on()),
        What::CategoryIn { name, category } => field(name, &format!("c/{}/since", category.id()), on()),
        What::CategoryOut { name, category } => field(name, &format!("c/{}/until", category.id()), on()),
        What::Phone { name, phone } => field(name, "phone", text(phone)),
        What::MovedIn { .. } | What::MovedOut { .. } | What::MovedInside { .. } | What::Merged { .. } => None,
    };
    fields.into_iter().collect()
}

fn of_member(member: &Member, person: PersonId) -> Fields {
    of_newcomer(member).into_iter().map(|(field, value)| (format!("m/{person}/{field}"), value)).collect()
}

fn text(words: &str) -> Scalar {
    Scalar::Str(words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::{City, Plan};
    use crate::dice::Dice;
    use ruhu_core::ids::IdSource;

    #[test]
    fn every_member_of_a_household_has_a_name_and_a_birthday_in_its_document() {
        let plan = Plan { seed: 1, households: 60, grids: 1, on: "2026-06-30".parse().unwrap() };
        let mut ids = IdSource::new(Dice::new(1, "ids", &[]).rng().clone());
        for family in City::build(plan).families.values() {
            let now = chrono::DateTime::UNIX_EPOCH;
            let people: BTreeMap<_, _> =
                family.members.iter().map(|one| (one.name.clone(), ids.make(now))).collect();
            assert_eq!(people.len(), family.members.len(), "two members of one name");
            let keys: Vec<_> = of_household(family, &people).into_iter().map(|(key, _)| key).collect();
            assert_eq!(keys.iter().filter(|key| key.ends_with("/birth")).count(), people.len());
            assert!(keys.iter().any(|key| key == "p/head"));
        }
    }
}
