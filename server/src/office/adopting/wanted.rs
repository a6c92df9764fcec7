//! What somebody wants to be adopted, as it was said: on a command line or in a form.

/// What is taken of one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taking {
    /// Its id, or the beginning of it: `d1b`.
    pub policy: String,
    /// Whole tables, or single fields.
    pub take: Vec<String>,
    /// The organ; empty is a demonstration.
    pub by: String,
    /// 文号, possibly empty.
    pub document_no: String,
    /// First day as `2027-01-01`; empty is a demonstration.
    pub from: String,
}

/// A category the organ confirms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirming {
    /// Its id: `low-income`.
    pub category: String,
    /// The legal basis, as the organ words it.
    pub basis: String,
    /// The organ.
    pub by: String,
    /// 文号, possibly empty where none is needed.
    pub document_no: String,
}

/// 裁定 – a question the organ settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// `X-06`.
    pub question: String,
    /// One of its options.
    pub choice: String,
    /// The organ.
    pub by: String,
    /// The day, as `2027-01-01`.
    pub on: String,
    /// 文号, possibly empty.
    pub document_no: String,
}

/// 解除 – a legal hold the organ lifts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Releasing {
    /// `L-7`.
    pub hold: String,
    /// The organ.
    pub by: String,
    /// The day, as `2027-01-01`.
    pub on: String,
    /// 文号 of its decision.
    pub document_no: String,
}

/// What comes to the last adoption.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// What is taken.
    pub taking: Option<Taking>,
    /// What is confirmed.
    pub confirming: Vec<Confirming>,
    /// What is settled.
    pub deciding: Vec<Deciding>,
    /// What is lifted.
    pub releasing: Vec<Releasing>,
}

impl Words {
    /// Whether they say nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.taking.is_none()
            && self.confirming.is_empty()
            && self.deciding.is_empty()
            && self.releasing.is_empty()
    }
}

/// Where the adoption comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A whole adoption file.
    File {
        /// Its name, for messages.
        name: String,
        /// Its text.
        text: String,
    },
    /// The last adoption with something more.
    Words(Words),
}

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Where it comes from.
    pub source: Source,
    /// Whether all six categories are kept as a demonstration with synthetic data.
    pub demonstration: bool,
}
