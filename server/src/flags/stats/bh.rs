//! Many tests at once.

/// Which of the p-values are rejected when the expected share of false ones among the rejected is held at `q`
/// (Benjamini and Hochberg 1995). Answers in the order asked.
#[must_use]
pub fn benjamini_hochberg(p_values: &[f64], q: f64) -> Vec<bool> {
    let mut sorted = p_values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len().max(1) as f64;
    let bar = sorted
        .iter()
        .zip(1u32..)
        .filter(|(p, rank)| **p <= q * f64::from(*rank) / count)
        .map(|(p, _)| *p)
        .last();
    p_values.iter().map(|p| bar.is_some_and(|bar| *p <= bar)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn everything_up_to_the_last_that_passes_its_own_bar_is_rejected() {
        let p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205];
        let rejected = benjamini_hochberg(&p, 0.1);
        assert_eq!(rejected.iter().filter(|one| **one).count(), 7);
        assert_eq!(benjamini_hochberg(&p, 0.05), [true, true, false, false, false, false, false, false]);
    }

    proptest! {
        #[test]
        fn a_smaller_p_value_is_never_kept_while_a_larger_one_is_rejected(
            p in prop::collection::vec(0.0f64..1.0, 0..30), q in 0.01f64..0.5
        ) {
            let rejected = benjamini_hochberg(&p, q);
            for (one, out) in p.iter().zip(&rejected) {
                for (other, also) in p.iter().zip(&rejected) {
                    prop_assert!(!(other <= one && *out && !*also));
                }
            }
        }
    }
}
