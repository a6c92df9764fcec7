//! 统计 – the few distributions and tests the signals need. Own code only where no maintained crate has it
//! (`detection.md` 4.7); every sum runs in a fixed order, so that the same input gives the same bits.

mod bayes_bound;
mod bh;
mod conformal;
mod counts;
mod scan;
mod spread;

pub use bayes_bound::log_bound;
pub use bh::benjamini_hochberg;
pub use conformal::conformal_p;
pub use counts::{Counted, Likely, alike, beta_binomial, shrunk_rate};
pub use scan::{Busiest, busiest};
pub use spread::chi_squared_upper;

/// Natural logarithm of the odds of a probability; probabilities of 0 and 1 are held a hair inside.
#[must_use]
pub fn logit(p: f64) -> f64 {
    let p = p.clamp(1e-12, 1.0 - 1e-12);
    (p / (1.0 - p)).ln()
}

/// Back from [`logit`].
#[must_use]
pub fn expit(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The binomial coefficient's logarithm; 0 when `k` exceeds `n`.
fn ln_choose(n: u32, k: u32) -> f64 {
    statrs::function::factorial::ln_binomial(u64::from(n), u64::from(k))
}

/// The value a share of the way through sorted values, without interpolation; `None` of an empty slice.
#[must_use]
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a length is between 0 and that length"
    )]
    let at = (share.clamp(0.0, 1.0) * last as f64).round() as usize;
    sorted.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_odds_come_back_as_the_probability_they_were() {
        for p in [0.001, 0.25, 0.5, 0.99] {
            assert!((expit(logit(p)) - p).abs() < 1e-12);
        }
    }

    #[test]
    fn a_quantile_is_one_of_the_values() {
        assert_eq!(quantile(&[1.0, 2.0, 9.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
