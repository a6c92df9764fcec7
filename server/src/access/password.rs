//! 密码 – argon2id, at most two at a time, so that a storm of sign-ins cannot take the machine's memory.

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::{Argon2, PasswordHasher, PasswordVerifier};

/// Shortest password, in characters.
pub const LENGTH_MIN: usize = 10;
/// How many of lower case, upper case, digits and other signs a password must have.
pub const KINDS_MIN: usize = 3;
const LENGTH_MAX: usize = 200;
const AT_ONCE: u32 = 2;
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

static SEATS: Seats = Seats { free: Mutex::new(AT_ONCE), freed: Condvar::new() };

/// A password that is too weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Too short or too long.
    #[error(
        "密码须为 {LENGTH_MIN} 至 {LENGTH_MAX} 个字符 / a password has {LENGTH_MIN} to {LENGTH_MAX} characters"
    )]
    Length,
    /// Too few kinds of signs.
    #[error(
        "密码须含大写、小写、数字、其他符号中的三种 / a password has three of: upper case, lower case, digits, other signs"
    )]
    Kinds,
    /// It contains the account's name.
    #[error("密码不能包含账号名 / a password must not contain the account's name")]
    Name,
}

/// Checks a password a person chose.
///
/// # Errors
/// [`BadPassword`].
pub fn check(password: &str, name: &str) -> Result<(), BadPassword> {
    if !(LENGTH_MIN..=LENGTH_MAX).contains(&password.chars().count()) {
        return Err(BadPassword::Length);
    }
    let kinds: [fn(char) -> bool; 4] = [
        |sign| sign.is_lowercase(),
        |sign| sign.is_uppercase(),
        |sign| sign.is_numeric(),
        |sign| !sign.is_lowercase() && !sign.is_uppercase() && !sign.is_numeric(),
    ];
    if kinds.iter().filter(|kind| password.chars().any(kind)).count() < KINDS_MIN {
        return Err(BadPassword::Kinds);
    }
    if password.to_lowercase().contains(&name.to_lowercase()) {
        return Err(BadPassword::Name);
    }
    Ok(())
}

/// Hashes a password with 16 random bytes; PHC text. `None` only when the machine has no memory for it.
#[must_use]
pub fn hash(password: &str, salt: &[u8; 16]) -> Option<String> {
    let _seat = SEATS.take();
    Argon2::default().hash_password_with_salt(password.as_bytes(), salt).ok().map(|hash| hash.to_string())
}

/// Whether a password is the one that was hashed.
#[must_use]
pub fn matches(password: &str, hash: &str) -> bool {
    let _seat = SEATS.take();
    Argon2::default().verify_password(password.as_bytes(), hash).is_ok()
}

/// A one-time password from random bytes: 75 bits, in groups that can be read out.
#[must_use]
pub fn one_time(random: &[u8; 15]) -> String {
    let signs: Vec<char> = random
        .iter()
        .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).map(|sign| char::from(*sign)))
        .collect();
    signs.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

struct Seats {
    free: Mutex<u32>,
    freed: Condvar,
}

struct Seat<'a>(&'a Seats);

impl Seats {
    fn take(&self) -> Seat<'_> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        Seat(self)
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_needs_ten_signs_of_three_kinds_without_the_name() {
        assert_eq!(check("Ab1-short", "lead"), Err(BadPassword::Length));
        assert_eq!(check("onlylowercaseand1", "lead"), Err(BadPassword::Kinds));
        assert_eq!(check("Lead-2026-xyz", "lead"), Err(BadPassword::Name));
        assert_eq!(check("Sunny-2026-door", "lead"), Ok(()));
        assert_eq!(check("阳光社区Abc-2026", "lead"), Ok(()));
    }

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        let hash = hash("Sunny-2026-door", &[7; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(matches("Sunny-2026-door", &hash));
        assert!(!matches("sunny-2026-door", &hash));
        assert!(!matches("Sunny-2026-door", "not a hash"));
    }
}
