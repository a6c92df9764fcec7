//! 数据库的位置 – which database: a file in the data folder, or a `PostgreSQL` server.

use std::fmt;
use std::path::{Path, PathBuf};

use super::StorageError;
use super::db::Database;
use super::postgres::{Postgres, Server};
use super::sqlite::Sqlite;

/// 数据库的位置 – which database a hub keeps itself in.
#[derive(Clone, Debug)]
pub enum DatabaseAt {
    /// `SQLite`: this file, made if need be.
    File(PathBuf),
    /// `PostgreSQL`: this server; the database has been made there.
    Server(Box<Server>),
}

/// Readers of one node at once: below what a server allows by default for all nodes together.
const SERVER_READERS: usize = 16;

impl DatabaseAt {
    /// The file, where it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Server(_) => None,
        }
    }

    /// The file of the outer key: beside the file, or in the folder named for a server.
    pub(super) fn vault(&self) -> Option<PathBuf> {
        let folder = match self {
            Self::File(path) => path.parent().map(Path::to_owned),
            Self::Server(server) => server.keys().map(Path::to_owned),
        };
        folder.map(|folder| folder.join(super::vault::file::NAME))
    }

    /// How many readers may be open at once.
    pub(super) const fn readers_max(&self) -> usize {
        match self {
            Self::File(_) => usize::MAX,
            Self::Server(_) => SERVER_READERS,
        }
    }

    /// A connection that may write; brings the database to the present schema first.
    pub(super) fn migrated(&self) -> Result<Box<dyn Database>, StorageError> {
        match self {
            Self::File(path) => {
                let conn = Sqlite::writer(path)?;
                conn.migrate()?;
                Ok(Box::new(conn))
            }
            Self::Server(server) => {
                let conn = Postgres::writer(server)?;
                conn.migrate()?;
                Ok(Box::new(conn))
            }
        }
    }

    /// A connection that only reads.
    pub(super) fn reader(&self) -> Result<Box<dyn Database>, StorageError> {
        match self {
            Self::File(path) => Ok(Box::new(Sqlite::reader(path)?)),
            Self::Server(server) => Ok(Box::new(Postgres::reader(server)?)),
        }
    }
}

impl fmt::Display for DatabaseAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(server) => server.fmt(f),
        }
    }
}

impl From<&Path> for DatabaseAt {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

impl From<&PathBuf> for DatabaseAt {
    fn from(path: &PathBuf) -> Self {
        Self::File(path.clone())
    }
}

impl From<Server> for DatabaseAt {
    fn from(server: Server) -> Self {
        Self::Server(Box::new(server))
    }
}

impl From<&Self> for DatabaseAt {
    fn from(at: &Self) -> Self {
        at.clone()
    }
}
