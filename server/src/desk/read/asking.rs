//! Writing a question: from what was typed to a question with every problem at its field, and the preview of it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ruhu_core::category::{CategoryForms, RefusedKind, refused};
use ruhu_core::ids::{GridId, QuestionId};
use ruhu_core::question::{
    AnswerKind, AskedOf, ChoiceWords, Question, QuestionPart, QuestionProblem, asks_numbers,
};
use ruhu_core::time::Cadence;

use super::question_words::{category_words, choice_words};
use super::questions::facts;
use super::{Scope, Viewer};
use crate::desk::trouble::Trouble;
use crate::desk::views::{PreviewPage, QuestionForm, QuestionFormPage, Said, ScreenView, Wrong, period_name};
use crate::desk::words::Lang;
use crate::office::asking::unconfirmed;
use crate::office::progress::{Homes, Reach, period_on};
use crate::office::roll::Roll;
use crate::office::taps::Taps;
use crate::storage::Tx;

/// Signs of a choice in English at most.
const CHOICE_EN_MAX: usize = 80;

pub(in crate::desk) fn question_form_page(
    viewer: &Viewer,
    scope: &Scope,
    (form, wrong): (QuestionForm, Wrong),
    said: Said,
) -> QuestionFormPage {
    let lang = viewer.lang;
    let forms = CategoryForms::shipped().ok();
    let confirmed = scope.file.confirmed_categories();
    let categories = confirmed.iter().map(|(id, _)| (id.to_string(), category_words(&forms, id, lang)));
    let mut grids: Vec<(String, String)> =
        scope.file.grids().into_iter().map(|(id, grid)| (id.to_string(), grid.name.clone())).collect();
    grids.sort_by_cached_key(|(id, name)| (name.chars().count(), name.clone(), id.clone()));
    let mut shell = viewer.shell(lang.t("questions.write").to_owned(), "questions", Some(scope));
    shell.said = said;
    QuestionFormPage {
        shell,
        back: format!("/questions?period={}{}", scope.period, scope.tail),
        place: scope.place(),
        action: action(scope),
        today: scope.today.to_string(),
        categories: categories.collect(),
        grids,
        form,
        wrong,
    }
}

/// What would be asked, as it stands on the worker's screen, and what it costs.
pub(in crate::desk) fn preview_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (roll, form, question): (&Roll, &QuestionForm, &Question),
) -> Result<PreviewPage, Trouble> {
    let lang = viewer.lang;
    let others: Vec<Question> = scope.file.questions().into_values().collect();
    let homes = Homes::load(tx, roll, others.iter().chain([question]))?;
    let day = scope.today.max(question.from);
    let reach = homes.reach(question, &others, day);
    let mut notes = vec![lang.t("questions.how-counted").to_owned()];
    if question.prefill {
        notes.push(lang.t("questions.prefill-hint").to_owned());
    }
    if day != scope.today {
        notes.push(lang.fill("questions.counted-for", &[&day.to_string()]));
    }
    Ok(PreviewPage {
        shell: viewer.shell(lang.t("questions.preview-title").to_owned(), "questions", Some(scope)),
        place: scope.place(),
        action: action(scope),
        fields: form.fields(),
        screen: screen(question, lang),
        facts: facts(question, scope, lang),
        cost: cost(question, reach, &period_name(period_on(question, scope.today), lang), lang),
        notes,
    })
}

fn cost(question: &Question, reach: Reach, period: &str, lang: Lang) -> Vec<(&'static str, String)> {
    let households = |count: u32| lang.fill("questions.count-households", &[&count.to_string()]);
    let touches = |taps: u64, signs: u64| match signs {
        0 => lang.fill("questions.touches", &[&taps.to_string()]),
        signs => lang.fill("questions.touches-signs", &[&taps.to_string(), &signs.to_string()]),
    };
    let taps = Taps::of(&question.kind);
    let (all_taps, all_signs) = taps.times(reach.asked);
    let mut rows = vec![
        (lang.t("questions.asked"), households(reach.asked)),
        (lang.t("questions.beside"), households(reach.beside)),
    ];
    if 1 < reach.most {
        let most = [reach.most.to_string(), Question::PER_VISIT.to_string()];
        rows.push((
            lang.t("questions.most"),
            lang.fill("questions.most-of", &most.each_ref().map(String::as_str)),
        ));
    }
    rows.push((lang.t("questions.per-visit"), touches(u64::from(taps.taps), u64::from(taps.signs))));
    if let Some(again) = Taps::confirming(question) {
        rows.push((
            lang.t("questions.when-confirmed"),
            touches(u64::from(again.taps), u64::from(again.signs)),
        ));
    }
    let all = lang.fill("questions.in-period", &[&touches(all_taps, all_signs), period]);
    rows.push((lang.t("questions.per-period"), all));
    rows
}

fn screen(question: &Question, lang: Lang) -> ScreenView {
    let open = lang.t("questions.key-open").to_owned();
    let mut keys: Vec<String> = match &question.kind {
        AnswerKind::YesNo => {
            vec![lang.t("questions.yes").to_owned(), lang.t("questions.no").to_owned()]
        }
        AnswerKind::Choice(choices) => {
            choices.iter().map(|choice| choice_words(choice, lang).to_owned()).collect()
        }
        _ => Vec::new(),
    };
    if !keys.is_empty() {
        keys.push(open);
    }
    let field = match &question.kind {
        AnswerKind::Number { min, max } => {
            lang.fill("questions.between", &[&min.to_string(), &max.to_string()])
        }
        AnswerKind::Date => lang.t("questions.date").to_owned(),
        AnswerKind::Text { max } => lang.fill("questions.text-of", &[&max.to_string()]),
        AnswerKind::YesNo | AnswerKind::Choice(_) => String::new(),
    };
    ScreenView {
        words: question.zh.clone(),
        en: question.en.clone(),
        keys,
        field,
        // As the field app puts it together.
        why: format!("{}:{}({})", question.department, question.purpose, question.basis),
    }
}

fn action(scope: &Scope) -> String {
    format!("/questions/new?period={}{}", scope.period, scope.tail)
}

/// The question a form describes, or everything that is wrong with it, each at its field.
pub(in crate::desk) fn read_form(
    form: &QuestionForm,
    scope: &Scope,
    id: QuestionId,
    lang: Lang,
) -> Result<Question, Wrong> {
    let mut wrong = Wrong::default();
    let kind = kind(form, &mut wrong, lang);
    let asked_of = asked_of(form, scope, &mut wrong, lang);
    let mut day = |field: &'static str, typed: &str| -> Option<NaiveDate> {
        let day = typed.trim().parse().ok();
        if day.is_none() {
            wrong.at(field, lang.t("questions.bad-day"));
        }
        day
    };
    let (from, until) = (day("from", &form.from), day("until", &form.until));
    if from.is_some_and(|from| from < scope.today) {
        wrong.at("from", lang.t("questions.in-past"));
    }
    let once_per = match form.per.as_str() {
        "quarter" => Some(Cadence::Quarter),
        "month" => Some(Cadence::Month),
        _ => None,
    };
    if once_per.is_none() {
        wrong.at("per", lang.t("questions.choose-one"));
    }
    let whole = from.is_some() && until.is_some() && asked_of.is_some();
    let from = from.unwrap_or(scope.today);
    let question = Question {
        id,
        zh: form.zh.trim().to_owned(),
        en: form.en.trim().to_owned(),
        department: form.department.trim().to_owned(),
        purpose: one_line(&form.purpose),
        basis: one_line(&form.basis),
        // What cannot be read has its words already: the rest is still checked.
        asked_of: asked_of.unwrap_or(AskedOf::Everyone),
        from,
        until: until.unwrap_or(from),
        kind: kind.unwrap_or(AnswerKind::YesNo),
        prefill: !form.prefill.is_empty(),
        once_per: once_per.unwrap_or(Cadence::Quarter),
    };
    let others: Vec<Question> = scope.file.questions().into_values().collect();
    for problem in question.check_among(&others).err().unwrap_or_default() {
        let crowd = matches!(problem, QuestionProblem::TooMany { .. });
        // On days, or of somebody, that cannot be read nobody is one too many.
        if !crowd || whole {
            note(&problem, &question, &mut wrong, lang);
        }
    }
    if unconfirmed(&scope.file, &question.asked_of).is_some() {
        wrong.at("who", lang.t("questions.unconfirmed"));
    }
    if wrong.is_empty() { Ok(question) } else { Err(wrong) }
}

fn note(problem: &QuestionProblem, question: &Question, wrong: &mut Wrong, lang: Lang) {
    let part = |part: QuestionPart| match part {
        QuestionPart::Words => "zh",
        QuestionPart::WordsEn => "en",
        QuestionPart::Department => "department",
        QuestionPart::Purpose => "purpose",
        QuestionPart::Basis => "basis",
        QuestionPart::AskedOf => "who",
    };
    match problem {
        QuestionProblem::Missing(of) => wrong.at(part(*of), lang.t("questions.missing")),
        QuestionProblem::TooLong(of) => wrong.at(part(*of), lang.t("questions.too-long")),
        QuestionProblem::Days => wrong.at("until", lang.t("questions.bad-days")),
        QuestionProblem::Kind => match question.kind {
            AnswerKind::Choice(_) => wrong.at("choices", lang.t("questions.bad-choices")),
            AnswerKind::Number { .. } => wrong.at("number", lang.t("questions.bad-bounds")),
            _ => wrong.at("length", lang.t("questions.bad-length")),
        },
        QuestionProblem::Refused(kind) => {
            let words = lang.t(match kind {
                RefusedKind::Health => "questions.no-health",
                RefusedKind::Justice => "questions.no-justice",
                RefusedKind::Belief => "questions.no-belief",
            });
            wrong.at(field_of(question, |words| refused(words).is_some()), words);
        }
        QuestionProblem::Numbers => {
            let field = field_of(question, asks_numbers);
            wrong.at(field, lang.t("questions.no-numbers"));
        }
        QuestionProblem::TooMany { day, count } => {
            let parts = [day.to_string(), count.to_string(), Question::PER_VISIT.to_string()];
            wrong.at("from", lang.fill("questions.too-many", &parts.each_ref().map(String::as_str)));
        }
    }
}

/// The field whose words may not be asked.
fn field_of(question: &Question, is_refused: impl Fn(&str) -> bool) -> &'static str {
    if is_refused(&question.zh) {
        "zh"
    } else if is_refused(&question.en) {
        "en"
    } else {
        "choices"
    }
}

fn asked_of(form: &QuestionForm, scope: &Scope, wrong: &mut Wrong, lang: Lang) -> Option<AskedOf> {
    let known = scope.file.grids();
    let asked = match form.who.as_str() {
        "everyone" => Ok(AskedOf::Everyone),
        "key" => Ok(AskedOf::KeyHouseholds),
        "category" => {
            form.category.parse().map(AskedOf::WithCategory).map_err(|_| "questions.choose-category")
        }
        "grids" => {
            let ids: Option<BTreeSet<GridId>> = form.grids.iter().map(|id| id.parse().ok()).collect();
            let ids = ids.filter(|ids| !ids.is_empty() && ids.iter().all(|id| known.contains_key(id)));
            ids.map(AskedOf::Grids).ok_or("questions.choose-grids")
        }
        _ => Err("questions.choose-one"),
    };
    asked.map_err(|why| wrong.at("who", lang.t(why))).ok()
}

fn kind(form: &QuestionForm, wrong: &mut Wrong, lang: Lang) -> Option<AnswerKind> {
    match form.kind.as_str() {
        "yes-no" => Some(AnswerKind::YesNo),
        "date" => Some(AnswerKind::Date),
        "choice" => {
            let choices: Vec<ChoiceWords> = form.choices.lines().filter_map(choice).collect();
            if choices.iter().any(|choice| CHOICE_EN_MAX < choice.en.chars().count()) {
                wrong.at("choices", lang.t("questions.bad-choices"));
            }
            Some(AnswerKind::Choice(choices))
        }
        "number" => {
            let number = |typed: &str| typed.trim().parse::<i64>().ok();
            let Some((min, max)) = number(&form.min).zip(number(&form.max)) else {
                wrong.at("number", lang.t("questions.bad-number"));
                return None;
            };
            Some(AnswerKind::Number { min, max })
        }
        "text" => Some(AnswerKind::Text { max: form.length.trim().parse().unwrap_or(0) }),
        _ => {
            wrong.at("kind", lang.t("questions.choose-one"));
            None
        }
    }
}

/// One line: the words, and the English behind a bar.
fn choice(line: &str) -> Option<ChoiceWords> {
    let (zh, en) = line.split_once(['|', '\u{ff5c}']).unwrap_or((line, ""));
    let (zh, en) = (zh.trim().to_owned(), en.trim().to_owned());
    (!zh.is_empty() || !en.is_empty()).then_some(ChoiceWords { zh, en })
}

/// Words without line breaks: they stand on one line of the phone and of the log.
fn one_line(typed: &str) -> String {
    typed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The form of a question that is like one asked before, but for its days; what is new has to be new.
pub(in crate::desk) fn written_from(old: Option<&Question>, id: QuestionId, scope: &Scope) -> QuestionForm {
    let empty = QuestionForm {
        id: id.to_string(),
        who: "everyone".to_owned(),
        kind: "yes-no".to_owned(),
        per: "quarter".to_owned(),
        from: scope.today.to_string(),
        until: scope.period.last_day().max(scope.today).to_string(),
        ..QuestionForm::default()
    };
    let Some(old) = old else { return empty };
    let mut form = QuestionForm {
        zh: old.zh.clone(),
        en: old.en.clone(),
        department: old.department.clone(),
        purpose: old.purpose.clone(),
        basis: old.basis.clone(),
        per: if old.once_per == Cadence::Month { "month" } else { "quarter" }.to_owned(),
        prefill: if old.prefill { "1" } else { "" }.to_owned(),
        ..empty
    };
    match &old.asked_of {
        AskedOf::Everyone => {}
        AskedOf::KeyHouseholds => "key".clone_into(&mut form.who),
        AskedOf::WithCategory(category) => {
            "category".clone_into(&mut form.who);
            form.category = category.to_string();
        }
        AskedOf::Grids(grids) => {
            "grids".clone_into(&mut form.who);
            form.grids = grids.iter().map(ToString::to_string).collect();
        }
    }
    match &old.kind {
        AnswerKind::YesNo => {}
        AnswerKind::Choice(choices) => {
            "choice".clone_into(&mut form.kind);
            let line = |one: &ChoiceWords| {
                if one.en.is_empty() { one.zh.clone() } else { format!("{} | {}", one.zh, one.en) }
            };
            form.choices = choices.iter().map(line).collect::<Vec<_>>().join("\n");
        }
        AnswerKind::Number { min, max } => {
            "number".clone_into(&mut form.kind);
            (form.min, form.max) = (min.to_string(), max.to_string());
        }
        AnswerKind::Date => "date".clone_into(&mut form.kind),
        AnswerKind::Text { max } => {
            "text".clone_into(&mut form.kind);
            form.length = max.to_string();
        }
    }
    form
}
