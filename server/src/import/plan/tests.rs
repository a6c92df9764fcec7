use chrono::NaiveDate;
use ruhu_core::fact::Fact;
use ruhu_core::ids::GridId;
use ruhu_core::roster::Unit;

use super::*;
use crate::import::facts::{FactSettings, FactsError, writes};
use crate::import::roster::ReadSettings;
use crate::import::sheet::Limits;

const COMMUNITY: CommunityId = CommunityId::from_bytes([7; 16]);

const FIRST: &str = "\
户编号,网格,地址,姓名,与户主关系,性别,出生日期,电话,重点户,上次走访日期
H1,第1网格,阳光小区1幢1单元101室,王红,户主,女,1974-08-09,10000000001,是,2026-08-03
H1,,,雷涛,配偶,男,1974-04-02,,,
H2,第1网格,阳光小区1幢1单元102室,钱涛,户主,男,1970-11-24,10000000003,否,
H3,第1网格,阳光小区1幢1单元201室,,,,,,,
";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn roster(text: &str) -> ReadRoster {
    let settings = ReadSettings::new(day("2026-11-21"));
    crate::import::read("册.csv", text.as_bytes(), &Limits::default(), &settings).unwrap()
}

fn planned(previous: &SourceSnapshot, text: &str) -> ImportPlan {
    plan(COMMUNITY, previous, &roster(text))
}

fn committed(text: &str) -> SourceSnapshot {
    planned(&SourceSnapshot::default(), text).next
}

fn changed(plan: &ImportPlan) -> Vec<String> {
    let doors = plan.doors.iter().flat_map(|door| &door.fields);
    let homes = plan.households.iter().flat_map(|home| &home.fields);
    let people = plan.households.iter().flat_map(|home| &home.persons).flat_map(|person| &person.fields);
    doors.chain(homes).chain(people).map(|change| change.field.clone()).collect()
}

#[test]
fn the_same_file_again_changes_nothing() {
    let again = planned(&committed(FIRST), FIRST);
    assert!(again.is_empty(), "{again:?}");
    assert_eq!((again.doors_unchanged, again.households_unchanged), (3, 2));
    assert_eq!(again.missing, []);
}

#[test]
fn a_corrected_file_updates_and_never_duplicates() {
    let corrected = FIRST.replace("10000000003", "10000000009").replace("1幢1单元102室", "1幢1单元103室");
    let plan = planned(&committed(FIRST), &corrected);
    assert!(plan.doors.iter().all(|door| door.kind == Kind::Changed));
    assert!(plan.households.iter().all(|home| home.kind == Kind::Changed));
    assert_eq!(changed(&plan), ["door", "p/phone", "phone"]);
}

#[test]
fn a_corrected_name_is_still_the_same_person() {
    let before = planned(&SourceSnapshot::default(), FIRST);
    let plan = planned(&before.next, &FIRST.replace("雷涛", "雷滔"));
    assert_eq!(changed(&plan), ["name"]);
    assert_eq!(plan.missing, []);
    let known: Vec<PersonId> =
        before.households.iter().flat_map(|home| &home.persons).map(|person| person.id).collect();
    assert!(known.contains(&plan.households[0].persons[0].id));
}

#[test]
fn a_file_that_gains_household_numbers_keeps_its_doors_and_households() {
    let unnumbered: String =
        FIRST.lines().map(|line| format!("{}\n", line.split_once(',').unwrap().1)).collect();
    let plan = planned(&committed(&unnumbered), FIRST);
    assert!(plan.is_empty(), "{plan:?}");
    assert_eq!(plan.missing, []);
}

#[test]
fn what_is_named_no_longer_is_reported_and_kept() {
    let shorter: String = FIRST
        .lines()
        .filter(|line| !line.contains("雷涛") && !line.starts_with("H2") && !line.starts_with("H3"))
        .map(|line| format!("{}\n", line.replace("10000000001", "")))
        .collect();
    let before = committed(FIRST);
    let plan = planned(&before, &shorter);
    assert!(plan.is_empty());
    let doors = plan.missing.iter().filter(|one| matches!(one, Missing::Door { .. })).count();
    let homes = plan.missing.iter().filter(|one| matches!(one, Missing::Household { .. })).count();
    let people = plan.missing.iter().filter(|one| matches!(one, Missing::Person { .. })).count();
    let values = plan.missing.iter().filter(|one| matches!(one, Missing::Value { .. })).count();
    assert_eq!((doors, homes, people, values), (2, 1, 1, 2));
    assert_eq!(plan.next, before);
}

#[test]
fn undo_touches_only_what_still_holds_the_imports_value() {
    let plan = planned(&committed(FIRST), &FIRST.replace("10000000003", "10000000009"));
    let [home] = plan.households.as_slice() else { panic!("one household") };
    // A worker corrected the household's number since; the person's still stands.
    let undone = undo(&plan, |_, field| {
        Some(if field == "p/phone" { "10000000077" } else { "10000000009" }.to_owned())
    });
    assert_eq!(undone.changed_since, [(home.id, "p/phone".to_owned())]);
    let [back] = undone.revert.as_slice() else { panic!("one field") };
    assert!(back.field.starts_with("m/") && back.field.ends_with("/phone"));
    assert_eq!(back.to.as_deref(), Some("10000000003"));
}

#[test]
fn undo_of_a_first_import_names_what_nobody_has_touched() {
    let plan = planned(&SourceSnapshot::default(), FIRST);
    let touched = plan.households[0].id;
    let held: BTreeMap<(HouseholdId, String), String> = writes(&plan, &settings())
        .unwrap()
        .into_iter()
        .filter_map(|write| match write.unit {
            Unit::Household(id) => Some((id, write.fields)),
            Unit::Vacant(_) => None,
        })
        .flat_map(|(id, fields)| {
            fields.into_iter().map(move |(field, value)| ((id, field), value.to_string()))
        })
        .collect();
    let undone = undo(&plan, |id, field| {
        let value = held.get(&(id, field.to_owned())).cloned();
        if id == touched && field == "p/phone" { Some("改".to_owned()) } else { value }
    });
    assert_eq!(undone.touched_new, [touched]);
    assert_eq!(undone.untouched_new.len(), 1);
    assert_eq!(undone.new_doors.len(), 3);
}

fn settings() -> FactSettings {
    FactSettings {
        grids: BTreeMap::from([("第1网格".to_owned(), GridId::from_bytes([1; 16]))]),
        default_grid: None,
        from: day("2026-10-01"),
    }
}

#[test]
fn a_first_import_lists_doors_settles_households_and_brings_last_visits() {
    let plan = planned(&SourceSnapshot::default(), FIRST);
    let written = writes(&plan, &settings()).unwrap();
    assert_eq!(written, writes(&plan, &settings()).unwrap());
    let facts: Vec<&Fact> = written.iter().flat_map(|write| &write.facts).collect();
    let count = |wanted: fn(&Fact) -> bool| facts.iter().filter(|fact| wanted(fact)).count();
    assert_eq!(count(|fact| matches!(fact, Fact::DwellingListed { .. })), 3);
    assert_eq!(count(|fact| matches!(fact, Fact::Settled { from: None, .. })), 2);
    assert_eq!(count(|fact| matches!(fact, Fact::KeyMark { key: true, .. })), 1);
    assert_eq!(count(|fact| matches!(fact, Fact::ImportedVisit { .. })), 1);
    assert_eq!(facts.len(), 7);
    let names = written.iter().flat_map(|write| &write.fields).filter(|(field, _)| field.ends_with("/name"));
    assert_eq!(names.count(), 3);
}

#[test]
fn a_door_drawn_into_another_grid_takes_its_household_along() {
    let plan = planned(&committed(FIRST), &FIRST.replace("H2,第1网格", "H2,第2网格"));
    let mut settings = settings();
    let unknown = writes(&plan, &settings).unwrap_err();
    assert_eq!(unknown, FactsError::UnknownGrids { names: "第2网格".into() });
    let second = GridId::from_bytes([2; 16]);
    settings.grids.insert("第2网格".into(), second);
    let written = writes(&plan, &settings).unwrap();
    let facts: Vec<Fact> = written.into_iter().flat_map(|write| write.facts).collect();
    let from = settings.from;
    let dwelling = dwelling_id(COMMUNITY, "code:H2");
    assert_eq!(
        facts,
        [Fact::Regridded { grid: second, from }, Fact::Settled { dwelling, grid: second, from: Some(from) }]
    );
}

#[test]
fn a_plan_reads_back_from_its_own_text() {
    let plan = planned(&SourceSnapshot::default(), FIRST);
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<ImportPlan>(&text).unwrap(), plan);
}

#[test]
fn every_field_written_belongs_to_the_closed_schema_and_fits_it() {
    let long = "王".repeat(60);
    let text = FIRST
        .replace("重点户,", "人员类别,房屋状态,身份证号,重点户,")
        .replace("10000000001,", "10000000001/022-2345 6789,低保、残疾人,公租房,990001199001010013,");
    let text =
        format!("{text}H8,第1网格,阳光小区9幢1单元101室,{long},户主,男,85年3月,1,,其他,990001900101001,,\n");
    let mut settings = ReadSettings::new(day("2026-11-21"));
    settings.confirmed = ruhu_core::category::Category::ALL.iter().map(|row| row.1.to_owned()).collect();
    settings.id_basis = Some("某规定".into());
    let read = crate::import::read("册.csv", text.as_bytes(), &Limits::default(), &settings).unwrap();
    let plan = plan(COMMUNITY, &SourceSnapshot::default(), &read);
    let forms = ruhu_core::category::CategoryForms::shipped().unwrap().with_id_numbers();
    let written = writes(&plan, &self::settings()).unwrap();
    let fields: Vec<_> = written.iter().flat_map(|write| &write.fields).collect();
    assert!(20 < fields.len());
    for (key, value) in &fields {
        let known = ruhu_core::category::FieldKey::parse(key).unwrap();
        assert_eq!(forms.check_scalar(&known, value), Ok(()), "{key}");
    }
    for wanted in ["p/head", "p/phone2", "p/tenure", "/id_number", "/c/low-income/since"] {
        assert!(fields.iter().any(|(key, _)| key.ends_with(wanted)), "{wanted}");
    }
}

#[test]
fn a_mark_known_already_keeps_the_day_it_was_first_read() {
    let text = "户编号,地址,姓名,人员类别\nH1,阳光小区1幢1单元101室,王红,残疾人\n";
    let read_on = |today: &str| {
        let mut settings = ReadSettings::new(day(today));
        settings.confirmed.insert("disabled".into());
        crate::import::read("册.csv", text.as_bytes(), &Limits::default(), &settings).unwrap()
    };
    let first = plan(COMMUNITY, &SourceSnapshot::default(), &read_on("2026-10-01"));
    let again = plan(COMMUNITY, &first.next, &read_on("2026-11-21"));
    assert!(again.is_empty());
    assert_eq!(again.next, first.next);
}
