//! 外语接口 – the core for Kotlin, Swift and Python: one object, [`Fieldbook`], behind a passcode and the phone's own
//! key store.
//!
//! | module | what it does |
//! |---|---|
//! | `book` | [`Fieldbook`]: made, unlocked, locked, put aside |
//! | `answers` | its questions, each as a function |
//! | `carry` | its way to the hub: enrolling and syncing, asynchronous |
//! | `call` | the same once more as JSON in and JSON out, for screens in a `WebView` |
//! | [`host`] | what a host hands in (key store, clock, observer) and is told |
//! | `clock`, `safe`, `shelf` | readings, the key under the passcode, where the files lie |
//! | [`trouble`] | what went wrong, by what the person can do |
//!
//! Nothing here decides anything about visits. The records are `ruhu-port`'s. `README.md` says how bindings are made.

mod answers;
mod book;
mod call;
mod carry;
mod clock;
pub mod host;
mod safe;
mod shelf;
#[cfg(all(test, feature = "sqlcipher"))]
mod tests;
pub mod trouble;

pub use book::Fieldbook;

ruhu_port::uniffi_reexport_scaffolding!();
uniffi::setup_scaffolding!();
