//! The ledger as pages show it.

use chrono::{DateTime, NaiveDate};
use ruhu_core::entry::{Amount, FindingStep, Ground, LineEvent, LineKind, LineStep};
use ruhu_core::finding::Stage;
use ruhu_core::ids::{AccountId, LineId, WorkerId};
use ruhu_core::ledger::Standing;
use ruhu_core::roster::By;
use ruhu_core::steps::Said as Spoken;

use super::findings::ruling_words;
use super::steps::{open_words, step_view, who};
use super::{Scope, Viewer};
use crate::desk::trouble::Trouble;
use crate::desk::views::{
    DelayLine, LedgerLine, LedgerPage, LineForm, LineForms, LinePage, Said, StepView, period_name,
};
use crate::desk::words::Lang;
use crate::findings::course::all as findings;
use crate::ledger::KeptLine;
use crate::ledger::act::may_hear;
use crate::ledger::course::{all, find, rests_on_solid_ground};
use crate::storage::{StorageError, Tx};

pub(in crate::desk) fn ledger_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    said: Said,
) -> Result<LedgerPage, Trouble> {
    let lang = viewer.lang;
    let mut lines = all(tx, scope.id)?;
    lines.sort_by_key(|one| one.line.is_ended(scope.today));
    let mut rows = Vec::new();
    for one in &lines {
        rows.extend(row(tx, one, scope, lang)?);
    }
    let mut shell = viewer.shell(lang.t("ledger.title").to_owned(), "findings", Some(scope));
    shell.said = said;
    let query = format!("?period={}{}", scope.period, scope.tail);
    Ok(LedgerPage {
        shell,
        place: scope.place(),
        findings: format!("/findings{query}"),
        xlsx: format!("/ledger.xlsx{query}"),
        rows,
        delays: delays(tx, &lines, scope, lang)?,
    })
}

pub(in crate::desk) fn line_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    id: LineId,
    typed: LineForm,
) -> Result<LinePage, Trouble> {
    let lang = viewer.lang;
    let one = find(tx, scope.id, id)?.ok_or(Trouble::NotFound)?;
    let proposal = one.proposal().ok_or(Trouble::NotFound)?;
    let solid = rests_on_solid_ground(tx, &one, scope.today)?;
    let mut facts = vec![
        (lang.t("ledger.amount"), amount_words(proposal.amount, lang)),
        (lang.t("ledger.reply-by"), proposal.reply_by.to_string()),
    ];
    if let Some(last) = one.line.appeal_by() {
        facts.push((lang.t("ledger.appeal-by"), last.to_string()));
    }
    if !proposal.released.is_empty() {
        facts.push((lang.t("ledger.released"), proposal.released.join(lang.t("site.comma"))));
    }
    let (until, _) = until(&one, scope);
    Ok(LinePage {
        shell: viewer.shell(lang.t("ledger.title").to_owned(), "findings", Some(scope)),
        back: format!("/ledger?period={}{}", scope.period, scope.tail),
        place: scope.place(),
        kind: lang.t(kind_words(proposal.kind)),
        worker: name_of(scope, one.worker),
        stands: lang.t(standing_words(&one, scope.today)).to_owned(),
        until: until.map(|day| lang.fill("requests.due-on", &[&day.to_string()])).unwrap_or_default(),
        lead: lang.t(lead(&one, solid, scope.today)),
        quote: (proposal.rule.to_string(), proposal.quote.clone()),
        facts,
        ground: ground(&one, proposal.ground, scope, lang),
        steps: steps(tx, &one, scope, lang)?,
        forms: forms(tx, viewer, scope, (&one, solid), typed)?,
    })
}

fn row(tx: &Tx<'_>, one: &KeptLine, scope: &Scope, lang: Lang) -> Result<Option<LedgerLine>, StorageError> {
    let Some((said, proposal)) = one.line.proposed() else { return Ok(None) };
    let (until, late) = until(one, scope);
    let unsettled = !one.is_withdrawn() && !rests_on_solid_ground(tx, one, scope.today)?;
    let stands = if unsettled { "stage.appealed" } else { standing_words(one, scope.today) };
    Ok(Some(LedgerLine {
        href: href(one.id, scope),
        on: day_of(scope, said.at_ms).to_string(),
        kind: lang.t(kind_words(proposal.kind)),
        worker: name_of(scope, one.worker),
        rule: proposal.rule.to_string(),
        amount: amount_words(proposal.amount, lang),
        stands: lang.t(stands).to_owned(),
        until: until.map(|day| day.to_string()).unwrap_or_default(),
        mark: late.then(|| lang.t("findings.late")),
    }))
}

/// Appeals nobody has heard, of lines and of findings, each with whoever decided what it is against.
fn delays(
    tx: &Tx<'_>,
    lines: &[KeptLine],
    scope: &Scope,
    lang: Lang,
) -> Result<Vec<DelayLine>, StorageError> {
    let mut waiting: Vec<(i64, DelayLine)> = Vec::new();
    let mut wait = |at_ms: Option<i64>, by: Option<AccountId>, what: &str, href: String| {
        let (Some(at_ms), Some(by)) = (at_ms, by) else { return Ok(()) };
        let since = day_of(scope, at_ms);
        let decided_by = tx.account(by)?.map(|row| row.shown).unwrap_or_default();
        let days = (scope.today - since).num_days().to_string();
        let line = DelayLine { href, what: what.to_owned(), since: since.to_string(), days, decided_by };
        waiting.push((at_ms, line));
        Ok::<(), StorageError>(())
    };
    for one in lines.iter().filter(|one| one.line.standing() == Standing::Appealed) {
        let last = |wanted: fn(&LineStep) -> bool| {
            one.line.said().iter().rfind(move |said| wanted(&said.event.step))
        };
        let appealed = last(|step| *step == LineStep::Appealed).map(|said| said.at_ms);
        let decided = last(|step| matches!(step, LineStep::Confirmed { .. }));
        let kind = one.proposal().map_or("ledger.title", |proposal| kind_words(proposal.kind));
        wait(appealed, decided.and_then(|said| desk(said.event.by)), lang.t(kind), href(one.id, scope))?;
    }
    for one in findings(tx, scope.id)?.iter().filter(|one| one.course.stage() == Stage::Appealed) {
        let last = |wanted: fn(&FindingStep) -> bool| {
            one.course.said().iter().rfind(move |said| wanted(&said.event.step))
        };
        let appealed = last(|step| *step == FindingStep::Appealed).map(|said| said.at_ms);
        let decided = last(|step| matches!(step, FindingStep::Decided { .. }));
        let ruling = one.course.ruling().map_or("findings.one", ruling_words);
        let href = format!("/finding/{}?period={}{}", one.id, scope.period, scope.tail);
        wait(appealed, decided.and_then(|said| desk(said.event.by)), lang.t(ruling), href)?;
    }
    waiting.sort_by_key(|(at_ms, _)| *at_ms);
    Ok(waiting.into_iter().map(|(_, line)| line).collect())
}

fn forms(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (one, solid): (&KeptLine, bool),
    typed: LineForm,
) -> Result<Option<LineForms>, Trouble> {
    let (Some(proposal), true) = (one.proposal(), viewer.account.role.decides()) else { return Ok(None) };
    let (lang, me, standing) = (viewer.lang, viewer.account.id, one.line.standing());
    let open = matches!(standing, Standing::Draft | Standing::Answered);
    let mut missing = Vec::new();
    if standing == Standing::Draft && scope.today <= proposal.reply_by {
        missing.push(lang.fill("ledger.needs-reply", &[&proposal.reply_by.to_string()]));
    }
    if one.took_part().contains(&me) {
        missing.push(lang.t("ledger.needs-other").to_owned());
    }
    if !solid {
        missing.push(lang.t("ledger.needs-ground").to_owned());
    }
    if !open {
        missing.clear();
    }
    let forms = LineForms {
        action: href(one.id, scope),
        reply: standing == Standing::Draft,
        confirm: open && missing.is_empty(),
        missing,
        appeal: standing == Standing::Confirmed && proposal.kind.is_adverse(),
        hear: standing == Standing::Appealed && may_hear(tx, one, me)?,
        withdraw: standing != Standing::Withdrawn && !(is_granted(one) && one.took_part().contains(&me)),
        typed,
    };
    Ok((standing != Standing::Withdrawn).then_some(forms))
}

/// A reward that was granted.
fn is_granted(one: &KeptLine) -> bool {
    let reward = one.proposal().is_some_and(|proposal| proposal.kind == LineKind::Reward);
    reward && one.line.standing() == Standing::Confirmed
}

fn steps(tx: &Tx<'_>, one: &KeptLine, scope: &Scope, lang: Lang) -> Result<Vec<StepView>, StorageError> {
    let view = |said: &Spoken<LineEvent>| {
        let what = (step_words(said, lang), who(tx, scope, said.event.by)?);
        Ok(step_view(scope, said.at_ms, what, open_words(&said.words)))
    };
    one.line.said().iter().map(view).collect()
}

fn step_words(said: &Spoken<LineEvent>, lang: Lang) -> String {
    let for_him = matches!(said.event.by, By::Desk(_));
    let key = match &said.event.step {
        LineStep::Proposed(_) => "ledger.step-proposed",
        LineStep::Replied if for_him => "ledger.step-replied-for-him",
        LineStep::Replied => "ledger.step-replied",
        LineStep::Confirmed { .. } => "ledger.step-confirmed",
        LineStep::Withdrawn => "ledger.step-withdrawn",
        LineStep::Appealed if for_him => "ledger.step-appealed-for-him",
        LineStep::Appealed => "ledger.step-appealed",
        LineStep::Heard { reversed } => {
            let came = lang.t(if *reversed { "ledger.reversed" } else { "ledger.upheld" });
            return lang.fill("requests.with", &[lang.t("ledger.step-heard"), came]);
        }
    };
    lang.t(key).to_owned()
}

pub(in crate::desk) fn standing_words(one: &KeptLine, today: NaiveDate) -> &'static str {
    match one.line.standing() {
        Standing::Draft => "ledger.draft",
        Standing::Answered => "ledger.answered",
        Standing::Confirmed if one.line.is_in_force(today) => "ledger.in-force",
        Standing::Confirmed => "ledger.confirmed",
        Standing::Appealed => "ledger.appealed",
        Standing::Upheld => "ledger.is-upheld",
        Standing::Withdrawn => "ledger.withdrawn",
    }
}

fn lead(one: &KeptLine, solid: bool, today: NaiveDate) -> &'static str {
    match one.line.standing() {
        Standing::Withdrawn => "ledger.lead-withdrawn",
        _ if !solid => "ledger.lead-unsettled",
        Standing::Draft | Standing::Answered => "ledger.lead-draft",
        Standing::Appealed => "ledger.lead-appealed",
        Standing::Confirmed | Standing::Upheld if one.line.is_in_force(today) => "ledger.lead-in-force",
        Standing::Confirmed | Standing::Upheld => "ledger.lead-confirmed",
    }
}

/// Until when something is awaited, and whether that has passed without it.
fn until(one: &KeptLine, scope: &Scope) -> (Option<NaiveDate>, bool) {
    match (one.line.standing(), one.proposal()) {
        (Standing::Draft, Some(proposal)) => (Some(proposal.reply_by), proposal.reply_by < scope.today),
        (Standing::Confirmed, _) => (one.line.appeal_by().filter(|last| scope.today <= *last), false),
        _ => (None, false),
    }
}

fn ground(one: &KeptLine, ground: Ground, scope: &Scope, lang: Lang) -> (String, String) {
    match ground {
        Ground::Finding(id) => (
            lang.t("ledger.ground-finding").to_owned(),
            format!("/finding/{id}?period={}{}", scope.period, scope.tail),
        ),
        Ground::Completion(sheet) => (
            lang.fill("ledger.ground-completion", &[&period_name(sheet.period, lang)]),
            format!("/completion/{}?period={}{}", one.worker, sheet.period, scope.tail),
        ),
    }
}

pub(in crate::desk) const fn kind_words(kind: LineKind) -> &'static str {
    match kind {
        LineKind::Reward => "ledger.reward",
        LineKind::Deduction => "ledger.deduction",
        LineKind::Review => "ledger.review",
    }
}

pub(in crate::desk) fn amount_words(amount: Amount, lang: Lang) -> String {
    match amount {
        Amount::Unset => lang.t("ledger.unset").to_owned(),
        Amount::YearEndBonus { percent } => lang.fill("ledger.percent", &[&percent.to_string()]),
    }
}

pub(in crate::desk) fn name_of(scope: &Scope, worker: WorkerId) -> String {
    scope.file.workers().get(&worker).map(|one| one.name.clone()).unwrap_or_default()
}

pub(in crate::desk) fn day_of(scope: &Scope, at_ms: i64) -> NaiveDate {
    scope.file.zone().date(DateTime::from_timestamp_millis(at_ms).unwrap_or_default())
}

const fn desk(by: By) -> Option<AccountId> {
    match by {
        By::Desk(account) => Some(account),
        By::Worker(_) => None,
    }
}

pub(in crate::desk) fn href(id: LineId, scope: &Scope) -> String {
    format!("/line/{id}?period={}{}", scope.period, scope.tail)
}
