//! What a community's adoption amounts to: which settings hold, in which state, and the visit policy that follows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::adoption::{AdoptRow, Adoption};
use super::problem::PolicyProblem;
use super::sections::Visits;
use super::setting::OpenWord;
use super::text::{PolicySetting, PolicyText, RuleTexts};
use super::visits::{PolicySource, Standing, VisitPolicy};
use crate::category::{CategoryId, Confirmation, ConfirmedCategories};
use crate::tables;

mod change;
mod effects;

pub use effects::ErrorDeduction;

/// 已采用 – what one community adopted, checked whole.
#[derive(Clone, Debug, PartialEq)]
pub struct AdoptedPolicy {
    settings: BTreeMap<String, AdoptedSetting>,
    visits: VisitPolicy,
    confirmed: ConfirmedCategories,
    decided: BTreeMap<String, String>,
    released: BTreeMap<String, String>,
}

/// One setting a community took, with the state it is in.
#[derive(Clone, Debug, PartialEq)]
pub struct AdoptedSetting {
    /// The policy it comes from: `d1b-town-model`.
    pub policy: String,
    /// The setting, with the organ's own value where it was overridden.
    pub setting: PolicySetting,
    /// Whether it has an effect, and why not.
    pub state: SettingState,
    /// On whose word it stands.
    pub standing: Standing,
    /// Why and by whom its value was changed.
    pub changed: Option<(String, String)>,
}

/// 状态 – whether a setting has an effect, and if not, why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SettingState {
    /// 生效 – the program computes with it.
    InForce,
    /// 在册 – adopted; shown, but this version computes nothing from it.
    Listed,
    /// 试行 – taken without an organ or a date: demonstration only.
    Demonstration,
    /// 未定, 待裁定, 不详 – has no value yet.
    Open(OpenWord),
    /// 待裁定 – waits for the question `X-…` to be settled.
    Question(String),
    /// 法律冲突 – waits for a decision with a document number on each hold.
    Held(BTreeSet<String>),
    /// 未采用.
    NotAdopted,
}

impl AdoptedPolicy {
    /// The policy of visits: live.
    #[must_use]
    pub const fn visits(&self) -> &VisitPolicy {
        &self.visits
    }

    /// The categories the organ confirmed, each with its basis; all others are read, not kept.
    #[must_use]
    pub const fn confirmed_categories(&self) -> &ConfirmedCategories {
        &self.confirmed
    }

    /// What was taken, by field.
    #[must_use]
    pub const fn settings(&self) -> &BTreeMap<String, AdoptedSetting> {
        &self.settings
    }

    /// What the organ chose of an open question `X-…`; `None` while it is not settled.
    #[must_use]
    pub fn choice(&self, question: &str) -> Option<&str> {
        self.decided.get(question).map(String::as_str)
    }

    /// What was chosen of open questions, and the documents by which holds were lifted, each by its id.
    pub fn decisions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.decided.iter().chain(&self.released).map(|(id, said)| (id.as_str(), said.as_str()))
    }

    /// Whether a decision with a document number lifted a legal hold.
    #[must_use]
    pub fn is_released(&self, hold: &str) -> bool {
        self.released.contains_key(hold)
    }

    /// The decisions that lifted any of these holds: `L-7 示政发〔2026〕13号`.
    #[must_use]
    pub fn released(&self, holds: &BTreeSet<String>) -> Vec<String> {
        let lifted = self.released.iter().filter(|(hold, _)| holds.contains(*hold));
        lifted.map(|(hold, document)| format!("{hold} {document}")).collect()
    }
}

/// Works out what an adoption amounts to. Nothing is adopted while there is any problem.
///
/// # Errors
/// All problems at once: unknown names, two policies setting one field, a missing decision, a value that this
/// version cannot compute.
pub fn adopt(texts: &RuleTexts, adoption: &Adoption) -> Result<AdoptedPolicy, Vec<PolicyProblem>> {
    let mut problems = Vec::new();
    let taken = take(texts, adoption, &mut problems);
    let changed = change::overridden(texts, adoption, &taken, &mut problems);
    let decided = change::decided(texts, adoption, &mut problems);
    let released = change::released(texts, adoption, &mut problems);
    let confirmed = confirmed(texts, adoption, &released, &mut problems);
    let mut settings = BTreeMap::new();
    for (field, row) in &taken {
        let text = changed.get(row.text.id()).unwrap_or(row.text);
        let Some(setting) = text.settings().iter().find(|setting| setting.field == *field) else { continue };
        let state = state(setting, &row.standing, &decided, &released);
        let adopted = AdoptedSetting {
            policy: text.id().to_owned(),
            setting: setting.clone(),
            state,
            standing: row.standing.clone(),
            changed: change::of_field(adoption, field),
        };
        settings.insert(field.clone(), adopted);
    }
    let visits = visit_policy(texts, &settings).unwrap_or_else(|found| {
        problems.extend(found);
        VisitPolicy::default_trial()
    });
    if problems.is_empty() {
        Ok(AdoptedPolicy { settings, visits, confirmed, decided, released })
    } else {
        Err(problems)
    }
}

/// One field taken from one text.
struct Taken<'a> {
    text: &'a PolicyText,
    standing: Standing,
}

fn take<'a>(
    texts: &'a RuleTexts,
    adoption: &Adoption,
    problems: &mut Vec<PolicyProblem>,
) -> BTreeMap<String, Taken<'a>> {
    let mut taken: BTreeMap<String, Taken<'a>> = BTreeMap::new();
    for row in &adoption.tables.adopt {
        let place = adoption.place(&format!("\"{}\"", row.policy));
        let Some(text) = texts.text(&row.policy).filter(|text| !text.is_repealed()) else {
            problems.push(PolicyProblem::Unknown { place, what: "policy", name: row.policy.clone() });
            continue;
        };
        let standing = standing(row, text, adoption, problems);
        for wanted in &row.take {
            let inside = format!("{wanted}.");
            let covers = |field: &str| field == wanted || field.starts_with(&inside);
            let fields: Vec<&str> =
                text.settings().iter().map(|one| one.field.as_str()).filter(|field| covers(field)).collect();
            if fields.is_empty() {
                let place = adoption.place(&format!("\"{wanted}\""));
                let name = format!("{}: {wanted}", row.policy);
                problems.push(PolicyProblem::Unknown { place, what: "take", name });
            }
            for field in fields {
                let mine = Taken { text, standing: standing.clone() };
                if let Some(first) = taken.insert(field.to_owned(), mine) {
                    problems.push(PolicyProblem::SameField {
                        field: field.to_owned(),
                        first: first.text.id().to_owned(),
                        second: text.id().to_owned(),
                    });
                }
            }
        }
    }
    taken
}

/// The adoption's own words, else those in the policy's head; without an organ and a date it is a demonstration.
fn standing(
    row: &AdoptRow,
    text: &PolicyText,
    adoption: &Adoption,
    problems: &mut Vec<PolicyProblem>,
) -> Standing {
    let head = &text.tables.policy;
    let or_head =
        |own: &str, head: &str| if own.trim().is_empty() { head.to_owned() } else { own.to_owned() };
    let (by, from) = (or_head(&row.by, &head.adopted_by), or_head(&row.from, &head.effective_from));
    if by.trim().is_empty() || from.trim().is_empty() {
        return Standing::Trial;
    }
    if let Ok(from) = from.parse::<NaiveDate>() {
        return Standing::Adopted { by, document_no: row.document_no.clone(), from };
    }
    let place = adoption.place(&from);
    let wanted = "日期 2027-01-01 / a date 2027-01-01";
    problems.push(PolicyProblem::BadValue { place, field: "adopt.from".to_owned(), wanted });
    Standing::Trial
}

/// The tables this version computes with.
const LIVE: [&str; 4] = ["visits.", "category", "bonus.error_deduct", "effects.appeal_days"];

fn state(
    setting: &PolicySetting,
    standing: &Standing,
    decided: &BTreeMap<String, String>,
    released: &BTreeMap<String, String>,
) -> SettingState {
    let held: BTreeSet<String> =
        setting.holds.iter().filter(|hold| !released.contains_key(*hold)).cloned().collect();
    if !held.is_empty() {
        return SettingState::Held(held);
    }
    let settled = setting.question.as_ref().is_some_and(|question| decided.contains_key(question));
    let open = setting.open.iter().find(|word| !(settled && **word == OpenWord::Undecided));
    if let Some(word) = open {
        return SettingState::Open(*word);
    }
    match &setting.question {
        Some(question) if !settled => return SettingState::Question(question.clone()),
        _ => {}
    }
    match standing {
        Standing::Trial => SettingState::Demonstration,
        Standing::Adopted { .. } if LIVE.iter().any(|live| setting.field.starts_with(live)) => {
            SettingState::InForce
        }
        Standing::Adopted { .. } => SettingState::Listed,
    }
}

fn confirmed(
    texts: &RuleTexts,
    adoption: &Adoption,
    released: &BTreeMap<String, String>,
    problems: &mut Vec<PolicyProblem>,
) -> ConfirmedCategories {
    let mut confirmed = ConfirmedCategories::default();
    for row in &adoption.tables.confirm {
        let place = adoption.place(&format!("\"{}\"", row.category));
        let named: Vec<_> = texts
            .texts()
            .iter()
            .flat_map(|text| &text.tables.category)
            .filter(|category| category.id == row.category)
            .collect();
        if row.category.shipped().is_none() && named.is_empty() {
            problems.push(PolicyProblem::Unknown { place, what: "category", name: row.category.to_string() });
            continue;
        }
        // The organ naming its basis in a document is the decision a hold on a category waits for (L-9).
        let mut holds = named.iter().filter_map(|category| category.legal_hold.as_ref());
        if row.document_no.trim().is_empty() && holds.any(|hold| !released.contains_key(hold.as_str())) {
            let what = row.category.to_string();
            problems.push(PolicyProblem::Incomplete { place, what, missing: "document_no" });
            continue;
        }
        let confirmation = Confirmation {
            basis: row.basis.clone(),
            by: row.by.clone(),
            document_no: row.document_no.clone(),
        };
        confirmed.confirm(CategoryId::clone(&row.category), confirmation);
    }
    confirmed
}

fn visit_policy(
    texts: &RuleTexts,
    settings: &BTreeMap<String, AdoptedSetting>,
) -> Result<VisitPolicy, Vec<PolicyProblem>> {
    let mut table = toml::Table::new();
    let (mut standing, mut policies) = (None::<Standing>, BTreeSet::new());
    for (field, adopted) in settings {
        let Some(key) = field.strip_prefix("visits.") else { continue };
        table.insert(key.to_owned(), adopted.setting.value.clone());
        policies.insert(adopted.policy.as_str());
        standing = Some(Standing::later(standing, adopted.standing.clone()));
    }
    let visits: Visits = tables::of(&toml::Value::Table(table)).map_err(|error: toml::de::Error| {
        let place = super::problem::Place { file: "visits".to_owned(), line: None };
        vec![PolicyProblem::Unreadable { place, message: error.message().to_owned() }]
    })?;
    let sources = policies
        .into_iter()
        .filter_map(|id| texts.text(id))
        .map(|text| PolicySource { policy: text.id().to_owned(), file: text.hash() })
        .collect();
    match standing {
        Some(standing) if visits.ordinary.is_some() || visits.key.is_some() => {
            VisitPolicy::of_table(&visits, standing, sources)
        }
        _ => Ok(VisitPolicy::default_trial()),
    }
}

#[cfg(test)]
mod tests;
