//! `ruhu adopt` – what an organ adopts of the rule texts: a dry run unless `--commit` says otherwise.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use ruhu_core::category::{Category, ConfirmedCategories};
use ruhu_core::community::CommunityFile;
use ruhu_core::policy::{AdoptedPolicy, Lang, RuleTexts, SettingState};

use super::{CliError, find};
use crate::access::command_line;
use crate::office::Order;
use crate::office::adopting::{Confirming, Present, Proposed, Source, Taking, Wanted, Words};
use crate::storage::Hub;

/// 采用文件.
#[derive(Debug, Args)]
pub struct Adopt {
    /// 文件:d0、d1a、d1b、d1c、d2、d3 / which rule text.
    #[arg(requires = "take")]
    pub policy: Option<String>,
    /// 采用其中哪些,如 visits,leave / whole tables or single fields of it.
    #[arg(long, value_delimiter = ',', requires = "policy")]
    pub take: Vec<String>,
    /// 采用机关;不写为试行 / the organ; without it a demonstration.
    #[arg(long, default_value = "")]
    pub by: String,
    /// 文号 / its document number.
    #[arg(long, default_value = "")]
    pub document: String,
    /// 生效日,如 2027-01-01 / the first day.
    #[arg(long)]
    pub from: Option<NaiveDate>,
    /// 整份采用文件(TOML)/ a whole adoption file instead.
    #[arg(long, conflicts_with_all = ["policy", "take", "confirm_category"])]
    pub file: Option<PathBuf>,
    /// 确认的服务对象类别 / categories the organ confirms.
    #[arg(long, value_delimiter = ',', requires = "basis")]
    pub confirm_category: Vec<String>,
    /// 依据 / the legal basis of the categories.
    #[arg(long, default_value = "")]
    pub basis: String,
    /// 示范数据:六类全部保留 / synthetic data: all six categories are kept.
    #[arg(long)]
    pub demonstration: bool,
    /// 写入;不写则只试算 / record it; without this it is a dry run.
    #[arg(long)]
    pub commit: bool,
    /// 显示现行规定 / show what holds now.
    #[arg(long, conflicts_with_all = ["policy", "file", "confirm_category", "demonstration", "commit"])]
    pub show: bool,
    /// 连同未涉及的文件一并列出 / also list the texts nothing is taken of.
    #[arg(long)]
    pub all: bool,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

pub(super) fn run(args: &Adopt, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    if args.show {
        return show(args, &file, out);
    }
    let wanted = Wanted { source: source(args)?, demonstration: args.demonstration };
    let proposed = if args.commit {
        let order = Order { by: command_line(), community, reason: "采用文件".to_owned() };
        hub.adopt(order, wanted)?
    } else {
        hub.try_adoption(community, &wanted)?
    };
    tell(args, &proposed, &file, out)
}

fn source(args: &Adopt) -> Result<Source, CliError> {
    if let Some(path) = &args.file {
        let text =
            std::fs::read_to_string(path).map_err(|source| CliError::File { path: path.clone(), source })?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        return Ok(Source::File { name, text });
    }
    let taking = args.policy.as_ref().map(|policy| Taking {
        policy: policy.clone(),
        take: args.take.clone(),
        by: args.by.clone(),
        document_no: args.document.clone(),
        from: args.from.map(|from| from.to_string()).unwrap_or_default(),
    });
    let confirming = args.confirm_category.iter().map(|words| Confirming {
        category: Category::from_words(words).map_or_else(|| words.clone(), |one| one.id().to_owned()),
        basis: args.basis.clone(),
        by: args.by.clone(),
        document_no: args.document.clone(),
    });
    Ok(Source::Words(Words { taking, confirming: confirming.collect(), ..Words::default() }))
}

fn tell(
    args: &Adopt,
    proposed: &Proposed,
    file: &CommunityFile,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    settings(args, &proposed.texts, Some(&proposed.policy), out)?;
    categories(&proposed.rules.categories, out)?;
    let own = file.community().map(|one| one.name.as_str()).unwrap_or_default();
    if proposed.named_for != own {
        writeln!(
            out,
            "\n注意:文件写的社区是「{0}」,本社区是「{own}」\nNote: the file names the community “{0}”, this one is “{own}”",
            proposed.named_for
        )?;
    }
    writeln!(out, "\n与现行相比 / against the present:")?;
    for (zh, en) in &proposed.changes {
        writeln!(out, "  {zh}\n    {en}")?;
    }
    if proposed.changes.is_empty() {
        writeln!(out, "  没有变化,未记录 / nothing changes, nothing is recorded")?;
    } else if args.commit {
        writeln!(
            out,
            "\n已采用;摘要 {hash}\nAdopted; policy hash {hash}",
            hash = proposed.rules.visits.policy_hash()
        )?;
    } else {
        writeln!(
            out,
            "\n以上为试算,未写入任何内容;核对后加 --commit 写入\nThis was a dry run, nothing was recorded; add --commit to record it"
        )?;
    }
    Ok(())
}

fn show(args: &Adopt, file: &CommunityFile, out: &mut dyn Write) -> Result<(), CliError> {
    let present = Present::of(file)?;
    if present.policy.is_none() {
        writeln!(
            out,
            "未采用文件·试行:按 D1b 的周期(每季度一次,重点户每月一次)计算,不产生任何后果\n\
             No document adopted, trial: reckoned by D1b's cadence (quarterly, key households monthly), without any consequence"
        )?;
    }
    settings(args, &present.texts, present.policy.as_ref(), out)?;
    categories(&file.confirmed_categories(), out)?;
    if let Some(adopted) = file.last_adopted() {
        writeln!(out, "\n走访规定摘要 / policy hash: {}", adopted.visits.policy_hash())?;
    }
    Ok(())
}

/// Every setting of the texts something is taken of; the other texts by name, or whole with `--all`.
fn settings(
    args: &Adopt,
    texts: &RuleTexts,
    policy: Option<&AdoptedPolicy>,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let taken: BTreeSet<&str> =
        policy.into_iter().flat_map(|one| one.settings().values()).map(|one| one.policy.as_str()).collect();
    let shown = texts.shown(policy);
    for text in texts.texts() {
        let of_text = || shown.iter().filter(|one| one.policy == text.id());
        if !args.all && !taken.contains(text.id()) {
            let count = of_text().count();
            writeln!(
                out,
                "{} {}:{count} 项未采用 / {count} settings not adopted (--all)",
                text.id(),
                text.title()
            )?;
            continue;
        }
        writeln!(out, "{} {}", text.id(), text.title())?;
        for one in of_text() {
            writeln!(out, "  {}", one.line(texts, Lang::Zh))?;
            writeln!(out, "    [{}]", one.state.words(texts, Lang::En))?;
        }
    }
    let held = shown.iter().filter(|one| matches!(one.state, SettingState::Held(_))).count();
    if 0 < held {
        writeln!(
            out,
            "{held} 项因法律冲突不生效,须有文号的决定([[release]])才能解除 / {held} settings are under a legal hold: only a decision with a document number ([[release]]) lifts it"
        )?;
    }
    Ok(())
}

fn categories(confirmed: &ConfirmedCategories, out: &mut dyn Write) -> Result<(), CliError> {
    writeln!(out, "\n服务对象类别 / categories:")?;
    for (id, one) in confirmed.iter() {
        let zh = id.shipped().map_or(id.as_str(), |one| one.zh());
        writeln!(out, "  {zh} {id}:{} {} {}", one.basis, one.by, one.document_no)?;
    }
    if confirmed.iter().next().is_none() {
        writeln!(out, "  均未确认,导入时不保留标记 / none confirmed: an import keeps no marks")?;
    }
    Ok(())
}
