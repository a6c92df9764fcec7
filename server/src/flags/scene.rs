//! 场景 – the material indexed once, so that each signal only looks.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Weekday};
use ruhu_core::ids::WorkerId;
use ruhu_core::time::Zone;

use super::evidence::{Evidence, Housing, Material, Place};

/// From how long after the stated time on a record was typed later, in milliseconds: half an hour is a visit with the form
/// opened at its beginning (judgement).
const TYPED_LATER_MS: i64 = 1_800_000;

/// 场景 – records with their places, by worker and day. Places in the lists stand for records and workers.
#[derive(Debug)]
pub struct Scene<'a> {
    /// What it was made of.
    pub material: &'a Material,
    /// Every record.
    pub rows: Vec<Row<'a>>,
    /// Every worker with a record, in the order of their ids.
    pub workers: Vec<Worker>,
}

/// A record with what follows from it alone.
#[derive(Debug)]
pub struct Row<'a> {
    /// The record.
    pub is: &'a Evidence,
    /// Its door; `None` for one the roster does not name.
    pub place: Option<&'a Place>,
    /// The kind of house it is compared within.
    pub housing: Housing,
    /// Who recorded it, by his place in [`Scene::workers`].
    pub worker: usize,
}

/// A worker's records in the order they were recorded.
#[derive(Debug)]
pub struct Worker {
    /// Who.
    pub id: WorkerId,
    /// His records by their places in [`Scene::rows`].
    pub records: Vec<usize>,
}

/// When of a day, as far as being at home goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hours {
    /// A working day before 17:30.
    Day,
    /// A working day from 17:30 on.
    Evening,
    /// Saturday or Sunday.
    Weekend,
    /// Not remembered.
    Unknown,
}

impl<'a> Scene<'a> {
    /// Indexes a material.
    #[must_use]
    pub fn of(material: &'a Material) -> Self {
        let ids: BTreeSet<WorkerId> = material.records.iter().map(|one| one.worker).collect();
        let mut workers: Vec<Worker> = ids.into_iter().map(|id| Worker { id, records: Vec::new() }).collect();
        let places: BTreeMap<WorkerId, usize> =
            workers.iter().enumerate().map(|(nth, worker)| (worker.id, nth)).collect();
        let mut rows = Vec::with_capacity(material.records.len());
        for is in &material.records {
            let place = material.places.get(&is.dwelling);
            let worker = places.get(&is.worker).copied().unwrap_or_default();
            if let Some(own) = workers.get_mut(worker) {
                own.records.push(rows.len());
            }
            let housing = place.map_or(Housing::WalkUp, |place| place.housing);
            rows.push(Row { is, place, housing, worker });
        }
        for worker in &mut workers {
            worker.records.sort_by_key(|at| {
                rows.get(*at).map(|row| (row.is.times.stated_ms, row.is.chain, row.is.record))
            });
        }
        Self { material, rows, workers }
    }

    /// The records of a worker in the order they were recorded, with their places.
    pub fn of_worker(&self, worker: usize) -> impl Iterator<Item = (usize, &Row<'a>)> {
        let records = self.workers.get(worker).map_or(&[][..], |worker| worker.records.as_slice());
        records.iter().filter_map(|at| Some((*at, self.rows.get(*at)?)))
    }

    /// The records of a worker by the day they state.
    #[must_use]
    pub fn days_of(&self, worker: usize) -> BTreeMap<NaiveDate, Vec<usize>> {
        let mut days: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
        for (at, row) in self.of_worker(worker) {
            days.entry(row.is.visited_on).or_default().push(at);
        }
        days
    }
}

impl Row<'_> {
    /// When it was stated to have happened, in minutes since 1970, local time; `None` where the time of day is not known.
    #[must_use]
    pub fn stated_min(&self) -> Option<i64> {
        let at = self.is.visited_at?;
        let day = i64::from(self.is.visited_on.num_days_from_ce());
        Some(day * 1440 + i64::from(at.num_seconds_from_midnight() / 60))
    }

    /// Whether it states a time well before the one it was recorded at: paper notes of the day, typed in the evening. A phone
    /// marks as late only what is of another day, so this cannot be declared and speaks against nobody.
    #[must_use]
    pub fn was_typed_later(&self, zone: Zone) -> bool {
        self.is.visited_at.is_some_and(|at| {
            let stated_ms = zone.instant(self.is.visited_on, at).timestamp_millis();
            TYPED_LATER_MS <= self.is.times.stated_ms.saturating_sub(stated_ms)
        })
    }

    /// When of the day it was stated to have happened.
    #[must_use]
    pub fn hours(&self) -> Hours {
        match (self.is.visited_on.weekday(), self.is.visited_at) {
            (_, None) => Hours::Unknown,
            (Weekday::Sat | Weekday::Sun, _) => Hours::Weekend,
            (_, Some(at)) if at < evening() => Hours::Day,
            _ => Hours::Evening,
        }
    }
}

/// From when on people come home: 17:30.
fn evening() -> NaiveTime {
    NaiveTime::from_hms_opt(17, 30, 0).unwrap_or_default()
}
