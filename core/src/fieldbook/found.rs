//! 新户, 分户, 改用途, 建议重点户 – what a worker finds at the door: it holds at once and awaits the lead.

use super::{Created, Fieldbook, FieldbookError, NewHousehold, NewPlace, NewUse, Saved};
use crate::category::Scalar;
use crate::entry::{Proposal, Record, StreamId, UnitFact};
use crate::fact::Fact;
use crate::ids::{DwellingId, GridId, HouseholdId, PersonId};
use crate::roster::{Address, DwellingUse, Unit};

use super::saving::Saving;

/// Most members of a household entered at once.
const MEMBERS_MAX: usize = 30;

impl Fieldbook {
    /// 新户, 分户 – a household found at the door, at a known or a new address; visitable as soon as this returns.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownUnit`] for a door or household this phone does not hold; [`FieldbookError::Fields`].
    pub fn new_household(&mut self, found: &NewHousehold) -> Result<Created, FieldbookError> {
        self.save("保存新户 save a new household", |saving| {
            let now = saving.now();
            let household: HouseholdId = saving.ids.make(now);
            let unit = Unit::Household(household);
            let (dwelling, grid, new_door) = place_of(saving, found)?;
            let mut facts =
                vec![UnitFact { unit, fact: Fact::Settled { dwelling, grid, from: found.moved_in_on } }];
            if let Some(from) = found.split_from {
                saving.unit(Unit::Household(from))?;
                let on = found.moved_in_on.unwrap_or(saving.zone.date(now));
                facts.push(UnitFact { unit, fact: Fact::SplitFrom { from, on } });
            }
            facts.extend(new_door);
            let stream = StreamId::Grid(grid);
            let record = propose(saving, stream, facts, &found.reason)?;
            let members: Vec<PersonId> = found.members.iter().map(|_| saving.ids.make(now)).collect();
            let fields = fields_of(found, &members);
            let edit = saving.edit(stream, unit, &fields)?;
            Ok(Created {
                household,
                dwelling,
                members,
                saved: Saved { record: Some(record), visit: None, edit },
            })
        })
    }

    /// 用途变更 – a door is an annex of a household, no home, gone, or a home after all.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownUnit`].
    pub fn mark_use(&mut self, found: &NewUse) -> Result<Saved, FieldbookError> {
        self.save("保存用途 save a change of use", |saving| {
            let unit = Unit::Vacant(found.dwelling);
            let row = saving.unit(unit)?;
            if let DwellingUse::AnnexOf(household) = found.to {
                saving.unit(Unit::Household(household))?;
            }
            let from = found.from.unwrap_or(saving.zone.date(saving.now()));
            let fact = UnitFact { unit, fact: Fact::UseChanged { to: found.to, from } };
            let stream = saving.stream_of(&row);
            let record = propose(saving, stream, vec![fact], &found.reason)?;
            Ok(Saved { record: Some(record), visit: None, edit: None })
        })
    }

    /// 建议重点户 – suggests that a household be key, or no longer; the lead decides.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownUnit`].
    pub fn suggest_key(
        &mut self,
        household: HouseholdId,
        key: bool,
        reason: &str,
    ) -> Result<Saved, FieldbookError> {
        self.save("保存建议 save a suggestion", |saving| {
            let unit = Unit::Household(household);
            let row = saving.unit(unit)?;
            let on = saving.zone.date(saving.now());
            let stream = saving.stream_of(&row);
            let fact = UnitFact { unit, fact: Fact::KeyMark { key, on } };
            let record = propose(saving, stream, vec![fact], reason)?;
            Ok(Saved { record: Some(record), visit: None, edit: None })
        })
    }
}

fn propose(
    saving: &mut Saving<'_>,
    stream: StreamId,
    facts: Vec<UnitFact>,
    reason: &str,
) -> Result<crate::ids::Hash32, FieldbookError> {
    let first = facts.first().map(|one| one.unit);
    let made_by = saving.row.worker;
    let record = Record::Proposal(Proposal { made_by, facts });
    let Some(unit) = first else { return Err(FieldbookError::Problems(Vec::new())) };
    saving.record(stream, unit, &record, reason)
}

/// Where a new household lives, with the fact that lists the door when it is new too.
fn place_of(
    saving: &mut Saving<'_>,
    found: &NewHousehold,
) -> Result<(DwellingId, GridId, Option<UnitFact>), FieldbookError> {
    match &found.place {
        NewPlace::Known(dwelling) => {
            let door = Unit::Vacant(*dwelling);
            let grid = saving.unit(door)?.grid.ok_or(FieldbookError::UnknownUnit(door))?;
            Ok((*dwelling, grid, None))
        }
        NewPlace::New { address, grid } => {
            let now = saving.now();
            let dwelling: DwellingId = saving.ids.make(now);
            let from = found.moved_in_on.unwrap_or(saving.zone.date(now));
            let address: Address = address.clone();
            let fact = Fact::DwellingListed { address, used_as: DwellingUse::Home, grid: *grid, from };
            Ok((dwelling, *grid, Some(UnitFact { unit: Unit::Vacant(dwelling), fact })))
        }
    }
}

fn fields_of(found: &NewHousehold, members: &[PersonId]) -> Vec<(String, Scalar)> {
    let named = found.members.iter().zip(members).take(MEMBERS_MAX).flat_map(|(member, person)| {
        member.fields.iter().map(move |(field, value)| (format!("m/{person}/{field}"), value.clone()))
    });
    found.fields.iter().cloned().chain(named).collect()
}
