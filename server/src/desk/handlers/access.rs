//! 查看记录 – who looked at what, for whoever answers for it and for the auditor.

use axum::extract::{Query, State};

use super::act::within;
use super::{Page, XLSX, file, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{AccessAsked, Asked, LogAsked, access_book, access_page};
use crate::desk::trouble::Trouble;
use crate::desk::{Desk, ask};
use crate::report::sheet;

pub(in crate::desk) async fn access(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Query(about): Query<AccessAsked>,
    Query(wanted): Query<LogAsked>,
) -> Page {
    ask(&desk, move |hub| {
        hub.storage().read(|tx| {
            let scope = within(tx, hub, &viewer, &asked)?;
            html(&access_page(tx, &viewer, &scope, (&about, &wanted))?)
        })
    })
    .await
}

/// The looks asked for as a workbook; that they were handed out is logged first.
pub(in crate::desk) async fn access_xlsx(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Query(about): Query<AccessAsked>,
    Query(wanted): Query<LogAsked>,
) -> Page {
    ask(&desk, move |hub| {
        let now_ms = hub.now_ms();
        let (scope, book) = hub.storage().read(|tx| {
            let scope = within(tx, hub, &viewer, &asked)?;
            let book = access_book(tx, &viewer, &scope, (&about, &wanted), now_ms)?;
            Ok::<_, Trouble>((scope, book))
        })?;
        let (book, count) = book;
        let taken = format!("{} {count}{}", scope.id, about.tail(&wanted));
        hub.looked(viewer.account.id, "access.export", &taken)?;
        Ok(file(XLSX, &format!("{}.xlsx", book.file_stem()), sheet::unsigned(&book)?))
    })
    .await
}
