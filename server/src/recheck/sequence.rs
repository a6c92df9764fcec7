//! 随机复访的累计 – whether the random re-visits of one worker's records contradict more often than an honest worker's do,
//! however often one looks: an e-process (`detection.md` 4.5; Ville 1939; Ramdas et al. 2023, *Statistical Science* 38:576).
//!
//! Only draws by lot are in it: what signals choose is odder than average, and would accuse by its own choice. It is shown
//! where a person already answers for a record, beside what else is held against it; nothing is listed by it.

use std::collections::BTreeSet;

use ruhu_core::ids::{CommunityId, Hash32, WorkerId};

use super::act::standing;
use super::draw::Method;
use crate::findings::course::{Finding, all};
use crate::storage::{StorageError, Tx};

/// Share of an honest worker's records that a re-visit contradicts: old people forget, somebody else was met
/// (`detection.md` 4.5: to begin with, until it is measured).
pub const HONEST: f64 = 0.05;
/// From here on: at most once in a thousand honest workers, however often one looks, as long as [`HONEST`] holds.
pub const BEYOND: f64 = 1_000.0;
/// From here on it is more than chance brings about in one of twenty.
pub const UNUSUAL: f64 = 20.0;
/// Fewer answers say nothing.
pub const ENOUGH: u32 = 5;

/// 随机复访 of one worker, in the order they were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sequence {
    /// Answers that say something either way.
    pub told: u32,
    /// Of those: contradictions.
    pub contradicted: u32,
    /// The largest the e-process ever was; 1 before there is anything.
    pub highest: f64,
}

/// What a sequence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Too few answers to say anything.
    NotEnough,
    /// As with an honest worker.
    AsHonest,
    /// Oftener than usual; chance may still have done it.
    Unusual,
    /// 0.1 % or less of honest workers ever come here.
    Beyond,
}

impl Sequence {
    /// From answers in their order: whether each contradicts.
    #[must_use]
    pub fn of(answers: impl IntoIterator<Item = bool>) -> Self {
        let mut sequence = Self { highest: 1.0, ..Self::default() };
        for contradicts in answers {
            sequence.told += 1;
            sequence.contradicted += u32::from(contradicts);
            sequence.highest = sequence.highest.max(e_value(sequence.told, sequence.contradicted));
        }
        sequence
    }

    /// What it says.
    #[must_use]
    pub fn weight(&self) -> Weight {
        if self.told < ENOUGH {
            Weight::NotEnough
        } else if self.highest < UNUSUAL {
            Weight::AsHonest
        } else if self.highest < BEYOND {
            Weight::Unusual
        } else {
            Weight::Beyond
        }
    }
}

/// The mean likelihood ratio of `contradicted` among `told` against [`HONEST`], over shares from 0.10 to 0.95 in steps
/// of 0.05. Its expectation under honesty is 1 at any time.
#[must_use]
pub fn e_value(told: u32, contradicted: u32) -> f64 {
    let (yes, no) = (f64::from(contradicted), f64::from(told.saturating_sub(contradicted)));
    let shares = (2..20).map(|step| f64::from(step) * 0.05);
    let ratio = |share: f64| {
        let log = yes * (share / HONEST).ln() + no * ((1.0 - share) / (1.0 - HONEST)).ln();
        log.exp()
    };
    shares.map(ratio).sum::<f64>() / 18.0
}

/// The random re-visits of a worker's records in a community, each record once, by its first answer as it stands. What a
/// person looked into and cleared, or an appeal reversed, contradicts no longer: that only lowers what adds up.
///
/// # Errors
/// [`StorageError`].
pub fn of_worker(tx: &Tx<'_>, community: CommunityId, worker: WorkerId) -> Result<Sequence, StorageError> {
    let mut answered: Vec<(i64, Hash32, bool)> = Vec::new();
    for draw in tx.draws(community)?.into_iter().rev() {
        if draw.method != Method::Lot.code() {
            continue;
        }
        let answers = tx.recheck_answers(draw.id)?;
        let standing = standing(&answers);
        for item in tx.drawn(draw.id)? {
            let Some((record, _)) = item.visit.filter(|(_, made_by)| *made_by == worker) else { continue };
            if let Some((answer, row)) = standing.get(&(item.nth, 1)).filter(|one| one.0.tells()) {
                answered.push((row.made_ms, record, answer.contradicts()));
            }
        }
    }
    let cleared = cleared(tx, community, worker)?;
    answered.iter_mut().for_each(|(_, record, contradicts)| *contradicts &= !cleared.contains(record));
    answered.sort_unstable();
    let mut seen = BTreeSet::new();
    answered.retain(|(_, record, _)| seen.insert(*record));
    Ok(Sequence::of(answered.into_iter().map(|(.., contradicts)| contradicts)))
}

/// The records of a worker that were cleared: not found against, or found and reversed.
fn cleared(tx: &Tx<'_>, community: CommunityId, worker: WorkerId) -> Result<BTreeSet<Hash32>, StorageError> {
    let of_worker = all(tx, community)?.into_iter().filter(|one| one.worker == worker);
    let is_cleared = |one: &Finding| {
        one.course.is_reversed() || one.course.ruling().is_some_and(|ruling| !ruling.is_adverse())
    };
    Ok(of_worker.filter(is_cleared).filter_map(|one| Some(one.about()?.record)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    /// The share of `workers` whose sequence of `visits` is beyond, each contradicted with this probability.
    fn beyond(share: f64, visits: u32, workers: u32) -> f64 {
        let mut rng = StdRng::seed_from_u64(45);
        let mut found = 0_u32;
        for _ in 0..workers {
            let answers: Vec<bool> = (0..visits).map(|_| rng.random_bool(share)).collect();
            found += u32::from(Sequence::of(answers).highest >= BEYOND);
        }
        f64::from(found) / f64::from(workers)
    }

    #[test]
    fn honest_workers_are_hardly_ever_beyond_however_often_one_looks() {
        assert!(beyond(HONEST, 40, 20_000) <= 0.001);
    }

    #[test]
    fn who_makes_up_many_records_is_found_as_often_as_was_measured_before() {
        // `detection.md` 4.5: a falsified record is denied, an honest one contradicted by 5 %.
        for (falsified, visits, wanted) in
            [(0.3, 24, 0.60), (0.5, 12, 0.69), (0.5, 24, 0.98), (0.8, 12, 0.99), (0.1, 40, 0.07)]
        {
            let share = falsified + (1.0 - falsified) * HONEST;
            let found = beyond(share, visits, 4_000);
            assert!((found - wanted).abs() < 0.06, "{falsified} by {visits}: {found}");
        }
    }

    #[test]
    fn one_contradiction_among_many_answers_is_what_honest_work_looks_like() {
        let one = Sequence::of((0..20).map(|nth| nth == 7));
        assert_eq!((one.told, one.contradicted, one.weight()), (20, 1, Weight::AsHonest));
        assert_eq!(Sequence::of([true, true]).weight(), Weight::NotEnough);
        assert_eq!(Sequence::of([true, true, false, true, false]).weight(), Weight::Unusual);
        assert_eq!(Sequence::of([true; 6]).weight(), Weight::Beyond);
        // What was reached stays reached: looking later takes nothing back.
        let long = Sequence::of((0..60).map(|nth| nth < 6));
        assert_eq!(long.weight(), Weight::Beyond);
    }

    #[test]
    fn the_expected_value_under_honesty_is_one() {
        // The sum over all counts, weighted by their probability.
        let told = 12_u32;
        let mut sum = 0.0;
        for contradicted in 0..=told {
            let ways =
                (0..contradicted).fold(1.0, |ways, nth| ways * f64::from(told - nth) / f64::from(nth + 1));
            let chance = ways
                * HONEST.powf(f64::from(contradicted))
                * (1.0 - HONEST).powf(f64::from(told - contradicted));
            sum += chance * e_value(told, contradicted);
        }
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    }
}
