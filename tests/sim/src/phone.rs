//! 命令行手机 – the phone's core as a program: for trials, for tests of phones and hub together, and for looking into a
//! phone's file. Whatever a screen can do is one command; `--json` prints what the screens are given.

use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Parser, Subcommand};
use rand::Rng;
use ruhu_core::fieldbook::FieldbookError;
use ruhu_core::sync::http::CarryError;
use ruhu_core::time::Clock;
use serde::Serialize;

mod found;
mod hub;
mod look;
mod mask;
mod sealed;
mod visit;
mod who;

pub use found::{EditArgs, NewHouseholdArgs, SettleArgs, UseArgs};
pub use hub::{EnrolArgs, Reach};
pub use sealed::RekeyArgs;
pub use visit::{VisitArgs, WithdrawArgs};

/// 外勤手机 / a worker's phone on the command line.
#[derive(Debug, Parser)]
#[command(name = "ruhu-phone", version)]
pub struct Cli {
    /// 数据文件 / the phone's file; made when there is none.
    #[arg(long, global = true, default_value = "ruhu-phone.db")]
    pub store: PathBuf,
    /// 数据文件的密钥(32 字节) / the file of the key it is encrypted with, 32 bytes; only in a build with `sqlcipher`.
    #[arg(long, global = true)]
    pub key_file: Option<PathBuf>,
    /// 以 JSON 输出 / print JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// 显示姓名、电话和类别内容,缺省掩码 / show names, numbers and category forms, which are masked otherwise.
    #[arg(long, global = true)]
    pub open: bool,
    /// 试用时钟 / a clock that stands still, for trials: 2026-07-05T10:00:00Z.
    #[arg(long, global = true)]
    pub clock: Option<DateTime<Utc>>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Every command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 登记本机 / turn a one-time code into an enrolment.
    Enrol(EnrolArgs),
    /// 应访清单 / who is due, in walking order.
    Due(DueArgs),
    /// 查看一户 / one household by id, address, name or telephone.
    Household {
        /// 编号、地址、姓名或电话 / id, address, name or telephone.
        who: String,
    },
    /// 记录走访 / record a visit.
    Visit(VisitArgs),
    /// 撤回 / take back a record of one's own.
    Withdraw(WithdrawArgs),
    /// 修改户情 / edit fields of a household.
    Edit(EditArgs),
    /// 选定冲突值 / choose one of the values two workers wrote apart.
    Settle(SettleArgs),
    /// 新户 / a household found at the door.
    NewHousehold(NewHouseholdArgs),
    /// 用途变更 / a door is used otherwise than the roster says.
    Use(UseArgs),
    /// 同步 / send and receive.
    Sync(Reach),
    /// 回执 / what was recorded here and what became of it.
    Receipts,
    /// 状态:登记、租期、待发 / as whom this phone records, how long it shows names, what is unsent.
    Status,
    /// 同步记录 / when this phone spoke with the hub.
    Log,
    /// 加密已有文件 / make the plain file an encrypted one; the key is named with --key-file.
    Encrypt,
    /// 换密钥 / put the file under another key.
    Rekey(RekeyArgs),
}

/// For which day and grid.
#[derive(Debug, Args)]
pub struct DueArgs {
    /// 日期 / the day; today when left out.
    #[arg(long)]
    pub day: Option<NaiveDate>,
    /// 网格 / name of one grid.
    #[arg(long)]
    pub grid: Option<String>,
}

/// Why a command failed: the place and the way out.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// The phone's core.
    #[error(transparent)]
    Book(#[from] FieldbookError),
    /// The way to the hub.
    #[error(transparent)]
    Carry(#[from] CarryError),
    /// Words that name nothing, or several things.
    #[error("{0}")]
    Who(String),
    /// Options that contradict each other or leave something open.
    #[error("{0}")]
    Usage(String),
    /// A file named on the command line.
    #[error("读取文件 {path} / read the file {path}", path = .0.display())]
    File(PathBuf, #[source] std::io::Error),
    /// A key, and no `SQLCipher`.
    #[error(
        "本程序不含加密组件,请重新构建:cargo build -p ruhu-sim --features sqlcipher / this program cannot encrypt: build it with --features sqlcipher"
    )]
    NoCipher,
    /// The runtime could not start.
    #[error("启动网络 / start the network")]
    Runtime(#[source] std::io::Error),
    /// Printing failed.
    #[error("输出 / print")]
    Print(#[from] std::io::Error),
    /// What was to be printed has no JSON form.
    #[error("输出 JSON / print JSON")]
    Json(#[from] serde_json::Error),
}

/// What a phone is handed: its clock and its randomness.
struct Hands {
    clock: Arc<dyn Clock>,
    rng: Box<dyn Rng + Send>,
}

/// Where the answer goes, and in which form.
pub struct Printer<'a> {
    out: &'a mut dyn Write,
    json: bool,
    open: bool,
    /// What stands above everything that is printed in words: the lease ends soon, or has ended.
    warning: Option<String>,
}

/// Runs one command.
///
/// # Errors
/// [`PhoneError`], for the person at the shell.
pub fn run(
    cli: Cli,
    clock: Arc<dyn Clock>,
    rng: Box<dyn Rng + Send>,
    out: &mut dyn Write,
) -> Result<(), PhoneError> {
    let path = cli.store.to_str().ok_or_else(|| {
        PhoneError::Usage("数据文件路径含有非法字符 / the file's path is not readable text".to_owned())
    })?;
    let mut to = Printer { out, json: cli.json, open: cli.open, warning: None };
    if let Some(done) = sealed::whole_file(path, &cli, &mut to) {
        return done;
    }
    let mut book = sealed::open(path, &cli, Hands { clock, rng })?;
    to.warning = match cli.command {
        // They tell of the lease themselves, or end it.
        Command::Status | Command::Sync(_) | Command::Enrol(_) => None,
        _ => book.lease()?.and_then(|lease| lease.warning()),
    };
    match cli.command {
        Command::Enrol(args) => hub::enrol(&args, &Mutex::new(book), &mut to),
        Command::Due(args) => look::due(&args, &book, &mut to),
        Command::Household { who } => look::household(&who, &book, &mut to),
        Command::Visit(args) => visit::save(args, &mut book, &mut to),
        Command::Withdraw(args) => visit::withdraw(&args, &mut book, &mut to),
        Command::Edit(args) => found::edit(&args, &mut book, &mut to),
        Command::Settle(args) => found::settle(&args, &mut book, &mut to),
        Command::NewHousehold(args) => found::new_household(&args, &mut book, &mut to),
        Command::Use(args) => found::mark_use(&args, &mut book, &mut to),
        Command::Sync(reach) => hub::sync(&reach, &Mutex::new(book), &mut to),
        Command::Receipts => look::receipts(&book, &mut to),
        Command::Log => look::log(&book, &mut to),
        Command::Status => look::status(&book, &mut to),
        // Done above, before anything opened the file.
        Command::Encrypt | Command::Rekey(_) => Ok(()),
    }
}

impl Printer<'_> {
    /// A line on the way, for a person only.
    fn tell(&mut self, words: &str) -> Result<(), PhoneError> {
        if !self.json {
            writeln!(self.out, "{words}")?;
        }
        Ok(())
    }

    /// Prints a value as JSON, or the words for it.
    fn print<T: Serialize>(&mut self, value: &T, words: impl FnOnce(&T) -> String) -> Result<(), PhoneError> {
        if self.json {
            serde_json::to_writer_pretty(&mut *self.out, value)?;
            writeln!(self.out)?;
        } else {
            if let Some(warning) = &self.warning {
                writeln!(self.out, "! {warning}")?;
            }
            writeln!(self.out, "{}", words(value))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
