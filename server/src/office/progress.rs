//! 专项进度 – whom a question is asked and how far that is: counts of households by grid, nothing about workers.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ruhu_core::category::CategoryId;
use ruhu_core::ids::{GridId, HouseholdId};
use ruhu_core::life::Standing;
use ruhu_core::profile::Profile;
use ruhu_core::question::{Asked, AskedOf, Question, categories_named};
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;

use super::OfficeError;
use super::answers::Answered;
use super::roll::Roll;
use crate::storage::units::UnitNr;
use crate::storage::{StorageError, Tx};

/// 住户 – the households that live in a community today, with what decides which questions they are asked.
#[derive(Clone, Debug)]
pub struct Homes(BTreeMap<HouseholdId, Home>);

#[derive(Clone, Debug)]
struct Home {
    grid: GridId,
    is_key: bool,
    categories: BTreeSet<CategoryId>,
    /// The days somebody of it was met.
    met: BTreeSet<NaiveDate>,
}

/// 进度 – households in one period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// 应问 – asked, or to be asked.
    pub asked: u32,
    /// 已答 – of which it was answered.
    pub answered: u32,
    /// 未问 – met while it was asked, without an answer.
    pub not_asked: u32,
}

/// 预计 – whom a question would be asked on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Households asked.
    pub asked: u32,
    /// Of which other questions stand that day too.
    pub beside: u32,
    /// Questions of the household with the most, this one among them; 0 where nobody is asked.
    pub most: u32,
}

impl Progress {
    /// 未访 – not met yet while it was asked.
    #[must_use]
    pub const fn open(self) -> u32 {
        self.asked.saturating_sub(self.answered).saturating_sub(self.not_asked)
    }

    /// Adds the households of another grid.
    pub const fn add(&mut self, other: Self) {
        self.asked += other.asked;
        self.answered += other.answered;
        self.not_asked += other.not_asked;
    }
}

impl Homes {
    /// Reads the households with what the questions want to know of them: categories only where one is meant for a category.
    ///
    /// # Errors
    /// [`OfficeError::Storage`].
    pub fn load<'a>(
        tx: &Tx<'_>,
        roll: &Roll,
        questions: impl IntoIterator<Item = &'a Question>,
    ) -> Result<Self, OfficeError> {
        let of_category = |one: &Question| matches!(one.asked_of, AskedOf::WithCategory(_));
        let named = questions.into_iter().any(of_category);
        let (mut homes, today) = (BTreeMap::new(), roll.today());
        let mut met: BTreeMap<HouseholdId, BTreeSet<NaiveDate>> = BTreeMap::new();
        for one in roll.units() {
            let (Unit::Household(id), Some(grid)) = (one.row.unit, one.row.grid) else { continue };
            let visits = Standing::of(&one.file).effective_visits(&one.file, &[one.row.unit]);
            let days = visits.iter().filter(|visit| visit.is_meeting()).map(|visit| visit.visited_on);
            met.entry(roll.survivor(id)).or_default().extend(days);
            let stands = roll.survivor(id) == id;
            let Some(life) = roll.life(id).filter(|_| stands) else { continue };
            if life.timeline(today).on(today).is_none() {
                continue;
            }
            let categories = if named { categories_of(tx, one.row.nr)? } else { BTreeSet::new() };
            let home = Home { grid, is_key: life.is_key(today), categories, met: BTreeSet::new() };
            homes.insert(id, home);
        }
        for (id, home) in &mut homes {
            home.met = met.remove(id).unwrap_or_default();
        }
        Ok(Self(homes))
    }

    /// How far a question is in a period, grid by grid. Who answered was asked, whatever he is today.
    #[must_use]
    pub fn progress(
        &self,
        question: &Question,
        period: Period,
        (roll, answers): (&Roll, &[Answered]),
    ) -> BTreeMap<GridId, Progress> {
        let of_period = answers.iter().filter(|one| period.contains(one.visited_on));
        let answered: BTreeSet<Unit> = of_period.map(|one| one.unit).collect();
        let mut grids: BTreeMap<GridId, Progress> = BTreeMap::new();
        for unit in &answered {
            let Some(grid) = roll.unit(*unit).and_then(|one| one.row.grid) else { continue };
            grids.entry(grid).or_default().add(Progress { asked: 1, answered: 1, not_asked: 0 });
        }
        for (id, home) in self.concerned(question) {
            if answered.contains(&Unit::Household(*id)) {
                continue;
            }
            let met = home.met.iter().any(|day| period.contains(*day) && question.is_open(*day));
            let one = Progress { asked: 1, answered: 0, not_asked: u32::from(met) };
            grids.entry(home.grid).or_default().add(one);
        }
        grids
    }

    /// Whom a question would be asked on a day, and what else stands there. Whoever answered another question of the
    /// period already is asked that one no more, so that fewer may stand than are counted here.
    #[must_use]
    pub fn reach(&self, question: &Question, others: &[Question], day: NaiveDate) -> Reach {
        let mut reach = Reach::default();
        for (_, home) in self.concerned(question) {
            let beside = others
                .iter()
                .filter(|other| other.id != question.id && other.is_open(day) && home.is_concerned(other))
                .count();
            let all = u32::try_from(beside + 1).unwrap_or(u32::MAX);
            reach.asked += 1;
            reach.beside += u32::from(0 < beside);
            reach.most = reach.most.max(all);
        }
        reach
    }

    fn concerned(&self, question: &Question) -> impl Iterator<Item = (&HouseholdId, &Home)> {
        self.0.iter().filter(|(_, home)| home.is_concerned(question))
    }
}

impl Home {
    fn is_concerned(&self, question: &Question) -> bool {
        question.concerns(&Asked { grid: self.grid, is_key: self.is_key, categories: &self.categories })
    }
}

/// The period of a question that is shown on a day: the one that runs, of one that is over its last, of one to come its first.
#[must_use]
pub fn period_on(question: &Question, today: NaiveDate) -> Period {
    Period::of(question.once_per, today.min(question.until).max(question.from))
}

fn categories_of(tx: &Tx<'_>, nr: UnitNr) -> Result<BTreeSet<CategoryId>, StorageError> {
    let Some(doc) = tx.unit_doc(nr)? else { return Ok(BTreeSet::new()) };
    let damaged = StorageError::Damaged { what: "household document" };
    Ok(categories_named(Profile::load(&doc).map_err(|_| damaged)?.fields().keys()))
}
