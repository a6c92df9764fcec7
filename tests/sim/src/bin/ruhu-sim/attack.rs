//! `ruhu-sim hostile` – hostile pushes, counted.

use std::io::Write;

use anyhow::Context;
use ruhu_sim::hostile;

/// What a hostile run cost.
#[derive(serde::Serialize)]
struct Cost {
    /// What came of it.
    #[serde(flatten)]
    figures: hostile::Figures,
    /// How long it took, in seconds.
    took_s: u64,
    /// Most memory this process ever held, in bytes, as the system counts it; 0 where it does not.
    peak_rss_bytes: u64,
}

/// Pushes hostile entries and tells what came of it.
///
/// # Errors
/// When the run breaks, or when something happened that must not.
pub(crate) fn hostile(entries: u64, seed: u64, out: &mut impl Write) -> anyhow::Result<()> {
    let folder = folder()?;
    let started = std::time::Instant::now();
    hostile::count_panics();
    let plan = hostile::Plan { seed, entries };
    let mut told = 0;
    let figures = hostile::run(plan, folder.path(), &hostile::NoMeter, |figures| {
        if told + 20_000 <= figures.entries {
            told = figures.entries;
            // Progress is for a person who waits; a closed pipe is no reason to stop.
            drop(writeln!(
                out,
                "{} / {entries}, {} s, {} 处异常 / findings",
                figures.entries,
                started.elapsed().as_secs(),
                figures.findings
            ));
        }
    })?;
    let findings = figures.findings;
    let cost = Cost { figures, took_s: started.elapsed().as_secs(), peak_rss_bytes: peak_rss_bytes() };
    writeln!(out, "{}", serde_json::to_string(&cost)?)?;
    anyhow::ensure!(findings == 0, "{findings} 处异常,见上 / {findings} findings, see above");
    Ok(())
}

/// In memory where the machine has a disk of it: thousands of commits would wait for a real one.
fn folder() -> anyhow::Result<tempfile::TempDir> {
    let memory = std::path::Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.context("临时目录 / a temporary folder")
}

fn peak_rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
