//! 规定 – looking at what a community adopted, and adopting for the communities of one's place.

use std::collections::BTreeSet;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use ruhu_core::ids::{CommunityId, Hash32};
use serde::Deserialize;

use super::act::{done, reason_given, refused_words, said};
use super::{Page, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{
    Asked, Choice, Scope, Typed, Viewer, Wish, adopt_page, blank, choose, file_text, policies_page,
    policy_page,
};
use crate::desk::trouble::Trouble;
use crate::desk::views::Said;
use crate::desk::{Desk, ask};
use crate::office::OfficeError;
use crate::office::adopting::Wanted;
use crate::storage::Hub;

const PATH: &str = "/policy";

/// What an address names that is to be adopted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct WishAsked {
    what: String,
    id: String,
}

pub(in crate::desk) async fn policy(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        hub.storage().read(|tx| match choose(tx, &viewer.account, &asked, hub.now())? {
            Choice::One(scope) => {
                let said = said(&asked, PATH, &scope, viewer.lang);
                html(&policy_page(tx, &viewer, &scope, said)?)
            }
            Choice::Several(scopes) => html(&policies_page(&viewer, &scopes)?),
        })
    })
    .await
}

/// 采用文件 – as it is recorded.
pub(in crate::desk) async fn adoption_file(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = hub.storage().read(|tx| choose(tx, &viewer.account, &asked, hub.now()))?.one()?;
        let headers = [
            (header::CONTENT_TYPE, "application/toml; charset=utf-8"),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"adoption.toml\""),
        ];
        Ok((headers, file_text(&scope).ok_or(Trouble::NotFound)?).into_response())
    })
    .await
}

pub(in crate::desk) async fn adopting(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Query(wish): Query<WishAsked>,
) -> Page {
    ask(&desk, move |hub| {
        let (scope, place) = adopting_in(hub, &viewer, &asked)?;
        let wish = Wish::of(&wish.what, &wish.id).ok_or(Trouble::NotFound)?;
        let typed = blank(&scope, &wish);
        html(&adopt_page(&viewer, (&scope, &place), (&wish, &typed), (None, Said::Nothing))?)
    })
    .await
}

/// 试算 and 采用: tried as often as wanted, recorded as it was seen.
pub(in crate::desk) async fn adopt(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
    Query(wish): Query<WishAsked>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    ask(&desk, move |hub| {
        let (scope, place) = adopting_in(hub, &viewer, &asked)?;
        let wish = Wish::of(&wish.what, &wish.id).ok_or(Trouble::NotFound)?;
        let lang = viewer.lang;
        let typed = typed(&fields, &place);
        let show =
            |trials, said| html(&adopt_page(&viewer, (&scope, &place), (&wish, &typed), (trials, said))?);
        let wanted = match typed.wanted(&wish) {
            Ok(wanted) => wanted,
            Err(key) => return refused_words(lang.t(key), |said| show(None, said)),
        };
        let mut communities = vec![scope.id];
        communities.extend(typed.also.iter().filter(|id| wish.is_for_several() && **id != scope.id));
        let field = |name: &str| fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| &**value);
        let again = |hub: &Hub, wanted: &Wanted, words: Option<&str>| {
            let trials = hub.try_adoption_in(&communities, wanted)?;
            match words {
                Some(words) => refused_words(words, |said| show(Some(trials), said)),
                None => show(Some(trials), Said::Nothing),
            }
        };
        if field("act") != "adopt" {
            return again(hub, &wanted, None);
        }
        let seen = field("seen").parse::<Hash32>().map_err(|_| Trouble::BadRequest)?;
        let reason = match reason_given(&typed.reason) {
            Ok(reason) => reason.to_owned(),
            Err(key) => return again(hub, &wanted, Some(lang.t(key))),
        };
        match hub.adopt_in((viewer.account.id, reason), &communities, wanted.clone(), seen) {
            Ok(_) => Ok(done(PATH, &scope, "adopted", &[])),
            Err(OfficeError::AdoptionChanged) => again(hub, &wanted, Some(lang.t("policy.changed-since"))),
            Err(OfficeError::Policy(_)) => again(hub, &wanted, Some(lang.t("policy.cannot"))),
            Err(why) => Err(why.into()),
        }
    })
    .await
}

/// The community it is about and all of the place, for whoever adopts there.
fn adopting_in(hub: &Hub, viewer: &Viewer, asked: &Asked) -> Result<(Scope, Vec<Scope>), Trouble> {
    if !viewer.account.role.adopts() {
        return Err(Trouble::Forbidden);
    }
    hub.storage().read(|tx| {
        let scope = choose(tx, &viewer.account, asked, hub.now())?.one()?;
        let whole = Asked { community: None, ..asked.clone() };
        let place = match choose(tx, &viewer.account, &whole, hub.now())? {
            Choice::One(one) => vec![*one],
            Choice::Several(several) => several,
        };
        Ok((scope, place))
    })
}

/// What was typed; communities beside the place are not taken.
fn typed(fields: &[(String, String)], place: &[Scope]) -> Typed {
    let one = |name: &str| {
        let found = fields.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let all = |name: &'static str| fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value);
    let known: BTreeSet<CommunityId> = place.iter().map(|scope| scope.id).collect();
    let mut take: Vec<String> = Vec::new();
    for part in all("take") {
        if !take.contains(part) {
            take.push(part.clone());
        }
    }
    Typed {
        by: one("by"),
        document_no: one("document_no"),
        day: one("day"),
        basis: one("basis"),
        choice: one("choice"),
        take,
        text: one("text"),
        also: all("also").filter_map(|id| id.parse().ok()).filter(|id| known.contains(id)).collect(),
        reason: one("reason"),
    }
}
