//! The public page: no record, one case a form, a limit an hour, and nothing said about anybody.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::ids::{CommunityId, RightsId};
use ruhu_server::access::tries::LEFT_OF_ONE;

use super::acting::hidden;
use super::browser::Browser;
use super::rights::{CASE, see_granted};
use super::world::{COMMUNITY, World};

fn form(id: &str, contact: &str) -> Vec<(&'static str, String)> {
    vec![
        ("id", id.to_owned()),
        ("community", COMMUNITY.to_string()),
        ("kind", "stop".into()),
        ("contact", contact.to_owned()),
        ("website", String::new()),
    ]
}

async fn send(browser: &mut Browser, form: &[(&'static str, String)]) -> super::browser::Answer {
    let fields: Vec<(&str, &str)> = form.iter().map(|(key, value)| (*key, value.as_str())).collect();
    browser.post("/resident", &fields).await
}

fn cases(world: &World) -> usize {
    world.hub.storage().read(|tx| tx.cases_of(COMMUNITY)).unwrap().len()
}

#[tokio::test]
async fn the_page_opens_without_signing_in_in_both_languages_and_the_sign_in_leads_to_it() {
    let world = World::new();
    let mut browser = Browser::new(&world.hub);
    let page = browser.get("/resident").await.html();
    assert!(page.contains("阳光社区") && page.contains("怎样提出") && page.contains("人民法院"), "{page}");
    assert!(!page.contains("阳光小区"), "no address");
    let english = browser.get("/resident?lang=en").await.html();
    assert!(english.contains("Who visits, and why") && english.contains("Leave a number"));
    let mut lead = Browser::signed_in(
        &world.hub,
        "lifang",
        ruhu_server::access::Role::Community,
        ruhu_server::access::Place::Community { id: COMMUNITY },
    )
    .await;
    lead.post("/logout", &[]).await;
    assert!(lead.get("/login").await.links().iter().any(|(href, _)| href == "/resident"));
}

#[tokio::test]
async fn the_same_form_twice_is_one_case_and_the_id_of_anybody_elses_case_opens_none() {
    let world = World::new();
    see_granted(&world);
    let mut browser = Browser::new(&world.hub);
    let id = hidden(&browser.get("/resident").await.html(), "id");
    let first = send(&mut browser, &form(&id, "13812345678")).await;
    let second = send(&mut browser, &form(&id, "13812345678")).await;
    assert_eq!((first.location(), cases(&world)), (second.location(), 2));
    let foreign = send(&mut browser, &form(&CASE.to_string(), "13812345678")).await;
    assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.get(&format!("/resident?noted={CASE}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/resident?noted=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_what_was_typed_stays() {
    let world = World::new();
    let mut browser = Browser::new(&world.hub);
    let id = RightsId::from_bytes([90; 16]).to_string();
    for contact in ["", "打我电话", "12"] {
        let answer = send(&mut browser, &form(&id, contact)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{contact}");
        let html = answer.html();
        assert!(html.contains("id=\"s-contact-why\"") && html.contains(&format!("value=\"{id}\"")), "{html}");
        assert!(html.contains(&format!("value=\"{contact}\"")), "{html}");
    }
    let mut nowhere = form(&id, "13812345678");
    nowhere[1].1 = CommunityId::from_bytes([99; 16]).to_string();
    assert!(send(&mut browser, &nowhere).await.html().contains("请选择社区。"));
    let mut machine = form(&id, "13812345678");
    machine[4].1 = "http".into();
    let answer = send(&mut browser, &machine).await;
    assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.html().contains("应当留空"));
    let mut long = form(&id, "13812345678");
    long.push(("more", "x".repeat(5000)));
    assert_eq!(send(&mut browser, &long).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let across: Vec<(&str, &str)> = vec![("id", &id), ("kind", "see"), ("contact", "13812345678")];
    assert_eq!(browser.post_from("cross-site", "/resident", &across).await.status, StatusCode::FORBIDDEN);
    assert_eq!(cases(&world), 0);
}

#[tokio::test]
async fn a_machine_that_fills_in_forms_is_stopped_for_an_hour_and_locks_nobody_out_of_the_desk() {
    let world = World::new();
    let mut browser = Browser::new(&world.hub);
    for nth in 0..LEFT_OF_ONE {
        let id = world.hub.make_id::<RightsId>().to_string();
        assert_eq!(
            send(&mut browser, &form(&id, "13812345678")).await.status,
            StatusCode::SEE_OTHER,
            "{nth}"
        );
    }
    let id = world.hub.make_id::<RightsId>().to_string();
    let stopped = send(&mut browser, &form(&id, "13812345678")).await;
    assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(stopped.html().contains("一小时后再试") && stopped.html().contains("value=\"13812345678\""));
    assert_eq!(cases(&world), usize::try_from(LEFT_OF_ONE).unwrap());
    let place = ruhu_server::access::Place::Community { id: COMMUNITY };
    Browser::signed_in(&world.hub, "lifang", ruhu_server::access::Role::Community, place).await;
    world.clock.forward(Duration::minutes(61));
    assert_eq!(send(&mut browser, &form(&id, "13812345678")).await.status, StatusCode::SEE_OTHER);
}
