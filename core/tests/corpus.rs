//! 语料 – documents and changes with what the gate said to them when they were collected (`ruhu-sim corpus`). An upgrade
//! of automerge that says anything else changes what phones and hubs of two versions hold.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ruhu_core::category::Scalar;
use ruhu_core::ids::Hash32;
use ruhu_core::profile::{Applied, GateRefusal, Profile, allows_plain};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    document: String,
    change: String,
    claimed: String,
    verdict: String,
    fields: BTreeMap<String, Vec<Scalar>>,
}

fn bytes(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}

fn said(outcome: Result<Applied, GateRefusal>) -> String {
    match outcome {
        Ok(Applied::New) => "new".into(),
        Ok(Applied::Known) => "known".into(),
        Err(GateRefusal::Dependency) => "dependency".into(),
        Err(GateRefusal::Not(why)) => serde_json::to_value(why).unwrap().as_str().unwrap().to_owned(),
    }
}

#[test]
fn every_change_of_the_corpus_is_judged_and_merged_as_it_was_when_it_was_collected() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("corpus/changes.json")).unwrap();
    let mut verdicts = BTreeSet::new();
    for (nth, case) in cases.iter().enumerate() {
        let mut profile = Profile::load(&bytes(&case.document)).unwrap();
        let claimed = Hash32::from_slice(&bytes(&case.claimed)).unwrap();
        let outcome = profile.apply(claimed, &bytes(&case.change), &allows_plain);
        assert_eq!(said(outcome), case.verdict, "case {nth}");
        assert_eq!(profile.fields(), case.fields, "case {nth}");
        assert_eq!(Profile::load(&profile.save()).unwrap().fields(), case.fields, "case {nth}, loaded again");
        verdicts.insert(case.verdict.as_str());
    }
    for needed in
        ["new", "dependency", "chunk", "hash", "unreadable", "not_canonical", "line", "count", "operation"]
    {
        assert!(verdicts.contains(needed), "the corpus has no case of {needed}");
    }
}
