//! 监听 – the socket, TLS, and stopping without breaking off a push.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;

/// Open requests get this long to finish when the server is stopped, in seconds.
const GRACE_S: u64 = 10;

/// Where and how to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// Address and port; port 0 takes a free one.
    pub address: SocketAddr,
    /// Certificate and key as PEM files; plain HTTP without.
    pub tls: Option<(PathBuf, PathBuf)>,
}

/// Why the server did not start or broke off.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Certificate or key could not be read.
    #[error("读取证书 {cert} 与私钥 {key} / read the certificate {cert} and its key {key}")]
    Certificate {
        /// Certificate.
        cert: PathBuf,
        /// Key.
        key: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The port could not be opened, or the socket broke.
    #[error(
        "在 {address} 监听,端口可能已被占用,可用 --listen 换一个 / listen on {address}; the port may be taken: choose another with --listen"
    )]
    Socket {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
}

/// Serves until SIGINT or SIGTERM. `ready` is called once with the address in use.
///
/// # Errors
/// [`ListenError`].
pub async fn run(
    app: Router,
    listen: &Listen,
    ready: impl FnOnce(SocketAddr) + Send + 'static,
) -> Result<(), ListenError> {
    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone()));
    let told = handle.clone();
    tokio::spawn(async move {
        if let Some(address) = told.listening().await {
            ready(address);
        }
    });
    let address = listen.address;
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    let served = match &listen.tls {
        None => axum_server::bind(address).handle(handle).serve(service).await,
        Some((cert, key)) => {
            // Chosen by name: two providers may be linked, and then rustls would refuse to choose.
            drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
            let config = RustlsConfig::from_pem_file(cert, key).await.map_err(|source| {
                ListenError::Certificate { cert: cert.clone(), key: key.clone(), source }
            })?;
            axum_server::bind_rustls(address, config).handle(handle).serve(service).await
        }
    };
    served.map_err(|source| ListenError::Socket { address, source })
}

async fn stop_on_signal(handle: Handle<SocketAddr>) {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        match terminate {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
    tracing::info!("stopping: open requests are finished first");
    handle.graceful_shutdown(Some(Duration::from_secs(GRACE_S)));
}
