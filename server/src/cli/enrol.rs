//! `ruhu enrol` – a one-time code for a worker's phone, as an address and as a QR code for the camera.

use std::io::Write;

use clap::Args;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use super::{CliError, find};
use crate::access::command_line;
use crate::ingest::enrol::{CODE_HOURS, enrol_url};
use crate::storage::Hub;

/// Whose phone.
#[derive(Debug, Args)]
pub struct Enrol {
    /// 工作者姓名或编号 / the worker's name or id.
    pub worker: String,
    /// 手机访问中心的网址 / where phones reach this hub; what `ruhu serve` was last told when left out.
    #[arg(long)]
    pub url: Option<String>,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

pub(super) fn run(args: &Enrol, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    let worker = find::worker(&file, &args.worker)?;
    let known = hub.storage().read(|tx| tx.public_url())?;
    let url = args.url.clone().unwrap_or(known);
    if url.is_empty() {
        return Err(CliError::Usage(
            "还不知道手机访问中心的网址,请加 --url https://… 或先运行 ruhu serve --public-url / \
             where phones reach this hub is not known yet: give --url https://…, or run `ruhu serve --public-url` first"
                .to_owned(),
        ));
    }
    let code = hub.code_for(command_line(), community, worker)?;
    let address = enrol_url(&url, &code, hub);
    if let Ok(qr) = QrCode::new(address.as_bytes()) {
        writeln!(out, "{}", qr.render::<Dense1x2>().quiet_zone(true).build())?;
    }
    writeln!(out, "{address}\n登记码 / code: {code}")?;
    writeln!(
        out,
        "请用该工作者的手机扫码,{CODE_HOURS} 小时内有效,只能用一次。\n\
         Scan it with the worker's phone within {CODE_HOURS} hours; it works once."
    )?;
    Ok(())
}
