//! 名册导入 – a community's spreadsheet becomes a roster.
//!
//! Reading is pure: bytes → sheets → columns by meaning → a neutral roster with findings → a plan against what the
//! same source said last time → facts and field writes. A dry run is this and no more; only [`commit`] writes.

pub mod blank;
pub mod cells;
pub mod columns;
pub mod commit;
pub mod facts;
pub mod finding;
pub mod plan;
pub mod roster;
pub mod sheet;
pub mod shown;
pub mod terms;
pub mod undoing;
pub mod upload;

use crate::import::columns::ColumnsError;
use crate::import::roster::{ReadRoster, ReadSettings};
use crate::import::sheet::{Limits, SheetError};

/// 试读 – reads a file into a neutral roster with every finding; changes nothing.
///
/// # Errors
/// The file is no roster that can be opened, or a hand mapping names what is not there.
pub fn read(
    file_name: &str,
    bytes: &[u8],
    limits: &Limits,
    settings: &ReadSettings,
) -> Result<ReadRoster, ImportError> {
    let book = sheet::open(file_name, bytes, limits)?;
    Ok(roster::read(&book.sheets, settings)?)
}

/// Why a file could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file could not be opened.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// Its columns could not be matched.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
}

#[cfg(test)]
mod tests;
