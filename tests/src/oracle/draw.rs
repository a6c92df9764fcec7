//! Drawing from a seed, with days that lie where rules turn.

use chrono::{Days, NaiveDate, NaiveTime};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use ruhu_core::ids::Hash32;
use ruhu_core::roster::Informant;
use ruhu_core::visit::{MeetingPlace, VisitOutcome};

/// Days on which something in the rules turns, or the day before or after.
const TURNS: [(i32, u32, u32); 18] = [
    (2026, 3, 31),
    (2026, 4, 1),
    (2026, 6, 1),
    (2026, 6, 30),
    (2026, 7, 1),
    (2026, 7, 2),
    (2026, 7, 31),
    (2026, 8, 1),
    (2026, 8, 2),
    (2026, 8, 31),
    (2026, 9, 1),
    (2026, 9, 2),
    (2026, 9, 20),
    (2026, 9, 26),
    (2026, 9, 29),
    (2026, 9, 30),
    (2026, 10, 1),
    (2026, 10, 2),
];

/// A seeded source of everything random.
pub(super) struct Draw {
    rng: ChaCha8Rng,
    entries: u64,
    seed: u64,
    last_day: NaiveDate,
}

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        let rng = ChaCha8Rng::seed_from_u64(seed);
        Self { rng, entries: 0, seed, last_day: date((2026, 7, 1)) }
    }

    pub(super) fn below(&mut self, end: u32) -> u32 {
        self.rng.random_range(0..end.max(1))
    }

    /// True in `percent` of the draws.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let at = self.below(u32::try_from(from.len()).unwrap_or(1));
        from.get(usize::try_from(at).unwrap_or(0)).copied()
    }

    /// A hash no other entry of the history has.
    pub(super) fn entry(&mut self) -> Hash32 {
        self.entries += 1;
        Hash32::of(&[&self.seed.to_be_bytes(), &self.entries.to_be_bytes()])
    }

    /// A day of spring to autumn 2026: anywhere, where rules turn, or about a week from the last one.
    pub(super) fn day(&mut self) -> NaiveDate {
        let day = match self.below(10) {
            0..3 => self.pick(&TURNS).map_or(self.last_day, date),
            3..6 => {
                let back = self.chance(30);
                let days = self.pick(&[0, 1, 6, 7, 8, 29, 30, 31]).unwrap_or(0);
                shift(self.last_day, if back { -days } else { days })
            }
            6..9 => shift(date((2026, 6, 15)), i64::from(self.below(125))),
            _ => shift(date((2026, 2, 1)), i64::from(self.below(270))),
        };
        self.last_day = day.clamp(date((2026, 1, 2)), date((2026, 11, 20)));
        self.last_day
    }

    /// The instant of recording, in milliseconds: on the day, some days later, or long before.
    pub(super) fn recorded_ms(&mut self, effective: NaiveDate) -> i64 {
        let days = match self.below(10) {
            0..5 => 0,
            5..7 => 1,
            7 => -i64::from(self.below(20)),
            _ => i64::from(self.below(45)),
        };
        let midnight = shift(effective, days).and_time(NaiveTime::MIN).and_utc().timestamp_millis();
        // The local day begins at 16:00 UTC of the day before: some recordings fall on either side of it.
        midnight + i64::from(self.below(24)) * 3_600_000 + i64::from(self.below(3_600_000))
    }

    pub(super) fn time(&mut self) -> Option<NaiveTime> {
        let at = self.pick(&[(9, 0), (11, 59), (12, 0), (15, 30), (17, 29), (17, 30), (19, 0)]);
        let at = at.and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0));
        at.filter(|_| !self.chance(15))
    }

    pub(super) fn informant(&mut self) -> Informant {
        let all = [
            Informant::Resident,
            Informant::Landlord,
            Informant::PropertyManager,
            Informant::BuildingSteward,
            Informant::Neighbour,
            Informant::Neighbour,
            Informant::Other,
        ];
        self.pick(&all).unwrap_or(Informant::Other)
    }

    pub(super) fn outcome(&mut self, on: NaiveDate) -> VisitOutcome {
        match self.below(20) {
            0..4 => VisitOutcome::Met { place: MeetingPlace::Inside },
            4 => VisitOutcome::Met { place: MeetingPlace::Door },
            5..9 => VisitOutcome::NotHome { note_left: true },
            9 => {
                let length = self.pick(&[30, 100, 184, 366, 500]).unwrap_or(30);
                let until = self.chance(60).then(|| shift(on, length));
                VisitOutcome::Declined { do_not_ask_until: until }
            }
            10 => VisitOutcome::Phone,
            11..14 => {
                let confirmed_by = self.chance(25).then(|| self.informant());
                VisitOutcome::Vacant { confirmed_by }
            }
            14 => {
                let left_on = self.chance(50).then(|| shift(on, -i64::from(self.below(20))));
                VisitOutcome::MovedAway { told_by: self.informant(), left_on }
            }
            15 => VisitOutcome::RegisteredOnly,
            16 => VisitOutcome::NoSuchAddress,
            17 => VisitOutcome::Unsafe,
            18 => VisitOutcome::Rescheduled,
            _ => VisitOutcome::Told { by: self.informant() },
        }
    }
}

pub(super) fn date((year, month, day): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MIN)
}

pub(super) fn shift(day: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    let shifted = if days < 0 { day.checked_sub_days(by) } else { day.checked_add_days(by) };
    shifted.unwrap_or(day)
}
