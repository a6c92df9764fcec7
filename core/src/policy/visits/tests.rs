use super::*;
use crate::policy::{Adoption, RuleTexts, adopt};

fn adopted(changes: &str) -> Result<VisitPolicy, Vec<PolicyProblem>> {
    let file = format!(
        "schema = \"wangge-adopt/1\"\n[community]\nname = \"示范社区\"\ntimezone = \"Asia/Shanghai\"\nworkdays = \"cn-official\"\n[[adopt]]\npolicy = \"d1b-town-model\"\nby = \"示范镇\"\ndocument_no = \"1 号\"\nfrom = \"2027-01-01\"\ntake = [\"visits\"]\n{changes}"
    );
    let adoption = Adoption::load("community.toml", &file).unwrap();
    adopt(&RuleTexts::shipped().unwrap(), &adoption).map(|adopted| adopted.visits().clone())
}

fn change(field: &str, value: &str) -> String {
    format!("[[override]]\nfield = \"{field}\"\nvalue = {value}\nreason = \"会议决定\"\nby = \"示范镇\"\n")
}

#[test]
fn before_any_adoption_the_cadence_of_d1b_holds_as_a_trial() {
    let trial = VisitPolicy::default_trial();
    assert!(trial.is_trial() && !trial.phone_counts());
    let texts = RuleTexts::shipped().unwrap();
    for rule in [&trial.ordinary.rule, &trial.key.rule, &trial.target.as_ref().unwrap().rule] {
        assert!(texts.rules().get(rule).is_some(), "{rule}");
    }
    let mut of_the_file = adopted("").unwrap();
    assert!(!of_the_file.is_trial());
    (of_the_file.standing, of_the_file.sources) = (Standing::Trial, Vec::new());
    assert_eq!(of_the_file, trial);
}

#[test]
fn the_trial_policy_and_the_defaults_of_coverage_are_the_same() {
    assert_eq!(VisitPolicy::default_trial().coverage_rules(None), CoverageRules::default());
}

#[test]
fn a_policy_travels_as_this_shape() {
    insta::assert_json_snapshot!(VisitPolicy::default_trial(), @r#"
    {
      "standing": "trial",
      "sources": [],
      "ordinary": {
        "times": 1,
        "per": "quarter",
        "rule": "D1b-15"
      },
      "key": {
        "times": 1,
        "per": "month",
        "rule": "D1b-16"
      },
      "target": {
        "share": 10000,
        "rule": "D1b-17"
      },
      "counted_outcomes": [
        "met",
        "met-at-door"
      ],
      "attempts_before_excused": 3,
      "min_days_left": 30,
      "key_household": "chosen-by-hand"
    }
    "#);
    let policy = adopted("").unwrap();
    let mut bytes = Vec::new();
    ciborium::into_writer(&policy, &mut bytes).unwrap();
    assert_eq!(ciborium::from_reader::<VisitPolicy, _>(bytes.as_slice()).unwrap(), policy);
}

#[test]
fn the_hash_is_taken_over_lines_a_person_can_read_and_tells_any_two_policies_apart() {
    let trial = VisitPolicy::default_trial();
    insta::assert_snapshot!(trial.canonical(), @r"
    ruhu visit policy 1
    standing=trial
    ordinary=1/quarter D1b-15
    key=1/month D1b-16
    target_per_10k=10000 D1b-17
    counted=met
    counted=met-at-door
    attempts_before_excused=3
    min_days_left=30
    key_household=chosen-by-hand
    ");
    insta::assert_snapshot!(trial.policy_hash(), @"db4ad9e1502c885051d3a6fe4e68c3ab4c34f626e2e78a9f32b0fad35e5da45d");
    let policy = adopted("").unwrap();
    let shorter = VisitPolicy { min_days_left: 29, ..policy.clone() };
    let named = |by: &str| {
        let standing = Standing::Adopted { by: by.into(), document_no: String::new(), from: NaiveDate::MIN };
        VisitPolicy { standing, ..policy.clone() }
    };
    let hashes =
        [&trial, &policy, &shorter, &named("甲"), &named("甲\ndocument_no="), &named("甲\\ndocument_no=")];
    let apart: BTreeSet<Hash32> = hashes.iter().map(|one| one.policy_hash()).collect();
    assert_eq!(apart.len(), hashes.len());
}

#[test]
fn a_community_may_count_the_phone_and_change_the_product_defaults() {
    let changes = [
        change("visits.phone_counts", "true"),
        change("visits.min_days_left.value", "15"),
        change("visits.attempts_before_excused.value", "5"),
    ];
    let policy = adopted(&changes.concat()).unwrap();
    assert!(policy.phone_counts());
    assert_eq!((policy.min_days_left, policy.attempts_before_excused), (15, 5));
}

#[test]
fn what_coverage_cannot_be_computed_with_is_refused_by_name() {
    let cases = [
        ("visits.ordinary.per", "\"half-year\"", "visits.ordinary"),
        ("visits.ordinary.times", "2", "visits.ordinary"),
        ("visits.ordinary.times", "\"unset\"", "visits.ordinary"),
        ("visits.key.per", "\"quarter\"", "visits.key"),
        ("visits.period", "\"rolling\"", "visits.period"),
        ("visits.key_household", "\"any-category\"", "visits.key_household"),
        ("visits.counted_outcomes", "[\"not-home\"]", "visits.counted_outcomes"),
        ("visits.counted_outcomes", "[]", "visits.counted_outcomes"),
        ("visits.attempts_before_excused.value", "0", "visits.attempts_before_excused"),
        ("visits.min_days_left.value", "93", "visits.min_days_left"),
    ];
    for (field, value, named) in cases {
        let problems = adopted(&change(field, value)).unwrap_err();
        let found = problems
            .iter()
            .any(|problem| matches!(problem, PolicyProblem::NotComputable { field, .. } if field == named));
        assert!(found, "{field} = {value}: {problems:?}");
    }
}
