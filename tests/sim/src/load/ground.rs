//! 场地 – communities of six grids with their households and workers, written beside the running server; one code a phone.

use chrono::NaiveDate;
use ruhu_server::storage::Hub;

use super::{LoadError, Plan};
use crate::bench::county::fill::enter;
use crate::bench::county::{COMMUNITY_GRIDS, Patch, went_live};

/// Numbers from here on belong to a run of this kind, so that a county built for the benches keeps its own.
const FIRST_GRID: u32 = 1_000_000;

/// A phone that is to be.
pub(super) struct Invited {
    pub(super) patch: Patch,
    pub(super) code: String,
}

/// Writes what is missing, and makes a code for every phone.
pub(super) fn lay(hub: &Hub, plan: &Plan, today: NaiveDate) -> Result<Vec<Invited>, LoadError> {
    let live_on = went_live(today);
    let patches: Vec<Patch> = (0..plan.phones)
        .map(|nth| {
            // Far from each other, so that another run may have larger grids.
            Patch::with(FIRST_GRID + nth, (FIRST_GRID + nth).wrapping_mul(2_000), plan.households)
        })
        .collect();
    let mut invited = Vec::with_capacity(patches.len());
    let grids = usize::try_from(COMMUNITY_GRIDS).unwrap_or(usize::MAX);
    for some in patches.chunks(grids) {
        let Some(community) = some.first().map(|patch| patch.community) else { continue };
        let known = hub.storage().read(|tx| tx.community(community))?;
        let drawn = known.map(|file| file.grids().into_keys().collect::<Vec<_>>()).unwrap_or_default();
        let fresh: Vec<Patch> = some.iter().filter(|patch| !drawn.contains(&patch.grid)).cloned().collect();
        if !fresh.is_empty() {
            let done = hub.office(move |desk| enter(desk, community, &fresh, live_on));
            done.map_err(|why| LoadError::Ground(Box::new(why)))?;
        }
        for patch in some {
            let code = hub.make_code(community, patch.worker)?;
            invited.push(Invited { patch: patch.clone(), code });
        }
    }
    Ok(invited)
}
