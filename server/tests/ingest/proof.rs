//! An entry is proven to a third party by a program that shares no code with the hub.

use std::process::{Command, Output};

use ruhu_core::roster::Unit;
use ruhu_server::proof::{Proof, ProofError, Shown};
use ruhu_server::storage::log::Pos;

use super::world::{HOUSEHOLDS, WORKERS, World};

pub(super) fn checked(world: &World, proof: &Proof, key: &[u8; 32]) -> Output {
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
        assert_eq!(proof.shown.body.is_some(), with_body);
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
        (
            "not what was signed",
            Proof {
                shown: Shown { skeleton: flipped(&proof.shown.skeleton), ..proof.shown.clone() },
                ..proof.clone()
            },
        ),
        (
            "not what was signed",
            Proof {
                shown: Shown { body: proof.shown.body.as_deref().map(flipped), ..proof.shown.clone() },
                ..proof.clone()
            },
        ),
        (
            "not what was signed",
            Proof {
                shown: Shown { salt: proof.shown.salt.as_deref().map(flipped), ..proof.shown.clone() },
                ..proof.clone()
            },
        ),
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

/// Runs the checker of exports on a text.
pub(super) fn export_checked(world: &World, text: &str) -> Output {
    let path = world.folder.path().join("export.ndjson");
    std::fs::write(&path, text).unwrap();
    let key = ruhu_server::report::seal::hex(&world.hub.verifying_key().to_bytes());
    let checker = concat!(env!("CARGO_MANIFEST_DIR"), "/proof/check-export.mjs");
    Command::new("node").arg(checker).arg(&path).arg(key).output().unwrap()
}

pub(super) fn exported(world: &World) -> String {
    let mut bytes = Vec::new();
    world.hub.export(&mut bytes, &mut |_| {}).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_whole_log_is_exported_and_proven_by_somebody_else() {
    let (world, _) = with_a_visit();
    world.hub.checkpoint().unwrap();
    let mut second = world.phone(WORKERS[1]);
    let visit = second.visit(1);
    second.say(&world.hub, Unit::Household(HOUSEHOLDS[1]), visit);
    let text = exported(&world);
    let out = export_checked(&world, &text);
    let said = String::from_utf8(out.stdout).unwrap();
    assert!(out.status.success(), "{said}{}", String::from_utf8_lossy(&out.stderr));
    let entries = world.hub.storage().read(|tx| tx.last_pos()).unwrap().0;
    assert!(said.contains(&format!("3 部手机 phones, {entries} 条 entries, 2 个检查点")), "{said}");
}

#[test]
fn an_export_that_was_cut_or_changed_is_refused_line_by_line() {
    let (world, _) = with_a_visit();
    let text = exported(&world);
    let lines: Vec<&str> = text.lines().collect();
    for nth in 0..lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(nth);
        let out = export_checked(&world, &(fewer.join("\n") + "\n"));
        assert!(!out.status.success(), "without line {nth}: {}", lines[nth]);
    }
    let entry = lines.iter().position(|line| line.contains("\"is\":\"entry\"")).unwrap();
    let moved = lines[entry].replace("\"received_ms\":1", "\"received_ms\":2");
    assert_ne!(moved, lines[entry]);
    let out = export_checked(&world, &text.replace(lines[entry], &moved));
    assert!(!out.status.success(), "a time of receipt moved");
}
