//! 不符之处 – what a verification can find, each with its place.

use std::fmt;

use ruhu_core::entry::StreamId;
use ruhu_core::ids::{CommunityId, EnrolmentId, GridId};
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;

use crate::storage::accounts::LogKind;
use crate::storage::log::Pos;

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A table, or a part of the file, that cannot be read at all.
    Unreadable(&'static str),
    /// What the database itself says of its pages and indexes.
    Database(String),
    /// An entry whose bytes cannot be read.
    Entry(Pos),
    /// An entry whose signature or payload does not hold.
    Unproven(Pos),
    /// An entry that does not follow the one before it in its chain.
    Link(Pos),
    /// A chain that stands elsewhere than its last entry says.
    Chain(EnrolmentId, u32),
    /// A stream whose row is missing, or whose running hash does not hold there.
    Stream(StreamId, u64),
    /// An accepted entry that does not stand where its verdict says.
    Misplaced(Pos),
    /// A unit whose file differs from the log.
    File(Unit),
    /// A household whose document differs from the log.
    Doc(Unit),
    /// A unit whose requests, or the steps of one, stand elsewhere than the log says.
    Requests(Unit),
    /// An entry between the desk and a worker that is listed otherwise than it says.
    Private(Pos),
    /// A unit whose home or order differs from its file.
    Home(Unit),
    /// A community whose file differs from the log.
    Community(CommunityId),
    /// A grid whose obligations or cells of a period differ from its files.
    Coverage(GridId, Period),
    /// A checkpoint that the entries after the one before it, or the phones, contradict; or that was changed itself.
    Checkpoint {
        /// Which.
        nr: u64,
        /// The entries looked at begin behind this one.
        after: Pos,
        /// And end here.
        until: Pos,
    },
    /// An entry that waits without being written down as waiting, the other way round, or for another reason.
    Waiting(Pos),
    /// A closed period whose report is not the one the closing states, or whose signature does not hold.
    Closing(CommunityId, Period),
    /// A closed period of which something else counted last than its files say.
    ClosedState(CommunityId, Period),
    /// An entry whose body is missing without a decision to erase it.
    Erased(Pos),
    /// A decision to erase that the log does not tell so.
    Erasure(u32),
    /// A key of the hub that the one before it and the recovery key do not lead to.
    HubKey(u32),
    /// The first row of a chained log that does not hold.
    Journal(LogKind, u64),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HubKey(nr) => write!(
                f,
                "中心第 {nr} 把密钥没有前一把和恢复密钥的签名 / hub key {nr} is not signed by the one before it and by the recovery key"
            ),
            Self::Unreadable(what) => write!(f, "无法读取 / cannot be read: {what}"),
            Self::Database(words) => write!(f, "数据库文件损坏 / the database file is damaged: {words}"),
            Self::Entry(pos) => write!(f, "日志第 {0} 条无法读取 / entry {0} cannot be read", pos.0),
            Self::Unproven(pos) => {
                write!(
                    f,
                    "日志第 {0} 条签名或内容不符 / entry {0}: signature or payload does not hold",
                    pos.0
                )
            }
            Self::Link(pos) => {
                write!(f, "日志第 {0} 条与前一条不相连 / entry {0} does not follow its chain", pos.0)
            }
            Self::Chain(id, epoch) => {
                write!(f, "登记 {id} 第 {epoch} 段链头不符 / chain {id} epoch {epoch} stands elsewhere")
            }
            Self::Stream(id, seq) => {
                write!(f, "流 {id:?} 第 {seq} 位不符 / stream {id:?} does not hold at {seq}")
            }
            Self::Misplaced(pos) => {
                write!(f, "日志第 {0} 条不在其位 / entry {0} does not stand where its verdict says", pos.0)
            }
            Self::File(unit) => write!(f, "户档与日志不符 / file differs from the log: {unit:?}"),
            Self::Doc(unit) => write!(f, "户情与日志不符 / document differs from the log: {unit:?}"),
            Self::Home(unit) => write!(f, "所在网格与户档不符 / home differs from the file: {unit:?}"),
            Self::Community(id) => write!(f, "社区档与日志不符 / community file differs from the log: {id}"),
            Self::Coverage(grid, period) => {
                write!(
                    f,
                    "网格 {grid} {period} 的入户率行与户档不符 / rows of grid {grid}, {period} differ from its files"
                )
            }
            Self::Checkpoint { nr, after, until } => write!(
                f,
                "检查点 {nr} 与日志第 {1}–{0} 条或手机登记不符 / checkpoint {nr} contradicts entries {1} to {0} or the phones",
                until.0,
                after.0 + 1
            ),
            Self::Waiting(pos) => {
                write!(f, "日志第 {0} 条的待核状态不符 / entry {0} does not wait as its verdict says", pos.0)
            }
            Self::Closing(id, period) => {
                write!(
                    f,
                    "社区 {id} {period} 的关账报表不符 / the closed report of {id}, {period} does not hold"
                )
            }
            Self::ClosedState(id, period) => {
                write!(
                    f,
                    "社区 {id} {period} 关账后的状态与户档不符 / what {id}, {period} counted last differs from its files"
                )
            }
            Self::Requests(unit) => {
                write!(f, "诉求与日志不符 / requests differ from the log: {unit:?}")
            }
            Self::Private(pos) => write!(
                f,
                "日志第 {0} 条与工作者之间的往来索引不符 / entry {0} between the desk and a worker is listed otherwise than it says",
                pos.0
            ),
            Self::Erased(pos) => write!(
                f,
                "日志第 {0} 条的内容缺失,但没有删除它的决定 / the body of entry {0} is missing and no decision erased it",
                pos.0
            ),
            Self::Erasure(nr) => {
                write!(f, "删除决定第 {nr} 号与日志不符 / erasure {nr} is not as the log tells it")
            }
            Self::Journal(LogKind::Access, seq) => {
                write!(f, "查看记录第 {seq} 行不符 / access log breaks at {seq}")
            }
            Self::Journal(LogKind::Audit, seq) => {
                write!(f, "操作记录第 {seq} 行不符 / audit log breaks at {seq}")
            }
        }
    }
}
