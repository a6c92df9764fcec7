//! `ruhu backup` – an encrypted, verified copy of everything, beside a running server.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::CliError;
use crate::backup::key::RecoveryKey;
use crate::storage::Hub;

/// Where to, and with which key.
#[derive(Debug, Args)]
pub struct Backup {
    /// 备份文件 / where to write the backup; a file that is there is left alone.
    #[arg(required_unless_present = "make_key")]
    pub to: Option<PathBuf>,
    /// 恢复密钥文件 / the recovery key: encrypts, and reads back what was written.
    #[arg(long, required_unless_present = "make_key")]
    pub key: Option<PathBuf>,
    /// 生成恢复密钥 / make a recovery key in this new file, and nothing else.
    #[arg(long, conflicts_with_all = ["to", "key"])]
    pub make_key: Option<PathBuf>,
}

/// Makes a key, if that is what was asked for: it needs no hub. Whether it was.
pub(super) fn make_key(args: &Backup, out: &mut dyn Write) -> Result<bool, CliError> {
    let Some(path) = &args.make_key else { return Ok(false) };
    let key = RecoveryKey::generate();
    key.write(path)?;
    writeln!(
        out,
        "恢复密钥已写入 {0}。没有它,任何备份都无法恢复:请另存两处,不要只放在中心的机器上。\n\
         The recovery key is in {0}. Without it no backup can be restored: keep two copies away from the hub.",
        path.display()
    )?;
    Ok(true)
}

pub(super) fn run(args: &Backup, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (Some(to), Some(key)) = (&args.to, &args.key) else { return Ok(()) };
    let made = hub.back_up(to, &RecoveryKey::read(key)?)?;
    writeln!(
        out,
        "备份 {}:{} 字节,日志 {} 条,已读回核验。手机不必再为这些记录留底(至少仍留 30 天)。\n\
         Backup {}: {} bytes, {} entries, read back and verified. Phones need not keep these records for it (30 days at least they do).\n\
         SHA-256 {}",
        made.path.display(),
        made.size_bytes,
        made.entries,
        made.path.display(),
        made.size_bytes,
        made.entries,
        made.row.hash
    )?;
    Ok(())
}
