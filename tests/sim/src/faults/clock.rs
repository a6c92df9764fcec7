//! A phone's clock: right or wrong, jumping, with a clock since boot or without one as in a browser.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Duration;
use ruhu_core::time::{Clock, PhoneTime};
use uuid::Uuid;

use crate::harness::SimClock;

/// 错钟 – what the phone's wall clock says is off by some minutes, which change when somebody sets it.
#[derive(Clone)]
pub(super) struct WrongClock {
    village: SimClock,
    right: Arc<Mutex<SimClock>>,
    by_min: Arc<AtomicI64>,
}

impl WrongClock {
    /// Begins off by `by_min` minutes; with `boot`, it counts since this moment.
    pub(super) fn new(village: &SimClock, boot: Option<Uuid>, by_min: i64) -> Self {
        let right = boot.map_or_else(|| village.clone(), |boot| village.of_phone(boot));
        Self {
            village: village.clone(),
            right: Arc::new(Mutex::new(right)),
            by_min: Arc::new(AtomicI64::new(by_min)),
        }
    }

    /// Somebody sets the wall clock.
    pub(super) fn jump(&self, by_min: i64) {
        self.by_min.store(by_min, Ordering::SeqCst);
    }

    /// The phone is switched off and on.
    pub(super) fn reboot(&self, boot: Uuid) {
        *self.right.lock().unwrap_or_else(PoisonError::into_inner) = self.village.of_phone(boot);
    }
}

impl Clock for WrongClock {
    fn read(&self) -> PhoneTime {
        let right = self.right.lock().unwrap_or_else(PoisonError::into_inner).read();
        PhoneTime { wall: right.wall + Duration::minutes(self.by_min.load(Ordering::SeqCst)), ..right }
    }
}
