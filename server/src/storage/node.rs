//! 节点 – one running program on a hub's database. Which of them live is known from locks that end with the program,
//! however it ends: on a server a lock of its connection, beside a file a file locked by the system.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::db::DbError;

/// The lock file of a node beside a database file; nothing stands in it.
pub(super) struct NodeLock {
    path: PathBuf,
    // Locked for as long as it is open.
    _file: File,
}

impl NodeLock {
    /// Makes and locks it; shared, so that nobody waits whatever the name, which is random.
    pub(super) fn hold(database: &Path, node: i64) -> Result<Self, io::Error> {
        let path = beside(database, node);
        let file = File::create(&path)?;
        file.lock_shared()?;
        Ok(Self { path, _file: file })
    }

    /// Whether a program that lives holds it; the file of one that does not is put away.
    pub(super) fn is_held(database: &Path, node: i64) -> Result<bool, io::Error> {
        let path = beside(database, node);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(why) => return Err(why),
        };
        match file.try_lock() {
            Ok(()) => std::fs::remove_file(&path).map(|()| false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(why)) => Err(why),
        }
    }

    /// Puts away what programs left behind that were killed.
    pub(super) fn sweep(database: &Path) -> Result<(), io::Error> {
        let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty());
        let start = beside_name(database);
        for entry in std::fs::read_dir(folder.unwrap_or(Path::new(".")))? {
            let name = entry?.file_name();
            let nr = name.to_str().zip(start.to_str()).and_then(|(name, start)| name.strip_prefix(start));
            if let Some(nr) = nr.and_then(|nr| i64::from_str_radix(nr, 16).ok()) {
                Self::is_held(database, nr)?;
            }
        }
        Ok(())
    }
}

impl Drop for NodeLock {
    fn drop(&mut self) {
        // Somebody may have put it away already.
        drop(std::fs::remove_file(&self.path));
    }
}

fn beside(database: &Path, node: i64) -> PathBuf {
    let mut name = beside_name(database);
    name.push(format!("{node:x}"));
    database.with_file_name(name)
}

fn beside_name(database: &Path) -> OsString {
    let mut name = database.file_name().unwrap_or_default().to_owned();
    name.push("-node-");
    name
}

impl From<io::Error> for DbError {
    fn from(why: io::Error) -> Self {
        Self::new(why.to_string())
    }
}
