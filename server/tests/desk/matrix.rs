//! Every route against every role, in its own place and in a foreign one: one table says who may do what.

use axum::http::StatusCode;
use ruhu_core::community::CommunityFact;
use ruhu_core::entry::{Amount, Ground, LineEvent, LineKind, LineProposal, LineStep, ToWorker};
use ruhu_core::ids::{
    AccountId, CommunityId, DwellingId, FindingId, GridId, ImportId, LineId, QuestionId, RecheckId,
};
use ruhu_core::question::{AnswerKind, AskedOf, Question};
use ruhu_core::roster::{By, Community, Grid, Unit};
use ruhu_core::time::Cadence;
use ruhu_server::access::{NewAccount, Place, Role};
use ruhu_server::import::columns::HandMap;
use ruhu_server::ingest::office::Act;
use ruhu_server::recheck::act::Entered;
use ruhu_server::recheck::agreement::Answer;
use ruhu_server::recheck::draw::Method;

use super::browser::Browser;
use super::rights::{CASE, see_granted};
use super::world::{COMMUNITY, HOUSEHOLDS, LEAD, WORKERS, World, listed};

const ELSEWHERE: CommunityId = CommunityId::from_bytes([2; 16]);
/// A draw by lot of the community.
const DRAW: RecheckId = RecheckId::from_bytes([77; 16]);
/// A line of its ledger.
const LINE: LineId = LineId::from_bytes([78; 16]);

/// A question it asks.
const QUESTION: QuestionId = QuestionId::from_bytes([79; 16]);

/// What a role may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wants {
    /// Signed in.
    Anybody,
    /// Figures and reports of communities.
    Figures,
    /// Households and workers by name.
    Households,
    /// Deciding.
    Decides,
    /// Adopting rules.
    Adopts,
    /// Looking at the accounts.
    Accounts,
    /// Making and changing them.
    KeepsAccounts,
    /// How the machine is.
    Machine,
}

/// Every page behind the sign-in.
const PAGES: [(&str, Wants); 49] = [
    ("/", Wants::Figures),
    ("/households", Wants::Households),
    ("/household/{home}", Wants::Households),
    ("/household/{home}/record", Wants::Households),
    ("/waiting", Wants::Households),
    ("/requests", Wants::Households),
    ("/rights", Wants::Households),
    ("/rights/new", Wants::Decides),
    ("/rights/{case}", Wants::Households),
    ("/rights/{case}/sheet", Wants::Decides),
    ("/rights/{case}/sheet.xlsx", Wants::Decides),
    ("/questions", Wants::Households),
    ("/questions/new", Wants::Decides),
    ("/question/{question}", Wants::Households),
    ("/question/{question}/export", Wants::Decides),
    ("/staff", Wants::Households),
    ("/spot-checks", Wants::Households),
    ("/spot-checks/{draw}", Wants::Households),
    ("/spot-checks/{draw}/sheet", Wants::Households),
    ("/spot-checks/{draw}/card/{nth}", Wants::Households),
    ("/findings", Wants::Households),
    ("/finding/{finding}", Wants::Households),
    ("/ledger", Wants::Households),
    ("/ledger.xlsx", Wants::Households),
    ("/line/{line}", Wants::Households),
    ("/completion/{worker}", Wants::Households),
    ("/access", Wants::Households),
    ("/access.xlsx", Wants::Households),
    ("/audit", Wants::Accounts),
    ("/audit.xlsx", Wants::Accounts),
    ("/roster", Wants::Households),
    ("/roster/template.xlsx", Wants::Households),
    ("/roster/upload/{upload}", Wants::Decides),
    ("/roster/upload/{upload}/findings", Wants::Decides),
    ("/roster/upload/{upload}/findings.xlsx", Wants::Decides),
    ("/roster/import/{import}", Wants::Households),
    ("/periods", Wants::Households),
    ("/policy", Wants::Figures),
    ("/policy/adopt", Wants::Adopts),
    ("/policy/adoption.toml", Wants::Figures),
    ("/report", Wants::Figures),
    ("/report.json", Wants::Figures),
    ("/accounts", Wants::Accounts),
    ("/accounts/{account}", Wants::Accounts),
    ("/places", Wants::Machine),
    ("/machine", Wants::Machine),
    ("/account", Wants::Anybody),
    ("/account/totp", Wants::Anybody),
    ("/help", Wants::Anybody),
];
/// Every form behind the sign-in.
const FORMS: [(&str, Wants); 29] = [
    ("/household/{home}/decide", Wants::Decides),
    ("/household/{home}/reveal", Wants::Households),
    ("/household/{home}/record", Wants::Decides),
    ("/household/{home}/record/reveal", Wants::Households),
    ("/waiting", Wants::Decides),
    ("/requests/reveal", Wants::Decides),
    ("/request/{home}/{id}", Wants::Decides),
    ("/rights/new", Wants::Decides),
    ("/rights/{case}", Wants::Decides),
    ("/questions/new", Wants::Decides),
    ("/question/{question}", Wants::Decides),
    ("/question/{question}/export", Wants::Decides),
    ("/staff", Wants::Decides),
    ("/staff/code", Wants::Decides),
    ("/spot-checks", Wants::Decides),
    ("/spot-checks/{draw}", Wants::Decides),
    ("/finding/{finding}", Wants::Decides),
    ("/line/{line}", Wants::Decides),
    ("/completion/{worker}", Wants::Decides),
    ("/roster", Wants::Decides),
    ("/roster/upload/{upload}", Wants::Decides),
    ("/roster/import/{import}", Wants::Decides),
    ("/periods", Wants::Decides),
    ("/policy/adopt", Wants::Adopts),
    ("/accounts", Wants::KeepsAccounts),
    ("/accounts/{account}", Wants::KeepsAccounts),
    ("/places", Wants::Machine),
    ("/account", Wants::Anybody),
    ("/account/totp", Wants::Anybody),
];
/// Fields with which each form about one thing would be done by whoever may.
const DOABLE: [(&str, &str); 9] = [
    ("act", "key"),
    ("reason", "check"),
    ("nth", "0"),
    ("round", "1"),
    ("answer", "agrees"),
    ("rule", "D1b-21"),
    ("reply_by", "2026-07-09"),
    ("words", "check"),
    ("on", "2026-07-01"),
];
/// Routes that belong to no role: those have stories of their own.
const APART: [&str; 9] = [
    "/resident",
    "/login",
    "/login/code",
    "/first",
    "/logout",
    "/password",
    "/static/desk.css",
    "/report.xlsx",
    "/household/{unit}",
];

const fn may(role: Role, wants: Wants) -> bool {
    match wants {
        Wants::Anybody => true,
        Wants::Figures => matches!(role, Role::Community | Role::Street | Role::County | Role::Auditor),
        Wants::Households => matches!(role, Role::Community | Role::Auditor),
        Wants::Decides => matches!(role, Role::Community),
        Wants::Adopts => matches!(role, Role::Street | Role::County),
        Wants::Accounts => matches!(role, Role::SecurityAdmin | Role::Auditor),
        Wants::KeepsAccounts => matches!(role, Role::SecurityAdmin),
        Wants::Machine => matches!(role, Role::SystemAdmin),
    }
}

/// What addresses of the community name.
#[derive(Clone, Copy)]
struct Named {
    finding: FindingId,
    import: ImportId,
    upload: ImportId,
    account: AccountId,
}

/// Whether what is asked for belongs to a place: accounts and the machine belong to the hub.
const fn is_of_a_place(wants: Wants) -> bool {
    matches!(wants, Wants::Figures | Wants::Households | Wants::Decides | Wants::Adopts)
}

/// Somebody else's account.
fn other_account(world: &World) -> AccountId {
    let new = NewAccount {
        name: "somebody".into(),
        shown: "某人".into(),
        role: Role::Community,
        place: Place::Community { id: COMMUNITY },
    };
    world.hub.add_account(&new).unwrap();
    world.hub.account_id("somebody").unwrap()
}

fn two_communities() -> (World, Named) {
    let world = World::new();
    let grid = GridId::from_bytes([13; 16]);
    let named = Community {
        id: ELSEWHERE,
        name: "月光社区".into(),
        street: "西街".into(),
        county: "邻县".into(),
        code: String::new(),
    };
    let drawn = Grid { id: grid, community: ELSEWHERE, name: "甲".into(), code: String::new() };
    let facts = vec![CommunityFact::Named(named), CommunityFact::GridDrawn(drawn)];
    let units = vec![listed(DwellingId::from_bytes([201; 16]), grid, "1")];
    world
        .hub
        .act(Act { by: LEAD, community: ELSEWHERE, units, facts, request: None, reason: String::new() })
        .unwrap();
    let (mut phone, home) = (world.phone(WORKERS[0]), Unit::Household(HOUSEHOLDS[0]));
    let visit = phone.visit(0);
    phone.say(&world.hub, home, visit);
    let of = (COMMUNITY, DRAW);
    world.hub.draw_recheck(LEAD, of, "2026Q3".parse().unwrap(), (Method::Lot, 1)).unwrap();
    let on = "2026-07-01".parse().unwrap();
    let entered = Entered { nth: 0, round: 1, answer: Answer::Denied, by_phone: true, on, checker: None };
    world.hub.answer_recheck(LEAD, COMMUNITY, DRAW, entered).unwrap();
    let reply_by = "2026-07-09".parse().unwrap();
    let finding = world.hub.ask_account(LEAD, COMMUNITY, (DRAW, 0), reply_by, "请说明").unwrap();
    let step = LineStep::Proposed(Box::new(LineProposal {
        kind: LineKind::Review,
        rule: "D1b-20".parse().unwrap(),
        quote: "四·3".into(),
        amount: Amount::Unset,
        ground: Ground::Finding(finding),
        released: Vec::new(),
        reply_by,
    }));
    let event = LineEvent { line: LINE, worker: WORKERS[0], step, by: By::Desk(LEAD) };
    world.hub.office(move |desk| desk.tell(LEAD, COMMUNITY, ToWorker::Line(event), "拟")).unwrap();
    let sheet = "网格,地址,户主\n第1网格,阳光小区9幢1单元101室,王红\n";
    let preview = world.hub.preview_import(COMMUNITY, "a.csv", sheet.as_bytes(), HandMap::default()).unwrap();
    let import = world.hub.commit_import(LEAD, preview, None).unwrap().import;
    let upload = world.hub.upload_roster(LEAD, COMMUNITY, "a.csv", sheet.into()).unwrap();
    let question = Question {
        id: QUESTION,
        zh: "阳光房里有燃气吗".into(),
        en: String::new(),
        department: "消防".into(),
        purpose: "安检".into(),
        basis: "条例".into(),
        asked_of: AskedOf::Everyone,
        from: "2026-07-01".parse().unwrap(),
        until: "2026-09-30".parse().unwrap(),
        kind: AnswerKind::YesNo,
        prefill: false,
        once_per: Cadence::Quarter,
    };
    world.act(Vec::new(), vec![CommunityFact::QuestionOpened(question)]);
    see_granted(&world);
    let account = other_account(&world);
    (world, Named { finding, import, upload, account })
}

fn place(role: Role, own: bool) -> Place {
    let (county, street) = if own { ("某县", "东街") } else { ("邻县", "西街") };
    match role {
        Role::Community => Place::Community { id: if own { COMMUNITY } else { ELSEWHERE } },
        Role::Street => Place::Street { county: county.into(), street: street.into() },
        _ => Place::County { county: county.into() },
    }
}

fn path(named: Named, route: &str, query: &str) -> String {
    let filled = [
        ("{home}", format!("h-{}", HOUSEHOLDS[0])),
        ("{draw}", DRAW.to_string()),
        ("{nth}", "0".into()),
        ("{line}", LINE.to_string()),
        ("{question}", QUESTION.to_string()),
        ("{case}", CASE.to_string()),
        ("{worker}", WORKERS[0].to_string()),
        ("{finding}", named.finding.to_string()),
        ("{import}", named.import.to_string()),
        ("{upload}", named.upload.to_string()),
        ("{account}", named.account.to_string()),
        ("{id}", "01920000-0000-7000-8000-000000000001".into()),
    ];
    let route = filled.iter().fold(route.to_owned(), |route, (name, value)| route.replace(name, value));
    format!("{route}{query}")
}

#[tokio::test]
async fn every_page_and_form_answers_each_role_as_the_table_says() {
    let (world, named) = two_communities();
    for (nth, (role, code, _)) in Role::ALL.into_iter().enumerate() {
        let mut browser = Browser::signed_in(&world.hub, &format!("own{nth}"), role, place(role, true)).await;
        for (route, wants) in PAGES {
            let answer = browser.get(&path(named, route, "")).await;
            let wanted = match (may(role, wants), route) {
                // An upload is its owner's alone: for anybody else it is gone.
                (true, route) if route.contains("{upload}") => StatusCode::NOT_FOUND,
                // What was drawn by lot has no card.
                (true, "/spot-checks/{draw}/card/{nth}") => StatusCode::NOT_FOUND,
                // An address that does not say what is to be adopted; a file of a community that adopted nothing.
                (true, "/policy/adopt" | "/policy/adoption.toml") => StatusCode::NOT_FOUND,
                (true, _) => StatusCode::OK,
                // An administrator lands on a page of his own.
                (false, "/") => StatusCode::SEE_OTHER,
                (false, _) => StatusCode::FORBIDDEN,
            };
            assert_eq!(answer.status, wanted, "{code} GET {route}");
        }
        for (route, wants) in FORMS {
            let status = browser.post(&path(named, route, ""), &[("reason", "check")]).await.status;
            assert_eq!(status == StatusCode::FORBIDDEN, !may(role, wants), "{code} POST {route}: {status}");
            assert!(!status.is_server_error(), "{code} POST {route}: {status}");
        }
    }
}

#[tokio::test]
async fn nothing_of_another_place_is_shown_or_done_whatever_the_address_says() {
    let (world, named) = two_communities();
    let query = format!("?community={COMMUNITY}");
    for (nth, (role, code, _)) in Role::ALL.into_iter().enumerate() {
        let mut browser =
            Browser::signed_in(&world.hub, &format!("far{nth}"), role, place(role, false)).await;
        for (route, _) in PAGES.into_iter().filter(|(_, wants)| is_of_a_place(*wants)) {
            let answer = browser.get(&path(named, route, &query)).await;
            assert_ne!(answer.status, StatusCode::OK, "{code} GET {route}");
            assert!(!answer.status.is_server_error(), "{code} GET {route}");
            assert!(!answer.html().contains("阳光"), "{code} GET {route}");
        }
        for (route, _) in FORMS.into_iter().filter(|(_, wants)| is_of_a_place(*wants)) {
            let status =
                browser.post(&path(named, route, &query), &[("reason", "check"), ("size", "1")]).await.status;
            assert!(
                [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&status),
                "{code} POST {route}: {status}"
            );
        }
        // A household or a draw of the other community, asked for as one's own.
        for (route, _) in
            PAGES.into_iter().filter(|(route, wants)| route.contains('{') && is_of_a_place(*wants))
        {
            let own = browser.get(&path(named, route, "")).await;
            assert!([StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&own.status), "{code} {route}");
        }
        for (route, _) in
            FORMS.into_iter().filter(|(route, wants)| route.contains('{') && is_of_a_place(*wants))
        {
            let own = browser.post(&path(named, route, ""), &DOABLE).await;
            assert!([StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&own.status), "{code} {route}");
        }
    }
}

#[tokio::test]
async fn signed_out_every_page_leads_to_the_sign_in_and_no_form_is_taken() {
    let (world, named) = two_communities();
    let mut browser = Browser::new(&world.hub);
    for (route, _) in PAGES {
        let answer = browser.get(&path(named, route, "")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "GET {route}");
        assert!(answer.location().starts_with("/login?next="));
    }
    for (route, _) in FORMS {
        assert_eq!(
            browser.post(&path(named, route, ""), &[]).await.status,
            StatusCode::UNAUTHORIZED,
            "POST {route}"
        );
    }
}

#[test]
fn no_route_is_missing_from_the_table() {
    let source = include_str!("../../src/desk.rs");
    let routes: Vec<&str> =
        source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(16 < routes.len());
    let known = |route: &str| {
        let home = route.replace("{unit}", "{home}");
        APART.contains(&route) || PAGES.iter().chain(&FORMS).any(|(known, _)| *known == home)
    };
    let missing: Vec<_> = routes.iter().filter(|route| !known(route)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
