//! 居住 – where a household lived, from day to day.

use chrono::NaiveDate;

use crate::file::Stamp;
use crate::ids::{DwellingId, GridId};

/// One stay of a household at one dwelling in one grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The main dwelling.
    pub dwelling: DwellingId,
    /// Its grid.
    pub grid: GridId,
    /// First day; `None` when it began before anybody wrote it down.
    pub from: Option<NaiveDate>,
    /// First day no longer; `None` while it lasts.
    pub until: Option<NaiveDate>,
}

impl Stay {
    /// First day, with "since before anybody wrote" as the first day there is.
    #[must_use]
    pub fn first_day(&self) -> NaiveDate {
        self.from.unwrap_or(NaiveDate::MIN)
    }

    /// Whether the household lives there on the day.
    #[must_use]
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.first_day() <= day && self.until.is_none_or(|until| day < until)
    }

    /// Whether any day from `first` to `last`, both counted, lies in the stay.
    #[must_use]
    pub fn meets(&self, first: NaiveDate, last: NaiveDate) -> bool {
        self.first_day() <= last && self.until.is_none_or(|until| first < until)
    }
}

/// All stays of one household, in order, none overlapping, and the days it ceased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    stays: Vec<Stay>,
    dissolved: Vec<NaiveDate>,
}

/// 入住 – one settling, at the date from which it takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settling {
    pub(super) from: Option<NaiveDate>,
    pub(super) stamp: Stamp,
    pub(super) dwelling: DwellingId,
    pub(super) grid: GridId,
}

/// 搬离, 销户 – one ending, and when enough was known to believe it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Departure {
    pub(super) on: NaiveDate,
    pub(super) stamp: Stamp,
    pub(super) dissolved: bool,
    /// The day of the word: of the visit, or of the recording.
    pub(super) said_on: NaiveDate,
    /// The day it could be known: of the visit, or of the departure that was written down.
    pub(super) known_on: NaiveDate,
    /// From which day on the evidence suffices; `None` while it does not.
    pub(super) shown_on: Option<NaiveDate>,
    /// The door it is said to have left, where that still needs a second observation or a successor.
    pub(super) dwelling: Option<DwellingId>,
}

enum Event {
    Settled(DwellingId, GridId),
    Left { gate: NaiveDate },
    Dissolved,
}

enum State {
    Unsettled,
    Living,
    /// Left; a meeting after `gate` shows it living here again.
    Away {
        gate: NaiveDate,
    },
    Ceased,
}

impl Timeline {
    /// The stays, earliest first.
    #[must_use]
    pub fn stays(&self) -> &[Stay] {
        &self.stays
    }

    /// The stay of a day, if the household lives in the community on it.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Option<&Stay> {
        self.stays.iter().rev().find(|stay| stay.covers(day))
    }

    /// The last stay that had begun by the day, ended or not.
    #[must_use]
    pub fn last_begun(&self, day: NaiveDate) -> Option<&Stay> {
        self.stays.iter().rev().find(|stay| stay.first_day() <= day)
    }

    /// 在本社区的时段 – unbroken spans in the community, moves inside it joined: first day, first day no longer.
    pub fn presences(&self) -> impl Iterator<Item = (NaiveDate, Option<NaiveDate>)> {
        let mut stays = self.stays.iter().peekable();
        std::iter::from_fn(move || {
            let first = stays.next()?;
            let mut until = first.until;
            while let Some(next) = stays.next_if(|next| until.is_some() && next.from == until) {
                until = next.until;
            }
            Some((first.first_day(), until))
        })
    }

    /// Whether the household had ceased by the day and has not settled again since.
    #[must_use]
    pub fn ceased_by(&self, day: NaiveDate) -> bool {
        let Some(last) = self.last_begun(day) else { return false };
        let Some(until) = last.until.filter(|until| *until <= day) else { return false };
        self.dissolved.iter().any(|on| until <= *on && *on <= day)
    }

    /// Folds settlings and believed departures by effective date; on one date the later stamp wins.
    ///
    /// A meeting on a day after every departure so far was said shows that the household lives here again, from
    /// that day, at the dwelling it had: a closed period is not reopened because somebody came back.
    pub(super) fn fold<'a>(
        settled: &[Settling],
        departures: impl Iterator<Item = &'a Departure>,
        meetings: impl Iterator<Item = NaiveDate>,
    ) -> Self {
        let mut departures = departures.peekable();
        if let ([only], None) = (settled, departures.peek()) {
            let stay = Stay { dwelling: only.dwelling, grid: only.grid, from: only.from, until: None };
            return Self { stays: vec![stay], dissolved: Vec::new() };
        }
        let arrivals =
            settled.iter().map(|one| (one.from, one.stamp, Event::Settled(one.dwelling, one.grid)));
        let mut events: Vec<(Option<NaiveDate>, Stamp, Event)> = arrivals.collect();
        events.extend(departures.map(|one| {
            let gate = one.on.max(one.said_on);
            let event = if one.dissolved { Event::Dissolved } else { Event::Left { gate } };
            (Some(one.on), one.stamp, event)
        }));
        events.sort_unstable_by_key(|(date, stamp, _)| (*date, *stamp));
        Self::replay(events, meetings)
    }

    fn replay(
        events: Vec<(Option<NaiveDate>, Stamp, Event)>,
        meetings: impl Iterator<Item = NaiveDate>,
    ) -> Self {
        let mut timeline = Self::default();
        let mut state = State::Unsettled;
        let mut meetings = meetings.peekable();
        let mut events = events.into_iter().peekable();
        while let Some((date, _, event)) = events.next() {
            if events.peek().is_some_and(|(next, ..)| *next == date) {
                continue;
            }
            let day = date.unwrap_or(NaiveDate::MIN);
            while let Some(met_on) = meetings.next_if(|met_on| *met_on < day) {
                timeline.meet(&mut state, met_on);
            }
            timeline.apply(&mut state, date, day, &event);
        }
        for met_on in meetings {
            timeline.meet(&mut state, met_on);
        }
        timeline
    }

    fn apply(&mut self, state: &mut State, date: Option<NaiveDate>, day: NaiveDate, event: &Event) {
        match (event, &state) {
            (Event::Settled(dwelling, grid), _) => {
                let goes_on = matches!(state, State::Living)
                    && self.stays.last().is_some_and(|last| (last.dwelling, last.grid) == (*dwelling, *grid));
                if !goes_on {
                    self.end_stay(state, day);
                    self.stays.push(Stay { dwelling: *dwelling, grid: *grid, from: date, until: None });
                }
                *state = State::Living;
            }
            (Event::Left { gate }, State::Living) => {
                self.end_stay(state, day);
                *state = State::Away { gate: *gate };
            }
            (Event::Left { gate }, State::Away { gate: earlier }) => {
                *state = State::Away { gate: *gate.max(earlier) };
            }
            (Event::Left { .. }, State::Unsettled | State::Ceased) => {}
            (Event::Dissolved, _) => {
                self.end_stay(state, day);
                self.dissolved.push(day);
                *state = State::Ceased;
            }
        }
    }

    fn end_stay(&mut self, state: &State, day: NaiveDate) {
        if let (State::Living, Some(last)) = (state, self.stays.last_mut()) {
            last.until = Some(day);
        }
    }

    fn meet(&mut self, state: &mut State, met_on: NaiveDate) {
        let State::Away { gate } = state else { return };
        if *gate < met_on
            && let Some(last) = self.stays.last().copied()
        {
            self.stays.push(Stay { from: Some(met_on), until: None, ..last });
            *state = State::Living;
        }
    }
}
