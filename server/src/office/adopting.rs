//! 采用 – an adoption put together, tried, compared with what holds now, and recorded: a conflict changes nothing.

use chrono::NaiveDate;
use ruhu_core::category::ConfirmedCategories;
use ruhu_core::community::{AdoptedRules, CommunityFact, CommunityFile};
use ruhu_core::policy::{AdoptedPolicy, Adoption, RuleTexts, adopt};

use super::duty::community_act;
use super::{OfficeError, Order};
use crate::access::journal;
use crate::ingest::office::Desk;
use crate::storage::Hub;

mod changes;
mod merge;
mod several;
mod wanted;

pub use changes::changes;
pub use merge::head;
pub use several::{Trial, seen};
pub use wanted::{Confirming, Deciding, Releasing, Source, Taking, Wanted, Words};

/// 试行采用 – what an adoption would amount to. Nothing was recorded.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The rule texts it was tried against.
    pub texts: RuleTexts,
    /// What it amounts to.
    pub policy: AdoptedPolicy,
    /// What would be recorded.
    pub rules: AdoptedRules,
    /// The community the file names; may differ from this one.
    pub named_for: String,
    /// What changes against the present, each in Chinese and English; empty when nothing does.
    pub changes: Vec<(String, String)>,
}

/// What holds now, read again from what was recorded.
#[derive(Clone, Debug)]
pub struct Present {
    /// The rule texts.
    pub texts: RuleTexts,
    /// What was adopted; `None` while everything is 试行.
    pub policy: Option<AdoptedPolicy>,
}

impl Present {
    /// Reads what a community adopted last.
    ///
    /// # Errors
    /// [`OfficeError::Policy`] when this version cannot read it any more.
    pub fn of(file: &CommunityFile) -> Result<Self, OfficeError> {
        Self::read(file.last_adopted())
    }

    /// Reads an adoption.
    ///
    /// # Errors
    /// As [`Present::of`].
    pub fn read(adopted: Option<&AdoptedRules>) -> Result<Self, OfficeError> {
        let texts = RuleTexts::shipped()?;
        // Facts of before adoptions were kept as they were written hold no text.
        let policy = match adopted.filter(|adopted| !adopted.adoption.trim().is_empty()) {
            Some(adopted) => Some(adopt(&texts, &Adoption::load("adoption", &adopted.adoption)?)?),
            None => None,
        };
        Ok(Self { texts, policy })
    }

    /// 申诉期限 – days to appeal: fifteen where nothing was adopted.
    #[must_use]
    pub fn appeal_days(&self) -> u64 {
        let adopted = self.policy.as_ref().map(AdoptedPolicy::appeal_days);
        u64::from(adopted.unwrap_or(AdoptedPolicy::APPEAL_DAYS))
    }
}

impl Hub {
    /// Tries an adoption; records nothing.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub fn try_adoption(
        &self,
        community: ruhu_core::ids::CommunityId,
        wanted: &Wanted,
    ) -> Result<Proposed, OfficeError> {
        let today = self.today(community)?;
        let file = self.storage().read(|tx| tx.community(community))?.unwrap_or_default();
        propose(&file, wanted, today)
    }

    /// Records an adoption; one that changes nothing is not recorded again.
    ///
    /// # Errors
    /// [`OfficeError`]; nothing was changed.
    pub fn adopt(&self, order: Order, wanted: Wanted) -> Result<Proposed, OfficeError> {
        let today = self.today(order.community)?;
        self.office(move |desk| {
            let file = desk.tx().community(order.community)?.unwrap_or_default();
            let proposed = propose(&file, &wanted, today)?;
            record(desk, &order, &proposed)?;
            Ok(proposed)
        })
    }
}

/// Records a proposal that changes something.
fn record(desk: &Desk<'_>, order: &Order, proposed: &Proposed) -> Result<(), OfficeError> {
    if !proposed.changes.is_empty() {
        let fact = CommunityFact::PolicyAdopted(Box::new(proposed.rules.clone()));
        desk.act(&community_act(order.by, order.community, vec![fact], &order.reason))?;
        let target = format!("{} {}", order.community, proposed.rules.visits.policy_hash());
        journal::audit(desk.tx(), desk.now_ms(), Some(order.by), "policy.adopt", &target)?;
    }
    Ok(())
}

/// Works out what an adoption would amount to in a community as it is.
///
/// # Errors
/// [`OfficeError`]: every conflict and every slip at once.
pub fn propose(file: &CommunityFile, wanted: &Wanted, today: NaiveDate) -> Result<Proposed, OfficeError> {
    let present = match (Present::of(file), &wanted.source) {
        // A whole file replaces also what this version cannot read any more.
        (Err(OfficeError::Policy(_)), Source::File { .. }) => Present::read(None)?,
        (read, _) => read?,
    };
    let texts = present.texts;
    let before = file.last_adopted();
    let (name, text) = match &wanted.source {
        Source::File { name, text } => (name.as_str(), text.clone()),
        Source::Words(words) => {
            if words.is_empty() && !wanted.demonstration {
                return Err(OfficeError::NothingTaken);
            }
            let community = file.community().map(|one| one.name.as_str()).unwrap_or_default();
            let known =
                before.map(|adopted| adopted.adoption.as_str()).filter(|text| !text.trim().is_empty());
            ("adoption", merge::merged(known, community, &texts, words)?)
        }
    };
    let adoption = Adoption::load(name, &text)?;
    let policy = adopt(&texts, &adoption)?;
    let categories = categories(&policy, before, wanted.demonstration);
    let rules = AdoptedRules { visits: policy.visits().clone(), categories, adoption: text };
    let changes = changes(&texts, (present.policy.as_ref(), before), (&policy, &rules), today);
    Ok(Proposed { named_for: adoption.community().to_owned(), texts, policy, rules, changes })
}

/// What the organ confirmed; and for a demonstration the rest of the six. A demonstration goes on until an organ
/// adopts the visit rules: from then on nothing is kept without a basis.
fn categories(
    policy: &AdoptedPolicy,
    before: Option<&AdoptedRules>,
    demonstration: bool,
) -> ConfirmedCategories {
    let mut categories = policy.confirmed_categories().clone();
    let shown = ConfirmedCategories::demonstration();
    for (category, confirmation) in shown.iter() {
        let goes_on = policy.visits().is_trial()
            && before.is_some_and(|before| before.categories.basis(category) == Some(confirmation));
        if (demonstration || goes_on) && !categories.holds(category) {
            categories.confirm(category.clone(), confirmation.clone());
        }
    }
    categories
}
