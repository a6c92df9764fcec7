//! Which community and period a page is about.

use chrono::{DateTime, NaiveDate, Utc};
use ruhu_core::closing;
use ruhu_core::community::CommunityFile;
use ruhu_core::coverage::Rate;
use ruhu_core::ids::{CommunityId, GridId};
use ruhu_core::time::Period;
use serde::Deserialize;

use crate::access::Account;
use crate::desk::trouble::Trouble;
use crate::report::coverage::Standing;
use crate::storage::Tx;

/// What an address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct Asked {
    pub(in crate::desk) period: Option<String>,
    pub(in crate::desk) community: Option<String>,
    pub(in crate::desk) grid: Option<String>,
    pub(in crate::desk) state: Option<String>,
    pub(in crate::desk) order: Option<String>,
    pub(in crate::desk) page: Option<u32>,
    /// What was just done, as the redirect after it says.
    pub(in crate::desk) done: Option<String>,
    /// The entries that would take it back.
    pub(in crate::desk) undo: Option<String>,
    /// The period to be closed.
    pub(in crate::desk) close: Option<String>,
}

/// A community in a period, as an account may see it.
#[derive(Clone, Debug)]
pub(in crate::desk) struct Scope {
    pub(in crate::desk) id: CommunityId,
    pub(in crate::desk) file: CommunityFile,
    pub(in crate::desk) period: Period,
    pub(in crate::desk) today: NaiveDate,
    /// `&community=…` where the account sees several.
    pub(in crate::desk) tail: String,
}

/// One community, or several to choose from.
pub(in crate::desk) enum Choice {
    One(Box<Scope>),
    Several(Vec<Scope>),
}

/// The communities an account sees, narrowed to the one asked for.
pub(in crate::desk) fn choose(
    tx: &Tx<'_>,
    account: &Account,
    asked: &Asked,
    now: DateTime<Utc>,
) -> Result<Choice, Trouble> {
    if !account.role.sees_communities() {
        return Err(Trouble::Forbidden);
    }
    let wanted: Option<Period> =
        asked.period.as_deref().map(str::parse).transpose().map_err(|_| Trouble::BadRequest)?;
    let mut seen = Vec::new();
    for (id, file) in tx.communities()? {
        if !file.community().is_some_and(|community| account.covers(id, community)) {
            continue;
        }
        let today = file.zone().date(now);
        let period = wanted.unwrap_or_else(|| Period::quarter_of(today));
        seen.push(Scope { id, file, period, today, tail: String::new() });
    }
    seen.sort_by_cached_key(|scope| (scope.place(), scope.id));
    if 1 < seen.len() {
        for scope in &mut seen {
            scope.tail = format!("&community={}", scope.id);
        }
    }
    if let Some(wanted) = &asked.community {
        let wanted: CommunityId = wanted.parse().map_err(|_| Trouble::NotFound)?;
        let one = seen.into_iter().find(|scope| scope.id == wanted);
        return one.map(|scope| Choice::One(Box::new(scope))).ok_or(Trouble::NotFound);
    }
    match seen.len() {
        0 => Err(Trouble::NoCommunity),
        1 => seen.pop().map(|scope| Choice::One(Box::new(scope))).ok_or(Trouble::NoCommunity),
        _ => Ok(Choice::Several(seen)),
    }
}

impl Choice {
    /// The one community, or 404 where it was not said which.
    pub(in crate::desk) fn one(self) -> Result<Scope, Trouble> {
        match self {
            Self::One(scope) => Ok(*scope),
            Self::Several(_) => Err(Trouble::NotFound),
        }
    }
}

impl Scope {
    /// 示范区幸福街道幸福社区.
    pub(in crate::desk) fn place(&self) -> String {
        let community = self.file.community();
        community.map(|one| format!("{}{}{}", one.county, one.street, one.name)).unwrap_or_default()
    }

    /// The day figures stand for.
    pub(in crate::desk) fn as_of(&self) -> NaiveDate {
        self.today.min(self.period.last_day())
    }

    /// Running, over or closed.
    pub(in crate::desk) fn standing(&self) -> Standing {
        match closing::of(&self.file, self.period) {
            Some(closing) => Standing::Closed { on: closing.closed.fact.on },
            None if self.today <= self.period.last_day() => Standing::Running,
            None => Standing::Ended,
        }
    }

    /// Rate at closing, rate now and the numbers of the amendments, once something was amended.
    pub(in crate::desk) fn amended(&self) -> Option<(Rate, Rate, String)> {
        let closing = closing::of(&self.file, self.period)?;
        let last = closing.amendments.last()?.fact;
        let (then, now) = (closing.closed.fact.total, closing.now());
        let numbers = if last.number == 1 { "1".to_owned() } else { format!("1–{}", last.number) };
        Some((Rate::of(then.done, then.due), Rate::of(now.done, now.due), numbers))
    }

    /// The name of a grid.
    pub(in crate::desk) fn grid_name(&self, grid: GridId) -> String {
        self.file.grids().get(&grid).map(|grid| grid.name.clone()).unwrap_or_default()
    }
}
