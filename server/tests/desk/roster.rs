//! A community lead imports a roster without a shell: uploads, corrects a column, enters, takes it back; alone and
//! beside others.

use axum::http::StatusCode;
use chrono::Duration;
use ruhu_core::category::Scalar;
use ruhu_core::file::UnitFile;
use ruhu_core::ids::{AccountId, ImportId};
use ruhu_core::life::HouseholdLife;
use ruhu_core::roster::Unit;
use ruhu_server::access::{Place, Role};
use ruhu_server::erase::{Order, What};
use ruhu_server::storage::accounts::LogKind;
use ruhu_server::storage::units::UnitRow;
use rust_xlsxwriter::Workbook;

use super::acting::{hidden, lead, said};
use super::browser::{Answer, Browser};
use super::world::{COMMUNITY, HOUSEHOLDS, LEAD, World};

#[path = "roster_undo.rs"]
mod undo;

/// A sheet whose second column nobody could guess.
const HEADINGS: [&str; 6] = ["网格", "房屋在哪里", "姓名", "与户主关系", "联系电话", "重点户"];

pub(super) fn book(headings: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("底册").unwrap();
    for (row, cells) in (0u32..).zip(std::iter::once(&headings).chain(rows)) {
        for (column, text) in (0u16..).zip(cells.iter()).filter(|(_, text)| !text.is_empty()) {
            sheet.write(row, column, *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

pub(super) fn roster() -> Vec<u8> {
    book(
        &HEADINGS,
        &[
            &["第1网格", "阳光小区8幢1单元101室", "王建国", "户主", "10000000001", "是"],
            &["第1网格", "阳光小区8幢1单元101室", "李秀英", "配偶", "", ""],
            &["第9网格", "阳光小区8幢1单元102室", "赵大勇", "户主", "12", ""],
        ],
    )
}

/// Uploads a file and opens what is shown of it.
pub(super) async fn read(browser: &mut Browser, name: &str, bytes: &[u8]) -> (String, Answer) {
    let answer = browser.upload("/roster", name, bytes).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", said(&answer.html()));
    let to = answer.location().split('?').next().unwrap().to_owned();
    assert!(to.starts_with("/roster/upload/"), "{to}");
    let shown = browser.get(&to).await;
    assert_eq!(shown.status, StatusCode::OK);
    (to, shown)
}

/// The field of the column with a letter.
fn field(html: &str, letters: &str) -> String {
    let row = html.split_once(&format!("<span class=\"tag\">{letters}</span>")).unwrap().1;
    row.split_once("<select name=\"").unwrap().1.split('"').next().unwrap().to_owned()
}

async fn enter(browser: &mut Browser, at: &str, html: &str) -> Answer {
    let answer = browser.post(at, &[("act", "commit"), ("seen", &hidden(html, "seen"))]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", said(&answer.html()));
    browser.get(answer.location()).await
}

/// Households that live in the community today.
fn households(world: &World) -> usize {
    let today = world.hub.today(COMMUNITY).unwrap();
    let file = world.hub.storage().read(|tx| tx.community(COMMUNITY)).unwrap().unwrap();
    let files = |grid| world.hub.storage().read(|tx| tx.files_in(grid)).unwrap();
    let lives = |(row, own): &(UnitRow, UnitFile)| match row.unit {
        Unit::Household(id) => {
            HouseholdLife::derive(id, own, &[], file.zone()).timeline(today).on(today).is_some()
        }
        Unit::Vacant(_) => false,
    };
    file.grids().into_keys().flat_map(files).filter(lives).count()
}

fn audited(world: &World) -> Vec<String> {
    let rows = world.hub.storage().read(|tx| tx.logged(LogKind::Audit, None, 99)).unwrap();
    let mut whats: Vec<String> = rows.into_iter().map(|(.., row)| row.what).collect();
    whats.retain(|what| what.starts_with("import."));
    whats.reverse();
    whats
}

#[tokio::test]
async fn a_sheet_is_uploaded_a_column_corrected_entered_and_taken_back() {
    let world = World::new();
    let mut browser = lead(&world).await;
    assert!(browser.get("/roster").await.html().contains("还没有导入过"));
    let (at, shown) = read(&mut browser, "派出所名册.xlsx", &roster()).await;
    let html = shown.html();
    assert!(html.contains("派出所名册.xlsx") && html.contains("房****"), "{html}");
    assert!(!html.contains("王建国") && !html.contains("10000000001"), "masked");
    assert_eq!(households(&world), 2, "nothing is entered");

    // The address was not understood; a person says what the column is.
    let address = field(&html, "B");
    assert!(html.contains("未识别"));
    let answer = browser.post(&at, &[("act", "columns"), (&address, "地址")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let html = browser.get(&at).await.html();
    assert!(html.contains("您的指定") && html.contains("户室 2 · 户 2 · 人 3"), "{html}");
    assert!(html.contains("王* · 重点户") && html.contains("100****0001"), "{html}");
    assert!(html.contains("将新建 1 个网格:第9网格"), "{html}");
    assert!(html.contains("电话无法识别,未采用"), "{html}");

    // A form whose answer was lost is sent again: entered once.
    let form = [("act", "commit"), ("seen", &*hidden(&html, "seen"))];
    let once = browser.post(&at, &form).await;
    let twice = browser.post(&at, &form).await;
    assert_eq!((once.status, twice.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    let to = browser.get(once.location()).await.location().to_owned();
    assert_eq!(twice.location(), to, "both lead to the one import");
    let page = browser.get(&to).await.html();
    assert!(said(&page).contains("已写入名册") && page.contains("派出所名册.xlsx"), "{page}");
    assert_eq!(households(&world), 4);
    let list = browser.get("/roster").await.html();
    assert_eq!(list.matches("/roster/import/").count(), 2, "its page and its undo");
    assert!(!list.contains("/roster/upload/"), "the file is gone");
    assert!(list.contains("账号lifang") && list.contains("户室 2 · 户 2 · 人 3"), "{list}");

    // The next sheet of this shape is read without asking.
    let (next, shown) = read(&mut browser, "again.xlsx", &roster()).await;
    let html = shown.html();
    assert!(html.contains("上次的指定") && html.contains("没有要写入的"), "{html}");
    assert!(!html.contains("name=\"seen\""), "nothing to enter, no button");
    assert_eq!(browser.post(&next, &[("act", "discard")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get(&next).await.status, StatusCode::NOT_FOUND);

    // Somebody works on a household; the undo says that it stays, and lets it stay.
    let import: ImportId = to.split(['/', '?']).nth(3).unwrap().parse().unwrap();
    let kept = world.hub.look_at_undo(COMMUNITY, Some(import)).unwrap();
    assert_eq!((kept.households, kept.doors, kept.kept.len()), (2, 2, 0));
    let home = households_of(&world, "李秀英");
    world.hub.edit_fields(home, vec![("p/phone".into(), Scalar::Str("10000000009".into()))], LEAD).unwrap();
    let look = browser.get(&format!("/roster/import/{import}?undo=look")).await.html();
    assert!(look.contains("1 户、1 个户室退出名册") && look.contains("以下 1 户、1 个户室保留"), "{look}");
    assert!(look.contains("阳光小区8栋1单元101室"), "{look}");
    assert_eq!(households(&world), 4, "looking changes nothing");
    let not_yet = browser.get(&format!("/roster/import/{import}?done=import-undone")).await.html();
    assert!(!not_yet.contains("已撤销,") && said(&not_yet).contains("这次导入没有撤销,或仍在撤销中"));
    let undo = browser.post(&format!("/roster/import/{import}"), &[("act", "undo")]).await;
    let page = browser.get(undo.location()).await.html();
    assert!(said(&page).contains("已撤销") && page.contains("撤销时间"), "{page}");
    assert_eq!(households(&world), 3);
    assert!(browser.get("/roster").await.html().contains("<dt>户</dt><dd>3</dd>"));
    let again = browser.post(&format!("/roster/import/{import}"), &[("act", "undo")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&again.html()).contains("已经撤销过了"));

    assert_eq!(
        audited(&world),
        ["import.upload", "import.commit", "import.upload", "import.discard", "import.undo"]
    );
    let looks = browser.get("/access").await.html();
    assert!(looks.contains("看了名册试读") && looks.contains("看了撤销导入的范围"), "{looks}");
    assert!(world.hub.verify().unwrap().faults.is_empty());
}

/// The household in which somebody of this name lives.
fn households_of(world: &World, name: &str) -> Unit {
    let file = world.hub.storage().read(|tx| tx.community(COMMUNITY)).unwrap().unwrap();
    let grids: Vec<_> = file.grids().into_keys().collect();
    let rows = grids.into_iter().flat_map(|grid| world.hub.storage().read(|tx| tx.units_in(grid)).unwrap());
    let is_his = |nr| {
        let doc = world.hub.storage().read(|tx| tx.unit_doc(nr)).unwrap();
        let fields = doc.map(|doc| ruhu_core::profile::Profile::load(&doc).unwrap().fields());
        fields.is_some_and(|fields| fields.values().flatten().any(|one| one.to_string() == name))
    };
    rows.filter(|row| is_his(row.nr)).map(|row| row.unit).next().unwrap()
}

#[tokio::test]
async fn a_sheet_without_headings_is_read_once_somebody_says_what_its_columns_are() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let rows: &[&[&str]] =
        &[&["王建国", "阳光小区8幢1单元101室", "1"], &["赵大勇", "阳光小区8幢1单元102室", "1"]];
    let (at, shown) = read(&mut browser, "a.xlsx", &book(&["甲栏", "乙栏", "丙栏"], rows)).await;
    let html = shown.html();
    assert!(html.contains("没有认出名册的表头") && html.contains("工作表“底册”,没有认出表头"), "{html}");
    assert!(!html.contains("王建国") && html.contains("王**"), "{html}");
    let (name, address) = (field(&html, "A"), field(&html, "B"));
    let columns = [("act", "columns"), (&*name, "户主姓名"), (&*address, "地址")];
    assert_eq!(browser.post(&at, &columns).await.status, StatusCode::SEE_OTHER);
    let html = browser.get(&at).await.html();
    assert!(html.contains("户室 2 · 户 2"), "{html}");

    // It names no grid: nothing is entered before somebody says which.
    assert!(html.contains("2 个户室没有网格") && !html.contains("name=\"seen\""), "{html}");
    let none = browser.post(&at, &[("act", "grid"), ("grid", ""), ("new", " ")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&none.html()).contains("请选一个网格"));
    browser.post(&at, &[("act", "grid"), ("grid", ""), ("new", "新村网格")]).await;
    let html = browser.get(&at).await.html();
    assert!(html.contains("将新建 1 个网格:新村网格"), "{html}");
    enter(&mut browser, &at, &html).await;
    let file = world.hub.storage().read(|tx| tx.community(COMMUNITY)).unwrap().unwrap();
    let (grid, _) = file.grids().into_iter().find(|(_, grid)| grid.name == "新村网格").unwrap();
    assert_eq!(world.hub.storage().read(|tx| tx.units_in(grid)).unwrap().len(), 4);
}

#[tokio::test]
async fn a_sheet_that_begins_with_a_household_asks_for_headings_and_shows_nobody() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let rows: &[&[&str]] = &[&["赵大勇", "阳光小区8幢1单元102室", "1"]];
    let sheet = book(&["王建国", "阳光小区8幢1单元101室", "1"], rows);
    let (at, shown) = read(&mut browser, "a.xlsx", &sheet).await;
    let html = shown.html();
    let (name, address) = (field(&html, "A"), field(&html, "B"));
    browser.post(&at, &[("act", "columns"), (&*name, "户主姓名"), (&*address, "地址")]).await;
    let html = browser.get(&at).await.html();
    assert!(html.contains("没有找到表头行") && !html.contains("name=\"seen\""), "{html}");
    assert!(!html.contains("王建国") && !html.contains("赵大勇"), "{html}");
}

#[tokio::test]
async fn what_is_being_entered_is_not_discarded_and_what_broke_off_is_idle() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let (at, shown) = read(&mut browser, "a.xlsx", &roster()).await;
    let account = world.hub.accounts().unwrap()[0].id;
    let key = world.hub.uploads(COMMUNITY, account).unwrap()[0].key;
    let address = field(&shown.html(), "B");
    browser.post(&at, &[("act", "columns"), (&address, "地址")]).await;
    let seen = hidden(&browser.get(&at).await.html(), "seen");
    assert!(world.hub.begin_upload(&key, "else").is_err(), "not what was seen");
    assert!(world.hub.begin_upload(&key, &seen).unwrap() && !world.hub.begin_upload(&key, &seen).unwrap());
    let stays = browser.post(&at, &[("act", "discard")]).await;
    assert!(stays.location().starts_with(&at) && browser.get(&at).await.html().contains("正在写入"));
    world.clock.forward(Duration::minutes(4));
    browser.post(&at, &[("act", "columns"), (&address, "")]).await;
    assert!(world.hub.begin_upload(&key, &seen).is_err(), "chosen otherwise since");
    let gone = browser.post(&at, &[("act", "discard")]).await;
    assert!(gone.location().starts_with("/roster?"), "{}", gone.location());
    assert_eq!(browser.post(&at, &[("act", "discard")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn two_columns_are_not_one_thing_and_a_meaning_taken_away_is_not_read() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let sheet =
        book(&["网格", "地址", "户主", "其他"], &[&["第1网格", "阳光小区8幢1单元101室", "王建国", "x"]]);
    let (at, shown) = read(&mut browser, "a.xlsx", &sheet).await;
    let html = shown.html();
    let (head, other) = (field(&html, "C"), field(&html, "D"));
    let both = [("act", "columns"), (&*head, "姓名"), (&*other, "姓名")];
    let refused = browser.post(&at, &both).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&refused.html()).contains("不能有两列是同一含义"));
    let odd = browser.post(&at, &[("act", "columns"), (&*other, "心情")]).await;
    assert!(said(&odd.html()).contains("没有这种含义"));
    assert!(browser.get(&at).await.html().contains("户室 1 · 户 1"));
    browser.post(&at, &[("act", "columns"), (&*head, "")]).await;
    let html = browser.get(&at).await.html();
    assert!(html.contains("户室 1 · 户 0 · 人 0 · 空户 1"), "{html}");
}

#[tokio::test]
async fn of_two_leads_the_second_sees_what_the_first_changed_before_anything_is_entered() {
    let world = World::new();
    let mut li = lead(&world).await;
    let mut wang =
        Browser::signed_in(&world.hub, "wang", Role::Community, Place::Community { id: COMMUNITY }).await;
    let headings = ["网格", "地址", "户主"];
    let first = book(&headings, &[&["第1网格", "阳光小区8幢1单元101室", "王建国"]]);
    let second = book(&headings, &[&["第1网格", "阳光小区8幢1单元101室", "赵大勇"]]);
    let (of_li, shown_li) = read(&mut li, "a.xlsx", &first).await;
    let (of_wang, shown_wang) = read(&mut wang, "b.xlsx", &second).await;
    // Nobody opens, enters or discards the file of another.
    assert_eq!(wang.get(&of_li).await.status, StatusCode::NOT_FOUND);
    let seen = hidden(&shown_li.html(), "seen");
    for act in [[("act", "commit"), ("seen", &*seen)], [("act", "discard"), ("seen", "")]] {
        assert_eq!(wang.post(&of_li, &act).await.status, StatusCode::NOT_FOUND);
    }
    assert!(!wang.get("/roster").await.html().contains("a.xlsx"));

    enter(&mut li, &of_li, &shown_li.html()).await;
    assert_eq!(households(&world), 3);
    let stopped = enter(&mut wang, &of_wang, &shown_wang.html()).await;
    let html = stopped.html();
    assert!(said(&html).contains("名册或所选内容有了变化,没有写入"), "{html}");
    assert_eq!(audited(&world), ["import.upload", "import.upload", "import.commit"]);
    // What it would do now is shown: the household is known, its head is another.
    assert!(html.contains("以前导入过") && html.contains("写入 1 处新增和变化"), "{html}");
    let stale = [("act", "commit"), ("seen", &*hidden(&shown_wang.html(), "seen"))];
    assert_eq!(wang.post(&of_wang, &stale).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = enter(&mut wang, &of_wang, &html).await;
    assert!(wang.get(done.location()).await.html().contains("已写入名册"));
    // The older import cannot be undone before the newer one.
    let list = li.get("/roster").await.html();
    assert_eq!(list.matches("undo=look").count(), 1, "{list}");
    let older = list.split("/roster/import/").last().unwrap().split(['?', '"']).next().unwrap().to_owned();
    let refused = li.post(&format!("/roster/import/{older}"), &[("act", "undo")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&refused.html()).contains("先撤销较新的一次"));
}

#[tokio::test]
async fn an_auditor_sees_what_was_imported_and_can_do_nothing_about_it() {
    let world = World::new();
    let mut li = lead(&world).await;
    let (at, shown) =
        read(&mut li, "a.csv", "网格,地址,户主\n第1网格,8幢1单元101室,王建国\n".as_bytes()).await;
    enter(&mut li, &at, &shown.html()).await;
    let county = Place::County { county: "某县".into() };
    let mut auditor = Browser::signed_in(&world.hub, "shenji", Role::Auditor, county).await;
    let list = auditor.get("/roster").await.html();
    assert!(list.contains("a.csv") && list.contains("账号lifang"), "{list}");
    assert!(
        !list.contains("<form method=\"post\" action=\"/roster") && !list.contains("undo=look"),
        "{list}"
    );
    let import = list.split("/roster/import/").nth(1).unwrap().split(['?', '"']).next().unwrap().to_owned();
    let page = format!("/roster/import/{import}");
    assert!(!auditor.get(&format!("{page}?undo=look")).await.html().contains("确认撤销"));
    for (path, fields) in [(&*page, [("act", "undo")]), (&*at, [("act", "commit")])] {
        assert_eq!(auditor.post(path, &fields).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(auditor.upload("/roster", "b.csv", b"a").await.status, StatusCode::FORBIDDEN);
    assert_eq!(households(&world), 3);
}

#[tokio::test]
async fn an_upload_is_gone_after_a_day_and_with_the_next_erasure() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let (first, _) = read(&mut browser, "a.xlsx", &roster()).await;
    world.clock.forward(Duration::hours(23));
    browser.sign_in_again("lifang").await;
    assert_eq!(browser.get(&first).await.status, StatusCode::OK);
    assert_eq!(world.hub.drop_old_uploads().unwrap(), 0);
    let (second, _) = read(&mut browser, "b.xlsx", &roster()).await;
    world.clock.forward(Duration::hours(1));
    browser.sign_in_again("lifang").await;
    let late = browser.get(&first).await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    assert!(said(&late.html()).contains("过期删除,请重新上传"), "{}", late.html());
    let commit = browser.post(&first, &[("act", "commit"), ("seen", "x")]).await;
    assert_eq!(commit.status, StatusCode::NOT_FOUND);
    assert_eq!(world.hub.drop_old_uploads().unwrap(), 1);

    let unit = Unit::Household(HOUSEHOLDS[0]);
    let order = Order { unit, what: What::Household, cause: "删除决定〔2026〕9号".into(), by: LEAD };
    world.hub.erase(vec![order]).unwrap();
    assert_eq!(browser.get(&second).await.status, StatusCode::NOT_FOUND);
    let account: AccountId = world.hub.accounts().unwrap()[0].id;
    assert_eq!(world.hub.uploads(COMMUNITY, account).unwrap(), []);
}

#[tokio::test]
async fn the_empty_sheet_filled_in_is_imported_as_it_is() {
    let world = World::new();
    let mut browser = lead(&world).await;
    let answer = browser.get("/roster/template.xlsx").await;
    assert_eq!(answer.status, StatusCode::OK);
    let (_, shown) = read(&mut browser, "empty.xlsx", &answer.bytes).await;
    assert!(shown.html().contains("下面没有可读的户"), "{}", shown.html());
}
