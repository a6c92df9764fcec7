//! `ruhu serve` – the server, with nothing to configure: makes its data folder and keys, and prints the token of the first set-up.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use clap::Args;
use tracing_subscriber::EnvFilter;

use super::CliError;
use crate::ingest::later::retry_too_new;
use crate::serve::field_app;
use crate::serve::listen::{Listen, run as listen_run};
use crate::storage::Hub;

/// How to serve.
#[derive(Debug, Args)]
pub struct Serve {
    /// 监听地址 / where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// 证书(PEM)/ certificate, as a PEM file.
    #[arg(long, requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// 私钥(PEM)/ its key, as a PEM file.
    #[arg(long, requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// 手机和电脑访问中心的网址 / where phones and PCs reach this hub.
    #[arg(long)]
    pub public_url: Option<String>,
    /// 外勤应用的文件夹(mobile/web/dist)/ the built field app, served at /app/.
    #[arg(long, value_name = "FOLDER")]
    pub app: Option<PathBuf>,
    /// 日志写成 JSON / write logs as JSON.
    #[arg(long)]
    pub log_json: bool,
}

/// Everything the server answers: phones, the machine room, the pages of the desk, and the field app where there is one.
///
/// # Errors
/// [`CliError`] when the database cannot be read, or the folder named holds no field app.
pub fn app(hub: Arc<Hub>, field_app: Option<&Path>) -> Result<Router, CliError> {
    let router = crate::serve::router(Arc::clone(&hub)).merge(crate::desk::router(hub)?);
    let Some(files) = field_app else { return Ok(router) };
    let page = files.join("index.html");
    std::fs::metadata(&page).map_err(|source| CliError::File { path: page, source })?;
    Ok(router.merge(field_app::router(files)))
}

pub(super) fn run(args: &Serve, hub: Hub, out: &mut (dyn Write + Send)) -> Result<(), CliError> {
    start_logs(args.log_json);
    let scheme = if args.tls_cert.is_some() { "https" } else { "http" };
    let url = args.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", args.listen));
    let remembered = url.clone();
    hub.storage().write(move |tx| tx.set_public_url(&remembered))?;
    retry_too_new(&hub)?;
    hub.refresh_day()?;
    tell_first_setup(&hub, &url, out)?;
    let listen = Listen { address: args.listen, tls: args.tls_cert.clone().zip(args.tls_key.clone()) };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::Runtime)?;
    let hub = Arc::new(hub);
    writeln!(out, "打开 / open: {url}")?;
    let app = app(Arc::clone(&hub), args.app.as_deref())?;
    runtime.spawn(crate::serve::midnight::keep(Arc::clone(&hub)));
    runtime.block_on(listen_run(app, &listen, |address| tracing::info!(%address, "listening")))?;
    writeln!(out, "已停止 / stopped")?;
    Ok(())
}

/// Of a hub without accounts: where and by which token the first one is made. Printed and written to a file of its owner's,
/// never logged.
fn tell_first_setup(hub: &Hub, url: &str, out: &mut (dyn Write + Send)) -> Result<(), CliError> {
    let Some((token, file)) = hub.setup_token()? else { return Ok(()) };
    writeln!(
        out,
        "首次设置:打开 {url} ,用设置码建立第一名安全管理员(只能用一次)\nfirst set-up: open {url} and make the first security administrator by this token, good once:\n  {token}"
    )?;
    if let Some(file) = file {
        writeln!(out, "设置码也写在 / also written to: {}", file.display())?;
    }
    Ok(())
}

fn start_logs(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process keeps the first one's logs.
    if json { drop(logs.json().try_init()) } else { drop(logs.try_init()) }
}
