//! 不予办理的原因 – why something was not done, in the words of the page: what a shell would be told helps nobody here.

use crate::desk::views::{StateCode, period_name};
use crate::desk::words::Lang;
use crate::findings::FindingError;
use crate::ingest::office::ActError;
use crate::ledger::LineError;
use crate::office::{DutyError, OfficeError};
use crate::recheck::RecheckError;
use crate::recheck::draw::DRAWN_MAX;
use ruhu_core::coverage::CellState;

/// Why a decision about a household or a record was not recorded.
pub(super) fn office_words(why: &OfficeError, lang: Lang) -> String {
    let plain = |key| lang.t(key).to_owned();
    match why {
        OfficeError::NoUnit { .. } => plain("refused.no-unit"),
        OfficeError::SeveralUnits { .. } => plain("refused.several-units"),
        OfficeError::WrongUnit { .. } => plain("refused.wrong-unit"),
        OfficeError::NoEntry { .. } | OfficeError::SeveralEntries { .. } => plain("refused.no-entry"),
        OfficeError::NothingWaits => plain("refused.nothing-waits"),
        OfficeError::HoldsNoLonger => plain("refused.holds-no-longer"),
        OfficeError::SameRecord => plain("refused.same-record"),
        OfficeError::AlreadyJoined { .. } => plain("refused.already-joined"),
        OfficeError::NotJoined => plain("refused.not-joined"),
        OfficeError::NotLiving => plain("refused.not-living"),
        OfficeError::AlreadySo => plain("refused.already-so"),
        OfficeError::InFuture { day, today } => {
            lang.fill("refused.in-future", &[&day.to_string(), &today.to_string()])
        }
        OfficeError::NotDeducted { period, state } => {
            let state = state.as_ref().map(|state| StateCode::Only(CellState::of(state)).words(lang));
            let state = state.unwrap_or(lang.t("refused.not-due"));
            lang.fill("refused.not-deducted", &[&period_name(*period, lang), state])
        }
        OfficeError::Closed { period } => lang.fill("refused.closed", &[&period_name(*period, lang)]),
        OfficeError::QuestionAsked => plain("questions.is-asked"),
        OfficeError::QuestionEnded { .. } => plain("questions.is-over"),
        OfficeError::Act(why) => act_words(why, lang).to_owned(),
        // The rest is asked on the command line alone.
        _ => plain("refused.other"),
    }
}

const fn act_key(why: &ActError) -> &'static str {
    match why {
        ActError::UnknownUnit { .. } => "refused.no-unit",
        ActError::UnknownGrid { .. } => "staff.no-grid",
        ActError::Empty => "refused.already-so",
        _ => "refused.other",
    }
}

fn act_words(why: &ActError, lang: Lang) -> &'static str {
    lang.t(act_key(why))
}

/// Why nobody was assigned or noted as away.
pub(super) fn duty_words(why: &DutyError, lang: Lang) -> String {
    let plain = |key| lang.t(key).to_owned();
    match why {
        DutyError::NoWorker => plain("staff.no-worker"),
        DutyError::AlreadyResponsible => plain("staff.already-responsible"),
        DutyError::BeforeTheFormer { since, first } => {
            lang.fill("staff.before-the-former", &[&since.to_string(), &first.to_string()])
        }
        DutyError::AlreadyCovers => plain("staff.already-covered"),
        DutyError::AlreadyAway => plain("staff.already-away"),
        DutyError::Turned => plain("staff.days-turned"),
        DutyError::TooLong => lang.fill("staff.too-long", &[&crate::office::duty::SPAN_DAYS.to_string()]),
        DutyError::OutOfReach { first, last } => {
            lang.fill("staff.out-of-reach", &[&first.to_string(), &last.to_string()])
        }
        DutyError::NothingToEnd => plain("staff.nothing-to-end"),
        DutyError::Act(why) => act_words(why, lang).to_owned(),
        DutyError::Storage(_) => plain("refused.other"),
    }
}

/// Why nothing was drawn or entered.
pub(super) fn recheck_words(why: &RecheckError, lang: Lang) -> String {
    let plain = |key| lang.t(key).to_owned();
    match why {
        RecheckError::EmptyFrame => plain("spot.empty-frame"),
        RecheckError::NoSignals { met_nobody: 0 } => plain("spot.no-signals"),
        RecheckError::NoSignals { met_nobody } => {
            lang.fill("spot.signals-met-nobody", &[&met_nobody.to_string()])
        }
        RecheckError::SignalsGone => plain("spot.signals-gone"),
        RecheckError::BadSize => lang.fill("spot.bad-size", &[&DRAWN_MAX.to_string()]),
        RecheckError::BadDay => plain("spot.bad-day"),
        RecheckError::NotApart => plain("spot.not-apart"),
        RecheckError::SameChecker => plain("spot.same-checker"),
        RecheckError::NotTwice => plain("spot.not-twice"),
        // What is no answer to a form.
        RecheckError::Unknown
        | RecheckError::Act(_)
        | RecheckError::Reading(_)
        | RecheckError::Storage(_) => plain("refused.other"),
    }
}

/// Why a step about a record in doubt was not taken.
pub(super) fn finding_words(why: &FindingError, lang: Lang) -> String {
    let plain = |key| lang.t(key).to_owned();
    match why {
        FindingError::NotContradicted => plain("findings.not-contradicted"),
        FindingError::TakenBack => plain("findings.taken-back"),
        FindingError::Already { .. } => plain("findings.already"),
        FindingError::WordsMissing => plain("findings.words-missing"),
        FindingError::TooLong => plain("findings.too-long"),
        FindingError::BadDay => plain("findings.bad-day"),
        FindingError::NotHeard { reply_by } => {
            let day = reply_by.map(|day| day.to_string()).unwrap_or_default();
            lang.fill("findings.needs-account", &[&day])
        }
        FindingError::OneContact => plain("findings.needs-second"),
        FindingError::SamePerson => plain("findings.needs-other"),
        FindingError::Trial => plain("findings.trial"),
        FindingError::NotNow => plain("findings.not-now"),
        FindingError::NotTwice => plain("spot.not-twice"),
        FindingError::NotApart => plain("spot.not-apart"),
        FindingError::SameChecker => plain("spot.same-checker"),
        // What is no answer to a form.
        FindingError::Unknown | FindingError::Act(_) | FindingError::Office(_) | FindingError::Storage(_) => {
            plain("refused.other")
        }
    }
}

/// Why a step about a line of the ledger was not taken.
pub(super) fn line_words(why: &LineError, lang: Lang) -> String {
    let plain = |key| lang.t(key).to_owned();
    match why {
        LineError::NotFinal => plain("ledger.not-final"),
        LineError::NotOffered => plain("ledger.not-offered"),
        LineError::NotWhole => plain("ledger.not-whole"),
        LineError::Already { .. } => plain("ledger.already"),
        LineError::WordsMissing => plain("findings.words-missing"),
        LineError::TooLong => plain("findings.too-long"),
        LineError::BadDay => plain("ledger.bad-day"),
        LineError::NotAnswered { reply_by } => lang.fill("ledger.needs-reply", &[&reply_by.to_string()]),
        LineError::SamePerson => plain("findings.needs-other"),
        LineError::NotNow => plain("findings.not-now"),
        LineError::Office(OfficeError::Policy(_)) => plain("ledger.policy-unreadable"),
        // What is no answer to a form.
        LineError::Unknown
        | LineError::Act(_)
        | LineError::Office(_)
        | LineError::Report(_)
        | LineError::Storage(_) => plain("refused.other"),
    }
}
