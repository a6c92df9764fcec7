//! 社区工作者 – an honest worker: which days and hours, whom to knock at next, what comes of it, what is written.
//!
//! Pure: the due list goes in, knocks come out. Whoever runs a quarter carries them to a real phone.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use ruhu_core::ids::DwellingId;
use ruhu_core::roster::Unit;
use ruhu_core::visit::{Appointment, Companion, VisitOutcome};

use crate::city::{DoorNo, FamilyNo, GridNo};
use crate::world::EventNo;

mod day;
mod draft;
mod knock;
mod staff;
mod words;

pub use day::{Round, goes_out, plan_day};
pub use knock::at_door;
pub use staff::{Leave, Staff, staff};

/// 社区工作者 – one worker with his habits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// Numbered from 1, as is the grid he is responsible for.
    pub grid: GridNo,
    /// His name.
    pub name: String,
    /// Office telephone.
    pub office_phone: String,
    /// The habits of his work.
    pub habits: Habits,
}

/// 习惯 – what tells one honest worker from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// Evenings he goes out, in a thousand working days.
    pub evening_permille: u32,
    /// Days off he goes out, in a thousand.
    pub day_off_permille: u32,
    /// Records entered the day after, in a thousand 补录.
    pub late_permille: u32,
    /// Evenings he syncs, in a thousand.
    pub sync_permille: u32,
    /// Most knocks a day.
    pub knocks_max: u32,
}

/// A visit that is due, as a phone lists it, with the door and family of the city it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errand {
    /// What is due.
    pub unit: Unit,
    /// The door the phone names.
    pub dwelling: DwellingId,
    /// That door in the city.
    pub door: DoorNo,
    /// The family the phone means; `None` for a vacant door.
    pub family: Option<FamilyNo>,
    /// Whether a month's visit is open, not only the quarter's.
    pub monthly: bool,
}

/// 敲门 – one attempt and what came of it, still in the words of the city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knock {
    /// Why.
    pub errand: Errand,
    /// When it happened, local time.
    pub at: NaiveDateTime,
    /// When it was written into the phone, local time; the next day for a late entry 补录.
    pub written: NaiveDateTime,
    /// What happened.
    pub outcome: VisitOutcome,
    /// A slip of the finger: recorded first, corrected at once.
    pub slip: Option<VisitOutcome>,
    /// Only a child was at home.
    pub child_alone: bool,
    /// Names of the adults spoken with.
    pub met: Vec<String>,
    /// Events that were told, to be recorded.
    pub learnt: Vec<EventNo>,
    /// Households that are not where the phone has them.
    pub found: Vec<Found>,
    /// 诉求 – words, what is wanted, solved on the spot.
    pub requests: Vec<(&'static str, &'static str, bool)>,
    /// 隐患 – words and place.
    pub hazards: Vec<(&'static str, &'static str)>,
    /// 改约.
    pub appointment: Option<Appointment>,
    /// 备注.
    pub note: &'static str,
    /// 下次留言.
    pub note_for_next: &'static str,
    /// 同行.
    pub came_along: Vec<Companion>,
}

/// A household that is not where the phone has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// 新户 – people live here whom the phone does not know. On an errand to a vacant door the visit is theirs.
    Newcomers {
        /// Who.
        family: FamilyNo,
        /// At which door.
        door: DoorNo,
        /// Since when, as they say.
        since: NaiveDate,
        /// The household they came out of, if it was a split.
        came_from: Option<FamilyNo>,
    },
    /// 区内搬家 – the family of the errand lives at another door of the community.
    LivesAt {
        /// Which family.
        family: FamilyNo,
        /// At which door.
        door: DoorNo,
        /// Since when.
        since: NaiveDate,
    },
    /// 并户 – the family of the errand became part of another.
    PartOf {
        /// Which family.
        family: FamilyNo,
        /// Of which other.
        into: FamilyNo,
        /// Since when.
        since: NaiveDate,
    },
}

/// 走访本 – what a grid's workers remember of their attempts; the phone shows them the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diary {
    /// Attempts by unit, in order.
    pub tries: BTreeMap<Unit, Vec<Try>>,
    /// Agreed dates still to be kept.
    pub appointments: BTreeMap<Unit, Appointment>,
}

/// One attempt as it is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// When.
    pub at: NaiveDateTime,
    /// What came of it.
    pub outcome: VisitOutcome,
}

impl Diary {
    /// Notes an attempt.
    pub fn note(&mut self, knock: &Knock) {
        let unit = knock.errand.unit;
        self.tries.entry(unit).or_default().push(Try { at: knock.at, outcome: knock.outcome });
        match &knock.appointment {
            Some(appointment) => self.appointments.insert(unit, appointment.clone()),
            None => self.appointments.remove(&unit),
        };
    }

    /// The attempts at one unit, in order.
    #[must_use]
    pub fn of(&self, unit: Unit) -> &[Try] {
        self.tries.get(&unit).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests;
