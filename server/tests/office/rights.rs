//! Requests of residents about their own record, on every kind of database: numbers, sealed words, what the shell erases.

use chrono::Duration;
use ruhu_core::ids::{AccountId, CommunityId, RightsId};
use ruhu_core::roster::Unit;
use ruhu_server::access::tries::{LEFT_OF_ALL, LEFT_OF_ONE};
use ruhu_server::office::rights::{CONTACT_KEPT_MS, NewCase, RightsError, Take};
use ruhu_server::rights::{Channel, Kind, Ruling, Shown, State, Step, Told};
use ruhu_server::storage::StorageError;
use ruhu_server::storage::rights::CaseWords;

use super::shell::said;
use super::world::{COMMUNITY, HOUSEHOLDS, LEAD, World};

fn asked(id: u8, household: usize) -> NewCase {
    NewCase {
        id: RightsId::from_bytes([id; 16]),
        community: COMMUNITY,
        unit: HOUSEHOLDS[household].to_string(),
        kind: Kind::Delete,
        channel: Channel::Slip,
        contact: "13812345678".into(),
        words: "请删除".into(),
    }
}

fn take(id: u8, seen: u32, words: &str) -> Take {
    let case = RightsId::from_bytes([id; 16]);
    Take { by: LEAD, community: COMMUNITY, case, seen, words: words.into() }
}

fn words(world: &World, id: u8) -> CaseWords {
    world.hub.storage().read(|tx| tx.case_words(RightsId::from_bytes([id; 16]))).unwrap()
}

fn left(world: &World, source: &str) -> Result<u32, RightsError> {
    let id = world.hub.make_id();
    let new = NewCase { id, channel: Channel::Page, ..asked(0, 0) };
    world.hub.note_case_from_page(new, source).map(|case| case.nr)
}

#[test]
fn cases_are_numbered_and_their_steps_stand_in_order() {
    let world = World::new();
    for (nth, id) in (1..).zip([9, 3, 7]) {
        assert_eq!(world.hub.note_case(LEAD, asked(id, 0)).unwrap().nr, nth);
    }
    assert_eq!(world.hub.note_case(LEAD, asked(3, 0)).unwrap().nr, 2, "once more is the same");
    let steps =
        [Step::Identified(Shown::Document), Step::Decided(Ruling::Refused), Step::Answered(Told::Letter)];
    for (seen, step) in (0..).zip(steps) {
        world.hub.step_case(take(3, seen, "理由"), step).unwrap();
    }
    let all = world.hub.storage().read(|tx| tx.cases_of(COMMUNITY)).unwrap();
    let stand: Vec<(u32, State)> = all.iter().map(|(case, state)| (case.nr, *state)).collect();
    assert_eq!(stand, [(1, State::Received), (2, State::Answered), (3, State::Received)]);
    let elsewhere = CommunityId::from_bytes([2; 16]);
    let foreign = Take { community: elsewhere, ..take(9, 0, "") };
    let refused = world.hub.step_case(foreign, Step::Withdrawn);
    assert!(matches!(refused, Err(RightsError::Unknown)));
    let nowhere =
        world.hub.note_case(LEAD, NewCase { community: elsewhere, unit: String::new(), ..asked(8, 0) });
    assert!(matches!(nowhere, Err(RightsError::Unknown)));
    let stale = world.hub.step_case(take(3, 1, ""), Step::Withdrawn);
    assert!(matches!(stale, Err(RightsError::Stale)));
}

#[test]
fn what_the_shell_erases_takes_the_words_of_that_household_and_leaves_those_of_the_others() {
    let world = World::new();
    world.hub.note_case(LEAD, asked(1, 0)).unwrap();
    world.hub.note_case(LEAD, asked(2, 1)).unwrap();
    world.hub.step_case(take(1, 0, "已核对"), Step::Identified(Shown::Known)).unwrap();
    let id = HOUSEHOLDS[0].to_string();
    said(&world, &["erase", "--household", &id, "--cause", "3号", "--commit"]);
    assert!(words(&world, 1) == CaseWords::default(), "number, words and what was said of steps");
    let stays =
        CaseWords { contact: Some("13812345678".into()), words: Some("请删除".into()), steps: Vec::new() };
    assert!(words(&world, 2) == stays, "sealed anew with all the rest");
    let read = |tx: &ruhu_server::storage::Tx<'_>| -> Result<_, StorageError> {
        Ok((tx.case(RightsId::from_bytes([1; 16]))?.unwrap(), tx.case_steps(RightsId::from_bytes([1; 16]))?))
    };
    let (case, steps) = world.hub.storage().read(read).unwrap();
    assert_eq!((case.unit, case.kind), (Some(Unit::Household(HOUSEHOLDS[0])), Kind::Delete));
    assert_eq!(steps.len(), 1, "the course stays");
    world.hub.step_case(take(1, 1, "同意"), Step::Decided(Ruling::Granted)).unwrap();
    assert_eq!(words(&world, 1).steps, [(2, "同意".to_owned())]);
    said(&world, &["verify"]);
}

#[test]
fn a_number_is_let_go_thirty_days_after_the_answer_and_the_words_stay() {
    let world = World::new();
    world.hub.note_case(LEAD, asked(1, 0)).unwrap();
    world.hub.note_case(LEAD, asked(2, 0)).unwrap();
    world.hub.step_case(take(1, 0, ""), Step::Withdrawn).unwrap();
    world.clock.forward(Duration::milliseconds(CONTACT_KEPT_MS - 1));
    assert_eq!(world.hub.drop_old_contacts().unwrap(), 0);
    world.clock.forward(Duration::milliseconds(1));
    assert_eq!(world.hub.drop_old_contacts().unwrap(), 1);
    assert_eq!(world.hub.drop_old_contacts().unwrap(), 0);
    assert_eq!((words(&world, 1).contact, words(&world, 1).words.is_some()), (None, true));
    assert!(words(&world, 2).contact.is_some(), "still to be called back");
}

#[test]
fn the_public_page_takes_so_many_an_hour_from_one_source_and_from_all() {
    let world = World::new();
    for _ in 0..LEFT_OF_ONE {
        left(&world, "one").unwrap();
    }
    assert!(matches!(left(&world, "one"), Err(RightsError::TooMany)));
    for nth in LEFT_OF_ONE..LEFT_OF_ALL {
        left(&world, &format!("other {}", nth / LEFT_OF_ONE)).unwrap();
    }
    assert!(matches!(left(&world, "yet another"), Err(RightsError::TooMany)));
    world.clock.forward(Duration::minutes(61));
    assert_eq!(left(&world, "one").unwrap(), LEFT_OF_ALL + 1);
    let row = world.hub.storage().read(|tx| tx.cases_of(COMMUNITY)).unwrap().pop().unwrap().0;
    assert_eq!((row.unit, row.account, row.channel), (None, None::<AccountId>, Channel::Page));
}
