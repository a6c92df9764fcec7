//! 户情的修改 – the desk edits fields of a household: an entry of the hub's own chain, through the same gate as a phone's.

use chrono::DateTime;
use ruhu_core::category::Scalar;
use ruhu_core::entry::{Contents, DocSkeleton, EditSource, Payload};
use ruhu_core::ids::{AccountId, CommunityId};
use ruhu_core::profile::Profile;
use ruhu_core::roster::{By, Unit};

use super::later::retry;
use super::office::{ActError, Desk, Done};
use crate::storage::units::UnitRow;

impl Desk<'_> {
    /// Edits the fields of a household; `source` is on whose word.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn edit_fields(
        &self,
        unit: Unit,
        fields: &[(String, Scalar)],
        by: AccountId,
        source: Option<EditSource>,
    ) -> Result<Option<Done>, ActError> {
        let (row, community) = self.at_home(unit)?;
        let doc = self.tx().unit_doc(row.nr)?;
        let profile =
            doc.map_or_else(|| Ok(Profile::new()), |doc| Profile::load(&doc)).map_err(ActError::Fields)?;
        self.edit((profile, unit), fields, (by, source), community)
    }

    /// Writes fields as a change that builds on nothing: what a document is made anew of.
    ///
    /// # Errors
    /// [`ActError`].
    pub(crate) fn begin_fields(
        &self,
        unit: Unit,
        fields: &[(String, Scalar)],
        by: AccountId,
    ) -> Result<Option<Done>, ActError> {
        let (_, community) = self.at_home(unit)?;
        self.edit((Profile::new(), unit), fields, (by, None), community)
    }

    fn at_home(&self, unit: Unit) -> Result<(UnitRow, CommunityId), ActError> {
        let row = self.tx().unit(unit)?.ok_or(ActError::UnknownUnit { unit })?;
        let grid = row.grid.ok_or(ActError::UnknownUnit { unit })?;
        let community = self.tx().community_of(grid)?.ok_or(ActError::UnknownGrid { grid })?;
        Ok((row, community))
    }

    fn edit(
        &self,
        (mut profile, unit): (Profile, Unit),
        fields: &[(String, Scalar)],
        (by, source): (AccountId, Option<EditSource>),
        community: CommunityId,
    ) -> Result<Option<Done>, ActError> {
        let at_ms = self.act_ms()?;
        let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
        let change = profile.edit(fields, self.salt(), at).map_err(ActError::Fields)?;
        let Some(change) = change else { return Ok(None) };
        let skeleton = DocSkeleton { unit, by: By::Desk(by), change: change.hash, source };
        let payload = Payload::of_doc(&skeleton, change.bytes.clone(), self.salt());
        let contents = Contents::Doc { skeleton, change: Some(change.bytes) };
        let done = self.append(payload, &contents, Some(unit), community, at_ms)?;
        retry(self.tx(), vec![unit], at_ms, self.node())?;
        Ok(Some(done))
    }
}
