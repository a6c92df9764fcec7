//! 投影 – what a payload adds to unit files, to the community's file and to a household's document. Pure, and the
//! same on phone and hub, so that both hold the same facts after the same entries in any order.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::community::CommunityFact;
use crate::entry::{BadPayload, Contents, Payload, Private, RequestEvent};
use crate::fact::Fact;
use crate::file::{Stamp, StampedFact, UnitFile};
use crate::ids::{DwellingId, GridId, Hash32, HouseholdId, RequestId};
use crate::life::Standing;
use crate::request::Step;
use crate::roster::{By, Unit};
use crate::time::Period;

/// Everything one payload adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// To unit files, in the order of the payload.
    pub units: Vec<UnitEffect>,
    /// To the community's file.
    pub community: Vec<CommunityEffect>,
    /// To a household's document.
    pub doc: Option<DocEffect>,
    /// What the body of a visit or a step of a request leaves to be done, and for whom.
    pub follow_ups: Vec<(Unit, FollowUp)>,
    /// What stands between the desk and one worker; about no unit's file.
    pub private: Option<Box<Private>>,
}

/// 待办 – something to be done for a unit, or done. A set of these is the same in any order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUp {
    /// 改约 – agreed on the visit with this payload hash.
    Agreed {
        /// The visit's entry.
        entry: Hash32,
        /// The day agreed.
        on: NaiveDate,
        /// The time agreed, if any.
        at: Option<NaiveTime>,
    },
    /// 诉求, 隐患 – raised on the visit with this payload hash, and not solved on the spot.
    Raised {
        /// The visit's entry.
        entry: Hash32,
        /// Which.
        request: RequestId,
    },
    /// 办理 – a step in the life of a request.
    Step {
        /// Which request.
        request: RequestId,
        /// When and what.
        step: Step,
        /// 时限 – the last day to handle it, where the step sets one.
        due: Option<NaiveDate>,
    },
}

/// One fact for one unit's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitEffect {
    /// Whose file.
    pub unit: Unit,
    /// Where the fact stands.
    pub stamp: Stamp,
    /// The fact and who states it.
    pub fact: StampedFact,
}

/// One fact for the community's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommunityEffect {
    /// Where the fact stands.
    pub stamp: Stamp,
    /// Who states it.
    pub by: By,
    /// The fact.
    pub fact: CommunityFact,
}

/// One change for one household's document; it passes the gate before it is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocEffect {
    /// Whose document.
    pub unit: Unit,
    /// The hash the skeleton names.
    pub change: Hash32,
    /// The raw change; `None` when it was erased.
    pub bytes: Option<Vec<u8>>,
}

/// What a payload recorded at `recorded_ms` (milliseconds since 1970 UTC) adds.
///
/// # Errors
/// [`BadPayload`]: too new or unreadable; it is kept as it is and adds nothing.
pub fn project(payload: &Payload, recorded_ms: i64) -> Result<Effects, BadPayload> {
    Ok(effects(&payload.read()?, payload.hash(), recorded_ms))
}

/// What understood contents add; `entry` is the payload's hash.
#[must_use]
pub fn effects(contents: &Contents, entry: Hash32, recorded_ms: i64) -> Effects {
    let by = contents.by();
    let mut nths = 0u16..;
    let mut stamp = || Stamp { recorded_ms, entry, nth: nths.next().unwrap_or(u16::MAX) };
    let facts = contents.unit_facts().into_iter();
    let units = facts.map(|one| UnitEffect {
        unit: one.unit,
        stamp: stamp(),
        fact: StampedFact { by, fact: one.fact },
    });
    let units = units.collect();
    let community = match contents {
        Contents::Office { act, .. } => act.community.as_slice(),
        _ => &[],
    };
    let community =
        community.iter().map(|fact| CommunityEffect { stamp: stamp(), by, fact: fact.clone() }).collect();
    let doc = match contents {
        Contents::Doc { skeleton, change } => {
            Some(DocEffect { unit: skeleton.unit, change: skeleton.change, bytes: change.clone() })
        }
        _ => None,
    };
    let unit = match contents {
        Contents::Visit { skeleton, .. } => Some(skeleton.unit),
        // For payloads that state no fact.
        _ => contents.request_event().map(|event| event.unit),
    };
    let follow_ups = unit.into_iter().flat_map(|unit| {
        let all = follow_ups(contents, entry, recorded_ms).into_iter();
        all.map(move |one| (unit, one))
    });
    let follow_ups = follow_ups.collect();
    Effects { units, community, doc, follow_ups, private: contents.private().map(Box::new) }
}

fn follow_ups(contents: &Contents, entry: Hash32, recorded_ms: i64) -> Vec<FollowUp> {
    match contents {
        Contents::Visit { body: Some(body), .. } => {
            let agreed =
                body.appointment.iter().map(|one| FollowUp::Agreed { entry, on: one.on, at: one.at });
            let open = body.requests.iter().filter(|one| !one.solved_on_the_spot).map(|one| one.id);
            let raised = open.chain(body.hazards.iter().map(|one| one.id));
            let raised = raised.map(|request| FollowUp::Raised { entry, request });
            agreed.chain(raised).collect()
        }
        contents => {
            let step = |event: &RequestEvent| FollowUp::Step {
                request: event.request,
                step: Step { at_ms: recorded_ms, entry, step: event.step },
                due: event.due,
            };
            contents.request_event().map(step).into_iter().collect()
        }
    }
}

/// The quarter a visit counts in by its stated date; `None` for everything else.
#[must_use]
pub fn counts_in(payload: &Payload) -> Option<Period> {
    match payload.read() {
        Ok(Contents::Visit { skeleton, .. }) => Some(Period::quarter_of(skeleton.visited_on)),
        _ => None,
    }
}

/// Every unit a payload says something about, each once, in the order first named.
#[must_use]
pub fn units_of(effects: &Effects) -> Vec<Unit> {
    let named = effects.units.iter().map(|one| one.unit).chain(effects.doc.iter().map(|doc| doc.unit));
    let named = named.chain(effects.follow_ups.iter().map(|(unit, _)| *unit));
    let mut units = Vec::new();
    for unit in named {
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    units
}

/// 家在何处 – where a unit is at home for the log: its stream, and its door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// The grid whose stream it travels in.
    pub grid: GridId,
    /// Its main dwelling; a door is its own.
    pub dwelling: DwellingId,
}

/// Where a unit is at home as last recorded: a household by its last [`Fact::Settled`], a door by its last
/// [`Fact::DwellingListed`] or [`Fact::Regridded`]; facts that were withdrawn or returned are passed over.
/// `None` when nothing of the kind is known.
#[must_use]
pub fn home(file: &UnitFile) -> Option<Home> {
    match file.unit() {
        Unit::Household(_) => standing(file).rev().find_map(|(_, fact)| match &fact.fact {
            Fact::Settled { dwelling, grid, .. } => Some(Home { grid: *grid, dwelling: *dwelling }),
            _ => None,
        }),
        Unit::Vacant(dwelling) => standing(file).rev().find_map(|(_, fact)| match &fact.fact {
            Fact::DwellingListed { grid, .. } | Fact::Regridded { grid, .. } => {
                Some(Home { grid: *grid, dwelling })
            }
            _ => None,
        }),
    }
}

/// The facts of a file that stand: not withdrawn by their author or the desk, not returned, not superseded (see
/// [`Standing`]).
pub fn standing(file: &UnitFile) -> impl DoubleEndedIterator<Item = (&Stamp, &StampedFact)> {
    let standing = Standing::of(file);
    file.facts().filter(move |(stamp, fact)| standing.holds(stamp, fact))
}

/// 分户 – the household a household came out of, if it did.
#[must_use]
pub fn came_out_of(file: &UnitFile) -> Option<HouseholdId> {
    standing(file).find_map(|(_, fact)| match &fact.fact {
        Fact::SplitFrom { from, .. } => Some(*from),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{OfficeAct, Proposal, ReasonBody, Record, UnitFact};
    use crate::ids::{AccountId, WorkerId};
    use crate::time::Zone;

    const HOUSEHOLD: Unit = Unit::Household(HouseholdId::from_bytes([1; 16]));

    fn settled(grid: u8) -> UnitFact {
        let dwelling = DwellingId::from_bytes([2; 16]);
        UnitFact {
            unit: HOUSEHOLD,
            fact: Fact::Settled { dwelling, grid: GridId::from_bytes([grid; 16]), from: None },
        }
    }

    fn proposal(grid: u8, salt: u8) -> Payload {
        let made_by = WorkerId::from_bytes([7; 16]);
        let record = Record::Proposal(Proposal { made_by, facts: vec![settled(grid)] });
        Payload::of_record_with_reason(&record, &ReasonBody::default(), [salt; 16])
    }

    fn file_of(payloads: &[(&Payload, i64)]) -> UnitFile {
        let mut file = UnitFile::new(HOUSEHOLD);
        for (payload, at) in payloads {
            for one in project(payload, *at).unwrap().units {
                file.insert(one.stamp, one.fact);
            }
        }
        file
    }

    #[test]
    fn community_facts_are_counted_after_the_units_of_the_same_act() {
        let act = OfficeAct {
            units: vec![settled(3), settled(4)],
            community: vec![CommunityFact::ZoneSet(Zone::CHINA)],
            ..OfficeAct::of(AccountId::from_bytes([9; 16]))
        };
        let effects = project(&Payload::of_office(&act, &ReasonBody::default(), [1; 16]), 5).unwrap();
        assert_eq!(effects.units.iter().map(|one| one.stamp.nth).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(effects.community.iter().map(|one| one.stamp.nth).collect::<Vec<_>>(), [2]);
        assert_eq!(units_of(&effects), [HOUSEHOLD]);
    }

    #[test]
    fn a_household_is_at_home_where_it_last_settled_unless_that_was_returned() {
        let (first, second) = (proposal(3, 1), proposal(4, 2));
        let mut file = file_of(&[(&second, 20), (&first, 10)]);
        assert_eq!(home(&file).map(|home| home.grid), Some(GridId::from_bytes([4; 16])));
        let stamp = Stamp { recorded_ms: 30, entry: Hash32([8; 32]), nth: 0 };
        let by = By::Desk(AccountId::from_bytes([9; 16]));
        file.insert(stamp, StampedFact { by, fact: Fact::Returned { target: second.hash() } });
        assert_eq!(home(&file).map(|home| home.grid), Some(GridId::from_bytes([3; 16])));
    }

    #[test]
    fn a_stranger_cannot_withdraw_what_another_recorded() {
        let first = proposal(3, 1);
        let mut file = file_of(&[(&first, 10)]);
        let stamp = Stamp { recorded_ms: 30, entry: Hash32([8; 32]), nth: 0 };
        let by = By::Worker(WorkerId::from_bytes([1; 16]));
        file.insert(stamp, StampedFact { by, fact: Fact::Withdrawn { target: first.hash() } });
        assert!(home(&file).is_some());
    }
}
