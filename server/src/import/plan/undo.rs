//! 撤销 – an import is taken back field by field, and only where its own value still stands.

use ruhu_core::ids::{DwellingId, HouseholdId};
use serde::{Deserialize, Serialize};

use super::{ImportPlan, Kind};

/// One profile field to put back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldUndo {
    /// Whose.
    pub household: HouseholdId,
    /// `p/phone`, `m/<person>/name`, …
    pub field: String,
    /// The value before the import; `None` empties the field.
    pub to: Option<String>,
}

impl std::fmt::Debug for FieldUndo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FieldUndo({})", self.field)
    }
}

/// What taking an import back would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// Fields that still hold the import's value.
    pub revert: Vec<FieldUndo>,
    /// Fields somebody changed since: they stay, and are listed.
    pub changed_since: Vec<(HouseholdId, String)>,
    /// Households the import entered, untouched since: their facts may be withdrawn.
    pub untouched_new: Vec<HouseholdId>,
    /// Households the import entered that somebody worked on since: they stay.
    pub touched_new: Vec<HouseholdId>,
    /// Doors the import listed.
    pub new_doors: Vec<DwellingId>,
}

/// Works out what may be taken back. `current` tells the value a household's field holds now. Facts (doors, moves,
/// key marks, visits) are taken back by withdrawing the entries that carried them, not here.
pub fn undo(plan: &ImportPlan, current: impl Fn(HouseholdId, &str) -> Option<String>) -> Undo {
    let mut undone = Undo::default();
    for household in &plan.households {
        let mut is_touched = false;
        for (field, before, after) in household.profile(plan.community) {
            if current(household.id, &field).as_deref() == Some(after.as_str()) {
                undone.revert.push(FieldUndo { household: household.id, field, to: before });
            } else {
                is_touched = true;
                undone.changed_since.push((household.id, field));
            }
        }
        match (household.kind, is_touched) {
            (Kind::New, true) => undone.touched_new.push(household.id),
            (Kind::New, false) => undone.untouched_new.push(household.id),
            (Kind::Changed, _) => {}
        }
    }
    undone.new_doors = plan.doors.iter().filter(|door| door.kind == Kind::New).map(|door| door.id).collect();
    undone
}
