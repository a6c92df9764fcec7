//! 操作记录 – what was done on this hub, for the auditor and for who keeps the accounts.

use axum::extract::{Query, State};

use super::{Page, XLSX, file, html};
use crate::access::journal;
use crate::desk::door::SignedIn;
use crate::desk::read::{LogAsked, Viewer, audit_book, audit_page};
use crate::desk::trouble::Trouble;
use crate::desk::{Desk, ask};
use crate::report::sheet;
use crate::storage::StorageError;

pub(in crate::desk) async fn audit(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<LogAsked>,
) -> Page {
    ask(&desk, move |hub| {
        may(&viewer)?;
        hub.storage().read(|tx| html(&audit_page(tx, &viewer, &asked)?))
    })
    .await
}

/// The rows asked for as a workbook; that they were handed out stands in the log first.
pub(in crate::desk) async fn audit_xlsx(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<LogAsked>,
) -> Page {
    ask(&desk, move |hub| {
        may(&viewer)?;
        let now_ms = hub.now_ms();
        let (book, count) = hub.storage().read(|tx| audit_book(tx, &viewer, &asked, now_ms))?;
        let (by, taken) = (viewer.account.id, format!("{count}{}", asked.tail()));
        hub.storage().write::<_, StorageError, _>(move |tx| {
            journal::audit(tx, now_ms, Some(by), "audit.export", &taken)
        })?;
        Ok(file(XLSX, &format!("{}.xlsx", book.file_stem()), sheet::unsigned(&book)?))
    })
    .await
}

fn may(viewer: &Viewer) -> Result<(), Trouble> {
    if viewer.account.role.sees_accounts() { Ok(()) } else { Err(Trouble::Forbidden) }
}
