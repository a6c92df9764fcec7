//! 楼栋图 – the buildings of this phone's grids, and one of them stair by stair.

use std::collections::BTreeMap;

use ruhu_core::coverage::{ObligationState, Open};
use ruhu_core::fieldbook::{PlanRow, mask_shown};
use ruhu_core::roster::{BuildingRef, DwellingUse, Unit};

use crate::ask::{BuildingAsk, Nothing};
use crate::read::unit_text;
use crate::view::{Building, BuildingLine, Door, DoorHome, DoorState, Floor, Stair, Steward};
use crate::{Port, Trouble};

impl Port {
    /// The buildings of this phone's grids, in walking order.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn buildings(&mut self, _: Nothing) -> Result<Vec<BuildingLine>, Trouble> {
        let mut lines: Vec<BuildingLine> = Vec::new();
        for row in self.book.plan(None)? {
            let Some(address) = &row.line.address else { continue };
            let known = lines
                .iter_mut()
                .find(|line| line.estate == address.estate && line.building == address.building);
            let line = match known {
                Some(line) => line,
                None => {
                    let (estate, building) = (address.estate.clone(), address.building.clone());
                    lines.push(BuildingLine { estate, building, doors: 0, open: 0 });
                    let Some(last) = lines.last_mut() else { continue };
                    last
                }
            };
            line.doors += u32::from(matches!(row.line.unit, Unit::Vacant(_)));
            line.open += u32::from(row.state.is_some_and(|state| state.is_outstanding()));
        }
        Ok(lines)
    }

    /// 楼栋图.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn building(&mut self, ask: BuildingAsk) -> Result<Building, Trouble> {
        let of = BuildingRef { estate: ask.estate, building: ask.building, stair: None };
        let rows = self.book.plan(Some(&of))?;
        let community = self.book.community()?;
        let stewards = community.stewards();
        let stewards = stewards
            .values()
            .filter(|one| one.place.estate == of.estate && one.place.building == of.building);
        Ok(Building {
            stewards: stewards
                .map(|one| Steward {
                    stair: one.place.stair.clone(),
                    name: one.name.clone(),
                    phone: one.phone.clone(),
                })
                .collect(),
            stairs: stairs(&rows),
            estate: of.estate,
            building: of.building,
        })
    }
}

/// Rows come in walking order: floors of a stair from below, a household after its door.
fn stairs(rows: &[PlanRow]) -> Vec<Stair> {
    let mut lived_in: BTreeMap<_, Vec<&PlanRow>> = BTreeMap::new();
    for row in rows.iter().filter(|row| matches!(row.line.unit, Unit::Household(_))) {
        lived_in.entry(row.line.dwelling).or_default().push(row);
    }
    let mut stairs: Vec<Stair> = Vec::new();
    for row in rows {
        let (Unit::Vacant(dwelling), Some(address)) = (row.line.unit, &row.line.address) else { continue };
        let behind = lived_in.get(&Some(dwelling)).map_or(&[][..], Vec::as_slice);
        let door = Door {
            dwelling: dwelling.to_string(),
            door: address.door.clone(),
            homes: homes(row, behind),
            used_as: use_text(row.used_as).to_owned(),
        };
        if stairs.last().is_none_or(|stair| stair.stair != address.stair) {
            stairs.push(Stair { stair: address.stair.clone(), floors: Vec::new() });
        }
        let Some(stair) = stairs.last_mut() else { continue };
        match stair.floors.first_mut().filter(|floor| floor.floor == address.floor) {
            Some(floor) => floor.doors.push(door),
            None => stair.floors.insert(0, Floor { floor: address.floor, doors: vec![door] }),
        }
    }
    stairs
}

fn homes(door: &PlanRow, behind: &[&PlanRow]) -> Vec<DoorHome> {
    let is_home = matches!(door.used_as, None | Some(DwellingUse::Home));
    let empty = (behind.is_empty() && is_home).then_some(door);
    behind
        .iter()
        .copied()
        .chain(empty)
        .map(|row| DoorHome {
            unit: unit_text(row.line.unit),
            names: row.line.names.iter().map(|name| mask_shown(name)).collect(),
            key: row.key,
            state: state_of(row.state),
        })
        .collect()
}

pub(crate) const fn use_text(used_as: Option<DwellingUse>) -> &'static str {
    match used_as {
        None | Some(DwellingUse::Home) => "home",
        Some(DwellingUse::AnnexOf(_)) => "annex",
        Some(DwellingUse::NonResidential) => "non-residential",
        Some(DwellingUse::Gone) => "gone",
    }
}

const fn state_of(state: Option<ObligationState>) -> DoorState {
    match state {
        None => DoorState::NotDue,
        Some(ObligationState::Visited(_)) => DoorState::Done,
        Some(ObligationState::Deducted(_)) => DoorState::Deducted,
        Some(ObligationState::Outstanding(open)) => match open {
            Open::NeverTried | Open::FoundFalse => DoorState::Due,
            Open::Tried(_) => DoorState::Tried,
            Open::SeenVacantOnce => DoorState::SeenVacant,
            Open::Appointment => DoorState::Appointment,
        },
    }
}
