//! 签名 – a report is signed over its canonical JSON; a file that comes back is checked cell by cell.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use chrono::NaiveDate;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use ruhu_core::closing::Amendment;
use ruhu_core::ids::Hash32;
use serde::{Deserialize, Serialize};

use super::coverage::{CoverageReport, book};
use super::sheet::{self, SheetError};

/// A report with its signature and the amendments made since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedReport {
    /// The report; its canonical JSON is what is signed. Never changes after closing.
    pub report: CoverageReport,
    /// SHA-256 of the canonical JSON.
    pub hash: Hash32,
    /// The hub's public key, hexadecimal.
    pub key: String,
    /// Ed25519 over the canonical JSON, hexadecimal.
    pub signature: String,
    /// 更正 1, 2, 3…
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amendments: Vec<SignedAmendment>,
}

/// 更正 – an amendment as the log carries it, signed again for the reader of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedAmendment {
    /// What changed.
    pub amendment: Amendment,
    /// Payload hash of the entry that carried it: what the next one names.
    pub entry: Hash32,
    /// The local day it was recorded.
    pub on: NaiveDate,
    /// Ed25519 over the canonical JSON of the three above, hexadecimal.
    pub signature: String,
}

/// Why a file is not the report that was signed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Neither JSON nor a sheet of this program.
    #[error(
        "不是本系统的报表:请选择 ruhu report 生成的 .json 或 .xlsx / not a report of this program: choose a .json or .xlsx made by `ruhu report`"
    )]
    NotAReport,
    /// The document was changed after it was signed.
    #[error("报表内容与签名时不同 / the report is not the one that was signed")]
    Changed,
    /// The signature does not belong to the key named in the file.
    #[error("签名不符 / the signature does not belong to the key in the file")]
    BadSignature,
    /// An amendment does not follow the one before it.
    #[error("更正 {number} 与前一条不相连 / amendment {number} does not follow the one before it")]
    Unlinked {
        /// Which.
        number: u32,
    },
    /// The key is none of this hub's.
    #[error("签名的公钥不属于本中心 / signed by a key that is none of this hub's")]
    ForeignKey,
    /// A cell of the sheet is not what was signed.
    #[error("表格内容被改动:{sheet} 第 {row} 行 / a cell was changed: sheet {sheet}, row {row}")]
    CellChanged {
        /// The sheet.
        sheet: String,
        /// The row, from 1.
        row: usize,
    },
    /// The sheet could not be made again to compare with.
    #[error("重新生成表格 / make the sheet again")]
    Sheet(#[from] SheetError),
}

#[derive(Serialize)]
struct AmendmentSigned<'a> {
    amendment: &'a Amendment,
    entry: Hash32,
    on: NaiveDate,
}

impl SignedReport {
    /// Signs a report.
    #[must_use]
    pub fn sign(report: CoverageReport, key: &SigningKey) -> Self {
        let bytes = report.canonical();
        Self {
            hash: Hash32::of(&[&bytes]),
            key: hex(key.verifying_key().as_bytes()),
            signature: hex(&key.sign(&bytes).to_bytes()),
            amendments: Vec::new(),
            report,
        }
    }

    /// Appends the amendments made since, each signed. The report and its signature stay as they are.
    #[must_use]
    pub fn amended(mut self, amendments: Vec<(Amendment, Hash32, NaiveDate)>, key: &SigningKey) -> Self {
        self.amendments = amendments
            .into_iter()
            .map(|(amendment, entry, on)| {
                let signature = hex(&key.sign(&amendment_bytes(&amendment, entry, on)).to_bytes());
                SignedAmendment { amendment, entry, on, signature }
            })
            .collect();
        self
    }

    /// The same report without the names of workers, signed as such: what is seen above the community (`design.md` 2).
    #[must_use]
    pub fn without_workers(self, key: &SigningKey) -> Self {
        let Self { mut report, amendments, .. } = self;
        report.grids.iter_mut().for_each(|row| row.responsible.clear());
        Self { amendments, ..Self::sign(report, key) }
    }

    /// The file `ruhu report --json` writes: one line, the same bytes whenever it is made again.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// The workbook; carries the signed document on its last sheet, so that it can be checked alone.
    ///
    /// # Errors
    /// [`SheetError`].
    pub fn to_xlsx(&self) -> Result<Vec<u8>, SheetError> {
        sheet::render(&book(self), &String::from_utf8_lossy(&self.to_json()))
    }

    /// Checks signatures and links; whether the key is the right one is for the caller to say.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn check(&self) -> Result<(), SealError> {
        let bytes = self.report.canonical();
        if Hash32::of(&[&bytes]) != self.hash {
            return Err(SealError::Changed);
        }
        let key = unhex::<32>(&self.key).and_then(|key| VerifyingKey::from_bytes(&key).ok());
        let key = key.ok_or(SealError::BadSignature)?;
        prove(&key, &bytes, &self.signature)?;
        let mut before: Option<(u32, Hash32)> = None;
        for one in &self.amendments {
            let SignedAmendment { amendment, entry, on, signature } = one;
            prove(&key, &amendment_bytes(amendment, *entry, *on), signature)?;
            let number = amendment.number;
            let follows = match before {
                Some((last, hash)) => number == last + 1 && amendment.previous == hash,
                None => number == 1,
            };
            if !follows || amendment.period != self.report.period {
                return Err(SealError::Unlinked { number });
            }
            before = Some((number, *entry));
        }
        Ok(())
    }

    /// Reads a `.json` or `.xlsx` that `ruhu report` made, and checks it: canonical bytes, signatures, links, and for
    /// a sheet every cell. `keys` are the hub's, hexadecimal.
    ///
    /// # Errors
    /// [`SealError`] names the first thing that is not as it was signed.
    pub fn verify(file: &[u8], keys: &[String]) -> Result<Self, SealError> {
        let signed = if file.starts_with(b"PK") { from_sheet(file)? } else { from_json(file)? };
        signed.check()?;
        if keys.contains(&signed.key) { Ok(signed) } else { Err(SealError::ForeignKey) }
    }
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn amendment_bytes(amendment: &Amendment, entry: Hash32, on: NaiveDate) -> Vec<u8> {
    serde_json::to_vec(&AmendmentSigned { amendment, entry, on }).unwrap_or_default()
}

fn prove(key: &VerifyingKey, bytes: &[u8], signature: &str) -> Result<(), SealError> {
    let signature = unhex::<64>(signature).ok_or(SealError::BadSignature)?;
    key.verify_strict(bytes, &Signature::from_bytes(&signature)).map_err(|_| SealError::BadSignature)
}

fn from_json(file: &[u8]) -> Result<SignedReport, SealError> {
    let signed: SignedReport = serde_json::from_slice(file).map_err(|_| SealError::NotAReport)?;
    // Anything that would not be written again the same was not written by this program.
    if signed.to_json() == file { Ok(signed) } else { Err(SealError::Changed) }
}

fn from_sheet(file: &[u8]) -> Result<SignedReport, SealError> {
    let mut found = open(file)?;
    let carried = found.worksheet_range(sheet::CARRIER).map_err(|_| SealError::NotAReport)?;
    let carried: String = carried.rows().filter_map(|row| row.first()).map(ToString::to_string).collect();
    let signed = from_json(carried.as_bytes())?;
    let made_again = signed.to_xlsx()?;
    let mut expected = open(&made_again)?;
    if found.sheet_names() != expected.sheet_names() {
        return Err(SealError::Changed);
    }
    for sheet in expected.sheet_names() {
        let of = |book: &mut Workbook<'_>| book.worksheet_range(&sheet).map_err(|_| SealError::NotAReport);
        let (ours, theirs) = (of(&mut expected)?, of(&mut found)?);
        let rows = ours.height().max(theirs.height());
        for row in 0..rows {
            if cells(&ours, row) != cells(&theirs, row) {
                return Err(SealError::CellChanged { sheet, row: row + 1 });
            }
        }
    }
    Ok(signed)
}

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

fn open(file: &[u8]) -> Result<Workbook<'_>, SealError> {
    open_workbook_from_rs(Cursor::new(file)).map_err(|_| SealError::NotAReport)
}

/// A row without the empty cells at its end: an office suite that saves the file again may add or drop those.
fn cells(range: &calamine::Range<Data>, row: usize) -> Vec<&Data> {
    let mut cells: Vec<&Data> = range.rows().nth(row).into_iter().flatten().collect();
    while cells.last().is_some_and(|cell| matches!(cell, Data::Empty)) {
        cells.pop();
    }
    cells
}

pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N * 2 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0u8; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
