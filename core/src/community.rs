//! 社区 – grids, workers, assignments and settings of one community, as a grow-only set of stamped facts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::category::ConfirmedCategories;
use crate::closing::{Amendment, ClosedPeriod};
use crate::coverage::responsible_on;
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
    /// An assignment ends: the one that holds on its last day, or would have begun the day after.
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
    /// 请假, 销假 – said again from the same first day it replaces what was said before; see [`CommunityFile::leave`].
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
        self.departures().remove(&worker)
    }

    fn departures(&self) -> BTreeMap<WorkerId, NaiveDate> {
        let mut left = BTreeMap::new();
        for (.., fact) in &self.facts {
            match fact {
                CommunityFact::WorkerLeft { worker, on } => left.insert(*worker, *on),
                CommunityFact::WorkerListed(worker) => left.remove(&worker.id),
                _ => continue,
            };
        }
        left
    }

    /// All assignments with the ends that were set later, in the order they were made. One grid has at most one
    /// responsible worker on any day, and who left holds nothing from that day on: what a phone may read and whom the
    /// figures name are one answer.
    #[must_use]
    pub fn assignments(&self) -> Vec<Assignment> {
        let mut assignments: Vec<Assignment> = Vec::new();
        for (.., fact) in &self.facts {
            match fact {
                CommunityFact::Assigned(new) => {
                    if new.kind == AssignmentKind::Responsible {
                        // Whoever was responsible then or planned for later is so no more.
                        let others = assignments.iter_mut().filter(|known| {
                            known.kind == AssignmentKind::Responsible && known.grid == new.grid
                        });
                        others.for_each(|known| end_before(known, new.from));
                    }
                    assignments.push(*new);
                }
                CommunityFact::AssignmentEnded { grid, worker, kind, on } => {
                    let after = on.succ_opt().unwrap_or(NaiveDate::MAX);
                    let ended = assignments.iter_mut().filter(|known| {
                        (known.grid, known.worker, known.kind) == (*grid, *worker, *kind)
                            && (known.covers(*on) || known.from == after)
                    });
                    ended.for_each(|known| end_before(known, after));
                }
                _ => {}
            }
        }
        for (worker, left) in self.departures() {
            assignments.iter_mut().filter(|one| one.worker == worker).for_each(|one| end_before(one, left));
        }
        assignments.retain(|one| one.until.is_none_or(|until| one.from <= until));
        assignments
    }

    /// 责任人 – who is responsible for a grid on a day.
    #[must_use]
    pub fn responsible(&self, grid: GridId, day: NaiveDate) -> Option<WorkerId> {
        responsible_on(&self.assignments(), grid, day)
    }

    /// 请假 – the spans of leave as last said: of one worker's spans that begin on one day the later holds, and one whose
    /// last day lies before its first was taken back.
    #[must_use]
    pub fn leave(&self) -> Vec<LeaveSpan> {
        let mut spans: Vec<LeaveSpan> = Vec::new();
        for (.., fact) in &self.facts {
            if let CommunityFact::OnLeave(span) = fact {
                spans.retain(|known| (known.worker, known.from) != (span.worker, span.from));
                spans.push(*span);
            }
        }
        spans.retain(|one| one.from <= one.until);
        spans
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

/// Its last day lies before `day`.
fn end_before(one: &mut Assignment, day: NaiveDate) {
    if one.until.is_none_or(|until| day <= until) {
        one.until = Some(day.pred_opt().unwrap_or(NaiveDate::MIN));
    }
}

#[cfg(test)]
mod tests;
