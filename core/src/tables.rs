//! 表 – reading TOML into types, for policies, forms and adoptions.

use serde::de::DeserializeOwned;

/// Reads a whole text. Natively an error names its place, for whoever writes such texts.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, toml::de::Error> {
    toml::from_str(text)
}

/// The same by way of plain values: a browser reads texts that were read before it got them, and every type that is read
/// in two ways is downloaded twice (a tenth of the wasm). Errors name no place.
#[cfg(target_arch = "wasm32")]
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, toml::de::Error> {
    toml::Value::Table(toml::from_str(text)?).try_into()
}
