//! How odd one value is among values known to be honest.

/// `(1 + how many of the reference are at least as odd) / (1 + how many there are)`: exact when reference and value are
/// exchangeable (Bates, Candès, Lei, Romano, Sesia 2023). `sorted` ascends; larger is odder.
#[must_use]
pub fn conformal_p(sorted: &[f64], value: f64) -> f64 {
    let below = sorted.partition_point(|one| *one < value);
    let at_least = sorted.len().saturating_sub(below);
    (1.0 + at_least as f64) / (1.0 + sorted.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_is_odd_without_a_reference_and_the_oddest_is_one_in_all() {
        assert!((conformal_p(&[], 9.0) - 1.0).abs() < f64::EPSILON);
        assert!((conformal_p(&[1.0, 2.0, 3.0], 4.0) - 0.25).abs() < f64::EPSILON);
    }

    proptest! {
        /// Of values drawn alike, at most a share `a` gets a p-value of `a`: counted over every place one can take.
        #[test]
        fn honest_values_are_found_odd_no_more_often_than_said(
            mut all in prop::collection::vec(0u32..1000, 2..40), share in 0.05f64..0.9
        ) {
            all.sort_unstable();
            let found = (0..all.len()).filter(|place| {
                let mut rest: Vec<f64> = all.iter().map(|one| f64::from(*one)).collect();
                let value = rest.remove(*place);
                conformal_p(&rest, value) <= share
            });
            prop_assert!(found.count() as f64 <= share * all.len() as f64 + 1e-9);
        }
    }
}
