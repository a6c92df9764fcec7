//! What the community's organ decided: policies, categories, questions.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{CommunityFact, CommunityFile};
use crate::category::ConfirmedCategories;
use crate::ids::QuestionId;
use crate::policy::PolicyHistory;
use crate::question::Question;

impl CommunityFile {
    /// 历次规定 – the visit policies by their first day; D1b's cadence as a trial before the first.
    #[must_use]
    pub fn policies(&self) -> PolicyHistory {
        let mut history = PolicyHistory::default();
        let zone = self.zone();
        for (stamp, _, fact) in self.facts() {
            if let CommunityFact::PolicyAdopted(policy) = fact {
                history.add(policy.as_ref().clone(), zone.date(stamp.recorded_at()));
            }
        }
        history
    }

    /// 已确认类别 – as last said; none before.
    #[must_use]
    pub fn confirmed_categories(&self) -> ConfirmedCategories {
        let said = self.facts().rev().find_map(|(.., fact)| match fact {
            CommunityFact::CategoriesConfirmed(confirmed) => Some(confirmed.clone()),
            _ => None,
        });
        said.unwrap_or_default()
    }

    /// 专项 – the questions not withdrawn by the day, in the order of their ids. A question is never changed: the
    /// first one said under an id stands.
    #[must_use]
    pub fn questions(&self, day: NaiveDate) -> Vec<Question> {
        let mut questions: BTreeMap<QuestionId, &Question> = BTreeMap::new();
        for (.., fact) in self.facts() {
            if let CommunityFact::QuestionAdded(question) = fact {
                questions.entry(question.id).or_insert(question);
            }
        }
        for (.., fact) in self.facts() {
            if let CommunityFact::QuestionWithdrawn { question, on } = fact
                && *on <= day
            {
                questions.remove(question);
            }
        }
        questions.into_values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::category::{Category, Confirmation};
    use crate::file::Stamp;
    use crate::ids::{AccountId, Hash32};
    use crate::policy::{Standing, VisitPolicy};
    use crate::question::{AnswerKind, AskedOf};
    use crate::roster::By;
    use crate::time::Cadence;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn file_of(facts: Vec<(&str, CommunityFact)>) -> CommunityFile {
        let mut file = CommunityFile::default();
        for (nth, (on, fact)) in (0u16..).zip(facts) {
            let recorded = day(on).and_hms_opt(2, 0, 0).unwrap().and_utc();
            let stamp = Stamp { recorded_ms: recorded.timestamp_millis(), entry: Hash32([1; 32]), nth };
            file.insert(stamp, By::Desk(AccountId::from_bytes([1; 16])), fact);
        }
        file
    }

    #[test]
    fn a_policy_holds_from_its_day_and_never_for_a_period_already_begun() {
        let standing = |from: &str| Standing::Adopted {
            by: "示范镇".into(),
            document_no: String::new(),
            from: day(from),
        };
        let policy = |from: &str, days| VisitPolicy {
            standing: standing(from),
            min_days_left: days,
            ..VisitPolicy::default_trial()
        };
        let file = file_of(vec![
            ("2026-06-01", CommunityFact::PolicyAdopted(Box::new(policy("2026-07-01", 20)))),
            ("2026-08-01", CommunityFact::PolicyAdopted(Box::new(policy("2026-07-01", 10)))),
        ]);
        let policies = file.policies();
        let asked =
            ["2026Q2", "2026Q3", "2026Q4"].map(|period| policies.of(period.parse().unwrap()).min_days_left);
        assert_eq!(asked, [30, 20, 10]);
    }

    #[test]
    fn the_latest_list_of_confirmed_categories_holds() {
        let confirmation =
            Confirmation { basis: "文件".into(), by: "民政局".into(), document_no: String::new() };
        let mut fewer = ConfirmedCategories::default();
        fewer.confirm(Category::LowIncome.into(), confirmation);
        let file = file_of(vec![
            ("2026-06-01", CommunityFact::CategoriesConfirmed(ConfirmedCategories::demonstration())),
            ("2026-06-02", CommunityFact::CategoriesConfirmed(fewer.clone())),
        ]);
        assert_eq!(file.confirmed_categories(), fewer);
        assert_eq!(CommunityFile::default().confirmed_categories().iter().count(), 0);
    }

    #[test]
    fn a_question_is_asked_until_it_is_withdrawn_and_is_never_changed() {
        let id = QuestionId::from_bytes([1; 16]);
        let question = |zh: &str| {
            CommunityFact::QuestionAdded(Box::new(Question {
                id,
                zh: zh.into(),
                en: String::new(),
                department: "应急管理".into(),
                purpose: "安排免费安检".into(),
                basis: "城镇燃气管理条例".into(),
                asked_of: AskedOf::Everyone,
                from: day("2026-07-01"),
                until: day("2026-09-30"),
                kind: AnswerKind::YesNo,
                prefill: false,
                once_per: Cadence::Quarter,
            }))
        };
        let file = file_of(vec![
            ("2026-06-01", question("使用瓶装燃气?")),
            ("2026-06-02", question("换了意思的问题?")),
            ("2026-07-10", CommunityFact::QuestionWithdrawn { question: id, on: day("2026-08-01") }),
        ]);
        assert_eq!(
            file.questions(day("2026-07-31")).first().map(|one| one.zh.as_str()),
            Some("使用瓶装燃气?")
        );
        assert_eq!(file.questions(day("2026-08-01")), []);
    }
}
