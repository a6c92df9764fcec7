//! The accounts, as the security administrator and the auditor see them.

use std::collections::BTreeMap;

use ruhu_core::ids::AccountId;

use super::Viewer;
use super::account::{clock, place_words, role_words};
use super::audit::did;
use crate::access::{Place, Role, command_line};
use crate::desk::trouble::Trouble;
use crate::desk::views::{
    AccountActs, AccountChoices, AccountForm, AccountRowView, AccountsPage, HistoryLine, OneAccountPage, Said,
};
use crate::desk::words::Lang;
use crate::storage::accounts::{AccountRow, LogKind, Logged};
use crate::storage::{StorageError, Tx};

/// Lines of what was done that a page shows.
const HISTORY: u32 = 50;

pub(in crate::desk) fn accounts_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    now_ms: i64,
    (said, form): (Said, AccountForm),
) -> Result<AccountsPage, Trouble> {
    let lang = viewer.lang;
    let rows = tx.accounts()?;
    let mut shell = viewer.shell(lang.t("accounts.title").to_owned(), "accounts", None);
    shell.said = said;
    let count = lang.fill("accounts.count", &[&rows.len().to_string()]);
    let rows: Result<Vec<_>, StorageError> = rows.iter().map(|row| line(tx, row, now_ms, lang)).collect();
    Ok(AccountsPage {
        shell,
        count,
        keeps: viewer.account.role.keeps_accounts(),
        rows: rows?,
        choices: choices(tx, None, lang)?,
        form,
    })
}

/// One account; `None` when there is none of this id.
pub(in crate::desk) fn one_account_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    id: AccountId,
    now_ms: i64,
    (said, form): (Said, Option<AccountForm>),
) -> Result<Option<OneAccountPage>, Trouble> {
    let lang = viewer.lang;
    let Some(row) = tx.account(id)? else { return Ok(None) };
    let mut shell = viewer.shell(row.shown.clone(), "accounts", None);
    shell.said = said;
    let seen = line(tx, &row, now_ms, lang)?;
    let own = id == viewer.account.id;
    let keeps = viewer.account.role.keeps_accounts();
    let acts = if keeps && !own { Some(acts(tx, &row, now_ms, form, lang)?) } else { None };
    let history = tx.logged_of(LogKind::Audit, &id.to_string(), HISTORY)?;
    let history: Result<Vec<_>, StorageError> =
        history.iter().map(|(_, _, logged)| told(tx, logged, lang)).collect();
    Ok(Some(OneAccountPage {
        shell,
        heading: row.shown.clone(),
        facts: vec![
            (lang.t("login.name"), seen.name),
            (lang.t("accounts.role"), seen.role.to_owned()),
            (lang.t("accounts.place"), seen.place),
            (lang.t("totp.title"), seen.totp.to_owned()),
            (lang.t("accounts.made"), clock(row.made_ms)),
            (lang.t("accounts.last"), seen.last),
            (lang.t("accounts.state"), seen.state),
        ],
        acts,
        own: own && keeps,
        history: history?,
    }))
}

/// What a place is called in a form.
pub(in crate::desk) fn place_code(place: &Place) -> String {
    match place {
        Place::Hub => "hub".to_owned(),
        Place::County { county } => format!("county:{county}"),
        Place::Street { county, street } => format!("street:{county}/{street}"),
        Place::Community { id } => format!("community:{id}"),
    }
}

/// Back from [`place_code`]: only places that there are.
pub(in crate::desk) fn place_of(tx: &Tx<'_>, code: &str) -> Result<Option<Place>, StorageError> {
    Ok(places(tx)?.into_iter().find(|place| place_code(place) == code))
}

fn line(tx: &Tx<'_>, row: &AccountRow, now_ms: i64, lang: Lang) -> Result<AccountRowView, StorageError> {
    let role: Option<Role> = row.role.parse().ok();
    let place: Option<Place> = serde_json::from_str(&row.place).ok();
    let place = match place {
        // Who sees no community has no place worth saying.
        Some(_) if role.is_some_and(|role| !role.sees_communities()) => lang.t("place.hub").to_owned(),
        Some(place) => place_words(tx, &place, lang)?,
        None => lang.t("place.unknown").to_owned(),
    };
    let (state, warn) = if row.closed_ms.is_some() {
        (lang.t("accounts.disabled").to_owned(), false)
    } else if now_ms < row.locked_until_ms {
        (lang.fill("accounts.locked", &[&clock(row.locked_until_ms)]), true)
    } else if row.must_change {
        (lang.t("accounts.one-time").to_owned(), false)
    } else {
        (lang.t("accounts.enabled").to_owned(), false)
    };
    let needed = role.is_some_and(Role::needs_totp);
    Ok(AccountRowView {
        href: format!("/accounts/{}", row.id),
        name: row.name.clone(),
        shown: row.shown.clone(),
        role: role.map_or(lang.t("role.unknown"), |role| role_words(role, lang)),
        place,
        totp: match (row.totp, needed) {
            (true, _) => lang.t("accounts.totp-yes"),
            (false, true) => lang.t("accounts.totp-awaited"),
            (false, false) => lang.t("accounts.totp-no"),
        },
        last: row.signed_in_ms.map_or_else(|| lang.t("accounts.never").to_owned(), clock),
        state,
        warn,
    })
}

fn acts(
    tx: &Tx<'_>,
    row: &AccountRow,
    now_ms: i64,
    form: Option<AccountForm>,
    lang: Lang,
) -> Result<AccountActs, StorageError> {
    let place: Option<Place> = serde_json::from_str(&row.place).ok();
    let present = AccountForm {
        shown: row.shown.clone(),
        role: row.role.clone(),
        place: place.as_ref().map(place_code).unwrap_or_default(),
        ..AccountForm::default()
    };
    // Of another form than the one with role and place only the reason was typed.
    let form = match form {
        Some(form) if form.act == "move" => form,
        Some(form) => AccountForm { act: form.act, reason: form.reason, ..present },
        None => present,
    };
    let disabled = row.closed_ms.is_some();
    let all = [
        (now_ms < row.locked_until_ms, ("unlock", lang.t("accounts.unlock"), lang.t("accounts.unlock-lead"))),
        (!disabled, ("reset", lang.t("accounts.reset"), lang.t("accounts.reset-lead"))),
        (row.totp, ("drop-totp", lang.t("accounts.drop-totp"), lang.t("accounts.drop-totp-lead"))),
        (!disabled, ("disable", lang.t("accounts.disable"), lang.t("accounts.disable-lead"))),
        (disabled, ("enable", lang.t("accounts.enable"), lang.t("accounts.enable-lead"))),
    ];
    Ok(AccountActs {
        action: format!("/accounts/{}", row.id),
        saw: row.version.to_string(),
        plain: all.into_iter().filter(|(may, _)| *may).map(|(_, act)| act).collect(),
        choices: choices(tx, place.as_ref(), lang)?,
        form,
    })
}

/// Roles, and the places of the communities there are; the present place too, should its community be gone.
fn choices(tx: &Tx<'_>, present: Option<&Place>, lang: Lang) -> Result<AccountChoices, StorageError> {
    let mut all = places(tx)?;
    if let Some(place) = present.filter(|place| !all.contains(place)) {
        all.push(place.clone());
    }
    let places: Result<Vec<_>, StorageError> =
        all.iter().map(|place| Ok((place_code(place), place_words(tx, place, lang)?))).collect();
    let roles = Role::ALL.iter().map(|(role, code, _)| (*code, role_words(*role, lang))).collect();
    Ok(AccountChoices { roles, places: places? })
}

/// The hub, then each county, its streets, and their communities.
fn places(tx: &Tx<'_>) -> Result<Vec<Place>, StorageError> {
    let mut counties: BTreeMap<String, BTreeMap<String, Vec<(String, Place)>>> = BTreeMap::new();
    for (id, file) in tx.communities()? {
        let Some(one) = file.community() else { continue };
        let streets = counties.entry(one.county.clone()).or_default();
        let here = streets.entry(one.street.clone()).or_default();
        here.push((one.name.clone(), Place::Community { id }));
    }
    let mut places = vec![Place::Hub];
    for (county, streets) in counties {
        places.push(Place::County { county: county.clone() });
        for (street, mut communities) in streets {
            places.push(Place::Street { county: county.clone(), street });
            communities.sort_by(|one, other| one.0.cmp(&other.0));
            places.extend(communities.into_iter().map(|(_, place)| place));
        }
    }
    Ok(places)
}

fn told(tx: &Tx<'_>, row: &Logged, lang: Lang) -> Result<HistoryLine, StorageError> {
    let who = match row.account {
        Some(id) if id != command_line() => tx.account(id)?.map(|account| account.shown),
        _ => None,
    };
    let what = did(&row.what, lang).unwrap_or(lang.t("did.other"));
    let details = row.target.split_once(' ').map(|(_, details)| in_words(tx, details, lang)).transpose()?;
    Ok(HistoryLine {
        at: clock(row.at_ms),
        who: who.unwrap_or_else(|| lang.t("accounts.machine").to_owned()),
        what: details.map_or_else(|| what.to_owned(), |details| format!("{what} · {details}")),
    })
}

/// Details as the log keeps them, with roles and places in words instead of codes: `street@County/Street`.
pub(super) fn in_words(tx: &Tx<'_>, details: &str, lang: Lang) -> Result<String, StorageError> {
    let word = |word: &str| {
        let known = word.split_once('@').and_then(|(role, place)| Some((role.parse::<Role>().ok()?, place)));
        let Some((role, place)) = known else { return Ok(word.to_owned()) };
        let place = match place {
            "*" => lang.t("place.hub").to_owned(),
            place => match place.parse() {
                Ok(id) => place_words(tx, &Place::Community { id }, lang)?,
                Err(_) => place.replace('/', ""),
            },
        };
        Ok(format!("{}({place})", role_words(role, lang)))
    };
    Ok(details.split(' ').map(word).collect::<Result<Vec<_>, StorageError>>()?.join(" "))
}
