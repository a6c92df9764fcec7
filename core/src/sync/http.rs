//! 传输 – carries a request's bytes to the hub over HTTPS and brings the answer's back; nothing is looked into.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderName, IF_RANGE, RANGE};
use reqwest::{Certificate, Client, Response, StatusCode, Url, redirect};

use super::session::{BundleHead, BundleRequest};
use super::wire::REPLY_MAX_BYTES;

/// Longest wait for a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(15);
/// Longest wait for an answer: a first load over a bad line takes minutes.
const ANSWER_WITHIN: Duration = Duration::from_secs(180);

/// The first load is kept in parts of about this size, in bytes: a cut costs nothing, a kill at most this much.
pub const PART_BYTES: usize = 64 * 1024;

/// How to reach one hub.
#[derive(Clone, Debug)]
pub struct Carrier {
    base: Url,
    client: Client,
}

/// What a hub is reached with, beside its address.
#[derive(Clone, Debug, Default)]
pub struct CarrierOptions {
    /// The hub's private authority as PEM, where it has one; then no other is believed.
    pub root_pem: Option<Vec<u8>>,
    /// Unencrypted HTTP to another machine, for trials only. To this machine itself it is always allowed.
    pub plain_http: bool,
}

/// The hub's answer, unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// Why a hub cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum CarryError {
    /// Not an address of a hub.
    #[error("中心地址应写成 https://…:{0} / write the hub's address as https://…: {0}")]
    BadAddress(String),
    /// Unencrypted to another machine.
    #[error("未加密的 http 只能用于本机;请用 https / plain http is for this machine only: use https")]
    Plain,
    /// The certificate given as the hub's authority is none.
    #[error("中心证书不可读 / read the hub's certificate authority")]
    BadRoot(#[source] reqwest::Error),
    /// The client could not be made.
    #[error("准备加密连接 / set up encrypted connections")]
    SetUp(#[source] reqwest::Error),
    /// No answer.
    #[error(
        "连不上中心,记录都在本机,稍后自动重试 / no answer from the hub; all records are safe here and it will be tried again"
    )]
    NoAnswer(#[source] reqwest::Error),
    /// The answer is longer than the protocol allows.
    #[error("中心的回答过长 / the hub's answer is too long")]
    TooLong,
}

impl Carrier {
    /// For the hub at `address`, e.g. `https://ruhu.example.gov.cn`.
    ///
    /// # Errors
    /// [`CarryError`].
    pub fn new(address: &str, options: &CarrierOptions) -> Result<Self, CarryError> {
        let base = Url::parse(address).map_err(|_| CarryError::BadAddress(address.to_owned()))?;
        match base.scheme() {
            "https" => {}
            "http" if options.plain_http || is_this_machine(&base) => {}
            "http" => return Err(CarryError::Plain),
            _ => return Err(CarryError::BadAddress(address.to_owned())),
        }
        // A redirect would carry a signed request elsewhere.
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN);
        if let Some(pem) = &options.root_pem {
            let roots = Certificate::from_pem_bundle(pem).map_err(CarryError::BadRoot)?;
            builder = builder.tls_certs_only(roots);
        }
        if base.scheme() == "http" {
            // Without any authority: no certificate store is read for a connection that needs none.
            builder = builder.tls_certs_only([]);
        }
        Ok(Self { base, client: builder.build().map_err(CarryError::SetUp)? })
    }

    /// Posts a body to a path of the hub.
    ///
    /// # Errors
    /// [`CarryError::NoAnswer`], [`CarryError::TooLong`].
    pub async fn post(&self, path: &str, body: Vec<u8>) -> Result<Answer, CarryError> {
        let address = self.base.join(path).map_err(|_| CarryError::BadAddress(path.to_owned()))?;
        let mut response = self.client.post(address).body(body).send().await.map_err(CarryError::NoAnswer)?;
        let status: StatusCode = response.status();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(CarryError::NoAnswer)? {
            // What is unpacked may be 8 MiB; packed it is never longer.
            if REPLY_MAX_BYTES < bytes.len() + chunk.len() {
                return Err(CarryError::TooLong);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Answer { status: status.as_u16(), body: bytes })
    }

    /// Asks for the first load, or the rest of it.
    ///
    /// # Errors
    /// [`CarryError::NoAnswer`].
    pub async fn get_bundle(&self, request: &BundleRequest) -> Result<BundleAnswer, CarryError> {
        let address =
            self.base.join(request.path).map_err(|_| CarryError::BadAddress(request.path.to_owned()))?;
        let (name, ask) = &request.ask;
        let mut get = self.client.get(address).header(*name, ask);
        if let Some((from, etag)) = &request.rest {
            get = get.header(RANGE, format!("bytes={from}-")).header(IF_RANGE, etag);
        }
        let response = get.send().await.map_err(CarryError::NoAnswer)?;
        let head = BundleHead {
            status: response.status().as_u16(),
            etag: header_of(&response, ETAG),
            range: header_of(&response, CONTENT_RANGE),
            length: header_of(&response, CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        };
        Ok(BundleAnswer { head, response })
    }
}

/// The hub's answer to a request for the first load, its body still to come.
#[derive(Debug)]
pub struct BundleAnswer {
    /// Its head.
    pub head: BundleHead,
    response: Response,
}

impl BundleAnswer {
    /// The next part of the body, [`PART_BYTES`] or what came before the line broke; and whether there may be more.
    pub async fn next_part(&mut self) -> (Vec<u8>, bool) {
        let mut part = Vec::with_capacity(PART_BYTES);
        loop {
            match self.response.chunk().await {
                Ok(Some(chunk)) => part.extend_from_slice(&chunk),
                Ok(None) | Err(_) => return (part, false),
            }
            if PART_BYTES <= part.len() {
                return (part, true);
            }
        }
    }

    /// The body of a refusal.
    ///
    /// # Errors
    /// [`CarryError::NoAnswer`], [`CarryError::TooLong`].
    pub async fn refusal(&mut self) -> Result<Vec<u8>, CarryError> {
        let mut body = Vec::new();
        while let Some(chunk) = self.response.chunk().await.map_err(CarryError::NoAnswer)? {
            if PART_BYTES < body.len() + chunk.len() {
                return Err(CarryError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn header_of(response: &Response, name: HeaderName) -> Option<String> {
    response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_leaves_this_machine_only_when_that_was_asked_for() {
        let made =
            |address: &str, plain_http| Carrier::new(address, &CarrierOptions { root_pem: None, plain_http });
        for here in ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"] {
            assert!(made(here, false).is_ok(), "{here}");
        }
        assert!(matches!(made("http://10.0.0.7:8080", false), Err(CarryError::Plain)));
        assert!(made("http://10.0.0.7:8080", true).is_ok());
        assert!(matches!(made("ftp://hub", true), Err(CarryError::BadAddress(_))));
    }
}
