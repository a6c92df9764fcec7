//! Whose a key is, the row it lies in, and what is sealed under it.

use std::collections::BTreeMap;

use ruhu_core::entry::SealedBody;
use ruhu_core::ids::{AccountId, CommunityId, EnrolmentId, Hash32, ImportId, RightsId};
use ruhu_core::roster::Unit;

use super::{KeyBytes, Outer, open, seal};
use crate::storage::db::{Row, Rows, Value, values};
use crate::storage::look::missing;
use crate::storage::units::unit_bytes;
use crate::storage::{StorageError, Tx};

/// Whose key: a household or door, a community (its imports), an account (its second factor), a resident's
/// request about the own record, or nobody's in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Owner([u8; 17]);

impl Owner {
    /// Of what is said about a unit, or about none.
    pub(crate) fn of(unit: Option<Unit>) -> Self {
        Self(unit.map_or([0; 17], unit_bytes))
    }

    /// Of what imports of a community leave behind.
    pub(crate) fn of_imports(community: CommunityId) -> Self {
        let mut bytes = [3; 17];
        bytes.iter_mut().skip(1).zip(community.as_bytes()).for_each(|(to, from)| *to = *from);
        Self(bytes)
    }

    /// Of the first load made ready for a phone.
    pub(crate) fn of_first_load(enrolment: EnrolmentId) -> Self {
        let mut bytes = [4; 17];
        bytes.iter_mut().skip(1).zip(enrolment.as_bytes()).for_each(|(to, from)| *to = *from);
        Self(bytes)
    }

    /// Of a roster uploaded and not entered yet.
    pub(crate) fn of_upload(upload: ImportId) -> Self {
        let mut bytes = [5; 17];
        bytes.iter_mut().skip(1).zip(upload.as_bytes()).for_each(|(to, from)| *to = *from);
        Self(bytes)
    }

    /// Of the secret behind an account's one-time codes.
    pub(crate) fn of_second_factor(account: AccountId) -> Self {
        let mut bytes = [6; 17];
        bytes.iter_mut().skip(1).zip(account.as_bytes()).for_each(|(to, from)| *to = *from);
        Self(bytes)
    }

    /// Of what a resident asked, and the number to call back.
    pub(crate) fn of_rights(case: RightsId) -> Self {
        let mut bytes = [7; 17];
        bytes.iter_mut().skip(1).zip(case.as_bytes()).for_each(|(to, from)| *to = *from);
        Self(bytes)
    }

    pub(crate) const fn bytes(&self) -> &[u8] {
        &self.0
    }
}

const KEYS: Rows = Rows {
    into: "INSERT INTO owner_key (owner, generation, wrapped)",
    columns: 3,
    then: "ON CONFLICT (owner) DO UPDATE SET generation = excluded.generation, wrapped = excluded.wrapped",
};

/// Length of the salt in front of a body.
const SALT: usize = 16;

impl Tx<'_> {
    /// The number of the outer key this database is sealed with; `None` before anything was.
    pub(crate) fn vault_generation(&self) -> Result<Option<u32>, StorageError> {
        let known = self.ahead.held().read.generation;
        if let Some(known) = known {
            return Ok(known);
        }
        let sql = "SELECT max(generation) FROM vault";
        let found: Option<Option<u32>> = self.first_apart("outer key", sql, values![], |row| row.get(0))?;
        let found = found.flatten();
        self.ahead.to_hold().read.generation = Some(found);
        Ok(found)
    }

    /// The outer key this database is sealed with.
    pub(crate) fn outer(&self) -> Result<Outer, StorageError> {
        self.vault.outer(self.vault_generation()?.unwrap_or(0))
    }

    /// Notes that the database is sealed with another outer key from now on.
    pub(crate) fn set_vault_generation(&self, generation: u32) -> Result<(), StorageError> {
        self.execute("outer key", "DELETE FROM vault", values![])?;
        let sql = "INSERT INTO vault (generation) VALUES (?1)";
        self.execute("outer key", sql, values![generation]).map(drop)
    }

    /// The key of an owner, made now if there is none.
    pub(crate) fn key_for(&self, owner: Owner) -> Result<KeyBytes, StorageError> {
        self.look_ahead_keys(&[owner])?;
        let known = self.ahead.held().read.keys.get(&owner).cloned().flatten();
        match known {
            Some(key) => Ok(key),
            None => self.new_key(&self.outer()?, owner),
        }
    }

    /// Reads the keys of owners that are not known yet, by one query.
    pub(crate) fn look_ahead_keys(&self, owners: &[Owner]) -> Result<(), StorageError> {
        let missing = missing(owners, &self.ahead.held().read.keys);
        let keys: Vec<Value<'_>> = missing.iter().map(|owner| Value::Blob(owner.bytes())).collect();
        let sql = "SELECT owner, generation, wrapped FROM owner_key WHERE owner = ?1";
        let found: Vec<(Owner, KeyBytes)> = self.all_of("key of a household", sql, &keys, |row| {
            let owner = Owner(row.fixed(0)?);
            Ok((owner, self.vault.outer(row.get(1)?)?.unwrap(owner.bytes(), row.blob(2)?)?))
        })?;
        let read = &mut self.ahead.to_hold().read;
        read.keys.extend(missing.into_iter().map(|owner| (owner, None)));
        read.keys.extend(found.into_iter().map(|(owner, key)| (owner, Some(key))));
        Ok(())
    }

    /// A new key of an owner under this outer key; one that was there is gone.
    pub(crate) fn new_key(&self, outer: &Outer, owner: Owner) -> Result<KeyBytes, StorageError> {
        let key = outer.derive(owner.bytes())?;
        let wrapped = outer.wrap(owner.bytes(), &key)?;
        let held = &mut *self.ahead.held();
        held.read.keys.insert(owner, Some(key.clone()));
        held.back.keys.insert(owner, (outer.generation, wrapped));
        Ok(key)
    }

    pub(in crate::storage) fn write_keys(
        &self,
        keys: &BTreeMap<Owner, (u32, Vec<u8>)>,
    ) -> Result<(), StorageError> {
        let values = keys.iter().flat_map(|(owner, (generation, wrapped))| {
            [Value::Blob(owner.bytes()), Value::Int(i64::from(*generation)), Value::Blob(wrapped)]
        });
        self.insert_apart("key of a household", &KEYS, &values.collect::<Vec<_>>())
    }

    /// Lets the key of an owner go, with everything sealed under it.
    pub(crate) fn drop_key(&self, owner: Owner) -> Result<(), StorageError> {
        let sql = "DELETE FROM owner_key WHERE owner = ?1";
        self.execute("key of a household", sql, values![owner.bytes()]).map(drop)
    }

    /// Wraps every key but those of `gone` with another outer key.
    pub(crate) fn wrap_anew(&self, to: &Outer, gone: &[Owner]) -> Result<(), StorageError> {
        let sql = "SELECT owner, generation, wrapped FROM owner_key ORDER BY owner";
        let all: Vec<(Vec<u8>, KeyBytes)> = self.all("key of a household", sql, values![], |row| {
            let owner: Vec<u8> = row.get(0)?;
            let key = self.vault.outer(row.get(1)?)?.unwrap(&owner, row.blob(2)?)?;
            Ok((owner, key))
        })?;
        let stays = |owner: &[u8]| !gone.iter().any(|one| one.bytes() == owner);
        all.iter()
            .filter(|(owner, _)| stays(owner))
            .try_for_each(|(owner, key)| self.put_wrapped(owner, to, key))
    }

    fn put_wrapped(&self, owner: &[u8], outer: &Outer, key: &KeyBytes) -> Result<(), StorageError> {
        let wrapped = outer.wrap(owner, key)?;
        let values = values![owner, outer.generation, wrapped];
        self.execute("key of a household", &KEYS.one(), values).map(drop)
    }

    /// Seals bytes under an owner's key, for one place.
    pub(crate) fn sealed(&self, owner: Owner, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, StorageError> {
        seal(&self.key_for(owner)?, place, plain)
    }

    /// Opens what stands in one place. The owner's key stands in the same row, its generation in cell `at` and the
    /// wrapped key behind it.
    pub(crate) fn opened(
        &self,
        owner: Owner,
        (row, at): (Row<'_>, usize),
        place: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, StorageError> {
        open(&self.vault.outer(row.get(at)?)?.unwrap(owner.bytes(), row.blob(at + 1)?)?, place, sealed)
    }
}

/// A body with its salt, as it is sealed: the salt goes with the body, or its hash could be guessed.
pub(crate) fn body_bytes(body: &SealedBody) -> Vec<u8> {
    let mut bytes = body.salt.to_vec();
    bytes.extend_from_slice(&body.bytes);
    bytes
}

/// Back from [`body_bytes`].
pub(crate) fn body_from(bytes: &[u8]) -> Result<SealedBody, StorageError> {
    let (salt, bytes) =
        bytes.split_first_chunk::<SALT>().ok_or(StorageError::Damaged { what: "body of an entry" })?;
    Ok(SealedBody { salt: *salt, bytes: bytes.to_vec() })
}

/// Where a body belongs: to the entry with this payload.
pub(crate) const fn place_of(payload: &Hash32) -> &[u8] {
    &payload.0
}
