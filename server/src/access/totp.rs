//! 动态口令 – one-time codes of authenticator apps: RFC 6238 over RFC 4226, SHA-1, six digits, thirty seconds, because these
//! are what every such app can do.

use hmac::{Hmac, KeyInit, Mac};
use ruhu_core::ids::{AccountId, Hash32};
use sha1::Sha1;
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

/// A code changes so often, in milliseconds (RFC 6238, 5.2).
pub const STEP_MS: i64 = 30_000;
/// Codes of so many steps before and after the present one are taken: phones' clocks differ (RFC 6238, 5.2).
pub const WINDOW: i64 = 1;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// Recovery codes given at once; each is good for one sign-in.
pub const RECOVERY_CODES: usize = 10;
/// Length of a secret in bytes: that of the hash (RFC 4226, 4, R6).
pub const SECRET_BYTES: usize = 20;

const MODULUS: u32 = 1_000_000;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// What apps show above the code.
const ISSUER: &str = "Ruhu";

/// What is typed where a second factor is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Second {
    /// Nothing.
    #[default]
    Missing,
    /// Six digits of the app.
    Code(String),
    /// One of the codes that were printed.
    Recovery(String),
}

impl Second {
    /// From the two fields of a form: a recovery code counts where one was typed.
    #[must_use]
    pub fn typed(code: &str, recovery: &str) -> Self {
        match (code.trim(), recovery.trim()) {
            ("", "") => Self::Missing,
            (code, "") => Self::Code(code.to_owned()),
            (_, recovery) => Self::Recovery(recovery.to_owned()),
        }
    }
}

/// The step a moment lies in, in milliseconds since 1970 UTC.
#[must_use]
pub const fn step_at(now_ms: i64) -> i64 {
    now_ms.div_euclid(STEP_MS)
}

/// The code of a step, six digits with leading zeros.
#[must_use]
pub fn code(secret: &[u8], step: i64) -> String {
    format!("{:0DIGITS$}", number(secret, step))
}

/// The step within the window whose code this is, the latest of several; `None` when it is of none. Takes as long whichever
/// of them it is.
#[must_use]
pub fn step_of(secret: &[u8], typed: &str, now_ms: i64) -> Option<i64> {
    let digits: String = typed.chars().filter(|sign| !sign.is_whitespace()).collect();
    if digits.len() != DIGITS || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let typed: u32 = digits.parse().ok()?;
    let now = step_at(now_ms);
    let mut found = i64::MIN;
    for step in now - WINDOW..=now + WINDOW {
        found.conditional_assign(&step, number(secret, step).ct_eq(&typed));
    }
    (found != i64::MIN).then_some(found)
}

/// A secret as it is typed into an app that has no camera: base32 (RFC 4648) without padding, in groups of four.
#[must_use]
pub fn letters(secret: &[u8]) -> Zeroizing<String> {
    let (mut bits, mut held, mut letters) = (0u32, 0u32, Zeroizing::new(String::new()));
    let mut put = |index: u32| {
        let index = usize::try_from(index & 31).unwrap_or(0);
        letters.extend(BASE32.get(index).map(|letter| char::from(*letter)));
    };
    for byte in secret {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        while 5 <= held {
            held -= 5;
            put(bits >> held);
            bits &= (1 << held) - 1;
        }
    }
    if 0 < held {
        put(bits << (5 - held));
    }
    letters
}

/// What the picture for the camera holds.
#[must_use]
pub fn address(secret: &[u8], name: &str) -> Zeroizing<String> {
    let name: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect();
    let secret = letters(secret);
    Zeroizing::new(format!("otpauth://totp/{ISSUER}:{name}?secret={}&issuer={ISSUER}", secret.as_str()))
}

/// Hash of a recovery code of an account as typed: dashes, spaces and case do not matter. A code has 75 bits of chance, so
/// a hash without a salt of its own tells nothing.
#[must_use]
pub fn recovery_hash(account: AccountId, typed: &str) -> Hash32 {
    let plain: String =
        typed.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_uppercase()).collect();
    Hash32::of(&[b"ruhu-recovery-code-1", account.as_bytes(), plain.as_bytes()])
}

/// RFC 4226, 5.3.
fn number(secret: &[u8], step: i64) -> u32 {
    let Ok(mut mac) = <Hmac<Sha1> as KeyInit>::new_from_slice(secret) else { return MODULUS };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = hash.last().map_or(0, |byte| usize::from(byte & 0x0f));
    let four = hash.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok()).unwrap_or_default();
    (u32::from_be_bytes(four) & 0x7fff_ffff) % MODULUS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of the eight digits given there.
    const SECRET: &[u8] = b"12345678901234567890";
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    #[test]
    fn codes_are_those_of_the_standard() {
        for (second, digits) in VECTORS {
            assert_eq!(code(SECRET, step_at(second * 1000)), digits, "at {second}");
        }
        // RFC 4226, appendix D.
        let counted = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583"];
        for (step, digits) in (0..).zip(counted) {
            assert_eq!(code(SECRET, step), digits);
        }
    }

    #[test]
    fn a_code_holds_one_step_before_and_after_its_own() {
        let now = 1_111_111_111_000;
        for (away, found) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let step = step_at(now) + away;
            assert_eq!(step_of(SECRET, &code(SECRET, step), now), found.then_some(step), "{away}");
        }
        for wrong in ["", "05047", "0504711", "05047a", "０５０４７１", "-50471"] {
            assert_eq!(step_of(SECRET, wrong, now), None, "{wrong}");
        }
        assert_eq!(step_of(SECRET, " 050 471 ", now), Some(step_at(now)), "as people type it");
    }

    #[test]
    fn a_secret_is_shown_in_base32() {
        // RFC 4648, 10.
        for (bytes, shown) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(letters(bytes.as_bytes()).as_str(), shown);
        }
        let address = address(SECRET, "李芳");
        assert!(address.starts_with("otpauth://totp/Ruhu:%E6%9D%8E%E8%8A%B3?secret=GEZDGNBVGY3TQOJQ"));
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed_and_only_to_its_account() {
        let [one, other] = [1, 2].map(|nth| AccountId::from_bytes([nth; 16]));
        let hash = recovery_hash(one, "ABCDE-FGHJK-MNPQR");
        assert_eq!(recovery_hash(one, "abcde fghjk mnpqr"), hash);
        assert_ne!(recovery_hash(other, "ABCDE-FGHJK-MNPQR"), hash);
    }
}
