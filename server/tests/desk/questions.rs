//! A question is written, previewed, asked, answered on a phone, followed, handed on and closed, without a shell.

use std::io::Cursor;

use axum::http::{StatusCode, header};
use calamine::{Data, Reader, Xlsx};
use chrono::Duration;
use ruhu_core::category::{Category, Scalar};
use ruhu_core::community::CommunityFact;
use ruhu_core::ids::{PersonId, QuestionId};
use ruhu_core::question::{AnswerKind, AskedOf, Question};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Verdict;
use ruhu_core::time::Cadence;
use ruhu_core::visit::{Answer, AnswerValue};
use ruhu_server::access::{Place, Role};
use ruhu_server::storage::accounts::LogKind;

use super::acting::{hidden, lead, said};
use super::browser::Browser;
use super::ledger::adopt;
use super::world::{COMMUNITY, DOORS, GRIDS, HOUSEHOLDS, LEAD, WORKERS, World};

const NEW: &str = "/questions/new";

/// A whole form, some fields of it otherwise.
fn form<'a>(other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("zh", "家中有几个灭火器"),
        ("en", "How many extinguishers?"),
        ("department", "消防大队"),
        ("purpose", "配发灭火器"),
        ("basis", "示政发〔2026〕3号"),
        ("who", "everyone"),
        ("kind", "number"),
        ("min", "0"),
        ("max", "20"),
        ("from", "2026-07-01"),
        ("until", "2026-09-30"),
        ("per", "quarter"),
    ];
    fields.retain(|(name, _)| other.iter().all(|(changed, _)| changed != name));
    fields.extend(other);
    fields
}

/// Every hidden field of a page, as a browser would send them on.
fn carried(html: &str) -> Vec<(String, String)> {
    let inputs = html.split("<input type=\"hidden\" name=\"").skip(1);
    let pairs = inputs.filter_map(|rest| {
        let (name, rest) = rest.split_once("\" value=\"")?;
        Some((name.to_owned(), rest.split('"').next()?.replace("&#38;", "&")))
    });
    pairs.collect()
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn asked(world: &World) -> Vec<Question> {
    let file = world.hub.storage().read(|tx| tx.community(COMMUNITY)).unwrap().unwrap();
    file.questions().into_values().collect()
}

fn open(world: &World, id: u8, kind: AnswerKind, asked_of: AskedOf) -> QuestionId {
    let question = Question {
        id: QuestionId::from_bytes([id; 16]),
        zh: format!("专项{id}"),
        en: String::new(),
        department: "消防".into(),
        purpose: "安检".into(),
        basis: "条例".into(),
        asked_of,
        from: "2026-07-01".parse().unwrap(),
        until: "2026-09-30".parse().unwrap(),
        kind,
        prefill: false,
        once_per: Cadence::Quarter,
    };
    world.act(Vec::new(), vec![CommunityFact::QuestionOpened(question)]);
    QuestionId::from_bytes([id; 16])
}

fn answer(world: &World, nth: usize, answers: Vec<Answer>) {
    let mut phone = world.phone(WORKERS[nth]);
    let home = Unit::Household(HOUSEHOLDS[nth]);
    let mut draft = phone.draft(home, DOORS[nth]);
    draft.body.answers = answers;
    let visit = phone.visit_of(draft);
    let verdict = phone.say(&world.hub, home, visit);
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
}

fn looks(world: &World) -> Vec<(String, String)> {
    let rows = world.hub.storage().read(|tx| tx.logged(LogKind::Access, None, 100)).unwrap();
    rows.into_iter().map(|(.., row)| (row.what, row.target)).collect()
}

fn text(html: &str) -> String {
    let parts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text).trim());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_question_is_written_previewed_asked_answered_followed_handed_on_and_closed() {
    let world = World::new();
    let mut li = lead(&world).await;
    assert!(li.get("/questions").await.html().contains("现在没有专项"));
    let id = hidden(&li.get(NEW).await.html(), "id");
    let preview = li.post(NEW, &form(&[("id", &id), ("act", "preview")])).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.html());
    let (html, shown) = (preview.html(), text(&preview.html()));
    assert!(shown.contains("家中有几个灭火器") && shown.contains("整数,0 至 20"), "{shown}");
    assert!(shown.contains("消防大队:配发灭火器(示政发〔2026〕3号)"), "as it stands on the phone");
    assert!(shown.contains("应问 2 户") && shown.contains("当天另有专项的 0 户"), "{shown}");
    assert!(shown.contains("每次走访(一户) 1 次点按,至多录入 2 个字"), "{shown}");
    assert!(shown.contains("2 次点按,至多录入 4 个字(2026年第3季度)"), "{shown}");
    assert!(asked(&world).is_empty(), "a preview asks nothing");

    // What is asked is what was previewed, once, however often the form is sent.
    let on = carried(&html);
    let mut ask = pairs(&on);
    ask.push(("act", "ask"));
    let done = li.post(NEW, &ask).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html());
    let again = li.post(NEW, &ask).await;
    assert_eq!(again.location(), done.location());
    let questions = asked(&world);
    assert_eq!(questions.len(), 1);
    let question = &questions[0];
    assert_eq!(question.id.to_string(), id);
    assert_eq!(
        (question.zh.as_str(), &question.kind),
        ("家中有几个灭火器", &AnswerKind::Number { min: 0, max: 20 })
    );
    let page = format!("/question/{id}");
    assert!(said(&li.get(done.location()).await.html()).contains("已开设"));
    // The same id with other words is another question: it is not taken for this one.
    let other = form(&[("id", &id), ("zh", "别的问题"), ("act", "ask")]);
    assert!(said(&li.post(NEW, &other).await.html()).contains("不能再改"));

    // One household answers, the other is met and not asked.
    answer(&world, 0, vec![Answer { question: question.id, value: AnswerValue::Number(7) }]);
    let list = text(&li.get("/questions").await.html());
    assert!(list.contains("2026年第3季度 2 1 0 1"), "asked, answered, not asked, open: {list}");
    answer(&world, 1, Vec::new());
    let shown = text(&li.get(&page).await.html());
    assert!(shown.contains("第1网格 1 1 0 0 第2网格 1 0 1 0 合计 2 1 1 0"), "{shown}");
    assert!(shown.contains("6 至 8 1"), "{shown}");
    for worker in ["工作者21", "工作者22"] {
        assert!(!shown.contains(worker), "no worker is named");
    }

    // Closed with a day, a reason and a confirmation; what was answered stays.
    let refused = li.post(&page, &[("on", "2026-12-01"), ("act", "close")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = refused.html();
    for why in ["请写 2026-07-01 至 2026-09-30 之间的日期", "请勾选确认", "value=\"2026-12-01\""]
    {
        assert!(html.contains(why), "{why}: {html}");
    }
    let close = [("on", "2026-07-02"), ("reason", "<已够>"), ("sure", "1"), ("act", "anew")];
    let anew = li.post(&page, &close).await;
    assert_eq!(anew.status, StatusCode::SEE_OTHER, "{}", anew.html());
    let html = li.get(anew.location()).await.html();
    assert!(html.contains("value=\"家中有几个灭火器\"") && html.contains("value=\"20\""), "{html}");
    assert_ne!(hidden(&html, "id"), id, "a changed question is a new one");
    assert_eq!(asked(&world)[0].until, "2026-07-01".parse().unwrap());
    world.clock.forward(Duration::days(1));
    li.sign_in_again("lifang").await;
    let shown = text(&li.get(&page).await.html());
    assert!(shown.contains("已结束") && shown.contains("合计 2 1 1 0"), "{shown}");
    assert_eq!(li.post(&page, &close).await.status, StatusCode::SEE_OTHER, "sent twice it is closed once");
    assert_eq!(asked(&world)[0].until, "2026-07-01".parse().unwrap());
}

#[tokio::test]
async fn answers_leave_in_the_departments_own_columns_and_the_log_says_for_whom() {
    let world = World::new();
    let number = open(&world, 1, AnswerKind::Number { min: -9, max: 9 }, AskedOf::Everyone);
    let words = open(&world, 2, AnswerKind::Text { max: 60 }, AskedOf::Everyone);
    let said = |question, value| Answer { question, value };
    answer(
        &world,
        0,
        vec![said(number, AnswerValue::Number(-4)), said(words, AnswerValue::Text("=1+1".into()))],
    );
    let mut li = lead(&world).await;
    let at = format!("/question/{number}/export");
    let html = li.get(&at).await.html();
    assert!(
        html.contains("1 个回答") && html.contains(">安检</textarea>") && html.contains("value=\"户编号\"")
    );
    let own = [
        ("to", "消防大队"),
        ("purpose", "安检"),
        ("basis", "条例"),
        ("place-answer", "1"),
        ("head-answer", "=灭火器"),
        ("place-on", "2"),
        ("head-on", "入户日期"),
        ("place-address", "3"),
        ("head-address", "住址"),
        ("place-grid", ""),
        ("head-grid", "网格"),
    ];
    let refused = [(vec![own[1], own[2], own[3], own[4]], "w-to"), (own[..3].to_vec(), "w-columns")];
    for (fields, field) in refused {
        let answer = li.post(&at, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(answer.html().contains(&format!("id=\"{field}\"")), "{field}: {}", answer.html());
    }
    assert!(looks(&world).is_empty(), "nothing left the desk");

    // The address keeps the columns: what is kept is what stands in the form.
    let coded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let kept: Vec<String> = own[5..].iter().map(|(name, value)| format!("{name}={}", coded(value))).collect();
    let html = li.get(&format!("{at}?{}", kept.join("&"))).await.html();
    assert!(
        html.contains("value=\"入户日期\"") && html.contains("<span class=\"tag\">入户日期</span>"),
        "{html}"
    );

    let with = |format: &'static str| [&own[..], &[("format", format)]].concat();
    let sheet = li.post(&at, &with("xlsx")).await;
    assert_eq!(sheet.status, StatusCode::OK);
    let named = sheet.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(named.starts_with("attachment"), "{named}");
    let mut book = Xlsx::new(Cursor::new(sheet.bytes)).unwrap();
    let range = book.worksheet_range("专项回答").unwrap();
    let rows: Vec<&[Data]> = range.rows().collect();
    let head: Vec<String> = rows[2].iter().map(ToString::to_string).collect();
    assert_eq!(head, ["=灭火器", "入户日期", "住址"]);
    assert_eq!(rows[3][0], Data::Float(-4.0));
    // 2026-07-01, in days as a spreadsheet counts them.
    let day = matches!(&rows[3][1], Data::DateTime(day) if day.is_datetime() && day.as_f64().to_string() == "46204");
    assert!(day, "a day is a day: {:?}", rows[3][1]);
    assert_eq!(rows[3][2], Data::String("阳光小区3栋2单元101室".into()));
    let words: Vec<String> = range.rows().flatten().map(ToString::to_string).collect();
    for told in ["填报单位:阳光社区", "填表人:账号lifang", "接收单位:消防大队", "依据:条例"]
    {
        assert!(words.iter().any(|cell| cell.contains(told)), "{told}: {words:?}");
    }

    let csv = li.post(&format!("/question/{}/export", QuestionId::from_bytes([2; 16])), &with("csv")).await;
    let text = String::from_utf8(csv.bytes).unwrap();
    assert_eq!(text, "\u{feff}'=灭火器,入户日期,住址\n'=1+1,2026-07-01,阳光小区3栋2单元101室\n");
    let (what, target) = &looks(&world)[1];
    assert_eq!(what, "question.export");
    assert_eq!(target, &format!("{number} to=消防大队 purpose=安检 basis=条例 rows=1"));
    let log = self::text(&li.get("/access").await.html());
    assert!(log.contains("导出专项回答 · to=消防大队"), "{log}");
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_all_at_once_and_what_was_typed_stays() {
    let world = World::new();
    adopt(&world, "");
    let mut li = lead(&world).await;
    let empty = li.post(NEW, &[]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = empty.html();
    for field in ["zh", "department", "purpose", "basis", "who", "kind", "from", "until", "per"] {
        assert!(html.contains(&format!("id=\"w-{field}\"")), "{field}: {html}");
    }
    assert!(said(&html).contains("有 9 处需要改"), "{html}");
    let grid = GRIDS[0].to_string();
    let refused = [
        (vec![("zh", "户主身份证号码")], "zh", "身份证号"),
        (vec![("zh", "有无宗教信仰")], "zh", "宗教"),
        (vec![("en", "Any drugs?")], "en", "司法"),
        (vec![("kind", "choice"), ("choices", "有")], "choices", "2 至 12 个"),
        (vec![("kind", "choice"), ("choices", "刑满释放\n没有")], "choices", "司法"),
        (vec![("min", "9"), ("max", "0")], "number", "最大不能小于最小"),
        (vec![("min", "几个")], "number", "都要写整数"),
        (vec![("kind", "text"), ("length", "500")], "length", "1 至 200"),
        (vec![("from", "2026-06-30")], "from", "不能早于今天"),
        (vec![("until", "2026-06-01")], "until", "不能早于第一天"),
        (vec![("until", "2027-09-01")], "until", "不能超过一年"),
        (vec![("who", "grids")], "who", "至少选一个网格"),
        (vec![("who", "grids"), ("grid", "x")], "who", "至少选一个网格"),
        (vec![("who", "category"), ("category", "disabled")], "who", "还没有确认这一类别"),
        (vec![("who", "category"), ("category", "")], "who", "请选择类别"),
        (vec![("basis", " ")], "basis", "请填写"),
    ];
    for (other, field, why) in refused {
        for act in ["preview", "ask"] {
            let fields = form(&[&other[..], &[("act", act)]].concat());
            let answer = li.post(NEW, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{other:?}");
            let html = answer.html();
            let at = html
                .split_once(&format!("id=\"w-{field}\">"))
                .map(|(_, rest)| rest.split('<').next().unwrap());
            assert!(at.is_some_and(|at| at.contains(why)), "{other:?}: {at:?}");
            assert!(html.contains("value=\"消防大队\"") || field == "department", "{other:?}");
        }
    }
    assert!(asked(&world).is_empty());
    // Back from the preview everything stands as it was typed.
    let fields =
        form(&[("who", "grids"), ("grid", &grid), ("kind", "choice"), ("choices", "有 | Yes\n没有")]);
    let preview = li.post(NEW, &fields).await;
    let on = carried(&preview.html());
    let mut edit = pairs(&on);
    edit.push(("act", "edit"));
    let html = li.post(NEW, &edit).await.html();
    assert!(
        html.contains("有 | Yes\n没有</textarea>") && html.contains(&format!("value=\"{grid}\" checked")),
        "{html}"
    );
}

#[tokio::test]
async fn five_questions_at_most_meet_on_one_visit_and_the_page_says_from_which_day() {
    let world = World::new();
    for id in 1..=5 {
        open(&world, id, AnswerKind::YesNo, AskedOf::Grids([GRIDS[0]].into()));
    }
    let mut li = lead(&world).await;
    let html = li.post(NEW, &form(&[("from", "2026-07-10"), ("act", "preview")])).await.html();
    assert!(html.contains("从 2026-07-10 起,同一户会有 6 个专项,一次走访至多 5 个"), "{html}");
    let grid = GRIDS[1].to_string();
    let elsewhere = form(&[("who", "grids"), ("grid", &grid), ("act", "preview")]);
    let shown = text(&li.post(NEW, &elsewhere).await.html());
    assert!(shown.contains("应问 1 户 当天另有专项的 0 户"), "{shown}");
    open(&world, 6, AnswerKind::YesNo, AskedOf::KeyHouseholds);
    open(&world, 7, AnswerKind::YesNo, AskedOf::Grids([GRIDS[1]].into()));
    let shown = text(&li.post(NEW, &elsewhere).await.html());
    assert!(shown.contains("当天另有专项的 1 户 同一户最多 2 个专项"), "{shown}");
}

#[tokio::test]
async fn a_question_of_a_category_is_asked_once_the_organ_confirmed_it() {
    let world = World::new();
    adopt(&world, CONFIRMED);
    let mut li = lead(&world).await;
    let html = li.get(NEW).await.html();
    assert!(html.contains("<option value=\"disabled\""), "{html}");
    let category = Category::Disabled.id();
    let fields = form(&[("who", "category"), ("category", category), ("act", "preview")]);
    let shown = text(&li.post(NEW, &fields).await.html());
    assert!(shown.contains("应问 0 户"), "nobody is listed so yet: {shown}");
    let person = PersonId::from_bytes([88; 16]);
    let since = (format!("m/{person}/c/disabled/since"), Scalar::Str("2020-01-01".into()));
    world.hub.edit_fields(Unit::Household(HOUSEHOLDS[1]), vec![since], LEAD).unwrap();
    let shown = text(&li.post(NEW, &fields).await.html());
    assert!(shown.contains("应问 1 户") && shown.contains("有残疾人的户"), "{shown}");
}

pub(super) const CONFIRMED: &str = "[[confirm]]\ncategory = \"disabled\"\nbasis = \"残疾人保障法\"\nby = \"示范镇\"\ndocument_no = \"示政发〔2026〕3号\"\n";

#[tokio::test]
async fn an_auditor_sees_how_far_it_is_and_no_answer_and_above_nobody_sees_it() {
    let world = World::new();
    let id = open(&world, 1, AnswerKind::YesNo, AskedOf::Everyone);
    answer(&world, 0, vec![Answer { question: id, value: AnswerValue::YesNo(true) }]);
    let page = format!("/question/{id}");
    let mut li = lead(&world).await;
    let shown = text(&li.get(&page).await.html());
    assert!(shown.contains("是 1 否 0"), "{shown}");
    let county = Place::County { county: "某县".into() };
    let mut auditor = Browser::signed_in(&world.hub, "shenji", Role::Auditor, county.clone()).await;
    let html = auditor.get(&page).await.html();
    let shown = text(&html);
    assert!(shown.contains("合计 2 1 0 1") && !shown.contains("是 1"), "{shown}");
    assert!(!shown.contains("第1网格") && shown.contains("只给社区看"), "{shown}");
    assert!(!html.contains("name=\"act\"") && !html.contains("/export"), "{html}");
    assert_eq!(auditor.get(&format!("{page}/export")).await.status, StatusCode::FORBIDDEN);
    let mut street = Browser::signed_in(&world.hub, "county", Role::County, county).await;
    assert_eq!(street.get(&page).await.status, StatusCode::FORBIDDEN);
    let unknown = format!("/question/{}", QuestionId::from_bytes([9; 16]));
    for missing in [unknown.as_str(), "/question/x"] {
        assert_eq!(li.get(missing).await.status, StatusCode::NOT_FOUND);
    }
}
