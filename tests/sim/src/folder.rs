//! 文件夹 – where the databases of a test lie.

use std::path::Path;

use tempfile::TempDir;

/// Memory that looks like a disk, where the machine has some: databases that wait for a real disk at every commit make
/// hundreds of small histories slow, and prove nothing more.
const MEMORY: &str = "/dev/shm";

/// A new folder that goes with the test.
///
/// # Errors
/// When none can be made.
pub fn new() -> std::io::Result<TempDir> {
    let builder = tempfile::Builder::new();
    if Path::new(MEMORY).is_dir()
        && let Ok(folder) = builder.tempdir_in(MEMORY)
    {
        return Ok(folder);
    }
    tempfile::tempdir()
}
