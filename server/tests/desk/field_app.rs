//! The field app's files: served under their own policy, whole or not at all.

use std::path::Path;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use ruhu_server::cli::CliError;
use ruhu_server::cli::serve::app;
use tower::ServiceExt;

use super::world::World;

fn built(folder: &Path) {
    std::fs::create_dir(folder.join("assets")).unwrap();
    std::fs::write(folder.join("index.html"), "<!doctype html><title>入户</title>").unwrap();
    std::fs::write(folder.join("assets/app-1a2b.js"), "export {}").unwrap();
    std::fs::write(folder.join("assets/app-1a2b.js.br"), "packed").unwrap();
    std::fs::write(folder.join("secret.txt"), "x").unwrap();
}

#[tokio::test]
async fn the_field_app_is_served_with_a_policy_of_its_own_and_nothing_beside_its_folder() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("dist");
    std::fs::create_dir(&files).unwrap();
    built(&files);
    std::fs::write(folder.path().join("beside.txt"), "not yours").unwrap();
    let app = app(Arc::clone(&world.hub), Some(&files)).unwrap();
    let get = |path: &'static str, packed: bool| {
        let mut request = Request::get(path);
        if packed {
            request = request.header(header::ACCEPT_ENCODING, "br");
        }
        app.clone().oneshot(request.body(Body::empty()).unwrap())
    };
    let page = get("/app/", false).await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval'") && policy.contains("connect-src 'self'"));
    assert!(!policy.contains("unsafe-inline"));
    assert_eq!(page.headers()[header::CACHE_CONTROL], "no-cache");
    assert!(to_bytes(page.into_body(), 1_000).await.unwrap().ends_with("<title>入户</title>".as_bytes()));
    let script = get("/app/assets/app-1a2b.js", true).await.unwrap();
    assert_eq!(script.headers()[header::CONTENT_ENCODING], "br");
    assert_eq!(script.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(to_bytes(script.into_body(), 1_000).await.unwrap(), "packed");
    assert_eq!(get("/app", false).await.unwrap().headers()[header::LOCATION], "/app/");
    for outside in ["/app/../beside.txt", "/app/%2e%2e/beside.txt", "/app/..%2fbeside.txt", "/app/none.js"] {
        assert_eq!(get(outside, false).await.unwrap().status(), StatusCode::NOT_FOUND, "{outside}");
    }
}

#[test]
fn a_folder_without_a_field_app_is_told_at_the_start() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let why = app(Arc::clone(&world.hub), Some(folder.path())).unwrap_err();
    assert!(matches!(&why, CliError::File { path, .. } if path.ends_with("index.html")), "{why}");
}
