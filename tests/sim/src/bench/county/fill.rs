//! 建县 – the roster and the past of a county, through the hub's own code.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{Days, NaiveDate};
use ruhu_core::category::ConfirmedCategories;
use ruhu_core::community::{AdoptedRules, CommunityFact};
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::CommunityId;
use ruhu_core::policy::VisitPolicy;
use ruhu_core::profile::Profile;
use ruhu_core::roster::{
    Address, Assignment, AssignmentKind, CommitteeRole, Community, ContractKind, DwellingUse, Engagement,
    Grid, Unit, Worker, WorkerClass,
};
use ruhu_core::time::{Period, Zone};
use ruhu_server::ingest::office::{Act, ActError, Desk};

use super::super::BenchError;
use super::super::load::people_of;
use super::super::pushes::push;
use super::{COMMUNITY_GRIDS, County, Patch, lead, noon, went_live};
use crate::city::{City, Plan};
use crate::fields;
use crate::harness::HarnessError;
use crate::world::World;

/// Visits a phone pushes at once when the past is written.
const PAST_PUSH: u32 = 200;
/// Entries an enrolment may push a day, as the hub allows.
const A_DAY: u32 = 2_000;
/// Threads that write the past.
const THREADS: usize = 4;
/// Families whose fields are written in full; the others share their documents.
const DOCUMENTS: u32 = 48;
/// One household in so many is a key household.
const KEY_EVERY: u32 = 20;

impl County {
    /// Writes the roster and the past; says on the way how far it is.
    pub(super) fn fill(&self, today: NaiveDate) -> Result<(), BenchError> {
        let documents = documents(today)?;
        let communities: Vec<&[Patch]> = chunks(&self.patches);
        for (nth, patches) in communities.iter().enumerate() {
            self.enter_roster(patches, &documents, today)?;
            if nth % 20 == 19 || nth + 1 == communities.len() {
                tracing::info!(communities = nth + 1, of = communities.len(), "roster");
            }
        }
        let visits = u64::from(self.size.entries).saturating_sub(2 * u64::from(self.size.households));
        let rounds = u32::try_from(visits.div_ceil(u64::from(self.size.households.max(1)))).unwrap_or(0);
        let from = went_live(today);
        let until = Period::quarter_of(today).previous().last_day();
        let days = u32::try_from((until - from).num_days()).unwrap_or(0);
        let mut left = visits;
        for round in 0..rounds {
            let day = from + Days::new(u64::from(days / rounds * (round + 1)));
            self.clock.move_to(noon(day));
            let share = left.min(u64::from(self.size.households));
            self.visit_all(u32::try_from(share).unwrap_or(u32::MAX), day)?;
            left -= share;
            tracing::info!(round = round + 1, of = rounds, "visits of the past");
        }
        Ok(())
    }

    /// Every grid's phone visits its households once, the first `share` of the county.
    fn visit_all(&self, share: u32, day: NaiveDate) -> Result<(), BenchError> {
        let next = AtomicUsize::new(0);
        let work = || -> Result<(), BenchError> {
            while let Some(patch) = self.patches.get(next.fetch_add(1, Ordering::Relaxed)) {
                let mut left = patch.households.min(share.saturating_sub(patch.first)).min(A_DAY);
                while 0 < left {
                    let count = left.min(PAST_PUSH);
                    let request = push(self, patch, count, day)?;
                    self.hub.sync(&request).map_err(|_| BenchError::Refused)?;
                    left -= count;
                }
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
            threads.into_iter().try_for_each(|thread| thread.join().unwrap_or(Err(BenchError::Refused)))
        })
    }

    fn enter_roster(
        &self,
        patches: &[Patch],
        documents: &[Vec<u8>],
        today: NaiveDate,
    ) -> Result<(), BenchError> {
        let (patches, documents) = (patches.to_vec(), documents.to_vec());
        let live_on = went_live(today);
        let now_ms = self.clock.now().timestamp_millis();
        let done = self.hub.office(move |desk| {
            let Some(community) = patches.first().map(|patch| patch.community) else { return Ok(()) };
            enter(desk, community, &patches, live_on)?;
            for patch in &patches {
                let tx = desk.tx();
                for nth in patch.first..patch.first + patch.households {
                    let unit = Unit::Household(Patch::household(nth).0);
                    let place = usize::try_from(nth).unwrap_or(0).checked_rem(documents.len()).unwrap_or(0);
                    if let (Some(row), Some(doc)) = (tx.unit(unit)?, documents.get(place)) {
                        tx.put_unit_doc(row.nr, doc)?;
                    }
                }
                let key = patch.key.verifying_key();
                let of = (patch.worker, patch.community);
                tx.add_enrolment(patch.enrolment, of, &key, "bench", "ruhu-sim/bench", now_ms)?;
            }
            Ok::<_, ActError>(())
        });
        done.map_err(HarnessError::from)?;
        Ok(())
    }
}

fn chunks(patches: &[Patch]) -> Vec<&[Patch]> {
    patches.chunks(usize::try_from(COMMUNITY_GRIDS).unwrap_or(usize::MAX)).collect()
}

/// Enters a community with its grids, workers, doors and households.
pub(crate) fn enter(
    desk: &Desk<'_>,
    community: CommunityId,
    patches: &[Patch],
    live_on: NaiveDate,
) -> Result<(), ActError> {
    let act =
        |units, facts| Act {
            by: lead(), community, units, facts, request: None, reason: "建立社区".into()
        };
    desk.act(&act(Vec::new(), facts_of(patches, live_on)))?;
    patches.iter().try_for_each(|patch| desk.act(&act(roster_of(patch, live_on), Vec::new())).map(drop))
}

/// What sets a community of some grids up.
fn facts_of(patches: &[Patch], live_on: NaiveDate) -> Vec<CommunityFact> {
    let Some(first) = patches.first() else { return Vec::new() };
    let nth = first.nth / COMMUNITY_GRIDS;
    let rules = AdoptedRules {
        visits: VisitPolicy::default_trial(),
        categories: ConfirmedCategories::demonstration(),
        adoption: String::new(),
    };
    let mut facts = vec![
        CommunityFact::Named(Community {
            id: first.community,
            name: format!("第{nth}社区"),
            street: format!("第{}街道", nth / 20),
            county: "示范市示范区".into(),
            code: String::new(),
        }),
        CommunityFact::ZoneSet(Zone::CHINA),
        CommunityFact::PolicyAdopted(Box::new(rules)),
        CommunityFact::WentLive { on: live_on },
    ];
    for patch in patches {
        facts.push(CommunityFact::GridDrawn(Grid {
            id: patch.grid,
            community: patch.community,
            name: format!("第{}网格", patch.nth),
            code: String::new(),
        }));
        facts.push(CommunityFact::WorkerListed(Worker {
            id: patch.worker,
            name: format!("工作者{}", patch.nth),
            class: WorkerClass::Staff,
            role: CommitteeRole::GridWorker,
            engagement: Engagement::FullTime,
            contract: ContractKind::LabourContract,
            office_phone: None,
        }));
        facts.push(CommunityFact::Assigned(Assignment {
            grid: patch.grid,
            worker: patch.worker,
            kind: AssignmentKind::Responsible,
            from: live_on,
            until: None,
        }));
    }
    facts
}

/// The doors and households of a grid.
fn roster_of(patch: &Patch, live_on: NaiveDate) -> Vec<UnitFact> {
    let mut units = Vec::new();
    for nth in patch.first..patch.first + patch.households {
        let (household, dwelling) = Patch::household(nth);
        let within = nth - patch.first;
        let floor = i16::try_from(within % 60 / 4).unwrap_or(0) + 1;
        let address = Address {
            estate: format!("第{}小区", patch.nth),
            building: format!("{}", within / 120 + 1),
            stair: format!("{}", within / 60 % 2 + 1),
            floor: Some(floor),
            door: format!("{floor}0{}", within % 4 + 1),
            remainder: String::new(),
        };
        let used_as = DwellingUse::Home;
        let listed = Fact::DwellingListed { address, used_as, grid: patch.grid, from: live_on };
        units.push(UnitFact { unit: Unit::Vacant(dwelling), fact: listed });
        let unit = Unit::Household(household);
        units.push(UnitFact { unit, fact: Fact::Settled { dwelling, grid: patch.grid, from: None } });
        if nth % KEY_EVERY == 0 {
            units.push(UnitFact { unit, fact: Fact::KeyMark { key: true, on: live_on } });
        }
    }
    units
}

/// Documents as households have them; a few, because what is measured never reads them.
fn documents(today: NaiveDate) -> Result<Vec<Vec<u8>>, BenchError> {
    let city = City::build(Plan { seed: 1, households: DOCUMENTS, grids: 1, on: today });
    let world = World::still(city, today);
    let mut documents = Vec::new();
    for (no, family) in &world.city().families {
        let mut profile = Profile::new();
        let fields = fields::of_household(family, &people_of(&world, *no));
        profile.edit(&fields, [7; 16], noon(today)).map_err(BenchError::Document)?;
        documents.push(profile.save());
    }
    Ok(documents)
}
