//! Kills, restores, full disks, clocks that are set.

use std::collections::BTreeSet;

use rand::RngExt;
use ruhu_core::ids::Hash32;
use ruhu_server::access::command_line;
use ruhu_server::erase::{Order, What};
use ruhu_server::storage::StorageError;
use uuid::Uuid;

use super::files::{Copied, remove};
use super::week::{Caller, Week, open};
use crate::village::GRIDS;

impl Week<'_> {
    /// Something goes wrong between two calls.
    pub(super) fn break_something(&mut self) {
        match self.dice.random_range(0..13) {
            0 | 1 => self.set_a_clock(),
            2 => {
                let nth = self.any_caller();
                self.tell(&format!("phone {nth} is killed while it rests"));
                let now = Copied::of(&self.callers[nth].path);
                self.kill_phone(nth, &now);
            }
            3 => {
                self.tell("the hub is killed while it rests");
                let now = Copied::of_hub(&self.hub_path);
                self.kill_hub(&now);
            }
            4 | 5 => {
                let nth = self.any_caller();
                let caller = &mut self.callers[nth];
                caller.copies.push(Copied::of(&caller.path));
            }
            6 | 7 => self.hub_copies.push(Copied::of_hub(&self.hub_path)),
            8 => self.restore_phone(),
            9 => self.restore_hub(),
            10 => self.fill_a_phone(),
            11 => self.erase(),
            _ => self.fill_the_hub(),
        }
    }

    fn set_a_clock(&mut self) {
        let nth = self.any_caller();
        let by_min = match self.dice.random_range(0..3) {
            0 => 0,
            1 => self.dice.random_range(-3_000..3_000),
            _ => self.dice.random_range(-60_000..60_000),
        };
        self.tell(&format!("the clock of phone {nth} is set off by {by_min} minutes"));
        self.callers[nth].clock.jump(by_min);
    }

    /// The phone stopped somewhere between `before` and now, and is started again.
    pub(super) fn kill_phone(&mut self, nth: usize, before: &Copied) {
        let after = Copied::of(&self.callers[nth].path);
        let left = Copied::killed_between(before, &after, &mut self.dice);
        self.start_phone(nth, &left);
        self.met.phone_kills += 1;
        let caller = &mut self.callers[nth];
        let kept = receipts(caller);
        for saved in caller.must.difference(&caller.only_hub) {
            assert!(kept.contains(saved), "phone {nth} lost {saved:?} in a kill");
        }
        // What was being saved when it was killed is there, or is not: nobody was told.
        caller.must.extend(kept);
    }

    fn start_phone(&mut self, nth: usize, left: &Copied) {
        let path = self.fresh_path("phone");
        left.put(&path);
        let seed = self.dice.random();
        let boot = Uuid::from_u128(self.dice.random());
        let caller = &mut self.callers[nth];
        caller.clock.reboot(boot);
        caller.book = open(&path, &caller.clock, seed);
        let old = std::mem::replace(&mut caller.path, path);
        caller.full = false;
        remove(&old);
    }

    /// The hub stopped somewhere between `before` and now, and is started again.
    pub(super) fn kill_hub(&mut self, before: &Copied) {
        let after = Copied::of_hub(&self.hub_path);
        let left = Copied::killed_between(before, &after, &mut self.dice);
        self.start_hub(&left);
        self.met.hub_kills += 1;
    }

    fn start_hub(&mut self, left: &Copied) {
        let path = self.fresh_path("ruhu");
        left.put(&path);
        let (clock, seed) = (self.village.hub.clock().clone(), self.dice.random());
        self.village.hub = self.village.hub.resume(&path, clock, seed).unwrap();
        let old = std::mem::replace(&mut self.hub_path, path);
        self.hub_full = false;
        remove(&old);
    }

    /// An old copy of a phone's file is put back. What only that phone held is gone with it; what the hub holds is not.
    fn restore_phone(&mut self) {
        let nth = self.any_caller();
        let copies = self.callers[nth].copies.len();
        let copy = self.callers[nth].copies[self.dice.random_range(0..copies)].clone();
        self.start_phone(nth, &copy);
        self.met.phone_restores += 1;
        let held = self.held();
        let caller = &mut self.callers[nth];
        let kept = receipts(caller);
        let gone: Vec<Hash32> = caller.must.difference(&kept).copied().collect();
        for record in gone {
            if held.contains(&record) {
                caller.only_hub.insert(record);
            } else {
                caller.must.remove(&record);
                caller.only_hub.remove(&record);
            }
        }
        caller.only_hub.retain(|record| !kept.contains(record));
        caller.must.extend(kept);
        self.tell(&format!("an old copy of phone {nth} is put back"));
    }

    /// Everything learnt of a household is erased by decision; phones that are away hear of it later.
    fn erase(&mut self) {
        let homes: Vec<_> = (1..=GRIDS).flat_map(|grid| self.village.homes(grid)).collect();
        let home = homes[self.dice.random_range(0..homes.len())];
        let order =
            Order { unit: home.unit(), what: What::Household, cause: "决定".into(), by: command_line() };
        let erased = self.village.hub.hub().erase(vec![order]);
        assert!(erased.is_ok() || self.hub_full, "{erased:?}");
        self.met.erased += u32::from(erased.is_ok());
        self.tell(&format!("household {:?} is erased: {}", home.household, erased.is_ok()));
    }

    /// An old copy of the hub's database is put back, with or without telling the hub.
    fn restore_hub(&mut self) {
        let copies = self.hub_copies.len();
        let copy = self.hub_copies[self.dice.random_range(0..copies)].clone();
        self.start_hub(&copy);
        let told = self.dice.random_bool(0.4);
        if told {
            self.village.hub.hub().storage().write(|tx| tx.open_hub_epoch()).unwrap();
            self.met.hub_restores += 1;
        } else {
            self.met.hub_copies += 1;
        }
        // As the product does before anything else: what was erased since is erased again.
        self.village.hub.hub().match_ledger().unwrap();
        let held = self.held();
        for caller in &mut self.callers {
            let before = caller.must.len();
            let only_hub = std::mem::take(&mut caller.only_hub);
            for record in only_hub {
                if held.contains(&record) {
                    caller.only_hub.insert(record);
                } else {
                    caller.must.remove(&record);
                }
            }
            self.met.lost_twice += before - caller.must.len();
        }
        self.tell(&format!("an old copy of the hub is put back; it is told: {told}"));
    }

    /// The space of a phone runs out, or is cleared.
    fn fill_a_phone(&mut self) {
        let nth = self.any_caller();
        let more = self.dice.random_range(0..4);
        let caller = &mut self.callers[nth];
        caller.full = !caller.full;
        let pages = if caller.full { pages_of(&caller.path) + more } else { u32::MAX };
        caller.book.limit_pages(pages).unwrap();
        let full = caller.full;
        self.tell(&format!("phone {nth} has no space left: {full}"));
    }

    fn fill_the_hub(&mut self) {
        self.hub_full = !self.hub_full;
        let more = self.dice.random_range(0..4);
        let pages = if self.hub_full { pages_of(&self.hub_path) + more } else { u32::MAX };
        self.limit_hub(pages);
        self.tell(&format!("the hub has no space left: {}", self.hub_full));
    }

    fn limit_hub(&self, pages: u32) {
        self.village.hub.hub().storage().write(move |tx| tx.limit_pages(pages)).unwrap_or_else(
            |why: StorageError| {
                panic!("{why:?}");
            },
        );
    }

    /// Everything that was broken and can be mended is mended.
    pub(super) fn mend(&mut self) {
        for caller in &mut self.callers {
            caller.book.limit_pages(u32::MAX).unwrap();
            caller.full = false;
        }
        self.limit_hub(u32::MAX);
        self.hub_full = false;
    }
}

fn receipts(caller: &Caller) -> BTreeSet<Hash32> {
    caller.book.receipts().unwrap().into_iter().map(|receipt| receipt.entry).collect()
}

/// How many pages the database has now.
fn pages_of(path: &std::path::Path) -> u32 {
    let db = rusqlite::Connection::open(path).unwrap();
    db.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap()
}
