//! 造假方式 – a falsifier as a file, so that a new one needs no code.

use serde::Deserialize;

/// One way to falsify. Fields as the file names them; what a field leaves out is what an honest worker does.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct Strategy {
    /// Its name in reports.
    pub name: String,
    /// Share of the worker's households whose visits are made up, 0 to 1.
    pub records: f64,
    /// Which of them.
    #[serde(default)]
    pub choice: Choice,
    /// When they are typed.
    #[serde(default)]
    pub typed: Typed,
    /// Which time they state.
    #[serde(default)]
    pub stated: Stated,
    /// Seconds between two made-up records of one sitting.
    #[serde(default = "two_minutes")]
    pub pace_s: u32,
    /// Where their contents come from.
    #[serde(default)]
    pub content: Content,
    /// Of copied answers, how many in a hundred are changed.
    #[serde(default)]
    pub edits_percent: u32,
    /// Share that report a change nobody checked.
    #[serde(default)]
    pub change_rate: f64,
    /// How questions are answered.
    #[serde(default)]
    pub answers: Answers,
    /// Free words.
    #[serde(default)]
    pub remarks: Remarks,
    /// Share that say nobody was at home, before the meeting is recorded.
    #[serde(default)]
    pub not_home: f64,
    /// Share that deduct a household as vacant.
    #[serde(default)]
    pub vacant: f64,
    /// Share that deduct it as moved away.
    #[serde(default)]
    pub moved: f64,
    /// Share recorded as declined.
    #[serde(default)]
    pub declined: f64,
    /// Share that write three attempts and stop.
    #[serde(default)]
    pub three_attempts: f64,
    /// The phone's clock.
    #[serde(default)]
    pub clock: Clock,
    /// Where the phone is; without location in the records nobody sees it.
    #[serde(default)]
    pub place: Whereabouts,
    /// Calls instead of visiting, and says he visited: contents are true.
    #[serde(default)]
    pub phones_instead: bool,
    /// States the day before, so that the phone marks it as a late entry.
    #[serde(default)]
    pub declares_late: bool,
}

fn two_minutes() -> u32 {
    120
}

/// Which households.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// Any.
    #[default]
    Random,
    /// High floors without a lift.
    HardBuildings,
    /// Those left at the end of the quarter.
    LastWeeks,
    /// Those that seldom open.
    HardToReach,
    /// Any, from the middle of the quarter on.
    AfterHalf,
    /// More and more towards its end.
    Growing,
}

/// When they are typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Typed {
    /// Among the honest ones, at any hour of work.
    #[default]
    InPlace,
    /// Some in one sitting in the evening.
    OneSitting,
    /// All in a few sittings of the last week.
    QuarterEnd,
}

/// Which time they state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stated {
    /// The time of typing.
    #[default]
    AsTyped,
    /// Hours of work, spread over the day, or over the days the clock was moved back by.
    Spread,
}

/// Where contents come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// The household's own last record.
    #[default]
    LastQuarter,
    /// Another household of his.
    AnotherHousehold,
    /// Made up to look like others.
    HonestLooking,
}

/// How questions are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answers {
    /// The household's own, true as of the last quarter.
    #[default]
    Own,
    /// Those of the household that was copied.
    Copied,
    /// Always the commonest.
    Naive,
    /// Drawn as often as others give them.
    HonestLooking,
}

/// Free words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remarks {
    /// Hardly any.
    #[default]
    None,
    /// One sentence again and again.
    Canned,
    /// A new one each time.
    Varied,
}

/// The phone's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// As it is.
    #[default]
    True,
    /// Set back while typing.
    MovedBack,
}

/// Where the phone is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whereabouts {
    /// Not at the door; no fix.
    #[default]
    None,
    /// At home.
    Home,
    /// Walks past the houses.
    WalksPast,
    /// A false fix with a little noise.
    Spoofed,
    /// A track of another day.
    Replayed,
}

/// A file that describes no strategy.
#[derive(Debug, thiserror::Error)]
pub enum StrategyError {
    /// It is not such a file.
    #[error("造假方式文件 / a strategy file")]
    Parse(#[from] toml::de::Error),
    /// A share outside 0 to 1.
    #[error("比例应在 0 到 1 之间 / a share lies between 0 and 1")]
    Share,
}

impl Strategy {
    /// Reads a strategy.
    ///
    /// # Errors
    /// [`StrategyError`].
    pub fn read(text: &str) -> Result<Self, StrategyError> {
        let strategy: Self = toml::from_str(text)?;
        let shares = [
            strategy.records,
            strategy.change_rate,
            strategy.not_home,
            strategy.vacant,
            strategy.moved,
            strategy.declined,
            strategy.three_attempts,
        ];
        if shares.iter().all(|share| (0.0..=1.0).contains(share)) {
            Ok(strategy)
        } else {
            Err(StrategyError::Share)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_strategies_that_are_developed_against_are_read() {
        for text in [
            include_str!("../../strategies/a.toml"),
            include_str!("../../strategies/b.toml"),
            include_str!("../../strategies/c.toml"),
            include_str!("../../strategies/d.toml"),
        ] {
            let strategy = Strategy::read(text).unwrap();
            assert!(0.0 < strategy.records, "{}", strategy.name);
        }
    }

    #[test]
    fn a_field_nobody_knows_is_refused() {
        assert!(Strategy::read("name = \"X\"\nrecords = 0.5\nmood = \"bad\"").is_err());
        assert!(Strategy::read("name = \"X\"\nrecords = 1.5").is_err());
    }
}
