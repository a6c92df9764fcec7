//! 入户率 – a rate, cut to two places and never rounded up.

use std::fmt;

use serde::{Deserialize, Serialize};

/// 入户率 – done ÷ base in hundredths of a percent, cut; `None` when nothing was due.
///
/// Rule D1b-17: 100.00 % only when exact, so that "done" is never claimed early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate {
    hundredths: Option<u32>,
}

impl Rate {
    /// The rate of `done` out of `base`.
    #[must_use]
    pub fn of(done: u32, base: u32) -> Self {
        let cut = (u64::from(done) * 10_000).checked_div(u64::from(base));
        Self { hundredths: cut.map(|cut| u32::try_from(cut).unwrap_or(u32::MAX)) }
    }

    /// Hundredths of a percent, 0 to 10,000; `None` when nothing was due.
    #[must_use]
    pub const fn hundredths(self) -> Option<u32> {
        self.hundredths
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hundredths {
            Some(cut) => write!(f, "{}.{:02} %", cut / 100, cut % 100),
            None => f.write_str("—"),
        }
    }
}
