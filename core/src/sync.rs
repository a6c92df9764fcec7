//! 同步 – one round trip between phone and hub: push, pull, verdicts. No socket is opened here but in `http`.
//!
//! [`wire`] is what travels, the same for phone and hub.

#[cfg(feature = "native")]
pub mod http;
pub mod session;
pub mod wire;
