//! 查看记录 – who looked at what, for whoever answers for it and for the auditor.

use axum::extract::{Query, State};

use super::act::within;
use super::{Page, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{AccessAsked, Asked, access_page};
use crate::desk::{Desk, ask};

pub(in crate::desk) async fn access(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Query(about): Query<AccessAsked>,
) -> Page {
    ask(&desk, move |hub| {
        hub.storage().read(|tx| {
            let scope = within(tx, hub, &viewer, &asked)?;
            html(&access_page(tx, &viewer, &scope, &about)?)
        })
    })
    .await
}
