//! 抽样 – a frame and a seed decide what is drawn, and nothing else does.
//!
//! Each unit of the frame is given `SHA-256("ruhu-recheck-1" ‖ seed ‖ unit)`; the smallest come first. Whoever holds the
//! frame and the published seed draws the same list with any tool. Each unit has the same chance, n ÷ N.

use ruhu_core::coverage::{CellState, Coverage, Deduction, ObligationState, Served};
use ruhu_core::ids::{DwellingId, GridId, Hash32, WorkerId};
use ruhu_core::roster::Unit;

use crate::storage::cells::state_name;
use crate::storage::units::unit_bytes;

/// Most that one draw takes: what a community can re-visit in a month.
pub const DRAWN_MAX: usize = 200;
/// Every tenth is asked twice, by two people who do not know of each other: what honest answers disagree on.
pub const TWICE_EVERY: usize = 10;

/// What is checked: that somebody was there, or that there was a reason not to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Claim {
    /// 已访 – by this record.
    Visited {
        /// Its payload hash.
        record: Hash32,
        /// Who made it: never the one who checks it.
        made_by: WorkerId,
    },
    /// 核减.
    Deducted(Deduction),
}

/// How a draw comes about; published with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// 随机 – everything of the period has the same chance. Only these say how much of a period is otherwise.
    Lot,
    /// 按线索 – by lot among the records that signals put up. Odder than the average, so their answers measure nothing but
    /// themselves (`detection.md` 4.5).
    Signals,
}

impl Method {
    /// As it is kept.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lot => "lot",
            Self::Signals => "signals",
        }
    }

    /// Back from [`Method::code`]; by lot for anything else.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        if code == Self::Signals.code() { Self::Signals } else { Self::Lot }
    }
}

/// One obligation of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Framed {
    /// Whom.
    pub unit: Unit,
    /// Where it counts.
    pub grid: GridId,
    /// The door.
    pub dwelling: DwellingId,
    /// What is claimed of it.
    pub claim: Claim,
}

/// 抽样框 – the visits and the deductions of a period; visits known from an imported sheet are nobody's record.
#[must_use]
pub fn frame<'c>(coverage: impl IntoIterator<Item = &'c Coverage>) -> Vec<Framed> {
    let obligations = coverage.into_iter().flat_map(|one| &one.obligations);
    let mut frame: Vec<Framed> = obligations
        .filter_map(|one| {
            let claim = match one.state {
                ObligationState::Visited(Served::Visit { record, made_by, .. }) => {
                    Claim::Visited { record, made_by }
                }
                ObligationState::Deducted(why) => Claim::Deducted(why),
                ObligationState::Visited(Served::Imported { .. }) | ObligationState::Outstanding(_) => {
                    return None;
                }
            };
            Some(Framed { unit: one.unit, grid: one.grid, dwelling: one.dwelling, claim })
        })
        .collect();
    frame.sort_unstable();
    frame.dedup_by_key(|one| one.unit);
    frame
}

/// What the frame was: published beside the seed, so that a frame changed afterwards is noticed.
#[must_use]
pub fn frame_hash(frame: &[Framed]) -> Hash32 {
    let mut text = Vec::new();
    for one in frame {
        text.extend(unit_bytes(one.unit));
        match one.claim {
            Claim::Visited { record, .. } => {
                text.push(1);
                text.extend(record.0);
            }
            Claim::Deducted(why) => {
                text.push(2);
                text.extend(state_name(CellState::of(&ObligationState::Deducted(why))).bytes());
            }
        }
    }
    Hash32::of(&[b"ruhu-recheck-frame-1", &text])
}

/// The first `size` of the frame in the order the seed gives; all of it where it is smaller.
#[must_use]
pub fn draw(frame: &[Framed], seed: &[u8; 32], size: usize) -> Vec<Framed> {
    let mut order: Vec<(Hash32, Framed)> = frame
        .iter()
        .map(|one| (Hash32::of(&[b"ruhu-recheck-1", seed, &unit_bytes(one.unit)]), *one))
        .collect();
    order.sort_unstable();
    order.into_iter().take(size).map(|(_, one)| one).collect()
}

/// Whether the `nth` drawn, from 0, is asked twice.
#[must_use]
pub const fn is_asked_twice(nth: usize) -> bool {
    nth.is_multiple_of(TWICE_EVERY)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use ruhu_core::ids::HouseholdId;

    use super::*;

    fn framed(nth: u16) -> Framed {
        let mut id = [0; 16];
        id[..2].copy_from_slice(&nth.to_be_bytes());
        let claim = if nth.is_multiple_of(5) {
            Claim::Deducted(Deduction::VacantConfirmed)
        } else {
            Claim::Visited { record: Hash32([7; 32]), made_by: WorkerId::from_bytes(id) }
        };
        Framed {
            unit: Unit::Household(HouseholdId::from_bytes(id)),
            grid: GridId::from_bytes([1; 16]),
            dwelling: DwellingId::from_bytes(id),
            claim,
        }
    }

    proptest! {
        #[test]
        fn a_draw_is_a_part_of_the_frame_without_doubles_and_a_larger_one_begins_with_it(
            size in 0usize..40, more in 0usize..40, total in 0u16..60, seed: [u8; 32]
        ) {
            let frame: Vec<Framed> = (0..total).map(framed).collect();
            let drawn = draw(&frame, &seed, size);
            let distinct: BTreeSet<&Framed> = drawn.iter().collect();
            prop_assert_eq!(distinct.len(), drawn.len());
            prop_assert_eq!(drawn.len(), size.min(frame.len()));
            prop_assert!(drawn.iter().all(|one| frame.contains(one)));
            prop_assert!(draw(&frame, &seed, size + more).starts_with(&drawn));
        }

        #[test]
        fn the_order_of_the_frame_does_not_matter(seed: [u8; 32]) {
            let frame: Vec<Framed> = (0..50).map(framed).collect();
            let mut turned = frame.clone();
            turned.reverse();
            prop_assert_eq!(draw(&frame, &seed, 12), draw(&turned, &seed, 12));
        }
    }

    #[test]
    fn over_many_seeds_each_is_drawn_as_often_as_any_other() {
        let frame: Vec<Framed> = (0..50).map(framed).collect();
        let mut times = [0u32; 50];
        for nth in 0..2000u32 {
            let seed = Hash32::of(&[b"seed", &nth.to_be_bytes()]).0;
            for one in draw(&frame, &seed, 5) {
                let place = frame.iter().position(|other| *other == one).unwrap();
                times[place] += 1;
            }
        }
        // 2,000 draws of 5 among 50: 200 each, standard deviation 13.4; five of them either way.
        assert!(times.iter().all(|one| (133..=267).contains(one)), "{times:?}");
    }

    #[test]
    fn a_frame_that_was_changed_has_another_hash() {
        let frame: Vec<Framed> = (0..20).map(framed).collect();
        let mut changed = frame.clone();
        changed[3].claim = Claim::Deducted(Deduction::Declined);
        assert_ne!(frame_hash(&frame), frame_hash(&changed));
        assert_ne!(frame_hash(&frame), frame_hash(&frame[1..]));
    }
}
