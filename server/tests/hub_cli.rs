//! The command line from an empty folder to an enrolled phone, as a person types it.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use std::path::Path;
use std::sync::Arc;

use clap::Parser;
use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::time::FixedClock;
use ruhu_server::cli::{Cli, CliError, Console, run};

fn ruhu(data: &Path, words: &[&str]) -> Result<String, CliError> {
    let mut typed = vec!["ruhu", "--data", data.to_str().unwrap()];
    typed.extend(words);
    let mut out = Vec::new();
    let console = Console {
        out: &mut out,
        clock: Arc::new(FixedClock("2026-07-01T01:00:00Z".parse().unwrap())),
        randomness: Box::new(StdRng::seed_from_u64(
            u64::try_from(words.len()).unwrap() + words.concat().bytes().map(u64::from).sum::<u64>(),
        )),
    };
    run(Cli::try_parse_from(typed).unwrap(), console)?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn a_community_is_set_up_and_a_phone_enrolled_in_six_commands() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new").join("ruhu-data");
    let said = |words: &[&str]| ruhu(&data, words).unwrap();
    said(&["community", "set", "阳光社区", "--street", "东街", "--county", "某县"]);
    said(&["community", "grid", "第1网格"]);
    said(&["worker", "add", "张三"]);
    assert!(said(&["handover", "第1网格", "--to", "张三", "--on", "2026-07-01"]).contains("14"));
    let code = said(&["enrol", "张三", "--url", "https://hub.example"]);
    assert!(code.contains("https://hub.example/app/#enrol="), "{code}");
    assert!(code.contains('█'), "a QR code for the camera");
    assert!(said(&["worker", "list"]).contains("张三 [第1网格]"));
    assert!(said(&["verify"]).contains("全部相符"));
}

#[test]
fn a_community_chooses_its_lease_between_a_week_and_a_quarter() {
    let folder = tempfile::tempdir().unwrap();
    let said = |words: &[&str]| ruhu(folder.path(), words).unwrap();
    said(&["community", "set", "阳光社区", "--street", "东街", "--county", "某县"]);
    assert!(said(&["community", "list"]).contains("lease 30 "));
    assert!(said(&["community", "lease", "14"]).contains("14 天"));
    assert!(said(&["community", "list"]).contains("lease 14 "));
    for out_of_bounds in ["6", "91", "-1", "soon"] {
        assert!(Cli::try_parse_from(["ruhu", "community", "lease", out_of_bounds]).is_err());
    }
}

#[test]
fn a_slip_names_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let why = |words: &[&str]| ruhu(data, words).unwrap_err().to_string();
    assert!(why(&["worker", "list"]).contains("ruhu community set"));
    ruhu(data, &["community", "set", "阳光社区", "--street", "东街", "--county", "某县"]).unwrap();
    ruhu(data, &["worker", "add", "张三"]).unwrap();
    assert!(why(&["enrol", "李四", "--url", "https://h"]).contains("张三"));
    assert!(why(&["enrol", "张三"]).contains("--url"));
    assert!(why(&["handover", "无", "--to", "张三", "--on", "2026-07-01"]).contains("没有这个网格"));
    assert!(why(&["quarantine", "admit", "99", "--reason", "x"]).contains("99"));
}

#[test]
fn an_account_gets_a_one_time_password_and_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    ruhu(data, &["community", "set", "阳光社区", "--street", "东街", "--county", "某县"]).unwrap();
    assert!(ruhu(data, &["user", "add", "lead", "--role", "社区"]).unwrap().contains("一次性密码"));
    assert!(ruhu(data, &["user", "add", "lead", "--role", "社区"]).is_err());
    assert!(ruhu(data, &["user", "add", "street", "--role", "street"]).is_err());
    assert!(ruhu(data, &["user", "reset", "lead"]).unwrap().contains("一次性密码"));
    let listed = ruhu(data, &["user", "list"]).unwrap();
    assert!(listed.starts_with("lead lead 社区"), "{listed}");
}

#[test]
fn an_account_is_disabled_and_enabled_and_the_last_security_administrator_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let said = |words: &[&str]| ruhu(data, words).unwrap();
    let why = |words: &[&str]| ruhu(data, words).unwrap_err().to_string();
    said(&["user", "add", "anquan", "--role", "安全管理员"]);
    said(&["user", "add", "shenji", "--role", "审计"]);
    assert!(said(&["user", "disable", "shenji", "--reason", "调离"]).contains("已停用"));
    assert!(said(&["user", "list"]).contains("停用 disabled"));
    assert!(why(&["user", "disable", "shenji"]).contains("已经是这样"));
    assert!(said(&["user", "enable", "shenji"]).contains("已启用"));
    assert!(!said(&["user", "list"]).contains("停用"));
    assert!(why(&["user", "disable", "anquan"]).contains("最后一名启用的安全管理员"));
    assert!(why(&["user", "totp-reset", "shenji"]).contains("已经是这样"), "he never set it up");
    assert!(why(&["user", "enable", "nobody"]).contains("ruhu user list"));
    assert!(said(&["verify"]).contains("全部相符"));
}

#[test]
fn verify_says_where_it_differs_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    ruhu(data, &["community", "set", "阳光社区", "--street", "东街", "--county", "某县"]).unwrap();
    let conn = rusqlite::Connection::open(data.join("ruhu.db")).unwrap();
    conn.execute("UPDATE community SET file = x'00'", []).unwrap();
    drop(conn);
    assert!(matches!(ruhu(data, &["verify"]), Err(CliError::Faulty { found: 1 })));
}

#[test]
fn an_export_leaves_every_file_that_is_there_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let path = |name: &str| folder.path().join(name);
    ruhu(&data, &["community", "set", "阳光社区", "--street", "东街", "--county", "某县"]).unwrap();
    std::fs::write(path("all.part"), "somebody's own").unwrap();
    let out = path("all.ndjson");
    let export = || ruhu(&data, &["export", "--all", "--out", out.to_str().unwrap()]);
    assert!(export().unwrap().contains("check-export.mjs"));
    assert_eq!(std::fs::read_to_string(path("all.part")).unwrap(), "somebody's own");
    let whole = std::fs::read(&out).unwrap();
    assert!(export().unwrap_err().to_string().contains("all.ndjson"));
    assert_eq!(std::fs::read(&out).unwrap(), whole, "not written over");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "data, the export, and what was there");
}
