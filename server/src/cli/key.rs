//! `ruhu key` – the list of the hub's keys.

use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use ruhu_core::entry::fingerprint;

use super::CliError;
use crate::keys::KeyChain;
use crate::report::seal::hex;
use crate::storage::Hub;

/// 中心密钥.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// 生成恢复密钥(只做一次,文件离线保存)/ make the recovery key: once, into a file to be kept offline.
    InitRecovery {
        /// 写入文件 / the new file.
        #[arg(long)]
        out: PathBuf,
    },
    /// 更换中心密钥 / sign with a new key from now on.
    Next {
        /// 恢复密钥文件 / the file of the recovery key.
        #[arg(long)]
        recovery: PathBuf,
        /// 现用密钥已丢失或泄露 / the present key was lost or is known to others: the recovery key signs alone.
        #[arg(long)]
        present_key_lost: bool,
    },
    /// 列出密钥与指纹 / list the keys with their fingerprints.
    List {
        /// 以 JSON 输出 / print JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &Key, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        Key::InitRecovery { out: path } => {
            let key = hub.init_recovery(path)?;
            writeln!(
                out,
                "恢复密钥已写入 {0},本机不留副本:请离线保存两份\n\
                 The recovery key is in {0} and nowhere else: keep two copies offline\n公钥 / public: {1}",
                path.display(),
                hex(&key.to_bytes())
            )?;
        }
        Key::Next { recovery, present_key_lost } => {
            let link = hub.next_key(recovery, *present_key_lost)?;
            writeln!(
                out,
                "第 {0} 把中心密钥已启用,各手机下次同步时得知\nHub key {0} is in use; phones learn of it at their next sync\n\
                 指纹 / fingerprint: {1}",
                link.nr,
                fingerprint(&link.key)
            )?;
            if *present_key_lost {
                writeln!(
                    out,
                    "前一把密钥未签名:各手机会请工作者核对以上指纹\nThe former key did not sign: phones ask their workers to compare \
                     this fingerprint"
                )?;
            }
        }
        Key::List { json: true } => {
            let chain = hub.storage().read(KeyChain::of)?;
            writeln!(out, "{}", serde_json::to_string_pretty(&chain).map_err(std::io::Error::from)?)?;
        }
        Key::List { json: false } => {
            let (keys, links) = hub
                .storage()
                .read(|tx| Ok::<_, crate::storage::StorageError>((tx.hub_keys()?, tx.key_links(1)?)))?;
            for (nr, key, from_ms) in keys {
                let from = chrono::DateTime::from_timestamp_millis(from_ms).unwrap_or_default();
                let lost = links.iter().any(|link| link.nr == nr && link.by_present.is_none());
                let alone = if lost { "  仅恢复密钥签名 / by the recovery key alone" } else { "" };
                writeln!(
                    out,
                    "{nr}  {}  {}  {}{alone}",
                    from.date_naive(),
                    fingerprint(&key.to_bytes()),
                    hex(&key.to_bytes())
                )?;
            }
        }
    }
    Ok(())
}
