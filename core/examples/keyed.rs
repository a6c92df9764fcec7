//! `keyed make|look <file> <64 digits>`: the phone's encrypted file made or read natively, for the trial that one file opens
//! natively and in a browser (mobile/web/tests/cipher.mjs). Prints what the file says of its enrolment.

use std::io::Write;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::fieldbook::Fieldbook;
use ruhu_core::store::StoreKey;
use ruhu_core::time::{Clock, PhoneTime};

struct Fixed;

impl Clock for Fixed {
    fn read(&self) -> PhoneTime {
        PhoneTime::wall_only(DateTime::<Utc>::UNIX_EPOCH)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [verb, path, digits] = words.as_slice() else {
        return Err("keyed make|look <file> <64 digits>".into());
    };
    let mut key = [0u8; 32];
    for (byte, at) in key.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(digits.get(at..at + 2).ok_or("64 digits")?, 16)?;
    }
    if verb == "look" && !std::path::Path::new(path).exists() {
        return Err("no such file".into());
    }
    let rng = Box::new(StdRng::from_seed([7; 32]));
    let mut book = Fieldbook::open_encrypted(path, &StoreKey::new(key), "keyed", Arc::new(Fixed), rng)?;
    // The phone's own key is made once and kept: the same public key comes again from the same file.
    let request = book.enrol_request("TRIAL", "keyed")?;
    let shown: serde_json::Value = serde_json::from_slice(&request)?;
    writeln!(std::io::stdout(), "{}", shown.get("key").unwrap_or(&serde_json::Value::Null))?;
    Ok(())
}
