//! `ruhu report` and `ruhu close` as a person types them.

use std::path::Path;
use std::sync::Arc;

use chrono::Duration;
use clap::Parser;
use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_server::cli::{Cli, CliError, Console, run};

use super::world::{GRIDS, HOUSEHOLDS, StoryClock, WORKERS, World};

/// Runs a command beside the running hub, on the same data folder.
fn ruhu(data: &Path, clock: &StoryClock, words: &[&str]) -> Result<String, CliError> {
    let data = data.to_str().unwrap();
    let cli = Cli::parse_from(["ruhu", "--data", data].iter().chain(words));
    let mut out = Vec::new();
    let randomness = Box::new(StdRng::seed_from_u64(9));
    run(cli, Console { out: &mut out, clock: Arc::new(clock.clone()), randomness })?;
    Ok(String::from_utf8(out).unwrap())
}

/// A community with one visited household, its database in a folder of its own.
fn world_in(folder: &Path) -> World {
    let world = World::new();
    let mut phone = world.phone(WORKERS[0]);
    let visit = phone.visit(0);
    phone.say(&world.hub, ruhu_core::roster::Unit::Household(HOUSEHOLDS[0]), visit);
    let copy = folder.join("ruhu.db");
    let from = world.hub.storage().path().unwrap().to_owned();
    let conn = rusqlite::Connection::open(from).unwrap();
    conn.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    std::fs::copy(world.hub.storage().vault().path().unwrap(), folder.join("seal.key")).unwrap();
    world
}

#[test]
fn a_report_as_text_json_and_workbook_and_the_check_of_what_came_back() {
    let folder = tempfile::tempdir().unwrap();
    let world = world_in(folder.path());
    let ruhu = |words: &[&str]| ruhu(folder.path(), &world.clock, words);
    let text = ruhu(&["report", "coverage", "--period", "2026Q3"]).unwrap();
    assert!(text.starts_with("入户走访统计表 2026年第3季度\n填报单位:阳光社区"));
    assert!(text.contains("恒等式:应访 2 = 已访 1 + 核减 0 + 未访 1"));
    assert!(text.contains("办法:未采用文件·试行"));
    let out = folder.path().to_str().unwrap();
    let written = ruhu(&["report", "coverage", "--period", "2026Q3", "--xlsx", out]).unwrap();
    let file = folder.path().join("阳光社区_入户走访统计表_2026年第3季度.xlsx");
    assert!(written.contains("阳光社区_入户走访统计表_2026年第3季度.xlsx") && file.exists());
    let checked = ruhu(&["report", "verify", file.to_str().unwrap()]).unwrap();
    assert!(checked.starts_with("与签名一致") && checked.contains("应访 2 = 已访 1 + 核减 0 + 未访 1"));
    let json = ruhu(&["report", "coverage", "--period", "2026Q3", "--json"]).unwrap();
    assert_eq!(json, ruhu(&["report", "coverage", "--period", "2026Q3", "--json"]).unwrap());
    let forged = folder.path().join("forged.json");
    std::fs::write(&forged, json.replacen("\"done\":1", "\"done\":2", 1)).unwrap();
    assert!(matches!(ruhu(&["report", "verify", forged.to_str().unwrap()]), Err(CliError::Seal(_))));
    let grid = GRIDS[1].to_string();
    let part = ruhu(&["report", "coverage", "--period", "2026Q3", "--grid", &grid]).unwrap();
    assert!(part.contains("应访 1 = 已访 0 + 核减 0 + 未访 1") && part.contains("部分网格"));
}

#[test]
fn closing_warns_and_changes_nothing_until_it_is_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let world = world_in(folder.path());
    let ruhu = |words: &[&str]| ruhu(folder.path(), &world.clock, words);
    assert!(matches!(ruhu(&["close", "--period", "2026Q3", "--yes"]), Err(CliError::Report(_))));
    world.clock.forward(Duration::days(97));
    let warned = ruhu(&["close", "--period", "2026Q3"]).unwrap();
    assert!(warned.contains("注意:1 部手机未同步,最多影响 0 户"), "{warned}");
    assert!(warned.contains("建议 2026-10-10 关账") && warned.contains("未作任何更改"));
    assert!(ruhu(&["report", "coverage", "--period", "2026Q3"]).unwrap().contains("期满,未关账"));
    let nobody = ruhu(&["close", "--period", "2026Q3", "--by", "nobody", "--yes"]);
    assert!(matches!(nobody, Err(CliError::Usage(_))));
    let closed = ruhu(&["close", "--period", "2026Q3", "--yes"]).unwrap();
    assert!(closed.contains("已关账 / closed: 2026年第3季度"));
    assert!(ruhu(&["report", "coverage", "--period", "2026Q3"]).unwrap().contains("状态:已关账(2026-10-06)"));
}
