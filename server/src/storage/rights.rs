//! 居民权利申请 – what residents ask about their own record, and every step taken. Contact and words are sealed under a key
//! of the case: with the key they are gone, wherever a page of the database was copied to.

use chrono::NaiveDate;
use ruhu_core::ids::{AccountId, CommunityId, Hash32, RightsId};
use ruhu_core::roster::Unit;

use super::db::{Row, values};
use super::units::{unit_bytes, unit_from_bytes};
use super::vault::owner::Owner;
use super::{StorageError, Tx};
use crate::rights::{Channel, Kind, State, Step};

/// One case without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// Which.
    pub id: RightsId,
    /// To whom it was put.
    pub community: CommunityId,
    /// Its number within the community, from 1.
    pub nr: u32,
    /// Whose record; `None` while nobody knows.
    pub unit: Option<Unit>,
    /// What is asked for.
    pub kind: Kind,
    /// How it came.
    pub channel: Channel,
    /// When, milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// The last day to answer it.
    pub due: NaiveDate,
    /// Who noted it; `None` from the public page.
    pub account: Option<AccountId>,
}

/// One step without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRow {
    /// Its number within the case, from 1.
    pub nr: u32,
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Who took it.
    pub account: AccountId,
    /// What.
    pub step: Step,
    /// The entry it led to.
    pub entry: Option<Hash32>,
    /// The erasure it led to.
    pub erasure: Option<u32>,
}

/// What only whoever works a case sees of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CaseWords {
    /// The number to call back; `None` where there is none, or no longer.
    pub contact: Option<String>,
    /// What was asked; `None` likewise.
    pub words: Option<String>,
    /// Of each step with words: its number and them.
    pub steps: Vec<(u32, String)>,
}

const WHAT: &str = "request of a resident";
const COLUMNS: &str = "c.id, c.community, c.nr, c.unit, c.kind, c.channel, c.received_ms, c.due, c.account";
const STEP: &str = "s.nr, s.at_ms, s.account, s.step, s.outcome, s.entry, s.erasure";
/// What each sealed part is, so that none can stand in another's place; words of steps follow by their numbers.
const CONTACT: u32 = 0;
const ASKED: u32 = 1;
const OF_STEPS: u32 = 1;

impl Tx<'_> {
    /// Keeps a new case; its number is the next of the community, whatever the row says. `false` when there is one by
    /// this id already: nothing was written then.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn add_case(
        &self,
        row: &CaseRow,
        contact: Option<&str>,
        words: Option<&str>,
    ) -> Result<bool, StorageError> {
        if self.case(row.id)?.is_some() {
            return Ok(false);
        }
        let sql = "SELECT coalesce(max(nr), 0) FROM rights_case WHERE community = ?1";
        let last: u32 = self.one(WHAT, sql, values![row.community.as_bytes()], |row| row.get(0))?;
        let part = |part, plain: Option<&str>| self.sealed_part(row.id, part, plain);
        let (contact, words) = (part(CONTACT, contact)?, part(ASKED, words)?);
        self.execute(
            WHAT,
            "INSERT INTO rights_case (id, community, nr, unit, kind, channel, received_ms, due, account, contact, words)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            values![
                row.id.as_bytes(),
                row.community.as_bytes(),
                last.saturating_add(1),
                row.unit.map(unit_bytes),
                row.kind.code(),
                row.channel.code(),
                row.received_ms,
                row.due.to_string(),
                row.account.as_ref().map(AccountId::as_bytes),
                contact,
                words
            ],
        )?;
        Ok(true)
    }

    /// One case.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn case(&self, id: RightsId) -> Result<Option<CaseRow>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM rights_case c WHERE c.id = ?1");
        self.first(WHAT, &sql, values![id.as_bytes()], case_row)
    }

    /// Every case of a community with where it stands, by number.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn cases_of(&self, community: CommunityId) -> Result<Vec<(CaseRow, State)>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM rights_case c WHERE c.community = ?1 ORDER BY c.nr");
        let rows: Vec<CaseRow> = self.all(WHAT, &sql, values![community.as_bytes()], case_row)?;
        let sql =
            "SELECT s.case_id, s.step, s.outcome FROM rights_step s JOIN rights_case c ON c.id = s.case_id
                   WHERE c.community = ?1 ORDER BY s.case_id, s.nr";
        let steps: Vec<(RightsId, Step)> = self.all(WHAT, sql, values![community.as_bytes()], |row| {
            Ok((RightsId::from_bytes(row.fixed(0)?), step_of(row, 1)?))
        })?;
        let stands = |id: RightsId| {
            let from = steps.partition_point(|(of, _)| *of < id);
            let own = steps.iter().skip(from).take_while(move |(of, _)| *of == id);
            State::after(own.map(|(_, step)| *step))
        };
        Ok(rows.into_iter().map(|row| (stands(row.id), row)).map(|(state, row)| (row, state)).collect())
    }

    /// The steps of a case, in their order.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn case_steps(&self, id: RightsId) -> Result<Vec<StepRow>, StorageError> {
        let sql = format!("SELECT {STEP} FROM rights_step s WHERE s.case_id = ?1 ORDER BY s.nr");
        self.all(WHAT, &sql, values![id.as_bytes()], step_row)
    }

    /// Adds a step; its number is the caller's, who holds the writer's lock.
    ///
    /// # Errors
    /// [`StorageError`], also when a step of this number is there.
    pub fn add_case_step(&self, id: RightsId, row: &StepRow, words: &str) -> Result<(), StorageError> {
        let (step, outcome) = row.step.codes();
        let words = Some(words).filter(|words| !words.is_empty());
        let words = self.sealed_part(id, OF_STEPS.saturating_add(row.nr), words)?;
        self.execute(
            WHAT,
            "INSERT INTO rights_step (case_id, nr, at_ms, account, step, outcome, words, entry, erasure)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            values![
                id.as_bytes(),
                row.nr,
                row.at_ms,
                row.account.as_bytes(),
                step,
                outcome,
                words,
                row.entry.map(|entry| entry.0),
                row.erasure
            ],
        )
        .map(drop)
    }

    /// Says whose record a case is about.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn set_case_unit(&self, id: RightsId, unit: Unit) -> Result<(), StorageError> {
        let sql = "UPDATE rights_case SET unit = ?2 WHERE id = ?1";
        self.execute(WHAT, sql, values![id.as_bytes(), unit_bytes(unit)]).map(drop)
    }

    /// Contact and words of a case; nothing where they were let go.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn case_words(&self, id: RightsId) -> Result<CaseWords, StorageError> {
        let owner = Owner::of_rights(id);
        let open = |row: Row<'_>, at: usize, part: u32| -> Result<Option<String>, StorageError> {
            let Some(sealed) = row.get::<Option<Vec<u8>>>(at)? else { return Ok(None) };
            let plain = self.opened(owner, (row, 0), &place(id, part), &sealed)?;
            String::from_utf8(plain).map(Some).map_err(|_| StorageError::Damaged { what: WHAT })
        };
        let sql = "SELECT k.generation, k.wrapped, c.contact, c.words
                   FROM rights_case c JOIN owner_key k ON k.owner = ?2 WHERE c.id = ?1";
        let own = self.first(WHAT, sql, values![id.as_bytes(), owner.bytes()], |row| {
            Ok((open(row, 2, CONTACT)?, open(row, 3, ASKED)?))
        })?;
        let (contact, words) = own.unwrap_or_default();
        let sql = "SELECT k.generation, k.wrapped, s.nr, s.words
                   FROM rights_step s JOIN owner_key k ON k.owner = ?2
                   WHERE s.case_id = ?1 AND s.words IS NOT NULL ORDER BY s.nr";
        let steps: Vec<(u32, Option<String>)> =
            self.all(WHAT, sql, values![id.as_bytes(), owner.bytes()], |row| {
                let nr: u32 = row.get(2)?;
                Ok((nr, open(row, 3, OF_STEPS.saturating_add(nr))?))
            })?;
        let steps = steps.into_iter().filter_map(|(nr, words)| Some((nr, words?))).collect();
        Ok(CaseWords { contact, words, steps })
    }

    /// Takes contact and words of every case about a unit away, of those received up to a time, milliseconds since 1970 UTC;
    /// steps, days and kinds stay.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn forget_cases_of(&self, unit: Unit, until_ms: i64) -> Result<(), StorageError> {
        let sql = "SELECT id FROM rights_case WHERE unit = ?1 AND received_ms <= ?2 ORDER BY id";
        let cases: Vec<RightsId> = self.all(WHAT, sql, values![unit_bytes(unit), until_ms], |row| {
            Ok(RightsId::from_bytes(row.fixed(0)?))
        })?;
        cases.into_iter().try_for_each(|id| self.forget_case(id))
    }

    /// Takes contact and words of one case away, with their key; its steps, days and kind stay.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn forget_case(&self, id: RightsId) -> Result<(), StorageError> {
        let sql = "UPDATE rights_case SET contact = NULL, words = NULL WHERE id = ?1";
        self.execute(WHAT, sql, values![id.as_bytes()])?;
        let sql = "UPDATE rights_step SET words = NULL WHERE case_id = ?1";
        self.execute(WHAT, sql, values![id.as_bytes()])?;
        self.drop_key(Owner::of_rights(id))
    }

    /// Keeps a number to call back, in place of the one before.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn set_case_contact(&self, id: RightsId, contact: &str) -> Result<(), StorageError> {
        let contact = self.sealed_part(id, CONTACT, Some(contact))?;
        let sql = "UPDATE rights_case SET contact = ?2 WHERE id = ?1";
        self.execute(WHAT, sql, values![id.as_bytes(), contact]).map(drop)
    }

    /// The cases that were over up to a time, milliseconds since 1970 UTC, and still hold a contact, or words that no
    /// household is answerable for.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn cases_to_forget(&self, over_ms: i64) -> Result<Vec<(RightsId, bool)>, StorageError> {
        let sql = "SELECT c.id, c.unit FROM rights_case c
                   WHERE EXISTS (SELECT 1 FROM rights_step s WHERE s.case_id = c.id
                                 AND s.step IN ('answered', 'withdrawn') AND s.at_ms <= ?1)
                     AND (c.contact IS NOT NULL OR c.unit IS NULL
                          AND (c.words IS NOT NULL OR EXISTS (SELECT 1 FROM rights_step w
                               WHERE w.case_id = c.id AND w.words IS NOT NULL)))
                   ORDER BY c.id";
        self.all(WHAT, sql, values![over_ms], |row| {
            Ok((RightsId::from_bytes(row.fixed(0)?), row.get::<Option<[u8; 17]>>(1)?.is_some()))
        })
    }

    /// Takes the contact of a case away; with its key, where nothing else was said.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drop_case_contact(&self, id: RightsId) -> Result<(), StorageError> {
        let sql = "UPDATE rights_case SET contact = NULL WHERE id = ?1";
        self.execute(WHAT, sql, values![id.as_bytes()])?;
        let sql = "SELECT 1 FROM rights_case c WHERE c.id = ?1 AND (c.words IS NOT NULL
                   OR EXISTS (SELECT 1 FROM rights_step s WHERE s.case_id = c.id AND s.words IS NOT NULL))";
        let holds = self.first(WHAT, sql, values![id.as_bytes()], |_| Ok(()))?.is_some();
        if holds { Ok(()) } else { self.drop_key(Owner::of_rights(id)) }
    }

    fn sealed_part(
        &self,
        id: RightsId,
        part: u32,
        plain: Option<&str>,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        plain.map(|plain| self.sealed(Owner::of_rights(id), &place(id, part), plain.as_bytes())).transpose()
    }
}

fn place(id: RightsId, part: u32) -> Vec<u8> {
    [id.as_bytes().as_slice(), &part.to_be_bytes()].concat()
}

fn case_row(row: Row<'_>) -> Result<CaseRow, StorageError> {
    let damaged = StorageError::Damaged { what: WHAT };
    let (kind, channel, due): (String, String, String) = (row.get(4)?, row.get(5)?, row.get(7)?);
    Ok(CaseRow {
        id: RightsId::from_bytes(row.fixed(0)?),
        community: CommunityId::from_bytes(row.fixed(1)?),
        nr: row.get(2)?,
        unit: row.get::<Option<[u8; 17]>>(3)?.map(unit_from_bytes).transpose()?,
        kind: Kind::of(&kind).ok_or(damaged.clone())?,
        channel: Channel::of(&channel).ok_or(damaged.clone())?,
        received_ms: row.get(6)?,
        due: due.parse().map_err(|_| damaged)?,
        account: row.get::<Option<[u8; 16]>>(8)?.map(AccountId::from_bytes),
    })
}

fn step_row(row: Row<'_>) -> Result<StepRow, StorageError> {
    Ok(StepRow {
        nr: row.get(0)?,
        at_ms: row.get(1)?,
        account: AccountId::from_bytes(row.fixed(2)?),
        step: step_of(row, 3)?,
        entry: row.get::<Option<[u8; 32]>>(5)?.map(Hash32),
        erasure: row.get(6)?,
    })
}

fn step_of(row: Row<'_>, at: usize) -> Result<Step, StorageError> {
    let (step, outcome): (String, String) = (row.get(at)?, row.get(at + 1)?);
    Step::of(&step, &outcome).ok_or(StorageError::Damaged { what: WHAT })
}
