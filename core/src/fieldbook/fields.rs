//! 户情 – editing fields, and settling where two workers wrote the same one apart.

use super::{Fieldbook, FieldbookError, Saved};
use crate::category::Scalar;
use crate::roster::Unit;

impl Fieldbook {
    /// Saves the fields that differ as one entry; `None` when none does.
    ///
    /// # Errors
    /// [`FieldbookError::Fields`], [`FieldbookError::UnknownUnit`].
    pub fn edit_fields(
        &mut self,
        unit: Unit,
        fields: &[(String, Scalar)],
    ) -> Result<Option<Saved>, FieldbookError> {
        self.save("保存户情 save fields", |saving| {
            let row = saving.unit(unit)?;
            let stream = saving.stream_of(&row);
            let edit = saving.edit(stream, unit, fields)?;
            Ok(edit.map(|edit| Saved { record: None, visit: None, edit: Some(edit) }))
        })
    }

    /// 保留此项 – chooses one of the values of a field in conflict; the others are gone for every phone. `None` when the
    /// field is not in conflict and holds the value already.
    ///
    /// # Errors
    /// [`FieldbookError::Fields`], [`FieldbookError::UnknownUnit`].
    pub fn settle_conflict(
        &mut self,
        unit: Unit,
        key: &str,
        chosen: Scalar,
    ) -> Result<Option<Saved>, FieldbookError> {
        self.edit_fields(unit, &[(key.to_owned(), chosen)])
    }
}
