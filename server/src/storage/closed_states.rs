//! 关账状态 – what a closed period counted last, unit by unit.

use ruhu_core::coverage::CellState;
use ruhu_core::ids::{CommunityId, GridId};
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;
use serde::{Deserialize, Serialize};

use super::db::values;
use super::{StorageError, Tx};

/// One obligation of a closed period as it counted: every way of being open is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClosedState {
    /// Whose.
    pub unit: Unit,
    /// The quarter, or one of its months for key households.
    pub period: Period,
    /// Where it counted.
    pub grid: GridId,
    /// The state.
    pub state: CellState,
}

impl Tx<'_> {
    /// The closed periods of a community, by their names.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn closed_periods(&self, community: CommunityId) -> Result<Vec<Period>, StorageError> {
        let what = "closed periods";
        let sql = "SELECT period FROM closed_state WHERE community = ?1 ORDER BY period";
        self.all_apart(what, sql, values![community.as_bytes()], |row| {
            row.get::<String>(0)?.parse::<Period>().map_err(|_| StorageError::Damaged { what })
        })
    }

    /// What a closed period counted last, sorted; `None` while it is open.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn closed_states(
        &self,
        community: CommunityId,
        period: Period,
    ) -> Result<Option<Vec<ClosedState>>, StorageError> {
        let what = "states of a closed period";
        let sql = "SELECT states FROM closed_state WHERE community = ?1 AND period = ?2";
        self.first(what, sql, values![community.as_bytes(), period.to_string()], |row| {
            postcard::from_bytes(row.blob(0)?).map_err(|_| StorageError::Damaged { what })
        })
    }

    /// Writes what a closed period counts now.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_closed_states(
        &self,
        community: CommunityId,
        period: Period,
        states: &[ClosedState],
    ) -> Result<(), StorageError> {
        let what = "states of a closed period";
        let bytes = postcard::to_stdvec(states).map_err(|_| StorageError::Damaged { what })?;
        self.execute(
            what,
            "INSERT INTO closed_state (community, period, states) VALUES (?1, ?2, ?3)
             ON CONFLICT (community, period) DO UPDATE SET states = excluded.states",
            values![community.as_bytes(), period.to_string(), bytes],
        )
        .map(drop)
    }
}
