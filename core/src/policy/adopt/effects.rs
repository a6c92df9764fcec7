//! 处理办法 – what the adopted rules say may be proposed after a confirmed error, and how long there is to appeal.

use super::{AdoptedPolicy, SettingState};

/// Fewest days an adoption can leave: a worker has to learn of it.
const APPEAL_DAYS_MIN: u16 = 5;
/// Most days.
const APPEAL_DAYS_MAX: u16 = 365;

/// 差错扣减 – `bonus.error_deduct` as it was adopted (`D1a-14`, `D1b-25`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorDeduction {
    /// Of the year-end bonus, percent, 1 to 100.
    pub percent: u8,
    /// Most in one year, percent, 1 to 100.
    pub cap_percent: u8,
    /// Taken once a year, however many errors there were; else for each.
    pub once_a_year: bool,
}

impl AdoptedPolicy {
    /// Days to appeal where nothing else was adopted (`domain.md`, `effects.appeal_days`: the product's default).
    pub const APPEAL_DAYS: u16 = 15;

    /// What a confirmed error costs by the adopted rule; `None` while it has no value, or the words can be read in two ways
    /// and nobody has decided.
    #[must_use]
    pub fn error_deduction(&self) -> Option<ErrorDeduction> {
        let one = self.settings.get("bonus.error_deduct")?;
        let percent = |key: &str| {
            let number = one.setting.value.get(key)?.as_integer()?;
            u8::try_from(number).ok().filter(|percent| (1..=100).contains(percent))
        };
        let written = one.setting.value.get("per")?.as_str()?;
        let chosen = one.setting.question.as_ref().and_then(|question| self.decided.get(question));
        let once_a_year = match chosen.map_or(written, String::as_str) {
            "error" => false,
            "year" => true,
            _ => return None,
        };
        Some(ErrorDeduction {
            percent: percent("percent")?,
            cap_percent: percent("cap_percent")?,
            once_a_year,
        })
    }

    /// 申诉期限 – days to appeal, 5 to 365: what was adopted, else fifteen.
    #[must_use]
    pub fn appeal_days(&self) -> u16 {
        let adopted =
            self.settings.get("effects.appeal_days").filter(|one| one.state == SettingState::InForce);
        let days = adopted.and_then(|one| one.setting.value.get("value")?.as_integer());
        let days = days.and_then(|days| u16::try_from(days).ok()).unwrap_or(Self::APPEAL_DAYS);
        days.clamp(APPEAL_DAYS_MIN, APPEAL_DAYS_MAX)
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::{AdoptedPolicy, Adoption, RuleTexts, adopt};

    fn adopted(rest: &str) -> AdoptedPolicy {
        let head = "schema = \"wangge-adopt/1\"\n[community]\nname = \"示范社区\"\ntimezone = \"Asia/Shanghai\"\nworkdays = \"cn-official\"\n";
        let takes = "[[adopt]]\npolicy = \"d1b-town-model\"\nby = \"示范镇\"\nfrom = \"2027-01-01\"\ntake = [\"bonus\", \"effects\"]\n";
        let adoption = Adoption::load("a.toml", &format!("{head}{takes}{rest}")).unwrap();
        adopt(&RuleTexts::shipped().unwrap(), &adoption).unwrap()
    }

    #[test]
    fn the_days_to_appeal_are_fifteen_or_what_was_adopted_and_never_too_few_to_learn_of_it() {
        let of = |days: u16| {
            let field = "[[override]]\nfield = \"effects.appeal_days.value\"\n";
            adopted(&format!("{field}value = {days}\nreason = \"职工代表大会\"\nby = \"示范镇\"\n"))
                .appeal_days()
        };
        assert_eq!((adopted("").appeal_days(), of(30), of(1)), (15, 30, 5));
    }

    #[test]
    fn an_error_costs_nothing_until_somebody_has_said_how_the_words_are_read() {
        assert_eq!(adopted("").error_deduction(), None);
        let decide = "[[decide]]\nid = \"X-06\"\nchoice = \"year\"\nby = \"示范镇\"\non = \"2027-01-02\"\n";
        let one = adopted(decide).error_deduction().unwrap();
        assert_eq!((one.percent, one.cap_percent, one.once_a_year), (10, 100, true));
    }
}
