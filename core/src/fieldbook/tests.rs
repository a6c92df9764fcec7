//! A save is whole or it is not: every kind of write is made to fail, and the disk to be full at every page.

use chrono::TimeZone;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use super::*;
use crate::category::Scalar;
use crate::ids::{CommunityId, EnrolmentId, GridId, HubId, WorkerId};
use crate::roster::Address;
use crate::store::{EnrolmentRow, Secret, lease, outbox};
use crate::time::{FixedClock, PhoneTime};
use crate::visit::{MeetingPlace, VisitDraft, VisitOutcome};

mod lines;
mod private;
mod requests;

fn clock() -> PhoneTime {
    PhoneTime::wall_only(Utc.with_ymd_and_hms(2026, 7, 5, 10, 0, 0).unwrap())
}

fn book(path: &str) -> Fieldbook {
    let clock = Arc::new(FixedClock(clock().wall));
    Fieldbook::open(path, "trial/1", clock, Box::new(ChaCha20Rng::seed_from_u64(3))).unwrap()
}

fn enrolled(path: &str) -> Fieldbook {
    let mut book = book(path);
    let row = EnrolmentRow {
        url: "https://hub".into(),
        hub: HubId::from_bytes([1; 16]),
        hub_key: [0; 32],
        worker: WorkerId::from_bytes([2; 16]),
        worker_name: "网格员".into(),
        enrolment: EnrolmentId::from_bytes([3; 16]),
        community: CommunityId::from_bytes([4; 16]),
        epoch: 1,
        next_seq: 1,
        previous: Hash32::ZERO,
    };
    let secret = Secret(ed25519_dalek::SigningKey::from_bytes(&[5; 32]));
    let put = book.store.write("enrol", |tx| -> Result<(), StoreError> {
        enrolment::put_secret(tx, &secret)?;
        enrolment::put(tx, &row)?;
        // The hub has answered: names are not locked.
        lease::renew(tx, clock().wall.timestamp_millis(), clock())
    });
    put.unwrap();
    book
}

fn household(book: &mut Fieldbook) -> Created {
    let address = Address { estate: "阳光小区".into(), door: "101".into(), ..Address::default() };
    let place = NewPlace::New { address, grid: GridId::from_bytes([6; 16]) };
    let found = NewHousehold {
        place,
        moved_in_on: None,
        split_from: None,
        members: Vec::new(),
        fields: fields(0),
        reason: String::new(),
    };
    book.new_household(&found).unwrap()
}

fn fields(nth: usize) -> Vec<(String, Scalar)> {
    vec![("p/phone".to_owned(), Scalar::Str(format!("1380000{nth:04}")))]
}

fn draft(created: &Created) -> VisitDraft {
    VisitDraft {
        unit: Some(Unit::Household(created.household)),
        dwelling: Some(created.dwelling),
        outcome: Some(VisitOutcome::Met { place: MeetingPlace::Inside }),
        ..VisitDraft::default()
    }
}

/// Everything a save touches, to be compared before and after.
fn state(book: &Fieldbook, created: &Created) -> (usize, OutboxCounts, UnitSheet, u64, usize) {
    let chain = enrolment::need(book.store.read()).unwrap().next_seq;
    let sheet = book.household(Unit::Household(created.household)).unwrap();
    (book.receipts().unwrap().len(), book.outbox().unwrap(), sheet, chain, book.drafts().unwrap().len())
}

#[test]
fn whatever_write_fails_nothing_was_saved_and_the_next_save_works() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = enrolled(folder.path().join("a.db").to_str().unwrap());
    let created = household(&mut book);
    let kept = KeptDraft { visit: draft(&created), fields: fields(1) };
    book.keep_draft(Unit::Household(created.household), &kept).unwrap();
    let before = state(&book, &created);
    let writes = [
        "INSERT ON own_entry",
        "UPDATE ON enrolment",
        "INSERT ON entry_unit",
        "INSERT ON unit",
        "INSERT ON doc",
        "DELETE ON draft",
    ];
    for write in writes {
        let trigger =
            format!("CREATE TEMP TRIGGER power_cut BEFORE {write} BEGIN SELECT RAISE(ABORT, 'cut'); END");
        book.store.read().execute_batch(&trigger).unwrap();
        let failed = book.save_visit(draft(&created), &fields(1));
        assert!(matches!(failed, Err(FieldbookError::Store(StoreError::Sql { .. }))), "{write}: {failed:?}");
        assert_eq!(state(&book, &created), before, "{write}");
        book.store.read().execute_batch("DROP TRIGGER power_cut").unwrap();
    }
    book.save_visit(draft(&created), &fields(1)).unwrap();
    let (receipts, counts, .., drafts) = state(&book, &created);
    assert_eq!((receipts, counts.unsent, drafts), (4, 4, 0));
}

#[test]
fn a_full_disk_is_told_and_what_was_saved_before_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let mut book = enrolled(path.to_str().unwrap());
    let created = household(&mut book);
    let (mut full, mut saved) = (0, 0);
    for room in 0..60 {
        let pages: u32 = book.store.read().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        let limit = format!("PRAGMA max_page_count = {}", pages + room / 20);
        book.store.read().query_row(&limit, [], |_| Ok(())).unwrap();
        let before = state(&book, &created);
        match book.save_visit(draft(&created), &fields(room as usize)) {
            Ok(_) => saved += 1,
            Err(FieldbookError::Store(StoreError::Full)) => {
                full += 1;
                assert_eq!(state(&book, &created), before);
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(0 < full && 0 < saved, "both were met: {full} full, {saved} saved");
    let after = state(&book, &created);
    drop(book);
    assert_eq!(state(&self::book(path.to_str().unwrap()), &created), after);
}

#[test]
fn a_phone_that_dies_while_writing_reopens_with_everything_it_called_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let wal = folder.path().join("a.db-wal");
    let mut book = enrolled(path.to_str().unwrap());
    let created = household(&mut book);
    book.save_visit(draft(&created), &fields(1)).unwrap();
    let saved_before = book.receipts().unwrap().len();
    let at_rest = std::fs::metadata(&wal).unwrap().len();
    book.save_visit(draft(&created), &fields(2)).unwrap();
    let saved_after = book.receipts().unwrap().len();
    let (file, log) = (std::fs::read(&path).unwrap(), std::fs::read(&wal).unwrap());
    let at_rest = usize::try_from(at_rest).unwrap();
    assert!(at_rest < log.len(), "the second save is in the log");
    let mut seen = std::collections::BTreeSet::new();
    for cut in (at_rest..=log.len()).step_by(997).chain([log.len()]) {
        let there = folder.path().join(format!("cut-{cut}.db"));
        std::fs::write(&there, &file).unwrap();
        std::fs::write(folder.path().join(format!("cut-{cut}.db-wal")), &log[..cut]).unwrap();
        let reopened = self::book(there.to_str().unwrap());
        let receipts = reopened.receipts().unwrap().len();
        assert!(receipts == saved_before || receipts == saved_after, "never half of a save");
        let sheet = reopened.household(Unit::Household(created.household)).unwrap();
        let phone = if receipts == saved_after { fields(2) } else { fields(1) };
        assert_eq!(sheet.fields["p/phone"], [phone[0].1.clone()], "rows and entries agree");
        assert_eq!(usize::try_from(reopened.outbox().unwrap().unsent).unwrap(), receipts);
        seen.insert(receipts);
    }
    assert_eq!(seen.len(), 2, "the last byte makes the difference");
}

#[test]
fn an_older_projection_is_rebuilt_from_the_payloads_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let mut book = enrolled(path.to_str().unwrap());
    let created = household(&mut book);
    book.save_visit(draft(&created), &fields(7)).unwrap();
    let before = state(&book, &created);
    let spoil =
        "UPDATE meta SET value = 0 WHERE name = 'projection'; DELETE FROM doc; UPDATE unit SET fields = '{}'";
    book.store.read().execute_batch(spoil).unwrap();
    drop(book);
    let book = self::book(path.to_str().unwrap());
    assert_eq!(state(&book, &created), before);
}

#[test]
fn the_chain_of_a_phone_has_no_gap_and_every_entry_proves() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = enrolled(folder.path().join("a.db").to_str().unwrap());
    let created = household(&mut book);
    for nth in 1..5 {
        book.save_visit(draft(&created), &fields(nth)).unwrap();
    }
    let (entries, more) = outbox::to_send(book.store.read(), usize::MAX).unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(&[5; 32]).verifying_key();
    assert!(entries.iter().all(|entry| entry.prove(&key).is_ok()));
    assert!(entries.windows(2).all(|two| two[1].envelope.previous == two[0].envelope_hash()));
    assert_eq!((entries.first().map(|entry| entry.envelope.seq), more), (Some(1), 0));
    let (some, more) = outbox::to_send(book.store.read(), 1).unwrap();
    assert_eq!((some.len(), usize::try_from(more).unwrap()), (1, entries.len() - 1));
}

fn invented() -> Invented {
    let dwelling = crate::ids::DwellingId::from_bytes([8; 16]);
    let unit = Unit::Household(crate::ids::HouseholdId::from_bytes([9; 16]));
    let grid = GridId::from_bytes([6; 16]);
    let since = NaiveDate::from_ymd_opt(2026, 6, 20).unwrap();
    let address = Address { estate: "练习小区".into(), door: "101".into(), ..Address::default() };
    let used_as = crate::roster::DwellingUse::Home;
    let listed = crate::fact::Fact::DwellingListed { address, used_as, grid, from: since };
    let settled = crate::fact::Fact::Settled { dwelling, grid, from: None };
    Invented {
        community: CommunityId::from_bytes([4; 16]),
        grid,
        worker: WorkerId::from_bytes([7; 16]),
        worker_name: "练习".into(),
        recorded_at: Utc.with_ymd_and_hms(2026, 6, 20, 0, 0, 0).unwrap(),
        facts: vec![crate::community::CommunityFact::WentLive { on: since }],
        units: vec![
            crate::entry::UnitFact { unit: Unit::Vacant(dwelling), fact: listed },
            crate::entry::UnitFact { unit, fact: settled },
        ],
        fields: vec![(unit, fields(1))],
    }
}

#[test]
fn a_practice_book_has_nothing_to_send_and_the_book_beside_it_is_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = enrolled(folder.path().join("a.db").to_str().unwrap());
    let mut practice = book.practice(&invented()).unwrap();
    let row = practice.due(None, None).unwrap().rows[0].due.clone();
    assert_eq!(practice.household(row.unit).unwrap().fields["p/phone"], [fields(1)[0].1.clone()]);
    let met = VisitDraft {
        unit: Some(row.unit),
        dwelling: Some(row.dwelling),
        outcome: Some(VisitOutcome::Met { place: MeetingPlace::Inside }),
        ..VisitDraft::default()
    };
    practice.save_visit(met, &[]).unwrap();
    assert_eq!(practice.due(None, None).unwrap().quarter.done, 1);
    assert!(practice.sync_request().unwrap().is_none());
    assert!(matches!(practice.first_load().unwrap(), crate::sync::session::FirstLoad::Sync));
    drop(practice);
    assert!(book.receipts().unwrap().is_empty() && book.units().unwrap().is_empty());
    assert!(book.sync_request().unwrap().is_some(), "the real book goes on");
}

#[test]
fn a_day_off_leaves_one_day_less_and_is_never_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = enrolled(folder.path().join("a.db").to_str().unwrap());
    let days = book.own_days().unwrap();
    let before = book.due(None, None).unwrap();
    assert_eq!(usize::try_from(before.working_days_left).unwrap(), days.len());
    let off = OwnDay { off: true, ..days[0] };
    for _ in 0..2 {
        book.set_own_day(off).unwrap();
    }
    // A Sunday was free before, and changes nothing.
    let sunday = NaiveDate::from_ymd_opt(2026, 7, 12).unwrap();
    book.set_own_day(OwnDay { on: sunday, off: true }).unwrap();
    assert_eq!(book.due(None, None).unwrap().working_days_left, before.working_days_left - 1);
    assert!(book.own_days().unwrap()[0].off);
    assert_eq!(book.outbox().unwrap().unsent, 0);
    book.set_own_day(OwnDay { off: false, ..off }).unwrap();
    assert_eq!(book.due(None, None).unwrap(), before);
}

#[test]
fn with_every_day_left_taken_off_all_open_households_stand_on_one_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = enrolled(folder.path().join("a.db").to_str().unwrap());
    let mut practice = book.practice(&invented()).unwrap();
    for day in practice.own_days().unwrap() {
        practice.set_own_day(OwnDay { off: true, ..day }).unwrap();
    }
    let sheet = practice.due(None, None).unwrap();
    assert_eq!((sheet.working_days_left, sheet.per_working_day), (0, 1));
}

#[test]
fn what_a_host_matches_is_looked_for_in_addresses_names_and_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = enrolled(folder.path().join("a.db").to_str().unwrap());
    let created = household(&mut book);
    let found = |book: &Fieldbook, words: &str| -> Vec<Unit> {
        let lines = book.find_by(&|text| text.contains(words)).unwrap();
        lines.iter().map(|line| line.unit).collect()
    };
    let home = Unit::Household(created.household);
    assert_eq!(found(&book, "13800000000"), [home]);
    assert_eq!(found(&book, "阳光"), [Unit::Vacant(created.dwelling), home]);
    assert!(found(&book, "月光").is_empty());
}

#[test]
fn of_a_long_street_the_first_hundred_doors_are_found_in_walking_order_each_with_its_address() {
    let mut book = enrolled(":memory:");
    for nth in 1..=103 {
        let address = Address { estate: "阳光小区".into(), door: nth.to_string(), ..Address::default() };
        let found = NewHousehold {
            place: NewPlace::New { address, grid: GridId::from_bytes([6; 16]) },
            moved_in_on: None,
            split_from: None,
            members: Vec::new(),
            fields: fields(nth),
            reason: String::new(),
        };
        book.new_household(&found).unwrap();
    }
    let found = book.find_by(&|text| text.starts_with("阳光小区") || text.starts_with("138")).unwrap();
    assert_eq!(found.len(), 200, "each door and the household behind it");
    assert_eq!(found, book.units().unwrap()[..200]);
    assert!(found.iter().all(|line| line.address.is_some()));
}
