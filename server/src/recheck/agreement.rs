//! 一致性 – what the answers of a draw say together. Rows are kinds of claims; there is none for a worker.

use std::fmt;
use std::str::FromStr;

/// What came of asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// 与记录相符.
    Agrees,
    /// 住户明确否认 – by a resident who would know: nobody came; or the reason for the deduction does not hold.
    Denied,
    /// 两项以上不符 – at least two facts that do not change by the week are otherwise.
    FactsWrong,
    /// 说不清 – the resident does not remember. No contradiction.
    Unsure,
    /// 没遇到.
    NotMet,
    /// 不愿回答.
    Refused,
}

/// No such answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("没有这种抽查结果 / no such answer of a spot-check")]
pub struct UnknownAnswer;

impl Answer {
    /// Every answer with its code.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Agrees, "agrees"),
        (Self::Denied, "denied"),
        (Self::FactsWrong, "facts-wrong"),
        (Self::Unsure, "unsure"),
        (Self::NotMet, "not-met"),
        (Self::Refused, "refused"),
    ];

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// Whether it contradicts what was recorded; a person looks into it before anybody concludes anything.
    #[must_use]
    pub const fn contradicts(self) -> bool {
        matches!(self, Self::Denied | Self::FactsWrong)
    }

    /// Whether it says anything about the record either way.
    #[must_use]
    pub const fn tells(self) -> bool {
        matches!(self, Self::Agrees | Self::Denied | Self::FactsWrong)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Answer {
    type Err = UnknownAnswer;

    fn from_str(code: &str) -> Result<Self, UnknownAnswer> {
        Self::ALL.iter().find(|row| row.1 == code).map(|row| row.0).ok_or(UnknownAnswer)
    }
}

/// How the answers to some claims came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Drawn.
    pub drawn: u32,
    /// Asked, whatever came of it.
    pub asked: u32,
    /// Answers that say something either way.
    pub told: u32,
    /// Of those: contradictions.
    pub contradicted: u32,
    /// Asked twice, both telling.
    pub twice: u32,
    /// Of those: the two did not agree with each other.
    pub apart: u32,
}

impl Agreement {
    /// Counts one drawn claim: its first answer is the sample's; a second one only measures how honest answers differ.
    pub fn count(&mut self, first: Option<Answer>, second: Option<Answer>) {
        self.drawn += 1;
        let Some(first) = first else { return };
        self.asked += 1;
        if !first.tells() {
            return;
        }
        self.told += 1;
        self.contradicted += u32::from(first.contradicts());
        if let Some(second) = second.filter(|one| one.tells()) {
            self.twice += 1;
            self.apart += u32::from(first.contradicts() != second.contradicts());
        }
    }

    /// The share contradicted among those that told, with its 95 % interval (Wilson 1927, *JASA* 22:209); `None` before
    /// anybody told anything. In parts of one.
    #[must_use]
    pub fn share(&self) -> Option<Share> {
        (0 < self.told).then(|| Share::of(self.contradicted, self.told))
    }
}

/// A share with its 95 % interval, in parts of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// As found.
    pub found: f64,
    /// From here,
    pub low: f64,
    /// to here.
    pub high: f64,
}

impl Share {
    /// The normal deviate of a two-sided 95 % interval.
    const Z: f64 = 1.959_963_984_540_054;

    fn of(count: u32, total: u32) -> Self {
        let (n, z2) = (f64::from(total), Self::Z * Self::Z);
        let found = f64::from(count) / n;
        let middle = (found + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Self::Z / (1.0 + z2 / n) * (found * (1.0 - found) / n + z2 / (4.0 * n * n)).sqrt();
        Self { found, low: (middle - half).max(0.0), high: (middle + half).min(1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_not_met_or_does_not_remember_is_no_contradiction() {
        let mut sum = Agreement::default();
        for first in [Answer::Agrees, Answer::Denied, Answer::Unsure, Answer::NotMet, Answer::Refused] {
            sum.count(Some(first), None);
        }
        sum.count(None, None);
        assert_eq!((sum.drawn, sum.asked, sum.told, sum.contradicted), (6, 5, 2, 1));
    }

    #[test]
    fn the_interval_is_wilsons() {
        // 1 of 20: Wilson gives 0.89 % to 23.61 %.
        let mut sum = Agreement::default();
        sum.count(Some(Answer::FactsWrong), None);
        for _ in 0..19 {
            sum.count(Some(Answer::Agrees), None);
        }
        let share = sum.share().unwrap();
        assert!((share.found - 0.05).abs() < 1e-12);
        assert!((share.low - 0.008_881).abs() < 1e-5 && (share.high - 0.236_131).abs() < 1e-5, "{share:?}");
        assert_eq!(Agreement::default().share(), None);
    }

    #[test]
    fn two_checkers_who_differ_are_counted_apart_from_the_sample() {
        let mut sum = Agreement::default();
        sum.count(Some(Answer::Agrees), Some(Answer::Denied));
        sum.count(Some(Answer::Denied), Some(Answer::FactsWrong));
        sum.count(Some(Answer::Agrees), Some(Answer::NotMet));
        assert_eq!((sum.contradicted, sum.twice, sum.apart), (1, 2, 1));
    }
}
