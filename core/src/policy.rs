//! The rule texts as files, and what a community adopted of them.
//!
//! Six TOML files quote the seeds' rules word for word and turn their numbers into settings; an adoption file says
//! what a community takes. Two texts setting one field is an error naming both; `unset`, `undecided` and `unknown`
//! mean inactive; a legal hold blocks until a decision with a document number is recorded. The `[visits]` table is
//! live ([`VisitPolicy`]), and so are the percentage for an error and the days to appeal ([`AdoptedPolicy`]); the others are
//! read, checked and shown.

mod adopt;
mod adoption;
mod describe;
mod history;
mod hold;
mod open;
mod problem;
mod rule;
mod sections;
mod setting;
mod text;
mod visits;

pub use adopt::{AdoptedPolicy, AdoptedSetting, ErrorDeduction, SettingState, adopt};
pub use adoption::Adoption;
pub use describe::{Lang, ShownSetting};
pub use history::PolicyHistory;
pub use hold::{HoldRegister, LegalHold};
pub use open::OpenQuestion;
pub use problem::{Place, PolicyProblem};
pub use rule::{BadRuleId, Rule, RuleBook, RuleId};
pub use setting::{OpenWord, Setting, Share};
pub use text::{PolicySetting, PolicyText, RuleTexts};
pub use visits::{KeyHouseholdRule, PolicySource, RateTarget, Standing, VisitCadence, VisitPolicy};
