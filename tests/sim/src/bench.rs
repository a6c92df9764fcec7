//! Figures of merit, printed and never asserted: the machine is noisy, and a bar is a person's to judge.

pub mod baseline;
pub mod load;
pub mod phone;
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
