//! Seeded weeks in which everything goes wrong that can (`ruhu_sim::faults`): whatever happens, each record is in one
//! place and everybody counts alike. And one reply, cut and garbled at every byte.

use ruhu_core::sync::wire::SYNC_PATH;
use ruhu_sim::faults::{Prepared, Story, run, try_seed};
use ruhu_tests::village::{Village, field};

/// More with `RUHU_SEEDS=n`; a million with `ruhu-sim faults --seeds 0..1000000`.
const SEEDS: u64 = 10_000;
/// One per core of the smallest machine that runs the tests.
const THREADS: u32 = 2;

/// `RUHU_SEED=n cargo test -p ruhu-tests --test stories whatever_goes_wrong` lives one seed again and tells its story
/// when it fails; `ruhu-sim faults --seeds n` tells it in any case.
#[test]
fn whatever_goes_wrong_each_record_is_in_one_place_and_everybody_counts_alike() {
    let prepared = Prepared::new();
    if let Some(seed) = std::env::var("RUHU_SEED").ok().and_then(|seed| seed.parse().ok()) {
        try_seed(&prepared, seed, &Story::default()).unwrap_or_else(|failed| panic!("{failed}"));
        return;
    }
    let seeds = std::env::var("RUHU_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    let met = run(&prepared, 0..seeds, THREADS).unwrap_or_else(|failed| panic!("{failed}"));
    let often = u64::from(met.hub_kills.min(met.hub_copies).min(met.hub_restores).min(met.phone_restores));
    assert!(seeds <= 10 * often.min(u64::from(met.phone_kills)), "each of them was met: {met:?}");
    assert!(seeds <= 40 * u64::from(met.phone_full.min(met.hub_full).min(met.repeated)), "{met:?}");
    assert!(0 < met.replied, "somebody answered the desk: {met:?}");
    assert!(0 < met.apart && seeds <= 10 * u64::from(met.moved.min(met.withdrawn)), "{met:?}");
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
