//! 18 – the answers of a worker's quarter are unlike those others got in the same kind of house.
//!
//! Inputs: answers with few possible values. Test: χ² of the worker's answers against those of others, question by question,
//! divided by how far honest workers differ here (the median of χ² per degree of freedom, at least 1), Benjamini–Hochberg over
//! workers at 0.05, and Cramér's V of the table of him and others above 0.2 (4.2). Needs 60 answers of his own and 120 of others. Cap 6.

use std::collections::BTreeMap;

use ruhu_core::ids::QuestionId;

use super::{Group, Kind, Signal, Trap};
use crate::flags::evidence::{Housing, Said};
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Quarter, rising};
use crate::flags::scene::Scene;
use crate::flags::stats::{benjamini_hochberg, chi_squared_upper, log_bound, quantile};

/// Own answers and others' below which a question is not compared.
const ENOUGH: (f64, f64) = (60.0, 120.0);
/// Values beyond which a question is no list of choices.
const VALUES_MAX: usize = 12;
/// Strength of the link between worker and answer below which it is not told (4.2).
const LINK: f64 = 0.2;
/// False discoveries among workers (4.2).
const Q: f64 = 0.05;

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::UnlikeNeighbours,
    number: 18,
    group: Group::Answers,
    cap: 6.0,
    quarter_cap: 6.0,
    power: None,
    names: ("答案分布与同类住宅不同", "answers unlike those of the same kind of house"),
    traps: &[
        Trap {
            reading: ("负责的楼栋或人群不同", "other buildings or other people are looked after"),
            shown_by: ("住户年龄、租住情况", "the residents' ages and tenure"),
        },
        Trap {
            reading: ("提问方式或理解不同", "the question is asked or understood differently"),
            shown_by: ("请工作者说明怎样提问", "how the worker asks it"),
        },
    ],
    settled_by: (
        "随机复访几户,重问这些问题",
        "ask the same questions again in a few households drawn at random",
    ),
    read,
};

/// What one worker's answers add up to.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    chi: f64,
    freedom: u32,
    /// His own.
    answers: f64,
    /// His own and those of others, over the tables compared.
    table: f64,
}

impl Sum {
    /// Cramér's V of the tables "he and others" by answer: √(χ² ÷ all answers in them), since one side has two rows.
    fn link(self) -> f64 {
        (self.chi / self.table.max(1.0)).sqrt()
    }
}

/// χ² of two rows of counts: how often each answer was given by him, and by others.
fn chi_squared(counts: &[(f64, f64)]) -> f64 {
    let (mine, others) = counts.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let of = |(own, other): &(f64, f64)| {
        let apart = own * others - other * mine;
        apart * apart / ((own + other) * mine * others).max(1e-9)
    };
    counts.iter().map(of).sum()
}

fn read(scene: &Scene<'_>, _: &Model) -> Found {
    type Counts = BTreeMap<Said, f64>;
    let mut all: BTreeMap<(QuestionId, Housing), Counts> = BTreeMap::new();
    let mut own: BTreeMap<(QuestionId, Housing), BTreeMap<usize, Counts>> = BTreeMap::new();
    for row in &scene.rows {
        for (question, said) in row.is.told.iter().flat_map(|told| &told.answers) {
            if matches!(said, Said::YesNo(_) | Said::Choice(_)) {
                let key = (*question, row.housing);
                *all.entry(key).or_default().entry(said.clone()).or_default() += 1.0;
                let mine = own.entry(key).or_default().entry(row.worker).or_default();
                *mine.entry(said.clone()).or_default() += 1.0;
            }
        }
    }
    let mut sums: BTreeMap<usize, Sum> = BTreeMap::new();
    for (key, values) in all.iter().filter(|(_, values)| values.len() <= VALUES_MAX) {
        let total: f64 = values.values().sum();
        for (worker, mine) in own.get(key).into_iter().flatten() {
            let n: f64 = mine.values().sum();
            if n < ENOUGH.0 || total - n < ENOUGH.1 {
                continue;
            }
            let sum = sums.entry(*worker).or_default();
            sum.answers += n;
            sum.table += total;
            let pairs: Vec<(f64, f64)> = values
                .iter()
                .map(|(said, count)| {
                    let mine = mine.get(said).copied().unwrap_or(0.0);
                    (mine, count - mine)
                })
                .collect();
            sum.chi += chi_squared(&pairs);
            sum.freedom += u32::try_from(values.len().saturating_sub(1)).unwrap_or(0);
        }
    }
    let not_enough = (0..scene.workers.len()).filter(|worker| !sums.contains_key(worker)).collect();
    let mut found = Found { not_enough, ..Found::default() };
    let mut spreads: Vec<f64> = sums.values().map(|sum| sum.chi / f64::from(sum.freedom.max(1))).collect();
    spreads.sort_by(f64::total_cmp);
    let spread = quantile(&spreads, 0.5).unwrap_or(1.0).max(1.0);
    let p: Vec<f64> = sums.values().map(|sum| chi_squared_upper(sum.chi / spread, sum.freedom)).collect();
    for (((worker, sum), p), rejected) in sums.iter().zip(&p).zip(benjamini_hochberg(&p, Q)) {
        let link = sum.link();
        if rejected && LINK < link {
            let curve = rising(log_bound(*p).min(SIGNAL.cap.ln()));
            found.quarters.push(Quarter { worker: *worker, curve, words: compare(sum, link, *p) });
        }
    }
    found
}

fn compare(sum: &Sum, link: f64, p: f64) -> Comparison {
    let answers = sum.answers;
    Comparison {
        zh: format!(
            "本季该工作者记录的 {answers:.0} 个专项答案,分布与同类住宅其他记录明显不同(关联度 {link:.2},可能性 {p:.4})。"
        ),
        en: format!(
            "{answers:.0} answers of the quarter are distributed unlike those of others in the same kind of house (link {link:.2}, chance {p:.4})."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_is_measured_against_all_answers_of_the_table_and_not_his_own_alone() {
        // 300 of his against 2,100 of others: 40 % against 53 % of one answer.
        let chi = chi_squared(&[(121.0, 1113.0), (179.0, 987.0)]);
        assert!((16.5..17.5).contains(&chi), "{chi}");
        let link = Sum { chi, freedom: 1, answers: 300.0, table: 2400.0 }.link();
        assert!((link - 0.084).abs() < 0.002 && link < LINK, "{link}");
    }
}
