//! 可拟事项 – which lines the rules an organ adopted let a person propose, and why the others are not offered.
//!
//! The reading is always the one that takes least (`domain.md` 1.2, X-06): a percentage is taken for each confirmed
//! error and never beyond its cap; `D1b-27` says who decides and adds no penalty; what a person would first have to
//! establish, or no decision with a document number has released, is shown and not offered.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::entry::{Amount, LineKind};
use crate::policy::{AdoptedPolicy, OpenWord, Rule, RuleTexts, SettingState, Standing};
use crate::roster::WorkerClass;

/// 处罚 – 「對入戶不到位,調查結果不實,弄虛作假的,按照獎懲制度給予處罰」: no amount is stated.
const PENALTY: [&str; 2] = ["D1a-09", "D1b-20"];
/// 奖励 – 「按質按量完成各項任務的,享受全年補貼、年終獎勵和專項獎勵」: no amount is stated.
const REWARD: [&str; 2] = ["D1a-10", "D1b-21"];
/// 干部报请上级 – who decides, by class.
const BY_CLASS: &str = "D1b-27";
/// The percentage for an error.
const ERROR: &str = "bonus.error_deduct";
/// The percentage for an error with wider effects.
const IMPACT: &str = "bonus.impact_deduct";

/// 可拟事项 – one rule with what could be proposed by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposable {
    /// The rule, in its words.
    pub rule: Rule,
    /// The policy it stands in.
    pub policy: String,
    /// What kind of line it would be.
    pub kind: LineKind,
    /// What the rule says it amounts to.
    pub amount: Amount,
    /// The decisions that lifted the legal holds on it.
    pub released: Vec<String>,
    /// Why it is not offered; `None`: it is.
    pub why_not: Option<NotOffered>,
}

/// Why a rule is shown and not offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotOffered {
    /// 未采用文件·试行 – nobody adopted it with a date.
    Demonstration,
    /// Adopted, and not from a day that has come.
    NotYet(NaiveDate),
    /// 法律冲突 – waits for a decision with a document number on each.
    Held(BTreeSet<String>),
    /// 待裁定 – waits for the question to be settled.
    Question(String),
    /// 未定 – it has no value yet.
    Open(OpenWord),
    /// The year's cap is reached by lines that stand.
    Capped,
    /// 影响范围 – a person would have to establish how far the effects went.
    NeedsImpact,
    /// It says who decides, and is no penalty of its own.
    OnlyRoutes,
}

/// What the adopted rules let a person propose after a finding that holds. `taken_percent` of the year-end bonus stand in
/// other lines of the same worker and year.
#[must_use]
pub fn after_finding(
    texts: &RuleTexts,
    adopted: &AdoptedPolicy,
    on: NaiveDate,
    class: WorkerClass,
    taken_percent: u8,
) -> Vec<Proposable> {
    let mut all: Vec<Proposable> =
        PENALTY.iter().filter_map(|id| by_words(texts, adopted, on, id, LineKind::Review)).collect();
    if let Some(mut routes) = by_words(texts, adopted, on, BY_CLASS, LineKind::Review) {
        if class == WorkerClass::Staff && routes.why_not.is_none() {
            routes.why_not = Some(NotOffered::OnlyRoutes);
        }
        all.push(routes);
    }
    // 干部报请上级党委、政府: what follows for them is not reckoned here.
    if class == WorkerClass::Staff {
        all.extend(error(texts, adopted, on, taken_percent));
        all.extend(impact(texts, adopted, on));
    }
    all
}

/// What they let a person propose for work completed.
#[must_use]
pub fn for_completion(texts: &RuleTexts, adopted: &AdoptedPolicy, on: NaiveDate) -> Vec<Proposable> {
    REWARD.iter().filter_map(|id| by_words(texts, adopted, on, id, LineKind::Reward)).collect()
}

/// A rule that states no amount and has no setting of its own: it holds where everything that was taken of its policy is
/// adopted, from the latest day any of it is.
fn by_words(
    texts: &RuleTexts,
    adopted: &AdoptedPolicy,
    on: NaiveDate,
    id: &str,
    kind: LineKind,
) -> Option<Proposable> {
    let text = texts.texts().iter().find(|text| text.rules().iter().any(|rule| rule.id.as_str() == id))?;
    let rule = text.rules().iter().find(|rule| rule.id.as_str() == id)?.clone();
    let of_policy = adopted.settings().values().filter(|one| one.policy == text.id());
    // A trial has no first day, and stands before every day there is.
    let standings = of_policy.map(|one| &one.standing);
    let (trials, adopted_ones): (Vec<_>, Vec<_>) = standings.partition(|standing| standing.from().is_none());
    let latest = adopted_ones.into_iter().max_by_key(|standing| standing.from());
    let standing = trials.first().copied().or(latest)?;
    let holds: BTreeSet<String> =
        texts.holds().on(std::slice::from_ref(&rule.id)).map(str::to_owned).collect();
    let held: BTreeSet<String> = holds.iter().filter(|id| !adopted.is_released(id)).cloned().collect();
    let why_not = if held.is_empty() { not_in_force(standing, on) } else { Some(NotOffered::Held(held)) };
    let (policy, released) = (text.id().to_owned(), adopted.released(&holds));
    Some(Proposable { rule, policy, kind, amount: Amount::Unset, released, why_not })
}

fn error(texts: &RuleTexts, adopted: &AdoptedPolicy, on: NaiveDate, taken_percent: u8) -> Option<Proposable> {
    let mut one = by_setting(texts, adopted, on, ERROR)?;
    if one.why_not.is_some() {
        return Some(one);
    }
    match adopted.error_deduction() {
        None => one.why_not = Some(NotOffered::Open(OpenWord::Undecided)),
        Some(deduction) => {
            let cap = if deduction.once_a_year { deduction.percent } else { deduction.cap_percent };
            let left = cap.saturating_sub(taken_percent).min(deduction.percent);
            one.amount = Amount::YearEndBonus { percent: left };
            if left == 0 {
                (one.amount, one.why_not) = (Amount::Unset, Some(NotOffered::Capped));
            }
        }
    }
    Some(one)
}

fn impact(texts: &RuleTexts, adopted: &AdoptedPolicy, on: NaiveDate) -> Option<Proposable> {
    let mut one = by_setting(texts, adopted, on, IMPACT)?;
    one.why_not.get_or_insert(NotOffered::NeedsImpact);
    Some(one)
}

/// A rule with a number of its own, as it was adopted.
fn by_setting(texts: &RuleTexts, adopted: &AdoptedPolicy, on: NaiveDate, field: &str) -> Option<Proposable> {
    let one = adopted.settings().get(field)?;
    let rule = texts.rules().get(one.setting.rules.first()?)?.clone();
    let why_not = match &one.state {
        SettingState::InForce | SettingState::Listed => not_in_force(&one.standing, on),
        SettingState::Demonstration | SettingState::NotAdopted => Some(NotOffered::Demonstration),
        SettingState::Open(word) => Some(NotOffered::Open(*word)),
        SettingState::Question(id) => Some(NotOffered::Question(id.clone())),
        SettingState::Held(holds) => Some(NotOffered::Held(holds.clone())),
    };
    let released = adopted.released(&one.setting.holds);
    let (policy, kind, amount) = (one.policy.clone(), LineKind::Deduction, Amount::Unset);
    Some(Proposable { rule, policy, kind, amount, released, why_not })
}

fn not_in_force(standing: &Standing, on: NaiveDate) -> Option<NotOffered> {
    match standing.from() {
        None => Some(NotOffered::Demonstration),
        Some(from) if on < from => Some(NotOffered::NotYet(from)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Adoption, adopt};

    const HEAD: &str = "schema = \"wangge-adopt/1\"\n[community]\nname = \"示范社区\"\ntimezone = \"Asia/Shanghai\"\nworkdays = \"cn-official\"\n";
    const D1A: &str =
        "[[adopt]]\npolicy = \"d1a-shihu\"\nby = \"示范镇\"\nfrom = \"2026-01-01\"\ntake = [\"bonus\"]\n";
    const D1B: &str = "[[adopt]]\npolicy = \"d1b-town-model\"\nby = \"示范镇\"\nfrom = \"2026-01-01\"\ntake = [\"visits\", \"bonus\"]\n";
    const RELEASE: &str = "[[release]]\nhold = \"L-7\"\nby = \"示范镇\"\non = \"2026-02-01\"\ndocument_no = \"示政发〔2026〕13号\"\n";

    fn choice(of: &str) -> String {
        format!("[[decide]]\nid = \"X-06\"\nchoice = \"{of}\"\nby = \"示范镇\"\non = \"2026-02-01\"\n")
    }

    fn offered(rest: &str, class: WorkerClass, taken: u8) -> Vec<(String, Amount, Option<NotOffered>)> {
        let texts = RuleTexts::shipped().unwrap();
        let adoption = Adoption::load("a.toml", &format!("{HEAD}{rest}")).unwrap();
        let adopted = adopt(&texts, &adoption).unwrap();
        let all = after_finding(&texts, &adopted, "2026-10-01".parse().unwrap(), class, taken);
        all.into_iter().map(|one| (one.rule.id.to_string(), one.amount, one.why_not)).collect()
    }

    fn of(rest: &str, rule: &str, taken: u8) -> (Amount, Option<NotOffered>) {
        let all = offered(rest, WorkerClass::Staff, taken);
        let one = all.into_iter().find(|one| one.0 == rule).unwrap();
        (one.1, one.2)
    }

    fn held() -> Option<NotOffered> {
        Some(NotOffered::Held(["L-7".to_owned()].into()))
    }

    #[test]
    fn a_percentage_waits_for_the_hold_to_be_lifted_and_the_question_to_be_settled() {
        assert_eq!(of(D1B, "D1b-25", 0), (Amount::Unset, held()));
        let released = format!("{D1B}{RELEASE}");
        assert!(matches!(
            of(&released, "D1b-25", 0),
            (Amount::Unset, Some(NotOffered::Open(OpenWord::Undecided)))
        ));
        let settled = format!("{released}{}", choice("error"));
        assert_eq!(of(&settled, "D1b-25", 0), (Amount::YearEndBonus { percent: 10 }, None));
        assert_eq!(of(D1A, "D1a-14", 0), (Amount::Unset, held()));
        assert_eq!(of(&format!("{D1A}{RELEASE}"), "D1a-14", 0), (Amount::YearEndBonus { percent: 10 }, None));
    }

    #[test]
    fn the_cap_of_the_year_is_never_passed_and_once_a_year_is_once() {
        let each = format!("{D1B}{RELEASE}{}", choice("error"));
        assert_eq!(of(&each, "D1b-25", 95).0, Amount::YearEndBonus { percent: 5 });
        assert_eq!(of(&each, "D1b-25", 100), (Amount::Unset, Some(NotOffered::Capped)));
        let once = format!("{D1B}{RELEASE}{}", choice("year"));
        assert_eq!(of(&once, "D1b-25", 0).0, Amount::YearEndBonus { percent: 10 });
        assert_eq!(of(&once, "D1b-25", 10), (Amount::Unset, Some(NotOffered::Capped)));
    }

    #[test]
    fn a_cadre_is_reported_upward_and_nothing_is_reckoned_for_him() {
        let all = format!("{D1B}{RELEASE}{}", choice("error"));
        let cadre = offered(&all, WorkerClass::Cadre, 0);
        let ids: Vec<_> = cadre.iter().map(|one| (one.0.as_str(), one.1, one.2.is_none())).collect();
        assert_eq!(ids, [("D1b-20", Amount::Unset, true), ("D1b-27", Amount::Unset, true)]);
        let staff = of(&all, "D1b-27", 0);
        assert_eq!(staff.1, Some(NotOffered::OnlyRoutes), "for everybody else it adds no penalty");
    }

    #[test]
    fn the_whole_bonus_is_never_offered_by_the_program() {
        let all = format!("{D1B}{RELEASE}{}", choice("error"));
        assert_eq!(of(&all, "D1b-26", 0), (Amount::Unset, Some(NotOffered::NeedsImpact)));
    }

    #[test]
    fn what_nobody_adopted_or_not_yet_is_not_offered() {
        let trial = D1B.replace("by = \"示范镇\"\nfrom = \"2026-01-01\"\n", "");
        assert!(offered(&trial, WorkerClass::Staff, 0).iter().all(|one| one.2.is_some()));
        let later = D1B.replace("2026-01-01", "2027-01-01");
        let first = Some(NotOffered::NotYet("2027-01-01".parse().unwrap()));
        assert_eq!(of(&later, "D1b-20", 0), (Amount::Unset, first));
        assert_eq!(offered("", WorkerClass::Staff, 0), []);
    }

    #[test]
    fn what_was_taken_for_a_trial_beside_it_keeps_a_rule_from_being_offered() {
        let trial = "[[adopt]]\npolicy = \"d1b-town-model\"\ntake = [\"visits\"]\n";
        let bonus = D1B.replace("\"visits\", ", "");
        assert_eq!(of(&bonus, "D1b-20", 0).1, None);
        assert_eq!(of(&format!("{bonus}{trial}"), "D1b-20", 0).1, Some(NotOffered::Demonstration));
    }

    #[test]
    fn a_reward_states_no_amount_and_is_offered_by_the_rules_adopted() {
        let texts = RuleTexts::shipped().unwrap();
        let adoption = Adoption::load("a.toml", &format!("{HEAD}{D1B}")).unwrap();
        let adopted = adopt(&texts, &adoption).unwrap();
        let all = for_completion(&texts, &adopted, "2026-10-01".parse().unwrap());
        let shown: Vec<_> = all.iter().map(|one| (one.rule.id.as_str(), one.kind, one.amount)).collect();
        assert_eq!(shown, [("D1b-21", LineKind::Reward, Amount::Unset)]);
        assert_eq!(all[0].why_not, None);
    }
}
