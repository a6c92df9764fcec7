//! `ruhu prove POSITION` – one entry in a bundle that a third party checks without this program.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::CliError;
use crate::report::seal::hex;
use crate::storage::Hub;
use crate::storage::log::Pos;

/// Which entry, and how much of it.
#[derive(Debug, Args)]
pub struct Prove {
    /// 日志位置 / its position in the log, as `verify` and reports count it.
    pub position: i64,
    /// 附上正文(含个人信息)/ with its body, which holds personal data.
    #[arg(long)]
    pub with_body: bool,
    /// 写入文件 / write it here; printed when left out.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

pub(super) fn run(args: &Prove, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let proof = hub.prove(Pos(args.position), args.with_body)?;
    let text = serde_json::to_string_pretty(&proof).map_err(std::io::Error::from)?;
    let Some(path) = &args.out else {
        writeln!(out, "{text}")?;
        return Ok(());
    };
    std::fs::write(path, format!("{text}\n"))
        .map_err(|source| CliError::File { path: path.clone(), source })?;
    let (file, key) = (path.display(), hex(&hub.verifying_key().to_bytes()));
    writeln!(
        out,
        "证明已写入 / the proof is in {file}\n核对 / check it: node server/proof/check.mjs {file} {key}"
    )?;
    Ok(())
}
