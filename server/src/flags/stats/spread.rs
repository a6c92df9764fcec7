//! Sums of squares.

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The chance of at least this χ² with so many degrees of freedom; 1 where there are none.
#[must_use]
pub fn chi_squared_upper(value: f64, freedom: u32) -> f64 {
    match ChiSquared::new(f64::from(freedom)) {
        Ok(law) if 0.0 < value => law.sf(value),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_chi_squared_is_met() {
        assert!((chi_squared_upper(3.841, 1) - 0.05).abs() < 1e-3);
        assert!((chi_squared_upper(18.307, 10) - 0.05).abs() < 1e-3);
        assert!((chi_squared_upper(5.0, 0) - 1.0).abs() < f64::EPSILON);
    }
}
