//! `ruhu erase` at the shell, on every kind of database: the dry run, the act, and what imports remember.

use ruhu_core::ids::HouseholdId;
use ruhu_core::profile::Profile;
use ruhu_core::roster::Unit;
use ruhu_server::import::plan::household_id;
use ruhu_server::storage::StorageError;

use super::shell::{said, why_not};
use super::world::{COMMUNITY, World};

const SHEET: &str = "网格,小区,楼栋,单元,房号,户编号,户主,电话\n\
     第1网格,阳光小区,9幢,1单元,101,H1,欧阳静好,13912345678\n\
     第1网格,阳光小区,9幢,1单元,102,H2,司马大山,13987654321\n";

fn imported(world: &World) -> (HouseholdId, String) {
    let path = world.folder.path().join("roster.csv");
    std::fs::write(&path, SHEET).unwrap();
    said(world, &["import", path.to_str().unwrap(), "--commit"]);
    (household_id(COMMUNITY, "code:H1"), path.to_str().unwrap().to_owned())
}

fn fields(world: &World, household: HouseholdId) -> Vec<String> {
    let read = |tx: &ruhu_server::storage::Tx<'_>| -> Result<_, StorageError> {
        let row = tx.unit(Unit::Household(household))?.unwrap();
        tx.unit_doc(row.nr)
    };
    let doc = world.hub.storage().read(read).unwrap();
    doc.map(|doc| Profile::load(&doc).unwrap().fields().into_keys().collect()).unwrap_or_default()
}

/// Everything the imports of the community remember, as text.
fn remembered(world: &World) -> String {
    let read = |tx: &ruhu_server::storage::Tx<'_>| -> Result<_, StorageError> {
        let sources = tx.import_sources(COMMUNITY)?.into_iter().map(|one| one.snapshot);
        let batches = tx.import_batches(COMMUNITY)?.into_iter().map(|one| one.written);
        Ok(sources.chain(batches).collect::<Vec<_>>().concat())
    };
    String::from_utf8(world.hub.storage().read(read).unwrap()).unwrap()
}

#[test]
fn a_dry_run_names_fields_and_no_values_and_the_act_takes_the_household_out_of_every_memory() {
    let world = World::new();
    let (household, _) = imported(&world);
    let id = household.to_string();
    let asked = ["erase", "--household", &id, "--cause", "删除决定〔2026〕3号"];
    let shown = said(&world, &asked);
    assert!(shown.contains("p/phone") && shown.contains("/name") && shown.contains("试运行"), "{shown}");
    assert!(!shown.contains("欧阳") && !shown.contains("1391234"), "{shown}");
    assert!(!fields(&world, household).is_empty() && remembered(&world).contains("欧阳静好"));

    let done = said(&world, &[&asked[..], &["--commit"]].concat());
    assert!(done.contains("删除决定第 1 号已执行") && done.contains("erasures.log"), "{done}");
    assert_eq!(fields(&world, household), Vec::<String>::new());
    let left = remembered(&world);
    assert!(!left.contains("欧阳静好") && !left.contains("13912345678"));
    assert!(left.contains("司马大山"), "the others are remembered as before");
    assert!(!fields(&world, household_id(COMMUNITY, "code:H2")).is_empty());
    let verified = said(&world, &["verify"]);
    assert!(verified.contains("全部相符") && verified.contains("已按决定删除"), "{verified}");
}

#[test]
fn an_undo_of_the_import_does_not_bring_back_what_was_erased() {
    let world = World::new();
    let (household, path) = imported(&world);
    let second = SHEET.replace("欧阳静好", "欧阳静好二");
    std::fs::write(&path, second).unwrap();
    said(&world, &["import", &path, "--commit"]);
    said(&world, &["erase", "--household", &household.to_string(), "--cause", "3号", "--commit"]);
    said(&world, &["import", "--undo"]);
    assert_eq!(fields(&world, household), Vec::<String>::new());
    assert!(!remembered(&world).contains("欧阳静好"));
    said(&world, &["verify"]);
}

#[test]
fn the_shell_says_why_it_does_not_erase() {
    let world = World::new();
    let (household, _) = imported(&world);
    let id = household.to_string();
    let nobody = "0193a000-0000-7000-8000-00000000ffff";
    let why = why_not(&world, &["erase", "--household", &id, "--person", nobody, "--cause", "3号"]);
    assert!(why.contains(nobody) && why.contains("--person"), "{why}");
    let named = ["erase", "--household", &id, "--cause", "欧阳静好要求", "--commit"];
    assert!(why_not(&world, &named).contains("文号"));
    assert!(why_not(&world, &["erase", "--household", "H99", "--cause", "3号"]).contains("unit"));
    assert!(said(&world, &["retention"]).contains("到期 0 户"));
    assert!(!fields(&world, household).is_empty());
}
