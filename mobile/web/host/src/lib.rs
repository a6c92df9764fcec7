//! 浏览器端 – the core in a browser: wasm in a dedicated Worker, over one encrypted file on the browser's private disk.
//!
//! | module | what it does |
//! |---|---|
//! | [`carry`] | what a carrier of bytes is to do next, until phone and hub hold the same |
//! | [`passcode`] | a passcode becomes a key |
//! | `page` | what the Worker's script calls (wasm32 only) |
//!
//! # What is encrypted how
//!
//! The file is a `SQLCipher` 4 database (AES-256-CBC and HMAC-SHA512 on every page) under 32 random bytes, the file
//! key: the very same file opens natively with the same key. It lies in the origin's private file system (OPFS) with a
//! rollback journal, both encrypted; temporary tables stay in memory.
//!
//! The file key is wrapped twice by AES-256-GCM: inside under argon2id of the passcode ([`passcode`]), outside under
//! a key of `WebCrypto` that no script can export and that lies in `IndexedDB`, as the wrapped key does. Nothing else is
//! kept. The open file key is in the Worker only: locking ends the Worker, and with it the memory in which key and
//! pages stood. After a trap another Worker stands on the stored file, locked; a key kept elsewhere to spare the
//! passcode would outlive the lock as well.
//!
//! # What that stops, and what a short passcode does not stop
//!
//! - Whoever finds the phone tries at its screen: three wrong passcodes are free, then tries wait 5 s, 15 s, 1 min,
//!   5 min, 15 min and an hour, counted before each try and kept over restarts. A clock set forward ends a wait.
//! - Whoever copies the browser's folder gets both wrapped key and outer key (browsers keep such keys unencrypted on
//!   the disk), so only the passcode stands in the way, tried elsewhere without any wait. At the stated cost a try
//!   takes a server's core some tenth of a second: all six-digit numbers within a day or so. Eight mixed signs take
//!   years. The phone's own lock and the encryption of its storage are the first wall; this is the second.
//! - Whoever controls the page's origin (the hub) or the unlocked phone reads what the worker reads.
//!
//! # What is never lost
//!
//! 忘记密码: the file is put aside under its own wrapped key, unsent records and all, and opens whenever its passcode is
//! entered. 撤销: the core erases what the hub has, then file and key go; files put aside stay, unreadable, because they
//! may hold records that were never sent. A browser may still evict everything of an origin that it did not promise to
//! keep (`navigator.storage.persist`): the screens say "saved on this phone, not yet received".

pub mod carry;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub mod page;
pub mod passcode;
