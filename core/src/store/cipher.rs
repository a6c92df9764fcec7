//! 本机加密 – the phone's file under a key of 32 raw bytes, by `SQLCipher` (feature `sqlcipher`, in a browser `browser`).
//!
//! The key is the host's: it lies in the phone's keystore, is handed in to open the file, and is written nowhere.
//! A file changes its key, or gets its first, by being copied into `<file>.part` and renamed over the old one: whoever is
//! killed before the rename still has the old file, whoever is killed after it the new one.

use std::fs::{self, File};
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Error, params};
use zeroize::{Zeroize, Zeroizing};

use super::header::Header;
use super::{Store, StoreError, header, schema};

/// 本机密钥 – 32 random bytes; wiped from memory when dropped, and never printed.
pub struct StoreKey(Zeroizing<[u8; 32]>);

impl StoreKey {
    /// Takes the key over; what the caller still holds of it is his to wipe.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// As `SQLCipher` reads a raw key, for which no passphrase is stretched: `x'…'`, 64 digits.
    fn spelled(&self) -> Zeroizing<String> {
        // Room for all of it at once, so that no part stays behind where a growing string was.
        let mut text = Zeroizing::new(String::with_capacity(70));
        text.push_str("x'");
        for byte in self.0.iter() {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
        }
        text.push('\'');
        text
    }
}

impl std::fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreKey(…)")
    }
}

impl Store {
    /// Opens the encrypted file at `path`, or makes one; otherwise as [`Store::open`].
    ///
    /// # Errors
    /// [`StoreError::WrongKey`], [`StoreError::NotEncrypted`] for a plain file, and all of [`Store::open`]; the file is
    /// left as it is.
    pub fn open_encrypted(path: &str, key: &StoreKey) -> Result<Self, StoreError> {
        Self::start(unlock(path, Some(key))?)
    }

    /// 加密已有文件 – makes an encrypted file of the plain one at `path`. `false` when nothing was to be done: it is
    /// encrypted with this key already, or there is no file yet. The plain bytes are gone from the folder then, not from
    /// the chips they lay on.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while anybody has it open; [`StoreError::WrongKey`] when it is encrypted with another; the
    /// file is left as it is.
    pub fn encrypt(path: &str, key: &StoreKey) -> Result<bool, StoreError> {
        match header::of(path) {
            Header::Absent => Ok(false),
            Header::Plain => copy(path, None, key).map(|()| true),
            Header::Pages | Header::Other => unlock(path, Some(key)).map(|_| false),
        }
    }

    /// 换密钥 – puts the file under another key. `false` when it has that key already, as after a kill: a host keeps
    /// both keys until this has returned.
    ///
    /// # Errors
    /// As [`Store::encrypt`]; [`StoreError::WrongKey`] when neither key opens it.
    pub fn rekey(path: &str, old: &StoreKey, new: &StoreKey) -> Result<bool, StoreError> {
        match header::of(path) {
            Header::Absent => return Ok(false),
            Header::Plain => return Err(StoreError::NotEncrypted),
            Header::Pages | Header::Other => {}
        }
        match unlock(path, Some(old)).map(drop) {
            Ok(()) => copy(path, Some(old), new).map(|()| true),
            Err(StoreError::WrongKey) => unlock(path, Some(new)).map(|_| false),
            Err(other) => Err(other),
        }
    }
}

/// A connection that can read the file, which is ours or new; nothing was written.
/// With `None` the file must be plain.
fn unlock(path: &str, key: Option<&StoreKey>) -> Result<Connection, StoreError> {
    let found = header::of(path);
    if key.is_some() && found == Header::Plain {
        return Err(StoreError::NotEncrypted);
    }
    let connection = super::connect(path)?;
    connection.busy_timeout(super::PATIENCE).map_err(StoreError::Open)?;
    if let Some(key) = key {
        // A wrong key must not even move the journal into the file when this connection is closed.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .map_err(StoreError::Open)?;
        give(&connection, key)?;
    }
    if cfg!(target_arch = "wasm32") {
        // Held alone a file needs no shared memory, so that one which a phone left with a write-ahead log opens, too.
        connection.query_row("PRAGMA locking_mode = EXCLUSIVE", [], |_| Ok(())).map_err(StoreError::Open)?;
    }
    schema::check(&connection).map_err(|why| match why {
        StoreError::Damaged(Error::SqliteFailure(code, _))
            if code.code == rusqlite::ErrorCode::NotADatabase
                // A browser's file is no path that could be looked at.
                && (found == Header::Pages || cfg!(target_arch = "wasm32")) =>
        {
            StoreError::WrongKey
        }
        other => other,
    })?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(StoreError::Open)?;
    Ok(connection)
}

/// Hands the key to `SQLCipher`. Its errors are not passed on: they quote the statement, and that holds the key.
fn give(connection: &Connection, key: &StoreKey) -> Result<(), StoreError> {
    // A plain SQLite would take the key without a word and write plain text.
    connection
        .query_row("PRAGMA cipher_version", [], |row| row.get::<_, String>(0))
        .map_err(|_| StoreError::NoCipher)?;
    // It would write to the program's error output on its own account.
    connection.execute_batch("PRAGMA cipher_log_level = NONE").map_err(|_| StoreError::NoCipher)?;
    let mut statement = Zeroizing::new(String::with_capacity(96));
    statement.push_str("PRAGMA key = \"");
    statement.push_str(&key.spelled());
    statement.push('"');
    connection.execute_batch(&statement).map_err(|_| StoreError::NoCipher)
}

/// Copies the file into one under the key `to`, looks at the copy, and puts it in its place.
fn copy(path: &str, from: Option<&StoreKey>, to: &StoreKey) -> Result<(), StoreError> {
    let what = "加密副本 write the encrypted copy";
    let part = format!("{path}.part");
    let io = |source| StoreError::Copy { what, source };
    let old = unlock(path, from)?;
    alone(&old)?;
    // What a killed run left is a copy of what is still here.
    for name in [part.clone(), format!("{part}-journal"), format!("{part}-wal")] {
        if Path::new(&name).exists() {
            fs::remove_file(&name).map_err(io)?;
        }
    }
    let copied = fill(&old, &part, to).and_then(|()| look(&part, to));
    let copied = copied.and_then(|()| File::open(&part).and_then(|file| file.sync_all()).map_err(io));
    if let Err(why) = copied.and_then(|()| fs::rename(&part, path).map_err(io)) {
        // Whether it can be removed or not, the next run begins anew.
        let _ = fs::remove_file(&part);
        return Err(why);
    }
    let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new("."))).and_then(|folder| folder.sync_all()).map_err(io)?;
    // Only now: until here nobody else could write into the old file.
    drop(old);
    Ok(())
}

/// Keeps everybody else out until the connection is closed, with everything in the one file: a journal of the old file
/// must not lie beside the new one.
fn alone(old: &Connection) -> Result<(), StoreError> {
    let what = "独占文件 take the file alone";
    let mode = |pragma: &str| old.query_row(pragma, [], |row| row.get::<_, String>(0));
    mode("PRAGMA locking_mode = EXCLUSIVE").map_err(StoreError::of(what))?;
    if mode("PRAGMA journal_mode = DELETE").map_err(StoreError::of(what))? != "delete" {
        return Err(StoreError::Locked);
    }
    old.execute_batch("BEGIN EXCLUSIVE; COMMIT").map_err(StoreError::of(what))
}

/// Writes the copy and compares every table.
fn fill(old: &Connection, part: &str, to: &StoreKey) -> Result<(), StoreError> {
    let what = "加密副本 write the encrypted copy";
    let sql = StoreError::of;
    let mut key = to.spelled();
    let attached = old.execute("ATTACH ?1 AS copy KEY ?2", params![part, key.as_str()]);
    key.zeroize();
    attached.map_err(|why| match why {
        Error::SqlInputError { error, .. } => sql(what)(Error::SqliteFailure(error, None)),
        other => sql(what)(other),
    })?;
    old.query_row("SELECT sqlcipher_export('copy')", [], |_| Ok(())).map_err(sql(what))?;
    for pragma in ["user_version", "application_id"] {
        let number: i32 =
            old.query_row(&format!("PRAGMA main.{pragma}"), [], |row| row.get(0)).map_err(sql(what))?;
        old.execute_batch(&format!("PRAGMA copy.{pragma} = {number}")).map_err(sql(what))?;
    }
    let mut names = old
        .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name")
        .map_err(sql(what))?;
    let names = names.query_map([], |row| row.get::<_, String>(0)).map_err(sql(what))?;
    for name in names {
        let name = name.map_err(sql(what))?.replace('"', "\"\"");
        let differing = format!(
            "SELECT (SELECT count(*) FROM main.\"{name}\") <> (SELECT count(*) FROM copy.\"{name}\")
                 OR EXISTS (SELECT * FROM main.\"{name}\" EXCEPT SELECT * FROM copy.\"{name}\")"
        );
        if old.query_row(&differing, [], |row| row.get(0)).map_err(sql(what))? {
            return Err(StoreError::Row("加密副本 encrypted copy"));
        }
    }
    old.execute_batch("DETACH copy").map_err(sql(what))
}

/// Reads the whole copy from the disk, with its key.
fn look(part: &str, key: &StoreKey) -> Result<(), StoreError> {
    let what = "核对加密副本 check the encrypted copy";
    let copy = unlock(part, Some(key))?;
    let found: String =
        copy.query_row("PRAGMA integrity_check", [], |row| row.get(0)).map_err(StoreError::of(what))?;
    let mut broken = copy.prepare("PRAGMA cipher_integrity_check").map_err(StoreError::of(what))?;
    let broken = broken.exists([]).map_err(StoreError::of(what))?;
    if found == "ok" && !broken { Ok(()) } else { Err(StoreError::Row("加密副本 encrypted copy")) }
}
