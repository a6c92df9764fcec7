//! From a made-up visit to its card: three phones, one hub, and what only the roster knew.

use std::sync::Arc;

use rand::SeedableRng;
use ruhu_core::fact::Fact;
use ruhu_core::ids::Hash32;
use ruhu_core::visit::VisitOutcome;
use ruhu_server::cli::{Cli, Command, Console, review, run};
use ruhu_server::erase::{Order, What};
use ruhu_server::flags::Material;
use ruhu_server::flags::evidence::{KnownWhat, SaidBy};
use ruhu_server::flags::gather::gather;
use ruhu_server::recheck::RecheckError;
use ruhu_server::recheck::act::{Entered, agreement};
use ruhu_server::recheck::agreement::Answer;
use ruhu_server::recheck::draw::Method;
use ruhu_server::storage::accounts::LogKind;
use ruhu_sim::harness::SimPhone;
use ruhu_sim::village::field;
use ruhu_tests::village::{Home, Village};

/// Homes of each grid.
pub(super) const HOMES: u8 = 40;

/// A day's round: every third door stays shut, the others are met, one of eight with something to report.
fn round(village: &Village, phone: &mut SimPhone, homes: &[Home], day: &str) {
    for (home, nth) in homes.iter().zip(0u32..) {
        village.to(&format!("{day} {:02}:{:02}", 9 + nth / 5, 5 + nth % 5 * 11));
        let mut draft = match nth % 3 {
            2 => home.draft(VisitOutcome::NotHome { note_left: true }),
            _ => home.met(),
        };
        if nth % 8 == 1 {
            draft.body.note = format!("第{nth}户说楼道灯不亮,已转告物业");
        }
        phone.book.save_visit(draft, &[]).unwrap();
    }
    village.sync(phone);
}

/// A quarter in which the worker of grid 1 writes down three meetings with households that were long gone.
pub(super) fn made_up(village: &Village) -> (Vec<SimPhone>, Vec<Hash32>) {
    let mut phones: Vec<SimPhone> =
        (1..=3).map(|grid| village.phone(grid, &format!("phone-{grid}"))).collect();
    let mut gone = Vec::new();
    for (day, part) in [("2026-08-10", 0), ("2026-08-20", 1), ("2026-09-01", 2)] {
        for (grid, phone) in (1..).zip(&mut phones) {
            let homes = village.homes(grid);
            round(village, phone, &homes[part * 10..part * 10 + 10], day);
        }
        village.to(&format!("{day} 20:00"));
        let home = village.homes(1)[35 + part];
        gone.push((home, phones[0].book.save_visit(home.met(), &[]).unwrap().record.unwrap()));
        village.sync(&mut phones[0]);
    }
    village.to("2026-09-20 09:00");
    for (home, _) in &gone {
        village.say(home.unit(), Fact::Left { on: "2026-07-05".parse().unwrap(), told_by: None });
    }
    (phones, gone.into_iter().map(|(_, record)| record).collect())
}

/// What `ruhu review` prints, beside the running hub.
fn asked(village: &Village, database: Option<&str>, card: Option<String>, json: bool) -> String {
    let (data, database) = (village.folder.path().to_owned(), database.map(str::to_owned));
    let args = review::Review { period: "2026Q3".parse().unwrap(), community: None, card, json };
    let mut out = Vec::new();
    let console = Console {
        out: &mut out,
        clock: Arc::new(village.hub.clock().clone()),
        randomness: Box::new(rand_chacha::ChaCha8Rng::seed_from_u64(3)),
    };
    run(Cli { data, database, command: Command::Review(args) }, console).unwrap();
    String::from_utf8(out).unwrap()
}

/// How often somebody looked at a card from the shell.
fn looks(village: &Village) -> usize {
    let logged = village.hub.hub().storage().read(|tx| tx.logged(LogKind::Access, None, u32::MAX)).unwrap();
    logged.iter().filter(|(.., row)| row.what == "review.card").count()
}

fn story(village: &Village, database: Option<&str>) {
    let (_, made_up) = made_up(village);
    let json: serde_json::Value = serde_json::from_str(&asked(village, database, None, true)).unwrap();
    assert_eq!(json["records_read"], 93);
    let cards = json["cards"].as_array().unwrap();
    // Room for two of ninety-three, and both are among the three.
    assert_eq!((json["room_for"].as_u64(), cards.len()), (Some(2), 2));
    for card in cards {
        assert!(made_up.iter().any(|record| card["record"] == record.to_string()));
        assert_eq!(card["points"][0]["name"]["zh"], "已知变动未发现");
        assert_eq!(card["points"][0]["innocent"].as_array().unwrap().len(), 3);
    }
    let text = asked(village, database, Some(made_up[0].to_string()), false);
    assert!(text.contains("2026-07-05 起这户已迁出"), "{text}");
    assert!(text.contains("怎样核实") && text.contains("不是结论"), "{text}");
    // Told again, it is the same to the letter; and nothing of it names anybody or shows a score of a person.
    assert_eq!(text, asked(village, database, Some(made_up[0].to_string()), false));
    let before = looks(village);
    let all = asked(village, database, None, false) + &json.to_string();
    assert_eq!(looks(village), before + 2, "one look for each card shown");
    for grid in 1..=3 {
        assert!(!all.contains(&village.worker(grid).to_string()));
    }
    assert!(!all.contains("risk") && !all.contains("楼道灯"), "no score and no resident's word");
    asked_again(village, &made_up);
    village.assert_verifies();
}

/// The lead draws by signals; somebody else asks without seeing the record; what is said is kept and accuses nobody.
fn asked_again(village: &Village, made_up: &[Hash32]) {
    let (hub, lead, community) = (village.hub.hub(), village.hub.lead(), village.hub.community());
    let before = village.progress(1);
    let period = "2026Q3".parse().unwrap();
    let id = hub.draw_recheck(lead, (community, hub.make_id()), period, (Method::Signals, 20)).unwrap();
    let drawn = hub.storage().read(|tx| tx.drawn(id)).unwrap();
    assert!(!drawn.is_empty());
    let recorded = |nth: usize| drawn[nth].visit.map(|(record, _)| record).unwrap();
    assert!(
        (0..drawn.len()).all(|nth| made_up.contains(&recorded(nth))),
        "by lot among the records with signals"
    );
    let entered = Entered {
        nth: 0,
        round: 1,
        answer: Answer::Denied,
        by_phone: false,
        on: "2026-09-20".parse().unwrap(),
        checker: Some(village.worker(1)),
    };
    let own = hub.answer_recheck(lead, community, id, entered);
    assert!(matches!(own, Err(RecheckError::NotApart)), "nobody checks his own record");
    hub.answer_recheck(lead, community, id, Entered { checker: Some(village.worker(2)), ..entered }).unwrap();
    let answers = hub.storage().read(|tx| tx.recheck_answers(id)).unwrap();
    let (_, all) = agreement(&drawn, &answers);
    assert_eq!((all.asked, all.told, all.contradicted), (1, 1, 1));
    assert_eq!(village.progress(1), before, "a contradicted record counts until a person finds");
}

#[test]
fn a_made_up_visit_reaches_its_card_and_nobody_is_named() {
    story(&Village::new(61, HOMES), None);
}

fn material(village: &Village) -> Material {
    let (community, period) = (village.hub.community(), "2026Q3".parse().unwrap());
    village.hub.hub().storage().read(|tx| gather(tx, community, period)).unwrap()
}

#[test]
fn a_note_for_next_time_is_no_change_and_a_late_entry_keeps_its_fields() {
    let village = Village::new(62, 3);
    let mut phone = village.phone(1, "phone");
    let (noted, late) = (village.homes(1)[0], village.homes(1)[1]);
    village.to("2026-08-10 10:00");
    phone.book.save_visit(noted.met(), &field("p/note_for_next", "门铃坏了,请敲门")).unwrap();
    let mut draft = late.met();
    draft.visited_on = Some("2026-08-07".parse().unwrap());
    phone.book.save_visit(draft, &field("p/phone", "13800000000")).unwrap();
    village.sync(&mut phone);
    let material = material(&village);
    let edits = |home: Home| {
        let one = material.records.iter().find(|one| one.unit == home.unit()).unwrap();
        (one.late_entry, one.told.as_ref().unwrap().edits)
    };
    assert_eq!((edits(noted), edits(late)), ((false, 0), (true, 1)));
}

#[test]
fn what_an_erasure_writes_again_is_no_news_and_the_desk_is_no_roster() {
    const HER: &str = "m/0193a000-0000-7000-8000-000000000001";
    const HIM: &str = "0193a000-0000-7000-8000-000000000002";
    let village = Village::new(63, 3);
    let (mut phone, home) = (village.phone(1, "phone"), village.homes(1)[0]);
    let (hub, lead) = (village.hub.hub(), village.hub.lead());
    village.to("2026-08-01 10:00");
    phone.book.edit_fields(home.unit(), &field(&format!("{HER}/name"), "欧阳静好")).unwrap();
    phone.book.edit_fields(home.unit(), &field(&format!("m/{HIM}/name"), "司马大山")).unwrap();
    village.sync(&mut phone);
    village.to("2026-08-20 10:00");
    let roster = "网格,户编号,地址,姓名\n第9网格,H1,阳光小区1幢1单元101室,王红\n";
    village.hub.import("册.csv", roster.as_bytes()).unwrap();
    // Two minutes after an import somebody at the counter enters it; a slip of the date is put right a day later.
    village.to("2026-08-20 10:02");
    let since = format!("{HER}/c/disabled/since");
    hub.edit_fields(home.unit(), field(&since, "2026-07-20"), lead).unwrap();
    village.to("2026-08-21 10:00");
    hub.edit_fields(home.unit(), field(&since, "2026-07-21"), lead).unwrap();
    let known = |village: &Village| {
        let changes = material(village).changes.into_iter().filter(|one| one.unit == home.unit());
        changes.map(|one| (one.on.to_string(), one.what, one.said_by)).collect::<Vec<_>>()
    };
    let once = [("2026-07-20".to_owned(), KnownWhat::CategoryIn, SaidBy::Desk)];
    assert_eq!(known(&village), once);
    village.to("2026-08-25 10:00");
    let what = What::Person(HIM.parse().unwrap());
    let order = Order { unit: home.unit(), what, cause: "删除决定〔2026〕3号".into(), by: lead };
    hub.erase(vec![order]).unwrap();
    assert_eq!(
        known(&village),
        [],
        "what was sealed anew is no news, and what it said before is gone with it"
    );
}

mod on_postgres {
    use ruhu_server::storage::DatabaseAt;
    use ruhu_server::storage::postgres::Server;
    use ruhu_tests::cluster::Cluster;
    use ruhu_tests::folder;

    use super::{HOMES, Village, story};

    #[test]
    fn a_made_up_visit_reaches_the_same_card() {
        let (cluster, folder) = (Cluster::shared(), folder::new().unwrap());
        let address = cluster.database();
        let at: DatabaseAt = address.parse::<Server>().unwrap().or_keys_in(folder.path()).into();
        story(&Village::on(at, folder, 61, HOMES), Some(&address));
    }
}
