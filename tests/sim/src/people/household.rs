//! Who lives together, how old they are, and which categories they belong to.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};

use super::{Category, Member, Relation, Sex, phone, surname};
use crate::city::Housing;
use crate::dice::Dice;

/// The members of a household and whether it is a key one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    /// Its members, the head first.
    pub members: Vec<Member>,
    /// 重点户 – visited every month (D1b-16).
    pub key: bool,
}

/// Who makes up a household; the mean over the table is 2.6 members (2020 census: 2.62).
#[derive(Clone, Copy)]
enum Shape {
    Single,
    Couple,
    CoupleWithChild,
    CoupleWithTwo,
    ThreeGenerations,
    CoupleChildGrandparent,
    ParentWithChild,
}

const SETTLED: [(Shape, u32); 7] = [
    (Shape::Single, 170),
    (Shape::Couple, 270),
    (Shape::CoupleWithChild, 290),
    (Shape::CoupleWithTwo, 110),
    (Shape::ThreeGenerations, 70),
    (Shape::CoupleChildGrandparent, 60),
    (Shape::ParentWithChild, 30),
];
const LODGERS: [(Shape, u32); 4] =
    [(Shape::Single, 480), (Shape::Couple, 330), (Shape::CoupleWithChild, 150), (Shape::ParentWithChild, 40)];

/// Makes the members of one household as they are on a day.
pub fn compose(dice: &mut Dice, housing: Housing, lets: bool, on: NaiveDate) -> Household {
    let lodgers = housing == Housing::Rooms;
    let shape =
        if lodgers { dice.weighted(&LODGERS, Shape::Single) } else { dice.weighted(&SETTLED, Shape::Couple) };
    let head_age = head_age(dice, housing, shape);
    let mut members = people(dice, shape, head_age, on);
    let mut names = BTreeSet::new();
    // Two of one name under one roof would be taken for one person.
    members.retain(|one| names.insert(one.name.clone()));
    for member in &mut members {
        let age = member.age_on(on);
        member.phone = (16 <= age && dice.chance(if age < 75 { 860 } else { 480 })).then(|| phone(dice));
        categorise(dice, member, lets, on);
    }
    if let Some(head) = members.first_mut() {
        if head.phone.is_none() && dice.chance(920) {
            head.phone = Some(phone(dice));
        }
        // 低保 is granted to a household, and rosters write it with the head.
        if dice.chance(if 65 <= head_age { 75 } else { 40 }) {
            let since = day_before(dice, on, 2000);
            head.categories.insert(Category::LowIncome, since);
        }
    }
    let key = is_key(dice, &members, on);
    Household { members, key }
}

fn people(dice: &mut Dice, shape: Shape, head_age: u32, on: NaiveDate) -> Vec<Member> {
    let sex = if dice.chance(match shape {
        Shape::Single | Shape::ParentWithChild => 480,
        _ => 760,
    }) {
        Sex::Male
    } else {
        Sex::Female
    };
    let family_name = surname(dice);
    let head = born(dice, head_age, on);
    let mut members = vec![Member::new(dice, family_name, sex, head, Relation::Head)];
    let other = if sex == Sex::Male { Sex::Female } else { Sex::Male };
    let (couple, children, parents) = match shape {
        Shape::Single => (false, 0, 0),
        Shape::Couple => (true, 0, 0),
        Shape::CoupleWithChild => (true, 1, 0),
        Shape::CoupleWithTwo => (true, 2, 0),
        Shape::ThreeGenerations => (true, 1, 2),
        Shape::CoupleChildGrandparent => (true, 1, 1),
        Shape::ParentWithChild => (false, 1, 0),
    };
    if couple {
        let age = (head_age + dice.between(0, 6)).saturating_sub(4).max(20);
        let own = surname(dice);
        let birthday = born(dice, age, on);
        members.push(Member::new(dice, own, other, birthday, Relation::Spouse));
    }
    // A child carries the name of its father where it has one at home.
    let child_name = if sex == Sex::Male || !couple {
        family_name.to_owned()
    } else {
        members.last().map_or_else(|| family_name.to_owned(), |spouse| super::surname_of(&spouse.name))
    };
    let mut child_age = head_age.saturating_sub(dice.between(23, 32));
    for _ in 0..children {
        let birthday = born(dice, child_age, on);
        let sex = if dice.chance(515) { Sex::Male } else { Sex::Female };
        members.push(Member::new(dice, &child_name, sex, birthday, Relation::Child));
        child_age = child_age.saturating_sub(dice.between(2, 6));
    }
    for nth in 0..parents {
        let age = head_age + dice.between(22, 30);
        let birthday = born(dice, age, on);
        let (sex, name) = if nth == 0 { (Sex::Female, surname(dice)) } else { (Sex::Male, family_name) };
        members.push(Member::new(dice, name, sex, birthday, Relation::Parent));
    }
    members
}

fn head_age(dice: &mut Dice, housing: Housing, shape: Shape) -> u32 {
    let (low, high) = match shape {
        Shape::CoupleWithChild | Shape::CoupleWithTwo => (29, 52),
        Shape::ThreeGenerations | Shape::CoupleChildGrandparent => (31, 50),
        Shape::ParentWithChild => (30, 48),
        Shape::Single | Shape::Couple => match housing {
            Housing::WalkUp => (34, 84),
            Housing::HighRise => (25, 70),
            Housing::Village => (40, 86),
            Housing::Rooms => (19, 45),
        },
    };
    dice.between(low, high)
}

fn categorise(dice: &mut Dice, member: &mut Member, lets: bool, on: NaiveDate) {
    let age = member.age_on(on);
    let chances = [
        (Category::Migrant, if lets { 720 } else { 0 }),
        (
            Category::ChildbearingAge,
            if member.sex == Sex::Female && (20..=49).contains(&age) { 240 } else { 0 },
        ),
        (Category::PreferentialCare, if 55 <= age { 22 } else { 3 }),
        (Category::Disabled, if 60 <= age { 38 } else { 14 }),
        (Category::Unemployed, if (25..=55).contains(&age) { 24 } else { 0 }),
    ];
    for (category, permille) in chances {
        if dice.chance(permille) {
            let since = day_before(dice, on, 1500).max(member.born);
            member.categories.insert(category, since);
        }
    }
}

fn is_key(dice: &mut Dice, members: &[Member], on: NaiveDate) -> bool {
    let has = |category| members.iter().any(|one| one.categories.contains_key(&category));
    let alone_and_old = members.len() == 1 && members.iter().all(|one| 75 <= one.age_on(on));
    let in_need = alone_and_old || has(Category::LowIncome) || has(Category::Disabled);
    dice.chance(if in_need { 620 } else { 25 })
}

fn born(dice: &mut Dice, age: u32, on: NaiveDate) -> NaiveDate {
    let year = on.year() - i32::try_from(age).unwrap_or(0);
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(on);
    let day = first.checked_add_days(Days::new(u64::from(dice.below(365)))).unwrap_or(first);
    // Whoever is "0" was born this year, but not after the day itself.
    day.min(on.pred_opt().unwrap_or(on))
}

fn day_before(dice: &mut Dice, on: NaiveDate, at_most: u32) -> NaiveDate {
    on.checked_sub_days(Days::new(u64::from(dice.between(40, at_most)))).unwrap_or(on)
}
