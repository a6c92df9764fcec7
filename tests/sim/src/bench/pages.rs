//! 页面 – what the desk serves over a county, through the router of the product.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use chrono::NaiveDate;
use ruhu_core::time::Period;
use ruhu_server::access::{NewAccount, Place, Role};
use ruhu_server::storage::Hub;
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;
use tower::ServiceExt;

use super::BenchError;
use super::county::County;
use super::coverage::middle;
use super::phone::{percentile, resident_mb};

/// How often each page is asked for; the median counts, the first time is left out.
const TIMES: usize = 21;
/// Larger than any page.
const PAGE_MAX_BYTES: usize = 16 * 1024 * 1024;
const PASSWORD: &str = "Sunny-2026-door";

/// Milliseconds of server time a page, medians.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pages {
    /// Every community of the county.
    pub county_ms: f64,
    /// Every grid of a community.
    pub community_ms: f64,
    /// The outstanding households of a grid.
    pub grid_ms: f64,
    /// What waits for the lead.
    pub waiting_ms: f64,
    /// Grids, workers and phones.
    pub staff_ms: f64,
    /// Draws, with the frame of the running quarter counted.
    pub spot_checks_ms: f64,
    /// Memory resident afterwards.
    pub rss_mb: f64,
}

/// Asks for the pages one after the other.
///
/// # Errors
/// [`BenchError`].
pub fn measure(county: &County, today: NaiveDate) -> Result<Pages, BenchError> {
    let (community, patch) = middle(county).ok_or(BenchError::Nothing)?;
    let io = |source| BenchError::Io { what: "启动服务 start the router", source };
    let app = ruhu_server::cli::serve::app(Arc::clone(&county.hub), None).map_err(|_| BenchError::Refused)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(io)?;
    let period = Period::quarter_of(today);
    let own = Place::Community { id: community };
    let county_place = Place::County { county: "示范市示范区".into() };
    let leader = sign_in(&county.hub, "bench-lead", Role::Community, own)?;
    let above = sign_in(&county.hub, "bench-county", Role::County, county_place)?;
    let asked = Asker { app, runtime };
    let one = format!("/?period={period}&community={community}");
    let grid = format!("/households?period={period}&grid={}&state=open", patch.grid);
    let whole = format!("/?period={period}");
    Ok(Pages {
        county_ms: asked.median_ms(&whole, &above)?,
        community_ms: asked.median_ms(&one, &above)?.max(asked.median_ms(&whole, &leader)?),
        grid_ms: asked.median_ms(&grid, &leader)?,
        waiting_ms: asked.median_ms(&format!("/waiting?period={period}"), &leader)?,
        staff_ms: asked.median_ms(&format!("/staff?period={period}"), &leader)?,
        spot_checks_ms: asked.median_ms(&format!("/spot-checks?period={period}"), &leader)?,
        rss_mb: resident_mb()?,
    })
}

struct Asker {
    app: Router,
    runtime: Runtime,
}

impl Asker {
    fn median_ms(&self, path: &str, token: &str) -> Result<f64, BenchError> {
        self.once_ms(path, token)?;
        let mut all = (0..TIMES).map(|_| self.once_ms(path, token)).collect::<Result<Vec<_>, _>>()?;
        let median = percentile(&mut all, 50).ok_or(BenchError::Nothing)?;
        tracing::info!(path, median, "page");
        Ok(median)
    }

    fn once_ms(&self, path: &str, token: &str) -> Result<f64, BenchError> {
        let request = Request::get(path)
            .header(header::COOKIE, format!("ruhu_session={token}"))
            .body(Body::empty())
            .map_err(|_| BenchError::Refused)?;
        let started = Instant::now();
        let bytes = self.runtime.block_on(async {
            let answer = self.app.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
            if answer.status() != StatusCode::OK {
                return None;
            }
            to_bytes(answer.into_body(), PAGE_MAX_BYTES).await.ok()
        });
        let took = started.elapsed().as_secs_f64() * 1000.0;
        bytes.map(|_| took).ok_or(BenchError::Refused)
    }
}

/// An account of the county, made or given a new password, signed in: the token of its session.
fn sign_in(hub: &Hub, name: &str, role: Role, place: Place) -> Result<String, BenchError> {
    let new = NewAccount { name: name.into(), shown: name.into(), role, place };
    let first =
        hub.add_account(&new).or_else(|_| hub.reset_password(name)).map_err(|_| BenchError::Refused)?;
    let signed_in = hub.sign_in(name, &first).map_err(|_| BenchError::Refused)?;
    hub.change_password(&signed_in.account, &first, PASSWORD).map_err(|_| BenchError::Refused)?;
    Ok(hub.sign_in(name, PASSWORD).map_err(|_| BenchError::Refused)?.token)
}
