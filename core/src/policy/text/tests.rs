use super::*;

fn d1b() -> &'static str {
    RuleTexts::FILES[2].1
}

/// Reads d1b.toml with some words replaced.
fn with(from: &str, to: &str) -> Vec<String> {
    assert!(d1b().contains(from), "{from}");
    let problems = RuleTexts::read(&[("d1b.toml", &d1b().replacen(from, to, 1))]).err().unwrap_or_default();
    problems.iter().map(ToString::to_string).collect()
}

fn the_one(problems: &[String]) -> &str {
    assert_eq!(problems.len(), 1, "{problems:?}");
    &problems[0]
}

#[test]
fn the_six_files_read_and_quote_137_rules() {
    let texts = RuleTexts::shipped().unwrap();
    let ids: Vec<&str> = texts.texts().iter().map(PolicyText::id).collect();
    assert_eq!(
        ids,
        ["d0-tianjin", "d1a-shihu", "d1b-town-model", "d1c-conduct", "d2-yancheng", "d3-opinion"]
    );
    let counts: Vec<usize> = texts.texts().iter().map(|text| text.rules().len()).collect();
    assert_eq!(counts, [26, 16, 27, 6, 43, 19]);
    assert_eq!(texts.rules().len(), 137);
    let key = texts.rules().get(&"D1b-16".parse().unwrap()).unwrap();
    assert_eq!(key.quote(), "四·2 「其中重點戶每月入戶一次」");
}

#[test]
fn an_unknown_key_is_refused_with_its_line_so_that_a_slip_switches_nothing() {
    let problem = with("phone_counts = false", "phone_count = true");
    assert!(the_one(&problem).starts_with("d1b.toml:26:"), "{problem:?}");
    assert!(problem[0].contains("phone_count"));
    assert!(the_one(&with("[bonus]", "[bonuses]")).contains("bonuses"));
    assert!(the_one(&with("percent = 10,", "percent = 10, precent = 5,")).contains("precent"));
}

#[test]
fn a_number_needs_a_rule_and_the_rule_its_words() {
    let bare = with("{ value = 3, product_default = true }", "{ value = 3, product_default = false }");
    assert!(the_one(&bare).contains("visits.attempts_before_excused.value"), "{bare:?}");
    let unquoted = with("rule = \"D1b-16\" }", "rule = \"D1b-99\" }");
    assert!(the_one(&unquoted).contains("D1b-99") && unquoted[0].starts_with("d1b.toml:21:"), "{unquoted:?}");
    assert!(the_one(&with("rule = \"D1b-16\" }", "rule = \"16\" }")).contains("D1b-16"));
    assert!(
        the_one(&with("times = 1, per = \"month\", rule = \"D1b-16\"", "times = 1, per = \"month\""))
            .contains("rule")
    );
    assert!(with("id = \"D1b-02\"", "id = \"D1b-01\"").iter().any(|problem| problem.contains("twice")));
}

#[test]
fn names_of_holds_and_questions_must_be_known() {
    assert!(the_one(&with("legal_hold = \"L-1\"", "legal_hold = \"L-99\"")).contains("L-99"));
    assert!(the_one(&with("legal_hold = \"L-9\"", "legal_hold = \"L-90\"")).contains("L-90"));
    assert!(the_one(&with("decide = \"X-03\"", "decide = \"X-33\"")).contains("X-33"));
}

#[test]
fn the_rates_are_shown_together_and_the_phone_does_not_contradict_itself() {
    assert!(the_one(&with("[\"strict\", \"adjusted\"]", "[\"adjusted\"]")).contains("both rates"));
    let phone = with("[\"met\", \"met-at-door\"]", "[\"met\", \"phone\"]");
    assert!(the_one(&phone).contains("visits.phone_counts"));
}

#[test]
fn a_category_beside_the_six_states_its_basis_and_some_are_refused_whatever_they_state() {
    let elders = |extra: &str| {
        format!(
            "[[category]]\nid = \"living-alone\"\nzh = \"独居老人\"\nsource_words = \"\"\ndepartment = \"民政\"\nrule = \"D1b-19\"\n{extra}\n[attendance]"
        )
    };
    assert!(the_one(&with("[attendance]", &elders(""))).contains("legal_basis"));
    assert_eq!(with("[attendance]", &elders("legal_basis = \"老年人权益保障法\"")), [""; 0]);
    let ill = elders("legal_basis = \"文件\"").replace("独居老人", "严重精神障碍患者");
    assert!(the_one(&with("[attendance]", &ill)).contains("must not be collected"));
}

#[test]
fn weights_sum_to_one_or_are_unknown() {
    let d2 = RuleTexts::FILES[4].1;
    let off = d2.replacen("quantified = 0.50", "quantified = 0.55", 1);
    let problems = RuleTexts::read(&[("d2.toml", &off)]).unwrap_err();
    assert!(problems[0].to_string().contains("must sum to 1.00"), "{problems:?}");
    let unknown = RuleTexts::read(&[RuleTexts::FILES[0]]).unwrap();
    let weights = unknown.texts()[0].settings().iter().find(|one| one.field == "evaluation.weights").unwrap();
    assert_eq!(weights.open, [OpenWord::Unknown].into());
}

#[test]
fn two_files_with_one_id_are_one_too_many() {
    let problems = RuleTexts::read(&[RuleTexts::FILES[3], ("copy.toml", RuleTexts::FILES[3].1)]).unwrap_err();
    assert!(problems[0].to_string().starts_with("copy.toml:"));
}

#[test]
fn every_problem_of_every_file_is_named_at_once() {
    let bad = d1b().replace("\"L-1\"", "\"L-99\"").replace("\"L-2\"", "\"L-98\"");
    let problems = RuleTexts::read(&[("d1b.toml", &bad), ("other.toml", "schema = 1")]).unwrap_err();
    assert_eq!(problems.len(), 3, "{problems:?}");
}

/// The seeds lie beside a checkout made for development (`../shared/seeds`); elsewhere this test passes over.
#[test]
fn every_quotation_occurs_in_its_seed() {
    let seeds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/seeds");
    if !seeds.is_dir() {
        return;
    }
    let bare = |text: &str| text.replace("&nbsp;", "").split_whitespace().collect::<String>();
    for text in RuleTexts::shipped().unwrap().texts() {
        let name = text.source().split('#').next().unwrap();
        let bytes = std::fs::read(seeds.join(name)).unwrap();
        assert_eq!(Hash32::of(&[&bytes]).to_string(), text.source_sha256(), "{name}");
        let seed = bare(&String::from_utf8(bytes).unwrap());
        for rule in text.rules() {
            for words in &rule.words {
                assert!(seed.contains(&bare(words)), "{}: {words}", rule.id);
            }
        }
        for words in text.category_words() {
            assert!(seed.contains(&bare(words)), "{}: {words}", text.id());
        }
    }
}

/// `domain.md` 1.1 lies beside a checkout made for development; elsewhere this test passes over.
#[test]
fn every_rule_row_of_the_domain_page_is_in_the_files_word_for_word() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/domain.md");
    let Ok(page) = std::fs::read_to_string(page) else { return };
    let texts = RuleTexts::shipped().unwrap();
    let mut rows = 0;
    for row in page.lines().filter(|line| line.starts_with("| D")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let Ok(id) = cells[1].parse::<RuleId>() else { continue };
        let rule = texts.rules().get(&id).unwrap();
        let words: String = rule.words.iter().map(|words| format!("「{words}」")).collect();
        assert_eq!(words, cells[4].replace('\\', "").replace("<br>", ""), "{id}");
        assert_eq!(rule.clause, cells[2], "{id}");
        rows += 1;
    }
    assert_eq!(rows, 137);
}
