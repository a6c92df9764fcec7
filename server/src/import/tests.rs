use chrono::NaiveDate;

use super::roster::ReadSettings;
use super::sheet::{Limits, SheetError};
use super::{ImportError, read};

#[test]
fn a_refused_file_says_so_in_both_languages() {
    let settings = ReadSettings::new(NaiveDate::from_ymd_opt(2026, 11, 21).unwrap());
    let refused = read("名册.xlsx", b"\x89PNG\r\n\x1a\n", &Limits::default(), &settings).unwrap_err();
    assert!(matches!(refused, ImportError::Sheet(SheetError::NotARoster { .. })));
    let shown = refused.to_string();
    assert!(shown.contains("这是图片") && shown.contains("this is a picture"), "{shown}");
}
