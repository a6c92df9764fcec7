//! Names of the ordered parts of the log.

use serde::{Deserialize, Serialize};

use super::{CommunityId, GridId, WorkerId};

/// 流 – an ordered part of the log with a cursor of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamId {
    /// Households and doors of one grid.
    Grid(GridId),
    /// Grids, workers, questions, policies of one community.
    Community(CommunityId),
    /// Private to one worker: tasks, questions about a record.
    Worker(WorkerId),
    /// Answers to re-visits; no phone reads it.
    Answers(CommunityId),
}

impl StreamId {
    /// Tag and id, 17 bytes, as signed and as used for a key in the databases.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 17] {
        let (tag, id) = match &self {
            Self::Grid(id) => (1, id.as_bytes()),
            Self::Community(id) => (2, id.as_bytes()),
            Self::Worker(id) => (3, id.as_bytes()),
            Self::Answers(id) => (4, id.as_bytes()),
        };
        let mut bytes = [tag; 17];
        bytes.iter_mut().skip(1).zip(id).for_each(|(to, from)| *to = *from);
        bytes
    }

    /// Back from [`StreamId::to_bytes`]; `None` for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (tag, id) = bytes.split_first()?;
        let id: [u8; 16] = id.try_into().ok()?;
        match tag {
            1 => Some(Self::Grid(GridId::from_bytes(id))),
            2 => Some(Self::Community(CommunityId::from_bytes(id))),
            3 => Some(Self::Worker(WorkerId::from_bytes(id))),
            4 => Some(Self::Answers(CommunityId::from_bytes(id))),
            _ => None,
        }
    }
}
