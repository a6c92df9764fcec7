//! 法律冲突 – rules of the seeds that meet law in force: shown, argued about, inactive until a decision is recorded.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::problem::{Place, PolicyProblem};
use super::rule::RuleId;
use crate::tables;

/// 法律冲突 – one entry of the register of holds, `L-1` to `L-9` (`domain.md` 1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalHold {
    /// `L-2`.
    pub id: String,
    /// The rules it stands on; empty where a setting names the hold itself.
    pub rules: BTreeSet<RuleId>,
    /// What it is about.
    pub zh: String,
    /// The law in force.
    pub law: String,
}

/// The register of legal holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HoldRegister {
    holds: Vec<LegalHold>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoldFile {
    schema: String,
    hold: Vec<LegalHold>,
}

impl HoldRegister {
    const FILE: &'static str = "holds.toml";
    const SCHEMA: &'static str = "wangge-holds/1";

    /// The register that ships with this version.
    ///
    /// # Errors
    /// When the shipped file is damaged; a test reads it.
    pub fn shipped() -> Result<Self, PolicyProblem> {
        Self::parse(include_str!("../../policies/holds.toml"))
    }

    fn parse(text: &str) -> Result<Self, PolicyProblem> {
        let file: HoldFile = tables::read(text).map_err(|error| PolicyProblem::Unreadable {
            place: Place::of_error(Self::FILE, text, &error),
            message: error.message().to_owned(),
        })?;
        if file.schema != Self::SCHEMA {
            let place = Place::of_words(Self::FILE, text, "schema");
            return Err(PolicyProblem::Unknown { place, what: "schema", name: file.schema });
        }
        Ok(Self { holds: file.hold })
    }

    /// The hold of that id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&LegalHold> {
        self.holds.iter().find(|hold| hold.id == id)
    }

    /// All holds in the order of the register.
    pub fn iter(&self) -> impl Iterator<Item = &LegalHold> {
        self.holds.iter()
    }

    /// The ids of the holds that stand on any of the rules.
    pub(crate) fn on<'a>(&'a self, rules: &'a [RuleId]) -> impl Iterator<Item = &'a str> {
        self.holds
            .iter()
            .filter(move |hold| rules.iter().any(|rule| hold.rules.contains(rule)))
            .map(|hold| hold.id.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_holds_nine_and_finds_them_by_rule() {
        let register = HoldRegister::shipped().unwrap();
        let ids: Vec<&str> = register.iter().map(|hold| hold.id.as_str()).collect();
        assert_eq!(ids, ["L-1", "L-2", "L-3", "L-4", "L-5", "L-6", "L-7", "L-8", "L-9"]);
        assert_eq!(register.on(&["D1b-24".parse().unwrap()]).collect::<Vec<_>>(), ["L-2", "L-7"]);
        insta::assert_json_snapshot!(register.get("L-5"), @r#"
        {
          "id": "L-5",
          "rules": [
            "D2-39",
            "D2-40"
          ],
          "zh": "一般不得辞职、提前三个月、经会议同意",
          "law": "劳动合同法第三十七条"
        }
        "#);
    }

    #[test]
    fn a_slip_in_the_register_is_named() {
        let slip = "schema = \"wangge-holds/1\"\n[[hold]]\nid = \"L-1\"\nrule = []\nzh = \"\"\nlaw = \"\"\n";
        let problem = HoldRegister::parse(slip).unwrap_err().to_string();
        assert!(problem.contains("holds.toml:4") && problem.contains("rule"), "{problem}");
    }
}
