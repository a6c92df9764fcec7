//! 城区 – homes and workers of a community, with everything that makes honest work look odd (`detection.md` 5.1, Q of 5.2).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use ruhu_core::ids::{CommunityId, DwellingId, EnrolmentId, HouseholdId, QuestionId, WorkerId, derived};
use ruhu_core::roster::{Address, Unit};
use ruhu_server::flags::evidence::{Housing, Place};
use uuid::Uuid;

use super::draw::{chance, lognormal, normal, unit, whole};
use super::strategy::Strategy;
use super::work::Happened;
use crate::dice::Dice;

/// Workers of a community, one grid each.
pub(super) const WORKERS: u32 = 8;
/// Questions of a quarter.
pub(super) const QUESTIONS: usize = 5;
/// Values each question can take.
pub(super) const VALUES: [u16; QUESTIONS] = [2, 4, 6, 2, 12];

/// 住户.
#[derive(Clone, Debug)]
pub(super) struct Home {
    pub(super) unit: Unit,
    pub(super) dwelling: DwellingId,
    pub(super) housing: Housing,
    /// Floors to climb without a lift.
    pub(super) climb: u32,
    /// How readily somebody opens: 1 for most, more for the retired.
    pub(super) opens: f64,
    /// How often something changes, against others.
    pub(super) changes: f64,
    /// True answers.
    pub(super) answers: [u16; QUESTIONS],
    /// When somebody last spoke with it in truth.
    pub(super) found_on: Option<NaiveDate>,
    /// What happened in the running quarter.
    pub(super) latest: Option<Happened>,
    /// What happened and nobody has found yet.
    pub(super) pending: Option<Happened>,
    /// When it was last met by the records.
    pub(super) recorded_on: Option<NaiveDate>,
}

/// 工作者.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) id: WorkerId,
    pub(super) enrolment: EnrolmentId,
    /// `None` for a browser.
    pub(super) boot: Option<Uuid>,
    pub(super) homes: Vec<usize>,
    /// Length of his meetings, against others.
    pub(super) slow: f64,
    /// How he understands each question: moves answers by this much.
    pub(super) tilt: [f64; QUESTIONS],
    /// Enters some visits later, from paper.
    pub(super) late_habit: bool,
    /// Days between two syncs.
    pub(super) sync_days: u32,
    pub(super) decoys: BTreeSet<Decoy>,
    pub(super) falsifier: Option<Strategy>,
}

/// 诚实而显得异常 – the honest decoys, always on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Decoy {
    /// An old estate where nothing changes.
    StableEstate,
    /// Retired residents, always at home.
    Retired,
    /// Calls ahead, so that somebody opens.
    CallsAhead,
    /// Meets twenty households in the courtyard within the hour.
    Courtyard,
    /// Dictates by a template of his own.
    Template,
    /// Was ill for half of the quarter.
    Surge,
    /// Inspects at night now and then.
    Night,
    /// Had the phone repaired: a new chain.
    Repaired,
    /// The phone's clock fails.
    BadClock,
}

impl Decoy {
    pub(super) const ALL: [(Self, &'static str); 9] = [
        (Self::StableEstate, "stable-estate"),
        (Self::Retired, "retired"),
        (Self::CallsAhead, "calls-ahead"),
        (Self::Courtyard, "courtyard"),
        (Self::Template, "template"),
        (Self::Surge, "surge"),
        (Self::Night, "night"),
        (Self::Repaired, "repaired"),
        (Self::BadClock, "bad-clock"),
    ];
}

/// 社区.
#[derive(Clone, Debug)]
pub(super) struct Town {
    pub(super) id: CommunityId,
    pub(super) homes: Vec<Home>,
    pub(super) people: Vec<Person>,
    pub(super) places: BTreeMap<DwellingId, Place>,
    pub(super) questions: [QuestionId; QUESTIONS],
    /// What most people answer, by kind of house.
    pub(super) usual: BTreeMap<Housing, [Vec<f64>; QUESTIONS]>,
}

/// Makes the `nth` community; `dishonest` is the chance that a worker falsifies, by one of the strategies in turn.
pub(super) fn town(seed: u64, nth: u32, dishonest: f64, strategies: &[Strategy], nuisance: f64) -> Town {
    let mut dice = Dice::new(seed, "falsify town", &[u64::from(nth)]);
    let parts = [seed.to_be_bytes(), u64::from(nth).to_be_bytes()];
    let id = |what: &str, of: u64| derived_id(what, &parts, of);
    let mut town = Town {
        id: CommunityId::from(id("community", 0)),
        homes: Vec::new(),
        people: Vec::new(),
        places: BTreeMap::new(),
        questions: std::array::from_fn(|nth| QuestionId::from(id("question", nth as u64))),
        usual: Housing::ALL
            .iter()
            .map(|row| (row.0, std::array::from_fn(|nth| usual(&mut dice, nth))))
            .collect(),
    };
    for worker in 0..WORKERS {
        let number = u64::from(worker);
        let decoys: BTreeSet<Decoy> =
            Decoy::ALL.iter().map(|row| row.0).filter(|_| chance(&mut dice, 0.05 * nuisance)).collect();
        let falsifier = chance(&mut dice, dishonest).then(|| dice.pick(strategies).cloned()).flatten();
        let count = lognormal(&mut dice, 350.0, 0.4).clamp(150.0, 700.0);
        let homes = settle(&mut town, &mut dice, (nth, worker), whole(count), &decoys);
        town.people.push(Person {
            id: WorkerId::from(id("worker", number)),
            enrolment: EnrolmentId::from(id("phone", number)),
            boot: chance(&mut dice, 0.5).then(|| id("boot", number)),
            homes,
            slow: lognormal(&mut dice, 1.0, 0.34),
            tilt: std::array::from_fn(|_| 0.35 * normal(&mut dice)),
            late_habit: chance(&mut dice, 0.2 * nuisance),
            sync_days: if chance(&mut dice, 0.2) { 4 } else { 1 },
            decoys,
            falsifier,
        });
    }
    town
}

fn derived_id(what: &str, parts: &[[u8; 8]; 2], of: u64) -> Uuid {
    derived("falsify", &[what.as_bytes(), &parts[0], &parts[1], &of.to_be_bytes()])
}

/// How often each value of a question is given: one or two common ones and a tail.
fn usual(dice: &mut Dice, question: usize) -> Vec<f64> {
    let values = VALUES.get(question).copied().unwrap_or(2);
    let raw: Vec<f64> = (0..values).map(|nth| (0.2 + unit(dice)) / f64::from(nth + 1).powf(1.3)).collect();
    let sum: f64 = raw.iter().sum();
    raw.into_iter().map(|one| one / sum).collect()
}

/// Draws one of weighted values.
pub(super) fn drawn(dice: &mut Dice, weights: &[f64]) -> u16 {
    let mut left = unit(dice) * weights.iter().sum::<f64>();
    for (weight, nth) in weights.iter().zip(0u16..) {
        if left < *weight {
            return nth;
        }
        left -= weight;
    }
    0
}

/// Fills a grid with homes of one kind of house, estate by estate.
fn settle(
    town: &mut Town,
    dice: &mut Dice,
    (nth, worker): (u32, u32),
    count: u32,
    decoys: &BTreeSet<Decoy>,
) -> Vec<usize> {
    // 45 % walk-ups, 35 % towers, 15 % village houses, 5 % dormitories.
    let kinds =
        [(Housing::WalkUp, 45), (Housing::Tower, 35), (Housing::Village, 15), (Housing::Dormitory, 5)];
    let housing = dice.weighted(&kinds, Housing::WalkUp);
    let (floors, doors): (u32, u32) = match housing {
        Housing::WalkUp => (6, 3),
        Housing::Tower => (30, 4),
        Housing::Village => (1, 1),
        Housing::Dormitory => (5, 8),
    };
    let stable = decoys.contains(&Decoy::StableEstate);
    let retired = decoys.contains(&Decoy::Retired);
    let mut own = Vec::new();
    for home in 0..count {
        let (stair, inside) = (home / (floors * doors), home % (floors * doors));
        let (floor, door) = (inside / doors + 1, inside % doors + 1);
        let key = [u64::from(nth), u64::from(worker), u64::from(home)].map(u64::to_be_bytes);
        let parts: Vec<&[u8]> = std::iter::once(town.id.as_bytes().as_slice())
            .chain(key.iter().map(<[u8; 8]>::as_slice))
            .collect();
        let dwelling: DwellingId = derived("falsify/door", &parts);
        let household: HouseholdId = derived("falsify/household", &parts);
        let address = Address {
            estate: format!("{}号院", worker / 2 + 1),
            building: format!("{}-{}", worker + 1, stair / 3 + 1),
            stair: (stair % 3 + 1).to_string(),
            floor: (housing != Housing::Village).then(|| i16::try_from(floor).unwrap_or(1)),
            door: format!("{floor}{door:02}"),
            remainder: String::new(),
        };
        let place = Place {
            estate: address.estate.clone(),
            building: address.building.clone(),
            stair: address.stair.clone(),
            floor: address.floor,
            housing,
            walking_key: address.walking_key(),
            shown: address.to_string(),
        };
        town.places.insert(dwelling, place);
        let answers = town.usual.get(&housing).map_or([0; QUESTIONS], |usual| {
            std::array::from_fn(|nth| drawn(dice, usual.get(nth).map_or(&[], Vec::as_slice)))
        });
        let old = chance(dice, if retired { 0.7 } else { 0.2 });
        own.push(town.homes.len());
        town.homes.push(Home {
            unit: Unit::Household(household),
            dwelling,
            housing,
            climb: if housing == Housing::WalkUp { floor } else { 0 },
            opens: if old { 2.0 } else { lognormal(dice, 1.0, 0.3) },
            changes: if stable { 0.35 } else { lognormal(dice, 1.0, 0.4) },
            answers,
            found_on: None,
            latest: None,
            pending: None,
            recorded_on: None,
        });
    }
    own
}

/// The working days of a period: five of seven, without holidays.
pub(super) fn days(from: NaiveDate, until: NaiveDate) -> Vec<NaiveDate> {
    let count = u64::try_from((until - from).num_days() + 1).unwrap_or(0);
    (0..count).filter_map(|nth| from.checked_add_days(Days::new(nth))).collect()
}
