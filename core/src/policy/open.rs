//! 待裁定 – the questions `X-…` a rule text leaves open (`domain.md` 1.2), as they can be put to an organ.

use std::collections::BTreeSet;

use super::text::{PolicyText, RuleTexts};

/// 待裁定的问题 – one question with what may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenQuestion {
    /// `X-06`.
    pub id: String,
    /// Its words, as the first text asks it.
    pub question: String,
    /// What may be chosen: of all texts that ask it, in their order.
    pub options: Vec<String>,
}

impl RuleTexts {
    /// Every open question of the texts, once, in the order of their ids.
    #[must_use]
    pub fn questions(&self) -> Vec<OpenQuestion> {
        let rows = || self.texts().iter().flat_map(PolicyText::questions);
        let ids: BTreeSet<&str> = rows().map(|row| row.0).collect();
        let one = |id: &str| {
            let asked = || rows().filter(|row| row.0 == id);
            let mut options: Vec<String> = Vec::new();
            for option in asked().flat_map(|row| row.2) {
                if !options.contains(option) {
                    options.push(option.clone());
                }
            }
            OpenQuestion {
                id: id.to_owned(),
                question: asked().next().map(|row| row.1.to_owned()).unwrap_or_default(),
                options,
            }
        };
        ids.into_iter().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_of_the_shipped_texts_is_put_once_with_what_may_be_chosen() {
        let questions = RuleTexts::shipped().unwrap().questions();
        let ids: Vec<&str> = questions.iter().map(|one| one.id.as_str()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
        let bonus = questions.iter().find(|one| one.id == "X-06").unwrap();
        assert_eq!(bonus.options, ["error", "year"]);
        assert!(bonus.question.contains("扣發年終獎10%"));
        assert!(questions.iter().all(|one| 2 <= one.options.len() && !one.question.is_empty()));
    }
}
