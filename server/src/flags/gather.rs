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
use ruhu_core::ids::{CommunityId, DwellingId, Hash32, ImportId};
use ruhu_core::life::Standing;
use ruhu_core::profile::{Profile, Scalar};
use ruhu_core::projection::home;
use ruhu_core::roster::{Address, By, Unit};
use ruhu_core::time::{Period, Zone};
use ruhu_core::visit::{AnswerValue, VisitBody, VisitSkeleton};

use super::evidence::{
    Boot, Chain, Evidence, Housing, KnownChange, KnownWhat, Material, Missing, Place, Said, SaidBy, Times,
    Told, Words,
};
use crate::import::commit::Written;
use crate::report::reading::ReadingError;
use crate::storage::log::Kept;
use crate::storage::{StorageError, Tx};

/// Categories entered by imports that still stand: of which household, in which field, which day.
type Registers = BTreeMap<(Unit, String, String), ImportId>;

/// What was read of one household or door.
#[derive(Default)]
struct Heard {
    /// Visits by their payload hash.
    visits: BTreeMap<Hash32, (Kept, VisitSkeleton, Option<VisitBody>)>,
    /// Fields written, notes apart, by worker and the local day they were recorded on.
    edits: BTreeMap<(By, NaiveDate), u32>,
    /// Changes the desk wrote into the document: when it happened, when it was learnt, from where.
    dated: Vec<(NaiveDate, i64, SaidBy)>,
    /// Fields of categories written so far.
    known: BTreeSet<String>,
}

/// Reads everything a review of one community and period needs.
///
/// # Errors
/// [`ReadingError`].
pub fn gather(tx: &Tx<'_>, community: CommunityId, period: Period) -> Result<Material, ReadingError> {
    let file = tx.community(community)?.ok_or(ReadingError::UnknownCommunity)?;
    let zone = file.zone();
    let since_ms = zone.instant(period.first_day(), NaiveTime::MIN).timestamp_millis();
    let registers = registers(tx, community)?;
    let mut gathered = Gathered::of(zone, period);
    for grid in file.grids().into_keys() {
        let mut heard: BTreeMap<Unit, Heard> = BTreeMap::new();
        for kept in tx.entries_since(grid, since_ms)? {
            if let Some(unit) = kept.entry.envelope.unit {
                hear(zone, &registers, (unit, heard.entry(unit).or_default()), kept);
            }
        }
        for (row, file) in tx.files_in(grid)? {
            let heard = heard.remove(&row.unit).unwrap_or_default();
            gathered.place(&file);
            gathered.take(&file, &heard);
        }
    }
    Ok(gathered.material(community))
}

/// What imports that were not undone entered of categories. One that can no longer be read, or was erased in part, says less.
fn registers(tx: &Tx<'_>, community: CommunityId) -> Result<Registers, StorageError> {
    let mut registers = Registers::new();
    for batch in tx.import_batches(community)?.into_iter().filter(|batch| batch.undone_ms.is_none()) {
        let Ok(written) = serde_json::from_slice::<Written>(&batch.written) else { continue };
        for household in &written.plan.households {
            let unit = Unit::Household(household.id);
            let fields = household.profile(community).filter(|(key, ..)| is_since(key));
            registers.extend(fields.map(|(key, _, day)| ((unit, key, day), batch.id)));
        }
    }
    Ok(registers)
}

fn hear(zone: Zone, registers: &Registers, (unit, heard): (Unit, &mut Heard), kept: Kept) {
    if kept.repeats.is_some() {
        return;
    }
    match kept.entry.payload.read() {
        Ok(Contents::Visit { skeleton, body }) => {
            heard.visits.insert(kept.entry.envelope.payload_hash, (kept, skeleton, body));
        }
        Ok(Contents::Doc { skeleton, change: Some(change) }) => {
            let fields = Profile::values_of(&change);
            let count = fields.iter().filter(|(key, _)| !key.starts_with("p/note")).count();
            *heard.edits.entry((skeleton.by, day_of(zone, &kept))).or_default() +=
                u32::try_from(count).unwrap_or(u32::MAX);
            // What builds on nothing begins a document: the first one, or what stays of it after an erasure. No news.
            let is_news = matches!(skeleton.by, By::Desk(_)) && !Profile::builds_on(&change).is_empty();
            for (key, value) in fields.into_iter().filter(|(key, _)| is_since(key)) {
                let Scalar::Str(day) = value else { continue };
                // A day written over another one corrects it; only the first word of a category is a change.
                if let (true, false, Ok(on)) = (is_news, heard.known.contains(&key), day.parse()) {
                    let import = registers.get(&(unit, key.clone(), day));
                    let said_by = import.map_or(SaidBy::Desk, |import| SaidBy::Register(*import));
                    heard.dated.push((on, kept.received_ms, said_by));
                }
                heard.known.insert(key);
            }
        }
        _ => {}
    }
}

/// The local day an entry was recorded on, as far as the hub can vouch for it.
fn day_of(zone: Zone, kept: &Kept) -> NaiveDate {
    zone.date(chrono::DateTime::from_timestamp_millis(kept.recorded_ms).unwrap_or_default())
}

/// Whether a field like `m/<id>/c/<category>/since` says since when somebody is of a category.
fn is_since(key: &str) -> bool {
    key.contains("/c/") && key.ends_with("/since")
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

    fn take(&mut self, file: &UnitFile, heard: &Heard) {
        let standing = Standing::of(file);
        let effective = standing.effective_visits(file, &[file.unit()]);
        let met: BTreeSet<NaiveDate> =
            effective.iter().filter(|one| one.outcome.met_somebody()).map(|one| one.visited_on).collect();
        for visit in effective.iter().filter(|one| !one.found_false && self.period.contains(one.visited_on)) {
            let Some((kept, skeleton, body)) = heard.visits.get(&visit.record.entry) else { continue };
            // A late entry states another day; its fields are written when it is typed.
            let by = (By::Worker(skeleton.made_by), day_of(self.zone, kept));
            let edits = heard.edits.get(&by).copied().unwrap_or(0);
            let before = met.range(..skeleton.visited_on).next_back();
            let days_since_met =
                before.and_then(|before| u32::try_from((skeleton.visited_on - *before).num_days()).ok());
            let mut is = evidence(kept, skeleton, days_since_met);
            is.told = body.as_ref().map(|body| told(body, edits));
            self.records.push(is);
        }
        self.known(file, heard);
    }

    fn known(&mut self, file: &UnitFile, heard: &Heard) {
        // Rosters carry none of these: each is an act of the desk.
        let mut known = |unit: Unit, on: NaiveDate, known_ms: i64, what: KnownWhat| {
            self.changes.push(KnownChange { unit, on, known_ms, what, said_by: SaidBy::Desk });
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
        let unit = file.unit();
        self.changes.extend(heard.dated.iter().map(|(on, known_ms, said_by)| KnownChange {
            unit,
            on: *on,
            known_ms: *known_ms,
            what: KnownWhat::CategoryIn,
            said_by: *said_by,
        }));
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
