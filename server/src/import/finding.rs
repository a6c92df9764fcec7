//! 发现 – what an import has to say about one place of a file: where, what, and the way out.
//!
//! A finding never carries a name, a number or any other content of a cell; it can be shown, printed and logged.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::import::sheet::column_letters;

mod words;

/// 位置 – a place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The sheet's name.
    pub sheet: String,
    /// Row from 1, as the spreadsheet shows it; `None` for a whole column or sheet.
    pub row: Option<u32>,
    /// Column from 0; `None` for a whole row or sheet.
    pub column: Option<u16>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sheet)?;
        let letters = self.column.map(column_letters).unwrap_or_default();
        match self.row {
            Some(row) => write!(f, "!{letters}{row}"),
            None if letters.is_empty() => Ok(()),
            None => write!(f, "!{letters}"),
        }
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 说明 – read, and said how.
    Note,
    /// 待核 – read, but a person should look.
    Check,
    /// 未读 – what stands there was not taken.
    Unread,
}

/// 事项 – what was found. Variants are added, never re-meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum Code {
    /// An identity number kept as a number: its last digits are gone and are never guessed.
    IdDigitsLost,
    /// Full-width digits.
    IdFullWidth,
    /// A lower-case x at the end.
    IdLowerX,
    /// The check digit does not fit (GB 11643, MOD 11-2).
    IdCheckDigit,
    /// 15 digits, first generation: kept as it is.
    IdFirstGeneration,
    /// Neither 18 nor 15 digits.
    IdShape,
    /// The birth date differs from the one in the identity number.
    IdBirthDiffers,
    /// Identity numbers were read and checked, not kept: no basis was stated.
    IdNotKept {
        /// How many.
        count: u32,
    },
    /// A date in another form than year-month-day, understood.
    DateConverted,
    /// A year of two digits, put into this century without other evidence.
    CenturyAssumed,
    /// A date that could not be understood.
    DateUnread,
    /// A date after today.
    DateFuture,
    /// A day was needed and only a month or year is given.
    DateNoDay,
    /// Several telephone numbers in one cell, all kept.
    PhoneSeveral,
    /// A telephone number whose leading 0 a spreadsheet removed.
    PhoneZeroLost,
    /// No telephone number could be read.
    PhoneUnread,
    /// A name that is only digits or signs.
    NameUnread,
    /// Not a sex.
    SexUnread,
    /// Not a relation to the head.
    RelationUnread,
    /// Neither yes nor no.
    YesNoUnread,
    /// Not a state of a dwelling.
    StatusUnread,
    /// A category nobody has confirmed or defined.
    CategoryUnknown,
    /// A category of health, justice or belief, which is refused.
    CategoryRefused,
    /// Marks of a category that the organ has not confirmed: read, not kept.
    CategoryNotKept {
        /// The category's id.
        category: String,
        /// How many.
        count: u32,
    },
    /// A column that is recognised and not kept.
    ColumnNotKept,
    /// A column whose heading says nothing known.
    ColumnUnknown,
    /// A second column of the same meaning.
    ColumnTwice,
    /// A hidden column, read all the same.
    ColumnHidden,
    /// An error value of the spreadsheet.
    CellBroken,
    /// No door could be found in the address: kept whole.
    AddressNoDoor,
    /// A floor that is no number.
    FloorUnread,
    /// 合计 – a total row, left out.
    RowTotal,
    /// A footnote, title or signature line, left out.
    RowRemark,
    /// A row that explains the columns, left out.
    RowExplanation,
    /// The headings once more, left out.
    RowHeadingAgain,
    /// A hidden row, read all the same.
    RowHidden,
    /// A row struck through, read all the same.
    RowStruck,
    /// A row that names neither door nor household nor person.
    RowNotUnderstood,
    /// An empty sheet.
    SheetEmpty,
    /// A hidden sheet, read all the same.
    SheetHidden,
    /// A sheet without headings of a roster.
    SheetNoHeadings,
    /// Formulas: what each last came to was read, nothing was reckoned.
    SheetFormulas {
        /// How many.
        count: u32,
    },
    /// Links: their words were read, none was followed.
    SheetLinks {
        /// How many.
        count: u32,
    },
    /// The same person a second time in one household: entered once.
    PersonTwice {
        /// Where the person stands first.
        first: Place,
    },
    /// The same person in another household too: both kept.
    PersonElsewhere {
        /// Where the person stands first.
        first: Place,
    },
    /// Somebody whose name could not be read: the household is kept, the person is not entered.
    PersonUnnamed,
    /// Two people of one name in one household, told apart.
    PersonSameName,
    /// Marked as moved away or dead: not entered as living here.
    PersonGone,
    /// A person above whom no household stands.
    PersonOrphan,
    /// A household number that stands in no list of dwellings; the household is kept without an address.
    HouseholdUnknown,
    /// Marked vacant, yet people are listed.
    VacantButLivedIn,
    /// Nobody named and no state given: taken as vacant.
    NobodyNamed,
    /// One household number at two doors.
    CodeTwice,
    /// One door listed twice.
    DoorTwice,
    /// A second head in one household.
    SecondHead,
    /// The head named with the dwelling is not among the people listed.
    HeadNotListed,
    /// A visit is recorded for a door where nobody lives.
    VisitToVacant,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What.
    pub code: Code,
}

impl Finding {
    /// How much it matters.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} / {}", self.place, self.code.zh(), self.code.en())
    }
}

impl Code {
    /// Its name, as a filter writes it: `phone_unread`.
    #[must_use]
    pub fn name(&self) -> String {
        let told = serde_json::to_value(self).ok();
        told.and_then(|told| Some(told.get("code")?.as_str()?.to_owned())).unwrap_or_default()
    }

    /// How much it matters.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::IdFullWidth
            | Self::IdLowerX
            | Self::IdFirstGeneration
            | Self::IdNotKept { .. }
            | Self::DateConverted
            | Self::PhoneSeveral
            | Self::ColumnNotKept
            | Self::ColumnHidden
            | Self::RowTotal
            | Self::RowRemark
            | Self::RowExplanation
            | Self::RowHeadingAgain
            | Self::RowHidden
            | Self::SheetEmpty
            | Self::SheetHidden
            | Self::SheetFormulas { .. }
            | Self::SheetLinks { .. }
            | Self::AddressNoDoor => Severity::Note,
            Self::CenturyAssumed
            | Self::IdBirthDiffers
            | Self::PhoneZeroLost
            | Self::ColumnTwice
            | Self::RowStruck
            | Self::PersonTwice { .. }
            | Self::PersonElsewhere { .. }
            | Self::PersonSameName
            | Self::HouseholdUnknown
            | Self::VacantButLivedIn
            | Self::NobodyNamed
            | Self::CodeTwice
            | Self::DoorTwice
            | Self::SecondHead
            | Self::HeadNotListed
            | Self::VisitToVacant => Severity::Check,
            Self::IdDigitsLost
            | Self::IdCheckDigit
            | Self::IdShape
            | Self::DateUnread
            | Self::DateFuture
            | Self::DateNoDay
            | Self::PhoneUnread
            | Self::NameUnread
            | Self::SexUnread
            | Self::RelationUnread
            | Self::YesNoUnread
            | Self::StatusUnread
            | Self::CategoryUnknown
            | Self::CategoryRefused
            | Self::CategoryNotKept { .. }
            | Self::ColumnUnknown
            | Self::CellBroken
            | Self::FloorUnread
            | Self::RowNotUnderstood
            | Self::SheetNoHeadings
            | Self::PersonUnnamed
            | Self::PersonGone
            | Self::PersonOrphan => Severity::Unread,
        }
    }
}
