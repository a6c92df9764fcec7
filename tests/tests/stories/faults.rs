//! Two hundred seeded weeks on a bad line: lost, repeated, late, cut, garbled and mixed-up messages, clocks set wrong,
//! refusals, moves and hand-overs. Whatever happens, each record is in one place and everybody counts alike.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::Duration;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::fieldbook::{Fieldbook, FieldbookError, NewHousehold, NewPlace};
use ruhu_core::ids::Hash32;
use ruhu_core::roster::Unit;
use ruhu_core::store::EntryState;
use ruhu_core::sync::wire::{ENROL_PATH, SYNC_PATH, open_reply};
use ruhu_core::time::{Clock, PhoneTime};
use ruhu_core::visit::{MeetingPlace, VisitDraft, VisitOutcome};
use ruhu_sim::harness::{SimClock, SimPhone, Traffic};
use ruhu_tests::village::{Village, field};
use uuid::Uuid;

const SEEDS: u64 = 200;
/// One per core of the smallest machine that runs the tests.
const THREADS: u64 = 2;

/// A clock that is wrong by as much for ever; without a boot clock like in a browser, or with one.
struct WrongClock {
    right: SimClock,
    by: Duration,
}

impl Clock for WrongClock {
    fn read(&self) -> PhoneTime {
        let right = self.right.read();
        PhoneTime { wall: right.wall + self.by, ..right }
    }
}

/// A phone on a bad line, with everything it called saved.
struct Caller {
    phone: SimPhone,
    saved: Vec<Hash32>,
    requests: Vec<Vec<u8>>,
    replies: Vec<(u16, Vec<u8>)>,
}

/// What was met on the way, so that nothing is proven by luck.
#[derive(Clone, Copy, Debug, Default)]
struct Met {
    saved: usize,
    repeated: u32,
    withdrawn: u32,
    apart: usize,
    moved: u32,
}

struct Week {
    village: Village,
    callers: Vec<Caller>,
    dice: ChaCha8Rng,
    proposed: Vec<(Unit, Hash32)>,
    met: Met,
}

impl Week {
    fn begin(seed: u64) -> Self {
        let village = Village::new(seed, 3);
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let (lead, community) = (village.hub.lead(), village.hub.community());
        let span = ("2026-07-01".parse().unwrap(), "2026-09-30".parse().unwrap());
        village.hub.hub().cover(lead, community, village.grid(1), village.worker(2), span).unwrap();
        let callers = [1, 1, 2].map(|grid| {
            let right = if dice.random_bool(0.5) {
                village.hub.clock().clone()
            } else {
                village.hub.clock().of_phone(Uuid::from_u128(dice.random()))
            };
            let by = if dice.random_bool(0.4) { dice.random_range(-3_000..3_000) } else { 0 };
            let clock = Arc::new(WrongClock { right, by: Duration::minutes(by) });
            let rng = Box::new(ChaCha8Rng::seed_from_u64(dice.random()));
            let mut book = Fieldbook::open(":memory:", "story/1", clock, rng).unwrap();
            let code = village.hub.hub().make_code(community, village.worker(grid)).unwrap();
            let request = book.enrol_request(&code, "手机").unwrap();
            let (status, reply) = village.hub.answer(ENROL_PATH, &request).unwrap();
            book.take_enrol_reply("http://127.0.0.1:8080", status, &reply).unwrap();
            let mut phone = SimPhone { book, traffic: Traffic::default() };
            village.sync(&mut phone);
            Caller { phone, saved: Vec::new(), requests: Vec::new(), replies: Vec::new() }
        });
        Self { village, callers: callers.into(), dice, proposed: Vec::new(), met: Met::default() }
    }

    /// Something a worker does on his phone.
    fn work(&mut self) {
        let nth = self.dice.random_range(0..self.callers.len());
        let caller = &mut self.callers[nth];
        let lines = caller.phone.book.units().unwrap();
        let homes: Vec<_> = lines
            .iter()
            .filter(|line| matches!(line.unit, Unit::Household(_)) && line.dwelling.is_some())
            .collect();
        if homes.is_empty() {
            return;
        }
        let home = homes[self.dice.random_range(0..homes.len())];
        let outcomes = [
            VisitOutcome::Met { place: MeetingPlace::Inside },
            VisitOutcome::NotHome { note_left: false },
            VisitOutcome::Vacant { confirmed_by: None },
            VisitOutcome::Unsafe,
        ];
        let draft = VisitDraft {
            unit: Some(home.unit),
            dwelling: home.dwelling,
            outcome: Some(outcomes[self.dice.random_range(0..outcomes.len())]),
            ..VisitDraft::default()
        };
        let fields = field("p/phone", &format!("138{:08}", self.dice.random_range(0..1_000)));
        let own =
            (!caller.saved.is_empty()).then(|| caller.saved[self.dice.random_range(0..caller.saved.len())]);
        let book = &mut caller.phone.book;
        let (saved, proposes) = match (self.dice.random_range(0..10), own) {
            (0..4, _) => (book.save_visit(draft, &[]).map(|one| vec![one]), false),
            (4, _) => (book.save_visit(draft, &fields).map(|one| vec![one]), false),
            (5 | 6, _) => (book.edit_fields(home.unit, &fields).map(|one| one.into_iter().collect()), false),
            (7, _) => {
                let place = NewPlace::Known(home.dwelling.unwrap());
                let found = NewHousehold {
                    place,
                    moved_in_on: None,
                    split_from: None,
                    members: Vec::new(),
                    fields,
                    reason: String::new(),
                };
                (book.new_household(&found).map(|one| vec![one.saved]), true)
            }
            (8, Some(target)) => match book.correct(target) {
                Ok(again) => {
                    let outcome = draft.outcome;
                    (book.save_visit(VisitDraft { outcome, ..again }, &[]).map(|one| vec![one]), false)
                }
                Err(_) => return,
            },
            (_, Some(target)) => {
                self.met.withdrawn += 1;
                (book.withdraw(target, "点错"), false)
            }
            _ => return,
        };
        match saved {
            Ok(saved) => {
                let entries = saved.iter().flat_map(|one| one.record.into_iter().chain(one.edit));
                caller.saved.extend(entries);
                if proposes {
                    let found = book.receipts().unwrap();
                    let record = saved[0].record.unwrap();
                    let unit = found.iter().find(|one| one.entry == record).unwrap().unit.unwrap();
                    self.proposed.push((unit, record));
                }
            }
            // Of a household that left this phone, a record that is no visit: nothing was called saved.
            Err(
                FieldbookError::UnknownUnit(_) | FieldbookError::NotYours | FieldbookError::UnknownRecord(_),
            ) => {}
            Err(other) => panic!("{other:?}"),
        }
    }

    /// Something the lead does at the desk.
    fn decide(&mut self) {
        let homes = self.village.homes(1);
        let home = homes[self.dice.random_range(0..homes.len())];
        match self.dice.random_range(0..4) {
            0 => {
                let fields = field("p/phone", &format!("139{:08}", self.dice.random_range(0..1_000)));
                let lead = self.village.hub.lead();
                self.village.hub.hub().edit_fields(home.unit(), fields, lead).unwrap();
            }
            1 => {
                // The door and who lives behind it are drawn into another grid.
                let to = self.dice.random_range(1..=2);
                let from = self.village.hub.today();
                let (grid, door) = (self.village.grid(to), Unit::Vacant(home.dwelling));
                let fact = Fact::Regridded { grid, from };
                self.village
                    .act(vec![UnitFact { unit: door, fact }, self.village.settled(home, to)], Vec::new());
                self.met.moved += 1;
            }
            _ => {
                let confirmed = self.dice.random_bool(0.6);
                let (hub, proposed) = (&self.village.hub, std::mem::take(&mut self.proposed));
                for (unit, target) in proposed {
                    let fact = if confirmed { Fact::Confirmed { target } } else { Fact::Returned { target } };
                    if hub.act(vec![UnitFact { unit, fact }], Vec::new(), "核实").is_err() {
                        // It has not arrived.
                        self.proposed.push((unit, target));
                    }
                }
            }
        }
    }

    /// A round trip or two over the bad line.
    fn call(&mut self) {
        let nth = self.dice.random_range(0..self.callers.len());
        let Caller { phone, requests, replies, .. } = &mut self.callers[nth];
        let (hub, dice, repeated) = (&self.village.hub, &mut self.dice, &mut self.met.repeated);
        let key = hub.hub().verifying_key();
        phone.book.sync_now();
        let carried = phone.sync_through(&mut |path, body| {
            let luck = dice.random_range(0..12);
            if luck == 0 {
                return Ok(None);
            }
            if luck == 1 && !requests.is_empty() {
                // An earlier request overtakes this one.
                hub.answer(path, &requests[dice.random_range(0..requests.len())])?;
            }
            let (status, mut reply) = hub.answer(path, body)?;
            requests.push(body.to_vec());
            replies.push((status, reply.clone()));
            match luck {
                2 => return Ok(None),
                3 => {
                    let (again, second) = hub.answer(path, body)?;
                    if let (Ok(one), Ok(two)) =
                        (open_reply(&reply, body, &key), open_reply(&second, body, &key))
                    {
                        assert_eq!(one.verdicts, two.verdicts, "the same question, the same answer");
                        *repeated += 1;
                    }
                    return Ok(Some((again, second)));
                }
                4 => reply.truncate(dice.random_range(0..reply.len())),
                5 => {
                    let at = dice.random_range(0..reply.len());
                    reply[at] ^= 1 << dice.random_range(0..8);
                }
                6 => return Ok(replies.get(dice.random_range(0..replies.len())).cloned()),
                7 => return Ok(Some((502, b"<html>bad gateway</html>".to_vec()))),
                _ => {}
            }
            Ok(Some((status, reply)))
        });
        carried.unwrap();
    }

    /// The line is good again: everybody meets, and everything must be in its place.
    fn end(mut self, seed: u64) -> Met {
        for _ in 0..3 {
            for caller in &mut self.callers {
                self.village.sync(&mut caller.phone);
            }
        }
        let log = self.village.log();
        let once: BTreeSet<&Hash32> = log.iter().collect();
        assert_eq!(once.len(), log.len(), "seed {seed}: nothing is held twice");
        for caller in &self.callers {
            let receipts = caller.phone.book.receipts().unwrap();
            assert_eq!(receipts.len(), caller.saved.len(), "seed {seed}");
            for receipt in receipts {
                assert!(
                    caller.saved.contains(&receipt.entry) && once.contains(&receipt.entry),
                    "seed {seed}"
                );
                assert!(!receipt.to_send && receipt.state != EntryState::Unsent, "seed {seed}: {receipt:?}");
                self.met.apart += usize::from(!matches!(receipt.state, EntryState::Accepted { .. }));
            }
            self.met.saved += caller.saved.len();
        }
        for (caller, grids) in self.callers.iter().zip([&[1][..], &[1], &[1, 2]]) {
            for grid in grids {
                self.village.assert_agrees(&caller.phone, *grid);
            }
            for line in caller.phone.book.units().unwrap() {
                let sheet = caller.phone.book.household(line.unit).unwrap();
                let mut here = sheet.fields.get("p/phone").cloned().unwrap_or_default();
                let mut there = self.village.values(line.unit, "p/phone");
                here.sort();
                there.sort();
                assert_eq!(here, there, "seed {seed}: phone and hub hold the same values");
            }
        }
        self.village.assert_verifies();
        self.met
    }
}

fn live(seed: u64) -> Met {
    let mut week = Week::begin(seed);
    for step in 0..24 {
        week.village.to(&format!("2026-07-{:02} {:02}:07", 2 + step / 4, 9 + step % 4 * 2));
        match week.dice.random_range(0..8) {
            0..4 => week.work(),
            4 => week.decide(),
            _ => week.call(),
        }
    }
    week.end(seed)
}

#[test]
fn on_a_bad_line_each_record_is_in_one_place_and_everybody_counts_alike() {
    let share = |thread: u64| {
        move || (0..SEEDS).filter(|seed| seed % THREADS == thread).map(live).collect::<Vec<_>>()
    };
    let threads: Vec<_> = (0..THREADS).map(|thread| std::thread::spawn(share(thread))).collect();
    let mut all = Met::default();
    for met in threads.into_iter().flat_map(|thread| thread.join().unwrap()) {
        all.saved += met.saved;
        all.repeated += met.repeated;
        all.withdrawn += met.withdrawn;
        all.apart += met.apart;
        all.moved += met.moved;
    }
    assert!(1_500 < all.saved && 20 < all.repeated && 50 < all.withdrawn && 50 < all.moved, "{all:?}");
}

#[test]
fn a_reply_cut_anywhere_or_garbled_changes_nothing_and_the_next_one_does() {
    let village = Village::new(21, 2);
    let home = village.homes(1)[0];
    let mut phone = village.phone(1, "one");
    village.to("2026-07-02 10:00");
    let saved = phone.book.save_visit(home.met(), &field("p/phone", "13800000001")).unwrap();
    let before = phone.book.receipts().unwrap();
    let request = phone.book.sync_request().unwrap().unwrap();
    let (status, reply) = village.hub.answer(SYNC_PATH, &request.body).unwrap();
    for cut in 0..reply.len() {
        phone.book.sync_now();
        let again = phone.book.sync_request().unwrap().unwrap();
        assert_eq!(again.body, request.body, "the same question is asked again, byte by byte");
        let mut broken = reply.clone();
        if cut % 2 == 0 {
            broken.truncate(cut);
        } else {
            broken[cut] ^= 0x10;
        }
        phone.book.take_sync_response(status, &broken).unwrap();
        assert_eq!(phone.book.receipts().unwrap(), before, "at byte {cut}");
    }
    phone.book.sync_now();
    phone.book.sync_request().unwrap().unwrap();
    phone.book.take_sync_response(status, &reply).unwrap();
    assert_eq!(phone.book.outbox().unwrap().unsent, 0);
    assert_eq!(village.times_held(saved.record.unwrap()), 1);
    village.assert_agrees(&phone, 1);
    village.assert_verifies();
}
