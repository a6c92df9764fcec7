//! What residents asked for: found in the log by its list, answered by phone and desk, gone with the visit or its words.

use ruhu_core::entry::{Payload, ReasonBody, Record, RequestEvent, RequestOwner, RequestStep};
use ruhu_core::ids::{Hash32, RequestId};
use ruhu_core::roster::{By, Unit};
use ruhu_core::sync::wire::{Refusal, Verdict};
use ruhu_core::visit::{Hazard, Request, VisitBody};
use ruhu_server::erase;
use ruhu_server::office::Order;
use ruhu_server::office::requests::{Listed, NewStep, RequestError, listed};
use ruhu_server::storage::StorageError;
use ruhu_server::verify::Fault;

use super::world::{COMMUNITY, DOORS, HOUSEHOLDS, LEAD, Phone, WORKERS, World, open_hub};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);
const LAMP: RequestId = RequestId::from_bytes([61; 16]);
const STAIRS: RequestId = RequestId::from_bytes([62; 16]);

/// A visit on which a lamp was asked for and a blocked stair was seen; what was solved at the door waits for nobody.
pub(crate) fn asked(world: &World, phone: &mut Phone) -> Hash32 {
    let request = |id, words: &str, solved_on_the_spot| Request {
        id,
        words: words.into(),
        wanted: "尽快".into(),
        solved_on_the_spot,
    };
    let solved = request(RequestId::from_bytes([63; 16]), "问路", true);
    let hazard = Hazard { id: STAIRS, words: "楼道堆物".into(), place: "二层".into() };
    let body = VisitBody {
        requests: vec![request(LAMP, "路灯不亮", false), solved],
        hazards: vec![hazard],
        ..VisitBody::default()
    };
    let draft = phone.draft(HOME, DOORS[0]);
    let visit = phone.visit_of(ruhu_core::visit::VisitDraft { body, ..draft });
    let entry = visit.hash();
    let verdict = phone.say(&world.hub, HOME, visit);
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    entry
}

fn all(world: &World) -> Vec<Listed> {
    let read = |tx: &ruhu_server::storage::Tx<'_>| -> Result<_, StorageError> {
        let file = tx.community(COMMUNITY)?.unwrap();
        listed(tx, &file, |_| true)
    };
    world.hub.storage().read(read).unwrap()
}

fn step(world: &World, request: RequestId, step: NewStep, words: &str) -> Result<(), RequestError> {
    let order = Order { by: LEAD, community: COMMUNITY, reason: words.into() };
    world.hub.step_request(order, HOME, request, step).map(drop)
}

fn says(phone: &mut Phone, of: RequestStep, owner: Option<RequestOwner>) -> Payload {
    let by = By::Worker(phone.worker);
    let event = RequestEvent { unit: HOME, request: LAMP, step: of, by, owner, due: None };
    let words = ReasonBody { words: "换了灯泡".into() };
    Payload::of_record_with_reason(&Record::RequestEvent(event), &words, phone.salt())
}

#[test]
fn what_was_asked_for_is_listed_once_and_its_words_stand_in_the_log_alone() {
    let world = World::new();
    let entry = asked(&world, &mut world.phone(WORKERS[0]));
    let found = all(&world);
    assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [LAMP, STAIRS]);
    let read = |one: &Listed| world.hub.storage().read(|tx| one.read(tx)).unwrap().unwrap();
    let (lamp, stairs) = (read(&found[0]), read(&found[1]));
    assert_eq!((lamp.words.as_deref(), lamp.more.as_str(), lamp.hazard), (Some("路灯不亮"), "尽快", false));
    assert_eq!(
        (stairs.words.as_deref(), stairs.more.as_str(), stairs.hazard),
        (Some("楼道堆物"), "二层", true)
    );
    // A correction asks again: still one request, read from the record in effect.
    let mut phone = world.phone(WORKERS[0]);
    let body = VisitBody {
        requests: vec![Request {
            id: LAMP,
            words: "楼下路灯不亮".into(),
            wanted: String::new(),
            solved_on_the_spot: false,
        }],
        ..VisitBody::default()
    };
    let draft = phone.draft(HOME, DOORS[0]);
    let corrected = phone.visit_of(ruhu_core::visit::VisitDraft { body, supersedes: Some(entry), ..draft });
    phone.say(&world.hub, HOME, corrected);
    let found = all(&world);
    assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [LAMP], "the stair was corrected away");
    assert_eq!(read(&found[0]).words.as_deref(), Some("楼下路灯不亮"));
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn the_desk_assigns_the_phone_says_what_was_done_and_the_desk_closes() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    asked(&world, &mut phone);
    let due = "2026-07-08".parse().unwrap();
    let owner = RequestOwner::Worker(WORKERS[0]);
    step(&world, LAMP, NewStep::Assign { owner: owner.clone(), due }, "请换灯").unwrap();
    let lamp = all(&world).remove(0);
    assert_eq!((lamp.due, lamp.state.is_unhandled()), (Some(due), true));
    assert!(lamp.is_overdue("2026-07-09".parse().unwrap()) && !lamp.is_overdue(due));
    world.clock.forward(chrono::Duration::minutes(5));
    let handled = says(&mut phone, RequestStep::Handled, None);
    assert!(matches!(phone.say(&world.hub, HOME, handled), Verdict::Accepted { .. }));
    let lamp = all(&world).remove(0);
    assert!(lamp.state.is_to_tell() && !lamp.is_overdue("2026-07-09".parse().unwrap()));
    world.clock.forward(chrono::Duration::minutes(5));
    step(&world, LAMP, NewStep::Tell, "").unwrap();
    step(&world, LAMP, NewStep::Close, "").unwrap();
    let lamp = all(&world).remove(0);
    assert!(!lamp.state.is_waiting() && lamp.closed_ms.is_some());
    let request = world.hub.storage().read(|tx| lamp.read(tx)).unwrap().unwrap();
    assert_eq!((request.course.taken().len(), request.course.owner()), (4, Some(&owner)));
    assert_eq!(request.course.result(), "换了灯泡");
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn a_step_that_cannot_be_is_refused_and_changes_nothing() {
    let world = World::new();
    asked(&world, &mut world.phone(WORKERS[0]));
    let due = "2026-07-08".parse().unwrap();
    let assign = |owner, due| NewStep::Assign { owner, due };
    let office = |name: &str| RequestOwner::Office(name.into());
    let before = world.hub.storage().read(|tx| tx.last_pos()).unwrap();
    type Wanted = fn(&RequestError) -> bool;
    let cases: [(RequestId, NewStep, &str, Wanted); 9] = [
        (RequestId::from_bytes([9; 16]), NewStep::Tell, "", |why| matches!(why, RequestError::Unknown)),
        (LAMP, assign(office("  "), due), "", |why| matches!(why, RequestError::NoOwner)),
        (LAMP, assign(office(&"局".repeat(61)), due), "", |why| matches!(why, RequestError::TooLong)),
        (
            LAMP,
            assign(RequestOwner::Worker(ruhu_core::ids::WorkerId::from_bytes([99; 16])), due),
            "",
            |why| matches!(why, RequestError::NoOwner),
        ),
        (LAMP, assign(office("物业"), "2026-06-30".parse().unwrap()), "", |why| {
            matches!(why, RequestError::BadDay)
        }),
        (LAMP, NewStep::PassUp { office: "街道".into(), due: "9999-01-01".parse().ok() }, "", |why| {
            matches!(why, RequestError::BadDay)
        }),
        (LAMP, NewStep::Handle, " ", |why| matches!(why, RequestError::WordsMissing)),
        (LAMP, NewStep::Tell, "", |why| matches!(why, RequestError::NothingToTell)),
        (LAMP, NewStep::Close, "", |why| matches!(why, RequestError::WordsMissing)),
    ];
    for (request, wanted, words, refused) in cases {
        let why = step(&world, request, wanted.clone(), words).unwrap_err();
        assert!(refused(&why), "{wanted:?}: {why:?}");
    }
    assert_eq!(world.hub.storage().read(|tx| tx.last_pos()).unwrap(), before);
    step(&world, LAMP, NewStep::Close, "居民已搬走").unwrap();
    assert!(matches!(step(&world, LAMP, NewStep::Handle, "晚了"), Err(RequestError::IsClosed)));
    step(&world, LAMP, assign(office("物业"), due), "重新办理").unwrap();
    assert!(all(&world)[0].state.is_unhandled());
}

#[test]
fn a_phone_neither_assigns_nor_closes_nor_names_a_unit_without_end() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    asked(&world, &mut phone);
    for of in [RequestStep::Assigned, RequestStep::Closed] {
        let payload = says(&mut phone, of, None);
        let verdict = phone.say(&world.hub, HOME, payload);
        assert!(matches!(verdict, Verdict::Quarantined { reason: Refusal::DeskOnly }), "{verdict:?}");
    }
    let endless = RequestOwner::Office("局".repeat(61));
    let payload = says(&mut phone, RequestStep::PassedUp, Some(endless));
    let verdict = phone.say(&world.hub, HOME, payload);
    assert!(matches!(verdict, Verdict::Quarantined { reason: Refusal::Malformed }), "{verdict:?}");
    assert!(all(&world)[0].state.latest().is_none());
}

#[test]
fn a_request_goes_with_the_visit_that_is_taken_back_and_with_the_words_that_are_erased() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let entry = asked(&world, &mut phone);
    let withdrawal = phone.withdrawal(HOME, entry);
    phone.say(&world.hub, HOME, withdrawal);
    assert!(all(&world).is_empty());
    asked(&world, &mut phone);
    assert_eq!(all(&world).len(), 2);
    step(&world, LAMP, NewStep::Handle, "已换灯").unwrap();
    let order =
        erase::Order { unit: HOME, what: erase::What::Household, cause: "删除决定".into(), by: LEAD };
    world.hub.erase(vec![order]).unwrap();
    assert!(all(&world).is_empty());
    assert_eq!(world.hub.verify().unwrap().faults, []);
}

#[test]
fn a_hub_from_before_the_list_reads_its_log_into_it_once_and_a_changed_row_is_found() {
    let world = World::new();
    asked(&world, &mut world.phone(WORKERS[0]));
    step(&world, LAMP, NewStep::Handle, "已换灯").unwrap();
    let before = all(&world).len();
    world.database.tamper("UPDATE request_event SET step = 'closed' WHERE step = 'handled'").unwrap();
    assert_eq!(world.hub.verify().unwrap().faults, [Fault::Requests(HOME)]);
    world.database.tamper("DELETE FROM request_event").unwrap();
    world.database.tamper("UPDATE meta SET requests_read = 0").unwrap();
    let again = open_hub(world.database.at(), &world.clock, 8);
    assert_eq!(again.verify().unwrap().faults, []);
    assert_eq!(all(&world).len(), before);
    assert!(again.storage().read(|tx| tx.requests_read()).unwrap());
}
