//! The hub's keys: every one after the first is led to by a link that its predecessor and the recovery key signed.

use ed25519_dalek::VerifyingKey;
use ruhu_core::ids::HubId;

use super::{Fault, Report};
use crate::storage::{StorageError, Tx};

/// Every key the hub may have signed with; one that nothing leads to is told of and not among them.
pub(super) fn verify_keys(
    tx: &Tx<'_>,
    hub: HubId,
    report: &mut Report,
) -> Result<Vec<VerifyingKey>, StorageError> {
    let keys = tx.hub_keys()?;
    let (recovery, links) = (tx.recovery_key()?, tx.key_links(1)?);
    let mut proven: Vec<VerifyingKey> = Vec::new();
    for (nr, key, _) in keys {
        let Some(before) = proven.last().copied() else {
            let announced = recovery.as_ref().is_none_or(|one| one.holds(hub, &key.to_bytes()));
            if !announced {
                report.fault(Fault::HubKey(nr));
            }
            proven.push(key);
            continue;
        };
        let link = links.iter().find(|link| link.nr == nr && link.key == key.to_bytes());
        let led = link
            .zip(recovery.as_ref())
            .is_some_and(|(link, recovery)| link.check(hub, &before.to_bytes(), &recovery.key).is_ok());
        if !led {
            report.fault(Fault::HubKey(nr));
            continue;
        }
        proven.push(key);
    }
    Ok(proven)
}
