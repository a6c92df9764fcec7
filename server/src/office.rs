//! 社区办公 – what the community lead decides, apart from how it is shown: the command line and the desk ask here.
//!
//! | module | what it holds |
//! |---|---|
//! | [`adopting`] | an adoption put together from words, tried, compared with the present, recorded |
//! | [`roll`] | all units of one community, found by id, household number or address |
//! | [`decide`] | joining, parting, moving, regridding, key households, rejected deductions |
//! | [`record`] | 户情: a household's fields with who said so, and changing them |
//! | [`records`] | confirming, returning, withdrawing and correcting single records |
//! | [`requests`] | what residents asked for, and what is done about it |
//! | [`rights`] | what residents ask about their own record |
//! | [`waiting`] | what waits for a decision |
//! | [`duty`] | who looks after which grid, who covers, who is away, who leaves |
//! | [`place`] | which communities there are, and where each belongs |
//! | [`staff`] | workers and their phones |
//! | [`asking`], [`answers`] | questions 专项 and what was answered |
//! | [`progress`], [`spread`], [`taps`] | how far a question is, how it was answered, what it costs on a visit |
//! | [`words`] | facts in words |
//!
//! Everything is read and written in one transaction, so that a decision is made about what it was shown.

pub mod adopting;
pub mod answers;
pub mod asking;
pub mod decide;
pub mod duty;
mod error;
pub mod place;
pub mod progress;
pub mod record;
pub mod records;
pub mod requests;
pub mod rights;
pub mod roll;
pub mod spread;
pub mod staff;
pub mod taps;
pub mod waiting;
pub mod words;

pub use duty::DutyError;
pub use error::OfficeError;

use ruhu_core::entry::UnitFact;
use ruhu_core::ids::{AccountId, CommunityId};

use crate::ingest::office::{Act, Done};
use crate::storage::Hub;
use roll::Roll;

/// Who decides, where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The account acted for.
    pub by: AccountId,
    /// In which community.
    pub community: CommunityId,
    /// Why; empty where no reason is asked.
    pub reason: String,
}

/// What a decision became.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The facts recorded, in order.
    pub facts: Vec<UnitFact>,
    /// The entries they stand in.
    pub entries: Vec<Done>,
}

impl Hub {
    /// Reads the community, lets `work` say which facts are to be recorded, and records them, all in one transaction.
    ///
    /// # Errors
    /// [`OfficeError`]; nothing was changed.
    pub fn decide(
        &self,
        order: Order,
        work: impl FnOnce(&Roll) -> Result<Vec<UnitFact>, OfficeError> + Send + 'static,
    ) -> Result<Decided, OfficeError> {
        self.office(move |desk| {
            let roll = Roll::load(desk.tx(), order.community, desk.now_ms())?;
            let facts = work(&roll)?;
            let act = Act {
                by: order.by,
                community: order.community,
                units: facts.clone(),
                facts: Vec::new(),
                request: None,
                reason: order.reason,
            };
            let entries = desk.act(&act)?;
            Ok(Decided { facts, entries })
        })
    }

    /// The community as it is now, for lists.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub fn roll(&self, community: CommunityId) -> Result<Roll, OfficeError> {
        let now_ms = self.now_ms();
        self.storage().read(|tx| Roll::load(tx, community, now_ms))
    }
}
