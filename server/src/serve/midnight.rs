//! 零点 – coverage stands for a day: when the local date of a community changes, every grid is reckoned for the new one.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use ruhu_core::ids::CommunityId;

use crate::ingest::sync::chain_of;
use crate::storage::{Hub, StorageError};

/// How often the date is looked at, in seconds.
const LOOK_EVERY_S: u64 = 30;

/// Looks at the date until the server stops.
pub async fn keep(hub: Arc<Hub>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(LOOK_EVERY_S));
    let mut stands_for = BTreeSet::new();
    loop {
        ticks.tick().await;
        let (hub, before) = (Arc::clone(&hub), stands_for.clone());
        let looked = tokio::task::spawn_blocking(move || look(&hub, &before)).await;
        match looked {
            Ok(Ok(days)) => stands_for = days,
            Ok(Err(why)) => {
                tracing::error!(error = %chain_of(&why), "reckon the new day; tried again shortly")
            }
            Err(_) => tracing::error!("reckoning the new day broke off; tried again shortly"),
        }
    }
}

/// Reckons every grid anew if a community's date is another than `before`; returns the dates now.
fn look(
    hub: &Hub,
    before: &BTreeSet<(CommunityId, NaiveDate)>,
) -> Result<BTreeSet<(CommunityId, NaiveDate)>, StorageError> {
    hub.refresh_key()?;
    let uploads = hub.drop_old_uploads()?;
    if 0 < uploads {
        tracing::info!(uploads, "uploaded rosters that were kept long enough");
    }
    let dropped = hub.drop_old_bundles()?;
    if 0 < dropped {
        tracing::info!(dropped, "first loads that were kept long enough");
    }
    let now = hub.now();
    let communities = hub.storage().read(|tx| tx.communities())?;
    let days = communities.into_iter().map(|(id, file)| (id, file.zone().date(now))).collect();
    if days != *before {
        let grids = hub.refresh_day()?;
        tracing::info!(grids, "reckoned for a new day");
        // Once a day what the log was is written down; `ruhu checkpoint --out` carries it away.
        hub.checkpoint()?;
        // What has passed its time goes; should that fail, coverage has been reckoned all the same.
        match hub.erase_expired() {
            Ok(erased) if erased.is_empty() => {}
            Ok(erased) => tracing::info!(households = erased.len(), "erased fields whose time has passed"),
            Err(why) => tracing::error!(error = %chain_of(&why), "erase fields whose time has passed"),
        }
        match hub.drop_old_contacts() {
            Ok(0) => {}
            Ok(contacts) => tracing::info!(contacts, "dropped numbers of residents' requests long answered"),
            Err(why) => tracing::error!(error = %chain_of(&why), "drop numbers of residents' requests"),
        }
        match hub.drop_old_cards() {
            Ok(0) => {}
            Ok(cards) => tracing::info!(cards, "dropped evidence cards whose time has passed"),
            Err(why) => tracing::error!(error = %chain_of(&why), "drop evidence cards whose time has passed"),
        }
    }
    Ok(days)
}
