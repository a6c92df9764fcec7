//! 户与门 – one row a household or door, with its file and fields, for lists and pages.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rusqlite::{Connection, Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::category::{PartDate, child_label};
use crate::community::CommunityFile;
use crate::entry::StreamId;
use crate::fact::Fact;
use crate::file::UnitFile;
use crate::ids::{DwellingId, GridId, HouseholdId, PersonId};
use crate::policy::Lang;
use crate::profile::Scalar;
use crate::projection::{self, FollowUp};
use crate::roster::{Address, DwellingUse, Unit};

/// One household or door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// Which.
    pub unit: Unit,
    /// The stream it last came from; own finds have none before they are received.
    pub stream: Option<StreamId>,
    /// It left this phone's streams and is forgotten once its own entries are safe.
    pub leaving: bool,
    /// Its grid now.
    pub grid: Option<GridId>,
    /// Its door; a door is its own.
    pub dwelling: Option<DwellingId>,
    /// Its fields; more than one value is a conflict.
    pub fields: BTreeMap<String, Vec<Scalar>>,
    /// What is to be done for it, and what was done.
    pub follow_ups: BTreeSet<FollowUp>,
    /// Its facts.
    pub file: UnitFile,
}

/// What a unit is found by, read without the rest of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitText {
    /// Which.
    pub unit: Unit,
    /// Its door; a door is its own.
    pub dwelling: Option<DwellingId>,
    /// Line by line: its address for a door, names and telephones for a household.
    pub text: String,
}

/// One member as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// The name, or `儿童, 6 岁` for a child under 14.
    pub shown: String,
    /// 户主.
    pub is_head: bool,
    /// Under 14.
    pub is_child: bool,
}

/// The 17 bytes a unit is stored under.
#[must_use]
pub fn unit_key(unit: Unit) -> [u8; 17] {
    let tag = match unit {
        Unit::Household(_) => 1,
        Unit::Vacant(_) => 2,
    };
    let mut key = [tag; 17];
    key.iter_mut().skip(1).zip(unit.as_bytes()).for_each(|(to, from)| *to = *from);
    key
}

/// Back from [`unit_key`].
#[must_use]
pub fn unit_from_key(key: &[u8]) -> Option<Unit> {
    let (tag, id) = key.split_first()?;
    let id: [u8; 16] = id.try_into().ok()?;
    match tag {
        1 => Some(Unit::Household(HouseholdId::from_bytes(id))),
        2 => Some(Unit::Vacant(DwellingId::from_bytes(id))),
        _ => None,
    }
}

impl UnitRow {
    /// A unit nothing is known of yet.
    #[must_use]
    pub const fn new(unit: Unit) -> Self {
        Self {
            unit,
            stream: None,
            leaving: false,
            grid: None,
            dwelling: None,
            fields: BTreeMap::new(),
            follow_ups: BTreeSet::new(),
            file: UnitFile::new(unit),
        }
    }

    /// Adds something to be done, or done. A step that comes again, with the time the hub vouches for, is that step.
    pub(super) fn follow(&mut self, one: FollowUp) {
        if let FollowUp::Step { step, .. } = &one {
            let again =
                |old: &FollowUp| matches!(old, FollowUp::Step { step: old, .. } if old.entry == step.entry);
            self.follow_ups.retain(|old| !again(old));
        }
        self.follow_ups.insert(one);
    }

    /// A door's address as last listed.
    #[must_use]
    pub fn address(&self) -> Option<&Address> {
        projection::standing(&self.file).rev().find_map(|(_, fact)| match &fact.fact {
            Fact::DwellingListed { address, .. } => Some(address),
            _ => None,
        })
    }

    /// What a door is used for, as last recorded.
    #[must_use]
    pub fn used_as(&self) -> Option<DwellingUse> {
        projection::standing(&self.file).rev().find_map(|(_, fact)| match &fact.fact {
            Fact::DwellingListed { used_as, .. } => Some(*used_as),
            Fact::UseChanged { to, .. } => Some(*to),
            _ => None,
        })
    }

    /// Its members who live in it, the head 户主 first, then adults, then children. A child under 14 is shown
    /// by age and without a name.
    #[must_use]
    pub fn members(&self, today: NaiveDate) -> Vec<Member> {
        let first =
            |key: &str| self.fields.get(key).and_then(|values| values.first()).map(ToString::to_string);
        let head = first("p/head");
        let named = self.fields.iter().filter_map(|(key, values)| {
            let id = key.strip_prefix("m/")?.strip_suffix("/name")?;
            let person: PersonId = id.parse().ok()?;
            let gone = self.fields.contains_key(&format!("m/{id}/left"));
            let name = values.first().filter(|_| !gone)?.to_string();
            let birth: Option<PartDate> =
                first(&format!("m/{id}/birth")).and_then(|birth| birth.parse().ok());
            let label = birth.and_then(|birth| child_label(birth, today, Lang::Zh));
            let is_child = label.is_some();
            Some(Member {
                person,
                shown: label.unwrap_or(name),
                is_head: head.as_deref() == Some(id),
                is_child,
            })
        });
        let mut members: Vec<Member> = named.collect();
        members.sort_by_key(|member| (!member.is_head, member.is_child));
        members
    }

    /// What its members are shown as, the head first.
    #[must_use]
    pub fn names(&self, today: NaiveDate) -> Vec<String> {
        self.members(today).into_iter().map(|member| member.shown).collect()
    }

    /// 两人同时修改 – how many of its fields hold more than one value.
    #[must_use]
    pub fn conflicts(&self) -> u32 {
        u32::try_from(self.fields.values().filter(|values| 1 < values.len()).count()).unwrap_or(u32::MAX)
    }

    /// Words it is found by: its address for a door, its members and telephones for a household.
    fn search(&self) -> String {
        let address = self.address().map(ToString::to_string);
        address.into_iter().chain(self.contacts()).collect::<Vec<_>>().join("\n")
    }

    /// Names of its members and telephone numbers, as they are written.
    pub fn contacts(&self) -> impl Iterator<Item = String> {
        let fields = self.fields.iter().filter(|(key, _)| key.ends_with("/name") || key.ends_with("phone"));
        fields.flat_map(|(_, values)| values).map(ToString::to_string)
    }
}

/// One unit, if this phone holds it.
///
/// # Errors
/// [`StoreError`].
pub fn find(db: &Connection, unit: Unit) -> Result<Option<UnitRow>, StoreError> {
    Ok(select(db, "WHERE unit.id = ?1", &[&unit_key(unit)])?.into_iter().next())
}

/// All units held, doors in walking order, each followed by the households behind it.
///
/// # Errors
/// [`StoreError`].
pub fn all(db: &Connection) -> Result<Vec<UnitRow>, StoreError> {
    select(db, "", &[])
}

/// What every unit is found by, in walking order.
///
/// # Errors
/// [`StoreError`].
pub fn texts(db: &Connection) -> Result<Vec<UnitText>, StoreError> {
    let what = "读取户档 read units";
    let sql = "SELECT unit.id, unit.dwelling, unit.search
               FROM unit LEFT JOIN unit AS door ON door.id = unit.dwelling
               ORDER BY coalesce(door.walking_key, ''), coalesce(unit.dwelling, unit.id), unit.id DESC";
    let mut statement = db.prepare_cached(sql).map_err(StoreError::of(what))?;
    let mut rows = statement.query([]).map_err(StoreError::of(what))?;
    let mut texts = Vec::new();
    while let Some(row) = rows.next().map_err(StoreError::of(what))? {
        let key: Vec<u8> = row.get(0).map_err(StoreError::of(what))?;
        let door: Option<Vec<u8>> = row.get(1).map_err(StoreError::of(what))?;
        let dwelling = door.and_then(|key| match unit_from_key(&key) {
            Some(Unit::Vacant(dwelling)) => Some(dwelling),
            _ => None,
        });
        texts.push(UnitText {
            unit: unit_from_key(&key).ok_or(StoreError::Row("unit.id"))?,
            dwelling,
            text: row.get(2).map_err(StoreError::of(what))?,
        });
    }
    Ok(texts)
}

/// Units whose address, members or telephones contain the words, in walking order.
///
/// # Errors
/// [`StoreError`].
pub fn matching(db: &Connection, words: &str) -> Result<Vec<UnitRow>, StoreError> {
    select(db, "WHERE instr(unit.search, ?1) OR instr(coalesce(door.search, ''), ?1)", &[&words])
}

/// Units whose door's address contains the words, in walking order; nobody's name or number is looked at.
///
/// # Errors
/// [`StoreError`].
pub fn matching_address(db: &Connection, words: &str) -> Result<Vec<UnitRow>, StoreError> {
    select(db, "WHERE instr(coalesce(door.search, ''), ?1)", &[&words])
}

/// Households that live behind a door, as last recorded.
///
/// # Errors
/// [`StoreError`].
pub fn behind(db: &Connection, door: DwellingId) -> Result<Vec<UnitRow>, StoreError> {
    let key = unit_key(Unit::Vacant(door));
    select(db, "WHERE unit.dwelling = ?1 AND substr(unit.id, 1, 1) = x'01'", &[&key])
}

/// The community's file; empty before the first sync.
///
/// # Errors
/// [`StoreError`].
pub fn community(db: &Connection) -> Result<CommunityFile, StoreError> {
    let mut statement = db
        .prepare_cached("SELECT file FROM community WHERE one = 1")
        .map_err(StoreError::of("读取社区 read the community"))?;
    let mut rows = statement.query([]).map_err(StoreError::of("读取社区 read the community"))?;
    let Some(row) = rows.next().map_err(StoreError::of("读取社区 read the community"))? else {
        return Ok(CommunityFile::default());
    };
    let bytes: Vec<u8> = row.get(0).map_err(StoreError::of("读取社区 read the community"))?;
    postcard::from_bytes(&bytes).map_err(|_| StoreError::Row("community.file"))
}

pub(super) fn put_community(tx: &Transaction<'_>, file: &CommunityFile) -> Result<(), StoreError> {
    let bytes = postcard::to_allocvec(file).map_err(|_| StoreError::Row("community.file"))?;
    tx.execute("INSERT OR REPLACE INTO community (one, file) VALUES (1, ?1)", params![bytes])
        .map(drop)
        .map_err(StoreError::of("保存社区 write the community"))
}

pub(super) fn put(tx: &Transaction<'_>, row: &UnitRow) -> Result<(), StoreError> {
    let file = postcard::to_allocvec(&row.file).map_err(|_| StoreError::Row("unit.file"))?;
    let fields = serde_json::to_string(&row.fields).map_err(|_| StoreError::Row("unit.fields"))?;
    let sql =
        "INSERT OR REPLACE INTO unit (id, stream, leaving, grid, dwelling, walking_key, search, fields, follow_ups, file)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let follow_ups =
        serde_json::to_string(&row.follow_ups).map_err(|_| StoreError::Row("unit.follow_ups"))?;
    tx.prepare_cached(sql)
        .and_then(|mut statement| {
            statement.execute(params![
                unit_key(row.unit),
                row.stream.map(StreamId::to_bytes),
                row.leaving,
                row.grid.map(|grid| *grid.as_bytes()),
                row.dwelling.map(|dwelling| unit_key(Unit::Vacant(dwelling))),
                row.address().map(Address::walking_key).unwrap_or_default(),
                row.search(),
                fields,
                follow_ups,
                file,
            ])
        })
        .map(drop)
        .map_err(StoreError::of("保存户档 write a unit"))
}

fn select(
    db: &Connection,
    condition: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<UnitRow>, StoreError> {
    let what = "读取户档 read units";
    let sql = format!(
        "SELECT unit.id, unit.stream, unit.leaving, unit.grid, unit.dwelling, unit.fields, unit.follow_ups, unit.file,
                coalesce(door.walking_key, ''), coalesce(unit.dwelling, unit.id)
         FROM unit LEFT JOIN unit AS door ON door.id = unit.dwelling {condition}"
    );
    let mut statement = db.prepare_cached(&sql).map_err(StoreError::of(what))?;
    let mut rows = statement.query(values).map_err(StoreError::of(what))?;
    // Sorted here and not by the database, which would carry every file through its sorter: measured on 1,000
    // households, that cost more than reading them.
    let mut found: Vec<(WalkingOrder, UnitRow)> = Vec::new();
    while let Some(row) = rows.next().map_err(StoreError::of(what))? {
        let id: Vec<u8> = row.get(0).map_err(StoreError::of(what))?;
        let walking_key = row.get(8).map_err(StoreError::of(what))?;
        let door = row.get(9).map_err(StoreError::of(what))?;
        found.push(((walking_key, door, Reverse(id)), from_row(row)?));
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found.into_iter().map(|(_, row)| row).collect())
}

/// Doors in walking order, each followed by the households behind it: tag 2 of a door sorts above tag 1.
type WalkingOrder = (String, Vec<u8>, Reverse<Vec<u8>>);

fn from_row(row: &Row<'_>) -> Result<UnitRow, StoreError> {
    let what = "读取户档 read a unit";
    let key: Vec<u8> = row.get(0).map_err(StoreError::of(what))?;
    let stream: Option<Vec<u8>> = row.get(1).map_err(StoreError::of(what))?;
    let grid: Option<[u8; 16]> = row.get(3).map_err(StoreError::of(what))?;
    let door: Option<[u8; 17]> = row.get(4).map_err(StoreError::of(what))?;
    let dwelling = door.and_then(|key| match unit_from_key(&key) {
        Some(Unit::Vacant(dwelling)) => Some(dwelling),
        _ => None,
    });
    let fields: String = row.get(5).map_err(StoreError::of(what))?;
    let follow_ups: String = row.get(6).map_err(StoreError::of(what))?;
    let file = row.get_ref(7).map_err(StoreError::of(what))?;
    let file = file.as_blob().map_err(|_| StoreError::Row("unit.file"))?;
    Ok(UnitRow {
        unit: unit_from_key(&key).ok_or(StoreError::Row("unit.id"))?,
        stream: stream.and_then(|bytes| StreamId::from_bytes(&bytes)),
        leaving: row.get(2).map_err(StoreError::of(what))?,
        grid: grid.map(GridId::from_bytes),
        dwelling,
        fields: serde_json::from_str(&fields).map_err(|_| StoreError::Row("unit.fields"))?,
        follow_ups: serde_json::from_str(&follow_ups).map_err(|_| StoreError::Row("unit.follow_ups"))?,
        file: postcard::from_bytes(file).map_err(|_| StoreError::Row("unit.file"))?,
    })
}
