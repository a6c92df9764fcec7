//! The probe: what a phone's browser must be able to do, in the instruction set of the browser.
//!
//! `tests/wasm/check.sh` builds it for wasm32-unknown-unknown and runs it in Node.js without a page, a clock or
//! randomness around it; the unit tests below run the same steps natively. Both compare with the same hashes, so
//! a phone in a browser and the hub cannot come to sign or store different bytes for the same visit.
//!
//! A wasm module of this kind has no standard error, so the exit code names the step: 0 for "all held", n for the
//! n-th of [`STEPS`]. `run.mjs` prints the words.

use std::error::Error;
use std::process::ExitCode;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ROOT, ReadDoc};
use ed25519_dalek::{Signer, SigningKey, Verifier};
use ruhu_core::ids::{DwellingId, Hash32, HouseholdId, VisitId, WorkerId};
use ruhu_core::roster::Unit;
use ruhu_core::visit::{DraftRules, MeetingPlace, VisitDraft, VisitOutcome};
use rusqlite::Connection;

type Held = Result<(), Box<dyn Error>>;

/// The steps in order; `run.mjs` knows their names by this order.
const STEPS: [fn() -> Held; 5] = [
    a_draft_becomes_the_same_bytes,
    a_signature_is_the_same,
    two_editors_of_one_household_merge,
    the_store_keeps_what_was_committed,
    packing_gives_back_what_was_packed,
];

fn main() -> ExitCode {
    for (step, number) in STEPS.iter().zip(1u8..) {
        if step().is_err() {
            return ExitCode::from(number);
        }
    }
    ExitCode::SUCCESS
}

fn visit_bytes() -> Result<Vec<u8>, Box<dyn Error>> {
    let rules = DraftRules {
        today: "2026-07-05".parse()?,
        time: "18:03:20".parse()?,
        visit: VisitId::from_bytes([1; 16]),
        made_by: WorkerId::from_bytes([2; 16]),
    };
    let draft = VisitDraft {
        unit: Some(Unit::Household(HouseholdId::from_bytes([3; 16]))),
        dwelling: Some(DwellingId::from_bytes([4; 16])),
        outcome: Some(VisitOutcome::Met { place: MeetingPlace::Door }),
        ..VisitDraft::default()
    };
    let visit = draft.check(&rules).map_err(|problems| format!("{} problems", problems.len()))?;
    let mut bytes = Vec::new();
    ciborium::into_writer(visit.skeleton(), &mut bytes)?;
    Ok(bytes)
}

fn a_draft_becomes_the_same_bytes() -> Held {
    same(&visit_bytes()?, "9789babf9366338ae344107732fb403fa14732a331bbb0b442e7f822c3de3d50")
}

fn a_signature_is_the_same() -> Held {
    let key = SigningKey::from_bytes(&[7; 32]);
    let bytes = visit_bytes()?;
    let signature = key.sign(&bytes);
    key.verifying_key().verify(&bytes, &signature)?;
    same(&signature.to_bytes(), "5a93f4528b9ed6d4d0b7ccd04649ce88d4558a0902ae89b058573bc95a77d9ac")
}

fn two_editors_of_one_household_merge() -> Held {
    let edit = || CommitOptions::default().with_time(0);
    let mut desk = AutoCommit::new().with_actor(ActorId::from([1u8; 16]));
    desk.put(ROOT, "p/phone", "1")?;
    desk.commit_with(edit());
    let mut phone = desk.fork().with_actor(ActorId::from([2u8; 16]));
    phone.put(ROOT, "p/phone", "2")?;
    phone.commit_with(edit());
    desk.put(ROOT, "p/note", "3")?;
    desk.commit_with(edit());
    desk.merge(&mut phone)?;
    let loaded = AutoCommit::load(&desk.save())?;
    let field = |name: &str| -> Result<Option<String>, Box<dyn Error>> {
        Ok(loaded.get(ROOT, name)?.and_then(|(value, _)| value.as_str().map(str::to_owned)))
    };
    holds(field("p/phone")?.as_deref() == Some("2") && field("p/note")?.as_deref() == Some("3"))?;
    same(&desk.save(), "ccaaa5a03daa26cbe9ed5564a8eb87878b64c0f1aeb0a9d8220f0ca2fe8da2fe")
}

fn the_store_keeps_what_was_committed() -> Held {
    let mut store = Connection::open_in_memory()?;
    store.execute_batch("CREATE TABLE entry (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;")?;
    let bytes = visit_bytes()?;
    let kept = store.transaction()?;
    kept.execute("INSERT INTO entry (seq, bytes) VALUES ($1, $2)", (1, &bytes))?;
    kept.commit()?;
    let dropped = store.transaction()?;
    dropped.execute("INSERT INTO entry (seq, bytes) VALUES ($1, $2)", (2, &bytes))?;
    dropped.rollback()?;
    let rows: Vec<(u32, Vec<u8>)> = store
        .prepare("SELECT seq, bytes FROM entry ORDER BY seq")?
        .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    holds(rows == [(1, bytes)])
}

fn packing_gives_back_what_was_packed() -> Held {
    let many = visit_bytes()?.repeat(200);
    let packed = zstd::encode_all(many.as_slice(), 3)?;
    holds(packed.len() * 10 < many.len() && zstd::decode_all(packed.as_slice())? == many)
}

fn same(bytes: &[u8], expected: &str) -> Held {
    let found = Hash32::of(&[bytes]).to_string();
    if found == expected { Ok(()) } else { Err(format!("hash {found}, expected {expected}").into()) }
}

fn holds(condition: bool) -> Held {
    if condition { Ok(()) } else { Err("not as expected".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_holds_natively_with_the_hashes_of_the_browser() {
        for step in STEPS {
            step().unwrap();
        }
    }
}
