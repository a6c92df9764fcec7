//! One seed: a week of three phones and a hub.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ruhu_core::fieldbook::{Fieldbook, FieldbookError};
use ruhu_core::ids::{Hash32, WorkerId};
use ruhu_core::roster::Unit;
use ruhu_core::store::StoreError;
use ruhu_core::sync::session::SyncError;
use uuid::Uuid;

use super::clock::WrongClock;
use super::files::Copied;
use super::prepared::{PHONES, Prepared};
use super::{Story, check};
use crate::folder;
use crate::harness::SimClock;
use crate::village::Village;

/// Steps of a week; something happens at each.
const STEPS: u32 = 24;

/// What was met on the way, so that nothing is proven by luck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Met {
    /// Seeds.
    pub seeds: u32,
    /// Records and edits that were called saved.
    pub saved: usize,
    /// Of those, parked or quarantined at the end.
    pub apart: usize,
    /// Requests that were answered twice alike.
    pub repeated: u32,
    /// Withdrawals.
    pub withdrawn: u32,
    /// Re-visits answered, accounts given, appeals made.
    pub replied: u32,
    /// Households drawn into another grid.
    pub moved: u32,
    /// Hand-overs and covers.
    pub assigned: u32,
    /// Phones killed, most of them in the middle of a write.
    pub phone_kills: u32,
    /// Hubs killed likewise.
    pub hub_kills: u32,
    /// Old copies of a phone's file put back.
    pub phone_restores: u32,
    /// Old copies of the hub's database put back without telling the hub.
    pub hub_copies: u32,
    /// Old copies of the hub's database put back as `ruhu restore` does.
    pub hub_restores: u32,
    /// Saves and answers refused for want of space on the phone.
    pub phone_full: u32,
    /// Requests and acts refused for want of space at the hub.
    pub hub_full: u32,
    /// Households erased by decision.
    pub erased: u32,
    /// Records lost because both the phone and the hub were put back to before them.
    pub lost_twice: usize,
}

impl Met {
    /// Adds another seed's.
    pub const fn add(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.saved += other.saved;
        self.apart += other.apart;
        self.repeated += other.repeated;
        self.withdrawn += other.withdrawn;
        self.replied += other.replied;
        self.moved += other.moved;
        self.assigned += other.assigned;
        self.phone_kills += other.phone_kills;
        self.hub_kills += other.hub_kills;
        self.phone_restores += other.phone_restores;
        self.hub_copies += other.hub_copies;
        self.hub_restores += other.hub_restores;
        self.phone_full += other.phone_full;
        self.hub_full += other.hub_full;
        self.erased += other.erased;
        self.lost_twice += other.lost_twice;
    }
}

/// A phone with everything it called saved.
pub(super) struct Caller {
    pub(super) nth: usize,
    pub(super) worker: WorkerId,
    pub(super) path: PathBuf,
    pub(super) book: Fieldbook,
    pub(super) clock: WrongClock,
    /// What was called saved and must be somewhere for ever.
    pub(super) must: BTreeSet<Hash32>,
    /// Of those, what an old copy of the phone's file does not know: the hub alone holds it.
    pub(super) only_hub: BTreeSet<Hash32>,
    pub(super) requests: Vec<Vec<u8>>,
    pub(super) replies: Vec<(u16, Vec<u8>)>,
    pub(super) copies: Vec<Copied>,
    pub(super) full: bool,
}

impl Caller {
    /// A phone whose file is open.
    pub(super) const fn new(
        nth: usize,
        worker: WorkerId,
        path: PathBuf,
        book: Fieldbook,
        clock: WrongClock,
    ) -> Self {
        Self {
            nth,
            worker,
            path,
            book,
            clock,
            must: BTreeSet::new(),
            only_hub: BTreeSet::new(),
            requests: Vec::new(),
            replies: Vec::new(),
            copies: Vec::new(),
            full: false,
        }
    }
}

pub(super) struct Week<'s> {
    pub(super) village: Village,
    pub(super) hub_path: PathBuf,
    pub(super) hub_copies: Vec<Copied>,
    pub(super) hub_full: bool,
    pub(super) callers: Vec<Caller>,
    pub(super) dice: ChaCha8Rng,
    pub(super) proposed: Vec<(Unit, Hash32)>,
    pub(super) met: Met,
    files: u32,
    story: &'s Story,
}

/// Lives one seed and looks at the end whether everything is in its place.
///
/// # Panics
/// When something is not; [`super::try_seed`] catches that.
pub fn live(prepared: &Prepared, seed: u64, story: &Story) -> Met {
    let mut week = Week::begin(prepared, seed, story);
    for step in 0..STEPS {
        week.village.to(&format!("2026-07-{:02} {:02}:07", 2 + step / 4, 9 + step % 4 * 2));
        match week.dice.random_range(0..20) {
            0..8 => week.work(),
            8..10 => week.decide(),
            10..16 => week.call(),
            _ => week.break_something(),
        }
    }
    check::at_the_end(week)
}

impl<'s> Week<'s> {
    fn begin(prepared: &Prepared, seed: u64, story: &'s Story) -> Self {
        let folder = folder::new().unwrap();
        let hub_path = folder.path().join("ruhu.db");
        prepared.hub.put(&hub_path);
        let clock = SimClock::at(prepared.village.hub.clock().now());
        let village = prepared.village.copied(folder, clock, seed);
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut callers = Vec::new();
        for (nth, copy) in prepared.phones.iter().enumerate() {
            let boot = dice.random_bool(0.5).then(|| Uuid::from_u128(dice.random()));
            let by = if dice.random_bool(0.4) { dice.random_range(-3_000..3_000) } else { 0 };
            let clock = WrongClock::new(village.hub.clock(), boot, by);
            let path = village.folder.path().join(format!("phone-{nth}.db"));
            copy.put(&path);
            let book = open(&path, &clock, dice.random());
            let mut caller = Caller::new(nth, village.worker(PHONES[nth]), path, book, clock);
            caller.copies.push(copy.clone());
            callers.push(caller);
        }
        let mut week = Self::of(village, hub_path, callers, dice, story);
        week.hub_copies.push(prepared.hub.clone());
        week
    }

    /// A village with its phones, wherever they come from.
    pub(super) fn of(
        village: Village,
        hub_path: PathBuf,
        callers: Vec<Caller>,
        dice: ChaCha8Rng,
        story: &'s Story,
    ) -> Self {
        let met = Met { seeds: 1, ..Met::default() };
        Self {
            village,
            hub_path,
            hub_copies: Vec::new(),
            hub_full: false,
            callers,
            dice,
            proposed: Vec::new(),
            met,
            files: 0,
            story,
        }
    }

    /// Adds a line to the story, with the village's time.
    pub(super) fn tell(&self, line: &str) {
        let at = self.village.hub.clock().now().format("%m-%d %H:%M");
        self.story.tell(format!("{at}Z {line}"));
    }

    /// A path where nothing lies yet.
    pub(super) fn fresh_path(&mut self, kind: &str) -> PathBuf {
        self.files += 1;
        self.village.folder.path().join(format!("{kind}-{}.again.db", self.files))
    }

    pub(super) fn any_caller(&mut self) -> usize {
        self.dice.random_range(0..self.callers.len())
    }

    /// Everything the hub's log holds.
    pub(super) fn held(&self) -> BTreeSet<Hash32> {
        self.village.log().into_iter().collect()
    }
}

/// Opens a phone's file.
pub(super) fn open(path: &Path, clock: &WrongClock, seed: u64) -> Fieldbook {
    let rng = Box::new(ChaCha8Rng::seed_from_u64(seed));
    Fieldbook::open(path.to_str().unwrap(), "story/1", Arc::new(clock.clone()), rng).unwrap()
}

/// Whether the phone's space had run out.
pub(super) fn is_full(why: &FieldbookError) -> bool {
    matches!(
        why,
        FieldbookError::Store(StoreError::Full) | FieldbookError::Sync(SyncError::Store(StoreError::Full))
    )
}
