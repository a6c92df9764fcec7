//! 计数 – what the machine room watches: requests, durations, verdicts by reason. Nothing per worker or phone.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use axum::http::StatusCode;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use ruhu_core::sync::wire::{TroubleCode, Verdict};

use crate::storage::log::code;

type Labels = Vec<(&'static str, String)>;

/// Upper bounds of the duration buckets, in seconds.
const BUCKETS_S: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

/// All counters of one server.
pub struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<Labels, Counter>,
    durations: Family<Labels, Histogram>,
    verdicts: Family<Labels, Counter>,
    troubles: Family<Labels, Counter>,
    repeated: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All counters at zero.
    #[must_use]
    pub fn new() -> Self {
        let (requests, verdicts, troubles) = (Family::default(), Family::default(), Family::default());
        let make: fn() -> Histogram = || Histogram::new(BUCKETS_S);
        let durations = Family::new_with_constructor(make);
        let mut registry = Registry::with_prefix("ruhu");
        registry.register("requests", "requests by route and status", requests.clone());
        registry.register("request_duration_seconds", "time to answer by route", Family::clone(&durations));
        registry.register("verdicts", "pushed entries by verdict and reason", verdicts.clone());
        let repeated = Counter::default();
        registry.register("repeated", "pushed entries that had come before", repeated.clone());
        registry.register("troubles", "requests refused whole by code", troubles.clone());
        Self { registry: Mutex::new(registry), requests, durations, verdicts, troubles, repeated }
    }

    /// Counts an answered request.
    pub fn answered(&self, route: &str, status: StatusCode, took: Duration) {
        let route = || ("route", route.to_owned());
        self.requests.get_or_create(&vec![route(), ("status", status.as_u16().to_string())]).inc();
        self.durations.get_or_create(&vec![route()]).observe(took.as_secs_f64());
    }

    /// Counts what was said to pushed entries.
    pub fn said(&self, verdicts: &[Verdict]) {
        for verdict in verdicts {
            let (what, reason) = match verdict {
                Verdict::Accepted { .. } => ("accepted", String::new()),
                Verdict::Parked { reason } => ("parked", code(*reason)),
                Verdict::Quarantined { reason } => ("quarantined", code(*reason)),
                Verdict::NotTaken { reason, .. } => ("not_taken", code(*reason)),
                Verdict::RetryLater => ("retry_later", String::new()),
            };
            self.verdicts.get_or_create(&vec![("verdict", what.to_owned()), ("reason", reason)]).inc();
        }
    }

    /// Counts entries that had come before.
    pub fn repeated(&self, entries: usize) {
        self.repeated.inc_by(u64::try_from(entries).unwrap_or(u64::MAX));
    }

    /// Counts a request that was refused whole.
    pub fn refused(&self, trouble: TroubleCode) {
        let code = serde_json::to_value(trouble).ok();
        let code = code.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default();
        self.troubles.get_or_create(&vec![("code", code)]).inc();
    }

    /// As `OpenMetrics` text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        if encode(&mut text, &registry).is_err() {
            // Half a page of counters would be taken for the whole.
            text.clear();
        }
        text
    }
}
