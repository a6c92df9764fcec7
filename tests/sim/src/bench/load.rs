//! The work that is measured: households with a past, and one day of one worker.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use ruhu_core::ids::{DwellingId, HouseholdId, IdSource, PersonId, derived};
use ruhu_core::roster::Unit;
use ruhu_core::time::{WorkCalendar, Zone};
use ruhu_core::visit::VisitDraft;

use crate::city::{City, DoorNo, FamilyNo, Plan};
use crate::dice::Dice;
use crate::worker::{Errand, Knock, at_door};
use crate::world::World;

/// A grid whose households have been visited for years.
#[derive(Clone, Debug)]
pub struct Load {
    /// The city, unchanging: what is measured is visits.
    pub world: World,
    /// Past visits, oldest first.
    pub past: Vec<Paid>,
}

/// One visit of the load.
#[derive(Clone, Debug)]
pub struct Paid {
    /// To whom.
    pub family: FamilyNo,
    /// At which door.
    pub door: DoorNo,
    /// What came of it.
    pub knock: Knock,
}

impl Paid {
    /// The visit as it is written down for these ids; the same ids always give the same draft.
    #[must_use]
    pub fn draft(
        &self,
        world: &World,
        place: (Unit, DwellingId),
        people: &BTreeMap<String, PersonId>,
    ) -> VisitDraft {
        let now = self.written();
        let parts = [u64::from(self.family.0), u64::try_from(now.timestamp()).unwrap_or(0)];
        let mut ids = IdSource::new(Dice::new(world.city().plan.seed, "load ids", &parts).rng().clone());
        self.knock.draft(world, place, people, &mut ids, now)
    }

    /// The moment it was written down.
    #[must_use]
    pub fn written(&self) -> DateTime<Utc> {
        Zone::CHINA.instant(self.knock.written.date(), self.knock.written.time())
    }
}

/// Ids the load gives a family and its door, where nothing else has named them.
#[must_use]
pub fn ids_of(family: FamilyNo, door: DoorNo) -> (Unit, DwellingId) {
    let household: HouseholdId = derived("load family", &[&family.0.to_be_bytes()]);
    (Unit::Household(household), derived("load door", &[&door.0.to_be_bytes()]))
}

/// Ids the load gives the members of a family, where nothing else has named them.
#[must_use]
pub fn people_of(world: &World, family: FamilyNo) -> BTreeMap<String, PersonId> {
    let members = world.family(family).into_iter().flat_map(|one| &one.members);
    let named = members.map(|one| {
        (one.name.clone(), derived("load person", &[&family.0.to_be_bytes(), one.name.as_bytes()]))
    });
    named.collect()
}

/// A grid of `households`, each visited `visits` times at even steps over the `days` before `today`.
#[must_use]
pub fn load(seed: u64, households: u32, visits: u32, days: u32, today: NaiveDate) -> Load {
    let from = today.checked_sub_days(Days::new(u64::from(days))).unwrap_or(today);
    let city = City::build(Plan { seed, households, grids: 1, on: from });
    // A world that lives no day: nobody moves, so that only visits are measured.
    let world = World::still(city, from);
    let mut past = Vec::new();
    for nth in 0..visits {
        for family in world.city().families.keys() {
            let step = days / visits.max(1);
            let offset = nth * step + family.0 % step.max(1);
            let on = from.checked_add_days(Days::new(u64::from(offset))).unwrap_or(from);
            past.extend(pay(&world, *family, on, nth));
        }
    }
    past.sort_by_key(|one| (one.knock.written, one.family));
    Load { world, past }
}

/// Visits of one day to `count` households from the `skip`-th on, all of them met: the longest records.
#[must_use]
pub fn day(world: &World, on: NaiveDate, skip: u32, count: u32) -> Vec<Paid> {
    let families = world.city().families.keys().filter(|family| skip <= family.0).copied();
    let wanted = usize::try_from(count).unwrap_or(usize::MAX);
    let met = families
        .filter_map(|family| pay(world, family, on, 1))
        .filter(|one| one.knock.outcome.met_somebody());
    met.take(wanted).collect()
}

/// Knocks at half past six in the evening, some minutes apart.
fn pay(world: &World, family: FamilyNo, on: NaiveDate, nth: u32) -> Option<Paid> {
    let door = world.family(family)?.door;
    let seed = world.city().plan.seed;
    let mut dice = Dice::new(seed, "load", &[u64::from(family.0), u64::from(nth)]);
    let minute = dice.between(0, 59);
    let at = on.and_time(NaiveTime::from_hms_opt(18 + dice.below(2), minute, 0)?);
    let (unit, dwelling) = ids_of(family, door);
    let errand = Errand { unit, dwelling, door, family: Some(family), monthly: false };
    let knock = at_door(world, &WorkCalendar::weekends(), &errand, at);
    Some(Paid { family, door, knock })
}
