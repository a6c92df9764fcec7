//! 指标 – how well scores put made-up records first, ties shared fairly (`detection.md` 5.3).

use serde::Serialize;

/// A record as it was scored, and the truth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scored {
    pub(super) score: f64,
    pub(super) made_up: bool,
}

/// How one way of choosing does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Share of made-up records among those there is capacity for.
    pub precision_at_capacity: f64,
    /// The same against the base rate.
    pub lift: f64,
    /// Area under precision and recall; the base rate is what chance gives.
    pub auprc: f64,
    /// Area under the ROC curve; a half is what chance gives.
    pub auroc: f64,
}

/// Records of one score: how many of each kind.
struct Tie {
    honest: f64,
    made_up: f64,
}

fn ties(scored: &mut [Scored]) -> Vec<Tie> {
    scored.sort_by(|one, other| other.score.total_cmp(&one.score));
    let mut ties: Vec<Tie> = Vec::new();
    let mut last = None;
    for one in scored.iter() {
        if last.is_none_or(|last: f64| last.total_cmp(&one.score).is_ne()) {
            ties.push(Tie { honest: 0.0, made_up: 0.0 });
            last = Some(one.score);
        }
        if let Some(tie) = ties.last_mut() {
            if one.made_up { tie.made_up += 1.0 } else { tie.honest += 1.0 }
        }
    }
    ties
}

/// Figures of scores, larger first, with room for a share of all.
pub(super) fn figures(scored: &mut [Scored], capacity: f64) -> Figures {
    let all = scored.len() as f64;
    let ties = ties(scored);
    let made_up: f64 = ties.iter().map(|tie| tie.made_up).sum();
    let honest = all - made_up;
    if made_up < 1.0 || honest < 1.0 {
        return Figures::default();
    }
    let room = (all * capacity).ceil().max(1.0);
    let (mut seen, mut hits, mut within) = (0.0, 0.0, 0.0);
    let (mut auprc, mut auroc) = (0.0, 0.0);
    for tie in &ties {
        let size = tie.honest + tie.made_up;
        // Of a tie, capacity takes a fair share.
        let taken = (room - seen).clamp(0.0, size);
        within += tie.made_up * taken / size;
        auroc += tie.honest * (hits + tie.made_up / 2.0);
        seen += size;
        hits += tie.made_up;
        auprc += tie.made_up / made_up * hits / seen;
    }
    let base = made_up / all;
    let precision = within / room.min(all);
    Figures {
        precision_at_capacity: precision,
        lift: precision / base,
        auprc,
        auroc: auroc / (honest * made_up),
    }
}

/// How far probabilities can be taken at their word.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Calibration {
    /// Mean square of the error.
    pub brier: f64,
    /// Mean logarithmic loss.
    pub log_loss: f64,
    /// Largest gap between what was said and what was so, over tenths of the records with equal numbers.
    pub largest_decile_gap: f64,
    /// Said and so, tenth by tenth, ascending.
    pub deciles: Vec<(f64, f64)>,
}

/// Calibration of probabilities given as scores.
pub(super) fn calibration(scored: &mut [Scored]) -> Calibration {
    scored.sort_by(|one, other| one.score.total_cmp(&other.score));
    let all = scored.len() as f64;
    if scored.is_empty() {
        return Calibration::default();
    }
    let truth = |one: &Scored| f64::from(u8::from(one.made_up));
    let brier = scored.iter().map(|one| (one.score - truth(one)).powi(2)).sum::<f64>() / all;
    let loss = |one: &Scored| {
        let p = one.score.clamp(1e-9, 1.0 - 1e-9);
        if one.made_up { -p.ln() } else { -(1.0 - p).ln() }
    };
    let log_loss = scored.iter().map(loss).sum::<f64>() / all;
    let deciles: Vec<(f64, f64)> = scored
        .chunks(scored.len().div_ceil(10))
        .map(|tenth| {
            let count = tenth.len() as f64;
            let said = tenth.iter().map(|one| one.score).sum::<f64>() / count;
            (said, tenth.iter().map(truth).sum::<f64>() / count)
        })
        .collect();
    let gap = deciles.iter().map(|(said, so)| (said - so).abs()).fold(0.0, f64::max);
    Calibration { brier, log_loss, largest_decile_gap: gap, deciles }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(pairs: &[(f64, bool)]) -> Vec<Scored> {
        pairs.iter().map(|(score, made_up)| Scored { score: *score, made_up: *made_up }).collect()
    }

    #[test]
    fn whoever_puts_them_first_is_perfect_and_one_score_for_all_is_chance() {
        let mut perfect = scored(&[(0.9, true), (0.8, true), (0.1, false), (0.0, false)]);
        let found = figures(&mut perfect, 0.5);
        assert!((found.precision_at_capacity - 1.0).abs() < 1e-12 && (found.auroc - 1.0).abs() < 1e-12);
        assert!((found.auprc - 1.0).abs() < 1e-12);
        let mut alike = scored(&[(0.5, true), (0.5, false), (0.5, false), (0.5, false)]);
        let found = figures(&mut alike, 0.5);
        assert!((found.lift - 1.0).abs() < 1e-12 && (found.auroc - 0.5).abs() < 1e-12);
    }

    #[test]
    fn probabilities_that_hold_have_no_gap() {
        let mut held = scored(&[(0.0, false), (0.0, false), (1.0, true), (1.0, true)]);
        let found = calibration(&mut held);
        assert!(found.brier < 1e-12 && found.largest_decile_gap < 1e-12);
    }
}
