//! `ruhu-sim bench sync` – bytes and round trips of one grid, beside automerge's own protocol doing the same work.

use std::path::Path;

use chrono::{Days, NaiveDate, NaiveTime};
use ruhu_core::time::Zone;
use serde::Serialize;

use super::BenchError;
use super::baseline::{Baseline, Cost, Side};
use super::load::{Load, Paid, day, ids_of, load, people_of};
use super::site::Site;
use crate::fields;
use crate::harness::{SimPhone, Traffic};

/// Visits of a day on the phone that is measured.
const DAY_UP: u32 = 30;
/// Visits of the same day that come down to it.
const DAY_DOWN: u32 = 10;
/// Five years, in days.
const PAST_DAYS: u32 = 5 * 365;

/// What the bench prints; bytes of request and reply bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SyncFigures {
    /// Everything follows from it.
    pub seed: u64,
    /// Households of the grid.
    pub households: u32,
    /// Past visits of each.
    pub visits_each: u32,
    /// Nothing new, up.
    pub empty_up: usize,
    /// Nothing new, down.
    pub empty_down: usize,
    /// Round trips of nothing new.
    pub empty_round_trips: u32,
    /// 30 visits up and 10 down, up.
    pub day_up: usize,
    /// 30 visits up and 10 down, down.
    pub day_down: usize,
    /// Round trips of the day.
    pub day_round_trips: u32,
    /// First load of a fresh phone, both ways.
    pub first_load: usize,
    /// Round trips of the first load.
    pub first_load_round_trips: u32,
    /// The same first load as one bundle, with the sync that goes on from it, both ways.
    pub bundle: usize,
    /// Round trips of both.
    pub bundle_round_trips: u32,
    /// The same work through automerge's own protocol.
    pub automerge: BaselineFigures,
}

/// The same work through automerge's own protocol, visits inside the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BaselineFigures {
    /// Nothing new.
    pub empty: Cost,
    /// 30 visits up and 10 down.
    pub day: Cost,
    /// First load.
    pub first_load: Cost,
}

/// Measures on a grid of `households`, each with `visits` visits in five years, as of `today`.
///
/// # Errors
/// [`BenchError`].
pub fn measure(
    folder: &Path,
    seed: u64,
    households: u32,
    visits: u32,
    today: NaiveDate,
) -> Result<SyncFigures, BenchError> {
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let load = load(seed, households, visits, PAST_DAYS, yesterday);
    let up = day(&load.world, today, 0, DAY_UP);
    // The other phone visits other households, as it would.
    let after = up.last().map_or(0, |paid| paid.family.0 + 1);
    let down = day(&load.world, today, after, DAY_DOWN);
    let [first_load, bundle, empty, busy] = through_ruhu(folder, &load, &up, &down)?;
    Ok(SyncFigures {
        seed,
        households,
        visits_each: visits,
        empty_up: empty.up,
        empty_down: empty.down,
        empty_round_trips: empty.round_trips,
        day_up: busy.up,
        day_down: busy.down,
        day_round_trips: busy.round_trips,
        first_load: first_load.up + first_load.down,
        first_load_round_trips: first_load.round_trips,
        bundle: bundle.up + bundle.down,
        bundle_round_trips: bundle.round_trips,
        automerge: through_automerge(&load, &up, &down)?,
    })
}

fn through_ruhu(folder: &Path, load: &Load, up: &[Paid], down: &[Paid]) -> Result<[Traffic; 4], BenchError> {
    let (mut site, mut writer) = Site::build(folder, load)?;
    let today = up.first().map_or(load.world.today(), |paid| paid.knock.written.date());
    let at = |hour| Zone::CHINA.instant(today, NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN));
    site.hub.clock().move_to(at(8));
    let mut phone = SimPhone::enrol(&site.hub, site.cover, ":memory:", load.world.city().plan.seed)?;
    let first_load = spent(&mut phone, &site)?;
    let mut other = SimPhone::enrol(&site.hub, site.cover, ":memory:", load.world.city().plan.seed + 1)?;
    other.load_bundle(&site.hub)?;
    spent(&mut other, &site)?;
    let bundle = other.traffic;
    site.hub.clock().move_to(at(9));
    let empty = spent(&mut phone, &site)?;
    for paid in down {
        site.save(load, paid, &mut writer)?;
    }
    writer.sync(&site.hub)?;
    for paid in up {
        site.save(load, paid, &mut phone)?;
    }
    site.hub.clock().move_to(at(21));
    let busy = spent(&mut phone, &site)?;
    Ok([first_load, bundle, empty, busy])
}

fn spent(phone: &mut SimPhone, site: &Site) -> Result<Traffic, BenchError> {
    let before = phone.traffic;
    phone.sync(&site.hub)?;
    let after = phone.traffic;
    Ok(Traffic {
        up: after.up - before.up,
        down: after.down - before.down,
        round_trips: after.round_trips - before.round_trips,
    })
}

fn through_automerge(load: &Load, up: &[Paid], down: &[Paid]) -> Result<BaselineFigures, BenchError> {
    let families = &load.world.city().families;
    let households: Vec<_> =
        families.iter().map(|(no, one)| fields::of_household(one, &people_of(&load.world, *no))).collect();
    let mut both = Baseline::at_hub(&households)?;
    let write = |both: &mut Baseline, side: Side, paid: &Paid| {
        let people = people_of(&load.world, paid.family);
        let draft = paid.draft(&load.world, ids_of(paid.family, paid.door), &people);
        both.visit(side, usize::try_from(paid.family.0).unwrap_or(usize::MAX), &draft)
    };
    for paid in &load.past {
        write(&mut both, Side::Hub, paid)?;
    }
    let first_load = both.sync()?;
    let empty = both.sync()?;
    for paid in up {
        write(&mut both, Side::Phone, paid)?;
    }
    for paid in down {
        write(&mut both, Side::Hub, paid)?;
    }
    let day = both.sync()?;
    Ok(BaselineFigures { empty, day, first_load })
}
