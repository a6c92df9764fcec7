//! A visit as the form holds it, and the one way from there to a [`Visit`].

use chrono::{Days, Months, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::{Field, Problem, Visit, VisitBody, VisitOutcome, VisitSkeleton};
use crate::ids::{DwellingId, Hash32, VisitId, WorkerId};
use crate::roster::Unit;

/// 草稿 – a visit that may still lack anything; kept in the phone's store while it is being filled in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VisitDraft {
    /// Whom the visit was paid to.
    pub unit: Option<Unit>,
    /// The door that was knocked on.
    pub dwelling: Option<DwellingId>,
    /// Local date; today when empty.
    pub visited_on: Option<NaiveDate>,
    /// Local time; now when empty and the visit was today.
    pub visited_at: Option<NaiveTime>,
    /// What happened.
    pub outcome: Option<VisitOutcome>,
    /// Only a child was at home.
    pub child_alone: bool,
    /// 更正 – payload hash of the worker's own record that this one corrects.
    pub supersedes: Option<Hash32>,
    /// Everything else.
    pub body: VisitBody,
}

/// What a draft is checked against; handed in, so that checking is pure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DraftRules {
    /// The local date of recording.
    pub today: NaiveDate,
    /// The local time of recording.
    pub time: NaiveTime,
    /// The id the visit will have.
    pub visit: VisitId,
    /// Who records it.
    pub made_by: WorkerId,
}

impl VisitDraft {
    /// Longest note, in characters.
    pub const NOTE_MAX: u16 = 500;
    /// Most changes, requests or hazards of one visit.
    pub const ROWS_MAX: u16 = 20;
    /// Most questions 专项 asked on one visit (issue of the community, see README "Questions").
    pub const ANSWERS_MAX: u16 = 5;
    /// A visit older than this is a slip of the keyboard, in days.
    pub const OLDEST_DAYS: u16 = 400;
    /// 请勿打扰 lasts at most this many months (`coverage.md`, "Declined").
    pub const DO_NOT_ASK_MONTHS: u32 = 12;

    /// Names every problem at once, so that the form can show them together.
    ///
    /// # Errors
    /// All problems of the draft, in the order of the form; the draft is untouched.
    pub fn check(self, rules: &DraftRules) -> Result<Visit, Vec<Problem>> {
        let visited_on = self.visited_on.unwrap_or(rules.today);
        let mut problems = Vec::new();
        problems.extend(Self::check_day(visited_on, rules.today).err());
        self.check_outcome(visited_on, &mut problems);
        self.check_body(visited_on, &mut problems);
        let (Some(unit), Some(dwelling), Some(outcome)) = (self.unit, self.dwelling, self.outcome) else {
            if self.unit.is_none() || self.dwelling.is_none() {
                problems.insert(0, Problem::Missing(Field::Unit));
            }
            return Err(problems);
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let today = visited_on == rules.today;
        let visited_at = self.visited_at.or(today.then_some(rules.time)).and_then(to_minute);
        let skeleton = VisitSkeleton {
            visit: rules.visit,
            unit,
            dwelling,
            made_by: rules.made_by,
            visited_on,
            visited_at,
            outcome,
            late_entry: !today,
            supersedes: self.supersedes,
        };
        Ok(Visit { skeleton, body: self.body })
    }

    /// The day somebody was at a door: not after today, and not so long ago that it must be a slip.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_day(on: NaiveDate, today: NaiveDate) -> Result<(), Problem> {
        let (field, days) = (Field::VisitedOn, Self::OLDEST_DAYS);
        let oldest = today.checked_sub_days(Days::new(u64::from(days)));
        if today < on {
            Err(Problem::InFuture(field))
        } else if oldest.is_some_and(|oldest| on < oldest) {
            Err(Problem::TooLongAgo { field, days })
        } else {
            Ok(())
        }
    }

    fn check_outcome(&self, visited_on: NaiveDate, problems: &mut Vec<Problem>) {
        let Some(outcome) = self.outcome else {
            problems.push(Problem::Missing(Field::Outcome));
            return;
        };
        if self.child_alone && !matches!(outcome, VisitOutcome::NotHome { .. }) {
            problems.push(Problem::ChildAlone);
        }
        let met_vacant = matches!(self.unit, Some(Unit::Vacant(_))) && outcome.met_somebody();
        if met_vacant {
            // Somebody lives behind the door after all: that is a new household, not a visit to nobody.
            problems.push(Problem::Contradicts(Field::Outcome, Field::Unit));
        }
        match outcome {
            VisitOutcome::Declined { do_not_ask_until: Some(until) } => {
                let latest = visited_on.checked_add_months(Months::new(Self::DO_NOT_ASK_MONTHS));
                if until < visited_on {
                    problems.push(Problem::Contradicts(Field::DoNotAskUntil, Field::VisitedOn));
                } else if latest.is_none_or(|latest| latest < until) {
                    problems.push(Problem::TooFarAhead(Field::DoNotAskUntil));
                }
            }
            VisitOutcome::MovedAway { left_on: Some(left_on), .. } if visited_on < left_on => {
                problems.push(Problem::Contradicts(Field::LeftOn, Field::VisitedOn));
            }
            VisitOutcome::Rescheduled if self.body.appointment.is_none() => {
                problems.push(Problem::Missing(Field::Appointment));
            }
            _ => {}
        }
    }

    fn check_body(&self, visited_on: NaiveDate, problems: &mut Vec<Problem>) {
        let body = &self.body;
        let met = self.outcome.is_some_and(VisitOutcome::met_somebody);
        if !met && body.nothing_changed {
            problems.push(Problem::Contradicts(Field::NothingChanged, Field::Outcome));
        }
        if !met && !body.met.is_empty() {
            problems.push(Problem::Contradicts(Field::Met, Field::Outcome));
        }
        if body.nothing_changed && !body.changes.is_empty() {
            problems.push(Problem::Contradicts(Field::NothingChanged, Field::Changes));
        }
        if body.appointment.as_ref().is_some_and(|appointment| appointment.on < visited_on) {
            problems.push(Problem::Contradicts(Field::Appointment, Field::VisitedOn));
        }
        let rows = [
            (Field::Changes, body.changes.len(), Self::ROWS_MAX),
            (Field::Requests, body.requests.len(), Self::ROWS_MAX),
            (Field::Hazards, body.hazards.len(), Self::ROWS_MAX),
            (Field::Answers, body.answers.len(), Self::ANSWERS_MAX),
            (Field::Met, body.met.len(), Self::ROWS_MAX),
        ];
        for (field, found, max) in rows {
            if usize::from(max) < found {
                problems.push(Problem::TooLong { field, max });
            }
        }
        let words = body.requests.iter().map(|one| (Field::Requests, &one.words, true));
        let words = words.chain(body.requests.iter().map(|one| (Field::Requests, &one.wanted, false)));
        let words = words.chain(body.hazards.iter().map(|one| (Field::Hazards, &one.words, true)));
        let words = words.chain(body.hazards.iter().map(|one| (Field::Hazards, &one.place, false)));
        let words =
            words.chain([(Field::Note, &body.note, false), (Field::NoteForNext, &body.note_for_next, false)]);
        for (field, words, needed) in words {
            if needed && words.trim().is_empty() {
                problems.push(Problem::Missing(field));
            }
            if usize::from(Self::NOTE_MAX) < words.chars().count() {
                problems.push(Problem::TooLong { field, max: Self::NOTE_MAX });
            }
        }
    }
}

/// Seconds say nothing about a visit and would only make two records easier to tell apart.
fn to_minute(at: NaiveTime) -> Option<NaiveTime> {
    use chrono::Timelike;
    at.with_second(0).and_then(|at| at.with_nanosecond(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::MeetingPlace;

    fn rules() -> DraftRules {
        DraftRules {
            today: "2026-07-05".parse().unwrap(),
            time: "18:03:20".parse().unwrap(),
            visit: VisitId::from_bytes([1; 16]),
            made_by: WorkerId::from_bytes([2; 16]),
        }
    }

    fn met() -> VisitDraft {
        VisitDraft {
            unit: Some(Unit::Household(crate::ids::HouseholdId::from_bytes([3; 16]))),
            dwelling: Some(DwellingId::from_bytes([4; 16])),
            outcome: Some(VisitOutcome::Met { place: MeetingPlace::Door }),
            ..VisitDraft::default()
        }
    }

    #[test]
    fn an_unchanged_visit_needs_nothing_but_a_door_and_an_outcome() {
        let visit = met().check(&rules()).unwrap();
        assert_eq!(visit.skeleton().visited_on, rules().today);
        assert_eq!(visit.skeleton().visited_at, "18:03:00".parse().ok());
        assert!(!visit.skeleton().late_entry);
    }

    #[test]
    fn an_empty_draft_names_what_is_missing_all_at_once() {
        let problems = VisitDraft::default().check(&rules()).unwrap_err();
        assert_eq!(problems, [Problem::Missing(Field::Unit), Problem::Missing(Field::Outcome)]);
    }

    #[test]
    fn a_child_alone_is_not_a_visit() {
        let draft = VisitDraft { child_alone: true, ..met() };
        assert_eq!(draft.check(&rules()).unwrap_err(), [Problem::ChildAlone]);
    }

    #[test]
    fn a_visit_of_tomorrow_is_refused_and_one_of_yesterday_is_a_late_entry() {
        let tomorrow = VisitDraft { visited_on: "2026-07-06".parse().ok(), ..met() };
        assert_eq!(tomorrow.check(&rules()).unwrap_err(), [Problem::InFuture(Field::VisitedOn)]);
        let yesterday = VisitDraft { visited_on: "2026-07-04".parse().ok(), ..met() };
        let visit = yesterday.check(&rules()).unwrap();
        assert!(visit.skeleton().late_entry);
        assert_eq!(visit.skeleton().visited_at, None);
    }

    #[test]
    fn do_not_ask_ends_within_twelve_months() {
        let declined = |until: &str| VisitDraft {
            outcome: Some(VisitOutcome::Declined { do_not_ask_until: until.parse().ok() }),
            ..met()
        };
        assert!(declined("2027-07-05").check(&rules()).is_ok());
        assert_eq!(
            declined("2027-07-06").check(&rules()).unwrap_err(),
            [Problem::TooFarAhead(Field::DoNotAskUntil)]
        );
    }

    #[test]
    fn nothing_changed_and_a_change_cannot_both_be_true() {
        let mut draft = met();
        draft.body.nothing_changed = true;
        draft.body.changes.push(crate::visit::Change {
            kind: crate::visit::ChangeKind::Phone,
            person: None,
            on: None,
            category: None,
        });
        let problems = draft.check(&rules()).unwrap_err();
        assert_eq!(problems, [Problem::Contradicts(Field::NothingChanged, Field::Changes)]);
    }
}
