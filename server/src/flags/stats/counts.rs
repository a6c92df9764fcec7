//! Counts that are too low: how many of so many, against what others of the same kind have.

use super::ln_choose;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many.
    pub hits: u32,
    /// Of how many.
    pub of: u32,
}

impl Counted {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { hits: self.hits.saturating_add(other.hits), of: self.of.saturating_add(other.of) }
    }

    /// What is left without a part of it.
    #[must_use]
    pub const fn without(self, part: Self) -> Self {
        Self { hits: self.hits.saturating_sub(part.hits), of: self.of.saturating_sub(part.of) }
    }
}

/// A rate seen in a sample, drawn towards a prior rate that counts as `strength` observations.
#[must_use]
pub fn shrunk_rate(seen: Counted, prior: f64, strength: f64) -> f64 {
    (f64::from(seen.hits) + prior * strength) / (f64::from(seen.of) + strength)
}

/// How likely a count is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likely {
    /// Logarithm of the chance of exactly so many.
    pub log_exactly: f64,
    /// The chance of at most so many.
    pub at_most: f64,
}

/// How likely `seen.hits` of `seen.of` is under a beta-binomial with this mean and this many pseudo-observations: the fewer,
/// the more honest people differ from each other. It stands for a sum of trials that each have a chance of their own
/// (Poisson-binomial) with a spread between people: the spread outweighs what the single chances take off the variance, and
/// unlike a mixture over a few people it is smooth. Exact sum in ascending order.
#[must_use]
pub fn beta_binomial(seen: Counted, mean: f64, strength: f64) -> Likely {
    let mean = mean.clamp(1e-6, 1.0 - 1e-6);
    let (a, b) = (mean * strength, (1.0 - mean) * strength);
    let rest = statrs::function::beta::ln_beta(a, b);
    let log = |k: u32| {
        let (hits, misses) = (f64::from(k), f64::from(seen.of.saturating_sub(k)));
        ln_choose(seen.of, k) + statrs::function::beta::ln_beta(a + hits, b + misses) - rest
    };
    let hits = seen.hits.min(seen.of);
    let at_most: f64 = (0..=hits).map(|k| log(k).exp()).sum();
    Likely { log_exactly: log(hits), at_most: at_most.min(1.0) }
}

/// Pseudo-observations at which rates around `mean` differ from person to person by the logarithmic spread `spread`.
#[must_use]
pub fn alike(mean: f64, spread: f64) -> f64 {
    let mean = mean.clamp(1e-6, 1.0 - 1e-6);
    ((1.0 - mean) / (mean * spread * spread) - 1.0).max(0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_large_strength_is_the_binomial_itself() {
        // P(X ≤ 1) of 10 at 0.2 is 0.3758.
        let p = beta_binomial(Counted { hits: 1, of: 10 }, 0.2, 1e7).at_most;
        assert!((p - 0.3758).abs() < 1e-3, "{p}");
    }

    #[test]
    fn one_quiet_household_says_nothing_and_a_whole_quiet_quarter_does() {
        let of = |hits, of, mean| beta_binomial(Counted { hits, of }, mean, alike(mean, 0.35)).at_most;
        assert!(0.5 < of(0, 20, 0.03));
        assert!(of(2, 300, 0.12) < 1e-3);
    }

    #[test]
    fn the_more_people_differ_the_less_a_low_count_says() {
        let seen = Counted { hits: 2, of: 100 };
        assert!(beta_binomial(seen, 0.15, 1e6).at_most < beta_binomial(seen, 0.15, 40.0).at_most);
        assert!(alike(0.15, 0.5) < alike(0.15, 0.2));
    }

    proptest! {
        #[test]
        fn the_tail_is_a_probability_that_grows_with_the_count(of in 1u32..200, mean in 0.01f64..0.9, strength in 2.0f64..300.0) {
            let tails: Vec<f64> =
                (0..=of).map(|hits| beta_binomial(Counted { hits, of }, mean, strength).at_most).collect();
            prop_assert!(tails.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
            prop_assert!((tails.last().copied().unwrap_or(0.0) - 1.0).abs() < 1e-6);
        }
    }
}
