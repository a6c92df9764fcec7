//! The tables of a policy file as strict shapes: an unknown key, a wrong kind or a number without its rule is
//! refused while reading, so that a slip of the keyboard can neither switch a penalty on nor off.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::rule::{Rule, RuleId};
use super::setting::{Decimal, Setting};
use crate::category::CategoryId;
use crate::visit::OutcomeCode;

mod norms;
mod pay;

/// A whole policy file: head, tables, open questions, quoted rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyTables {
    pub(super) schema: String,
    pub(super) policy: Head,
    #[serde(default)]
    pub(super) rule: Vec<Rule>,
    #[serde(default)]
    pub(super) decide: Vec<Decide>,
    pub(super) visits: Option<Visits>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) category: Vec<CategoryRow>,
    pub(super) attendance: Option<pay::Attendance>,
    pub(super) leave: Option<pay::Leave>,
    pub(super) bonus: Option<pay::Bonus>,
    pub(super) pay: Option<pay::Pay>,
    pub(super) effects: Option<pay::Effects>,
    pub(super) retirement: Option<pay::Retirement>,
    pub(super) contract: Option<pay::Contract>,
    pub(super) residence: Option<norms::Residence>,
    pub(super) staffing: Option<norms::Staffing>,
    pub(super) hiring: Option<norms::Hiring>,
    pub(super) qualification: Option<norms::Qualification>,
    pub(super) education: Option<norms::Education>,
    pub(super) training: Option<norms::Training>,
    pub(super) targets: Option<norms::Targets>,
    pub(super) evaluation: Option<norms::Evaluation>,
    pub(super) archives: Option<norms::Archives>,
    pub(super) reception: Option<norms::Reception>,
    pub(super) conduct: Option<norms::Conduct>,
}

/// The `[policy]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) source: String,
    #[serde(default)]
    pub(super) sha256: String,
    #[serde(default)]
    pub(super) script: String,
    pub(super) status: Status,
    pub(super) adopted_by: String,
    pub(super) effective_from: String,
    #[serde(default)]
    pub(super) interpreter: String,
}

/// 状态 – what a policy file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    Template,
    Trial,
    InForce,
    Repealed,
}

/// A `[[decide]]` table: a question of the X-register that the text leaves open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decide {
    pub(super) id: String,
    pub(super) question: String,
    pub(super) options: Vec<String>,
}

/// A number with the rule it comes from, or marked as the product's own default; never neither.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "{ value = .., rule = \"D1b-16\" } or { value = .., product_default = true }")]
pub(super) enum Sourced<T> {
    Rule(Ruled<T>),
    Product(ProductDefault<T>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ruled<T> {
    pub(super) value: T,
    pub(super) rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductDefault<T> {
    pub(super) value: T,
    pub(super) product_default: bool,
}

impl<T> Sourced<T> {
    pub(super) const fn value(&self) -> &T {
        match self {
            Self::Rule(ruled) => &ruled.value,
            Self::Product(default) => &default.value,
        }
    }
}

/// The `[visits]` table: the one that is live.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Visits {
    pub(super) unit: Option<VisitUnit>,
    pub(super) patch: Option<Patch>,
    pub(super) ordinary: Option<CadenceRow>,
    pub(super) key: Option<CadenceRow>,
    pub(super) target_rate: Option<Ruled<Decimal>>,
    pub(super) period: Option<Setting<PeriodKind>>,
    pub(super) key_visit_counts_for_quarter: Option<Setting<bool>>,
    pub(super) counted_outcomes: Option<BTreeSet<OutcomeCode>>,
    pub(super) phone_counts: Option<bool>,
    pub(super) show_rate: Option<BTreeSet<ShownRate>>,
    pub(super) attempts_before_excused: Option<Sourced<Setting<u8>>>,
    pub(super) min_days_left: Option<Sourced<Setting<u32>>>,
    pub(super) key_household: Option<Setting<super::KeyHouseholdRule>>,
    pub(super) checked_by_community: Option<CheckedByCommunity>,
    pub(super) faults: Option<BTreeSet<FaultWord>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum VisitUnit {
    Household,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Patch {
    Own,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PeriodKind {
    Calendar,
    Rolling,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ShownRate {
    Strict,
    Adjusted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FaultWord {
    Missed,
    Inaccurate,
    Falsified,
}

/// A cadence: so many times per span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CadenceRow {
    pub(super) times: Setting<u8>,
    pub(super) per: Setting<Per>,
    pub(super) rule: RuleId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Per {
    Month,
    Quarter,
    HalfYear,
    Year,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckedByCommunity {
    pub(super) every: Setting<Per>,
    pub(super) sample: Setting<u32>,
    pub(super) rule: RuleId,
}

/// A `[[category]]` table: a name and whose it is; the form stands in `categories.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryRow {
    pub(super) id: CategoryId,
    pub(super) zh: String,
    pub(super) source_words: String,
    pub(super) department: String,
    pub(super) rule: RuleId,
    pub(super) legal_hold: Option<String>,
    /// Needed for any category beside the six of D1b-19.
    pub(super) legal_basis: Option<String>,
}

/// Names and numbers of posts: `director = 1`, `deputy-director = { min = 1, max = 2 }`.
pub(super) type Named<T> = BTreeMap<String, T>;
