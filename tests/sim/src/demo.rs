//! 演示 – a data folder with a community whose quarter has been worked up to today, ready to be served.
//!
//! Residents and workers are invented; the import, the phones, the sync and the hub are the product's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::ids::{AccountId, CommunityId, Hash32};
use ruhu_core::roster::Community;
use ruhu_core::time::{Clock, Period, PhoneTime, Zone};
use ruhu_server::access::password::one_time;
use ruhu_server::access::totp::{code, letters, step_at};
use ruhu_server::access::{Account, AccountError, NewAccount, Place, Role};
use ruhu_server::findings::FindingError;
use ruhu_server::office::requests::RequestError;
use ruhu_server::office::rights::RightsError;
use ruhu_server::recheck::RecheckError;
use ruhu_server::storage::{Hub, StorageError};
use serde::{Deserialize, Serialize};

use crate::city::{City, Plan};
use crate::harness::{DayDone, HarnessError, Quarter, SimClock, SimHub, community};
use crate::lead::evening;
use crate::rights::residents;
use crate::sheet;
use crate::spot::spot_check;
use crate::worker::staff;
use crate::world::days;

/// The community goes live so many days before the quarter, so that the whole quarter counts.
const LIVE_DAYS_BEFORE: u64 = 10;
/// What a folder of the demo is known by.
const CARD: &str = "demo.json";

/// What the demo is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPlan {
    /// Its folder.
    pub data: PathBuf,
    /// Everything invented follows from it; keys and passwords do not.
    pub seed: u64,
    /// How many households.
    pub households: u32,
    /// The moment the quarter is worked up to.
    pub now: DateTime<Utc>,
    /// How far `now` is from the real time, in milliseconds; 0 unless a day was asked for.
    pub shift_ms: i64,
}

/// 演示卡 – what a folder of the demo holds, kept beside its database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Its seed.
    pub seed: u64,
    /// Its community.
    pub community: CommunityId,
    /// Its community's name.
    pub name: String,
    /// The quarter that was worked.
    pub period: Period,
    /// The day it was worked up to.
    pub worked_to: NaiveDate,
    /// How far the demo's time is from the real time, in milliseconds.
    pub shift_ms: i64,
    /// Who can sign in.
    pub logins: Vec<Login>,
}

/// One account of the demo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// What is typed.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Its password at the beginning.
    pub password: String,
    /// The key for an authenticator app, in letters, where the role has to have a second factor.
    #[serde(default)]
    pub totp: Option<String>,
    /// Recovery codes, each good once instead of a code of the app.
    #[serde(default)]
    pub recovery: Vec<String>,
}

/// What is being done, for whoever waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The community is invented.
    City,
    /// Its roster is imported.
    Roster {
        /// Doors.
        doors: usize,
        /// Households.
        households: usize,
    },
    /// The phones make their first load.
    Phones {
        /// How many.
        count: usize,
    },
    /// A day was worked.
    Day {
        /// Which.
        day: NaiveDate,
        /// The last one.
        last: NaiveDate,
        /// What it brought.
        done: DayDone,
    },
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A folder that holds something else.
    #[error(
        "{0} 不是演示数据目录,请用 --data 换一个 / {0} is no folder of the demo: choose another with --data"
    )]
    Foreign(PathBuf),
    /// The folder cannot be read or written.
    #[error("{what} {path}")]
    Folder {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The card cannot be read.
    #[error("读取演示卡 / read the demo's card")]
    Card(#[from] serde_json::Error),
    /// The hub.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// An account.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The quarter.
    #[error(transparent)]
    Harness(#[from] HarnessError),
    /// What residents asked for.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// What residents asked about their own record.
    #[error(transparent)]
    Rights(#[from] RightsError),
    /// A spot-check.
    #[error(transparent)]
    Recheck(#[from] RecheckError),
    /// A record in doubt.
    #[error(transparent)]
    Finding(#[from] FindingError),
}

/// Time of a demo that stands at another day than the real one.
#[derive(Clone, Copy, Debug)]
pub struct ShiftedClock<C> {
    /// The real clock.
    pub real: C,
    /// How far from it, in milliseconds.
    pub shift_ms: i64,
}

impl<C: Clock> Clock for ShiftedClock<C> {
    fn read(&self) -> PhoneTime {
        let real = self.real.read();
        PhoneTime::wall_only(real.wall + chrono::Duration::milliseconds(self.shift_ms))
    }
}

/// The card of a folder that is ready; `None` when there is nothing in it yet.
///
/// # Errors
/// [`DemoError`].
pub fn find(data: &Path) -> Result<Option<Card>, DemoError> {
    let folder = |what, source| DemoError::Folder { what, path: data.to_owned(), source };
    match std::fs::read(data.join(CARD)) {
        Ok(bytes) => return Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => {}
        Err(why) => return Err(folder("读取 / read", why)),
    }
    match std::fs::read_dir(data).map(Iterator::count) {
        Ok(0) => Ok(None),
        Ok(_) => Err(DemoError::Foreign(data.to_owned())),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(folder("打开目录 / open the folder", why)),
    }
}

/// Makes the folder: invents the community, imports its roster, and has its workers work the quarter up to now.
/// The folder appears when all of it is done; broken off, nothing is left in the way of another try.
///
/// # Errors
/// [`DemoError`].
pub fn make(plan: &DemoPlan, entropy: [u8; 32], tell: &mut dyn FnMut(Step)) -> Result<Card, DemoError> {
    let mut staging = plan.data.clone().into_os_string();
    staging.push(".making");
    let staging = PathBuf::from(staging);
    let failed = |what: &'static str| {
        let path = staging.clone();
        move |source| DemoError::Folder { what, path, source }
    };
    if staging.exists() {
        std::fs::remove_dir_all(&staging).map_err(failed("清除未完成的演示 / clear an unfinished demo"))?;
    }
    let card = fill(&staging, plan, entropy, tell)?;
    let bytes = serde_json::to_vec_pretty(&card)?;
    std::fs::write(staging.join(CARD), bytes).map_err(failed("写出演示卡 / write the card"))?;
    std::fs::rename(&staging, &plan.data).map_err(failed("启用目录 / put the folder in its place"))?;
    Ok(card)
}

fn fill(
    folder: &Path,
    plan: &DemoPlan,
    entropy: [u8; 32],
    tell: &mut dyn FnMut(Step),
) -> Result<Card, DemoError> {
    let today = Zone::CHINA.date(plan.now);
    let period = Period::quarter_of(today);
    let live = period.first_day().checked_sub_days(Days::new(LIVE_DAYS_BEFORE)).unwrap_or(today);
    tell(Step::City);
    let city_plan = Plan { seed: plan.seed, households: plan.households, grids: 6, on: live };
    let city = City::build(city_plan);
    let staff = staff(&city_plan, period);
    let morning = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or(NaiveTime::MIN);
    let clock = SimClock::at(Zone::CHINA.instant(live, morning));
    let randomness = Box::new(StdRng::from_seed(entropy));
    let hub = ruhu_server::cli::open(folder, Arc::new(clock.clone()), randomness)?;
    let place = community(plan.seed);
    let (lead, made) = accounts(&hub, &place)?;
    let hub = SimHub::set_up(Arc::new(hub), clock, &place, lead, &staff)?;
    tell(Step::Roster { doors: city.doors.len(), households: city.families.len() });
    let roster = sheet::roster(&city).map_err(HarnessError::from)?;
    hub.import("roster.xlsx", &roster)?;
    tell(Step::Phones { count: staff.workers.len() });
    // The phones' keys are as real as the hub's: nobody may guess them from the seed.
    let phone_seed = u64::from_be_bytes(hub.hub().random());
    let mut quarter = Quarter::begin(city, staff, hub, period, phone_seed)?;
    for day in days(period.first_day(), today) {
        let done = quarter.work_day(day, plan.now)?;
        evening(quarter.hub.hub(), place.id, lead, day)?;
        spot_check(quarter.hub.hub(), place.id, lead, today - day)?;
        residents(quarter.hub.hub(), place.id, lead, today - day)?;
        tell(Step::Day { day, last: today, done });
    }
    // Now, not before the quarter: a password holds ninety days.
    let logins = made.into_iter().map(|one| login(quarter.hub.hub(), one));
    let logins = logins.collect::<Result<Vec<_>, _>>()?;
    Ok(Card {
        seed: plan.seed,
        community: place.id,
        name: place.name,
        period,
        worked_to: today,
        shift_ms: plan.shift_ms,
        logins,
    })
}

/// An account just made, with its one-time password.
type Made = (Account, String);

/// One account for each role that looks at the pages.
fn accounts(hub: &Hub, place: &Community) -> Result<(AccountId, Vec<Made>), DemoError> {
    let street = Place::Street { county: place.county.clone(), street: place.street.clone() };
    let wanted = [
        ("shequ", "社区负责人", Role::Community, Place::Community { id: place.id }),
        ("fuzhuren", "社区副主任", Role::Community, Place::Community { id: place.id }),
        ("fuhe", "复核人", Role::Community, Place::Community { id: place.id }),
        ("jiedao", "街道", Role::Street, street),
        ("quxian", "区县", Role::County, Place::County { county: place.county.clone() }),
        ("shenji", "审计", Role::Auditor, Place::Hub),
        ("anquan", "安全管理员", Role::SecurityAdmin, Place::Hub),
        ("admin", "系统管理员", Role::SystemAdmin, Place::Hub),
    ];
    let mut all = Vec::new();
    let mut lead = None;
    for (name, shown, role, place) in wanted {
        let new = NewAccount { name: name.to_owned(), shown: shown.to_owned(), role, place };
        let first = hub.add_account(&new)?;
        let own = hub.accounts()?.into_iter().find(|one| one.name == name).ok_or(AccountError::Unknown)?;
        // The first one; the others find, and hear appeals, where it may not be the same person.
        if role == Role::Community {
            lead.get_or_insert(own.id);
        }
        all.push((own, first));
    }
    Ok((lead.ok_or(AccountError::Unknown)?, all))
}

/// What a person does at his first sign-in: a password of his own, and a second factor where his role has to have one. Both
/// are printed at every start.
fn login(hub: &Hub, (own, first): Made) -> Result<Login, DemoError> {
    let password = format!("Demo-{}", one_time(&hub.random()).to_lowercase());
    hub.change_password(&own, &first, &password)?;
    let (mut totp, mut recovery) = (None, Vec::new());
    if own.must_set_up_totp() {
        let secret = hub.begin_totp(own.id)?;
        let code = code(&secret, step_at(hub.now_ms()));
        recovery = hub.confirm_totp(own.id, Hash32::ZERO, &code)?;
        totp = Some(letters(&secret).to_string());
    }
    Ok(Login { name: own.name, role: own.role, password, totp, recovery })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruhu_server::access::totp::Second;
    use ruhu_server::findings::course::all;
    use ruhu_server::office::requests::listed;

    #[test]
    fn a_demo_is_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("demo");
        assert_eq!(find(&data).unwrap(), None);
        let now = "2026-07-21T08:00:00Z".parse().unwrap();
        let plan = DemoPlan { data: data.clone(), seed: 1, households: 90, now, shift_ms: 0 };
        let mut worked = 0;
        let card = make(&plan, [7; 32], &mut |step| {
            if let Step::Day { done, .. } = step {
                worked += done.saved;
            }
        })
        .unwrap();
        assert!(worked > 20, "{worked}");
        assert_eq!(find(&data).unwrap(), Some(card.clone()));
        let clock = Arc::new(ruhu_core::time::FixedClock(now));
        let hub = ruhu_server::cli::open(&data, clock, Box::new(StdRng::from_seed([8; 32]))).unwrap();
        let requests = hub.storage().read(|tx| {
            let file = tx.community(card.community)?.unwrap_or_default();
            listed(tx, &file, |one| one.state.latest().is_some())
        });
        assert!(!requests.unwrap().is_empty(), "what was asked for was taken up");
        let findings = hub.storage().read(|tx| all(tx, card.community)).unwrap();
        assert_eq!(findings.len(), 1, "one record is in doubt, and was cleared");
        let cases = hub.storage().read(|tx| tx.cases_of(card.community)).unwrap();
        let over: Vec<bool> = cases.iter().map(|(_, state)| state.is_over()).collect();
        assert_eq!(over, [true, false], "one resident was answered, one waits to be called");
        assert_eq!(hub.verify().unwrap().faults, []);
        let lead = &card.logins[0];
        hub.sign_in(&lead.name, &lead.password).unwrap();
        let auditor = card.logins.iter().find(|login| login.role == Role::Auditor).unwrap();
        let half = hub.sign_in(&auditor.name, &auditor.password).unwrap();
        let second = Second::Recovery(auditor.recovery[0].clone());
        assert!(hub.give_code(&half.token, &second, "").is_ok(), "a second factor in the demo too");
        assert!(!folder.path().join("demo.making").exists());
    }

    #[test]
    fn a_folder_of_somebody_elses_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("letter.txt"), "dear").unwrap();
        assert!(matches!(find(folder.path()), Err(DemoError::Foreign(_))));
    }
}
