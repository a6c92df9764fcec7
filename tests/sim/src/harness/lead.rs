//! 社区 – what the community lead does at the desk with what the workers brought: moves, confirmations, cover.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::{Hash32, HouseholdId};
use ruhu_core::roster::{Assignment, AssignmentKind, LeaveSpan, Unit};
use ruhu_core::visit::VisitOutcome;

use super::record::Recorded;
use super::{HarnessError, Known, SimHub};
use crate::city::{DoorNo, FamilyNo};
use crate::people::Category;
use crate::worker::{Knock, Leave, Staff};
use crate::world::{What, World};

/// 社区负责人 – with the pile of the day on the desk.
#[derive(Debug, Default)]
pub(super) struct Lead {
    confirm: Vec<(Unit, Hash32)>,
    moved: BTreeMap<FamilyNo, (DoorNo, NaiveDate)>,
    merged: BTreeMap<FamilyNo, (FamilyNo, NaiveDate)>,
    key: BTreeMap<HouseholdId, bool>,
    arranged: Vec<Leave>,
}

impl Lead {
    /// Takes up what one knock brought.
    pub(super) fn take_up(&mut self, world: &World, known: &Known, knock: &Knock, recorded: &Recorded) {
        let needs_a_word = matches!(knock.outcome, VisitOutcome::Unsafe | VisitOutcome::NoSuchAddress);
        if let (true, Some(unit), Some(visit)) = (needs_a_word, recorded.unit, recorded.visit) {
            self.confirm.push((unit, visit));
        }
        self.confirm.extend(recorded.created.iter().map(|(one, entry)| (Unit::Household(*one), *entry)));
        self.moved.extend(recorded.moved.iter().map(|(family, door, since)| (*family, (*door, *since))));
        self.merged.extend(recorded.merged.iter().map(|(family, into, since)| (*family, (*into, *since))));
        for event in knock.learnt.iter().filter_map(|no| world.event(*no)) {
            let need = |category: &Category| matches!(category, Category::LowIncome | Category::Disabled);
            let key = match &event.what {
                What::CategoryIn { category, .. } if need(category) => true,
                What::CategoryOut { category, .. } if need(category) => false,
                _ => continue,
            };
            if let Some(household) = known.household(event.family) {
                self.key.insert(household, key);
            }
        }
    }

    /// Whether the pile is empty.
    fn is_idle(&self) -> bool {
        self.confirm.is_empty() && self.moved.is_empty() && self.merged.is_empty() && self.key.is_empty()
    }

    /// Works the pile off in one act, at the end of a working day. What is still on a phone only stays on the pile.
    pub(super) fn work_off(
        &mut self,
        hub: &SimHub,
        world: &World,
        known: &Known,
    ) -> Result<usize, HarnessError> {
        if self.is_idle() {
            return Ok(0);
        }
        let mut units = Vec::new();
        for (unit, target) in std::mem::take(&mut self.confirm) {
            if hub.holds(unit, Some(target))? {
                units.push(UnitFact { unit, fact: Fact::Confirmed { target } });
            } else {
                self.confirm.push((unit, target));
            }
        }
        for (family, (door, since)) in std::mem::take(&mut self.moved) {
            match settled(hub, world, known, family, door, since) {
                Some(fact) if hub.holds(fact.unit, None)? => units.push(fact),
                _ => drop(self.moved.insert(family, (door, since))),
            }
        }
        for (family, (into, on)) in std::mem::take(&mut self.merged) {
            let unit = known.household(family).map(Unit::Household);
            match unit {
                Some(unit) if hub.holds(unit, None)? => {
                    let fact = Fact::Dissolved { on, into: known.household(into) };
                    units.push(UnitFact { unit, fact });
                }
                _ => drop(self.merged.insert(family, (into, on))),
            }
        }
        for (one, key) in std::mem::take(&mut self.key) {
            let unit = Unit::Household(one);
            if hub.holds(unit, None)? {
                units.push(UnitFact { unit, fact: Fact::KeyMark { key, on: hub.today() } });
            } else {
                self.key.insert(one, key);
            }
        }
        let count = units.len();
        if !units.is_empty() {
            hub.act(units, Vec::new(), "依据走访记录核实")?;
        }
        Ok(count)
    }

    /// Arranges cover two days before a leave begins.
    pub(super) fn arrange_cover(&mut self, hub: &SimHub, staff: &Staff) -> Result<(), HarnessError> {
        let soon = hub.today() + Days::new(2);
        let coming = staff.leave.iter().filter(|leave| leave.from <= soon && !self.arranged.contains(leave));
        for leave in coming.copied().collect::<Vec<_>>() {
            self.arranged.push(leave);
            let (Some(grid), Some(away), Some(cover)) =
                (hub.grid(leave.grid), hub.worker(leave.grid), hub.worker(leave.cover))
            else {
                continue;
            };
            let span = LeaveSpan { worker: away, from: leave.from, until: leave.until };
            let assignment = Assignment {
                grid,
                worker: cover,
                kind: AssignmentKind::Cover,
                from: leave.from,
                until: Some(leave.until),
            };
            let facts = vec![CommunityFact::OnLeave(span), CommunityFact::Assigned(assignment)];
            hub.act(Vec::new(), facts, "请假代访")?;
        }
        Ok(())
    }
}

/// The fact that a family lives at another door now; `None` while either has no name at the hub.
fn settled(
    hub: &SimHub,
    world: &World,
    known: &Known,
    family: FamilyNo,
    door: DoorNo,
    since: NaiveDate,
) -> Option<UnitFact> {
    let grid = hub.grid(world.door(door)?.grid)?;
    let fact = Fact::Settled { dwelling: known.dwelling(door)?, grid, from: Some(since) };
    Some(UnitFact { unit: Unit::Household(known.household(family)?), fact })
}
