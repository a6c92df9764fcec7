//! 依据卡的期限 – a card goes six months after its period was closed, unless somebody is still to answer for the record
//! (`design.md` 11).

use super::course::is_open;
use crate::recheck::signals::gone_on;
use crate::storage::{Hub, StorageError};

impl Hub {
    /// Drops the cards whose time has passed; the nightly job. How many went.
    ///
    /// # Errors
    /// [`StorageError`]; nothing was changed.
    pub fn drop_old_cards(&self) -> Result<usize, StorageError> {
        let now = self.now();
        self.storage().write(move |tx| {
            let mut dropped = 0;
            for (id, nth) in tx.cards()? {
                let Some(draw) = tx.draw(id)? else { continue };
                let file = tx.community(draw.community)?.unwrap_or_default();
                let today = file.zone().date(now);
                let record =
                    tx.drawn(id)?.into_iter().find(|item| item.nth == nth).and_then(|item| item.visit);
                let gone = gone_on(&file, draw.period).is_some_and(|gone| gone <= today);
                let open = match record {
                    Some((record, _)) if gone => is_open(tx, draw.community, record, today)?,
                    _ => false,
                };
                if gone && !open {
                    tx.drop_card(id, nth)?;
                    dropped += 1;
                }
            }
            Ok(dropped)
        })
    }
}
