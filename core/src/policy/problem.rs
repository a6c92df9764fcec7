//! What can be wrong with a policy or an adoption file: every problem names the file, the line where it is known,
//! the field, and the way out.

use std::fmt;

use super::rule::RuleId;

/// Where in which file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name of the file, as handed in.
    pub file: String,
    /// Line from 1, where it is known.
    pub line: Option<usize>,
}

impl Place {
    pub(super) fn of_error(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let line = error
            .span()
            .and_then(|span| text.get(..span.start))
            .map(|before| before.matches('\n').count() + 1);
        Self { file: file.to_owned(), line }
    }

    /// The first line that holds the words.
    pub(super) fn of_words(file: &str, text: &str, words: &str) -> Self {
        let line = text.lines().position(|line| line.contains(words)).map(|nth| nth + 1);
        Self { file: file.to_owned(), line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

/// One thing wrong with a policy or an adoption. Nothing is adopted while there is any.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyProblem {
    /// Not TOML, an unknown key, a missing key, or a value of the wrong kind.
    #[error("{place}:读不懂:{message} / {place}: cannot be read: {message}")]
    Unreadable {
        /// Where.
        place: Place,
        /// What the reader says; it names the key.
        message: String,
    },
    /// A rule id that no `[[rule]]` of the file carries.
    #[error(
        "{place}:条文 {rule} 没有引文,请补 [[rule]] / {place}: rule {rule} is not quoted in the file; add its [[rule]]"
    )]
    UnknownRule {
        /// Where.
        place: Place,
        /// The id.
        rule: RuleId,
    },
    /// The same rule id twice, or of another document than the rest of the file.
    #[error(
        "{place}:条文 {rule} 重复或不属于本文件 / {place}: rule {rule} stands twice or belongs to another document"
    )]
    StrayRule {
        /// Where.
        place: Place,
        /// The id.
        rule: RuleId,
    },
    /// A number that names no rule and is not marked as the product's default.
    #[error(
        "{place}:{field} 有数字而无条文号,请写 rule 或 product_default / {place}: {field} is a number without a rule; write rule or product_default"
    )]
    NumberWithoutRule {
        /// Where.
        place: Place,
        /// The field, dotted.
        field: String,
    },
    /// A value outside its range, or one that contradicts another of the same file.
    #[error("{place}:{field} 不合要求:{wanted} / {place}: {field}: {wanted}")]
    BadValue {
        /// Where.
        place: Place,
        /// The field, dotted.
        field: String,
        /// What is wanted, in both languages.
        wanted: &'static str,
    },
    /// Something is named that nobody knows: a policy, a table, a hold, a question, a category.
    #[error("{place}:没有 {what} {name:?} / {place}: there is no {what} {name:?}")]
    Unknown {
        /// Where.
        place: Place,
        /// What kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Two adopted policies set one field. None is picked silently; take fields one by one instead.
    #[error(
        "{field}:{first} 与 {second} 都有规定,请在 take 中只取其一 / {field}: set by both {first} and {second}; take it from one only"
    )]
    SameField {
        /// The field, dotted.
        field: String,
        /// The policy adopted first.
        first: String,
        /// The other one.
        second: String,
    },
    /// A decision, release, override or confirmation lacks who, when, why or its document number.
    #[error("{place}:{what} 缺 {missing} / {place}: {what} lacks {missing}")]
    Incomplete {
        /// Where.
        place: Place,
        /// Which entry.
        what: String,
        /// The empty key.
        missing: &'static str,
    },
    /// A value the file format knows and this version cannot compute coverage with.
    #[error(
        "{field}:本版只能按{supported}计算,不能采用其他值 / {field}: this version computes only {supported}; another value cannot be adopted"
    )]
    NotComputable {
        /// The field, dotted.
        field: String,
        /// What is supported.
        supported: &'static str,
    },
}
