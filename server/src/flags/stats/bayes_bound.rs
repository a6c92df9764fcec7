//! From a p-value to a likelihood ratio.

/// The largest likelihood ratio a p-value can stand for, as a natural logarithm: `1 / (−e·p·ln p)` below `1/e`, else 0.
///
/// Sellke, Bayarri and Berger, "Calibration of p values for testing precise null hypotheses", The American
/// Statistician 55(1), 2001. It is a bound *in favour* of the signal, which is why each signal is capped on top.
#[must_use]
pub fn log_bound(p: f64) -> f64 {
    let p = p.max(1e-300);
    if p < (-1.0f64).exp() { -(1.0 + p.ln() + (-p.ln()).ln()) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_percent_is_worth_at_most_two_and_a_half_to_one() {
        assert!((log_bound(0.05).exp() - 2.456).abs() < 0.01);
        assert!((log_bound(0.01).exp() - 7.988).abs() < 0.01);
    }

    #[test]
    fn an_ordinary_p_value_is_worth_nothing_and_a_smaller_one_never_less() {
        assert!(log_bound(0.5).abs() < f64::EPSILON);
        let values = [1e-9, 1e-6, 1e-3, 0.01, 0.1, 0.3, 0.9];
        assert!(values.windows(2).all(|pair| log_bound(pair[1]) <= log_bound(pair[0])));
    }
}
