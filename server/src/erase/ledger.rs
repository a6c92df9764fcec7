//! 删除台账 – every decision to erase, one signed line each, in a file outside the database: a backup from before a
//! decision knows nothing of it, so what is restored is erased again by this list.

use std::path::{Path, PathBuf};

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use ruhu_core::ids::{AccountId, Hash32, HubId};
use ruhu_core::roster::Unit;
use serde::{Deserialize, Serialize};

use super::act::{Again, Erased};
use super::{EraseError, Order};
use crate::files::replace_private;
use crate::report::seal::{hex, unhex};
use crate::storage::Hub;
use crate::storage::erasures::ErasureRow;

/// Its name beside the outer key.
pub const NAME: &str = "erasures.log";

/// One line: a decision, and the hash of the line before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Of which hub.
    pub hub: HubId,
    /// From 1, without gaps.
    pub nr: u32,
    /// Of whom.
    pub unit: Unit,
    /// What; JSON.
    pub what: String,
    /// Everything recorded up to here, milliseconds since 1970 UTC.
    pub until_ms: i64,
    /// Number of the decision, or the rule of retention.
    pub cause: String,
    /// Who did it.
    pub account: AccountId,
    /// Hash of the line before; zero for the first.
    pub previous: Hash32,
    /// The hub's signature over the line's hash, hexadecimal.
    pub signature: String,
}

/// Why a list cannot be used. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file could not be read or written.
    #[error("读写删除台账 {path} / read or write the list of erasures {path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line that is none, or out of its order, or not signed by this hub.
    #[error(
        "删除台账第 {line} 行不符(不是本中心的、被改动或缺行),未作任何更改:请找原文件 / line {line} of the list of erasures does not hold (another hub's, altered or missing); nothing was changed: look for the original file"
    )]
    Line {
        /// Which.
        line: usize,
    },
    /// A list that knows less than the database.
    #[error(
        "删除台账只到第 {found} 号,数据库里已有第 {known} 号:请用较新的台账 / the list of erasures ends at {found}, the database already knows {known}: take the newer list"
    )]
    Older {
        /// Its last decision.
        found: u32,
        /// The database's.
        known: u32,
    },
}

impl Line {
    fn of(row: &ErasureRow, hub: HubId, previous: Hash32, key: &SigningKey) -> Self {
        let mut line = Self {
            hub,
            nr: row.nr,
            unit: row.unit,
            what: row.what.clone(),
            until_ms: row.until_ms,
            cause: row.cause.clone(),
            account: row.account,
            previous,
            signature: String::new(),
        };
        line.signature = hex(&key.sign(&line.hash().0).to_bytes());
        line
    }

    /// Over everything but the signature.
    #[must_use]
    pub fn hash(&self) -> Hash32 {
        let plain = Self { signature: String::new(), ..self.clone() };
        // A struct of plain values always has its JSON.
        Hash32::of(&[b"ruhu-erasure-1", &serde_json::to_vec(&plain).unwrap_or_default()])
    }

    fn holds(&self, hub: HubId, nr: u32, previous: Hash32, keys: &[VerifyingKey]) -> bool {
        let signature = unhex::<64>(&self.signature).map(|bytes| Signature::from_bytes(&bytes));
        (self.hub, self.nr, self.previous) == (hub, nr, previous)
            && signature.is_some_and(|signature| {
                keys.iter().any(|key| key.verify_strict(&self.hash().0, &signature).is_ok())
            })
    }
}

/// Reads a list and proves every line.
///
/// # Errors
/// [`LedgerError`].
pub fn read(path: &Path, hub: HubId, keys: &[VerifyingKey]) -> Result<Vec<Line>, LedgerError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| LedgerError::File { path: path.to_owned(), source })?;
    let mut lines: Vec<Line> = Vec::new();
    for (nr, line) in (1u32..).zip(text.lines().filter(|line| !line.trim().is_empty())) {
        let bad = || LedgerError::Line { line: usize::try_from(nr).unwrap_or(usize::MAX) };
        let line: Line = serde_json::from_str(line).map_err(|_| bad())?;
        let previous = lines.last().map_or(Hash32::ZERO, Line::hash);
        if !line.holds(hub, nr, previous, keys) {
            return Err(bad());
        }
        lines.push(line);
    }
    Ok(lines)
}

impl Hub {
    /// Where the list lies; `None` where no folder is named.
    #[must_use]
    pub fn ledger_path(&self) -> Option<PathBuf> {
        let folder = self.storage().vault().path().and_then(Path::parent);
        folder.map(|folder| folder.join(NAME))
    }

    /// Brings the file up to the database: the last lines are missing after a crash between commit and file.
    ///
    /// # Errors
    /// [`EraseError`].
    pub fn write_ledger(&self) -> Result<(), EraseError> {
        let rows = self.storage().read(|tx| tx.erasures())?;
        let Some(path) = self.ledger_path().filter(|_| !rows.is_empty()) else { return Ok(()) };
        let mut text = String::new();
        let mut previous = Hash32::ZERO;
        for row in &rows {
            let line = Line::of(row, self.id(), previous, &self.signing_key());
            previous = line.hash();
            text.push_str(&serde_json::to_string(&line).unwrap_or_default());
            text.push('\n');
        }
        if std::fs::read_to_string(&path).is_ok_and(|found| found == text) {
            return Ok(());
        }
        replace_private(&path, &text).map_err(|source| LedgerError::File { path, source })?;
        Ok(())
    }

    /// Holds the list in the hub's folder against the database, before anything else is done: an older copy of the database
    /// that was put back is erased again, and lines that a crash kept from the file are written.
    ///
    /// # Errors
    /// [`EraseError`]; nothing was changed.
    pub fn match_ledger(&self) -> Result<usize, EraseError> {
        let Some(path) = self.ledger_path().filter(|path| path.exists()) else {
            self.write_ledger()?;
            return Ok(0);
        };
        let lines = read(&path, self.id(), &self.all_keys()?)?;
        let known = self.storage().read(|tx| tx.last_erasure())?;
        if lines.last().is_some_and(|line| known < line.nr) {
            return Ok(self.erase_again(lines)?.len());
        }
        self.write_ledger()?;
        Ok(0)
    }

    /// Does again what a list says and this database does not know: after a restore. What concerns a household that has
    /// not come back yet is remembered, and what arrives of it later loses its body on the way in.
    ///
    /// # Errors
    /// [`EraseError`]; nothing was changed.
    pub fn erase_again(&self, lines: Vec<Line>) -> Result<Vec<Erased>, EraseError> {
        let known = self.storage().read(|tx| tx.last_erasure())?;
        let found = lines.last().map_or(0, |line| line.nr);
        if found < known {
            return Err(LedgerError::Older { found, known }.into());
        }
        let rows = self.storage().read(|tx| tx.erasures())?;
        for (row, line) in rows.iter().zip(&lines) {
            if (row.nr, row.unit, &row.what, row.until_ms) != (line.nr, line.unit, &line.what, line.until_ms)
            {
                return Err(LedgerError::Line { line: usize::try_from(line.nr).unwrap_or(0) }.into());
            }
        }
        let mut orders = Vec::new();
        for line in lines.into_iter().filter(|line| known < line.nr) {
            let what = serde_json::from_str(&line.what)
                .map_err(|_| LedgerError::Line { line: usize::try_from(line.nr).unwrap_or(0) })?;
            let order = Order { unit: line.unit, what, cause: line.cause, by: line.account };
            orders.push(Again { order, nr: line.nr, until_ms: line.until_ms, again: true });
        }
        self.carry_out(move |_| Ok::<_, EraseError>(orders), |_, _| Ok(()))
    }
}
