//! 限度 – how much a record of a phone may hold, and which days it may name. Both sides ask: the phone before it calls
//! a record saved, the hub before it places one.

use chrono::{Datelike, NaiveDate};

use super::record::{Contents, Proposal, ReasonBody, Record, RequestEvent, RequestOwner};
use crate::fact::Fact;
use crate::roster::Address;
use crate::visit::{AnswerValue, VisitBody, VisitDraft, VisitOutcome, VisitSkeleton};

/// Most facts of one proposal: a household, its door and what it came out of are four.
const FACTS_MAX: usize = 32;
/// Longest label of an address, in characters.
const LABEL_MAX: usize = 60;
/// Longest remainder of an address, in characters.
const REMAINDER_MAX: usize = 200;
/// Longest id of a category, in characters.
const CATEGORY_MAX: usize = 64;
/// Most people who came along, one of each role and some twice.
const COMPANIONS_MAX: usize = 20;
/// Storeys a house can have.
const FLOORS: std::ops::RangeInclusive<i16> = -20..=200;
/// Years a day can lie in: a year beyond four digits has no period and is a slip of the keyboard.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9999;

/// A record beyond what any form lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "内容超出限度({0:?}):请删减或更正后保存 / beyond what a record may hold ({0:?}): shorten or correct it"
)]
pub struct OutOfBounds(pub Bound);

/// Which bound did not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    /// More rows than a form has.
    Rows,
    /// More words than fit.
    Words,
    /// A day before 1900 or after 9999.
    Day,
    /// An address with labels or a storey no house has.
    Address,
}

impl Contents {
    /// Whether the numbers of rows, the lengths of words and the days are within bounds. Changes of documents have their
    /// own gate, acts of the desk their own forms.
    ///
    /// # Errors
    /// [`OutOfBounds`] names the first that is not.
    pub fn check_bounds(&self) -> Result<(), OutOfBounds> {
        match self {
            Self::Visit { skeleton, body } => {
                check_skeleton(skeleton)?;
                body.as_ref().map_or(Ok(()), check_body)
            }
            Self::Record { record, reason } => {
                match record {
                    Record::Visit(skeleton) => check_skeleton(skeleton)?,
                    Record::Proposal(proposal) => check_proposal(proposal)?,
                    Record::RequestEvent(event) => event.check_bounds()?,
                    Record::Revisited(one) => days([Some(one.on), one.came_on])?,
                    Record::Withdrawal(_) | Record::Finding(_) | Record::Line(_) => {}
                }
                reason.as_ref().map_or(Ok(()), check_reason)
            }
            Self::Doc { .. } | Self::Office { .. } => Ok(()),
        }
    }
}

impl RequestEvent {
    /// Whether the name of the unit and the day are within bounds.
    ///
    /// # Errors
    /// [`OutOfBounds`] names the one that is not.
    pub fn check_bounds(&self) -> Result<(), OutOfBounds> {
        if let Some(RequestOwner::Office(name)) = &self.owner {
            words(name, usize::from(Self::OFFICE_MAX))?;
        }
        days([self.due])
    }
}

fn check_skeleton(visit: &VisitSkeleton) -> Result<(), OutOfBounds> {
    let said = match visit.outcome {
        VisitOutcome::Declined { do_not_ask_until } => do_not_ask_until,
        VisitOutcome::MovedAway { left_on, .. } => left_on,
        _ => None,
    };
    days([Some(visit.visited_on), said])
}

fn check_body(body: &VisitBody) -> Result<(), OutOfBounds> {
    let most = usize::from(VisitDraft::ROWS_MAX);
    rows(body.met.len(), most)?;
    rows(body.changes.len(), most)?;
    rows(body.requests.len(), most)?;
    rows(body.hazards.len(), most)?;
    rows(body.answers.len(), usize::from(VisitDraft::ANSWERS_MAX))?;
    rows(body.came_along.len(), COMPANIONS_MAX)?;
    let longest = usize::from(VisitDraft::NOTE_MAX);
    words(&body.note, longest)?;
    words(&body.note_for_next, longest)?;
    for one in &body.requests {
        words(&one.words, longest)?;
        words(&one.wanted, longest)?;
    }
    for one in &body.hazards {
        words(&one.words, longest)?;
        words(&one.place, longest)?;
    }
    for one in &body.changes {
        words(one.category.as_deref().unwrap_or_default(), CATEGORY_MAX)?;
    }
    for one in &body.answers {
        match &one.value {
            AnswerValue::Text(text) => words(text, longest)?,
            AnswerValue::Date(day) => days([Some(*day)])?,
            _ => {}
        }
    }
    days(body.changes.iter().map(|one| one.on))?;
    days([body.appointment.as_ref().map(|one| one.on)])
}

fn check_proposal(proposal: &Proposal) -> Result<(), OutOfBounds> {
    rows(proposal.facts.len(), FACTS_MAX)?;
    for one in &proposal.facts {
        match &one.fact {
            Fact::DwellingListed { address, from, .. } => {
                check_address(address)?;
                days([Some(*from)])?;
            }
            Fact::Settled { from, .. } => days([*from])?,
            Fact::UseChanged { from, .. } | Fact::Regridded { from, .. } => days([Some(*from)])?,
            Fact::Left { on, .. }
            | Fact::SplitFrom { on, .. }
            | Fact::Dissolved { on, .. }
            | Fact::KeyMark { on, .. }
            | Fact::ImportedVisit { visited_on: on } => days([Some(*on)])?,
            Fact::DoNotAsk { from, until } => days([Some(*from), Some(*until)])?,
            Fact::Visited(visit) => check_skeleton(visit)?,
            Fact::SameAs { .. }
            | Fact::Absorbs { .. }
            | Fact::Parted { .. }
            | Fact::Withdrawn { .. }
            | Fact::Confirmed { .. }
            | Fact::Returned { .. }
            | Fact::DeductionRejected { .. }
            | Fact::Found { .. }
            | Fact::Erased { .. } => {}
        }
    }
    Ok(())
}

fn check_address(address: &Address) -> Result<(), OutOfBounds> {
    let labels = [&address.estate, &address.building, &address.stair, &address.door];
    let short = labels.into_iter().all(|label| fits(label, LABEL_MAX));
    let floor = address.floor.is_none_or(|floor| FLOORS.contains(&floor));
    let holds = short && floor && fits(&address.remainder, REMAINDER_MAX);
    if holds { Ok(()) } else { Err(OutOfBounds(Bound::Address)) }
}

fn check_reason(reason: &ReasonBody) -> Result<(), OutOfBounds> {
    words(&reason.words, usize::from(VisitDraft::NOTE_MAX))
}

fn rows(found: usize, most: usize) -> Result<(), OutOfBounds> {
    if found <= most { Ok(()) } else { Err(OutOfBounds(Bound::Rows)) }
}

fn words(text: &str, most: usize) -> Result<(), OutOfBounds> {
    if fits(text, most) { Ok(()) } else { Err(OutOfBounds(Bound::Words)) }
}

fn fits(text: &str, most: usize) -> bool {
    text.chars().nth(most).is_none()
}

fn days(named: impl IntoIterator<Item = Option<NaiveDate>>) -> Result<(), OutOfBounds> {
    let holds = named.into_iter().flatten().all(|day| YEARS.contains(&day.year()));
    if holds { Ok(()) } else { Err(OutOfBounds(Bound::Day)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::UnitFact;
    use crate::ids::{DwellingId, GridId, HouseholdId, VisitId, WorkerId};
    use crate::roster::{DwellingUse, Unit};
    use crate::visit::{MeetingPlace, Request};

    const HOME: Unit = Unit::Household(HouseholdId::from_bytes([3; 16]));

    fn visit(outcome: VisitOutcome, body: VisitBody) -> Contents {
        let skeleton = VisitSkeleton {
            visit: VisitId::from_bytes([1; 16]),
            unit: HOME,
            dwelling: DwellingId::from_bytes([4; 16]),
            made_by: WorkerId::from_bytes([2; 16]),
            visited_on: "2026-07-05".parse().unwrap(),
            visited_at: None,
            outcome,
            late_entry: false,
            supersedes: None,
        };
        Contents::Visit { skeleton, body: Some(body) }
    }

    fn met(body: VisitBody) -> Contents {
        visit(VisitOutcome::Met { place: MeetingPlace::Door }, body)
    }

    fn listed(address: Address, from: NaiveDate) -> Contents {
        let grid = GridId::from_bytes([5; 16]);
        let fact = Fact::DwellingListed { address, used_as: DwellingUse::Home, grid, from };
        let unit = Unit::Vacant(DwellingId::from_bytes([4; 16]));
        let facts = vec![UnitFact { unit, fact }];
        let record = Record::Proposal(Proposal { made_by: WorkerId::from_bytes([2; 16]), facts });
        Contents::Record { record, reason: None }
    }

    #[test]
    fn a_full_form_passes_and_one_sign_more_does_not() {
        let note = |signs| VisitBody { note: "字".repeat(signs), ..VisitBody::default() };
        assert_eq!(met(note(500)).check_bounds(), Ok(()));
        assert_eq!(met(note(501)).check_bounds(), Err(OutOfBounds(Bound::Words)));
    }

    #[test]
    fn twenty_requests_pass_and_twenty_one_do_not() {
        let one = Request {
            id: crate::ids::RequestId::from_bytes([9; 16]),
            words: "路灯".into(),
            wanted: String::new(),
            solved_on_the_spot: false,
        };
        let asked = |count| VisitBody { requests: vec![one.clone(); count], ..VisitBody::default() };
        assert_eq!(met(asked(20)).check_bounds(), Ok(()));
        assert_eq!(met(asked(21)).check_bounds(), Err(OutOfBounds(Bound::Rows)));
    }

    #[test]
    fn a_day_no_calendar_reaches_is_refused_wherever_it_stands() {
        let far = NaiveDate::MAX;
        let declined = VisitOutcome::Declined { do_not_ask_until: Some(far) };
        let day = Err(OutOfBounds(Bound::Day));
        assert_eq!(visit(declined, VisitBody::default()).check_bounds(), day);
        assert_eq!(listed(Address::default(), far).check_bounds(), day);
        let change = crate::visit::Change {
            kind: crate::visit::ChangeKind::MovedIn,
            person: None,
            on: Some(NaiveDate::MIN),
            category: None,
        };
        assert_eq!(met(VisitBody { changes: vec![change], ..VisitBody::default() }).check_bounds(), day);
    }

    #[test]
    fn an_address_no_house_has_is_refused() {
        let from = "2026-07-05".parse().unwrap();
        let long = Address { door: "5".repeat(61), ..Address::default() };
        assert_eq!(listed(long, from).check_bounds(), Err(OutOfBounds(Bound::Address)));
        let high = Address { floor: Some(i16::MAX), ..Address::default() };
        assert_eq!(listed(high, from).check_bounds(), Err(OutOfBounds(Bound::Address)));
        assert_eq!(listed(Address { floor: Some(-2), ..Address::default() }, from).check_bounds(), Ok(()));
    }
}
