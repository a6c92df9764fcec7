//! 社区 – community files, and which community a grid belongs to.

use std::rc::Rc;

use super::db::values;
use super::{StorageError, Tx};
use ruhu_core::community::CommunityFile;
use ruhu_core::ids::{CommunityId, GridId};

impl Tx<'_> {
    /// A community's file; `None` when the hub does not know it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn community(&self, id: CommunityId) -> Result<Option<CommunityFile>, StorageError> {
        Ok(self.community_file(id)?.map(|file| CommunityFile::clone(&file)))
    }

    /// As [`Tx::community`], not copied.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn community_file(&self, id: CommunityId) -> Result<Option<Rc<CommunityFile>>, StorageError> {
        if let Some(known) = self.ahead.held().read.communities.get(&id) {
            return Ok(known.clone());
        }
        let sql = "SELECT file FROM community WHERE id = ?1";
        let file =
            self.first_apart("community", sql, values![id.as_bytes()], |row| read_file(row.blob(0)?))?;
        let file = file.map(Rc::new);
        self.ahead.to_hold().read.communities.insert(id, file.clone());
        Ok(file)
    }

    /// Every community, by id.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn communities(&self) -> Result<Vec<(CommunityId, CommunityFile)>, StorageError> {
        let sql = "SELECT id, file FROM community ORDER BY id";
        self.all("communities", sql, values![], |row| {
            Ok((CommunityId::from_bytes(row.fixed(0)?), read_file(row.blob(1)?)?))
        })
    }

    /// Writes a community's file and the grids it names.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_community(&self, id: CommunityId, file: &CommunityFile) -> Result<(), StorageError> {
        let bytes = postcard::to_stdvec(file)
            .map_err(|_| StorageError::Damaged { what: "community file to write" })?;
        self.execute(
            "community",
            "INSERT INTO community (id, version, file) VALUES (?1, 1, ?2)
             ON CONFLICT (id) DO UPDATE SET version = community.version + 1, file = excluded.file",
            values![id.as_bytes(), bytes],
        )?;
        for grid in file.grids().keys() {
            self.execute(
                "grid",
                "INSERT INTO grid (id, community) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                values![grid.as_bytes(), id.as_bytes()],
            )?;
        }
        Ok(())
    }

    /// The community a grid belongs to; `None` when no community drew it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn community_of(&self, grid: GridId) -> Result<Option<CommunityId>, StorageError> {
        if let Some(known) = self.ahead.held().read.grids.get(&grid) {
            return Ok(*known);
        }
        let sql = "SELECT community FROM grid WHERE id = ?1";
        let of = self.first_apart("grid", sql, values![grid.as_bytes()], |row| {
            Ok(CommunityId::from_bytes(row.fixed(0)?))
        })?;
        self.ahead.to_hold().read.grids.insert(grid, of);
        Ok(of)
    }
}

fn read_file(bytes: &[u8]) -> Result<CommunityFile, StorageError> {
    postcard::from_bytes(bytes).map_err(|_| StorageError::Damaged { what: "community file" })
}
