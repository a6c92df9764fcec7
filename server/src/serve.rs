//! 服务 – the HTTP server: sync and enrolment for phones, health and counters for the machine room.
//!
//! [`router`] needs no socket, so tests call it in memory. The desk's pages are merged in by whoever builds the whole
//! (`cli::serve`). Logs and counters carry no personal data: routes, codes and durations only.

mod bundle;
pub mod field_app;
pub mod listen;
pub mod metrics;
pub mod midnight;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use ruhu_core::entry::{read_cbor, write_cbor};
use ruhu_core::ids::Hash32;
use ruhu_core::sync::wire::{
    BUNDLE_ASK, BUNDLE_PATH, ENROL_PATH, EnrolReply, EnrolRequest, REQUEST_MAX_BYTES, SYNC_PATH, Trouble,
    TroubleCode,
};
use tokio::sync::Semaphore;
use tower_http::timeout::TimeoutLayer;

use crate::ingest::sync::trouble;
use crate::storage::Hub;
use metrics::Metrics;

/// A request that takes longer is given up, in seconds.
const TIMEOUT_S: u64 = 30;
/// Requests worked on at once; more are asked to come back.
const AT_ONCE: usize = 256;
/// Head of a request frame beside its body, with room to spare.
const FRAME_BYTES: usize = 4 * 1024;
const CBOR: &str = "application/cbor";

/// What the handlers share.
#[derive(Clone)]
struct Served {
    hub: Arc<Hub>,
    metrics: Arc<Metrics>,
    seats: Arc<Semaphore>,
}

/// Everything a phone and the machine room need.
pub fn router(hub: Arc<Hub>) -> Router {
    let served = Served { hub, metrics: Arc::new(Metrics::new()), seats: Arc::new(Semaphore::new(AT_ONCE)) };
    Router::new()
        .route(SYNC_PATH, post(sync))
        .route(ENROL_PATH, post(enrol))
        .layer(DefaultBodyLimit::max(REQUEST_MAX_BYTES + FRAME_BYTES))
        .route(BUNDLE_PATH, get(first_load))
        .route("/healthz", get(healthz))
        .route("/metrics", get(show_metrics))
        .layer(middleware::from_fn_with_state(served.clone(), observe))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(TIMEOUT_S)))
        .with_state(served)
}

async fn sync(State(served): State<Served>, body: Result<Bytes, BytesRejection>) -> Response {
    let Ok(_seat) = served.seats.try_acquire() else {
        return served.refuse(&trouble(TroubleCode::Busy, served.hub.now_ms()));
    };
    let body = match body {
        Ok(body) => body,
        Err(why) => return served.refuse(&unread(&why, served.hub.now_ms())),
    };
    let hub = Arc::clone(&served.hub);
    let synced = tokio::task::spawn_blocking(move || hub.sync(&body)).await;
    match synced {
        Ok(Ok(synced)) => {
            served.metrics.said(&synced.verdicts);
            served.metrics.repeated(synced.repeated);
            ([(header::CONTENT_TYPE, "application/octet-stream")], synced.reply).into_response()
        }
        Ok(Err(trouble)) => served.refuse(&trouble),
        Err(_) => served.refuse(&trouble(TroubleCode::Busy, served.hub.now_ms())),
    }
}

async fn first_load(State(served): State<Served>, headers: HeaderMap) -> Response {
    let Ok(_seat) = served.seats.try_acquire() else {
        return served.refuse(&trouble(TroubleCode::Busy, served.hub.now_ms()));
    };
    let ask = headers.get(BUNDLE_ASK).and_then(|ask| ask.to_str().ok()).unwrap_or_default().to_owned();
    let hub = Arc::clone(&served.hub);
    match tokio::task::spawn_blocking(move || hub.bundle(&ask)).await {
        Ok(Ok(ready)) => bundle::answer(ready, &headers),
        Ok(Err(trouble)) => served.refuse(&trouble),
        Err(_) => served.refuse(&trouble(TroubleCode::Busy, served.hub.now_ms())),
    }
}

/// Takes and answers JSON or CBOR, as the phone says in `Content-Type`.
async fn enrol(
    State(served): State<Served>,
    from: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(why) => return served.refuse(&unread(&why, served.hub.now_ms())),
    };
    let cbor = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == CBOR.as_bytes());
    let request: Option<EnrolRequest> =
        if cbor { read_cbor(&body).ok() } else { serde_json::from_slice(&body).ok() };
    let Some(request) = request else {
        return served.refuse(&trouble(TroubleCode::BadRequest, served.hub.now_ms()));
    };
    let source = from.map(|Extension(ConnectInfo(address))| source_of(address.ip())).unwrap_or_default();
    let hub = Arc::clone(&served.hub);
    match tokio::task::spawn_blocking(move || hub.enrol_from(&request, &source)).await {
        Ok(Ok(reply)) => enrolled(&reply, cbor),
        Ok(Err(trouble)) => served.refuse(&trouble),
        Err(_) => served.refuse(&trouble(TroubleCode::Busy, served.hub.now_ms())),
    }
}

/// Where a request came from, as a hash: an address is nobody's to read in a database. Of IPv6 the network counts, for
/// one subscriber has all of it.
pub(crate) fn source_of(address: IpAddr) -> String {
    let address = match address.to_canonical() {
        IpAddr::V4(four) => four.octets().to_vec(),
        IpAddr::V6(six) => six.octets().into_iter().take(8).collect(),
    };
    Hash32::of(&[b"ruhu-source-1", &address]).to_string()
}

fn unread(why: &BytesRejection, hub_ms: i64) -> Trouble {
    let too_large = why.status() == StatusCode::PAYLOAD_TOO_LARGE;
    trouble(if too_large { TroubleCode::TooLarge } else { TroubleCode::BadRequest }, hub_ms)
}

fn enrolled(reply: &EnrolReply, cbor: bool) -> Response {
    if cbor {
        ([(header::CONTENT_TYPE, CBOR)], write_cbor(reply)).into_response()
    } else {
        axum::Json(reply).into_response()
    }
}

impl Served {
    /// Counts and answers a refusal.
    fn refuse(&self, trouble: &Trouble) -> Response {
        self.metrics.refused(trouble.code);
        refusal(trouble)
    }
}

fn refusal(trouble: &Trouble) -> Response {
    let status = match trouble.code {
        TroubleCode::BadRequest => StatusCode::BAD_REQUEST,
        TroubleCode::Version => StatusCode::UPGRADE_REQUIRED,
        TroubleCode::UnknownEnrolment | TroubleCode::BadSignature => StatusCode::UNAUTHORIZED,
        TroubleCode::ClockSkew => StatusCode::CONFLICT,
        TroubleCode::Erase => StatusCode::GONE,
        TroubleCode::BadCode | TroubleCode::UsedCode | TroubleCode::ExpiredCode => StatusCode::FORBIDDEN,
        TroubleCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        TroubleCode::TooMany => StatusCode::TOO_MANY_REQUESTS,
        TroubleCode::Busy => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut response = (status, axum::Json(trouble)).into_response();
    if 0 < trouble.retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, trouble.retry_after_s.into());
    }
    response
}

async fn healthz(State(served): State<Served>) -> Response {
    let hub = Arc::clone(&served.hub);
    let reads = tokio::task::spawn_blocking(move || hub.storage().read(|tx| tx.hub_epoch())).await;
    match reads {
        Ok(Ok(_)) => (StatusCode::OK, "ok\n").into_response(),
        _ => {
            (StatusCode::SERVICE_UNAVAILABLE, "数据库不可用 / the database does not answer\n").into_response()
        }
    }
}

async fn show_metrics(State(served): State<Served>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], served.metrics.text()).into_response()
}

/// Counts and logs a request by its route, never by its path: paths of pages hold ids.
async fn observe(State(served): State<Served>, request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let started = std::time::Instant::now();
    let response = next.run(request).await;
    let took = started.elapsed();
    served.metrics.answered(&route, response.status(), took);
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(route, status = response.status().as_u16(), duration_ms, "answered");
    response
}
