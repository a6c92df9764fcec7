//! Adopting rule texts: tried first, refused whole, never more in force than the organ and the law allow.

use ruhu_core::category::Category;
use ruhu_core::profile::Profile;

use super::shell::{community, ruhu, said, why_not};
use super::world::{GRIDS, World};

const D1B: [&str; 11] = [
    "adopt",
    "d1b",
    "--take",
    "visits,leave",
    "--by",
    "示范镇人民政府",
    "--document",
    "示政发〔2026〕9号",
    "--from",
    "2026-10-01",
    "--commit",
];

#[test]
fn a_dry_run_shows_rule_words_and_state_and_records_nothing() {
    let world = World::new();
    let shown = said(&world, &D1B[..10]);
    assert!(shown.contains("[生效] visits.key"), "{shown}");
    assert!(shown.contains("D1b-16 四·2 「其中重點戶每月入戶一次」"));
    assert!(shown.contains("[active]") && shown.contains("2026Q4"));
    assert!(shown.contains("--commit"));
    assert!(community(&world).last_adopted().is_none());
    assert!(said(&world, &["adopt", "--show"]).contains("未采用文件·试行"));
}

#[test]
fn an_adoption_holds_from_its_quarter_on_and_the_running_one_stays_a_trial() {
    let world = World::new();
    said(&world, &D1B);
    let policies = community(&world).policies();
    assert!(policies.of("2026Q3".parse().unwrap()).is_trial());
    assert!(!policies.of("2026Q4".parse().unwrap()).is_trial());
    assert!(said(&world, &["adopt", "--show"]).contains("示政发〔2026〕9号"));
    assert!(said(&world, &D1B).contains("没有变化"));
    let recorded = |world: &World| community(world).facts().count();
    let before = recorded(&world);
    said(&world, &D1B);
    assert_eq!(recorded(&world), before, "the same adoption again is not recorded twice");
}

#[test]
fn a_legal_hold_stays_inactive_whatever_is_adopted() {
    let world = World::new();
    let shown = said(&world, &D1B);
    assert!(shown.contains("[不生效:法律冲突 L-2("), "{shown}");
    assert!(shown.contains("[inactive: legal hold L-2, L-7]"));
    assert!(!shown.contains("[生效] leave"));
}

#[test]
fn a_conflict_names_both_policies_and_changes_nothing() {
    let world = World::new();
    let take = |policy: &'static str| ["adopt", policy, "--take", "training", "--by", "示范镇", "--commit"];
    said(&world, &take("d0-tianjin"));
    let before = community(&world);
    let why = why_not(&world, &take("d2-yancheng"));
    assert!(["training.minimum", "d0-tianjin", "d2-yancheng"].iter().all(|one| why.contains(one)), "{why}");
    assert_eq!(community(&world), before);
    assert!(why_not(&world, &take("d9")).contains("d1b-town-model"), "what there is, is named");
    assert!(why_not(&world, &["adopt"]).contains("--take"));
}

#[test]
fn what_was_adopted_before_stays_and_what_is_taken_anew_is_taken_once() {
    let world = World::new();
    said(&world, &D1B);
    let confirm = [
        "adopt",
        "--confirm-category",
        "low-income,残疾人",
        "--basis",
        "社会救助暂行办法",
        "--by",
        "示范县民政局",
        "--commit",
    ];
    let shown = said(&world, &confirm);
    assert!(shown.contains("+ 类别 低保困难户"), "{shown}");
    let narrower =
        ["adopt", "d1b", "--take", "visits.key", "--by", "示范镇", "--from", "2027-01-01", "--commit"];
    said(&world, &narrower);
    let file = community(&world);
    let categories = file.confirmed_categories();
    assert!(categories.holds(&Category::LowIncome.into()) && categories.holds(&Category::Disabled.into()));
    assert!(!categories.holds(&Category::Migrant.into()));
    let shown = said(&world, &["adopt", "--show"]);
    assert!(shown.contains("visits.ordinary") && shown.contains("leave.approver"), "{shown}");
    assert!(shown.lines().any(|line| line.contains("[生效] visits.key =") && line.contains("2027-01-01")));
}

#[test]
fn a_category_under_a_hold_needs_a_document() {
    let world = World::new();
    let confirm = ["adopt", "--confirm-category", "childbearing-age", "--basis", "依据", "--by", "卫健局"];
    assert!(why_not(&world, &confirm).contains("document_no"));
    let numbered = [&confirm[..], &["--document", "3 号", "--commit"]].concat();
    said(&world, &numbered);
    assert!(community(&world).confirmed_categories().holds(&Category::ChildbearingAge.into()));
}

#[test]
fn a_demonstration_keeps_all_six_until_an_organ_adopts_the_visit_rules() {
    let world = World::new();
    said(&world, &["adopt", "--demonstration", "--commit"]);
    assert_eq!(community(&world).confirmed_categories().iter().count(), 6);
    said(&world, &["adopt", "d0", "--take", "training", "--commit"]);
    assert_eq!(community(&world).confirmed_categories().iter().count(), 6);
    let shown = said(&world, &D1B);
    assert!(shown.contains("- 类别 流动人口"), "{shown}");
    assert_eq!(community(&world).confirmed_categories().iter().count(), 0);
}

#[test]
fn the_example_file_is_tried_as_it_ships_and_a_slip_names_its_line() {
    let world = World::new();
    let path = world.folder.path().join("adoption.toml");
    std::fs::write(&path, ruhu_core::policy::Adoption::EXAMPLE).unwrap();
    let file = ["adopt", "--file", path.to_str().unwrap()];
    let shown = said(&world, &file);
    assert!(shown.contains("示范社区") && shown.contains("[已采用,仅展示"), "{shown}");
    std::fs::write(&path, ruhu_core::policy::Adoption::EXAMPLE.replace("take =", "tkae =")).unwrap();
    let why = ruhu(&world, &file).unwrap_err().to_string();
    assert!(why.contains("adoption.toml:") && why.contains("tkae"), "{why}");
    assert!(community(&world).last_adopted().is_none());
}

#[test]
fn a_confirmed_category_keeps_its_marks_at_the_next_import() {
    let world = World::new();
    let path = world.folder.path().join("roster.csv");
    let sheet = "网格,小区,楼栋,单元,房号,户主,人员类别\n第1网格,阳光小区,9幢,1单元,101,王红,低保户\n";
    let import = ["import", path.to_str().unwrap(), "--commit"];
    let marks = || {
        let storage = world.hub.storage();
        let rows = storage.read(|tx| tx.units_in(GRIDS[0])).unwrap();
        let docs = rows.into_iter().filter_map(|row| storage.read(|tx| tx.unit_doc(row.nr)).unwrap());
        let fields =
            docs.flat_map(|doc| Profile::load(&doc).unwrap().fields().into_keys().collect::<Vec<_>>());
        fields.filter(|key| key.contains("/c/low-income/")).count()
    };
    std::fs::write(&path, sheet).unwrap();
    said(&world, &import);
    assert_eq!(marks(), 0, "read, not kept");
    let confirm = [
        "adopt",
        "--confirm-category",
        "低保户",
        "--basis",
        "社会救助暂行办法",
        "--by",
        "民政局",
        "--commit",
    ];
    said(&world, &confirm);
    said(&world, &import);
    assert_eq!(marks(), 1);
}
