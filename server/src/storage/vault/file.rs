//! 外层密钥文件 – one line a key, readable by its owner alone, replaced in one step.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use zeroize::Zeroizing;

use super::Outer;
use crate::files::replace_private;
use crate::storage::StorageError;

/// Its name in the hub's folder.
pub const NAME: &str = "seal.key";

/// What every line begins with; the number is the version of the format.
const MARK: &str = "ruhu-seal-1";

/// The keys of a file, in order.
pub(super) type Lines = Vec<Outer>;

/// Why the outer key is not at hand. Nothing was changed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum VaultError {
    /// The database is sealed with a key that is not in the file, or there is no file.
    #[error(
        "没有这个数据库的封存密钥:请从备份或旧机器取回 seal.key,放在数据目录里(数据未改动)/ the key this database is sealed with is missing: bring back `seal.key` from a backup or the former machine into the data folder (nothing was changed)"
    )]
    Missing,
    /// The file holds something else.
    #[error(
        "封存密钥文件的内容无法识别,未作更改:请从备份取回原文件 / the key file holds something else and was left alone: bring the right one back from a backup"
    )]
    Unreadable,
    /// The file could not be read or written.
    #[error("读写封存密钥文件 / read or write the key file: {0}")]
    File(#[source] Arc<std::io::Error>),
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> StorageError + '_ {
    move |why| StorageError::Vault { path: path.to_owned(), why: VaultError::File(Arc::new(why)) }
}

/// Reads the file; one that is not there holds no keys.
pub(super) fn read(path: &Path) -> Result<Lines, StorageError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Lines::new()),
        Err(why) => return Err(failed(path)(why)),
    };
    let unreadable = || StorageError::Vault { path: path.to_owned(), why: VaultError::Unreadable };
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys: Option<Lines> = lines.map(parse).collect();
    keys.filter(|keys| !keys.is_empty()).ok_or_else(unreadable)
}

fn parse(line: &str) -> Option<Outer> {
    let mut words = line.split(' ');
    if words.next() != Some(MARK) {
        return None;
    }
    let generation = words.next()?.parse().ok()?;
    let bytes = Zeroizing::new(BASE64.decode(words.next()?).ok()?);
    let key = Zeroizing::new(bytes.as_slice().try_into().ok()?);
    words.next().is_none().then_some(Outer { generation, key })
}

/// Replaces the file: whoever reads it sees the old keys or the new ones, also after a power cut. What the old file held
/// is written over first, as far as the disk lets a program do that.
pub(super) fn write(path: &Path, keys: &[Outer]) -> Result<(), StorageError> {
    let mut text = Zeroizing::new(String::from(
        "# 入户中心封存密钥:没有它,数据库里的走访内容和户情无法读取。与数据库分开保管,不要外传。\n\
         # Ruhu: without this key nothing people told can be read in the database. Keep it apart from the database.\n",
    ));
    for one in keys {
        text.push_str(&format!("{MARK} {} {}\n", one.generation, BASE64.encode(one.key.as_slice())));
    }
    let written = || -> std::io::Result<()> {
        let old = std::fs::File::options().write(true).open(path).ok();
        replace_private(path, &text)?;
        if let Some(mut old) = old {
            let length = old.metadata()?.len();
            old.write_all(&vec![0; usize::try_from(length).unwrap_or(0)])?;
            old.sync_all()?;
        }
        Ok(())
    };
    written().map_err(failed(path))
}
