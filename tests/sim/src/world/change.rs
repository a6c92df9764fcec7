//! 人口变动 – moves, births, deaths, splits, merges, categories and telephones over a quarter.

use std::collections::{BTreeSet, VecDeque};

use chrono::{Days, NaiveDate};

use super::{Abode, Event, Stroke, What, World};
use crate::city::{self, DoorNo, Family, FamilyNo, Plan, Rhythm, Tenure};
use crate::dice::Dice;
use crate::people::{Category, Member, Relation, Sex, phone, surname_of};

/// How often in a quarter, in a thousand households.
const QUARTERLY_PERMILLE: [(Stroke, u32); 10] = [
    (Stroke::MoveIn, 18),
    (Stroke::MoveOut, 18),
    (Stroke::MoveInside, 5),
    (Stroke::Birth, 3),
    (Stroke::Death, 3),
    (Stroke::Split, 2),
    (Stroke::Merge, 2),
    (Stroke::CategoryIn, 10),
    (Stroke::CategoryOut, 5),
    (Stroke::Phone, 30),
];
const QUARTER_DAYS: u32 = 91;

/// The strokes of fate of a span of days, in the order of the days; each kind at least once.
pub(super) fn schedule(plan: &Plan, from: NaiveDate, until: NaiveDate) -> VecDeque<(NaiveDate, Stroke)> {
    let mut dice = Dice::new(plan.seed, "fate", &[]);
    let span = u32::try_from((until - from).num_days() + 1).unwrap_or(0);
    let mut strokes = Vec::new();
    for (stroke, permille) in QUARTERLY_PERMILLE {
        let count = plan.households * permille * span / (1000 * QUARTER_DAYS);
        for _ in 0..count.max(1) {
            let day = from.checked_add_days(Days::new(u64::from(dice.below(span)))).unwrap_or(from);
            strokes.push((day, stroke));
        }
    }
    strokes.sort_by_key(|(day, _)| *day);
    strokes.into()
}

impl World {
    /// Lets one stroke fall on whoever the dice choose among those it can strike; on nobody if there are none.
    pub(super) fn strike(&mut self, on: NaiveDate, stroke: Stroke) {
        let nth = u64::try_from(self.events.len()).unwrap_or(u64::MAX);
        let mut dice = Dice::new(self.city.plan.seed, "strike", &[nth, day_number(on)]);
        match stroke {
            Stroke::MoveIn => self.move_in(&mut dice, on),
            Stroke::MoveOut => self.move_out(&mut dice, on),
            Stroke::MoveInside => self.move_inside(&mut dice, on),
            Stroke::Birth => self.birth(&mut dice, on),
            Stroke::Death => self.death(&mut dice, on),
            Stroke::Split => self.split(&mut dice, on),
            Stroke::Merge => self.merge(&mut dice, on),
            Stroke::CategoryIn => self.category_in(&mut dice, on),
            Stroke::CategoryOut => self.category_out(&mut dice, on),
            Stroke::Phone => self.phone(&mut dice, on),
        };
    }

    fn happen(&mut self, on: NaiveDate, family: FamilyNo, what: What) {
        self.events.push(Event { on, family, what });
    }

    fn move_in(&mut self, dice: &mut Dice, on: NaiveDate) -> Option<()> {
        let to = self.empty_door(dice)?;
        let door = self.city.doors.get(&to)?;
        let no = self.next_family();
        let newcomers = Family {
            last_visit: None,
            away: false,
            key: false,
            ..city::family(&self.city.plan, no.0, to, door)
        };
        self.city.families.insert(no, newcomers);
        self.settle(no, to);
        self.happen(on, no, What::MovedIn { to });
        Some(())
    }

    fn move_out(&mut self, dice: &mut Dice, on: NaiveDate) -> Option<()> {
        // Tenants come and go; those who own stay.
        let tenure = if dice.chance(800) { Tenure::Let } else { Tenure::Owned };
        let (family, from) = self.anybody(dice, |one| one.tenure == tenure)?;
        self.unsettle(family, Abode::Gone { on });
        self.happen(on, family, What::MovedOut { from });
        Some(())
    }

    fn move_inside(&mut self, dice: &mut Dice, on: NaiveDate) -> Option<()> {
        let to = self.empty_door(dice)?;
        let (family, from) = self.anybody(dice, |_| true)?;
        self.settle(family, to);
        self.happen(on, family, What::MovedInside { from, to });
        Some(())
    }

    fn birth(&mut self, dice: &mut Dice, on: NaiveDate) -> Option<()> {
        let could = |one: &Member| {
            matches!(one.relation, Relation::Head | Relation::Spouse)
                && one.sex == Sex::Female
                && (22..=40).contains(&one.age_on(on))
        };
        let (no, _) = self.anybody(dice, |one| 1 < one.members.len() && one.members.iter().any(could))?;
        let family = self.city.families.get_mut(&no)?;
        let father = family.members.iter().find(|one| one.sex == Sex::Male).or(family.members.first())?;
        let surname = surname_of(&father.name);
        let sex = if dice.chance(515) { Sex::Male } else { Sex::Female };
        let child = Member::new(dice, &surname, sex, on, Relation::Child);
        let name = child.name.clone();
        family.members.push(child);
        self.happen(on, no, What::Birth { name });
        Some(())
    }

    fn death(&mut self, dice: &mut Dice, on: NaiveDate) -> Option<()> {
        let old = |one: &Member| 70 <= one.age_on(on);
        let (no, _) = self.anybody(dice, |one| 1 < one.members.len() && one.members.iter().any(old))?;
        let family = self.city.families.get_mut(&no)?;
        let place = family.members.iter().position(old)?;
        let name = family.members.remove(place).name;
        if let Some(next) = family.members.first_mut() {
            next.relation = Relation::Head;
        }
        self.happen(on, no, What::Death { name });
        Some(())
    }

    fn split(&mut self, dice: &mut Dice, on: NaiveDate) -> Option<()> {
        let grown = |one: &Member| one.relation == Relation::Child && 20 <= one.age_on(on);
        let (no, home) = self.anybody(dice, |one| 2 < one.members.len() && one.members.iter().any(grown))?;
        // Some set up house under the same roof: two households behind one door.
        let door = if dice.chance(350) { home } else { self.empty_door(dice)? };
        let into = self.next_family();
        let parents = self.city.families.get_mut(&no)?;
        let place = parents.members.iter().position(grown)?;
        let mut child = parents.members.remove(place);
        child.relation = Relation::Head;
        let name = child.name.clone();
        let household = Family {
            door,
            members: vec![child],
            tenure: parents.tenure,
            key: false,
            last_visit: None,
            rhythm: Rhythm::Commuters,
            manner: parents.manner,
            away: false,
        };
        self.city.families.insert(into, household);
        self.settle(into, door);
        self.happen(on, no, What::SplitOff { into, name });
        Some(())
    }

    fn merge(&mut self, dice: &mut Dice, on: NaiveDate) -> Option<()> {
        let (no, _) = self.anybody(dice, |one| one.members.len() == 1)?;
        let (into, _) = self.anybody(dice, |one| 1 < one.members.len())?;
        let mut joined = self.city.families.get(&no)?.members.clone();
        joined.iter_mut().for_each(|one| one.relation = Relation::Other);
        self.city.families.get_mut(&into)?.members.extend(joined);
        self.unsettle(no, Abode::PartOf { family: into, on });
        self.happen(on, no, What::Merged { into });
        Some(())
    }

    fn category_in(&mut self, dice: &mut Dice, on: NaiveDate) -> Option<()> {
        let (category, _, _) = *dice.pick(&Category::ALL)?;
        let fits = |one: &Member| {
            let age = one.age_on(on);
            !one.categories.contains_key(&category)
                && match category {
                    Category::ChildbearingAge => one.sex == Sex::Female && (20..=49).contains(&age),
                    Category::Unemployed => (25..=55).contains(&age),
                    Category::LowIncome => one.relation == Relation::Head,
                    Category::PreferentialCare | Category::Migrant | Category::Disabled => 18 <= age,
                }
        };
        let (no, _) = self.anybody(dice, |one| one.members.iter().any(fits))?;
        let member = self.city.families.get_mut(&no)?.members.iter_mut().find(|one| fits(one))?;
        member.categories.insert(category, on);
        let name = member.name.clone();
        self.happen(on, no, What::CategoryIn { name, category });
        Some(())
    }

    fn category_out(&mut self, dice: &mut Dice, on: NaiveDate) -> Option<()> {
        let (no, _) =
            self.anybody(dice, |one| one.members.iter().any(|member| !member.categories.is_empty()))?;
        let family = self.city.families.get_mut(&no)?;
        let member = family.members.iter_mut().find(|member| !member.categories.is_empty())?;
        let (category, _) = member.categories.pop_first()?;
        let name = member.name.clone();
        self.happen(on, no, What::CategoryOut { name, category });
        Some(())
    }

    fn phone(&mut self, dice: &mut Dice, on: NaiveDate) -> Option<()> {
        let (no, _) = self.anybody(dice, |one| one.members.iter().any(|member| member.phone.is_some()))?;
        let phone = phone(dice);
        let family = self.city.families.get_mut(&no)?;
        let member = family.members.iter_mut().find(|member| member.phone.is_some())?;
        member.phone = Some(phone.clone());
        let name = member.name.clone();
        self.happen(on, no, What::Phone { name, phone });
        Some(())
    }

    /// A family that lives here and fits, with its door.
    fn anybody(&self, dice: &mut Dice, fits: impl Fn(&Family) -> bool) -> Option<(FamilyNo, DoorNo)> {
        let here = self.abodes.iter().filter_map(|(no, abode)| match abode {
            Abode::Behind(door) => self.city.families.get(no).filter(|one| fits(one)).map(|_| (*no, *door)),
            _ => None,
        });
        let here: Vec<_> = here.collect();
        dice.pick(&here).copied()
    }

    /// A door nobody lives behind and nobody is registered at.
    fn empty_door(&self, dice: &mut Dice) -> Option<DoorNo> {
        let registered = self.city.families.values().filter(|family| family.away).map(|family| family.door);
        let registered: BTreeSet<_> = registered.collect();
        let doors = self.city.doors.iter().filter(|(_, door)| door.real).map(|(no, _)| *no);
        let free = doors.filter(|no| self.behind(*no).next().is_none() && !registered.contains(no));
        dice.pick(&free.collect::<Vec<_>>()).copied()
    }

    fn next_family(&self) -> FamilyNo {
        FamilyNo(self.city.families.last_key_value().map_or(0, |(no, _)| no.0 + 1))
    }
}

/// A number of its own for every day.
pub(crate) fn day_number(day: NaiveDate) -> u64 {
    u64::try_from((day - NaiveDate::MIN).num_days()).unwrap_or(0)
}
