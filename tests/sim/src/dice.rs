//! Dice of their own for every purpose, so that a new question to the city never changes older answers.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use ruhu_core::ids::Hash32;

/// A stream of seeded randomness for one purpose.
#[derive(Clone, Debug)]
pub struct Dice {
    rng: ChaCha8Rng,
}

impl Dice {
    /// The dice of one purpose, told apart by numbers: a door, a family, a day.
    #[must_use]
    pub fn new(seed: u64, purpose: &str, parts: &[u64]) -> Self {
        let mut bytes = seed.to_be_bytes().to_vec();
        bytes.extend_from_slice(purpose.as_bytes());
        bytes.push(0);
        for part in parts {
            bytes.extend_from_slice(&part.to_be_bytes());
        }
        Self { rng: ChaCha8Rng::from_seed(Hash32::of(&[&bytes]).0) }
    }

    /// True `permille` times in a thousand.
    pub fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < permille
    }

    /// A number from `low` to `high`, both possible; `low` when the span is empty.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low.saturating_add(self.below(high.saturating_sub(low).saturating_add(1)))
    }

    /// A number below `end`; 0 when there is none.
    pub fn below(&mut self, end: u32) -> u32 {
        // The remainder favours small numbers by less than one in four thousand million: of no matter here,
        // and unlike a library's sampling it never changes between versions.
        let draw = self.rng.next_u64().checked_rem(u64::from(end)).unwrap_or(0);
        u32::try_from(draw).unwrap_or(0)
    }

    /// One of them; `None` when there are none.
    pub fn pick<'all, T>(&mut self, all: &'all [T]) -> Option<&'all T> {
        let nth = self.below(u32::try_from(all.len()).unwrap_or(u32::MAX));
        all.get(usize::try_from(nth).unwrap_or(0))
    }

    /// One word of a list; empty when the list is.
    pub fn word<'all>(&mut self, all: &[&'all str]) -> &'all str {
        self.pick(all).copied().unwrap_or_default()
    }

    /// One of a table by weight; `otherwise` when no weight is left.
    pub fn weighted<T: Copy>(&mut self, table: &[(T, u32)], otherwise: T) -> T {
        let mut left = self.below(table.iter().map(|row| row.1).sum());
        for (one, weight) in table {
            if left < *weight {
                return *one;
            }
            left -= weight;
        }
        otherwise
    }

    /// The generator itself, for ids and keys.
    pub const fn rng(&mut self) -> &mut ChaCha8Rng {
        &mut self.rng
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_of_two_purposes_fall_apart_and_of_one_fall_alike() {
        let fall = |purpose: &str, part: u64| Dice::new(7, purpose, &[part]).between(0, u32::MAX - 1);
        assert_eq!(fall("names", 1), fall("names", 1));
        assert_ne!(fall("names", 1), fall("names", 2));
        assert_ne!(fall("names", 1), fall("doors", 1));
    }

    #[test]
    fn a_chance_of_a_third_falls_about_a_third_of_the_time() {
        let mut dice = Dice::new(1, "third", &[]);
        let hits = (0..3000).filter(|_| dice.chance(333)).count();
        assert!((900..1100).contains(&hits), "{hits}");
    }
}
