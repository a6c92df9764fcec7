use super::{Baseline, Side};
use crate::bench::load::{day, ids_of, load, people_of};
use crate::fields;

#[test]
fn both_sides_of_the_baseline_agree_and_a_day_costs_more_than_nothing() {
    let today = "2026-07-08".parse().unwrap();
    let load = load(1, 40, 3, 270, today);
    let families = &load.world.city().families;
    let households: Vec<_> =
        families.iter().map(|(no, one)| fields::of_household(one, &people_of(&load.world, *no))).collect();
    let mut both = Baseline::at_hub(&households).unwrap();
    let draft = |paid: &crate::bench::load::Paid| {
        paid.draft(&load.world, ids_of(paid.family, paid.door), &people_of(&load.world, paid.family))
    };
    for paid in &load.past {
        both.visit(Side::Hub, usize::try_from(paid.family.0).unwrap(), &draft(paid)).unwrap();
    }
    let first = both.sync().unwrap();
    assert!(both.agree());
    let empty = both.sync().unwrap();
    for paid in day(&load.world, today, 0, 10) {
        both.visit(Side::Phone, usize::try_from(paid.family.0).unwrap(), &draft(&paid)).unwrap();
    }
    let busy = both.sync().unwrap();
    assert!(both.agree());
    assert!(empty.up + empty.down < busy.up + busy.down && busy.up + busy.down < first.down);
}
