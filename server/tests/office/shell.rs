//! The command line beside a running hub: the same database, the same clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::Parser;
use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::community::CommunityFile;
use ruhu_core::coverage::{Coverage, ObligationState};
use ruhu_core::ids::GridId;
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;
use ruhu_server::cli::{Cli, CliError, Console, run};
use ruhu_server::storage::StorageError;
use ruhu_server::storage::accounts::LogKind;

use super::world::{COMMUNITY, World};

/// No two commands draw the same salts.
static SEED: AtomicU64 = AtomicU64::new(1_000);

pub(crate) fn ruhu(world: &World, words: &[&str]) -> Result<String, CliError> {
    let [option, place] = world.database.option();
    let mut typed = vec!["ruhu", &option, &place];
    typed.extend(words);
    let mut out = Vec::new();
    let seed = SEED.fetch_add(1, Ordering::Relaxed);
    let console = Console {
        out: &mut out,
        clock: Arc::new(world.clock.clone()),
        randomness: Box::new(StdRng::seed_from_u64(seed)),
    };
    run(Cli::try_parse_from(typed).unwrap(), console)?;
    Ok(String::from_utf8(out).unwrap())
}

pub(crate) fn said(world: &World, words: &[&str]) -> String {
    ruhu(world, words).unwrap()
}

pub(crate) fn why_not(world: &World, words: &[&str]) -> String {
    ruhu(world, words).unwrap_err().to_string()
}

pub(crate) fn community(world: &World) -> CommunityFile {
    world.hub.storage().read(|tx| tx.community(COMMUNITY)).unwrap().unwrap()
}

pub(crate) fn coverage(world: &World, grid: GridId, period: &str) -> Coverage {
    let period: Period = period.parse().unwrap();
    world.hub.storage().read(|tx| tx.grid_coverage(grid, period)).unwrap().unwrap()
}

pub(crate) fn state(world: &World, grid: GridId, period: &str, unit: Unit) -> Option<ObligationState> {
    coverage(world, grid, period).obligations.iter().find(|one| one.unit == unit).map(|one| one.state)
}

/// What was looked at, newest first.
pub(crate) fn looks(world: &World) -> Vec<(String, String)> {
    let rows =
        world.hub.storage().read(|tx| -> Result<_, StorageError> { tx.logged(LogKind::Access, None, 100) });
    rows.unwrap().into_iter().map(|(_, _, row)| (row.what, row.target)).collect()
}
