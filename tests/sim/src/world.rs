//! 真实情况 – what is really so on a day: who lives where, what has happened, who opens when.
//!
//! Nobody but the residents knows it. A worker learns of an event only when somebody tells it at the door.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{Days, NaiveDate};

use crate::city::{City, Door, DoorNo, Family, FamilyNo};
use crate::people::Category;

mod answer;
mod change;

pub(crate) use change::day_number;

/// 真实情况 – a city that lives on, day after day.
#[derive(Clone, Debug)]
pub struct World {
    city: City,
    today: NaiveDate,
    abodes: BTreeMap<FamilyNo, Abode>,
    behind: BTreeMap<DoorNo, BTreeSet<FamilyNo>>,
    to_come: VecDeque<(NaiveDate, Stroke)>,
    events: Vec<Event>,
    told: BTreeSet<EventNo>,
}

/// Where a family is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abode {
    /// It lives here.
    Behind(DoorNo),
    /// 人户分离 – registered here, lives elsewhere.
    Elsewhere,
    /// 迁出 – it left the community.
    Gone {
        /// The first day it no longer lived here.
        on: NaiveDate,
    },
    /// 并户 – it became part of another family.
    PartOf {
        /// Which one.
        family: FamilyNo,
        /// Since when.
        on: NaiveDate,
    },
}

/// An event, numbered in the order of happening, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventNo(pub usize);

/// 变动 – something that happened to a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The day it happened.
    pub on: NaiveDate,
    /// The family it happened to.
    pub family: FamilyNo,
    /// What happened.
    pub what: What,
}

/// What can happen to a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// 迁入 – it came to the community.
    MovedIn {
        /// To which door.
        to: DoorNo,
    },
    /// 迁出 – it left the community.
    MovedOut {
        /// From which door.
        from: DoorNo,
    },
    /// 区内搬家 – it moved inside the community.
    MovedInside {
        /// From which door.
        from: DoorNo,
        /// To which door.
        to: DoorNo,
    },
    /// 出生.
    Birth {
        /// The child's name.
        name: String,
    },
    /// 死亡.
    Death {
        /// Whose.
        name: String,
    },
    /// 分户 – somebody of it set up a household of his own.
    SplitOff {
        /// The new household.
        into: FamilyNo,
        /// The name of who left.
        name: String,
    },
    /// 并户 – it became part of another family.
    Merged {
        /// Which one.
        into: FamilyNo,
    },
    /// 纳入类别.
    CategoryIn {
        /// Who.
        name: String,
        /// Which.
        category: Category,
    },
    /// 退出类别.
    CategoryOut {
        /// Who.
        name: String,
        /// Which.
        category: Category,
    },
    /// 电话变更.
    Phone {
        /// Whose.
        name: String,
        /// The new number.
        phone: String,
    },
}

/// What fate has in store for a day; whom it strikes is decided on that day, by who lives there then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stroke {
    MoveIn,
    MoveOut,
    MoveInside,
    Birth,
    Death,
    Split,
    Merge,
    CategoryIn,
    CategoryOut,
    Phone,
}

impl World {
    /// The world on the first of the days it will live through.
    #[must_use]
    pub fn new(city: City, from: NaiveDate, until: NaiveDate) -> Self {
        let mut world = Self {
            today: from,
            abodes: BTreeMap::new(),
            behind: BTreeMap::new(),
            to_come: change::schedule(&city.plan, from, until),
            events: Vec::new(),
            told: BTreeSet::new(),
            city,
        };
        let families: Vec<_> =
            world.city.families.iter().map(|(no, family)| (*no, family.door, family.away)).collect();
        for (family, door, away) in families {
            let there = world.city.doors.get(&door).is_some_and(|door| door.real) && !away;
            if there { world.settle(family, door) } else { world.unsettle(family, Abode::Elsewhere) }
        }
        world
    }

    /// A world in which nothing ever happens.
    #[must_use]
    pub fn still(city: City, on: NaiveDate) -> Self {
        Self { to_come: VecDeque::new(), ..Self::new(city, on, on) }
    }

    /// Lives on to a day and through its events; a day already past changes nothing.
    pub fn live_to(&mut self, day: NaiveDate) {
        while let Some((on, stroke)) = self.to_come.pop_front_if(|(on, _)| *on <= day) {
            self.today = on;
            self.strike(on, stroke);
        }
        self.today = self.today.max(day);
    }

    /// The day it is.
    #[must_use]
    pub const fn today(&self) -> NaiveDate {
        self.today
    }

    /// The city, its families as they are today.
    #[must_use]
    pub const fn city(&self) -> &City {
        &self.city
    }

    /// A family as it is today.
    #[must_use]
    pub fn family(&self, no: FamilyNo) -> Option<&Family> {
        self.city.families.get(&no)
    }

    /// A door.
    #[must_use]
    pub fn door(&self, no: DoorNo) -> Option<&Door> {
        self.city.doors.get(&no)
    }

    /// Where a family is today; `None` for one that never was.
    #[must_use]
    pub fn abode(&self, family: FamilyNo) -> Option<Abode> {
        self.abodes.get(&family).copied()
    }

    /// Who lives behind a door today.
    pub fn behind(&self, door: DoorNo) -> impl Iterator<Item = FamilyNo> {
        self.behind.get(&door).into_iter().flatten().copied()
    }

    /// Everything that has happened so far, in order.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// One event.
    #[must_use]
    pub fn event(&self, no: EventNo) -> Option<&Event> {
        self.events.get(no.0)
    }

    /// What happened to a family and nobody has recorded yet.
    #[must_use]
    pub fn untold(&self, family: FamilyNo) -> Vec<EventNo> {
        let events = (0..).map(EventNo).zip(&self.events);
        events
            .filter(|(no, event)| event.family == family && !self.told.contains(no))
            .map(|(no, _)| no)
            .collect()
    }

    /// Notes that an event has been recorded; nobody will tell it again.
    pub fn tell(&mut self, event: EventNo) {
        self.told.insert(event);
    }

    /// The family a household came out of by a split, if it did.
    #[must_use]
    pub fn came_from(&self, family: FamilyNo) -> Option<FamilyNo> {
        let mut events = self.events.iter();
        events.find_map(|event| match event.what {
            What::SplitOff { into, .. } if into == family => Some(event.family),
            _ => None,
        })
    }

    /// The day a family came to where it lives now, if that was not before everything.
    #[must_use]
    pub fn lives_there_since(&self, family: FamilyNo) -> Option<NaiveDate> {
        let mut events = self.events.iter().rev();
        events.find_map(|event| match event.what {
            What::MovedIn { .. } | What::MovedInside { .. } if event.family == family => Some(event.on),
            What::SplitOff { into, .. } if into == family => Some(event.on),
            _ => None,
        })
    }

    fn settle(&mut self, family: FamilyNo, door: DoorNo) {
        self.unsettle(family, Abode::Behind(door));
        self.behind.entry(door).or_default().insert(family);
    }

    fn unsettle(&mut self, family: FamilyNo, abode: Abode) {
        if let Some(Abode::Behind(door)) = self.abodes.insert(family, abode)
            && let Some(there) = self.behind.get_mut(&door)
        {
            there.remove(&family);
        }
    }
}

/// The days from `from` to `until`, both counted.
pub fn days(from: NaiveDate, until: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let count = u64::try_from((until - from).num_days() + 1).unwrap_or(0);
    (0..count).filter_map(move |nth| from.checked_add_days(Days::new(nth)))
}

#[cfg(test)]
mod tests;
