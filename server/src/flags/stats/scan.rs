//! The busiest stretch of a day.

use statrs::distribution::{DiscreteCDF, NegativeBinomial};

/// The window that is hardest to explain by the usual rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Busiest {
    /// When it begins, in minutes as given.
    pub from_min: i64,
    /// Its length in minutes.
    pub window_min: i64,
    /// How many events lie in it.
    pub events: u32,
    /// How likely so many are anywhere in the span, all windows counted; at most 1.
    pub p: f64,
}

/// Looks through windows of several lengths for the one with most events against a negative binomial of `rate_per_h` and
/// `dispersion` (the smaller, the burstier honest days are). The chance is multiplied by twice the number of windows that could
/// be laid side by side into `span_min`: overlapping windows and lengths lean on the same events, so this is near the scan
/// distribution and not an exact one.
///
/// `sorted_min` ascends; `None` below three events.
#[must_use]
pub fn busiest(
    sorted_min: &[i64],
    windows_min: &[i64],
    rate_per_h: f64,
    dispersion: f64,
    span_min: i64,
) -> Option<Busiest> {
    if sorted_min.len() < 3 {
        return None;
    }
    let mut best: Option<Busiest> = None;
    for window_min in windows_min {
        let (mut first, mut fullest) = (0usize, (0usize, 0i64));
        for (last, until) in sorted_min.iter().enumerate() {
            while sorted_min.get(first).is_some_and(|from| from + window_min < *until) {
                first += 1;
            }
            let inside = last + 1 - first;
            if fullest.0 < inside {
                fullest = (inside, sorted_min.get(first).copied().unwrap_or(*until));
            }
        }
        let events = u32::try_from(fullest.0).unwrap_or(u32::MAX);
        let mean = rate_per_h * *window_min as f64 / 60.0;
        let tries = (2.0 * span_min as f64 / *window_min as f64).max(1.0);
        let p = (tries * at_least(events, mean, dispersion)).min(1.0);
        if best.is_none_or(|best| p < best.p) {
            best = Some(Busiest { from_min: fullest.1, window_min: *window_min, events, p });
        }
    }
    best
}

/// The chance of at least so many under a negative binomial of this mean.
fn at_least(events: u32, mean: f64, dispersion: f64) -> f64 {
    let success = dispersion / (dispersion + mean.max(1e-9));
    let below = u64::from(events).checked_sub(1);
    match (NegativeBinomial::new(dispersion, success), below) {
        (Ok(law), Some(below)) => law.sf(below),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fourteen_doors_in_half_an_hour_stand_out_and_four_an_hour_do_not() {
        let calm: Vec<i64> = (0..24).map(|nth| 540 + nth * 15).collect();
        let usual = busiest(&calm, &[30, 60, 90, 120], 4.0, 4.0, 480).unwrap();
        assert!(0.5 < usual.p, "{usual:?}");
        let mut rushed = calm;
        rushed.extend((0..14).map(|nth| 1200 + nth * 2));
        let rush = busiest(&rushed, &[30, 60, 90, 120], 4.0, 4.0, 480).unwrap();
        assert!(rush.p < 0.01 && 1200 <= rush.from_min, "{rush:?}");
    }

    #[test]
    fn two_visits_are_no_burst() {
        assert_eq!(busiest(&[1, 2], &[30], 4.0, 4.0, 480), None);
    }
}
