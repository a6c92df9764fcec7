//! `ruhu device` – enrolled phones.

use std::io::Write;

use chrono::DateTime;
use clap::Subcommand;
use ruhu_core::ids::EnrolmentId;

use super::{CliError, find};
use crate::access::command_line;
use crate::storage::Hub;

/// 手机.
#[derive(Debug, Subcommand)]
pub enum Device {
    /// 列出手机 / list phones with their last contact.
    List {
        /// 社区 / the community, when there are several.
        #[arg(long)]
        community: Option<String>,
    },
    /// 注销手机 / revoke a phone: what it still brings is kept for a person, then it erases its copy.
    Revoke {
        /// 登记编号(见 list)/ its enrolment, from `list`.
        enrolment: EnrolmentId,
    },
}

pub(super) fn run(command: Device, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        Device::List { community } => {
            let (id, file) = find::community(hub, community.as_deref())?;
            let workers = file.workers();
            for phone in hub.storage().read(|tx| tx.enrolments())? {
                let Some((worker, _)) = phone.of.filter(|(_, community)| *community == id) else { continue };
                let name = workers.get(&worker).map(|worker| worker.name.as_str()).unwrap_or_default();
                let seen = DateTime::from_timestamp_millis(phone.contact_ms).unwrap_or_default();
                let state = if phone.revoked_ms.is_some() { " 已注销 revoked" } else { "" };
                writeln!(
                    out,
                    "{name} {} {} 最近联系 {} 未上传 {}{state} {}",
                    phone.device,
                    phone.app,
                    file.zone().date(seen),
                    phone.unsent_after,
                    phone.id
                )?;
            }
        }
        Device::Revoke { enrolment } => {
            let revoked = hub.revoke_phone(command_line(), None, enrolment)?;
            if !revoked {
                return Err(CliError::Usage(
                    "没有这部手机,或已注销,见 ruhu device list / no such phone, or revoked already: see `ruhu device list`"
                        .to_owned(),
                ));
            }
            writeln!(
                out,
                "已注销。它带来的记录会进入隔离区,随后手机清除本机数据。\n\
                 Revoked. What it still brings goes to quarantine; then it erases its copy."
            )?;
        }
    }
    Ok(())
}
