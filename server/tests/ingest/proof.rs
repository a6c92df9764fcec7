//! An entry is proven to a third party by a program that shares no code with the hub.

use std::process::{Command, Output};

use ruhu_core::roster::Unit;
use ruhu_server::proof::{Proof, ProofError};
use ruhu_server::storage::log::Pos;

use super::world::{HOUSEHOLDS, WORKERS, World};

fn checked(world: &World, proof: &Proof, key: &[u8; 32]) -> Output {
    let path = world.folder.path().join("proof.json");
    std::fs::write(&path, serde_json::to_vec(proof).unwrap()).unwrap();
    let checker = concat!(env!("CARGO_MANIFEST_DIR"), "/proof/check.mjs");
    let key = ruhu_server::report::seal::hex(key);
    // Node.js; `./test` installs it.
    Command::new("node").arg(checker).arg(&path).arg(key).output().unwrap()
}

fn with_a_visit() -> (World, Pos) {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    phone.say(&world.hub, Unit::Household(HOUSEHOLDS[0]), visit);
    let last = world.hub.storage().read(|tx| tx.last_pos()).unwrap();
    (world, last)
}

#[test]
fn a_visit_is_proven_with_and_without_its_body() {
    let (world, pos) = with_a_visit();
    let key = world.hub.verifying_key().to_bytes();
    for with_body in [false, true] {
        let proof = world.hub.prove(pos, with_body).unwrap();
        assert_eq!(proof.body.is_some(), with_body);
        let out = checked(&world, &proof, &key);
        let said = String::from_utf8(out.stdout).unwrap();
        assert!(out.status.success(), "{said}{}", String::from_utf8_lossy(&out.stderr));
        assert!(
            said.contains(&format!("worker: {}", WORKERS[0])) && said.contains("counts_in: 2026Q3"),
            "{said}"
        );
    }
}

#[test]
fn every_forged_part_of_a_proof_is_refused_with_its_reason() {
    let (world, pos) = with_a_visit();
    let key = world.hub.verifying_key().to_bytes();
    let proof = world.hub.prove(pos, true).unwrap();
    let flipped = |text: &str| {
        let mut text = text.to_owned();
        let last = if text.pop() == Some('0') { '1' } else { '0' };
        text.push(last);
        text
    };
    let forged = [
        ("did not sign the statement", Proof { statement: flipped(&proof.statement), ..proof.clone() }),
        ("not the one stated", Proof { envelope: flipped(&proof.envelope), ..proof.clone() }),
        ("did not sign the entry", Proof { signature: flipped(&proof.signature), ..proof.clone() }),
        ("not what was signed", Proof { skeleton: flipped(&proof.skeleton), ..proof.clone() }),
        ("not what was signed", Proof { body: proof.body.as_deref().map(flipped), ..proof.clone() }),
        ("not what was signed", Proof { salt: proof.salt.as_deref().map(flipped), ..proof.clone() }),
        ("not a file written by", Proof { format: "other".into(), ..proof.clone() }),
    ];
    for (why, forged) in forged {
        let out = checked(&world, &forged, &key);
        let said = String::from_utf8(out.stderr).unwrap();
        assert!(!out.status.success() && said.contains(why), "{why}: {said}");
    }
    let out = checked(&world, &proof, &[7; 32]);
    assert!(!out.status.success(), "the key of another hub");
}

#[test]
fn an_entry_that_is_not_there_is_named_and_what_was_proven_is_noted() {
    let (world, pos) = with_a_visit();
    let none = world.hub.prove(Pos(pos.0 + 1), false);
    assert!(matches!(none, Err(ProofError::NoSuchEntry { last, .. }) if last == pos.0), "{none:?}");
    world.hub.prove(pos, true).unwrap();
    let noted =
        world.hub.storage().read(|tx| tx.logged(ruhu_server::storage::accounts::LogKind::Audit, None, 1));
    let (_, _, row) = noted.unwrap().remove(0);
    assert_eq!((row.what.as_str(), row.target), ("prove-with-body", pos.0.to_string()));
}
