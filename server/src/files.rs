//! 文件 – files that only their owner may read, and that are whole or not there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A new file that its owner alone can read.
///
/// # Errors
/// [`io::Error`], among them that the file is already there.
pub(crate) fn write_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A new file that its owner alone can read, with all of its text; on the disk, name and all, when this returns.
///
/// # Errors
/// [`io::Error`], among them that the file is already there: it is left alone.
pub(crate) fn create_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = write_private(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    sync_folder(path)
}

/// Puts a text in place of what a private file holds: whoever reads it sees the old or the new, also after a power cut.
///
/// # Errors
/// [`io::Error`]; the old file is still there.
pub(crate) fn replace_private(path: &Path, text: &str) -> io::Result<()> {
    let next = beside(path, ".next");
    // What a crash left of an earlier try.
    match fs::remove_file(&next) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
        _ => {}
    }
    create_private(&next, text)?;
    fs::rename(&next, path)?;
    sync_folder(path)
}

/// So that the name outlives a power cut.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new("."))).and_then(|folder| folder.sync_all())
}

/// The name a file has until it is whole.
pub(crate) fn part_of(path: &Path) -> PathBuf {
    beside(path, ".part")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
