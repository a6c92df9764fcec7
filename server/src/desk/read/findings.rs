//! Findings as pages show them.

use chrono::{DateTime, Days, NaiveDate};
use ruhu_core::entry::{Account, FindingStep, RevisitKey, Ruling};
use ruhu_core::finding::{Said as Spoken, Stage};
use ruhu_core::ids::{AccountId, FindingId};
use ruhu_core::roster::By;

use super::list::address;
use super::offers::offers_after;
use super::spot::answer_words;
use super::steps::{open_words, step_view, who};
use super::{Scope, Viewer, unit_code};
use crate::desk::trouble::Trouble;
use crate::desk::views::{
    FindingForm, FindingForms, FindingLine, FindingPage, FindingsPage, LineForm, Said, StepView,
};
use crate::desk::words::Lang;
use crate::findings::act::{asked_by, contradictions, noted_by, took_part};
use crate::findings::course::{About, Finding, all, find};
use crate::recheck::act::standing;
use crate::recheck::sequence::{Sequence, Weight, of_worker};
use crate::storage::{StorageError, Tx};

/// Every account a worker can give: code and words.
const ACCOUNTS: [(Account, &str, &str); 7] = [
    (Account::AsRecorded, "as-recorded", "account.as-recorded"),
    (Account::MetAnother, "met-another", "account.met-another"),
    (Account::ByPhone, "by-phone", "account.by-phone"),
    (Account::TypedLater, "typed-later", "account.typed-later"),
    (Account::Mixed, "mixed", "account.mixed"),
    (Account::NoVisit, "no-visit", "account.no-visit"),
    (Account::Other, "other", "account.other"),
];
/// Everything a person can find: code and words (`D1a-09`).
const RULINGS: [(Ruling, &str, &str); 4] = [
    (Ruling::Cleared, "cleared", "ruling.cleared"),
    (Ruling::Missed, "missed", "ruling.missed"),
    (Ruling::Inaccurate, "inaccurate", "ruling.inaccurate"),
    (Ruling::Falsified, "falsified", "ruling.falsified"),
];
/// Days after which an appeal nobody has heard is said to be late (`domain.md`: the product's default).
const HEAR_DAYS: u64 = 15;

/// Back from the code of an account.
pub(in crate::desk) fn account_of(code: &str) -> Option<Account> {
    ACCOUNTS.iter().find(|row| row.1 == code).map(|row| row.0)
}

/// Back from the code of a ruling.
pub(in crate::desk) fn ruling_of(code: &str) -> Option<Ruling> {
    RULINGS.iter().find(|row| row.1 == code).map(|row| row.0)
}

pub(in crate::desk) fn findings_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    said: Said,
) -> Result<FindingsPage, Trouble> {
    let lang = viewer.lang;
    let mut findings = all(tx, scope.id)?;
    let adverse = findings.iter().filter(|one| one.course.ruling().is_some_and(Ruling::is_adverse)).count();
    let reversed = findings.iter().filter(|one| one.course.is_reversed()).count();
    findings.sort_by_key(|one| one.course.is_ended(scope.today));
    let mut rows = Vec::new();
    for one in &findings {
        let Some(about) = one.about() else { continue };
        let (until, late) = until(one, scope);
        rows.push(FindingLine {
            href: href(one, scope),
            address: address_of(tx, &about, scope)?,
            visited_on: about.visited_on.to_string(),
            stage: stage_words(one, lang),
            until: until.map(|day| day.to_string()).unwrap_or_default(),
            mark: late.then(|| lang.t("findings.late")),
        });
    }
    let mut shell = viewer.shell(lang.t("findings.title").to_owned(), "findings", Some(scope));
    shell.said = said;
    Ok(FindingsPage {
        shell,
        place: scope.place(),
        ledger: format!("/ledger?period={}{}", scope.period, scope.tail),
        counts: lang.fill(
            "findings.counts",
            &[&findings.len().to_string(), &adverse.to_string(), &reversed.to_string()],
        ),
        rows,
    })
}

pub(in crate::desk) fn finding_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    id: FindingId,
    typed: FindingForm,
) -> Result<FindingPage, Trouble> {
    let lang = viewer.lang;
    let one = find(tx, scope.id, id)?.ok_or(Trouble::NotFound)?;
    let about = one.about().ok_or(Trouble::NotFound)?;
    let draw = tx.draw(about.key.draw)?.ok_or(Trouble::NotFound)?;
    let card = tx.card(draw.id, about.key.nth)?.is_some();
    let worker = scope.file.workers().get(&one.worker).map(|one| one.name.clone()).unwrap_or_default();
    let row = tx.unit(about.unit)?;
    let (until, _) = until(&one, scope);
    let missing = missing(tx, viewer.account.id, &one, &about, scope, lang)?;
    let query = format!("?period={}{}", draw.period, scope.tail);
    Ok(FindingPage {
        shell: viewer.shell(lang.t("findings.one").to_owned(), "findings", Some(scope)),
        back: format!("/findings?period={}{}", scope.period, scope.tail),
        place: row.and_then(|row| row.grid).map(|grid| scope.grid_name(grid)).unwrap_or_default(),
        address: address_of(tx, &about, scope)?,
        household: format!("/household/{}?period={}{}", unit_code(about.unit), scope.period, scope.tail),
        stage: stage_words(&one, lang),
        until: until.map(|day| lang.fill("requests.due-on", &[&day.to_string()])).unwrap_or_default(),
        lead: lead(&one, lang).to_owned(),
        facts: vec![
            (lang.t("findings.visited-on"), about.visited_on.to_string()),
            (lang.t("findings.made-by"), worker),
            (lang.t("findings.record-hash"), about.record.to_string().chars().take(12).collect()),
        ],
        among: among(&of_worker(tx, scope.id, one.worker)?, lang),
        draw: format!("/spot-checks/{}{query}", draw.id),
        card: card.then(|| format!("/spot-checks/{}/card/{}{query}", draw.id, about.key.nth)),
        checks: checks(tx, about.key, scope, lang)?,
        steps: steps(tx, &one, scope, lang)?,
        offers: offers_after(tx, viewer, scope, &one, proposing(&typed))?,
        is_final: one.course.is_ended(scope.today),
        forms: forms(tx, viewer, scope, &one, (missing.is_empty(), typed))?,
        missing: if matches!(one.course.stage(), Stage::Asked | Stage::Accounted) {
            missing
        } else {
            Vec::new()
        },
    })
}

/// What all random re-visits of his records say, this one among them, so that nobody reads too much into one.
fn among(sequence: &Sequence, lang: Lang) -> String {
    let counts = [sequence.told.to_string(), sequence.contradicted.to_string()];
    let counts = lang.fill("findings.among", &[&counts[0], &counts[1]]);
    let times = format!("{:.0}", sequence.highest.min(1e9).floor());
    let weight = match sequence.weight() {
        Weight::NotEnough => lang.t("findings.among-few").to_owned(),
        Weight::AsHonest => lang.t("findings.among-honest").to_owned(),
        Weight::Unusual => lang.fill("findings.among-unusual", &[&times]),
        Weight::Beyond => lang.fill("findings.among-beyond", &[&times]),
    };
    lang.fill("findings.among-said", &[&counts, &weight])
}

/// What was typed into the form that proposes.
fn proposing(typed: &FindingForm) -> LineForm {
    if typed.act != "propose" {
        return LineForm::default();
    }
    let FindingForm { act, rule, reply_by, words, .. } = typed.clone();
    LineForm { act, rule, reply_by, words, ..LineForm::default() }
}

fn forms(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    one: &Finding,
    (complete, typed): (bool, FindingForm),
) -> Result<Option<FindingForms>, Trouble> {
    if !viewer.account.role.decides() {
        return Ok(None);
    }
    let lang = viewer.lang;
    let stage = one.course.stage();
    let deciding = matches!(stage, Stage::Asked | Stage::Accounted);
    let offered = |ruling: Ruling| deciding && (complete || !ruling.is_adverse());
    let forms = FindingForms {
        action: href(one, scope),
        accounts: ACCOUNTS
            .iter()
            .filter(|_| stage == Stage::Asked)
            .map(|(_, code, words)| ((*code).to_owned(), lang.t(words)))
            .collect(),
        rulings: RULINGS
            .iter()
            .filter(|row| offered(row.0))
            .map(|(_, code, words)| ((*code).to_owned(), lang.t(words)))
            .collect(),
        appeal: stage == Stage::Decided && one.course.holds().is_some(),
        hear: stage == Stage::Appealed && !took_part(tx, one)?.contains(&viewer.account.id),
        typed,
    };
    let any = !forms.rulings.is_empty() || !forms.accounts.is_empty() || forms.appeal || forms.hear;
    Ok(any.then_some(forms))
}

/// What an adverse finding still lacks; the hub asks the same again when it is made.
fn missing(
    tx: &Tx<'_>,
    viewer: AccountId,
    one: &Finding,
    about: &About,
    scope: &Scope,
    lang: Lang,
) -> Result<Vec<String>, StorageError> {
    let mut missing = Vec::new();
    if scope.file.is_trial_on(about.visited_on) {
        missing.push(lang.t("findings.trial").to_owned());
    }
    let waits = one.course.reply_by().filter(|last| scope.today <= *last);
    if let (Stage::Asked, Some(last)) = (one.course.stage(), waits) {
        missing.push(lang.fill("findings.needs-account", &[&last.to_string()]));
    }
    if contradictions(tx, about.key)?.len() < 2 {
        missing.push(lang.t("findings.needs-second").to_owned());
    }
    if asked_by(one) == Some(viewer) || noted_by(one).contains(&viewer) {
        missing.push(lang.t("findings.needs-other").to_owned());
    }
    Ok(missing)
}

fn checks(
    tx: &Tx<'_>,
    key: RevisitKey,
    scope: &Scope,
    lang: Lang,
) -> Result<Vec<(String, String)>, StorageError> {
    let answers = tx.recheck_answers(key.draw)?;
    let standing = standing(&answers);
    let workers = scope.file.workers();
    let row = |round: u32| {
        let words = lang.fill("spot.round", &[&round.to_string()]);
        let Some((answer, row)) = standing.get(&(key.nth, round)) else {
            return (words, lang.t("spot.open").to_owned());
        };
        let checker = row.checker.and_then(|id| workers.get(&id)).map(|one| one.name.clone());
        let parts = [
            lang.t(answer_words(*answer)).to_owned(),
            row.checked_on.to_string(),
            lang.t(if row.by_phone { "spot.by-phone" } else { "spot.at-door" }).to_owned(),
            checker.unwrap_or_else(|| lang.t("spot.office").to_owned()),
        ];
        (words, parts.join(" · "))
    };
    Ok([1, 2].map(row).to_vec())
}

fn steps(tx: &Tx<'_>, one: &Finding, scope: &Scope, lang: Lang) -> Result<Vec<StepView>, StorageError> {
    let view = |said: &Spoken| {
        let what = (step_words(said, lang), who(tx, scope, said.event.by)?);
        Ok(step_view(scope, said.at_ms, what, open_words(&said.words)))
    };
    one.course.said().iter().map(view).collect()
}

fn step_words(said: &Spoken, lang: Lang) -> String {
    let with = |key, words| lang.fill("requests.with", &[lang.t(key), words]);
    match &said.event.step {
        FindingStep::Asked { .. } => lang.t("finding.asked").to_owned(),
        // Written down by somebody else, it is said so: the words are the worker's, the hand is not.
        FindingStep::Accounted { account } if matches!(said.event.by, By::Desk(_)) => {
            with("finding.accounted-for-him", lang.t(account_words(*account)))
        }
        FindingStep::Accounted { account } => with("finding.accounted", lang.t(account_words(*account))),
        FindingStep::Appealed if matches!(said.event.by, By::Desk(_)) => {
            lang.t("finding.appealed-for-him").to_owned()
        }
        FindingStep::Decided { ruling, .. } => with("finding.decided", lang.t(ruling_words(*ruling))),
        FindingStep::Appealed => lang.t("finding.appealed").to_owned(),
        FindingStep::Heard { reversed } => {
            with("finding.heard", lang.t(if *reversed { "findings.reversed" } else { "findings.upheld" }))
        }
    }
}

fn stage_words(one: &Finding, lang: Lang) -> String {
    let ruling = || one.course.ruling().map(|ruling| lang.t(ruling_words(ruling))).unwrap_or_default();
    match one.course.stage() {
        Stage::Asked => lang.t("stage.asked").to_owned(),
        Stage::Accounted => lang.t("stage.accounted").to_owned(),
        Stage::Decided => ruling().to_owned(),
        Stage::Appealed => lang.fill("requests.with", &[ruling(), lang.t("stage.appealed")]),
        Stage::Heard if one.course.is_reversed() => {
            lang.fill("requests.with", &[ruling(), lang.t("findings.reversed")])
        }
        Stage::Heard => lang.fill("requests.with", &[ruling(), lang.t("findings.upheld")]),
    }
}

fn lead(one: &Finding, lang: Lang) -> &'static str {
    let counts_no_more = one.course.holds().is_some_and(Ruling::stops_counting);
    match (one.course.stage(), one.course.holds()) {
        (Stage::Asked | Stage::Accounted, _) => lang.t("findings.nothing-yet"),
        (_, Some(_)) if counts_no_more => lang.t("findings.counts-no-more"),
        (_, Some(_)) => lang.t("findings.still-counts"),
        (_, None) if one.course.is_reversed() => lang.t("findings.restored"),
        (_, None) => lang.t("findings.nothing-held"),
    }
}

/// Until when something is awaited, and whether that has passed without it.
fn until(one: &Finding, scope: &Scope) -> (Option<NaiveDate>, bool) {
    let passed = |day: Option<NaiveDate>| day.is_some_and(|day| day < scope.today);
    match one.course.stage() {
        Stage::Asked => (one.course.reply_by(), passed(one.course.reply_by())),
        Stage::Accounted | Stage::Heard => (None, false),
        Stage::Decided => (one.course.appeal_by().filter(|last| scope.today <= *last), false),
        Stage::Appealed => {
            let appealed = one.course.said().iter().rfind(|said| said.event.step == FindingStep::Appealed);
            let at = appealed.and_then(|said| DateTime::from_timestamp_millis(said.at_ms));
            let by = at.and_then(|at| scope.file.zone().date(at).checked_add_days(Days::new(HEAR_DAYS)));
            (by, passed(by))
        }
    }
}

fn account_words(account: Account) -> &'static str {
    ACCOUNTS.iter().find(|row| row.0 == account).map_or("", |row| row.2)
}

pub(in crate::desk) fn ruling_words(ruling: Ruling) -> &'static str {
    RULINGS.iter().find(|row| row.0 == ruling).map_or("", |row| row.2)
}

fn href(one: &Finding, scope: &Scope) -> String {
    format!("/finding/{}?period={}{}", one.id, scope.period, scope.tail)
}

fn address_of(tx: &Tx<'_>, about: &About, scope: &Scope) -> Result<String, StorageError> {
    let dwelling = tx.drawn(about.key.draw)?.into_iter().find(|item| item.nth == about.key.nth);
    address(tx, dwelling.map(|item| item.dwelling), scope.today)
}
