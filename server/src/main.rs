//! `ruhu` – the hub on the command line.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;
use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::time::SystemClock;
use ruhu_server::cli::{Cli, Console, run};

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output (`| head`) has seen enough.
        Err(why) if is_closed_pipe(&why) => ExitCode::SUCCESS,
        Err(why) => {
            tell(&why);
            ExitCode::FAILURE
        }
    }
}

fn start() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let mut seed = [0u8; 32];
    getrandom::fill(&mut seed).context("取系统随机数 / read the system's randomness")?;
    let mut out = std::io::stdout();
    let console = Console {
        out: &mut out,
        clock: Arc::new(SystemClock),
        randomness: Box::new(StdRng::from_seed(seed)),
    };
    run(cli, console)?;
    Ok(())
}

fn is_closed_pipe(why: &anyhow::Error) -> bool {
    let kinds =
        why.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).map(std::io::Error::kind);
    kinds.into_iter().any(|kind| kind == std::io::ErrorKind::BrokenPipe)
}

#[expect(
    clippy::print_stderr,
    reason = "the one place that speaks to the person at the shell about a failure"
)]
fn tell(why: &anyhow::Error) {
    eprintln!("ruhu: {why:#}");
}
