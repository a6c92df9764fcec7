//! A checkpoint that left the machine contradicts whoever rewrites the log.

use ruhu_core::roster::Unit;
use ruhu_server::checkpoint::{CheckpointError, Statement};
use ruhu_server::verify::Fault;

use super::world::{HOUSEHOLDS, WORKERS, World, open_hub};

fn with_a_visit() -> (World, super::world::Phone) {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    phone.say(&world.hub, Unit::Household(HOUSEHOLDS[0]), visit);
    (world, phone)
}

fn file(stated: &Statement) -> Vec<u8> {
    serde_json::to_vec(stated).unwrap()
}

#[test]
fn a_checkpoint_holds_while_the_log_grows_and_a_new_one_follows_it() {
    let (world, mut phone) = with_a_visit();
    let first = world.hub.checkpoint().unwrap().unwrap();
    assert_eq!(world.hub.checkpoint().unwrap().unwrap(), first, "nothing new, no new checkpoint");
    let visit = phone.visit(0);
    phone.say(&world.hub, Unit::Household(HOUSEHOLDS[0]), visit);
    let second = world.hub.checkpoint().unwrap().unwrap();
    assert_eq!((first.nr, second.nr), (1, 2));
    assert!(first.position < second.position);
    for stated in [&first, &second] {
        world.hub.check_statement(&file(stated)).unwrap();
    }
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn an_older_copy_put_back_is_contradicted() {
    let (world, mut phone) = with_a_visit();
    let copy = tempfile::tempdir().unwrap();
    super::verify::copy_database(world.folder.path(), copy.path());
    let visit = phone.visit(0);
    phone.say(&world.hub, Unit::Household(HOUSEHOLDS[0]), visit);
    let stated = world.hub.checkpoint().unwrap().unwrap();
    let old = open_hub(&copy.path().join("ruhu.db"), &world.clock, 8);
    let shorter = old.check_statement(&file(&stated));
    assert!(matches!(shorter, Err(CheckpointError::Shorter { .. })), "{shorter:?}");
    // It goes on and grows past the checkpoint: still another log.
    let old = World { hub: std::sync::Arc::new(old), clock: world.clock.clone(), folder: copy };
    let mut newcomer = old.phone(WORKERS[0]);
    for _ in 0..2 {
        let visit = newcomer.visit(0);
        newcomer.say(&old.hub, Unit::Household(HOUSEHOLDS[0]), visit);
    }
    let other = old.hub.check_statement(&file(&stated));
    assert!(matches!(other, Err(CheckpointError::Different { .. })), "{other:?}");
}

#[test]
fn what_was_rewritten_with_the_hubs_own_key_is_named_by_its_span() {
    let (world, mut phone) = with_a_visit();
    world.hub.checkpoint().unwrap();
    for _ in 0..2 {
        let visit = phone.visit(0);
        phone.say(&world.hub, Unit::Household(HOUSEHOLDS[0]), visit);
        world.hub.checkpoint().unwrap();
    }
    let stated = world.hub.checkpoint().unwrap().unwrap();
    let conn = rusqlite::Connection::open(world.folder.path().join("ruhu.db")).unwrap();
    // A time of receipt is signed by nobody: the checkpoint alone holds it.
    let moved = conn.execute(
        "UPDATE entry SET received_ms = received_ms - 86400000, placed_ms = received_ms WHERE pos = ?1",
        [stated.position - 1],
    );
    assert_eq!(moved.unwrap(), 1);
    let faults = world.hub.verify().unwrap().faults;
    assert!(matches!(faults.as_slice(), [Fault::Checkpoint { nr: 2, .. }]), "{faults:?}");
    let differs = world.hub.check_statement(&file(&stated));
    assert!(matches!(differs, Err(CheckpointError::Different { .. })), "{differs:?}");
}

#[test]
fn a_statement_of_another_hub_a_changed_one_and_no_statement_are_told_apart() {
    let (world, _) = with_a_visit();
    let stated = world.hub.checkpoint().unwrap().unwrap();
    let changed = Statement { made_ms: stated.made_ms + 1, ..stated.clone() };
    assert!(matches!(world.hub.check_statement(&file(&changed)), Err(CheckpointError::BadSignature)));
    let foreign = Statement { hub: ruhu_core::ids::HubId::from_bytes([9; 16]), ..stated };
    assert!(matches!(world.hub.check_statement(&file(&foreign)), Err(CheckpointError::OtherHub(_))));
    for no in ["", "{}", "[1,2]"] {
        assert!(matches!(world.hub.check_statement(no.as_bytes()), Err(CheckpointError::NotAStatement)));
    }
}
