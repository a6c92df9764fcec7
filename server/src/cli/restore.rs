//! `ruhu restore` – a backup becomes a data folder again.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::DateTime;
use clap::Args;
use ruhu_core::time::{Clock, Zone};

use super::CliError;
use crate::backup::key::RecoveryKey;
use crate::backup::restore::restore_and;
use crate::storage::Hub;
use crate::storage::hub::Randomness;

/// From which backup, with which key; into the folder that `--data` names.
#[derive(Debug, Args)]
pub struct Restore {
    /// 备份文件 / the backup.
    pub from: PathBuf,
    /// 恢复密钥文件 / the recovery key it was made with.
    #[arg(long)]
    pub key: PathBuf,
    /// 删除台账 erasures.log(旧数据目录里,或另存的)/ the list of erasures, from the old data folder or kept elsewhere:
    /// what was erased since the backup is erased again.
    #[arg(long)]
    pub erasures: Option<PathBuf>,
    /// 备份之后没有删除过任何内容,或台账已遗失 / nothing was erased since the backup, or the list is lost.
    #[arg(long, conflicts_with = "erasures")]
    pub without_erasures: bool,
}

pub(super) fn run(
    args: &Restore,
    data: &Path,
    clock: Arc<dyn Clock>,
    mut randomness: Randomness,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    if args.erasures.is_none() && !args.without_erasures {
        return Err(CliError::Usage(
            "请用 --erasures 指明删除台账(旧数据目录里的 erasures.log,或另存的一份);备份之后没有删除过任何内容,才用 --without-erasures / name the list of erasures with --erasures (`erasures.log` in the old data folder, or the copy kept elsewhere); only where nothing was erased since the backup say --without-erasures".to_owned(),
        ));
    }
    let mut chance = [0; 8];
    randomness.fill_bytes(&mut chance);
    let now_ms = clock.read().wall.timestamp_millis();
    let mut again = 0;
    let restored =
        restore_and(&args.from, &RecoveryKey::read(&args.key)?, data, (chance, now_ms), |database| {
            let Some(list) = &args.erasures else { return Ok(()) };
            let hub = Hub::open(database, clock, randomness)?;
            again = super::erase::again(&hub, list)?;
            Ok(())
        })?;
    let until = restored.last_ms.and_then(DateTime::from_timestamp_millis);
    let until = until.map(|at| Zone::CHINA.date(at).to_string()).unwrap_or_default();
    writeln!(
        out,
        "已恢复到 {}:日志 {} 条,截至 {until}。手机下次同步时会把此后的记录重新上传。\n\
         备份之后在中心办理的事(交接、确认、注销手机、账号)不在其中,请逐项补办;备份之后登记的手机须重新登记,其记录不会丢失。\n\
         已退出全部登录 {sessions} 个,未用的登记码 {codes} 个作废。\n\
         Restored into {}: {} entries, up to {until}. At their next sync phones offer everything again.\n\
         What was done at the desk since the backup (hand-overs, confirmations, revoked phones, accounts) is not in it: do it again. A phone enrolled since is enrolled again and loses nothing.\n\
         Sessions ended: {sessions}; unused enrolment codes now void: {codes}.",
        data.display(),
        restored.entries,
        data.display(),
        restored.entries,
        sessions = restored.sessions,
        codes = restored.codes,
    )?;
    if 0 < again {
        writeln!(out, "按台账再次删除 {again} 项。 / {again} erasures were done again by the list.")?;
    }
    Ok(())
}
