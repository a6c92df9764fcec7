//! How every story here opens a phone's file: plainly, or encrypted when built with the feature `sqlcipher`.

use std::sync::Arc;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use ruhu_core::fieldbook::{Fieldbook, FieldbookError};
#[cfg(feature = "sqlcipher")]
use ruhu_core::store::StoreKey;
use ruhu_core::store::{Store, StoreError};
use ruhu_core::time::Clock;

#[cfg(feature = "sqlcipher")]
pub(crate) const KEY: [u8; 32] = [0xA7; 32];

#[cfg(feature = "sqlcipher")]
pub(crate) fn store(path: &str) -> Result<Store, StoreError> {
    Store::open_encrypted(path, &StoreKey::new(KEY))
}

#[cfg(not(feature = "sqlcipher"))]
pub(crate) fn store(path: &str) -> Result<Store, StoreError> {
    Store::open(path)
}

/// The file past the store, for what only a damaged or dying phone does.
pub(crate) fn raw(path: &str) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    #[cfg(feature = "sqlcipher")]
    {
        let digits: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
        connection.execute_batch(&format!("PRAGMA key = \"x'{digits}'\"")).unwrap();
    }
    connection
}

pub(crate) fn book(path: &str, clock: Arc<dyn Clock>, seed: u64) -> Result<Fieldbook, FieldbookError> {
    let rng = Box::new(ChaCha20Rng::seed_from_u64(seed));
    #[cfg(feature = "sqlcipher")]
    return Fieldbook::open_encrypted(path, &StoreKey::new(KEY), "trial/1", clock, rng);
    #[cfg(not(feature = "sqlcipher"))]
    Fieldbook::open(path, "trial/1", clock, rng)
}
