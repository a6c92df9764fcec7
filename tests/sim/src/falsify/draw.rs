//! Draws that dice of whole numbers do not have.

use crate::dice::Dice;

/// A number from 0 to 1, 1 excluded.
pub(super) fn unit(dice: &mut Dice) -> f64 {
    f64::from(dice.below(1 << 30)) / f64::from(1u32 << 30)
}

/// True with a chance from 0 to 1.
pub(super) fn chance(dice: &mut Dice, p: f64) -> bool {
    unit(dice) < p
}

/// A standard normal value (Box and Muller).
pub(super) fn normal(dice: &mut Dice) -> f64 {
    let radius = (-2.0 * (1.0 - unit(dice)).ln()).sqrt();
    radius * (std::f64::consts::TAU * unit(dice)).cos()
}

/// A log-normal value around its median.
pub(super) fn lognormal(dice: &mut Dice, median: f64, spread: f64) -> f64 {
    median * (spread * normal(dice)).exp()
}

/// An exponential value around its median.
pub(super) fn waiting(dice: &mut Dice, median: f64) -> f64 {
    -(1.0 - unit(dice)).ln() * median / std::f64::consts::LN_2
}

/// To a whole number, never below 0.
pub(super) fn whole(value: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held within the type before"
    )]
    let whole = value.clamp(0.0, 4e9).round() as u32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_middle_they_say() {
        let mut dice = Dice::new(1, "middle", &[]);
        let mut values: Vec<f64> = (0..4001).map(|_| lognormal(&mut dice, 4.0, 0.44)).collect();
        values.sort_by(f64::total_cmp);
        assert!((3.8..4.2).contains(&values[2000]), "{}", values[2000]);
        let mut waits: Vec<f64> = (0..4001).map(|_| waiting(&mut dice, 20.0)).collect();
        waits.sort_by(f64::total_cmp);
        assert!((18.0..22.0).contains(&waits[2000]), "{}", waits[2000]);
    }
}
