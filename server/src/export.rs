//! 导出 – the whole log in one file that a third party checks without any code of this program (`server/proof`): nobody
//! is locked in, and whoever takes over can prove what he took over.

use std::io::Write;

use ed25519_dalek::Signer;
use ruhu_core::ids::Hash32;
use ruhu_core::sync::wire::Verdict;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::access::journal::audit;
use crate::checkpoint::Statement;
use crate::keys::KeyChain;
use crate::proof::Shown;
use crate::report::seal::hex;
use crate::storage::enrolments::Enrolment;
use crate::storage::log::Kept;
use crate::storage::{Hub, StorageError, Tx};

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Enrolments, the hub's own among them.
    pub phones: u64,
    /// Entries.
    pub entries: u64,
    /// Checkpoints.
    pub checkpoints: u64,
}

/// Why an export broke off; what was written until then is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file.
    #[error("写出导出文件 / write the export")]
    Write(#[source] std::io::Error),
    /// An entry that cannot be read.
    #[error("日志第 {pos} 条无法读取,请运行 ruhu verify / entry {pos} cannot be read; run `ruhu verify`")]
    Entry {
        /// Which.
        pos: i64,
    },
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Hub {
    /// Writes everything that was ever received, one JSON object a line, on one consistent view; `progress` is told
    /// after every thousand entries. It holds personal data, and is noted in the audit log.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn export(&self, to: &mut dyn Write, progress: &mut dyn FnMut(u64)) -> Result<Exported, ExportError> {
        let now_ms = self.now_ms();
        self.storage().write::<_, StorageError, _>(move |tx| audit(tx, now_ms, None, "export-all", ""))?;
        self.checkpoint()?;
        self.storage().read(|tx| {
            let mut lines = Lines { to, hash: Sha256::new() };
            let written = self.export_lines(tx, &mut lines, progress)?;
            let hash = Hash32(lines.hash.clone().finalize().into());
            lines.put(&json!({
                "is": "end",
                "phones": written.phones,
                "entries": written.entries,
                "checkpoints": written.checkpoints,
                "hash": hash,
                "signature": hex(&self.signing_key().sign(&hash.0).to_bytes()),
            }))?;
            lines.to.flush().map_err(ExportError::Write)?;
            Ok(written)
        })
    }

    fn export_lines(
        &self,
        tx: &Tx<'_>,
        lines: &mut Lines<'_>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Exported, ExportError> {
        let mut written = Exported::default();
        let key = hex(&self.verifying_key().to_bytes());
        lines.put(&json!({
            "is": "hub", "format": "ruhu-export-1", "hub": self.id(), "key": key, "keys": KeyChain::of(tx)?,
        }))?;
        let keys: Vec<_> = tx.hub_keys()?.into_iter().map(|(_, key, _)| key).collect();
        for one in tx.enrolments()? {
            lines.put(&phone(&one))?;
            written.phones += 1;
        }
        tx.each_entry(|pos, kept| {
            let kept = kept.map_err(|_| ExportError::Entry { pos: pos.0 })?;
            lines.put(&entry(&kept))?;
            written.entries += 1;
            if written.entries.is_multiple_of(1000) {
                progress(written.entries);
            }
            Ok::<(), ExportError>(())
        })?;
        for one in tx.checkpoints()? {
            lines.put_as("checkpoint", &self.state(&one, &keys))?;
            written.checkpoints += 1;
        }
        Ok(written)
    }
}

/// Lines written so far, and their hash.
struct Lines<'a> {
    to: &'a mut dyn Write,
    hash: Sha256,
}

impl Lines<'_> {
    fn put(&mut self, line: &Value) -> Result<(), ExportError> {
        let text = format!("{line}\n");
        self.hash.update(text.as_bytes());
        self.to.write_all(text.as_bytes()).map_err(ExportError::Write)
    }

    fn put_as(&mut self, is: &str, one: &Statement) -> Result<(), ExportError> {
        let mut line = serde_json::to_value(one).unwrap_or_default();
        if let Some(fields) = line.as_object_mut() {
            fields.insert("is".to_owned(), json!(is));
        }
        self.put(&line)
    }
}

fn phone(one: &Enrolment) -> Value {
    json!({
        "is": "phone",
        "nr": one.nr.0,
        "id": one.id,
        "worker": one.of.map(|(worker, _)| worker),
        "community": one.of.map(|(_, community)| community),
        "key": hex(&one.key.to_bytes()),
        "made_ms": one.made_ms,
        "revoked_ms": one.revoked_ms,
    })
}

fn entry(kept: &Kept) -> Value {
    let (verdict, place, counts_in) = match kept.verdict {
        Verdict::Accepted { stream, seq, counts_in, .. } => {
            ("accepted", Some(format!("{}/{seq}", hex(&stream.to_bytes()))), counts_in)
        }
        Verdict::Parked { .. } => ("parked", None, None),
        _ => ("quarantined", None, None),
    };
    let shown = Shown::of(kept, true);
    let mut line = json!({
        "is": "entry",
        "position": kept.pos.0,
        "phone": kept.enrolment.0,
        "envelope": hex(&kept.entry.envelope.to_bytes()),
        "signature": hex(&kept.entry.signature),
        "received_ms": kept.received_ms,
        "recorded_ms": kept.recorded_ms,
        "verdict": verdict,
        "place": place,
        "counts_in": counts_in,
        "repeats": kept.repeats.map(|pos| pos.0),
    });
    let shown = serde_json::to_value(&shown).unwrap_or_default();
    if let (Some(line), Value::Object(shown)) = (line.as_object_mut(), shown) {
        line.extend(shown);
    }
    line
}
