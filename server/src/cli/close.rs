//! `ruhu close` – a person closes a period. Without `--yes` it only tells what would be closed, and what speaks
//! against doing it now.

use std::io::Write;

use clap::Args;
use ruhu_core::closing;
use ruhu_core::time::Period;

use super::{CliError, find};
use crate::access::command_line;
use crate::report::closing::Wanted;
use crate::report::coverage::{Standing, period_words};
use crate::storage::Hub;

/// Which period.
#[derive(Debug, Args)]
pub struct Close {
    /// 期间 / the period: 2026Q3 or 2026-09.
    #[arg(long)]
    pub period: Period,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
    /// 关账人账号 / the account of the person who closes; the command line's own without.
    #[arg(long, value_name = "ACCOUNT")]
    pub by: Option<String>,
    /// 说明 / words for the record.
    #[arg(long, default_value = "")]
    pub reason: String,
    /// 确认关账 / close now; without it nothing is changed.
    #[arg(long)]
    pub yes: bool,
}

pub(super) fn run(args: &Close, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    let by = match &args.by {
        None => command_line(),
        Some(name) => deciding(hub, name, community)?,
    };
    if closing::of(&file, args.period).is_none() {
        warn(args, hub, out)?;
    }
    if !args.yes {
        writeln!(out, "未作任何更改;确认请加 --yes / nothing was changed; add --yes to close")?;
        return Ok(());
    }
    let signed = hub.close_period(community, args.period, by, args.reason.clone())?;
    writeln!(out, "已关账 / closed: {}", period_words(args.period))?;
    writeln!(out, "{}", signed.report.total.identity())?;
    writeln!(out, "报表摘要 / report hash: {}", signed.hash)?;
    Ok(())
}

/// What would be closed, the phones that are silent, and the day suggested.
fn warn(args: &Close, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    let signed = hub.report(community, args.period, &Wanted::default())?;
    let report = &signed.report;
    writeln!(out, "{} {}", report.community.name, period_words(args.period))?;
    writeln!(out, "{}", report.total.identity())?;
    writeln!(out, "入户率(严)/ strict: {}", report.total.tally.strict())?;
    let silent = report.silent;
    if 0 < silent.phones {
        writeln!(
            out,
            "注意:{} 部手机未同步,最多影响 {} 户 / {} phones not synced, at most {} households affected",
            silent.phones, silent.households, silent.phones, silent.households
        )?;
    }
    let (suggested, today) = (closing::suggested_on(args.period), file.zone().date(hub.now()));
    if report.standing == Standing::Ended && today < suggested {
        writeln!(out, "建议 {suggested} 关账 / closing is suggested on {suggested}")?;
    }
    Ok(())
}

/// The account that closes: one that decides, in this community.
fn deciding(
    hub: &Hub,
    name: &str,
    community: ruhu_core::ids::CommunityId,
) -> Result<ruhu_core::ids::AccountId, CliError> {
    let file = hub.storage().read(|tx| tx.community(community))?.unwrap_or_default();
    let account = hub.accounts()?.into_iter().find(|account| account.name == name);
    let may = account.filter(|account| {
        account.role.decides() && file.community().is_some_and(|own| account.covers(community, own))
    });
    let may = may.map(|account| account.id);
    may.ok_or_else(|| {
        CliError::Usage(format!(
            "账号 {name} 不能为本社区关账,请用社区账号(ruhu user list)/ account {name} cannot close for this community: use a community account"
        ))
    })
}
