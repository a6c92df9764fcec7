//! 采用 – the page that adopts one thing: its words, what is asked, and what it would amount to.

use std::collections::BTreeSet;

use ruhu_core::category::CategoryForms;
use ruhu_core::ids::CommunityId;
use ruhu_core::policy::{PolicyProblem, RuleTexts};

use super::policy::{adopt_href, part_words, parts, policy_href};
use super::question_words::category_words;
use super::{Scope, Viewer};
use crate::desk::trouble::Trouble;
use crate::desk::views::{AdoptPage, ChoicesView, FieldView, Said, TrialView, TriedView};
use crate::desk::words::Lang;
use crate::office::OfficeError;
use crate::office::adopting::{
    Confirming, Deciding, Present, Proposed, Releasing, Source, Taking, Trial, Wanted, Words, head, seen,
};

/// What is about to be adopted, as an address names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::desk) enum Wish {
    /// Parts of a rule text.
    Take(String),
    /// A category of people.
    Confirm(String),
    /// An open question.
    Decide(String),
    /// A legal hold.
    Release(String),
    /// The whole file.
    File,
}

impl Wish {
    /// From an address; `None` for nothing known.
    pub(in crate::desk) fn of(what: &str, id: &str) -> Option<Self> {
        let id = id.to_owned();
        Some(match what {
            "take" => Self::Take(id),
            "confirm" => Self::Confirm(id),
            "decide" => Self::Decide(id),
            "release" => Self::Release(id),
            "file" => Self::File,
            _ => return None,
        })
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::Take(_) => "take",
            Self::Confirm(_) => "confirm",
            Self::Decide(_) => "decide",
            Self::Release(_) => "release",
            Self::File => "file",
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::Take(id) | Self::Confirm(id) | Self::Decide(id) | Self::Release(id) => id,
            Self::File => "",
        }
    }

    /// Whether it can be adopted for several communities at once: a file names one.
    pub(in crate::desk) const fn is_for_several(&self) -> bool {
        !matches!(self, Self::File)
    }
}

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::desk) struct Typed {
    pub(in crate::desk) by: String,
    pub(in crate::desk) document_no: String,
    /// The first day, or the day of the decision.
    pub(in crate::desk) day: String,
    pub(in crate::desk) basis: String,
    pub(in crate::desk) choice: String,
    pub(in crate::desk) take: Vec<String>,
    pub(in crate::desk) text: String,
    pub(in crate::desk) also: BTreeSet<CommunityId>,
    pub(in crate::desk) reason: String,
}

impl Typed {
    /// What it asks for; the key of what is missing.
    pub(in crate::desk) fn wanted(&self, wish: &Wish) -> Result<Wanted, &'static str> {
        let Self { by, document_no, day, .. } = self.clone();
        let given = |text: &str| !text.trim().is_empty();
        if !matches!(wish, Wish::File) && !given(&by) {
            return Err("policy.no-organ");
        }
        let is_day = day.parse::<chrono::NaiveDate>().is_ok();
        if !matches!(wish, Wish::File | Wish::Confirm(_)) && !is_day {
            return Err("policy.no-day");
        }
        let words = match wish {
            Wish::File => {
                let file = Source::File { name: "adoption.toml".to_owned(), text: self.text.clone() };
                return Ok(Wanted { source: file, demonstration: false });
            }
            Wish::Take(policy) => {
                if self.take.is_empty() {
                    return Err("policy.no-parts");
                }
                let (policy, take) = (policy.clone(), self.take.clone());
                let taking = Taking { policy, take, by, document_no, from: day };
                Words { taking: Some(taking), ..Words::default() }
            }
            Wish::Confirm(category) => {
                if !given(&self.basis) {
                    return Err("policy.no-basis");
                }
                let (category, basis) = (category.clone(), self.basis.trim().to_owned());
                Words {
                    confirming: vec![Confirming { category, basis, by, document_no }],
                    ..Words::default()
                }
            }
            Wish::Decide(question) => {
                if !given(&self.choice) {
                    return Err("policy.no-choice");
                }
                let (question, choice) = (question.clone(), self.choice.clone());
                Words {
                    deciding: vec![Deciding { question, choice, by, on: day, document_no }],
                    ..Words::default()
                }
            }
            Wish::Release(hold) => {
                if !given(&document_no) {
                    return Err("policy.no-document");
                }
                let hold = hold.clone();
                Words { releasing: vec![Releasing { hold, by, on: day, document_no }], ..Words::default() }
            }
        };
        Ok(Wanted { source: Source::Words(words), demonstration: false })
    }

    /// What goes on with the form that adopts.
    fn hidden(&self, digest: String) -> Vec<(String, String)> {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut hidden = vec![
            one("by", &self.by),
            one("document_no", &self.document_no),
            one("day", &self.day),
            one("basis", &self.basis),
            one("choice", &self.choice),
            one("text", &self.text),
        ];
        hidden.retain(|(_, value)| !value.is_empty());
        hidden.extend(self.take.iter().map(|part| one("take", part)));
        hidden.extend(self.also.iter().map(|id| one("also", &id.to_string())));
        hidden.push(("seen".to_owned(), digest));
        hidden
    }
}

/// A form as nobody filled it in yet: the file as it is.
pub(in crate::desk) fn blank(scope: &Scope, wish: &Wish) -> Typed {
    let mut typed = Typed::default();
    if *wish == Wish::File {
        let name = scope.file.community().map(|one| one.name.as_str()).unwrap_or_default();
        typed.text = file_text(scope).unwrap_or_else(|| head(name).to_string());
    }
    typed
}

/// The file as it is recorded; `None` where nothing was adopted.
pub(in crate::desk) fn file_text(scope: &Scope) -> Option<String> {
    let present = scope.file.last_adopted().map(|rules| rules.adoption.clone());
    present.filter(|text| !text.trim().is_empty())
}

/// The page; 404 where the wish names nothing there is.
pub(in crate::desk) fn adopt_page(
    viewer: &Viewer,
    (scope, place): (&Scope, &[Scope]),
    (wish, typed): (&Wish, &Typed),
    (trials, said): (Option<Vec<Trial>>, Said),
) -> Result<AdoptPage, Trouble> {
    let lang = viewer.lang;
    let texts = Present::read(None)?.texts;
    let about = About::of(wish, &texts, typed, lang).ok_or(Trouble::NotFound)?;
    let mut shell = viewer.shell(about.heading.clone(), "policy", Some(scope));
    shell.said = said;
    let others = place.iter().filter(|one| wish.is_for_several() && one.id != scope.id);
    Ok(AdoptPage {
        shell,
        place: scope.place(),
        back: policy_href(scope),
        heading: about.heading,
        lead: lang.t(about.lead).to_owned(),
        quotes: about.quotes,
        action: adopt_href(scope, wish.code(), wish.id()),
        choices: about.choices,
        fields: fields(wish, typed, lang),
        others: others.map(|one| (one.id.to_string(), one.place(), typed.also.contains(&one.id))).collect(),
        trial: trials.map(|trials| trial_view(&trials, (scope, place), typed, lang)),
    })
}

/// What a wish is about.
struct About {
    heading: String,
    lead: &'static str,
    quotes: Vec<String>,
    choices: Option<ChoicesView>,
}

impl About {
    fn of(wish: &Wish, texts: &RuleTexts, typed: &Typed, lang: Lang) -> Option<Self> {
        Some(match wish {
            Wish::Take(id) => {
                let text = texts.text(id).filter(|text| !text.is_repealed())?;
                let row = |part: String| {
                    let words = part_words(&part).map_or_else(|| part.clone(), |key| lang.t(key).to_owned());
                    let is_chosen = typed.take.contains(&part);
                    (part, words, is_chosen)
                };
                Self {
                    heading: lang.fill("policy.take-heading", &[text.title()]),
                    lead: "policy.take-lead",
                    quotes: Vec::new(),
                    choices: Some(ChoicesView {
                        name: "take",
                        legend: lang.t("policy.take-legend").to_owned(),
                        several: true,
                        rows: parts(text).into_iter().map(row).collect(),
                    }),
                }
            }
            Wish::Confirm(id) => Self {
                heading: lang.fill(
                    "policy.confirm-heading",
                    &[&category_words(&CategoryForms::shipped().ok(), &id.parse().ok()?, lang)],
                ),
                lead: "policy.confirm-lead",
                quotes: Vec::new(),
                choices: None,
            },
            Wish::Decide(id) => {
                let one = texts.questions().into_iter().find(|one| one.id == *id)?;
                let row = |option: String| {
                    let is_chosen = typed.choice == option;
                    (option.clone(), option, is_chosen)
                };
                Self {
                    heading: lang.fill("policy.decide-heading", &[id]),
                    lead: "policy.decide-lead",
                    quotes: vec![one.question],
                    choices: Some(ChoicesView {
                        name: "choice",
                        legend: lang.t("policy.options").to_owned(),
                        several: false,
                        rows: one.options.into_iter().map(row).collect(),
                    }),
                }
            }
            Wish::Release(id) => {
                let hold = texts.holds().get(id)?;
                let mut quotes = vec![format!("{} {} – {}", hold.id, hold.zh, hold.law)];
                let rules = hold.rules.iter().filter_map(|rule| texts.rules().get(rule));
                quotes.extend(rules.map(|rule| format!("{} {}", rule.id, rule.quote())));
                Self {
                    heading: lang.fill("policy.release-heading", &[id]),
                    lead: "policy.release-lead",
                    quotes,
                    choices: None,
                }
            }
            Wish::File => Self {
                heading: lang.t("policy.edit").to_owned(),
                lead: "policy.file-lead",
                quotes: Vec::new(),
                choices: None,
            },
        })
    }
}

fn fields(wish: &Wish, typed: &Typed, lang: Lang) -> Vec<FieldView> {
    let field = |name, (label, hint): (&'static str, &'static str), value: &str, kind, required| FieldView {
        name,
        label: lang.t(label).to_owned(),
        hint: if hint.is_empty() { String::new() } else { lang.t(hint).to_owned() },
        value: value.to_owned(),
        kind,
        required,
    };
    let by = field("by", ("policy.organ", "policy.organ-hint"), &typed.by, "text", true);
    let document = |required, hint| {
        field("document_no", ("policy.document", hint), &typed.document_no, "text", required)
    };
    let day = |label| field("day", (label, ""), &typed.day, "date", true);
    match wish {
        Wish::Take(_) => vec![by, document(false, "policy.document-hint"), day("policy.from")],
        Wish::Confirm(_) => vec![
            field("basis", ("policy.basis", "policy.basis-hint"), &typed.basis, "text", true),
            by,
            document(false, "policy.document-hint"),
        ],
        Wish::Decide(_) => vec![by, day("policy.on"), document(false, "policy.document-hint")],
        Wish::Release(_) => vec![by, day("policy.on"), document(true, "policy.release-document")],
        Wish::File => {
            vec![field("text", ("policy.file-text", "policy.file-hint"), &typed.text, "area", true)]
        }
    }
}

fn trial_view(trials: &[Trial], (scope, place): (&Scope, &[Scope]), typed: &Typed, lang: Lang) -> TrialView {
    let pick = |(zh, en): &(String, String)| if lang == Lang::Zh { zh.clone() } else { en.clone() };
    let one = |trial: &Trial| {
        let of = place.iter().find(|one| one.id == trial.community).unwrap_or(scope);
        let (changes, problems) = match &trial.outcome {
            Ok(proposed) => (proposed.changes.iter().map(pick).collect(), for_another(proposed, of, lang)),
            Err(why) => (Vec::new(), problem_words(why, lang)),
        };
        TriedView { name: of.place(), changes, problems }
    };
    let communities: Vec<TriedView> = trials.iter().map(one).collect();
    let can = communities.iter().all(|one| one.problems.is_empty())
        && communities.iter().any(|one| !one.changes.is_empty());
    let hidden = if can { typed.hidden(seen(trials).to_string()) } else { Vec::new() };
    TrialView { communities, hidden, can, reason: typed.reason.clone() }
}

/// A file names its community: one that names another is not adopted here.
fn for_another(proposed: &Proposed, of: &Scope, lang: Lang) -> Vec<String> {
    let own = of.file.community().map(|one| one.name.as_str()).unwrap_or_default();
    let other =
        (proposed.named_for != own).then(|| lang.fill("policy.for-another", &[&proposed.named_for, own]));
    other.into_iter().collect()
}

/// Everything that stands against it, in the language of the page.
fn problem_words(why: &OfficeError, lang: Lang) -> Vec<String> {
    match why {
        OfficeError::Policy(problems) => {
            problems.iter().map(|one: &PolicyProblem| lang.half(&one.to_string()).to_owned()).collect()
        }
        why => vec![lang.half(&why.to_string()).to_owned()],
    }
}
