//! 文件 – one rule text as a file: read strictly, checked whole, and flattened into settings that can be shown.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::hold::HoldRegister;
use super::problem::{Place, PolicyProblem};
use super::rule::{Rule, RuleBook, RuleId};
use super::sections::{PolicyTables, ShownRate, Status};
use super::setting::{OpenWord, Setting};
use crate::ids::Hash32;
use crate::tables;

mod walk;

/// One rule text: its settings, open questions and quoted rules.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyText {
    pub(super) file: String,
    pub(super) text: String,
    pub(super) raw: toml::Table,
    pub(super) tables: PolicyTables,
    settings: Vec<PolicySetting>,
}

/// 规定 – one setting of a rule text, as shown: `visits.key` with its value and the rules it quotes.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicySetting {
    /// Table and key: `visits.key`; `category` for the list of categories.
    pub field: String,
    /// The value as written.
    pub value: toml::Value,
    /// The rules it rests on, in the order written; empty for product defaults and words.
    pub rules: Vec<RuleId>,
    /// The legal holds on it: named in the file, or standing on one of its rules.
    pub holds: BTreeSet<String>,
    /// `unset`, `undecided`, `unknown` found anywhere in it.
    pub open: BTreeSet<OpenWord>,
    /// The question `X-…` that must be settled first.
    pub question: Option<String>,
}

impl PolicyText {
    /// What a policy file says it is.
    pub const SCHEMA: &'static str = "wangge-policy/1";

    /// Reads and checks one file.
    ///
    /// # Errors
    /// The first unreadable place, or all problems of a readable file; each names file, line and field.
    pub fn parse(file: &str, text: &str, holds: &HoldRegister) -> Result<Self, Vec<PolicyProblem>> {
        let unreadable = |error: toml::de::Error| {
            let place = Place::of_error(file, text, &error);
            vec![PolicyProblem::Unreadable { place, message: error.message().to_owned() }]
        };
        let tables: PolicyTables = tables::read(text).map_err(unreadable)?;
        let raw: toml::Table = toml::from_str(text).map_err(unreadable)?;
        Self::checked(file.to_owned(), text.to_owned(), raw, tables, holds)
    }

    /// The same text with some values replaced; as strict as a fresh reading.
    pub(super) fn with_raw(
        &self,
        raw: toml::Table,
        holds: &HoldRegister,
    ) -> Result<Self, Vec<PolicyProblem>> {
        let value = toml::Value::Table(raw.clone());
        let tables = tables::of(&value).map_err(|error: toml::de::Error| {
            let place = Place { file: self.file.clone(), line: None };
            vec![PolicyProblem::Unreadable { place, message: error.message().to_owned() }]
        })?;
        Self::checked(self.file.clone(), self.text.clone(), raw, tables, holds)
    }

    fn checked(
        file: String,
        text: String,
        raw: toml::Table,
        tables: PolicyTables,
        holds: &HoldRegister,
    ) -> Result<Self, Vec<PolicyProblem>> {
        let settings = walk::settings(&raw, holds);
        let policy = Self { file, text, raw, tables, settings };
        let mut problems = Vec::new();
        policy.check_head(&mut problems);
        policy.check_rules(&mut problems);
        policy.check_references(holds, &mut problems);
        policy.check_values(&mut problems);
        if problems.is_empty() { Ok(policy) } else { Err(problems) }
    }

    /// `d1b-town-model`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.tables.policy.id
    }

    /// 标题.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.tables.policy.title
    }

    /// Name of the file, as handed in.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Which seed the words are quoted from: file name, then `#` and the part.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.tables.policy.source
    }

    /// SHA-256 of the seed the words were copied from, as written in the head.
    #[must_use]
    pub fn source_sha256(&self) -> &str {
        &self.tables.policy.sha256
    }

    /// SHA-256 of the file itself, line ends as `\n`; printed on every report.
    #[must_use]
    pub fn hash(&self) -> Hash32 {
        Hash32::of(&[self.text.replace("\r\n", "\n").as_bytes()])
    }

    /// Whether it was repealed and can no longer be adopted.
    #[must_use]
    pub fn is_repealed(&self) -> bool {
        self.tables.policy.status == Status::Repealed
    }

    /// Its settings in the order of their names.
    #[must_use]
    pub fn settings(&self) -> &[PolicySetting] {
        &self.settings
    }

    /// Its quoted rules in the order of the document.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.tables.rule
    }

    /// The words quoted for a category, which must occur in the seed as well.
    pub fn category_words(&self) -> impl Iterator<Item = &str> {
        self.tables.category.iter().map(|row| row.source_words.as_str())
    }

    /// Its open questions: id, words, and what may be chosen.
    pub(super) fn questions(&self) -> impl Iterator<Item = (&str, &str, &[String])> {
        self.tables.decide.iter().map(|row| (row.id.as_str(), row.question.as_str(), row.options.as_slice()))
    }

    /// The options of one of its open questions.
    pub(super) fn options(&self, question: &str) -> Option<&[String]> {
        self.tables.decide.iter().find(|row| row.id == question).map(|row| row.options.as_slice())
    }

    pub(super) fn place(&self, words: &str) -> Place {
        Place::of_words(&self.file, &self.text, words)
    }

    fn bad(&self, field: &str, key: &str, wanted: &'static str) -> PolicyProblem {
        PolicyProblem::BadValue { place: self.place(key), field: field.to_owned(), wanted }
    }

    fn check_head(&self, problems: &mut Vec<PolicyProblem>) {
        let head = &self.tables.policy;
        if self.tables.schema != Self::SCHEMA {
            let place = self.place("schema");
            problems.push(PolicyProblem::Unknown { place, what: "schema", name: self.tables.schema.clone() });
        }
        if head.id.trim().is_empty() {
            problems.push(self.bad("policy.id", "id =", "不能为空 / must not be empty"));
        }
        if !head.effective_from.is_empty() && head.effective_from.parse::<NaiveDate>().is_err() {
            problems.push(self.bad(
                "policy.effective_from",
                "effective_from",
                "日期 2027-01-01 / a date 2027-01-01",
            ));
        }
    }

    fn check_rules(&self, problems: &mut Vec<PolicyProblem>) {
        let document = self.tables.rule.first().map(|rule| rule.id.document());
        let mut seen = BTreeSet::new();
        for rule in &self.tables.rule {
            if !seen.insert(&rule.id) || Some(rule.id.document()) != document {
                let place = self.place(&format!("id = \"{}\"", rule.id));
                problems.push(PolicyProblem::StrayRule { place, rule: rule.id.clone() });
            }
            if rule.words.is_empty() || rule.words.iter().any(|words| words.trim().is_empty()) {
                let key = format!("id = \"{}\"", rule.id);
                problems.push(self.bad(
                    rule.id.as_str(),
                    &key,
                    "引文不能为空 / the quoted words must not be empty",
                ));
            }
        }
        let text_only = self.tables.conduct.iter().flat_map(|conduct| conduct.text_only.iter().flatten());
        let used = self.settings.iter().flat_map(|setting| &setting.rules).chain(text_only);
        for rule in used.collect::<BTreeSet<_>>() {
            if !seen.contains(rule) {
                let place = self.place(&format!("\"{rule}\""));
                problems.push(PolicyProblem::UnknownRule { place, rule: rule.clone() });
            }
        }
        for field in walk::numbers_without_rule(&self.raw) {
            let key = field.rsplit('.').next().unwrap_or_default();
            let place = self.place(&format!("{key} ="));
            problems.push(PolicyProblem::NumberWithoutRule { place, field });
        }
    }

    fn check_references(&self, holds: &HoldRegister, problems: &mut Vec<PolicyProblem>) {
        let named = self.settings.iter().flat_map(|setting| &setting.holds);
        let named = named.chain(self.tables.category.iter().filter_map(|row| row.legal_hold.as_ref()));
        for hold in named.filter(|hold| holds.get(hold).is_none()) {
            let place = self.place(&format!("\"{hold}\""));
            problems.push(PolicyProblem::Unknown { place, what: "legal_hold", name: hold.clone() });
        }
        for setting in &self.settings {
            if let Some(question) = setting.question.as_deref().filter(|id| self.options(id).is_none()) {
                let place = self.place(&format!("\"{question}\""));
                problems.push(PolicyProblem::Unknown { place, what: "decide", name: question.to_owned() });
            }
        }
    }

    fn check_values(&self, problems: &mut Vec<PolicyProblem>) {
        if let Some(Setting::Value(weights)) =
            self.tables.evaluation.as_ref().and_then(|one| one.weights.as_ref())
            && weights.sum_per_10k() != 10_000
        {
            problems.push(self.bad("evaluation.weights", "weights", "合计应为 1.00 / must sum to 1.00"));
        }
        for row in &self.tables.category {
            let basis = row.legal_basis.as_deref().unwrap_or_default();
            let key = format!("id = \"{}\"", row.id);
            if row.id.shipped().is_none() && basis.trim().is_empty() {
                problems.push(self.bad(
                    "category",
                    &key,
                    "六类以外须写 legal_basis / beside the six, write legal_basis",
                ));
            }
            if crate::category::refused(row.id.as_str())
                .or_else(|| crate::category::refused(&row.zh))
                .is_some()
            {
                problems.push(self.bad("category", &key, "不得收集 / must not be collected"));
            }
        }
        let Some(visits) = &self.tables.visits else { return };
        let both = [ShownRate::Strict, ShownRate::Adjusted].into();
        if visits.show_rate.as_ref().is_some_and(|shown| *shown != both) {
            let wanted = "两种口径必须同时显示 / both rates are always shown";
            problems.push(self.bad("visits.show_rate", "show_rate", wanted));
        }
        let counts = |code| visits.counted_outcomes.as_ref().is_some_and(|counted| counted.contains(&code));
        if visits.phone_counts == Some(false) && counts(crate::visit::OutcomeCode::Phone) {
            let wanted = "与 counted_outcomes 矛盾 / contradicts counted_outcomes";
            problems.push(self.bad("visits.phone_counts", "phone_counts", wanted));
        }
    }
}

/// The six rule texts, their rules and the register of holds, together.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleTexts {
    texts: Vec<PolicyText>,
    rules: RuleBook,
    holds: HoldRegister,
}

impl RuleTexts {
    /// The six files that ship with this version, by name.
    pub const FILES: [(&'static str, &'static str); 6] = [
        ("d0.toml", include_str!("../../policies/d0.toml")),
        ("d1a.toml", include_str!("../../policies/d1a.toml")),
        ("d1b.toml", include_str!("../../policies/d1b.toml")),
        ("d1c.toml", include_str!("../../policies/d1c.toml")),
        ("d2.toml", include_str!("../../policies/d2.toml")),
        ("d3.toml", include_str!("../../policies/d3.toml")),
    ];

    /// The shipped texts.
    ///
    /// # Errors
    /// When a shipped file is damaged; a test reads them all.
    pub fn shipped() -> Result<Self, Vec<PolicyProblem>> {
        Self::read(&Self::FILES)
    }

    /// An organ's own files, by name and text.
    ///
    /// # Errors
    /// All problems of all files; two files with one policy id are one.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, Vec<PolicyProblem>> {
        let holds = HoldRegister::shipped().map_err(|problem| vec![problem])?;
        let (mut texts, mut rules, mut problems) =
            (Vec::<PolicyText>::new(), RuleBook::default(), Vec::new());
        for (file, text) in files {
            match PolicyText::parse(file, text, &holds) {
                Err(found) => problems.extend(found),
                Ok(text) if texts.iter().any(|known| known.id() == text.id()) => {
                    problems.push(text.bad("policy.id", "id =", "两个文件同一编号 / two files have this id"));
                }
                Ok(text) => {
                    rules.extend(text.rules().iter().cloned());
                    texts.push(text);
                }
            }
        }
        if problems.is_empty() { Ok(Self { texts, rules, holds }) } else { Err(problems) }
    }

    /// The texts in the order read.
    #[must_use]
    pub fn texts(&self) -> &[PolicyText] {
        &self.texts
    }

    /// The text of that policy id.
    #[must_use]
    pub fn text(&self, policy: &str) -> Option<&PolicyText> {
        self.texts.iter().find(|text| text.id() == policy)
    }

    /// All rules.
    #[must_use]
    pub const fn rules(&self) -> &RuleBook {
        &self.rules
    }

    /// The register of legal holds.
    #[must_use]
    pub const fn holds(&self) -> &HoldRegister {
        &self.holds
    }
}

#[cfg(test)]
mod tests;
