//! `ruhu question` – questions 专项 a community adds to its visits, and their answers.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use ruhu_core::question::Question as Asked;
use ruhu_core::time::Cadence;

use super::{CliError, find};
use crate::access::command_line;
use crate::office::answers::all;
use crate::office::roll::Roll;
use crate::office::{OfficeError, Order, asking};
use crate::report::answers::{Layout, table as answers_table};
use crate::report::csv;
use crate::storage::Hub;

/// 专项.
#[derive(Debug, Subcommand)]
pub enum Question {
    /// 开设专项 / ask a question.
    Add(Add),
    /// 列出专项和回答数 / list the questions with their number of answers.
    List {
        /// 社区 / the community, when there are several.
        #[arg(long)]
        community: Option<String>,
    },
    /// 结束专项 / stop asking.
    Close {
        /// 编号或文字 / its id or words.
        question: String,
        /// 不再提问的第一天 / the first day it is not asked.
        #[arg(long)]
        on: NaiveDate,
        /// 社区 / the community, when there are several.
        #[arg(long)]
        community: Option<String>,
    },
    /// 导出回答(记入查看记录)/ write the answers to a file; noted in the access log.
    Export(Export),
}

/// How often it is asked.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Per {
    /// 每季度一次.
    Quarter,
    /// 每月一次.
    Month,
}

/// A new question.
#[derive(Debug, Args)]
pub struct Add {
    /// 中文 / its words in Chinese.
    #[arg(long)]
    pub zh: String,
    /// 英文 / its words in English.
    #[arg(long, default_value = "")]
    pub en: String,
    /// 提问部门 / who wants to know.
    #[arg(long)]
    pub department: String,
    /// 目的 / what for.
    #[arg(long)]
    pub purpose: String,
    /// 依据 / on what basis.
    #[arg(long)]
    pub basis: String,
    /// yes-no、choice:甲,乙、number:0-9、date、text:60.
    #[arg(long)]
    pub kind: String,
    /// everyone、key、category:类别、grid:网格(可多次)/ who is asked.
    #[arg(long, default_value = "everyone")]
    pub who: Vec<String>,
    /// 第一天 / the first day.
    #[arg(long)]
    pub from: NaiveDate,
    /// 最后一天 / the last day.
    #[arg(long)]
    pub until: NaiveDate,
    /// 预填上次回答 / offer the last answer.
    #[arg(long)]
    pub prefill: bool,
    /// 每季度或每月问一次 / once a quarter or month.
    #[arg(long, value_enum, default_value = "quarter")]
    pub once_per: Per,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

/// Answers to a file.
#[derive(Debug, Args)]
pub struct Export {
    /// 编号或文字 / the question's id or words.
    pub question: String,
    /// 写入的文件(不覆盖)/ the file to write; never overwritten.
    #[arg(long)]
    pub csv: PathBuf,
    /// 交给谁 / who receives it.
    #[arg(long)]
    pub to: String,
    /// 用途 / what for.
    #[arg(long)]
    pub purpose: String,
    /// 社区 / the community, when there are several.
    #[arg(long)]
    pub community: Option<String>,
}

pub(super) fn run(command: Question, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        Question::Add(args) => add(args, hub, out),
        Question::List { community } => list(community.as_deref(), hub, out),
        Question::Close { question, on, community } => {
            let (community, _) = find::community(hub, community.as_deref())?;
            let order = Order { by: command_line(), community, reason: "结束专项".to_owned() };
            let closed = hub.close_question(order, &question, on)?;
            writeln!(
                out,
                "专项 {0} 自 {on} 起不再提问\nThe question {0} is not asked from {on} on",
                closed.id
            )?;
            Ok(())
        }
        Question::Export(args) => export(&args, hub, out),
    }
}

fn add(args: Add, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, file) = find::community(hub, args.community.as_deref())?;
    let question = Asked {
        id: hub.make_id(),
        zh: args.zh,
        en: args.en,
        department: args.department,
        purpose: args.purpose,
        basis: args.basis,
        asked_of: asking::asked_of(&args.who, |name| find::grid(&file, name).ok())?,
        from: args.from,
        until: args.until,
        kind: asking::kind(&args.kind)?,
        prefill: args.prefill,
        once_per: match args.once_per {
            Per::Quarter => Cadence::Quarter,
            Per::Month => Cadence::Month,
        },
    };
    let (id, from, until) = (question.id, question.from, question.until);
    let order = Order { by: command_line(), community, reason: "开设专项".to_owned() };
    hub.open_question(order, question)?;
    writeln!(
        out,
        "专项已开设,{from} 至 {until},编号 {id}\nThe question is asked from {from} to {until}; its id is {id}"
    )?;
    Ok(())
}

fn list(community: Option<&str>, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    let (community, _) = find::community(hub, community)?;
    let now_ms = hub.now_ms();
    let (roll, answers) = hub.storage().read(|tx| -> Result<_, OfficeError> {
        let roll = Roll::load(tx, community, now_ms)?;
        let answers = all(tx, &roll)?;
        Ok((roll, answers))
    })?;
    let questions = roll.file().questions();
    for (id, one) in &questions {
        let state = match (one.from <= roll.today(), one.is_open(roll.today())) {
            (_, true) => "进行中 open",
            (false, _) => "未开始 not yet",
            (true, false) => "已结束 ended",
        };
        let count = answers.get(id).map_or(0, Vec::len);
        writeln!(out, "{id} {} [{state} {}–{}] {}", one.zh, one.from, one.until, one.department)?;
        writeln!(out, "    回答 {count} 个 / {count} answers")?;
    }
    writeln!(out, "共 {0} 个专项 / {0} questions", questions.len())?;
    Ok(())
}

fn export(args: &Export, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    for (option, words) in [("--to", &args.to), ("--purpose", &args.purpose)] {
        if words.trim().is_empty() {
            return Err(CliError::Usage(format!("{option} 不能为空 / {option} must not be empty")));
        }
    }
    let (community, file) = find::community(hub, args.community.as_deref())?;
    let question = asking::find(&file, &args.question)?;
    let now_ms = hub.now_ms();
    let (roll, mut answers) = hub.storage().read(|tx| -> Result<_, OfficeError> {
        let roll = Roll::load(tx, community, now_ms)?;
        let answers = all(tx, &roll)?;
        Ok((roll, answers))
    })?;
    let answers = answers.remove(&question.id).unwrap_or_default();
    let table = answers_table(&question, &roll, &answers, &Layout::whole(&question));
    let bytes = csv::render(&table)
        .map_err(|why| CliError::File { path: args.csv.clone(), source: std::io::Error::other(why) })?;
    // The look is noted before the file exists: an export nobody noted would be worse than one that failed.
    let target = format!("{} to={} purpose={} rows={}", question.id, args.to, args.purpose, answers.len());
    hub.looked(command_line(), "question.export", &target)?;
    write_new(&args.csv, &bytes).map_err(|source| CliError::File { path: args.csv.clone(), source })?;
    writeln!(
        out,
        "已导出 {0} 个回答到 {1},已记入查看记录\n{0} answers written to {1}; noted in the access log",
        answers.len(),
        args.csv.display()
    )?;
    Ok(())
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), std::io::Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}
