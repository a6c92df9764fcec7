//! The rights desk: a case from the public page to the answer, identities that are not shown, erasing, who sees what.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::category::Scalar;
use ruhu_core::ids::{AccountId, RightsId};
use ruhu_core::roster::Unit;
use ruhu_server::access::{Place, Role};
use ruhu_server::office::rights::{NewCase, Take};
use ruhu_server::rights::{Channel, Kind, Ruling, Shown, State, Step};
use ruhu_server::storage::StorageError;
use ruhu_server::storage::accounts::LogKind;
use ruhu_server::storage::rights::{CaseRow, CaseWords, StepRow};

use super::acting::{hidden, said};
use super::browser::{Browser, PASSWORD};
use super::world::{COMMUNITY, DOORS, HOUSEHOLDS, LEAD, WORKERS, World};

/// A case of [`see_granted`].
pub(super) const CASE: RightsId = RightsId::from_bytes([80; 16]);
pub(super) const PERSON: &str = "01920000-0000-7000-8000-000000000001";

pub(super) fn asked(kind: Kind, contact: &str, words: &str) -> NewCase {
    NewCase {
        id: CASE,
        community: COMMUNITY,
        unit: HOUSEHOLDS[0].to_string(),
        kind,
        channel: Channel::Counter,
        contact: contact.into(),
        words: words.into(),
    }
}

/// The resident of the first household may see the own record.
pub(super) fn see_granted(world: &World) {
    granted(world, asked(Kind::See, "", ""));
}

pub(super) fn granted(world: &World, new: NewCase) {
    let case = new.id;
    world.hub.note_case(LEAD, new).unwrap();
    for (seen, step) in (0..).zip([Step::Identified(Shown::Known), Step::Decided(Ruling::Granted)]) {
        let take = Take { by: LEAD, community: COMMUNITY, case, seen, words: String::new() };
        world.hub.step_case(take, step).unwrap();
    }
}

pub(super) async fn signed_in(world: &World, name: &str, role: Role) -> Browser {
    let place = match role {
        Role::Auditor => Place::County { county: "某县".into() },
        _ => Place::Community { id: COMMUNITY },
    };
    Browser::signed_in(&world.hub, name, role, place).await
}

pub(super) fn kept(world: &World, id: RightsId) -> (CaseRow, Vec<StepRow>, CaseWords) {
    let read = |tx: &ruhu_server::storage::Tx<'_>| -> Result<_, StorageError> {
        Ok((tx.case(id)?.unwrap(), tx.case_steps(id)?, tx.case_words(id)?))
    };
    world.hub.storage().read(read).unwrap()
}

pub(super) fn state(world: &World, id: RightsId) -> State {
    State::after(kept(world, id).1.iter().map(|one| one.step))
}

pub(super) fn written_down(world: &World) {
    let fields = [("name", "王建国"), ("phone", "13912345678"), ("sex", "male")];
    let fields = fields.map(|(key, value)| (format!("m/{PERSON}/{key}"), Scalar::Str(value.into())));
    world.hub.edit_fields(Unit::Household(HOUSEHOLDS[0]), fields.to_vec(), LEAD).unwrap();
}

fn audits(world: &World) -> Vec<String> {
    let rows = world.hub.storage().read(|tx| tx.logged(LogKind::Audit, None, 200)).unwrap();
    rows.into_iter().map(|(.., row)| format!("{} {}", row.what, row.target)).collect()
}

pub(super) fn looks(world: &World) -> Vec<String> {
    let rows = world.hub.storage().read(|tx| tx.logged(LogKind::Access, None, 200)).unwrap();
    rows.into_iter().map(|(.., row)| row.what).collect()
}

/// The path of the one case in the list.
async fn first_case(browser: &mut Browser) -> String {
    let links = browser.get("/rights").await.links();
    let (href, _) = links.into_iter().find(|(href, _)| href.starts_with("/rights/0")).unwrap();
    href.split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_number_left_on_the_public_page_is_called_identified_decided_done_and_answered() {
    let world = World::new();
    written_down(&world);
    let mut resident = Browser::new(&world.hub);
    let page = resident.get("/resident").await.html();
    let left = [
        ("id", hidden(&page, "id")),
        ("community", COMMUNITY.to_string()),
        ("kind", "see".into()),
        ("contact", "13812345678".into()),
        ("website", String::new()),
    ];
    let left: Vec<(&str, &str)> = left.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let sent = resident.post("/resident", &left).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html());
    let thanks = resident.get(sent.location()).await.html();
    assert!(
        thanks.contains("2026-0001") && thanks.contains("2026-07-22") && !thanks.contains("138"),
        "{thanks}"
    );

    let mut lead = signed_in(&world, "lifang", Role::Community).await;
    let waiting = lead.get("/waiting").await.html();
    assert!(waiting.contains("居民权利申请 1 件待办,其中逾期 0 件"), "{waiting}");
    let list = lead.get("/rights").await.html();
    assert!(
        list.contains("2026-0001") && list.contains("未定是哪一户") && list.contains("公开网页"),
        "{list}"
    );
    let case = first_case(&mut lead).await;
    let html = lead.get(&case).await.html();
    assert!(html.contains("138****5678") && !html.contains("13812345678"), "{html}");
    let early = lead.post(&case, &[("act", "identified"), ("outcome", "call-back"), ("seen", "0")]).await;
    assert!(said(&early.html()).contains("请先确定是哪一户"));
    let home = [("act", "household"), ("unit", "阳光小区3栋2单元101室"), ("seen", "0")];
    assert_eq!(lead.post(&case, &home).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        lead.get(&format!("{case}/sheet")).await.status,
        StatusCode::NOT_FOUND,
        "nobody knows yet who asks"
    );
    let behind = lead.post(&case, &[("act", "identified"), ("outcome", "call-back"), ("seen", "0")]).await;
    assert!(
        said(&behind.html()).contains("已有新的办理"),
        "checked for another household than the one it is now"
    );
    let steps = [
        vec![("act", "identified"), ("outcome", "call-back"), ("seen", "1")],
        vec![("act", "decided"), ("outcome", "granted"), ("seen", "2")],
    ];
    for form in steps {
        let done = lead.post(&case, &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{form:?} {}", done.html());
        assert!(said(&lead.get(done.location()).await.html()).contains("已记下"));
    }
    let sheet = lead.get(&format!("{case}/sheet")).await.html();
    assert!(sheet.contains("王建国") && sheet.contains("13912345678") && sheet.contains(">男<"), "{sheet}");
    assert!(sheet.find(">姓名<") < sheet.find(">性别<"), "in the order of the register");
    assert!(sheet.contains("2026-0001 号申请 · 2026-07-01 · 账号lifang"), "{sheet}");
    assert!(sheet.contains("打开查阅表,给本人"), "who looked stands on it, this look too");
    let xlsx = lead.get(&format!("{case}/sheet.xlsx")).await;
    assert!(xlsx.bytes.starts_with(b"PK"));
    assert_eq!(looks(&world).iter().filter(|what| *what == "rights.sheet").count(), 2);
    lead.post(&case, &[("act", "done"), ("seen", "3")]).await;
    let stale = lead.post(&case, &[("act", "done"), ("seen", "3")]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&stale.html()).contains("已有新的办理"));
    lead.post(&case, &[("act", "answered"), ("outcome", "phone"), ("words", "已电话告知"), ("seen", "4")])
        .await;
    let html = lead.get(&case).await.html();
    assert!(
        html.contains("已答复 · 电话") && !html.contains("class=\"forms\"") && !html.contains("已电话告知"),
        "{html}"
    );
    let shown = lead.post(&case, &[("act", "reveal"), ("reason", "resident")]).await.html();
    assert!(shown.contains("13812345678") && shown.contains("已电话告知"));
    assert!(looks(&world).contains(&"rights.reveal.resident".to_owned()));
    assert!(lead.get("/rights").await.html().contains("这里没有申请"));
    assert!(lead.get("/rights?state=over&kind=see").await.html().contains("2026-0001"));
    let log = audits(&world);
    for step in ["received", "household", "identified", "decided", "done", "answered"] {
        assert!(log.iter().any(|row| row.starts_with(&format!("rights.{step} "))), "{step}: {log:?}");
    }
    assert!(
        !log.iter().any(|row| row.contains("138") || row.contains("告知")),
        "ids and codes alone: {log:?}"
    );

    world.clock.forward(Duration::days(29));
    assert_eq!(world.hub.drop_old_contacts().unwrap(), 0);
    world.clock.forward(Duration::days(1));
    assert_eq!(world.hub.drop_old_contacts().unwrap(), 1);
    assert_eq!(kept(&world, case.trim_start_matches("/rights/").parse().unwrap()).2.contact, None);
}

#[tokio::test]
async fn who_does_not_show_who_he_is_is_told_so_and_nothing_else_can_follow() {
    let world = World::new();
    let mut lead = signed_in(&world, "lifang", Role::Community).await;
    world.hub.note_case(LEAD, asked(Kind::Delete, "13812345678", "全部删除")).unwrap();
    let case = format!("/rights/{CASE}");
    let none = lead.post(&case, &[("act", "not-shown"), ("words", "说不出住址"), ("seen", "0")]).await;
    assert_eq!(none.status, StatusCode::SEE_OTHER);
    for form in [
        vec![("act", "decided"), ("outcome", "granted"), ("seen", "1")],
        vec![("act", "done"), ("words", "好"), ("seen", "1")],
        vec![("act", "erase"), ("what", "household"), ("seen", "1"), ("prove-password", PASSWORD)],
    ] {
        let refused = lead.post(&case, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
        assert!(said(&refused.html()).contains("现在不能办这一步"), "{form:?}");
    }
    lead.post(&case, &[("act", "answered"), ("outcome", "not-reached"), ("seen", "1")]).await;
    assert_eq!(state(&world, CASE), State::Answered);
}

#[tokio::test]
async fn a_refusal_names_the_article_and_the_reason_and_is_told_and_a_resident_may_take_a_request_back() {
    let world = World::new();
    let mut lead = signed_in(&world, "lifang", Role::Community).await;
    let page = lead.get(&format!("/rights/new?unit=h-{}", HOUSEHOLDS[0])).await.html();
    assert!(page.contains("阳光小区3栋2单元101室"), "{page}");
    let id = hidden(&page, "id");
    let unit = hidden(&page, "unit");
    let mut form = vec![("id", id.as_str()), ("unit", &unit), ("kind", "delete"), ("channel", "slip")];
    let refused =
        lead.post("/rights/new", &[&form[..], &[("contact", "电话"), ("words", "请删")]].concat()).await;
    assert!(
        said(&refused.html()).contains("回拨") && refused.html().contains(">请删</textarea>"),
        "{}",
        refused.html()
    );
    form.push(("words", "请删"));
    let noted = lead.post("/rights/new", &form).await;
    let twice = lead.post("/rights/new", &form).await;
    assert_eq!(noted.location(), twice.location(), "the same form twice is one case");
    assert_eq!(world.hub.storage().read(|tx| tx.cases_of(COMMUNITY)).unwrap().len(), 1);
    let case = format!("/rights/{id}");
    lead.post(&case, &[("act", "identified"), ("outcome", "document"), ("seen", "0")]).await;
    let decide = [("act", "decided"), ("outcome", "refused"), ("seen", "1")];
    let bare = lead.post(&case, &[&decide[..], &[("words", "法定保存期未满")]].concat()).await.html();
    assert!(said(&bare).contains("依据的法律条文") && bare.contains(">法定保存期未满</textarea>"), "{bare}");
    assert!(bare.contains("value=\"refused\" selected"), "what was chosen stays: {bare}");
    let mute = lead.post(&case, &[("act", "decided"), ("outcome", ""), ("seen", "1")]).await.html();
    assert!(said(&mute).contains("请先选择"), "{mute}");
    let full = [&decide[..], &[("article", "第四十七条第二款"), ("words", "法定保存期未满")]].concat();
    assert_eq!(lead.post(&case, &full).await.status, StatusCode::SEE_OTHER);
    let words = kept(&world, id.parse().unwrap()).2.steps;
    assert_eq!(words, [(2, "第四十七条第二款 · 法定保存期未满".to_owned())]);
    let taken_back = lead.post(&case, &[("act", "withdrawn"), ("seen", "2")]).await;
    assert_eq!(taken_back.status, StatusCode::UNPROCESSABLE_ENTITY, "a refusal has to be told");
    lead.post(&case, &[("act", "answered"), ("outcome", "letter"), ("seen", "2")]).await;
    assert_eq!(state(&world, id.parse().unwrap()), State::Answered);
    world.hub.note_case(LEAD, asked(Kind::See, "", "")).unwrap();
    lead.post(&format!("/rights/{CASE}"), &[("act", "withdrawn"), ("seen", "0")]).await;
    assert_eq!(state(&world, CASE), State::Withdrawn);
}

#[tokio::test]
async fn visits_stop_until_a_day_within_a_year_and_the_phone_is_told() {
    let world = World::new();
    granted(&world, asked(Kind::Stop, "", ""));
    let mut lead = signed_in(&world, "lifang", Role::Community).await;
    let case = format!("/rights/{CASE}");
    let html = lead.get(&case).await.html();
    assert!(html.contains("整季(重点户:整月)都在请勿打扰之内的"), "it is said what it does to the duty");
    let late = lead.post(&case, &[("act", "stop"), ("until", "2027-07-02"), ("seen", "2")]).await;
    assert!(said(&late.html()).contains("十二个月之内") && late.html().contains("value=\"2027-07-02\""));
    let done = lead.post(&case, &[("act", "stop"), ("until", "2026-12-31"), ("seen", "2")]).await;
    assert!(said(&lead.get(done.location()).await.html()).contains("请勿打扰"));
    assert!(kept(&world, CASE).1.last().unwrap().entry.is_some(), "the case knows the entry");
    let home = lead.get(&format!("/household/h-{}", HOUSEHOLDS[0])).await.html();
    assert!(home.contains("2026-12-31"), "{home}");
}

#[tokio::test]
async fn a_correction_in_the_record_is_noted_by_its_entry_or_by_hand() {
    let world = World::new();
    granted(&world, asked(Kind::Correct, "", "电话写错了"));
    let mut lead = signed_in(&world, "lifang", Role::Community).await;
    let mute = lead.post(&format!("/rights/{CASE}"), &[("act", "done"), ("seen", "2")]).await;
    assert!(said(&mute.html()).contains("请写明"));
    let case = lead.get(&format!("/rights/{CASE}")).await;
    let (href, _) = case.links().into_iter().find(|(_, words)| words == "去更正户情").unwrap();
    assert!(lead.get(&href).await.html().contains("办理一件居民权利申请"));
    let form = href.replace("/record?", "/record/reveal?");
    let open = lead.post(&form, &[("reason", "record")]).await.html();
    assert!(open.contains("value=\"resident\" selected"), "the resident's word: {open}");
    let save = [
        ("act", "save"),
        ("reason", "record"),
        ("source", "resident"),
        ("was/p/phone", ""),
        ("now/p/phone", "13900000002"),
    ];
    // Of another household nothing is done, whatever the address says; nor with a page that is behind.
    let other = href.replace(&HOUSEHOLDS[0].to_string(), &HOUSEHOLDS[1].to_string());
    assert_eq!(lead.post(&other, &save).await.status, StatusCode::NOT_FOUND);
    let behind = lead.post(&href.replace("seen=2", "seen=1"), &save).await;
    assert!(said(&behind.html()).contains("已有新的办理"), "{}", behind.html());
    assert!(kept(&world, CASE).1.iter().all(|one| one.step != Step::Done), "nothing was saved");
    let saved = lead.post(&href, &save).await;
    assert!(saved.location().starts_with(&format!("/rights/{CASE}")), "{}", saved.location());
    let last = kept(&world, CASE).1.pop().unwrap();
    assert!(last.step == Step::Done && last.entry.is_some(), "the case knows the entry");
    let open = lead.post(&href, &save).await;
    assert_eq!(open.status, StatusCode::UNPROCESSABLE_ENTITY, "a form that arrives twice does nothing twice");
}

#[tokio::test]
async fn what_is_overdue_stands_first_and_is_marked() {
    let world = World::new();
    world.hub.note_case(LEAD, asked(Kind::See, "", "")).unwrap();
    world.clock.forward(Duration::days(22));
    let later = RightsId::from_bytes([81; 16]);
    world.hub.note_case(LEAD, NewCase { id: later, ..asked(Kind::Stop, "", "") }).unwrap();
    let mut lead = signed_in(&world, "lifang", Role::Community).await;
    let html = lead.get("/rights").await.html();
    assert!(html.find("2026-0001").unwrap() < html.find("2026-0002").unwrap());
    assert_eq!(html.matches("class=\"warn\">逾期").count(), 1, "{html}");
    assert!(!lead.get("/rights?state=overdue").await.html().contains("2026-0002"));
    assert!(lead.get("/waiting").await.html().contains("2 件待办,其中逾期 1 件"));
    assert_eq!(lead.get("/rights?state=lost").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_auditor_sees_the_steps_and_neither_number_nor_words() {
    let world = World::new();
    granted(&world, asked(Kind::See, "13812345678", "想看看"));
    let mut auditor = signed_in(&world, "shenji", Role::Auditor).await;
    let html = auditor.get(&format!("/rights/{CASE}")).await.html();
    assert!(html.contains("当面,工作人员认识本人") && html.contains("同意"), "{html}");
    for hidden in ["138", "想看看", "name=\"act\"", "掩码", "/sheet"] {
        assert!(!html.contains(hidden), "{hidden}: {html}");
    }
    let reveal = [("act", "reveal"), ("reason", "check")];
    assert_eq!(auditor.post(&format!("/rights/{CASE}"), &reveal).await.status, StatusCode::FORBIDDEN);
    let looked = auditor.get(&format!("/access?unit=h-{}", HOUSEHOLDS[0])).await.html();
    assert!(looked.contains("看了居民权利申请"), "{looked}");
}

#[tokio::test]
async fn the_sheet_tells_nothing_of_findings_and_of_workers_no_more_than_their_names() {
    let world = World::new();
    written_down(&world);
    let mut phone = world.phone(WORKERS[0]);
    let home = Unit::Household(HOUSEHOLDS[0]);
    let mut draft = phone.draft(home, DOORS[0]);
    draft.body.note = "老人换了电话".into();
    let visit = phone.visit_of(draft);
    phone.say(&world.hub, home, visit);
    let by = Take {
        by: AccountId::from_bytes([52; 16]),
        community: COMMUNITY,
        case: CASE,
        seen: 0,
        words: String::new(),
    };
    see_granted(&world);
    assert!(world.hub.step_case(by, Step::Done).is_err(), "an old page");
    let fact = ruhu_core::fact::Fact::KeyMark { key: true, on: "2026-07-01".parse().unwrap() };
    world.act(vec![ruhu_core::entry::UnitFact { unit: home, fact }], Vec::new());
    let mut lead = signed_in(&world, "lifang", Role::Community).await;
    let html = lead.get(&format!("/rights/{CASE}/sheet")).await.html();
    assert!(
        html.contains("老人换了电话") && html.contains("工作者21") && html.contains("纳入重点户"),
        "{html}"
    );
    assert!(!html.contains("测试"), "reasons of decisions are the office's own words: {html}");
}
