//! `ruhu review` – which records of a period are worth a second visit: a set in the order of doors, each with its card.
//!
//! Nobody is named, and nothing is written but that each card was looked at. Whoever visits again gets the door and not the card (`detection.md` 4.5: blind).

use std::io::Write;

use clap::Args;
use ruhu_core::ids::Hash32;
use ruhu_core::time::Period;
use serde::Serialize;

use super::{CliError, find};
use crate::access::command_line;
use crate::flags::card::Both;
use crate::flags::gather::gather;
use crate::flags::signals::Signal;
use crate::flags::{Card, Chosen, Model, NotEnough, card, choose, review};
use crate::report::reading::ReadingError;
use crate::storage::Hub;

/// Which review, and how.
#[derive(Debug, Args)]
pub struct Review {
    /// 期间 / the period: 2026Q4 or 2026-11.
    #[arg(long)]
    pub period: Period,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
    /// 只看一条记录的依据卡 / only the card of this record: its hash, or the first signs of it.
    #[arg(long, value_name = "RECORD")]
    pub card: Option<String>,
    /// 输出 JSON / print JSON instead of text.
    #[arg(long)]
    pub json: bool,
}

/// What `--json` prints. No list of workers, no risk.
#[derive(Serialize)]
struct Printed {
    period: String,
    records_read: usize,
    room_for: usize,
    cards: Vec<Card>,
    workers_tested: usize,
    workers_not_tested: usize,
    not_enough: Vec<NotEnough>,
    missing: Vec<Both>,
    model_version: &'static str,
    inputs_hash: Hash32,
}

pub(super) fn run(args: &Review, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, _) = find::community(hub, args.community.as_deref())?;
    let period = args.period;
    let material = hub.storage().read(|tx| -> Result<_, ReadingError> { gather(tx, community, period) })?;
    let model = Model::default();
    let found = review(&material, &model);
    let chosen = match &args.card {
        Some(wanted) => one(&found.lines.iter().map(|line| line.record).collect::<Vec<_>>(), wanted)?,
        None => choose(&material, &found, &model),
    };
    let cards: Vec<Card> =
        chosen.records.iter().filter_map(|record| card(&material, &found, *record)).collect();
    for card in &cards {
        hub.looked(command_line(), "review.card", &format!("{community}/{period}/{}", card.record))?;
    }
    let missing = found.missing.iter().map(|missing| missing.words());
    let printed = Printed {
        period: period.to_string(),
        records_read: material.records.len(),
        room_for: chosen.capacity,
        cards,
        workers_tested: chosen.tested,
        workers_not_tested: chosen.untested,
        not_enough: found.not_enough,
        missing: missing.map(|(zh, en)| Both { zh: zh.to_owned(), en: en.to_owned() }).collect(),
        model_version: found.model_version,
        inputs_hash: found.inputs_hash,
    };
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&printed).unwrap_or_default())?;
    } else {
        text(&printed, args.card.is_some(), out)?;
    }
    Ok(())
}

/// The one record meant, as a set of itself.
fn one(records: &[Hash32], wanted: &str) -> Result<Chosen, CliError> {
    let found: Vec<Hash32> =
        records.iter().filter(|one| one.to_string().starts_with(wanted)).copied().collect();
    match found.as_slice() {
        [only] => Ok(Chosen { records: vec![*only], ..Chosen::default() }),
        [] => Err(CliError::Usage(format!(
            "本期没有这条记录:{wanted} / no such record in this period: {wanted}"
        ))),
        several => Err(CliError::Usage(format!(
            "有 {} 条记录以此开头,请多写几位 / {} records begin like this: write more of it",
            several.len(),
            several.len()
        ))),
    }
}

fn text(printed: &Printed, only_card: bool, out: &mut dyn Write) -> Result<(), CliError> {
    for card in &printed.cards {
        writeln!(out, "{}", card.text())?;
    }
    if only_card {
        return Ok(());
    }
    let (count, read, room) = (printed.cards.len(), printed.records_read, printed.room_for);
    writeln!(
        out,
        "{}:读 {read} 条记录,建议复访 {count} 条(最多 {room} 条),按门牌顺序。 / {read} records read, {count} put up for a re-visit (room for {room}), in the order of doors.",
        printed.period
    )?;
    if 0 < printed.workers_not_tested {
        writeln!(
            out,
            "尚无足够经复访核实的记录作对照:{} 人未作整体检验,只按下限与容量抽取。 / Nothing cleared to compare with yet: {} workers' quarters were not tested, floor and capacity alone decided.",
            printed.workers_not_tested, printed.workers_not_tested
        )?;
    }
    for one in &printed.not_enough {
        let names = Signal::of(one.signal).map_or(("", ""), |signal| signal.names);
        writeln!(out, "样本不足 / not enough: {} / {} ({} / {})", names.0, names.1, one.workers, one.of)?;
    }
    for one in &printed.missing {
        writeln!(out, "没有 / not to be had: {} / {}", one.zh, one.en)?;
    }
    writeln!(out, "模型 / model {} · 依据 / inputs {}", printed.model_version, printed.inputs_hash)?;
    Ok(())
}
