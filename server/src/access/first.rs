//! 首次设置 – a hub without any account: whoever holds the token that the machine printed makes the first security
//! administrator, and nobody else can do anything.

use std::path::PathBuf;

use ruhu_core::ids::Hash32;

use super::acts::{check_names, fresh};
use super::tries::{FAILURES_OF_ONE, LOCKED_MS, noted};
use super::{AccountError, Place, Role, journal, password};
use crate::files::replace_private;
use crate::storage::accounts::AccountRow;
use crate::storage::{Hub, StorageError};

/// Name of the file the token is written to, in the data folder.
pub const FILE: &str = "setup.token";

/// The first account as it was typed; not to be printed, for it holds a token and a password.
#[derive(Clone, Default)]
pub struct FirstAccount {
    /// The token the machine printed.
    pub token: String,
    /// What is typed to sign in.
    pub name: String,
    /// What pages show.
    pub shown: String,
    /// The password chosen.
    pub password: String,
}

/// Why the first account was not made.
#[derive(Debug, thiserror::Error)]
pub enum FirstError {
    /// There are accounts already.
    #[error("已有账号,请直接登录 / there are accounts already: sign in")]
    Done,
    /// Not the token that was printed.
    #[error("设置码不对 / not the set-up token that was printed")]
    WrongToken,
    /// Too many wrong tokens from one source.
    #[error("输错次数过多,请稍后再试 / too many wrong tokens: try again later")]
    TooMany,
    /// Name or password.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The file of the token.
    #[error("写出设置码文件 {path} / write the file of the set-up token {path}", path = .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl From<StorageError> for FirstError {
    fn from(why: StorageError) -> Self {
        Self::Account(why.into())
    }
}

impl Hub {
    /// Whether there is any account, disabled ones too.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn has_accounts(&self) -> Result<bool, StorageError> {
        Ok(!self.storage().read(|tx| tx.accounts())?.is_empty())
    }

    /// The token of the first set-up: the one in the file where it is still good, else a new one. `None` once there are
    /// accounts; then the file of a former start is put away.
    ///
    /// # Errors
    /// [`FirstError`].
    pub fn setup_token(&self) -> Result<Option<(String, Option<PathBuf>)>, FirstError> {
        let path = self.setup_file();
        if self.has_accounts()? {
            self.put_away_setup_file();
            return Ok(None);
        }
        if let Some(path) = &path
            && let Ok(text) = std::fs::read_to_string(path)
        {
            let hash = token_hash(&text);
            if self.storage().read(|tx| tx.knows_setup_token(hash))? {
                return Ok(Some((text.trim().to_owned(), Some(path.clone()))));
            }
        }
        let token = password::one_time(&self.random());
        if let Some(path) = &path {
            let written = replace_private(path, &format!("{token}\n"));
            written.map_err(|source| FirstError::File { path: path.clone(), source })?;
        }
        let (hash, now_ms) = (token_hash(&token), self.now_ms());
        self.storage().write(move |tx| tx.put_setup_token(hash, now_ms))?;
        Ok(Some((token, path)))
    }

    /// Makes the first security administrator, with a password of his own. The token is used up.
    ///
    /// # Errors
    /// [`FirstError`]; then nothing was changed.
    pub fn make_first_account(&self, first: &FirstAccount, source: &str) -> Result<(), FirstError> {
        let now_ms = self.now_ms();
        let token = token_hash(&first.token);
        let known = self.storage().read(|tx| {
            if !tx.accounts()?.is_empty() {
                return Err(FirstError::Done);
            }
            if tx.nth_last_failure(source, now_ms - LOCKED_MS, FAILURES_OF_ONE)?.is_some() {
                return Err(FirstError::TooMany);
            }
            Ok(tx.knows_setup_token(token)?)
        })?;
        if !known {
            let source = source.to_owned();
            self.storage().write(move |tx| noted(tx, &source, now_ms))?;
            return Err(FirstError::WrongToken);
        }
        let (name, shown) = (first.name.trim().to_owned(), first.shown.trim().to_owned());
        check_names(&name, &shown)?;
        password::check(&first.password, [&name, &shown]).map_err(AccountError::from)?;
        let hash = password::hash(&first.password, &self.random()).ok_or(AccountError::Hash)?;
        let (id, place) = (self.make_id(), Place::Hub);
        let row = AccountRow {
            name,
            shown,
            must_change: false,
            ..fresh(id, (Role::SecurityAdmin, &place), hash, now_ms)?
        };
        self.storage().write(move |tx| {
            // Two browsers may have asked at once.
            if !tx.accounts()?.is_empty() {
                return Err(FirstError::Done);
            }
            tx.put_account(&row)?;
            tx.void_setup_tokens()?;
            journal::audit(tx, now_ms, None, "account.first", &row.id.to_string())?;
            Ok(())
        })?;
        self.put_away_setup_file();
        Ok(())
    }

    /// Beside the key file, which lies in the data folder of every hub.
    fn setup_file(&self) -> Option<PathBuf> {
        self.storage().vault().path().map(|key| key.with_file_name(FILE))
    }

    /// A token in a file that is left over opens nothing: that it cannot be removed is no reason to fail.
    fn put_away_setup_file(&self) {
        if let Some(path) = self.setup_file() {
            drop(std::fs::remove_file(path));
        }
    }
}

/// Spaces, dashes and case do not matter.
fn token_hash(token: &str) -> Hash32 {
    let plain: String =
        token.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_uppercase()).collect();
    Hash32::of(&[b"ruhu-setup-token-1", plain.as_bytes()])
}
