//! 抽查 – draws, what was drawn, what was answered. Answers are only ever added.

use chrono::NaiveDate;
use ruhu_core::ids::{AccountId, CommunityId, DwellingId, GridId, Hash32, RecheckId, WorkerId};
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;

use super::db::{Row, values};
use super::units::{unit_bytes, unit_from_bytes};
use super::{StorageError, Tx};

/// One draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawRow {
    /// Which.
    pub id: RecheckId,
    /// Whose.
    pub community: CommunityId,
    /// Of which period.
    pub period: Period,
    /// `lot`, or `signals`.
    pub method: String,
    /// Published: with the frame it says what had to be drawn.
    pub seed: [u8; 32],
    /// How many could be drawn.
    pub framed: u32,
    /// Hash of the frame.
    pub frame: Hash32,
    /// Who drew.
    pub account: AccountId,
    /// When, milliseconds since 1970 UTC.
    pub made_ms: i64,
}

/// One thing drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// From 0, as drawn.
    pub nth: u32,
    /// Whom.
    pub unit: Unit,
    /// Where it counted.
    pub grid: GridId,
    /// The door.
    pub dwelling: DwellingId,
    /// `visited`, or the kind of deduction.
    pub claim: String,
    /// Of a visit: its payload hash and who made it.
    pub visit: Option<(Hash32, WorkerId)>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRow {
    /// To which.
    pub nth: u32,
    /// 1, or 2 where it is asked twice.
    pub round: u32,
    /// From 1; the last one counts.
    pub nr: u32,
    /// Its code.
    pub answer: String,
    /// Asked by telephone.
    pub by_phone: bool,
    /// On which day.
    pub checked_on: NaiveDate,
    /// A worker; `None` is somebody of the office.
    pub checker: Option<WorkerId>,
    /// Who entered it.
    pub account: AccountId,
    /// When, milliseconds since 1970 UTC.
    pub made_ms: i64,
}

const DRAW: &str = "draw, community, period, seed, framed, frame, account, made_ms, method FROM recheck_draw";

impl Tx<'_> {
    /// Keeps a draw with everything drawn.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_draw(&self, draw: &DrawRow, items: &[ItemRow]) -> Result<(), StorageError> {
        self.execute(
            "draw",
            "INSERT INTO recheck_draw (draw, community, period, seed, framed, frame, account, made_ms, method)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            values![
                draw.id.as_bytes(),
                draw.community.as_bytes(),
                draw.period.to_string(),
                draw.seed,
                draw.framed,
                draw.frame.0,
                draw.account.as_bytes(),
                draw.made_ms,
                draw.method
            ],
        )?;
        for item in items {
            self.execute(
                "draw",
                "INSERT INTO recheck_item (draw, nth, unit, grid, dwelling, claim, record, made_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                values![
                    draw.id.as_bytes(),
                    item.nth,
                    unit_bytes(item.unit),
                    item.grid.as_bytes(),
                    item.dwelling.as_bytes(),
                    item.claim,
                    item.visit.map(|(record, _)| record.0),
                    item.visit.map(|(_, made_by)| *made_by.as_bytes())
                ],
            )?;
        }
        Ok(())
    }

    /// Every draw of a community, the latest first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn draws(&self, community: CommunityId) -> Result<Vec<DrawRow>, StorageError> {
        let sql = format!("SELECT {DRAW} WHERE community = ?1 ORDER BY made_ms DESC, draw");
        self.all("draws", &sql, values![community.as_bytes()], draw)
    }

    /// One draw.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn draw(&self, id: RecheckId) -> Result<Option<DrawRow>, StorageError> {
        self.first("draw", &format!("SELECT {DRAW} WHERE draw = ?1"), values![id.as_bytes()], draw)
    }

    /// What was drawn, in order.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drawn(&self, id: RecheckId) -> Result<Vec<ItemRow>, StorageError> {
        let sql = "SELECT nth, unit, grid, dwelling, claim, record, made_by FROM recheck_item
                   WHERE draw = ?1 ORDER BY nth";
        self.all("draw", sql, values![id.as_bytes()], |row| {
            let record: Option<[u8; 32]> = row.get(5)?;
            let made_by: Option<[u8; 16]> = row.get(6)?;
            Ok(ItemRow {
                nth: row.get(0)?,
                unit: unit_from_bytes(row.fixed(1)?)?,
                grid: GridId::from_bytes(row.fixed(2)?),
                dwelling: DwellingId::from_bytes(row.fixed(3)?),
                claim: row.get(4)?,
                visit: record.map(Hash32).zip(made_by.map(WorkerId::from_bytes)),
            })
        })
    }

    /// Every answer to a draw, each after the one it corrects.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn recheck_answers(&self, id: RecheckId) -> Result<Vec<AnswerRow>, StorageError> {
        let sql = "SELECT nth, round, nr, answer, by_phone, checked_on, checker, account, made_ms
                   FROM recheck_answer WHERE draw = ?1 ORDER BY nth, round, nr";
        self.all("answers", sql, values![id.as_bytes()], |row| {
            let checker: Option<[u8; 16]> = row.get(6)?;
            let day: String = row.get(5)?;
            Ok(AnswerRow {
                nth: row.get(0)?,
                round: row.get(1)?,
                nr: row.get(2)?,
                answer: row.get(3)?,
                by_phone: row.get(4)?,
                checked_on: day.parse().map_err(|_| StorageError::Damaged { what: "answers" })?,
                checker: checker.map(WorkerId::from_bytes),
                account: AccountId::from_bytes(row.fixed(7)?),
                made_ms: row.get(8)?,
            })
        })
    }

    /// What was said last of each record of a unit that was drawn, by its payload hash: the codes of first answers.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn rechecked(&self, unit: Unit) -> Result<Vec<(Hash32, String)>, StorageError> {
        let sql = "SELECT i.record, a.answer FROM recheck_item i
                   JOIN recheck_answer a ON a.draw = i.draw AND a.nth = i.nth AND a.round = 1
                   WHERE i.unit = ?1 AND i.record IS NOT NULL
                     AND a.nr = (SELECT max(b.nr) FROM recheck_answer b
                                 WHERE b.draw = a.draw AND b.nth = a.nth AND b.round = 1)
                   ORDER BY a.made_ms, a.draw";
        self.all("answers", sql, values![unit_bytes(unit)], |row| Ok((Hash32(row.fixed(0)?), row.get(1)?)))
    }

    /// Adds an answer.
    ///
    /// # Errors
    /// [`StorageError`]; a number is never taken twice.
    pub fn add_recheck_answer(&self, id: RecheckId, answer: &AnswerRow) -> Result<(), StorageError> {
        self.execute(
            "answer",
            "INSERT INTO recheck_answer
                 (draw, nth, round, nr, answer, by_phone, checked_on, checker, account, made_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            values![
                id.as_bytes(),
                answer.nth,
                answer.round,
                answer.nr,
                answer.answer,
                answer.by_phone,
                answer.checked_on.to_string(),
                answer.checker.map(|one| *one.as_bytes()),
                answer.account.as_bytes(),
                answer.made_ms
            ],
        )
        .map(drop)
    }
}

fn draw(row: Row<'_>) -> Result<DrawRow, StorageError> {
    let period: String = row.get(2)?;
    Ok(DrawRow {
        id: RecheckId::from_bytes(row.fixed(0)?),
        community: CommunityId::from_bytes(row.fixed(1)?),
        period: period.parse().map_err(|_| StorageError::Damaged { what: "draw" })?,
        seed: row.fixed(3)?,
        framed: row.get(4)?,
        frame: Hash32(row.fixed(5)?),
        account: AccountId::from_bytes(row.fixed(6)?),
        made_ms: row.get(7)?,
        method: row.get(8)?,
    })
}
