//! 一门的沿革 – the life of one door: address, use and grid by date, and the visits paid while it stood empty.

use chrono::NaiveDate;

use super::standing::{EffectiveVisit, Standing, is_desk};
use crate::fact::Fact;
use crate::file::{Stamp, UnitFile};
use crate::ids::{DwellingId, GridId};
use crate::roster::{Address, DwellingUse, Unit};
use crate::time::Period;

/// The life of one door. A phone's listing or change of use holds until the lead returns it.
#[derive(Clone, Debug)]
pub struct DoorLife {
    dwelling: DwellingId,
    addresses: Vec<(NaiveDate, Stamp, Address)>,
    uses: Vec<(NaiveDate, Stamp, DwellingUse, Vouched)>,
    grids: Vec<(NaiveDate, Stamp, GridId)>,
    visits: Vec<EffectiveVisit>,
    rejected: Vec<Period>,
}

/// Whether the lead stands behind a change of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vouched {
    ByLead,
    NotYet,
}

impl DoorLife {
    /// Derives the life of the door whose file it is.
    #[must_use]
    pub fn derive(dwelling: DwellingId, file: &UnitFile) -> Self {
        let standing = Standing::of(file);
        let mut life = Self {
            dwelling,
            addresses: Vec::new(),
            uses: Vec::new(),
            grids: Vec::new(),
            visits: standing.effective_visits(file, &[Unit::Vacant(dwelling)]),
            rejected: Vec::new(),
        };
        for visit in &mut life.visits {
            visit.at_home = visit.dwelling == dwelling;
        }
        for (stamp, stamped) in file.facts().filter(|(stamp, stamped)| standing.holds(stamp, stamped)) {
            let vouched =
                if standing.is_confirmed(stamp, stamped) { Vouched::ByLead } else { Vouched::NotYet };
            match &stamped.fact {
                Fact::DwellingListed { address, used_as, grid, from } => {
                    life.addresses.push((*from, *stamp, address.clone()));
                    life.uses.push((*from, *stamp, *used_as, vouched));
                    life.grids.push((*from, *stamp, *grid));
                }
                Fact::UseChanged { to, from } => life.uses.push((*from, *stamp, *to, vouched)),
                Fact::Regridded { grid, from } => life.grids.push((*from, *stamp, *grid)),
                Fact::DeductionRejected { period, cadence }
                    if is_desk(stamped.by) && period.cadence() == *cadence =>
                {
                    life.rejected.push(*period);
                }
                _ => {}
            }
        }
        life.addresses.sort_unstable_by_key(|(from, stamp, _)| (*from, *stamp));
        life.uses.sort_unstable_by_key(|(from, stamp, ..)| (*from, *stamp));
        life.grids.sort_unstable_by_key(|(from, stamp, _)| (*from, *stamp));
        life
    }

    /// Which door.
    #[must_use]
    pub const fn dwelling(&self) -> DwellingId {
        self.dwelling
    }

    /// Its address on a day; before it was listed, the first one it was given.
    #[must_use]
    pub fn address_on(&self, day: NaiveDate) -> Option<&Address> {
        let listed = self.addresses.iter().rev().find(|(from, ..)| *from <= day);
        listed.or(self.addresses.first()).map(|(.., address)| address)
    }

    /// Its use on a day; `None` before it was listed.
    #[must_use]
    pub fn use_on(&self, day: NaiveDate) -> Option<DwellingUse> {
        self.uses.iter().rev().find(|(from, ..)| *from <= day).map(|(_, _, used_as, _)| *used_as)
    }

    /// Whether the lead stands behind the door being no home on the day.
    #[must_use]
    pub fn is_confirmed_no_home(&self, day: NaiveDate) -> bool {
        let last = self.uses.iter().rev().find(|(from, ..)| *from <= day);
        last.is_some_and(|(_, _, used_as, vouched)| {
            *used_as != DwellingUse::Home && *vouched == Vouched::ByLead
        })
    }

    /// Its grid on a day; `None` before it was listed.
    #[must_use]
    pub fn grid_on(&self, day: NaiveDate) -> Option<GridId> {
        self.grids.iter().rev().find(|(from, ..)| *from <= day).map(|(.., grid)| *grid)
    }

    /// The visits in effect to the door as a vacant unit, by date, then stamp.
    #[must_use]
    pub fn visits(&self) -> &[EffectiveVisit] {
        &self.visits
    }

    /// Whether the lead rejected the deduction of the vacant unit's obligation in the period.
    #[must_use]
    pub fn is_rejected(&self, period: Period) -> bool {
        self.rejected.contains(&period)
    }
}
