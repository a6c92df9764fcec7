//! 查找 – what is asked of a log in an address, as a question to the log and as the form that asks it.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use ruhu_core::ids::AccountId;
use ruhu_core::time::Zone;
use serde::Deserialize;

use crate::access::command_line;
use crate::desk::door::percent;
use crate::desk::trouble::Trouble;
use crate::desk::views::LogFilter;
use crate::desk::words::Lang;
use crate::storage::log_search::LogQuery;

/// Years whose days can be asked for: those that every calendar and database holds.
const DAYS: std::ops::RangeInclusive<i32> = 1970..=9998;

/// What the address asks for; what is empty is not asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct LogAsked {
    /// Of one account, by its id.
    who: String,
    /// From this local day on.
    from: String,
    /// Until this local day, counted.
    until: String,
    /// One kind of rows, by the code it begins with.
    kind: String,
    /// Only rows before this number.
    pub(super) before: Option<u64>,
    /// Whether the chain is to be checked.
    pub(super) check: Option<String>,
}

impl LogAsked {
    /// The question to the log; an address with a day or an account that is none is refused.
    pub(super) fn query(&self, zone: Zone) -> Result<LogQuery, Trouble> {
        let day = |text: &str| -> Result<Option<NaiveDate>, Trouble> {
            let day = (!text.is_empty())
                .then(|| text.parse::<NaiveDate>().ok().filter(|day| DAYS.contains(&day.year())));
            day.map(|day| day.ok_or(Trouble::BadRequest)).transpose()
        };
        let begins = |day: NaiveDate| zone.instant(day, NaiveTime::MIN).timestamp_millis();
        let account = match self.who.as_str() {
            "" => None,
            "shell" => Some(command_line()),
            id => Some(id.parse::<AccountId>().map_err(|_| Trouble::BadRequest)?),
        };
        let until = day(&self.until)?.and_then(|day| day.checked_add_days(Days::new(1)));
        Ok(LogQuery {
            account,
            from_ms: day(&self.from)?.map(begins),
            until_ms: until.map(begins),
            what: self.kind.clone(),
            ..LogQuery::default()
        })
    }

    /// As it stands in an address, behind something else.
    pub(in crate::desk) fn tail(&self) -> String {
        let parts = [("who", &self.who), ("from", &self.from), ("until", &self.until), ("kind", &self.kind)];
        let kept = parts.iter().filter(|(_, value)| !value.is_empty());
        kept.map(|(name, value)| format!("&{name}={}", percent(value))).collect()
    }

    /// The form that asks; `hidden` is what else the address has to say.
    pub(super) fn form(
        &self,
        action: &str,
        hidden: Vec<(&'static str, String)>,
        accounts: Vec<(String, String)>,
        kinds: &[(&'static str, &'static str)],
        lang: Lang,
    ) -> LogFilter {
        let mut who = accounts;
        who.push(("shell".to_owned(), lang.t("access.shell").to_owned()));
        LogFilter {
            action: action.to_owned(),
            hidden,
            who: who.into_iter().map(|(id, name)| (id == self.who, id, name)).collect(),
            kinds: kinds.iter().map(|(code, words)| (*code == self.kind, *code, *words)).collect(),
            from: self.from.clone(),
            until: self.until.clone(),
        }
    }
}
