//! 六名社区工作者 – one for each grid, their habits, their leave and who covers.

use chrono::{Days, NaiveDate};
use ruhu_core::time::{Period, WorkCalendar};

use super::{Habits, Worker};
use crate::city::{GridNo, Plan};
use crate::dice::Dice;
use crate::people::{Member, Relation, Sex, phone, surname};
use crate::world::days;

/// The workers of a community over one quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// One for each grid, in the order of the grids.
    pub workers: Vec<Worker>,
    /// Who is away when.
    pub leave: Vec<Leave>,
}

/// 请假 with 代访 – a span of leave and who covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    /// The grid whose worker is away.
    pub grid: GridNo,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
    /// The grid whose worker covers.
    pub cover: GridNo,
}

/// The workers of a city in a quarter; two of them take leave, one loses the network for some days.
#[must_use]
pub fn staff(plan: &Plan, quarter: Period) -> Staff {
    let workers = (1..=plan.grids).map(|grid| worker(plan, GridNo(grid))).collect();
    let mut dice = Dice::new(plan.seed, "leave", &[]);
    let mut leave = Vec::new();
    for (grid, cover) in [(GridNo(2), GridNo(3)), (GridNo(5), GridNo(4))] {
        let from = quarter.first_day() + Days::new(u64::from(dice.between(12, 60)));
        let until = from + Days::new(u64::from(dice.between(4, 9)));
        if cover.0 <= plan.grids && grid.0 <= plan.grids {
            leave.push(Leave { grid, from, until, cover });
        }
    }
    Staff { workers, leave }
}

impl Staff {
    /// The worker responsible for a grid.
    #[must_use]
    pub fn responsible(&self, grid: GridNo) -> Option<&Worker> {
        self.workers.iter().find(|one| one.grid == grid)
    }

    /// Who works in a grid on a day: its own worker or the one who covers.
    #[must_use]
    pub fn on_duty(&self, grid: GridNo, day: NaiveDate) -> Option<&Worker> {
        let away = self.leave.iter().find(|one| one.grid == grid && one.from <= day && day <= one.until);
        self.responsible(away.map_or(grid, |leave| leave.cover))
    }

    /// Whether a worker is at work on a day.
    #[must_use]
    pub fn is_away(&self, grid: GridNo, day: NaiveDate) -> bool {
        self.leave.iter().any(|one| one.grid == grid && one.from <= day && day <= one.until)
    }
}

impl Worker {
    /// Whether he syncs in the evening of a day. One of six forgets it for days on end.
    #[must_use]
    pub fn syncs_on(&self, seed: u64, day: NaiveDate) -> bool {
        Dice::new(seed, "evening sync", &[u64::from(self.grid.0), crate::world::day_number(day)])
            .chance(self.habits.sync_permille)
    }
}

/// Working days from a day to the end of a quarter, the day counted; at least 1.
pub(super) fn working_days_left(calendar: &WorkCalendar, quarter: Period, day: NaiveDate) -> u32 {
    let left = days(day, quarter.last_day()).filter(|day| calendar.is_working_day(*day)).count();
    u32::try_from(left).unwrap_or(u32::MAX).max(1)
}

fn worker(plan: &Plan, grid: GridNo) -> Worker {
    let mut dice = Dice::new(plan.seed, "worker", &[u64::from(grid.0)]);
    let born = NaiveDate::from_ymd_opt(1975 + i32::try_from(dice.below(22)).unwrap_or(0), 5, 1);
    let sex = if dice.chance(720) { Sex::Female } else { Sex::Male };
    let surname = surname(&mut dice);
    let Member { name, .. } =
        Member::new(&mut dice, surname, sex, born.unwrap_or(NaiveDate::MIN), Relation::Head);
    let forgetful = grid == GridNo(plan.grids);
    let habits = Habits {
        evening_permille: dice.between(320, 520),
        day_off_permille: dice.between(60, 180),
        late_permille: dice.between(10, 60),
        sync_permille: if forgetful { 400 } else { dice.between(860, 980) },
        knocks_max: dice.between(26, 34),
    };
    Worker { grid, name, office_phone: phone(&mut dice), habits }
}
