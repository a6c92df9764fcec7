//! 历次规定 – which visit policy held on which day: a past period is always computed with the policy of its date.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::visits::VisitPolicy;
use crate::time::Period;

/// 历次规定 – the visit policies of one community by their first day. Before the first one, D1b's cadence holds as
/// the product's default, 未采用文件·试行.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyHistory {
    trial: VisitPolicy,
    versions: BTreeMap<NaiveDate, VisitPolicy>,
}

impl Default for PolicyHistory {
    fn default() -> Self {
        Self { trial: VisitPolicy::default_trial(), versions: BTreeMap::new() }
    }
}

impl PolicyHistory {
    /// Adds a policy from its own first day on, whatever the order; one of the same day replaces the earlier one, which is
    /// returned. A policy nobody adopted replaces the trial while there is no other.
    pub fn add(&mut self, policy: VisitPolicy) -> Option<VisitPolicy> {
        self.add_recorded(policy, NaiveDate::MIN)
    }

    /// As [`PolicyHistory::add`], for an adoption recorded on a day: one dated back holds from that day on, so that
    /// no duty is made or taken in a period that was already running under other rules. What is recorded is the whole
    /// adoption: versions of an earlier one that had not begun by then never do, and one that adopts no visit rules any
    /// more ends them from that day on.
    pub fn add_recorded(&mut self, policy: VisitPolicy, recorded_on: NaiveDate) -> Option<VisitPolicy> {
        match policy.standing.from() {
            Some(from) => {
                if recorded_on != NaiveDate::MIN {
                    self.versions.retain(|day, _| *day <= recorded_on);
                }
                self.versions.insert(from.max(recorded_on), policy)
            }
            None if self.versions.is_empty() => Some(std::mem::replace(&mut self.trial, policy)),
            None => {
                self.versions.retain(|from, _| *from < recorded_on);
                self.versions.insert(recorded_on, policy)
            }
        }
    }

    /// The policy of a day.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> &VisitPolicy {
        self.versions.range(..=day).next_back().map_or(&self.trial, |(_, policy)| policy)
    }

    /// The policy of a period: the one of its first day, so that no period changes its rules while it runs.
    #[must_use]
    pub fn of(&self, period: Period) -> &VisitPolicy {
        self.on(period.first_day())
    }

    /// All adopted versions, oldest first.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = &VisitPolicy> {
        self.versions.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Standing;

    fn from(day: &str, min_days_left: u32) -> VisitPolicy {
        let standing =
            Standing::Adopted {
                by: "示范镇".into(), document_no: "1 号".into(), from: day.parse().unwrap()
            };
        VisitPolicy { standing, min_days_left, ..VisitPolicy::default_trial() }
    }

    #[test]
    fn a_past_period_keeps_the_policy_of_its_date() {
        let mut history = PolicyHistory::default();
        history.add(from("2027-01-01", 20));
        let asked = |history: &PolicyHistory, period: &str| history.of(period.parse().unwrap()).min_days_left;
        assert_eq!(asked(&history, "2026Q4"), 30);
        assert!(history.of("2026Q4".parse().unwrap()).is_trial());
        assert_eq!(asked(&history, "2027Q1"), 20);
        history.add(from("2027-02-15", 10));
        assert_eq!(
            ["2026Q4", "2027Q1", "2027-02", "2027-03", "2027Q2"].map(|one| asked(&history, one)),
            [30, 20, 20, 10, 10]
        );
        assert_eq!(history.versions().count(), 2);
    }

    #[test]
    fn an_adoption_dated_back_holds_from_the_day_it_was_recorded() {
        let mut history = PolicyHistory::default();
        history.add_recorded(from("2027-01-01", 20), "2027-02-10".parse().unwrap());
        let asked = |period: &str| history.of(period.parse().unwrap()).min_days_left;
        assert_eq!([asked("2027Q1"), asked("2027-02"), asked("2027-03"), asked("2027Q2")], [30, 30, 20, 20]);
    }

    #[test]
    fn rules_adopted_no_longer_end_with_the_period_that_runs_and_rules_to_come_never_begin() {
        let mut history = PolicyHistory::default();
        history.add_recorded(from("2027-01-01", 20), "2026-12-01".parse().unwrap());
        history.add_recorded(from("2028-01-01", 10), "2027-01-02".parse().unwrap());
        history.add_recorded(VisitPolicy::default_trial(), "2027-05-10".parse().unwrap());
        let is_trial = |period: &str| history.of(period.parse().unwrap()).is_trial();
        assert_eq!(["2026Q4", "2027Q1", "2027Q2"].map(is_trial), [true, false, false]);
        assert_eq!(["2027-06", "2027Q3", "2028Q1"].map(is_trial), [true, true, true]);
    }

    #[test]
    fn a_first_day_that_was_put_off_or_brought_forward_leaves_nothing_of_the_one_before() {
        let asked = |days: [&str; 2]| {
            let mut history = PolicyHistory::default();
            history.add_recorded(from(days[0], 20), "2026-11-01".parse().unwrap());
            history.add_recorded(from(days[1], 10), "2026-12-01".parse().unwrap());
            ["2027Q1", "2027Q2", "2028Q1"].map(|one| history.of(one.parse().unwrap()).min_days_left)
        };
        assert_eq!(asked(["2027-01-01", "2027-04-01"]), [30, 10, 10]);
        assert_eq!(asked(["2028-01-01", "2027-04-01"]), [30, 10, 10]);
    }

    #[test]
    fn the_order_in_which_versions_arrive_does_not_matter() {
        let (mut one, mut other) = (PolicyHistory::default(), PolicyHistory::default());
        one.add(from("2027-01-01", 20));
        one.add(from("2027-04-01", 10));
        other.add(from("2027-04-01", 10));
        other.add(from("2027-01-01", 20));
        assert_eq!(one, other);
        let json = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<PolicyHistory>(&json).unwrap(), one);
    }
}
