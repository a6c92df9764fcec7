//! 条文 – the rules as the documents word them, found by their stable ids.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// 条文号 – `D1b-16`: document, then row (`domain.md` 1.1). The document is one of `D0 D1a D1b D1c D2 D3`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RuleId(String);

impl RuleId {
    /// The six documents of the seeds.
    pub const DOCUMENTS: [&'static str; 6] = ["D0", "D1a", "D1b", "D1c", "D2", "D3"];

    /// An id written in this program; the tests look every one of them up in the shipped texts.
    pub(crate) fn known(id: &'static str) -> Self {
        Self(id.to_owned())
    }

    /// The id as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The document it belongs to: `D1b`.
    #[must_use]
    pub fn document(&self) -> &str {
        self.0.split_once('-').map_or("", |(document, _)| document)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RuleId({})", self.0)
    }
}

/// Text that is not a rule id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("条文号应写成 D1b-16 / write a rule id as D1b-16, not {0:?}")]
pub struct BadRuleId(pub String);

impl FromStr for RuleId {
    type Err = BadRuleId;
    fn from_str(text: &str) -> Result<Self, BadRuleId> {
        let parts = text.split_once('-');
        let known = parts.is_some_and(|(document, row)| {
            Self::DOCUMENTS.contains(&document)
                && row.len() == 2
                && row.chars().all(|sign| sign.is_ascii_digit())
        });
        if known { Ok(Self(text.to_owned())) } else { Err(BadRuleId(text.to_owned())) }
    }
}

impl TryFrom<String> for RuleId {
    type Error = BadRuleId;
    fn try_from(text: String) -> Result<Self, BadRuleId> {
        text.parse()
    }
}

impl From<RuleId> for String {
    fn from(id: RuleId) -> Self {
        id.0
    }
}

/// 条文 – one rule: where it stands and its exact words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// 条款 – where it stands in the document: `四·2`.
    pub clause: String,
    /// What it is about, in English.
    pub about: String,
    /// 原文 – the exact words, one or more passages; they occur in the seed, whitespace ignored.
    pub words: Vec<String>,
}

impl Rule {
    /// The words as quoted beside every figure: `四·2 「其中重點戶每月入戶一次」`.
    #[must_use]
    pub fn quote(&self) -> String {
        let words: String = self.words.iter().map(|passage| format!("「{passage}」")).collect();
        format!("{} {words}", self.clause)
    }
}

/// All rules of the texts at hand, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleBook {
    rules: BTreeMap<RuleId, Rule>,
}

impl RuleBook {
    /// Adds the rules of one document.
    pub fn extend(&mut self, rules: impl IntoIterator<Item = Rule>) {
        self.rules.extend(rules.into_iter().map(|rule| (rule.id.clone(), rule)));
    }

    /// The rule of that id.
    #[must_use]
    pub fn get(&self, id: &RuleId) -> Option<&Rule> {
        self.rules.get(id)
    }

    /// All rules in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// How many there are: 137 in the shipped texts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_id_names_one_of_six_documents_and_a_row() {
        assert_eq!("D1b-16".parse::<RuleId>().unwrap().document(), "D1b");
        for wrong in ["", "D1b", "D1b-6", "D1d-06", "D0-1x", "d1b-16", "D0-016"] {
            assert!(wrong.parse::<RuleId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rule_is_quoted_with_its_clause() {
        let rule = Rule {
            id: "D1b-16".parse().unwrap(),
            clause: "四·2".into(),
            about: "visits".into(),
            words: vec!["其中重點戶每月入戶一次".into()],
        };
        assert_eq!(rule.quote(), "四·2 「其中重點戶每月入戶一次」");
        insta::assert_json_snapshot!(rule, @r#"
        {
          "id": "D1b-16",
          "clause": "四·2",
          "about": "visits",
          "words": [
            "其中重點戶每月入戶一次"
          ]
        }
        "#);
    }
}
