//! 取材 – from the hub's rows of one community and period to the material of a review; the only module here that reads storage.
//!
//! Work is bounded by the community: its unit files, and of the log only what arrived about its households since the period
//! began, grid by grid. Bodies are opened by the vault as every reader's are; nothing of them but counts, answers and words to be
//! compared goes further, and nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use ruhu_core::entry::Contents;
use ruhu_core::fact::Fact;
use ruhu_core::file::UnitFile;
use ruhu_core::ids::{CommunityId, DwellingId, Hash32};
use ruhu_core::life::Standing;
use ruhu_core::profile::{Profile, Scalar};
use ruhu_core::projection::home;
use ruhu_core::roster::{Address, By, Unit};
use ruhu_core::time::{Period, Zone};
use ruhu_core::visit::{AnswerValue, VisitBody, VisitSkeleton};

use super::evidence::{
    Boot, Chain, Evidence, Housing, KnownChange, KnownWhat, Material, Missing, Place, Said, Times, Told,
    Words,
};
use crate::report::reading::ReadingError;
use crate::storage::Tx;
use crate::storage::log::Kept;

/// An entry of the desk this near to an import came from its roster, in milliseconds.
const IMPORT_MS: i64 = 600_000;

/// What was read of one household or door.
#[derive(Default)]
struct Heard {
    /// Visits by their payload hash.
    visits: BTreeMap<Hash32, (Kept, VisitSkeleton, Option<VisitBody>)>,
    /// Fields written, by worker and local day.
    edits: BTreeMap<(By, NaiveDate), u32>,
    /// Changes the desk wrote into the document: when it happened, when it was learnt.
    dated: Vec<(NaiveDate, i64)>,
}

/// Reads everything a review of one community and period needs.
///
/// # Errors
/// [`ReadingError`].
pub fn gather(tx: &Tx<'_>, community: CommunityId, period: Period) -> Result<Material, ReadingError> {
    let file = tx.community(community)?.ok_or(ReadingError::UnknownCommunity)?;
    let zone = file.zone();
    let since_ms = zone.instant(period.first_day(), NaiveTime::MIN).timestamp_millis();
    let imports: Vec<i64> = tx.import_batches(community)?.into_iter().map(|batch| batch.made_ms).collect();
    let from_register =
        |ms: i64| imports.iter().any(|made| ms.saturating_sub(*made).saturating_abs() <= IMPORT_MS);
    let mut gathered = Gathered::of(zone, period);
    for grid in file.grids().into_keys() {
        let mut heard: BTreeMap<Unit, Heard> = BTreeMap::new();
        for kept in tx.entries_since(grid, since_ms)? {
            if let Some(unit) = kept.entry.envelope.unit {
                hear(zone, heard.entry(unit).or_default(), kept);
            }
        }
        for (row, file) in tx.files_in(grid)? {
            let heard = heard.remove(&row.unit).unwrap_or_default();
            gathered.place(&file);
            gathered.take(&file, &heard, &from_register);
        }
    }
    Ok(gathered.material(community))
}

fn hear(zone: Zone, heard: &mut Heard, kept: Kept) {
    if kept.repeats.is_some() {
        return;
    }
    let at = chrono::DateTime::from_timestamp_millis(kept.recorded_ms).unwrap_or_default();
    match kept.entry.payload.read() {
        Ok(Contents::Visit { skeleton, body }) => {
            heard.visits.insert(kept.entry.envelope.payload_hash, (kept, skeleton, body));
        }
        Ok(Contents::Doc { skeleton, change }) => {
            let fields = change.map(|bytes| Profile::values_of(&bytes)).unwrap_or_default();
            let count = u32::try_from(fields.len()).unwrap_or(u32::MAX);
            *heard.edits.entry((skeleton.by, zone.date(at))).or_default() += count;
            if matches!(skeleton.by, By::Desk(_)) {
                heard.dated.extend(fields.iter().filter_map(dated).map(|on| (on, kept.received_ms)));
            }
        }
        _ => {}
    }
}

/// The day somebody entered a category, of a field like `m/<id>/c/<category>/since`.
fn dated((key, value): &(String, Scalar)) -> Option<NaiveDate> {
    let Scalar::Str(day) = value else { return None };
    (key.contains("/c/") && key.ends_with("/since")).then(|| day.parse().ok()).flatten()
}

/// What is put together, unit by unit.
struct Gathered {
    zone: Zone,
    period: Period,
    records: Vec<Evidence>,
    addresses: BTreeMap<DwellingId, Address>,
    behind: BTreeMap<DwellingId, u32>,
    changes: Vec<KnownChange>,
}

impl Gathered {
    fn of(zone: Zone, period: Period) -> Self {
        let (addresses, behind) = (BTreeMap::new(), BTreeMap::new());
        Self { zone, period, records: Vec::new(), addresses, behind, changes: Vec::new() }
    }

    fn place(&mut self, file: &UnitFile) {
        match file.unit() {
            Unit::Vacant(dwelling) => {
                let address = file.facts().rev().find_map(|(_, stamped)| match &stamped.fact {
                    Fact::DwellingListed { address, .. } => Some(address.clone()),
                    _ => None,
                });
                self.addresses.extend(address.map(|address| (dwelling, address)));
            }
            Unit::Household(_) => {
                let gone = file
                    .facts()
                    .any(|(_, one)| matches!(one.fact, Fact::Left { .. } | Fact::Dissolved { .. }));
                if let Some(home) = home(file).filter(|_| !gone) {
                    *self.behind.entry(home.dwelling).or_default() += 1;
                }
            }
        }
    }

    fn take(&mut self, file: &UnitFile, heard: &Heard, from_register: &dyn Fn(i64) -> bool) {
        let standing = Standing::of(file);
        let effective = standing.effective_visits(file, &[file.unit()]);
        let met: BTreeSet<NaiveDate> =
            effective.iter().filter(|one| one.outcome.met_somebody()).map(|one| one.visited_on).collect();
        for visit in effective.iter().filter(|one| !one.found_false && self.period.contains(one.visited_on)) {
            let Some((kept, skeleton, body)) = heard.visits.get(&visit.record.entry) else { continue };
            let by = (By::Worker(skeleton.made_by), skeleton.visited_on);
            let edits = heard.edits.get(&by).copied().unwrap_or(0);
            let before = met.range(..skeleton.visited_on).next_back();
            let days_since_met =
                before.and_then(|before| u32::try_from((skeleton.visited_on - *before).num_days()).ok());
            let mut is = evidence(kept, skeleton, days_since_met);
            is.told = body.as_ref().map(|body| told(body, edits));
            self.records.push(is);
        }
        self.known(file, heard, from_register);
    }

    fn known(&mut self, file: &UnitFile, heard: &Heard, from_register: &dyn Fn(i64) -> bool) {
        let mut known = |unit: Unit, on: NaiveDate, known_ms: i64, what: KnownWhat| {
            let from_register = from_register(known_ms);
            self.changes.push(KnownChange { unit, on, known_ms, what, from_register });
        };
        let standing = Standing::of(file);
        for (stamp, stamped) in file.facts().filter(|(_, one)| matches!(one.by, By::Desk(_))) {
            if !standing.holds(stamp, stamped) {
                continue;
            }
            match &stamped.fact {
                Fact::Left { on, .. } => known(file.unit(), *on, stamp.recorded_ms, KnownWhat::Left),
                Fact::Dissolved { on, .. } => known(file.unit(), *on, stamp.recorded_ms, KnownWhat::Divided),
                Fact::SplitFrom { from, on } => {
                    known(Unit::Household(*from), *on, stamp.recorded_ms, KnownWhat::Divided);
                }
                _ => {}
            }
        }
        for (on, known_ms) in &heard.dated {
            known(file.unit(), *on, *known_ms, KnownWhat::CategoryIn);
        }
    }

    fn material(self, community: CommunityId) -> Material {
        let mut highest: BTreeMap<(&str, &str), i16> = BTreeMap::new();
        let mut most: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for (dwelling, address) in &self.addresses {
            let building = (address.estate.as_str(), address.building.as_str());
            if let Some(floor) = address.floor {
                let top = highest.entry(building).or_insert(floor);
                *top = floor.max(*top);
            }
            let behind = self.behind.get(dwelling).copied().unwrap_or(0);
            let top = most.entry(building).or_default();
            *top = behind.max(*top);
        }
        let places = self.addresses.iter().map(|(dwelling, address)| {
            let building = (address.estate.as_str(), address.building.as_str());
            let top = highest.get(&building).copied();
            let housing = Housing::of(top, most.get(&building).copied().unwrap_or(0));
            (*dwelling, place(address, housing))
        });
        let missing = missing(&self.records, &self.changes);
        let material = Material {
            community,
            period: self.period,
            zone: self.zone,
            places: places.collect(),
            records: self.records,
            changes: self.changes,
            missing,
        };
        material.sorted()
    }
}

fn evidence(kept: &Kept, skeleton: &VisitSkeleton, days_since_met: Option<u32>) -> Evidence {
    let envelope = &kept.entry.envelope;
    Evidence {
        record: envelope.payload_hash,
        worker: skeleton.made_by,
        unit: skeleton.unit,
        dwelling: skeleton.dwelling,
        visited_on: skeleton.visited_on,
        visited_at: skeleton.visited_at,
        outcome: skeleton.outcome.code(),
        late_entry: skeleton.late_entry,
        corrects: skeleton.supersedes.is_some(),
        days_since_met,
        times: Times {
            token_ms: envelope.token.map(|token| token.hub_ms),
            stated_ms: envelope.recorded_ms,
            recorded_ms: kept.recorded_ms,
            received_ms: kept.received_ms,
            wall_ms: envelope.read.wall.timestamp_millis(),
            boot: envelope.read.since_boot.map(|since| Boot { id: since.boot, ms: since.ms }),
        },
        chain: Chain { enrolment: envelope.enrolment, epoch: envelope.epoch, seq: envelope.seq },
        told: None,
    }
}

fn told(body: &VisitBody, edits: u32) -> Told {
    let words = body.requests.iter().map(|one| one.words.as_str());
    let words = words.chain(body.hazards.iter().map(|one| one.words.as_str()));
    let remark: Vec<&str> = std::iter::once(body.note.as_str()).chain(words).collect();
    Told {
        changes: body.changes.iter().map(|one| format!("{:?}", one.kind)).collect(),
        edits,
        requests: u32::try_from(body.requests.len() + body.hazards.len()).unwrap_or(u32::MAX),
        answers: body.answers.iter().filter_map(|one| Some((one.question, said(&one.value)?))).collect(),
        remark: Words::new(&remark.join("")),
    }
}

fn said(value: &AnswerValue) -> Option<Said> {
    Some(match value {
        AnswerValue::NotAsked => return None,
        AnswerValue::YesNo(yes) => Said::YesNo(*yes),
        AnswerValue::Choice(nth) => Said::Choice(*nth),
        AnswerValue::Number(number) => Said::Number(*number),
        AnswerValue::Date(day) => Said::Day(*day),
        AnswerValue::Text(text) => Said::Text(Hash32::of(&[text.as_bytes()])),
    })
}

fn place(address: &Address, housing: Housing) -> Place {
    Place {
        estate: address.estate.clone(),
        building: address.building.clone(),
        stair: address.stair.clone(),
        floor: address.floor,
        housing,
        walking_key: address.walking_key(),
        shown: address.to_string(),
    }
}

/// What a review of these records cannot look at.
fn missing(records: &[Evidence], changes: &[KnownChange]) -> BTreeSet<Missing> {
    let mut missing: BTreeSet<Missing> = [Missing::Location, Missing::ActiveTime].into();
    let told = || records.iter().filter_map(|one| one.told.as_ref());
    let marks = [
        (records.iter().any(|one| one.times.boot.is_none()), Missing::BootClock),
        (records.iter().any(|one| one.told.is_none()), Missing::ErasedBodies),
        (told().all(|told| told.answers.is_empty()), Missing::Questions),
        (changes.is_empty(), Missing::Registers),
    ];
    missing.extend(marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark));
    missing
}
