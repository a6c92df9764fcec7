//! Whoever runs the machine names the communities: once each, never two alike, and seeing nothing that lies in them.

use axum::http::StatusCode;
use ruhu_server::access::{Place, Role};
use ruhu_server::storage::accounts::LogKind;

use super::acting::said;
use super::browser::Browser;
use super::world::World;

async fn runs(world: &World) -> Browser {
    Browser::signed_in(&world.hub, "xitong", Role::SystemAdmin, Place::Hub).await
}

const NEW: [(&str, &str); 4] =
    [("county", "某县"), ("street", " 西街街道 "), ("name", "月光社区"), ("code", "320000000001")];

#[tokio::test]
async fn a_community_is_set_up_once_and_then_seen_by_its_street() {
    let world = World::new();
    let mut runs = runs(&world).await;
    for (name, why) in [("county", "区县"), ("street", "街道"), ("name", "社区名称")] {
        let without: Vec<_> = NEW.into_iter().filter(|(field, _)| *field != name).collect();
        let answer = runs.post("/places", &without).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(said(&answer.html()).contains(why), "{name}");
        assert!(answer.html().contains("320000000001"), "what was typed stays");
    }
    let long = "社".repeat(41);
    let too_long = [NEW[0], NEW[1], ("name", long.as_str())];
    assert!(said(&runs.post("/places", &too_long).await.html()).contains("40"));
    let unseen = [NEW[0], ("street", "西\u{200b}街街道"), NEW[2]];
    assert_eq!(
        runs.post("/places", &unseen).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "looks alike, is not"
    );
    let made = runs.post("/places", &NEW).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.html());
    assert!(said(&runs.get(made.location()).await.html()).contains("开设账号"));
    let twice = runs.post("/places", &NEW).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&twice.html()).contains("同名"));
    assert_eq!(world.hub.storage().read(|tx| tx.communities()).unwrap().len(), 2);
    let street = Place::Street { county: "某县".into(), street: "西街街道".into() };
    let mut jie = Browser::signed_in(&world.hub, "jiedao", Role::Street, street).await;
    assert!(jie.get("/policy").await.html().contains("某县西街街道月光社区"));
    let logged = world.hub.storage().read(|tx| tx.logged(LogKind::Audit, None, 99)).unwrap();
    assert!(logged.iter().any(|(.., row)| row.what == "community.set-up"));
    assert!(world.hub.verify().unwrap().faults.is_empty());
}

#[tokio::test]
async fn a_community_is_renamed_into_no_other_and_nothing_changes_unseen() {
    let world = World::new();
    let mut runs = runs(&world).await;
    runs.post("/places", &NEW).await;
    let page = runs.get("/places").await.html();
    assert!(page.contains("阳光社区") && page.contains("月光社区"), "{page}");
    let change = page.split("/places?change=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = runs.get(&format!("/places?change={change}")).await.html();
    assert!(
        form.contains("阳光社区") && form.contains("原来的街道就看不到了"),
        "东街 stands before 西街: {form}"
    );
    let own =
        [("id", change.as_str()), ("county", "某县"), ("street", "东街"), ("name", "阳光社区"), ("code", "")];
    assert!(said(&runs.post("/places", &own).await.html()).contains("没有变化"));
    let taken = [own[0], own[1], ("street", "西街街道"), ("name", "月光社区"), own[4]];
    assert!(said(&runs.post("/places", &taken).await.html()).contains("同名"));
    let renamed = [own[0], own[1], own[2], ("name", "阳光第一社区"), own[4]];
    assert_eq!(runs.post("/places", &renamed).await.status, StatusCode::SEE_OTHER);
    assert!(runs.get("/places").await.html().contains("阳光第一社区"));
    for unknown in ["/places?change=x", "/places?change=01920000-0000-7000-8000-000000000001"] {
        assert_eq!(runs.get(unknown).await.status, StatusCode::NOT_FOUND);
    }
    let nobody = [("id", "01920000-0000-7000-8000-000000000001"), NEW[0], NEW[1], NEW[2]];
    assert_eq!(runs.post("/places", &nobody).await.status, StatusCode::NOT_FOUND);
    assert!(world.hub.verify().unwrap().faults.is_empty());
}
