//! 个人流 – where in the log things stand between the desk and one worker, and the cards kept for them.

use ruhu_core::entry::Private;
use ruhu_core::ids::{CommunityId, FindingId, Hash32, LineId, RecheckId, WorkerId};
use ruhu_core::roster::Unit;

use super::db::{Row, values};
use super::log::Pos;
use super::units::unit_bytes;
use super::{StorageError, Tx};

/// One entry between the desk and a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PrivateRow {
    /// Where in the log.
    pub pos: Pos,
    /// In which community.
    pub community: CommunityId,
    /// Whose matter it is.
    pub worker: WorkerId,
    /// What it is about.
    pub subject: Subject,
}

/// What such an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// 复访任务 of a draw.
    Task(RecheckId),
    /// 复访结果 of a draw.
    Revisited(RecheckId),
    /// 核查.
    Finding(FindingId),
    /// 奖惩事项.
    Line(LineId),
}

const COLUMNS: &str = "pos, community, worker, kind, subject FROM private_entry";
const FINDING: &str = "finding";
const LINE: &str = "line";

impl Subject {
    /// What an entry is about.
    #[must_use]
    pub const fn of(private: &Private) -> Self {
        match private {
            Private::Task(task) => Self::Task(task.key.draw),
            Private::Revisited(answer) => Self::Revisited(answer.key.draw),
            Private::Finding(event) => Self::Finding(event.finding),
            Private::Line(event) => Self::Line(event.line),
        }
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::Task(_) => "task",
            Self::Revisited(_) => "revisited",
            Self::Finding(_) => FINDING,
            Self::Line(_) => LINE,
        }
    }

    const fn bytes(&self) -> &[u8; 16] {
        match self {
            Self::Task(id) | Self::Revisited(id) => id.as_bytes(),
            Self::Finding(id) => id.as_bytes(),
            Self::Line(id) => id.as_bytes(),
        }
    }

    fn read(kind: &str, id: [u8; 16]) -> Option<Self> {
        let draw = RecheckId::from_bytes(id);
        let (finding, line) = (Self::Finding(FindingId::from_bytes(id)), Self::Line(LineId::from_bytes(id)));
        [Self::Task(draw), Self::Revisited(draw), finding, line].into_iter().find(|one| one.kind() == kind)
    }
}

impl Tx<'_> {
    /// Notes where an entry between the desk and a worker stands.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn note_private(&self, row: &PrivateRow) -> Result<(), StorageError> {
        let (kind, subject) = (row.subject.kind(), row.subject.bytes());
        self.execute(
            "private entry",
            "INSERT INTO private_entry (pos, community, worker, kind, subject) VALUES (?1, ?2, ?3, ?4, ?5)",
            values![row.pos.0, row.community.as_bytes(), row.worker.as_bytes(), kind, subject],
        )
        .map(drop)
    }

    /// Everything about one draw's re-visits, or about one finding, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn private_about(&self, subject: Subject) -> Result<Vec<PrivateRow>, StorageError> {
        let sql = format!("SELECT {COLUMNS} WHERE subject = ?1 AND kind = ?2 ORDER BY pos");
        self.all("private entries", &sql, values![subject.bytes(), subject.kind()], private_row)
    }

    /// Every entry of a community's findings, finding by finding, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn findings_of(&self, community: CommunityId) -> Result<Vec<PrivateRow>, StorageError> {
        self.private_of(community, FINDING)
    }

    /// Every entry of a community's ledger, line by line, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn lines_of(&self, community: CommunityId) -> Result<Vec<PrivateRow>, StorageError> {
        self.private_of(community, LINE)
    }

    fn private_of(&self, community: CommunityId, kind: &str) -> Result<Vec<PrivateRow>, StorageError> {
        let sql = format!("SELECT {COLUMNS} WHERE community = ?1 AND kind = ?2 ORDER BY subject, pos");
        self.all("private entries", &sql, values![community.as_bytes(), kind], private_row)
    }

    /// Every one there is, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn all_private(&self) -> Result<Vec<PrivateRow>, StorageError> {
        self.all("private entries", &format!("SELECT {COLUMNS} ORDER BY pos"), values![], private_row)
    }

    /// What such an entry says: when it was recorded (milliseconds since 1970 UTC), its payload's hash, and its words; `None`
    /// where this program cannot read it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn private_at(&self, pos: Pos) -> Result<Option<(i64, Hash32, Private, String)>, StorageError> {
        let Some(kept) = self.entry(pos)? else { return Ok(None) };
        let Ok(contents) = kept.entry.payload.read() else { return Ok(None) };
        let Some(private) = contents.private() else { return Ok(None) };
        let words = contents.reason_words().to_owned();
        Ok(Some((kept.recorded_ms, kept.entry.envelope.payload_hash, private, words)))
    }

    /// The first entry about the same matter, or waiting and about no unit, that carries this payload.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn find_private(
        &self,
        subject: Subject,
        hash: Hash32,
        before: Pos,
    ) -> Result<Option<Pos>, StorageError> {
        self.one(
            "entry",
            "SELECT min(e.pos) FROM entry e WHERE e.repeats IS NULL AND e.pos < ?3
             AND substr(e.envelope, 113, 32) = ?2 AND e.pos IN (
                 SELECT p.pos FROM private_entry p WHERE p.subject = ?1
                 UNION SELECT w.pos FROM waiting w WHERE w.unit IS NULL)",
            values![subject.bytes(), hash.0, before.0],
            |row| Ok(row.get::<Option<i64>>(0)?.map(Pos)),
        )
    }

    /// Keeps the card of a drawn record, as JSON.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_card(&self, draw: RecheckId, nth: u32, card: &str) -> Result<(), StorageError> {
        let sql = "INSERT INTO recheck_card (draw, nth, card) VALUES (?1, ?2, ?3)";
        self.execute("card", sql, values![draw.as_bytes(), nth, card]).map(drop)
    }

    /// The card that was kept with a drawn record, as JSON.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn card(&self, draw: RecheckId, nth: u32) -> Result<Option<String>, StorageError> {
        let sql = "SELECT card FROM recheck_card WHERE draw = ?1 AND nth = ?2";
        self.first("card", sql, values![draw.as_bytes(), nth], |row| row.get(0))
    }

    /// Drops a card whose time has passed, or whose household was erased.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drop_card(&self, draw: RecheckId, nth: u32) -> Result<(), StorageError> {
        let sql = "DELETE FROM recheck_card WHERE draw = ?1 AND nth = ?2";
        self.execute("card", sql, values![draw.as_bytes(), nth]).map(drop)
    }

    /// Drops the cards of a household that is erased.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drop_cards_of(&self, unit: Unit) -> Result<(), StorageError> {
        let sql = "DELETE FROM recheck_card WHERE EXISTS (
                       SELECT 1 FROM recheck_item i
                       WHERE i.draw = recheck_card.draw AND i.nth = recheck_card.nth AND i.unit = ?1)";
        self.execute("card", sql, values![unit_bytes(unit)]).map(drop)
    }

    /// Which drawn records have a card.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn cards(&self) -> Result<Vec<(RecheckId, u32)>, StorageError> {
        let sql = "SELECT draw, nth FROM recheck_card ORDER BY draw, nth";
        self.all("card", sql, values![], |row| Ok((RecheckId::from_bytes(row.fixed(0)?), row.get(1)?)))
    }
}

fn private_row(row: Row<'_>) -> Result<PrivateRow, StorageError> {
    let kind: String = row.get(3)?;
    Ok(PrivateRow {
        pos: Pos(row.get(0)?),
        community: CommunityId::from_bytes(row.fixed(1)?),
        worker: WorkerId::from_bytes(row.fixed(2)?),
        subject: Subject::read(&kind, row.fixed(4)?)
            .ok_or(StorageError::Damaged { what: "private entry" })?,
    })
}
