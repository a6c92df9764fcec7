//! A hub that changes its key: what was signed before and after still verifies, here and for a stranger.

use std::path::PathBuf;
use std::process::Output;

use ruhu_core::fact::Fact;
use ruhu_core::roster::Unit;
use ruhu_server::keys::HubKeyError;
use ruhu_server::report::seal::hex;
use ruhu_server::storage::log::Pos;
use ruhu_server::verify::Fault;

use super::proof::{checked, export_checked, exported};
use super::world::{HOUSEHOLDS, WORKERS, World, open_hub};
use ruhu_core::entry::UnitFact;

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);

/// A hub with its recovery key made, and where that lies.
fn with_recovery() -> (World, PathBuf) {
    let world = World::new();
    let file = world.folder.path().join("hub-recovery.key");
    world.hub.init_recovery(&file).unwrap();
    (world, file)
}

fn act(world: &World, key: bool) {
    let on = "2026-07-01".parse().unwrap();
    world.act(vec![UnitFact { unit: HOME, fact: Fact::KeyMark { key, on } }], Vec::new());
}

fn last(world: &World) -> Pos {
    world.hub.storage().read(|tx| tx.last_pos()).unwrap()
}

fn said(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

#[test]
fn everything_signed_before_and_after_a_change_of_key_verifies_here_and_for_a_stranger() {
    let (world, file) = with_recovery();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    phone.say(&world.hub, HOME, visit);
    act(&world, true);
    let (first, before) = (world.hub.verifying_key().to_bytes(), last(&world));
    let old_proof = world.hub.prove(before, false).unwrap();
    let old_statement = world.hub.checkpoint().unwrap().unwrap();
    world.clock.forward(chrono::Duration::hours(1));
    let link = world.hub.next_key(&file, false).unwrap();
    assert_eq!((link.nr, link.by_present.is_some()), (2, true));
    assert_eq!(world.hub.verifying_key().to_bytes(), link.key);
    act(&world, false);
    let new_statement = world.hub.checkpoint().unwrap().unwrap();
    assert_eq!((&old_statement.key, &new_statement.key), (&hex(&first), &hex(&link.key)));
    assert_eq!(world.hub.verify().unwrap().faults, []);
    for statement in [&old_statement, &new_statement] {
        world.hub.check_statement(&serde_json::to_vec(statement).unwrap()).unwrap();
    }

    // Who knows the first key goes on to the second; who knows the second only does not go back.
    let new_proof = world.hub.prove(last(&world), true).unwrap();
    for (proof, key, holds) in [
        (&old_proof, &first, true),
        (&new_proof, &first, true),
        (&new_proof, &link.key, true),
        (&old_proof, &link.key, false),
    ] {
        let out = checked(&world, proof, key);
        assert_eq!(out.status.success(), holds, "{}", said(&out));
    }
    let out = export_checked(&world, &exported(&world));
    assert!(out.status.success(), "{}", said(&out));
    let mut forged = new_proof;
    forged.hub_keys.links[0].by_present = Some(hex(&[7; 64]));
    let out = checked(&world, &forged, &first);
    assert!(!out.status.success() && said(&out).contains("hub key 2"), "{}", said(&out));

    // A program beside this one changes the key: this one signs with it at the next request.
    let beside = open_hub(world.database.at(), &world.clock, 99);
    beside.next_key(&file, false).unwrap();
    assert_eq!(world.hub.verifying_key().to_bytes(), link.key);
    world.hub.refresh_key().unwrap();
    assert_eq!(world.hub.verifying_key(), beside.verifying_key());
    assert_eq!(world.hub.all_keys().unwrap().len(), 3);
}

#[test]
fn a_wrong_recovery_key_a_foreign_one_and_none_at_all_change_nothing() {
    let world = World::new();
    let file = world.folder.path().join("hub-recovery.key");
    let keys = |world: &World| world.hub.all_keys().unwrap();
    let before = keys(&world);
    std::fs::write(&file, "something else").unwrap();
    assert!(matches!(world.hub.next_key(&file, false), Err(HubKeyError::NotAKey(_))));
    assert!(
        matches!(world.hub.init_recovery(&file), Err(HubKeyError::File { .. })),
        "nobody's file is written over"
    );
    std::fs::write(&file, format!("ruhu-hub-recovery-1 {} {}\n", world.hub.id(), hex(&[5; 32]))).unwrap();
    assert!(matches!(world.hub.next_key(&file, false), Err(HubKeyError::NotMade)));
    let own = world.folder.path().join("own.key");
    world.hub.init_recovery(&own).unwrap();
    assert!(matches!(world.hub.next_key(&file, false), Err(HubKeyError::WrongKey)));
    assert!(
        matches!(world.hub.next_key(&file, true), Err(HubKeyError::WrongKey)),
        "nor with --present-key-lost"
    );
    assert!(matches!(world.hub.init_recovery(&world.folder.path().join("b.key")), Err(HubKeyError::Made)));
    let other = World::new();
    other.hub.init_recovery(&other.folder.path().join("other.key")).unwrap();
    let foreign = open_hub_of_another_id(&other);
    assert!(matches!(world.hub.next_key(&foreign, false), Err(HubKeyError::OtherHub(_))));
    assert_eq!(keys(&world), before);
    assert_eq!(world.hub.verify().unwrap().faults, []);
    let secret = std::fs::read_to_string(&own).unwrap();
    let secret = secret.split_whitespace().last().unwrap();
    let raw = std::fs::read(world.folder.path().join("own.key")).unwrap();
    assert!(raw.len() < 200 && secret.len() == 64);
}

/// The key file of a hub with another id: the same with one digit of the id changed.
fn open_hub_of_another_id(world: &World) -> PathBuf {
    let from = std::fs::read_to_string(world.folder.path().join("other.key")).unwrap();
    let id = world.hub.id().to_string();
    let last = if id.ends_with('0') { '1' } else { '0' };
    let other = format!("{}{last}", id.get(..id.len() - 1).unwrap());
    let path = world.folder.path().join("foreign.key");
    std::fs::write(&path, from.replace(&id, &other)).unwrap();
    path
}

#[test]
fn a_lost_key_takes_the_recovery_key_alone_and_strangers_ask_for_it() {
    let (world, file) = with_recovery();
    let first = world.hub.verifying_key().to_bytes();
    let link = world.hub.next_key(&file, true).unwrap();
    assert_eq!(link.by_present, None);
    act(&world, true);
    assert_eq!(world.hub.verify().unwrap().faults, []);
    let proof = world.hub.prove(last(&world), false).unwrap();
    let out = checked(&world, &proof, &first);
    assert!(!out.status.success() && said(&out).contains("RECOVERY_KEY"), "{}", said(&out));
    assert!(checked(&world, &proof, &link.key).status.success());
}

#[test]
fn a_key_that_somebody_put_into_the_database_is_found() {
    let (world, _) = with_recovery();
    act(&world, true);
    let forged = ruhu_core::entry::KeyLink {
        nr: 2,
        key: ed25519_dalek::SigningKey::from_bytes(&[6; 32]).verifying_key().to_bytes(),
        from_ms: 1,
        by_recovery: vec![0; 64],
        by_present: Some(vec![0; 64]),
    };
    let own = world.hub.make_id();
    world.hub.storage().write(move |tx| tx.put_hub_key(&forged, [6; 32], own)).unwrap();
    let faults = world.hub.verify().unwrap().faults;
    assert!(faults.contains(&Fault::HubKey(2)), "{faults:?}");
}
