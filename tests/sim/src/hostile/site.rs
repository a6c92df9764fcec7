//! One hub with a few households, hostile phones that push at it, and an honest one that has to live with the outcome.

use std::path::Path;

use chrono::{DateTime, Utc};
use ruhu_core::category::Scalar;
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::{ENVELOPE_LEN, Entry, UnitFact};
use ruhu_core::fact::Fact;
use ruhu_core::ids::{DwellingId, GridId, Hash32, HouseholdId, WorkerId, derived};
use ruhu_core::profile::Profile;
use ruhu_core::roster::{Address, DwellingUse, Unit};
use ruhu_core::sync::wire::{ENTRY_MAX_BYTES, Verdict};
use ruhu_core::time::Period;
use ruhu_server::storage::StorageError;

use super::attacker::Attacker;
use super::changes::{make, member};
use super::records::{About, doc, readings, record};
use super::shadow::{Foreseen, MALFORMED, Shadow, TOO_LARGE, field};
use super::{Figures, Meter, panics};
use crate::city::{GridNo, Plan};
use crate::dice::Dice;
use crate::harness::{HarnessError, SimClock, SimHub, SimPhone};
use crate::worker::staff;

const HOUSEHOLDS: u8 = 8;
const ATTACKERS: u32 = 4;
/// Batches of one hub, and entries of one batch: together below what an enrolment may push a day.
const BATCHES: u32 = 24;
const BATCH: u32 = 60;
/// Payload bytes of one batch; the hub takes requests of 1 MiB.
const BATCH_BYTES: usize = 600_000;

/// One hub under attack.
pub(super) struct Site {
    hub: SimHub,
    watcher: SimPhone,
    attackers: Vec<Attacker>,
    homes: Vec<Home>,
    dice: Dice,
}

#[derive(Clone, Copy)]
struct Home {
    household: HouseholdId,
    dwelling: DwellingId,
}

/// What is on its way, and what the gate alone says to it.
struct Aimed {
    foreseen: Option<Foreseen>,
}

impl Site {
    pub(super) fn open(folder: &Path, seed: u64, nth: u64) -> Result<Self, HarnessError> {
        let seed = seed.wrapping_mul(1_000_003).wrapping_add(nth);
        let begin: DateTime<Utc> = DateTime::from_timestamp(1_782_867_600, 0).unwrap_or_default();
        let quarter = Period::quarter_of(begin.date_naive());
        let plan = Plan { seed, households: 30, grids: 2, on: quarter.first_day() };
        let path = folder.join("ruhu.db");
        let hub = SimHub::open(&path, SimClock::at(begin), seed, &staff(&plan, quarter))?;
        let (grid, worker) = place(&hub)?;
        let homes: Vec<Home> = (0..HOUSEHOLDS).map(|nth| home(seed, nth)).collect();
        let units = homes.iter().zip(1i16..).flat_map(|(home, nth)| listed(*home, grid, nth));
        let live = CommunityFact::WentLive { on: quarter.first_day() };
        hub.act(units.collect(), vec![live], "建立")?;
        hub.clock().move_to(begin + chrono::Duration::days(1));
        let file = folder.join("watcher.db");
        let mut watcher = SimPhone::enrol(&hub, worker, &file.to_string_lossy(), seed)?;
        watcher.sync(&hub)?;
        for (home, nth) in homes.iter().zip(0u32..) {
            watcher.book.edit_fields(Unit::Household(home.household), &first_fields(nth))?;
        }
        watcher.sync(&hub)?;
        let mut dice = Dice::new(seed, "hostile", &[]);
        let mut attackers = Vec::new();
        for _ in 0..ATTACKERS {
            attackers.push(Attacker::enrol(&hub, worker, &mut dice)?);
        }
        Ok(Self { hub, watcher, attackers, homes, dice })
    }

    /// Pushes until the round or the plan is at its end. Returns how often the making of a change panicked by itself.
    pub(super) fn round(
        &mut self,
        entries: u64,
        meter: &dyn Meter,
        figures: &mut Figures,
    ) -> Result<u64, HarnessError> {
        let mut own_panics = 0;
        for batch in 0..BATCHES {
            let left = entries.saturating_sub(figures.entries);
            if left == 0 {
                break;
            }
            let nth = usize::try_from(batch % ATTACKERS).unwrap_or(0);
            own_panics += self.batch(nth, left, meter, figures)?;
            self.hub.clock().move_to(self.hub.clock().now() + chrono::Duration::seconds(30));
        }
        self.live_on(figures)?;
        Ok(own_panics)
    }

    fn batch(
        &mut self,
        attacker: usize,
        left: u64,
        meter: &dyn Meter,
        figures: &mut Figures,
    ) -> Result<u64, HarnessError> {
        let (grid, _) = place(&self.hub)?;
        let mut shadows = Vec::new();
        for home in &self.homes {
            shadows.push(Shadow::of(&document(&self.hub, *home)?));
        }
        let (now, today) = (self.hub.clock().now(), self.hub.today());
        let Some(attacker) = self.attackers.get_mut(attacker) else { return Ok(0) };
        let (mut entries, mut aimed, mut bytes) = (Vec::new(), Vec::new(), 0usize);
        let before = attacker.chain;
        let mut own_panics = 0;
        for _ in 0..left.min(u64::from(BATCH)) {
            let nth = self.dice.below(u32::from(HOUSEHOLDS));
            let home = usize::try_from(nth).unwrap_or(0);
            let (Some(at), Some(shadow)) = (self.homes.get(home), shadows.get_mut(home)) else { continue };
            let about = About {
                worker: attacker.worker,
                household: at.household,
                dwelling: at.dwelling,
                grid,
                before: attacker.before,
                today,
            };
            let unit = self.dice.chance(980).then_some(Unit::Household(at.household));
            // The last one may bear a forged signature: what it says never reaches the gate.
            let forge = self.dice.chance(5);
            let is_change = !forge && self.dice.chance(650);
            let (payload, foreseen) = if is_change {
                let started = panics();
                let sent = make(&mut self.dice, &shadow.ground);
                own_panics += panics() - started;
                figures.changes += 1;
                let payload = doc(&mut self.dice, &about, sent.clone());
                let foreseen = if ENTRY_MAX_BYTES < payload.size_bytes() + ENVELOPE_LEN {
                    TOO_LARGE
                } else if unit.is_none() {
                    MALFORMED
                } else {
                    shadow.foresee(&sent, meter, figures)
                };
                (payload, Some(foreseen))
            } else {
                (record(&mut self.dice, &about), None)
            };
            bytes += payload.size_bytes();
            // A change recorded when nobody looked after the grid is out of scope before it comes to the gate.
            let wild = !is_change && self.dice.chance(200);
            let readings = readings(&mut self.dice, now, attacker.token, wild);
            let entry = attacker.seal(grid, unit, &readings, payload);
            if forge {
                attacker.chain = attacker.chain_before(&entry);
                entries.push(Entry { signature: [7; 64], ..entry });
                break;
            }
            entries.push(entry);
            aimed.push(Aimed { foreseen });
            if BATCH_BYTES < bytes {
                break;
            }
        }
        meter.mark();
        let reply = attacker.push(&self.hub, &entries)?;
        figures.request_grew_bytes = figures.request_grew_bytes.max(meter.grown_bytes());
        figures.entries += u64::try_from(entries.len()).unwrap_or(0);
        let Some(reply) = reply else {
            figures.finding(format!("批次没有得到答复 / no answer to a batch of {}", entries.len()));
            attacker.chain = before;
            return Ok(own_panics);
        };
        attacker.before = entries.first().map_or(Hash32::ZERO, |one| one.envelope.payload_hash);
        count(figures, &reply.verdicts);
        for (aimed, verdict) in aimed.iter().zip(&reply.verdicts) {
            let Some(foreseen) = aimed.foreseen else { continue };
            figures.changes_accepted += u64::from(foreseen == Foreseen::Accepted);
            if !foreseen.is(verdict) {
                figures.finding(format!("判定不同 / foreseen {foreseen:?}, the hub said {verdict:?}"));
            }
        }
        for (home, shadow) in self.homes.iter().zip(&mut shadows) {
            let held =
                Profile::load(&document(&self.hub, *home)?).map(|held| held.fields()).unwrap_or_default();
            let fields = shadow.profile.fields();
            if held != fields {
                let again =
                    Profile::load(&shadow.profile.save()).map(|held| held.fields()).unwrap_or_default();
                let keys = fields.iter().filter(|(key, values)| held.get(*key) != Some(values));
                let told: Vec<_> =
                    keys.map(|(key, values)| (key, values, held.get(key), again.get(key))).collect();
                figures.finding(format!(
                    "中心的户情与准入不同 / the hub's document is not what the gate made: {told:?}"
                ));
            }
        }
        Ok(own_panics)
    }

    /// The honest phone takes everything in, edits every household, and both sides hold the same; the log verifies.
    fn live_on(&mut self, figures: &mut Figures) -> Result<(), HarnessError> {
        // The pause after a failure, if one runs, is not what is looked at here.
        self.watcher.book.sync_now();
        self.watcher.sync(&self.hub)?;
        let note = format!("走访 {}", self.dice.below(1_000_000));
        let mut saved = 0;
        for home in &self.homes {
            let unit = Unit::Household(home.household);
            let edited = self.watcher.book.edit_fields(unit, &[field("p/note_for_next", &note)])?;
            saved += u32::from(edited.is_some());
        }
        self.watcher.book.sync_now();
        let exchange = self.watcher.sync(&self.hub)?;
        if exchange.accepted != saved || exchange.quarantined + exchange.parked != 0 {
            figures.finding(format!("诚实的修改未被接收 / honest edits were not taken: {exchange:?}"));
        }
        for home in &self.homes {
            let unit = Unit::Household(home.household);
            let held = Profile::load(&document(&self.hub, *home)?).map(|held| held.fields()).ok();
            let sheet = self.watcher.book.household(unit)?;
            if held.as_ref() != Some(&sheet.fields) {
                figures.finding("手机与中心的户情不同 / phone and hub hold different fields".into());
            }
        }
        let verified = self.hub.hub().verify()?;
        if !verified.faults.is_empty() {
            figures.finding(format!("核验不通过 / verify: {:?}", verified.faults.first()));
        }
        Ok(())
    }
}

fn count(figures: &mut Figures, verdicts: &[Verdict]) {
    for verdict in verdicts {
        match verdict {
            Verdict::Accepted { .. } => figures.accepted += 1,
            Verdict::Parked { .. } => figures.parked += 1,
            Verdict::Quarantined { .. } => figures.quarantined += 1,
            Verdict::NotTaken { .. } | Verdict::RetryLater => figures.not_taken += 1,
        }
    }
}

fn document(hub: &SimHub, home: Home) -> Result<Vec<u8>, HarnessError> {
    let found = hub.hub().storage().read(|tx| match tx.unit(Unit::Household(home.household))? {
        Some(row) => tx.unit_doc(row.nr),
        None => Ok::<_, StorageError>(None),
    })?;
    Ok(found.unwrap_or_default())
}

fn place(hub: &SimHub) -> Result<(GridId, WorkerId), HarnessError> {
    let missing = || HarnessError::Unfinished("网格 / a grid".into());
    hub.grid(GridNo(1)).zip(hub.worker(GridNo(1))).ok_or_else(missing)
}

fn home(seed: u64, nth: u8) -> Home {
    let parts = [&seed.to_be_bytes()[..], &[nth]];
    Home { household: derived("hostile/household", &parts), dwelling: derived("hostile/door", &parts) }
}

fn listed(home: Home, grid: GridId, nth: i16) -> [UnitFact; 2] {
    let address = Address {
        estate: "敌楼".into(),
        building: "1".into(),
        stair: "1".into(),
        floor: Some(nth),
        door: format!("{nth}01"),
        remainder: String::new(),
    };
    let from = chrono::NaiveDate::default();
    let door = Fact::DwellingListed { address, used_as: DwellingUse::Home, grid, from };
    let settled = Fact::Settled { dwelling: home.dwelling, grid, from: None };
    [
        UnitFact { unit: Unit::Vacant(home.dwelling), fact: door },
        UnitFact { unit: Unit::Household(home.household), fact: settled },
    ]
}

fn first_fields(nth: u32) -> Vec<(String, Scalar)> {
    vec![
        field("p/phone", &format!("1380000{nth:04}")),
        field("p/tenure", "owned"),
        field(&format!("m/{}/name", member(0)), "模拟户主"),
        field(&format!("m/{}/birth", member(0)), "1950"),
        field(&format!("m/{}/c/low-income/since", member(1)), "2024-01-01"),
    ]
}
