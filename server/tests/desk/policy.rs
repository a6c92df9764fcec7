//! A street reads the rules of its communities, tries an adoption, and adopts what it saw; a community looks on.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::category::ConfirmedCategories;
use ruhu_core::community::{AdoptedRules, CommunityFact};
use ruhu_core::ids::CommunityId;
use ruhu_core::policy::VisitPolicy;
use ruhu_core::roster::Community;
use ruhu_server::access::{Place, Role};
use ruhu_server::ingest::office::Act;
use ruhu_server::office::adopting::Present;

use super::acting::{lead, said};
use super::browser::{Answer, Browser};
use super::world::{COMMUNITY, LEAD, World};

const BESIDE: CommunityId = CommunityId::from_bytes([3; 16]);

async fn street(world: &World) -> Browser {
    let place = Place::Street { county: "某县".into(), street: "东街".into() };
    Browser::signed_in(&world.hub, "jiedao", Role::Street, place).await
}

/// Another community of the same street.
fn beside(world: &World) {
    let named = Community {
        id: BESIDE,
        name: "月光社区".into(),
        street: "东街".into(),
        county: "某县".into(),
        code: String::new(),
    };
    let facts = vec![CommunityFact::Named(named)];
    let act =
        Act { by: LEAD, community: BESIDE, units: Vec::new(), facts, request: None, reason: String::new() };
    world.hub.act(act).unwrap();
}

/// The form that adopts what a page tried, with a reason.
fn confirm(tried: &Answer) -> Vec<(String, String)> {
    let html = tried.html();
    let form =
        html.split("value=\"adopt\">").nth(1).expect("a form that adopts").split("</form>").next().unwrap();
    let mut fields = vec![("act".to_owned(), "adopt".to_owned())];
    for hidden in form.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = hidden.split_once("\" value=\"").unwrap();
        let value = rest
            .split_once('"')
            .unwrap()
            .0
            .replace("&#34;", "\"")
            .replace("&#38;", "&")
            .replace("&#39;", "'");
        fields.push((name.to_owned(), value));
    }
    fields.push(("reason".to_owned(), "按街道决定".to_owned()));
    fields
}

async fn post(browser: &mut Browser, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    browser.post(path, &fields).await
}

fn adoptions(world: &World, community: CommunityId) -> usize {
    let file = world.hub.storage().read(|tx| tx.community(community)).unwrap().unwrap();
    file.facts().filter(|(.., fact)| matches!(fact, CommunityFact::PolicyAdopted(_))).count()
}

const VISITS: [(&str, &str); 5] = [
    ("act", "try"),
    ("take", "visits"),
    ("by", "东街街道办事处"),
    ("document_no", "东街发〔2026〕3号"),
    ("day", "2026-07-01"),
];
const TAKE: &str = "/policy/adopt?what=take&id=d1b-town-model";

#[tokio::test]
async fn a_street_tries_an_adoption_sees_what_changes_and_records_exactly_that_once() {
    let world = World::new();
    let mut jie = street(&world).await;
    let page = jie.get("/policy").await.html();
    for words in ["未采用文件·试行", "其中重點戶每月入戶一次", "劳动合同法", "扣發年終獎10%", "低保困难户"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(jie.get(TAKE).await.html().contains("走访"));
    for (name, why) in [("by", "采用机关"), ("day", "日期"), ("take", "至少选择一个部分")] {
        let without: Vec<_> = VISITS.into_iter().filter(|(field, _)| *field != name).collect();
        let answer = jie.post(TAKE, &without).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(said(&answer.html()).contains(why), "{name}");
        assert!(name == "by" || answer.html().contains("东街街道办事处"), "what was typed stays");
    }
    let tried = jie.post(TAKE, &VISITS).await;
    assert_eq!(tried.status, StatusCode::OK);
    assert!(tried.html().contains("走访规定自 2026-07-01 起生效"), "{}", tried.html());
    assert_eq!(adoptions(&world, COMMUNITY), 0, "tried is not adopted");
    let form = confirm(&tried);
    let unsaid: Vec<_> = form.iter().filter(|(name, _)| name != "reason").cloned().collect();
    assert_eq!(
        post(&mut jie, TAKE, &unsaid).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "without a reason"
    );
    let adopted = post(&mut jie, TAKE, &form).await;
    assert_eq!(adopted.status, StatusCode::SEE_OTHER, "{}", adopted.html());
    let page = jie.get(adopted.location()).await.html();
    assert!(said(&page).contains("已采用") && page.contains("东街街道办事处 东街发〔2026〕3号"), "{page}");
    assert!(page.contains("jiedao") && page.contains("生效"), "who recorded it stands in the history");
    let again = post(&mut jie, TAKE, &form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&again.html()).contains("规定已变动") && again.html().contains("没有变化"));
    assert_eq!(adoptions(&world, COMMUNITY), 1);
    let toml = jie.get("/policy/adoption.toml").await;
    assert!(toml.html().contains("wangge-adopt/1") && toml.html().contains("东街发〔2026〕3号"));
    // The community looks on.
    let mut li = lead(&world).await;
    let page = li.get("/policy").await.html();
    assert!(page.contains("由街道或区县的账号采用") && !page.contains("/policy/adopt?"), "{page}");
    assert!(world.hub.verify().unwrap().faults.is_empty());
}

#[tokio::test]
async fn a_rule_of_two_texts_is_a_conflict_that_names_both_and_records_nothing() {
    let world = World::new();
    let mut jie = street(&world).await;
    let leave = VISITS.map(|pair| if pair.0 == "take" { ("take", "leave") } else { pair });
    let tried = jie.post(TAKE, &leave).await;
    post(&mut jie, TAKE, &confirm(&tried)).await;
    let other = "/policy/adopt?what=take&id=d1a-shihu";
    let tried = jie.post(other, &leave).await.html();
    assert!(
        tried.contains("d1a-shihu") && tried.contains("d1b-town-model") && tried.contains("只取其一"),
        "{tried}"
    );
    assert!(!tried.contains("value=\"adopt\""), "what cannot be adopted has no button");
    // By hand all the same.
    let forced: Vec<(String, String)> = leave
        .into_iter()
        .filter(|(name, _)| *name != "act")
        .chain([("act", "adopt"), ("reason", "x"), ("seen", &"0".repeat(64))])
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(post(&mut jie, other, &forced).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(adoptions(&world, COMMUNITY), 1);
}

#[tokio::test]
async fn a_hold_is_lifted_by_a_document_a_question_by_a_choice_and_then_the_rule_has_effect() {
    let world = World::new();
    let mut jie = street(&world).await;
    let bonus: Vec<_> =
        VISITS.into_iter().map(|pair| if pair.0 == "take" { ("take", "bonus") } else { pair }).collect();
    let tried = jie.post(TAKE, &bonus).await;
    assert!(tried.html().contains("法律冲突 L-7"), "{}", tried.html());
    post(&mut jie, TAKE, &confirm(&tried)).await;
    let lift = "/policy/adopt?what=release&id=L-7";
    let page = jie.get(lift).await.html();
    assert!(page.contains("D1b-25") && page.contains("扣發年終獎10%"), "the rules it stands on: {page}");
    let bare = [("act", "try"), ("by", "东街街道办事处"), ("day", "2026-07-01")];
    assert!(said(&jie.post(lift, &bare).await.html()).contains("须写明文号"));
    let whole = [bare[0], bare[1], bare[2], ("document_no", "东街发〔2026〕4号")];
    let tried = jie.post(lift, &whole).await;
    assert!(tried.html().contains("不生效:待裁定"), "{}", tried.html());
    post(&mut jie, lift, &confirm(&tried)).await;
    let settle = "/policy/adopt?what=decide&id=X-06";
    assert!(said(&jie.post(settle, &bare).await.html()).contains("请选择一项"));
    let choice = [bare[0], bare[1], bare[2], ("choice", "error")];
    let tried = jie.post(settle, &choice).await;
    post(&mut jie, settle, &confirm(&tried)).await;
    let page = jie.get("/policy").await.html();
    assert!(page.contains("✓ error") && page.contains("东街发〔2026〕4号"), "{page}");
    let file = world.hub.storage().read(|tx| tx.community(COMMUNITY)).unwrap().unwrap();
    let policy = Present::of(&file).unwrap().policy.unwrap();
    assert_eq!(policy.choice("X-06"), Some("error"));
    assert!(policy.is_released("L-7"));
    // Settled otherwise: the setting is in force as before, and what was chosen is another.
    let otherwise = [bare[0], bare[1], bare[2], ("choice", "year")];
    let tried = jie.post(settle, &otherwise).await;
    assert!(tried.html().contains("~ X-06:error → year"), "{}", tried.html());
    assert_eq!(post(&mut jie, settle, &confirm(&tried)).await.status, StatusCode::SEE_OTHER);
    let renumbered = [bare[0], bare[1], bare[2], ("document_no", "东街发〔2026〕5号")];
    let tried = jie.post(lift, &renumbered).await;
    assert!(tried.html().contains("东街发〔2026〕4号 → 东街发〔2026〕5号"), "{}", tried.html());
    let stray = [bare[0], bare[1], bare[2], ("choice", "never")];
    assert!(jie.post(settle, &stray).await.html().contains("never"), "a choice nobody offers is named");
    for unknown in
        ["/policy/adopt?what=decide&id=X-99", "/policy/adopt?what=release&id=L-99", "/policy/adopt?what=x"]
    {
        assert_eq!(jie.get(unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
        assert_eq!(jie.post(unknown, &whole).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn a_category_is_confirmed_with_its_basis_and_one_under_a_hold_with_a_document() {
    let world = World::new();
    let mut jie = street(&world).await;
    let low = "/policy/adopt?what=confirm&id=low-income";
    let form = [("act", "try"), ("by", "东街街道办事处"), ("basis", "社会救助暂行办法第十条")];
    assert!(said(&jie.post(low, &form[..2]).await.html()).contains("依据"));
    let tried = jie.post(low, &form).await;
    assert!(tried.html().contains("低保困难户"), "{}", tried.html());
    post(&mut jie, low, &confirm(&tried)).await;
    assert!(jie.get("/policy").await.html().contains("社会救助暂行办法第十条"));
    let held = "/policy/adopt?what=confirm&id=childbearing-age";
    let tried = jie.post(held, &form).await.html();
    assert!(tried.contains("document_no") && !tried.contains("value=\"adopt\""), "{tried}");
    let refused = jie.post("/policy/adopt?what=confirm&id=hiv", &form).await;
    assert_ne!(refused.status, StatusCode::SEE_OTHER);
    assert!(!refused.html().contains("value=\"adopt\""));
}

#[tokio::test]
async fn several_communities_of_the_place_adopt_together_or_none_does() {
    let world = World::new();
    beside(&world);
    let mut jie = street(&world).await;
    let list = jie.get("/policy").await.html();
    assert!(list.contains("阳光社区") && list.contains("月光社区"), "{list}");
    let at = format!("{TAKE}&community={COMMUNITY}");
    let stranger = CommunityId::from_bytes([9; 16]).to_string();
    let both = BESIDE.to_string();
    let mut form = VISITS.to_vec();
    form.extend([("also", both.as_str()), ("also", stranger.as_str())]);
    let tried = jie.post(&at, &form).await;
    assert!(!confirm(&tried).iter().any(|(_, value)| *value == stranger), "of another place");
    let adopted = post(&mut jie, &at, &confirm(&tried)).await;
    assert_eq!(adopted.status, StatusCode::SEE_OTHER, "{}", adopted.html());
    assert_eq!((adoptions(&world, COMMUNITY), adoptions(&world, BESIDE)), (1, 1));
    // What one of them adopted since cannot be passed over by what was seen before.
    let archives =
        [VISITS[0], ("take", "archives"), VISITS[2], VISITS[3], VISITS[4], ("also", both.as_str())];
    let other = format!("/policy/adopt?what=take&id=d1a-shihu&community={COMMUNITY}");
    let seen_before = jie.post(&other, &archives).await;
    let alone = format!("/policy/adopt?what=take&id=d1a-shihu&community={BESIDE}");
    let tried = jie.post(&alone, &archives[..5]).await;
    assert_eq!(post(&mut jie, &alone, &confirm(&tried)).await.status, StatusCode::SEE_OTHER);
    let late = post(&mut jie, &other, &confirm(&seen_before)).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((adoptions(&world, COMMUNITY), adoptions(&world, BESIDE)), (1, 2), "none of it");
}

#[tokio::test]
async fn the_whole_file_is_edited_and_a_slip_is_told_with_its_line() {
    let world = World::new();
    let mut jie = street(&world).await;
    let tried = jie.post(TAKE, &VISITS).await;
    post(&mut jie, TAKE, &confirm(&tried)).await;
    world.clock.forward(Duration::days(1));
    jie.sign_in_again("jiedao").await;
    let whole = "/policy/adopt?what=file&id=";
    let text = jie.get("/policy/adoption.toml").await.html();
    assert!(jie.get(whole).await.html().contains("东街发〔2026〕3号"));
    let foreign = text.replace("阳光社区", "月光社区");
    let told = jie.post(whole, &[("act", "try"), ("text", &foreign)]).await.html();
    assert!(told.contains("文件写的社区是「月光社区」") && !told.contains("value=\"adopt\""), "{told}");
    let slip = format!("{text}\n[nonsense]\nx = 1\n");
    let told = jie.post(whole, &[("act", "try"), ("text", &slip)]).await.html();
    assert!(told.contains("adoption.toml:") && told.contains("nonsense"), "{told}");
    let (head, adopted) = text.split_once("[[adopt]]").unwrap();
    let dropped = format!("{head}[community]{}", adopted.split_once("[community]").unwrap().1);
    let tried = jie.post(whole, &[("act", "try"), ("text", &dropped)]).await;
    assert!(tried.html().contains("不再采用"), "{}", tried.html());
    assert_eq!(post(&mut jie, whole, &confirm(&tried)).await.status, StatusCode::SEE_OTHER);
    let page = jie.get("/policy").await.html();
    assert!(page.contains("d1b-town-model:31 项设置,采用 0 项"), "{page}");
    assert!(
        page.contains("下一季(2026-10-01 起):未采用文件·试行"),
        "this quarter is reckoned to its end: {page}"
    );
}

#[tokio::test]
async fn adopting_asks_for_the_password_again_and_goes_on_from_there() {
    let world = World::new();
    let mut jie = street(&world).await;
    world.clock.forward(Duration::minutes(20));
    let tried = jie.post(TAKE, &VISITS).await;
    assert_eq!(tried.status, StatusCode::OK, "trying asks for nothing");
    let asked = post(&mut jie, TAKE, &confirm(&tried)).await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    assert_eq!(adoptions(&world, COMMUNITY), 0);
    let mut with = confirm(&tried);
    with.push(("prove-password".to_owned(), super::browser::PASSWORD.to_owned()));
    assert_eq!(post(&mut jie, TAKE, &with).await.status, StatusCode::SEE_OTHER);
    assert_eq!(adoptions(&world, COMMUNITY), 1);
}

#[tokio::test]
async fn what_was_seen_on_another_day_is_shown_again_where_it_would_begin_later_now() {
    let world = World::new();
    let mut jie = street(&world).await;
    let tried = jie.post(TAKE, &VISITS).await;
    assert!(tried.html().contains("首个整季为 2026Q3"), "{}", tried.html());
    world.clock.forward(Duration::days(1));
    jie.sign_in_again("jiedao").await;
    let late = post(&mut jie, TAKE, &confirm(&tried)).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.html().contains("首个整季为 2026Q4"), "{}", late.html());
    assert_eq!(adoptions(&world, COMMUNITY), 0);
}

#[tokio::test]
async fn an_adoption_nobody_can_read_any_more_is_said_and_a_whole_file_takes_its_place() {
    let world = World::new();
    beside(&world);
    let rules = AdoptedRules {
        visits: VisitPolicy::default_trial(),
        categories: ConfirmedCategories::default(),
        adoption: "schema = \"wangge-adopt/0\"\n".into(),
    };
    let facts = vec![CommunityFact::PolicyAdopted(Box::new(rules))];
    let act =
        Act { by: LEAD, community: BESIDE, units: Vec::new(), facts, request: None, reason: String::new() };
    world.hub.act(act).unwrap();
    let mut jie = street(&world).await;
    assert!(jie.get("/policy").await.html().contains("阳光社区"), "the others are there all the same");
    let page = jie.get(&format!("/policy?community={BESIDE}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.html().contains("本版读不懂"), "{}", page.html());
    let whole = format!("/policy/adopt?what=file&id=&community={BESIDE}");
    let text = "schema = \"wangge-adopt/1\"\n[community]\nname = \"月光社区\"\ntimezone = \"Asia/Shanghai\"\nworkdays = \"cn-official\"\n";
    let tried = jie.post(&whole, &[("act", "try"), ("text", text)]).await;
    let adopted = post(&mut jie, &whole, &confirm(&tried)).await;
    assert_eq!(adopted.status, StatusCode::SEE_OTHER, "{}", adopted.html());
    assert!(!jie.get(&format!("/policy?community={BESIDE}")).await.html().contains("本版读不懂"));
}
