//! Periods that are over: what was closed, and what still can be.

use chrono::NaiveDate;
use ruhu_core::closing::{self, Figures};
use ruhu_core::coverage::Rate;
use ruhu_core::time::Period;

use super::{Scope, Viewer};
use crate::desk::views::{Closable, PeriodRow, PeriodsPage, Said, period_name};
use crate::desk::words::Lang;
use crate::report::SignedReport;

/// How many quarters back are listed; older ones are reached through their reports.
const QUARTERS: usize = 8;

pub(in crate::desk) fn periods_page(
    viewer: &Viewer,
    scope: &Scope,
    closable: Option<Closable>,
    said: Said,
) -> PeriodsPage {
    let lang = viewer.lang;
    let mut shell = viewer.shell(lang.t("closing.title").to_owned(), "periods", Some(scope));
    shell.said = said;
    PeriodsPage {
        shell,
        place: scope.place(),
        action: format!("/periods?period={}{}", scope.period, scope.tail),
        decides: viewer.account.role.decides(),
        rows: over(scope).into_iter().map(|period| row(scope, period, lang)).collect(),
        closable,
    }
}

/// Periods that are over since the community went live, the latest first, each quarter before its months.
fn over(scope: &Scope) -> Vec<Period> {
    let live = scope.file.went_live_on().unwrap_or(NaiveDate::MIN);
    let quarters = std::iter::successors(Some(Period::quarter_of(scope.today)), |one| Some(one.previous()));
    let listed = quarters.take_while(|one| live <= one.last_day()).take(QUARTERS);
    let with_months = listed.flat_map(|quarter| {
        let mut months: Vec<Period> = quarter.months().into_iter().collect();
        months.reverse();
        std::iter::once(quarter).chain(months)
    });
    with_months.filter(|one| one.last_day() < scope.today && live <= one.last_day()).collect()
}

fn row(scope: &Scope, period: Period, lang: Lang) -> PeriodRow {
    let rest = format!("?period={period}{}", scope.tail);
    let name = period_name(period, lang);
    let report = format!("/report{rest}");
    match closing::of(&scope.file, period) {
        Some(closing) => {
            let (then, now) = (closing.closed.fact.total, closing.now());
            let last = closing.amendments.last().map(|one| one.fact.number);
            PeriodRow {
                name,
                report,
                standing: lang.fill("standing.closed", &[&closing.closed.fact.on.to_string()]),
                identity: identity(&then, lang),
                strict: Rate::of(then.done, then.due).to_string(),
                now: last.map(|number| {
                    let rate = Rate::of(now.done, now.due).to_string();
                    lang.fill("closing.now", &[&rate, &number.to_string()])
                }),
                close: None,
            }
        }
        None => PeriodRow {
            name,
            report,
            standing: lang.fill("standing.ended", &[&closing::suggested_on(period).to_string()]),
            identity: String::new(),
            strict: String::new(),
            now: None,
            close: Some(format!("/periods{rest}&close={period}")),
        },
    }
}

fn identity(figures: &Figures, lang: Lang) -> String {
    let open = figures.due.saturating_sub(figures.done).saturating_sub(figures.deducted);
    let parts = [figures.due, figures.done, figures.deducted, open].map(|one| one.to_string());
    lang.fill("closing.identity", &parts.each_ref().map(String::as_str))
}

/// What closing a period would sign.
pub(in crate::desk) fn closable(scope: &Scope, signed: &SignedReport, reason: &str, lang: Lang) -> Closable {
    let report = &signed.report;
    let period = report.period;
    let tally = &report.total.tally;
    let mut warnings = Vec::new();
    if 0 < report.silent.phones {
        let (phones, households) = (report.silent.phones.to_string(), report.silent.households.to_string());
        warnings.push(lang.fill("standing.silent", &[&phones, &households]));
    }
    let suggested = closing::suggested_on(period);
    if scope.today < suggested {
        warnings.push(lang.fill("closing.better-on", &[&suggested.to_string()]));
    }
    let figures = Figures {
        due: tally.due,
        done: tally.done,
        deducted: tally.deducted_total(),
        key_due: 0,
        key_done: 0,
    };
    Closable {
        code: period.to_string(),
        name: period_name(period, lang),
        identity: identity(&figures, lang),
        strict: tally.strict().to_string(),
        warnings,
        reason: reason.to_owned(),
    }
}
