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

#[cfg(not(feature = "sqlcipher"))]
#[test]
fn a_build_without_encryption_takes_no_key_and_writes_nothing_plain_instead() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, [7; 32]).unwrap();
    for command in ["due", "encrypt"] {
        let told = said(&folder, &[command, "--key-file", key.to_str().unwrap()]).unwrap_err();
        assert!(matches!(told, PhoneError::NoCipher), "{told}");
    }
    assert!(!folder.path().join("phone.db").exists());
}

#[cfg(feature = "sqlcipher")]
#[test]
fn a_key_file_opens_encrypts_and_is_changed_and_may_not_lie_beside_the_file() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let at = |name: &str, bytes: &[u8]| {
        let path = keys.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (raw, digits) = (at("raw", &[0xB7; 32]), at("digits", format!("{}\n", "B7".repeat(32)).as_bytes()));
    let (other, short) = (at("other", &[1; 32]), at("short", b"secret"));
    said(&folder, &["log"]).unwrap();
    let told = said(&folder, &["log", "--key-file", &raw]).unwrap_err().to_string();
    assert!(told.contains("ruhu-phone encrypt"), "{told}");
    assert!(said(&folder, &["encrypt"]).unwrap_err().to_string().contains("--key-file"));
    assert!(said(&folder, &["encrypt", "--key-file", &short]).unwrap_err().to_string().contains("32"));
    said(&folder, &["encrypt", "--key-file", &raw]).unwrap();
    said(&folder, &["log", "--key-file", &digits]).unwrap();
    assert!(said(&folder, &["log"]).unwrap_err().to_string().contains("加密"));
    assert!(said(&folder, &["log", "--key-file", &other]).unwrap_err().to_string().contains("密钥不符"));
    said(&folder, &["rekey", "--key-file", &digits, "--new-key-file", &other]).unwrap();
    said(&folder, &["log", "--key-file", &other]).unwrap();

    let beside = folder.path().join("key");
    std::fs::write(&beside, [1; 32]).unwrap();
    let told = said(&folder, &["log", "--key-file", beside.to_str().unwrap()]).unwrap_err().to_string();
    assert!(told.contains("同一文件夹"), "{told}");
}
