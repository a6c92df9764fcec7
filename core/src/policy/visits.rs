//! 走访规定 – the visit rules coverage is computed with: live, sent to phones, hashed onto every report.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::problem::PolicyProblem;
use super::rule::RuleId;
use super::sections::{CadenceRow, Per, PeriodKind, Visits};
use super::setting::{Setting, Share};
use crate::coverage::CoverageRules;
use crate::ids::Hash32;
use crate::time::Cadence;
use crate::visit::OutcomeCode;

/// 走访规定 – how often, what counts, and when a household is excused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitPolicy {
    /// On whose word it stands.
    pub standing: Standing,
    /// The rule texts it was taken from, by id, each with the hash of its file.
    pub sources: Vec<PolicySource>,
    /// 每季度入户一次 – every household (D1b-15).
    pub ordinary: VisitCadence,
    /// 重点户每月入户一次 – key households (D1b-16).
    pub key: VisitCadence,
    /// 入户率 100% – the target, and the rule that sets it (D1b-17).
    pub target: Option<RateTarget>,
    /// The outcomes that make an obligation *visited* (X-08): some of met, met-at-door, phone, came-to-office.
    pub counted_outcomes: BTreeSet<OutcomeCode>,
    /// 三次未遇 – attempts after which an obligation is excused; 1 to 20, product default 3.
    pub attempts_before_excused: u8,
    /// A household is due in a quarter only if it lives there for at least so many days of it; 0 to 92, product
    /// default 30.
    pub min_days_left: u32,
    /// 重点户如何确定 – how a household becomes key.
    pub key_household: KeyHouseholdRule,
}

/// On whose word a policy stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 未采用文件·试行 – nobody adopted it; no consequence can follow.
    Trial,
    /// 已采用 – by an organ, from a day on.
    Adopted {
        /// The organ.
        by: String,
        /// 文号 – its document, possibly empty.
        document_no: String,
        /// First day.
        from: NaiveDate,
    },
}

impl Standing {
    /// What every page and report is headed with while nothing is adopted.
    pub const TRIAL_ZH: &'static str = "未采用文件·试行";
    /// The same in English.
    pub const TRIAL_EN: &'static str = "no document adopted, trial";

    /// The first day, if it was adopted.
    #[must_use]
    pub const fn from(&self) -> Option<NaiveDate> {
        match self {
            Self::Trial => None,
            Self::Adopted { from, .. } => Some(*from),
        }
    }

    /// What holds of two together: the later day, and a trial if either is one.
    pub(super) fn later(one: Option<Self>, other: Self) -> Self {
        match one {
            Some(one) if one.from().is_none() || other.from() <= one.from() && other.from().is_some() => one,
            _ => other,
        }
    }
}

/// A rule text a policy was taken from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PolicySource {
    /// `d1b-town-model`.
    pub policy: String,
    /// SHA-256 of its file.
    pub file: Hash32,
}

/// So many visits per period, by a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitCadence {
    /// How many times; this version computes 1.
    pub times: u8,
    /// Per calendar quarter or month.
    pub per: Cadence,
    /// The rule that says so.
    pub rule: RuleId,
}

/// 目标 – the rate wanted, by a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateTarget {
    /// The share, in ten-thousandths.
    pub share: Share,
    /// The rule that says so.
    pub rule: RuleId,
}

/// 重点户如何确定 – how a household becomes key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyHouseholdRule {
    /// 人工确定 – suggested by the worker, confirmed by the community.
    ChosenByHand,
    /// 任一类别 – any household with a member of a category. Known, but computed by nobody in this version.
    AnyCategory,
}

impl VisitPolicy {
    /// 未采用文件·试行 – D1b's cadence as the product's default, used before any adoption.
    #[must_use]
    pub fn default_trial() -> Self {
        Self {
            standing: Standing::Trial,
            sources: Vec::new(),
            ordinary: VisitCadence { times: 1, per: Cadence::Quarter, rule: RuleId::known("D1b-15") },
            key: VisitCadence { times: 1, per: Cadence::Month, rule: RuleId::known("D1b-16") },
            target: Some(RateTarget { share: Share::WHOLE, rule: RuleId::known("D1b-17") }),
            counted_outcomes: [OutcomeCode::Met, OutcomeCode::MetAtDoor].into(),
            attempts_before_excused: 3,
            min_days_left: 30,
            key_household: KeyHouseholdRule::ChosenByHand,
        }
    }

    /// 电话是否计入 – whether a telephone call counts.
    #[must_use]
    pub fn phone_counts(&self) -> bool {
        self.counts(OutcomeCode::Phone)
    }

    /// Whether a visit with this outcome makes an obligation *visited*.
    #[must_use]
    pub fn counts(&self, outcome: OutcomeCode) -> bool {
        self.counted_outcomes.contains(&outcome)
    }

    /// Whether nobody adopted it: shown as 未采用文件·试行, and no consequence can follow.
    #[must_use]
    pub const fn is_trial(&self) -> bool {
        matches!(self.standing, Standing::Trial)
    }

    /// What coverage is reckoned with. The day of going live is the community's, not the policy's.
    #[must_use]
    pub fn coverage_rules(&self, go_live: Option<NaiveDate>) -> CoverageRules {
        CoverageRules {
            counted_outcomes: self.counted_outcomes.clone(),
            min_days_left: self.min_days_left,
            attempts: u32::from(self.attempts_before_excused),
            go_live,
            ..CoverageRules::default()
        }
    }

    /// SHA-256 over [`Self::canonical`]; printed on each report and stored with each closed period.
    #[must_use]
    pub fn policy_hash(&self) -> Hash32 {
        Hash32::of(&[self.canonical().as_bytes()])
    }

    /// The policy as lines of text that never change for the same policy: what [`Self::policy_hash`] is taken over,
    /// so that a person with a report in hand can take it again.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut text = String::from("ruhu visit policy 1\n");
        let mut line = |key: &str, value: &dyn std::fmt::Display| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{key}={value}");
        };
        match &self.standing {
            Standing::Trial => line("standing", &"trial"),
            Standing::Adopted { by, document_no, from } => {
                line("standing", &"adopted");
                line("by", &one_line(by));
                line("document_no", &one_line(document_no));
                line("from", from);
            }
        }
        for source in &self.sources {
            line("source", &format!("{} {}", one_line(&source.policy), source.file));
        }
        for (key, cadence) in [("ordinary", &self.ordinary), ("key", &self.key)] {
            let per = match cadence.per {
                Cadence::Quarter => "quarter",
                Cadence::Month => "month",
            };
            line(key, &format!("{}/{per} {}", cadence.times, cadence.rule));
        }
        if let Some(target) = &self.target {
            line("target_per_10k", &format!("{} {}", target.share.per_10k(), target.rule));
        }
        for outcome in &self.counted_outcomes {
            line("counted", outcome);
        }
        line("attempts_before_excused", &self.attempts_before_excused);
        line("min_days_left", &self.min_days_left);
        let by_hand = self.key_household == KeyHouseholdRule::ChosenByHand;
        line("key_household", &if by_hand { "chosen-by-hand" } else { "any-category" });
        text
    }

    /// From the `[visits]` table a community adopted. What the table leaves out is the product's default; what
    /// coverage cannot be computed with is refused.
    pub(super) fn of_table(
        visits: &Visits,
        standing: Standing,
        mut sources: Vec<PolicySource>,
    ) -> Result<Self, Vec<PolicyProblem>> {
        let default = Self::default_trial();
        sources.sort();
        let mut problems = Vec::new();
        let mut refuse = |field: &str, supported: &'static str| {
            problems.push(PolicyProblem::NotComputable { field: format!("visits.{field}"), supported });
        };
        let ordinary = cadence(visits.ordinary.as_ref(), Cadence::Quarter);
        if ordinary.is_none() {
            refuse("ordinary", "每季度一次 / once a quarter");
        }
        let key = cadence(visits.key.as_ref(), Cadence::Month);
        if key.is_none() {
            refuse("key", "每月一次 / once a month");
        }
        if !matches!(visits.period, None | Some(Setting::Value(PeriodKind::Calendar))) {
            refuse("period", "日历期间 / calendar periods");
        }
        if !matches!(visits.key_visit_counts_for_quarter, None | Some(Setting::Value(true))) {
            refuse("key_visit_counts_for_quarter", "计入 / true");
        }
        if !matches!(visits.key_household, None | Some(Setting::Value(KeyHouseholdRule::ChosenByHand))) {
            refuse("key_household", "人工确定 / chosen-by-hand");
        }
        let mut counted = visits.counted_outcomes.clone().unwrap_or(default.counted_outcomes);
        if visits.phone_counts == Some(true) {
            counted.insert(OutcomeCode::Phone);
        }
        if counted.is_empty() || counted.iter().any(|outcome| !COUNTABLE.contains(outcome)) {
            refuse("counted_outcomes", "见到或联系到成年人的结果 / met, met-at-door, phone, came-to-office");
        }
        let attempts = product(visits.attempts_before_excused.as_ref(), default.attempts_before_excused);
        if attempts.is_none_or(|attempts| !(1..=20).contains(&attempts)) {
            refuse("attempts_before_excused", "1 至 20 次 / 1 to 20");
        }
        let days = product(visits.min_days_left.as_ref(), default.min_days_left);
        if days.is_none_or(|days| 92 < days) {
            refuse("min_days_left", "0 至 92 天 / 0 to 92 days");
        }
        let target = visits.target_rate.as_ref();
        match (ordinary, key, attempts, days) {
            (Some(ordinary), Some(key), Some(attempts), Some(days)) if problems.is_empty() => Ok(Self {
                standing,
                sources,
                ordinary,
                key,
                target: target.map(|one| RateTarget { share: one.value.0, rule: one.rule.clone() }),
                counted_outcomes: counted,
                attempts_before_excused: attempts,
                min_days_left: days,
                key_household: default.key_household,
            }),
            _ => Err(problems),
        }
    }
}

/// The outcomes in which an adult of the household was spoken with at first hand.
const COUNTABLE: [OutcomeCode; 4] =
    [OutcomeCode::Met, OutcomeCode::MetAtDoor, OutcomeCode::Phone, OutcomeCode::CameToOffice];

fn cadence(row: Option<&CadenceRow>, wanted: Cadence) -> Option<VisitCadence> {
    let row = row?;
    let per = match row.per.value()? {
        Per::Quarter => Cadence::Quarter,
        Per::Month => Cadence::Month,
        Per::HalfYear | Per::Year => return None,
    };
    let times = *row.times.value()?;
    (times == 1 && per == wanted).then(|| VisitCadence { times, per, rule: row.rule.clone() })
}

/// Words of an organ can hold anything; a line break in them must not look like another line of the policy.
fn one_line(words: &str) -> String {
    words.replace('\\', "\\\\").replace('\n', "\\n")
}

fn product<T: Copy>(written: Option<&super::sections::Sourced<Setting<T>>>, default: T) -> Option<T> {
    written.map_or(Some(default), |sourced| sourced.value().value().copied())
}

#[cfg(test)]
mod tests;
