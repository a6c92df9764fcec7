//! 小村 – three grids with a few homes each, on a real hub with real phones: the smallest place a story can happen in.

use chrono::NaiveDateTime;
use ruhu_core::community::CommunityFact;
use ruhu_core::coverage::{Coverage, ObligationState};
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::{DwellingId, GridId, Hash32, HouseholdId, WorkerId, derived};
use ruhu_core::profile::{Profile, Scalar};
use ruhu_core::roster::{Address, DwellingUse, Unit};
use ruhu_core::sync::session::Exchange;
use ruhu_core::time::{Period, Zone};
use ruhu_core::visit::{MeetingPlace, VisitDraft, VisitOutcome};
use ruhu_server::storage::waiting::Waiting;
use ruhu_server::storage::{DatabaseAt, StorageError};
use tempfile::TempDir;

use crate::city::{GridNo, Plan};
use crate::folder;
use crate::harness::{SimClock, SimHub, SimPhone};
use crate::worker::staff;

/// Grids of the village.
pub const GRIDS: u32 = 3;

/// 小村 – a hub, its homes, and the folder everything lies in.
pub struct Village {
    /// The hub.
    pub hub: SimHub,
    /// Where databases of phones lie.
    pub folder: TempDir,
    homes: Vec<Home>,
    seed: u64,
}

/// 家 – a door of the village and who lives behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// Who lives there.
    pub household: HouseholdId,
    /// Behind which door.
    pub dwelling: DwellingId,
    /// In which grid, from 1.
    pub grid: u32,
}

impl Home {
    /// The household as a unit.
    #[must_use]
    pub const fn unit(self) -> Unit {
        Unit::Household(self.household)
    }

    /// A visit at which somebody was met at the door.
    #[must_use]
    pub fn met(self) -> VisitDraft {
        self.draft(VisitOutcome::Met { place: MeetingPlace::Door })
    }

    /// A visit with any outcome.
    #[must_use]
    pub fn draft(self, outcome: VisitOutcome) -> VisitDraft {
        VisitDraft {
            unit: Some(self.unit()),
            dwelling: Some(self.dwelling),
            outcome: Some(outcome),
            ..VisitDraft::default()
        }
    }
}

impl Village {
    /// Set up and live on 20 June 2026, with `per_grid` homes and one empty flat in each grid; the clock stands at
    /// 1 July, 09:00 in China.
    #[must_use]
    pub fn new(seed: u64, per_grid: u8) -> Self {
        let folder = folder::new().unwrap();
        let at = DatabaseAt::File(folder.path().join("ruhu.db"));
        Self::on(at, folder, seed, per_grid)
    }

    /// The same on any database; the folder is for the phones.
    #[must_use]
    pub fn on(at: DatabaseAt, folder: TempDir, seed: u64, per_grid: u8) -> Self {
        let quarter: Period = "2026Q3".parse().unwrap();
        let plan = Plan { seed, households: 30, grids: GRIDS, on: quarter.first_day() };
        let clock = SimClock::at(instant("2026-06-20 09:00"));
        let hub = SimHub::open(at, clock, seed, &staff(&plan, quarter)).unwrap();
        let mut village = Self { hub, folder, homes: Vec::new(), seed };
        let mut units = Vec::new();
        for grid in 1..=GRIDS {
            for nth in 0..=per_grid {
                let home = village.home_of(grid, nth);
                units.push(village.listed(home, nth));
                if nth < per_grid {
                    units.push(village.settled(home, grid));
                }
                village.homes.push(home);
            }
        }
        let live = CommunityFact::WentLive { on: "2026-06-20".parse().unwrap() };
        village.act(units, vec![live]);
        village.to("2026-07-01 09:00");
        village
    }

    /// The same village on another file of its hub, with a clock and chance of its own.
    #[must_use]
    pub fn copied(&self, folder: TempDir, clock: SimClock, seed: u64) -> Self {
        let hub = self.hub.resume(&folder.path().join("ruhu.db"), clock, seed).unwrap();
        Self { hub, folder, homes: self.homes.clone(), seed: self.seed }
    }

    fn home_of(&self, grid: u32, nth: u8) -> Home {
        let parts = [&self.seed.to_be_bytes()[..], &grid.to_be_bytes()[..], &[nth]];
        Home {
            household: derived("village/household", &parts),
            dwelling: derived("village/door", &parts),
            grid,
        }
    }

    fn listed(&self, home: Home, nth: u8) -> UnitFact {
        let address = Address {
            estate: "小村".into(),
            building: home.grid.to_string(),
            stair: "1".into(),
            floor: Some(i16::from(nth) + 1),
            door: format!("{}01", nth + 1),
            remainder: String::new(),
        };
        let (used_as, grid) = (DwellingUse::Home, self.grid(home.grid));
        let from = "2026-01-01".parse().unwrap();
        UnitFact {
            unit: Unit::Vacant(home.dwelling),
            fact: Fact::DwellingListed { address, used_as, grid, from },
        }
    }

    /// That the household of a home lives at its door, in a grid.
    #[must_use]
    pub fn settled(&self, home: Home, grid: u32) -> UnitFact {
        let fact = Fact::Settled { dwelling: home.dwelling, grid: self.grid(grid), from: None };
        UnitFact { unit: home.unit(), fact }
    }

    /// The homes of a grid somebody lives in, in walking order.
    #[must_use]
    pub fn homes(&self, grid: u32) -> Vec<Home> {
        let mut homes: Vec<Home> = self.homes.iter().filter(|one| one.grid == grid).copied().collect();
        homes.pop();
        homes
    }

    /// The empty flat of a grid.
    #[must_use]
    pub fn empty_flat(&self, grid: u32) -> DwellingId {
        self.homes.iter().rfind(|one| one.grid == grid).unwrap().dwelling
    }

    /// The id of a grid.
    #[must_use]
    pub fn grid(&self, grid: u32) -> GridId {
        self.hub.grid(GridNo(grid)).unwrap()
    }

    /// The worker who was responsible for a grid from the first.
    #[must_use]
    pub fn worker(&self, grid: u32) -> WorkerId {
        self.hub.worker(GridNo(grid)).unwrap()
    }

    /// Moves everybody's clock on, to a local time of China.
    pub fn to(&self, at: &str) {
        self.hub.clock().move_to(instant(at));
    }

    /// One act of the community lead.
    pub fn act(&self, units: Vec<UnitFact>, facts: Vec<CommunityFact>) {
        self.hub.act(units, facts, "核实").unwrap();
    }

    /// One fact about one unit, by the community lead.
    pub fn say(&self, unit: Unit, fact: Fact) {
        self.act(vec![UnitFact { unit, fact }], Vec::new());
    }

    /// Where the file of a phone of this name lies.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(format!("{name}.db")).to_str().unwrap().to_owned()
    }

    /// A new phone for the worker of a grid, with its first load.
    #[must_use]
    pub fn phone(&self, grid: u32, name: &str) -> SimPhone {
        let seed = u64::from_be_bytes(Hash32::of(&[&self.seed.to_be_bytes(), name.as_bytes()]).head());
        let mut phone = SimPhone::enrol(&self.hub, self.worker(grid), &self.path(name), seed).unwrap();
        self.sync(&mut phone);
        phone
    }

    /// Syncs a phone at once, whatever pause is running.
    pub fn sync(&self, phone: &mut SimPhone) -> Exchange {
        phone.book.sync_now();
        phone.sync(&self.hub).unwrap()
    }

    /// The finished rows of a grid in the running quarter, as of today.
    #[must_use]
    pub fn rows(&self, grid: u32) -> Coverage {
        self.hub.hub().refresh_day().unwrap();
        let (grid, quarter) = (self.grid(grid), Period::quarter_of(self.hub.today()));
        self.hub.hub().storage().read(|tx| tx.grid_coverage(grid, quarter)).unwrap().unwrap()
    }

    /// 已访 and 应访 of a grid, as the hub counts them.
    #[must_use]
    pub fn progress(&self, grid: u32) -> (u32, u32) {
        let total = self.rows(grid).total();
        (total.done, total.due)
    }

    /// What the hub's rows say of one unit; `None` when it is not due.
    #[must_use]
    pub fn state(&self, home: Home) -> Option<ObligationState> {
        self.rows(home.grid).obligations.iter().find(|one| one.unit == home.unit()).map(|one| one.state)
    }

    /// That a phone counts a grid as the hub does, and lists as open exactly what is outstanding there.
    pub fn assert_agrees(&self, phone: &SimPhone, grid: u32) {
        let sheet = phone.book.due(Some(self.hub.today()), Some(self.grid(grid))).unwrap();
        assert_eq!((sheet.quarter.done, sheet.quarter.due), self.progress(grid), "grid {grid}");
        let mut open: Vec<Unit> =
            sheet.rows.iter().filter(|row| row.due.quarter.is_some()).map(|row| row.due.unit).collect();
        let rows = self.rows(grid);
        let outstanding = rows.obligations.iter().filter(|one| one.state.is_outstanding());
        let mut outstanding: Vec<Unit> = outstanding.map(|one| one.unit).collect();
        open.sort_unstable();
        outstanding.sort_unstable();
        assert_eq!(open, outstanding, "grid {grid}");
    }

    /// All values the hub holds for one field of a household; two of them are a conflict.
    #[must_use]
    pub fn values(&self, unit: Unit, key: &str) -> Vec<Scalar> {
        let doc = self.hub.hub().storage().read(|tx| match tx.unit(unit)? {
            Some(row) => tx.unit_doc(row.nr),
            None => Ok(None),
        });
        let Some(doc) = doc.unwrap() else { return Vec::new() };
        Profile::load(&doc).unwrap().fields().get(key).cloned().unwrap_or_default()
    }

    /// Payload hashes of every entry of the log that is not a repeat, in the order of receipt.
    #[must_use]
    pub fn log(&self) -> Vec<Hash32> {
        let mut hashes = Vec::new();
        let read = self.hub.hub().storage().read(|tx| {
            tx.each_entry(|_, kept| {
                let kept = kept?;
                if kept.repeats.is_none() {
                    hashes.push(kept.entry.envelope.payload_hash);
                }
                Ok::<(), StorageError>(())
            })
        });
        read.unwrap();
        hashes
    }

    /// How often the hub holds a record or an edit.
    #[must_use]
    pub fn times_held(&self, entry: Hash32) -> usize {
        self.log().iter().filter(|held| **held == entry).count()
    }

    /// What waits at the hub, parked or in quarantine.
    #[must_use]
    pub fn waiting(&self) -> Vec<Waiting> {
        let community = self.hub.community();
        self.hub.hub().storage().read(|tx| tx.waiting_in(community)).unwrap()
    }

    /// That `ruhu verify` finds nothing.
    pub fn assert_verifies(&self) {
        assert_eq!(self.hub.hub().verify().unwrap().faults, []);
    }
}

/// One field with a text.
#[must_use]
pub fn field(key: &str, value: &str) -> Vec<(String, Scalar)> {
    vec![(key.to_owned(), Scalar::Str(value.to_owned()))]
}

fn instant(at: &str) -> chrono::DateTime<chrono::Utc> {
    let at = NaiveDateTime::parse_from_str(at, "%Y-%m-%d %H:%M").unwrap();
    Zone::CHINA.instant(at.date(), at.time())
}
