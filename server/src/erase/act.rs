//! Carrying decisions out: everything in one transaction, under the next outer key.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::category::Scalar;
use ruhu_core::entry::{Kind, StreamId, UnitFact};
use ruhu_core::fact::Fact;
use ruhu_core::ids::{CommunityId, Hash32};
use ruhu_core::projection::project;
use ruhu_core::roster::Unit;
use zeroize::Zeroizing;

use super::imports::forget_in_imports;
use super::plan::{Plan, says, units_of};
use super::{EraseError, Order, What};
use crate::access::journal::audit;
use crate::ingest::office::{Act, Desk};
use crate::storage::erasures::ErasureRow;
use crate::storage::log::Pos;
use crate::storage::streams::Row;
use crate::storage::units::unit_bytes;
use crate::storage::vault::Outer;
use crate::storage::vault::owner::Owner;
use crate::storage::{Hub, StorageError};

/// What was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Number of the decision in the list.
    pub nr: u32,
    /// Of whom.
    pub unit: Unit,
    /// Entries that lost their bodies.
    pub bodies: usize,
    /// Fields that went.
    pub fields: usize,
    /// Fields that stay.
    pub fields_stay: usize,
}

/// An order with the time and number it was first given, when it is done again after a restore.
#[derive(Clone, Debug)]
pub(super) struct Again {
    pub(super) order: Order,
    pub(super) nr: u32,
    pub(super) until_ms: i64,
    /// Whether it was carried out before, on a database that a restore put back.
    pub(super) again: bool,
}

impl Hub {
    /// Carries orders out, all or none: bodies and documents go, what stays is sealed anew, and the old keys are let go.
    ///
    /// # Errors
    /// [`EraseError`]; nothing was changed.
    pub fn erase(&self, orders: Vec<Order>) -> Result<Vec<Erased>, EraseError> {
        self.erase_with(orders, |_| Ok(()), |_, _| Ok(()))
    }

    /// As [`Hub::erase`]; in the same transaction `before` takes away what must not be sealed anew, and `also` does what
    /// belongs to it afterwards.
    ///
    /// # Errors
    /// [`EraseError`]; nothing was changed.
    pub(crate) fn erase_with(
        &self,
        orders: Vec<Order>,
        before: impl FnOnce(&Desk<'_>) -> Result<(), EraseError> + Send + 'static,
        also: impl FnOnce(&Desk<'_>, &[Erased]) -> Result<(), EraseError> + Send + 'static,
    ) -> Result<Vec<Erased>, EraseError> {
        let orders = move |desk: &Desk<'_>| {
            before(desk)?;
            // Acts of the hub keep their order within a millisecond: all there were are before this.
            let until_ms = desk.tx().next_act_ms(desk.now_ms())?;
            let first = desk.tx().last_erasure()?.saturating_add(1);
            Ok((first..).zip(orders).map(|(nr, order)| Again { order, nr, until_ms, again: false }).collect())
        };
        self.carry_out(orders, also)
    }

    pub(super) fn carry_out(
        &self,
        orders: impl FnOnce(&Desk<'_>) -> Result<Vec<Again>, EraseError> + Send + 'static,
        also: impl FnOnce(&Desk<'_>, &[Erased]) -> Result<(), EraseError> + Send + 'static,
    ) -> Result<Vec<Erased>, EraseError> {
        let chance = Zeroizing::new(self.random::<64>());
        let (erased, generation) = self.office(move |desk| {
            let orders = orders(desk)?;
            let present = desk.tx().outer()?;
            if orders.is_empty() {
                return Ok((Vec::new(), present.generation));
            }
            // In the file before anything is sealed with it; until the commit both keys are there.
            let next = desk.tx().vault().prepare(present.generation, chance)?;
            let erased = all(desk, &orders, &next)?;
            also(desk, &erased)?;
            Ok::<_, EraseError>((erased, next.generation))
        })?;
        // The old outer key goes now. Under the writer's lock, so that no other erasure is half-way.
        self.storage().write(move |tx| {
            if tx.vault_generation()? == Some(generation) { tx.vault().keep_only(generation) } else { Ok(()) }
        })?;
        self.write_ledger()?;
        Ok(erased)
    }
}

fn all(desk: &Desk<'_>, orders: &[Again], next: &Outer) -> Result<Vec<Erased>, EraseError> {
    let tx = desk.tx();
    let plain: Vec<Order> = orders.iter().map(|again| again.order.clone()).collect();
    let units = units_of(&plain);
    let named = tx.entries_naming(&units)?;
    let mut erased = Vec::new();
    for again in orders {
        let entries = named.get(&again.order.unit).map_or(&[][..], Vec::as_slice);
        erased.push(one(desk, again, entries)?);
        tx.drop_cards_of(again.order.unit)?;
    }
    // Made ready for phones with what they were to hold until now.
    tx.drop_bundles(i64::MAX)?;
    // Sealed under what is let go; and what somebody is about to enter may name whoever is erased.
    tx.drop_uploads(i64::MAX)?;
    let mut communities: BTreeMap<CommunityId, Vec<(Unit, What)>> = BTreeMap::new();
    for order in &plain {
        if let Some(community) = home_of(desk, order.unit)? {
            communities.entry(community).or_default().push((order.unit, order.what.clone()));
        }
    }
    let of_units = units.iter().map(|unit| Owner::of(Some(*unit)));
    let owners: Vec<Owner> = of_units.chain(communities.keys().map(|id| Owner::of_imports(*id))).collect();
    tx.wrap_anew(next, &owners)?;
    tx.set_vault_generation(next.generation)?;
    for (community, erased) in &communities {
        forget_in_imports(tx, *community, erased, next)?;
    }
    for unit in &units {
        seal_anew(desk, *unit, named.get(unit).map_or(&[][..], Vec::as_slice), next)?;
    }
    Ok(erased)
}

/// Takes away what one order names; what stays is written with the keys as they are, and sealed anew afterwards.
fn one(desk: &Desk<'_>, again: &Again, entries: &[Pos]) -> Result<Erased, EraseError> {
    let (tx, order) = (desk.tx(), &again.order);
    if order.cause.trim().is_empty() {
        return Err(EraseError::NoCause);
    }
    if matches!(order.what, What::Household) {
        // What they asked, and where to call them, is about them like all the rest. Of one person nobody knows which of the
        // household's requests were hers: the one that asked for the erasure is cleared by whoever erases for it.
        tx.forget_cases_of(order.unit, again.until_ms)?;
    }
    let mut row = ErasureRow {
        nr: again.nr,
        unit: order.unit,
        what: serde_json::to_string(&order.what).map_err(|_| StorageError::Damaged { what: "erasure" })?,
        until_ms: again.until_ms,
        cause: order.cause.clone(),
        account: order.by,
        entry: None,
    };
    let mut erased = Erased { nr: again.nr, unit: order.unit, bodies: 0, fields: 0, fields_stay: 0 };
    let plan = match Plan::of(tx, order, entries, again.until_ms) {
        Ok(plan) => plan,
        // After a restore: the unit, or the person, has not come back yet. What arrives late is judged by the list.
        Err(EraseError::UnknownUnit | EraseError::UnknownPerson(_)) if again.again => {
            tx.put_erasure(&row)?;
            return Ok(erased);
        }
        Err(why) => return Err(why),
    };
    if says(&order.cause, &plan.words) {
        return Err(EraseError::CauseNames);
    }
    for kept in &plan.goes {
        tx.erase_body(kept.pos, &kept.entry.payload)?;
        // What was asked for is erased with the words that asked.
        tx.forget_raised(plan.row.nr, kept.entry.envelope.payload_hash)?;
        if kept.entry.payload.kind == Kind::Doc
            && let Ok(Some(change)) = project(&kept.entry.payload, 0).map(|effects| effects.doc)
        {
            tx.note_erased_change(change.change)?;
        }
    }
    (erased.bodies, erased.fields, erased.fields_stay) =
        (plan.goes.len(), plan.gone.len(), plan.fields.len());
    tx.drop_unit_doc(plan.row.nr)?;
    let Some(community) = home_of(desk, order.unit)? else { return Err(EraseError::UnknownUnit) };
    row.entry = Some(tell(desk, again, community)?);
    tx.put_erasure(&row)?;
    write_fields(desk, order, plan.fields)?;
    if let Some(grid) = plan.row.grid {
        // Phones that hold the unit read its history again, as it is now.
        tx.append_row(
            StreamId::Grid(grid),
            Row::MoveIn(plan.row.nr),
            &unit_bytes(order.unit),
            desk.now_ms(),
        )?;
    }
    audit(tx, desk.now_ms(), Some(order.by), "erase", &again.nr.to_string())?;
    Ok(erased)
}

/// The community a unit is or was last at home in.
fn home_of(desk: &Desk<'_>, unit: Unit) -> Result<Option<CommunityId>, StorageError> {
    match desk.tx().unit(unit)?.and_then(|row| row.grid) {
        Some(grid) => desk.tx().community_of(grid),
        None => Ok(None),
    }
}

fn tell(desk: &Desk<'_>, again: &Again, community: CommunityId) -> Result<Hash32, EraseError> {
    let Again { order, nr, until_ms, .. } = again;
    let fact = Fact::Erased { decision: *nr, until_ms: *until_ms };
    let done = desk.act(&Act {
        by: order.by,
        community,
        units: vec![UnitFact { unit: order.unit, fact }],
        facts: Vec::new(),
        request: None,
        reason: order.cause.clone(),
    })?;
    done.first().map(|done| done.entry).ok_or_else(|| StorageError::Damaged { what: "erasure" }.into())
}

/// The document anew. Where several values stood against each other they still do: each set is a change of its own that
/// builds on nothing.
fn write_fields(
    desk: &Desk<'_>,
    order: &Order,
    mut fields: BTreeMap<String, Vec<Scalar>>,
) -> Result<(), EraseError> {
    while fields.values().any(|values| !values.is_empty()) {
        let set: Vec<(String, Scalar)> = fields
            .iter_mut()
            .filter(|(_, values)| !values.is_empty())
            .map(|(key, values)| (key.clone(), values.remove(0)))
            .collect();
        desk.begin_fields(order.unit, &set, order.by)?;
    }
    Ok(())
}

/// A new key for a unit; everything of it that stays is sealed under it.
fn seal_anew(desk: &Desk<'_>, unit: Unit, before: &[Pos], next: &Outer) -> Result<(), StorageError> {
    let tx = desk.tx();
    let mut entries: BTreeSet<Pos> = before.iter().copied().collect();
    let row = tx.unit(unit)?;
    if let Some(row) = &row {
        entries.extend(tx.entries_of(row.nr)?);
    }
    let mut stays = Vec::new();
    for pos in entries {
        let kept = tx.entry(pos)?.filter(|kept| kept.entry.envelope.unit == Some(unit));
        stays.extend(kept.filter(|kept| kept.entry.payload.body.is_some()));
    }
    let doc = match &row {
        Some(row) => tx.unit_doc(row.nr)?.map(|doc| (row.nr, doc)),
        None => None,
    };
    tx.new_key(next, Owner::of(Some(unit)))?;
    for kept in stays {
        tx.reseal_body(kept.pos, unit, &kept.entry.payload)?;
    }
    if let Some((nr, doc)) = doc {
        tx.put_unit_doc(nr, &doc)?;
    }
    Ok(())
}

impl What {
    /// In words, without anything of the person.
    #[must_use]
    pub const fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Household => ("整户", "the household"),
            Self::Person(_) => ("一人", "one person"),
            Self::Fields(_) => ("到期字段", "fields whose time has passed"),
        }
    }
}
