//! Draws and their answers as pages show them.

use std::collections::BTreeMap;

use chrono::DateTime;
use ruhu_core::coverage::CellState;
use ruhu_core::ids::DwellingId;

use super::list::address;
use super::spot_rows::{spot_items, task_days};
use super::{Scope, Viewer};
use crate::desk::trouble::Trouble;
use crate::desk::views::{
    AgreementRow, DrawRowView, PeriodSwitch, Said, SpotCheckPage, SpotChecksPage, SpotForm, SpotSheet,
    StateCode, period_name,
};
use crate::desk::words::Lang;
use crate::recheck::act::{agreement, framed};
use crate::recheck::agreement::{Agreement, Answer};
use crate::recheck::draw::{Method, frame_hash, is_asked_twice};
use crate::storage::rechecks::{DrawRow, ItemRow};
use crate::storage::{StorageError, Tx};

/// What the form offers to draw first.
const SIZE: &str = "20";

pub(in crate::desk) fn spot_checks_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (said, form): (Said, SpotForm),
) -> Result<SpotChecksPage, Trouble> {
    let lang = viewer.lang;
    let mut rows = Vec::new();
    for draw in tx.draws(scope.id)? {
        let items = tx.drawn(draw.id)?;
        let (_, all) = agreement(&items, &tx.recheck_answers(draw.id)?);
        rows.push(DrawRowView {
            on: day(scope, draw.made_ms),
            href: format!("/spot-checks/{}?period={}{}", draw.id, draw.period, scope.tail),
            period: period_name(draw.period, lang),
            method: method_words(&draw, lang),
            drawn: lang.fill("spot.drawn", &[&items.len().to_string(), &draw.framed.to_string()]),
            asked: lang.fill("spot.asked", &[&all.asked.to_string(), &all.told.to_string()]),
            contradicted: contradicted(&all, lang),
        });
    }
    let framed = framed(tx, &scope.file, scope.period, scope.today)?.len();
    let mut shell = viewer.shell(lang.t("spot.title").to_owned(), "spot", Some(scope));
    shell.said = said;
    Ok(SpotChecksPage {
        shell,
        place: scope.place(),
        periods: PeriodSwitch::new(scope.period, "/spot-checks", &scope.tail, scope.today, lang),
        action: format!("/spot-checks?period={}{}", scope.period, scope.tail),
        decides: viewer.account.role.decides(),
        framed: lang.fill("spot.framed", &[&framed.to_string()]),
        by_signals: Method::from_code(&form.method) == Method::Signals,
        id: form.id,
        size: if form.size.is_empty() { SIZE.to_owned() } else { form.size },
        rows,
    })
}

pub(in crate::desk) fn spot_check_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    draw: &DrawRow,
    (said, form): (Said, SpotForm),
) -> Result<SpotCheckPage, Trouble> {
    let lang = viewer.lang;
    let items = in_walking_order(tx, tx.drawn(draw.id)?)?;
    let answers = tx.recheck_answers(draw.id)?;
    let (by_claim, all) = agreement(&items, &answers);
    let query = format!("?period={}{}", draw.period, scope.tail);
    let by_signals = Method::from_code(&draw.method) == Method::Signals;
    let frame_now = if by_signals {
        "spot.frame-signals"
    } else if frame_hash(&framed(tx, &scope.file, draw.period, scope.today)?) == draw.frame {
        "spot.frame-same"
    } else {
        "spot.frame-moved"
    };
    let mut shell = viewer.shell(lang.t("spot.title").to_owned(), "spot", Some(scope));
    shell.said = said;
    Ok(SpotCheckPage {
        shell,
        place: format!("{} · {}", scope.place(), period_name(draw.period, lang)),
        back: format!("/spot-checks{query}"),
        sheet: format!("/spot-checks/{}/sheet{query}", draw.id),
        action: format!("/spot-checks/{}{query}", draw.id),
        decides: viewer.account.role.decides(),
        lead: lang.t(if by_signals { "spot.lead-signals" } else { "spot.lead-lot" }),
        method: vec![
            (lang.t("spot.manner-drawn").to_owned(), method_words(draw, lang).to_owned()),
            (lang.t("spot.drawn-on").to_owned(), day(scope, draw.made_ms)),
            (
                lang.t("spot.size").to_owned(),
                lang.fill("spot.drawn", &[&items.len().to_string(), &draw.framed.to_string()]),
            ),
            (lang.t("spot.seed").to_owned(), crate::report::seal::hex(&draw.seed)),
            (lang.t("spot.frame").to_owned(), draw.frame.to_string()),
        ],
        frame_now: lang.t(frame_now).to_owned(),
        items: spot_items(tx, viewer, scope, draw, (&items, &answers, &form))?,
        agreement: rows(&by_claim, &all, lang),
        twice: lang.fill("spot.twice", &[&all.twice.to_string(), &all.apart.to_string()]),
        answers: Answer::ALL
            .map(|(answer, code)| (code.to_owned(), lang.t(answer_words(answer)).to_owned()))
            .to_vec(),
        task_days: task_days(scope.today),
    })
}

pub(in crate::desk) fn spot_sheet(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    draw: &DrawRow,
) -> Result<SpotSheet, Trouble> {
    let lang = viewer.lang;
    let mut rows = Vec::new();
    for item in in_walking_order(tx, tx.drawn(draw.id)?)? {
        let twice = usize::try_from(item.nth).is_ok_and(is_asked_twice);
        rows.push(((item.nth + 1).to_string(), address(tx, Some(item.dwelling), scope.today)?, twice));
    }
    let seed = crate::report::seal::hex(&draw.seed);
    Ok(SpotSheet {
        shell: viewer.shell(lang.t("spot.sheet").to_owned(), "spot", Some(scope)),
        place: format!("{} · {}", scope.place(), period_name(draw.period, lang)),
        back: format!("/spot-checks/{}?period={}{}", draw.id, draw.period, scope.tail),
        method: lang.fill(
            "spot.method-line",
            &[&day(scope, draw.made_ms), &rows.len().to_string(), &draw.framed.to_string(), &seed],
        ),
        rows,
    })
}

/// As doors are walked: the lot decides who is asked, not in which order.
fn in_walking_order(tx: &Tx<'_>, mut items: Vec<ItemRow>) -> Result<Vec<ItemRow>, StorageError> {
    let mut keys: BTreeMap<DwellingId, String> = BTreeMap::new();
    for item in &items {
        let row = tx.unit(ruhu_core::roster::Unit::Vacant(item.dwelling))?;
        keys.insert(item.dwelling, row.map(|row| row.walking_key).unwrap_or_default());
    }
    items.sort_by(|one, other| {
        keys.get(&one.dwelling).cmp(&keys.get(&other.dwelling)).then(one.nth.cmp(&other.nth))
    });
    Ok(items)
}

fn rows(by_claim: &BTreeMap<String, Agreement>, all: &Agreement, lang: Lang) -> Vec<AgreementRow> {
    let row = |claim: String, one: &Agreement| AgreementRow {
        claim,
        drawn: one.drawn,
        asked: one.asked,
        told: one.told,
        contradicted: one.contradicted,
        share: share(one, lang),
    };
    let each = by_claim.iter().map(|(code, one)| row(claim(code, lang), one));
    each.chain([row(lang.t("overview.total").to_owned(), all)]).collect()
}

pub(super) fn claim(code: &str, lang: Lang) -> String {
    let state = if code == "visited" {
        Some(StateCode::Only(CellState::Visited))
    } else {
        StateCode::from_code(code)
    };
    state.map(|state| state.words(lang).to_owned()).unwrap_or_default()
}

pub(super) const fn answer_words(answer: Answer) -> &'static str {
    match answer {
        Answer::Agrees => "spot.agrees",
        Answer::Denied => "spot.denied",
        Answer::FactsWrong => "spot.facts-wrong",
        Answer::Unsure => "spot.unsure",
        Answer::NotMet => "spot.not-met",
        Answer::Refused => "spot.refused",
    }
}

fn method_words(draw: &DrawRow, lang: Lang) -> &'static str {
    match Method::from_code(&draw.method) {
        Method::Lot => lang.t("spot.by-lot"),
        Method::Signals => lang.t("spot.by-signals"),
    }
}

fn contradicted(all: &Agreement, lang: Lang) -> String {
    if all.told == 0 {
        String::new()
    } else {
        lang.fill("spot.contradicted-of", &[&all.contradicted.to_string(), &share(all, lang)])
    }
}

/// 5.0 % (0.8–23.7 %); nothing before anybody told anything.
fn share(one: &Agreement, lang: Lang) -> String {
    let Some(share) = one.share() else { return "—".to_owned() };
    let percent = |part: f64| format!("{:.1}", part * 100.0);
    lang.fill("spot.share", &[&percent(share.found), &percent(share.low), &percent(share.high)])
}

fn day(scope: &Scope, ms: i64) -> String {
    scope.file.zone().date(DateTime::from_timestamp_millis(ms).unwrap_or_default()).to_string()
}
