//! Copies of a database file: as it lies on the disk at a moment, and as a kill in the middle of a write leaves it.

use std::path::Path;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Name of the file of the outer key.
const KEY: &str = "seal.key";

/// 副本 – a database file and its write-ahead log at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Copied {
    db: Vec<u8>,
    wal: Vec<u8>,
    /// The outer key of a hub, which lies beside its database.
    key: Option<Vec<u8>>,
}

impl Copied {
    /// What lies at `path` now. Whoever writes there must be between two writes.
    pub(super) fn of(path: &Path) -> Self {
        let read = |path: &Path| std::fs::read(path).unwrap_or_default();
        Self { db: read(path), wal: read(&wal_of(path)), key: None }
    }

    /// What lies at the path of a hub's database now, with its key.
    pub(super) fn of_hub(path: &Path) -> Self {
        Self { key: std::fs::read(path.with_file_name(KEY)).ok(), ..Self::of(path) }
    }

    /// Puts the copy down at a path where there is nothing yet.
    pub(super) fn put(&self, path: &Path) {
        std::fs::write(path, &self.db).unwrap();
        if !self.wal.is_empty() {
            std::fs::write(wal_of(path), &self.wal).unwrap();
        }
        if let Some(key) = &self.key {
            std::fs::write(path.with_file_name(KEY), key).unwrap();
        }
    }

    /// What a kill somewhere between two moments leaves: the log of the later one, cut at any byte that was written
    /// since. Where the log was begun anew in between, one of the two moments.
    pub(super) fn killed_between(before: &Self, after: &Self, dice: &mut ChaCha8Rng) -> Self {
        if before.db != after.db || !after.wal.starts_with(&before.wal) {
            return if dice.random_bool(0.5) { before.clone() } else { after.clone() };
        }
        let cut = dice.random_range(before.wal.len()..=after.wal.len());
        let mut left = after.clone();
        left.wal.truncate(cut);
        left
    }
}

/// Takes a database away.
pub(super) fn remove(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(with_end(path, end)));
    }
}

fn wal_of(path: &Path) -> std::path::PathBuf {
    with_end(path, "-wal")
}

fn with_end(path: &Path, end: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}
