//! 口令 – a passcode becomes a key, slowly enough that trying many is dear.

use argon2::{Algorithm, Argon2, Params, Version};

/// Memory of one derivation, in KiB: 19 MiB, the least that OWASP's cheat sheet names for argon2id, because a cheap
/// phone's browser must have it beside the page.
pub const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over that memory: some half a second to a second on a cheap phone.
pub const PASSES: u32 = 3;
/// Shortest passcode, in signs.
pub const SIGNS_MIN: usize = 6;

/// Why a passcode gives no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPasscode {
    /// Fewer signs than [`SIGNS_MIN`].
    #[error("口令至少 6 位 / a passcode has six signs or more")]
    TooShort,
    /// Parameters that argon2 refuses, or no memory for it.
    #[error(
        "口令无法使用:请关闭其他应用后重试 / the passcode could not be used: close other apps and try again"
    )]
    NotDerived,
}

/// What a key was derived with; kept beside what it wraps, so that later versions can choose dearer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Cost {
    /// In KiB.
    pub memory_kib: u32,
    /// Times over the memory.
    pub passes: u32,
}

impl Default for Cost {
    fn default() -> Self {
        Self { memory_kib: MEMORY_KIB, passes: PASSES }
    }
}

/// argon2id, version 0x13, one lane: 32 bytes from a passcode and a random salt of at least 16 bytes.
///
/// # Errors
/// [`BadPasscode`].
pub fn derive(passcode: &str, salt: &[u8], cost: Cost) -> Result<[u8; 32], BadPasscode> {
    if passcode.chars().count() < SIGNS_MIN {
        return Err(BadPasscode::TooShort);
    }
    let mut key = [0u8; 32];
    let params =
        Params::new(cost.memory_kib, cost.passes, 1, Some(key.len())).map_err(|_| BadPasscode::NotDerived)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passcode.as_bytes(), salt, &mut key)
        .map_err(|_| BadPasscode::NotDerived)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIGHT: Cost = Cost { memory_kib: 64, passes: 1 };

    #[test]
    fn six_signs_in_any_script_give_a_key_that_hangs_on_every_input() {
        let key = derive("网格员二〇六", &[1; 16], LIGHT).unwrap();
        assert_eq!(key, derive("网格员二〇六", &[1; 16], LIGHT).unwrap());
        assert_ne!(key, derive("网格员二〇七", &[1; 16], LIGHT).unwrap());
        assert_ne!(key, derive("网格员二〇六", &[2; 16], LIGHT).unwrap());
        assert_ne!(key, derive("网格员二〇六", &[1; 16], Cost { passes: 2, ..LIGHT }).unwrap());
    }

    #[test]
    fn a_short_passcode_or_impossible_cost_gives_none() {
        assert_eq!(derive("12345", &[1; 16], LIGHT), Err(BadPasscode::TooShort));
        assert_eq!(
            derive("123456", &[1; 16], Cost { memory_kib: 0, passes: 1 }),
            Err(BadPasscode::NotDerived)
        );
        assert_eq!(derive("123456", &[], LIGHT), Err(BadPasscode::NotDerived));
    }
}
