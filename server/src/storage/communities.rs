//! 社区 – community files, and which community a grid belongs to.

use ruhu_core::community::CommunityFile;
use ruhu_core::ids::{CommunityId, GridId};
use rusqlite::{OptionalExtension, params};

use super::{StorageError, Tried, Tx, fixed};

impl Tx<'_> {
    /// A community's file; `None` when the hub does not know it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn community(&self, id: CommunityId) -> Result<Option<CommunityFile>, StorageError> {
        let file: Option<Vec<u8>> = self
            .conn()
            .prepare_cached("SELECT file FROM community WHERE id = ?1")
            .reading("community")?
            .query_row([id.as_bytes()], |row| row.get(0))
            .optional()
            .reading("community")?;
        file.map(|file| read_file(&file)).transpose()
    }

    /// Every community, by id.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn communities(&self) -> Result<Vec<(CommunityId, CommunityFile)>, StorageError> {
        let what = "communities";
        let mut statement =
            self.conn().prepare_cached("SELECT id, file FROM community ORDER BY id").reading(what)?;
        let rows = statement
            .query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)))
            .reading(what)?;
        let mut communities = Vec::new();
        for row in rows {
            let (id, file) = row.reading(what)?;
            communities.push((CommunityId::from_bytes(fixed(&id, what)?), read_file(&file)?));
        }
        Ok(communities)
    }

    /// Writes a community's file and the grids it names.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_community(&self, id: CommunityId, file: &CommunityFile) -> Result<(), StorageError> {
        let bytes = postcard::to_stdvec(file)
            .map_err(|_| StorageError::Damaged { what: "community file to write" })?;
        self.conn()
            .prepare_cached(
                "INSERT INTO community (id, version, file) VALUES (?1, 1, ?2)
                 ON CONFLICT (id) DO UPDATE SET version = version + 1, file = excluded.file",
            )
            .writing("community")?
            .execute(params![id.as_bytes(), bytes])
            .writing("community")?;
        for grid in file.grids().keys() {
            self.conn()
                .prepare_cached("INSERT INTO grid (id, community) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
                .writing("grid")?
                .execute(params![grid.as_bytes(), id.as_bytes()])
                .writing("grid")?;
        }
        Ok(())
    }

    /// The community a grid belongs to; `None` when no community drew it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn community_of(&self, grid: GridId) -> Result<Option<CommunityId>, StorageError> {
        let found: Option<Vec<u8>> = self
            .conn()
            .prepare_cached("SELECT community FROM grid WHERE id = ?1")
            .reading("grid")?
            .query_row([grid.as_bytes()], |row| row.get(0))
            .optional()
            .reading("grid")?;
        found.map(|id| fixed(&id, "grid").map(CommunityId::from_bytes)).transpose()
    }
}

fn read_file(bytes: &[u8]) -> Result<CommunityFile, StorageError> {
    postcard::from_bytes(bytes).map_err(|_| StorageError::Damaged { what: "community file" })
}
