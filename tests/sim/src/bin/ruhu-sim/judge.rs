//! `ruhu-sim evaluate` – how the hub's signals do against described falsifiers.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use ruhu_sim::falsify::{Report, Strategy, Touch, Wanted, evaluate};

/// What is to be evaluated.
#[derive(Args)]
pub(super) struct Evaluate {
    /// 造假方式 / files that describe falsifiers.
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    strategies: Vec<PathBuf>,
    /// Workers; half of them are judged, the others calibrate.
    #[arg(long, default_value_t = 400)]
    workers: u32,
    /// Quarters; the later half is judged.
    #[arg(long, default_value_t = 4)]
    quarters: u32,
    /// Share of all records that is made up.
    #[arg(long, default_value_t = 0.05)]
    base_rate: f64,
    /// 位置 / what phones send of their place.
    #[arg(long, value_enum, default_value_t = Location::Off)]
    location: Location,
    /// How strong honest nuisances are: 2 doubles them.
    #[arg(long, default_value_t = 1.0)]
    nuisance: f64,
    /// Everything follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 输出 JSON / print JSON instead of text.
    #[arg(long)]
    json: bool,
}

/// What phones send of their place; nothing else is built yet.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Location {
    /// Nothing.
    Off,
}

pub(super) fn run(args: &Evaluate, out: &mut impl Write) -> anyhow::Result<()> {
    let mut strategies = Vec::new();
    for path in &args.strategies {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("读取 / read {}", path.display()))?;
        strategies.push(Strategy::read(&text).with_context(|| path.display().to_string())?);
    }
    let Location::Off = args.location;
    let wanted = Wanted {
        strategies,
        workers: args.workers,
        quarters: args.quarters,
        base_rate: args.base_rate,
        seed: args.seed,
        nuisance: args.nuisance,
    };
    let report = evaluate(&wanted);
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
    } else {
        text(&report, out)?;
    }
    Ok(())
}

fn text(report: &Report, out: &mut impl Write) -> anyhow::Result<()> {
    let row = |name: &str, one: &ruhu_sim::falsify::Figures| {
        format!(
            "{name:<22} precision {:.3}  lift {:>5.2}  AUPRC {:.3}  AUROC {:.3}",
            one.precision_at_capacity, one.lift, one.auprc, one.auroc
        )
    };
    writeln!(out, "{} records, {:.2} % made up", report.records, 100.0 * report.base_rate)?;
    writeln!(out, "{}", row("signals", &report.overall))?;
    for (name, one) in &report.by_strategy {
        writeln!(out, "{}", row(&format!("  {name}"), one))?;
    }
    for (name, one) in &report.baselines {
        writeln!(out, "{}", row(name, one))?;
    }
    let calibration = &report.calibration;
    writeln!(
        out,
        "calibration: largest decile gap {:.3}, Brier {:.4}, log loss {:.4}",
        calibration.largest_decile_gap, calibration.brier, calibration.log_loss
    )?;
    touch("as it runs, nobody cleared", &report.as_it_runs, out)?;
    touch("later, with workers cleared", &report.later, out)?;
    for (name, (honest, made_up)) in &report.reasons_per_1000 {
        writeln!(out, "reason {name:<18} per 1,000: honest {honest:>7.2}, made up {made_up:>7.2}")?;
    }
    Ok(())
}

fn touch(title: &str, touch: &Touch, out: &mut impl Write) -> anyhow::Result<()> {
    let (put_up, precision) = touch.put_up;
    let (tested, untested) = touch.tested;
    writeln!(
        out,
        "{title}: put up {put_up}, of them made up {precision:.3}; tested {tested}, not {untested}"
    )?;
    writeln!(
        out,
        "  review entries per 1,000 honest worker-months: {:.1} (of {})",
        touch.review_entries_per_1000, touch.honest_worker_months
    )?;
    for (name, one) in touch.by_strategy.iter().chain(&touch.by_share) {
        writeln!(
            out,
            "  touched {name:<6} of {:>3} workers: {:.2} in a quarter, {:.2} in two ({:.2} to {:.2}); by lot {:.2}",
            one.workers, one.in_one, one.in_two, one.low, one.high, one.by_lot
        )?;
    }
    for (name, (months, ratio)) in &touch.fairness {
        writeln!(out, "  fairness {name:<32} {months:>6} worker-months, ratio {ratio:.2}")?;
    }
    Ok(())
}
