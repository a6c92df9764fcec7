//! 操作记录 – what was done about accounts, devices, rosters, rules, erasures and keys, as who audits sees it.

use std::collections::BTreeMap;

use chrono::DateTime;
use ruhu_core::time::Zone;

use super::Viewer;
use super::account::clock;
use super::accounts::in_words;
use super::log_filter::LogAsked;
use crate::access::command_line;
use crate::access::journal::first_broken;
use crate::desk::trouble::Trouble;
use crate::desk::views::{AuditLine, AuditPage};
use crate::desk::words::Lang;
use crate::report::table::{Book, Cell, Column, Line, Table};
use crate::storage::accounts::{LogKind, Logged};
use crate::storage::{StorageError, Tx};

/// Rows a page shows.
const SHOWN: u32 = 100;
/// Rows of an export at most.
pub(super) const EXPORTED: u32 = 10_000;

/// One page of what was done, by what the address asks for.
pub(in crate::desk) fn audit_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    asked: &LogAsked,
) -> Result<AuditPage, Trouble> {
    let lang = viewer.lang;
    let found = tx.search_log(LogKind::Audit, &asked.query(Zone::CHINA)?, asked.before, SHOWN)?;
    let names = Names::of(tx, viewer)?;
    let lines: Result<Vec<AuditLine>, StorageError> =
        found.rows.iter().map(|(nr, _, row)| names.line(tx, *nr, row, lang)).collect();
    Ok(AuditPage {
        shell: viewer.shell(lang.t("audit.title").to_owned(), "audit", None),
        filter: asked.form("/audit", Vec::new(), accounts(tx)?, &kinds(lang), lang),
        rows: lines?,
        older: found.next.map(|before| format!("/audit?before={before}{}", asked.tail())),
        check: format!("/audit?check=1{}", asked.tail()),
        export: format!("/audit.xlsx?kept=1{}", asked.tail()),
        checked: asked.check.as_ref().map(|_| checked(tx, LogKind::Audit, lang)).transpose()?,
    })
}

/// The same rows as a workbook, up to [`EXPORTED`], and how many they are.
pub(in crate::desk) fn audit_book(
    tx: &Tx<'_>,
    viewer: &Viewer,
    asked: &LogAsked,
    now_ms: i64,
) -> Result<(Book, usize), Trouble> {
    let found = tx.search_log(LogKind::Audit, &asked.query(Zone::CHINA)?, None, EXPORTED)?;
    let names = Names::of(tx, viewer)?;
    let rows = found.rows.iter().map(|(nr, hash, row)| {
        let line = names.line(tx, *nr, row, Lang::Zh)?;
        let (code, target) = (row.what.clone(), row.target.clone());
        let cells = [line.at, line.who, line.what, code, target, hash.to_string()];
        let mut cells: Vec<Cell> = cells.into_iter().map(Cell::Text).collect();
        cells.insert(0, Cell::Number(i64::try_from(*nr).unwrap_or(i64::MAX)));
        Ok::<_, StorageError>(cells)
    });
    let columns = vec![
        Column::number("序号", 8),
        Column::words("时间", 17),
        Column::words("操作人", 12),
        Column::words("操作", 30),
        Column::words("代码", 20),
        Column::words("对象", 40),
        Column::words("链摘要", 66),
    ];
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let count = rows.len();
    Ok((book("操作记录", viewer, now_ms, (columns, rows, found.next), "全部"), count))
}

/// A log as a workbook: who made it and when stands in it, and that it may end early.
pub(super) fn book(
    title: &'static str,
    viewer: &Viewer,
    now_ms: i64,
    (columns, rows, next): (Vec<Column>, Vec<Vec<Cell>>, Option<u64>),
    scope: &str,
) -> Book {
    let on = Zone::CHINA.date(DateTime::from_timestamp_millis(now_ms).unwrap_or_default());
    let cut = next.map(|nr| format!("只查到第 {nr} 条;更早的未查,请缩小范围或在网页上继续往前找。"));
    Book {
        title: title.to_owned(),
        period: on.to_string(),
        made_by_unit: scope.to_owned(),
        made_by: viewer.account.shown.clone(),
        on,
        heading: vec![
            Line::new("导出人", viewer.account.shown.clone()),
            Line::new("导出时间", clock(now_ms)),
        ],
        tables: vec![Table {
            title: title.to_owned(),
            columns,
            rows,
            total: None,
            when_empty: "没有记录".to_owned(),
            notes: cut.into_iter().chain(["导出本身也已记入记录。".to_owned()]).collect(),
        }],
    }
}

/// Whether the chain of a log holds, in words.
pub(super) fn checked(tx: &Tx<'_>, log: LogKind, lang: Lang) -> Result<String, StorageError> {
    Ok(match first_broken(tx, log)? {
        None => {
            let last = tx.logged(log, None, 1)?.into_iter().next();
            let (nr, hash) = last.map_or((0, String::new()), |(nr, hash, _)| (nr, hash.to_string()));
            let short: String = hash.chars().take(16).collect();
            lang.fill("access.holds", &[&nr.to_string(), &short])
        }
        Some(nr) => lang.fill("access.broken", &[&nr.to_string()]),
    })
}

/// Every account by its id, as a list to choose from.
pub(super) fn accounts(tx: &Tx<'_>) -> Result<Vec<(String, String)>, StorageError> {
    Ok(tx.accounts()?.into_iter().map(|row| (row.id.to_string(), row.shown)).collect())
}

/// Who did something; the program itself where nobody was signed in.
pub(super) fn who(tx: &Tx<'_>, row: &Logged, lang: Lang) -> Result<String, StorageError> {
    let account = match row.account {
        Some(id) if id != command_line() => tx.account(id)?.map(|account| account.shown),
        Some(_) => return Ok(lang.t("access.shell").to_owned()),
        None => None,
    };
    Ok(account.unwrap_or_else(|| lang.t("accounts.machine").to_owned()))
}

/// What ids of the log are called: communities, and workers for whoever sees them by name.
struct Names {
    communities: BTreeMap<String, String>,
    workers: BTreeMap<String, String>,
}

impl Names {
    fn of(tx: &Tx<'_>, viewer: &Viewer) -> Result<Self, StorageError> {
        let (mut communities, mut workers) = (BTreeMap::new(), BTreeMap::new());
        for (id, file) in tx.communities()? {
            if let Some(community) = file.community() {
                communities.insert(id.to_string(), community.name.clone());
            }
            if viewer.account.role.sees_households() {
                let named =
                    file.workers().into_iter().map(|(id, worker)| (id.to_string(), worker.name.clone()));
                workers.extend(named);
            }
        }
        Ok(Self { communities, workers })
    }

    fn line(&self, tx: &Tx<'_>, nr: u64, row: &Logged, lang: Lang) -> Result<AuditLine, StorageError> {
        let (ids, details) = row.target.split_once(' ').unwrap_or((row.target.as_str(), ""));
        let mut on = Vec::new();
        for id in ids.split('/').filter(|id| !id.is_empty()) {
            let known = self.communities.get(id).or_else(|| self.workers.get(id)).cloned();
            let account = match (&known, id.parse()) {
                (None, Ok(id)) => tx.account(id)?.map(|account| account.shown),
                _ => None,
            };
            on.push(known.or(account).unwrap_or_else(|| id.to_owned()));
        }
        if !details.is_empty() {
            on.push(in_words(tx, details, lang)?);
        }
        Ok(AuditLine {
            nr: nr.to_string(),
            at: clock(row.at_ms),
            who: who(tx, row, lang)?,
            what: did(&row.what, lang).map_or_else(|| row.what.clone(), str::to_owned),
            on: on.join(" · "),
        })
    }
}

fn kinds(lang: Lang) -> [(&'static str, &'static str); 12] {
    [
        ("account", lang.t("audit.accounts")),
        ("session", lang.t("audit.sessions")),
        ("device", lang.t("audit.devices")),
        ("import", lang.t("audit.imports")),
        ("recheck", lang.t("audit.rechecks")),
        ("rights", lang.t("audit.rights")),
        ("policy", lang.t("audit.policy")),
        ("community", lang.t("audit.communities")),
        ("erase", lang.t("audit.erase")),
        ("backup", lang.t("audit.backup")),
        ("key", lang.t("audit.keys")),
        ("audit", lang.t("audit.exports")),
    ]
}

/// What an act is called; `None` for a code of a newer version.
pub(super) fn did(code: &str, lang: Lang) -> Option<&'static str> {
    Some(match code {
        "account.add" => lang.t("did.add"),
        "account.first" => lang.t("did.first"),
        "account.reset" => lang.t("did.reset"),
        "account.unlock" => lang.t("did.unlock"),
        "account.totp-taken" => lang.t("did.totp-taken"),
        "account.move" => lang.t("did.move"),
        "account.disable" => lang.t("did.disable"),
        "account.enable" => lang.t("did.enable"),
        "account.password" => lang.t("did.password"),
        "account.totp" => lang.t("did.totp"),
        "account.totp-dropped" => lang.t("did.totp-dropped"),
        "account.recovery-codes" => lang.t("did.recovery-codes"),
        "account.locked" => lang.t("did.locked"),
        "session.begin" => lang.t("did.begin"),
        "session.end-others" => lang.t("did.end-others"),
        "session.recovery-code" => lang.t("did.recovery-code"),
        "device.code" => lang.t("did.device-code"),
        "device.revoke" => lang.t("did.device-revoke"),
        "import.upload" => lang.t("did.import-upload"),
        "import.discard" => lang.t("did.import-discard"),
        "import.commit" => lang.t("did.import-commit"),
        "import.undo" => lang.t("did.import-undo"),
        "recheck.draw" => lang.t("did.recheck-draw"),
        "recheck.answer" => lang.t("did.recheck-answer"),
        "policy.adopt" => lang.t("did.policy-adopt"),
        "rights.received" => lang.t("did.rights-received"),
        "rights.household" => lang.t("did.rights-household"),
        "rights.identified" => lang.t("did.rights-identified"),
        "rights.not-shown" => lang.t("did.rights-not-shown"),
        "rights.decided" => lang.t("did.rights-decided"),
        "rights.done" => lang.t("did.rights-done"),
        "rights.answered" => lang.t("did.rights-answered"),
        "rights.withdrawn" => lang.t("did.rights-withdrawn"),
        "community.set-up" => lang.t("did.community-set-up"),
        "community.rename" => lang.t("did.community-rename"),
        "erase" => lang.t("did.erase"),
        "erase.preview" => lang.t("did.erase-preview"),
        "backup" => lang.t("did.backup"),
        "restore" => lang.t("did.restore"),
        "export-all" => lang.t("did.export-all"),
        "prove" | "prove-with-body" => lang.t("did.prove"),
        "key.init-recovery" => lang.t("did.key-recovery"),
        "key.next" | "key.next-present-lost" => lang.t("did.key-next"),
        "audit.export" => lang.t("did.audit-export"),
        _ => return None,
    })
}
