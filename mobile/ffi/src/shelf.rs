//! 书架 – where the files lie: each book in a numbered folder of its own, `1/book.ruhu` with `1/book.key` beside it.
//! The one with the highest number is in use; those below it were put aside, and are never touched again but to be
//! opened with their own passcode.

use std::fs;
use std::path::{Path, PathBuf};

use crate::trouble::PortError;

/// The folder of all books.
pub(crate) struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// Over a folder; made when it is not there.
    pub(crate) fn new(folder: &str) -> Result<Self, PortError> {
        let folder = PathBuf::from(folder);
        fs::create_dir_all(&folder).map_err(|_| out_of_reach())?;
        Ok(Self { folder })
    }

    /// Numbers of the books, the one in use first. There is always one, be it empty.
    pub(crate) fn numbers(&self) -> Result<Vec<u32>, PortError> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(|_| out_of_reach())? {
            let name = entry.map_err(|_| out_of_reach())?.file_name();
            found.extend(name.to_str().and_then(|name| name.parse::<u32>().ok()));
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        if found.is_empty() {
            found.push(1);
        }
        Ok(found)
    }

    /// The number of the book in use.
    pub(crate) fn current(&self) -> Result<u32, PortError> {
        Ok(self.numbers()?.first().copied().unwrap_or(1))
    }

    /// Makes room for a book.
    pub(crate) fn make(&self, nr: u32) -> Result<(), PortError> {
        fs::create_dir_all(self.folder.join(nr.to_string())).map_err(|_| out_of_reach())
    }

    /// Puts a book in use again that was put aside, where nothing was made in its place.
    pub(crate) fn use_again(&self, nr: u32) -> Result<(), PortError> {
        for above in self.numbers()?.into_iter().take_while(|above| nr < *above) {
            match fs::remove_dir(self.folder.join(above.to_string())) {
                // Something was made there: that one stays in use.
                Err(why) if why.kind() == std::io::ErrorKind::DirectoryNotEmpty => return Ok(()),
                Err(_) => return Err(out_of_reach()),
                Ok(()) => {}
            }
        }
        Ok(())
    }

    /// The book's file.
    pub(crate) fn book(&self, nr: u32) -> PathBuf {
        self.folder.join(nr.to_string()).join("book.ruhu")
    }

    /// The file of its key.
    pub(crate) fn safe(&self, nr: u32) -> PathBuf {
        self.folder.join(nr.to_string()).join("book.key")
    }

    /// Bytes of all books.
    pub(crate) fn used_bytes(&self) -> u64 {
        let files = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
        files(&self.folder)
            .flat_map(|book| files(&book.path()).collect::<Vec<_>>())
            .filter_map(|file| file.metadata().ok())
            .map(|data| data.len())
            .sum()
    }

    /// Removes the book's file with its journals.
    pub(crate) fn remove(&self, nr: u32) -> Result<(), PortError> {
        let book = self.book(nr);
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut path = book.clone().into_os_string();
            path.push(end);
            match fs::remove_file(path) {
                Err(why) if why.kind() != std::io::ErrorKind::NotFound => return Err(out_of_reach()),
                _ => {}
            }
        }
        Ok(())
    }
}

fn out_of_reach() -> PortError {
    PortError::support(
        "无法使用应用的数据文件夹,请检查存储空间 / the app's folder cannot be used: look at the phone's storage",
    )
}
