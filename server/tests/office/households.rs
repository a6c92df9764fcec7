//! Joining, parting, confirming, rejecting, regridding: each as coverage and the phones see it afterwards.

use ruhu_core::coverage::{Deduction, ObligationState};
use ruhu_core::entry::{StreamId, UnitFact};
use ruhu_core::fact::Fact;
use ruhu_core::ids::{DwellingId, Hash32, HouseholdId, PersonId};
use ruhu_core::profile::Scalar;
use ruhu_core::roster::{Address, DwellingUse, Unit};
use ruhu_core::sync::wire::{Pulled, SyncReply, Verdict};
use ruhu_core::visit::VisitOutcome;

use super::shell::{community, coverage, looks, ruhu, said, state, why_not};
use super::world::{COMMUNITY, DOORS, GRIDS, HOUSEHOLDS, LEAD, Phone, WORKERS, World, settled};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);
const FOUND: HouseholdId = HouseholdId::from_bytes([43; 16]);
const Q3: &str = "2026Q3";

fn id(household: HouseholdId) -> String {
    household.to_string()
}

fn name(world: &World, household: HouseholdId, person: u8, name: &str) {
    let key = format!("m/{}/name", PersonId::from_bytes([person; 16]));
    let fields = vec![(key, Scalar::Str(name.into())), ("p/phone".into(), Scalar::Str("13800000001".into()))];
    world.hub.edit_fields(Unit::Household(household), fields, LEAD).unwrap();
}

/// A worker finds a household at the door that is in the roster already.
fn found_again(world: &World, phone: &mut Phone) {
    let proposal = phone.proposal(vec![settled(FOUND, DOORS[0], GRIDS[0])]);
    let verdict = phone.say(&world.hub, Unit::Household(FOUND), proposal);
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    name(world, HOUSEHOLDS[0], 1, "王小明");
    name(world, FOUND, 2, "王小明");
}

fn visit(world: &World, phone: &mut Phone, outcome: VisitOutcome) -> Hash32 {
    let mut draft = phone.draft(HOME, DOORS[0]);
    draft.outcome = Some(outcome);
    let payload = phone.visit_of(draft);
    let hash = payload.hash();
    assert!(matches!(phone.say(&world.hub, HOME, payload), Verdict::Accepted { .. }));
    hash
}

/// A record's number as a command printed it.
fn number_after(printed: &str, words: &str) -> String {
    printed.split_once(words).unwrap().1.chars().take(12).collect()
}

fn due(world: &World) -> usize {
    coverage(world, GRIDS[0], Q3).obligations.len()
}

fn sync(world: &World, phone: &mut Phone) -> SyncReply {
    let request = phone.request(&[]);
    phone.send(&world.hub, &request).unwrap()
}

#[test]
fn two_records_joined_count_as_one_household_and_parted_as_two_again() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    world.clock.forward(chrono::Duration::hours(1));
    found_again(&world, &mut phone);
    assert_eq!(due(&world), 2);
    let waiting = said(&world, &["household", "waiting"]);
    assert!(waiting.contains("建议合并") && waiting.contains("同名"), "{waiting}");
    assert!(waiting.contains(&format!("ruhu household join {FOUND} {}", HOUSEHOLDS[0])), "the first goes on");
    said(&world, &["household", "join", &id(FOUND), &id(HOUSEHOLDS[0])]);
    assert_eq!(due(&world), 1);
    assert!(said(&world, &["household", "waiting"]).contains("建议合并 0 对"));
    assert!(
        why_not(&world, &["household", "join", &id(FOUND), &id(HOUSEHOLDS[1])]).contains(&id(HOUSEHOLDS[0]))
    );
    // A visit to either record serves the one household.
    let draft = phone.draft(Unit::Household(FOUND), DOORS[0]);
    let payload = phone.visit_of(draft);
    phone.say(&world.hub, Unit::Household(FOUND), payload);
    assert!(state(&world, GRIDS[0], Q3, HOME).unwrap().is_done());
    said(&world, &["household", "part", &id(FOUND), &id(HOUSEHOLDS[0])]);
    assert_eq!(due(&world), 2);
    assert!(!state(&world, GRIDS[0], Q3, HOME).unwrap().is_done());
    assert!(said(&world, &["household", "waiting"]).contains("建议合并 0 对"), "a person said they are two");
    assert!(why_not(&world, &["household", "part", &id(FOUND), &id(HOUSEHOLDS[0])]).contains("没有合并过"));
    assert!(why_not(&world, &["household", "join", &id(FOUND), &id(FOUND)]).contains("同一户"));
}

#[test]
fn a_visit_to_a_joined_record_in_another_grid_counts_at_once_where_the_household_lives() {
    let world = World::new();
    said(&world, &["household", "join", &id(HOUSEHOLDS[1]), &id(HOUSEHOLDS[0])]);
    let mut phone = world.phone(WORKERS[1]);
    let payload = phone.visit(1);
    assert!(matches!(
        phone.say(&world.hub, Unit::Household(HOUSEHOLDS[1]), payload),
        Verdict::Accepted { .. }
    ));
    assert!(state(&world, GRIDS[0], Q3, HOME).unwrap().is_done());
}

#[test]
fn a_household_found_at_the_door_is_confirmed_or_returned() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    found_again(&world, &mut phone);
    let listed = said(&world, &["household", "list", "--provisional"]);
    assert!(listed.contains(&id(FOUND)) && !listed.contains(&id(HOUSEHOLDS[0])), "{listed}");
    let number = number_after(&listed, "to confirm ");
    said(&world, &["household", "confirm", &number]);
    assert!(said(&world, &["household", "waiting"]).contains("待确认 0 项"));
    assert!(why_not(&world, &["household", "return", &number, "--reason", "x"]).contains("没有待确认"));

    let other = World::new();
    let mut phone = other.phone(WORKERS[0]);
    found_again(&other, &mut phone);
    assert_eq!(due(&other), 2);
    said(&other, &["household", "return", &id(FOUND), "--reason", "名册已有此户"]);
    assert_eq!(due(&other), 1);
    assert!(said(&other, &["household", "waiting"]).contains("待确认 0 项"));
}

#[test]
fn an_address_that_is_not_there_leaves_the_base_only_once_the_lead_confirmed_it() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let record = visit(&world, &mut phone, VisitOutcome::NoSuchAddress);
    assert!(state(&world, GRIDS[0], Q3, HOME).unwrap().is_outstanding());
    let waiting = said(&world, &["household", "waiting"]);
    assert!(waiting.contains("查无此户") && waiting.contains("阳光小区"), "{waiting}");
    said(&world, &["household", "confirm", &record.to_string()]);
    assert_eq!(state(&world, GRIDS[0], Q3, HOME), Some(ObligationState::Deducted(Deduction::NoSuchAddress)));
}

#[test]
fn a_rejected_deduction_is_outstanding_again() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let reject =
        ["household", "reject-deduction", &id(HOUSEHOLDS[0]), "--period", Q3, "--reason", "本人愿意接待"];
    assert!(why_not(&world, &reject).contains("没有核减可退回"));
    visit(&world, &mut phone, VisitOutcome::Declined { do_not_ask_until: None });
    assert_eq!(state(&world, GRIDS[0], Q3, HOME), Some(ObligationState::Deducted(Deduction::Declined)));
    assert!(said(&world, &reject).contains("未访"));
    assert!(state(&world, GRIDS[0], Q3, HOME).unwrap().is_outstanding());
    assert!(why_not(&world, &reject).contains("没有核减可退回"));
}

#[test]
fn a_regridded_door_takes_its_household_from_one_phone_to_the_other() {
    let world = World::new();
    let (mut old, mut new) = (world.phone(WORKERS[0]), world.phone(WORKERS[1]));
    visit(&world, &mut old, VisitOutcome::Met { place: ruhu_core::visit::MeetingPlace::Door });
    sync(&world, &mut old);
    sync(&world, &mut new);
    let regrid =
        ["household", "regrid", "阳光小区3栋2单元101室", "--grid", "第2网格", "--from", "2026-07-01"];
    said(&world, &regrid);
    assert!(state(&world, GRIDS[0], Q3, HOME).is_none());
    assert!(state(&world, GRIDS[1], Q3, HOME).unwrap().is_done(), "the visit went with the household");
    let left = sync(&world, &mut old);
    let outs: Vec<_> = left.pulls.iter().flat_map(|pull| &pull.entries).collect();
    let gone: Vec<_> =
        outs.iter().filter(|one| one.entry == Pulled::MoveOut).filter_map(|one| one.unit).collect();
    assert!(gone.contains(&HOME) && gone.contains(&Unit::Vacant(DOORS[0])), "{gone:?}");
    let came = sync(&world, &mut new);
    let of_grid = came.pulls.iter().find(|pull| pull.stream == StreamId::Grid(GRIDS[1])).unwrap();
    let home = of_grid.entries.iter().filter(|one| one.unit == Some(HOME)).find_map(|one| match &one.entry {
        Pulled::MoveIn(history) => Some(history),
        _ => None,
    });
    assert_eq!(home.unwrap().len(), 3, "its settling, its visit, its new settling");
    assert!(why_not(&world, &regrid).contains("已是如此"));
    assert!(why_not(&world, &[&regrid[..6], &["2026-07-02"]].concat()).contains("尚未到来"));
    assert!(said(&world, &["verify"]).contains("全部相符"));
}

#[test]
fn who_left_before_a_regridding_does_not_come_back_by_it() {
    let world = World::new();
    world.clock.forward(chrono::Duration::days(9));
    said(&world, &["household", "left", &id(HOUSEHOLDS[0]), "--on", "2026-07-05"]);
    assert_eq!(state(&world, GRIDS[0], Q3, HOME), Some(ObligationState::Deducted(Deduction::MovedOut)));
    assert!(
        why_not(&world, &["household", "left", &id(HOUSEHOLDS[0]), "--on", "2026-07-05"])
            .contains("不在本社区")
    );
    let door = DOORS[0].to_string();
    said(&world, &["household", "regrid", &door, "--grid", "第2网格", "--from", "2026-07-10"]);
    assert_eq!(state(&world, GRIDS[0], Q3, HOME), Some(ObligationState::Deducted(Deduction::MovedOut)));
    // It comes back by a decision.
    said(&world, &["household", "move", &id(HOUSEHOLDS[0]), "--to", &door, "--on", "2026-07-10"]);
    assert!(state(&world, GRIDS[1], Q3, HOME).unwrap().is_outstanding());
}

#[test]
fn a_suggested_key_household_is_one_from_the_month_after_the_lead_said_so() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let mark = UnitFact { unit: HOME, fact: Fact::KeyMark { key: true, on: "2026-07-01".parse().unwrap() } };
    let proposal = phone.proposal(vec![mark]);
    phone.say(&world.hub, HOME, proposal);
    assert!(said(&world, &["household", "waiting"]).contains("列为重点户"));
    said(&world, &["household", "confirm", "阳光小区3栋2单元101室"]);
    assert!(said(&world, &["household", "list"]).contains("[重点 key]"));
    assert!(
        why_not(&world, &["household", "key", &id(HOUSEHOLDS[0]), "on", "--on", "2026-07-01"])
            .contains("已是如此")
    );
    world.clock.forward(chrono::Duration::days(31));
    world.hub.refresh_day().unwrap();
    assert_eq!(coverage(&world, GRIDS[0], "2026-07").obligations.len(), 0);
    assert_eq!(coverage(&world, GRIDS[0], "2026-08").obligations.len(), 1);
    said(&world, &["household", "key", &id(HOUSEHOLDS[0]), "off", "--on", "2026-08-01"]);
    assert_eq!(coverage(&world, GRIDS[0], "2026-08").obligations.len(), 1, "a month already begun stays");
}

#[test]
fn the_lead_corrects_a_visit_and_takes_his_own_word_back() {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let met = VisitOutcome::Met { place: ruhu_core::visit::MeetingPlace::Door };
    let record: String = visit(&world, &mut phone, met).to_string().chars().take(10).collect();
    assert!(state(&world, GRIDS[0], Q3, HOME).unwrap().is_done());
    let correct =
        |outcome| ["household", "supersede", &record, "--outcome", outcome, "--reason", "当日未见面"];
    assert!(why_not(&world, &correct("met-at-door")).contains("更正与原记录相同"));
    assert!(why_not(&world, &correct("told")).contains("--told-by"));
    let done = said(&world, &correct("not-home"));
    assert!(state(&world, GRIDS[0], Q3, HOME).unwrap().is_outstanding());
    assert!(why_not(&world, &correct("declined")).contains("仍生效"));
    let own = number_after(&done, "withdraw ");
    said(&world, &["household", "withdraw", &own, "--reason", "更正有误"]);
    assert!(state(&world, GRIDS[0], Q3, HOME).unwrap().is_done());
    assert!(why_not(&world, &["household", "withdraw", &own, "--reason", "x"]).contains("已不生效"));
    assert!(
        why_not(&world, &["household", "withdraw", "0123456789", "--reason", "x"]).contains("0123456789")
    );
}

#[test]
fn a_move_inside_the_community_follows_the_door_and_needs_a_home() {
    let world = World::new();
    let shop = DwellingId::from_bytes([33; 16]);
    let address = Address { estate: "阳光小区".into(), door: "门面1".into(), ..Address::default() };
    let listed = Fact::DwellingListed {
        address,
        used_as: DwellingUse::NonResidential,
        grid: GRIDS[1],
        from: "2026-01-01".parse().unwrap(),
    };
    world.act(vec![UnitFact { unit: Unit::Vacant(shop), fact: listed }], vec![]);
    let to = |door: String| {
        [
            "household".to_owned(),
            "move".into(),
            id(HOUSEHOLDS[0]),
            "--to".into(),
            door,
            "--on".into(),
            "2026-07-01".into(),
        ]
    };
    let typed = |words: &[String]| ruhu(&world, &words.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(typed(&to("门面1".into())).unwrap_err().to_string().contains("不是住宅"));
    typed(&to(DOORS[1].to_string())).unwrap();
    assert!(state(&world, GRIDS[1], Q3, HOME).is_some() && state(&world, GRIDS[0], Q3, HOME).is_none());
    said(&world, &["household", "do-not-ask", &id(HOUSEHOLDS[0]), "--until", "2026-12-31"]);
    assert_eq!(state(&world, GRIDS[1], Q3, HOME), Some(ObligationState::Deducted(Deduction::Declined)));
    assert!(
        why_not(&world, &["household", "do-not-ask", &id(HOUSEHOLDS[0]), "--until", "2028-01-01"])
            .contains("十二个月")
    );
    world.clock.forward(chrono::Duration::days(4));
    said(
        &world,
        &["household", "dissolve", &id(HOUSEHOLDS[0]), "--on", "2026-07-03", "--into", &id(HOUSEHOLDS[1])],
    );
    assert_eq!(state(&world, GRIDS[1], Q3, HOME), Some(ObligationState::Deducted(Deduction::Dissolved)));
}

#[test]
fn a_household_is_named_by_its_number_or_address_and_an_error_names_no_address() {
    let world = World::new();
    let imported: HouseholdId = ruhu_server::import::plan::household_id(COMMUNITY, "code:H7");
    world.act(vec![settled(imported, DOORS[1], GRIDS[1])], vec![]);
    said(&world, &["household", "key", "H7", "on", "--on", "2026-07-01"]);
    said(&world, &["household", "key", " 阳光小区 3栋2单元101室", "on", "--on", "2026-07-01"]);
    let several = why_not(&world, &["household", "key", "阳光小区3栋2单元201室", "on", "--on", "2026-07-01"]);
    assert!(several.contains(&imported.to_string()) && several.contains(&id(HOUSEHOLDS[1])), "{several}");
    let many = why_not(&world, &["household", "key", "阳光小区", "on", "--on", "2026-07-01"]);
    assert!(many.contains(&DOORS[0].to_string()) && !many.contains("阳光"), "{many}");
    assert!(
        why_not(&world, &["household", "key", "无此处", "on", "--on", "2026-07-01"])
            .contains("ruhu household list")
    );
}

#[test]
fn names_are_masked_and_every_look_is_noted() {
    let world = World::new();
    name(&world, HOUSEHOLDS[0], 1, "王小明");
    let masked = said(&world, &["household", "list", "--grid", "第1网格"]);
    assert!(masked.contains("王*") && !masked.contains("王小明"), "{masked}");
    let whole = said(&world, &["household", "list", "--unmask", "--reason", "核对名册"]);
    assert!(whole.contains("王小明"));
    let looks = looks(&world);
    assert_eq!(looks[0].0, "household.list.unmasked");
    assert!(looks[0].1.contains("核对名册"));
    assert_eq!(looks[1], ("household.list".to_owned(), GRIDS[0].to_string()));
    assert!(community(&world).questions().is_empty());
}
