//! 读数 – the host's clock as the core wants it. A host's clock may throw and the core's may not, so it is read before
//! each piece of work, and one piece of work sees one time.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::DateTime;
use ruhu_core::time::{Clock, PhoneTime, SinceBoot};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::host::{BootReading, ClockReading, ClockReadings};
use crate::trouble::PortError;

/// The last readings, and where they come from.
pub(crate) struct HostClock {
    host: Arc<dyn ClockReadings>,
    last: Mutex<PhoneTime>,
}

impl HostClock {
    /// Reads the host's clock for the first time.
    pub(crate) fn new(host: Arc<dyn ClockReadings>) -> Result<Self, PortError> {
        let last = Mutex::new(time_of(&host.read()?)?);
        Ok(Self { host, last })
    }

    /// Reads the host's clock. Nothing may be locked meanwhile: the host's code runs.
    pub(crate) fn refresh(&self) -> Result<PhoneTime, PortError> {
        let read = time_of(&self.host.read()?)?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(read)
    }
}

impl Clock for HostClock {
    fn read(&self) -> PhoneTime {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn time_of(read: &ClockReading) -> Result<PhoneTime, PortError> {
    let wall = DateTime::from_timestamp_millis(read.wall_ms).ok_or_else(|| {
        PortError::support(
            "手机时钟读数有误,请在系统设置中校准 / the phone's clock reads no day: set it in the system's settings",
        )
    })?;
    Ok(PhoneTime { wall, since_boot: read.boot.as_ref().map(since_boot) })
}

fn since_boot(read: &BootReading) -> SinceBoot {
    let boot = Uuid::parse_str(read.boot_id.trim()).unwrap_or_else(|_| {
        // Android counts its boots; another count must be another boot, and that is all that is asked of it.
        let digest: [u8; 32] = Sha256::digest(read.boot_id.as_bytes()).into();
        let (half, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
        Uuid::from_bytes(*half)
    });
    SinceBoot { ms: read.elapsed_ms, boot }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_boot_is_another_boot_whatever_it_is_called_by() {
        let boot = |boot_id: &str| since_boot(&BootReading { elapsed_ms: 7, boot_id: boot_id.to_owned() });
        let uuid = "0192f0c1-2345-7000-8000-0123456789ab";
        assert_eq!(boot(uuid).boot.to_string(), uuid);
        assert_eq!(boot("boot 41"), boot("boot 41"));
        assert_ne!(boot("boot 41").boot, boot("boot 42").boot);
    }

    #[test]
    fn a_clock_beyond_all_days_is_a_trouble_and_no_panic() {
        let read = ClockReading { wall_ms: i64::MAX, boot: None };
        assert!(matches!(time_of(&read), Err(PortError::CallSupport { .. })));
    }
}
