//! 社区 – grids, workers, assignments and settings of one community, as a grow-only set of stamped facts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::category::ConfirmedCategories;
use crate::closing::{Amendment, ClosedPeriod};
use crate::file::Stamp;
use crate::ids::{GridId, QuestionId, WorkerId};
use crate::policy::VisitPolicy;
use crate::question::Question;
use crate::roster::{
    Assignment, AssignmentKind, BuildingSteward, By, Community, Grid, LeaveSpan, ResidentGroup, Worker,
};
use crate::time::Zone;

mod settings;
pub use settings::{LEASE_DAYS, LEASE_DAYS_UNSET};

/// One fact about the community as a whole; all are the desk's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommunityFact {
    /// The community's name and place.
    Named(Community),
    /// Its zone.
    ZoneSet(Zone),
    /// 启用日 – the first import was committed; periods before the first whole one are 试行.
    WentLive {
        /// On this day.
        on: NaiveDate,
    },
    /// A grid was drawn or renamed.
    GridDrawn(Grid),
    /// A worker was listed or changed.
    WorkerListed(Worker),
    /// 离岗 – a worker left.
    WorkerLeft {
        /// Who.
        worker: WorkerId,
        /// The first day without access.
        on: NaiveDate,
    },
    /// A worker looks after a grid, or covers it.
    Assigned(Assignment),
    /// An assignment ends.
    AssignmentEnded {
        /// In which grid.
        grid: GridId,
        /// Whose.
        worker: WorkerId,
        /// Which kind.
        kind: AssignmentKind,
        /// Its last day.
        on: NaiveDate,
    },
    /// 请假.
    OnLeave(LeaveSpan),
    /// 居民小组.
    GroupListed(ResidentGroup),
    /// 楼栋长.
    StewardListed(BuildingSteward),
    /// 采用文件 – an organ adopted rule texts; holds from the policy's own first day.
    PolicyAdopted(Box<AdoptedRules>),
    /// 放假安排 – one year's notice of holidays and make-up days, as written in its TOML file.
    HolidayNotice(String),
    /// 专项 – a question is asked from its own first day on.
    QuestionOpened(Question),
    /// 专项结束 – a question is asked no longer.
    QuestionClosed {
        /// Which.
        question: QuestionId,
        /// The first day it is not asked.
        on: NaiveDate,
    },
    /// 关账 – a person closed a period. The first closing of a period stands.
    Closed(ClosedPeriod),
    /// 更正 – something changed the figures of a closed period.
    Amended(Amendment),
    /// 租期 – how many days a phone shows names without having synced; see [`LEASE_DAYS`].
    LeaseSet {
        /// Days.
        days: u8,
    },
}

/// 采用结果 – what an adoption amounted to, with the file it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptedRules {
    /// 走访规定 – the live part.
    pub visits: VisitPolicy,
    /// The categories the organ confirmed, each with its basis.
    pub categories: ConfirmedCategories,
    /// The adoption file word for word, so that everything else can be shown again.
    pub adoption: String,
}

/// Everything known of one community, in the order of recording.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunityFile {
    facts: Vec<(Stamp, By, CommunityFact)>,
}

impl CommunityFile {
    /// Adds a fact; one already there changes nothing. Returns whether it was new.
    pub fn insert(&mut self, stamp: Stamp, by: By, fact: CommunityFact) -> bool {
        if self.facts.iter().any(|(known, ..)| (known.entry, known.nth) == (stamp.entry, stamp.nth)) {
            return false;
        }
        let place = self.facts.partition_point(|(known, ..)| *known < stamp);
        self.facts.insert(place, (stamp, by, fact));
        true
    }

    /// All facts in the order of recording.
    pub fn facts(&self) -> impl DoubleEndedIterator<Item = &(Stamp, By, CommunityFact)> {
        self.facts.iter()
    }

    /// Its name and place; `None` before set-up.
    #[must_use]
    pub fn community(&self) -> Option<&Community> {
        self.facts.iter().rev().find_map(|(.., fact)| match fact {
            CommunityFact::Named(community) => Some(community),
            _ => None,
        })
    }

    /// Its zone; China where nothing else was set.
    #[must_use]
    pub fn zone(&self) -> Zone {
        let set = self.facts.iter().rev().find_map(|(.., fact)| match fact {
            CommunityFact::ZoneSet(zone) => Some(*zone),
            _ => None,
        });
        set.unwrap_or(Zone::CHINA)
    }

    /// The day it first went live; the earliest said.
    #[must_use]
    pub fn went_live_on(&self) -> Option<NaiveDate> {
        let days = self.facts.iter().filter_map(|(.., fact)| match fact {
            CommunityFact::WentLive { on } => Some(*on),
            _ => None,
        });
        days.min()
    }

    /// Its grids as last drawn, by id.
    #[must_use]
    pub fn grids(&self) -> BTreeMap<GridId, &Grid> {
        let drawn = self.facts.iter().filter_map(|(.., fact)| match fact {
            CommunityFact::GridDrawn(grid) => Some((grid.id, grid)),
            _ => None,
        });
        drawn.collect()
    }

    /// Its workers as last listed, by id; those who left included.
    #[must_use]
    pub fn workers(&self) -> BTreeMap<WorkerId, &Worker> {
        let listed = self.facts.iter().filter_map(|(.., fact)| match fact {
            CommunityFact::WorkerListed(worker) => Some((worker.id, worker)),
            _ => None,
        });
        listed.collect()
    }

    /// The first day a worker has no access any more, if he left and was not listed again since.
    #[must_use]
    pub fn left_on(&self, worker: WorkerId) -> Option<NaiveDate> {
        self.facts.iter().fold(None, |left, (.., fact)| match fact {
            CommunityFact::WorkerLeft { worker: who, on } if *who == worker => Some(*on),
            CommunityFact::WorkerListed(who) if who.id == worker => None,
            _ => left,
        })
    }

    /// All assignments with the ends that were set later, in the order they were made.
    #[must_use]
    pub fn assignments(&self) -> Vec<Assignment> {
        let mut assignments: Vec<Assignment> = Vec::new();
        for (.., fact) in &self.facts {
            match fact {
                CommunityFact::Assigned(assignment) => {
                    // A new responsible worker ends the former one's responsibility the day before.
                    if assignment.kind == AssignmentKind::Responsible {
                        let open = assignments.iter_mut().filter(|known| {
                            known.kind == AssignmentKind::Responsible
                                && known.grid == assignment.grid
                                && known.covers(assignment.from)
                        });
                        open.for_each(|known| known.until = assignment.from.pred_opt());
                    }
                    assignments.push(*assignment);
                }
                CommunityFact::AssignmentEnded { grid, worker, kind, on } => {
                    let ended = assignments.iter_mut().filter(|known| {
                        (known.grid, known.worker, known.kind) == (*grid, *worker, *kind) && known.covers(*on)
                    });
                    ended.for_each(|known| known.until = Some(*on));
                }
                _ => {}
            }
        }
        assignments.retain(|one| one.until.is_none_or(|until| one.from <= until));
        assignments
    }

    /// 责任人 – who is responsible for a grid on a day.
    #[must_use]
    pub fn responsible(&self, grid: GridId, day: NaiveDate) -> Option<WorkerId> {
        let assignments = self.assignments();
        let held = assignments
            .iter()
            .rev()
            .find(|one| one.kind == AssignmentKind::Responsible && one.grid == grid && one.covers(day));
        held.map(|one| one.worker)
    }

    /// 请假 – all spans of leave.
    pub fn leave(&self) -> impl Iterator<Item = &LeaveSpan> {
        self.facts.iter().filter_map(|(.., fact)| match fact {
            CommunityFact::OnLeave(span) => Some(span),
            _ => None,
        })
    }

    /// 楼栋长 as last listed, by place.
    #[must_use]
    pub fn stewards(&self) -> BTreeMap<&crate::roster::BuildingRef, &BuildingSteward> {
        let listed = self.facts.iter().filter_map(|(.., fact)| match fact {
            CommunityFact::StewardListed(steward) => Some((&steward.place, steward)),
            _ => None,
        });
        listed.collect()
    }

    /// 居民小组 as last listed, by name.
    #[must_use]
    pub fn groups(&self) -> BTreeMap<&str, &ResidentGroup> {
        let listed = self.facts.iter().filter_map(|(.., fact)| match fact {
            CommunityFact::GroupListed(group) => Some((group.name.as_str(), group)),
            _ => None,
        });
        listed.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AccountId, Hash32};

    fn file_of(facts: Vec<CommunityFact>) -> CommunityFile {
        let mut file = CommunityFile::default();
        for (nth, fact) in (0u16..).zip(facts) {
            let stamp = Stamp { recorded_ms: i64::from(nth), entry: Hash32([1; 32]), nth };
            file.insert(stamp, By::Desk(AccountId::from_bytes([1; 16])), fact);
        }
        file
    }

    fn assigned(worker: u8, kind: AssignmentKind, from: &str) -> CommunityFact {
        CommunityFact::Assigned(Assignment {
            grid: GridId::from_bytes([1; 16]),
            worker: WorkerId::from_bytes([worker; 16]),
            kind,
            from: from.parse().unwrap(),
            until: None,
        })
    }

    #[test]
    fn a_new_responsible_worker_ends_the_former_ones_time_and_a_cover_does_not() {
        let file = file_of(vec![
            assigned(1, AssignmentKind::Responsible, "2026-01-01"),
            assigned(3, AssignmentKind::Cover, "2026-08-01"),
            assigned(2, AssignmentKind::Responsible, "2026-09-10"),
        ]);
        let grid = GridId::from_bytes([1; 16]);
        let responsible = |day: &str| file.responsible(grid, day.parse().unwrap());
        assert_eq!(responsible("2026-09-09"), Some(WorkerId::from_bytes([1; 16])));
        assert_eq!(responsible("2026-09-10"), Some(WorkerId::from_bytes([2; 16])));
        assert_eq!(file.assignments().len(), 3);
    }

    #[test]
    fn a_cover_ends_on_the_day_that_was_set() {
        let mut facts = vec![assigned(3, AssignmentKind::Cover, "2026-08-01")];
        facts.push(CommunityFact::AssignmentEnded {
            grid: GridId::from_bytes([1; 16]),
            worker: WorkerId::from_bytes([3; 16]),
            kind: AssignmentKind::Cover,
            on: "2026-08-14".parse().unwrap(),
        });
        let file = file_of(facts);
        assert_eq!(file.assignments().first().and_then(|one| one.until), "2026-08-14".parse().ok());
    }
}
