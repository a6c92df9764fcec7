//! Estates and their doors in walking order.

use ruhu_core::roster::Address;

use super::Housing;
use crate::dice::Dice;

/// Estates of the community, each with its kind and its share of the households in a thousand.
const ESTATES: [(&str, Housing, u32); 5] = [
    ("纺织三村", Housing::WalkUp, 260),
    ("槐树庄", Housing::Village, 100),
    ("南街公寓", Housing::Rooms, 90),
    ("幸福家园", Housing::HighRise, 330),
    ("阳光小区", Housing::WalkUp, 220),
];

/// More doors than the households need, estate by estate; the last estate goes on as long as it is asked.
pub(super) fn doors(seed: u64, households: u32) -> impl Iterator<Item = (Housing, Address)> {
    let last = ESTATES.len() - 1;
    (0u32..).zip(ESTATES).flat_map(move |(nth, (estate, housing, permille))| {
        // A tenth more doors than households: about as many stand empty.
        let wanted = households * permille / 900;
        let doors = estate_doors(seed, nth, estate, housing);
        let enough = if usize::try_from(nth) == Ok(last) { None } else { usize::try_from(wanted).ok() };
        whole_buildings(doors, enough).map(move |address| (housing, address))
    })
}

/// Doors until there are enough, and on to the end of the building begun.
fn whole_buildings(
    doors: impl Iterator<Item = Address>,
    enough: Option<usize>,
) -> impl Iterator<Item = Address> {
    let mut count = 0;
    let mut building = String::new();
    doors.take_while(move |address| {
        let goes_on = enough.is_none_or(|enough| count < enough) || address.building == building;
        count += 1;
        building.clone_from(&address.building);
        goes_on
    })
}

fn estate_doors(
    seed: u64,
    estate_no: u32,
    estate: &'static str,
    housing: Housing,
) -> impl Iterator<Item = Address> {
    (1u32..).flat_map(move |building| {
        let mut dice = Dice::new(seed, "building", &[u64::from(estate_no), u64::from(building)]);
        building_doors(&mut dice, estate, building, housing)
    })
}

fn building_doors(dice: &mut Dice, estate: &str, building: u32, housing: Housing) -> Vec<Address> {
    let (stairs, floors, per_floor) = match housing {
        Housing::WalkUp => (dice.between(3, 4), 6, 2),
        Housing::HighRise => (1, dice.between(18, 33), 4),
        Housing::Village => (0, 1, dice.between(8, 14)),
        Housing::Rooms => (0, dice.between(4, 6), dice.between(6, 10)),
    };
    let mut doors = Vec::new();
    for stair in 1..=stairs.max(1) {
        for floor in 1..=floors {
            for nth in 1..=per_floor {
                doors.push(door(estate, building, (0 < stairs).then_some(stair), floor, nth, housing));
            }
        }
    }
    doors
}

fn door(estate: &str, building: u32, stair: Option<u32>, floor: u32, nth: u32, housing: Housing) -> Address {
    // A lane of village houses is their building; the house number is the door.
    let (building, door) = match housing {
        Housing::Village => (format!("{building}巷"), nth.to_string()),
        _ => (building.to_string(), format!("{floor}{nth:02}")),
    };
    Address {
        estate: estate.to_owned(),
        building,
        stair: stair.map(|stair| stair.to_string()).unwrap_or_default(),
        floor: i16::try_from(floor).ok(),
        door,
        remainder: String::new(),
    }
}
