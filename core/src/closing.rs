//! 关账 – a period is closed by a person, and what is closed is never rewritten (`coverage.md`, "Closing").
//!
//! A closing keeps everything the figures depend on: the cut of every stream, the policy, the zone, the rule
//! version, and the hash of the report that was signed. Whatever comes later is a numbered [`Amendment`] that
//! names the entry before it, so none can be lost or slipped in between.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::community::{CommunityFact, CommunityFile};
use crate::ids::{GridId, Hash32, StreamId};
use crate::roster::Unit;
use crate::time::{Period, Zone};

/// 关账建议日 – closing is suggested on this day of the month after the period (`coverage.md`, "Closing").
const SUGGESTED_DAY: u64 = 10;

/// 关账 – what was closed, by the account that the entry names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedPeriod {
    /// Which period.
    pub period: Period,
    /// The local day of closing.
    pub on: NaiveDate,
    /// How far each stream counted, in the order of the streams.
    pub cut: Vec<StreamCut>,
    /// Hash of the adopted policy; `None` while nothing was adopted (未采用文件·试行).
    pub policy: Option<Hash32>,
    /// The zone days were computed in.
    pub zone: Zone,
    /// Version of the coverage rules; old versions stay in the code.
    pub rule_version: u16,
    /// The community's figures.
    pub total: Figures,
    /// The figures of each grid, by grid.
    pub grids: Vec<GridFigures>,
    /// The phones that had not been heard of since the period's end.
    pub silent: SilentPhones,
    /// SHA-256 of the canonical report that was signed.
    pub report: Hash32,
}

/// How far one stream counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StreamCut {
    /// The stream.
    pub stream: StreamId,
    /// Its last sequence number that counted; 0 for an empty stream.
    pub seq: u64,
    /// Its running hash there.
    pub head: Hash32,
}

/// 应访, 已访, 核减 – the figures a rate is made of; what is left is outstanding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// 应访户.
    pub due: u32,
    /// 已访户.
    pub done: u32,
    /// 核减.
    pub deducted: u32,
    /// 重点户应访, in household-months.
    pub key_due: u32,
    /// 重点户已访, in household-months.
    pub key_done: u32,
}

/// The figures of one grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridFigures {
    /// The grid.
    pub grid: GridId,
    /// Its figures.
    pub figures: Figures,
}

/// 未同步手机 – how many phones were silent since the period's end, and how many households they could change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilentPhones {
    /// Phones.
    pub phones: u32,
    /// 最多影响 – households not yet met in the grids those phones may record in: a visit turns a deduction, too.
    pub households: u32,
}

/// 更正 – what changed in a closed period, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// Which period.
    pub period: Period,
    /// From 1, without gaps.
    pub number: u32,
    /// Payload hash of the entry that carried the closing, or the amendment before this one.
    pub previous: Hash32,
    /// Payload hash of the entry that made the difference: a late visit, a finding, a reversal.
    pub cause: Hash32,
    /// The households whose state changed.
    pub units: Vec<Unit>,
    /// The community's figures from now on.
    pub total: Figures,
    /// The figures of the grids that changed, by grid.
    pub grids: Vec<GridFigures>,
}

/// A closing with the amendments that follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entered<'a, T> {
    /// Payload hash of the entry that carried it.
    pub entry: Hash32,
    /// What it says.
    pub fact: &'a T,
}

/// Everything known about one closed period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing<'a> {
    /// The closing.
    pub closed: Entered<'a, ClosedPeriod>,
    /// Its amendments, 1, 2, 3…
    pub amendments: Vec<Entered<'a, Amendment>>,
}

impl Figures {
    /// 未访 – neither met nor deducted.
    #[must_use]
    pub const fn outstanding(self) -> u32 {
        self.due.saturating_sub(self.done).saturating_sub(self.deducted)
    }
}

impl Closing<'_> {
    /// The figures as they stand now.
    #[must_use]
    pub fn now(&self) -> Figures {
        self.amendments.last().map_or(self.closed.fact.total, |last| last.fact.total)
    }

    /// The figures of one grid as they stand now; `None` for a grid that was not there.
    #[must_use]
    pub fn grid_now(&self, grid: GridId) -> Option<Figures> {
        let amended = self.amendments.iter().rev().flat_map(|one| &one.fact.grids);
        let found = amended.chain(&self.closed.fact.grids).find(|one| one.grid == grid);
        found.map(|one| one.figures)
    }

    /// What the next amendment must name.
    #[must_use]
    pub fn last_entry(&self) -> Hash32 {
        self.amendments.last().map_or(self.closed.entry, |last| last.entry)
    }

    /// The number of the next amendment.
    #[must_use]
    pub fn next_number(&self) -> u32 {
        self.amendments.last().map_or(1, |last| last.fact.number.saturating_add(1))
    }
}

/// The closing of a period with its amendments; `None` while it is open.
///
/// An amendment that does not follow the one before it is not counted: `verify` names it.
#[must_use]
pub fn of(file: &CommunityFile, period: Period) -> Option<Closing<'_>> {
    let mut closing: Option<Closing<'_>> = None;
    for (stamp, _, fact) in file.facts() {
        match (fact, &mut closing) {
            (CommunityFact::Closed(closed), None) if closed.period == period => {
                let closed = Entered { entry: stamp.entry, fact: closed };
                closing = Some(Closing { closed, amendments: Vec::new() });
            }
            (CommunityFact::Amended(amendment), Some(closing)) if amendment.period == period => {
                let follows =
                    amendment.previous == closing.last_entry() && amendment.number == closing.next_number();
                if follows {
                    closing.amendments.push(Entered { entry: stamp.entry, fact: amendment });
                }
            }
            _ => {}
        }
    }
    closing
}

/// Every closed period, in the order of periods by their last day.
#[must_use]
pub fn closed_periods(file: &CommunityFile) -> Vec<Period> {
    let closed = file.facts().filter_map(|(.., fact)| match fact {
        CommunityFact::Closed(closed) => Some(closed.period),
        _ => None,
    });
    let mut periods: Vec<Period> = closed.collect();
    periods.sort_by_key(|period| (period.last_day(), period.first_day()));
    periods.dedup();
    periods
}

/// 关账建议日 – the 10th of the month after the period: late entries of honest workers are in by then.
#[must_use]
pub fn suggested_on(period: Period) -> NaiveDate {
    period.last_day().checked_add_days(Days::new(SUGGESTED_DAY)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::Stamp;
    use crate::ids::AccountId;
    use crate::roster::By;

    fn quarter() -> Period {
        "2026Q3".parse().unwrap()
    }

    fn figures(done: u32) -> Figures {
        Figures { due: 10, done, ..Figures::default() }
    }

    fn closed(done: u32) -> CommunityFact {
        CommunityFact::Closed(ClosedPeriod {
            period: quarter(),
            on: "2026-10-10".parse().unwrap(),
            cut: Vec::new(),
            policy: None,
            zone: Zone::CHINA,
            rule_version: 1,
            total: figures(done),
            grids: vec![GridFigures { grid: GridId::from_bytes([1; 16]), figures: figures(done) }],
            silent: SilentPhones::default(),
            report: Hash32([9; 32]),
        })
    }

    fn amended(number: u32, previous: u8, done: u32) -> CommunityFact {
        CommunityFact::Amended(Amendment {
            period: quarter(),
            number,
            previous: Hash32([previous; 32]),
            cause: Hash32([8; 32]),
            units: Vec::new(),
            total: figures(done),
            grids: vec![GridFigures { grid: GridId::from_bytes([1; 16]), figures: figures(done) }],
        })
    }

    /// Each fact in an entry of its own, numbered from 1.
    fn file_of(facts: Vec<CommunityFact>) -> CommunityFile {
        let mut file = CommunityFile::default();
        for (entry, fact) in (1u8..).zip(facts) {
            let stamp = Stamp { recorded_ms: i64::from(entry), entry: Hash32([entry; 32]), nth: 0 };
            file.insert(stamp, By::Desk(AccountId::from_bytes([1; 16])), fact);
        }
        file
    }

    #[test]
    fn a_late_visit_amends_and_the_closed_figures_stay() {
        let file = file_of(vec![closed(6), amended(1, 1, 7), amended(2, 2, 8)]);
        let closing = of(&file, quarter()).unwrap();
        assert_eq!(closing.closed.fact.total, figures(6));
        assert_eq!(closing.now(), figures(8));
        assert_eq!(closing.grid_now(GridId::from_bytes([1; 16])), Some(figures(8)));
        assert_eq!((closing.next_number(), closing.last_entry()), (3, Hash32([3; 32])));
    }

    #[test]
    fn a_period_is_closed_once_and_a_second_closing_changes_nothing() {
        let file = file_of(vec![closed(6), closed(10)]);
        assert_eq!(of(&file, quarter()).unwrap().now(), figures(6));
        assert_eq!(closed_periods(&file), [quarter()]);
    }

    #[test]
    fn an_amendment_that_does_not_follow_the_one_before_it_is_not_counted() {
        let file = file_of(vec![closed(6), amended(1, 7, 7), amended(2, 1, 8), amended(1, 1, 9)]);
        let closing = of(&file, quarter()).unwrap();
        assert_eq!(closing.amendments.len(), 1);
        assert_eq!(closing.now(), figures(9));
    }

    #[test]
    fn an_open_period_has_no_closing() {
        let file = file_of(vec![closed(6)]);
        assert_eq!(of(&file, "2026-09".parse().unwrap()), None);
    }

    #[test]
    fn closing_is_suggested_on_the_tenth() {
        assert_eq!(suggested_on(quarter()), "2026-10-10".parse().unwrap());
        assert_eq!(suggested_on("2026-12".parse().unwrap()), "2027-01-10".parse().unwrap());
    }
}
