//! Whatever the wall clock is set to, time once counted stays counted, and only the hub starts it anew.

use proptest::prelude::*;

use super::*;
use crate::time::SinceBoot;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// A phone whose worker plays with the clock: true time, how far the wall is off, and the boot it runs on.
struct Played {
    true_ms: i64,
    off_ms: i64,
    boot: u8,
    booted_ms: i64,
    has_boot_clock: bool,
}

impl Played {
    fn read(&self) -> PhoneTime {
        let wall = DateTime::from_timestamp_millis(self.true_ms + self.off_ms).unwrap();
        let ms = u64::try_from(self.true_ms - self.booted_ms).unwrap();
        let since = SinceBoot { ms, boot: Uuid::from_bytes([self.boot; 16]) };
        PhoneTime { wall, since_boot: self.has_boot_clock.then_some(since) }
    }
}

#[derive(Clone, Copy, Debug)]
enum Move {
    Wait(i64),
    Set(i64),
    Restart { after_ms: i64 },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let years = -20 * 365 * DAY_MS..20 * 365 * DAY_MS;
    let one = prop_oneof![
        (0..5 * DAY_MS).prop_map(Move::Wait),
        years.prop_map(Move::Set),
        (0..2 * DAY_MS).prop_map(|after_ms| Move::Restart { after_ms }),
    ];
    prop::collection::vec(one, 0..40)
}

proptest! {
    #[test]
    fn what_was_counted_is_never_taken_back_and_an_answer_starts_anew(
        moves in moves(), has_boot_clock: bool, ahead in -900 * DAY_MS..900 * DAY_MS,
    ) {
        let start = 1_783_245_780_000;
        let mut phone = Played { true_ms: start, off_ms: ahead, boot: 0, booted_ms: start, has_boot_clock };
        let mut counted = Counted::renewed(start, phone.read());
        let mut awake_ms = 0;
        for one in moves {
            match one {
                Move::Wait(ms) => { phone.true_ms += ms; awake_ms += ms; }
                Move::Set(off) => phone.off_ms = off,
                Move::Restart { after_ms } => {
                    // Looked at before it went off: that is what an app that is closed does.
                    counted = counted.at(phone.read());
                    phone.true_ms += after_ms;
                    phone.booted_ms = phone.true_ms;
                    phone.boot += 1;
                }
            }
            let later = counted.at(phone.read());
            prop_assert!(counted.counted_ms <= later.counted_ms);
            counted = later;
            if has_boot_clock {
                prop_assert!(awake_ms <= counted.silent_ms(), "time the phone was on always counts");
            }
        }
        prop_assert_eq!(Counted::renewed(phone.true_ms, phone.read()).at(phone.read()).silent_ms(), 0);
    }

    #[test]
    fn on_one_boot_it_is_the_true_time_whatever_the_wall_says(
        waits in prop::collection::vec((0..5 * DAY_MS, -9_000 * DAY_MS..9_000 * DAY_MS), 0..20),
    ) {
        let mut phone = Played { true_ms: 0, off_ms: 0, boot: 1, booted_ms: 0, has_boot_clock: true };
        let mut counted = Counted::renewed(0, phone.read());
        for (wait, off) in waits {
            phone.true_ms += wait;
            phone.off_ms = off;
            counted = counted.at(phone.read());
            prop_assert_eq!(counted.silent_ms(), phone.true_ms);
        }
    }
}

#[test]
fn a_clock_that_ran_ahead_at_the_sync_and_is_set_right_later_gains_nothing() {
    let mut phone = Played { true_ms: 0, off_ms: 40 * DAY_MS, boot: 0, booted_ms: 0, has_boot_clock: false };
    let counted = Counted::renewed(0, phone.read());
    phone.off_ms = 0;
    phone.true_ms = 35 * DAY_MS;
    let counted = counted.at(phone.read());
    assert_eq!(counted.silent_ms(), 35 * DAY_MS);
    phone.true_ms = 41 * DAY_MS;
    assert_eq!(counted.at(phone.read()).silent_ms(), 41 * DAY_MS);
}

#[test]
fn a_wall_clock_that_is_always_ahead_costs_nothing_of_the_lease() {
    let mut phone = Played { true_ms: 0, off_ms: 400 * DAY_MS, boot: 0, booted_ms: 0, has_boot_clock: false };
    let counted = Counted::renewed(0, phone.read());
    phone.true_ms = 3 * DAY_MS;
    assert_eq!(counted.at(phone.read()).silent_ms(), 3 * DAY_MS);
}
