//! 时钟 – one clock for the whole story; phones read it with a boot clock of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use ruhu_core::time::{Clock, PhoneTime, SinceBoot};
use uuid::Uuid;

/// A clock that stands still until the story moves it on; it never goes back.
#[derive(Clone, Debug)]
pub struct SimClock {
    ms: Arc<AtomicI64>,
    boot: Option<(Uuid, i64)>,
}

impl SimClock {
    /// A clock at a moment; the hub's.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { ms: Arc::new(AtomicI64::new(now.timestamp_millis())), boot: None }
    }

    /// The same clock as a phone sees it, counting from a boot at this moment.
    #[must_use]
    pub fn of_phone(&self, boot: Uuid) -> Self {
        Self { ms: Arc::clone(&self.ms), boot: Some((boot, self.ms.load(Ordering::SeqCst))) }
    }

    /// Moves on to a moment; one in the past changes nothing.
    pub fn move_to(&self, now: DateTime<Utc>) {
        self.ms.fetch_max(now.timestamp_millis(), Ordering::SeqCst);
    }

    /// The moment.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.ms.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

impl Clock for SimClock {
    fn read(&self) -> PhoneTime {
        let now = self.ms.load(Ordering::SeqCst);
        let since_boot = self.boot.and_then(|(boot, from)| {
            u64::try_from(now.saturating_sub(from)).ok().map(|ms| SinceBoot { ms, boot })
        });
        PhoneTime { wall: self.now(), since_boot }
    }
}
