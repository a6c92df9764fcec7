//! 一个季度 – six workers work a quarter through real phones and the real sync, day by day.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rand_chacha::ChaCha8Rng;
use ruhu_core::due::Progress;
use ruhu_core::fieldbook::DaySheet;
use ruhu_core::ids::IdSource;
use ruhu_core::roster::Unit;
use ruhu_core::time::{Period, WorkCalendar, Zone};

use super::lead::Lead;
use super::record::Hand;
use super::{HarnessError, Known, SimHub, SimPhone};
use crate::city::{City, GridNo};
use crate::dice::Dice;
use crate::worker::{Diary, Errand, Knock, Round, Staff, Worker, goes_out, plan_day};
use crate::world::World;

/// A quarter in progress.
pub struct Quarter {
    /// What is really so.
    pub world: World,
    /// The workers.
    pub staff: Staff,
    /// The hub.
    pub hub: SimHub,
    /// One phone for each worker, by his grid.
    pub phones: BTreeMap<GridNo, SimPhone>,
    /// Which ids mean whom.
    pub known: Known,
    period: Period,
    calendar: WorkCalendar,
    diaries: BTreeMap<GridNo, Diary>,
    counts: BTreeMap<GridNo, Progress>,
    late: Vec<(GridNo, Knock)>,
    lead: Lead,
    ids: IdSource<ChaCha8Rng>,
}

/// What a day brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayDone {
    /// Visits saved on phones.
    pub saved: u32,
    /// Records corrected or withdrawn on the way.
    pub mended: u32,
    /// Entries the hub accepted.
    pub accepted: u32,
    /// Entries the hub put aside for a person.
    pub quarantined: u32,
    /// Facts the lead decided.
    pub decided: usize,
    /// 已访 of the quarter, as the phones count it together.
    pub done: u32,
    /// 应访 of the quarter, as the phones count it together.
    pub due: u32,
}

impl Quarter {
    /// Phones for everybody, each with its first load; what the phones hold becomes [`Known`]. The phones' keys come
    /// from `phone_seed`.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn begin(
        city: City,
        staff: Staff,
        hub: SimHub,
        period: Period,
        phone_seed: u64,
    ) -> Result<Self, HarnessError> {
        let seed = city.plan.seed;
        let mut phones = BTreeMap::new();
        let mut known = Known::default();
        for worker in &staff.workers {
            let Some(id) = hub.worker(worker.grid) else { continue };
            let mut phone = SimPhone::enrol(&hub, id, ":memory:", phone_seed)?;
            phone.sync(&hub)?;
            known.learn(&city, &phone.book)?;
            phones.insert(worker.grid, phone);
        }
        Ok(Self {
            world: World::new(city, period.first_day(), period.last_day()),
            staff,
            hub,
            phones,
            known,
            period,
            calendar: WorkCalendar::shipped()?,
            diaries: BTreeMap::new(),
            counts: BTreeMap::new(),
            late: Vec::new(),
            lead: Lead::default(),
            ids: IdSource::new(Dice::new(seed, "records", &[]).rng().clone()),
        })
    }

    /// One day, up to a moment of it: who works knocks and records, phones sync, the lead decides.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn work_day(&mut self, day: NaiveDate, until: DateTime<Utc>) -> Result<DayDone, HarnessError> {
        self.world.live_to(day);
        let mut done = self.counted();
        if !self.clock_to(day, (8, 20), until) {
            return Ok(done);
        }
        self.lead.arrange_cover(&self.hub, &self.staff)?;
        let mut today = std::mem::take(&mut self.late);
        let rounds = self.rounds(day);
        for (_, worker) in &rounds {
            self.sync(worker.grid, &mut done)?;
        }
        let mut sheets = self.sheets(&rounds, day)?;
        for (grid, worker) in &rounds {
            let Some(sheet) = sheets.remove(&worker.grid) else { continue };
            self.counts.insert(*grid, sheet.quarter);
            let knocks = self.plan(*grid, worker, day, &sheet);
            today.extend(knocks.into_iter().map(|knock| (worker.grid, knock)));
        }
        DayDone { done: done.done, due: done.due, .. } = self.counted();
        today.sort_by_key(|(grid, knock)| (knock.written, *grid));
        for (grid, knock) in today {
            let written = instant(knock.written);
            if knock.written.date() != day || until < written {
                self.late.push((grid, knock));
                continue;
            }
            self.hub.clock().move_to(written);
            self.record(grid, &knock, &mut done)?;
        }
        if self.clock_to(day, (20, 50), until) {
            self.evening(day, &mut done)?;
        }
        Ok(done)
    }

    /// A day on which nothing happened yet, with the counts the phones gave last.
    fn counted(&self) -> DayDone {
        let done = self.counts.values().map(|count| count.done).sum();
        let due = self.counts.values().map(|count| count.due).sum();
        DayDone { done, due, ..DayDone::default() }
    }

    /// Who goes where on a day: everybody in his own grid, and every second day of a cover in the other.
    fn rounds(&self, day: NaiveDate) -> Vec<(GridNo, Worker)> {
        let seed = self.world.city().plan.seed;
        let at_work = self.staff.workers.iter().filter(|one| !self.staff.is_away(one.grid, day));
        let rounds = at_work.map(|worker| {
            let covered = self.staff.leave.iter().find(|leave| {
                leave.cover == worker.grid
                    && leave.from <= day
                    && day <= leave.until
                    && day.ordinal().is_multiple_of(2)
            });
            (covered.map_or(worker.grid, |leave| leave.grid), worker.clone())
        });
        let none = Diary::default();
        let out = rounds.filter(|(grid, worker)| {
            let diary = self.diaries.get(grid).unwrap_or(&none);
            goes_out(seed, worker, diary, &self.calendar, day)
        });
        out.collect()
    }

    /// What each phone says is due, by its worker's grid. The phones work side by side, as they do in the field.
    fn sheets(
        &mut self,
        rounds: &[(GridNo, Worker)],
        day: NaiveDate,
    ) -> Result<BTreeMap<GridNo, DaySheet>, HarnessError> {
        let asked = |no: GridNo| {
            let (grid, _) = rounds.iter().find(|(_, worker)| worker.grid == no)?;
            self.hub.grid(*grid)
        };
        std::thread::scope(|scope| {
            let phones = self.phones.iter_mut().filter_map(|(no, phone)| Some((*no, phone, asked(*no)?)));
            let asking: Vec<_> = phones
                .map(|(no, phone, grid)| (no, scope.spawn(move || phone.book.due(Some(day), Some(grid)))))
                .collect();
            let sheets = asking.into_iter().map(|(no, sheet)| {
                let sheet = sheet.join().map_err(|_| HarnessError::Unfinished("应访清单 due list".into()))?;
                Ok((no, sheet?))
            });
            sheets.collect()
        })
    }

    /// The knocks of one worker, planned from what his own phone says is due.
    fn plan(&mut self, grid: GridNo, worker: &Worker, day: NaiveDate, sheet: &DaySheet) -> Vec<Knock> {
        let rows = sheet.rows.iter().map(|row| &row.due);
        let open = rows.filter(|row| row.quarter.is_some() || row.month.is_some());
        let errands = open.filter(|row| row.do_not_ask_until.is_none()).filter_map(|row| {
            let family = match row.unit {
                Unit::Household(household) => Some(self.known.family(household)?),
                Unit::Vacant(_) => None,
            };
            let door = self.known.door(row.dwelling)?;
            Some(Errand {
                unit: row.unit,
                dwelling: row.dwelling,
                door,
                family,
                monthly: row.month.is_some(),
            })
        });
        let errands: Vec<Errand> = errands.collect();
        let diary = self.diaries.entry(grid).or_default();
        let knocks = plan_day(&Round {
            world: &self.world,
            calendar: &self.calendar,
            worker,
            diary,
            errands: &errands,
            quarter: self.period,
            day,
        });
        knocks.iter().for_each(|knock| diary.note(knock));
        knocks
    }

    fn record(&mut self, grid: GridNo, knock: &Knock, done: &mut DayDone) -> Result<(), HarnessError> {
        let Some(phone) = self.phones.get_mut(&grid) else { return Ok(()) };
        let mut hand = Hand {
            world: &mut self.world,
            known: &mut self.known,
            book: &mut phone.book,
            ids: &mut self.ids,
            clock: self.hub.clock(),
        };
        let recorded = hand.record(knock)?;
        done.saved += 1;
        done.mended += u32::from(recorded.mended);
        self.lead.take_up(&self.world, &self.known, knock, &recorded);
        Ok(())
    }

    fn evening(&mut self, day: NaiveDate, done: &mut DayDone) -> Result<(), HarnessError> {
        let seed = self.world.city().plan.seed;
        let home: Vec<GridNo> =
            self.staff.workers.iter().filter(|one| one.syncs_on(seed, day)).map(|one| one.grid).collect();
        for grid in home {
            self.sync(grid, done)?;
        }
        if self.calendar.is_working_day(day) {
            done.decided += self.lead.work_off(&self.hub, &self.world, &self.known)?;
        }
        Ok(())
    }

    /// Syncs one worker's phone.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn sync_all(&mut self) -> Result<DayDone, HarnessError> {
        let mut done = DayDone::default();
        for grid in self.phones.keys().copied().collect::<Vec<_>>() {
            self.sync(grid, &mut done)?;
        }
        Ok(done)
    }

    fn sync(&mut self, grid: GridNo, done: &mut DayDone) -> Result<(), HarnessError> {
        let Some(phone) = self.phones.get_mut(&grid) else { return Ok(()) };
        let exchange = phone.sync(&self.hub)?;
        done.accepted += exchange.accepted;
        done.quarantined += exchange.quarantined;
        Ok(())
    }

    /// Moves the clock to a time of the day; false when that is beyond the moment the run ends at.
    fn clock_to(&self, day: NaiveDate, (hour, minute): (u32, u32), until: DateTime<Utc>) -> bool {
        let at = instant(day.and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN)));
        if at <= until {
            self.hub.clock().move_to(at);
        }
        at <= until
    }
}

fn instant(at: NaiveDateTime) -> DateTime<Utc> {
    Zone::CHINA.instant(at.date(), at.time())
}
