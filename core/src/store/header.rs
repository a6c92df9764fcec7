//! What the first bytes of a file say, before anything opens it: opening alone may already touch its journal.

use std::fs::File;
use std::io::Read;

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// No file, an empty one, or nothing this program can look at.
    Absent,
    /// A plain `SQLite` database.
    Plain,
    /// Something else in whole pages: an encrypted file, as far as anybody without its key can tell.
    Pages,
    /// Something else.
    Other,
}

/// `SQLCipher`'s page, in bytes.
const PAGE: u64 = 4096;

/// Looks at the file; what cannot be read is left to `SQLite`, which says why.
pub(super) fn of(path: &str) -> Header {
    let Ok(file) = File::open(path) else { return Header::Absent };
    let length = file.metadata().map_or(0, |found| found.len());
    let mut first = Vec::new();
    if length == 0 || file.take(16).read_to_end(&mut first).is_err() {
        return Header::Absent;
    }
    match first.as_slice() {
        b"SQLite format 3\0" => Header::Plain,
        _ if length.is_multiple_of(PAGE) => Header::Pages,
        _ => Header::Other,
    }
}
