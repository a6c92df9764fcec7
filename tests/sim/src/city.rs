//! 社区 – one community as it stands on the day its roster was written: estates, doors, families, six grids.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use ruhu_core::roster::Address;

use crate::dice::Dice;
use crate::people::{Household, Member, compose};

mod layout;
mod summary;

pub use summary::{Summary, summarise};

/// A door, numbered in walking order from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DoorNo(pub u32);

/// A family, numbered in the order it came to be, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FamilyNo(pub u32);

/// A grid, numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GridNo(pub u32);

/// What a city is made from; the same plan always gives the same city.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Everything follows from it.
    pub seed: u64,
    /// How many households live there; vacant doors come on top.
    pub households: u32,
    /// How many grids, one worker each.
    pub grids: u32,
    /// The day the roster was written.
    pub on: NaiveDate,
}

/// A community with everything the roster says, and what only its residents know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct City {
    /// What it was made from.
    pub plan: Plan,
    /// Its doors in walking order.
    pub doors: BTreeMap<DoorNo, Door>,
    /// Its households.
    pub families: BTreeMap<FamilyNo, Family>,
}

/// 户室 – one door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// Where it is.
    pub address: Address,
    /// Its grid.
    pub grid: GridNo,
    /// The kind of house.
    pub housing: Housing,
    /// Whether it is let.
    pub let_out: bool,
    /// Whether it is there at all: a roster has a few that are not (查无此户).
    pub real: bool,
}

/// The kind of house a door is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Housing {
    /// 老楼 – six floors without a lift.
    WalkUp,
    /// 高层 – 18 to 33 floors.
    HighRise,
    /// 自建房 – houses of a village.
    Village,
    /// 出租屋 – a building of rented rooms.
    Rooms,
}

/// 家庭户 – one household as the roster knows it, with the habits only its neighbours know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The door the roster gives it.
    pub door: DoorNo,
    /// Its members, the head first.
    pub members: Vec<Member>,
    /// Owned or let.
    pub tenure: Tenure,
    /// 重点户.
    pub key: bool,
    /// 上次走访日期.
    pub last_visit: Option<NaiveDate>,
    /// When somebody is at home.
    pub rhythm: Rhythm,
    /// How it receives a visitor.
    pub manner: Manner,
    /// 人户分离 – registered here, lives elsewhere.
    pub away: bool,
}

/// 自住 or 出租.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tenure {
    /// 自住.
    Owned,
    /// 出租.
    Let,
}

/// When somebody is at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rhythm {
    /// Away at work on working days.
    Commuters,
    /// Mostly at home.
    AtHome,
    /// Works in shifts: any hour is as good as another.
    Shifts,
    /// Hardly ever there.
    Rare,
}

/// How a household receives a visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Manner {
    /// Asks the worker in.
    Inside,
    /// Talks at the door.
    Door,
    /// Never opens, but answers the telephone.
    PhoneOnly,
    /// Declines, once and for all for a while.
    Declines,
    /// A dog, a quarrel: the worker had better not stay.
    Unsafe,
}

/// Grids with fewer households than this may end inside a building.
const SMALL_GRID: u32 = 150;

impl City {
    /// The city of a plan.
    #[must_use]
    pub fn build(plan: Plan) -> Self {
        let mut city = Self { plan, doors: BTreeMap::new(), families: BTreeMap::new() };
        let mut dice = Dice::new(plan.seed, "city", &[]);
        let per_grid = plan.households.div_ceil(plan.grids.max(1));
        let mut settled = 0;
        let mut building = None;
        let mut grid = GridNo(1);
        for (no, (housing, address)) in (0..).map(DoorNo).zip(layout::doors(plan.seed, plan.households)) {
            if settled == plan.households {
                break;
            }
            let here = Some(address.building_ref());
            // A grid ends with a whole building, a little early rather than a whole tower too late. The grids
            // of a small city are smaller than a tower and may end inside it.
            let full = (grid.0 * per_grid).saturating_sub(per_grid / 10) <= settled;
            if full && (building != here || per_grid < SMALL_GRID) && grid.0 < plan.grids {
                grid = GridNo(grid.0 + 1);
            }
            building = here;
            let door = Door {
                address,
                grid,
                housing,
                let_out: dice.chance(housing.let_permille()),
                real: !dice.chance(3),
            };
            if !dice.chance(housing.vacant_permille()) {
                city.families.insert(FamilyNo(settled), family(&plan, settled, no, &door));
                settled += 1;
            }
            city.doors.insert(no, door);
        }
        city
    }

    /// The door with this address as the roster writes it.
    #[must_use]
    pub fn door_at(&self, address: &Address) -> Option<DoorNo> {
        self.doors.iter().find(|(_, door)| door.address == *address).map(|(no, _)| *no)
    }
}

impl Housing {
    /// All four.
    pub const ALL: [Self; 4] = [Self::WalkUp, Self::HighRise, Self::Village, Self::Rooms];

    /// Its name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::WalkUp => "老楼",
            Self::HighRise => "高层",
            Self::Village => "自建房",
            Self::Rooms => "出租屋",
        }
    }

    /// A quarter of all homes is let (`domain.md` 1.5), nearly every rented room and few village houses.
    const fn let_permille(self) -> u32 {
        match self {
            Self::WalkUp => 215,
            Self::HighRise => 195,
            Self::Village => 90,
            Self::Rooms => 970,
        }
    }

    /// 8 to 15 % of doors stand empty, most of them in new high-rises.
    const fn vacant_permille(self) -> u32 {
        match self {
            Self::WalkUp => 80,
            Self::HighRise => 145,
            Self::Village => 90,
            Self::Rooms => 130,
        }
    }
}

/// A family that lives, or is said to live, behind a door; the same numbers always give the same one.
pub(crate) fn family(plan: &Plan, nth: u32, no: DoorNo, door: &Door) -> Family {
    let mut dice = Dice::new(plan.seed, "family", &[u64::from(nth)]);
    let Household { members, key } = compose(&mut dice, door.housing, door.let_out, plan.on);
    let retired = members.iter().any(|one| 62 <= one.age_on(plan.on));
    let rhythm = if retired {
        dice.weighted(&[(Rhythm::AtHome, 800), (Rhythm::Commuters, 170), (Rhythm::Rare, 30)], Rhythm::AtHome)
    } else {
        dice.weighted(
            &[(Rhythm::Commuters, 670), (Rhythm::Shifts, 190), (Rhythm::AtHome, 110), (Rhythm::Rare, 30)],
            Rhythm::Commuters,
        )
    };
    let manner = dice.weighted(
        &[
            (Manner::Inside, 540),
            (Manner::Door, 390),
            (Manner::PhoneOnly, 35),
            (Manner::Declines, 28),
            (Manner::Unsafe, 7),
        ],
        Manner::Door,
    );
    let visited = dice.chance(if key { 930 } else { 760 });
    let days_ago = if key { dice.between(2, 45) } else { dice.between(5, 170) };
    let last_visit = plan.on.checked_sub_days(Days::new(u64::from(days_ago))).filter(|_| visited);
    let tenure = if door.let_out { Tenure::Let } else { Tenure::Owned };
    let away = tenure == Tenure::Owned && !key && dice.chance(16);
    Family { door: no, members, tenure, key, last_visit, rhythm, manner, away }
}

#[cfg(test)]
mod tests;
