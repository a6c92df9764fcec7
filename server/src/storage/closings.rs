//! 关账 – closed periods and their amendments: signed, each with its predecessor's hash, never rewritten.

use super::db::{Row, values};
use super::{StorageError, Tx};
use ruhu_core::ids::{AccountId, CommunityId, Hash32};
use ruhu_core::time::Period;

/// A closing (number 0) or an amendment (from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Whose.
    pub community: CommunityId,
    /// Of which period.
    pub period: Period,
    /// 0 the closing, from 1 the amendments 更正.
    pub nr: u32,
    /// Who.
    pub account: AccountId,
    /// When, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// What is stated: canonical JSON of the report that was closed, or of the amendment.
    pub content: Vec<u8>,
    /// Hash of the one before; zero for the closing.
    pub previous: Hash32,
    /// Ed25519 by the hub over [`Closing::hash`].
    pub signature: [u8; 64],
}

impl Closing {
    /// What is signed, and what the next one names.
    #[must_use]
    pub fn hash(&self) -> Hash32 {
        Hash32::of(&[
            b"ruhu-closing-1",
            self.community.as_bytes(),
            self.period.to_string().as_bytes(),
            &self.nr.to_be_bytes(),
            self.account.as_bytes(),
            &self.made_ms.to_be_bytes(),
            &self.previous.0,
            &self.content,
        ])
    }
}

impl Tx<'_> {
    /// The closing of a period and its amendments, in order; empty while it runs.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn closings(&self, community: CommunityId, period: Period) -> Result<Vec<Closing>, StorageError> {
        self.all(
            "closing",
            "SELECT nr, account, made_ms, content, previous, signature FROM period_close
             WHERE community = ?1 AND period = ?2 ORDER BY nr",
            values![community.as_bytes(), period.to_string()],
            |row| closing(row, community, period),
        )
    }

    /// Adds a closing or an amendment.
    ///
    /// # Errors
    /// [`StorageError`]; a number is never taken twice, and none is ever changed.
    pub fn add_closing(&self, closing: &Closing) -> Result<(), StorageError> {
        self.execute(
            "closing",
            "INSERT INTO period_close (community, period, nr, account, made_ms, content, previous, signature)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            values![
                closing.community.as_bytes(),
                closing.period.to_string(),
                closing.nr,
                closing.account.as_bytes(),
                closing.made_ms,
                closing.content,
                closing.previous.0,
                closing.signature
            ],
        )
        .map(drop)
    }
}

fn closing(row: Row<'_>, community: CommunityId, period: Period) -> Result<Closing, StorageError> {
    Ok(Closing {
        community,
        period,
        nr: row.get(0)?,
        account: AccountId::from_bytes(row.fixed(1)?),
        made_ms: row.get(2)?,
        content: row.get(3)?,
        previous: Hash32(row.fixed(4)?),
        signature: row.fixed(5)?,
    })
}
