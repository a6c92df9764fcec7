//! One adoption for several communities: tried in each, then recorded in all of them or in none.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ruhu_core::community::{AdoptedRules, CommunityFile};
use ruhu_core::ids::{AccountId, CommunityId, Hash32};

use super::{Proposed, Wanted, propose, record};
use crate::office::{OfficeError, Order};
use crate::storage::Hub;

/// 试算 – what an adoption would amount to in one community.
#[derive(Debug)]
pub struct Trial {
    /// In which.
    pub community: CommunityId,
    /// The digest of what was adopted there before.
    before: Hash32,
    /// What it would amount to, or why it cannot be adopted there.
    pub outcome: Result<Proposed, OfficeError>,
}

impl Trial {
    fn of(community: CommunityId, file: &CommunityFile, wanted: &Wanted, today: NaiveDate) -> Self {
        Self { community, before: digest(file.last_adopted()), outcome: propose(file, wanted, today) }
    }
}

/// 所见摘要 – over what was adopted before and what would be, in each community: what is recorded is what was seen.
#[must_use]
pub fn seen(trials: &[Trial]) -> Hash32 {
    let mut sorted: Vec<&Trial> = trials.iter().collect();
    sorted.sort_by_key(|one| one.community);
    let mut parts: Vec<&[u8]> = vec![b"ruhu-adoption-1"];
    // Each part has its own length: hashes and ids.
    let then = |one: &&Trial| {
        let proposed = one.outcome.as_ref().ok();
        [digest(proposed.map(|proposed| &proposed.rules)), told(proposed)]
    };
    let thens: Vec<[Hash32; 2]> = sorted.iter().map(then).collect();
    for (one, [then, told]) in sorted.iter().zip(&thens) {
        parts.extend([one.community.as_bytes().as_slice(), &one.before.0, &then.0, &told.0]);
    }
    Hash32::of(&parts)
}

/// Over all that is recorded of an adoption, not its text alone.
fn digest(rules: Option<&AdoptedRules>) -> Hash32 {
    let all = serde_json::to_vec(&rules).unwrap_or_default();
    Hash32::of(&[b"ruhu-adopted-1", &all])
}

/// Over what somebody was told it would amount to: the first quarter depends on the day.
fn told(proposed: Option<&Proposed>) -> Hash32 {
    let changes = serde_json::to_vec(&proposed.map(|one| &one.changes)).unwrap_or_default();
    Hash32::of(&[b"ruhu-adoption-told-1", &changes])
}

impl Hub {
    /// Tries an adoption in several communities; records nothing.
    ///
    /// # Errors
    /// [`OfficeError::Storage`]; what stands against it in one community is in its [`Trial`].
    pub fn try_adoption_in(
        &self,
        communities: &[CommunityId],
        wanted: &Wanted,
    ) -> Result<Vec<Trial>, OfficeError> {
        let one = |community: &CommunityId| {
            let today = self.today(*community)?;
            let file = self.storage().read(|tx| tx.community(*community))?.unwrap_or_default();
            Ok(Trial::of(*community, &file, wanted, today))
        };
        communities.iter().map(one).collect()
    }

    /// Records an adoption in several communities at once, exactly as somebody saw it. Returns in how many it changes
    /// something.
    ///
    /// # Errors
    /// [`OfficeError`], [`OfficeError::AdoptionChanged`] where it would amount to something else now; nothing was
    /// changed anywhere.
    pub fn adopt_in(
        &self,
        (by, reason): (AccountId, String),
        communities: &[CommunityId],
        wanted: Wanted,
        digest_seen: Hash32,
    ) -> Result<usize, OfficeError> {
        let today = communities
            .iter()
            .map(|one| Ok((*one, self.today(*one)?)))
            .collect::<Result<BTreeMap<_, _>, OfficeError>>()?;
        self.office(move |desk| {
            let mut trials = Vec::with_capacity(today.len());
            for (community, today) in today {
                let file = desk.tx().community(community)?.unwrap_or_default();
                trials.push(Trial::of(community, &file, &wanted, today));
            }
            if seen(&trials) != digest_seen {
                return Err(OfficeError::AdoptionChanged);
            }
            let mut changed = 0;
            for Trial { community, outcome, .. } in trials {
                let proposed = outcome?;
                changed += usize::from(!proposed.changes.is_empty());
                record(desk, &Order { by, community, reason: reason.clone() }, &proposed)?;
            }
            Ok(changed)
        })
    }
}
