//! 文字 – every word the pages show, by key, one list per language. Chinese is first; English is a switch.

mod en;
mod en_access;
mod en_accounts;
mod en_acts;
mod en_audit;
mod en_findings;
mod en_ledger;
mod en_places;
mod en_policy;
mod en_questions;
mod en_record;
mod en_refusals;
mod en_requests;
mod en_resident;
mod en_rights;
mod en_roster;
mod zh;
mod zh_access;
mod zh_accounts;
mod zh_acts;
mod zh_audit;
mod zh_findings;
mod zh_ledger;
mod zh_places;
mod zh_policy;
mod zh_questions;
mod zh_record;
mod zh_refusals;
mod zh_requests;
mod zh_resident;
mod zh_rights;
mod zh_roster;

/// Which language a page speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// `zh` or `en`, as in `?lang=` and in the cookie.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The language tag of the page.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// Back from [`Lang::code`]; Chinese for anything else.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        if code == "en" { Self::En } else { Self::Zh }
    }

    /// The other language, for the switch.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// The words of a key. A key no list knows shows itself; a test finds it before anybody else does.
    #[must_use]
    pub fn t(self, key: &'static str) -> &'static str {
        self.words().find(|(known, _)| *known == key).map_or(key, |(_, words)| words)
    }

    fn words(self) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
        let lists = match self {
            Self::Zh => [
                zh::WORDS,
                zh_acts::WORDS,
                zh_refusals::WORDS,
                zh_requests::WORDS,
                zh_resident::WORDS,
                zh_rights::WORDS,
                zh_questions::WORDS,
                zh_record::WORDS,
                zh_findings::WORDS,
                zh_access::WORDS,
                zh_audit::WORDS,
                zh_ledger::WORDS,
                zh_places::WORDS,
                zh_policy::WORDS,
                zh_roster::WORDS,
                zh_accounts::WORDS,
            ],
            Self::En => [
                en::WORDS,
                en_acts::WORDS,
                en_refusals::WORDS,
                en_requests::WORDS,
                en_resident::WORDS,
                en_rights::WORDS,
                en_questions::WORDS,
                en_record::WORDS,
                en_findings::WORDS,
                en_access::WORDS,
                en_audit::WORDS,
                en_ledger::WORDS,
                en_places::WORDS,
                en_policy::WORDS,
                en_roster::WORDS,
                en_accounts::WORDS,
            ],
        };
        lists.into_iter().flatten()
    }

    /// Its half of words that stand in both languages: 中文 / English.
    #[must_use]
    pub fn half(self, both: &str) -> &str {
        match (both.split_once(" / "), self) {
            (Some((zh, _)), Self::Zh) => zh,
            (Some((_, en)), Self::En) => en,
            (None, _) => both,
        }
    }

    /// The words of a key with `{0}`, `{1}`… filled in.
    #[must_use]
    pub fn fill(self, key: &'static str, parts: &[&str]) -> String {
        let mut words = self.t(key).to_owned();
        for (nth, part) in parts.iter().enumerate() {
            words = words.replace(&format!("{{{nth}}}"), part);
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn keys(lang: Lang) -> BTreeSet<&'static str> {
        lang.words().map(|(key, _)| *key).collect()
    }

    #[test]
    fn no_word_is_missing_in_either_language_and_none_stands_twice() {
        assert_eq!(keys(Lang::Zh), keys(Lang::En));
        for lang in [Lang::Zh, Lang::En] {
            assert_eq!(keys(lang).len(), lang.words().count());
            assert!(lang.words().all(|(_, words)| !words.trim().is_empty()));
        }
    }

    #[test]
    fn both_languages_fill_in_the_same_parts() {
        let parts =
            |words: &str| (0..6).filter(|nth| words.contains(&format!("{{{nth}}}"))).collect::<Vec<_>>();
        for (key, words) in Lang::Zh.words() {
            assert_eq!(parts(words), parts(Lang::En.t(key)), "{key}");
        }
    }

    #[test]
    fn what_stands_in_both_languages_is_said_in_one() {
        assert_eq!(Lang::Zh.half("没有待确认的事项 / nothing waits"), "没有待确认的事项");
        assert_eq!(Lang::En.half("没有待确认的事项 / nothing waits"), "nothing waits");
        assert_eq!(Lang::En.half("one language"), "one language");
    }

    #[test]
    fn every_key_a_template_or_a_view_asks_for_is_known_and_every_known_key_is_asked_for() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut text = String::new();
        for folder in [
            "templates",
            "src/desk",
            "src/desk/handlers",
            "src/desk/views",
            "src/desk/read",
            "src/desk/read/household",
        ] {
            for file in std::fs::read_dir(root.join(folder)).unwrap() {
                let path = file.unwrap().path();
                if path.is_file() {
                    text.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        let asked: BTreeSet<&str> = ["t(\"", "fill(\""]
            .iter()
            .flat_map(|call| text.split(call).skip(1))
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let known = keys(Lang::Zh);
        let unknown: Vec<_> = asked.iter().filter(|key| key.contains('.') && !known.contains(*key)).collect();
        assert!(unknown.is_empty(), "no words for {unknown:?}");
        let idle: Vec<_> = known.iter().filter(|key| !text.contains(&format!("\"{key}\""))).collect();
        assert!(idle.is_empty(), "words nobody asks for: {idle:?}");
    }
}
