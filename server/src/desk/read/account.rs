//! 我的账号 and 系统状况, as pages show them.

use chrono::DateTime;
use ruhu_core::time::Zone;

use super::Viewer;
use crate::access::session::Session;
use crate::access::{Place, Role};
use crate::desk::trouble::Trouble;
use crate::desk::views::{AccountPage, FactorView, MachinePage, SessionLine};
use crate::desk::words::Lang;
use crate::storage::schema::newest;
use crate::storage::{Hub, StorageError, Tx};

/// A verified backup older than this wants looking at, in milliseconds (26 h: daily, with room; `domain.md` 2.9).
const BACKUP_MS: i64 = 26 * 3600 * 1000;
/// Signs of a hash that are shown.
const SHORT: usize = 16;

pub(in crate::desk) fn account_page(
    hub: &Hub,
    viewer: &Viewer,
    session: &Session,
) -> Result<AccountPage, Trouble> {
    let (lang, account) = (viewer.lang, &viewer.account);
    let left = hub.storage().read(|tx| tx.recovery_codes_left(account.id))?;
    let place = hub.storage().read(|tx| place_words(tx, &account.place, lang))?;
    let sessions = hub.sessions_of(account.id)?.into_iter().map(|(token, row)| SessionLine {
        since: clock(row.made_ms),
        seen: clock(row.seen_ms),
        own: token == session.token,
    });
    Ok(AccountPage {
        shell: viewer.shell(lang.t("account.title").to_owned(), "account", None),
        facts: vec![
            (lang.t("login.name"), account.name.clone()),
            (lang.t("accounts.shown"), account.shown.clone()),
            (lang.t("accounts.role"), role_words(account.role, lang).to_owned()),
            (lang.t("accounts.place"), place),
        ],
        factor: if account.totp {
            let left = lang.fill("totp.left", &[&left.to_string()]);
            FactorView::SetUp { left, droppable: !account.role.needs_totp() }
        } else {
            FactorView::Missing
        },
        sessions: sessions.collect(),
    })
}

pub(in crate::desk) fn machine_page(hub: &Hub, viewer: &Viewer) -> Result<MachinePage, Trouble> {
    let lang = viewer.lang;
    let (backup, checkpoint, key, url, pos) = hub.storage().read(|tx| {
        let checkpoint = tx.checkpoints()?.pop();
        Ok::<_, StorageError>((
            tx.widest_backup()?,
            checkpoint,
            tx.hub_key_nr()?,
            tx.public_url()?,
            tx.last_pos()?,
        ))
    })?;
    let none = || lang.t("machine.none").to_owned();
    let old = |at_ms: i64| BACKUP_MS <= hub.now_ms() - at_ms;
    let backup_old = backup.is_none_or(|one| old(one.verified_ms));
    let checkpoint_old = checkpoint.as_ref().is_none_or(|one| old(one.made_ms));
    let backup = backup.map_or_else(none, |one| {
        lang.fill("machine.backup-of", &[&clock(one.verified_ms), &one.pos.0.to_string()])
    });
    let checkpoint = checkpoint.map_or_else(none, |one| {
        let hash: String = one.hash(hub.id()).to_string().chars().take(SHORT).collect();
        lang.fill("machine.checkpoint-of", &[&clock(one.made_ms), &one.nr.to_string(), &hash])
    });
    let store = if hub.storage().path().is_some() { "SQLite" } else { "PostgreSQL" };
    Ok(MachinePage {
        shell: viewer.shell(lang.t("machine.title").to_owned(), "machine", None),
        facts: vec![
            (lang.t("machine.version"), env!("CARGO_PKG_VERSION").to_owned(), false),
            (lang.t("machine.schema"), newest().to_string(), false),
            (lang.t("machine.store"), store.to_owned(), false),
            (lang.t("machine.url"), if url.is_empty() { none() } else { url }, false),
            (lang.t("machine.key"), key.to_string(), false),
            (lang.t("machine.entries"), pos.0.to_string(), false),
            (lang.t("machine.backup"), backup, backup_old),
            (lang.t("machine.checkpoint"), checkpoint, checkpoint_old),
            (lang.t("machine.clock"), clock(hub.now_ms()), false),
        ],
    })
}

/// A moment as pages show it, in China: an account belongs to no community with a zone of its own.
pub(in crate::desk) fn clock(at_ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    format!("{} {}", Zone::CHINA.date(at), Zone::CHINA.time(at).format("%H:%M"))
}

/// A role in words.
pub(in crate::desk) fn role_words(role: Role, lang: Lang) -> &'static str {
    match role {
        Role::Community => lang.t("role.community"),
        Role::Street => lang.t("role.street"),
        Role::County => lang.t("role.county"),
        Role::Auditor => lang.t("role.auditor"),
        Role::SystemAdmin => lang.t("role.system-admin"),
        Role::SecurityAdmin => lang.t("role.security-admin"),
    }
}

/// A place in words.
pub(in crate::desk) fn place_words(tx: &Tx<'_>, place: &Place, lang: Lang) -> Result<String, StorageError> {
    Ok(match place {
        Place::Hub => lang.t("place.hub").to_owned(),
        Place::County { county } => county.clone(),
        Place::Street { county, street } => format!("{county}{street}"),
        Place::Community { id } => {
            let file = tx.community(*id)?;
            let named = file.as_ref().and_then(|file| file.community());
            named.map_or_else(
                || lang.t("place.unknown").to_owned(),
                |one| format!("{}{}{}", one.county, one.street, one.name),
            )
        }
    })
}
