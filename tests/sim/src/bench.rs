//! Figures of merit, printed and never asserted: the machine is noisy, and a bar is a person's to judge.

pub mod baseline;
pub mod county;
pub mod coverage;
pub mod flags;
pub mod ingest;
pub mod load;
pub mod pages;
pub mod phone;
pub mod pushes;
pub mod raw;
pub mod site;
pub mod sync;

use crate::harness::HarnessError;
use baseline::BaselineError;

/// A bench that could not be run to its end.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The phones or the hub.
    #[error(transparent)]
    Harness(Box<HarnessError>),
    /// The other protocol.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// Files, or the process that is measured.
    #[error("测量:{what} / bench: {what}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The process that is measured said something else than figures.
    #[error("测量:读取结果 / bench: read the figures of the measured process")]
    Figures(#[from] serde_json::Error),
    /// The hub refused what it should have taken.
    #[error("测量:中心没有接收 / bench: the hub did not take what was pushed")]
    Refused,
    /// A document could not be written.
    #[error("测量:写入户情 / bench: write a document")]
    Document(#[source] ruhu_core::profile::ProfileError),
    /// The raw inserts.
    #[error("测量:直接写入 / bench: raw inserts")]
    Raw(#[from] rusqlite::Error),
    /// The same on a server.
    #[error("测量:在服务器上直接写入 / bench: raw inserts on a server")]
    RawServer(#[from] postgres::Error),
    /// Not the address of a database.
    #[error(transparent)]
    Address(#[from] ruhu_server::storage::postgres::UrlError),
    /// There was nothing to measure.
    #[error("测量:没有可测的住户 / bench: no household to measure with")]
    Nothing,
}

impl From<HarnessError> for BenchError {
    fn from(why: HarnessError) -> Self {
        Self::Harness(Box::new(why))
    }
}

#[cfg(test)]
mod tests;
