//! The phone's store and what stands on it: files that open or not, sync with a small hub, the fieldbook.

#[cfg(test)]
#[path = "store/applying.rs"]
mod applying;
#[cfg(test)]
#[path = "store/bundle.rs"]
mod bundle;
#[cfg(test)]
#[cfg(feature = "sqlcipher")]
#[path = "store/cipher.rs"]
mod cipher;
#[cfg(test)]
#[path = "store/fieldbook.rs"]
mod fieldbook;
#[cfg(test)]
#[path = "store/hub.rs"]
mod hub;
#[cfg(test)]
#[path = "store/keys.rs"]
mod keys;
#[cfg(test)]
#[path = "store/lease.rs"]
mod lease;
#[cfg(test)]
#[path = "store/open.rs"]
mod open;
#[cfg(test)]
#[path = "store/phone.rs"]
mod phone;
#[cfg(test)]
#[path = "store/restored.rs"]
mod restored;
#[cfg(test)]
#[path = "store/sealed.rs"]
mod sealed;
#[cfg(test)]
#[path = "store/sync.rs"]
mod sync;
