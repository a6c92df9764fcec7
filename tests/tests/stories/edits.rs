//! Two phones and one household; a refused edit; a phone that is killed.

use std::sync::Arc;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ruhu_core::entry::{DocSkeleton, Payload, StreamId};
use ruhu_core::fieldbook::Fieldbook;
use ruhu_core::ids::Hash32;
use ruhu_core::profile::{Profile, Scalar};
use ruhu_core::roster::By;
use ruhu_core::store::{EntryState, Projector, Store, StoreError, enrolment, outbox};
use ruhu_core::sync::wire::SYNC_PATH;
use ruhu_core::time::Clock;
use ruhu_core::visit::VisitOutcome;
use ruhu_sim::harness::{SimPhone, Traffic};
use ruhu_tests::village::{Home, Village, field};
use uuid::Uuid;

fn text(value: &str) -> Scalar {
    Scalar::Str(value.to_owned())
}

fn values(phone: &SimPhone, home: Home, key: &str) -> Vec<Scalar> {
    phone.book.household(home.unit()).unwrap().fields.get(key).cloned().unwrap_or_default()
}

fn conflicts(phone: &SimPhone, home: Home) -> u32 {
    phone.book.household(home.unit()).unwrap().line.conflicts
}

#[test]
fn two_phones_edit_one_household_offline_for_a_week_and_meet() {
    let village = Village::new(1, 3);
    let home = village.homes(1)[0];
    let (worker, community) = (village.worker(2), village.hub.community());
    let span = ("2026-07-01".parse().unwrap(), "2026-07-31".parse().unwrap());
    village.hub.hub().cover(village.hub.lead(), community, village.grid(1), worker, span).unwrap();
    let (mut one, mut two) = (village.phone(1, "one"), village.phone(2, "two"));
    let mut saved = Vec::new();
    for day in 1..=7 {
        village.to(&format!("2026-07-0{day} 10:00"));
        let keep = [
            one.book.edit_fields(home.unit(), &field("p/phone", &format!("1380000000{day}"))).unwrap(),
            two.book.edit_fields(home.unit(), &field("p/phone", &format!("1390000000{day}"))).unwrap(),
        ];
        saved.extend(keep.into_iter().flatten().filter_map(|saved| saved.edit));
        let draft = home.draft(VisitOutcome::NotHome { note_left: false });
        let visits =
            [one.book.save_visit(draft.clone(), &[]).unwrap(), two.book.save_visit(draft, &[]).unwrap()];
        saved.extend(visits.into_iter().filter_map(|saved| saved.record));
    }
    // Other fields go together by themselves.
    saved.extend(one.book.edit_fields(home.unit(), &field("p/tenure", "owned")).unwrap().unwrap().edit);
    saved.extend(two.book.edit_fields(home.unit(), &field("p/best_time", "evening")).unwrap().unwrap().edit);
    village.to("2026-07-08 09:00");
    for _ in 0..2 {
        village.sync(&mut one);
        village.sync(&mut two);
    }
    for entry in &saved {
        assert_eq!(village.times_held(*entry), 1, "nothing lost, nothing twice");
    }
    let mut both = vec![text("13800000007"), text("13900000007")];
    both.sort();
    let sorted = |mut found: Vec<Scalar>| {
        found.sort();
        found
    };
    for found in
        [values(&one, home, "p/phone"), values(&two, home, "p/phone"), village.values(home.unit(), "p/phone")]
    {
        assert_eq!(sorted(found), both, "both values are kept for a person to choose");
    }
    assert_eq!((conflicts(&one, home), conflicts(&two, home)), (1, 1));
    one.book.settle_conflict(home.unit(), "p/phone", text("13900000007")).unwrap();
    village.sync(&mut one);
    village.sync(&mut two);
    assert_eq!((conflicts(&one, home), conflicts(&two, home)), (0, 0));
    assert_eq!(values(&two, home, "p/phone"), [text("13900000007")]);
    assert_eq!(village.values(home.unit(), "p/phone"), [text("13900000007")]);
    assert_eq!(
        one.book.household(home.unit()).unwrap().history,
        two.book.household(home.unit()).unwrap().history
    );
    village.assert_agrees(&one, 1);
    village.assert_agrees(&two, 1);
    village.assert_verifies();
}

/// Seals changes of a household's document that no screen would let through, as a program that is out of order might.
fn seal_edits(village: &Village, path: &str, home: Home, worker: By) -> [Hash32; 2] {
    let now = village.hub.clock().now();
    let mut profile = Profile::new();
    let first = profile.edit(&field("p/phone", "13700000001"), [1; 16], now).unwrap().unwrap();
    let second = profile.edit(&field("p/phone", "13700000002"), [2; 16], now).unwrap().unwrap();
    let doc = |change: Hash32, bytes: &[u8], salt| {
        let skeleton = DocSkeleton { unit: home.unit(), by: worker, change, source: None };
        Payload::of_doc(&skeleton, bytes.to_vec(), [salt; 16])
    };
    // The first names a change it does not carry; the second builds on it.
    let payloads = [doc(Hash32([7; 32]), &first.bytes, 1), doc(second.hash, &second.bytes, 2)];
    let mut store = Store::open(path).unwrap();
    let stream = StreamId::Grid(village.grid(home.grid));
    let sealed = store.write("seal", |tx| -> Result<[Hash32; 2], StoreError> {
        let readings = enrolment::readings(tx, village.hub.clock().read())?;
        let mut projector = Projector::new(tx);
        let mut append =
            |payload| outbox::append(tx, &mut projector, &readings, stream, Some(home.unit()), payload);
        let [first, second] = payloads;
        Ok([append(first)?, append(second)?])
    });
    sealed.unwrap()
}

fn state(phone: &SimPhone, entry: Hash32) -> EntryState {
    phone.book.receipts().unwrap().into_iter().find(|one| one.entry == entry).unwrap().state
}

#[test]
fn a_refused_field_edit_never_holds_back_a_later_visit() {
    let village = Village::new(2, 3);
    let home = village.homes(1)[0];
    let mut phone = village.phone(1, "one");
    let by = By::Worker(village.worker(1));
    let [refused, dependent] = seal_edits(&village, &village.path("one"), home, by);
    village.to("2026-07-02 10:00");
    let visit = phone.book.save_visit(home.met(), &[]).unwrap().record.unwrap();
    let exchange = village.sync(&mut phone);
    assert_eq!((exchange.accepted, exchange.quarantined, exchange.parked), (1, 1, 1), "{exchange:?}");
    assert!(matches!(state(&phone, visit), EntryState::Accepted { .. }));
    assert!(matches!(state(&phone, refused), EntryState::Quarantined { .. }));
    assert!(matches!(state(&phone, dependent), EntryState::Parked { .. }));
    assert!(village.state(home).unwrap().is_done());
    // The household's fields go on too: the next edit builds on what was accepted, not on what was refused.
    let saved = phone.book.save_visit(home.met(), &field("p/phone", "13800000001")).unwrap();
    let edit = saved.edit.unwrap();
    village.sync(&mut phone);
    assert!(matches!(state(&phone, edit), EntryState::Accepted { .. }));
    assert_eq!(village.values(home.unit(), "p/phone"), [text("13800000001")]);
    assert_eq!(values(&phone, home, "p/phone"), [text("13800000001")]);
    village.assert_agrees(&phone, 1);
    village.assert_verifies();
}

/// A phone whose power is cut at any byte it writes, again and again.
struct Mortal<'v> {
    village: &'v Village,
    dice: ChaCha8Rng,
    lives: u32,
    phone: SimPhone,
}

impl Mortal<'_> {
    fn path(&self) -> String {
        self.village.path(&format!("life-{}", self.lives))
    }

    fn log_bytes(&self) -> usize {
        std::fs::read(self.path() + "-wal").map_or(0, |log| log.len())
    }

    /// Cuts the power: of what was written since the log had `safe` bytes, any part may be on the disk.
    fn die(&mut self, safe: usize) {
        let (file, log) =
            (std::fs::read(self.path()).unwrap(), std::fs::read(self.path() + "-wal").unwrap_or_default());
        let cut = if safe < log.len() { self.dice.random_range(safe..=log.len()) } else { log.len() };
        self.lives += 1;
        std::fs::write(self.path(), file).unwrap();
        std::fs::write(self.path() + "-wal", &log[..cut]).unwrap();
        let clock = Arc::new(self.village.hub.clock().of_phone(Uuid::from_u128(u128::from(self.lives))));
        let dice = ChaCha8Rng::seed_from_u64(self.dice.next_u64());
        let book = Fieldbook::open(&self.path(), "story/1", clock, Box::new(dice)).unwrap();
        self.phone = SimPhone { book, traffic: Traffic::default() };
    }
}

#[test]
fn a_phone_killed_at_any_write_reopens_with_everything_it_called_saved() {
    for seed in 0..4 {
        let village = Village::new(100 + seed, 4);
        let homes = village.homes(1);
        let phone = village.phone(1, "life-0");
        let mut one = Mortal { village: &village, dice: ChaCha8Rng::seed_from_u64(seed), lives: 0, phone };
        let mut called_saved = Vec::new();
        for step in 0..40u32 {
            village.to(&format!("2026-07-{:02} {:02}:{:02}", 2 + step / 4, 9 + step % 4, step));
            let home = homes[one.dice.random_range(0..homes.len())];
            let before = one.log_bytes();
            match one.dice.random_range(0..8) {
                // Saved, and the worker saw it.
                0..4 => {
                    let fields = field("p/phone", &format!("138{step:08}"));
                    let saved = one.phone.book.save_visit(home.met(), &fields).unwrap();
                    called_saved.extend([saved.record.unwrap(), saved.edit.unwrap()]);
                    if one.dice.random_bool(0.3) {
                        one.die(usize::MAX);
                    }
                }
                // The power goes while it is being saved: either all of it or nothing is there.
                4 | 5 => {
                    let known = one.phone.book.receipts().unwrap().len();
                    one.phone
                        .book
                        .save_visit(home.met(), &field("p/phone", &format!("139{step:08}")))
                        .unwrap();
                    one.die(before);
                    let found = one.phone.book.receipts().unwrap().len();
                    assert!(found == known || found == known + 2, "seed {seed}: never half of a save");
                }
                // The hub has it, and the power goes before the answer is taken, or while it is.
                6 => {
                    let Some(request) = one.phone.book.sync_request().unwrap() else { continue };
                    let (status, body) = village.hub.answer(SYNC_PATH, &request.body).unwrap();
                    if one.dice.random_bool(0.5) {
                        one.phone.book.take_sync_response(status, &body).unwrap();
                    }
                    one.die(before);
                }
                _ => drop(village.sync(&mut one.phone)),
            }
        }
        village.sync(&mut one.phone);
        assert!(15 < called_saved.len() && 5 < one.lives, "seed {seed}");
        for entry in &called_saved {
            assert_eq!(village.times_held(*entry), 1, "seed {seed}");
            assert!(matches!(state(&one.phone, *entry), EntryState::Accepted { .. }), "seed {seed}");
        }
        assert_eq!(one.phone.book.outbox().unwrap().unsent, 0);
        village.assert_agrees(&one.phone, 1);
        village.assert_verifies();
    }
}
