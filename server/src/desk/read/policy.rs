//! 规定 – a community's rules as its page shows them: quoted, with their state, what is held, open and confirmed.

use std::collections::BTreeSet;

use ruhu_core::category::{Category, CategoryForms, CategoryId};
use ruhu_core::community::{AdoptedRules, CommunityFact, CommunityFile};
use ruhu_core::policy::{
    AdoptedPolicy, Lang as RuleLang, OpenQuestion, PolicyText, RuleTexts, SettingState, ShownSetting,
    Standing,
};
use ruhu_core::roster::By;
use ruhu_core::time::Period;

use super::adopting::file_text;
use super::question_words::category_words;
use super::{Scope, Viewer};
use crate::desk::trouble::Trouble;
use crate::desk::views::{
    AdoptionView, CategoryView, HoldView, OpenView, PoliciesPage, PoliciesRow, PolicyPage, Said, SettingView,
    TextView,
};
use crate::desk::words::Lang;
use crate::office::OfficeError;
use crate::office::adopting::{Present, changes};
use crate::storage::{StorageError, Tx};

/// How the core names the language of a page.
pub(super) const fn rule_lang(lang: Lang) -> RuleLang {
    match lang {
        Lang::Zh => RuleLang::Zh,
        Lang::En => RuleLang::En,
    }
}

/// The address of a form that adopts something of a community.
pub(in crate::desk) fn adopt_href(scope: &Scope, what: &str, id: &str) -> String {
    format!("/policy/adopt?what={what}&id={id}{}", scope.tail)
}

/// The rules of one community; a link or a form that goes on there.
pub(in crate::desk) fn policy_href(scope: &Scope) -> String {
    format!("/policy?period={}{}", scope.period, scope.tail)
}

pub(in crate::desk) fn policies_page(viewer: &Viewer, scopes: &[Scope]) -> Result<PoliciesPage, Trouble> {
    let lang = viewer.lang;
    let row = |scope: &Scope| {
        let present = readable(&scope.file)?.0;
        let states =
            present.policy.iter().flat_map(|policy| policy.settings().values()).map(|one| &one.state);
        let (in_force, waiting): (Vec<_>, Vec<_>) = states
            .filter(|state| !matches!(state, SettingState::Listed | SettingState::Demonstration))
            .partition(|state| **state == SettingState::InForce);
        Ok(PoliciesRow {
            place: scope.place(),
            href: policy_href(scope),
            standing: standing_words(&scope.file, Period::quarter_of(scope.today), lang),
            in_force: in_force.len(),
            waiting: waiting.len(),
        })
    };
    let rows = scopes.iter().map(row).collect::<Result<Vec<_>, Trouble>>()?;
    Ok(PoliciesPage { shell: viewer.shell(lang.t("policy.title").to_owned(), "policy", None), rows })
}

/// What was adopted, and whether this version can still read it: one community must not keep a place from the others.
fn readable(file: &CommunityFile) -> Result<(Present, bool), OfficeError> {
    match Present::of(file) {
        Err(OfficeError::Policy(_)) => Ok((Present::read(None)?, false)),
        read => Ok((read?, true)),
    }
}

/// On whose word the visit rules of a period stand.
fn standing_words(file: &CommunityFile, period: Period, lang: Lang) -> String {
    match &file.policies().of(period).standing {
        Standing::Trial => lang.t("policy.trial-standing").to_owned(),
        Standing::Adopted { by, document_no, from } => {
            lang.fill("policy.adopted-standing", &[by, document_no, &from.to_string()])
        }
    }
}

pub(in crate::desk) fn policy_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    said: Said,
) -> Result<PolicyPage, Trouble> {
    let lang = viewer.lang;
    let (Present { texts, policy }, is_readable) = readable(&scope.file)?;
    let adopted = policy.as_ref();
    let adopts = viewer.account.role.adopts();
    let href = |what: &str, id: &str| adopts.then(|| adopt_href(scope, what, id));
    let quarter = Period::quarter_of(scope.today);
    let (now, then) =
        (standing_words(&scope.file, quarter, lang), standing_words(&scope.file, quarter.next(), lang));
    let changes_then =
        (now != then).then(|| lang.fill("policy.then", &[&quarter.next().first_day().to_string(), &then]));
    let mut standing: Vec<String> = [Some(now), changes_then].into_iter().flatten().collect();
    standing.push(match scope.file.went_live_on() {
        Some(on) => lang.fill("policy.live", &[&on.to_string()]),
        None => lang.t("policy.not-live").to_owned(),
    });
    let visits = scope.file.policies().of(quarter).clone();
    if !visits.is_trial() {
        standing.push(lang.fill("policy.hash", &[&visits.policy_hash().to_string()]));
    }
    if !is_readable {
        standing.push(lang.t("policy.unreadable").to_owned());
    }
    if !adopts {
        standing.push(lang.t("policy.who-adopts").to_owned());
    }
    let mut shell = viewer.shell(lang.t("policy.title").to_owned(), "policy", Some(scope));
    shell.said = said;
    Ok(PolicyPage {
        shell,
        place: scope.place(),
        standing,
        file: file_text(scope)
            .map(|_| format!("/policy/adoption.toml?period={}{}", scope.period, scope.tail)),
        edit: href("file", ""),
        texts: texts_of(&texts, adopted, lang, href),
        holds: texts
            .holds()
            .iter()
            .map(|hold| HoldView {
                id: hold.id.clone(),
                about: hold.zh.clone(),
                law: hold.law.clone(),
                rules: joined(hold.rules.iter().map(ToString::to_string), lang),
                lifted: adopted
                    .and_then(|policy| policy.released(&BTreeSet::from([hold.id.clone()])).pop())
                    .map(|words| words.trim_start_matches(&hold.id).trim().to_owned()),
                release: href("release", &hold.id),
            })
            .collect(),
        questions: texts
            .questions()
            .iter()
            .map(|one| open_view(one, adopted, href("decide", &one.id)))
            .collect(),
        categories: categories(&scope.file, lang, href),
        history: history(tx, scope, &texts, lang)?,
    })
}

fn texts_of(
    texts: &RuleTexts,
    adopted: Option<&AdoptedPolicy>,
    lang: Lang,
    href: impl Fn(&str, &str) -> Option<String>,
) -> Vec<TextView> {
    let shown = texts.shown(adopted);
    let mut views: Vec<TextView> = texts
        .texts()
        .iter()
        .map(|text| {
            let own: Vec<&ShownSetting> = shown.iter().filter(|one| one.policy == text.id()).collect();
            let taken = own.iter().filter(|one| one.state != SettingState::NotAdopted).count();
            TextView {
                title: text.title().to_owned(),
                about: lang
                    .fill("policy.text-about", &[text.id(), &taken.to_string(), &own.len().to_string()]),
                is_taken: 0 < taken,
                adopt: href("take", text.id()).filter(|_| !text.is_repealed()),
                rows: own.into_iter().map(|one| setting_view(one, texts, lang)).collect(),
            }
        })
        .collect();
    views.sort_by_key(|view| !view.is_taken);
    views
}

fn setting_view(one: &ShownSetting, texts: &RuleTexts, lang: Lang) -> SettingView {
    let mut by = Vec::new();
    if let Standing::Adopted { by: organ, document_no, from } = &one.standing {
        by.push(lang.fill("policy.adopted-standing", &[organ, document_no, &from.to_string()]));
    }
    if let Some((reason, organ)) = &one.changed {
        by.push(lang.fill("policy.changed", &[organ, reason]));
    }
    let quotes =
        if one.quotes.is_empty() { vec![lang.t("policy.no-rule").to_owned()] } else { one.quotes.clone() };
    SettingView {
        field: field_words(&one.field, lang),
        value: one.value.clone(),
        quotes,
        state: one.state.words(texts, rule_lang(lang)),
        in_force: one.state == SettingState::InForce,
        by,
    }
}

/// `走访 visits.key`.
fn field_words(field: &str, lang: Lang) -> String {
    let part = field.split('.').next().unwrap_or_default();
    part_words(part).map_or_else(|| field.to_owned(), |key| format!("{} {field}", lang.t(key)))
}

/// The words of a part of a rule text.
pub(super) fn part_words(part: &str) -> Option<&'static str> {
    Some(match part {
        "visits" => "policy.part-visits",
        "category" => "policy.part-category",
        "leave" => "policy.part-leave",
        "bonus" => "policy.part-bonus",
        "effects" => "policy.part-effects",
        "attendance" => "policy.part-attendance",
        "residence" => "policy.part-residence",
        "archives" => "policy.part-archives",
        "reception" => "policy.part-reception",
        "conduct" => "policy.part-conduct",
        "staffing" => "policy.part-staffing",
        "qualification" => "policy.part-qualification",
        "hiring" => "policy.part-hiring",
        "evaluation" => "policy.part-evaluation",
        "training" => "policy.part-training",
        "retirement" => "policy.part-retirement",
        "pay" => "policy.part-pay",
        "contract" => "policy.part-contract",
        "targets" => "policy.part-targets",
        "education" => "policy.part-education",
        _ => return None,
    })
}

/// The parts of a text, in its order of names.
pub(super) fn parts(text: &PolicyText) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for setting in text.settings() {
        let part = setting.field.split('.').next().unwrap_or_default();
        if !parts.iter().any(|known| known == part) {
            parts.push(part.to_owned());
        }
    }
    parts
}

fn open_view(one: &OpenQuestion, adopted: Option<&AdoptedPolicy>, decide: Option<String>) -> OpenView {
    let choice = adopted.and_then(|policy| policy.choice(&one.id));
    OpenView {
        id: one.id.clone(),
        question: one.question.clone(),
        options: one.options.iter().map(|option| (option.clone(), choice == Some(option))).collect(),
        decide,
    }
}

fn categories(
    file: &CommunityFile,
    lang: Lang,
    href: impl Fn(&str, &str) -> Option<String>,
) -> Vec<CategoryView> {
    let confirmed = file.confirmed_categories();
    let shipped = Category::ALL.into_iter().map(|(one, ..)| CategoryId::from(one));
    let mut all: Vec<CategoryId> = shipped.collect();
    for (id, _) in confirmed.iter() {
        if !all.contains(id) {
            all.push(id.clone());
        }
    }
    let forms = CategoryForms::shipped().ok();
    all.into_iter()
        .map(|id| CategoryView {
            name: category_words(&forms, &id, lang),
            basis: confirmed.basis(&id).map(|one| {
                let parts = [one.basis.as_str(), &one.by, &one.document_no];
                joined(parts.into_iter().filter(|part| !part.is_empty()).map(str::to_owned), lang)
            }),
            confirm: href("confirm", id.as_str()),
        })
        .collect()
}

/// What was recorded, the latest first, each against the one before it.
fn history(
    tx: &Tx<'_>,
    scope: &Scope,
    texts: &RuleTexts,
    lang: Lang,
) -> Result<Vec<AdoptionView>, StorageError> {
    let zone = scope.file.zone();
    let mut views = Vec::new();
    let mut before: Option<&AdoptedRules> = None;
    for (stamp, by, fact) in scope.file.facts() {
        let CommunityFact::PolicyAdopted(rules) = fact else { continue };
        let at = stamp.recorded_at();
        let (was, is) = (read(before), read(Some(rules)));
        let told = match &is {
            Some(is) => changes(texts, (was.as_ref(), before), (is, rules), zone.date(at)),
            // An adoption this program reads no longer was one all the same.
            None => Vec::new(),
        };
        let by = match by {
            By::Desk(id) => tx.account(*id)?.map(|row| row.shown),
            By::Worker(_) => None,
        };
        views.push(AdoptionView {
            on: zone.date(at).to_string(),
            at: zone.time(at).format("%H:%M").to_string(),
            by: by.unwrap_or_else(|| lang.t("policy.by-machine").to_owned()),
            changes: told.into_iter().map(|(zh, en)| if lang == Lang::Zh { zh } else { en }).collect(),
        });
        before = Some(rules);
    }
    views.reverse();
    Ok(views)
}

fn read(rules: Option<&AdoptedRules>) -> Option<AdoptedPolicy> {
    Present::read(rules).ok().and_then(|present| present.policy)
}

pub(super) fn joined(parts: impl Iterator<Item = String>, lang: Lang) -> String {
    parts.collect::<Vec<_>>().join(lang.t("site.comma"))
}
