//! Where a world keeps its database: here a file in a temporary folder.

use std::path::PathBuf;

use ruhu_server::storage::DatabaseAt;

pub(crate) struct Fresh {
    pub(crate) folder: tempfile::TempDir,
}

impl Fresh {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn at(&self) -> DatabaseAt {
        DatabaseAt::File(self.path())
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("ruhu.db")
    }

    /// What a power cut leaves: the files as they are, the log of the database not yet folded in.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new();
        for file in std::fs::read_dir(self.folder.path()).unwrap() {
            let file = file.unwrap();
            if file.file_name() != "ruhu.db-shm" {
                std::fs::copy(file.path(), copy.folder.path().join(file.file_name())).unwrap();
            }
        }
        copy
    }

    /// How the command line is told of it.
    pub(crate) fn option(&self) -> [String; 2] {
        ["--data".into(), self.folder.path().to_str().unwrap().to_owned()]
    }

    /// Changes rows behind the hub's back; how many.
    pub(crate) fn tamper(&self, sql: &str) -> Result<u64, String> {
        let conn = rusqlite::Connection::open(self.path()).unwrap();
        let changed = conn.execute(sql, []).map_err(|why| why.to_string())?;
        Ok(u64::try_from(changed).unwrap())
    }

    /// A column of bytes with another last byte.
    pub(crate) fn flipped(column: &str) -> String {
        format!("CAST(substr({column}, 1, length({column}) - 1) || x'5a' AS BLOB)")
    }

    /// Bytes as they stand in a statement.
    pub(crate) fn bytes(hex: &str) -> String {
        format!("x'{hex}'")
    }
}
