//! What the community's facts settle: policy, calendar, categories, questions, and the setting of a reckoning.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::{AdoptedRules, CommunityFact, CommunityFile};
use crate::category::ConfirmedCategories;
use crate::coverage::Setting;
use crate::ids::QuestionId;
use crate::policy::PolicyHistory;
use crate::question::Question;
use crate::time::{BadCalendar, Period, WorkCalendar};

/// 租期 – the shortest and the longest lease a community may choose, in days (`design.md` 7).
pub const LEASE_DAYS: RangeInclusive<u8> = 7..=90;
/// The lease where the community chose none, in days.
pub const LEASE_DAYS_UNSET: u8 = 30;

impl CommunityFile {
    /// 租期 – how many days a phone shows names, numbers and categories without having synced: the last said, held within
    /// [`LEASE_DAYS`]; [`LEASE_DAYS_UNSET`] where nothing was said.
    #[must_use]
    pub fn lease_days(&self) -> u8 {
        let set = self.facts().rev().find_map(|(.., fact)| match fact {
            CommunityFact::LeaseSet { days } => Some(*days),
            _ => None,
        });
        set.unwrap_or(LEASE_DAYS_UNSET).clamp(*LEASE_DAYS.start(), *LEASE_DAYS.end())
    }

    /// 历次规定 – the visit policies by their first day.
    #[must_use]
    pub fn policies(&self) -> PolicyHistory {
        let mut history = PolicyHistory::default();
        for (stamp, _, fact) in self.facts() {
            if let CommunityFact::PolicyAdopted(adopted) = fact {
                history.add_recorded(adopted.visits.clone(), self.zone().date(stamp.recorded_at()));
            }
        }
        history
    }

    /// What was adopted last; `None` while everything is 试行.
    #[must_use]
    pub fn last_adopted(&self) -> Option<&AdoptedRules> {
        self.adopted().last()
    }

    /// What was adopted last by the end of a local day, as recorded: what was recorded later does not reach back.
    #[must_use]
    pub fn adopted_by(&self, day: NaiveDate) -> Option<&AdoptedRules> {
        let mut recorded = self.facts().rev().filter_map(|(stamp, _, fact)| match fact {
            CommunityFact::PolicyAdopted(adopted) => Some((stamp, &**adopted)),
            _ => None,
        });
        let by = recorded.find(|(stamp, _)| self.zone().date(stamp.recorded_at()) <= day);
        by.map(|(_, adopted)| adopted)
    }

    /// The local day of the last adoption.
    #[must_use]
    pub fn last_adopted_on(&self) -> Option<NaiveDate> {
        let mut stamps = self.facts().rev();
        let last = stamps.find(|(.., fact)| matches!(fact, CommunityFact::PolicyAdopted(_)));
        last.map(|(stamp, ..)| self.zone().date(stamp.recorded_at()))
    }

    /// The categories the organ confirmed; none before an adoption says so.
    #[must_use]
    pub fn confirmed_categories(&self) -> ConfirmedCategories {
        self.last_adopted().map(|adopted| adopted.categories.clone()).unwrap_or_default()
    }

    /// 专项 – the questions by id, each ending the day it was closed at the latest.
    #[must_use]
    pub fn questions(&self) -> BTreeMap<QuestionId, Question> {
        let mut questions = BTreeMap::new();
        for (.., fact) in self.facts() {
            match fact {
                CommunityFact::QuestionOpened(question) => {
                    questions.entry(question.id).or_insert_with(|| question.clone());
                }
                CommunityFact::QuestionClosed { question, on } => {
                    if let (Some(open), Some(last)) = (questions.get_mut(question), on.pred_opt()) {
                        open.until = open.until.min(last);
                    }
                }
                _ => {}
            }
        }
        questions
    }

    /// 工作日历 – the shipped notices and those the community added.
    ///
    /// # Errors
    /// When a shipped notice is damaged. A notice the community added was checked before it was recorded; one that
    /// cannot be read is passed over, so that a phone still knows its weekends.
    pub fn calendar(&self) -> Result<WorkCalendar, BadCalendar> {
        let shipped = WorkCalendar::shipped()?;
        let notices = self.facts().filter_map(|(.., fact)| match fact {
            CommunityFact::HolidayNotice(text) => Some(text),
            _ => None,
        });
        Ok(notices.fold(shipped, |calendar, text| calendar.clone().with_notice(text).unwrap_or(calendar)))
    }

    /// 试行 – whether a day lies in a quarter that can produce no finding: it began before the community went live.
    #[must_use]
    pub fn is_trial_on(&self, day: NaiveDate) -> bool {
        let quarter = Period::quarter_of(day);
        self.policies().of(quarter).coverage_rules(self.went_live_on()).is_trial(quarter)
    }

    /// Everything a reckoning of `period` depends on besides the files: the policy of that period's date, the
    /// assignments, the zone, the calendar.
    ///
    /// # Errors
    /// As [`CommunityFile::calendar`].
    pub fn coverage_setting(&self, period: Period) -> Result<Setting, BadCalendar> {
        let policies = self.policies();
        let policy = policies.of(period);
        let rules = policy.coverage_rules(self.went_live_on());
        Ok(Setting { assignments: self.assignments(), rules, zone: self.zone(), calendar: self.calendar()? })
    }

    fn adopted(&self) -> impl DoubleEndedIterator<Item = &AdoptedRules> {
        self.facts().filter_map(|(.., fact)| match fact {
            CommunityFact::PolicyAdopted(adopted) => Some(&**adopted),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::Stamp;
    use crate::ids::{AccountId, Hash32};
    use crate::policy::{Standing, VisitPolicy};
    use crate::question::{AnswerKind, AskedOf};
    use crate::roster::By;
    use crate::time::Cadence;

    fn file_of(facts: Vec<CommunityFact>) -> CommunityFile {
        let mut file = CommunityFile::default();
        for (nth, fact) in (0u16..).zip(facts) {
            let stamp = Stamp { recorded_ms: i64::from(nth), entry: Hash32([1; 32]), nth };
            file.insert(stamp, By::Desk(AccountId::from_bytes([1; 16])), fact);
        }
        file
    }

    fn adopted() -> CommunityFact {
        let standing = Standing::Adopted {
            by: "示范镇".into(),
            document_no: "1 号".into(),
            from: "2027-01-01".parse().unwrap(),
        };
        CommunityFact::PolicyAdopted(Box::new(AdoptedRules {
            visits: VisitPolicy { standing, min_days_left: 20, ..VisitPolicy::default_trial() },
            categories: ConfirmedCategories::demonstration(),
            adoption: "schema = \"wangge-adopt/1\"".into(),
        }))
    }

    fn question() -> Question {
        Question {
            id: QuestionId::from_bytes([1; 16]),
            zh: "是否需要灭火器".into(),
            en: String::new(),
            department: "消防".into(),
            purpose: "配发".into(),
            basis: "社区决定".into(),
            asked_of: AskedOf::Everyone,
            from: "2026-07-01".parse().unwrap(),
            until: "2026-09-30".parse().unwrap(),
            kind: AnswerKind::YesNo,
            prefill: false,
            once_per: Cadence::Quarter,
        }
    }

    #[test]
    fn a_past_quarter_is_reckoned_by_the_policy_of_its_date() {
        let file = file_of(vec![adopted()]);
        let days = |period: &str| file.coverage_setting(period.parse().unwrap()).unwrap().rules.min_days_left;
        assert_eq!((days("2026Q4"), days("2027Q1")), (30, 20));
        assert!(CommunityFile::default().confirmed_categories().iter().next().is_none());
    }

    #[test]
    fn the_lease_is_the_one_last_chosen_and_never_out_of_bounds() {
        let days = |said: &[u8]| {
            let facts = said.iter().map(|days| CommunityFact::LeaseSet { days: *days });
            file_of(facts.collect()).lease_days()
        };
        assert_eq!((days(&[]), days(&[14]), days(&[14, 60])), (30, 14, 60));
        assert_eq!((days(&[0]), days(&[255])), (7, 90), "a damaged choice neither locks at once nor never");
    }

    #[test]
    fn a_closed_question_ends_the_day_before() {
        let closed =
            CommunityFact::QuestionClosed { question: question().id, on: "2026-08-01".parse().unwrap() };
        let file = file_of(vec![CommunityFact::QuestionOpened(question()), closed]);
        assert_eq!(file.questions()[&question().id].until, "2026-07-31".parse().unwrap());
    }

    #[test]
    fn a_community_keeps_everything_in_its_compact_form() {
        let notice =
            CommunityFact::HolidayNotice("source = \"通知\"\noff = [\"2027-01-01\"]\non = []".into());
        let file = file_of(vec![adopted(), CommunityFact::QuestionOpened(question()), notice]);
        let bytes = postcard::to_allocvec(&file).unwrap();
        assert_eq!(postcard::from_bytes::<CommunityFile>(&bytes).unwrap(), file);
        assert!(!file.calendar().unwrap().is_working_day("2027-01-01".parse().unwrap()));
    }
}
