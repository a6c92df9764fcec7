//! A history: everything that was written down, in whatever order it arrived.

use std::collections::BTreeMap;

use rand::Rng;
use rand::seq::SliceRandom;
use ruhu_core::coverage::{CoverageRules, Register, Setting};
use ruhu_core::file::{Stamp, StampedFact, UnitFile};
use ruhu_core::roster::{Assignment, Unit};
use ruhu_core::time::{WorkCalendar, Zone};

/// One fact in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// In whose file.
    pub unit: Unit,
    /// When, by which entry.
    pub stamp: Stamp,
    /// By whom, and what.
    pub said: StampedFact,
}

/// Everything a reckoning depends on.
#[derive(Clone, Debug)]
pub struct History {
    /// The facts, in no particular order.
    pub facts: Vec<Written>,
    /// Who looks after which grid.
    pub assignments: Vec<Assignment>,
    /// 走访口径.
    pub rules: CoverageRules,
    /// 工作日历.
    pub calendar: WorkCalendar,
}

impl History {
    /// The unit files, filled in a random order.
    pub fn files(&self, order: &mut impl Rng) -> BTreeMap<Unit, UnitFile> {
        let mut facts: Vec<&Written> = self.facts.iter().collect();
        facts.shuffle(order);
        let mut files = BTreeMap::new();
        for one in facts {
            let file = files.entry(one.unit).or_insert_with(|| UnitFile::new(one.unit));
            file.insert(one.stamp, one.said.clone());
        }
        files
    }

    /// The register, from files filled in a random order.
    pub fn register(&self, order: &mut impl Rng) -> Register {
        let files = self.files(order);
        let setting = Setting {
            assignments: self.assignments.clone(),
            rules: self.rules.clone(),
            zone: Zone::CHINA,
            calendar: self.calendar.clone(),
        };
        Register::new(files.values(), setting)
    }
}
