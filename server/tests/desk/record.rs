//! 户情 on the desk: looked at masked, opened for a reason, corrected, chosen, taken back.

use axum::http::StatusCode;
use chrono::{DateTime, Duration};
use ruhu_core::category::{Category, Scalar};
use ruhu_core::entry::{Contents, DocSkeleton, EditSource, Payload};
use ruhu_core::ids::PersonId;
use ruhu_core::profile::Profile;
use ruhu_core::roster::{By, Unit};
use ruhu_core::sync::wire::Verdict;
use ruhu_server::access::{Place, Role};
use ruhu_server::storage::accounts::LogKind;

use super::acting::{hidden, lead, said};
use super::browser::Browser;
use super::ledger::adopt;
use super::questions::CONFIRMED;
use super::world::{COMMUNITY, DOORS, HOUSEHOLDS, LEAD, WORKERS, World};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);
const HER: PersonId = PersonId::from_bytes([61; 16]);
const CHILD: PersonId = PersonId::from_bytes([62; 16]);

fn page() -> String {
    format!("/household/h-{}/record", HOUSEHOLDS[0])
}

/// A family of two, one of them in a category.
fn family(world: &World) {
    let since = format!("m/{HER}/c/{}/since", Category::Disabled.id());
    let fields = [
        ("p/head".to_owned(), HER.to_string()),
        ("p/phone".to_owned(), "13800000001".into()),
        ("p/tenure".to_owned(), "rented".into()),
        (format!("m/{HER}/name"), "欧阳静好".into()),
        (format!("m/{HER}/birth"), "1958".into()),
        (since, "2020-01-01".into()),
        (format!("m/{CHILD}/name"), "欧阳小满".into()),
        (format!("m/{CHILD}/birth"), "2020-03".into()),
    ];
    let fields = fields.into_iter().map(|(key, value)| (key, Scalar::Str(value))).collect();
    world.hub.edit_fields(HOME, fields, LEAD).unwrap();
}

/// What a phone changes on its own, building on nothing it was sent.
fn changed_apart(world: &World, worker: usize, key: &str, value: &str) {
    let mut phone = world.phone(WORKERS[worker]);
    let (salt, at) = (phone.salt(), world.clock.now());
    let fields = [(key.to_owned(), Scalar::from(value))];
    let change = Profile::new().edit(&fields, salt, at).unwrap().unwrap();
    let by = By::Worker(WORKERS[worker]);
    let skeleton = DocSkeleton { unit: HOME, by, change: change.hash, source: None };
    let verdict = phone.say(&world.hub, HOME, Payload::of_doc(&skeleton, change.bytes, salt));
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
}

fn stands(world: &World, key: &str) -> Vec<String> {
    let fields = world.hub.storage().read(|tx| ruhu_server::office::waiting::fields_of(tx, HOME)).unwrap();
    fields.get(key).map(|values| values.iter().map(ToString::to_string).collect()).unwrap_or_default()
}

fn looks(world: &World) -> Vec<String> {
    let rows = world.hub.storage().read(|tx| tx.logged(LogKind::Access, None, 100)).unwrap();
    rows.into_iter().map(|(.., row)| row.what).collect()
}

/// A form with one field typed into, and what the page sends along.
fn correction<'f>(was: &'f str, now: &'f str, names: &'f (String, String)) -> Vec<(&'f str, &'f str)> {
    vec![
        ("act", "save"),
        ("reason", "record"),
        ("source", "resident"),
        (names.0.as_str(), was),
        (names.1.as_str(), now),
    ]
}

fn names(key: &str) -> (String, String) {
    (format!("was/{key}"), format!("now/{key}"))
}

#[tokio::test]
async fn a_record_is_masked_until_a_reason_is_given_and_every_look_is_logged() {
    let world = World::new();
    adopt(&world, CONFIRMED);
    family(&world);
    let mut li = lead(&world).await;
    let masked = li.get(&page()).await.html();
    for secret in ["欧阳静好", "欧阳小满", "13800000001", "1958", "残疾", "2020-01-01"] {
        assert!(!masked.contains(secret), "{secret}");
    }
    assert!(
        masked.contains("欧*") && masked.contains("儿童, 6 岁") && masked.contains("138****0001"),
        "{masked}"
    );
    assert!(masked.contains("租住") && masked.contains("有服务对象信息"), "{masked}");
    assert!(!masked.contains("name=\"now/"), "nothing can be typed over a mask");
    let curious = li.post(&format!("{}/reveal", page()), &[("reason", "curious")]).await;
    assert_eq!(curious.status, StatusCode::BAD_REQUEST);
    let open = li.post(&format!("{}/reveal", page()), &[("reason", "record")]).await.html();
    for shown in ["欧阳静好", "欧阳小满", "13800000001", "残疾人", "残疾人保障法"] {
        assert!(open.contains(shown), "{shown}: {open}");
    }
    assert!(open.contains("name=\"now/p/phone\" value=\"13800000001\""), "{open}");
    assert_eq!(looks(&world), ["record.reveal.record", "record.view"]);
    let shenji = Place::Community { id: COMMUNITY };
    let mut auditor = Browser::signed_in(&world.hub, "shenji", Role::Auditor, shenji).await;
    let read = auditor.post(&format!("{}/reveal", page()), &[("reason", "check")]).await.html();
    assert!(read.contains("欧阳静好") && !read.contains("name=\"now/"), "looks and changes nothing: {read}");
}

#[tokio::test]
async fn a_correction_on_the_residents_word_says_so_keeps_what_stood_there_and_is_undone() {
    let world = World::new();
    family(&world);
    world.clock.forward(Duration::days(3));
    let mut li = lead(&world).await;
    let phone = names("p/phone");
    let nobody =
        [("act", "save"), ("reason", "record"), (phone.0.as_str(), "13800000001"), (phone.1.as_str(), "139")];
    let unsourced = li.post(&page(), &nobody).await;
    assert_eq!(unsourced.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = unsourced.html();
    assert!(
        said(&html).contains("请选择更正的依据") && html.contains("value=\"139\""),
        "what was typed stays"
    );
    let wrong = li.post(&page(), &correction("13800000001", "一三八", &phone)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = wrong.html();
    assert!(html.contains("电话应为 3 至 20 位数字") && html.contains("aria-invalid=\"true\""), "{html}");
    assert_eq!(stands(&world, "p/phone"), ["13800000001"], "nothing was changed");
    let saved = li.post(&page(), &correction("13800000001", "13900000002", &phone)).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let after = li.get(saved.location()).await.html();
    assert!(said(&after).contains("更正已保存") && after.contains("139****0002"), "{after}");
    assert!(after.contains("2026-07-04 办公端 · 居民本人要求"), "{after}");
    assert!(after.contains("138****0001"), "what stood there is kept, masked");
    assert_eq!(sources(&world).last(), Some(&Some(EditSource::Resident)), "signed with the entry");
    // A form that arrives twice does nothing twice.
    let again = li.post(&page(), &correction("13800000001", "13900000002", &phone)).await;
    assert!(said(&again.html()).contains("没有改动"));
    let undone = li.post(&page(), &[("act", "undo"), ("entry", &hidden(&after, "entry"))]).await;
    assert!(said(&li.get(undone.location()).await.html()).contains("已撤销"));
    assert_eq!(stands(&world, "p/phone"), ["13800000001"]);
    let late = li.post(&page(), &[("act", "undo"), ("entry", &hidden(&after, "entry"))]).await;
    assert!(said(&late.html()).contains("此后又有改动"), "taken back once");
}

/// On whose word each edit of the household was made.
fn sources(world: &World) -> Vec<Option<EditSource>> {
    world
        .hub
        .storage()
        .read(|tx| {
            let nr = tx.unit(HOME)?.unwrap().nr;
            let mut sources = Vec::new();
            for pos in tx.entries_of(nr)? {
                if let Ok(Contents::Doc { skeleton, .. }) = tx.entry(pos)?.unwrap().entry.payload.read() {
                    sources.push(skeleton.source);
                }
            }
            Ok::<_, ruhu_server::storage::StorageError>(sources)
        })
        .unwrap()
}

#[tokio::test]
async fn what_a_phone_changed_while_the_form_was_open_is_shown_beside_what_was_typed() {
    let world = World::new();
    family(&world);
    let mut li = lead(&world).await;
    let fields = vec![("p/phone".to_owned(), Scalar::from("13700000003"))];
    world.hub.edit_fields(HOME, fields, LEAD).unwrap();
    let phone = names("p/phone");
    let stale = li.post(&page(), &correction("13800000001", "13900000002", &phone)).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = stale.html();
    assert!(html.contains("别人已改为“13700000003”") && html.contains("value=\"13900000002\""), "{html}");
    assert!(
        html.contains("name=\"was/p/phone\" value=\"13700000003\""),
        "saved once more it is meant: {html}"
    );
    assert_eq!(stands(&world, "p/phone"), ["13700000003"]);
    // A field nobody typed into keeps what came meanwhile.
    let (phone, tenure) = (names("p/phone"), names("p/tenure"));
    let beside = [
        ("act", "save"),
        ("reason", "record"),
        ("source", "worker"),
        (phone.0.as_str(), "13800000001"),
        (phone.1.as_str(), "13800000001"),
        (tenure.0.as_str(), "rented"),
        (tenure.1.as_str(), "owned"),
    ];
    assert_eq!(li.post(&page(), &beside).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        (stands(&world, "p/phone"), stands(&world, "p/tenure")),
        (vec!["13700000003".into()], vec!["owned".into()])
    );
}

/// A form that chooses among the values it showed.
fn choosing<'f>(chosen: &'f str, shown: &[&'f str]) -> Vec<(&'f str, &'f str)> {
    let mut form =
        vec![("act", "save"), ("reason", "record"), ("source", "worker"), ("keep/p/phone", chosen)];
    form.extend(shown.iter().map(|value| ("side/p/phone", *value)));
    form
}

#[tokio::test]
async fn a_field_changed_apart_keeps_all_its_values_until_the_lead_who_saw_them_chooses_one() {
    let world = World::new();
    changed_apart(&world, 0, "p/phone", "13800000001");
    changed_apart(&world, 0, "p/phone", "13900000002");
    let mut li = lead(&world).await;
    let masked = li.get(&page()).await.html();
    assert!(masked.contains("两处同时修改") && !masked.contains("name=\"keep/"), "{masked}");
    assert!(!masked.contains("13900000002") && masked.contains("工作者21"), "{masked}");
    let open = li.post(&format!("{}/reveal", page()), &[("reason", "record")]).await.html();
    assert!(open.contains("value=\"=13800000001\"") && open.contains("value=\"=13900000002\""), "{open}");
    assert!(!open.contains("name=\"now/p/phone\""), "settled by choosing, not by typing");
    // A third value arrives that nobody was shown: neither choosing nor typing drops it unseen.
    let both = ["=13800000001", "=13900000002"];
    changed_apart(&world, 0, "p/phone", "13700000003");
    let unseen = li.post(&page(), &choosing("=13800000001", &both)).await;
    assert_eq!(unseen.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = unseen.html();
    assert!(html.contains("请在上面重新选定") && html.contains("value=\"=13700000003\""), "{html}");
    let phone = names("p/phone");
    let typed = li.post(&page(), &correction("13800000001", "13600000004", &phone)).await.html();
    assert!(typed.contains("您填的“13600000004”没有保存"), "{typed}");
    assert_eq!(stands(&world, "p/phone").len(), 3, "nothing was lost");
    let all = ["=13800000001", "=13900000002", "=13700000003"];
    let kept = li.post(&page(), &choosing("=13900000002", &all)).await;
    assert!(said(&li.get(kept.location()).await.html()).contains("更正已保存"));
    assert_eq!(stands(&world, "p/phone"), ["13900000002"]);
    let again = li.post(&page(), &choosing("=13800000001", &all)).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "settled once");
}

#[tokio::test]
async fn a_member_is_added_put_into_a_category_and_a_nameless_one_is_not() {
    let world = World::new();
    adopt(&world, CONFIRMED);
    family(&world);
    let mut li = lead(&world).await;
    let asked = li.post(&page(), &[("act", "new"), ("reason", "record")]).await.html();
    let new = asked
        .split("name=\"now/m/")
        .skip(1)
        .filter_map(|rest| rest.split('/').next())
        .find(|id| *id != HER.to_string() && *id != CHILD.to_string() && id.contains('-'));
    let new = new.expect("a blank member").to_owned();
    assert!(asked.contains("新成员"), "{asked}");
    let (name, relation) = (format!("m/{new}/name"), format!("m/{new}/relation"));
    let (name, relation) = (names(&name), names(&relation));
    let mut form = vec![("act", "save"), ("reason", "record"), ("source", "papers")];
    form.extend([
        (name.0.as_str(), ""),
        (name.1.as_str(), ""),
        (relation.0.as_str(), ""),
        (relation.1.as_str(), "丈夫"),
    ]);
    let nameless = li.post(&page(), &form).await;
    assert!(nameless.html().contains("请填写姓名"));
    form[4].1 = "司马大山";
    let adding = format!("add/{new}");
    let mut with = form.clone();
    (with[0].1, with[4].1) = ("add", "司马大山");
    with.push((adding.as_str(), "disabled"));
    let asked = li.post(&page(), &with).await.html();
    assert!(
        asked.contains(&format!("name=\"now/m/{new}/c/disabled/since\"")) && asked.contains("司马大山"),
        "{asked}"
    );
    let since = names(&format!("m/{new}/c/disabled/since"));
    form.extend([(since.0.as_str(), ""), (since.1.as_str(), "2021-05-06")]);
    assert_eq!(li.post(&page(), &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(stands(&world, &format!("m/{new}/name")), ["司马大山"]);
    assert_eq!(stands(&world, &format!("m/{new}/c/disabled/since")), ["2021-05-06"]);
    let html = li.post(&format!("{}/reveal", page()), &[("reason", "record")]).await.html();
    assert!(!html.contains(&format!("name=\"add/{CHILD}\"")), "a child is put into no category here");
    let born = names(&format!("m/{new}/birth"));
    let hers = names(&format!("m/{CHILD}/c/disabled/since"));
    assert!(
        li.post(&page(), &correction("", "2021-05-06", &hers))
            .await
            .html()
            .contains("14 岁以下儿童不列入类别"),
        "however the form was made"
    );
    let mut small = correction("", "2024-05-06", &born);
    let type_of = names(&format!("m/{new}/c/disabled/grade"));
    small.extend([(type_of.0.as_str(), ""), (type_of.1.as_str(), "1")]);
    let refused = li.post(&page(), &small).await.html();
    assert!(refused.contains("14 岁以下儿童不列入类别"), "by the birth that is typed along: {refused}");
    // Another category that nobody confirmed is not taken, however the form was made.
    let other = names(&format!("m/{HER}/c/migrant/since"));
    let forged = correction("", "2021-01-01", &other);
    let html = li.post(&page(), &forged).await.html();
    assert!(html.contains("没有这个类别"), "{html}");
}

#[tokio::test]
async fn a_visit_at_which_nothing_changed_confirms_what_stands_there_and_old_forms_ask_to_be_checked_again() {
    let world = World::new();
    adopt(&world, CONFIRMED);
    family(&world);
    world.clock.forward(Duration::days(4));
    let mut phone = world.phone(WORKERS[0]);
    let mut draft = phone.draft(HOME, DOORS[0]);
    draft.body.nothing_changed = true;
    let visit = phone.visit_of(draft);
    phone.say(&world.hub, HOME, visit);
    let mut li = lead(&world).await;
    let html = li.get(&page()).await.html();
    assert!(html.contains("2026-07-05 走访确认无变化"), "{html}");
    assert_eq!(world.clock.now(), "2026-07-05T01:00:00Z".parse::<DateTime<chrono::Utc>>().unwrap());
    world.clock.forward(Duration::days(800));
    li.sign_in_again("lifang").await;
    let open = li.post(&format!("{}/reveal", page()), &[("reason", "check")]).await.html();
    assert!(open.contains("应复核"), "{open}");
}

/// What the lead decides on the household's page, with a day and a reason.
async fn decided(li: &mut Browser, act: &str, on: &str, other: &str) -> super::browser::Answer {
    let path = format!("/household/h-{}/decide", HOUSEHOLDS[0]);
    li.post(&path, &[("act", act), ("on", on), ("other", other), ("reason", "居民到社区说明")]).await
}

#[tokio::test]
async fn a_household_that_left_ceased_moved_or_asks_for_quiet_is_noted_by_hand_and_taken_back() {
    let world = World::new();
    let mut li = lead(&world).await;
    let home = format!("/household/h-{}", HOUSEHOLDS[0]);
    let before = li.get(&home).await.html();
    assert!(before.contains("第1网格") && before.contains("迁出本社区"), "{before}");
    let later = decided(&mut li, "gone", "2026-07-02", "").await;
    assert_eq!(later.status, StatusCode::UNPROCESSABLE_ENTITY, "a day that has not come");
    let html = later.html();
    assert!(
        html.contains("value=\"2026-07-02\"") && html.contains("value=\"居民到社区说明\""),
        "kept: {html}"
    );
    let unsaid = decided(&mut li, "gone", "", "").await.html();
    assert!(said(&unsaid).contains("请选择日期"), "{unsaid}");
    let nowhere = decided(&mut li, "move", "2026-07-01", "月亮小区9栋").await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (act, other, words) in [
        ("gone", String::new(), "已登记迁出"),
        ("ceased", HOUSEHOLDS[1].to_string(), "已登记销户或并户"),
        ("move", DOORS[1].to_string(), "已登记迁居"),
    ] {
        let done = decided(&mut li, act, "2026-07-01", &other).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{act}: {}", done.html());
        let html = li.get(done.location()).await.html();
        assert!(said(&html).contains(words), "{act}: {html}");
        let undo = [("act", "undo"), ("entry", &*hidden(&html, "entry"))];
        let undone = li.post(&format!("{home}/decide"), &undo).await;
        let html = li.get(undone.location()).await.html();
        assert!(said(&html).contains("已撤销") && html.contains("第1网格"), "{act}: {html}");
    }
    let quiet = decided(&mut li, "quiet", "2027-06-30", "").await;
    assert!(said(&li.get(quiet.location()).await.html()).contains("已登记请勿打扰"));
    let too_long = decided(&mut li, "quiet", "2027-07-02", "").await;
    assert_eq!(too_long.status, StatusCode::UNPROCESSABLE_ENTITY, "twelve months at most");
}

#[tokio::test]
async fn a_form_never_clears_what_it_cannot_offer_such_as_a_head_who_left() {
    let world = World::new();
    family(&world);
    let left = vec![(format!("m/{HER}/left"), Scalar::from("2026-06-30"))];
    world.hub.edit_fields(HOME, left, LEAD).unwrap();
    let mut li = lead(&world).await;
    let open = li.post(&format!("{}/reveal", page()), &[("reason", "record")]).await.html();
    assert!(open.contains("已离户的成员"), "{open}");
    assert!(open.contains(&format!("<option value=\"{HER}\" selected>欧阳静好</option>")), "{open}");
}

#[tokio::test]
async fn what_was_emptied_stays_to_be_seen_by_whoever_audits_and_no_record_is_written_onto_a_door() {
    let world = World::new();
    family(&world);
    let fields = vec![
        (format!("m/{CHILD}/name"), Scalar::from("")),
        (format!("m/{CHILD}/birth"), Scalar::from("")),
        ("p/phone".to_owned(), Scalar::from("")),
    ];
    world.hub.edit_fields(HOME, fields, LEAD).unwrap();
    let shenji = Place::Community { id: COMMUNITY };
    let mut auditor = Browser::signed_in(&world.hub, "shenji", Role::Auditor, shenji).await;
    let read = auditor.post(&format!("{}/reveal", page()), &[("reason", "check")]).await.html();
    assert!(read.contains("13800000001") && read.contains("欧阳小满"), "{read}");
    let mut li = lead(&world).await;
    let door = format!("/household/v-{}/record", DOORS[0]);
    let phone = names("p/phone");
    let forged = li.post(&door, &correction("", "13900000002", &phone)).await;
    assert_eq!(forged.status, StatusCode::NOT_FOUND);
}
