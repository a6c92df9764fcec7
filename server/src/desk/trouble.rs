//! 出错 – why a page cannot be shown. Status codes stand here and nowhere else; the page itself is laid out once, in
//! the language of the visitor, by [`super::dress`].

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ruhu_core::time::BadCalendar;

use crate::erase::EraseError;
use crate::import::commit::CommitError;
use crate::ingest::office::ActError;
use crate::ingest::sync::chain_of;
use crate::ledger::LineError;
use crate::office::OfficeError;
use crate::report::closing::ReportError;
use crate::report::reading::ReadingError;
use crate::report::sheet::SheetError;
use crate::storage::StorageError;

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// Nobody is signed in.
    #[error("未登录 / not signed in")]
    SignedOut,
    /// The account may not.
    #[error("没有权限 / not permitted")]
    Forbidden,
    /// There is no such thing, or it lies outside the account's place: which of the two is not told.
    #[error("没有这一页 / no such page")]
    NotFound,
    /// Nothing within the account's place yet.
    #[error("还没有可看的社区 / no community to show yet")]
    NoCommunity,
    /// The address asks for something that cannot be.
    #[error("请求有误 / not understood")]
    BadRequest,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The holiday notices.
    #[error(transparent)]
    Calendar(#[from] BadCalendar),
    /// The report.
    #[error(transparent)]
    Report(ReportError),
    /// Something the lead asked for could not be read.
    #[error(transparent)]
    Office(OfficeError),
    /// A line of the ledger.
    #[error(transparent)]
    Line(LineError),
    /// An import.
    #[error(transparent)]
    Import(CommitError),
    /// An erasure.
    #[error(transparent)]
    Erase(EraseError),
    /// The workbook.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// A table as text.
    #[error("生成表格 / make the table")]
    Csv(#[from] csv::Error),
    /// The template.
    #[error("生成页面 / render the page")]
    Render(#[from] askama::Error),
    /// The work broke off.
    #[error("处理中断 / the work broke off")]
    BrokeOff,
}

/// Marks a response that [`super::dress`] turns into a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bare {
    /// What the page is about; 0 for "no community yet".
    pub(super) status: u16,
}

impl From<OfficeError> for Trouble {
    fn from(why: OfficeError) -> Self {
        match why {
            OfficeError::Storage(why) | OfficeError::Act(ActError::Storage(why)) => Self::Storage(why),
            OfficeError::Calendar(why) => Self::Calendar(why),
            why => Self::Office(why),
        }
    }
}

impl From<LineError> for Trouble {
    fn from(why: LineError) -> Self {
        match why {
            LineError::Unknown => Self::NotFound,
            LineError::Storage(why) => Self::Storage(why),
            LineError::Act(why) => OfficeError::Act(why).into(),
            LineError::Office(why) => why.into(),
            LineError::Report(why) => why.into(),
            why => Self::Line(why),
        }
    }
}

impl From<CommitError> for Trouble {
    fn from(why: CommitError) -> Self {
        match why {
            CommitError::Storage(why) | CommitError::Act(ActError::Storage(why)) => Self::Storage(why),
            CommitError::Gone => Self::NotFound,
            why => Self::Import(why),
        }
    }
}

impl From<ReportError> for Trouble {
    fn from(why: ReportError) -> Self {
        match why {
            ReportError::UnknownGrid | ReportError::Reading(ReadingError::UnknownCommunity) => Self::NotFound,
            ReportError::Reading(ReadingError::BeyondTheLog { .. }) => Self::BadRequest,
            why => Self::Report(why),
        }
    }
}

impl Trouble {
    const fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NoCommunity => StatusCode::OK,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Storage(_)
            | Self::Calendar(_)
            | Self::Report(_)
            | Self::Office(_)
            | Self::Line(_)
            | Self::Import(_)
            | Self::Erase(_)
            | Self::Sheet(_)
            | Self::Csv(_)
            | Self::Render(_)
            | Self::BrokeOff => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(error = %chain_of(&self), "a page could not be shown");
        }
        let about = if matches!(self, Self::NoCommunity) { 0 } else { status.as_u16() };
        let mut response = status.into_response();
        response.extensions_mut().insert(Bare { status: about });
        response
    }
}
