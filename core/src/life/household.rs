//! 一户的沿革 – the life of one household.

use std::borrow::Cow;

use chrono::{Days, Months, NaiveDate};

use super::standing::{EffectiveVisit, Standing, is_desk};
use super::stays::{Departure, Settling, Timeline};
use crate::fact::Fact;
use crate::file::{Stamp, StampedFact, UnitFile};
use crate::ids::{DwellingId, HouseholdId};
use crate::roster::Informant;
use crate::time::{Period, Zone};
use crate::visit::{VisitDraft, VisitOutcome};

/// Days after a neighbour's word before a second observation confirms that a household left (`coverage.md`,
/// "Evidence").
const SECOND_WORD_DAYS: u64 = 7;

/// 重点户变更 – marked or unmarked, from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyChange {
    /// The later of the day stated and the day recorded: nothing acts backwards.
    pub on: NaiveDate,
    /// Where the decision stands in the order of recording.
    pub stamp: Stamp,
    /// Key from then on, or no longer.
    pub key: bool,
}

/// 请勿打扰 – a span of days, both counted, cut to 12 months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DoNotAsk {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
}

/// The life of one household, derived from its file and from the files joined to it.
///
/// Where `coverage.md` is silent:
/// * A household that came out of another one did not live before that day: earlier settlings begin then.
/// * A dissolution recorded on a phone waits for the lead before it ends anything.
/// * A departure is believed from the lead or roster owner, the resident or the landlord at once; from anybody
///   else after a second observation of the flat 7 days later, or once a successor is recorded there.
/// * A lead who rejects the deduction of the period a departure falls in does not believe the departure either,
///   unless it is the roster owner's own edit.
/// * An observation of a door speaks for the household only while it is settled at that door.
#[derive(Clone, Debug)]
pub struct HouseholdLife {
    id: HouseholdId,
    first_recorded_on: Option<NaiveDate>,
    born_on: Option<NaiveDate>,
    visits: Vec<EffectiveVisit>,
    imported: Vec<NaiveDate>,
    key: Vec<KeyChange>,
    do_not_ask: Vec<DoNotAsk>,
    rejected: Vec<Period>,
    settled: Vec<Settling>,
    departures: Vec<Departure>,
    timeline: Timeline,
    /// The last day on which evidence of a departure was completed after the departure itself.
    evidence_until: Option<NaiveDate>,
}

impl HouseholdLife {
    /// Derives the life of the household whose file is `own`, with the files of the records joined to it.
    ///
    /// Stays are those of `own`; visits, class, rejections and the day of first recording are of all.
    #[must_use]
    pub fn derive(id: HouseholdId, own: &UnitFile, joined: &[&UnitFile], zone: Zone) -> Self {
        let mut units = vec![own.unit()];
        units.extend(joined.iter().map(|file| file.unit()));
        let all =
            joined.iter().fold(Cow::Borrowed(own), |all, file| Cow::Owned(all.into_owned().union(file)));
        let standing = Standing::of(&all);
        let mut life = Self {
            id,
            first_recorded_on: None,
            born_on: None,
            visits: standing.effective_visits(&all, &units),
            imported: Vec::new(),
            key: Vec::new(),
            do_not_ask: Vec::new(),
            rejected: Vec::new(),
            settled: Vec::new(),
            departures: Vec::new(),
            timeline: Timeline::default(),
            evidence_until: None,
        };
        for (stamp, stamped) in all.facts() {
            life.read_shared(&standing, stamp, stamped, zone);
        }
        for (stamp, stamped) in own.facts().filter(|(stamp, stamped)| standing.holds(stamp, stamped)) {
            life.read_own(&standing, stamp, stamped, zone);
        }
        life.finish();
        life
    }

    /// Whose life it is.
    #[must_use]
    pub const fn id(&self) -> HouseholdId {
        self.id
    }

    /// 首次登记日 – the local date on which it was first recorded as living here; a settling that was taken back
    /// still made it known, a returned one did not.
    #[must_use]
    pub const fn first_recorded_on(&self) -> Option<NaiveDate> {
        self.first_recorded_on
    }

    /// 分户日 – the day it came out of another household, if it did.
    #[must_use]
    pub const fn born_on(&self) -> Option<NaiveDate> {
        self.born_on
    }

    /// The visits in effect, by date, then stamp.
    #[must_use]
    pub fn visits(&self) -> &[EffectiveVisit] {
        &self.visits
    }

    /// Days of visits known from imported sheets, in order.
    #[must_use]
    pub fn imported(&self) -> &[NaiveDate] {
        &self.imported
    }

    /// 请勿打扰 – all spans, in order.
    #[must_use]
    pub fn do_not_ask(&self) -> &[DoNotAsk] {
        &self.do_not_ask
    }

    /// Whether the lead rejected the deduction of the household's obligation in the period.
    #[must_use]
    pub fn is_rejected(&self, period: Period) -> bool {
        self.rejected.contains(&period)
    }

    /// 重点户 – whether it is confirmed key on the day.
    #[must_use]
    pub fn is_key(&self, day: NaiveDate) -> bool {
        self.key.iter().rev().find(|change| change.on <= day).is_some_and(|change| change.key)
    }

    /// The changes of class, in order of effect.
    #[must_use]
    pub fn key_changes(&self) -> &[KeyChange] {
        &self.key
    }

    /// Where it lived, by all that was observed up to `as_of`.
    #[must_use]
    pub fn timeline(&self, as_of: NaiveDate) -> Cow<'_, Timeline> {
        if self.evidence_until.is_none_or(|until| until <= as_of) {
            Cow::Borrowed(&self.timeline)
        } else {
            Cow::Owned(self.fold(as_of))
        }
    }

    /// Doors it is or was settled at, each with the day it came, `None` when that was before anybody wrote.
    pub fn doors(&self) -> impl Iterator<Item = (DwellingId, Option<NaiveDate>)> {
        self.settled.iter().map(|one| (one.dwelling, one.from))
    }

    /// Whether a departure still lacks evidence that a successor could give.
    #[must_use]
    pub fn awaits_successor(&self) -> bool {
        self.departures.iter().any(|one| one.dwelling.is_some())
    }

    /// Takes in that other households were recorded as settling at doors this one is said to have left:
    /// `first_since(door, day)` is the first such day not before `day`.
    pub fn hear_of_successors(&mut self, first_since: impl Fn(DwellingId, NaiveDate) -> Option<NaiveDate>) {
        for departure in &mut self.departures {
            let came_on = departure.dwelling.and_then(|door| first_since(door, departure.on));
            let shown_on = came_on.map(|came_on| came_on.max(departure.known_on));
            departure.shown_on = [departure.shown_on, shown_on].into_iter().flatten().min();
        }
        self.settle_timeline();
    }

    fn read_shared(&mut self, standing: &Standing, stamp: &Stamp, stamped: &StampedFact, zone: Zone) {
        let recorded_on = || zone.date(stamp.recorded_at());
        if let Fact::Settled { .. } = stamped.fact {
            // Facts come in the order of recording, so the first one is the earliest.
            if self.first_recorded_on.is_none() && !standing.is_returned(stamp, stamped) {
                self.first_recorded_on = Some(recorded_on());
            }
        }
        if !is_desk(stamped.by) || !standing.holds(stamp, stamped) {
            return;
        }
        match &stamped.fact {
            Fact::KeyMark { key, on } => {
                self.key.push(KeyChange { on: (*on).max(recorded_on()), stamp: *stamp, key: *key });
            }
            Fact::DoNotAsk { from, until } => self.do_not_ask.push(cut_to_a_year(*from, *until)),
            Fact::ImportedVisit { visited_on } => self.imported.push(*visited_on),
            Fact::DeductionRejected { period, cadence } if period.cadence() == *cadence => {
                self.rejected.push(*period);
            }
            _ => {}
        }
    }

    fn read_own(&mut self, standing: &Standing, stamp: &Stamp, stamped: &StampedFact, zone: Zone) {
        let said_on = zone.date(stamp.recorded_at());
        match &stamped.fact {
            Fact::Settled { dwelling, grid, from } => {
                self.settled.push(Settling { from: *from, stamp: *stamp, dwelling: *dwelling, grid: *grid });
            }
            Fact::SplitFrom { on, .. } => self.born_on = Some(*on),
            Fact::Dissolved { on, .. } if standing.is_confirmed(stamp, stamped) => {
                self.departures.push(Departure {
                    on: *on,
                    stamp: *stamp,
                    dissolved: true,
                    said_on,
                    known_on: *on,
                    shown_on: Some(*on),
                    dwelling: None,
                });
            }
            Fact::Left { on, told_by } => {
                let owner = is_desk(stamped.by) && told_by.is_none();
                if owner || !self.is_in_rejected_period(*on) {
                    let word = told_by.unwrap_or(Informant::Other);
                    let vouched = owner
                        || is_first_hand(word)
                        || (!is_desk(stamped.by) && standing.is_confirmed(stamp, stamped));
                    self.departures.push(Departure {
                        on: *on,
                        stamp: *stamp,
                        dissolved: false,
                        said_on,
                        known_on: *on,
                        shown_on: vouched.then_some(*on),
                        // Filled in once all settlings are known.
                        dwelling: None,
                    });
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self) {
        self.key.sort_unstable();
        self.do_not_ask.extend(self.visits.iter().filter(|visit| !visit.found_false).filter_map(|visit| {
            match visit.outcome {
                VisitOutcome::Declined { do_not_ask_until: Some(until) } => {
                    Some(cut_to_a_year(visit.visited_on, until))
                }
                _ => None,
            }
        }));
        self.do_not_ask.sort_unstable();
        self.imported.sort_unstable();
        if let Some(born_on) = self.born_on {
            for one in &mut self.settled {
                one.from = one.from.max(Some(born_on));
            }
        }
        self.settled.sort_unstable_by_key(|one| (one.from, one.stamp));
        let settled = &self.settled;
        for visit in &mut self.visits {
            visit.at_home = home_on(settled, visit.visited_on) == Some(visit.dwelling);
        }
        self.hear_visits();
        self.settle_timeline();
    }

    /// Departures that visits tell of, and second observations that complete a single word.
    fn hear_visits(&mut self) {
        let told: Vec<Departure> = self
            .visits
            .iter()
            .filter(|visit| is_observation(visit))
            .filter_map(|visit| self.told_by(visit))
            .collect();
        self.departures.extend(told);
        for departure in self.departures.iter_mut().filter(|one| one.shown_on.is_none()) {
            let door = departure.dwelling.or_else(|| home_on(&self.settled, departure.on));
            let second_from = departure.said_on.checked_add_days(Days::new(SECOND_WORD_DAYS));
            departure.dwelling = door;
            departure.shown_on = second_from.and_then(|from| {
                let mut seen = self.visits.iter().filter(|visit| is_observation(visit));
                let second = seen.find(|visit| from <= visit.visited_on && Some(visit.dwelling) == door);
                second.map(|visit| visit.visited_on)
            });
        }
    }

    fn told_by(&self, visit: &EffectiveVisit) -> Option<Departure> {
        let VisitOutcome::MovedAway { told_by, left_on } = visit.outcome else { return None };
        let on = left_on.unwrap_or(visit.visited_on);
        let vouched = is_first_hand(told_by);
        (!self.is_in_rejected_period(on)).then(|| Departure {
            on,
            stamp: visit.record,
            dissolved: false,
            said_on: visit.visited_on,
            known_on: visit.visited_on,
            shown_on: vouched.then_some(visit.visited_on),
            dwelling: (!vouched).then_some(visit.dwelling),
        })
    }

    fn is_in_rejected_period(&self, day: NaiveDate) -> bool {
        self.rejected.iter().any(|period| period.contains(day))
    }

    fn settle_timeline(&mut self) {
        self.timeline = self.fold(NaiveDate::MAX);
        let late =
            self.departures.iter().filter_map(|one| one.shown_on.filter(|shown_on| one.on < *shown_on));
        self.evidence_until = late.max();
    }

    fn fold(&self, as_of: NaiveDate) -> Timeline {
        let believed =
            |one: &&Departure| one.shown_on.is_some_and(|shown_on| shown_on <= as_of || shown_on <= one.on);
        let meetings = self.visits.iter().filter(|visit| visit.is_meeting()).map(|visit| visit.visited_on);
        Timeline::fold(&self.settled, self.departures.iter().filter(believed), meetings)
    }
}

/// The resident's or the landlord's word needs no second one.
const fn is_first_hand(word: Informant) -> bool {
    matches!(word, Informant::Resident | Informant::Landlord)
}

/// A look at the household's own door that found it gone.
const fn is_observation(visit: &EffectiveVisit) -> bool {
    visit.at_home
        && !visit.found_false
        && matches!(visit.outcome, VisitOutcome::MovedAway { .. } | VisitOutcome::Vacant { .. })
}

fn home_on(settled: &[Settling], day: NaiveDate) -> Option<DwellingId> {
    settled.iter().rev().find(|one| one.from.is_none_or(|from| from <= day)).map(|one| one.dwelling)
}

fn cut_to_a_year(from: NaiveDate, until: NaiveDate) -> DoNotAsk {
    let latest = from.checked_add_months(Months::new(VisitDraft::DO_NOT_ASK_MONTHS)).unwrap_or(until);
    DoNotAsk { from, until: until.min(latest) }
}
