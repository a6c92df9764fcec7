//! Texts that an organ writes: rule texts, adoptions, category forms, notices of holidays.

use std::sync::LazyLock;

use ruhu_core::category::CategoryForms;
use ruhu_core::policy::{Adoption, RuleTexts, adopt};
use ruhu_core::time::WorkCalendar;

static SHIPPED: LazyLock<Option<RuleTexts>> = LazyLock::new(|| RuleTexts::shipped().ok());

/// The first byte says which kind of text; the rest is the text.
pub(crate) fn policy(bytes: &[u8]) {
    let Some((which, text)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    match which % 4 {
        0 => drop(RuleTexts::read(&[("fuzz.toml", &text)])),
        1 => {
            let adoption = Adoption::load("fuzz.toml", &text);
            if let (Ok(adoption), Some(shipped)) = (adoption, SHIPPED.as_ref()) {
                drop(adopt(shipped, &adoption));
            }
        }
        2 => drop(CategoryForms::shipped().map(|shipped| shipped.with_file(&text))),
        _ => drop(WorkCalendar::default().with_notice(&text)),
    }
}
