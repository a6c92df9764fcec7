//! `ruhu export --all --out FILE` – the whole log in one file that a third party checks without this program.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;

use super::CliError;
use crate::files::{part_of, write_private};
use crate::report::seal::hex;
use crate::storage::Hub;

/// What to write, and where.
#[derive(Debug, Args)]
pub struct Export {
    /// 全部 / everything that was ever received; there is no other export of the log.
    #[arg(long, required = true)]
    pub all: bool,
    /// 写入文件(不覆盖)/ write it here; an existing file is left alone.
    #[arg(long)]
    pub out: PathBuf,
}

pub(super) fn run(args: &Export, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let failed = |source| CliError::File { path: args.out.clone(), source };
    if args.out.exists() {
        return Err(failed(std::io::ErrorKind::AlreadyExists.into()));
    }
    // Under another name until it is whole: half an export must not look like one.
    let part = part_of(&args.out);
    let at_part = |source| CliError::File { path: part.clone(), source };
    let mut file = BufWriter::new(write_private(&part).map_err(at_part)?);
    let told = &mut *out;
    let mut progress = |entries: u64| {
        // Whoever closed the pipe still gets the file.
        drop(writeln!(told, "{entries} 条 / entries …"));
    };
    let exported = hub.export(&mut file, &mut progress);
    let done = exported.map_err(CliError::from).and_then(|exported| {
        file.into_inner().map_err(|why| failed(why.into_error()))?.sync_all().map_err(failed)?;
        // A name that appeared meanwhile is not written over.
        std::fs::hard_link(&part, &args.out).map_err(failed)?;
        std::fs::remove_file(&part).map_err(failed)?;
        Ok(exported)
    });
    let exported = match done {
        Ok(exported) => exported,
        Err(why) => {
            drop(std::fs::remove_file(&part));
            return Err(why);
        }
    };
    let (path, key) = (args.out.display(), hex(&hub.verifying_key().to_bytes()));
    writeln!(
        out,
        "已导出 {0} 条、{1} 部手机、{2} 个检查点 / exported {0} entries, {1} phones, {2} checkpoints: {path}\n\
         含个人信息,请妥善保管 / it holds personal data: keep it safe\n\
         核对 / check it: node server/proof/check-export.mjs {path} {key}",
        exported.entries, exported.phones, exported.checkpoints
    )?;
    Ok(())
}
