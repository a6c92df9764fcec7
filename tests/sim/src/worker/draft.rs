//! From what came of a knock to the form of the phone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rand::Rng;
use ruhu_core::ids::{DwellingId, IdSource, PersonId};
use ruhu_core::roster::Unit;
use ruhu_core::visit::{Change, ChangeKind, Hazard, Request, VisitBody, VisitDraft};

use super::Knock;
use crate::world::{What, World};

impl Knock {
    /// The form as the worker fills it in: for the unit and door the phone knows, with the ids of its people.
    pub fn draft<R: Rng>(
        &self,
        world: &World,
        (unit, dwelling): (Unit, DwellingId),
        people: &BTreeMap<String, PersonId>,
        ids: &mut IdSource<R>,
        now: DateTime<Utc>,
    ) -> VisitDraft {
        let changes = self.changes(world, people);
        let met_somebody = self.outcome.met_somebody();
        let requests = self.requests.iter().map(|(words, wanted, solved)| Request {
            id: ids.make(now),
            words: (*words).to_owned(),
            wanted: (*wanted).to_owned(),
            solved_on_the_spot: *solved,
        });
        let requests = requests.collect();
        let hazards = self.hazards.iter().map(|(words, place)| Hazard {
            id: ids.make(now),
            words: (*words).to_owned(),
            place: (*place).to_owned(),
        });
        let body = VisitBody {
            met: self.met.iter().filter_map(|name| people.get(name)).copied().collect(),
            nothing_changed: met_somebody && changes.is_empty() && self.found.is_empty(),
            changes,
            requests,
            hazards: hazards.collect(),
            answers: Vec::new(),
            appointment: self.appointment.clone(),
            came_along: self.came_along.clone(),
            note: self.note.to_owned(),
            note_for_next: self.note_for_next.to_owned(),
        };
        VisitDraft {
            outcome: Some(self.outcome),
            child_alone: self.child_alone,
            body,
            ..self.bare(unit, dwelling)
        }
    }

    /// What was recorded by a slip of the finger before the right thing; `None` for most knocks.
    #[must_use]
    pub fn slip_draft(&self, (unit, dwelling): (Unit, DwellingId)) -> Option<VisitDraft> {
        self.slip.map(|outcome| VisitDraft { outcome: Some(outcome), ..self.bare(unit, dwelling) })
    }

    fn bare(&self, unit: Unit, dwelling: DwellingId) -> VisitDraft {
        VisitDraft {
            unit: Some(unit),
            dwelling: Some(dwelling),
            visited_on: Some(self.at.date()),
            visited_at: Some(self.at.time()),
            ..VisitDraft::default()
        }
    }

    fn changes(&self, world: &World, people: &BTreeMap<String, PersonId>) -> Vec<Change> {
        let events = self.learnt.iter().filter_map(|no| world.event(*no));
        let changes = events.map(|event| {
            let (kind, name, category) = match &event.what {
                What::MovedIn { .. } | What::MovedInside { .. } => (ChangeKind::MovedIn, None, None),
                What::MovedOut { .. } | What::Merged { .. } => (ChangeKind::MovedOut, None, None),
                What::SplitOff { name, .. } => (ChangeKind::MovedOut, Some(name), None),
                What::Birth { name } => (ChangeKind::Birth, Some(name), None),
                What::Death { name } => (ChangeKind::Death, Some(name), None),
                What::CategoryIn { name, category } => (ChangeKind::CategoryIn, Some(name), Some(category)),
                What::CategoryOut { name, category } => (ChangeKind::CategoryOut, Some(name), Some(category)),
                What::Phone { name, .. } => (ChangeKind::Phone, Some(name), None),
            };
            Change {
                kind,
                person: name.and_then(|name| people.get(name)).copied(),
                on: Some(event.on),
                category: category.map(|category| category.id().to_owned()),
            }
        });
        changes.collect()
    }
}
