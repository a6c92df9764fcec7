//! 入账 – a plan becomes facts and field writes, unit by unit, in an order that never varies.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ruhu_core::category::Scalar;
use ruhu_core::fact::Fact;
use ruhu_core::ids::GridId;
use ruhu_core::roster::{DwellingUse, Unit};

use crate::import::plan::{
    DoorChange, DoorSaid, FieldChange, HouseholdChange, ImportPlan, Kind, dwelling_id,
};
use crate::import::roster::ReadUse;

/// What one unit is to be told: facts for its file, fields for its profile.
#[derive(Clone, PartialEq, Eq)]
pub struct UnitWrites {
    /// The household, or the door.
    pub unit: Unit,
    /// Facts in order.
    pub facts: Vec<Fact>,
    /// Profile fields in order: `p/phone`, `m/<person>/name`, …
    pub fields: Vec<(String, Scalar)>,
}

impl std::fmt::Debug for UnitWrites {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UnitWrites({:?}, {} facts, {} fields)", self.unit, self.facts.len(), self.fields.len())
    }
}

/// Which grid and which days the facts carry.
#[derive(Clone, Debug)]
pub struct FactSettings {
    /// Grids by the name the source uses.
    pub grids: BTreeMap<String, GridId>,
    /// The grid of doors for which the source names none.
    pub default_grid: Option<GridId>,
    /// The day from which new doors and changes hold, usually the first day of the running period.
    pub from: NaiveDate,
}

/// Why a plan cannot be entered yet. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    /// A grid that is not set up.
    #[error(
        "名册中的网格 {names} 尚未建立:请先在本社区建立同名网格,或在名册中更正 / grids {names} of the roster are not set up: create them in this community or correct the roster"
    )]
    UnknownGrids {
        /// Their names.
        names: String,
    },
    /// Doors without a grid, and no default given.
    #[error(
        "有 {count} 个门牌没有网格:请在名册中补上网格一列,或导入时指定网格 / {count} doors have no grid: add a grid column or name a grid with the import"
    )]
    NoGrid {
        /// How many.
        count: usize,
    },
}

/// The writes of a plan: doors first, then households, each by key.
///
/// # Errors
/// [`FactsError`] when a door's grid is not known; every one at once.
pub fn writes(plan: &ImportPlan, settings: &FactSettings) -> Result<Vec<UnitWrites>, FactsError> {
    check_grids(plan, settings)?;
    let mut writes = Vec::new();
    for change in &plan.doors {
        let Some(said) = plan.next.doors.get(&change.key) else { continue };
        let Some(grid) = grid_of(said, settings) else { continue };
        writes.push(UnitWrites {
            unit: Unit::Vacant(change.id),
            facts: door_facts(change, said, grid, settings.from),
            fields: Vec::new(),
        });
    }
    // A household follows its door into another grid, whether or not anything else of it changed.
    let regridded: BTreeSet<&str> = plan
        .doors
        .iter()
        .filter(|door| door.kind == Kind::Changed && door.fields.iter().any(|change| change.field == "grid"))
        .map(|door| door.key.as_str())
        .collect();
    let changes: BTreeMap<&str, &HouseholdChange> =
        plan.households.iter().map(|change| (change.key.as_str(), change)).collect();
    for (key, said) in &plan.next.households {
        let Some(dwelling) = said.fields.get("dwelling") else { continue };
        let change = changes.get(key.as_str()).copied();
        let moved = change.is_some_and(|change| change.fields.iter().any(|one| one.field == "dwelling"));
        let mut facts = Vec::new();
        let grid = plan.next.doors.get(dwelling).and_then(|door| grid_of(door, settings));
        if let Some(grid) = grid.filter(|_| moved || regridded.contains(dwelling.as_str())) {
            let is_new = change.is_some_and(|change| change.kind == Kind::New);
            let from = if is_new { day(said.fields.get("moved_in")) } else { Some(settings.from) };
            facts.push(Fact::Settled { dwelling: dwelling_id(plan.community, dwelling), grid, from });
        }
        let mut fields = Vec::new();
        if let Some(change) = change {
            facts.extend(household_facts(change, settings.from));
            fields =
                change.profile(plan.community).map(|(field, _, after)| (field, Scalar::Str(after))).collect();
        }
        if !facts.is_empty() || !fields.is_empty() {
            let id = crate::import::plan::household_id(plan.community, key);
            writes.push(UnitWrites { unit: Unit::Household(id), facts, fields });
        }
    }
    Ok(writes)
}

fn check_grids(plan: &ImportPlan, settings: &FactSettings) -> Result<(), FactsError> {
    let unknown: Vec<String> =
        plan.grid_names().into_iter().filter(|name| !settings.grids.contains_key(name)).collect();
    if !unknown.is_empty() {
        return Err(FactsError::UnknownGrids { names: unknown.join("、") });
    }
    let without = plan.next.doors.values().filter(|door| grid_of(door, settings).is_none()).count();
    if without > 0 { Err(FactsError::NoGrid { count: without }) } else { Ok(()) }
}

fn grid_of(door: &DoorSaid, settings: &FactSettings) -> Option<GridId> {
    match door.fields.get("grid") {
        Some(name) => settings.grids.get(name).copied(),
        None => settings.default_grid,
    }
}

fn door_facts(change: &DoorChange, said: &DoorSaid, grid: GridId, from: NaiveDate) -> Vec<Fact> {
    let used_as = match said.fields.get("use").map(String::as_str) {
        Some(word) if word == ReadUse::NonResidential.word() => DwellingUse::NonResidential,
        Some(word) if word == ReadUse::Gone.word() => DwellingUse::Gone,
        _ => DwellingUse::Home,
    };
    let changed = |names: &[&str]| change.fields.iter().any(|one| names.contains(&one.field.as_str()));
    if change.kind == Kind::New || changed(&["estate", "building", "stair", "floor", "door", "remainder"]) {
        return vec![Fact::DwellingListed { address: said.address(), used_as, grid, from }];
    }
    let mut facts = Vec::new();
    if changed(&["grid"]) {
        facts.push(Fact::Regridded { grid, from });
    }
    if changed(&["use"]) {
        facts.push(Fact::UseChanged { to: used_as, from });
    }
    facts
}

fn household_facts(change: &HouseholdChange, from: NaiveDate) -> Vec<Fact> {
    let of = |name: &str| change.fields.iter().find(|one| one.field == name);
    let mut facts = Vec::new();
    // 否 for a household never marked is no decision.
    let is_decision = |mark: &&FieldChange| mark.after == "yes" || mark.before.as_deref() == Some("yes");
    if let Some(mark) = of("key").filter(is_decision) {
        facts.push(Fact::KeyMark { key: mark.after == "yes", on: from });
    }
    if let Some(visited_on) = of("last_visit").and_then(|visit| day(Some(&visit.after))) {
        facts.push(Fact::ImportedVisit { visited_on });
    }
    facts
}

fn day(text: Option<&String>) -> Option<NaiveDate> {
    text.and_then(|text| text.parse().ok())
}
