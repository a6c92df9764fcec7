//! Staffing, training, evaluation and the like: read, checked and shown, computed by nobody in this version.

use serde::{Deserialize, Serialize};

use super::Ruled;
use crate::policy::rule::RuleId;
use crate::policy::setting::{Decimal, Setting};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Force {
    Hard,
    Soft,
    Norm,
}

/// A norm: a floor, a ceiling or an about-figure, and how strictly it is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Norm {
    min: Option<Setting<u32>>,
    max: Option<Setting<u32>>,
    about: Option<Setting<u32>>,
    force: Option<Force>,
    rule: RuleId,
    legal_hold: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    min: u32,
    max: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a whole number, or { min = .., max = .. }")]
enum Count {
    Exactly(u32),
    Between(Bounds),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Staffing {
    committee_size: Option<Norm>,
    households_per_worker: Option<Norm>,
    property_posts_per_community: Option<Norm>,
    small_bungalow: Option<Norm>,
    large: Option<Norm>,
    posts: Option<Posts>,
    full_time_roles: Option<Vec<String>>,
    part_timer_must_live_here: Option<bool>,
    yearly_headcount_report_to: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Posts {
    director: Option<Count>,
    deputy_director: Option<Count>,
    member: Option<Count>,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Residence {
    must_live_in_community: Option<Duty>,
    unscheduled_checks: Option<ChecksBy>,
    to_stand_for_committee: Option<Years>,
}

/// A duty and what a breach leads a person to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Duty {
    place: Option<String>,
    force: Force,
    on_breach: Option<String>,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChecksBy {
    by: String,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Years {
    years: Setting<u8>,
    from: Option<String>,
    inclusive: Option<bool>,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Hiring {
    steps: Option<Vec<String>>,
    hukou: Option<Duty>,
    live_in_community: Option<Duty>,
    recruit_max_age: Option<Years>,
    recruit_education: Option<AtLeast>,
    secretary_max_age: Option<Years>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AtLeast {
    up_to_age: Option<u8>,
    at_least: Setting<String>,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Qualification {
    certificate_within: Option<Years>,
    continuing_education: Option<ContinuingEducation>,
    incumbents: Option<Incumbents>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ContinuingEducation {
    on_failure: Vec<String>,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Incumbents {
    up_to_age: Setting<u8>,
    force: Force,
    exempt: Vec<String>,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Education {
    degree_course: Option<AtLeast>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Training {
    minimum: Option<Vec<TrainingFloor>>,
    city: Option<Courses>,
    county: Option<Courses>,
    street: Option<Courses>,
    total: Option<TrainingDays>,
    hours_per_day: Option<Setting<u8>>,
}

/// 学时, 课时 and 天 stay apart: no unit is converted into another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrainingFloor {
    roles: Vec<String>,
    hours: Setting<u16>,
    unit: TrainingUnit,
    per: String,
    rule: RuleId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum TrainingUnit {
    #[serde(rename = "学时")]
    XueShi,
    #[serde(rename = "课时")]
    KeShi,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Courses {
    roles: Option<Vec<String>>,
    min: Setting<u16>,
    max: Option<Setting<u16>>,
    per: String,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrainingDays {
    days: Setting<u16>,
    per: String,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Targets {
    horizon: Option<Years>,
    certified_share: Option<ShareNorm>,
    heads_graduates: Option<ShareNorm>,
    graduates_per_rural_community: Option<Norm>,
    heads_around_40: Option<ShareNorm>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShareNorm {
    min: Setting<Decimal>,
    scope: Option<String>,
    band: Option<Setting<Bounds>>,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Evaluation {
    cycle: Option<String>,
    items: Option<Vec<String>>,
    parts: Option<Vec<String>>,
    pub(in crate::policy) weights: Option<Setting<Weights>>,
    windows: Option<Windows>,
    grades: Option<Vec<String>>,
    cutoffs: Option<Setting<Vec<Ruled<u8>>>>,
    committee: Option<EvaluationCommittee>,
    publish: Option<Publish>,
    appeal_to: Option<String>,
}

/// Parts of the score; they sum to exactly 1.00.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Weights {
    quantified: Decimal,
    midyear_assembly: Decimal,
    yearend_assembly: Decimal,
    rule: RuleId,
}

impl Weights {
    pub(in crate::policy) fn sum_per_10k(&self) -> u32 {
        [self.quantified, self.midyear_assembly, self.yearend_assembly]
            .iter()
            .map(|weight| u32::from(weight.0.per_10k()))
            .sum()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Windows {
    midyear: [String; 2],
    yearend: [String; 2],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EvaluationCommittee {
    min: u8,
    max: u8,
    chairs: u8,
    must_include: Vec<String>,
    rule: RuleId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Publish {
    result: bool,
    notice_for: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Archives {
    due: Vec<ArchiveDue>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ArchiveDue {
    what: String,
    by: String,
    rule: RuleId,
    date_is: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Reception {
    log_requests: Option<Ruled<bool>>,
    tell_all_missing_papers_at_once: Option<bool>,
    complaint_record: Option<bool>,
    target_days: Option<Setting<Ruled<u16>>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct Conduct {
    pub(in crate::policy) text_only: Option<Vec<RuleId>>,
    damage: Option<Damage>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Damage {
    compensate: String,
    rule: RuleId,
}
