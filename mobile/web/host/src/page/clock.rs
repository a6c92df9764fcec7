//! 页面时钟 – a browser knows the wall clock only: its records say so, and are judged with less.

use chrono::{DateTime, Utc};
use ruhu_core::time::{Clock, PhoneTime};

/// `Date.now()`.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageClock;

impl Clock for PageClock {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole milliseconds, far below 2^53; there is no TryFrom for floats"
    )]
    fn read(&self) -> PhoneTime {
        let ms = js_sys::Date::now() as i64;
        PhoneTime { wall: DateTime::<Utc>::from_timestamp_millis(ms).unwrap_or_default(), since_boot: None }
    }
}
