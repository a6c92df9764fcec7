//! 模糊测试 – every reader of bytes from outside, as a function over bytes that must come back, whatever they are.
//!
//! | target | what it reads |
//! |---|---|
//! | `request`, `reply` | the body of a message, unpacked |
//! | `frame` | a message whose signature is right around any body: what unpacks it |
//! | `enrol` | the JSON of an enrolment, a refusal, a scanned code |
//! | `envelope`, `payload` | one entry: fixed layout; record, act and body, their bounds and effects |
//! | `change` | a change of a household's document through the admission gate |
//! | `policy` | rule texts, adoptions, category forms, holidays |
//! | `sheet`, `workbook` | a roster file; the parts of an .xlsx before it is zipped |
//! | `backup`, `statement` | a backup, sealed around a bent database; a checkpoint, a proof |
//!
//! A reader that says more than yes or no is asked twice: what it read must be written the same, what it let in must be
//! of use afterwards. `run.sh` fuzzes one target, `tests/corpus.rs` replays what was kept.

mod backup;
mod entry;
mod policy;
mod sheet;
mod wire;

/// One reader.
#[derive(Clone, Copy)]
pub struct Target {
    /// What it is called, on the command line and in the corpus.
    pub name: &'static str,
    /// Reads the bytes.
    pub read: fn(&[u8]),
}

/// Every reader.
pub const TARGETS: [Target; 12] = [
    Target { name: "request", read: wire::request },
    Target { name: "reply", read: wire::reply },
    Target { name: "frame", read: wire::frame },
    Target { name: "enrol", read: wire::enrol },
    Target { name: "envelope", read: entry::envelope },
    Target { name: "payload", read: entry::payload },
    Target { name: "change", read: entry::change },
    Target { name: "policy", read: policy::policy },
    Target { name: "sheet", read: sheet::sheet },
    Target { name: "workbook", read: sheet::workbook },
    Target { name: "backup", read: backup::backup },
    Target { name: "statement", read: backup::statement },
];

/// The reader of that name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|one| one.name == name)
}
