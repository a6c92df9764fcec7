//! What an erasure takes, and why; reading only.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::category::{FieldKey, MemberField, ProfileField, Scalar};
use ruhu_core::entry::{Kind, Payload};
use ruhu_core::ids::PersonId;
use ruhu_core::profile::Profile;
use ruhu_core::roster::Unit;

use super::{EraseError, Order, What};
use crate::storage::log::{Kept, Pos};
use crate::storage::units::UnitRow;
use crate::storage::{Hub, StorageError, Tx};

/// What an order would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Fields that go, by name; values are not told.
    pub fields: Vec<String>,
    /// Fields that stay, in a new document.
    pub fields_stay: usize,
    /// Changes of the document that lose their content.
    pub changes: usize,
    /// Visits and other records that lose their words.
    pub bodies: Vec<Pos>,
    /// Records whose words stay.
    pub bodies_stay: usize,
    /// Entries of other households whose words hold one of the names or numbers: a person has to look at them.
    pub elsewhere: Vec<Pos>,
}

/// What an order takes of one unit, with what stays.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) row: UnitRow,
    /// Entries whose bodies go.
    pub(super) goes: Vec<Kept>,
    /// Entries whose bodies stay.
    pub(super) stays: Vec<Kept>,
    /// The fields of the new document, each with its values.
    pub(super) fields: BTreeMap<String, Vec<Scalar>>,
    /// Names of the fields that go.
    pub(super) gone: BTreeSet<String>,
    /// Names and numbers that no text may hold any more.
    pub(super) words: BTreeSet<String>,
}

/// A name this short stands in too many words to be looked for.
const NAME_MIN: usize = 2;
/// Digits of a number that is looked for.
const NUMBER_MIN: usize = 7;

impl Hub {
    /// Says what an order would erase. With `everywhere` the words of all other households are looked through too.
    ///
    /// # Errors
    /// [`EraseError`].
    pub fn preview_erasure(&self, order: &Order, everywhere: bool) -> Result<Preview, EraseError> {
        self.storage().read(|tx| {
            let named = tx.entries_naming(&BTreeSet::from([order.unit]))?;
            let plan = Plan::of(tx, order, named.get(&order.unit).map_or(&[], Vec::as_slice), i64::MAX)?;
            let of_kind = |doc: bool| {
                let goes = plan.goes.iter().filter(move |kept| (kept.entry.payload.kind == Kind::Doc) == doc);
                goes.map(|kept| kept.pos).collect::<Vec<_>>()
            };
            let mut elsewhere = Vec::new();
            if everywhere {
                tx.each_entry(|pos, kept| {
                    let kept = kept?;
                    if kept.entry.envelope.unit != Some(order.unit) && holds(&kept.entry.payload, &plan.words)
                    {
                        elsewhere.push(pos);
                    }
                    Ok::<_, StorageError>(())
                })?;
            }
            Ok(Preview {
                fields_stay: plan.fields.len(),
                changes: of_kind(true).len(),
                bodies: of_kind(false),
                bodies_stay: plan.stays.len(),
                elsewhere,
                fields: plan.gone.into_iter().collect(),
            })
        })
    }
}

impl Plan {
    /// What `order` takes of what was recorded up to `until_ms`.
    pub(super) fn of(tx: &Tx<'_>, order: &Order, entries: &[Pos], until_ms: i64) -> Result<Self, EraseError> {
        let row = tx.unit(order.unit)?.ok_or(EraseError::UnknownUnit)?;
        let damaged = StorageError::Damaged { what: "household document" };
        let mut fields = match tx.unit_doc(row.nr)? {
            Some(doc) => Profile::load(&doc).map_err(|_| damaged)?.fields(),
            None => BTreeMap::new(),
        };
        let mut kept = Vec::new();
        for pos in entries {
            kept.extend(tx.entry(*pos)?);
        }
        let written: Vec<(String, Scalar)> = kept
            .iter()
            .filter(|one| one.entry.payload.kind == Kind::Doc)
            .filter_map(|one| one.entry.payload.body.as_ref())
            .flat_map(|body| Profile::values_of(&body.bytes))
            .collect();
        if let What::Person(person) = &order.what
            && !written.iter().chain(flat(&fields).iter()).any(|(key, _)| is_of(key, *person))
        {
            return Err(EraseError::UnknownPerson(*person));
        }
        let goes = |key: &str, value: &Scalar| match &order.what {
            What::Household => true,
            What::Person(person) => {
                is_of(key, *person) || (is_head(key) && value.to_string() == person.to_string())
            }
            What::Fields(keys) => keys.iter().any(|one| one == key),
        };
        let words = written
            .iter()
            .chain(flat(&fields).iter())
            .filter(|(key, value)| goes(key, value))
            .filter_map(|(key, value)| telling(key, value))
            .collect();
        let gone: BTreeSet<String> =
            flat(&fields).into_iter().filter(|(key, value)| goes(key, value)).map(|(key, _)| key).collect();
        fields.retain(|key, _| !gone.contains(key));
        let (goes, stays) = kept
            .into_iter()
            .filter(|one| one.entry.payload.body.is_some())
            .partition(|one| one.recorded_ms <= until_ms && takes(order, &one.entry.payload, &words));
        Ok(Self { row, goes, stays, fields, gone, words })
    }
}

/// Whether an order takes the body of a payload.
fn takes(order: &Order, payload: &Payload, words: &BTreeSet<String>) -> bool {
    match (&order.what, payload.kind) {
        // Every change stands in the history of the document that is made anew.
        (What::Household, _) | (_, Kind::Doc) => true,
        (What::Person(person), _) => holds(payload, words) || names(payload, *person),
        (What::Fields(_), _) => holds(payload, words),
    }
}

/// Whether the words of a body hold one of these names or numbers: in deterministic CBOR a text is its own bytes.
fn holds(payload: &Payload, words: &BTreeSet<String>) -> bool {
    let Some(body) = &payload.body else { return false };
    words.iter().any(|word| has(&body.bytes, word.as_bytes()))
}

fn names(payload: &Payload, person: PersonId) -> bool {
    payload.body.as_ref().is_some_and(|body| has(&body.bytes, person.as_bytes()))
}

fn has(bytes: &[u8], wanted: &[u8]) -> bool {
    !wanted.is_empty() && bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn flat(fields: &BTreeMap<String, Vec<Scalar>>) -> Vec<(String, Scalar)> {
    let all =
        fields.iter().flat_map(|(key, values)| values.iter().map(move |one| (key.clone(), one.clone())));
    all.collect()
}

fn is_of(key: &str, person: PersonId) -> bool {
    match FieldKey::parse(key) {
        Ok(FieldKey::Member(of, _) | FieldKey::Category(of, _)) => of == person,
        _ => false,
    }
}

fn is_head(key: &str) -> bool {
    matches!(FieldKey::parse(key), Ok(FieldKey::Profile(ProfileField::Head)))
}

/// A name or number that tells who somebody is.
fn telling(key: &str, value: &Scalar) -> Option<String> {
    let Scalar::Str(text) = value else { return None };
    let long = match FieldKey::parse(key).ok()? {
        FieldKey::Member(_, MemberField::Name) => NAME_MIN <= text.chars().count(),
        FieldKey::Member(_, MemberField::Phone | MemberField::IdNumber)
        | FieldKey::Profile(ProfileField::Phone | ProfileField::Phone2) => NUMBER_MIN <= text.len(),
        _ => false,
    };
    long.then(|| text.clone())
}

/// Whether the words of a decision hold one of these names or numbers.
pub(super) fn says(cause: &str, words: &BTreeSet<String>) -> bool {
    words.iter().any(|word| cause.contains(word.as_str()))
}

/// The unit of an order, for a list of units.
pub(super) fn units_of(orders: &[Order]) -> BTreeSet<Unit> {
    orders.iter().map(|order| order.unit).collect()
}
