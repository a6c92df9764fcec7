//! A small community for tests: example 15 of `coverage.md` in grid 1, one open household in grid 2, none in 10.

use ruhu_core::closing::{SilentPhones, StreamCut};
use ruhu_core::community::{CommunityFact, CommunityFile};
use ruhu_core::coverage::{CoverageRules, Register, Setting};
use ruhu_core::fact::Fact;
use ruhu_core::file::{Stamp, StampedFact, UnitFile};
use ruhu_core::ids::{
    AccountId, CommunityId, DwellingId, GridId, Hash32, HouseholdId, StreamId, VisitId, WorkerId,
};
use ruhu_core::roster::{
    Address, Assignment, AssignmentKind, By, CommitteeRole, Community, ContractKind, DwellingUse, Engagement,
    Grid, Informant, Unit, Worker, WorkerClass,
};
use ruhu_core::time::{Period, WorkCalendar, Zone};
use ruhu_core::visit::{MeetingPlace, VisitOutcome, VisitSkeleton};

use super::coverage::{CoverageReport, LogPosition, Material, Requests, Standing, compose};

pub(crate) const MET: VisitOutcome = VisitOutcome::Met { place: MeetingPlace::Door };

pub(crate) fn grid(nth: u8) -> GridId {
    GridId::from_bytes([nth; 16])
}

fn community_id() -> CommunityId {
    CommunityId::from_bytes([1; 16])
}

fn desk() -> By {
    By::Desk(AccountId::from_bytes([1; 16]))
}

/// The community with three grids, drawn out of order, and two workers.
pub(crate) fn community() -> CommunityFile {
    let mut facts = vec![CommunityFact::Named(Community {
        id: community_id(),
        name: "幸福社区".into(),
        street: "幸福街道".into(),
        county: "示范区".into(),
        code: "990101".into(),
    })];
    for nth in [10u8, 2, 1] {
        let name = format!("第{nth}网格");
        facts.push(CommunityFact::GridDrawn(Grid {
            id: grid(nth),
            community: community_id(),
            name,
            code: String::new(),
        }));
    }
    for (nth, name) in [(1u8, "王敏"), (2, "=HYPERLINK(\"x\")")] {
        let worker = WorkerId::from_bytes([nth; 16]);
        facts.push(CommunityFact::WorkerListed(Worker {
            id: worker,
            name: name.into(),
            class: WorkerClass::Staff,
            role: CommitteeRole::GridWorker,
            engagement: Engagement::FullTime,
            contract: ContractKind::LabourContract,
            office_phone: None,
        }));
        let from = "2026-01-01".parse().unwrap();
        let kind = AssignmentKind::Responsible;
        facts.push(CommunityFact::Assigned(Assignment { grid: grid(nth), worker, kind, from, until: None }));
    }
    let mut file = CommunityFile::default();
    for (nth, fact) in (0u16..).zip(facts) {
        file.insert(Stamp { recorded_ms: i64::from(nth), entry: Hash32([1; 32]), nth }, desk(), fact);
    }
    file
}

/// A door of grid 1 or 2 and whoever lives behind it, as facts.
#[derive(Default)]
pub(crate) struct Files {
    files: Vec<UnitFile>,
    stamps: u32,
}

impl Files {
    fn stamp(&mut self) -> Stamp {
        self.stamps += 1;
        let entry = Hash32::of(&[&self.stamps.to_be_bytes()]);
        Stamp { recorded_ms: 1_767_225_600_000, entry, nth: 0 }
    }

    fn add(&mut self, unit: Unit, by: By, fact: Fact) {
        let stamp = self.stamp();
        let file = match self.files.iter_mut().find(|file| file.unit() == unit) {
            Some(file) => file,
            None => {
                self.files.push(UnitFile::new(unit));
                self.files.last_mut().unwrap()
            }
        };
        file.insert(stamp, StampedFact { by, fact });
    }

    fn door(&mut self, nth: u8, of_grid: u8) -> DwellingId {
        let dwelling = DwellingId::from_bytes([nth; 16]);
        let address = Address {
            estate: "阳光小区".into(),
            building: of_grid.to_string(),
            stair: "1".into(),
            floor: Some(i16::from(nth)),
            door: format!("{nth}01"),
            remainder: String::new(),
        };
        let from = "2026-01-01".parse().unwrap();
        let listed = Fact::DwellingListed { address, used_as: DwellingUse::Home, grid: grid(of_grid), from };
        self.add(Unit::Vacant(dwelling), desk(), listed);
        dwelling
    }

    fn household(&mut self, nth: u8, of_grid: u8) -> Unit {
        let dwelling = self.door(nth, of_grid);
        let unit = Unit::Household(HouseholdId::from_bytes([nth; 16]));
        self.add(unit, desk(), Fact::Settled { dwelling, grid: grid(of_grid), from: None });
        unit
    }

    pub(crate) fn visit(&mut self, unit: Unit, nth: u8, on: &str, outcome: VisitOutcome) {
        let made_by = WorkerId::from_bytes([1; 16]);
        let stamps = self.stamps;
        let skeleton = VisitSkeleton {
            visit: VisitId::from_bytes(Hash32::of(&[&stamps.to_be_bytes()]).0[..16].try_into().unwrap()),
            unit,
            dwelling: DwellingId::from_bytes([nth; 16]),
            made_by,
            visited_on: on.parse().unwrap(),
            visited_at: "18:30:00".parse().ok(),
            outcome,
            late_entry: false,
            supersedes: None,
        };
        self.add(unit, By::Worker(made_by), Fact::Visited(skeleton));
    }

    /// A household that moves in too late to be due, and is met all the same.
    pub(crate) fn late_mover(&mut self, nth: u8, of_grid: u8, on: &str) {
        let dwelling = self.door(nth, of_grid);
        let unit = Unit::Household(HouseholdId::from_bytes([nth; 16]));
        let from = on.parse().ok();
        self.add(unit, desk(), Fact::Settled { dwelling, grid: grid(of_grid), from });
        self.visit(unit, nth, on, MET);
    }

    /// The same files in the opposite order.
    pub(crate) fn reverse(&mut self) {
        self.files.reverse();
    }

    pub(crate) fn register(&self) -> Register {
        let go_live = "2026-01-01".parse().ok();
        let setting = Setting {
            assignments: community().assignments(),
            rules: CoverageRules { go_live, ..CoverageRules::default() },
            zone: Zone::CHINA,
            calendar: WorkCalendar::weekends(),
        };
        Register::new(&self.files, setting)
    }
}

/// Example 15: 6 met, a vacant flat, one declined, one moved, one open; and one open household in grid 2.
pub(crate) fn files() -> Files {
    let mut files = Files::default();
    for nth in 1..=6 {
        let unit = files.household(nth, 1);
        files.visit(unit, nth, "2026-07-05", MET);
    }
    let vacant = Unit::Vacant(files.door(7, 1));
    files.visit(vacant, 7, "2026-07-04", VisitOutcome::Vacant { confirmed_by: None });
    files.visit(vacant, 7, "2026-07-11", VisitOutcome::Vacant { confirmed_by: None });
    let declined = files.household(8, 1);
    files.visit(declined, 8, "2026-07-06", VisitOutcome::Declined { do_not_ask_until: None });
    let moved = files.household(9, 1);
    let told_by = Informant::Resident;
    files.visit(
        moved,
        9,
        "2026-08-10",
        VisitOutcome::MovedAway { told_by, left_on: "2026-08-08".parse().ok() },
    );
    let open = files.household(10, 1);
    files.visit(open, 10, "2026-07-07", VisitOutcome::NotHome { note_left: true });
    files.household(11, 2);
    files
}

pub(crate) fn quarter() -> Period {
    "2026Q3".parse().unwrap()
}

/// The report of the quarter, closed on 10 October.
pub(crate) fn report_of(files: &Files) -> CoverageReport {
    let register = files.register();
    compose(&Material {
        community: &community(),
        register: &register,
        period: quarter(),
        as_of: quarter().last_day(),
        standing: Standing::Closed { on: "2026-10-10".parse().unwrap() },
        policy: None,
        log: LogPosition {
            position: 42,
            streams: vec![StreamCut { stream: StreamId::Grid(grid(1)), seq: 30, head: Hash32([3; 32]) }],
        },
        requests: [(grid(1), Requests { received: 2, closed: 1 })].into(),
        silent: SilentPhones { phones: 2, households: 41 },
        only_grids: None,
    })
}
