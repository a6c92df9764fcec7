//! A browser reduced to what the desk needs of one: cookies, forms, links.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use ruhu_core::ids::Hash32;
use ruhu_server::access::totp::{code, step_at};
use ruhu_server::access::{NewAccount, Place, Role};
use ruhu_server::cli::serve::app;
use ruhu_server::storage::Hub;
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "Sunny-2026-door";

pub(crate) struct Browser {
    app: Router,
    hub: Arc<Hub>,
    pub(crate) cookies: BTreeMap<String, String>,
    /// What an authenticator app would hold, and the step of the last code it gave.
    pub(crate) secret: Option<(Vec<u8>, i64)>,
    /// What is typed; another one once the first is too old.
    password: String,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn html(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).unwrap().to_str().unwrap()
    }

    /// Every link of the page with its words.
    pub(crate) fn links(&self) -> Vec<(String, String)> {
        let html = self.html();
        let anchors =
            html.split("<a ").skip(1).filter_map(|rest| rest.split_once("</a>")).map(|(one, _)| one);
        let mut links = Vec::new();
        for anchor in anchors {
            let Some((_, rest)) = anchor.split_once("href=\"") else { continue };
            let (href, rest) = rest.split_once('"').unwrap();
            let words: String = rest
                .split('<')
                .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
                .collect::<Vec<_>>()
                .join(" ");
            links.push((href.replace("&#38;", "&").replace("&amp;", "&"), words.trim().to_owned()));
        }
        links
    }
}

impl Browser {
    pub(crate) fn new(hub: &Arc<Hub>) -> Self {
        let app = app(Arc::clone(hub), None).unwrap();
        Self { app, hub: Arc::clone(hub), cookies: BTreeMap::new(), secret: None, password: PASSWORD.into() }
    }

    /// A browser in which an account of this role and place is signed in.
    pub(crate) async fn signed_in(hub: &Arc<Hub>, name: &str, role: Role, place: Place) -> Self {
        let account = NewAccount { name: name.into(), shown: format!("账号{name}"), role, place };
        let one_time = hub.add_account(&account).unwrap();
        let mut browser = Self::new(hub);
        browser.post("/login", &[("name", name), ("password", &one_time)]).await;
        let fields = [("old", one_time.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
        assert_eq!(browser.post("/password", &fields).await.location(), "/login?changed=1");
        if role.needs_totp() {
            let id = hub.account_id(name).unwrap();
            let (secret, step) = (hub.begin_totp(id).unwrap(), step_at(hub.now_ms()) - 1);
            hub.confirm_totp(id, Hash32::ZERO, &code(&secret, step)).unwrap();
            browser.secret = Some((secret.to_vec(), step));
        }
        browser.sign_in_again(name).await;
        browser
    }

    /// What the authenticator app shows when the next code is waited for.
    pub(crate) fn next_code(&mut self) -> String {
        let now = step_at(self.hub.now_ms());
        let (secret, last) = self.secret.as_mut().unwrap();
        *last = now.max(*last + 1);
        code(secret, *last)
    }

    /// Signs in again, after a session that ended with the day; after a season with another password, as one has to.
    pub(crate) async fn sign_in_again(&mut self, name: &str) {
        self.sign_in(name).await;
        if self.get("/account").await.headers.get(header::LOCATION).is_some_and(|to| to == "/password") {
            let old = self.password.clone();
            self.password.push('+');
            let new = self.password.clone();
            let fields = [("old", old.as_str()), ("new", new.as_str()), ("again", new.as_str())];
            assert_eq!(self.post("/password", &fields).await.location(), "/login?changed=1");
            self.sign_in(name).await;
        }
    }

    async fn sign_in(&mut self, name: &str) {
        let password = self.password.clone();
        let mut answer = self.post("/login", &[("name", name), ("password", &password)]).await;
        if self.secret.is_some() {
            assert!(answer.location().starts_with("/login/code"));
            let code = self.next_code();
            answer = self.post("/login/code", &[("code", &code)]).await;
        }
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(!answer.location().starts_with("/login"));
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from("same-origin", path, fields).await
    }

    pub(crate) async fn post_from(&mut self, site: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let coded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let body: Vec<String> = fields.iter().map(|(key, value)| format!("{key}={}", coded(value))).collect();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", site);
        self.send(request, Body::from(body.join("&"))).await
    }

    /// Sends a file as a form of the page does.
    pub(crate) async fn upload(&mut self, path: &str, name: &str, bytes: &[u8]) -> Answer {
        const EDGE: &str = "----ruhu-form-edge";
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, format!("\r\n--{EDGE}--\r\n").as_bytes()].concat();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"))
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let request = request.header(header::COOKIE, cookies.join("; ")).body(body).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all(header::SET_COOKIE) {
            let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (key, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(key);
            } else {
                self.cookies.insert(key.to_owned(), value.to_owned());
            }
        }
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        Answer { status, headers, bytes }
    }
}
