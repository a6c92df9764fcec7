//! 外勤应用 – the files of the field app, at `/app/`: built beforehand into a folder, served as they lie there.
//!
//! Its content policy allows its own script, its own wasm and its own style, and a connection to this hub: nothing else.
//! A phone keeps the files itself (a service worker) and asks again only whether there are newer ones.

use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{Redirect, Response};
use axum::routing::get;
use tower_http::services::ServeDir;

/// Where it is served.
pub const PATH: &str = "/app";

/// Files whose name changes with their content.
const NAMED_BY_CONTENT: &str = "/assets/";

const HEADERS: [(header::HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    // The camera reads the code of an enrolment; nothing else of the phone is asked for.
    (header::HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(), microphone=()"),
];

/// The field app in a folder, as the build of `mobile/web` leaves it. Copies packed beforehand (`.br`, `.gz`) are sent to
/// those who take them.
pub fn router(files: &Path) -> Router {
    let files = ServeDir::new(files).precompressed_br().precompressed_gzip();
    Router::new()
        .route(PATH, get(|| async { Redirect::permanent("/app/") }))
        .nest_service("/app/", files)
        .layer(middleware::from_fn(dress))
}

async fn dress(request: Request, next: Next) -> Response {
    let for_ever = request.uri().path().contains(NAMED_BY_CONTENT);
    let mut response = next.run(request).await;
    let keep = if for_ever && response.status().is_success() {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
