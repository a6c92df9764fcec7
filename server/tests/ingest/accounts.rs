//! Second factors, failed tries and sessions in the database, at two programs on one: on both kinds of database.

use ruhu_core::ids::Hash32;
use ruhu_server::access::acts::{By, Change};
use ruhu_server::access::session::SignInError;
use ruhu_server::access::totp::{Second, code, step_at};
use ruhu_server::access::{AccountError, NewAccount, Place, Role};
use ruhu_server::storage::sessions::Stage;

use super::world::{COMMUNITY, World, open_hub};

const PASSWORD: &str = "Sunny-2026-door";

fn account(world: &World, name: &str, role: Role) -> ruhu_server::access::Account {
    let place = if role == Role::Community { Place::Community { id: COMMUNITY } } else { Place::Hub };
    let new = NewAccount { name: name.into(), shown: "某人".into(), role, place };
    let first = world.hub.add_account(&new).unwrap();
    let made = world.hub.accounts().unwrap().into_iter().find(|one| one.name == name).unwrap();
    world.hub.change_password(&made, &first, PASSWORD).unwrap();
    made
}

#[test]
fn a_code_used_at_one_node_is_used_at_the_other() {
    let world = World::new();
    let other = open_hub(world.database.at(), &world.clock, 9);
    let made = account(&world, "shenji", Role::Auditor);
    let secret = world.hub.begin_totp(made.id).unwrap();
    assert_eq!(other.pending_totp(made.id).unwrap().unwrap(), secret, "shown by one, confirmed at the other");
    let now = step_at(world.hub.now_ms());
    let codes = other.confirm_totp(made.id, Hash32::ZERO, &code(&secret, now - 1)).unwrap();
    assert!(world.hub.pending_totp(made.id).unwrap().is_none());

    let half = world.hub.sign_in("shenji", PASSWORD).unwrap();
    assert_eq!(half.stage, Stage::Password);
    assert!(world.hub.session(&half.token).unwrap().is_none() && other.is_half_way(&half.token).unwrap());
    let second = Second::Code(code(&secret, now));
    let whole = other.give_code(&half.token, &second, "").unwrap();
    assert!(world.hub.session(&whole.token).unwrap().is_some());
    assert!(!world.hub.is_half_way(&half.token).unwrap(), "the half session has gone");
    let half = other.sign_in("shenji", PASSWORD).unwrap();
    assert!(matches!(world.hub.give_code(&half.token, &second, ""), Err(SignInError::Wrong)));
    let recovery = Second::Recovery(codes[3].clone());
    assert!(other.give_code(&half.token, &recovery, "").is_ok());
    let half = world.hub.sign_in("shenji", PASSWORD).unwrap();
    assert!(world.hub.give_code(&half.token, &recovery, "").is_err());
    assert_eq!(world.hub.storage().read(|tx| tx.recovery_codes_left(made.id)).unwrap(), 9);
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn who_guesses_at_two_nodes_has_no_more_tries_than_at_one() {
    let world = World::new();
    let other = open_hub(world.database.at(), &world.clock, 9);
    account(&world, "lifang", Role::Community);
    for name in ["lifang", "nobody"] {
        for nth in 1..=5 {
            let hub = if nth % 2 == 0 { &other } else { &*world.hub };
            let refused = hub.sign_in(name, "wrong").unwrap_err();
            assert_eq!(matches!(refused, SignInError::Locked { .. }), nth == 5, "{name} {nth}");
        }
    }
    assert!(matches!(other.sign_in("lifang", PASSWORD), Err(SignInError::Locked { .. })));
}

#[test]
fn what_was_done_to_an_account_is_counted_and_found_by_its_id() {
    let world = World::new();
    let other = open_hub(world.database.at(), &world.clock, 9);
    let made = account(&world, "lifang", Role::Community);
    let session = world.hub.sign_in("lifang", PASSWORD).unwrap();
    let by = By {
        account: Some(account(&world, "anquan", Role::SecurityAdmin).id),
        reason: "离职".into(),
        saw: Some(0),
    };
    other.change_account(made.id, Change::Disable, &by).unwrap();
    assert!(world.hub.session(&session.token).unwrap().is_none());
    let stale = world.hub.change_account(made.id, Change::Enable, &by).unwrap_err();
    assert!(matches!(stale, AccountError::Stale));
    let log = ruhu_server::storage::accounts::LogKind::Audit;
    let rows = world.hub.storage().read(|tx| tx.logged_of(log, &made.id.to_string(), 10)).unwrap();
    let codes: Vec<&str> = rows.iter().map(|(_, _, row)| row.what.as_str()).collect();
    assert_eq!(codes, ["account.disable", "session.begin", "account.password", "account.add"]);
    assert!(rows[0].2.target.ends_with(" 离职"));
}

#[test]
fn the_token_of_the_first_set_up_is_good_at_every_node_and_once() {
    let world = World::new();
    let other = open_hub(world.database.at(), &world.clock, 9);
    let (token, _) = world.hub.setup_token().unwrap().unwrap();
    let first = ruhu_server::access::first::FirstAccount {
        token,
        name: "anquan".into(),
        shown: "安全员".into(),
        password: PASSWORD.into(),
    };
    let wrong = ruhu_server::access::first::FirstAccount { token: "AAAAA".into(), ..first.clone() };
    assert!(other.make_first_account(&wrong, "").is_err());
    other.make_first_account(&first, "").unwrap();
    assert!(world.hub.make_first_account(&first, "").is_err());
    assert!(world.hub.sign_in("anquan", PASSWORD).unwrap().account.must_set_up_totp());
}
