//! 语料 – documents and changes with what the gate said to them, to be replayed when automerge is upgraded.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use ruhu_core::category::Scalar;
use ruhu_core::profile::{Applied, GateRefusal, Profile, allows_plain};
use serde::Serialize;

use super::changes::make;
use super::ground::Ground;
use super::shadow::{field, rule};
use crate::dice::Dice;

/// One change tried on one document. Bytes are base64.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// The saved document.
    pub document: String,
    /// The change.
    pub change: String,
    /// The hash its skeleton names.
    pub claimed: String,
    /// `new`, `known`, `dependency`, or the rule that did not hold.
    pub verdict: String,
    /// What the document holds afterwards.
    pub fields: BTreeMap<String, Vec<Scalar>>,
}

/// Cases of a seed, at most `each` of every verdict.
#[must_use]
pub fn corpus(seed: u64, each: usize) -> Vec<Case> {
    let mut dice = Dice::new(seed, "corpus", &[]);
    let mut profile = Profile::new();
    // Two values of one field, and a member: something to overwrite, to settle and to take away.
    for (actor, value) in [(1, "13800000000"), (2, "13900000000")] {
        let mut apart =
            if actor == 1 { Profile::load(&profile.save()).unwrap_or_default() } else { Profile::new() };
        let member = format!("m/{}/name", super::changes::member(0));
        let fields = [field("p/phone", value), field(&member, "模拟户主")];
        if let Ok(Some(edit)) = apart.edit(&fields, [actor; 16], DateTime::default()) {
            let taken = profile.apply(edit.hash, &edit.bytes, &allows_plain);
            debug_assert!(taken.is_ok(), "an honest edit");
        }
    }
    let mut cases = Vec::new();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..20_000 {
        let document = profile.save();
        let sent = make(&mut dice, &Ground::of(&document));
        let mut tried = Profile::load(&document).unwrap_or_default();
        let said = tried.apply(sent.claimed, &sent.bytes, &allows_plain);
        let verdict = match said {
            Ok(Applied::New) => "new".to_owned(),
            Ok(Applied::Known) => "known".to_owned(),
            Err(why @ (GateRefusal::Dependency | GateRefusal::Not(_))) => rule(why),
        };
        let seen = found.entry(verdict.clone()).or_default();
        if *seen < each && sent.bytes.len() < 2_000 {
            *seen += 1;
            cases.push(Case {
                document: STANDARD.encode(&document),
                change: STANDARD.encode(&sent.bytes),
                claimed: STANDARD.encode(sent.claimed.0),
                verdict,
                fields: tried.fields(),
            });
            // Every other accepted one becomes part of the document the next are tried on.
            if said == Ok(Applied::New) && dice.chance(500) {
                profile = tried;
            }
        }
    }
    cases
}
