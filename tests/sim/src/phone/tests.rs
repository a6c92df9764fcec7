use chrono::TimeZone;
use rand::SeedableRng;
use ruhu_core::category::Scalar;
use ruhu_core::time::FixedClock;

use super::*;

fn said(folder: &tempfile::TempDir, words: &[&str]) -> Result<String, PhoneError> {
    let store = folder.path().join("phone.db");
    let whole = ["ruhu-phone", "--store", store.to_str().unwrap()].into_iter().chain(words.iter().copied());
    let cli = Cli::try_parse_from(whole).unwrap();
    let clock = Arc::new(FixedClock(Utc.with_ymd_and_hms(2026, 7, 5, 10, 0, 0).unwrap()));
    let mut out = Vec::new();
    run(cli, clock, Box::new(rand::rngs::StdRng::from_seed([1; 32])), &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn the_commands_hold_together() {
    use clap::CommandFactory;
    Cli::command().debug_assert();
}

#[test]
fn a_phone_that_is_not_enrolled_says_what_to_do_first() {
    let folder = tempfile::tempdir().unwrap();
    let told = said(&folder, &["sync"]).unwrap_err().to_string();
    assert!(told.contains("enrol"), "{told}");
    let told = said(&folder, &["enrol", "AB12-CD34"]).unwrap_err().to_string();
    assert!(told.contains("--hub"), "{told}");
    let told = said(&folder, &["visit", "3栋", "met"]).unwrap_err().to_string();
    assert!(told.contains("没有找到"), "{told}");
}

#[test]
fn plain_http_to_another_machine_must_be_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let told = said(&folder, &["enrol", "http://10.0.0.7/app/#enrol=AB12"]).unwrap_err().to_string();
    assert!(told.contains("https"), "{told}");
}

#[test]
fn everything_prints_as_json() {
    let folder = tempfile::tempdir().unwrap();
    for words in [["due", "--json"], ["receipts", "--json"], ["log", "--json"], ["status", "--json"]] {
        let printed = said(&folder, &words).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&printed).is_ok(), "{printed}");
    }
}

#[test]
fn a_field_takes_the_kind_its_schema_wants() {
    let person = "m/01981d3c-0000-7000-8000-000000000001";
    let value = |key: &str, text: &str| who::scalar(key, text);
    assert_eq!(value("p/phone", "13800000000"), Scalar::Str("13800000000".into()));
    assert_eq!(value(&format!("{person}/birth"), "1958"), Scalar::Str("1958".into()));
    assert_eq!(value("p/nonsense", "7"), Scalar::Str("7".into()), "the core says what is wrong with it");
    assert!(who::field("without a sign").is_err());
}
