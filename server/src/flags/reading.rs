//! 读数 – what a signal answers.

use serde::Serialize;

use super::model::{SHARES, STEPS};
use super::signals::Kind;
use super::stats::{Counted, alike, beta_binomial};

/// 读数 – everything one signal says about one community and period.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// About single records.
    pub hits: Vec<Hit>,
    /// The records it looked at, struck or not, by their places in the scene; for a signal that knows its
    /// [`Power`](super::signals::Power).
    pub looked: Vec<usize>,
    /// About the quarter of a worker.
    pub quarters: Vec<Quarter>,
    /// Workers about whom it could say nothing, by their place in the scene.
    pub not_enough: Vec<usize>,
}

/// What a signal says about one record.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its place in the scene.
    pub record: usize,
    /// Logarithm of the likelihood ratio, made up : honest.
    pub log_lr: f64,
    /// What is unusual and compared with whom; `None` for what speaks in favour.
    pub words: Option<Comparison>,
}

/// What a signal says about a worker's quarter.
#[derive(Clone, Debug)]
pub struct Quarter {
    /// Whose, by his place in the scene.
    pub worker: usize,
    /// Logarithm of the likelihood ratio, this share made up : none, for each of [`SHARES`].
    pub curve: Curve,
    /// What is unusual and compared with whom.
    pub words: Comparison,
}

/// Log likelihood ratios over [`SHARES`].
pub type Curve = [f64; STEPS];

/// 比较 – what is unusual, compared with whom; numbers included, nobody named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// 强度 – how much a reason weighs (`detection.md` 4.6): a likelihood ratio below 3, from 3 to 10, above 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// 弱
    Weak,
    /// 中
    Moderate,
    /// 强
    Strong,
}

impl Strength {
    /// From the logarithm of a likelihood ratio.
    #[must_use]
    pub fn of(log_lr: f64) -> Self {
        // A hair of slack: ten that went through a logarithm is still ten.
        let ratio = log_lr.exp();
        if 10.0 + 1e-9 < ratio {
            Self::Strong
        } else if 3.0 - 1e-9 <= ratio {
            Self::Moderate
        } else {
            Self::Weak
        }
    }

    /// In Chinese and English.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Weak => ("弱", "weak"),
            Self::Moderate => ("中", "moderate"),
            Self::Strong => ("强", "strong"),
        }
    }
}

/// 理由 – one reason why a record is put up for a re-visit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// Which signal.
    pub signal: Kind,
    /// In words.
    pub strength: Strength,
    /// The number behind the word, after all caps.
    pub likelihood_ratio: f64,
    /// Whether it is about the worker's quarter and not about this record alone.
    pub about_the_quarter: bool,
    /// What is unusual, compared with whom.
    pub words: Comparison,
}

/// Holds a curve within what its signal may weigh: never more than `cap` in favour of any share, never less than one in
/// `cap` against it.
#[must_use]
pub(super) fn capped(curve: Curve, cap: f64) -> Curve {
    let most = cap.ln();
    curve.map(|one| one.clamp(-most, most))
}

/// What a count that may be too low says of each share, and the chance of so few for an honest worker. A made-up record
/// counts `made_up` times as often as a real one; honest workers differ by `spread`.
#[must_use]
pub(super) fn fewer(seen: Counted, expected: f64, spread: f64, made_up: f64, cap: f64) -> (Curve, f64) {
    let mean = expected / f64::from(seen.of.max(1));
    let strength = alike(mean, spread);
    let honest = beta_binomial(seen, mean, strength);
    let curve = SHARES.map(|share| {
        let scaled = mean * (1.0 - share * (1.0 - made_up));
        beta_binomial(seen, scaled, alike(scaled, spread)).log_exactly - honest.log_exactly
    });
    (capped(curve, cap), honest.at_most)
}

/// A curve that grows with the share made up, up to `log_lr` from a third on: for tests that have no likelihood of
/// their own for each share.
#[must_use]
pub(super) fn rising(log_lr: f64) -> Curve {
    SHARES.map(|share| log_lr * (share / 0.3).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_likelihood_ratio() {
        let of = |ratio: f64| Strength::of(ratio.ln());
        assert_eq!([of(1.2), of(3.1), of(10.5)], [Strength::Weak, Strength::Moderate, Strength::Strong]);
        assert_eq!(
            [of(3.0), of(10.0)],
            [Strength::Moderate, Strength::Moderate],
            "a cap of ten is no contradiction"
        );
    }

    #[test]
    fn a_curve_says_nothing_about_a_worker_who_made_nothing_up() {
        assert!(rising(3.0)[0].abs() < f64::EPSILON);
        assert!(capped(rising(9.0), 10.0).iter().all(|one| *one <= 10.0f64.ln()));
    }
}
