//! 问题 – what went wrong, in words for the person, and what that person can do about it.

use ruhu_core::fieldbook::FieldbookError;
use ruhu_core::store::StoreError;

shown! {
    /// What the person can do.
    pub enum Remedy {
        /// 改表 – something of what was filled in; each problem names its field.
        #[default]
        FixForm,
        /// 稍后再试 – nothing is wrong with what was filled in.
        TryLater,
        /// 请更新.
        UpdateApp,
        /// 联系支持 – the file or the program is not as it should be; nothing was changed.
        CallSupport,
    }
}

shown! {
    /// One thing wrong with a form.
    pub struct FormProblem {
        /// The field it belongs to: `outcome`, `visited-on`, or the key of a field of the household.
        pub field: String,
        /// In Chinese, then English, divided by ` / `.
        pub words: String,
    }
}

shown! {
    /// 问题 – what did not work. Nothing was changed.
    pub struct Trouble {
        /// What the person can do.
        pub remedy: Remedy,
        /// In Chinese, then English, divided by ` / `. Never holds personal data.
        pub words: String,
        /// Each with its field, for [`Remedy::FixForm`].
        pub problems: Vec<FormProblem>,
    }
}

impl Trouble {
    /// A form that cannot be taken because of one field.
    #[must_use]
    pub fn at(field: &str, words: &str) -> Self {
        let problem = FormProblem { field: field.to_owned(), words: words.to_owned() };
        Self { remedy: Remedy::FixForm, words: words.to_owned(), problems: vec![problem] }
    }
}

impl From<FieldbookError> for Trouble {
    fn from(why: FieldbookError) -> Self {
        let words = why.to_string();
        let (remedy, problems) = match why {
            FieldbookError::Problems(problems) => {
                let problems = problems
                    .iter()
                    .map(|one| FormProblem { field: field_of(one), words: one.to_string() })
                    .collect();
                (Remedy::FixForm, problems)
            }
            FieldbookError::Fields(fields) => {
                let problems = fields
                    .into_iter()
                    .map(|(field, why)| FormProblem { field, words: why.to_string() })
                    .collect();
                (Remedy::FixForm, problems)
            }
            FieldbookError::WordsMissing | FieldbookError::ReasonMissing => {
                (Remedy::FixForm, vec![FormProblem { field: "words".to_owned(), words: words.clone() }])
            }
            FieldbookError::UnknownUnit(_) => {
                (Remedy::FixForm, vec![FormProblem { field: "unit".to_owned(), words: words.clone() }])
            }
            FieldbookError::UnknownRecord(_)
            | FieldbookError::UnknownRequest(_)
            | FieldbookError::UnknownRevisit(_)
            | FieldbookError::UnknownFinding(_)
            | FieldbookError::StepPassed(_)
            | FieldbookError::UnknownLine(_)
            | FieldbookError::LinePassed(_)
            | FieldbookError::NotYours
            | FieldbookError::OutOfBounds(_)
            | FieldbookError::Enrol(_)
            | FieldbookError::OtherHub
            | FieldbookError::OtherWorker => (Remedy::FixForm, Vec::new()),
            // Space can be made, another window be closed: what was filled in is right.
            FieldbookError::Sync(_) | FieldbookError::Store(StoreError::Full | StoreError::Locked) => {
                (Remedy::TryLater, Vec::new())
            }
            FieldbookError::Store(StoreError::TooNew { .. }) => (Remedy::UpdateApp, Vec::new()),
            _ => (Remedy::CallSupport, Vec::new()),
        };
        Self { remedy, words, problems }
    }
}

/// The first field a problem names, by its code.
fn field_of(problem: &ruhu_core::visit::Problem) -> String {
    use ruhu_core::visit::{Field, Problem};
    let field = match problem {
        Problem::Missing(field)
        | Problem::InFuture(field)
        | Problem::TooLongAgo { field, .. }
        | Problem::TooFarAhead(field)
        | Problem::TooLong { field, .. }
        | Problem::Contradicts(field, _)
        | Problem::DoesNotFit(field) => *field,
        Problem::ChildAlone => Field::Outcome,
        Problem::NotYours => Field::Unit,
    };
    crate::read::code(&field)
}
