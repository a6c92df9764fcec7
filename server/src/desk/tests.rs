//! What holds of every page, and what each says.

use std::collections::BTreeMap;

use askama::Template;

use super::sample::{
    access, accounts, acts, findings, ledger, places, policy, questions, record, requests, rights, roster,
};
use super::sample::{
    help_page, household_page, list_page, login_page, masked, message_page, overview_input, overview_page,
    report_page, shell,
};
use super::views::{Depth, FactorView, GridOrder, LoginTrouble, Reveal, overview};
use super::words::Lang;

fn pages(lang: Lang) -> BTreeMap<&'static str, String> {
    let shown = Reveal::Shown { reason: lang.t("reason.check").into() };
    let set_up = FactorView::SetUp { left: lang.fill("totp.left", &["9"]), droppable: true };
    let mut pages = BTreeMap::from([
        ("overview", overview_page(lang).render().unwrap()),
        ("households", list_page(lang).render().unwrap()),
        ("household", household_page(lang, masked(lang)).render().unwrap()),
        ("household-shown", household_page(lang, shown).render().unwrap()),
        ("record", record::record_page(lang).render().unwrap()),
        ("record-correcting", record::correcting_page(lang).render().unwrap()),
        ("report", report_page(lang).render().unwrap()),
        ("help", help_page(lang).render().unwrap()),
        ("waiting", acts::waiting_page(lang).render().unwrap()),
        ("requests", requests::requests_page(lang).render().unwrap()),
        ("request", requests::request_page(lang).render().unwrap()),
        ("questions", questions::questions_page(lang).render().unwrap()),
        ("question", questions::question_page(lang).render().unwrap()),
        ("question-form", questions::question_form_page(lang).render().unwrap()),
        ("question-preview", questions::preview_page(lang).render().unwrap()),
        ("question-export", questions::question_export_page(lang).render().unwrap()),
        ("staff", acts::staff_page(lang).render().unwrap()),
        ("code", acts::code_page(lang).render().unwrap()),
        ("periods", acts::periods_page(lang).render().unwrap()),
        ("spot-checks", acts::spot_checks_page(lang).render().unwrap()),
        ("spot-check", acts::spot_check_page(lang).render().unwrap()),
        ("card", acts::card_page(lang).render().unwrap()),
        ("access", access::access_page(lang).render().unwrap()),
        ("audit", access::audit_page(lang).render().unwrap()),
        ("roster", roster::roster_page(lang).render().unwrap()),
        ("dry-run", roster::dry_run_page(lang).render().unwrap()),
        ("dry-run-findings", roster::import_findings_page(lang).render().unwrap()),
        ("imported", roster::imported_page(lang).render().unwrap()),
        ("working", roster::working_page(lang).render().unwrap()),
        ("findings", findings::findings_page(lang).render().unwrap()),
        ("finding", findings::finding_page(lang).render().unwrap()),
        ("ledger", ledger::ledger_page(lang).render().unwrap()),
        ("line", ledger::line_page(lang).render().unwrap()),
        ("completion", ledger::completion_page(lang).render().unwrap()),
        ("spot-sheet", acts::spot_sheet(lang).render().unwrap()),
        ("places", places::places_page(lang).render().unwrap()),
        ("policies", policy::policies_page(lang).render().unwrap()),
        ("policy", policy::policy_page(lang).render().unwrap()),
        ("adopt", policy::adopt_page(lang).render().unwrap()),
        ("accounts", accounts::accounts_page(lang).render().unwrap()),
        ("accounts-one", accounts::one_account_page(lang).render().unwrap()),
        ("one-time", accounts::one_time_page(lang).render().unwrap()),
        ("account", accounts::account_page(lang, FactorView::Missing).render().unwrap()),
        ("account-totp", accounts::account_page(lang, set_up).render().unwrap()),
        ("totp", accounts::totp_page(lang, false).render().unwrap()),
        ("totp-shown", accounts::totp_page(lang, true).render().unwrap()),
        ("recovery", accounts::recovery_page(lang).render().unwrap()),
        ("login-code", accounts::login_code_page(lang).render().unwrap()),
        ("prove", accounts::prove_page(lang).render().unwrap()),
        ("first", accounts::first_page(lang).render().unwrap()),
        ("machine", accounts::machine_page(lang).render().unwrap()),
        ("login", login_page(lang, None).render().unwrap()),
        ("login-wrong", login_page(lang, Some(LoginTrouble::Wrong)).render().unwrap()),
    ]);
    pages.extend([
        ("rights", rights::rights_page(lang).render().unwrap()),
        ("rights-new", rights::rights_form_page(lang).render().unwrap()),
        ("rights-case-see", rights::rights_case_page(lang, "see", false).render().unwrap()),
        ("rights-case-correct", rights::rights_case_page(lang, "correct", true).render().unwrap()),
        ("rights-case-delete", rights::rights_case_page(lang, "delete", true).render().unwrap()),
        ("rights-case-stop", rights::rights_case_page(lang, "stop", false).render().unwrap()),
        ("rights-sheet", rights::rights_sheet_page(lang).render().unwrap()),
        ("resident", rights::resident_page(lang).render().unwrap()),
        ("resident-noted", rights::resident_noted_page(lang).render().unwrap()),
    ]);
    for (name, status) in [("400", 400), ("401", 401), ("403", 403), ("404", 404), ("500", 500)] {
        pages.insert(name, message_page(lang, status).render().unwrap());
    }
    pages
}

fn every_page() -> Vec<(String, String)> {
    let named = |lang: Lang| {
        pages(lang).into_iter().map(move |(name, html)| (format!("{name}-{}", lang.code()), html))
    };
    named(Lang::Zh).chain(named(Lang::En)).collect()
}

/// The words of a page without its tags, one line per text.
fn words(html: &str) -> String {
    let body =
        html.split_once("<main").unwrap().1.split_once('>').unwrap().1.split_once("</main>").unwrap().0;
    let texts = body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text).trim());
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_page_has_a_script_or_a_style_of_its_own_or_calls_outside() {
    for (name, html) in every_page() {
        let lower = html.to_lowercase();
        for banned in
            ["<script", "style=", "<style", "javascript:", " onclick", "http://", "https://", "//cdn"]
        {
            assert!(!lower.contains(banned), "{name} contains {banned}");
        }
    }
    assert!(
        !super::STYLE.contains("http")
            && !super::STYLE.contains("@import")
            && !super::STYLE.contains("@font-face")
    );
}

#[test]
fn every_page_says_its_language_has_a_title_and_one_main_heading() {
    for (name, html) in every_page() {
        let tag = if name.ends_with("-zh") { "lang=\"zh-CN\"" } else { "lang=\"en\"" };
        assert!(html.starts_with(&format!("<!doctype html>\n<html {tag}")), "{name}");
        assert!(html.contains("<title>") && html.contains("<main id=\"main\""), "{name}");
        assert!(html.contains("<h1"), "{name}");
    }
}

#[test]
fn every_input_has_a_label_and_every_table_says_what_it_is() {
    for (name, html) in every_page() {
        for id in html.split("<input id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(html.contains(&format!("<label for=\"{id}\"")), "{name}: {id}");
        }
        for table in html.split("<table").skip(1) {
            let named = table.contains("<caption>") || html.contains("role=\"region\" aria-label");
            assert!(named && table.contains("scope=\"col\""), "{name}");
        }
    }
}

#[test]
fn the_english_pages_have_no_chinese_words_of_their_own() {
    let own = pages(Lang::En);
    for name in [
        "help",
        "waiting",
        "record",
        "record-correcting",
        "requests",
        "request",
        "questions",
        "question",
        "question-form",
        "question-preview",
        "question-export",
        "staff",
        "code",
        "periods",
        "spot-checks",
        "spot-check",
        "card",
        "access",
        "audit",
        "roster",
        "dry-run",
        "dry-run-findings",
        "imported",
        "working",
        "findings",
        "finding",
        "spot-sheet",
        "places",
        "policies",
        "policy",
        "adopt",
        "accounts",
        "accounts-one",
        "one-time",
        "account",
        "account-totp",
        "totp",
        "totp-shown",
        "recovery",
        "login-code",
        "prove",
        "first",
        "machine",
        "login",
        "login-wrong",
        "rights",
        "rights-new",
        "rights-case-see",
        "rights-case-correct",
        "rights-case-delete",
        "rights-case-stop",
        "rights-sheet",
        "resident",
        "resident-noted",
        "400",
        "401",
        "403",
        "404",
        "500",
    ] {
        let text = words(&own[name]).replace("国办函〔2026〕12号", "");
        assert!(!text.chars().any(|sign| ('\u{4e00}'..='\u{9fff}').contains(&sign)), "{name}: {text}");
    }
}

#[test]
fn the_overview_prints_the_identity_and_every_number_is_a_link() {
    let html = overview_page(Lang::Zh).render().unwrap();
    insta::assert_snapshot!("overview", words(&html));
    for (words, count, state) in
        [("应访", 11, "due"), ("已访", 6, "done"), ("核减", 3, "deducted"), ("未访", 2, "open")]
    {
        let link = format!("<a href=\"/households?period=2026Q3&#38;state={state}\">{count}</a>");
        assert!(html.contains(&link), "{words} in the total row");
    }
    assert!(html.contains("关账 54.54 % → 现 63.63 %(更正 1)"));
    assert!(html.contains("未采用文件·试行"));
    assert!(html.contains("2 部手机未同步,最多影响 41 户"));
}

#[test]
fn no_link_and_no_heading_sorts_grids_by_rate() {
    for lang in [Lang::Zh, Lang::En] {
        let html = overview_page(lang).render().unwrap();
        let orders: Vec<&str> =
            html.split("order=").skip(1).filter_map(|rest| rest.split(['"', '&']).next()).collect();
        assert!(!orders.is_empty() && orders.iter().all(|order| *order == "open"), "{orders:?}");
        let head = html.split_once("<thead>").unwrap().1.split_once("</thead>").unwrap().0;
        assert!(!head.contains("<a"), "headings are no links");
    }
}

#[test]
fn grids_stand_by_address_or_by_households_outstanding() {
    let names = |order| {
        let input = super::views::OverviewInput { order, ..overview_input() };
        let page = overview(shell(Lang::Zh, "overview", ""), &input);
        page.grids.into_iter().map(|grid| grid.name).collect::<Vec<_>>()
    };
    assert_eq!(names(GridOrder::Address), ["第1网格", "第2网格", "第10网格"]);
    let mut input = overview_input();
    input.grids.reverse();
    input.order = GridOrder::Outstanding;
    let page = overview(shell(Lang::Zh, "overview", ""), &input);
    let open: Vec<u32> = page.grids.iter().map(|grid| grid.numbers[3].count).collect();
    assert_eq!(open, [1, 1, 0]);
}

#[test]
fn above_the_community_no_worker_is_named() {
    let input = super::views::OverviewInput { depth: Depth::Figures, ..overview_input() };
    let html = overview(shell(Lang::Zh, "overview", ""), &input).render().unwrap();
    assert!(!html.contains("王敏"));
}

#[test]
fn names_and_notes_stay_masked_until_a_reason_is_given() {
    let before = household_page(Lang::Zh, masked(Lang::Zh)).render().unwrap();
    for word in ["王建国", "10012345678", "老人换了电话", "楼道灯不亮"] {
        assert!(!before.contains(word), "{word}");
    }
    assert!(before.contains("name=\"reason\"") && before.contains("method=\"post\""));
    let after = household_page(Lang::Zh, Reveal::Shown { reason: "核对登记信息".into() }).render().unwrap();
    assert!(after.contains("王建国") && after.contains("已按事由“核对登记信息”记入查看日志"));
    insta::assert_snapshot!("household", words(&before));
}

#[test]
fn a_list_says_how_many_there_are_and_marks_states_by_letter_and_words() {
    let html = list_page(Lang::Zh).render().unwrap();
    insta::assert_snapshot!("households", words(&html));
}

#[test]
fn a_worker_whose_name_is_markup_stays_words() {
    let mut input = overview_input();
    input.grids[0].responsible = "<b>王</b>".into();
    let html = overview(shell(Lang::Zh, "overview", ""), &input).render().unwrap();
    assert!(!html.contains("<b>王</b>"));
}

/// Relative luminance of `#rrggbb`, as the accessibility guidelines define it.
fn luminance(colour: &str) -> f64 {
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(colour.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

#[test]
fn words_stand_out_from_their_ground_at_least_4_5_to_1() {
    let root = super::STYLE.split_once(":root {").unwrap().1.split_once('}').unwrap().0;
    let colour = |name: &str| {
        let line = root.lines().find(|line| line.trim().starts_with(&format!("--{name}:"))).unwrap();
        line.split_once('#').map(|(_, rest)| format!("#{}", rest.get(..6).unwrap())).unwrap()
    };
    let pairs = [
        ("ink", "paper"),
        ("soft", "paper"),
        ("soft", "sheet"),
        ("link", "paper"),
        ("seal", "sheet"),
        ("open", "sheet"),
        ("warn", "warn-ground"),
        ("sheet", "done"),
        ("sheet", "seal"),
        ("ink", "deducted-ground"),
    ];
    for (words, ground) in pairs {
        let (one, other) = (luminance(&colour(words)), luminance(&colour(ground)));
        let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
        assert!(4.5 <= contrast, "{words} on {ground}: {contrast:.2}");
    }
}

#[test]
fn what_was_filled_in_stands_in_the_page_that_asks_for_the_password_again_as_words() {
    let html = accounts::prove_page(Lang::Zh).render().unwrap();
    assert!(html.contains("name=\"close\" value=\"2026Q2\""));
    assert!(html.contains("name=\"reason\" value=\"&#34;so&#34; &#60;b&#62;\""), "{html}");
    assert!(html.contains("action=\"/periods?period=2026Q3\""));
}
