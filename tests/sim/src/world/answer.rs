//! Who opens when. The same knock at the same time always has the same answer, whatever happened before it.

use chrono::{NaiveDateTime, Timelike};
use ruhu_core::time::WorkCalendar;

use super::change::day_number;
use super::{Abode, World};
use crate::city::{DoorNo, Family, FamilyNo, Housing, Manner, Rhythm};
use crate::dice::Dice;

impl World {
    /// How likely it is, in a thousand, that somebody of a family opens: about 350 on a working day, 650 in
    /// the evening, 600 on a day off over all families (`domain.md` 2.12).
    #[must_use]
    pub fn opens_permille(&self, family: FamilyNo, at: NaiveDateTime, calendar: &WorkCalendar) -> u32 {
        let Some((Abode::Behind(door), family_there)) = self.abode(family).zip(self.family(family)) else {
            return 0;
        };
        if family_there.manner == Manner::PhoneOnly {
            return 0;
        }
        let base = base_permille(family_there.rhythm, at, calendar);
        if base == 0 {
            return 0;
        }
        let mut own = Dice::new(self.city.plan.seed, "own hours", &[u64::from(family.0)]);
        (base + own.between(0, 200) + self.housing_permille(door)).saturating_sub(200).clamp(10, 970)
    }

    /// Whether somebody of a family opens to a knock.
    #[must_use]
    pub fn opens(&self, family: FamilyNo, at: NaiveDateTime, calendar: &WorkCalendar) -> bool {
        let permille = self.opens_permille(family, at, calendar);
        self.moment("opens", family, at).chance(permille)
    }

    /// Whether somebody of a family answers the telephone.
    #[must_use]
    pub fn picks_up(&self, family: FamilyNo, at: NaiveDateTime) -> bool {
        let Some(one) =
            self.family(family).filter(|one| one.members.iter().any(|member| member.phone.is_some()))
        else {
            return false;
        };
        self.moment("phone", family, at).chance(if one.manner == Manner::PhoneOnly { 850 } else { 420 })
    }

    /// Dice of one family at one half hour.
    pub(crate) fn moment(&self, purpose: &str, family: FamilyNo, at: NaiveDateTime) -> Dice {
        let half_hour = u64::from(at.num_seconds_from_midnight() / 1800);
        Dice::new(self.city.plan.seed, purpose, &[u64::from(family.0), day_number(at.date()), half_hour])
    }

    /// 100 for a house like any other.
    fn housing_permille(&self, door: DoorNo) -> u32 {
        match self.door(door).map(|door| door.housing) {
            Some(Housing::Village) => 150,
            Some(Housing::Rooms) => 60,
            _ => 100,
        }
    }
}

fn base_permille(rhythm: Rhythm, at: NaiveDateTime, calendar: &WorkCalendar) -> u32 {
    let minutes = at.num_seconds_from_midnight() / 60;
    let (day, evening, off) = match rhythm {
        Rhythm::Commuters => (190, 720, 630),
        Rhythm::AtHome => (660, 740, 700),
        Rhythm::Shifts => (400, 470, 470),
        Rhythm::Rare => (60, 120, 140),
    };
    match minutes {
        // Nobody opens at night, and hardly anybody at breakfast.
        0..480 | 1290.. => 0,
        _ if !calendar.is_working_day(at.date()) => off,
        690..810 => day + 120,
        480..1050 => day,
        _ => evening,
    }
}

impl Family {
    /// The names of its adults on a day: those a worker can have met.
    #[must_use]
    pub fn adults(&self, on: chrono::NaiveDate) -> Vec<&str> {
        let adults = self.members.iter().filter(|one| 18 <= one.age_on(on));
        adults.map(|one| one.name.as_str()).collect()
    }
}
