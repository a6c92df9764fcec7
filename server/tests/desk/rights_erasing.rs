//! Erasing what a resident asked to have erased: the dry run, the password, and what goes with it.

use axum::http::StatusCode;
use ruhu_core::category::Scalar;
use ruhu_core::ids::RightsId;
use ruhu_core::roster::Unit;
use ruhu_server::access::{Role, command_line};
use ruhu_server::erase::{Order, What};
use ruhu_server::office::rights::NewCase;
use ruhu_server::rights::{Kind, State};
use ruhu_server::storage::rights::CaseWords;

use super::acting::said;
use super::browser::PASSWORD;
use super::rights::{CASE, PERSON, asked, granted, kept, looks, signed_in, state, written_down};
use super::world::{DOORS, HOUSEHOLDS, LEAD, WORKERS, World};

#[tokio::test]
async fn an_erasure_shows_its_dry_run_asks_for_the_password_and_takes_the_words_of_every_case_along() {
    let world = World::new();
    written_down(&world);
    granted(&world, asked(Kind::Delete, "13812345678", "把王建国的删掉"));
    let other = RightsId::from_bytes([81; 16]);
    world.hub.note_case(LEAD, NewCase { id: other, ..asked(Kind::See, "13812345678", "王建国问") }).unwrap();
    let mut lead = signed_in(&world, "lifang", Role::Community).await;
    let case = format!("/rights/{CASE}");
    let dry = lead.get(&format!("{case}?erase=household")).await.html();
    assert!(dry.contains("试运行:整户") && dry.contains(">姓名<") && !dry.contains("王建国"), "{dry}");
    assert!(looks(&world).contains(&"rights.erase-preview".to_owned()));
    let erase = [("act", "erase"), ("what", "household"), ("seen", "2")];
    let asks = lead.post(&case, &erase).await;
    assert_eq!(asks.status, StatusCode::UNAUTHORIZED, "also a moment after signing in");
    assert!(asks.html().contains("name=\"prove-password\""));
    let done = lead.post(&case, &[&erase[..], &[("prove-password", PASSWORD)]].concat()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html());
    let html = lead.get(done.location()).await.html();
    assert!(said(&html).contains("已删除") && html.contains("删除决定第 1 号"), "{html}");
    for id in [CASE, other] {
        let (row, _, words) = kept(&world, id);
        // Whoever asked for it still has to be told; of everything else nothing is left.
        let contact = (id == CASE).then(|| "13812345678".to_owned());
        assert!(words == CaseWords { contact, ..CaseWords::default() });
        assert_eq!(
            (row.unit, row.due.to_string()),
            (Some(Unit::Household(HOUSEHOLDS[0])), "2026-07-22".into())
        );
    }
    let steps = kept(&world, CASE).1;
    assert_eq!(steps.last().unwrap().erasure, Some(1), "the case remembers by which decision");
    assert_eq!(
        world.hub.storage().read(|tx| tx.erasures()).unwrap()[0].cause,
        "居民权利申请 2026-0001(个人信息保护法第四十七条)"
    );
    let again = lead.post(&case, &[&erase[..], &[("prove-password", PASSWORD)]].concat()).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.hub.storage().read(|tx| tx.last_erasure()).unwrap(), 1);
    assert_eq!(world.hub.verify().unwrap().faults, []);
    // What is said afterwards is kept again.
    lead.post(&case, &[("act", "answered"), ("outcome", "letter"), ("words", "已寄回执"), ("seen", "3")])
        .await;
    assert_eq!(kept(&world, CASE).2.steps, [(4, "已寄回执".to_owned())]);
}

#[tokio::test]
async fn one_person_is_erased_and_the_rest_of_the_household_stays() {
    let world = World::new();
    written_down(&world);
    let other = "01920000-0000-7000-8000-000000000002";
    let field = (format!("m/{other}/name"), Scalar::Str("李小兰".into()));
    world.hub.edit_fields(Unit::Household(HOUSEHOLDS[0]), vec![field], LEAD).unwrap();
    let wife = RightsId::from_bytes([81; 16]);
    world.hub.note_case(LEAD, NewCase { id: wife, ..asked(Kind::See, "", "李小兰问") }).unwrap();
    granted(&world, asked(Kind::Delete, "", ""));
    let mut lead = signed_in(&world, "lifang", Role::Community).await;
    let case = format!("/rights/{CASE}");
    let dry = lead.get(&format!("{case}?erase={PERSON}")).await.html();
    assert!(dry.contains("试运行:王*<") && dry.contains("保留的项目"), "{dry}");
    assert_eq!(
        lead.get(&format!("{case}?erase=01920000-0000-7000-8000-000000000009")).await.status,
        StatusCode::NOT_FOUND
    );
    let erase = [("act", "erase"), ("what", PERSON), ("seen", "2"), ("prove-password", PASSWORD)];
    assert_eq!(lead.post(&case, &erase).await.status, StatusCode::SEE_OTHER);
    let home = format!("/household/h-{}/reveal", HOUSEHOLDS[0]);
    let html = lead.post(&home, &[("reason", "check")]).await.html();
    assert!(html.contains("李小兰") && !html.contains("王建国"), "{html}");
    assert_eq!(
        kept(&world, wife).2.words.as_deref(),
        Some("李小兰问"),
        "her own request is none of his erasure"
    );
}

#[tokio::test]
async fn what_is_erased_at_the_shell_takes_the_words_of_cases_along_too() {
    let world = World::new();
    written_down(&world);
    world.hub.note_case(LEAD, asked(Kind::See, "13812345678", "王建国问")).unwrap();
    let order = Order {
        unit: Unit::Household(HOUSEHOLDS[0]),
        what: What::Household,
        cause: "3号".into(),
        by: command_line(),
    };
    world.hub.erase(vec![order]).unwrap();
    assert!(kept(&world, CASE).2 == CaseWords::default());
    assert_eq!(state(&world, CASE), State::Received);
}

#[tokio::test]
async fn a_sheet_is_one_members_own_and_who_left_can_have_one_too() {
    let world = World::new();
    written_down(&world);
    let other = "01920000-0000-7000-8000-000000000002";
    let fields = [("name", "李小兰"), ("left", "2026-06-30")]
        .map(|(key, value)| (format!("m/{other}/{key}"), Scalar::Str(value.into())));
    world.hub.edit_fields(Unit::Household(HOUSEHOLDS[0]), fields.to_vec(), LEAD).unwrap();
    let mut phone = world.phone(WORKERS[0]);
    let mut draft = phone.draft(Unit::Household(HOUSEHOLDS[0]), DOORS[0]);
    draft.body.note = "李小兰说要搬走".into();
    let visit = phone.visit_of(draft);
    phone.say(&world.hub, Unit::Household(HOUSEHOLDS[0]), visit);
    granted(&world, asked(Kind::See, "", ""));
    let mut lead = signed_in(&world, "lifang", Role::Community).await;
    let case = format!("/rights/{CASE}");
    let html = lead.get(&case).await.html();
    assert!(html.contains("李* · → 2026-06-30 本人的查阅表"), "who left is asked about, too: {html}");
    let own = lead.get(&format!("{case}/sheet?of={PERSON}")).await.html();
    assert!(own.contains("王建国") && !own.contains("李小兰"), "neither fields nor words of others: {own}");
    let whole = lead.get(&format!("{case}/sheet")).await.html();
    assert!(whole.contains("李小兰说要搬走"), "{whole}");
    let nobody = lead.get(&format!("{case}/sheet?of=01920000-0000-7000-8000-000000000009")).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}
