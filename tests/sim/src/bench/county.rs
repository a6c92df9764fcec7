//! 区县 – a county made for measuring the hub: communities of six grids, 400 households and one phone a grid.
//!
//! Its roster comes in as acts of the desk, its past as pushes of its phones: both through the hub's own code, so that
//! what is measured afterwards stands on rows the product wrote. Everything follows from numbers, and what a phone
//! must know to go on is read from the hub, so that a county once built can be opened again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use ed25519_dalek::SigningKey;
use ruhu_core::entry::{Chain, StreamId};
use ruhu_core::ids::{
    AccountId, CommunityId, DwellingId, EnrolmentId, GridId, Hash32, HouseholdId, WorkerId, derived,
};
use ruhu_core::sync::wire::Cursor;
use ruhu_core::time::Zone;
use ruhu_server::storage::postgres::Server;
use ruhu_server::storage::{DatabaseAt, Hub, StorageError};
use serde::{Deserialize, Serialize};

pub(crate) mod fill;

use super::BenchError;
use crate::dice::Dice;
use crate::harness::{HarnessError, SimClock};

/// Households of a grid (`domain.md`: 300 to 500).
pub const GRID_HOUSEHOLDS: u32 = 400;
/// Grids of a community.
pub const COMMUNITY_GRIDS: u32 = 6;
/// Entries an enrolled phone of the county has sealed are all of this epoch.
const EPOCH: u32 = 1;
/// Days the past is spread over: four whole quarters before the running one.
const PAST_DAYS: u32 = 365;

/// How large a county is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Households; each has a door of its own.
    pub households: u32,
    /// Entries in the log: two of the roster for each household, the rest visits of the past.
    pub entries: u32,
}

/// Where a county is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// A folder: for the database where it is a file, and for what the bench notes down.
    pub folder: PathBuf,
    /// The address of the database where it is on a server.
    pub server: Option<String>,
}

impl Kept {
    /// In a file in this folder.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), server: None }
    }

    /// The database.
    ///
    /// # Errors
    /// [`BenchError::Address`].
    pub fn database(&self) -> Result<DatabaseAt, BenchError> {
        match &self.server {
            Some(address) => Ok(address.parse::<Server>()?.into()),
            None => Ok(database(&self.folder).as_path().into()),
        }
    }
}

/// 网格 – one grid with its worker and its phone.
#[derive(Clone, Debug)]
pub struct Patch {
    /// Its number.
    pub nth: u32,
    /// The number of its first household.
    pub first: u32,
    /// How many households it has.
    pub households: u32,
    /// Where it lies.
    pub community: CommunityId,
    /// Its id.
    pub grid: GridId,
    /// Who looks after it.
    pub worker: WorkerId,
    /// The phone's enrolment.
    pub enrolment: EnrolmentId,
    /// The phone's key.
    pub key: SigningKey,
}

/// A county on a hub of its own.
pub struct County {
    /// The hub.
    pub hub: Arc<Hub>,
    /// Its clock.
    pub clock: SimClock,
    /// How large it is.
    pub size: Size,
    /// Its grids, by number.
    pub patches: Vec<Patch>,
}

/// What a phone knows of the hub before it asks.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Where its chain stands.
    pub chain: Chain,
    /// How far it has read: everything.
    pub cursors: BTreeMap<StreamId, Cursor>,
    /// The hub's epoch.
    pub hub_epoch: u32,
}

impl County {
    /// Opens the county, or builds it there and notes that it is whole.
    ///
    /// # Errors
    /// [`BenchError`]; a county of another size stands there.
    pub fn at(kept: &Kept, size: Size, today: NaiveDate) -> Result<Self, BenchError> {
        let mark = kept.folder.join("county.json");
        let known = std::fs::read_to_string(&mark).ok();
        let county = Self::open(kept, size, today)?;
        match known {
            Some(known) if serde_json::from_str::<Size>(&known)? == size => {}
            Some(_) => return Err(BenchError::Nothing),
            None => {
                county.fill(today)?;
                std::fs::write(&mark, serde_json::to_string(&size)?)
                    .map_err(|source| BenchError::Io { what: "记下区县 note the county", source })?;
            }
        }
        county.clock.move_to(noon(today));
        county.hub.refresh_day().map_err(HarnessError::from)?;
        Ok(county)
    }

    /// Opens what is there, at the beginning of its past.
    fn open(kept: &Kept, size: Size, today: NaiveDate) -> Result<Self, BenchError> {
        let clock = SimClock::at(noon(went_live(today)));
        let rng = Dice::new(1, "county", &[]).rng().clone();
        let hub = Hub::open(kept.database()?, Arc::new(clock.clone()), Box::new(rng));
        let hub = Arc::new(hub.map_err(HarnessError::from)?);
        let grids = size.households.div_ceil(GRID_HOUSEHOLDS);
        let patches = (0..grids).map(|nth| Patch::of(nth, size)).collect();
        Ok(Self { hub, clock, size, patches })
    }

    /// What the phone of a grid knows when it has read everything.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn standing(&self, patch: &Patch) -> Result<Standing, StorageError> {
        let streams = [
            StreamId::Grid(patch.grid),
            StreamId::Community(patch.community),
            StreamId::Worker(patch.worker),
        ];
        self.hub.storage().read(|tx| {
            let mut chain = Chain::start(self.hub.id(), patch.enrolment, EPOCH);
            let phone = tx.enrolment(patch.enrolment)?;
            if let Some(phone) = phone
                && let Some(at) = tx.chain(phone.nr, EPOCH)?
            {
                (chain.next_seq, chain.previous) = (at.next_seq, at.previous);
            }
            let mut cursors = BTreeMap::new();
            for stream in streams {
                if let Some(at) = tx.stream(stream)? {
                    cursors.insert(stream, Cursor { seq: at.next_seq - 1, head: at.head.head() });
                }
            }
            Ok(Standing { chain, cursors, hub_epoch: tx.hub_epoch()? })
        })
    }
}

impl Size {
    /// Visits of the past that a grid's phone has made: whole rounds of the county, and its share of the last.
    #[must_use]
    pub fn visits_of(&self, patch: &Patch) -> u32 {
        let visits = self.entries.saturating_sub(self.households.saturating_mul(2));
        let (rounds, rest) = (visits.checked_div(self.households), visits.checked_rem(self.households));
        let last = rest.unwrap_or(0).saturating_sub(patch.first).min(patch.households);
        rounds.unwrap_or(0) * patch.households + last
    }
}

impl Patch {
    fn of(nth: u32, size: Size) -> Self {
        let first = nth * GRID_HOUSEHOLDS;
        let households = GRID_HOUSEHOLDS.min(size.households.saturating_sub(first));
        Self::with(nth, first, households)
    }

    /// The grid with a number, of the `households` from `first` on.
    #[must_use]
    pub fn with(nth: u32, first: u32, households: u32) -> Self {
        let id = nth.to_be_bytes();
        Self {
            nth,
            first,
            households,
            community: derived("bench/community", &[&(nth / COMMUNITY_GRIDS).to_be_bytes()]),
            grid: derived("bench/grid", &[&id]),
            worker: derived("bench/worker", &[&id]),
            enrolment: derived("bench/enrolment", &[&id]),
            key: SigningKey::from_bytes(&Hash32::of(&[b"bench/key", &id]).0),
        }
    }

    /// The household with a number, and its door.
    #[must_use]
    pub fn household(nth: u32) -> (HouseholdId, DwellingId) {
        (derived("bench/household", &[&nth.to_be_bytes()]), derived("bench/door", &[&nth.to_be_bytes()]))
    }
}

/// Where the database of a folder is.
#[must_use]
pub fn database(folder: &Path) -> PathBuf {
    folder.join("ruhu.db")
}

/// The account that set the county up.
#[must_use]
pub fn lead() -> AccountId {
    derived("bench/lead", &[])
}

/// The day the county went live: the first day of the quarter a year back.
pub(crate) fn went_live(today: NaiveDate) -> NaiveDate {
    let back = today.checked_sub_days(Days::new(u64::from(PAST_DAYS))).unwrap_or(today);
    ruhu_core::time::Period::quarter_of(back).first_day()
}

/// Noon in China.
#[must_use]
pub fn noon(day: NaiveDate) -> DateTime<Utc> {
    Zone::CHINA.instant(day, NaiveTime::from_hms_opt(12, 0, 0).unwrap_or(NaiveTime::MIN))
}
