//! How facts of a household are told.

use chrono::{DateTime, NaiveDate};
use ruhu_core::entry::RequestStep;
use ruhu_core::fact::Fact;
use ruhu_core::file::Stamp;
use ruhu_core::ids::GridId;
use ruhu_core::time::Zone;
use ruhu_core::visit::VisitBody;

use super::super::choice::Scope;
use crate::desk::words::Lang;

pub(super) fn note_words(body: &VisitBody) -> String {
    let notes = [body.note.trim(), body.note_for_next.trim()];
    notes.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" / ")
}

pub(super) fn received(ms: i64, zone: Zone, lang: Lang) -> String {
    let at = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    let local = format!("{} {}", zone.date(at), zone.time(at).format("%H:%M"));
    lang.fill("household.received", &[&local])
}

pub(in crate::desk::read) fn step_words(step: RequestStep, lang: Lang) -> &'static str {
    match step {
        RequestStep::PassedUp => lang.t("step.passed-up"),
        RequestStep::Assigned => lang.t("step.assigned"),
        RequestStep::Handled => lang.t("step.handled"),
        RequestStep::Replied => lang.t("step.replied"),
        RequestStep::Closed => lang.t("step.closed"),
    }
}

/// Whether the words that came with a fact are somebody's own: a visit's note, the reason of a decision. What a program
/// wrote for a whole roster is neither.
pub(super) const fn says_why(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Visited(_)
            | Fact::Returned { .. }
            | Fact::Withdrawn { .. }
            | Fact::DeductionRejected { .. }
            | Fact::KeyMark { .. }
            | Fact::Found { .. }
    )
}

/// The grid a fact puts the unit into.
pub(super) const fn grid_of(fact: &Fact) -> Option<GridId> {
    match fact {
        Fact::DwellingListed { grid, .. } | Fact::Regridded { grid, .. } | Fact::Settled { grid, .. } => {
            Some(*grid)
        }
        _ => None,
    }
}

/// The day a fact speaks of; the day of recording where it speaks of none.
pub(super) fn day_of(stamp: &Stamp, fact: &Fact, zone: Zone) -> NaiveDate {
    let said = match fact {
        Fact::Visited(visit) => Some(visit.visited_on),
        Fact::DwellingListed { from, .. } | Fact::UseChanged { from, .. } | Fact::Regridded { from, .. } => {
            Some(*from)
        }
        Fact::Settled { from, .. } => *from,
        Fact::Left { on, .. }
        | Fact::SplitFrom { on, .. }
        | Fact::Dissolved { on, .. }
        | Fact::KeyMark { on, .. } => Some(*on),
        Fact::DoNotAsk { from, .. } => Some(*from),
        Fact::ImportedVisit { visited_on } => Some(*visited_on),
        _ => None,
    };
    said.unwrap_or_else(|| zone.date(stamp.recorded_at()))
}

pub(in crate::desk::read) fn what(fact: &Fact, scope: &Scope, lang: Lang) -> String {
    let plain = match fact {
        Fact::Visited(visit) => {
            let code = visit.outcome.code();
            return match lang {
                Lang::Zh => code.zh().to_owned(),
                Lang::En => code.to_string().replace('-', " "),
            };
        }
        Fact::Regridded { grid, .. } => return lang.fill("event.regridded", &[&scope.grid_name(*grid)]),
        Fact::Settled { grid, .. } => return lang.fill("event.settled", &[&scope.grid_name(*grid)]),
        Fact::DoNotAsk { until, .. } => return lang.fill("event.do-not-ask", &[&until.to_string()]),
        Fact::DeductionRejected { period, .. } => return lang.fill("event.rejected", &[&period.to_string()]),
        Fact::DwellingListed { .. } => lang.t("event.listed"),
        Fact::UseChanged { .. } => lang.t("event.use-changed"),
        Fact::Left { .. } => lang.t("event.left"),
        Fact::SplitFrom { .. } => lang.t("event.split"),
        Fact::Dissolved { .. } => lang.t("event.dissolved"),
        Fact::SameAs { .. } | Fact::Absorbs { .. } => lang.t("event.joined"),
        Fact::Parted { .. } => lang.t("event.parted"),
        Fact::KeyMark { key: true, .. } => lang.t("event.key"),
        Fact::KeyMark { key: false, .. } => lang.t("event.not-key"),
        Fact::Withdrawn { .. } => lang.t("event.withdrawn"),
        Fact::ImportedVisit { .. } => lang.t("event.imported"),
        Fact::Confirmed { .. } => lang.t("event.confirmed"),
        Fact::Returned { .. } => lang.t("event.returned"),
        Fact::Found { falsified: true, .. } => lang.t("event.found-false"),
        Fact::Found { falsified: false, .. } => lang.t("event.restored"),
        Fact::Erased { .. } => lang.t("event.erased"),
    };
    plain.to_owned()
}
