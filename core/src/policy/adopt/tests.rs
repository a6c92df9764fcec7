use super::*;
use crate::category::Category;
use crate::policy::Lang;

fn community(rest: &str) -> Adoption {
    let head = "schema = \"wangge-adopt/1\"\n[community]\nname = \"示范社区\"\ntimezone = \"Asia/Shanghai\"\nworkdays = \"cn-official\"\n";
    Adoption::load("community.toml", &format!("{head}{rest}")).unwrap()
}

fn takes(policy: &str, take: &str) -> String {
    format!("[[adopt]]\npolicy = \"{policy}\"\nby = \"示范镇\"\nfrom = \"2027-01-01\"\ntake = {take}\n")
}

fn adopted(rest: &str) -> Result<AdoptedPolicy, Vec<String>> {
    adopt(&RuleTexts::shipped().unwrap(), &community(rest))
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn state_of(adopted: &AdoptedPolicy, field: &str) -> SettingState {
    adopted.settings()[field].state.clone()
}

fn held(holds: &[&str]) -> SettingState {
    SettingState::Held(holds.iter().map(|hold| (*hold).to_owned()).collect())
}

#[test]
fn the_example_file_adopts_and_says_what_is_live() {
    let texts = RuleTexts::shipped().unwrap();
    let adoption = Adoption::load("community.example.toml", Adoption::EXAMPLE).unwrap();
    assert_eq!(adoption.community(), "示范社区");
    let adopted = adopt(&texts, &adoption).unwrap();
    assert_eq!(adopted.visits().standing.from(), Some("2027-01-01".parse().unwrap()));
    assert_eq!(state_of(&adopted, "visits.key"), SettingState::InForce);
    assert_eq!(state_of(&adopted, "leave.approver"), SettingState::Listed);
    assert_eq!(state_of(&adopted, "training.minimum"), SettingState::Demonstration);
    let deduction = &adopted.settings()["leave.deduct_without_slip"];
    assert_eq!(deduction.setting.value["yuan"].as_integer(), Some(0));
    assert_eq!(deduction.changed.as_ref().unwrap().1, "示范镇人民政府");
    assert_eq!(deduction.state, held(&["L-7"]));
}

#[test]
fn two_policies_setting_one_field_is_an_error_that_names_both() {
    let both = takes("d0-tianjin", "[\"training\"]") + &takes("d2-yancheng", "[\"training\"]");
    let problems = adopted(&both).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    for named in ["training.minimum", "d0-tianjin", "d2-yancheng"] {
        assert!(problems[0].contains(named), "{problems:?}");
    }
    // The organ's way out: take the field from one of them.
    let one = takes("d0-tianjin", "[\"training\"]")
        + &takes("d2-yancheng", "[\"training.hours_per_day\", \"contract\"]");
    assert!(adopted(&one).unwrap_err()[0].contains("training.hours_per_day"), "d2 does not set it");
    let one = takes("d0-tianjin", "[\"training\"]") + &takes("d3-opinion", "[\"training\"]");
    assert!(adopted(&one).unwrap().settings().contains_key("training.street"));
}

#[test]
fn two_texts_may_fill_different_fields_of_one_table() {
    let adopted =
        adopted(&(takes("d1b-town-model", "[\"visits\"]") + &takes("d1a-shihu", "[\"visits\"]"))).unwrap();
    assert_eq!(state_of(&adopted, "visits.checked_by_community"), SettingState::Open(OpenWord::Unset));
    let sources: Vec<&str> = adopted.visits().sources.iter().map(|source| source.policy.as_str()).collect();
    assert_eq!(sources, ["d1a-shihu", "d1b-town-model"]);
}

#[test]
fn a_legal_hold_blocks_until_every_hold_has_a_decision_with_a_document_number() {
    let base = takes("d1b-town-model", "[\"leave\", \"attendance\"]");
    let release = |hold: &str, no: &str| {
        format!(
            "[[release]]\nhold = \"{hold}\"\nby = \"示范镇\"\non = \"2026-12-01\"\ndocument_no = \"{no}\"\n"
        )
    };
    let decide =
        "[[decide]]\nid = \"X-01\"\nchoice = \"only-without-slip\"\nby = \"示范镇\"\non = \"2026-12-01\"\n";
    let unfit = |rest: &str| state_of(&adopted(&format!("{base}{rest}")).unwrap(), "leave.unfit_at");
    assert_eq!(unfit(""), held(&["L-2", "L-7"]));
    assert_eq!(unfit(&release("L-2", "1 号")), held(&["L-7"]));
    let both = release("L-2", "1 号") + &release("L-7", "2 号");
    assert_eq!(unfit(&both), SettingState::Open(OpenWord::Undecided));
    assert_eq!(unfit(&(both + decide)), SettingState::Listed);
    let unnumbered = format!(
        "schema = \"wangge-adopt/1\"\n[community]\nname = \"\"\ntimezone = \"Asia/Shanghai\"\nworkdays = \"cn-official\"\n{}",
        release("L-2", "")
    );
    let problem = Adoption::load("community.toml", &unnumbered).unwrap_err()[0].to_string();
    assert!(problem.contains("document_no") && problem.contains("L-2"), "{problem}");
}

#[test]
fn what_is_unset_undecided_or_unknown_is_inactive() {
    let adopted =
        adopted(&(takes("d1b-town-model", "[\"attendance\"]") + &takes("d0-tianjin", "[\"evaluation\"]")))
            .unwrap();
    assert_eq!(state_of(&adopted, "attendance.total_absence"), held(&["L-1"]));
    assert_eq!(state_of(&adopted, "attendance.late_to_absent"), SettingState::Open(OpenWord::Unset));
    assert_eq!(state_of(&adopted, "evaluation.weights"), SettingState::Open(OpenWord::Unknown));
}

#[test]
fn without_an_organ_and_a_date_everything_is_a_demonstration() {
    let adopted =
        adopted("[[adopt]]\npolicy = \"d1b-town-model\"\nfrom = \"2027-01-01\"\ntake = [\"visits\"]\n")
            .unwrap();
    assert_eq!(state_of(&adopted, "visits.ordinary"), SettingState::Demonstration);
    assert!(adopted.visits().is_trial());
}

#[test]
fn an_override_changes_a_value_and_nothing_else() {
    let change = |field: &str, value: &str| {
        let base = takes("d1b-town-model", "[\"visits\", \"leave\"]");
        adopted(&format!(
            "{base}[[override]]\nfield = \"{field}\"\nvalue = {value}\nreason = \"决定\"\nby = \"示范镇\"\n"
        ))
    };
    assert!(change("visits.min_days_left.value", "10").is_ok());
    // A hold, a rule or a question is not a value; a key that is not there is not added; a wrong kind is refused.
    assert!(change("leave.unfit_at.legal_hold", "\"L-5\"").unwrap_err()[0].contains("legal_hold"));
    assert!(change("leave.unfit_at.rule", "\"D1b-15\"").is_err());
    assert!(change("leave.unfit_at.decide", "\"X-03\"").is_err());
    assert!(change("leave.unfit_at.dayz", "1").unwrap_err()[0].contains("dayz"));
    assert!(change("leave.unfit_at", "{ days = 1 }").is_err());
    assert!(change("leave.unfit_at.days", "\"thirty\"").is_err());
    assert!(change("leave.approver", "[]").is_err());
    assert!(
        change("bonus.error_deduct.percent", "1").unwrap_err()[0].contains("bonus.error_deduct"),
        "not adopted"
    );
}

#[test]
fn names_nobody_knows_are_refused() {
    assert!(adopted(&takes("d9", "[\"visits\"]")).unwrap_err()[0].contains("d9"));
    assert!(adopted(&takes("d1c-conduct", "[\"visits\"]")).unwrap_err()[0].contains("visits"));
    let decide = |id: &str, choice: &str| {
        format!("[[decide]]\nid = \"{id}\"\nchoice = \"{choice}\"\nby = \"示范镇\"\non = \"2026-12-01\"\n")
    };
    assert!(adopted(&decide("X-99", "a")).unwrap_err()[0].contains("X-99"));
    assert!(adopted(&decide("X-01", "whatever")).unwrap_err()[0].contains("whatever"));
    assert!(
        Adoption::load("c.toml", "schema = \"wangge-adopt/1\"\ncomunity = 1").unwrap_err()[0]
            .to_string()
            .contains("comunity")
    );
}

#[test]
fn a_category_is_kept_only_once_the_organ_confirmed_it_with_a_basis() {
    let confirm = |category: &str, no: &str| {
        format!(
            "[[confirm]]\ncategory = \"{category}\"\nbasis = \"社会救助暂行办法\"\nby = \"民政局\"\ndocument_no = \"{no}\"\n"
        )
    };
    let adopted_some = adopted(&confirm("low-income", "")).unwrap();
    assert!(adopted_some.confirmed_categories().holds(&Category::LowIncome.into()));
    assert!(!adopted_some.confirmed_categories().holds(&Category::Disabled.into()));
    assert!(adopted(&confirm("childbearing-age", "")).unwrap_err()[0].contains("document_no"));
    assert!(adopted(&confirm("childbearing-age", "9 号")).is_ok());
    assert!(adopted(&confirm("living-alone", "9 号")).unwrap_err()[0].contains("living-alone"));
}

#[test]
fn every_setting_is_shown_with_rule_words_and_state() {
    let texts = RuleTexts::shipped().unwrap();
    let adopted = adopted(&(takes("d1b-town-model", "[\"visits\", \"leave\", \"attendance\"]"))).unwrap();
    let lines = texts.describe(Some(&adopted), Lang::Zh);
    let line =
        |field: &str| lines.iter().find(|line| line.contains(field) && line.contains("d1b")).unwrap().clone();
    insta::assert_snapshot!(line(" visits.key ="), @r#"[生效] visits.key = { per = "month", times = 1 } — D1b-16 四·2 「其中重點戶每月入戶一次」 (d1b-town-model);采用:示范镇 2027-01-01"#);
    insta::assert_snapshot!(line("leave.unfit_at"), @r#"[不生效:法律冲突 L-2(劳动合同法第四十条第一、二项,第四十二条第三、四项;职工带薪年休假条例第三、四条)、L-7(劳动合同法第四条)] leave.unfit_at = { counts = "undecided", days = 30, window = "calendar-year" } — D1b-24 五·2 「累計30天的,按照不能勝任社群工作處理,不予聘用」 (d1b-town-model);采用:示范镇 2027-01-01"#);
    insta::assert_snapshot!(line("attendance.late_to_absent"), @r#"[不生效:未定] attendance.late_to_absent = { absent_days = 1, late = 3, late_from_minutes = "unset", rounding = "floor", window = "calendar-month" } — D1b-06 三·7 「每月遲到三次按曠工一天處理」 (d1b-town-model);采用:示范镇 2027-01-01"#);
    insta::assert_snapshot!(line("bonus.error_deduct"), @r#"[未采用] bonus.error_deduct = { cap_percent = 100, per = "undecided", percent = 10 } — D1b-25 五·3 「扣發年終獎10%」 (d1b-town-model)"#);
    assert!(
        line(" category =").contains("legal_hold = \"L-9\""),
        "a hold on one category is shown in its row"
    );
    let english = texts.describe(Some(&adopted), Lang::En);
    assert!(english.iter().any(|line| line.starts_with("[inactive: legal hold L-2, L-7] leave.unfit_at")));
    let all: usize = texts.texts().iter().map(|text| text.settings().len()).sum();
    assert_eq!((lines.len(), texts.describe(None, Lang::En).len()), (all, all));
    // Whatever carries a number is shown with the words it rests on, or as the product's own default.
    for shown in texts.shown(Some(&adopted)) {
        let number = shown.value.contains(|sign: char| sign.is_ascii_digit());
        assert!(
            !number
                || !shown.quotes.is_empty()
                || shown.value.contains("product_default")
                || shown.value.contains('-'),
            "{shown:?}"
        );
    }
}
