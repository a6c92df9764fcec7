//! 保存期限 – fields whose time has passed, by the register; found here, erased like everything else.
//!
//! The register (`core/policies/categories.toml`) says for how many months each field of a category is kept after the
//! person left the category, the household or the community. Every other field is kept until a person decides.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};
use ruhu_core::category::{CategoryForms, CategoryId, FieldKey, MemberField, PartDate, Scalar};
use ruhu_core::fact::Fact;
use ruhu_core::file::UnitFile;
use ruhu_core::ids::{CommunityId, PersonId};
use ruhu_core::profile::Profile;
use ruhu_core::projection::standing;
use ruhu_core::roster::Unit;

use super::act::Erased;
use super::{EraseError, Order, What};
use crate::access::command_line;
use crate::storage::units::UnitRow;
use crate::storage::{Hub, StorageError, Tx};

/// Name of the field in which a form notes that somebody left the category.
const UNTIL: &str = "until";

impl Hub {
    /// The fields whose time has passed today, by household; nothing is changed.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn expired(&self) -> Result<Vec<Order>, StorageError> {
        let forms =
            CategoryForms::shipped().map_err(|_| StorageError::Damaged { what: "register of fields" })?;
        let now = self.now();
        self.storage().read(|tx| {
            let mut zones: BTreeMap<CommunityId, NaiveDate> = BTreeMap::new();
            for (id, file) in tx.communities()? {
                zones.insert(id, file.zone().date(now));
            }
            let mut orders = Vec::new();
            tx.each_unit(|row| {
                let today = match row.grid {
                    Some(grid) => tx.community_of(grid)?.and_then(|id| zones.get(&id).copied()),
                    None => None,
                };
                if let Some(today) = today {
                    orders.extend(expired_of(tx, &row, &forms, today)?);
                }
                Ok::<_, StorageError>(())
            })?;
            Ok(orders)
        })
    }

    /// Erases what has passed its time; the nightly job. Each decision stands in the signed log with its rule.
    ///
    /// # Errors
    /// [`EraseError`]; nothing was changed.
    pub fn erase_expired(&self) -> Result<Vec<Erased>, EraseError> {
        let orders = self.expired()?;
        if orders.is_empty() { Ok(Vec::new()) } else { self.erase(orders) }
    }
}

fn expired_of(
    tx: &Tx<'_>,
    row: &UnitRow,
    forms: &CategoryForms,
    today: NaiveDate,
) -> Result<Option<Order>, StorageError> {
    let Some(doc) = tx.unit_doc(row.nr)? else { return Ok(None) };
    let damaged = StorageError::Damaged { what: "household document" };
    let fields = Profile::load(&doc).map_err(|_| damaged)?.fields();
    let gone = household_gone(&tx.unit_file(row)?);
    let ends = ends(&fields);
    let mut keys = BTreeSet::new();
    let mut rules = BTreeSet::new();
    for key in fields.keys() {
        let Ok(FieldKey::Category(person, of)) = FieldKey::parse(key) else { continue };
        let Some(form) = forms.form(&of.category) else { continue };
        let Some(field) = form.fields.iter().find(|field| field.id == of.field) else { continue };
        let end = ends.of(person, &of.category).into_iter().chain(gone).min();
        let months = u32::from(field.retention.count());
        if end.and_then(|end| end.checked_add_months(Months::new(months))).is_some_and(|kept| kept <= today) {
            keys.insert(key.clone());
            rules.insert(format!("{} {months} months", of.category));
        }
    }
    if keys.is_empty() {
        return Ok(None);
    }
    let rules: Vec<String> = rules.into_iter().collect();
    let cause = format!("保存期限到期 / retention: {}", rules.join(", "));
    let what = What::Fields(keys.into_iter().collect());
    Ok(Some(Order { unit: row.unit, what, cause, by: command_line() }))
}

/// When people left a category or the household, as far as is written down; the last day of what is known.
struct Ends {
    categories: BTreeMap<(PersonId, CategoryId), NaiveDate>,
    people: BTreeMap<PersonId, NaiveDate>,
}

impl Ends {
    fn of(&self, person: PersonId, category: &CategoryId) -> Option<NaiveDate> {
        let of_category = self.categories.get(&(person, category.clone()));
        of_category.into_iter().chain(self.people.get(&person)).min().copied()
    }
}

fn ends(fields: &BTreeMap<String, Vec<Scalar>>) -> Ends {
    let mut ends = Ends { categories: BTreeMap::new(), people: BTreeMap::new() };
    for (key, values) in fields {
        // Where two wrote different days nobody has decided yet: nothing goes.
        let [Scalar::Str(text)] = values.as_slice() else { continue };
        let Some(day) = text.parse().ok().and_then(last_day) else { continue };
        match FieldKey::parse(key) {
            Ok(FieldKey::Category(person, of)) if of.field == UNTIL => {
                ends.categories.insert((person, of.category), day);
            }
            Ok(FieldKey::Member(person, MemberField::Left)) => {
                ends.people.insert(person, day);
            }
            _ => {}
        }
    }
    ends
}

/// A year or a month is over on its last day.
fn last_day(date: PartDate) -> Option<NaiveDate> {
    match date {
        PartDate::Day(day) => Some(day),
        PartDate::Year(year) => NaiveDate::from_ymd_opt(year, 12, 31),
        PartDate::Month(year, month) => {
            let first = NaiveDate::from_ymd_opt(year, u32::from(month), 1)?;
            first.checked_add_months(Months::new(1))?.pred_opt()
        }
    }
}

/// The day on which the whole household left or ceased, if it did and nobody met it again.
fn household_gone(file: &UnitFile) -> Option<NaiveDate> {
    let Unit::Household(_) = file.unit() else { return None };
    let mut gone = None;
    for (_, stamped) in standing(file) {
        match &stamped.fact {
            Fact::Left { on, .. } | Fact::Dissolved { on, .. } => gone = Some(*on),
            Fact::Settled { .. } | Fact::Visited(_) => gone = None,
            _ => {}
        }
    }
    gone
}
