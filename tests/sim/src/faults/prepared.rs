//! The village every seed begins with, made once: a hub and three enrolled phones with their first load, as files.

use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use ruhu_core::fieldbook::Fieldbook;
use ruhu_core::sync::wire::ENROL_PATH;

use super::files::Copied;
use crate::harness::{SimPhone, Traffic};
use crate::village::Village;

/// The grids whose workers carry a phone: two phones of the first, so that one man works on two.
pub(super) const PHONES: [u32; 3] = [1, 1, 2];
/// Homes of each grid.
const HOMES: u8 = 3;

/// 预备 – where every seed begins.
pub struct Prepared {
    pub(super) village: Village,
    pub(super) hub: Copied,
    pub(super) phones: Vec<Copied>,
}

impl Prepared {
    /// Makes it; takes a moment, and serves any number of seeds.
    ///
    /// # Panics
    /// When the product cannot even begin.
    #[must_use]
    pub fn new() -> Self {
        let village = Village::new(1, HOMES);
        let (lead, community) = (village.hub.lead(), village.hub.community());
        let span = ("2026-07-01".parse().unwrap(), "2026-09-30".parse().unwrap());
        village.hub.hub().cover(lead, community, village.grid(1), village.worker(2), span).unwrap();
        let phones = (0..).zip(PHONES).map(|(nth, grid)| {
            let path = village.path(&format!("phone-{nth}"));
            let rng = Box::new(ChaCha8Rng::seed_from_u64(nth));
            let clock = Arc::new(village.hub.clock().clone());
            let mut book = Fieldbook::open(&path, "story/1", clock, rng).unwrap();
            let code = village.hub.hub().make_code(community, village.worker(grid)).unwrap();
            let request = book.enrol_request(&code, "手机").unwrap();
            let (status, reply) = village.hub.answer(ENROL_PATH, &request).unwrap();
            book.take_enrol_reply("http://127.0.0.1:8080", status, &reply).unwrap();
            let mut phone = SimPhone { book, traffic: Traffic::default() };
            village.sync(&mut phone);
            drop(phone);
            Copied::of(path.as_ref())
        });
        let phones = phones.collect();
        let hub = Copied::of_hub(&village.folder.path().join("ruhu.db"));
        Self { village, hub, phones }
    }
}

impl Default for Prepared {
    fn default() -> Self {
        Self::new()
    }
}
