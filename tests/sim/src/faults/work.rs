//! What workers do on their phones and the lead at the desk.

use chrono::Days;
use rand::RngExt;
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::fieldbook::{Fieldbook, FieldbookError, NewHousehold, NewPlace, Saved, UnitLine};
use ruhu_core::ids::Hash32;
use ruhu_core::roster::Unit;
use ruhu_core::visit::{MeetingPlace, VisitDraft, VisitOutcome};
use ruhu_server::office::DutyError;

use super::doubt::reply;
use super::files::Copied;
use super::week::{Week, is_full};
use crate::village::field;

/// What is done at the door.
enum Deed {
    Visit(Box<VisitDraft>, bool),
    Edit,
    Find,
    Correct(Hash32, Option<VisitOutcome>),
    Withdraw(Hash32),
    Reply,
}

impl Week<'_> {
    /// Something a worker does on his phone; now and then the phone is killed while it saves.
    pub(super) fn work(&mut self) {
        let nth = self.any_caller();
        let lines = self.callers[nth].book.units().unwrap();
        let homes: Vec<_> = lines
            .into_iter()
            .filter(|line| matches!(line.unit, Unit::Household(_)) && line.dwelling.is_some())
            .collect();
        if homes.is_empty() {
            return;
        }
        let home = &homes[self.dice.random_range(0..homes.len())];
        let deed = self.deed(nth, home);
        let telephone = format!("138{:08}", self.dice.random_range(0..1_000));
        let killed = self.dice.random_bool(0.08);
        let caller = &mut self.callers[nth];
        let before = killed.then(|| Copied::of(&caller.path));
        let (finds, withdraws) = (matches!(deed, Deed::Find), matches!(deed, Deed::Withdraw(_)));
        let replies = matches!(deed, Deed::Reply);
        let receipts_before = caller.full.then(|| caller.book.receipts().unwrap());
        let saved = done(&mut caller.book, home, deed, &telephone);
        if let Some(before) = before {
            self.tell(&format!("phone {nth} is killed while it saves"));
            self.kill_phone(nth, &before);
            return;
        }
        match saved {
            Ok(saved) => {
                let entries: Vec<Hash32> =
                    saved.iter().flat_map(|one| one.record.into_iter().chain(one.edit)).collect();
                self.met.withdrawn += u32::from(withdraws);
                self.met.replied += u32::from(replies && !entries.is_empty());
                self.tell(&format!("phone {nth} saves {entries:?} of {:?}", home.unit));
                let caller = &mut self.callers[nth];
                caller.must.extend(entries);
                if finds {
                    let record = saved[0].record.unwrap();
                    let found = caller.book.receipts().unwrap();
                    let unit = found.iter().find(|one| one.entry == record).unwrap().unit.unwrap();
                    self.proposed.push((unit, record));
                }
            }
            // Of a household that left this phone, a record that is no visit: nothing was called saved.
            Err(
                FieldbookError::UnknownUnit(_) | FieldbookError::NotYours | FieldbookError::UnknownRecord(_),
            ) => {}
            Err(why) if caller.full && is_full(&why) => {
                assert_eq!(
                    Some(caller.book.receipts().unwrap()),
                    receipts_before,
                    "without space nothing is half saved"
                );
                self.met.phone_full += 1;
                self.tell(&format!("phone {nth} has no space and saves nothing"));
            }
            Err(other) => panic!("phone {nth}: {other:?}"),
        }
    }

    fn deed(&mut self, nth: usize, home: &UnitLine) -> Deed {
        let met = VisitOutcome::Met { place: MeetingPlace::Inside };
        let outcomes = [
            met,
            met,
            met,
            VisitOutcome::NotHome { note_left: false },
            VisitOutcome::Vacant { confirmed_by: None },
            VisitOutcome::Unsafe,
        ];
        let outcome = Some(outcomes[self.dice.random_range(0..outcomes.len())]);
        let draft =
            VisitDraft { unit: Some(home.unit), dwelling: home.dwelling, outcome, ..VisitDraft::default() };
        let must = &self.callers[nth].must;
        let own = match must.len() {
            0 => None,
            all => must.iter().nth(self.dice.random_range(0..all)).copied(),
        };
        if 0 < self.callers[nth].book.waiting().unwrap() && self.dice.random_bool(0.6) {
            return Deed::Reply;
        }
        match (self.dice.random_range(0..11), own) {
            (0..=3, _) => Deed::Visit(Box::new(draft), false),
            (4 | 5, _) => Deed::Edit,
            (6, _) => Deed::Find,
            (10, _) => Deed::Reply,
            (8, Some(target)) => Deed::Correct(target, outcome),
            (9, Some(target)) => Deed::Withdraw(target),
            _ => Deed::Visit(Box::new(draft), true),
        }
    }

    /// Something the lead does at the desk.
    pub(super) fn decide(&mut self) {
        let homes = self.village.homes(1);
        let home = homes[self.dice.random_range(0..homes.len())];
        let what = self.dice.random_range(0..12);
        let done = match what {
            0 => {
                let fields = field("p/phone", &format!("139{:08}", self.dice.random_range(0..1_000)));
                let lead = self.village.hub.lead();
                self.village.hub.hub().edit_fields(home.unit(), fields, lead).map(drop).is_ok()
            }
            1 => {
                // The door and who lives behind it are drawn into another grid.
                let to = self.dice.random_range(1..=2);
                let from = self.village.hub.today();
                let (grid, door) = (self.village.grid(to), Unit::Vacant(home.dwelling));
                let fact = Fact::Regridded { grid, from };
                let units = vec![UnitFact { unit: door, fact }, self.village.settled(home, to)];
                self.met.moved += 1;
                self.tell(&format!("the lead draws {:?} into grid {to}", home.unit()));
                self.village.hub.act(units, Vec::new(), "划网格").is_ok()
            }
            2 | 3 => self.assign(what == 2),
            6.. => self.doubt(),
            _ => {
                let confirmed = self.dice.random_bool(0.6);
                let (hub, proposed) = (&self.village.hub, std::mem::take(&mut self.proposed));
                for (unit, target) in proposed {
                    let fact = if confirmed { Fact::Confirmed { target } } else { Fact::Returned { target } };
                    if hub.act(vec![UnitFact { unit, fact }], Vec::new(), "核实").is_err() {
                        // It has not arrived, or there is no space.
                        self.proposed.push((unit, target));
                    }
                }
                true
            }
        };
        if !done {
            assert!(self.hub_full, "the desk can act unless the disk is full");
            self.met.hub_full += 1;
        }
        self.tell(&format!("the lead does {what}: {done}"));
    }

    /// Hands a grid over from today, or lets somebody cover it for some days.
    fn assign(&mut self, for_good: bool) -> bool {
        let (grid, to) = (self.dice.random_range(1..=2), self.dice.random_range(1..=2));
        let (lead, community, today) =
            (self.village.hub.lead(), self.village.hub.community(), self.village.hub.today());
        let (grid, worker) = (self.village.grid(grid), self.village.worker(to));
        let until = today + Days::new(self.dice.random_range(0..5));
        self.met.assigned += 1;
        let hub = self.village.hub.hub();
        if for_good {
            answered(hub.hand_over(lead, community, grid, worker, today))
        } else {
            answered(hub.cover(lead, community, grid, worker, (today, until)))
        }
    }
}

/// Done, or refused with a reason: what is so already is not arranged twice.
fn answered<T>(arranged: Result<T, DutyError>) -> bool {
    arranged.map_or_else(|why| why.is_refusal(), |_| true)
}

fn done(
    book: &mut Fieldbook,
    home: &UnitLine,
    deed: Deed,
    telephone: &str,
) -> Result<Vec<Saved>, FieldbookError> {
    let fields = field("p/phone", telephone);
    match deed {
        Deed::Visit(draft, edits) => {
            let fields = if edits { fields } else { Vec::new() };
            book.save_visit(*draft, &fields).map(|one| vec![one])
        }
        Deed::Edit => book.edit_fields(home.unit, &fields).map(|one| one.into_iter().collect()),
        Deed::Find => {
            let found = NewHousehold {
                place: NewPlace::Known(home.dwelling.unwrap()),
                moved_in_on: None,
                split_from: None,
                members: Vec::new(),
                fields,
                reason: String::new(),
            };
            book.new_household(&found).map(|one| vec![one.saved])
        }
        Deed::Correct(target, outcome) => {
            let Ok(again) = book.correct(target) else { return Ok(Vec::new()) };
            match book.save_visit(VisitDraft { outcome, ..again }, &[]) {
                // Recorded while the clock ran ahead: its day is still to come, and the form asks for another.
                Err(FieldbookError::Problems(_)) => Ok(Vec::new()),
                saved => saved.map(|one| vec![one]),
            }
        }
        Deed::Withdraw(target) => book.withdraw(target, "点错"),
        Deed::Reply => reply(book),
    }
}
