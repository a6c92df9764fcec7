//! `ruhu quarantine` – entries that wait for a person.

use std::io::Write;

use clap::Subcommand;

use super::{CliError, find};
use crate::access::command_line;
use crate::storage::Hub;
use crate::storage::log::Pos;
use crate::storage::waiting::Waits;

/// 隔离区.
#[derive(Debug, Subcommand)]
pub enum Quarantine {
    /// 列出待核与隔离的记录 / list what waits.
    List {
        /// 社区 / the community, when there are several.
        #[arg(long)]
        community: Option<String>,
    },
    /// 准入 / admit an entry into the log.
    Admit {
        /// 编号(见 list)/ its number, from `list`.
        number: i64,
        /// 理由 / why.
        #[arg(long)]
        reason: String,
    },
}

pub(super) fn run(command: Quarantine, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        Quarantine::List { community } => {
            let (id, file) = find::community(hub, community.as_deref())?;
            let waiting = hub.storage().read(|tx| tx.waiting_in(id))?;
            for one in &waiting {
                let kept = hub.storage().read(|tx| tx.entry(one.pos))?;
                let received =
                    kept.and_then(|kept| chrono::DateTime::from_timestamp_millis(kept.received_ms));
                let day = received.map(|at| file.zone().date(at).to_string()).unwrap_or_default();
                let state = match (one.waits, one.left_ms) {
                    (Waits::Parked, _) => "待核 parked",
                    (Waits::Quarantined, None) => "隔离 quarantined",
                    (Waits::Quarantined, Some(_)) => "不予准入 left",
                };
                writeln!(out, "{} {day} {state} {}", one.pos.0, one.reason)?;
            }
            writeln!(out, "共 {0} 条 / {0} in all", waiting.len())?;
        }
        Quarantine::Admit { number, reason } => {
            hub.office(move |desk| desk.admit(Pos(number), command_line(), &reason))?;
            writeln!(out, "第 {number} 条已准入\nEntry {number} is in the log now")?;
        }
    }
    Ok(())
}
