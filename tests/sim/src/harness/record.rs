//! 记录 – from what came of a knock to what is saved on the phone.

use chrono::{DateTime, Duration, Utc};
use rand::Rng;
use ruhu_core::fieldbook::{Fieldbook, FieldbookError};
use ruhu_core::fieldbook::{NewHousehold, NewMember, NewPlace};
use ruhu_core::ids::{DwellingId, Hash32, HouseholdId, IdSource};
use ruhu_core::profile::Scalar;
use ruhu_core::roster::{Informant, Unit};
use ruhu_core::visit::{VisitDraft, VisitOutcome};

use super::{HarnessError, Known, SimClock};
use crate::city::{DoorNo, FamilyNo};
use crate::fields;
use crate::worker::{Found, Knock};
use crate::world::{What, World};

/// What one knock left on the phone, for whoever follows it up at the desk.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorded {
    /// Payload hash of the visit.
    pub(super) visit: Option<Hash32>,
    /// The unit it was recorded for.
    pub(super) unit: Option<Unit>,
    /// New households with the payload hash of their proposal.
    pub(super) created: Vec<(HouseholdId, Hash32)>,
    /// Known households seen at another door.
    pub(super) moved: Vec<(FamilyNo, DoorNo, chrono::NaiveDate)>,
    /// Known households that became part of another.
    pub(super) merged: Vec<(FamilyNo, FamilyNo, chrono::NaiveDate)>,
    /// Whether a record was corrected or withdrawn on the way.
    pub(super) mended: bool,
}

/// A worker with his phone in his hand.
pub(super) struct Hand<'all, R> {
    pub(super) world: &'all mut World,
    pub(super) known: &'all mut Known,
    pub(super) book: &'all mut Fieldbook,
    pub(super) ids: &'all mut IdSource<R>,
    pub(super) clock: &'all SimClock,
}

impl<R: Rng> Hand<'_, R> {
    /// Saves a knock with everything that was found and learnt at it.
    pub(super) fn record(&mut self, knock: &Knock) -> Result<Recorded, HarnessError> {
        let now = self.clock.now();
        let mut recorded = Recorded::default();
        let mut family = knock.errand.family;
        let mut unit = knock.errand.unit;
        let mut outcome = knock.outcome;
        for found in &knock.found {
            let visited = self.find(found, &mut recorded)?;
            if knock.errand.family.is_none() && family.is_none() {
                // The errand was to an empty door, and this is who opened.
                (family, unit) = visited.map_or((None, unit), |(who, is)| (Some(who), is));
            }
        }
        if family.is_none() && outcome.met_somebody() {
            // Who opened belongs to another grid's list: the empty door is known not to be empty, and that is all.
            outcome = VisitOutcome::Told { by: Informant::Other };
        }
        let place = (unit, knock.errand.dwelling);
        let draft = self.draft(&Knock { outcome, ..knock.clone() }, family, place, now);
        let draft = self.after_slip(knock, place, draft, &mut recorded)?;
        let fields = self.fields(knock, family, outcome);
        let saved = self.book.save_visit(draft, &fields)?;
        recorded.visit = saved.record;
        recorded.unit = Some(unit);
        knock.learnt.iter().for_each(|event| self.world.tell(*event));
        Ok(recorded)
    }

    /// Enters a household found at a door; gives back who it is, if this phone may record a visit to it.
    fn find(
        &mut self,
        found: &Found,
        recorded: &mut Recorded,
    ) -> Result<Option<(FamilyNo, Unit)>, HarnessError> {
        match *found {
            Found::LivesAt { family, door, since } => {
                recorded.moved.push((family, door, since));
                Ok(None)
            }
            Found::PartOf { family, into, since } => {
                recorded.merged.push((family, into, since));
                Ok(None)
            }
            Found::Newcomers { family, door, since, came_from } => match self.known.household(family) {
                Some(household) => {
                    recorded.moved.push((family, door, since));
                    let unit = Unit::Household(household);
                    let here = self.book.household(unit).is_ok();
                    Ok(here.then_some((family, unit)))
                }
                None => {
                    let created = self.create(family, door, since, came_from)?;
                    Ok(created.map(|(household, record)| {
                        recorded.created.extend(record.map(|record| (household, record)));
                        (family, Unit::Household(household))
                    }))
                }
            },
        }
    }

    fn create(
        &mut self,
        family: FamilyNo,
        door: DoorNo,
        since: chrono::NaiveDate,
        came_from: Option<FamilyNo>,
    ) -> Result<Option<(HouseholdId, Option<Hash32>)>, HarnessError> {
        let (Some(dwelling), Some(one)) = (self.known.dwelling(door), self.world.family(family)) else {
            return Ok(None);
        };
        let split_from = came_from.and_then(|family| self.known.household(family));
        let split_from = split_from.filter(|one| self.book.household(Unit::Household(*one)).is_ok());
        let members = one.members.iter().map(|member| NewMember { fields: fields::of_newcomer(member) });
        let found = NewHousehold {
            place: NewPlace::Known(dwelling),
            moved_in_on: Some(since),
            split_from,
            members: members.collect(),
            fields: fields::of_home(one),
            reason: "上门发现".into(),
        };
        let names: Vec<String> = one.members.iter().map(|member| member.name.clone()).collect();
        match self.book.new_household(&found) {
            Ok(created) => {
                let people = names.into_iter().zip(created.members).collect();
                self.known.meet(family, created.household, people);
                Ok(Some((created.household, created.saved.record)))
            }
            // The door belongs to a grid this phone does not hold: whoever looks after it will find them.
            Err(FieldbookError::UnknownUnit(_)) => Ok(None),
            Err(why) => Err(why.into()),
        }
    }

    fn draft(
        &mut self,
        knock: &Knock,
        family: Option<FamilyNo>,
        place: (Unit, DwellingId),
        now: DateTime<Utc>,
    ) -> VisitDraft {
        let mut people = family.map(|family| self.known.people(family).clone()).unwrap_or_default();
        for name in knock.learnt.iter().filter_map(|no| match &self.world.event(*no)?.what {
            What::Birth { name } => Some(name.clone()),
            _ => None,
        }) {
            let ids = &mut *self.ids;
            people.entry(name).or_insert_with(|| ids.make(now));
        }
        if let Some(family) = family {
            self.known.people(family).clone_from(&people);
        }
        knock.draft(self.world, place, &people, self.ids, now)
    }

    /// A slip of the finger is saved first: then corrected, or taken back and entered anew.
    fn after_slip(
        &mut self,
        knock: &Knock,
        place: (Unit, DwellingId),
        draft: VisitDraft,
        recorded: &mut Recorded,
    ) -> Result<VisitDraft, HarnessError> {
        let Some(slip) = knock.slip_draft(place) else { return Ok(draft) };
        let Some(wrong) = self.book.save_visit(slip, &[])?.record else { return Ok(draft) };
        recorded.mended = true;
        self.clock.move_to(self.clock.now() + Duration::seconds(40));
        if knock.errand.door.0.is_multiple_of(3) {
            self.book.withdraw(wrong, "点错")?;
            return Ok(draft);
        }
        Ok(VisitDraft { supersedes: Some(wrong), ..draft })
    }

    fn fields(
        &mut self,
        knock: &Knock,
        family: Option<FamilyNo>,
        outcome: VisitOutcome,
    ) -> Vec<(String, Scalar)> {
        let Some(family) = family.filter(|_| outcome.met_somebody()) else { return Vec::new() };
        let people = self.known.people(family).clone();
        let Some(one) = self.world.family(family) else { return Vec::new() };
        let events = knock.learnt.iter().filter_map(|no| self.world.event(*no));
        events.flat_map(|event| fields::of_event(event, one, &people)).collect()
    }
}
