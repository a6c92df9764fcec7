//! Questions and their answers, residents' groups, stewards and leave.

use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Verdict;
use ruhu_core::visit::{Answer, AnswerValue};

use super::shell::{community, looks, said, why_not};
use super::world::{DOORS, HOUSEHOLDS, WORKERS, World};

const HOME: Unit = Unit::Household(HOUSEHOLDS[0]);

fn add<'a>(zh: &'a str, kind: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec!["question", "add", "--zh", zh, "--department", "消防", "--purpose", "配发灭火器"];
    words.extend(["--basis", "社区决定", "--kind", kind, "--from", "2026-07-01", "--until", "2026-09-30"]);
    words.extend(rest);
    words
}

#[test]
fn a_question_is_asked_answered_counted_exported_and_closed() {
    let world = World::new();
    said(&world, &add("是否需要灭火器", "choice:要,不要", &["--en", "extinguisher?", "--prefill"]));
    let question = community(&world).questions().into_values().next().unwrap();
    let mut phone = world.phone(WORKERS[0]);
    let mut answer = |nth: u16| {
        let mut draft = phone.draft(HOME, DOORS[0]);
        draft.body.answers = vec![Answer { question: question.id, value: AnswerValue::Choice(nth) }];
        let payload = phone.visit_of(draft);
        assert!(matches!(phone.say(&world.hub, HOME, payload), Verdict::Accepted { .. }));
        world.clock.forward(chrono::Duration::hours(1));
    };
    assert!(said(&world, &["question", "list"]).contains("回答 0 个"));
    answer(1);
    answer(0);
    assert!(said(&world, &["question", "list"]).contains("回答 1 个"), "once a quarter: the last one stands");
    let csv = world.folder.path().join("answers.csv");
    let id = question.id.to_string();
    let export =
        ["question", "export", &id, "--csv", csv.to_str().unwrap(), "--to", "消防大队", "--purpose", "配发"];
    said(&world, &export);
    let text = std::fs::read_to_string(&csv).unwrap();
    assert!(text.starts_with('\u{feff}') && text.contains("是否需要灭火器"), "{text}");
    let row = text.lines().nth(1).unwrap();
    assert_eq!(row, format!("{},第1网格,阳光小区3栋2单元101室,2026-07-01,要", HOUSEHOLDS[0]));
    let look = &looks(&world)[0];
    assert_eq!(look.0, "question.export");
    assert!(look.1.contains("消防大队") && look.1.contains("配发") && look.1.contains("rows=1"));
    assert!(why_not(&world, &export).contains("answers.csv"), "a file is never overwritten");
    assert!(said(&world, &["question", "close", "是否需要灭火器", "--on", "2026-08-01"]).contains(&id));
    assert_eq!(community(&world).questions()[&question.id].until, "2026-07-31".parse().unwrap());
    assert!(
        why_not(&world, &["question", "close", id.as_str(), "--on", "2026-09-01"]).contains("2026-07-31")
    );
    assert!(why_not(&world, &["question", "close", "没有", "--on", "2026-09-01"]).contains("question list"));
}

#[test]
fn a_question_that_may_not_be_asked_is_refused_at_once() {
    let world = World::new();
    let refused = why_not(&world, &add("", "number:9-0", &["--who", "everyone"]));
    assert!(refused.contains("文字") && refused.contains("选项"), "all problems at once: {refused}");
    assert!(why_not(&world, &add("宗教信仰是什么", "text:60", &[])).contains("不能开设"));
    assert!(why_not(&world, &add("几口人", "numbers", &[])).contains("number:0-9"));
    assert!(why_not(&world, &add("几口人", "number:0-9", &["--who", "grid:无"])).contains("grid:"));
    let of_category = add("需要助残器具吗", "yes-no", &["--who", "category:残疾人"]);
    assert!(why_not(&world, &of_category).contains("ruhu adopt --confirm-category disabled"));
    assert!(community(&world).questions().is_empty());
    for nth in ["甲", "乙", "丙", "丁", "戊"] {
        said(&world, &add(nth, "number:-5-10", &["--who", "grid:第1网格"]));
    }
    assert!(why_not(&world, &add("己", "date", &["--who", "key"])).contains("6 个专项"));
    said(&world, &add("庚", "text:60", &["--who", "grid:第2网格", "--once-per", "month"]));
    assert_eq!(community(&world).questions().len(), 6);
}

#[test]
fn the_register_flags_groups_without_a_leader_and_buildings_without_a_steward() {
    let world = World::new();
    said(&world, &["group", "set", "第1小组", "--leader", "李大山", "--phone", "13800000001"]);
    assert!(said(&world, &["group", "set", "第2小组"]).contains("尚无组长"));
    let register = said(&world, &["register"]);
    assert!(register.contains("第2小组 【缺组长"), "{register}");
    assert!(register.contains("李* 138****0001") && !register.contains("李大山"));
    assert!(register.contains("阳光小区 3 栋【缺楼栋长"));
    said(
        &world,
        &["steward", "set", "张红", "--estate", "阳光小区", "--building", "3", "--phone", "13800000002"],
    );
    let whole = said(&world, &["register", "--unmask", "--reason", "造册上报"]);
    assert!(whole.contains("张红 13800000002") && !whole.contains("缺楼栋长"), "{whole}");
    assert!(looks(&world)[0].1.contains("造册上报"));
    let slip = said(&world, &["steward", "set", "张红", "--estate", "阳光小区", "--building", "三"]);
    assert!(slip.contains("还没有这栋楼"));
}

#[test]
fn leave_is_noted_and_names_the_grids_nobody_covers() {
    let world = World::new();
    let leave = ["leave", "工作者21", "--from", "2026-07-10", "--until", "2026-07-12"];
    assert!(said(&world, &leave).contains("ruhu cover 第1网格"));
    said(&world, &["cover", "第1网格", "--worker", "工作者22", "--from", "2026-07-10", "--to", "2026-07-12"]);
    assert!(why_not(&world, &leave).contains("已经登记过"));
    let shorter = ["leave", "工作者21", "--from", "2026-07-10", "--until", "2026-07-11"];
    assert!(!said(&world, &shorter).contains("ruhu cover"));
    assert_eq!(community(&world).leave().len(), 1);
    for (until, why) in [("2026-07-09", "早于"), ("9999-12-31", "最长 400 天")] {
        let leave = ["leave", "工作者21", "--from", "2026-07-10", "--until", until];
        assert!(why_not(&world, &leave).contains(why));
    }
    said(&world, &["leave", "工作者21", "--from", "2026-07-10", "--end"]);
    assert!(community(&world).leave().is_empty());
    let cover = ["cover", "第1网格", "--worker", "工作者22", "--from", "2026-07-10", "--end"];
    said(&world, &cover);
    assert!(why_not(&world, &cover).contains("已结束"));
}
