//! 判定 – what becomes of one proven entry, rule by rule in a fixed order, so that phone and tests can foresee it.

mod private;

use chrono::{DateTime, NaiveDate};
use ruhu_core::entry::{BadPayload, Contents, Entry, Kind, Record, TimeToken, TokenKey};
use ruhu_core::fact::Fact;
use ruhu_core::ids::{CommunityId, EnrolmentId, GridId, Hash32, WorkerId};
use ruhu_core::projection::{Effects, effects};
use ruhu_core::roster::{By, Unit};
use ruhu_core::sync::wire::{ENTRY_MAX_BYTES, Refusal};
use ruhu_core::time::{Period, Zone};

use super::scope::Rights;
use crate::storage::enrolments::{Enrolment, EnrolmentNr};
use crate::storage::log::{Kept, Pos};
use crate::storage::units::UnitRow;
use crate::storage::{StorageError, Tx};

/// What is to become of an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Ruling {
    /// It goes into the log with these effects; a change of a document still has to pass the gate.
    Place(Effects),
    /// The hub already has this payload from an earlier chain of the same phone.
    Repeat(Pos),
    /// 待核.
    Park(Refusal),
    /// 隔离.
    Quarantine(Refusal),
}

/// Whose entries are judged, and by what.
#[derive(Clone, Debug)]
pub struct Judge {
    enrolment: EnrolmentNr,
    worker: WorkerId,
    community: CommunityId,
    zone: Zone,
    rights: Rights,
    scope: Scope,
}

/// Whether the scope rule is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// By assignments.
    Asked,
    /// A person admits the entry: scope was the question he answers.
    Admitted,
    /// The phone was revoked: everything it brings waits for a person.
    Salvage,
}

/// One entry at the bar.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// Where it is kept.
    pub pos: Pos,
    /// Envelope, signature, payload.
    pub entry: &'a Entry,
    /// What it says.
    pub contents: &'a Result<Contents, BadPayload>,
    /// Payload and envelope together, in bytes.
    pub size_bytes: usize,
    /// When it was recorded, bounded; milliseconds since 1970 UTC.
    pub recorded_ms: i64,
    /// When it was received; milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// Whether the same payload may have come before in another chain.
    pub may_repeat: bool,
    /// Whether the hub took its body away as it came: what it says was erased by decision before.
    pub stripped: bool,
}

impl Judge {
    /// A judge for one phone's entries; `None` for the hub itself.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn of(tx: &Tx<'_>, enrolment: &Enrolment, scope: Scope) -> Result<Option<Self>, StorageError> {
        let Some((worker, community)) = enrolment.of else { return Ok(None) };
        let file = tx.community_file(community)?.unwrap_or_default();
        let (rights, zone) = (Rights::of(&file, worker), file.zone());
        Ok(Some(Self { enrolment: enrolment.nr, worker, community, zone, rights, scope }))
    }

    /// The community of the phone.
    #[must_use]
    pub const fn community(&self) -> CommunityId {
        self.community
    }

    /// Judges one entry. Nothing is written.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn judge(&self, tx: &Tx<'_>, case: Case<'_>) -> Result<Ruling, StorageError> {
        if ENTRY_MAX_BYTES < case.size_bytes {
            return Ok(Ruling::Quarantine(Refusal::TooLarge));
        }
        let contents = match case.contents {
            Ok(contents) => contents,
            Err(BadPayload::TooNew { .. }) => return Ok(Ruling::Park(Refusal::TooNew)),
            Err(_) => return Ok(Ruling::Quarantine(Refusal::Malformed)),
        };
        let lacks_body = !has_its_body(contents);
        if lacks_body && let Some(reason) = lacking(tx, case)? {
            return Ok(Ruling::Quarantine(reason));
        }
        if let Some(reason) = self.unfit(case.entry, contents) {
            return Ok(Ruling::Quarantine(reason));
        }
        let hash = case.entry.envelope.payload_hash;
        if let Some(private) = contents.private() {
            return self.judge_private(tx, case, &private, effects(contents, hash, case.recorded_ms));
        }
        let Some(unit) = case.entry.envelope.unit else {
            return Ok(Ruling::Quarantine(Refusal::Malformed));
        };
        if case.may_repeat
            && let Some(pos) = tx.find_about(unit, hash, case.pos)?
        {
            return Ok(Ruling::Repeat(pos));
        }
        let effects = effects(contents, hash, case.recorded_ms);
        let days = self.days(contents, case);
        let Some(homes) = self.homes(tx, unit, &effects, days)? else {
            return Ok(Ruling::Quarantine(Refusal::UnknownUnit));
        };
        if let Some(ruling) = self.target(tx, unit, contents)? {
            return Ok(ruling);
        }
        if !self.in_scope(&homes, days) {
            return Ok(Ruling::Quarantine(Refusal::OutOfScope));
        }
        Ok(Ruling::Place(effects))
    }

    /// What can be said without the database: who speaks, about whom, and whether a phone may say it.
    fn unfit(&self, entry: &Entry, contents: &Contents) -> Option<Refusal> {
        if entry.payload.kind == Kind::Office {
            return Some(Refusal::DeskOnly);
        }
        if contents.by() != By::Worker(self.worker) {
            return Some(Refusal::WrongWorker);
        }
        let bounded = contents.check_bounds().is_ok();
        if !bounded || !names_its_unit(entry.envelope.unit, contents) {
            return Some(Refusal::Malformed);
        }
        if contents.request_event().is_some_and(|event| !event.step.may_come_from_a_phone()) {
            return Some(Refusal::DeskOnly);
        }
        if let Some(reason) = self.not_his_to_say(contents) {
            return Some(reason);
        }
        let facts = contents.unit_facts();
        if facts.iter().any(|one| !one.fact.may_come_from_a_phone()) {
            return Some(Refusal::DeskOnly);
        }
        let proposal = matches!(contents, Contents::Record { record: Record::Proposal(_), .. });
        let well_formed =
            facts.iter().all(|one| fits(one.unit, &one.fact) && !(proposal && one.fact.is_a_record()));
        (!well_formed).then_some(Refusal::Malformed)
    }

    /// Every grid that gives scope over each unit the entry is about, itself first; the present one alone where it
    /// does. `None` when a unit is unknown.
    fn homes(
        &self,
        tx: &Tx<'_>,
        unit: Unit,
        effects: &Effects,
        days: (NaiveDate, NaiveDate),
    ) -> Result<Option<Vec<Vec<GridId>>>, StorageError> {
        let mut units = vec![unit];
        units.extend(effects.units.iter().map(|one| one.unit).filter(|one| *one != unit));
        let mut homes = Vec::new();
        for unit in units {
            match tx.unit(unit)? {
                Some(row) => match row.grid.map(|grid| vec![vec![grid]]) {
                    Some(now) if self.in_scope(&now, days) => homes.extend(now),
                    _ => homes.push(tx.homes(row.nr)?),
                },
                None => match self.first_home(tx, unit, effects)? {
                    Some(grid) => homes.push(vec![grid]),
                    None => return Ok(None),
                },
            }
        }
        for one in &effects.units {
            if let Fact::DwellingListed { grid, .. } | Fact::Settled { grid, .. } = &one.fact.fact
                && tx.community_of(*grid)? != Some(self.community)
            {
                return Ok(None);
            }
            let named = match &one.fact.fact {
                Fact::Settled { dwelling, .. } => Unit::Vacant(*dwelling),
                Fact::SplitFrom { from, .. } => Unit::Household(*from),
                Fact::Dissolved { into: Some(into), .. } => Unit::Household(*into),
                _ => continue,
            };
            if tx.unit(named)?.is_none() && self.first_home(tx, named, effects)?.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(homes))
    }

    /// The grid in which this very entry lists or settles a unit that is new.
    fn first_home(&self, tx: &Tx<'_>, unit: Unit, effects: &Effects) -> Result<Option<GridId>, StorageError> {
        let grid = effects.units.iter().filter(|one| one.unit == unit).find_map(|one| match &one.fact.fact {
            Fact::DwellingListed { grid, .. } | Fact::Settled { grid, .. } => Some(*grid),
            _ => None,
        });
        let Some(grid) = grid else { return Ok(None) };
        Ok((tx.community_of(grid)? == Some(self.community)).then_some(grid))
    }

    /// A withdrawal or correction names a record of the same unit and author.
    fn target(&self, tx: &Tx<'_>, unit: Unit, contents: &Contents) -> Result<Option<Ruling>, StorageError> {
        let target = match contents {
            Contents::Visit { skeleton, .. } => skeleton.supersedes,
            Contents::Record { record: Record::Withdrawal(one), .. } => Some(one.target),
            _ => None,
        };
        let Some(target) = target else { return Ok(None) };
        let row: Option<UnitRow> = tx.unit(unit)?;
        let file = row.map(|row| tx.unit_file(&row)).transpose()?;
        let known = file.as_ref().and_then(|file| file.facts().find(|(stamp, _)| stamp.entry == target));
        match known {
            Some((_, fact)) if fact.by == By::Worker(self.worker) => Ok(None),
            Some(_) => Ok(Some(Ruling::Quarantine(Refusal::NotYours))),
            None if self.recorded_elsewhere(tx, unit, target)? => {
                Ok(Some(Ruling::Quarantine(Refusal::NotYours)))
            }
            None => Ok(Some(Ruling::Park(Refusal::Dependency))),
        }
    }

    /// Whether the worker himself recorded the target about another unit. Only such slips are told apart from
    /// records that have not arrived.
    fn recorded_elsewhere(&self, tx: &Tx<'_>, unit: Unit, target: Hash32) -> Result<bool, StorageError> {
        for enrolment in tx.enrolments_of(self.worker)? {
            if let Some(pos) = tx.find_payload(enrolment.nr, target)?
                && let Some(kept) = tx.entry(pos)?
            {
                return Ok(kept.entry.envelope.unit != Some(unit));
            }
        }
        Ok(false)
    }

    /// The day the entry speaks of, and the day it came.
    fn days(&self, contents: &Contents, case: Case<'_>) -> (NaiveDate, NaiveDate) {
        let day = match contents {
            Contents::Visit { skeleton, .. } => skeleton.visited_on,
            _ => self.date(case.recorded_ms),
        };
        (day, self.date(case.received_ms))
    }

    fn in_scope(&self, homes: &[Vec<GridId>], (day, received): (NaiveDate, NaiveDate)) -> bool {
        match self.scope {
            Scope::Admitted => true,
            Scope::Salvage => false,
            Scope::Asked => homes.iter().all(|homes| self.rights.cover(homes, day, received)),
        }
    }

    fn date(&self, ms: i64) -> NaiveDate {
        self.zone.date(DateTime::from_timestamp_millis(ms).unwrap_or_default())
    }

    /// The phone this judge is for.
    #[must_use]
    pub const fn enrolment(&self) -> EnrolmentNr {
        self.enrolment
    }
}

impl<'a> Case<'a> {
    /// An entry that is already kept, to be judged again.
    #[must_use]
    pub fn again(kept: &'a Kept, contents: &'a Result<Contents, BadPayload>) -> Self {
        Self {
            pos: kept.pos,
            entry: &kept.entry,
            contents,
            size_bytes: kept.entry.payload.size_bytes() + ruhu_core::entry::ENVELOPE_LEN,
            recorded_ms: kept.recorded_ms,
            received_ms: kept.received_ms,
            may_repeat: false,
            stripped: false,
        }
    }
}

/// When an entry was recorded, as far as the hub can vouch for: not before the last hub time the phone held, not
/// after receipt. All milliseconds since 1970 UTC.
#[must_use]
pub fn bounded_ms(
    claimed_ms: i64,
    token: Option<TimeToken>,
    tokens: &TokenKey,
    enrolment: EnrolmentId,
    received_ms: i64,
) -> i64 {
    let proven = token.filter(|token| tokens.holds(enrolment, token)).map_or(0, |token| token.hub_ms);
    claimed_ms.clamp(proven.min(received_ms), received_ms)
}

/// The period a visit counts in, by its stated date alone.
#[must_use]
pub fn counts_in(contents: &Contents) -> Option<Period> {
    match contents {
        Contents::Visit { skeleton, .. } => Some(Period::quarter_of(skeleton.visited_on)),
        _ => None,
    }
}

fn names_its_unit(named: Option<Unit>, contents: &Contents) -> bool {
    let about = match contents {
        Contents::Visit { skeleton, .. } => Some(skeleton.unit),
        Contents::Doc { skeleton, .. } => Some(skeleton.unit),
        Contents::Record { record, .. } => match record {
            Record::Visit(visit) => Some(visit.unit),
            Record::Withdrawal(one) => Some(one.unit),
            Record::RequestEvent(event) => Some(event.unit),
            Record::Revisited(_) | Record::Finding(_) | Record::Line(_) => return named.is_none(),
            Record::Proposal(proposal) => {
                return named.is_some_and(|unit| proposal.facts.iter().any(|one| one.unit == unit));
            }
        },
        Contents::Office { .. } => None,
    };
    about.is_some() && named == about
}

/// Why an entry without its body is refused; `None` where the body is missing by decision: erased here, or on the phone
/// that brings it after a restore of the hub. A change that was made later, on what had been erased, stays refused.
fn lacking(tx: &Tx<'_>, case: Case<'_>) -> Result<Option<Refusal>, StorageError> {
    let (Some(unit), Some(_)) = (case.entry.envelope.unit, case.entry.payload.erased) else {
        return Ok(Some(Refusal::Malformed));
    };
    let Some(until) = tx.erased_until(unit)? else { return Ok(Some(Refusal::Malformed)) };
    Ok(match case.entry.payload.kind {
        Kind::Doc => (case.stripped || until < case.recorded_ms).then_some(Refusal::Erased),
        _ => (until < case.recorded_ms).then_some(Refusal::Malformed),
    })
}

fn has_its_body(contents: &Contents) -> bool {
    match contents {
        Contents::Visit { body, .. } => body.is_some(),
        Contents::Doc { change, .. } => change.is_some(),
        Contents::Record { .. } | Contents::Office { .. } => true,
    }
}

/// Whether a fact can be said of a unit of this kind.
#[must_use]
pub fn fits(unit: Unit, fact: &Fact) -> bool {
    let household = matches!(unit, Unit::Household(_));
    match fact {
        Fact::DwellingListed { .. } | Fact::UseChanged { .. } | Fact::Regridded { .. } => !household,
        Fact::Settled { .. }
        | Fact::Left { .. }
        | Fact::SplitFrom { .. }
        | Fact::Dissolved { .. }
        | Fact::SameAs { .. }
        | Fact::Absorbs { .. }
        | Fact::Parted { .. }
        | Fact::KeyMark { .. }
        | Fact::DoNotAsk { .. } => household,
        Fact::Visited(visit) => visit.unit == unit,
        Fact::Withdrawn { .. }
        | Fact::ImportedVisit { .. }
        | Fact::Confirmed { .. }
        | Fact::Returned { .. }
        | Fact::DeductionRejected { .. }
        | Fact::Found { .. }
        | Fact::Erased { .. } => true,
    }
}

/// Facts that are entries of their own and may not hide in a proposal.
trait IsARecord {
    fn is_a_record(&self) -> bool;
}

impl IsARecord for Fact {
    fn is_a_record(&self) -> bool {
        matches!(self, Self::Visited(_) | Self::Withdrawn { .. })
    }
}
