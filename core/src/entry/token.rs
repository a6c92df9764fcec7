//! 时间令牌 – the hub's time with a seal bound to one enrolment: the earliest an entry can have been recorded.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::ids::EnrolmentId;

/// A hub time a phone can show later, but not make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeToken {
    /// Hub time, milliseconds since 1970 UTC.
    pub hub_ms: i64,
    /// HMAC-SHA-256 over enrolment and time, cut to 16 bytes.
    pub mac: [u8; 16],
}

/// The hub's secret for tokens.
#[derive(Clone)]
pub struct TokenKey([u8; 32]);

impl TokenKey {
    /// From the hub's stored secret.
    #[must_use]
    pub const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// A token of `hub_ms` for one enrolment.
    #[must_use]
    pub fn issue(&self, enrolment: EnrolmentId, hub_ms: i64) -> TimeToken {
        TimeToken { hub_ms, mac: self.mac(enrolment, hub_ms) }
    }

    /// Whether this hub issued the token to this enrolment.
    #[must_use]
    pub fn holds(&self, enrolment: EnrolmentId, token: &TimeToken) -> bool {
        self.mac(enrolment, token.hub_ms).ct_eq(&token.mac).into()
    }

    fn mac(&self, enrolment: EnrolmentId, hub_ms: i64) -> [u8; 16] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes a key of any length");
        };
        mac.update(b"ruhu-time-1");
        mac.update(enrolment.as_bytes());
        mac.update(&hub_ms.to_be_bytes());
        let full = mac.finalize().into_bytes();
        let mut cut = [0u8; 16];
        cut.iter_mut().zip(full.iter()).for_each(|(to, from)| *to = *from);
        cut
    }
}
