//! 恢复密钥 – the key backups are encrypted to. It lives in a file of its own, never in the database.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use age::secrecy::ExposeSecret;
use age::x25519::{Identity, Recipient};
use zeroize::Zeroizing;

use crate::files::create_private;

/// 恢复密钥.
pub struct RecoveryKey(Identity);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Never written over: old backups need it.
    #[error(
        "密钥文件 {path} 已存在,未覆盖:旧备份要用它;请换一个文件名 / the key file {path} exists and was left alone, older backups need it: choose another name"
    )]
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// The file could not be read or written.
    #[error("读写密钥文件 {path} / read or write the key file {path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds no key.
    #[error(
        "文件 {path} 不是恢复密钥:应有一行 AGE-SECRET-KEY-1…,由 ruhu backup --make-key 生成 / {path} holds no recovery key: a line AGE-SECRET-KEY-1… is expected, made by `ruhu backup --make-key`"
    )]
    NoKey {
        /// Which.
        path: PathBuf,
    },
}

impl RecoveryKey {
    /// A new key, from the system's randomness: `age` takes no other.
    #[must_use]
    pub fn generate() -> Self {
        Self(Identity::generate())
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::InvalidData => KeyError::NoKey { path: path.to_owned() },
            _ => KeyError::File { path: path.to_owned(), source },
        })?;
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let key = lines.next().and_then(|line| Identity::from_str(line).ok());
        key.map(Self).ok_or_else(|| KeyError::NoKey { path: path.to_owned() })
    }

    /// Writes it to a new file that its owner alone can read.
    ///
    /// # Errors
    /// [`KeyError`]; a file that is there is left alone.
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        let failed = |source: std::io::Error| match source.kind() {
            std::io::ErrorKind::AlreadyExists => KeyError::Exists { path: path.to_owned() },
            _ => KeyError::File { path: path.to_owned(), source },
        };
        let text = Zeroizing::new(format!(
            "# 入户恢复密钥:没有它备份无法恢复;请另存两处,不要放在中心的机器上\n\
             # Ruhu recovery key: no backup can be restored without it; keep two copies away from the hub\n\
             # public key: {}\n{}\n",
            self.recipient(),
            self.0.to_string().expose_secret()
        ));
        create_private(path, &text).map_err(failed)
    }

    /// What backups are encrypted to.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        self.0.to_public()
    }

    pub(super) const fn identity(&self) -> &Identity {
        &self.0
    }
}

impl std::fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryKey")
    }
}
