//! Files of a hub: a backup, a checkpoint, a proof.

use std::fs::File;
use std::sync::{LazyLock, Mutex, PoisonError};

use ruhu_server::backup::key::RecoveryKey;
use ruhu_server::backup::restore::restore;
use ruhu_server::backup::seal;
use ruhu_server::proof::Proof;
use ruhu_sim::village::Village;

struct Ground {
    /// Its folder goes with it.
    village: Village,
    database: Vec<u8>,
    key: RecoveryKey,
}

/// A hub with three homes, and its database.
static GROUND: LazyLock<Mutex<Ground>> = LazyLock::new(|| {
    let village = Village::new(1, 1);
    let key = RecoveryKey::generate();
    let database = database_of(&village, &key).unwrap_or_default();
    assert!(!database.is_empty(), "a hub without a backup");
    Mutex::new(Ground { village, database, key })
});

fn database_of(village: &Village, key: &RecoveryKey) -> Option<Vec<u8>> {
    let (sealed, plain) = (village.path("sealed"), village.path("plain"));
    village.hub.hub().back_up(sealed.as_ref(), key).ok()?;
    seal::open(File::open(sealed).ok()?, File::create(&plain).ok()?, key).ok()?;
    std::fs::read(plain).ok()
}

/// An odd first byte: the rest is the file as it is. Otherwise six bytes at a time – where, how many, which – bend the
/// database inside a backup that is sealed as it should be, and the last odd ones cut it.
pub(crate) fn backup(bytes: &[u8]) {
    let Some((which, rest)) = bytes.split_first() else { return };
    let ground = GROUND.lock().unwrap_or_else(PoisonError::into_inner);
    let Ok(folder) = tempfile::tempdir() else { return };
    let sealed = folder.path().join("sealed");
    if which % 2 == 1 {
        if std::fs::write(&sealed, rest).is_err() {
            return;
        }
    } else {
        let plain = folder.path().join("plain.db");
        let made = std::fs::write(&plain, bent(&ground.database, rest)).and_then(|()| File::create(&sealed));
        let Ok(to) = made else { return };
        assert!(seal::seal(&plain, to, &ground.key.recipient()).is_ok(), "sealed in a folder of its own");
    }
    let data = folder.path().join("data");
    let restored = restore(&sealed, &ground.key, &data, [5; 8], 1_783_245_780_000);
    assert_eq!(restored.is_ok(), data.exists(), "a folder is there when a restore says so, and only then");
}

fn bent(database: &[u8], how: &[u8]) -> Vec<u8> {
    let mut bytes = database.to_vec();
    let (patches, cut) = how.as_chunks::<6>();
    for [a, b, c, times, value, step] in patches {
        let at = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        let step = usize::from(*step).max(1);
        let end = at.saturating_add(usize::from(*times).max(1).saturating_mul(step));
        let length = bytes.len().max(1);
        for place in (at..end).step_by(step) {
            if let Some(byte) = bytes.get_mut(place % length) {
                *byte = *value;
            }
        }
    }
    if let [by, ..] = cut {
        bytes.truncate(bytes.len().saturating_sub(usize::from(*by) * 16));
    }
    bytes
}

/// A checkpoint that comes back, and a proof.
pub(crate) fn statement(bytes: &[u8]) {
    let ground = GROUND.lock().unwrap_or_else(PoisonError::into_inner);
    drop(ground.village.hub.hub().check_statement(bytes));
    if let Ok(proof) = serde_json::from_slice::<Proof>(bytes) {
        let text = serde_json::to_vec(&proof).unwrap_or_default();
        let again = serde_json::from_slice::<Proof>(&text);
        assert!(again.is_ok_and(|again| again == proof), "what was read is written the same");
    }
}
