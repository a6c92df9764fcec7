//! The place where it is measured: a hub, a community of one grid, and a phone that has written the grid's past.

use std::path::Path;

use chrono::{Days, NaiveDate, NaiveTime};
use ruhu_core::community::CommunityFact;
use ruhu_core::ids::{DwellingId, WorkerId, derived};
use ruhu_core::roster::{Assignment, AssignmentKind, Unit};
use ruhu_core::time::{Period, Zone};

use super::load::{Load, Paid};
use crate::city::GridNo;
use crate::harness::{HarnessError, Known, SimClock, SimHub, SimPhone};
use crate::sheet;
use crate::worker::staff;

/// A hub with one grid whose past has been recorded and received.
pub struct Site {
    /// The hub.
    pub hub: SimHub,
    /// Which ids mean whom.
    pub known: Known,
    /// A second worker, covering the same grid.
    pub cover: WorkerId,
}

/// The one grid.
pub const GRID: GridNo = GridNo(1);

impl Site {
    /// Builds it in a folder and records the whole past of the load there; also gives back the phone that did.
    ///
    /// # Errors
    /// [`HarnessError`].
    pub fn build(folder: &Path, load: &Load) -> Result<(Self, SimPhone), HarnessError> {
        let plan = load.world.city().plan;
        let start = plan.on.checked_sub_days(Days::new(1)).unwrap_or(plan.on);
        let clock = SimClock::at(Zone::CHINA.instant(start, NaiveTime::MIN));
        let mut staff = staff(&plan, Period::quarter_of(plan.on));
        staff.leave.clear();
        let hub = SimHub::open(&folder.join("ruhu.db"), clock, plan.seed, &staff)?;
        hub.import("roster.xlsx", &sheet::roster(load.world.city())?)?;
        let cover = second_worker(&hub, start)?;
        let worker = hub.worker(GRID).ok_or_else(|| HarnessError::Unfinished("worker".into()))?;
        let mut writer = SimPhone::enrol(&hub, worker, ":memory:", plan.seed)?;
        writer.sync(&hub)?;
        let mut known = Known::default();
        known.learn(load.world.city(), &writer.book)?;
        let mut site = Self { hub, known, cover };
        site.record_past(load, &mut writer)?;
        Ok((site, writer))
    }

    /// Where a visit of the load goes in the product's ids.
    pub fn place(&self, paid: &Paid) -> Option<(Unit, DwellingId)> {
        let household = self.known.household(paid.family)?;
        Some((Unit::Household(household), self.known.dwelling(paid.door)?))
    }

    /// Saves one visit of the load on a phone.
    ///
    /// # Errors
    /// [`HarnessError::Phone`].
    pub fn save(&mut self, load: &Load, paid: &Paid, on: &mut SimPhone) -> Result<(), HarnessError> {
        let Some(place) = self.place(paid) else { return Ok(()) };
        let draft = paid.draft(&load.world, place, self.known.people(paid.family));
        self.hub.clock().move_to(paid.written());
        on.book.save_visit(draft, &[])?;
        Ok(())
    }

    fn record_past(&mut self, load: &Load, writer: &mut SimPhone) -> Result<(), HarnessError> {
        let mut unsynced: Option<NaiveDate> = None;
        for paid in &load.past {
            let on = paid.knock.written.date();
            // Once a month is enough: the hub takes 2,000 entries a day from one phone.
            if unsynced.is_some_and(|since| 30 < (on - since).num_days()) {
                writer.sync(&self.hub)?;
                unsynced = None;
            }
            unsynced.get_or_insert(on);
            self.save(load, paid, writer)?;
        }
        writer.sync(&self.hub)?;
        Ok(())
    }
}

/// A second worker who covers the same grid from the first day on, so that two phones hold it.
fn second_worker(hub: &SimHub, from: NaiveDate) -> Result<WorkerId, HarnessError> {
    let id: WorkerId = derived("ruhu-sim/cover", &[hub.community().as_bytes()]);
    let community = hub.community();
    let file = hub.hub().storage().read(|tx| tx.community(community))?.unwrap_or_default();
    let like = hub.worker(GRID).and_then(|first| file.workers().get(&first).map(|one| (*one).clone()));
    let (Some(mut second), Some(grid)) = (like, hub.grid(GRID)) else { return Ok(id) };
    second.id = id;
    let assignment = Assignment { grid, worker: id, kind: AssignmentKind::Cover, from, until: None };
    let facts = vec![CommunityFact::WorkerListed(second), CommunityFact::Assigned(assignment)];
    hub.act(Vec::new(), facts, "代访")?;
    Ok(id)
}
