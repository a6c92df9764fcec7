//! 命令行 – the commands of `ruhu`, one file each. They work on the data folder directly, also beside a running server.

pub mod account;
pub mod adopt;
pub mod assign;
pub mod backup;
pub mod checkpoint;
pub mod close;
pub mod community;
pub mod device;
pub mod enrol;
pub mod erase;
pub mod export;
pub mod find;
pub mod household;
pub mod import;
mod key;
pub mod prove;
pub mod quarantine;
pub mod question;
pub mod report;
pub mod restore;
pub mod review;
pub mod roster;
pub mod serve;
pub mod verify;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Parser, Subcommand};
use ruhu_core::time::Clock;

use crate::access::AccountError;
use crate::access::first::FirstError;
use crate::backup::BackupError;
use crate::backup::key::KeyError;
use crate::backup::restore::RestoreError;
use crate::checkpoint::CheckpointError;
use crate::erase::EraseError;
use crate::export::ExportError;
use crate::import::commit::CommitError;
use crate::ingest::enrol::CodeError;
use crate::ingest::office::ActError;
use crate::office::place::PlaceError;
use crate::office::staff::ListError;
use crate::office::{DutyError, OfficeError};
use crate::proof::ProofError;
use crate::report::SealError;
use crate::report::closing::ReportError;
use crate::report::reading::ReadingError;
use crate::report::sheet::SheetError;
use crate::serve::listen::ListenError;
use crate::storage::hub::Randomness;
use crate::storage::postgres::{Server, UrlError};
use crate::storage::{DatabaseAt, Hub, StorageError};

/// 入户走访中心 / the hub of Ruhu: takes in what phones recorded, computes coverage, serves the pages.
#[derive(Debug, Parser)]
#[command(name = "ruhu", version)]
pub struct Cli {
    /// 数据目录 / the data folder: database and keys.
    #[arg(long, global = true, default_value = "ruhu-data", env = "RUHU_DATA")]
    pub data: PathBuf,
    /// 数据库 / the database, if it is a `PostgreSQL` server: `postgres://user@host/name`; else a file in the data folder.
    // Not parsed here: a refusal would print the address, and with it its password.
    #[arg(long, global = true, env = "RUHU_DATABASE", hide_env_values = true, value_name = "URL")]
    pub database: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Every command. Add yours as one line here and one in [`run`].
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 启动中心 / run the server; nothing to configure.
    Serve(serve::Serve),
    /// 社区 / set up a community and its grids.
    #[command(subcommand)]
    Community(community::Community),
    /// 社区工作者 / list and add workers.
    #[command(subcommand)]
    Worker(community::WorkerCommand),
    /// 导入名册 / import a roster from a spreadsheet.
    Import(import::Import),
    /// 采用文件 / what an organ adopts of the rule texts; a dry run unless --commit.
    Adopt(adopt::Adopt),
    /// 户 / decide about households and doors.
    #[command(subcommand)]
    Household(household::Household),
    /// 专项 / questions added to visits.
    #[command(subcommand)]
    Question(question::Question),
    /// 居民小组 / residents' groups.
    #[command(subcommand)]
    Group(roster::Group),
    /// 楼栋长 / building stewards.
    #[command(subcommand)]
    Steward(roster::Steward),
    /// 登记造册 / the register of groups and stewards.
    Register(roster::Register),
    /// 登记手机 / a one-time code for a worker's phone.
    Enrol(enrol::Enrol),
    /// 交接 / hand a grid over to another worker.
    Handover(assign::Handover),
    /// 代访 / let a worker cover a grid for some days.
    Cover(assign::Cover),
    /// 请假 / a worker is away for some days.
    Leave(roster::Leave),
    /// 离岗 / a worker leaves.
    LeaveJob(assign::LeaveJob),
    /// 账号 / accounts of the desk.
    #[command(subcommand)]
    User(account::User),
    /// 隔离区 / entries that wait for a person.
    #[command(subcommand)]
    Quarantine(quarantine::Quarantine),
    /// 手机 / enrolled phones.
    #[command(subcommand)]
    Device(device::Device),
    /// 报表 / reports.
    #[command(subcommand)]
    Report(report::Report),
    /// 复访建议 / which records are worth a second visit, in the order of doors, each with its evidence card.
    Review(review::Review),
    /// 关账 / a person closes a period.
    Close(close::Close),
    /// 检查点 / a signed statement of what the log is, to be kept elsewhere.
    Checkpoint(checkpoint::CheckpointArgs),
    /// 证明 / one entry in a bundle that a third party checks.
    Prove(prove::Prove),
    /// 中心密钥:恢复密钥、更换、列表 / the hub's keys: the recovery key, the next key, the list.
    #[command(subcommand)]
    Key(key::Key),
    /// 导出 / the whole log in one file that a third party checks.
    Export(export::Export),
    /// 核验 / is everything as it was written?
    Verify(verify::Verify),
    /// 删除 / erase what was learnt of a person or a household, by decision; a dry run unless --commit.
    Erase(erase::Erase),
    /// 按台账再次删除 / erase again what another list of erasures says: after a database was put back by other tools.
    EraseAgain(erase::EraseAgain),
    /// 保存期限 / erase fields whose time has passed; a dry run unless --commit.
    Retention(erase::Retention),
    /// 备份 / an encrypted, verified backup, beside a running server.
    Backup(backup::Backup),
    /// 恢复 / restore a backup into an empty data folder.
    Restore(restore::Restore),
}

/// What a command prints to and takes time and randomness from.
pub struct Console<'a> {
    /// Where it prints.
    pub out: &'a mut (dyn Write + Send),
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for a hub that is opened.
    pub randomness: Randomness,
}

/// Why a command failed. Each names the place and the way out.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The address of the database.
    #[error(transparent)]
    Address(#[from] UrlError),
    /// An act of the desk.
    #[error(transparent)]
    Act(#[from] ActError),
    /// A decision of the community. Boxed like an import.
    #[error(transparent)]
    Office(Box<OfficeError>),
    /// Who looks after which grid.
    #[error(transparent)]
    Duty(#[from] DutyError),
    /// A worker that was not listed.
    #[error(transparent)]
    List(#[from] ListError),
    /// A community could not be set up or renamed.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// An account.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The token of the first set-up.
    #[error(transparent)]
    First(#[from] FirstError),
    /// An import. Boxed, or every command would carry its size.
    #[error(transparent)]
    Import(Box<CommitError>),
    /// A file named on the command line.
    #[error("读写文件 {path} / read or write the file {path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A one-time code.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The server.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// A report or a closing.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// A community that could not be read for a review.
    #[error(transparent)]
    Reading(#[from] ReadingError),
    /// A workbook.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// A checkpoint that does not hold.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// An entry that cannot be proven.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// An export that broke off.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// A report file that is not what was signed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A recovery key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The hub's keys.
    #[error(transparent)]
    HubKey(#[from] crate::keys::HubKeyError),
    /// An erasure. Boxed like an import.
    #[error(transparent)]
    Erase(Box<EraseError>),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// A restore.
    #[error(transparent)]
    Restore(#[from] RestoreError),
    /// The runtime could not start.
    #[error("启动服务 / start the server")]
    Runtime(#[source] std::io::Error),
    /// Printing failed.
    #[error("输出 / print")]
    Print(#[from] std::io::Error),
    /// A name that names nothing, or several things.
    #[error("{0}")]
    Find(#[from] find::FindError),
    /// Options that contradict each other or leave something open.
    #[error("{0}")]
    Usage(String),
    /// `verify` found something.
    #[error("核验发现 {found} 处不符,见上 / verification found {found} faults, listed above")]
    Faulty {
        /// How many.
        found: u64,
    },
}

impl From<CommitError> for CliError {
    fn from(why: CommitError) -> Self {
        Self::Import(Box::new(why))
    }
}

impl From<EraseError> for CliError {
    fn from(why: EraseError) -> Self {
        Self::Erase(Box::new(why))
    }
}

impl From<OfficeError> for CliError {
    fn from(why: OfficeError) -> Self {
        Self::Office(Box::new(why))
    }
}

/// Runs one command.
///
/// # Errors
/// [`CliError`], for the person at the shell.
pub fn run(cli: Cli, console: Console<'_>) -> Result<(), CliError> {
    let Console { out, clock, randomness } = console;
    // These two need no hub, and must not make one.
    match &cli.command {
        Command::Restore(args) => return restore::run(args, &cli.data, clock, randomness, out),
        Command::Backup(args) if backup::make_key(args, out)? => return Ok(()),
        _ => {}
    }
    let hub = Hub::open(database(&cli.data, cli.database.as_deref())?, clock, randomness)?;
    let again = hub.match_ledger()?;
    if 0 < again {
        writeln!(
            out,
            "数据库比删除台账旧:已再次删除 {again} 项。 / The database is older than the list of erasures: {again} were done again."
        )?;
    }
    match cli.command {
        Command::Serve(args) => serve::run(&args, hub, out),
        Command::Community(args) => community::run(args, &hub, out),
        Command::Worker(args) => community::run_worker(args, &hub, out),
        Command::Import(args) => import::run(&args, &hub, out),
        Command::Adopt(args) => adopt::run(&args, &hub, out),
        Command::Household(args) => household::run(args, &hub, out),
        Command::Question(args) => question::run(args, &hub, out),
        Command::Group(args) => roster::run_group(args, &hub, out),
        Command::Steward(args) => roster::run_steward(args, &hub, out),
        Command::Register(args) => roster::run_register(&args, &hub, out),
        Command::Enrol(args) => enrol::run(&args, &hub, out),
        Command::Handover(args) => assign::run_handover(&args, &hub, out),
        Command::Cover(args) => assign::run_cover(&args, &hub, out),
        Command::Leave(args) => roster::run_leave(&args, &hub, out),
        Command::LeaveJob(args) => assign::run_leave_job(&args, &hub, out),
        Command::User(args) => account::run(args, &hub, out),
        Command::Quarantine(args) => quarantine::run(args, &hub, out),
        Command::Device(args) => device::run(args, &hub, out),
        Command::Report(args) => report::run(&args, &hub, out),
        Command::Review(args) => review::run(&args, &hub, out),
        Command::Close(args) => close::run(&args, &hub, out),
        Command::Checkpoint(args) => checkpoint::run(&args, &hub, out),
        Command::Prove(args) => prove::run(&args, &hub, out),
        Command::Key(args) => key::run(&args, &hub, out),
        Command::Export(args) => export::run(&args, &hub, out),
        Command::Verify(args) => verify::run(&args, &hub, out),
        Command::Erase(args) => erase::run(&args, &hub, out),
        Command::EraseAgain(args) => erase::run_again(&args, &hub, out),
        Command::Retention(args) => erase::run_retention(&args, &hub, out),
        Command::Backup(args) => backup::run(&args, &hub, out),
        // Done above, before a hub was opened.
        Command::Restore(_) => Ok(()),
    }
}

/// Opens the hub in a data folder, which is made if need be: readable by its owner alone.
///
/// # Errors
/// [`StorageError`].
pub fn open(data: &Path, clock: Arc<dyn Clock>, randomness: Randomness) -> Result<Hub, StorageError> {
    Hub::open(in_folder(data)?, clock, randomness)
}

/// Which database the options name: a server, or the file in the data folder. With a server only the outer key of what is
/// sealed lies in the folder.
///
/// # Errors
/// [`CliError`] for an address that is none, or a folder that cannot be made.
pub fn database(data: &Path, address: Option<&str>) -> Result<DatabaseAt, CliError> {
    match address.filter(|address| !address.is_empty()) {
        Some(address) => {
            folder(data)?;
            Ok(address.parse::<Server>()?.or_keys_in(data).into())
        }
        None => Ok(in_folder(data)?),
    }
}

fn in_folder(data: &Path) -> Result<DatabaseAt, StorageError> {
    folder(data)?;
    Ok(DatabaseAt::File(data.join("ruhu.db")))
}

fn folder(data: &Path) -> Result<(), StorageError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(data)
        .map_err(|source| StorageError::Folder { path: data.to_owned(), source: Arc::new(source) })
}
