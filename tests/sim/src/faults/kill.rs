//! Real processes: `ruhu serve` and `ruhu-phone` over loopback, either killed with `kill -9` at random moments under load.
//! At the end the same is looked for as after a seed.

use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ruhu_core::fieldbook::Saved;
use ruhu_core::ids::Hash32;
use ruhu_core::roster::Unit;
use ruhu_core::time::Clock;

use super::clock::WrongClock;
use super::prepared::PHONES;
use super::week::{Caller, Week, open};
use super::{Met, Prepared, Story, check};
use crate::folder;
use crate::harness::SimClock;

/// Commands of a phone that live longer are not what is tried here.
const COMMAND_MAX: Duration = Duration::from_secs(60);
/// The hub must answer its port within this time after a kill.
const START_MAX: Duration = Duration::from_secs(60);
/// A command is killed, if at all, within this many microseconds.
const PHONE_LIVES_US: u64 = 120_000;
/// The hub is killed between these many milliseconds after it answered.
const HUB_LIVES_MS: std::ops::Range<u64> = 30..500;

/// What to kill, and how often.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Kills in all, of the hub and of phones.
    pub times: u32,
    /// Who is killed when follows from it, as far as the machine lets it.
    pub seed: u64,
    /// The program `ruhu`.
    pub hub: PathBuf,
    /// The program `ruhu-phone`.
    pub phone: PathBuf,
}

/// What happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Killed {
    /// Kills of the hub.
    pub hub: u32,
    /// Kills of a phone while it recorded or synced.
    pub phones: u32,
    /// Commands that came to their end.
    pub commands: u32,
    /// Records that were called saved, and are all where they should be.
    pub saved: usize,
    /// Records that a killed command had written before it could say so.
    pub unsaid: usize,
    /// How long it took, milliseconds.
    pub took_ms: u64,
}

/// So often a phone comes again when the hub asks it to.
const COMES_AGAIN: u32 = 10;

/// Runs the plan on folders of its own. `clock` is the system's: the processes read it too.
///
/// # Panics
/// When something was lost, doubled or counted otherwise; or when a program cannot be started.
#[must_use]
pub fn run(plan: &Plan, clock: &dyn Clock) -> Killed {
    let began = Instant::now();
    let prepared = Prepared::new();
    let data = folder::new().unwrap();
    let address = free_address();
    prepared.hub.put(&data.path().join("ruhu.db"));
    let stores: Vec<PathBuf> =
        (0..PHONES.len()).map(|nth| data.path().join(format!("phone-{nth}.db"))).collect();
    for (store, copy) in stores.iter().zip(&prepared.phones) {
        copy.put(store);
        let db = rusqlite::Connection::open(store).unwrap();
        db.execute("UPDATE enrolment SET url = ?1", [format!("http://{address}")]).unwrap();
    }
    let (stop, kills) = (AtomicBool::new(false), AtomicU32::new(0));
    let mut killed = Killed::default();
    let mut hub = serve(plan, data.path(), address);
    let works: Vec<Work> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0u64..)
            .zip(&stores)
            .map(|(nth, store)| {
                let (stop, kills) = (&stop, &kills);
                let dice = ChaCha8Rng::seed_from_u64(plan.seed << 8 | nth);
                scope.spawn(move || work(plan, store, dice, stop, kills))
            })
            .collect();
        let mut dice = ChaCha8Rng::seed_from_u64(plan.seed << 8 | 255);
        while kills.load(Ordering::SeqCst) < plan.times && !threads.iter().any(|one| one.is_finished()) {
            std::thread::park_timeout(Duration::from_millis(dice.random_range(HUB_LIVES_MS)));
            hub.kill();
            killed.hub += 1;
            kills.fetch_add(1, Ordering::SeqCst);
            hub = serve(plan, data.path(), address);
        }
        stop.store(true, Ordering::SeqCst);
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for _ in 0..3 {
        for store in &stores {
            // What a killed hub had on its way it takes one by one: it may ask a phone to come again.
            let done = (0..COMES_AGAIN).any(|_| {
                ended(phone(plan, store, &["sync"]), None).is_some_and(|said| said.contains("\"done\""))
            });
            assert!(done, "a sync over a good line comes to its end");
        }
    }
    hub.kill();
    let story = Story::default();
    let now = SimClock::at(clock.read().wall);
    let village = prepared.village.copied(data, now.clone(), plan.seed);
    let mut callers = Vec::new();
    for (nth, (store, work)) in stores.into_iter().zip(works).enumerate() {
        let clock = WrongClock::new(&now, None, 0);
        let book = open(&store, &clock, plan.seed);
        assert_eq!(book.outbox().unwrap().unsent, 0, "phone {nth} has sent everything");
        let mut caller = Caller::new(nth, village.worker(PHONES[nth]), store, book, clock);
        let kept: BTreeSet<Hash32> = caller.book.receipts().unwrap().iter().map(|one| one.entry).collect();
        for saved in &work.saved {
            assert!(kept.contains(saved), "phone {nth} lost {saved:?} in a kill");
        }
        killed.unsaid += kept.len() - work.saved.len();
        killed.phones += work.killed;
        killed.commands += work.commands;
        caller.must = kept;
        callers.push(caller);
    }
    let hub_path = village.folder.path().join("ruhu.db");
    let dice = ChaCha8Rng::seed_from_u64(plan.seed);
    let Met { saved, .. } = check::at_the_end(Week::of(village, hub_path, callers, dice, &story));
    killed.saved = saved - killed.unsaid;
    killed.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap();
    killed
}

/// What one phone's commands came to.
#[derive(Default)]
struct Work {
    saved: BTreeSet<Hash32>,
    killed: u32,
    commands: u32,
}

/// Records and syncs without pause; about every second command is killed.
fn work(plan: &Plan, store: &Path, mut dice: ChaCha8Rng, stop: &AtomicBool, kills: &AtomicU32) -> Work {
    let homes = homes(store);
    let mut done = Work::default();
    let mut telephone = 0u32;
    while !stop.load(Ordering::SeqCst) {
        let home = &homes[dice.random_range(0..homes.len())];
        telephone += 1;
        let field = format!("p/phone=138{telephone:08}");
        let words: &[&str] = match dice.random_range(0..4) {
            0 | 1 => &["sync"],
            2 => &["visit", home, "not-home"],
            _ => &["visit", home, "met", "--field", &field],
        };
        let lives =
            dice.random_bool(0.5).then(|| Duration::from_micros(dice.random_range(0..PHONE_LIVES_US)));
        let records = words[0] == "visit";
        match ended(phone(plan, store, words), lives) {
            Some(said) => {
                done.commands += 1;
                if records && let Ok(saved) = serde_json::from_str::<Saved>(&said) {
                    done.saved.extend(saved.record.into_iter().chain(saved.edit));
                }
            }
            None => {
                done.killed += 1;
                kills.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
    done
}

/// Ids of the households a phone holds.
fn homes(store: &Path) -> Vec<String> {
    let clock = WrongClock::new(&SimClock::at(chrono::DateTime::UNIX_EPOCH), None, 0);
    let lines = open(store, &clock, 0).units().unwrap();
    let homes = lines.into_iter().filter_map(|line| match line.unit {
        Unit::Household(id) => Some(id.to_string()),
        Unit::Vacant(_) => None,
    });
    homes.collect()
}

fn phone(plan: &Plan, store: &Path, words: &[&str]) -> Child {
    let mut command = Command::new(&plan.phone);
    command.arg("--store").arg(store).arg("--json").args(words);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// What a command said when it came to its end; `None` when it was killed before that.
fn ended(mut child: Child, lives: Option<Duration>) -> Option<String> {
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < COMMAND_MAX, "a command of a phone hangs");
        if lives.is_some_and(|lives| lives <= began.elapsed()) {
            // `kill` is SIGKILL: nothing is closed in good order.
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
    let output = child.wait_with_output().unwrap();
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The hub as a process; killed when it is dropped.
struct Hub(Child);

impl Hub {
    fn kill(&mut self) {
        // It may have ended by itself, which the next start would show.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Starts the hub and waits until its port answers.
fn serve(plan: &Plan, data: &Path, address: SocketAddr) -> Hub {
    let mut command = Command::new(&plan.hub);
    command.arg("--data").arg(data).args(["serve", "--listen", &address.to_string()]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut hub = Hub(child);
    let began = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(hub.0.try_wait().unwrap().is_none(), "the hub does not start");
        assert!(began.elapsed() < START_MAX, "the hub does not answer");
        std::thread::park_timeout(Duration::from_millis(2));
    }
    hub
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
