//! 办公室 – acts of the desk, sealed into the hub's own chain: the hub is a device like any other.
//!
//! An act becomes one entry per unit, so that a unit that moves carries its own history and nobody else's, and one
//! entry for the facts of the community. All of it is one transaction.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::DateTime;
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::{
    Chain, Contents, OfficeAct, Payload, Readings, ReasonBody, RequestEvent, StreamId, ToWorker, UnitFact,
    seal,
};
use ruhu_core::fact::Fact;
use ruhu_core::ids::{AccountId, CommunityId, GridId, Hash32};
use ruhu_core::profile::{ProfileError, Scalar};
use ruhu_core::projection::effects;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{Refusal, Verdict};
use ruhu_core::time::PhoneTime;

use super::amended::amend_closed;
use super::judge::fits;
use super::later::retry;
use super::place::{ToPlace, Unplaced, place};
use super::sync::chain_of;
use crate::storage::hub::Means;
use crate::storage::log::{Arrived, ChainAt, Pos};
use crate::storage::{Hub, StorageError, Tx};

/// Facts that belong together, done by one account for one reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// The account acted for.
    pub by: AccountId,
    /// In which community.
    pub community: CommunityId,
    /// About households and doors.
    pub units: Vec<UnitFact>,
    /// About the community.
    pub facts: Vec<CommunityFact>,
    /// A step in the life of a request.
    pub request: Option<RequestEvent>,
    /// Why, possibly empty.
    pub reason: String,
}

/// One entry an act became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Where in the log.
    pub pos: Pos,
    /// Its stream.
    pub stream: StreamId,
    /// Its number there.
    pub seq: u64,
    /// Its payload's hash: what later facts name it by.
    pub entry: Hash32,
}

/// Why an act was not done; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// A household or door nobody listed.
    #[error("名册中没有此户室,请先导入或登记 / not in the roster: import or list it first")]
    UnknownUnit {
        /// Which.
        unit: Unit,
    },
    /// A grid this community did not draw.
    #[error("本社区没有此网格,请先划定网格 / no such grid in this community: draw it first")]
    UnknownGrid {
        /// Which.
        grid: GridId,
    },
    /// A fact about doors said of a household, or the other way round.
    #[error("事实与对象不符 / the fact does not fit a unit of this kind")]
    Misfit {
        /// Of which.
        unit: Unit,
    },
    /// Nothing was to be done.
    #[error("没有要办理的事项 / nothing to be done")]
    Empty,
    /// The household's document could not be edited.
    #[error("修改户情 / edit the household's fields")]
    Fields(#[source] ProfileError),
    /// The gate did not let the hub's own edit through.
    #[error("此项修改未能通过检查 / the edit did not pass the gate")]
    Gate(#[source] ruhu_core::profile::GateRefusal),
    /// No such entry waits in quarantine.
    #[error("第 {pos} 条不在隔离区 / entry {pos} does not wait in quarantine")]
    NotWaiting {
        /// Its position in the log.
        pos: i64,
    },
    /// An entry that no person can admit as it is.
    #[error("不能准入:{reason} / cannot be admitted: {reason}")]
    NotAdmissible {
        /// Why.
        reason: Refusal,
    },
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The desk inside one transaction.
pub struct Desk<'t> {
    tx: Tx<'t>,
    means: &'t Means,
    /// What was recorded about units, for the amendments of closed periods at the end of the transaction.
    recorded: RefCell<BTreeMap<CommunityId, Vec<UnitFact>>>,
}

impl Hub {
    /// Does several acts and writes in one transaction; when `work` fails nothing of it is kept.
    ///
    /// # Errors
    /// What `work` returned, or [`StorageError`].
    pub fn office<T, E>(&self, work: impl FnOnce(&Desk<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let means: Arc<Means> = self.means();
        let done = self.storage().write(move |tx| {
            let desk = Desk::new(*tx, &means);
            let done = work(&desk)?;
            desk.amend()?;
            Ok(done)
        });
        // What was done is done; a change that could not be tried keeps its mark for the next time.
        if let Err(why) = self.try_marked() {
            tracing::error!(error = %chain_of(&why), "parked changes");
        }
        done
    }

    /// Does one act.
    ///
    /// # Errors
    /// [`ActError`]; nothing was changed.
    pub fn act(&self, act: Act) -> Result<Vec<Done>, ActError> {
        self.office(move |desk| desk.act(&act))
    }

    /// Edits the fields of a household for an account. Only fields that differ are written; `None` when none does.
    ///
    /// # Errors
    /// [`ActError`]; nothing was changed.
    pub fn edit_fields(
        &self,
        unit: Unit,
        fields: Vec<(String, Scalar)>,
        by: AccountId,
    ) -> Result<Option<Done>, ActError> {
        self.office(move |desk| desk.edit_fields(unit, &fields, by, None))
    }
}

impl<'t> Desk<'t> {
    pub(crate) const fn new(tx: Tx<'t>, means: &'t Means) -> Self {
        Self { tx, means, recorded: RefCell::new(BTreeMap::new()) }
    }

    /// The transaction, for reads and for rows beside the log.
    #[must_use]
    pub const fn tx(&self) -> &Tx<'t> {
        &self.tx
    }

    /// The hub's time, milliseconds since 1970 UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.means.now_ms()
    }

    /// Does one act.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn act(&self, act: &Act) -> Result<Vec<Done>, ActError> {
        self.check(act)?;
        let at_ms = self.act_ms()?;
        let reason = ReasonBody { words: act.reason.clone() };
        let mut done = Vec::new();
        if !act.facts.is_empty() {
            let own = OfficeAct { community: act.facts.clone(), ..OfficeAct::of(act.by) };
            done.push(self.seal_act(own, &reason, None, act.community, at_ms)?);
        }
        for (unit, facts) in by_unit(act) {
            let request = act.request.clone().filter(|event| event.unit == unit);
            let own = OfficeAct { units: facts, request, ..OfficeAct::of(act.by) };
            done.push(self.seal_act(own, &reason, Some(unit), act.community, at_ms)?);
        }
        let units = act.units.iter().map(|one| one.unit).collect::<BTreeSet<_>>();
        retry(&self.tx, units.into_iter().collect(), at_ms, self.node())?;
        if !act.units.is_empty() {
            self.recorded.borrow_mut().entry(act.community).or_default().extend(act.units.iter().cloned());
        }
        Ok(done)
    }

    /// 致工作者 – says something to one worker alone: it travels in his own stream.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn tell(
        &self,
        by: AccountId,
        community: CommunityId,
        said: ToWorker,
        words: &str,
    ) -> Result<Done, ActError> {
        let reason = ReasonBody { words: words.trim().to_owned() };
        let act = OfficeAct { to_worker: Some(said), ..OfficeAct::of(by) };
        self.seal_act(act, &reason, None, community, self.act_ms()?)
    }

    /// Amends closed periods by everything recorded here, once: a roster of thousands of acts is one amendment.
    fn amend(&self) -> Result<(), StorageError> {
        let recorded = self.recorded.take();
        recorded.into_iter().try_for_each(|(community, facts)| amend_closed(self, community, &facts))
    }

    fn check(&self, act: &Act) -> Result<(), ActError> {
        if act.units.is_empty() && act.facts.is_empty() && act.request.is_none() {
            return Err(ActError::Empty);
        }
        let drawn: BTreeSet<GridId> = act
            .facts
            .iter()
            .filter_map(|fact| match fact {
                CommunityFact::GridDrawn(grid) => Some(grid.id),
                _ => None,
            })
            .collect();
        let known_grid = |grid: GridId| -> Result<(), ActError> {
            let known = drawn.contains(&grid) || self.tx.community_of(grid)? == Some(act.community);
            if known { Ok(()) } else { Err(ActError::UnknownGrid { grid }) }
        };
        for fact in &act.facts {
            match fact {
                CommunityFact::Assigned(one) => known_grid(one.grid)?,
                CommunityFact::AssignmentEnded { grid, .. } => known_grid(*grid)?,
                _ => {}
            }
        }
        let begun: BTreeSet<Unit> =
            act.units.iter().filter(|one| begins(&one.fact)).map(|one| one.unit).collect();
        let mut seen = BTreeMap::new();
        let named = act.units.iter().map(|one| one.unit).chain(act.request.iter().map(|one| one.unit));
        for unit in named {
            if begun.contains(&unit) || seen.contains_key(&unit) {
                continue;
            }
            let row = self.tx.unit(unit)?.ok_or(ActError::UnknownUnit { unit })?;
            if let Some(grid) = row.grid {
                known_grid(grid)?;
            }
            seen.insert(unit, ());
        }
        for one in &act.units {
            if !fits(one.unit, &one.fact) {
                return Err(ActError::Misfit { unit: one.unit });
            }
            match &one.fact {
                Fact::DwellingListed { grid, .. } | Fact::Regridded { grid, .. } => known_grid(*grid)?,
                Fact::Settled { grid, dwelling, .. } => {
                    known_grid(*grid)?;
                    let door = Unit::Vacant(*dwelling);
                    if !begun.contains(&door) && self.tx.unit(door)?.is_none() {
                        return Err(ActError::UnknownUnit { unit: door });
                    }
                }
                // Joined to a record that does not exist, a household would go on as nobody.
                Fact::SameAs { into: other } | Fact::Absorbs { other } | Fact::Parted { other } => {
                    let other = Unit::Household(*other);
                    if !begun.contains(&other) && self.tx.unit(other)?.is_none() {
                        return Err(ActError::UnknownUnit { unit: other });
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn seal_act(
        &self,
        act: OfficeAct,
        reason: &ReasonBody,
        unit: Option<Unit>,
        community: CommunityId,
        at_ms: i64,
    ) -> Result<Done, ActError> {
        let payload = Payload::of_office(&act, reason, self.salt());
        let contents = Contents::Office { act, reason: None };
        self.append(payload, &contents, unit, community, at_ms)
    }

    /// Seals a payload into the hub's own chain, keeps it and places it.
    pub(super) fn append(
        &self,
        payload: Payload,
        contents: &Contents,
        unit: Option<Unit>,
        community: CommunityId,
        at_ms: i64,
    ) -> Result<Done, ActError> {
        // As the database has it now, whoever changed the hub's key beside this program.
        let identity = self.tx.identity()?.ok_or(StorageError::Damaged { what: "hub identity" })?;
        // A restored hub must not continue a chain that went on without it.
        let epoch = self.tx.hub_epoch()?;
        let mut chain = Chain::start(identity.hub, identity.own, epoch);
        if let Some(at) = self.tx.chain(identity.own_nr, epoch)? {
            (chain.next_seq, chain.previous) = (at.next_seq, at.previous);
        }
        let claimed = match unit {
            Some(unit) => self.tx.unit(unit)?.and_then(|row| row.grid).map(StreamId::Grid),
            None => contents.private().map(|private| private.stream(community)),
        };
        let wall = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
        let readings = Readings { recorded_ms: at_ms, read: PhoneTime::wall_only(wall), token: None };
        let stream = claimed.unwrap_or(StreamId::Community(community));
        let entry = seal(&chain, &identity.key, stream, unit, &readings, payload);
        let arrived =
            Arrived { enrolment: identity.own_nr, entry: &entry, received_ms: at_ms, recorded_ms: at_ms };
        let pos = self.tx.append(arrived)?;
        let after = chain.after(&entry.envelope);
        let at = ChainAt { next_seq: after.next_seq, previous: after.previous };
        self.tx.set_chain(identity.own_nr, epoch, at)?;
        let hash = entry.envelope.payload_hash;
        let effects = effects(contents, hash, at_ms);
        let to = ToPlace { pos, payload: hash, unit, effects: &effects, community, at_ms };
        let placed = place(&self.tx, to).map_err(|why| match why {
            Unplaced::Gate(why) => ActError::Gate(why),
            Unplaced::Storage(why) => ActError::Storage(why),
        })?;
        let (stream, seq) = (placed.stream, placed.seq);
        let verdict = Verdict::Accepted { stream, seq, recorded_ms: at_ms, counts_in: None };
        self.tx.settle(pos, &verdict, None, None)?;
        Ok(Done { pos, stream, seq, entry: hash })
    }

    /// The program among those on the database that does it.
    pub(super) fn node(&self) -> i64 {
        self.means.node()
    }

    pub(super) fn act_ms(&self) -> Result<i64, StorageError> {
        self.tx.next_act_ms(self.means.now_ms())
    }

    pub(super) fn salt(&self) -> [u8; 16] {
        self.means.random()
    }
}

/// Facts that bring a unit into the roster.
const fn begins(fact: &Fact) -> bool {
    matches!(fact, Fact::DwellingListed { .. } | Fact::Settled { .. })
}

/// The facts of each unit, doors before households so that a household finds its door, else in the order given.
fn by_unit(act: &Act) -> Vec<(Unit, Vec<UnitFact>)> {
    let mut place: BTreeMap<Unit, usize> = BTreeMap::new();
    let mut groups: Vec<(Unit, Vec<UnitFact>)> = Vec::new();
    let named = act.units.iter().map(|one| (one.unit, Some(one)));
    for (unit, fact) in named.chain(act.request.iter().map(|event| (event.unit, None))) {
        let nth = *place.entry(unit).or_insert_with(|| {
            groups.push((unit, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, facts)) = groups.get_mut(nth) {
            facts.extend(fact.cloned());
        }
    }
    groups.sort_by_key(|(unit, _)| matches!(unit, Unit::Household(_)));
    groups
}
