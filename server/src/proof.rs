//! 证明 – one entry in a bundle that a third party checks without any code of this program (`server/proof`).

use ed25519_dalek::Signer;
use ruhu_core::sync::wire::Verdict;
use serde::{Deserialize, Serialize};

use crate::access::journal::audit;
use crate::report::seal::hex;
use crate::storage::enrolments::Enrolment;
use crate::storage::log::{Kept, Pos};
use crate::storage::{Hub, StorageError};

/// The bundle; bytes are hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// `ruhu-proof-1`.
    pub format: String,
    /// What the hub says of the entry, one `name=value` a line.
    pub statement: String,
    /// Ed25519 by the hub over the statement's bytes.
    pub statement_signature: String,
    /// What the author signed.
    pub envelope: String,
    /// Ed25519 by the author.
    pub signature: String,
    /// The content.
    #[serde(flatten)]
    pub shown: Shown,
}

/// 内容 – what is shown of a payload: enough to compute the hash that was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Version of the payload.
    pub version: u8,
    /// The part that outlives erasure.
    pub skeleton: String,
    /// Keeps the body's hash from being guessed; beside the body only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The rest, where it was asked for and was not erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Its salted hash otherwise; zeros where there never was a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_hash: Option<String>,
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// No such entry.
    #[error("日志没有第 {pos} 条,末条为第 {last} 条 / there is no entry {pos}: the last is {last}")]
    NoSuchEntry {
        /// Asked for.
        pos: i64,
        /// The last there is.
        last: i64,
    },
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Shown {
    /// The content of an entry, with its body where that is wanted and was not erased.
    #[must_use]
    pub fn of(kept: &Kept, with_body: bool) -> Self {
        let payload = &kept.entry.payload;
        let shown = payload.body.as_ref().filter(|_| with_body);
        Self {
            version: payload.version,
            skeleton: hex(&payload.skeleton),
            body_hash: shown.is_none().then(|| hex(&payload.body_hash().0)),
            salt: shown.map(|body| hex(&body.salt)),
            body: shown.map(|body| hex(&body.bytes)),
        }
    }
}

impl Hub {
    /// Proves one entry. The proof is noted in the audit log; with its body it carries personal data.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn prove(&self, pos: Pos, with_body: bool) -> Result<Proof, ProofError> {
        let now_ms = self.now_ms();
        let (kept, enrolment) = self.storage().write(move |tx| {
            let Some(kept) = tx.entry(pos)? else {
                return Err(ProofError::NoSuchEntry { pos: pos.0, last: tx.last_pos()?.0 });
            };
            let what = if with_body { "prove-with-body" } else { "prove" };
            audit(tx, now_ms, None, what, &pos.0.to_string())?;
            let enrolment = tx.enrolment_by_nr(kept.enrolment)?;
            Ok((kept, enrolment))
        })?;
        let statement = self.statement(&kept, &enrolment, now_ms);
        Ok(Proof {
            format: "ruhu-proof-1".to_owned(),
            statement_signature: hex(&self.signing_key().sign(statement.as_bytes()).to_bytes()),
            statement,
            envelope: hex(&kept.entry.envelope.to_bytes()),
            signature: hex(&kept.entry.signature),
            shown: Shown::of(&kept, with_body),
        })
    }

    fn statement(&self, kept: &Kept, enrolment: &Enrolment, now_ms: i64) -> String {
        let (verdict, place, counts_in) = match kept.verdict {
            Verdict::Accepted { stream, seq, counts_in, .. } => {
                ("accepted", format!("{}/{seq}", hex(&stream.to_bytes())), counts_in)
            }
            Verdict::Parked { .. } => ("parked", String::new(), None),
            _ => ("quarantined", String::new(), None),
        };
        let lines: [(&str, String); 14] = [
            ("hub", self.id().to_string()),
            ("entry", kept.entry.envelope.hash().to_string()),
            ("position", kept.pos.0.to_string()),
            ("enrolment", enrolment.id.to_string()),
            ("worker", enrolment.of.map(|(worker, _)| worker.to_string()).unwrap_or_default()),
            ("community", enrolment.of.map(|(_, community)| community.to_string()).unwrap_or_default()),
            ("key", hex(&enrolment.key.to_bytes())),
            ("enrolled_ms", enrolment.made_ms.to_string()),
            ("received_ms", kept.received_ms.to_string()),
            ("recorded_ms", kept.recorded_ms.to_string()),
            ("verdict", verdict.to_owned()),
            ("place", place),
            ("counts_in", counts_in.map(|period| period.to_string()).unwrap_or_default()),
            ("stated_ms", now_ms.to_string()),
        ];
        let lines = lines.iter().map(|(name, value)| format!("\n{name}={value}"));
        std::iter::once("ruhu-proof-1".to_owned()).chain(lines).collect()
    }
}
