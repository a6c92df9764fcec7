//! 可拟事项, 完成情况表 – what the adopted rules let a lead propose, on the page of a finding and of a closed period.

use chrono::NaiveDate;
use ruhu_core::closing::closed_periods;
use ruhu_core::finding::Stage;
use ruhu_core::ids::WorkerId;
use ruhu_core::ledger::{NotOffered, Proposable};
use ruhu_core::time::Period;

use super::ledger::{amount_words, href, kind_words, name_of, standing_words};
use super::{Scope, Viewer};
use crate::desk::trouble::Trouble;
use crate::desk::views::{CompletionPage, LineForm, OfferForm, OfferLine, OffersView, Said, period_name};
use crate::desk::words::Lang;
use crate::findings::Finding;
use crate::findings::act::{REPLY_DAYS_MAX, REPLY_DAYS_MIN, days_on};
use crate::ledger::KeptLine;
use crate::ledger::completion::completion;
use crate::ledger::course::all;
use crate::ledger::offer::{offered_after, offered_for};
use crate::storage::{StorageError, Tx};

/// Days offered for a worker's answer.
const REPLY_DAYS: u64 = 7;

/// What can be proposed by a finding that holds; `None` while nobody found anything against the record.
pub(in crate::desk) fn offers_after(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    one: &Finding,
    typed: LineForm,
) -> Result<Option<OffersView>, Trouble> {
    let adverse = one.course.holds().is_some();
    if !adverse || !matches!(one.course.stage(), Stage::Decided | Stage::Appealed | Stage::Heard) {
        return Ok(None);
    }
    let resting = |line: &KeptLine| line.rests_on(one.id);
    let offered = offered_after(tx, &scope.file, one, None)?;
    let action = format!("/finding/{}?period={}{}", one.id, scope.period, scope.tail);
    let mut view = offers(tx, viewer, scope, (offered, action, typed), resting)?;
    if !one.course.is_ended(scope.today) {
        view.form = None;
    }
    Ok(Some(view))
}

pub(in crate::desk) fn completion_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    worker: WorkerId,
    (said, typed): (Said, LineForm),
) -> Result<CompletionPage, Trouble> {
    let lang = viewer.lang;
    if !scope.file.workers().contains_key(&worker) {
        return Err(Trouble::NotFound);
    }
    let closed = closed_periods(&scope.file);
    // The period asked for, where it is closed; else the last that is.
    let period = closed.iter().find(|period| **period == scope.period).or(closed.last()).copied();
    let at = |period: Period| format!("/completion/{worker}?period={period}{}", scope.tail);
    let mut shell = viewer.shell(lang.t("completion.title").to_owned(), "staff", Some(scope));
    shell.said = said;
    let mut page = CompletionPage {
        shell,
        back: format!("/staff?period={}{}", scope.period, scope.tail),
        place: scope.place(),
        worker: name_of(scope, worker),
        periods: closed
            .iter()
            .rev()
            .map(|one| (period_name(*one, lang), at(*one), Some(*one) == period))
            .collect(),
        figures: Vec::new(),
        lead: lang.t("completion.none").to_owned(),
        offers: OffersView::default(),
    };
    let Some(period) = period else { return Ok(page) };
    let Some(sheet) = completion(tx, &scope.file, scope.id, worker, period)? else {
        lang.t("completion.no-grid").clone_into(&mut page.lead);
        return Ok(page);
    };
    let (is_ground, handed_over, sheet) = (sheet.is_ground(), sheet.handed_over, sheet.figures);
    page.lead = if handed_over {
        lang.t("completion.handed-over").to_owned()
    } else if sheet.is_whole() {
        lang.t("completion.whole").to_owned()
    } else {
        let left = [sheet.outstanding.to_string(), sheet.key_outstanding.to_string()];
        lang.fill("completion.left", &[&left[0], &left[1]])
    };
    let figures = [
        ("term.due", sheet.due),
        ("term.done", sheet.done),
        ("term.deducted", sheet.deducted),
        ("term.open", sheet.outstanding),
        ("completion.key", sheet.key_outstanding),
        ("completion.requests", sheet.requests),
        ("completion.corrections", sheet.corrections),
    ];
    page.figures = figures.map(|(key, count)| (lang.t(key), count.to_string())).to_vec();
    let same = |line: &KeptLine| line.rewards(worker, period);
    let offered = offered_for(&scope.file, period)?;
    page.offers = offers(tx, viewer, scope, (offered, at(period), typed), same)?;
    if !is_ground {
        page.offers.form = None;
    }
    Ok(page)
}

fn offers(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (offered, action, typed): (Vec<Proposable>, String, LineForm),
    is_same: impl Fn(&KeptLine) -> bool,
) -> Result<OffersView, StorageError> {
    let lang = viewer.lang;
    let before: Vec<KeptLine> = all(tx, scope.id)?.into_iter().filter(is_same).collect();
    let is_proposed = |one: &Proposable| before.iter().any(|line| line.blocks(&one.rule.id));
    let open = |one: &&Proposable| one.why_not.is_none() && !is_proposed(one);
    let rules: Vec<(String, String)> = offered
        .iter()
        .filter(open)
        .map(|one| (one.rule.id.to_string(), format!("{} {}", one.rule.id, what(one, lang))))
        .collect();
    let may = viewer.account.role.decides() && !rules.is_empty();
    let day = |days| days_on(scope.today, days).to_string();
    let until = if typed.reply_by.is_empty() { day(REPLY_DAYS) } else { typed.reply_by.clone() };
    let days = (until, day(REPLY_DAYS_MIN), day(REPLY_DAYS_MAX));
    Ok(OffersView {
        rules: offered
            .iter()
            .map(|one| OfferLine {
                rule: one.rule.id.to_string(),
                quote: one.rule.quote(),
                what: what(one, lang),
                why_not: one.why_not.as_ref().map(|why| why_words(why, lang)),
            })
            .collect(),
        lines: before
            .iter()
            .map(|line| (line_words(line, scope.today, lang), href(line.id, scope)))
            .collect(),
        form: may.then_some(OfferForm { action, rules, days, typed }),
    })
}

fn line_words(line: &KeptLine, today: NaiveDate, lang: Lang) -> String {
    let rule = line.proposal().map(|proposal| proposal.rule.to_string()).unwrap_or_default();
    lang.fill("requests.with", &[&rule, lang.t(standing_words(line, today))])
}

fn what(one: &Proposable, lang: Lang) -> String {
    let kind = lang.t(kind_words(one.kind));
    lang.fill("requests.with", &[kind, &amount_words(one.amount, lang)])
}

fn why_words(why: &NotOffered, lang: Lang) -> String {
    match why {
        NotOffered::Demonstration => lang.t("ledger.no-demonstration").to_owned(),
        NotOffered::NotYet(from) => lang.fill("ledger.no-not-yet", &[&from.to_string()]),
        NotOffered::Held(holds) => {
            let holds: Vec<&str> = holds.iter().map(String::as_str).collect();
            lang.fill("ledger.no-held", &[&holds.join(lang.t("site.comma"))])
        }
        NotOffered::Question(id) => lang.fill("ledger.no-question", &[id]),
        NotOffered::Open(word) => {
            let word = if lang == Lang::Zh { word.zh() } else { word.word() };
            lang.fill("ledger.no-open", &[word])
        }
        NotOffered::Capped => lang.t("ledger.no-capped").to_owned(),
        NotOffered::NeedsImpact => lang.t("ledger.no-impact").to_owned(),
        NotOffered::OnlyRoutes => lang.t("ledger.no-routes").to_owned(),
    }
}
