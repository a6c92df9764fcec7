//! 信号 – the catalogue of `detection.md` 4.2, one small pure file each. A signal chooses whom to visit again; it never
//! says that anything was made up.
//!
//! Each file names its inputs, its test, its innocent readings and its cap. Left out on purpose: equality with the last
//! quarter (15: the truth repeats), the silence of one household, anything across the floors of a tower block, photos (17).
//! 4 to 10 need location and time of entry, which no phone sends yet; 23 is the re-visits' own; 19 and 20 are still to come.

mod backdated;
mod bursts;
mod copied;
mod few_absent;
mod few_changes;
mod integrity;
mod missed_change;
mod night;
mod reused_text;
mod surge;
mod two_places;
mod unlike_neighbours;

use serde::Serialize;

use super::model::Model;
use super::reading::Found;
use super::scene::Scene;

/// Which signal; the numbers are those of `detection.md` 4.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 1
    MissedChange,
    /// 2
    FewChanges,
    /// 3
    FewAbsent,
    /// 11
    Burst,
    /// 12
    Surge,
    /// 13
    Backdated,
    /// 14
    Copied,
    /// 16
    ReusedText,
    /// 18
    UnlikeNeighbours,
    /// 21
    Night,
    /// 22
    TwoPlaces,
    /// 24
    Integrity,
}

/// Signals of one group lean on the same facts: inside it they are damped (4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// When it was recorded.
    Time,
    /// What was answered.
    Answers,
    /// On which phone.
    Device,
    /// What is known of the household from elsewhere and from before.
    Panel,
}

impl Group {
    /// All of them, with the most one may weigh, as a likelihood ratio.
    pub const ALL: [(Self, f64); 4] =
        [(Self::Time, 20.0), (Self::Answers, 12.0), (Self::Device, 10.0), (Self::Panel, 30.0)];
}

/// 检出与误报 – how often a signal strikes a record it looks at. All of them are assumptions until re-visits measure them;
/// `honest` is held against the simulated honest workers of `ruhu-sim evaluate` (reasons per 1,000 honest records).
#[derive(Clone, Copy, Debug)]
pub struct Power {
    /// Share of falsifiers whose way of making up it can see at all; the others leave it as silent as honest work does.
    pub reach: f64,
    /// Of what these make up, the share it strikes.
    pub made_up: f64,
    /// Of honest records, the share it strikes.
    pub honest: f64,
}

impl Power {
    /// LR₀, the likelihood ratio of a record it looked at and did not strike, made up : honest; below 1.
    #[must_use]
    pub fn of_silence(self) -> f64 {
        (1.0 - self.made_up) / (1.0 - self.honest)
    }
}

/// An innocent reading of a signal, and what would show it.
#[derive(Clone, Copy, Debug)]
pub struct Trap {
    /// What may lie behind it, in Chinese and English.
    pub reading: (&'static str, &'static str),
    /// What would show it.
    pub shown_by: (&'static str, &'static str),
}

/// 信号 – one entry of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Signal {
    /// Which.
    pub kind: Kind,
    /// Its number in `detection.md` 4.2.
    pub number: u8,
    /// What it leans on.
    pub group: Group,
    /// The most it may weigh for one record, or for one quarter where it is about the quarter, as a likelihood ratio (4.2).
    pub cap: f64,
    /// The most its records together may say about a worker's quarter: one habit, seen thirty times, is one habit.
    pub quarter_cap: f64,
    /// How often it strikes, for a signal about single records: what it looked at and did not strike counts as well. `None`
    /// where its hits speak both ways already, or where it is about the quarter.
    pub power: Option<Power>,
    /// Its name in Chinese and English.
    pub names: (&'static str, &'static str),
    /// Innocent readings.
    pub traps: &'static [Trap],
    /// Whom to ask, or what to look at, to settle it.
    pub settled_by: (&'static str, &'static str),
    /// What it answers.
    pub read: fn(&Scene<'_>, &Model) -> Found,
}

impl Signal {
    /// The catalogue, in the order of its numbers.
    pub const ALL: [Self; 12] = [
        missed_change::SIGNAL,
        few_changes::SIGNAL,
        few_absent::SIGNAL,
        bursts::SIGNAL,
        surge::SIGNAL,
        backdated::SIGNAL,
        copied::SIGNAL,
        reused_text::SIGNAL,
        unlike_neighbours::SIGNAL,
        night::SIGNAL,
        two_places::SIGNAL,
        integrity::SIGNAL,
    ];

    /// The entry of a kind.
    #[must_use]
    pub fn of(kind: Kind) -> Option<&'static Self> {
        static ALL: [Signal; 12] = Signal::ALL;
        ALL.iter().find(|one| one.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_names_innocent_readings_in_both_languages_and_keeps_within_its_group() {
        for signal in Signal::ALL {
            assert!(2 <= signal.traps.len(), "{:?}", signal.kind);
            let words = signal.traps.iter().flat_map(|trap| [trap.reading, trap.shown_by]);
            for (zh, en) in words.chain([signal.names, signal.settled_by]) {
                assert!(!zh.is_empty() && !en.is_empty(), "{:?}", signal.kind);
            }
            let group = Group::ALL.iter().find(|row| row.0 == signal.group).unwrap();
            assert!(signal.cap <= group.1 && signal.cap <= signal.quarter_cap, "{:?}", signal.kind);
            assert!(
                signal.power.is_none_or(|power| power.of_silence() < 1.0 && power.honest < power.made_up),
                "{:?}",
                signal.kind
            );
            assert_eq!(Signal::of(signal.kind).unwrap().number, signal.number);
        }
    }
}
