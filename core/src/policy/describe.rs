//! Shows every setting with its value, its quoted rule and its state: for `ruhu adopt` without effect, and the policy page.

use std::fmt;

use super::adopt::{AdoptedPolicy, AdoptedSetting, SettingState};
use super::setting::OpenWord;
use super::text::{PolicySetting, RuleTexts};
use super::visits::Standing;

/// 语言 – Chinese first, English second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// 中文.
    Zh,
    /// English.
    En,
}

/// One setting as the policy page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownSetting {
    /// Table and key: `visits.key`.
    pub field: String,
    /// The policy it comes from.
    pub policy: String,
    /// The value as TOML, without the rule and the hold that the other fields carry.
    pub value: String,
    /// Rule id, clause and words, one per rule: `D1b-16 四·2 「其中重點戶每月入戶一次」`.
    pub quotes: Vec<String>,
    /// Whether it has an effect, and why not.
    pub state: SettingState,
    /// On whose word it stands.
    pub standing: Standing,
    /// Why and by whom its value was changed.
    pub changed: Option<(String, String)>,
}

impl RuleTexts {
    /// Every setting of every text: those adopted with their state, the rest as not adopted.
    #[must_use]
    pub fn shown(&self, adopted: Option<&AdoptedPolicy>) -> Vec<ShownSetting> {
        let mut shown = Vec::new();
        for text in self.texts() {
            for setting in text.settings() {
                let taken = adopted
                    .and_then(|adopted| adopted.settings().get(&setting.field))
                    .filter(|taken| taken.policy == text.id());
                shown.push(self.show(text.id(), setting, taken));
            }
        }
        shown
    }

    /// [`Self::shown`] as lines of text.
    #[must_use]
    pub fn describe(&self, adopted: Option<&AdoptedPolicy>, lang: Lang) -> Vec<String> {
        self.shown(adopted).iter().map(|shown| shown.line(self, lang)).collect()
    }

    fn show(&self, policy: &str, setting: &PolicySetting, taken: Option<&AdoptedSetting>) -> ShownSetting {
        let one = taken.map_or(setting, |taken| &taken.setting);
        let quotes = one.rules.iter().filter_map(|id| self.rules().get(id));
        ShownSetting {
            field: one.field.clone(),
            policy: policy.to_owned(),
            value: without_provenance(&one.value).to_string(),
            quotes: quotes.map(|rule| format!("{} {}", rule.id, rule.quote())).collect(),
            state: taken.map_or(SettingState::NotAdopted, |taken| taken.state.clone()),
            standing: taken.map_or(Standing::Trial, |taken| taken.standing.clone()),
            changed: taken.and_then(|taken| taken.changed.clone()),
        }
    }
}

impl ShownSetting {
    /// One line: state, field, value, quoted rules, and who changed it why.
    #[must_use]
    pub fn line(&self, texts: &RuleTexts, lang: Lang) -> String {
        let mut line = format!("[{}] {} = {}", self.state.words(texts, lang), self.field, self.value);
        if self.quotes.is_empty() {
            line.push_str(pick(lang, " — 产品默认或无条文", " — product default or no rule"));
        }
        for quote in &self.quotes {
            line.push_str(" — ");
            line.push_str(quote);
        }
        line.push_str(&format!(" ({})", self.policy));
        if let Standing::Adopted { by, document_no, from } = &self.standing {
            let words = [by.as_str(), document_no.as_str()].join(" ");
            line.push_str(&format!("{}{} {from}", pick(lang, ";采用:", "; adopted: "), words.trim_end()));
        }
        if let Some((reason, by)) = &self.changed {
            line.push_str(&format!("{}{by}: {reason}", pick(lang, ";更改:", "; changed: ")));
        }
        line
    }
}

impl SettingState {
    /// The state in words, a hold with the law it names.
    #[must_use]
    pub fn words(&self, texts: &RuleTexts, lang: Lang) -> String {
        match self {
            Self::InForce => pick(lang, "生效", "active").to_owned(),
            Self::Listed => pick(lang, "已采用,仅展示,本版不据此计算", "adopted, shown only").to_owned(),
            Self::Demonstration => pick(lang, Standing::TRIAL_ZH, Standing::TRIAL_EN).to_owned(),
            Self::NotAdopted => pick(lang, "未采用", "inactive: not adopted").to_owned(),
            Self::Open(word) => match lang {
                Lang::Zh => format!("不生效:{}", word.zh()),
                Lang::En => format!("inactive: {word}"),
            },
            Self::Question(id) => match lang {
                Lang::Zh => format!("不生效:待裁定 {id}"),
                Lang::En => format!("inactive: {id} undecided"),
            },
            Self::Held(ids) => {
                let holds: Vec<String> = ids
                    .iter()
                    .map(|id| match (lang, texts.holds().get(id)) {
                        (Lang::Zh, Some(hold)) => format!("{id}({})", hold.law),
                        _ => id.clone(),
                    })
                    .collect();
                let holds = holds.join(pick(lang, "、", ", "));
                format!("{}{holds}", pick(lang, "不生效:法律冲突 ", "inactive: legal hold "))
            }
        }
    }
}

/// The value alone: rule, hold and question are shown beside it in words. A row of a list keeps its own hold, which
/// is not a hold on the others.
fn without_provenance(value: &toml::Value) -> toml::Value {
    let without = |value: &toml::Value, keys: &[&str]| match value {
        toml::Value::Table(table) => {
            let kept = table.iter().filter(|(key, _)| !keys.contains(&key.as_str()));
            toml::Value::Table(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
        }
        _ => value.clone(),
    };
    match value {
        toml::Value::Array(rows) => {
            rows.iter().map(|row| without(row, &["rule", "decide"])).collect::<Vec<_>>().into()
        }
        _ => without(value, &["rule", "decide", "legal_hold"]),
    }
}

impl fmt::Display for OpenWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

const fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
