//! 密码 – the file's key, sealed under the passcode and then by the phone's key store: neither opens the file alone.
//!
//! The key is random and never changes with the passcode. Guesses are counted in the same file before they are tried,
//! so that killing the app does not give another one; five are free, each further one doubles the wait. Whoever copies
//! the files off the phone has no key store and guesses in vain; whoever breaks into a running phone's system can guess
//! as fast as argon2id allows.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use aes_siv::aead::KeyInit;
use aes_siv::siv::Aes256Siv;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use ruhu_core::time::PhoneTime;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::host::KeyStore;
use crate::trouble::PortError;

/// Fewest signs of a passcode.
pub(crate) const SIGNS_MIN: usize = 6;
/// Wrong passcodes before the first wait.
const FREE_TRIES: u32 = 5;
/// The first wait, in seconds; doubled by each further wrong one.
const WAIT_S: i64 = 30;
/// The longest wait, in seconds.
const WAIT_MAX_S: i64 = 3600;
/// argon2id, for a cheap phone: a third of a second or less. Kept in each file, so that they can be raised.
const MEMORY_KIB: u32 = 32 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;
/// Bounds within which a file's own are believed: a damaged one must not eat the phone's memory.
const MEMORY_KIB_MAX: u32 = 256 * 1024;
const PASSES_MAX: u32 = 10;
const VERSION: u32 = 1;
/// What the sealed bytes are for.
const PLACE: &[u8] = b"ruhu phone file key v1";

/// 32 bytes, wiped when done with.
pub(crate) type FileKey = Zeroizing<[u8; 32]>;

/// The file of the sealed key.
pub(crate) struct Safe {
    path: PathBuf,
    kept: Kept,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    sealed: String,
    /// Wrong passcodes since the last right one.
    failed: u32,
    /// When the last one was tried.
    failed_at: Option<PhoneTime>,
    /// 撤销 – nothing is behind it any more.
    erased: bool,
}

/// What came of a passcode.
pub(crate) enum Tried {
    Right(FileKey),
    Wrong,
}

impl Safe {
    /// A new key under a passcode. Durable when this returns.
    pub(crate) fn make(
        path: &Path,
        passcode: &str,
        keys: &dyn KeyStore,
        random: &mut impl FnMut(&mut [u8]),
    ) -> Result<FileKey, PortError> {
        let mut key = Zeroizing::new([0; 32]);
        random(&mut *key);
        Self::seal(path, passcode, &key, keys, random)?.write()?;
        Ok(key)
    }

    /// Reads the file; `None` when there is none.
    pub(crate) fn find(path: &Path) -> Result<Option<Self>, PortError> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(why) if why.kind() == ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(unreadable()),
        };
        let kept: Kept = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
        if VERSION < kept.version {
            let words =
                "数据文件由更新的版本写成,请更新应用 / a newer version wrote this file: update the app";
            return Err(PortError::UpdateApp { words: words.to_owned() });
        }
        Ok(Some(Self { path: path.to_owned(), kept }))
    }

    /// Says for ever that what was behind it was erased; the sealed key is gone.
    pub(crate) fn erase(path: &Path) -> Result<(), PortError> {
        let kept = Kept {
            version: VERSION,
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: String::new(),
            sealed: String::new(),
            failed: 0,
            failed_at: None,
            erased: true,
        };
        Self { path: path.to_owned(), kept }.write()
    }

    pub(crate) const fn is_erased(&self) -> bool {
        self.kept.erased
    }

    /// Until when no passcode is tried, by the phone's wall clock; `None` when one may be.
    pub(crate) fn wait_until(&self, now: PhoneTime) -> Option<DateTime<Utc>> {
        let beyond = self.kept.failed.checked_sub(FREE_TRIES)?;
        let failed_at = self.kept.failed_at?;
        let wait_s = 2_i64.checked_pow(beyond).map_or(WAIT_MAX_S, |times| (WAIT_S * times).min(WAIT_MAX_S));
        let passed = passed(failed_at, now);
        let left = Duration::seconds(wait_s) - passed;
        (Duration::zero() < left).then(|| now.wall + left)
    }

    /// Tries a passcode. The try is counted, durably, before it is made.
    pub(crate) fn open(
        &mut self,
        passcode: &str,
        now: PhoneTime,
        keys: &dyn KeyStore,
    ) -> Result<Tried, PortError> {
        let inner = STANDARD.decode(&self.kept.sealed).map_err(|_| unreadable())?;
        // A key store that does not answer costs no try.
        let inner = Zeroizing::new(keys.unwrap_key(inner)?);
        self.kept.failed = self.kept.failed.saturating_add(1);
        self.kept.failed_at = Some(now);
        self.write()?;
        let under = self.stretch(passcode)?;
        let Ok(key) = Aes256Siv::new((&*under).into()).decrypt([PLACE], &inner) else {
            return Ok(Tried::Wrong);
        };
        let key = Zeroizing::new(key);
        let key = Zeroizing::new(<[u8; 32]>::try_from(key.as_slice()).map_err(|_| unreadable())?);
        self.kept.failed = 0;
        self.kept.failed_at = None;
        self.write()?;
        Ok(Tried::Right(key))
    }

    /// Puts the same key under another passcode.
    pub(crate) fn reseal(
        &self,
        passcode: &str,
        key: &FileKey,
        keys: &dyn KeyStore,
        random: &mut impl FnMut(&mut [u8]),
    ) -> Result<(), PortError> {
        Self::seal(&self.path, passcode, key, keys, random)?.write()
    }

    fn seal(
        path: &Path,
        passcode: &str,
        key: &FileKey,
        keys: &dyn KeyStore,
        random: &mut impl FnMut(&mut [u8]),
    ) -> Result<Self, PortError> {
        if passcode.chars().count() < SIGNS_MIN {
            return Err(PortError::field("passcode", "密码至少 6 位 / a passcode has six signs or more"));
        }
        let mut salt = [0; 16];
        random(&mut salt);
        let mut safe = Self {
            path: path.to_owned(),
            kept: Kept {
                version: VERSION,
                memory_kib: MEMORY_KIB,
                passes: PASSES,
                lanes: LANES,
                salt: STANDARD.encode(salt),
                sealed: String::new(),
                failed: 0,
                failed_at: None,
                erased: false,
            },
        };
        let under = safe.stretch(passcode)?;
        let sealed =
            Aes256Siv::new((&*under).into()).encrypt([PLACE], key.as_slice()).map_err(|_| unreadable())?;
        safe.kept.sealed = STANDARD.encode(keys.wrap_key(sealed)?);
        Ok(safe)
    }

    fn stretch(&self, passcode: &str) -> Result<Zeroizing<[u8; 64]>, PortError> {
        let Kept { memory_kib, passes, lanes, .. } = self.kept;
        if MEMORY_KIB_MAX < memory_kib || PASSES_MAX < passes {
            return Err(unreadable());
        }
        let salt = STANDARD.decode(&self.kept.salt).map_err(|_| unreadable())?;
        let params = Params::new(memory_kib, passes, lanes, Some(64)).map_err(|_| unreadable())?;
        let mut out = Zeroizing::new([0; 64]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passcode.as_bytes(), &salt, &mut *out)
            .map_err(|_| unreadable())?;
        Ok(out)
    }

    /// Killed at any point, the file is the old one or the new one.
    fn write(&self) -> Result<(), PortError> {
        let bytes = serde_json::to_vec(&self.kept).map_err(|_| unwritten())?;
        let part = self.path.with_extension("part");
        let put = || -> std::io::Result<()> {
            let mut file = File::create(&part)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&part, &self.path)?;
            self.path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
        };
        put().map_err(|_| unwritten())
    }
}

/// How much time has passed for certain. Nobody can turn the boot clock; the wall clock anybody can.
fn passed(from: PhoneTime, now: PhoneTime) -> Duration {
    let ms = |ms: u64| Duration::milliseconds(i64::try_from(ms).unwrap_or(i64::MAX / 2));
    match (from.since_boot, now.since_boot) {
        (Some(from), Some(now)) if from.boot == now.boot => ms(now.ms.saturating_sub(from.ms)),
        // Started again since: at least as long as it has been running.
        (Some(_), Some(now)) => ms(now.ms),
        _ => (now.wall - from.wall).max(Duration::zero()),
    }
}

fn unreadable() -> PortError {
    PortError::support(
        "密钥文件无法读取,请联系支持;可另建数据文件 / the file of the key cannot be read: call support; a new file can be begun",
    )
}

fn unwritten() -> PortError {
    PortError::support("无法写入,请检查存储空间 / cannot write: look at the phone's storage")
}

#[cfg(test)]
mod tests;
