//! What was drawn, row by row: what came of it, who is asked to go, what a phone brought, and what is in doubt.

use chrono::{Days, NaiveDate};
use ruhu_core::entry::{RevisitKey, Told};

use super::list::address;
use super::spot::{answer_words, claim};
use super::{Scope, Viewer, unit_code};
use crate::desk::trouble::Trouble;
use crate::desk::views::{AskView, SpotForm, SpotItem, SpotRound};
use crate::desk::words::Lang;
use crate::findings::act::{REPLY_DAYS_MAX, REPLY_DAYS_MIN};
use crate::findings::course::{Finding, all};
use crate::findings::task::{Brought, TASK_DAYS, Tasks};
use crate::flags::Card;
use crate::recheck::act::{may_ask_in, may_check, standing};
use crate::recheck::agreement::Answer;
use crate::recheck::draw::Method;
use crate::recheck::signals::{gone_on, standing_visit};
use crate::storage::Tx;
use crate::storage::rechecks::{AnswerRow, DrawRow, ItemRow};

/// The form that gives a task to a phone.
pub(in crate::desk) const GIVE: &str = "give";
/// The form that asks the worker.
pub(in crate::desk) const ASK: &str = "ask";
/// Days offered for a re-visit.
const TASK_DAYS_OFFERED: u64 = 14;
/// Days offered for an account.
const REPLY_DAYS_OFFERED: u64 = 7;

/// The day offered for a task, the first and the last one.
pub(super) fn task_days(today: NaiveDate) -> (String, String, String) {
    (on(today, TASK_DAYS_OFFERED), today.to_string(), on(today, TASK_DAYS))
}

pub(super) fn spot_items(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    draw: &DrawRow,
    (items, answers, form): (&[ItemRow], &[AnswerRow], &SpotForm),
) -> Result<Vec<SpotItem>, Trouble> {
    let lang = viewer.lang;
    let workers = scope.file.workers();
    let cards = Method::from_code(&draw.method) == Method::Signals
        && gone_on(&scope.file, draw.period).is_none_or(|gone| scope.today < gone);
    let tasks = Tasks::of(tx, draw.id)?;
    let findings = all(tx, scope.id)?;
    let mut views = Vec::new();
    for item in items {
        let address = address(tx, Some(item.dwelling), scope.today)?;
        let rounds = (1..=2)
            .map(|round| RevisitKey { draw: draw.id, nth: item.nth, round })
            .filter(|key| may_ask_in(answers, *key))
            .map(|key| round(scope, key, (answers, &tasks, form), lang));
        let may = workers.iter().filter(|(id, _)| may_check(&scope.file, item, **id, scope.today));
        let record = item.visit.map(|(record, _)| record);
        let finding =
            findings.iter().find(|one| one.about().map(|about| about.record) == record && record.is_some());
        views.push(SpotItem {
            number: (item.nth + 1).to_string(),
            nth: item.nth.to_string(),
            href: format!("/household/{}?period={}{}", unit_code(item.unit), scope.period, scope.tail),
            claim: claim(&item.claim, lang),
            card: cards.then(|| {
                format!("/spot-checks/{}/card/{}?period={}{}", draw.id, item.nth, draw.period, scope.tail)
            }),
            rounds: rounds.collect(),
            checkers: may.map(|(id, worker)| (id.to_string(), worker.name.clone())).collect(),
            finding: finding.map(|one| format!("/finding/{}?period={}{}", one.id, scope.period, scope.tail)),
            ask: ask(tx, viewer, scope, (draw, item, answers), (finding, &address, form))?,
            address,
        });
    }
    Ok(views)
}

fn round(
    scope: &Scope,
    key: RevisitKey,
    (answers, tasks, typed): (&[AnswerRow], &Tasks, &SpotForm),
    lang: Lang,
) -> SpotRound {
    let workers = scope.file.workers();
    let name = |id| workers.get(&id).map(|worker| worker.name.clone()).unwrap_or_default();
    let answer = standing(answers).get(&(key.nth, key.round)).map(|one| one.0);
    let brought = tasks.brought(key);
    let task =
        tasks.open(key).map(|(worker, due)| lang.fill("spot.given", &[&name(worker), &due.to_string()]));
    let here = (typed.nth.as_str(), typed.round.as_str()) == (&key.nth.to_string(), &key.round.to_string());
    let giving = here && typed.act == GIVE;
    let form = match brought {
        _ if here => typed.clone(),
        Some(brought) => suggested(brought),
        None => SpotForm { on: scope.today.to_string(), ..SpotForm::default() },
    };
    SpotRound {
        round: key.round.to_string(),
        said: answer.map(|one| lang.t(answer_words(one)).to_owned()).unwrap_or_default(),
        contradicts: answer.is_some_and(Answer::contradicts),
        task: task.unwrap_or_default(),
        brought: brought.map(|one| brought_words(one, &name(one.told.made_by), lang)).unwrap_or_default(),
        form,
        open: (here && !giving) || (answer.is_none() && brought.is_some()),
        giving,
    }
}

/// What a phone brought, as the form would keep it. Whether it agrees with the record somebody has to look up: whoever
/// asked did not know it.
fn suggested(brought: &Brought) -> SpotForm {
    let answer = match brought.told.told {
        Told::Came => "",
        Told::NobodyCame => Answer::Denied.code(),
        Told::Unsure => Answer::Unsure.code(),
        Told::NotMet => Answer::NotMet.code(),
        Told::Refused => Answer::Refused.code(),
    };
    SpotForm {
        answer: answer.to_owned(),
        how: if brought.told.by_phone { "phone" } else { "door" }.to_owned(),
        on: brought.told.on.to_string(),
        checker: brought.told.made_by.to_string(),
        ..SpotForm::default()
    }
}

fn brought_words(brought: &Brought, by: &str, lang: Lang) -> String {
    let told = &brought.told;
    let words = match told.told {
        Told::Came => "spot.came",
        Told::NobodyCame => "spot.nobody-came",
        Told::Unsure => "spot.unsure",
        Told::NotMet => "spot.not-met",
        Told::Refused => "spot.refused",
    };
    let mut parts = vec![lang.t(words).to_owned()];
    parts.extend(told.came_on.map(|day| lang.fill("spot.about-day", &[&day.to_string()])));
    parts.extend(told.people.map(|people| lang.fill("spot.people-live", &[&people.to_string()])));
    parts.extend((!brought.remark.is_empty()).then(|| brought.remark.clone()));
    lang.fill("spot.brought", &[by, &told.on.to_string(), &parts.join(" · ")])
}

/// What the form offers that asks the worker for his account; only where a re-visit contradicts, and once.
fn ask(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (draw, item, answers): (&DrawRow, &ItemRow, &[AnswerRow]),
    (finding, address, typed): (Option<&Finding>, &str, &SpotForm),
) -> Result<Option<AskView>, Trouble> {
    let lang = viewer.lang;
    let Some((record, _)) = item.visit.filter(|_| viewer.account.role.decides() && finding.is_none()) else {
        return Ok(None);
    };
    let standing = standing(answers);
    let contradicts = |round: u32| {
        standing
            .get(&(item.nth, round))
            .filter(|(answer, _)| answer.contradicts())
            .map(|one| (one.0, one.1.checked_on))
    };
    let Some((answer, checked_on)) = contradicts(1).or_else(|| contradicts(2)) else { return Ok(None) };
    let Some(visit) = standing_visit(tx, item.unit, record)? else { return Ok(None) };
    let parts = [
        visit.visited_on.to_string(),
        address.to_owned(),
        checked_on.to_string(),
        lang.t(answer_words(answer)).to_owned(),
    ];
    let mut question = lang.fill("findings.question", &parts.each_ref().map(String::as_str));
    // What was unusual, without weights: he is told the facts and the comparison (`detection.md` 4.6).
    let card: Option<Card> = tx.card(draw.id, item.nth)?.and_then(|card| serde_json::from_str(&card).ok());
    for point in card.iter().flat_map(|card| &card.points) {
        let words = if lang == Lang::Zh { &point.unusual.zh } else { &point.unusual.en };
        let longer = format!("{question}\n{words}");
        if longer.chars().count() <= crate::findings::act::WORDS_MAX {
            question = longer;
        }
    }
    let open = typed.act == ASK && typed.nth == item.nth.to_string();
    let reply_by = if open { typed.reply_by.clone() } else { on(scope.today, REPLY_DAYS_OFFERED) };
    Ok(Some(AskView {
        question: if open { typed.words.clone() } else { question },
        days: (reply_by, on(scope.today, REPLY_DAYS_MIN), on(scope.today, REPLY_DAYS_MAX)),
        open,
    }))
}

fn on(today: NaiveDate, days: u64) -> String {
    today.checked_add_days(Days::new(days)).unwrap_or(today).to_string()
}
