//! 列 – which column means what: by its heading, by a hand mapping, or as remembered from last time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::import::finding::Place;
use crate::import::sheet::{Sheet, column_letters, column_of};

mod header;
mod meaning;

pub(crate) use header::is_heading_row;
pub use header::{Table, recognise};
pub use meaning::{Kept, Meaning};

/// How a column came by its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// By its heading.
    Heading,
    /// By a person, now.
    Hand,
    /// By a person, at an earlier import of the same headings.
    Remembered,
    /// Not at all.
    Nothing,
}

/// 列对应 – one column as shown to the person who imports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMatch {
    /// The column, from 0; show it as [`ColumnMatch::letters`].
    pub column: u16,
    /// Its heading as written, both rows of a double heading joined by `/`.
    pub heading: String,
    /// What it means; `None` when nobody knows.
    pub meaning: Option<Meaning>,
    /// How that was found.
    pub by: MatchedBy,
    /// The first value below, masked.
    pub sample: String,
}

impl ColumnMatch {
    /// A, B, …: the column's letters.
    #[must_use]
    pub fn letters(&self) -> String {
        column_letters(self.column)
    }
}

/// 手工对应 – columns whose meaning a person gave: for one table, for the first table of a sheet, or of any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandMap {
    entries: Vec<ByHand>,
}

/// One column given by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ByHand {
    /// Of this sheet; of any.
    sheet: Option<String>,
    /// Of the table whose headings stand in this row; of the first one.
    row: Option<u32>,
    column: u16,
    meaning: Meaning,
}

impl HandMap {
    /// From the values of `--map`: `B=姓名`, `人口台账!B=姓名`, `C=忽略`.
    ///
    /// # Errors
    /// [`ColumnsError::BadMap`] names the first value that says nothing.
    pub fn parse<S: AsRef<str>>(values: &[S]) -> Result<Self, ColumnsError> {
        let mut entries = Vec::new();
        for value in values {
            let value = value.as_ref();
            let bad = || ColumnsError::BadMap { value: value.to_owned(), known: Meaning::known_words() };
            let (place, word) = value.split_once('=').ok_or_else(bad)?;
            let (sheet, letters) = match place.rsplit_once('!') {
                Some((sheet, letters)) => (Some(sheet.trim().to_owned()), letters),
                None => (None, place),
            };
            let column = column_of(letters.trim()).ok_or_else(bad)?;
            let meaning = Meaning::of_word(word).ok_or_else(bad)?;
            entries.push(ByHand { sheet, row: None, column, meaning });
        }
        Ok(Self { entries })
    }

    /// Whether nothing was mapped by hand.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Gives a column of a table its meaning, in place of what was given before. A place without a row is the first
    /// table of its sheet, wherever its headings are found.
    pub fn give(&mut self, table: &Place, column: u16, meaning: Meaning) {
        let sheet = Some(table.sheet.clone());
        self.entries.retain(|one| (&one.sheet, one.row, one.column) != (&sheet, table.row, column));
        self.entries.push(ByHand { sheet, row: table.row, column, meaning });
    }

    /// The columns given for the first table of a sheet; an entry for this sheet wins over one for any.
    #[must_use]
    pub fn for_sheet(&self, sheet: &str) -> BTreeMap<u16, Meaning> {
        let of = |own: bool| {
            let fits = move |one: &&ByHand| one.sheet.as_deref().map_or(!own, |name| own && name == sheet);
            self.entries.iter().filter(|one| one.row.is_none()).filter(fits)
        };
        of(false).chain(of(true)).map(|one| (one.column, one.meaning)).collect()
    }

    /// The columns given for the table of a sheet whose headings stand in a row, and for no other.
    #[must_use]
    pub fn for_table(&self, sheet: &str, row: u32) -> BTreeMap<u16, Meaning> {
        let fits = |one: &&ByHand| one.sheet.as_deref() == Some(sheet) && one.row == Some(row);
        self.entries.iter().filter(fits).map(|one| (one.column, one.meaning)).collect()
    }

    /// Refuses an entry for a sheet that is not in the file.
    ///
    /// # Errors
    /// [`ColumnsError::NoSuchSheet`].
    pub fn check(&self, sheets: &[Sheet]) -> Result<(), ColumnsError> {
        let stranger = self.entries.iter().find_map(|one| {
            one.sheet.as_ref().filter(|name| sheets.iter().all(|sheet| sheet.name != **name))
        });
        match stranger {
            Some(sheet) => Err(ColumnsError::NoSuchSheet { sheet: sheet.clone() }),
            None => Ok(()),
        }
    }
}

/// 记住的对应 – a hand mapping kept for the next file with the same headings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// SHA-256 over the headings in order, in hexadecimal.
    pub fingerprint: String,
    /// Column letters → meaning.
    pub columns: BTreeMap<String, Meaning>,
}

/// Why columns could not be matched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// `--map` with something else than a column and a meaning.
    #[error(
        "--map “{value}” 无法识别:请写成 列=含义,例如 B=姓名;可用含义:{known} / --map “{value}” not understood: write column=meaning, for example B=name; meanings: {known}"
    )]
    BadMap {
        /// As written.
        value: String,
        /// What may be written.
        known: String,
    },
    /// A mapping for a sheet that is not there.
    #[error("文件中没有工作表“{sheet}”:请核对 --map / the file has no sheet “{sheet}”: check --map")]
    NoSuchSheet {
        /// As written.
        sheet: String,
    },
    /// No sheet has headings of a roster.
    #[error(
        "没有认出名册的表头({sheets}):表头至少要有 姓名/户主 与 地址/户编号;可用 --map 指定,例如 --map \"B=姓名\" --map \"C=地址\";标题:{headings} / no headings of a roster recognised ({sheets}): at least name or head, and address or household number are needed; give them with --map, for example --map \"B=name\" --map \"C=address\"; headings: {headings}"
    )]
    NoRoster {
        /// Names of the sheets.
        sheets: String,
        /// Columns and headings of the first row that has several.
        headings: String,
    },
}

/// Hides what a cell says but for its first sign: enough to see whether the right column was chosen.
pub(crate) fn mask(text: &str) -> String {
    text.chars()
        .take(20)
        .enumerate()
        .map(|(nth, sign)| if nth == 0 || !sign.is_alphanumeric() { sign } else { '*' })
        .collect()
}

#[cfg(test)]
mod tests;
