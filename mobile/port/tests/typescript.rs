//! The TypeScript of the port is written from the Rust, and committed: a change of one without the other is seen here.
//!
//! `UPDATE_PORT=1 cargo test -p ruhu-port --test typescript` writes the file anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use ruhu_core::policy::RuleTexts;
use ruhu_port::ask::{self, listing};
use ruhu_port::trouble::{FormProblem, Remedy, Trouble};
use ruhu_port::view;
use ts_rs::{Config, TS};

fn declared<T: TS>(config: &Config, out: &mut String) {
    if let Some(docs) = T::docs() {
        out.push_str(docs.trim_end());
        out.push('\n');
    }
    writeln!(out, "export {}\n", T::decl(config)).unwrap();
}

macro_rules! all {
    ($config:expr, $out:expr, $($kind:ty),* $(,)?) => { $(declared::<$kind>($config, $out);)* };
}

fn typescript() -> String {
    let config = &Config::new().with_large_int("number");
    let mut out = String::from(
        "// Written by `UPDATE_PORT=1 cargo test -p ruhu-port --test typescript` from mobile/port; do not edit.\n\n",
    );
    let to = &mut out;
    all!(config, to, Remedy, FormProblem, Trouble);
    all!(config, to, view::State, view::Who, view::LeaseView, view::Outbox, view::Count);
    all!(config, to, view::Practice, view::LessonLine, view::OwnDays, view::OwnDay);
    all!(
        config,
        to,
        view::Today,
        view::GridLine,
        view::DueDoor,
        view::Reason,
        view::Place,
        view::Appointment
    );
    all!(config, to, view::Tried, view::BestTime, view::UnitLine);
    all!(config, to, view::BuildingLine, view::Building, view::Steward, view::Stair, view::Floor, view::Door);
    all!(config, to, view::DoorHome, view::DoorState);
    all!(
        config,
        to,
        view::Household,
        view::MemberView,
        view::Chip,
        view::FieldView,
        view::FieldKind,
        view::Choice,
        view::CategoryForm,
        view::Forms
    );
    all!(
        config,
        to,
        view::HistoryLine,
        view::OpenRequest,
        view::RequestSaid,
        view::QuestionView,
        view::QuestionKind,
        view::Conflict
    );
    all!(config, to, view::FoundHousehold, view::FoundMember, view::FoundUse);
    all!(
        config,
        to,
        view::VisitForm,
        view::OutcomeForm,
        view::OutcomeShape,
        view::Informing,
        view::ChangeForm,
        view::RequestForm,
        view::HazardForm
    );
    all!(config, to, view::AnswerForm, view::FieldForm, view::SavedVisit, view::NextDoor);
    all!(
        config,
        to,
        view::ReceiptLine,
        view::ReceiptState,
        view::ExchangeLine,
        view::LookLine,
        view::Mine,
        view::RuleLine
    );
    all!(config, to, view::Messages, view::RevisitView, view::RevisitForm, view::RevisitTold);
    all!(config, to, view::FindingView, view::FindingStage, view::FindingRuling);
    all!(config, to, view::AccountChoice, view::AccountSaid);
    all!(config, to, view::LineView, view::LineKind, view::LineStanding, view::CompletionView);
    all!(
        config,
        to,
        ask::Nothing,
        ask::TodayAsk,
        ask::BuildingAsk,
        ask::UnitAsk,
        ask::FindAsk,
        ask::WithdrawAsk
    );
    all!(
        config,
        to,
        ask::RecordAsk,
        ask::SettleAsk,
        ask::AnswerAsk,
        ask::AccountAsk,
        ask::AppealAsk,
        ask::LineAsk,
        ask::SuggestAsk,
        ask::PracticeAsk,
        ask::Saved
    );
    out.push_str("/** Every question: what goes with it, and what comes back. */\nexport interface Asks {\n");
    for (name, with, answer) in listing(config) {
        writeln!(out, "  {name}: {{ with: {with}; answer: {answer} }};").unwrap();
    }
    out.push_str("}\n");
    out.push_str("\n/** 走访规定 – every setting of the visit rules: the screens have words for each. */\nexport type VisitSetting =");
    for name in visit_settings() {
        write!(out, "\n  | '{name}'").unwrap();
    }
    out.push_str(";\n");
    out
}

/// What the shipped texts set about visits, each once.
fn visit_settings() -> BTreeSet<String> {
    let texts = RuleTexts::shipped().unwrap();
    let settings = texts.texts().iter().flat_map(|text| text.settings());
    settings.map(|one| one.field.clone()).filter(|name| name.starts_with("visits.")).collect()
}

#[test]
fn the_screens_know_the_port_as_it_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src/port/types.ts");
    let written = typescript();
    if std::env::var_os("UPDATE_PORT").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == written,
        "run UPDATE_PORT=1 cargo test -p ruhu-port --test typescript and look at the change"
    );
}
