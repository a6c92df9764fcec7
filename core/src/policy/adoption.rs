//! 采用 – the adoption file of one community: what it takes of which text, what it changes, settles, lifts and confirms.

use serde::{Deserialize, Serialize};

use super::problem::{Place, PolicyProblem};
use crate::category::CategoryId;
use crate::tables;

/// 采用文件 – as written; [`super::adopt`] says what it amounts to.
#[derive(Clone, Debug, PartialEq)]
pub struct Adoption {
    pub(super) file: String,
    pub(super) text: String,
    pub(super) tables: AdoptionTables,
}

/// A whole adoption file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdoptionTables {
    schema: String,
    pub(super) community: CommunityRow,
    #[serde(default)]
    pub(super) adopt: Vec<AdoptRow>,
    #[serde(default, rename = "override")]
    pub(super) overrides: Vec<OverrideRow>,
    #[serde(default)]
    pub(super) decide: Vec<DecideRow>,
    #[serde(default)]
    pub(super) release: Vec<ReleaseRow>,
    #[serde(default)]
    pub(super) confirm: Vec<ConfirmRow>,
    conflict: Option<ConflictRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommunityRow {
    pub(super) name: String,
    #[serde(default)]
    code: String,
    timezone: Timezone,
    workdays: Workdays,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Timezone {
    #[serde(rename = "Asia/Shanghai")]
    China,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Workdays {
    CnOfficial,
    WeekendsOnly,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdoptRow {
    pub(super) policy: String,
    #[serde(default)]
    pub(super) by: String,
    #[serde(default)]
    pub(super) document_no: String,
    #[serde(default)]
    pub(super) from: String,
    pub(super) take: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OverrideRow {
    pub(super) field: String,
    pub(super) value: toml::Value,
    pub(super) reason: String,
    pub(super) by: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideRow {
    pub(super) id: String,
    pub(super) choice: String,
    pub(super) by: String,
    pub(super) on: String,
    #[serde(default)]
    pub(super) document_no: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReleaseRow {
    pub(super) hold: String,
    pub(super) by: String,
    pub(super) on: String,
    pub(super) document_no: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmRow {
    pub(super) category: CategoryId,
    pub(super) basis: String,
    pub(super) by: String,
    #[serde(default)]
    pub(super) document_no: String,
}

/// There is one way to meet a conflict; the key is written so that a reader of the file knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConflictRow {
    same_field_in_two_policies: OnConflict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OnConflict {
    Error,
}

impl Adoption {
    /// What an adoption file says it is.
    pub const SCHEMA: &'static str = "wangge-adopt/1";

    /// The example that ships with this version, to be copied and filled in.
    pub const EXAMPLE: &'static str = include_str!("../../policies/community.example.toml");

    /// Reads one adoption file.
    ///
    /// # Errors
    /// Where it is not TOML, holds an unknown key, or lacks one; file and line are named.
    pub fn load(file: &str, text: &str) -> Result<Self, Vec<PolicyProblem>> {
        let tables: AdoptionTables = tables::read(text).map_err(|error| {
            let place = Place::of_error(file, text, &error);
            vec![PolicyProblem::Unreadable { place, message: error.message().to_owned() }]
        })?;
        let adoption = Self { file: file.to_owned(), text: text.to_owned(), tables };
        if adoption.tables.schema != Self::SCHEMA {
            let name = adoption.tables.schema.clone();
            return Err(vec![PolicyProblem::Unknown {
                place: adoption.place("schema"),
                what: "schema",
                name,
            }]);
        }
        let problems = adoption.incomplete();
        if problems.is_empty() { Ok(adoption) } else { Err(problems) }
    }

    /// 社区 – the name in its head.
    #[must_use]
    pub fn community(&self) -> &str {
        &self.tables.community.name
    }

    pub(super) fn place(&self, words: &str) -> Place {
        Place::of_words(&self.file, &self.text, words)
    }

    fn incomplete(&self) -> Vec<PolicyProblem> {
        let mut problems = Vec::new();
        let mut need = |what: &str, keys: &[(&'static str, &str)]| {
            for (missing, _) in keys.iter().filter(|(_, value)| value.trim().is_empty()) {
                let place = self.place(&format!("\"{what}\""));
                problems.push(PolicyProblem::Incomplete { place, what: what.to_owned(), missing });
            }
        };
        for row in &self.tables.overrides {
            need(&row.field, &[("reason", &row.reason), ("by", &row.by)]);
        }
        for row in &self.tables.decide {
            need(&row.id, &[("choice", &row.choice), ("by", &row.by), ("on", &row.on)]);
        }
        for row in &self.tables.release {
            need(&row.hold, &[("by", &row.by), ("on", &row.on), ("document_no", &row.document_no)]);
        }
        for row in &self.tables.confirm {
            need(row.category.as_str(), &[("basis", &row.basis), ("by", &row.by)]);
        }
        problems
    }
}
