//! 今日 – who is due, and how this phone stands.

use std::collections::BTreeSet;

use ruhu_core::coverage::Open;
use ruhu_core::fieldbook::{DayRow, LeaseStanding, OwnDay as CoreDay, UnitLine as CoreLine, mask_shown};
use ruhu_core::roster::Unit;

use crate::ask::{FindAsk, Nothing, TodayAsk};
use crate::initials::{self, Typed};
use crate::read::{code, maybe, parsed, place, unit_text};
use crate::view::{
    Appointment, BestTime, Count, DueDoor, GridLine, LeaseView, Outbox, OwnDay, OwnDays, Reason, State,
    Today, Tried, UnitLine, Who,
};
use crate::{Port, Trouble};

impl Port {
    /// How this phone stands.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn state(&mut self, _: Nothing) -> Result<State, Trouble> {
        let counts = self.book.outbox()?;
        let lease = self.book.lease()?.map(|lease| LeaseView {
            days: u32::from(lease.days),
            locked: lease.standing == LeaseStanding::Locked,
            days_left: match lease.standing {
                LeaseStanding::EndsSoon { days_left } => Some(u32::from(days_left)),
                LeaseStanding::Open | LeaseStanding::Locked => None,
            },
        });
        Ok(State {
            app: self.app.clone(),
            who: self.who()?,
            today: self.book.today()?.to_string(),
            lease,
            outbox: Outbox {
                unsent: counts.unsent,
                accepted: counts.accepted,
                parked: counts.parked,
                quarantined: counts.quarantined,
            },
            last_contact: self.book.send_log()?.first().map(|line| line.at.to_rfc3339()),
            unreadable: self.book.unreadable()?,
            initials: initials::is_there(self.initials.as_ref()),
            practice: self.lesson_lines()?,
        })
    }

    pub(crate) fn who(&self) -> Result<Option<Who>, Trouble> {
        let Some(enrolled) = self.book.enrolled()? else { return Ok(None) };
        let file = self.book.community()?;
        let community = file.community();
        Ok(Some(Who {
            worker_name: enrolled.worker_name,
            community: community.map(|one| one.name.clone()).unwrap_or_default(),
            above: community.map(|one| format!("{}{}", one.county, one.street)).unwrap_or_default(),
            hub_url: enrolled.url,
            enrolment: enrolled.enrolment.to_string(),
        }))
    }

    /// 应访清单.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn today(&mut self, ask: TodayAsk) -> Result<Today, Trouble> {
        let day = maybe("day", ask.day.as_deref())?;
        let grid = maybe("grid", ask.grid.as_deref())?;
        let sheet = self.book.due(day, grid)?;
        let file = self.book.community()?;
        let held: BTreeSet<_> = self.book.units()?.into_iter().filter_map(|line| line.grid).collect();
        let grids = file.grids();
        let grids = grids.iter().filter(|(id, _)| held.contains(id));
        Ok(Today {
            day: sheet.day.to_string(),
            quarter: Count { done: sheet.quarter.done, due: sheet.quarter.due },
            month: Count { done: sheet.month.done, due: sheet.month.due },
            working_days_left: sheet.working_days_left,
            per_working_day: sheet.per_working_day,
            grids: grids.map(|(id, grid)| GridLine { id: id.to_string(), name: grid.name.clone() }).collect(),
            waiting: self.book.waiting()?,
            doors: sheet.rows.into_iter().map(door).collect(),
        })
    }

    /// Units by address, name, telephone, or the first letters of how these are read.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn find(&mut self, ask: FindAsk) -> Result<Vec<UnitLine>, Trouble> {
        let mut found = self.book.find(&ask.words)?;
        if let Some(typed) = Typed::read(&ask.words) {
            let known: BTreeSet<_> = found.iter().map(|one| one.unit).collect();
            let more = self.book.find_by(&|text| typed.stands_in(text, self.initials.as_ref()))?;
            found.extend(more.into_iter().filter(|one| !known.contains(&one.unit)));
        }
        // 空户: a door somebody lives behind is found as that household alone.
        let lived_in: BTreeSet<_> = found
            .iter()
            .filter(|one| matches!(one.unit, Unit::Household(_)))
            .filter_map(|one| one.dwelling)
            .collect();
        found.retain(|one| !matches!(one.unit, Unit::Vacant(door) if lived_in.contains(&door)));
        Ok(found.iter().map(line).collect())
    }

    /// 休息日 – the working days left, and which the worker takes off.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn own_days(&mut self, _: Nothing) -> Result<OwnDays, Trouble> {
        let days = self.book.own_days()?.into_iter();
        Ok(OwnDays { days: days.map(|day| OwnDay { on: day.on.to_string(), off: day.off }).collect() })
    }

    /// Takes a day off, or works on it after all.
    ///
    /// # Errors
    /// [`Trouble`].
    pub fn own_day(&mut self, ask: OwnDay) -> Result<OwnDays, Trouble> {
        self.book.set_own_day(CoreDay { on: parsed("on", &ask.on)?, off: ask.off })?;
        self.own_days(Nothing {})
    }
}

pub(crate) fn line(of: &CoreLine) -> UnitLine {
    UnitLine {
        unit: unit_text(of.unit),
        dwelling: of.dwelling.map(|id| id.to_string()),
        place: of.address.as_ref().map(place),
        names: of.names.iter().map(|name| mask_shown(name)).collect(),
        conflicts: of.conflicts,
    }
}

fn door(row: DayRow) -> DueDoor {
    let reasons = reasons(&row);
    let due = row.due;
    DueDoor {
        unit: unit_text(due.unit),
        dwelling: due.dwelling.to_string(),
        place: due.address.as_ref().map(place),
        names: row.names.iter().map(|name| mask_shown(name)).collect(),
        key: due.key,
        reasons,
        appointment: due.appointment.map(|agreed| Appointment {
            on: agreed.on.to_string(),
            at: agreed.at.map(|at| at.format("%H:%M").to_string()),
        }),
        open_requests: due.open_requests,
        do_not_ask_until: due.do_not_ask_until.map(|day| day.to_string()),
        tried: due
            .tried
            .iter()
            .map(|one| Tried {
                on: one.on.to_string(),
                band: one.band.map(|band| code(&band)),
                outcome: one.outcome.to_string(),
            })
            .collect(),
        best_time: due.best_time.map(|best| BestTime { band: code(&best.band), why: code(&best.why) }),
        conflicts: row.conflicts,
        has_draft: row.has_draft,
    }
}

fn reasons(row: &DayRow) -> Vec<Reason> {
    let due = &row.due;
    let opens = [due.month, due.quarter];
    let is = |wanted: Open| opens.contains(&Some(wanted));
    let said = [
        ("appointment", due.appointment.is_some()),
        ("request", 0 < due.open_requests),
        ("found-false", is(Open::FoundFalse)),
        ("overdue-month", due.overdue.month),
        ("overdue-quarter", due.overdue.quarter),
        ("month", due.month.is_some()),
        ("quarter", due.quarter.is_some()),
        ("seen-vacant-once", is(Open::SeenVacantOnce)),
        ("taken-over-late", due.taken_over_late),
    ];
    said.into_iter().filter(|(_, holds)| *holds).map(|(code, _)| Reason { code: code.to_owned() }).collect()
}
