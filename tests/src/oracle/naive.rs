//! The slow reading of a file: every question is asked of all facts again.

use chrono::{DateTime, Months, NaiveDate};
use ruhu_core::fact::Fact;
use ruhu_core::file::Stamp;
use ruhu_core::ids::{DwellingId, GridId, Hash32, HouseholdId};
use ruhu_core::roster::{By, Informant, Unit};
use ruhu_core::time::Period;
use ruhu_core::visit::{VisitOutcome, VisitSkeleton};

use super::draw::{date, shift};
use super::history::{History, Written};

/// All facts that speak of one unit.
pub(super) struct Folder<'a> {
    pub(super) unit: Unit,
    /// The unit and the records joined into it.
    pub(super) units: Vec<Unit>,
    facts: Vec<&'a Written>,
    standing: Vec<&'a Written>,
    arrivals: Vec<Arrival<'a>>,
    seen: Vec<Seen<'a>>,
}

/// A visit in effect.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) written: &'a Written,
    pub(super) visit: &'a VisitSkeleton,
    pub(super) found_false: bool,
    pub(super) confirmed: bool,
}

/// A settling with the day it takes effect; `None` is since before anybody wrote.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'a> {
    pub(super) from: Option<NaiveDate>,
    written: &'a Written,
    pub(super) dwelling: DwellingId,
    grid: GridId,
}

struct Ending<'a> {
    on: NaiveDate,
    said_on: NaiveDate,
    dissolved: bool,
    written: &'a Written,
}

/// Where a household is at the end of a day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whereabouts {
    NeverHere,
    Here(DwellingId, GridId),
    Away(DwellingId, GridId),
    Ceased(Option<(DwellingId, GridId)>),
}

pub(super) fn is_desk(by: By) -> bool {
    matches!(by, By::Desk(_))
}

pub(super) fn local_date(written: &Written) -> NaiveDate {
    let shifted = written.stamp.recorded_ms + 8 * 3_600_000;
    DateTime::from_timestamp_millis(shifted).map_or(NaiveDate::MIN, |at| at.date_naive())
}

impl<'a> Folder<'a> {
    pub(super) fn of(history: &'a History, unit: Unit, joined: &[HouseholdId]) -> Self {
        let mut units = vec![unit];
        units.extend(joined.iter().map(|id| Unit::Household(*id)));
        let facts: Vec<&Written> = history.facts.iter().filter(|one| units.contains(&one.unit)).collect();
        let (standing, arrivals, seen) = (Vec::new(), Vec::new(), Vec::new());
        let mut folder = Self { unit, units, facts, standing, arrivals, seen };
        folder.standing = folder.facts.iter().copied().filter(|one| folder.stands(one)).collect();
        folder.arrivals = folder.read_arrivals();
        folder.seen = folder.read_seen();
        folder
    }

    fn withdrawn(&self, one: &Written) -> bool {
        self.facts.iter().any(|other| {
            other.said.fact == Fact::Withdrawn { target: one.stamp.entry }
                && (is_desk(other.said.by) || other.said.by == one.said.by)
        })
    }

    /// The desk's last word of a kind about a record.
    fn last_word<T>(&self, about: impl Fn(&Fact) -> Option<T>) -> Option<T> {
        let words = self.facts.iter().filter(|one| is_desk(one.said.by) && !self.withdrawn(one));
        let words = words.filter_map(|one| about(&one.said.fact).map(|word| (one.stamp, word)));
        words.max_by_key(|(stamp, _)| *stamp).map(|(_, word)| word)
    }

    fn verdict(&self, entry: Hash32) -> Option<bool> {
        self.last_word(|fact| match fact {
            Fact::Confirmed { target } if *target == entry => Some(true),
            Fact::Returned { target } if *target == entry => Some(false),
            _ => None,
        })
    }

    fn confirmed(&self, one: &Written) -> bool {
        is_desk(one.said.by) || self.verdict(one.stamp.entry) == Some(true)
    }

    fn returned(&self, one: &Written) -> bool {
        let provisional = !matches!(one.said.fact, Fact::Visited(_) | Fact::Withdrawn { .. });
        !is_desk(one.said.by) && provisional && self.verdict(one.stamp.entry) == Some(false)
    }

    /// Whether some correction of it, or of its corrections, was not withdrawn.
    fn corrected(&self, one: &Written) -> bool {
        self.facts.iter().any(|other| {
            let Fact::Visited(visit) = &other.said.fact else { return false };
            let may = is_desk(other.said.by) || other.said.by == one.said.by;
            visit.supersedes == Some(one.stamp.entry)
                && may
                && (!self.withdrawn(other) || self.corrected(other))
        })
    }

    fn stands(&self, one: &Written) -> bool {
        (is_desk(one.said.by) || one.said.fact.may_come_from_a_phone())
            && !self.withdrawn(one)
            && !self.returned(one)
            && !(matches!(one.said.fact, Fact::Visited(_)) && self.corrected(one))
    }

    pub(super) fn standing(&self) -> impl Iterator<Item = &'a Written> {
        self.standing.iter().copied()
    }

    pub(super) fn desk(&self) -> impl Iterator<Item = &'a Written> {
        self.standing().filter(|one| is_desk(one.said.by))
    }

    /// Visits in effect, by date, then stamp.
    pub(super) fn seen(&self) -> &[Seen<'a>] {
        &self.seen
    }

    fn read_seen(&self) -> Vec<Seen<'a>> {
        let mut seen: Vec<Seen<'a>> = self
            .standing()
            .filter_map(|written| match &written.said.fact {
                Fact::Visited(visit) if self.units.contains(&visit.unit) => Some(Seen {
                    written,
                    visit,
                    found_false: self.last_word(|fact| match fact {
                        Fact::Found { target, falsified } if *target == written.stamp.entry => {
                            Some(*falsified)
                        }
                        _ => None,
                    }) == Some(true),
                    confirmed: self.confirmed(written),
                }),
                _ => None,
            })
            .collect();
        seen.sort_by_key(|one| (one.visit.visited_on, one.written.stamp));
        seen
    }

    pub(super) fn born_on(&self) -> Option<NaiveDate> {
        let births = self.standing().filter(|one| one.unit == self.unit);
        let births = births.filter_map(|one| match one.said.fact {
            Fact::SplitFrom { on, .. } => Some((one.stamp, on)),
            _ => None,
        });
        births.max().map(|(_, on)| on)
    }

    pub(super) fn arrivals(&self) -> Vec<Arrival<'a>> {
        self.arrivals.clone()
    }

    fn read_arrivals(&self) -> Vec<Arrival<'a>> {
        let born_on = self.born_on();
        let own = self.standing().filter(|one| one.unit == self.unit);
        own.filter_map(|written| match written.said.fact {
            Fact::Settled { dwelling, grid, from } => {
                let from = if born_on > from { born_on } else { from };
                Some(Arrival { from, written, dwelling, grid })
            }
            _ => None,
        })
        .collect()
    }

    /// The door the household is settled at on a day, whether or not it left since.
    pub(super) fn home(&self, day: NaiveDate) -> Option<DwellingId> {
        let arrivals = self.arrivals.iter().filter(|one| one.from.is_none_or(|from| from <= day));
        arrivals.max_by_key(|one| (one.from, one.written.stamp)).map(|one| one.dwelling)
    }

    pub(super) fn is_rejected(&self, period: Period) -> bool {
        let wanted = Fact::DeductionRejected { period, cadence: period.cadence() };
        self.desk().any(|one| one.said.fact == wanted)
    }

    pub(super) fn is_key(&self, day: NaiveDate) -> bool {
        let marks = self.desk().filter_map(|one| match one.said.fact {
            Fact::KeyMark { key, on } => Some((on.max(local_date(one)), one.stamp, key)),
            _ => None,
        });
        marks.filter(|(on, ..)| *on <= day).max().is_some_and(|(.., key)| key)
    }

    /// Since when it is known to live here.
    pub(super) fn recorded_on(&self) -> Option<NaiveDate> {
        let told = self.facts.iter().filter(|one| matches!(one.said.fact, Fact::Settled { .. }));
        let told = told.filter(|one| !self.returned(one));
        told.min_by_key(|one| one.stamp).map(|one| local_date(one))
    }

    /// Do-not-ask spans, first and last day.
    pub(super) fn spans(&self) -> Vec<(NaiveDate, NaiveDate)> {
        let asked = self.desk().filter_map(|one| match one.said.fact {
            Fact::DoNotAsk { from, until } => Some((from, until)),
            _ => None,
        });
        let declined =
            self.seen.iter().filter(|one| !one.found_false).filter_map(|one| match one.visit.outcome {
                VisitOutcome::Declined { do_not_ask_until } => {
                    Some((one.visit.visited_on, do_not_ask_until?))
                }
                _ => None,
            });
        let cut = |from: NaiveDate, until: NaiveDate| {
            until.min(from.checked_add_months(Months::new(12)).unwrap_or(until))
        };
        asked.chain(declined).map(|(from, until)| (from, cut(from, until))).collect()
    }

    /// Seen gone from its own door.
    fn seen_gone(&self, one: &Seen<'_>) -> bool {
        !one.found_false
            && matches!(one.visit.outcome, VisitOutcome::MovedAway { .. } | VisitOutcome::Vacant { .. })
            && self.home(one.visit.visited_on) == Some(one.visit.dwelling)
    }

    fn endings(&self, as_of: NaiveDate, others: &[(HouseholdId, Vec<Arrival<'_>>)]) -> Vec<Ending<'a>> {
        let seen: Vec<&Seen<'a>> = self.seen.iter().filter(|one| one.visit.visited_on <= as_of).collect();
        let rejected = |day: NaiveDate| {
            let periods = [Period::quarter_of(day), Period::month_of(day)];
            periods.into_iter().any(|period| self.is_rejected(period))
        };
        // A word that is nobody's own: borne out by a second look a week later, or by a successor.
        let borne_out = |on: NaiveDate, said_on: NaiveDate, door: Option<DwellingId>| {
            let looked = seen.iter().any(|one| {
                self.seen_gone(one)
                    && shift(said_on, 7) <= one.visit.visited_on
                    && Some(one.visit.dwelling) == door
            });
            let succeeded = others
                .iter()
                .filter(|(id, _)| Unit::Household(*id) != self.unit)
                .flat_map(|(_, arrivals)| arrivals)
                .any(|one| {
                    Some(one.dwelling) == door && one.from.is_some_and(|from| on <= from && from <= as_of)
                });
            looked || succeeded
        };
        let own_word = |word| matches!(word, Informant::Resident | Informant::Landlord);
        let mut endings = Vec::new();
        for written in self.standing().filter(|one| one.unit == self.unit) {
            let said_on = local_date(written);
            match written.said.fact {
                Fact::Dissolved { on, .. } if self.confirmed(written) => {
                    endings.push(Ending { on, said_on, dissolved: true, written });
                }
                Fact::Left { on, told_by } => {
                    let desk = is_desk(written.said.by);
                    let owner = desk && told_by.is_none();
                    let vouched = told_by.is_some_and(own_word) || (!desk && self.confirmed(written));
                    let believed = vouched || borne_out(on, said_on, self.home(on));
                    if owner || (believed && !rejected(on)) {
                        endings.push(Ending { on, said_on, dissolved: false, written });
                    }
                }
                _ => {}
            }
        }
        for one in seen.iter().filter(|one| self.seen_gone(one)) {
            let VisitOutcome::MovedAway { told_by, left_on } = one.visit.outcome else { continue };
            let said_on = one.visit.visited_on;
            let on = left_on.unwrap_or(said_on);
            let believed = own_word(told_by) || borne_out(on, said_on, Some(one.visit.dwelling));
            if believed && !rejected(on) {
                endings.push(Ending { on, said_on, dissolved: false, written: one.written });
            }
        }
        endings
    }

    /// Where the household is at the end of each day from 1 November 2025 to `until`.
    pub(super) fn days(
        &self,
        until: NaiveDate,
        as_of: NaiveDate,
        others: &[(HouseholdId, Vec<Arrival<'_>>)],
    ) -> Vec<(NaiveDate, Whereabouts)> {
        let arrivals = &self.arrivals;
        let endings = self.endings(as_of, others);
        let mut gates: Vec<NaiveDate> = Vec::new();
        let mut now = Whereabouts::NeverHere;
        let mut days = Vec::new();
        for (nth, day) in first_day().iter_days().take_while(|day| *day <= until).enumerate() {
            let comes =
                arrivals.iter().filter(|one| one.from == Some(day) || (nth == 0 && one.from.is_none()));
            let come = comes.max_by_key(|one| one.written.stamp);
            let end = endings.iter().filter(|one| one.on == day).max_by_key(|one| one.written.stamp);
            let ends = match (come, end) {
                (Some(come), Some(end)) => come.written.stamp < end.written.stamp,
                (_, end) => end.is_some(),
            };
            if let (true, Some(end)) = (ends, end) {
                gates.push(end.on.max(end.said_on));
                now = match now {
                    _ if end.dissolved => Whereabouts::Ceased(place_of(now)),
                    Whereabouts::Here(dwelling, grid) => {
                        gates = vec![end.on.max(end.said_on)];
                        Whereabouts::Away(dwelling, grid)
                    }
                    other => other,
                };
            } else if let Some(come) = come {
                now = Whereabouts::Here(come.dwelling, come.grid);
            }
            if let Whereabouts::Away(dwelling, grid) = now {
                let met = self.seen.iter().any(|one| {
                    !one.found_false
                        && one.visit.visited_on == day
                        && matches!(one.visit.outcome, VisitOutcome::Met { .. })
                });
                if met && gates.iter().all(|gate| *gate < day) {
                    now = Whereabouts::Here(dwelling, grid);
                }
            }
            days.push((day, now));
        }
        days
    }
}

/// The place lived at last.
pub(super) fn place_of(now: Whereabouts) -> Option<(DwellingId, GridId)> {
    match now {
        Whereabouts::NeverHere => None,
        Whereabouts::Here(dwelling, grid) | Whereabouts::Away(dwelling, grid) => Some((dwelling, grid)),
        Whereabouts::Ceased(place) => place,
    }
}

/// Before anything that the generator writes.
pub(super) fn first_day() -> NaiveDate {
    date((2025, 11, 1))
}

/// Every household with the one it goes on as, by the desk's last word for each two records.
pub(super) fn goes_on_as(history: &History, ids: &[HouseholdId]) -> Vec<(HouseholdId, HouseholdId)> {
    let mut words: Vec<(Stamp, [HouseholdId; 2], Option<HouseholdId>)> = Vec::new();
    for own in ids {
        let folder = Folder::of(history, Unit::Household(*own), &[]);
        words.extend(folder.desk().filter_map(|written| match written.said.fact {
            Fact::SameAs { into } => Some((written.stamp, [*own, into], Some(into))),
            Fact::Absorbs { other } => Some((written.stamp, [*own, other], Some(*own))),
            Fact::Parted { other } => Some((written.stamp, [*own, other], None)),
            _ => None,
        }));
    }
    let last = |one: HouseholdId, other: HouseholdId| {
        let about = words.iter().filter(|(_, pair, _)| pair.contains(&one) && pair.contains(&other));
        about.max_by_key(|(stamp, ..)| *stamp).map(|(stamp, _, into)| (*stamp, *into))
    };
    let step = |from: HouseholdId| {
        let others = ids.iter().filter(|into| **into != from);
        let joined = others.filter_map(|into| last(from, *into).filter(|(_, to)| *to == Some(*into)));
        joined.max().and_then(|(_, into)| into)
    };
    let end = |id: HouseholdId| {
        let along = |from: HouseholdId| {
            ids.iter().scan(from, |at, _| Some(std::mem::replace(at, step(*at).unwrap_or(*at))))
        };
        // Either at the end of the chain, or somewhere on a circle.
        let at = along(id).last().map_or(id, |at| step(at).unwrap_or(at));
        along(at).min().unwrap_or(id)
    };
    ids.iter().map(|id| (*id, end(*id))).collect()
}
