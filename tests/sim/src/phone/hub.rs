//! The way to the hub: enrolment and exchange.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use clap::Args;
use ruhu_core::fieldbook::{Fieldbook, Invitation, sync_telling};
use ruhu_core::sync::http::{Carrier, CarrierOptions};
use ruhu_core::sync::session::{Outcome, Progress, Wait};
use ruhu_core::sync::wire::ENROL_PATH;
use tokio::runtime::{Builder, Runtime};

use super::{PhoneError, Printer};

/// How the hub is reached.
#[derive(Debug, Args)]
pub struct Reach {
    /// 中心的私有证书 / the hub's own certificate authority, a PEM file.
    #[arg(long)]
    pub root_pem: Option<PathBuf>,
    /// 允许未加密连接(仅供试用) / unencrypted to another machine, for trials only.
    #[arg(long)]
    pub plain_http: bool,
}

/// A code and where to show it.
#[derive(Debug, Args)]
pub struct EnrolArgs {
    /// 登记网址或登记码 / the address of the QR code, or the code alone with --hub.
    pub invitation: String,
    /// 中心网址 / where the hub is, when the code was typed by hand.
    #[arg(long)]
    pub hub: Option<String>,
    /// How the hub is reached.
    #[command(flatten)]
    pub reach: Reach,
}

pub(super) fn enrol(
    args: &EnrolArgs,
    book: &Mutex<Fieldbook>,
    to: &mut Printer<'_>,
) -> Result<(), PhoneError> {
    let invitation = match (Invitation::parse(&args.invitation), &args.hub) {
        (Some(invitation), _) => invitation,
        (None, Some(url)) => Invitation { url: url.clone(), code: args.invitation.clone(), hub_key: None },
        (None, None) => {
            return Err(PhoneError::Usage(
                "请粘贴完整登记网址,或加 --hub https://… / paste the whole address, or add --hub https://…"
                    .to_owned(),
            ));
        }
    };
    let carrier = carrier(&invitation.url, &args.reach)?;
    let request = locked(book).enrol_request(&invitation.code, "command line")?;
    let answer = runtime()?.block_on(carrier.post(ENROL_PATH, request))?;
    let enrolled = locked(book).take_invited_reply(&invitation, answer.status, &answer.body)?;
    to.print(&enrolled, |enrolled| {
        format!(
            "已登记:{}。接着运行 sync 收取名册 / enrolled as {}; run `sync` next to receive the roster",
            enrolled.worker_name, enrolled.worker_name
        )
    })
}

pub(super) fn sync(reach: &Reach, book: &Mutex<Fieldbook>, to: &mut Printer<'_>) -> Result<(), PhoneError> {
    let Some(enrolled) = locked(book).enrolled()? else {
        return Err(PhoneError::Usage(
            "本机尚未登记,请先运行 enrol / not enrolled: run `enrol` first".to_owned(),
        ));
    };
    let carrier = carrier(&enrolled.url, reach)?;
    let mut shown = Shown::default();
    let outcome = {
        let mut tell = |progress: Progress| shown.add(progress, to);
        runtime()?.block_on(sync_telling(book, &carrier, &mut tell))?
    };
    shown.printed?;
    to.print(&outcome, outcome_words)
}

/// How much of a first load was shown to have come: a line each tenth of it.
struct Shown {
    tenths: u64,
    printed: Result<(), PhoneError>,
}

impl Default for Shown {
    fn default() -> Self {
        Self { tenths: 0, printed: Ok(()) }
    }
}

impl Shown {
    fn add(&mut self, progress: Progress, to: &mut Printer<'_>) {
        let tenths = (progress.have * 10).checked_div(progress.total).unwrap_or(0);
        if self.tenths < tenths && self.printed.is_ok() {
            self.tenths = tenths;
            let (have_kib, total_kib) = (progress.have.div_ceil(1024), progress.total.div_ceil(1024));
            self.printed = to.tell(&format!(
                "首次下载 {have_kib}/{total_kib} KiB({tenths}0%) / first load {have_kib} of {total_kib} KiB"
            ));
        }
    }
}

fn outcome_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done(exchange) | Outcome::Again(exchange) => format!(
            "同步完成:发出 {},已收到 {},待核 {},退回 {},收取 {} / done: sent {}, accepted {}, parked {}, refused {}, \
             received {}",
            exchange.sent,
            exchange.accepted,
            exchange.parked,
            exchange.quarantined,
            exchange.received,
            exchange.sent,
            exchange.accepted,
            exchange.parked,
            exchange.quarantined,
            exchange.received
        ),
        Outcome::SignAgain => "时钟不准,请再试一次 / the clock is off: try again".to_owned(),
        Outcome::RetryAt { at, why } => {
            let why = match why {
                Wait::NoAnswer => {
                    "连不上中心,记录都在本机 / no answer from the hub; all records are safe here"
                }
                Wait::HubAsked | Wait::HubBusy => "中心繁忙 / the hub is busy",
                Wait::Clock => "时钟与中心不符,请校准 / set this machine's clock",
                Wait::Refused => {
                    "中心不接受此请求,请更新应用 / the hub does not take the request: update the app"
                }
            };
            format!("{why}\n{} 之后再试 / try again after that", at.to_rfc3339())
        }
        Outcome::Erased => {
            "此登记已撤销,本机副本已清除 / the enrolment was revoked; the copy here was erased".to_owned()
        }
        Outcome::EnrolAgain => {
            "中心不认识本机,请重新登记;记录不会丢失 / enrol again; nothing is lost".to_owned()
        }
        Outcome::UpdateApp => "请更新应用 / update the app".to_owned(),
        Outcome::Stale => "无需同步 / nothing to do".to_owned(),
    }
}

fn carrier(url: &str, reach: &Reach) -> Result<Carrier, PhoneError> {
    let read = |path: &PathBuf| std::fs::read(path).map_err(|why| PhoneError::File(path.clone(), why));
    let root_pem = reach.root_pem.as_ref().map(read).transpose()?;
    Ok(Carrier::new(url, &CarrierOptions { root_pem, plain_http: reach.plain_http })?)
}

fn runtime() -> Result<Runtime, PhoneError> {
    Builder::new_current_thread().enable_all().build().map_err(PhoneError::Runtime)
}

fn locked(book: &Mutex<Fieldbook>) -> MutexGuard<'_, Fieldbook> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}
