//! 密码 – argon2id, at most two at a time, so that a storm of sign-ins cannot take the machine's memory.

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use super::common::is_common;

/// Shortest password, in characters.
pub const LENGTH_MIN: usize = 10;
/// How many of lower case, upper case, digits and other signs a password must have.
pub const KINDS_MIN: usize = 3;
/// A password holds so many days (GB/T 22239-2019 8.1.4.1, as assessors read it: `domain.md` 2.9).
pub const DAYS_MAX: i64 = 90;
/// The last so many passwords are not taken again, the present one among them (the same place).
pub const KEPT: u32 = 5;
const LENGTH_MAX: usize = 200;
/// Shorter names are part of too many words.
const NAME_MIN: usize = 3;
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
    /// It contains the account's name, or the name of its holder.
    #[error(
        "密码不能包含账号名或姓名 / a password must not contain the account's name or that of its holder"
    )]
    Name,
    /// Everybody tries it first.
    #[error("密码太常见,容易被猜到 / this password is too common: others try it first")]
    Common,
    /// It is one of the last few.
    #[error("不能使用最近 {KEPT} 次用过的密码 / the last {KEPT} passwords cannot be used again")]
    Reused,
}

/// Checks a password a person chose; `names` are what the account and its holder are called.
///
/// # Errors
/// [`BadPassword`].
pub fn check(password: &str, names: [&str; 2]) -> Result<(), BadPassword> {
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
    let lower = password.to_lowercase();
    let within = |name: &&str| {
        let least = if name.is_ascii() { NAME_MIN } else { 2 };
        least <= name.chars().count() && lower.contains(&name.to_lowercase())
    };
    if names.iter().any(within) {
        return Err(BadPassword::Name);
    }
    if is_common(password) { Err(BadPassword::Common) } else { Ok(()) }
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
        let check = |password| check(password, ["lead", "李芳"]);
        assert_eq!(check("Ab1-short"), Err(BadPassword::Length));
        assert_eq!(check("onlylowercaseand1"), Err(BadPassword::Kinds));
        assert_eq!(check("Lead-2026-xyz"), Err(BadPassword::Name));
        assert_eq!(check("Xyz-2026-李芳-door"), Err(BadPassword::Name));
        assert_eq!(check("P@ssw0rd-2026"), Err(BadPassword::Common));
        assert_eq!(check("Sunny-2026-door"), Ok(()));
        assert_eq!(check("阳光社区Abc-2026"), Ok(()));
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
