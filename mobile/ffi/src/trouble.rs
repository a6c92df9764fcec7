//! 问题 – what went wrong, sorted by what the person can do about it.

use ruhu_core::fieldbook::FieldbookError;
use ruhu_core::sync::http::CarryError;
use ruhu_port::trouble::FormProblem;
use ruhu_port::{Remedy, Trouble};

use crate::host::HostFault;

/// 问题 – what did not work; nothing was changed. Words are Chinese, then English, divided by ` / `, and never hold
/// personal data.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum PortError {
    /// 改表 – something of what was filled in; each problem names its field.
    #[error("{words}")]
    FixForm {
        /// All of it in words.
        words: String,
        /// Each with its field.
        problems: Vec<FormProblem>,
    },
    /// 稍后再试 – nothing is wrong with what was filled in.
    #[error("{words}")]
    TryLater {
        /// Why not now.
        words: String,
    },
    /// 请更新.
    #[error("{words}")]
    UpdateApp {
        /// What is too new.
        words: String,
    },
    /// 联系支持 – the file, the phone or the program is not as it should be.
    #[error("{words}")]
    CallSupport {
        /// What was found.
        words: String,
    },
}

impl PortError {
    pub(crate) fn field(field: &str, words: &str) -> Self {
        Trouble::at(field, words).into()
    }

    pub(crate) fn later(words: &str) -> Self {
        Self::TryLater { words: words.to_owned() }
    }

    pub(crate) fn support(words: &str) -> Self {
        Self::CallSupport { words: words.to_owned() }
    }

    /// The same as the screens know it.
    pub(crate) fn into_trouble(self) -> Trouble {
        let (remedy, words, problems) = match self {
            Self::FixForm { words, problems } => (Remedy::FixForm, words, problems),
            Self::TryLater { words } => (Remedy::TryLater, words, Vec::new()),
            Self::UpdateApp { words } => (Remedy::UpdateApp, words, Vec::new()),
            Self::CallSupport { words } => (Remedy::CallSupport, words, Vec::new()),
        };
        Trouble { remedy, words, problems }
    }
}

impl From<Trouble> for PortError {
    fn from(why: Trouble) -> Self {
        let Trouble { remedy, words, problems } = why;
        match remedy {
            Remedy::FixForm => Self::FixForm { words, problems },
            Remedy::TryLater => Self::TryLater { words },
            Remedy::UpdateApp => Self::UpdateApp { words },
            Remedy::CallSupport => Self::CallSupport { words },
        }
    }
}

impl From<FieldbookError> for PortError {
    fn from(why: FieldbookError) -> Self {
        Trouble::from(why).into()
    }
}

impl From<CarryError> for PortError {
    fn from(why: CarryError) -> Self {
        let words = why.to_string();
        match why {
            CarryError::BadAddress(_) | CarryError::Plain => Self::field("hub_url", &words),
            CarryError::NoAnswer(_) | CarryError::TooLong => Self::TryLater { words },
            CarryError::BadRoot(_) | CarryError::SetUp(_) => Self::CallSupport { words },
        }
    }
}

impl From<HostFault> for PortError {
    fn from(why: HostFault) -> Self {
        let words = why.to_string();
        match why {
            HostFault::NotNow => Self::TryLater { words },
            HostFault::Gone | HostFault::Unforeseen => Self::CallSupport { words },
        }
    }
}
